"""Plans and states of every kind of row, and how to read the workbooks made from them."""

# ruff: noqa: DTZ001 - the moments in cells have no zone
from __future__ import annotations

import io
import sys
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest

from bulktap.model.outcomes import InDoubt, Issued, IssuedPass, Refused, Skipped
from bulktap.model.pass_terms import PassTerms
from bulktap.model.passes import AccessPass, PassPolicy, PassRequest, PolicyState, UserRef
from bulktap.model.plan import (
    Action,
    CellValue,
    Field,
    Forecast,
    NameCheck,
    Plan,
    PlanRow,
    PlanSettings,
    RosterColumns,
    RosterInfo,
    RosterRow,
    TenantInfo,
)
from bulktap.model.row_errors import RowError, RowErrorCode, Severity
from bulktap.model.run_events import Closed, Released, Sent, Settled
from bulktap.model.run_state import RowState, RunState
from bulktap.model.secret import Secret
from bulktap.planning.plan_review import review
from bulktap.results.run_facts import RunFacts
from bulktap.results.run_view import RunView
from bulktap.results.sign_off_view import SignOffFacts, SignOffView

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType

    from bulktap.results.comparison import AsOf

START = datetime(2035, 9, 3, 6, 0, tzinfo=UTC)
ISSUED_AT = datetime(2035, 8, 30, 14, 12, 7, 943_817, tzinfo=UTC)
RUN = "2035-08-30T1400Z-pupils-3fa9"

Table = list[dict[str, Any]]


def roster_row(number: int, user: str, *others: CellValue) -> RosterRow:
    """Return a row of the roster used here: user, start, class, joined, note."""
    cells = (user, datetime(2035, 9, 3, 8, 0), *others)
    return RosterRow("pupils.xlsx", "Pupils", number, cells + (None,) * (5 - len(cells)))


def plan_row(number: int, name: str, action: Action = Action.ISSUE, **members: Any) -> PlanRow:
    """Return a row of the plan for name@contoso.com, result in the sheet one row further down."""
    upn = f"{name}@contoso.com"
    row = PlanRow(
        number=number,
        source=roster_row(number + 1, upn, "5a", date(2034, 8, 1), "left-handed"),
        action=action,
        request=PassRequest(UserRef(upn), PassTerms(START, 480, None)),
        object_id=f"00000000-0000-4000-8000-{number:012d}",
        upn=upn,
        display_name=name.title(),
        group="5a",
        listed_at=ISSUED_AT,
    )
    return replace(row, **members)


def fault(code: RowErrorCode = RowErrorCode.START_MALFORMED, column: str | None = "Pass start") -> RowError:
    """Return an error of a row."""
    return RowError(code, f"{code.value} is what is wrong.", "Mend the cell.", column)


def issued_pass(number: int, passcode: str = "", *, start: datetime | None = START) -> IssuedPass:
    """Return what the service answered to the create of a row."""
    access_pass = AccessPass(f"pass-{number}", ISSUED_AT, start, 480, False, False, "NotYetValid")
    return IssuedPass(access_pass, Secret(passcode or f"Abc{number}!xyz"))


def make_plan(*rows: PlanRow, headings: tuple[str, ...] = (), **members: Any) -> Plan:
    """Return a plan of these rows."""
    plan = Plan(
        run=RUN,
        created_at=datetime(2035, 8, 30, 14, 0, tzinfo=UTC),
        expires_at=datetime(2035, 8, 31, 14, 0, tzinfo=UTC),
        tenant=TenantInfo("11111111-2222-4333-8444-555555555555", "Contoso School", "global", simulated=False),
        roster=RosterInfo("pupils.xlsx", "Pupils", "ab" * 32, len(rows), ("The heading is in row 1.",)),
        columns=RosterColumns(
            headings or ("Sign-in", "Pass start", "Class", "Joined", "Note"),
            {Field.USER: (0,), Field.START: (1,), Field.GROUP: (2,)},
        ),
        settings=PlanSettings("Europe/Berlin", "skip", terms=PassTerms(lifetime_minutes=480)),
        rows=rows,
        policy=PassPolicy(PolicyState.ENABLED, 60, 480, 60, 8, forces_one_time=False),
        forecast=Forecast(3, 0.5, 12.25, "3,000 writes in 150 s"),
        notes=("Display names may not be read.",),
    )
    return replace(plan, **members)


def make_state(plan: Plan, *events: Any, closed: bool = True) -> RunState:
    """Return what the journal of the plan says after these events."""
    rows = {row.number: RowState(row.number, row.upn or "", row.object_id) for row in plan.creating()}
    state = RunState(plan.run, plan.tenant.tenant_id, rows, record_count=len(events))
    for event in (*events, *([Closed()] if closed else [])):
        state.fold(event)
    return state


def run_view(plan: Plan, state: RunState, as_of: AsOf) -> RunView:
    """Return what the reports of a run are made from, as of that moment."""
    facts = RunFacts(plan.run, "admin@contoso.com", "0.1.0", ISSUED_AT, as_of.now, 3, 0, None, as_of)
    return RunView(plan, state, facts=facts)


def sign_off(plan: Plan, **facts: Any) -> SignOffView:
    """Return the plan as it is handed to those who sign it off."""
    said = {"review": review(plan), "operator": "otto", "computer": "ADMIN-PC"} | facts
    return SignOffView(plan, facts=SignOffFacts(**said))


def sent(row: int) -> Sent:
    """Return the record of a create that is about to leave."""
    return Sent(row, ISSUED_AT, PassTerms(START, 480, None), "request-1")


EVERY_KIND = (
    plan_row(1, "ann", name_check=NameCheck.AGREES),
    plan_row(2, "bob", Action.REPLACE, existing_pass_id="old-2", name_check=NameCheck.DIFFERS),
    plan_row(3, "cem", merged_rows=(4,), name_check=NameCheck.UNKNOWN),
    plan_row(4, "cem", Action.MERGE, merged_into=3, source=roster_row(5, "cem@contoso.com", "5b", date(2034, 8, 1))),
    plan_row(5, "dee", Action.SKIP, problems=(replace(fault(RowErrorCode.HAS_LIVE_PASS), severity=Severity.WARNING),)),
    plan_row(6, "eve", Action.REFUSE, request=None, problems=(fault(), fault(RowErrorCode.USER_DAMAGED, "Sign-in"))),
    plan_row(7, "fay"),
    plan_row(8, "gus"),
    plan_row(9, "hal"),
    plan_row(10, "ida"),
    plan_row(11, "jon", merged_rows=(12,)),
    plan_row(12, "jon", Action.MERGE, merged_into=11),
    plan_row(13, "kim"),
)
"""One row of each kind of ending; `EVERY_EVENT` brings them there."""

EVERY_EVENT = (
    *(event for row in (1, 2, 3) for event in (sent(row), Settled(row, Issued(issued_pass(row))))),
    sent(7),
    Settled(7, Refused(fault(RowErrorCode.REFUSED, None))),
    sent(8),
    Settled(8, InDoubt(fault(RowErrorCode.IN_DOUBT, None))),
    sent(9),
    Released(9, 429, perhaps_done=False),
    Settled(10, Skipped(fault(RowErrorCode.LEFT_ALONE, None))),
    sent(11),
    Settled(11, Refused(fault(RowErrorCode.REFUSED_NOT_PERMITTED, None))),
    sent(13),
)


@pytest.fixture
def build() -> ModuleType:
    """The builders of this module."""
    return sys.modules[__name__]


@pytest.fixture
def every_kind() -> tuple[Plan, RunState]:
    """A plan, not finished, with a row of each kind of ending."""
    plan = make_plan(*EVERY_KIND)
    return plan, make_state(plan, *EVERY_EVENT, closed=False)


@pytest.fixture
def read() -> Callable[[bytes, str], Table]:
    """Read one sheet of a workbook as a list of rows by heading; empty cells are None."""

    def read_sheet(data: bytes, sheet: str) -> Table:
        book = openpyxl.load_workbook(io.BytesIO(data))
        headings, *rows = book[sheet].iter_rows(values_only=True)
        return [dict(zip(headings, row, strict=True)) for row in rows]  # type: ignore[arg-type]

    return read_sheet


PEOPLE = (
    "محمد علي الحسيني",
    "王小明",
    "Świętosława Grzegorzewska-Brzęczyszczykiewicz",
    "Maximiliane Theodora von und zu Hohenstein-Schwarzenfels-Lang",
    "Дмитрий Шостакович",
    "Zoë O'Brien",
)
"""Names in several scripts, one of sixty letters."""
_FAULTS = tuple(code for code in RowErrorCode if code.value.startswith(("user-", "start-", "lifetime-")))


def school_row(number: int, classes: int, kinds: int) -> PlanRow:
    """Return a row of a large plan.

    Args:
        number: of the row.
        classes: how many there are; more than two hundred have people's names.
        kinds: how many kinds of faults and of warnings there are among the rows.
    """
    name = PEOPLE[number % len(PEOPLE)]
    group = None
    if classes:
        at = number * 7919 % classes if number % 3 else 0
        group = f"{name} {at}" if classes > 200 else f"{5 + at // 20}{chr(97 + at % 20)}"
    action, problems = Action.ISSUE, ()
    if kinds and number % 7 == 0:
        action, problems = Action.REFUSE, (fault(_FAULTS[number // 7 % kinds]),)
    elif kinds and number % 5 == 0:
        problems = (replace(fault(_FAULTS[number // 5 % kinds], None), severity=Severity.WARNING),)
    return plan_row(number, f"user{number}", action, problems=problems, display_name=name, group=group)


LATER = ISSUED_AT + timedelta(minutes=5)

HOSTILE = (
    "<script>document.title='owned'</script>",
    "</script><img src=x onerror=\"document.title='owned'\">",
    "<!-- <script>",
    '=HYPERLINK("http://fabrikam.com","click")',
    "{{7*7}}{% raw %}",
    "محمد علي الحسيني",
    "שירה כהן",
    "😀 Zoë 👩‍👩‍👧",
    "山田 太郎",
    "evil\u202emoc.osotnoc",
    "half \ud83d of it",
    'O\'Brien & "Sons"\u2028',
    "\x00\x1bnull",
)
"""Names that a page, a workbook or a script could take for something else."""


def hostile_plan(row_count: int) -> Plan:
    """Return a plan of a simulated tenant in which every text of the roster is hostile."""
    rows = []
    for number in range(1, row_count + 1):
        name = HOSTILE[number % len(HOSTILE)]
        problem = replace(fault(column=name), message=f"{name!r} and {name}")
        rows.append(
            plan_row(
                number,
                f"user{number}",
                Action.REFUSE if number % 5 == 0 else Action.ISSUE,
                display_name=name,
                group=HOSTILE[number % 7],
                problems=(problem,) if number % 5 == 0 else (),
                request=PassRequest(
                    UserRef(f"user{number}@contoso.com"),
                    PassTerms(START + timedelta(hours=number % 90), 60 + number % 3, None),
                ),
            )
        )
    plan = make_plan(*rows, headings=(HOSTILE[0], "Pass start", HOSTILE[1], "Joined", "Note"))
    return replace(
        plan,
        tenant=replace(plan.tenant, name=HOSTILE[1], simulated=True),
        roster=replace(plan.roster, file=HOSTILE[1], sheet=HOSTILE[0], notes=HOSTILE),
        settings=replace(plan.settings, ticket=HOSTILE[0], reason=HOSTILE[1]),
        notes=HOSTILE,
    )
