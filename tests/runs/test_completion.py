"""`bulktap completion`: the shells themselves ask the program, and what they offer can be used as it stands."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote

import pytest
from whole_run import USERS, Program

import bulktap
from bulktap.cli.completion import SHELLS, split_line
from bulktap.cli.main import COMMANDS
from bulktap.cli.topics.topic_list import TOPICS
from bulktap.results.handout.languages import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Sequence

pytestmark = pytest.mark.long  # whole runs, a process for each command

HEADINGS = ["Class teacher", "Class", "Room, floor", "Müller's", "50%"]
ROOT = str(Path(bulktap.__file__).parents[1])


@pytest.fixture
def planned(program: Program) -> Program:
    """The program in a folder with a plan whose roster has headings that shells have to quote."""
    quoted = [f'"{heading}"' for heading in HEADINGS]
    roster = program.roster([["User", *quoted], *([user, *"abcde"] for user in USERS[:2])])
    program("plan", roster, "--offline", "--name", "autumn-5a")
    return program


def offered(program: Program, words: Sequence[str]) -> list[str]:
    """Return what PowerShell is told for the last of these words, by the protocol of its script."""
    told = program(_BULKTAP_COMPLETE="powershell_complete", COMP_WORDS=" ".join(quote(word, safe="") for word in words))
    assert told.out.isascii()
    return [unquote(line.split(" ")[1]) for line in told.out.splitlines() if line]


COLUMNS = (
    (["--by", ""], ["User", *HEADINGS]),
    (["--by", "cla"], ["Class teacher", "Class"]),
    (["--to", "'Class t"], ["Class teacher"]),
    (["--sort", "Room"], ["Room, floor"]),
    (["--by", "Class", "--by", '"mü'], ["Müller's"]),
    (["--by=5"], ["50%"]),
    (["--sort", "nobody"], []),
)


@pytest.mark.parametrize(("words", "wanted"), COLUMNS, ids=" ".join)
def test_columns_of_the_run_on_the_line_are_offered(planned: Program, words: list[str], wanted: list[str]) -> None:
    """Without a passphrase, from the plan; capitals do not matter, and a quote may have been begun."""
    for run in ("autumn-5a", "latest", planned.cwd / "reports"):
        found = next(run.iterdir()) if isinstance(run, Path) else run
        assert offered(planned, ["bulktap", "handout", str(found), *words]) == wanted


def test_no_column_is_offered_without_a_run(planned: Program) -> None:
    """Nor of one that is not there, or whose plan cannot be read."""
    assert offered(planned, ["bulktap", "handout", "--by", ""]) == []
    assert offered(planned, ["bulktap", "handout", "winter", "--by", ""]) == []
    (run,) = (path for path in (planned.cwd / "reports").iterdir() if path.name.startswith("20"))
    (run / "plan.json").write_bytes(b'{"roster": {"headings": [')
    assert offered(planned, ["bulktap", "handout", run.name, "--by", ""]) == []


def test_paths_of_windows_come_over_as_they_are(planned: Program) -> None:
    """A backslash is part of a path there, a blank too."""
    (planned.cwd / "reports").rename(planned.cwd / "our\\runs 2035")
    words = ["bulktap", "handout", "--reports", "our\\runs 2035", "autumn-5a", "--by", "Class t"]
    assert offered(planned, words) == ["Class teacher"]


def test_commands_and_topics_are_offered(program: Program) -> None:
    """Each with what it does."""
    assert offered(program, ["bulktap", ""]) == sorted(COMMANDS)
    assert offered(program, ["bulktap", "re"]) == ["reissue", "results", "resume", "revoke"]
    assert offered(program, ["bulktap", "completion", ""]) == list(SHELLS)
    assert offered(program, ["bulktap", "help", ""]) == list(TOPICS | COMMANDS)
    assert "--stop-after-failures" in offered(program, ["bulktap", "apply", "--st"])


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        (["handout", "latest", "--language", ""], list(LANGUAGES)),
        (["handout", "latest", "--language", "d"], ["de"]),
        (["show", "latest", "anna", "--print", "--language", "E"], ["en", "es"]),
        (["reissue", "latest", "--language", "ar", "--language", "t"], ["tr"]),
        (["handout", "latest", "--style", "l"], ["list", "letter", "labels"]),
        (["handout", "latest", "--language", "x"], []),
    ],
)
def test_the_words_of_an_option_are_offered(program: Program, words: list[str], wanted: list[str]) -> None:
    """Also of one that may be given more than once."""
    assert offered(program, ["bulktap", *words]) == wanted


@pytest.mark.parametrize("shell", SHELLS)
def test_each_script_asks_by_the_variable_of_its_shell(program: Program, shell: str) -> None:
    """It is complete: nothing is left to fill in, and nothing that a terminal would obey."""
    text = program("completion", shell).out
    assert f"{shell}_complete" in text
    assert "bulktap" in text
    assert "%(" not in text
    assert all(line.isprintable() for line in text.splitlines())
    if shell == "powershell":
        assert text.isascii()
        assert text.count("{") == text.count("}")
        assert text.count("(") == text.count(")")


LINES = (
    ("bulktap ", ["bulktap", ""], ""),
    ("bulktap run", ["bulktap", "run"], ""),
    ("bulktap handout 'a b' --by Cl", ["bulktap", "handout", "a b", "--by", "Cl"], ""),
    ('x --by "Class t', ["x", "--by", "Class t"], '"'),
    ("x --by 'it''s", ["x", "--by", "its"], "'"),
    ("x a\\ b\\", ["x", "a b"], ""),
    ('x "a\\"b\\c" d', ["x", 'a"b\\c', "d"], ""),
    ("x '' ", ["x", "", ""], ""),
    ("  x   y", ["x", "y"], ""),
)


@pytest.mark.parametrize(("line", "words", "quoted"), LINES)
def test_a_line_is_split_as_shells_split_it(line: str, words: list[str], quoted: str) -> None:
    """Up to its end, where a quote or a backslash may be open."""
    assert split_line(line) == (words, quoted)


TYPED = (
    ("bulktap handout autumn-5a --by Room", ["Room, floor"]),
    ("bulktap handout autumn-5a --by Class", ["Class teacher", "Class"]),
    ("bulktap handout autumn-5a --to M", ["Müller's"]),
    ("bulktap handout autumn-5a --by 5", ["50%"]),
    ("bulktap handout autumn-5a --by nobody", []),
    ("bulktap verify aut", ["autumn-5a"]),
    ("bulktap comple", ["completion"]),
)
BASH = """
eval "$(bulktap completion bash)"
complete -p bulktap >&2
COMP_LINE=$1 COMP_POINT=${#1}
_bulktap_completion bulktap
eval "meant=(${COMPREPLY[*]})"
printf '%s\\n' "${meant[@]}"
"""


@pytest.fixture
def in_shell(planned: Program, tmp_path: Path) -> dict[str, str]:
    """The environment of a shell that finds the program under its name."""
    (tmp_path / "bulktap").write_text(f'#!/bin/sh\nexec {sys.executable} -m bulktap "$@"\n')
    (tmp_path / "bulktap").chmod(0o755)
    path = f"{tmp_path}:{os.environ['PATH']}"
    return {**planned.environment, "PATH": path, "PYTHONPATH": ROOT, "LC_ALL": "C.UTF-8", "HOME": str(tmp_path)}


@pytest.mark.skipif(shutil.which("bash") is None or sys.platform == "win32", reason="needs bash, on Unix")
@pytest.mark.parametrize(("line", "meant"), [*TYPED, ("bulktap handout autumn-5a --by=Cl", ["Class teacher", "Class"])])
def test_bash_completes_what_can_be_used_as_it_stands(
    planned: Program, in_shell: dict[str, str], line: str, meant: list[str]
) -> None:
    """What its function offers, read by bash again, are the very words that are meant."""
    done = subprocess.run(
        ["bash", "--norc", "-c", BASH, "-", line], cwd=planned.cwd, env=in_shell, capture_output=True, check=True
    )
    assert done.stdout.decode().splitlines() == (meant or [""])
    assert b"-F _bulktap_completion bulktap" in done.stderr


@pytest.mark.skipif(shutil.which("fish") is None, reason="fish is not installed")
@pytest.mark.parametrize(("line", "meant"), TYPED)
def test_fish_completes_the_words_that_are_meant(
    planned: Program, in_shell: dict[str, str], line: str, meant: list[str]
) -> None:
    """It quotes them itself."""
    done = subprocess.run(
        ["fish", "--no-config", "-c", "bulktap completion fish | source; complete -C $argv[1]", line],
        cwd=planned.cwd,
        env=in_shell,
        capture_output=True,
        check=True,
    )
    told = [one.partition("\t")[0] for one in done.stdout.decode().splitlines()]
    assert sorted(told) == sorted(meant)
    assert done.stderr == b""
