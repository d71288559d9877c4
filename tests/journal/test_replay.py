from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bulktap.journal.entries import JournalRow, archive_entry, event_entry, row_entry
from bulktap.journal.records import NO_TAG, Record
from bulktap.journal.replay import empty_state, replay
from bulktap.model.row_phases import RowPhase
from bulktap.model.run_events import Closed
from bulktap.model.secret import Secret

if TYPE_CHECKING:
    from types import SimpleNamespace

    from bulktap.journal import JournalHeader
    from bulktap.journal.entries import Entry


def record(entry: Entry) -> Record:
    """Return the entry as a record whose number and seal do not matter here."""
    return Record(1, entry.row, entry.kind.encode(), entry.public.encode(), NO_TAG, b"")


def test_records_add_up_to_the_state(header: JournalHeader, story: SimpleNamespace) -> None:
    """Archive, row, sent, issued, closed: five records, and the passcode where the sealed part is given."""
    state = empty_state(header)
    for entry in (archive_entry(b"plan"), row_entry(JournalRow(3, "adele@contoso.com", None))):
        replay(state, record(entry), b"")
    replay(state, record(event_entry(story.sent(3))), b"")
    replay(state, record(event_entry(story.issued(3))), b"Pc!003")
    replay(state, record(event_entry(Closed())), b"")

    assert (state.run, state.tenant_id, state.record_count) == (header.run, header.tenant_id, 5)
    assert state.closed
    assert state.rows[3].user == "adele@contoso.com"
    assert state.rows[3].phase is RowPhase.ISSUED
    assert state.rows[3].issued.value == Secret("Pc!003")


def test_an_event_of_a_row_whose_record_is_lost_makes_the_row(header: JournalHeader, story: SimpleNamespace) -> None:
    """A saved passcode is worth more than the name that belongs to it."""
    state = empty_state(header)
    replay(state, record(event_entry(story.issued(3))), b"Pc!003")

    assert state.rows[3].user == ""
    assert state.rows[3].issued.value == Secret("Pc!003")


@pytest.mark.parametrize("change", [{"kind": b"stray"}, {"kind": b"\xff"}, {"row": 0}, {"row": -4}, {"public": b"?"}])
def test_a_record_that_makes_no_sense_is_told(
    header: JournalHeader, story: SimpleNamespace, change: dict[str, object]
) -> None:
    """An unknown kind, no row, or no JSON."""
    state = empty_state(header)

    with pytest.raises(ValueError, match=r"."):
        replay(state, record(event_entry(story.sent(3)))._replace(**change), None)
    assert state.rows == {}
