"""The options of reading: one declaration for the command line, `bulktap.toml` and the saved plan."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bulktap.cli.commands.plan import plan
from bulktap.model.plan import Field
from bulktap.roster.reading_options import (
    OPTION_NAMES,
    DateOrder,
    HiddenRows,
    ReadingOptions,
    WrongOptionError,
    answered,
    from_table,
    from_texts,
    to_table,
    to_texts,
)

FULL = ReadingOptions(
    sheets=("7A", 'the "other"'),
    header_row=4,
    hidden_rows=HiddenRows.SKIP,
    encoding="cp1252",
    domain="contoso.com",
    timezone="Europe/Berlin",
    date_order=DateOrder.MDY,
    include_inactive=True,
    columns={Field.USER: "Login name", Field.ONE_TIME: "Einmalig – ja"},
)
SAID = [
    FULL,
    ReadingOptions(),
    ReadingOptions(sheets=("Pupils",)),
    ReadingOptions(hidden_rows=HiddenRows.INCLUDE),
    ReadingOptions(columns={Field.START: "Pick-up"}),
    ReadingOptions(encoding="utf-16", header_row=1),
]


@pytest.mark.parametrize("options", SAID)
def test_what_was_said_comes_back(options: ReadingOptions) -> None:
    """A table and a plan's texts hold all of it; the time zone is kept elsewhere in a plan."""
    assert from_table(to_table(options)) == options
    assert from_texts(to_texts(options)) == replace(options, timezone=None)


def test_a_plan_keeps_texts_by_the_names_of_the_options() -> None:
    """Programs read them: words as they are, all else as JSON, nothing that was not said."""
    assert to_texts(FULL) == {
        "sheet": '["7A", "the \\"other\\""]',
        "header_row": "4",
        "hidden_rows": "skip",
        "encoding": "cp1252",
        "domain": "contoso.com",
        "date_order": "mdy",
        "inactive": "include",
        "column": '{"user": "Login name", "one-time": "Einmalig \\u2013 ja"}',
    }
    assert to_texts(ReadingOptions(timezone="Europe/Berlin")) == {}


@pytest.mark.parametrize(
    "texts",
    [
        {"sheet": '{"a": 1}'},
        {"sheet": "[1]"},
        {"sheet": "["},
        {"column": '["user"]'},
        {"column": '{"login": "x"}'},
        {"column": '{"user": 1}'},
        {"header_row": "0"},
        {"header_row": "true"},
        {"header_row": "99999999"},
        {"hidden_rows": "maybe"},
        {"date_order": "ydm"},
        {"encoding": "no-such"},
        {"encoding": "hex"},
        {"inactive": "yes"},
        {"sheet": "[" * 100_000},
    ],
)
def test_texts_that_no_plan_has_are_refused(texts: dict[str, str]) -> None:
    """A plan that was edited is not read in another way than it says."""
    with pytest.raises(ValueError, match=r".+"):
        from_texts(texts)


def test_options_complete_each_other() -> None:
    """What was given wins, option by option and column by column."""
    given = ReadingOptions(domain="x.org", columns={Field.USER: "Mail", Field.GROUP: "Class"})

    both = given.completed_by(FULL)

    columns = {Field.USER: "Mail", Field.GROUP: "Class", Field.ONE_TIME: "Einmalig – ja"}
    assert both == replace(FULL, domain="x.org", columns=columns)
    assert ReadingOptions().completed_by(FULL) == FULL


@pytest.mark.parametrize("name", [name for name in OPTION_NAMES if name != "inactive"])
def test_each_has_the_name_of_a_command_line_option(name: str) -> None:
    """All but one, which only the file beside the roster says."""
    assert f"--{name}" in {option for parameter in plan.params for option in parameter.opts}


@pytest.mark.parametrize(
    ("setting", "answer", "right"),
    [
        ("domain", "1", False),
        ("domain", "contoso", False),
        ("domain", "yes", False),
        ("domain", "anna@contoso.com", False),
        ("domain", "contoso.com; fabrikam.com", False),
        ("domain", "contoso.com", True),
        ("domain", "@students.contoso.com", True),
        ("timezone", "Berlin", False),
        ("timezone", "2", False),
        ("timezone", "../../etc/passwd", False),
        ("timezone", "Europe/Berlin", True),
        ("timezone", "UTC", True),
        ("encoding", "1", False),
        ("encoding", "cp1252", True),
        ("date-order", "day first", False),
    ],
)
def test_an_answer_that_cannot_be_meant_is_none(setting: str, answer: str, right: bool) -> None:
    """It is asked for again, instead of being offered to be kept."""
    if right:
        assert to_table(answered({setting: answer})) == {setting: answer}
    else:
        with pytest.raises(WrongOptionError, match=f"^{setting} is not "):
            answered({setting: answer})
