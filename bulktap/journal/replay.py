"""Replay: records, in the order of their numbers, become the state of the run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bulktap.journal.entries import Kind, read_event, read_row
from bulktap.model.run_state import RowState, RunState

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bulktap.journal.entries import JournalRow
    from bulktap.journal.header import JournalHeader
    from bulktap.journal.records import Record


_KINDS = {kind.value.encode("ascii"): kind for kind in Kind}
_ARCHIVE, _ROW = Kind.ARCHIVE, Kind.ROW  # Python 3.11 looks a member up by a function, once for each record
_OF_THE_RUN = frozenset({Kind.CLOSED, Kind.BEGAN, Kind.ENDED})
"""What is about no single row."""


def empty_state(header: JournalHeader) -> RunState:
    """Return the state of a run of which no record has been read yet."""
    return RunState(run=header.run, tenant_id=header.tenant_id, rows={})


def state_of_rows(header: JournalHeader, rows: Iterable[JournalRow], *, record_count: int) -> RunState:
    """Return the state of a run whose journal has so many records, and says of its rows no more than who they are."""
    state = empty_state(header)
    state.rows = {row.number: RowState(row.number, row.user, row.object_id) for row in rows}
    state.record_count = record_count
    return state


def replay(state: RunState, record: Record, secret: bytes | None) -> None:
    """Take one more record into account; without its sealed part a passcode becomes an empty secret.

    A row whose own record is lost is there all the same, without a name.

    Raises:
        ValueError: the record's clear part is not what bulktap writes.
    """
    _, number, name, public, _, _ = record
    kind = _KINDS.get(name) or Kind(name.decode("ascii"))
    state.record_count += 1
    if kind is _ARCHIVE:
        return
    if kind is _ROW:
        row = read_row(number, public)
        state.rows[number] = RowState(number, row.user, row.object_id)
        return
    event = read_event(kind, number, public, secret)
    if number not in state.rows and kind not in _OF_THE_RUN:
        if number < 1:
            raise ValueError("an event of no row")
        state.rows[number] = RowState(number, "", None)
    state.fold(event)
