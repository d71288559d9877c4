"""How settings are named in sentences: a mark below the front ends, an option or an argument where they are shown."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bulktap.cli.commands.plan import plan
from bulktap.cli.setting_options import as_option, with_options
from bulktap.model.errors import RosterError
from bulktap.model.plan import Field
from bulktap.model.row_errors import RowError, RowErrorCode
from bulktap.model.setting_names import Setting, as_argument, spelled

ROSTER = Path(__file__).parents[2] / "bulktap" / "roster"


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
    ],
)
def test_a_setting_is_named_as_it_is_typed(mark: str, option: str, argument: str) -> None:
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


def test_errors_name_settings_in_either_way() -> None:
    """The text of an exception is Python's; a row error is spelled for whoever keeps it."""
    assert str(RosterError(f"{Setting.ENCODING.to('x')} is not known.")) == 'encoding="x" is not known.'
    error = RowError(RowErrorCode.NOTE, f"{Setting.DOMAIN} is missing.", f"Give {Setting.DOMAIN.to('x.org')}.")
    said = error.spelled(as_option)
    assert (said.message, said.hint) == ("--domain is missing.", "Give --domain x.org.")


@pytest.mark.parametrize("setting", Setting)
def test_each_setting_is_an_option(setting: Setting) -> None:
    """What a sentence tells people to type is there to be typed."""
    options = {name for parameter in plan.params for name in (*parameter.opts, *parameter.secondary_opts)}
    assert as_option(setting, None) in options


def test_the_roster_names_no_option() -> None:
    """Sentences, docstrings and comments of the roster speak of settings, not of the command line."""
    modules = list(ROSTER.rglob("*.py"))
    named = {
        f"{path.relative_to(ROSTER)}:{number}: {line.strip()}"
        for path in modules
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if re.search(r"--[a-z]", line)
    }
    assert len(modules) > 30
    assert not named
