# ruff: noqa: S608 - every statement is the test's own
from __future__ import annotations

import random
import sqlite3
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from bulktap.journal import Journal, glance, salvage
from bulktap.model.errors import JournalDamaged, WrongPassphrase
from bulktap.model.row_phases import RowPhase
from bulktap.model.secret import Secret

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from types import SimpleNamespace

ISSUED_ROWS = (1, 2, 3, 4, 5, 7)


def edit(path: Path, *statements: str) -> None:
    """Change the file behind the journal's back."""
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA secure_delete = ON")  # as Debian's SQLite does by itself, and others do not
    for statement in statements:
        connection.execute(statement)
    connection.commit()
    connection.close()


def saved_passcodes(path: Path, passphrase: Secret) -> dict[int, str]:
    """Return the passcodes that can be saved."""
    rows = salvage(path, passphrase).state.rows.values()
    return {row.number: row.issued.value.reveal() for row in rows if row.issued is not None}


def test_a_glance_shows_all_but_the_passcodes(finished: Path, passphrase: Secret) -> None:
    """User, object id, pass id, phase, times and errors need no passphrase."""
    with Journal.open(finished, passphrase) as journal:
        header, state = journal.header, journal.state()
    for row in state.rows.values():
        if row.issued is not None:
            row.issued = replace(row.issued, value=Secret(""))

    seen = glance(finished)

    assert (seen.header, seen.state, seen.damage) == (header, state, ())


def test_a_glance_neither_disturbs_nor_waits_for_an_open_writer(
    finished: Path, passphrase: Secret, story: SimpleNamespace
) -> None:
    """It sees every commit that returned, and the writer goes on."""
    with Journal.open(finished, passphrase) as journal:
        for number in (6, 8):
            journal.record([story.sent(number)])
            assert glance(finished).state.rows[number].phase is RowPhase.SENT
            assert glance(finished).state.record_count == journal.record_count


def test_a_glance_at_a_locked_journal_shows_the_last_commit(finished: Path) -> None:
    """While a commit is being prepared, readers see the one before."""
    count = glance(finished).state.record_count
    writer = sqlite3.connect(finished, isolation_level=None)
    writer.execute("BEGIN IMMEDIATE")
    writer.execute("DELETE FROM record WHERE number > 9")

    seen = glance(finished)

    writer.execute("ROLLBACK")
    writer.close()
    assert seen.state.record_count == count


def test_a_glance_leaves_the_file_as_it_is(finished: Path) -> None:
    """Nothing is written, and nothing is left beside it."""
    before = finished.read_bytes()

    glance(finished)

    assert finished.read_bytes() == before
    assert [path.name for path in finished.parent.iterdir()] == ["journal.db"]


def test_a_glance_goes_on_after_a_record_that_makes_no_sense(finished: Path) -> None:
    """To revoke passes one needs the other rows, and to be told."""
    edit(finished, "UPDATE record SET public = 'x' WHERE number = 18")

    seen = glance(finished)

    assert seen.state.rows[1].phase is RowPhase.SENT
    assert seen.state.rows[2].issued is not None
    assert seen.damage == ("Record 18 (issued, row 1) cannot be read.",)


def test_a_glance_tells_of_records_that_are_missing(finished: Path) -> None:
    """The chain of records is there to see without the passphrase."""
    edit(finished, "DELETE FROM record WHERE number = 18")

    assert glance(finished).damage == ("Before record 19 (issued, row 2) something is missing or was changed.",)


def test_a_glance_uses_the_spare_header(finished: Path) -> None:
    """One damaged copy is survived."""
    expected = glance(finished).header
    edit(finished, "UPDATE header SET public = replace(public, 'students', 'teachers')")

    assert glance(finished).header == expected


@pytest.mark.parametrize("content", [None, b"", b"hello", bytes(8192)])
def test_a_glance_at_something_else_is_damage(tmp_path: Path, content: bytes | None) -> None:
    """No file, an empty one, or another kind of file."""
    path = tmp_path / "journal.db"
    if content is not None:
        path.write_bytes(content)

    with pytest.raises(JournalDamaged):
        glance(path)


def test_an_undamaged_journal_is_saved_in_full(finished: Path, passphrase: Secret, story: SimpleNamespace) -> None:
    """Salvage of what is whole equals reading it, page by page, without SQLite."""
    with Journal.open(finished, passphrase) as journal:
        header, state, archive = journal.header, journal.state(), journal.archive()

    saved = salvage(finished, passphrase)

    assert (saved.header, saved.state, saved.archive, saved.damage) == (header, state, archive, ())
    assert archive == story.archive


@pytest.mark.parametrize("number", range(1, 31))
def test_one_damaged_record_costs_no_other(
    finished: Path, passphrase: Secret, story: SimpleNamespace, number: int
) -> None:
    """Whichever it is, all other passcodes are saved and the damaged record is named."""
    edit(finished, f"UPDATE record SET public = public || ' ' WHERE number = {number}")

    saved = salvage(finished, passphrase)

    lost = {number - 17} if 18 <= number <= 22 else {7} if number == 28 else set()
    expected = {row: story.passcode(row) for row in ISSUED_ROWS if row not in lost}
    assert saved_passcodes(finished, passphrase) == expected
    assert len(saved.damage) == 1
    assert saved.damage[0].startswith(f"Record {number} (")
    assert saved.state.record_count == 29
    assert (saved.archive is None) == (number == 1)
    for row in lost:
        assert saved.state.rows[row].phase is RowPhase.SENT


def test_a_row_whose_name_is_lost_keeps_its_passcode(finished: Path, passphrase: Secret) -> None:
    """The archive still says whose it is."""
    edit(finished, "DELETE FROM record WHERE number = 4")

    saved = salvage(finished, passphrase)

    assert saved.state.rows[3].user == ""
    assert saved.state.rows[3].issued is not None
    assert saved.damage == ("Record 4 is missing.",)


def test_missing_records_are_told_together(finished: Path, passphrase: Secret) -> None:
    """A gap is one sentence, however long."""
    edit(finished, "DELETE FROM record WHERE number BETWEEN 20 AND 25 OR number = 30")

    assert salvage(finished, passphrase).damage == ("Records 20 to 25 are missing.", "Record 30 is missing.")


def test_a_record_from_another_copy_is_told(
    tmp_path: Path, passphrase: Secret, story: SimpleNamespace, write_journal: Callable[..., Path]
) -> None:
    """It is genuine, so it is saved; that it does not follow is said."""
    path = write_journal(tmp_path / "journal.db", story.commits[:1])
    (tmp_path / "copy.db").write_bytes(path.read_bytes())
    for branch in (path, tmp_path / "copy.db"):
        with Journal.open(branch, passphrase) as journal:
            journal.record([story.issued(1), story.issued(2)])
    edit(
        path,
        f"ATTACH '{tmp_path / 'copy.db'}' AS copy",
        "DELETE FROM record WHERE number = 19",
        "INSERT INTO record SELECT * FROM copy.record WHERE number = 19",
    )

    saved = salvage(path, passphrase)

    assert saved_passcodes(path, passphrase) == {1: story.passcode(1), 2: story.passcode(2)}
    assert saved.damage == ("Record 19 (issued, row 2) comes from another copy of this journal.",)


def test_a_lost_head_is_told(finished: Path, passphrase: Secret) -> None:
    """Everything is saved, but whether it is everything cannot be known."""
    edit(finished, "UPDATE head SET sealed = zeroblob(52)")

    assert salvage(finished, passphrase).damage == (
        "The head is damaged; whether there were records after 30 cannot be known.",
    )


@pytest.mark.parametrize("table", ["header", "spare"])
def test_one_damaged_copy_of_the_header_costs_nothing(
    finished: Path, passphrase: Secret, story: SimpleNamespace, table: str
) -> None:
    """Which is why there are two."""
    edit(finished, f"UPDATE {table} SET wrapped = zeroblob(60)")

    assert saved_passcodes(finished, passphrase) == {row: story.passcode(row) for row in ISSUED_ROWS}
    assert salvage(finished, passphrase).damage == ("One of the two copies of the header is damaged.",)


def test_without_any_header_nothing_opens(finished: Path, passphrase: Secret) -> None:
    """The data key is in the header alone."""
    edit(finished, *(f"UPDATE {table} SET wrapped = zeroblob(60)" for table in ("header", "spare")))

    with pytest.raises(JournalDamaged, match="header"):
        salvage(finished, passphrase)


def test_a_wrong_passphrase_saves_nothing(finished: Path) -> None:
    """And is not called damage."""
    with pytest.raises(WrongPassphrase):
        salvage(finished, Secret("another"))


def test_a_file_that_was_cut_off_gives_what_is_left(
    tmp_path: Path, passphrase: Secret, story: SimpleNamespace, write_journal: Callable[..., Path]
) -> None:
    """SQLite refuses such a file as a whole; the pages that are left are still read."""
    many = [[story.issued(row) for row in range(1, 9)] for _ in range(20)]
    path = write_journal(tmp_path / "journal.db", many)
    content = path.read_bytes()
    path.write_bytes(content[: len(content) - 3 * 4096])

    saved = salvage(path, passphrase)

    assert len(saved_passcodes(path, passphrase)) == 8
    assert 100 < saved.state.record_count < 169
    assert any("missing" in sentence for sentence in saved.damage)
    assert glance(path).state.record_count == saved.state.record_count


def test_a_spoilt_first_page_costs_at_most_the_head_and_headers_page(
    finished: Path, passphrase: Secret, story: SimpleNamespace
) -> None:
    """Without its first page no SQLite opens the file; the passcodes are elsewhere."""
    content = finished.read_bytes()
    finished.write_bytes(bytes(4096) + content[4096:])

    assert saved_passcodes(finished, passphrase) == {row: story.passcode(row) for row in ISSUED_ROWS}


def test_a_single_changed_byte_costs_at_most_one_record(finished: Path, passphrase: Secret) -> None:
    """Wherever it is; two hundred places, drawn with a fixed seed."""
    original = finished.read_bytes()
    rng = random.Random(7)  # noqa: S311 - no secret is made of it
    for _ in range(200):
        changed = bytearray(original)
        position = rng.randrange(len(original))
        changed[position] ^= 1 << rng.randrange(8)
        finished.write_bytes(bytes(changed))

        assert salvage(finished, passphrase).state.record_count >= 29, position


def test_salvage_changes_nothing(finished: Path, passphrase: Secret) -> None:
    """A damaged file is evidence."""
    edit(finished, "UPDATE record SET row = 9 WHERE number = 20")
    before = finished.read_bytes()

    salvage(finished, passphrase)

    assert finished.read_bytes() == before
