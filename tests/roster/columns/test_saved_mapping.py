"""`bulktap.toml` beside a roster."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from bulktap.model.errors import RosterError
from bulktap.model.plan import Field
from bulktap.roster.columns.saved_mapping import as_note, as_toml, keep, saved_guards, saved_mapping
from bulktap.roster.reading_options import ReadingOptions
from bulktap.roster.reading_words import DateOrder, HiddenRows

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


SEVERAL_LINES = "[columns]\r\nuser = 'Old'  # of 2024\r\n\r\n[roster]\r\nsheet = [\r\n 'A',\r\n 'B',\r\n]\r\n"
KEEPING = [
    pytest.param("", '[roster]\nsheet = "7B"\n\n[columns]\nuser = "Who"\n', id="a new file"),
    pytest.param(
        "# ours\n[roster]\ntimezone = 'Europe/Berlin' # the school's\n",
        "# ours\n[roster]\ntimezone = 'Europe/Berlin' # the school's\nsheet = \"7B\"\n\n[columns]\nuser = \"Who\"\n",
        id="comments stay",
    ),
    pytest.param(
        SEVERAL_LINES,
        '[columns]\r\nuser = "Who"  # of 2024\r\n\r\n[roster]\r\nsheet = "7B"\r\n',
        id="a list of several lines, and Windows' line ends",
    ),
    pytest.param(
        "[roster]\ndomain = 'x.org'\n\n[columns]\n'user' = \"a # b\" # c\nstart = 'S'",
        "[roster]\ndomain = 'x.org'\nsheet = \"7B\"\n\n[columns]\nuser = \"Who\"  # c\nstart = 'S'\n",
        id="other keys stay, and no line end at the end",
    ),
    pytest.param(
        "\ufeff[roster]\nsheet = 'A'\n",
        '\ufeff[roster]\nsheet = "7B"\n\n[columns]\nuser = "Who"\n',
        id="a mark at the beginning",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("before", "after"), KEEPING)
def test_answers_are_added_to_a_file_whose_other_lines_stay(tmp_path: Path, before: str, after: str) -> None:
    """Only what was answered is changed; whoever could read the file can read it afterwards."""
    place, roster = tmp_path / "bulktap.toml", tmp_path / "r.csv"
    roster.write_text("", "utf-8")
    like = place if before else roster
    if before:
        place.write_bytes(before.encode())
    like.chmod(0o640)

    keep(place, ReadingOptions(sheets=("7B",), columns={Field.USER: "Who"}), like=roster)

    assert place.read_bytes().decode() == after
    assert sys.platform == "win32" or place.stat().st_mode & 0o777 == 0o640
    assert sorted(one.name for one in tmp_path.iterdir()) == ["bulktap.toml", "r.csv"]


@pytest.mark.parametrize(
    "text",
    ["roster.sheet = 'A'\n", "[roster]\ndomain = '''\nsheet = 3\n'''\n", "roster = {sheet = 'A'}\n",
     "[roster]\nsheet = 'A\n"],
)  # fmt: skip
def test_a_file_that_is_written_otherwise_is_not_touched(tmp_path: Path, text: str) -> None:
    """Rather the lines to copy than a guess."""
    place = tmp_path / "bulktap.toml"
    place.write_text(text, "utf-8")

    with pytest.raises(RosterError, match="cannot be changed"):
        keep(place, ReadingOptions(sheets=("7B",)), like=place)

    assert place.read_text("utf-8") == text


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_a_file_may_be_written_as_windows_does(tmp_path: Path, encoding: str) -> None:
    """Windows PowerShell 5.1 redirects in UTF-16; what it says counts, and answers can be added to it."""
    place, roster = tmp_path / "bulktap.toml", tmp_path / "r.csv"
    roster.write_text("User\n", encoding="utf-8")
    mark = "\ufeff" if encoding.endswith("e") else ""
    text = '[roster]\r\nsheet = "Schüler"\r\n\r\n[guards]\r\nmax-rows = 2\r\n'
    place.write_bytes((mark + text).encode(encoding))

    assert saved_mapping(roster) == ReadingOptions(sheets=("Schüler",))
    assert saved_guards(roster) == {"max-rows": 2}
    keep(place, ReadingOptions(domain="contoso.com"), like=roster)
    assert saved_mapping(roster) == ReadingOptions(sheets=("Schüler",), domain="contoso.com")


@pytest.mark.parametrize("content", [b"\xff\xfe[\x00r", b"\xe9", b'[roster]\ndomain = "caf\xe9"\n', b"\xfe\xff\x00"])
def test_an_encoding_that_is_not_known_is_said_in_plain_words(tmp_path: Path, content: bytes) -> None:
    """Without the words of Python's codecs."""
    (tmp_path / "bulktap.toml").write_bytes(content)

    with pytest.raises(RosterError) as refusal:
        saved_mapping(tmp_path / "r.csv")

    assert "codec" not in refusal.value.message


@pytest.mark.parametrize(
    "name", ["bulktap.toml.txt", "Bulktap.toml", "BULKTAP.TOML", "bulktap.TOML", "Bulktap.toml.txt", "BULKTAP.toml"]
)
def test_a_file_under_another_name_is_not_passed_over(tmp_path: Path, name: str) -> None:
    """Guards in it would not hold: Notepad adds an ending, and only some file systems tell cases apart."""
    (tmp_path / name).write_text("[guards]\nmax-rows = 2\n", encoding="utf-8")
    if (tmp_path / "bulktap.toml").exists():
        pytest.skip("this file system takes both names for one")

    for read in (saved_mapping, saved_guards):
        with pytest.raises(RosterError) as refusal:
            read(tmp_path / "r.csv")
        # Where capital and small letters are one name, either spelling is the file's.
        spellings = {name, name.lower()} if (tmp_path / name.lower()).exists() else {name}
        assert any(one in refusal.value.message for one in spellings)
        assert "bulktap.toml" in refusal.value.hint


@pytest.mark.parametrize("name", ["bulktap.toml.bak", "old-bulktap.toml", "bulktap.toml~", "bulktap.json", "toml.txt"])
def test_copies_and_other_files_are_no_business_of_bulktaps(tmp_path: Path, name: str) -> None:
    """What somebody put aside does not count, and stops nobody."""
    (tmp_path / name).write_text("[guards]\nmax-rows = 2\n", encoding="utf-8")

    assert saved_mapping(tmp_path / "r.csv") is None
