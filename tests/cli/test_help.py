"""Help: examples first, options in groups, the usual ones and all of them, eighty columns wide."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from bulktap.cli.help import DeclaredOption
from bulktap.cli.main import cli
from bulktap.settings.every_declaration import every_declaration
from bulktap.settings.help_groups import Group
from bulktap.settings.kinds import Choice, Flag

if TYPE_CHECKING:
    from bulktap.settings.declaration import Declaration

DECLARED = every_declaration()
PAGES = [(name, word) for name in (None, *cli.commands) for word in ("--help", "--help-all")]


def help_of(name: str | None, word: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> str:
    """Return what a command shows on a terminal of eighty columns."""
    monkeypatch.setenv("COLUMNS", "80")
    cli.main([*([name] if name else []), word], prog_name="bulktap", standalone_mode=False)
    return capsys.readouterr().out


@pytest.mark.parametrize("declaration", DECLARED, ids=lambda one: f"{one.name}-{one.key}")
def test_every_setting_has_a_group(declaration: Declaration[object]) -> None:
    """A new option is found where people look for its kind."""
    assert isinstance(declaration.group, Group)


@pytest.mark.parametrize(
    "declaration", [one for one in DECLARED if one.default is not None], ids=lambda one: f"{one.name}-{one.key}"
)
def test_every_default_is_told(declaration: Declaration[object]) -> None:
    """Nobody has to try it out."""
    assert declaration.default_told or "(default: " in declaration.help


@pytest.mark.parametrize(("name", "word"), PAGES)
def test_help_fits_eighty_columns(
    name: str | None, word: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """No line is longer, and none ends in the middle of a word."""
    text = help_of(name, word, monkeypatch, capsys)
    assert [line for line in text.splitlines() if len(line) > 80] == []
    words = set(re.findall(r"\S+", "\n".join(one.help for one in DECLARED)))
    broken = [line for line in text.splitlines() if line.endswith("-") and line.split()[-1] not in words]
    assert broken == []


@pytest.mark.parametrize(("name", "word"), PAGES)
def test_examples_come_first(
    name: str | None, word: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Before any option."""
    text = help_of(name, word, monkeypatch, capsys)
    assert -1 < text.index("Examples:") < text.index("\n  -")


def test_the_usual_help_of_apply_has_ten_options(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """And says how to see the others, in groups that stand in their order."""
    text = help_of("apply", "--help", monkeypatch, capsys)
    groups = re.findall(r"^(\w[\w ]*):$", text, re.MULTILINE)
    options = re.findall(r"^  (?:-\w, )?(--[a-z-]+)", text, re.MULTILINE)
    assert len([one for one in options if not one.startswith("--help")]) == 10
    assert groups == [group.value for group in Group if group not in {Group.SPEED, Group.SHEETS}] + ["Help"]
    assert "--help-all" in text


@pytest.mark.parametrize("name", cli.commands)
def test_all_help_has_every_option_in_its_group(
    name: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each once, with its choices."""
    text = help_of(name, "--help-all", monkeypatch, capsys)
    sections = dict(re.findall(r"^(\w[\w ]*):\n((?:  .*\n)+)", text, re.MULTILINE))
    for option in cli.commands[name].params:
        if isinstance(option, DeclaredOption):
            declaration = option.declaration
            section = sections[declaration.group.value]
            assert re.search(rf"^  (-\w, )?--{declaration.name}\b", section, re.MULTILINE), declaration.name
            if isinstance(declaration.kind, Choice):
                assert f"--{declaration.name} {'|'.join(declaration.kind.words)}" in section
            if isinstance(declaration.kind, Flag):
                assert not re.search(rf"--{declaration.name} [A-Z]", section)


def test_all_help_of_the_program_has_every_command(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """One page to search."""
    text = help_of(None, "--help-all", monkeypatch, capsys)
    assert all(f"Usage: bulktap {name}" in text for name in cli.commands)
    assert "--stop-after-failures" in text
