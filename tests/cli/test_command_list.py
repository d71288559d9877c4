from __future__ import annotations

from pathlib import Path

import click
import pytest

import bulktap.cli.commands
from bulktap.cli.command_list import CommandList
from bulktap.cli.main import COMMANDS, cli

MODULES = sorted(path.stem for path in Path(bulktap.cli.commands.__path__[0]).glob("*.py") if path.stem != "__init__")


def test_every_command_is_listed() -> None:
    """A module of a command that the program does not name would never be found."""
    assert sorted(COMMANDS) == MODULES


@pytest.mark.parametrize("name", MODULES)
def test_a_command_is_loaded_by_its_name_and_said_in_one_line(name: str) -> None:
    """The list that help shows stands on a line each, as a sentence, and leads to the command of that name."""
    found = cli.get_command(click.Context(cli), name)
    assert isinstance(found, click.Command)
    assert found.name == name
    assert COMMANDS[name].endswith(".")
    assert len(COMMANDS[name]) <= 65


def test_a_list_of_commands_is_a_dictionary_to_click() -> None:
    """Whoever adds a command, takes one away or asks for one that is not there meets a dictionary."""
    commands = CommandList(["plan", "schema"])
    commands["more"] = click.Command("more")
    del commands["plan"]
    assert sorted(commands) == ["more", "schema"]
    assert len(commands) == 2
    assert commands["schema"].name == "schema"
    assert commands.get("plan") is None
    assert "more" in commands
