"""What the journal's tests share: a small run, its events, and a journal of them on the disk."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest

from bulktap.journal import CHEAPEST, Journal, JournalHeader, JournalRow
from bulktap.model.outcomes import InDoubt, Issued, IssuedPass, Refused
from bulktap.model.pass_terms import PassTerms
from bulktap.model.passes import AccessPass
from bulktap.model.row_errors import RowError, RowErrorCode
from bulktap.model.run_events import Closed, Doubted, Event, Noted, Released, Sent, Settled
from bulktap.model.secret import Secret

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

START = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
ARCHIVE = "the whole plan, with Zoë Müller's row".encode() * 300


@pytest.fixture
def passphrase() -> Secret:
    """Return the passphrase that the run was started with."""
    return Secret("correct horse, Straße")


@pytest.fixture
def header() -> JournalHeader:
    """Return the header of a small run."""
    return JournalHeader(
        run="2026-11-23T0800Z-students-1a2b",
        tenant_id="11111111-2222-3333-4444-555555555555",
        plan_digest="ab" * 32,
        created_at=START,
        bulktap_version="0.1.0",
        roster_file="students.xlsx",
        simulated=True,
    )


@pytest.fixture
def rows() -> list[JournalRow]:
    """Return eight rows, one of them without an object id."""
    known = [JournalRow(n, f"student{n}@contoso.com", f"00000000-0000-0000-0000-00000000000{n}") for n in range(1, 8)]
    return [*known, JournalRow(8, "zoë.müller@contoso.com", None)]


def passcode(number: int) -> str:
    """Return the passcode that the row of that number was given."""
    return f"Pc!{number:03}-qzx"


def sent(number: int) -> Sent:
    """Return the event of that row's create leaving."""
    return Sent(number, START, PassTerms(START + timedelta(hours=1), 480, True), f"batch-of-{number}")


def issued(number: int) -> Settled:
    """Return the event of that row's pass arriving."""
    access_pass = AccessPass(f"pass-{number}", START, START, 480, True, True, "EnabledByPolicy")
    return Settled(number, Issued(IssuedPass(access_pass, Secret(passcode(number)))))


def commits() -> list[list[Event]]:
    """Return what happened, a list for each commit: of nearly every kind of event one."""
    refused = RowError(RowErrorCode.REFUSED, "No such user.", "Correct the name.", "User")
    doubt = RowError(RowErrorCode.IN_DOUBT, "The reply was lost.", "Look it up.")
    return [
        [sent(n) for n in range(1, 9)],
        [issued(n) for n in range(1, 6)],
        [Settled(6, Refused(refused)), Released(7, 503, perhaps_done=True), Doubted(8, "connection reset")],
        [sent(7), Noted(7, "sent twice")],
        [issued(7), Settled(8, InDoubt(doubt)), Closed()],
    ]


@pytest.fixture
def story() -> SimpleNamespace:
    """Return what happened in the small run, in parts: archive, commits, and how single events look."""
    return SimpleNamespace(archive=ARCHIVE, commits=commits(), sent=sent, issued=issued, passcode=passcode)


@pytest.fixture
def write_journal(
    header: JournalHeader, rows: list[JournalRow], passphrase: Secret
) -> Callable[[Path, list[list[Event]]], Path]:
    """Return a function that writes a journal with those commits."""

    def write(path: Path, commits: list[list[Event]]) -> Path:
        with Journal.create(path, header, rows, ARCHIVE, passphrase, cost=CHEAPEST) as journal:
            for events in commits:
                journal.record(events)
        return path

    return write


@pytest.fixture
def finished(tmp_path: Path, write_journal: Callable[[Path, list[list[Event]]], Path]) -> Path:
    """Return the path of a journal that holds the whole story."""
    return write_journal(tmp_path / "journal.db", commits())
