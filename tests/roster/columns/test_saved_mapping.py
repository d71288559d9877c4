"""`bulktap.toml` beside a roster."""

from __future__ import annotations

from pathlib import Path

import pytest

from bulktap.model.errors import RosterError
from bulktap.model.plan import Field
from bulktap.roster.columns.saved_mapping import as_note, as_toml, saved_mapping
from bulktap.roster.reading_options import DateOrder, HiddenRows, ReadingOptions

FULL = ReadingOptions(
    columns={Field.USER: 'Login "name"', Field.ONE_TIME: "Einmalig – ja\\nein"},
    sheets=("7A", "7B"),
    header_row=4,
    hidden_rows=HiddenRows.SKIP,
    encoding="cp1252",
    domain="contoso.com",
    timezone="Europe/Berlin",
    date_order=DateOrder.DMY,
    include_inactive=True,
)


@pytest.mark.parametrize(
    "mapping", [FULL, ReadingOptions(), ReadingOptions(sheets=("Pupils",)), ReadingOptions(domain="x.org")]
)
def test_what_is_written_is_read_back(tmp_path: Path, mapping: ReadingOptions) -> None:
    """Whatever a mapping says, its text says the same."""
    (tmp_path / "bulktap.toml").write_text(as_toml(mapping), encoding="utf-8")
    assert saved_mapping(tmp_path / "roster.csv") == mapping


def test_without_a_file(tmp_path: Path) -> None:
    """Where no such file lies, and for standard input, nothing is said."""
    assert saved_mapping(tmp_path / "roster.csv") is None
    assert saved_mapping(Path("-")) is None


def test_note_names_what_was_used() -> None:
    """The notes say that the file was used, and for what."""
    assert as_note(ReadingOptions(columns={Field.USER: "Login"}, domain="x.org")) == (
        'bulktap.toml beside the roster was used: it takes Login for the user; it sets domain "x.org".'
    )


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[roster\n", "cannot be read"),
        ("[other]\na = 1\n", r"\[other\] is not known"),
        ("[roster]\nshet = 'a'\n", "shet is not known"),
        ("[roster]\nheader-row = 0\n", "header-row is not the number"),
        ("[roster]\nheader-row = true\n", "header-row is not the number"),
        ("[roster]\nhidden-rows = 'maybe'\n", 'hidden-rows is not "include" or "skip"'),
        ("[roster]\ndomain = 3\n", "domain is not a text"),
        ("[roster]\nsheet = [1]\n", "sheet is not a name"),
        ("[roster]\ninactive = 'yes'\n", "inactive is not"),
        ("[columns]\nlogin = 'x'\n", "login in .columns. is not"),
        ("[columns]\nuser = ''\n", "user in .columns. is not"),
        ("[roster]\nstart = '2035-09-01T08:00+99:00'\n", "start is not known"),
        ("[roster]\nheader-row = 2035-09-01T08:00:00+99:00\n", "cannot be read"),
        ("[roster]\nheader-row = " + "9" * 5_000 + "\n", "cannot be read"),
        ("x = " + "[" * 5_000, "cannot be read"),
        ("#" * 200_000, "has more than 100,000 bytes"),
        ("\0" * 1_000, "cannot be read"),
    ],
)
def test_a_slip_of_the_pen_is_refused(tmp_path: Path, text: str, says: str) -> None:
    """What is not known is refused with the file's name, and not passed over."""
    (tmp_path / "bulktap.toml").write_text(text, encoding="utf-8")
    with pytest.raises(RosterError, match=says) as refusal:
        saved_mapping(tmp_path / "roster.csv")
    assert refusal.value.hint
    assert "bulktap.toml" in refusal.value.message
