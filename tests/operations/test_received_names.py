"""Lists of received slips that have names only: whom of a run their rows mean."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

import pytest

from bulktap.model.guards import Guards
from bulktap.model.plan import Field
from bulktap.model.row_phases import RowPhase
from bulktap.operations.received_names import listed_names
from bulktap.operations.recorded_rows import RecordedRow, RecordedRun
from bulktap.operations.run_settings import ReadingSettings
from bulktap.roster.files.input_bytes import RosterInput
from bulktap.storage.run_folder import RunFolder

if TYPE_CHECKING:
    from pathlib import Path

PEOPLE = [
    ("anna.arendt@contoso.com", "Anna Arendt", "7B"),
    ("ana1@contoso.com", "Ana Silva", "7B"),
    ("ana2@contoso.com", "Ana Silva", "10a"),
    ("fran@contoso.com", "François-Xavier O'Brien", "10a"),
    ("zoe@contoso.com", "Zoë 🎉 Sparkle", "10a"),
    ("wang@contoso.com", "王小明", "10a"),
    ("li@contoso.com", "Li", "7B"),
    ("omar@contoso.com", "عمر عبد الله", ""),
    ("test1@contoso.com", "Student 01", ""),
    ("test2@contoso.com", "Student 02", ""),
]


@pytest.fixture
def run(tmp_path: Path) -> RecordedRun:
    """A run that served a few people."""
    rows = [
        RecordedRow(number, user, None, user, name, group, number + 1, RowPhase.ISSUED, None, handed_out=True)
        for number, (user, name, group) in enumerate(PEOPLE, 1)
    ]
    nothing = cast("Any", None)
    return RecordedRun(RunFolder(tmp_path / "run"), nothing, tuple(rows), "Contoso", Guards(), {}, None)


def listed(run: RecordedRun, path: Path, text: str, **more: Any) -> Any:
    """Return what a list comes to."""
    path.write_text(text, encoding="utf-8")
    reading = ReadingSettings()
    return listed_names(RosterInput(path), replace(reading, options=replace(reading.options, **more)), run)


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("Name,Signature\nAnna Arendt,x\n", [1]),
        ("Name,Class,Signature\nanna  ARENDT,7B,\n", [1]),
        ("Name;Klasse;Unterschrift\nArendt, Anna;7B;x\nLi;7B;\n", [1, 7]),
        ("Vorname;Nachname\nAnna;Arendt\nZoe;Sparkle\n", [1, 5]),
        ("Name,Signature,\nArendt, Anna,x\n", [1]),
        ("Name\nFrancois Xavier OBrien\nFRANÇOIS-XAVIER O’BRIEN\n", [4]),
        ("Nom,Signé\nO'Brien François-Xavier,oui\n王小明,oui\nعمر عبد الله,oui\n", [4, 6, 8]),
        ("Name,Signature\nAna Silva (ana2@contoso.com),x\n", [3]),
        ("Name,Class,Signature\nAna Silva,10A,x\n", [3]),
        ("Name,Signature\nAna Silva,x\nAna Silva,x\n", [2, 3]),
        ("Received slips,\n,\nName,Signature\n1. Anna Arendt,x\n2. Li,x\n", [1, 7]),
        ("Anna Arendt\nLi\nZoe Sparkle\n", [1, 5, 7]),
        ("No.,Name\n1,Anna Arendt\n2,student 02\n", [1, 10]),
        ("Name,Remark\nAnna Arendt,ill\nMing,see WANG@contoso.com\nLi,\nZoe Sparkle,\n", [1, 5, 6, 7]),
    ],
)
def test_people_are_known_by_their_names(run: RecordedRun, tmp_path: Path, text: str, numbers: list[int]) -> None:
    """In any order and spelling, in one cell or two, with a class or a sign-in name beside them, under titles."""
    found = listed(run, tmp_path / "received.csv", text)

    assert sorted(found.numbers) == numbers
    assert found.shared == ()


@pytest.mark.parametrize(
    ("text", "shared"),
    [
        ("Name\nAna Silva\nLi\n", ("Ana Silva",)),
        ("Name,Class\nSilva Ana,9c\nLi,7B\n", ("Ana Silva",)),
        ("Name,Class\nAna Silva,7B\nLi,7B\n", ()),
    ],
)
def test_a_name_that_several_have_keeps_the_pass_of_all(
    run: RecordedRun, tmp_path: Path, text: str, shared: tuple[str, ...]
) -> None:
    """Nobody can tell which of them received a slip; whom the class tells apart is one person."""
    found = listed(run, tmp_path / "received.csv", text)

    assert found.shared == shared
    assert found.numbers >= ({2, 3} if shared else {2})


@pytest.mark.parametrize(
    ("text", "unknown"),
    [
        ("Name,Signature\nAnna Arendt,x\nNobody Here,x\n", ["Nobody Here"]),
        ("Name,Signature\nAnna Arendt,x\n ,x\nAna,x\n", ["x", "Ana"]),
        ("Name,Signature\nAnna Arendt,x\nArend,x\nAnna,x\n", ["Arend", "Anna"]),
        ("Name,Signature\nAnna Arendt,x\nAnna Arendt Silva,x\n", ["Anna Arendt Silva"]),
        ("Nobody Here\nAnna Arendt\nLi\n", ["Nobody Here"]),
    ],
)
def test_who_is_nobody_of_the_run_is_told(run: RecordedRun, tmp_path: Path, text: str, unknown: list[str]) -> None:
    """A part of a name is none; somebody in the row that was taken for the headings counts too."""
    found = listed(run, tmp_path / "received.csv", text)

    assert [words for _, words in found.unknown] == unknown
    assert 1 in found.numbers


@pytest.mark.parametrize(
    ("text", "more"),
    [
        ("User,Name\nanna.arendt@contoso.com,Anna Arendt\n", {}),
        ("Name,Signature\nNobody Here,x\n", {}),
        ("Name,Login\nAnna Arendt,anna.arendt\n", {"columns": {Field.USER: "Login"}}),
        ("", {}),
        ("Name\n", {}),
    ],
)
def test_what_is_no_list_of_names_is_read_as_a_roster(
    run: RecordedRun, tmp_path: Path, text: str, more: dict[str, Any]
) -> None:
    """Also a file that cannot be read, so that what is wrong with it is said as of any roster."""
    assert listed(run, tmp_path / "received.csv", text, **more) is None
