from __future__ import annotations

import pytest

from bulktap.cli.windows_command import program_of, to_start

PATH = r'.;C:\Windows\system32;"C:\Program Files\Azure CLI\wbin";bin;C:\tools'
ENDINGS = ".COM;.EXE;.BAT;.CMD"
INTERPRETER = r"C:\Windows\system32\cmd.exe"
FILES = {
    r"C:\Program Files\Azure CLI\wbin\az.cmd",
    r"C:\tools\op.exe",
    r"C:\tools\op.cmd",
    r"C:\tools\old.BAT",
    r"C:\My Keys\secret.cmd",
    r"C:\Windows\system32\WindowsPowerShell\v1.0\powershell.exe",
    r"keys\secret.cmd",
    r".\planted.exe",
    r"bin\planted.exe",
    "planted.exe",
}


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        (
            "az keyvault secret show --id x -o tsv",
            rf'"{INTERPRETER}" /d /s /c ""C:\Program Files\Azure CLI\wbin\az.cmd" keyvault secret show --id x -o tsv"',
        ),
        ('op read "op://IT/Tap codes/password"', r'"C:\tools\op.exe" read "op://IT/Tap codes/password"'),
        ("op.cmd", rf'"{INTERPRETER}" /d /s /c ""C:\tools\op.cmd""'),
        (r'"C:\My Keys\secret.cmd" "a b"', rf'"{INTERPRETER}" /d /s /c ""C:\My Keys\secret.cmd" "a b""'),
        (r'"C:\My Keys\secret" x', rf'"{INTERPRETER}" /d /s /c ""C:\My Keys\secret.cmd" x"'),
        (r"keys\secret.cmd", rf'"{INTERPRETER}" /d /s /c ""keys\secret.cmd""'),
        (r"  C:\tools\old.BAT  -v ", rf'"{INTERPRETER}" /d /s /c ""C:\tools\old.BAT"  -v"'),
        (r"C:\tools\OP.EXE read", r"C:\tools\OP.EXE read"),
        ("planted", "planted"),  # in the folder of the moment, and in relative ones, nothing is looked for
        ("no-such-program --x", "no-such-program --x"),
        ("", ""),
    ],
)
def test_a_program_is_found_as_the_command_prompt_finds_it(command: str, expected: str) -> None:
    """A batch file is run by the interpreter of the system, with its arguments as they were written."""
    found = to_start(command, path=PATH, endings=ENDINGS, interpreter=INTERPRETER, is_file=FILES.__contains__)

    assert found == expected


@pytest.mark.parametrize(
    ("command", "program"),
    [("get.ps1 -x", "get.ps1"), (r'"C:\My Keys\get.ps1" -x', r"C:\My Keys\get.ps1"), ("  a", "a"), ("", "")],
)
def test_the_word_that_names_the_program_is_told_apart(command: str, program: str) -> None:
    """In quotes or not."""
    assert program_of(command) == program
