"""Plan: what will be done for each row of the roster, and what will not and why.

A plan is a value. Dry run, question, issuing, resuming and every report read the same one, and nothing is done that
is not in it. It is made in `planning`, written and read in `results.plan_json`.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time
from enum import StrEnum
from typing import TYPE_CHECKING

from bulktap.model.guards import Guards
from bulktap.model.pass_terms import PassTerms
from bulktap.model.row_errors import RowErrorCode
from bulktap.model.row_ranges import MOST_RANGES, RowPlace, ranges_by_place
from bulktap.model.setting_names import spelled

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from bulktap.model.earlier_doubts import EarlierDoubt
    from bulktap.model.pass_scope import PassScope
    from bulktap.model.passes import AccessPass, PassPolicy, PassRequest
    from bulktap.model.row_errors import RowError
    from bulktap.model.setting_names import Spelling

CellValue = str | int | float | bool | datetime | date | time | None
"""What a cell of the roster can hold; a datetime here is naive, as the spreadsheet has it."""


class Field(StrEnum):
    """What a column of the roster means to bulktap; the names are those of `--column FIELD=HEADING`."""

    USER = "user"
    START = "start"
    END = "end"
    LIFETIME = "lifetime"
    ONE_TIME = "one-time"
    DISPLAY_NAME = "display-name"
    GROUP = "group"
    DEVICE = "device"


@dataclass(frozen=True, slots=True)
class RosterColumns:
    """The columns that were kept, in the roster's order; secret ones were dropped as they were read."""

    headings: tuple[str, ...]
    """As the roster writes them, made unique."""
    fields: Mapping[Field, tuple[int, ...]]
    """Which columns mean what; `DEVICE` may have several, and `START` and `END` one of dates and one of times."""

    def index(self, meaning: Field) -> int | None:
        """Return the first column of this meaning, if there is one."""
        columns = self.fields.get(meaning, ())
        return columns[0] if columns else None

    def heading(self, meaning: Field) -> str | None:
        """Return the heading of the first column of this meaning, if there is one."""
        column = self.index(meaning)
        return None if column is None else self.headings[column]

    @property
    def carried(self) -> tuple[int, ...]:
        """The columns that go along to the workbook: all but those that its own columns already show."""
        shown = {
            column
            for meaning in (Field.USER, Field.START, Field.LIFETIME, Field.ONE_TIME)
            for column in self.fields.get(meaning, ())
        }
        return tuple(column for column in range(len(self.headings)) if column not in shown)


@dataclass(frozen=True, slots=True)
class RosterRow:
    """One row as the spreadsheet has it."""

    file: str
    """Name of the file, without its folder."""
    sheet: str | None
    """Name of the sheet; None for text files."""
    number: int
    """The row as the sheet, or a text editor, numbers it."""
    cells: tuple[CellValue, ...]
    """One value for each heading."""

    @property
    def place(self) -> RowPlace:
        """File and sheet."""
        return RowPlace(self.file, self.sheet)

    @property
    def key(self) -> tuple[RowPlace, int]:
        """Place and number: what tells rows of several sheets and files apart."""
        return RowPlace(self.file, self.sheet), self.number


class Action(StrEnum):
    """What will be done about a row."""

    ISSUE = "issue"
    REPLACE = "replace"
    SKIP = "skip"
    REFUSE = "refuse"
    MERGE = "merge"

    @property
    def creates(self) -> bool:
        """Whether a pass will be created."""
        return self is Action.ISSUE or self is Action.REPLACE  # a set would hash the name, in Python


class NameCheck(StrEnum):
    """How the roster's name of a person compares with the directory's."""

    AGREES = "agrees"
    DIFFERS = "differs"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class PlanRow:
    """What will be done about one row of the roster."""

    number: int
    """Position in the plan, from 1; the journal knows the row by it."""
    source: RosterRow
    """The row it stands for."""
    action: Action
    """What will be done."""
    request: PassRequest | None = None
    """The pass that is asked for; None where the row cannot be read that far."""
    object_id: str | None = None
    """The user's id in the directory, where it was looked up or given."""
    upn: str | None = None
    """The user's sign-in name, where it was looked up or given."""
    display_name: str | None = None
    """From the directory, else from the roster."""
    group: str | None = None
    """Class, department or site, for sorting slips."""
    existing_pass_id: str | None = None
    """The live pass that was found: to be replaced, or the reason for skipping."""
    listed_at: datetime | None = None
    """When the user's passes were listed, by the service's clock."""
    merged_into: int | None = None
    """The plan number of the row whose pass serves this one too."""
    merged_rows: tuple[int, ...] = ()
    """The plan numbers of the rows that this row's pass serves too."""
    problems: tuple[RowError, ...] = ()
    """All that is wrong or worth knowing."""
    name_check: NameCheck | None = None
    """How the roster's name compares with the directory's; None where one of them is missing."""

    @property
    def left_out(self) -> str | None:
        """Why the row was left out while reading, in a sentence; None where it was not."""
        if not self.problems:
            return None
        return next((one.message for one in self.problems if one.code is RowErrorCode.LEFT_OUT), None)


@dataclass(frozen=True, slots=True)
class UserFinding:
    """What the tenant says about one user of the roster."""

    object_id: str | None = None
    """The directory's id; None where users may not be looked up."""
    upn: str | None = None
    """The sign-in name, likewise."""
    display_name: str | None = None
    """The directory's, likewise."""
    given_name: str | None = None
    """Likewise; many directories leave it empty."""
    surname: str | None = None
    """Likewise."""
    enabled: bool | None = None
    """Whether the account may sign in, likewise."""
    external_guest: bool = False
    """Whether the account belongs to another organisation, which rules a pass out."""
    guest: bool = False
    """Whether the directory calls the account a guest's, external or not."""
    live_pass: AccessPass | None = None
    """The pass that a create would take from somebody."""
    listed_at: datetime | None = None
    """When the passes were listed, by the service's clock; None when they were not."""
    error: RowError | None = None
    """Why this user cannot get a pass at all."""
    in_scope: bool | None = None
    """Whether the tenant's policy covers the user; None where that is not known."""
    doubt: EarlierDoubt | None = None
    """What an earlier run of ours left open about the user."""


@dataclass(frozen=True, slots=True)
class TenantFindings:
    """What the look-ups found, before anything is decided."""

    users: Mapping[str, UserFinding]
    """By the roster's text, folded; every user who was looked up is there."""
    policy: PassPolicy | None = None
    """The tenant's rules, where they may be read."""
    tenant_name: str | None = None
    """The tenant's display name, likewise."""
    notes: tuple[str, ...] = ()
    """What could not be found out, one sentence each."""
    domains: tuple[str, ...] = ()
    """The tenant's verified domains, where they may be read."""
    elsewhere: Mapping[str, int] = field(default_factory=dict)
    """Where hardly anybody exists: in which other domains how many of some of these users do."""
    scope: PassScope | None = None
    """For whom the policy allows passes, where it may be read."""


@dataclass(frozen=True, slots=True)
class TenantInfo:
    """The tenant that the plan is bound to."""

    tenant_id: str
    """Its GUID."""
    name: str | None
    """Its display name, where it may be read."""
    cloud: str
    """`global`, `usgov`, `usgov-dod`, `china`, or `custom` for endpoints given by hand."""
    simulated: bool
    """Whether it is a pretend tenant on this machine."""
    rehearsal: bool = False
    """Whether it is the pretend tenant that is kept in the run's own folder, and in no other place."""

    @property
    def label(self) -> str:
        """How screens and reports name it."""
        named = f"{self.name} ({self.tenant_id})" if self.name else self.tenant_id
        return f"{named} (simulated tenant)" if self.simulated else named


@dataclass(frozen=True, slots=True)
class RosterInfo:
    """The roster that the plan was made from."""

    file: str
    """Its file name, without the folder."""
    sheet: str | None
    """The sheet that was read; None for text files."""
    sha256: str
    """Digest of the file's bytes, hexadecimal: the fingerprint."""
    row_count: int
    """Rows that hold something."""
    notes: tuple[str, ...] = ()
    """How the file was understood, one sentence each."""
    path: str = ""
    """Where it is, with its folder; empty when it was not read from a file."""
    dropped: tuple[str, ...] = field(default=(), compare=False)
    """Headings of the columns that were never read; not kept: known while the file is at hand."""


@dataclass(frozen=True, slots=True)
class PlanSettings:
    """The settings that shaped the plan."""

    timezone: str
    """IANA name of the zone in which the roster's times are read and shown."""
    existing: str
    """`skip`, `replace` or `fail`."""
    terms: PassTerms = field(default_factory=PassTerms)
    """For rows that do not state their own."""
    strict: bool = False
    """Whether one invalid row keeps everything from being sent."""
    offline: bool = False
    """Whether the tenant was not asked; such a plan cannot be carried out."""
    ticket: str | None = None
    """The change under which the run is done, as the operator's organisation numbers it."""
    reason: str | None = None
    """Why the run is done, in the operator's words."""
    name: str | None = None
    """What somebody named the run, so that it is found again."""
    names: str | None = None
    """`accept` if whoever planned said that the names are right although many differ; None where that is open."""
    reading: Mapping[str, str] = field(default_factory=dict)
    """The options with which the roster was read, as text, so that a saved plan can read it in the same way."""
    guards: Guards = field(default_factory=Guards)
    """The limits within which the run stays, also when somebody else carries the plan out."""
    source: Mapping[str, str] = field(default_factory=dict)
    """The list of the tenant that the people are of, as the settings that name it; empty where a file names them."""
    forget_after_minutes: int | None = None
    """How long after the run its passcodes are to be destroyed; None if nobody said so."""


@dataclass(frozen=True, slots=True)
class Forecast:
    """How long carrying out the plan will take."""

    steps: int
    """Passes to create."""
    seconds_low: float
    """If the service is as generous as its documentation allows."""
    seconds_high: float
    """If it is as strict as its documentation allows."""
    assumption: str
    """In words: which limits these two stand for."""


@dataclass(frozen=True, slots=True, weakref_slot=True)
class Plan:
    """All that a run will do, and no more."""

    run: str
    """The run's id, the name of its folder."""
    created_at: datetime
    """Aware, in UTC."""
    expires_at: datetime
    """From then on it may no longer be carried out."""
    tenant: TenantInfo
    roster: RosterInfo
    columns: RosterColumns
    settings: PlanSettings
    rows: tuple[PlanRow, ...]
    policy: PassPolicy | None = None
    """The tenant's rules, where they may be read."""
    forecast: Forecast | None = None
    notes: tuple[str, ...] = field(default=())
    """What the look-ups could not find out, one sentence each."""
    typed: str = field(default="", compare=False)
    """What names the run on the command line, where its id alone does not; not kept, since folders are moved."""

    @property
    def to_type(self) -> str:
        """What names the run on the command line."""
        return self.typed or self.run

    def spelled(self, spelling: Spelling) -> Plan:
        """Return the plan with settings named in its sentences as this spelling has it."""
        roster = replace(self.roster, notes=tuple([spelled(note, spelling) for note in self.roster.notes]))
        rows = tuple(
            [
                replace(row, problems=tuple([problem.spelled(spelling) for problem in row.problems]))
                if row.problems
                else row
                for row in self.rows
            ]
        )
        return replace(self, roster=roster, rows=rows, notes=tuple([spelled(note, spelling) for note in self.notes]))

    @property
    def existing_is_known(self) -> bool:
        """Whether it is known of each pass that will be created if its user has one already."""
        return not self.settings.offline and all(row.listed_at is not None for row in self.creating())

    def creating(self) -> Iterator[PlanRow]:
        """Yield the rows for which a pass will be created."""
        return (row for row in self.rows if row.action.creates)

    def where(self, rows: Iterable[PlanRow], most: int = MOST_RANGES) -> str:
        """Return where rows stand, in words, with their file or sheet where the roster has several."""
        among = [RowPlace(*place) for place in {(row.source.file, row.source.sheet) for row in self.rows}]
        numbers: dict[tuple[str, str | None], list[int]] = {}
        for row in rows:
            numbers.setdefault((row.source.file, row.source.sheet), []).append(row.source.number)
        return ranges_by_place({RowPlace(*place): found for place, found in numbers.items()}, most, among)

    def left_out(self) -> Mapping[str, list[PlanRow]]:
        """Return the rows that were left out while reading, by the sentence that says why."""
        found: dict[str, list[PlanRow]] = {}
        for row in self.rows:
            if row.action is Action.SKIP and (reason := row.left_out) is not None:
                found.setdefault(reason, []).append(row)
        return found

    def user_text(self, row: PlanRow) -> str:
        """Return whom the row names, in the roster's words."""
        if row.request is not None:
            return row.request.user.text
        column = self.columns.index(Field.USER)
        cells = row.source.cells
        cell = cells[column] if column is not None and column < len(cells) else None
        return "" if cell is None else str(cell)

    def counts(self) -> dict[Action, int]:
        """Return how many rows there are of each action; every action is there."""
        totals = dict.fromkeys(Action, 0)
        for row in self.rows:
            totals[row.action] += 1
        return totals


_LATEST = datetime.max.replace(tzinfo=UTC)


def sending_order(row: PlanRow) -> tuple[datetime, int]:
    """Return what rows are sorted by as they are sent: the soonest start first, then the rest as in the roster."""
    starts_at = row.request.terms.starts_at if row.request else None
    return starts_at or _LATEST, row.number
