"""How settings are named in sentences: a mark below the front ends, an option or an argument where they are shown."""

from __future__ import annotations

import os
import re
from dataclasses import fields
from pathlib import Path

import pytest

import bulktap
from bulktap.api_values import SignIn
from bulktap.cli.main import cli
from bulktap.cli.setting_options import VARIABLES, as_option, with_options
from bulktap.model.errors import RosterError
from bulktap.model.plan import Field
from bulktap.model.row_errors import RowError, RowErrorCode
from bulktap.model.setting_names import Command, Setting, as_argument, spelled
from bulktap.settings.every_declaration import every_declaration

RUN = "2035-08-20T0715Z-students-3fa9"
BULKTAP = Path(__file__).parents[2] / "bulktap"
SPEAKING_OF_SETTINGS = ("roster", "planning", "dispatch", "graph", "journal", "results")
"""Rooms in which nothing names an option or a variable of bulktap's own."""
SIGN_IN = {one.name for one in fields(SignIn)}


QUOTED = "'a b'" if os.name != "nt" else '"a b"'


@pytest.mark.parametrize(
    ("mark", "option", "argument"),
    [
        (f"{Setting.SHEET}", "--sheet", "sheet="),
        (Setting.SHEET.to("7A"), '--sheet "7A"', 'sheet="7A"'),
        (Setting.SHEET.to("USA 2"), '--sheet "USA 2"', 'sheet="USA 2"'),
        (Setting.COLUMN.to(f"{Field.USER}=Login name"), '--column "user=Login name"', 'column="user=Login name"'),
        (Setting.ENCODING.to("cp1252"), "--encoding cp1252", 'encoding="cp1252"'),
        (Setting.HEADER_ROW.to(4), "--header-row 4", "header_row=4"),
        (Setting.HEADER_ROW.to("NUMBER"), "--header-row NUMBER", "header_row=NUMBER"),
        (f"{Setting.ONE_TIME} or {Setting.MULTI_USE}", "--one-time or --multi-use", "one_time= or multi_use="),
        (Setting.EXISTING.to("replace"), "--existing replace", 'existing="replace"'),
        (Setting.LIMIT.to(5), "--limit 5", "limit=5"),
        (Setting.ONLY.to("'7A!2'"), "--only '7A!2'", "only='7A!2'"),
        (f"{Setting.TENANT}", "AZURE_TENANT_ID (or --tenant)", "SignIn.tenant_id"),
        (f"{Setting.GRAPH_URL}", "BULKTAP_GRAPH_URL", "SignIn.graph_url"),
        (f"{Command.RESUME}", "`bulktap resume`", "`bulktap.resume(...)`"),
        (
            Command.VERIFY.of(Path("a b") / RUN),
            f"`bulktap verify {RUN} --reports {QUOTED}`",
            f"`bulktap.verify({str(Path('a b') / RUN)!r})`",
        ),
        (Command.RUNS.of(Path("b")), "`bulktap runs --reports b`", "`bulktap.runs(reports='b')`"),
        (f"{Setting.AUTHORITY}", "BULKTAP_AUTHORITY_URL or AZURE_AUTHORITY_HOST", "SignIn.authority_url"),
    ],
)
def test_a_setting_or_a_command_is_named_as_it_is_typed(mark: str, option: str, argument: str) -> None:
    """The command line and Python each get their own words, in the middle of a sentence."""
    sentence = f"Run again with {mark}, or not."
    assert with_options(sentence) == f"Run again with {option}, or not."
    assert spelled(sentence, as_argument) == f"Run again with {argument}, or not."


@pytest.mark.parametrize("text", ["", "{SHEET}", "--sheet", "\ufdd0", "\ufdd0nonsense\ufdd2", "\ufdd2sheet\ufdd0"])
def test_text_from_outside_is_no_setting(text: str) -> None:
    """What only looks like a mark stays as it is."""
    assert with_options(f"a {text} b") == f"a {text} b"


@pytest.mark.parametrize("value", ["a\ufdd2b", "\ufdd0", "\ufdd1\ufdd2"])
def test_a_value_cannot_end_its_mark(value: str) -> None:
    """A sheet may be called anything: what a mark consists of is taken out of its name."""
    plain = re.sub("[\ufdd0-\ufdd2]", "", value)
    assert with_options(Setting.SHEET.to(value)) == f'--sheet "{plain}"'


@pytest.mark.parametrize("command", Command)
def test_each_command_is_one_on_the_command_line_and_in_python(command: Command) -> None:
    """What a sentence tells people to do is there to be done."""
    assert command.value in cli.commands
    if command is Command.SHOW:  # a program reads passcodes from what `results` returns
        assert as_argument(command, None) == "`bulktap show`"
        return
    assert callable(getattr(bulktap, command.value))


def test_errors_name_settings_in_either_way() -> None:
    """The text of an exception is Python's; a row error is spelled for whoever keeps it."""
    assert str(RosterError(f"{Setting.ENCODING.to('x')} is not known.")) == 'encoding="x" is not known.'
    error = RowError(RowErrorCode.NOTE, f"{Setting.DOMAIN} is missing.", f"Give {Setting.DOMAIN.to('x.org')}.")
    said = error.spelled(as_option)
    assert (said.message, said.hint) == ("--domain is missing.", "Give --domain x.org.")


@pytest.mark.parametrize("setting", [setting for setting in Setting if setting not in VARIABLES])
def test_each_setting_is_an_option(setting: Setting) -> None:
    """What a sentence tells people to type is there to be typed."""
    options = {
        name
        for command in cli.commands.values()
        for parameter in command.params
        for name in (*parameter.opts, *parameter.secondary_opts)
    }
    assert re.findall("--[a-z-]+", as_option(setting, None))[0] in options


@pytest.mark.parametrize("setting", VARIABLES)
def test_a_setting_without_an_option_is_a_variable_and_a_field_of_sign_in(setting: Setting) -> None:
    """What a sentence tells people to set is read from there."""
    read = "".join(path.read_text("utf-8") for path in (BULKTAP / "settings").glob("*.py"))
    of_settings = {name for one in every_declaration() for name in one.variables}
    assert all(f'"{name}"' in read or name in of_settings for name in VARIABLES[setting])
    place, name = as_argument(setting, None).split(".")
    assert place == "SignIn"
    assert name in SIGN_IN


@pytest.mark.parametrize("room", SPEAKING_OF_SETTINGS)
def test_rooms_below_the_command_line_name_no_option(room: str) -> None:
    """Their sentences, docstrings and comments speak of settings, not of the command line."""
    modules = list((BULKTAP / room).rglob("*.py"))
    named = {
        f"{path.relative_to(BULKTAP)}:{number}: {line.strip()}"
        for path in modules
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if re.search(r"--[a-z]|BULKTAP_[A-Z]|AZURE_[A-Z]", line) and "`bulktap --help`" not in line
    }
    assert len(modules) > 7
    assert not named
