from __future__ import annotations

import os
import stat
import sys
import zlib
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bulktap.journal import CHEAPEST, Journal, JournalHeader, JournalRow
from bulktap.model.errors import InUse, JournalDamaged, PlanRefused, WrongPassphrase
from bulktap.model.row_phases import RowPhase
from bulktap.model.run_events import Confirmed, Doubted, Noted
from bulktap.model.run_state import RowState, RunState
from bulktap.model.secret import Secret

if TYPE_CHECKING:
    from pathlib import Path
    from types import SimpleNamespace


def folded(header: JournalHeader, rows: list[JournalRow], commits: list[list]) -> RunState:
    """Return the state that the events add up to without any journal."""
    state = RunState(
        header.run, header.tenant_id, {row.number: RowState(row.number, row.user, row.object_id) for row in rows}
    )
    for event in (event for commit in commits for event in commit):
        state.fold(event)
    state.record_count = 1 + len(rows) + sum(map(len, commits))
    return state


def test_a_reopened_journal_gives_the_state_that_its_events_add_up_to(
    finished: Path, header: JournalHeader, rows: list[JournalRow], passphrase: Secret, story: SimpleNamespace
) -> None:
    """Header, archive, rows, passcodes, notes and counts come back as they went in."""
    with Journal.open(finished, passphrase) as journal:
        assert journal.state() == folded(header, rows, story.commits)
        assert journal.header == header
        assert journal.archive() == story.archive
        assert journal.record_count == 1 + len(rows) + sum(map(len, story.commits))
        assert journal.state().rows[3].issued.value == Secret(story.passcode(3))


@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_events_in_any_commits_give_the_same_state_after_reopening(
    data: st.DataObject,
    tmp_path: Path,
    header: JournalHeader,
    rows: list[JournalRow],
    passphrase: Secret,
    story: SimpleNamespace,
) -> None:
    """However events are cut into commits, and wherever the run is resumed, the state is the same."""
    row = st.integers(1, 8)
    event = st.one_of(
        st.builds(story.sent, row),
        st.builds(story.issued, row),
        st.builds(Confirmed, row, st.booleans()),
        st.builds(Noted, row, st.text(max_size=10)),
        st.builds(Doubted, row, st.text(max_size=10)),
    )
    sessions = data.draw(st.lists(st.lists(st.lists(event, max_size=5), max_size=4), min_size=1, max_size=3))
    path = tmp_path / f"{os.urandom(4).hex()}.db"
    Journal.create(path, header, rows, b"", passphrase, cost=CHEAPEST).close()

    for commits in sessions:
        with Journal.open(path, passphrase) as journal:
            for events in commits:
                journal.record(events)

    with Journal.open(path, passphrase) as journal:
        assert journal.state() == folded(header, rows, [commit for commits in sessions for commit in commits])


def test_no_passcode_is_in_the_file_in_any_spelling(finished: Path, story: SimpleNamespace) -> None:
    """Neither in UTF-8 nor in UTF-16, and the archive is sealed, too; what is meant to be clear is there."""
    content = finished.read_bytes()

    for number in (1, 2, 3, 4, 5, 7):
        for encoding in ("utf-8", "utf-16-le", "utf-16-be"):
            assert story.passcode(number).encode(encoding) not in content
    assert story.archive[:20] not in content
    assert zlib.compress(story.archive)[:20] not in content
    assert b"student3@contoso.com" in content
    assert b"pass-3" in content


@pytest.mark.skipif(sys.platform == "win32", reason="on Windows the folder's access list applies")
def test_the_file_is_private_and_alone_when_closed(finished: Path) -> None:
    """Mode 0600, and no rollback file stays behind."""
    assert stat.S_IMODE(finished.stat().st_mode) == 0o600
    assert [path.name for path in finished.parent.iterdir()] == ["journal.db"]


@pytest.mark.skipif(sys.platform == "win32", reason="on Windows the folder's access list applies")
def test_the_rollback_file_is_private_too(
    tmp_path: Path, header: JournalHeader, rows: list[JournalRow], passphrase: Secret, story: SimpleNamespace
) -> None:
    """The file that undoes an unfinished commit has the journal's mode."""
    with Journal.create(tmp_path / "journal.db", header, rows, b"", passphrase, cost=CHEAPEST) as journal:
        journal.record([story.sent(1)])

        assert stat.S_IMODE((tmp_path / "journal.db-journal").stat().st_mode) == 0o600


def test_a_wrong_passphrase_is_not_called_damage(finished: Path) -> None:
    """The two are told apart, and the right passphrase still works afterwards."""
    before = finished.read_bytes()

    with pytest.raises(WrongPassphrase):
        Journal.open(finished, Secret("correct horse, Strasse"))

    assert finished.read_bytes() == before


def test_a_journal_is_never_overwritten(
    finished: Path, header: JournalHeader, rows: list[JournalRow], passphrase: Secret
) -> None:
    """Creating where one is would cost every passcode in it."""
    before = finished.read_bytes()

    with pytest.raises(PlanRefused):
        Journal.create(finished, header, rows, b"", passphrase, cost=CHEAPEST)

    assert finished.read_bytes() == before


def test_an_older_copy_is_noticed_by_whoever_remembers_the_count(finished: Path, passphrase: Secret) -> None:
    """As many records are enough, one less is not."""
    with Journal.open(finished, passphrase) as journal:
        journal.require_at_least(journal.record_count)
        with pytest.raises(JournalDamaged, match="had"):
            journal.require_at_least(journal.record_count + 1)


def test_a_second_writer_is_noticed(finished: Path, passphrase: Secret, story: SimpleNamespace) -> None:
    """If the run's lock was ignored, the journal still keeps one line of records."""
    with Journal.open(finished, passphrase) as ours, Journal.open(finished, passphrase) as theirs:
        theirs.record([story.sent(6)])

        with pytest.raises(InUse):
            ours.record([story.sent(1)])

    with Journal.open(finished, passphrase) as journal:
        assert journal.state().rows[6].phase is RowPhase.SENT


def test_an_event_of_an_unknown_row_is_refused_and_leaves_nothing(
    finished: Path, passphrase: Secret, story: SimpleNamespace
) -> None:
    """The journal has the rows of its plan and no others."""
    with Journal.open(finished, passphrase) as journal:
        count = journal.record_count
        with pytest.raises(ValueError, match="99"):
            journal.record([story.sent(1), story.sent(99)])

        assert journal.record_count == count
        assert journal.state().record_count == count


def test_a_closed_journal_takes_nothing(finished: Path, passphrase: Secret, story: SimpleNamespace) -> None:
    """Closing is for good: the lock may be somebody else's by now."""
    journal = Journal.open(finished, passphrase)
    journal.close()

    with pytest.raises(ValueError, match="closed"):
        journal.record([story.sent(1)])


def test_a_missing_journal_is_told(tmp_path: Path, passphrase: Secret) -> None:
    """And no empty file appears in its place."""
    with pytest.raises(JournalDamaged, match="no journal"):
        Journal.open(tmp_path / "journal.db", passphrase)

    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "rows", [[JournalRow(1, "a@contoso.com", None), JournalRow(1, "b@contoso.com", None)], [JournalRow(0, "a", None)]]
)
def test_rows_without_a_number_of_their_own_are_refused(
    tmp_path: Path, header: JournalHeader, passphrase: Secret, rows: list[JournalRow]
) -> None:
    """Two rows of one number could not be told apart."""
    with pytest.raises(ValueError, match="numbers of their own"):
        Journal.create(tmp_path / "journal.db", header, rows, b"", passphrase, cost=CHEAPEST)


@pytest.mark.parametrize("first", range(6))
@pytest.mark.parametrize("looks", [1, 2, 3])
def test_a_state_that_was_read_early_catches_up_with_the_journal(
    tmp_path: Path,
    header: JournalHeader,
    rows: list[JournalRow],
    passphrase: Secret,
    story: SimpleNamespace,
    first: int,
    looks: int,
) -> None:
    """Wherever it was read, and in however many looks, it ends as one that is read in full, passcodes included."""
    with Journal.create(tmp_path / "journal.db", header, rows, b"", passphrase, cost=CHEAPEST) as journal:
        for events in story.commits[:first]:
            journal.record(events)
        state = journal.state()
        for number, events in enumerate(story.commits[first:]):
            journal.record(events)
            if number < looks:
                assert journal.catch_up(state) is state

        assert journal.catch_up(state) == journal.state() == folded(header, rows, story.commits)
        assert journal.catch_up(state) == journal.state()


def test_a_journal_that_was_opened_is_read_as_often_as_wanted(
    finished: Path, header: JournalHeader, rows: list[JournalRow], passphrase: Secret, story: SimpleNamespace
) -> None:
    """What was read on opening is handed out once, with what came since; later looks are objects of their own."""
    with Journal.open(finished, passphrase) as journal:
        journal.record([story.sent(6)])
        expected = folded(header, rows, [*story.commits, [story.sent(6)]])
        first = journal.state()
        assert first == expected
        first.rows.clear()
        second, third = journal.state(), journal.state()
        assert second == third == expected
        assert second is not third


@pytest.mark.parametrize(
    ("people", "known"),
    [
        ([], []),
        ([JournalRow(1, "ann@contoso.com", None)], []),
        ([JournalRow(7, "zoë@contoso.com", "00000000-0000-0000-0000-000000000007"), JournalRow(3, "bob", None)], []),
        ([JournalRow(1, "", None), JournalRow(2, "\ud83d half of a letter", "id")], []),
        ([JournalRow(number, f"user{number}@contoso.com", f"id-{number}") for number in range(1, 400)], []),
        ([JournalRow(1, "ann@contoso.com", None), JournalRow(2, "bob@contoso.com", None)], [Noted(2, "was late")]),
    ],
)
def test_a_new_journal_says_at_once_what_it_says_when_it_is_read(
    tmp_path: Path, header: JournalHeader, passphrase: Secret, people: list[JournalRow], known: list[Noted]
) -> None:
    """What has just been written is handed out without being read, and is the same, also after the first record."""
    path = tmp_path / "journal.db"
    with Journal.create(path, header, people, b"plan", passphrase, events=known, cost=CHEAPEST) as journal:
        told, read = journal.state(), journal.state()
        assert told == read == folded(header, people, [known])
        if people:
            journal.record([Noted(people[0].number, "looked at")])
            assert journal.catch_up(told) == journal.state()
    with Journal.open(path, passphrase) as again:
        assert again.state() == told
