"""What is written again after the passes have been compared."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

import pytest
from silent_observer import SilentObserver

from bulktap.journal import CHEAPEST, Journal, JournalHeader, JournalRow
from bulktap.model.errors import JournalDamaged
from bulktap.model.outcomes import Issued, IssuedPass, Refused
from bulktap.model.pass_terms import PassTerms
from bulktap.model.passes import AccessPass, PassRequest, UserRef
from bulktap.model.person_events import ReissueAsked
from bulktap.model.plan import (
    Action,
    Field,
    Plan,
    PlanRow,
    PlanSettings,
    RosterColumns,
    RosterInfo,
    RosterRow,
    TenantInfo,
)
from bulktap.model.row_error_catalogue import about_passes
from bulktap.model.run_events import Closed, Confirmed, Doubted, Noted, Released, Sent, Settled
from bulktap.model.secret import Secret
from bulktap.operations.first_results import FirstResults
from bulktap.operations.hand_back import Ending, hand_back
from bulktap.operations.results_ahead import ResultsAhead
from bulktap.storage.office_encryption import WorkbookKey, decrypt_workbook
from bulktap.storage.run_folder import RunFolder

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

NOW = datetime(2035, 9, 1, 8, 0, tzinfo=UTC)
WINDOW = timedelta(seconds=130)
PASSPHRASE = Secret("correct horse battery staple")


def sent(row: int) -> Sent:
    """Return an attempt."""
    return Sent(row, NOW, PassTerms(), "r")


def issued(row: int, pass_id: str) -> Settled:
    """Return a pass."""
    return Settled(row, Issued(IssuedPass(AccessPass(pass_id, NOW, NOW, 60, True, True), Secret(f"code-{pass_id}"))))


def plan_of(run: str) -> Plan:
    """Return a plan of two rows."""
    rows = tuple(
        PlanRow(number, RosterRow("r.csv", None, number + 1, (user,)), Action.ISSUE, PassRequest(UserRef(user)))
        for number, user in ((1, "ann@contoso.com"), (2, "bob@contoso.com"))
    )
    return Plan(
        run,
        NOW,
        NOW + timedelta(days=1),
        TenantInfo("11111111-2222-4333-8444-555555555555", "Contoso", "global", simulated=True),
        RosterInfo("r.csv", None, "ab" * 32, 2),
        RosterColumns(("User",), {Field.USER: (0,)}),
        PlanSettings("UTC", "skip"),
        rows,
    )


@pytest.fixture
def settled(tmp_path: Path) -> Iterator[SimpleNamespace]:
    """A run of two rows, both settled, one after an attempt that proved nothing, whose results were handed back."""
    folder = RunFolder(tmp_path)
    plan = plan_of(folder.run)
    header = JournalHeader(folder.run, plan.tenant.tenant_id, "ab" * 32, NOW, "0.1.0", "r.csv", simulated=True)
    rows = [JournalRow(row.number, row.source.cells[0], None) for row in plan.rows]  # type: ignore[arg-type]
    said: list[str] = []
    with Journal.create(folder.journal, header, rows, b"plan", PASSPHRASE, cost=CHEAPEST) as journal:
        journal.record([sent(1), Doubted(1, "504"), sent(1), issued(1, "p1"), sent(2), issued(2, "p2")])
        first = FirstResults(
            folder, plan, journal, WorkbookKey(PASSPHRASE, spin_count=1_000), SilentObserver(), said.append
        )
        early = Ending(NOW, NOW + timedelta(seconds=9), 0, None, window=WINDOW, comparing=True)
        yield SimpleNamespace(folder=folder, journal=journal, first=first, early=early, said=said)


def ending(settled: Any, *events: Any) -> Ending:
    """Return how the run ends after these events, with what need not be made again."""
    settled.journal.record(events)
    later = replace(settled.early, finished_at=NOW + timedelta(seconds=200), comparing=False)
    brought: Ending = settled.first.brought_up_to(settled.journal.state(), later)
    return brought


def still_good(settled: Any, *events: Any) -> set[str]:
    """Return which files need not be written again after these events."""
    return {path.name for path in ending(settled, *events).keep}


def test_results_are_there_before_the_comparison_and_it_is_said(settled: Any) -> None:
    """One sentence, once everything stands on the disk."""
    settled.first.hand_back(settled.early)

    assert settled.said == ["results.xlsx is ready; comparing 2 passes once more (Ctrl-C is safe)."]
    assert {"results.xlsx", "run.html", "run.json"} <= {path.name for path in settled.folder.path.iterdir()}


@pytest.mark.parametrize(
    ("events", "names"),
    [
        ((Confirmed(2),), set()),  # the note of the first row must go: its window has closed
        ((Confirmed(1), Confirmed(2), Noted(2, "Somebody else issued.")), set()),
        ((Confirmed(1), sent(2), issued(2, "p3"), Confirmed(2)), set()),
        ((Confirmed(1), Confirmed(2)), set()),
    ],
)
def test_what_rows_say_differently_is_written_again(settled: Any, events: tuple[Any, ...], names: set[str]) -> None:
    """A note that goes, a note that comes, another pass."""
    settled.first.hand_back(settled.early)

    assert still_good(settled, *events) == names


REFUSED = Refused(about_passes.unanswered("resume"))


@pytest.mark.parametrize(
    ("events", "kept"),
    [
        ((), True),
        ((Confirmed(1),), True),
        ((Confirmed(1), Closed()), True),
        ((Noted(1, "Somebody else issued."), Confirmed(1)), False),
        ((sent(1),), False),
        ((sent(1), issued(1, "p4"), Confirmed(1)), False),
        ((sent(1), Doubted(1, "502")), False),
        ((sent(1), Released(1, 429, perhaps_done=False)), False),
        ((sent(1), Settled(1, REFUSED)), False),
        ((Confirmed(1), Closed(), ReissueAsked(1, NOW, "p1", PassTerms())), False),
    ],
)
def test_results_are_the_same_whether_their_rows_are_made_again_or_not(
    settled: Any, events: tuple[Any, ...], *, kept: bool
) -> None:
    """Workbook and page, byte by byte; only what rows say decides whether they are made again."""
    settled.journal.record([Confirmed(1)])
    settled.first.hand_back(settled.early)
    end = ending(settled, *events)

    assert (end.kept is not None) == kept
    assert written(settled, end) == written(settled, replace(end, kept=None, keep=()))


def written(settled: Any, end: Ending) -> list[bytes]:
    """Return the workbook, decrypted, and the page that are written at such an end."""
    folder = settled.folder
    hand_back(folder, plan_of(folder.run), settled.journal.state(), WorkbookKey(PASSPHRASE, spin_count=1_000), end)
    return [decrypt_workbook(folder.workbook.read_bytes(), PASSPHRASE), (folder.path / "run.html").read_bytes()]


def test_an_error_report_that_stays_as_it_is_is_not_written_again(settled: Any) -> None:
    """Somebody may be mending it already."""
    settled.journal.record([Confirmed(1)])
    settled.first.hand_back(settled.early)

    assert still_good(settled, Confirmed(2)) == {"errors.xlsx"}


@pytest.mark.parametrize("owner", ["~$results.xlsx", ".~lock.results.xlsx#"])
def test_a_workbook_that_somebody_has_open_is_left_alone_if_its_rows_stay(settled: Any, owner: str) -> None:
    """Only its summary would change, and that says where the end is told."""
    settled.journal.record([Confirmed(1)])
    settled.first.hand_back(settled.early)
    (settled.folder.path / owner).touch()

    assert still_good(settled, Confirmed(2)) == {"errors.xlsx", "results.xlsx"}


def test_results_that_were_never_handed_back_are_written(settled: Any) -> None:
    """There was nothing to compare, or the disk refused them."""
    assert still_good(settled, Confirmed(1), Confirmed(2)) == set()


MANY = 1_100


@pytest.fixture
def begun(tmp_path: Path) -> Iterator[SimpleNamespace]:
    """A run of many rows that begins; parcels of events for it, in which a row is turned away and sent again."""
    folder = RunFolder(tmp_path)
    rows = tuple(
        PlanRow(number, RosterRow("r.csv", None, number + 1, (f"u{number}",)), Action.ISSUE, PassRequest(UserRef("u")))
        for number in range(1, MANY + 1)
    )
    plan = replace(plan_of(folder.run), rows=rows)
    header = JournalHeader(folder.run, plan.tenant.tenant_id, "ab" * 32, NOW, "0.1.0", "r.csv", simulated=True)
    known = [JournalRow(number, f"u{number}", None) for number in range(1, MANY + 1)]
    early = Ending(NOW, NOW + timedelta(seconds=9), 0, None, window=WINDOW, comparing=True)
    parcels = [[event for row in range(at, at + 20) for event in (sent(row), issued(row, f"p{row}"))]
               for at in range(1, MANY, 20)]  # fmt: skip
    parcels[3] = [*parcels[3], sent(61), Released(61, 429, perhaps_done=False), sent(61), issued(61, "again")]
    with Journal.create(folder.journal, header, known, b"plan", PASSPHRASE, cost=CHEAPEST) as journal:
        yield SimpleNamespace(folder=folder, plan=plan, journal=journal, early=early, parcels=parcels)


def handed_back(begun: Any, ahead: ResultsAhead | None) -> list[bytes]:
    """Hand the results of a run back; return the workbook, decrypted, and the page."""
    key, said = WorkbookKey(PASSPHRASE, spin_count=1_000), list[str]()
    first = FirstResults(begun.folder, begun.plan, begun.journal, key, SilentObserver(), said.append, ahead)
    first.hand_back(begun.early)
    files = [begun.folder.workbook.read_bytes(), (begun.folder.path / "run.html").read_bytes()]
    return [decrypt_workbook(files[0], PASSPHRASE), files[1]]


def test_results_are_the_same_whether_they_are_made_ahead_or_not(begun: Any) -> None:
    """Workbook and page, byte by byte; and what was read of the journal meanwhile is all that is in it."""
    with ResultsAhead(begun.folder, begun.plan, begun.journal, lambda: begun.early) as ahead:
        for parcel in begun.parcels:
            ahead.record(parcel)
        told = handed_back(begun, ahead)
        state = ahead.so_far
        assert state is not None
        rows = ahead.rows_for(state, begun.early.as_of)

    assert state == begun.journal.state()
    assert rows is None or sum(part.rows for part in rows.parts.values()) == MANY
    assert told == handed_back(begun, None)


def test_nothing_is_written_while_results_are_made_ahead(begun: Any) -> None:
    """Passcodes wait in memory until the workbook is encrypted."""
    with ResultsAhead(begun.folder, begun.plan, begun.journal, lambda: begun.early) as ahead:
        for parcel in begun.parcels:
            ahead.record(parcel)
        there = {path.name for path in begun.folder.path.iterdir()}

    assert there - {"journal.db-journal"} == {"journal.db"}


def test_a_run_that_stops_in_between_reads_on_from_there(begun: Any) -> None:
    """However far the other thread had come, what is left to read is read."""
    with ResultsAhead(begun.folder, begun.plan, begun.journal, lambda: begun.early) as ahead:
        for parcel in begun.parcels[:17]:
            ahead.record(parcel)

    assert ahead.so_far is not None
    assert begun.journal.catch_up(ahead.so_far) == begun.journal.state()
    assert ahead.finish() == begun.journal.state()


def test_what_goes_wrong_on_the_way_costs_nothing_but_time(begun: Any) -> None:
    """The results are made at the end, as if nobody had begun before."""
    tries: list[int] = []

    def ending() -> Ending:
        tries.append(1)
        if len(tries) > 1:
            raise ZeroDivisionError
        return cast("Ending", begun.early)

    with ResultsAhead(begun.folder, begun.plan, begun.journal, ending) as ahead:
        for parcel in begun.parcels:
            ahead.record(parcel)
        told = handed_back(begun, ahead)
        assert ahead.so_far is None
        assert ahead.rows_for(begun.journal.state(), begun.early.as_of) is None

    assert told == handed_back(begun, None)


def test_a_record_that_is_damaged_meanwhile_is_told_when_results_are_wanted(begun: Any) -> None:
    """Every record is verified as it is read, whenever that is."""
    with ResultsAhead(begun.folder, begun.plan, begun.journal, lambda: begun.early) as ahead:
        ahead.record(begun.parcels[0])
        with closing(sqlite3.connect(begun.folder.journal)) as other:
            other.execute("UPDATE record SET public = replace(public, ':', ' :') WHERE number = ?", (MANY + 5,))
            other.commit()
        for parcel in begun.parcels[1:]:
            ahead.record(parcel)

        with pytest.raises(JournalDamaged, match="damaged"):
            ahead.finish()
