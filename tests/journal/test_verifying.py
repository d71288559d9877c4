# ruff: noqa: S608 - every statement is the test's own
from __future__ import annotations

import hashlib
import sqlite3
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bulktap.journal import Journal
from bulktap.journal.header import StoredHeader
from bulktap.model.errors import DiskRefuses, JournalDamaged, Locked, WrongPassphrase

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from types import SimpleNamespace

    from bulktap.model.secret import Secret

LAST = 30
"""Records of the finished journal: archive, eight rows, 21 events."""


def read_all(path: Path, passphrase: Secret) -> tuple[object, ...]:
    """Return all that a journal says."""
    with Journal.open(path, passphrase) as journal:
        return journal.header, journal.state(), journal.archive(), journal.record_count


def edit(path: Path, *statements: str) -> None:
    """Change the file behind the journal's back."""
    connection = sqlite3.connect(path)
    # On Windows nobody removes a rollback file that another connection has open.
    connection.execute("PRAGMA journal_mode = MEMORY")
    for statement in statements:
        connection.execute(statement)
    connection.commit()
    connection.close()


def detected_or_harmless(path: Path, content: bytes, truth: tuple[object, ...], passphrase: Secret) -> bool:
    """Tell whether a changed file is refused, or says the same as before."""
    path.write_bytes(content)
    try:
        return read_all(path, passphrase) == truth
    except (JournalDamaged, WrongPassphrase):
        return True


@settings(deadline=None, max_examples=500, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_byte_that_is_changed_is_detected_or_changes_nothing(
    data: st.DataObject, finished: Path, tmp_path: Path, passphrase: Secret
) -> None:
    """No single byte of the file can make the journal say something else."""
    original = finished.read_bytes()
    truth = read_all(finished, passphrase)
    position = data.draw(st.integers(0, len(original) - 1))
    changed = bytearray(original)
    changed[position] ^= data.draw(st.integers(1, 255))

    assert detected_or_harmless(tmp_path / "changed.db", bytes(changed), truth, passphrase)
    finished.write_bytes(original)


def test_any_byte_that_decides_how_the_file_is_read_may_change(
    finished: Path, tmp_path: Path, passphrase: Secret
) -> None:
    """The same for every byte of the file's header and of each page's header, in two ways each."""
    original = finished.read_bytes()
    truth = read_all(finished, passphrase)
    positions = [*range(108), *(page + offset for page in range(4096, len(original), 4096) for offset in range(10))]

    for position in positions:
        for flip in (0x01, 0x80):
            changed = bytearray(original)
            changed[position] ^= flip
            assert detected_or_harmless(tmp_path / "changed.db", bytes(changed), truth, passphrase), (position, flip)


@pytest.mark.parametrize("length", [0, 1, 99, 100, 4095, 4096, 8192, -4096, -1])
def test_a_file_that_was_cut_off_is_damaged(finished: Path, passphrase: Secret, length: int) -> None:
    """Wherever it ends."""
    finished.write_bytes(finished.read_bytes()[:length])

    with pytest.raises(JournalDamaged):
        Journal.open(finished, passphrase)


@pytest.mark.parametrize("number", range(1, LAST + 1))
def test_a_dropped_record_is_named(finished: Path, passphrase: Secret, number: int) -> None:
    """Any one of them; the last is missed by the head."""
    edit(finished, f"DELETE FROM record WHERE number = {number}")

    expected = f"Record {number} " if number < LAST else f"has {LAST - 1} records, but its head counts {LAST}"
    with pytest.raises(JournalDamaged, match=expected):
        Journal.open(finished, passphrase)


def test_a_dropped_record_is_noticed_when_the_others_close_the_gap(finished: Path, passphrase: Secret) -> None:
    """Numbers are sealed, so renumbering does not help."""
    edit(finished, "DELETE FROM record WHERE number = 12", "UPDATE record SET number = number - 1 WHERE number > 12")

    with pytest.raises(JournalDamaged, match="record 12 "):
        Journal.open(finished, passphrase)


def test_swapped_records_are_named(finished: Path, passphrase: Secret) -> None:
    """Two passcodes cannot change places."""
    edit(
        finished,
        "UPDATE record SET number = -1 WHERE number = 18",
        "UPDATE record SET number = 18 WHERE number = 19",
        "UPDATE record SET number = 19 WHERE number = -1",
    )

    with pytest.raises(JournalDamaged, match=r"record 18 \(issued"):
        Journal.open(finished, passphrase)


def test_a_repeated_record_is_named(finished: Path, passphrase: Secret) -> None:
    """A copy at the end is a record too many, whatever it says."""
    edit(
        finished,
        f"INSERT INTO record SELECT {LAST + 1}, row, kind, public, previous, sealed FROM record WHERE number = {LAST}",
    )

    with pytest.raises(JournalDamaged, match=f"record {LAST + 1} "):
        Journal.open(finished, passphrase)


@pytest.mark.parametrize(
    "change",
    [
        "row = 2",
        "kind = 'refused'",
        "public = replace(public, 'pass-1', 'pass-2')",
        "previous = zeroblob(16)",
        "sealed = zeroblob(50)",
        "sealed = NULL",
        "public = NULL",
        "kind = x'1b5b324a'",
    ],
)
def test_an_edited_column_is_named(finished: Path, passphrase: Secret, change: str) -> None:
    """Every column of a record is authenticated, and what was put there is not printed raw."""
    edit(finished, f"UPDATE record SET {change} WHERE number = 18")  # the first pass that was issued

    with pytest.raises(JournalDamaged, match=r"(?i)record 18 ") as raised:
        Journal.open(finished, passphrase)
    assert raised.value.message.isprintable()


def test_a_record_of_another_run_with_the_same_passphrase_is_named(
    finished: Path, tmp_path: Path, passphrase: Secret, story: SimpleNamespace, write_journal: Callable[..., Path]
) -> None:
    """Number, row and kind may agree; the data key does not."""
    write_journal(tmp_path / "other.db", story.commits)
    edit(
        finished,
        f"ATTACH '{tmp_path / 'other.db'}' AS other",
        "DELETE FROM record WHERE number = 18",
        "INSERT INTO record SELECT * FROM other.record WHERE number = 18",
    )

    with pytest.raises(JournalDamaged, match="record 18 "):
        Journal.open(finished, passphrase)


def test_a_record_of_another_branch_of_the_same_run_is_named(
    tmp_path: Path, passphrase: Secret, story: SimpleNamespace, write_journal: Callable[..., Path]
) -> None:
    """Two copies of one journal that went on separately cannot be mixed: each record names its predecessor."""
    path = write_journal(tmp_path / "journal.db", story.commits[:1])
    copy = tmp_path / "copy.db"
    copy.write_bytes(path.read_bytes())
    for branch in (path, copy):
        with Journal.open(branch, passphrase) as journal:
            journal.record([story.issued(1)])
            journal.record([story.issued(2)])
    edit(
        path,
        f"ATTACH '{copy}' AS copy",
        "DELETE FROM record WHERE number = 19",
        "INSERT INTO record SELECT * FROM copy.record WHERE number = 19",
    )

    with pytest.raises(JournalDamaged, match="record 19 "):
        Journal.open(path, passphrase)


@pytest.mark.parametrize("table", ["header", "spare"])
@pytest.mark.parametrize("word", ["students-1a2b", "11111111-2222", "abab", '"memory_kib":8', "true"])
def test_an_edited_header_is_damage(finished: Path, passphrase: Secret, table: str, word: str) -> None:
    """Run, tenant, digest, cost or kind of tenant: an edit that forgets the checksum, or one copy, is damage."""
    edit(finished, f"UPDATE {table} SET public = replace(public, '{word}', '{word[:-1]}9')")

    with pytest.raises(JournalDamaged, match="header"):
        Journal.open(finished, passphrase)


@pytest.mark.parametrize("word", ["students-1a2b", "11111111-2222", "abab", '"memory_kib":8', "true"])
def test_a_header_edited_with_care_does_not_open(finished: Path, passphrase: Secret, word: str) -> None:
    """Somebody who mends checksum and both copies still does not get the data key to fit."""
    replacement = "false" if word == "true" else f"{word[:-1]}9"
    forge_header(finished, lambda public: public.replace(word.encode(), replacement.encode()))

    with pytest.raises(WrongPassphrase):
        Journal.open(finished, passphrase)


def test_a_header_that_asks_for_a_terabyte_is_refused(finished: Path, passphrase: Secret) -> None:
    """A hostile file cannot hang whoever opens it."""
    forge_header(finished, lambda public: public.replace(b'"memory_kib":8', b'"memory_kib":1073741824'))

    with pytest.raises(JournalDamaged, match="never writes"):
        Journal.open(finished, passphrase)


def test_a_newer_format_is_refused_without_calling_it_damage(finished: Path, passphrase: Secret) -> None:
    """The remedy is a newer bulktap, not a backup."""
    forge_header(finished, lambda public: public, version=2)

    with pytest.raises(Locked, match="format 2") as raised:
        Journal.open(finished, passphrase)
    assert not isinstance(raised.value, JournalDamaged)


def forge_header(path: Path, change: Callable[[bytes], bytes], version: int = 1) -> None:
    """Change both copies of the header and mend their checksums, as somebody without the passphrase can."""
    connection = sqlite3.connect(path)
    for table in ("header", "spare"):
        public, wrapped = connection.execute(f"SELECT public, wrapped FROM {table}").fetchone()
        public = change(public.encode())
        counted = b"%d %d %d\0" % (version, len(public), len(wrapped))
        checksum = hashlib.sha256(counted + public + wrapped).digest()
        assert StoredHeader(version, public, wrapped, checksum).is_intact
        values = (version, public.decode(), checksum)
        connection.execute(f"UPDATE {table} SET version = ?, public = ?, checksum = ?", values)
    connection.commit()
    connection.close()


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TRIGGER t AFTER INSERT ON record BEGIN DELETE FROM record; END",
        "CREATE TABLE stray (id INTEGER)",
        "DROP TABLE spare",
        "DELETE FROM head",
        "INSERT INTO head SELECT 2, sealed FROM head",
        "UPDATE head SET sealed = zeroblob(52)",
        "PRAGMA journal_mode=WAL",
    ],
)
def test_a_file_that_is_laid_out_differently_is_damage(finished: Path, passphrase: Secret, statement: str) -> None:
    """A trigger that eats records, a lost table, another head, a write-ahead log: nothing is written to such a file."""
    edit(finished, statement)

    with pytest.raises(JournalDamaged):
        Journal.open(finished, passphrase)


def test_something_else_under_the_journals_name_is_damage(tmp_path: Path, passphrase: Secret) -> None:
    """A text file, or a folder's worth of zeros, is not taken for a journal."""
    for content in (b"hello", bytes(8192)):
        (tmp_path / "journal.db").write_bytes(content)
        with pytest.raises(JournalDamaged):
            Journal.open(tmp_path / "journal.db", passphrase)


def test_damage_is_not_a_disk_fault() -> None:
    """The two have different exit codes, and different remedies."""
    assert (JournalDamaged.exit_code, DiskRefuses.exit_code) == (12, 7)


@pytest.mark.parametrize(
    "change",
    [
        "DELETE FROM record WHERE number = 17",
        "UPDATE record SET sealed = zeroblob(50) WHERE number = 17",
        "UPDATE record SET previous = zeroblob(16) WHERE number = 17",
        "DELETE FROM record WHERE number = 18",
        "UPDATE record SET row = 2 WHERE number = 20",
        "UPDATE record SET public = '{}' WHERE number = 18",
        f"DELETE FROM record WHERE number = {LAST}",
        f"INSERT INTO record SELECT {LAST + 1}, row, kind, public, previous, sealed FROM record WHERE number = {LAST}",
        "UPDATE record SET number = 99 WHERE number = 19",
    ],
)
def test_a_look_at_what_is_new_is_as_strict_as_one_at_everything(
    tmp_path: Path, passphrase: Secret, story: SimpleNamespace, write_journal: Callable[..., Path], change: str
) -> None:
    """From the last record that was known on, one that was dropped, edited, moved or added is damage."""
    path = write_journal(tmp_path / "journal.db", story.commits[:1])
    with Journal.open(path, passphrase) as journal:
        state = journal.state()
        assert state.record_count == 17
        for events in story.commits[1:]:
            journal.record(events)
        edit(path, change)

        with pytest.raises(JournalDamaged):
            journal.catch_up(state)
