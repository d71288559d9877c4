"""PowerShell stands beside every line for bash, and what is written once is the same to both."""

from __future__ import annotations

import re
import subprocess
from shutil import which
from typing import TYPE_CHECKING

import pytest
from in_process import command
from shell_lines import Activated, NotPlain, Set, SetFrom, Started, bash, powershell, told_once
from whole_run import REPOSITORY

from bulktap.cli.main import COMMANDS
from bulktap.cli.topics.topic_list import TOPICS, topic_text

if TYPE_CHECKING:
    from pathlib import Path

README = (REPOSITORY / "README.md").read_text("utf-8")
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```", README, re.DOTALL | re.MULTILINE)
PARSES = """param($Path)
$tokens = $null; $errors = $null
$null = [System.Management.Automation.Language.Parser]::ParseFile($Path, [ref]$tokens, [ref]$errors)
$errors | Out-String
exit $errors.Count
"""
FOR_BASH = [number for number, (language, _) in enumerate(BLOCKS) if language == "bash"]
OF_ONE_SHELL = re.compile(r"^bulktap completion|^bulktap help --man|D:\\")
"""What completes in one shell, what is read with `man`, and an example of a path on Windows."""


def examples(text: str) -> list[str]:
    """Return the lines of help that begin with the program's name, without what is said of them beside it."""
    return [re.split(r"\s{2,}", line)[0] for line in re.findall(r"^ +(bulktap .*)$", text, re.MULTILINE)]


def is_plain(line: str) -> bool:
    """Tell whether both shells read a line alike; what may be left out of it stands in brackets."""
    plain = re.sub(r" \[[A-Z]+\]$", "", line)
    try:
        return bash(plain) == powershell(plain) != []
    except NotPlain:
        return False


@pytest.mark.parametrize("number", FOR_BASH)
def test_a_block_for_bash_has_one_for_powershell_behind_it_that_does_the_same(number: int) -> None:
    """The same programs with the same words, and the same variables."""
    (_, for_bash), (language, for_powershell) = BLOCKS[number : number + 2]
    assert language == "powershell"
    assert powershell(for_powershell) == bash(for_bash) != []


@pytest.mark.skipif(which("pwsh") is None, reason="PowerShell is not installed")
def test_powershell_itself_finds_no_fault_with_its_blocks(tmp_path: Path) -> None:
    """Where there is one: its own parser reads every block that is for it or for any shell."""
    script = tmp_path / "parse.ps1"
    script.write_text(PARSES, "ascii")
    for number, (language, block) in enumerate(BLOCKS):
        if language in {"powershell", "console"}:
            (told := tmp_path / f"{number}.ps1").write_text(block, "utf-8")
            done = subprocess.run(
                ["pwsh", "-NoProfile", "-File", script, told], capture_output=True, text=True, check=False
            )
            assert done.returncode == 0, done.stdout + done.stderr


def test_no_block_for_powershell_stands_alone() -> None:
    """Each belongs to one for bash, so that people on Linux and on a Mac miss nothing either."""
    languages = [language for language, _ in BLOCKS]
    assert languages.count("powershell") == languages.count("bash") > 3


@pytest.mark.parametrize("line", [line for name, block in BLOCKS if name == "console" for line in block.splitlines()])
def test_a_line_for_any_shell_is_the_same_to_both(line: str) -> None:
    """So that nobody has to know which of them it was written for."""
    assert bash(line) == powershell(line) != []


def test_a_command_within_a_sentence_is_the_same_to_both_shells() -> None:
    """A comma or an asterisk in it is within quotes."""
    told = [line for line in told_once(README) if not OF_ONE_SHELL.search(line)]
    assert [line for line in told if not is_plain(line)] == []
    assert len(told) > 30


@pytest.mark.parametrize("name", COMMANDS)
def test_an_example_of_help_is_the_same_to_both_shells(name: str) -> None:
    """People on Windows copy it too."""
    text = command(name, "--help").out
    told = [line for line in [*examples(text), *told_once(text)] if not OF_ONE_SHELL.search(line)]
    assert [line for line in told if not is_plain(line)] == []
    assert told or name == "completion"


@pytest.mark.parametrize("name", TOPICS)
def test_a_line_of_a_topic_is_the_same_to_both_shells(name: str) -> None:
    """Remedies included, which the program shows too."""
    text = topic_text(name)
    told = [line for line in [*examples(text), *told_once(text)] if not OF_ONE_SHELL.search(line)]
    assert [line for line in told if not is_plain(line)] == []


@pytest.mark.parametrize(
    ("line", "step"),
    [
        ("bulktap plan students.xlsx", Started(("bulktap", "plan", "students.xlsx"))),
        ("bulktap plan 'my list.xlsx'", Started(("bulktap", "plan", "my list.xlsx"))),
        ('bulktap show RUN 7 --reason "lost it"', Started(("bulktap", "show", "RUN", "7", "--reason", "lost it"))),
        ("bulktap plan a --column user='Login name'", Started(("bulktap", "plan", "a", "--column", "user=Login name"))),
        ("bulktap schema plan > plan.json  # kept", Started(("bulktap", "schema", "plan"), "plan.json")),
        ("bulktap show RUN ann@contoso.com", Started(("bulktap", "show", "RUN", "ann@contoso.com"))),
    ],
)
def test_both_readers_read_plain_lines(line: str, step: Started) -> None:
    """Words, quotes, redirections and remarks."""
    assert bash(line) == powershell(line) == [step]


@pytest.mark.parametrize(
    ("for_bash", "for_powershell", "step"),
    [
        ("export A='b c'", "$env:A = 'b c'", Set("A", "b c")),
        ("source .venv/bin/activate", ".venv\\Scripts\\Activate.ps1", Activated(".venv")),
        ("python3 -m venv v", "py -3 -m venv v", Started(("python3", "-m", "venv", "v"))),
        ("v/bin/pip list", "v\\Scripts\\pip list", Started(("v/bin/pip", "list"))),
        ("a b \\\n  c", "a b `\n  c", Started(("a", "b", "c"))),
        (
            """while IFS='=' read -r name value; do export "$name=$value"; done < x.env""",
            """Get-Content x.env | ForEach-Object { $name, $value = $_ -split '=', 2; Set-Item "env:$name" $value }""",
            SetFrom("x.env"),
        ),
    ],
)
def test_what_the_shells_write_differently_is_read_alike(for_bash: str, for_powershell: str, step: object) -> None:
    """Variables, paths, the interpreter, and lines that go on."""
    assert bash(for_bash) == powershell(for_powershell) == [step]


@pytest.mark.parametrize(
    "line",
    [
        "bulktap simulator --weather storm,lag=60",  # an array, which becomes two words
        "bulktap plan a && bulktap apply a",  # not known to Windows PowerShell 5.1
        "bulktap plan @list",  # what is splatted
        "bulktap plan $HOME/list.xlsx",
        "bulktap plan 'my 'list.xlsx",  # two words
        "bulktap plan a --name ''",  # not passed on by 5.1
        "bulktap plan a --reason 'a \"quoted\" word'",  # its quotes get lost in 5.1
        "bulktap plan (list)",
        "bulktap plan a -x.y",
        "bulktap plan a | more",
        "bulktap plan 'list",
    ],
)
def test_what_powershell_would_change_is_refused(line: str) -> None:
    """Each of these does something else there than in bash, or nothing."""
    with pytest.raises(NotPlain):
        powershell(line)


@pytest.mark.parametrize(
    "line", ["bulktap plan *.xlsx", "bulktap plan D:\\list", "a & b", 'a "$b"', "a ~/b", "a >", "a > b > c"]
)
def test_what_bash_would_change_is_refused(line: str) -> None:
    """Such as a wildcard, which it fills in, and a backslash, which it drops."""
    with pytest.raises(NotPlain):
        bash(line)
