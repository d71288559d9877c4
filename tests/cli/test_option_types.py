"""Values that nobody means, refused where they are typed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click
import pytest

from bulktap.cli.main import cli
from bulktap.cli.option_types import Place, files_meant, type_of
from bulktap.settings import declarations as declared
from bulktap.settings import roster_declarations as roster_declared
from bulktap.settings.kinds import place_on_windows

if TYPE_CHECKING:
    from bulktap.settings.declarations import Declaration

REFUSED = [
    *(("--max-rate", value) for value in ("inf", "nan", "-inf", "1e-300", "1e300", "0", "-1", "", "many", "\udc80")),
    *(("--concurrency", value) for value in ("0", "65", "1000000000", "1.5", "9" * 5_000)),
    *(("--limit", value) for value in ("-1", "1" + "0" * 30, "1e3", "9" * 5_000)),
    *(("--header-row", value) for value in ("0", "-1", "1048577")),
    *(("--reply-timeout", value) for value in ("0", "inf", "nan", "-5s", "2h", "9" * 5_000)),
    *(("--plan-valid-for", value) for value in ("99999999999d", "inf", "0", "400d")),
    *(("--encoding", value) for value in ("undefined", "idna", "punycode", "hex", "rot13", "base64", "zlib")),
    *(("--encoding", value) for value in ("unicode_escape", "no-such", "", "x" * 300, "utf\n8", "\udc80")),
    *(("--ticket", value) for value in ("x" * 501, "a\nb", "\x1b[31m", "\udc80", "a\u202eb")),
    *(("--reports", value) for value in ("x" * 300, "")),
    *(("--log-file", value) for value in ("x" * 5_000, ".")),
]


@pytest.mark.parametrize(("option", "value"), REFUSED)
def test_what_cannot_be_meant_is_a_usage_error(option: str, value: str) -> None:
    """Exit 2 with a sentence, before anything is read."""
    with pytest.raises(click.UsageError) as caught:
        cli.commands["apply"].make_context("apply", ["roster.csv", option, value])

    assert option in caught.value.format_message()


@pytest.mark.parametrize(
    ("option", "name", "value", "meant"),
    [
        ("--max-rate", "max_rate", "0.5", 0.5),
        ("--limit", "limit", "0", 0),
        ("--encoding", "encoding", " cp1252 ", "cp1252"),
        ("--encoding", "encoding", "utf-8-sig", "utf-8-sig"),
        ("--encoding", "encoding", "UTF-16", "UTF-16"),
        ("--ticket", "ticket", " CHG0012345 ", "CHG0012345"),
        ("--reason", "reason", "Début d\u2019année, 新学期", "Début d\u2019année, 新学期"),
        ("--plan-valid-for", "plan_valid_for", "14d", 14 * 86_400),
    ],
)
def test_what_can_be_meant_is_taken(option: str, name: str, value: str, meant: object) -> None:
    """Without the blanks around it."""
    assert cli.commands["apply"].make_context("apply", ["roster.csv", option, value]).params[name] == meant


@pytest.mark.parametrize("name", ["x" * 300, "a\0b", "", "x" * 5_000])
def test_a_path_that_the_system_cannot_look_at_is_a_usage_error(name: str) -> None:
    """Rather than an error of the system somewhere later; for rosters, runs, files and folders."""
    with pytest.raises(click.UsageError):
        cli.commands["results"].make_context("results", [name])


def test_a_path_that_leads_nowhere_is_for_the_command_to_find_out(tmp_path: Path) -> None:
    """It says it in its own words: a roster, a run, a password file."""
    nowhere = tmp_path / "no" / "such" / "file"

    assert Place().convert(str(nowhere), None, None) == nowhere


@pytest.mark.parametrize(
    ("setting", "typed", "meant"),
    [
        (declared.MAX_RATE, "5", 5.0),
        (roster_declared.ENCODING, "utf-8", "utf-8"),
        (declared.TICKET, "x", "x"),
        (declared.REPLY_TIMEOUT, "2m", 120.0),
        (declared.PLAN_VALID_FOR, "1d", 86_400.0),
    ],
    ids=lambda one: getattr(one, "name", None),
)
def test_types_take_their_own_values(setting: Declaration[object], typed: str, meant: object) -> None:
    """Click converts defaults and values of variables a second time."""
    kind = type_of(setting.kind)
    assert kind is not None
    assert kind.convert(kind.convert(typed, None, None), None, None) == meant


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("7*.xlsx", ["7a.xlsx", "7b.xlsx"]),
        ("7?.xlsx", ["7a.xlsx", "7b.xlsx"]),
        ("*", ["7a.xlsx", "7b.xlsx", "8 [new].csv", "staff"]),
        ("8 [new].csv", ["8 [new].csv"]),
        ("staff/*.csv", [str(Path("staff/all.csv"))]),
        ("nothing*.csv", ["nothing*.csv"]),
        ("7a.xlsx", ["7a.xlsx"]),
        ("-", ["-"]),
    ],
)
def test_a_pattern_means_the_files_that_fit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, word: str, meant: list[str]
) -> None:
    """The shells of Windows leave that to programs; what Excel puts beside a workbook that is open is none of them."""
    (tmp_path / "staff").mkdir()
    for name in ("7a.xlsx", "7b.xlsx", "~$7a.xlsx", ".hidden.xlsx", "8 [new].csv", "staff/all.csv"):
        (tmp_path / name).touch()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))

    assert files_meant(word) == meant
    if word == "7*.xlsx":
        assert files_meant(str(tmp_path / word)) == [str(tmp_path / name) for name in meant]
        assert files_meant(f"~/{word}") == [str(tmp_path / name) for name in meant]


@pytest.mark.parametrize(
    "path",
    [
        "roster.csv",
        "C:roster.csv",
        "\\reports",
        "..\\reports",
        ".",
        r"\\server\data$\reports",
        r"\\?\C:\reports\7a.xlsx",
        "a/b\\c",
        "NUL",
        "2035-09-01T0800Z-staff-1a2b",
    ],
)
def test_a_path_of_windows_is_left_as_it_is(path: str) -> None:
    """Relative to a drive, with either slash, with the prefix for long paths, and the device that takes everything."""
    assert place_on_windows(path) == path


@pytest.mark.parametrize(
    "path",
    ["CON.txt", r"C:\reports\aux.xlsx", "reports.", "reports \\x", "roster.csv:stream", "7*.xlsx", "x" * 300, "a\0b"],
)
def test_a_path_that_windows_would_take_for_another_is_refused(path: str) -> None:
    """In any of its parts."""
    with pytest.raises(ValueError, match="Windows"):
        place_on_windows(path)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ('C:\\My reports"', "C:\\My reports\\"),
        ('D:"', "D:\\"),
        ('.\\reports\\2035-09-01T0800Z-staff-1a2b"', ".\\reports\\2035-09-01T0800Z-staff-1a2b\\"),
    ],
)
def test_a_quote_that_a_backslash_made_is_that_backslash(typed: str, meant: str) -> None:
    """Completion ends a folder in one, and the quote behind it is then taken for a letter."""
    assert place_on_windows(typed) == meant


@pytest.mark.parametrize("typed", ['C:\\My reports" --json', 'C:\\reports" latest', 'a"b"', '"a'])
def test_what_such_a_quote_has_swallowed_is_told(typed: str) -> None:
    """With the way out."""
    with pytest.raises(ValueError, match="before a closing quote"):
        place_on_windows(typed)


def test_the_users_folder_is_written_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """As other shells do it before a program is started."""
    monkeypatch.setenv("HOME", "/home/ann")
    monkeypatch.setenv("USERPROFILE", "/home/ann")

    assert place_on_windows("~/7a.xlsx") == "/home/ann/7a.xlsx"
    assert place_on_windows("~7a.xlsx") == "~7a.xlsx"
