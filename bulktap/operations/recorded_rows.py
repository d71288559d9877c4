"""What can be told of a run's passes and their owners without its passphrase: journal in clear, and plan.json.

The roster's own columns are sealed. Of its cells plan.json holds the user and the group, so that rows can be chosen by
these, by their number, and by a person's name; a column that is only in the sealed part is named.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from bulktap.journal import glance
from bulktap.model.errors import PlanRefused, UsageError
from bulktap.model.guards import Guards, guards_from_json
from bulktap.model.passes import UserRef
from bulktap.model.plan import Field, RosterColumns, RosterRow
from bulktap.model.row_phases import RowPhase
from bulktap.model.setting_names import Command, Setting
from bulktap.operations.earlier_doubts import with_doubts_settled
from bulktap.operations.handed_back import require_no_lost_journal
from bulktap.planning.covered_rows import Selection
from bulktap.planning.patterns import folded
from bulktap.planning.selection import ColumnValue, RowWords, read_word
from bulktap.results.plan_file.plan_json import checked_members
from bulktap.roster.model import CheckedRow

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from typing import Any

    from bulktap.journal import JournalGlance
    from bulktap.model.passes import AccessPass
    from bulktap.model.run_state import RowState
    from bulktap.storage.run_folder import RunFolder

_TOLD = (Field.USER, Field.GROUP)
"""The columns whose cells plan.json holds."""


@dataclass(frozen=True, slots=True)
class RecordedRow:
    """One row that the plan created a pass for."""

    number: int
    """Plan number."""
    user: str
    """The roster's text."""
    object_id: str | None
    upn: str | None
    """The sign-in name, where the plan has it; like all that follows."""
    display_name: str | None
    group: str | None
    sheet_row: int
    """As the sheet numbers it; the plan number where there is no plan."""
    phase: RowPhase
    access_pass: AccessPass | None
    """The newest pass of ours."""
    handed_out: bool
    """Whether that may be in somebody's hands: also where a new one was asked for and nothing was sent yet."""

    @property
    def target(self) -> str:
        """How the user is named on the wire."""
        return self.object_id or self.user

    @property
    def names(self) -> tuple[str, ...]:
        """The names by which lists may call the user."""
        return tuple(name for name in (self.user, self.upn, self.object_id) if name)

    @property
    def shown(self) -> str:
        """How the screen names them."""
        named = self.upn or self.user
        return f"{self.display_name} ({named})" if self.display_name else named


@dataclass(frozen=True, slots=True)
class RecordedRun:
    """A run, as far as it can be read without its passphrase."""

    folder: RunFolder
    seen: JournalGlance
    rows: tuple[RecordedRow, ...]
    """Those with a pass, and those that may have one."""
    tenant_name: str | None
    guards: Guards
    """Those that the plan keeps."""
    headings: Mapping[Field, str]
    """What the roster calls the columns that plan.json tells of."""
    plan: Mapping[str, Any] | None
    """plan.json; None where it cannot be read."""
    trouble: str = ""
    """Why it cannot."""

    @property
    def zone(self) -> ZoneInfo:
        """Zone of the run's times; UTC where there is no plan.json that names it."""
        return ZoneInfo(self.plan["settings"]["timezone"] if self.plan else "UTC")

    @property
    def issued(self) -> tuple[RecordedRow, ...]:
        """The rows whose pass we hold."""
        return tuple(row for row in self.rows if row.handed_out and row.access_pass is not None)

    @property
    def in_doubt(self) -> int:
        """Rows of which it is not known whether they have a pass: its id is not known either."""
        return sum(row.phase in {RowPhase.IN_DOUBT, RowPhase.SENT} for row in self.rows)

    def chosen(self, only: Sequence[str], exclude: Sequence[str]) -> frozenset[int]:
        """Return the plan numbers of the rows that words choose, as `only` and `except` of a roster do.

        Raises:
            PlanRefused: there is no plan.json that tells.
            UsageError: a word names a column that is sealed.
            RosterError: a word matches no row.
        """
        numbers = frozenset(row.number for row in self.rows)
        if not only and not exclude:
            return numbers
        if self.plan is None:
            raise PlanRefused(
                f"Rows can be chosen by plan.json only, and it does not tell: {self.trouble}",
                hint=f"Put {self.folder.plan} back from a backup.",
            )
        columns = RosterColumns(
            tuple(self.headings.values()), {meaning: (index,) for index, meaning in enumerate(self.headings)}
        )
        self._require_told(columns, {Setting.ONLY: only, Setting.EXCEPT: exclude})
        rows = list(_named_rows(self.plan, self.headings))
        Selection(only=tuple(only), exclude=tuple(exclude)).require_clear([row for _, row in rows], columns)
        wanted, unwanted = (
            {number for number, row in rows if next(words.of(row), None) is not None}
            for words in (RowWords(only, columns), RowWords(exclude, columns))
        )
        return numbers & (wanted if only else numbers) - unwanted

    def _require_told(self, columns: RosterColumns, words: Mapping[Setting, Sequence[str]]) -> None:
        """Make sure that no word names a column that only the sealed part of the run has.

        Raises:
            UsageError: one does.
        """
        every = RosterColumns(tuple((self.plan or {})["roster"].get("headings", ())), {})
        for setting, given in words.items():
            for word in given:
                meant = read_word(word, every)
                if isinstance(meant, ColumnValue) and meant.column is not None:
                    heading = every.headings[meant.column]
                    if heading not in columns.headings:
                        group = self.headings.get(Field.GROUP)
                        raise UsageError(
                            f"{setting.to(word)} names the column {heading}, whose cells are sealed with the "
                            "passphrase; this command needs none, and cannot read them.",
                            hint="Choose by row number, by user or by a person's name"
                            + (f", or by {group}." if group else "."),
                        )


def recorded_run(folder: RunFolder) -> RecordedRun:
    """Return what can be told of a run without its passphrase, also while it is going on.

    Raises:
        PlanRefused: the run was planned only.
        JournalDamaged: the journal is gone.
        Locked, DiskRefuses: see `journal.glance`.
    """
    if not folder.journal.exists():
        require_no_lost_journal(folder)
        raise PlanRefused(
            f"The run {folder.run} was planned only; it has no passes.",
            hint=f"Run {Command.APPLY} to issue them.",
        )
    seen = glance(folder.journal)
    plan, trouble = _plan(folder)
    told = {row["number"]: row for row in plan["rows"]} if plan else {}
    current = with_doubts_settled(seen.state, folder)
    rows = tuple(_row(state, told.get(state.number, {})) for state in current.rows.values())
    fields = plan["roster"].get("fields", {}) if plan else {}
    return RecordedRun(
        folder,
        seen,
        rows,
        tenant_name=plan["tenant"]["name"] if plan else None,
        guards=guards_from_json(plan["settings"].get("guards")) if plan else Guards(),
        headings={meaning: fields[meaning.value][0] for meaning in _TOLD if fields.get(meaning.value)},
        plan=plan,
        trouble=trouble,
    )


def _plan(folder: RunFolder) -> tuple[Mapping[str, Any] | None, str]:
    """Return what plan.json holds; or None, and why it is not to be relied on."""
    try:
        members, _ = checked_members(folder.read_plan())
    except PlanRefused as refused:
        return None, refused.message
    except OSError as error:
        return None, f"plan.json cannot be read: {error.strerror}."
    return (members, "") if members.get("run") == folder.run else (None, "plan.json belongs to another run.")


def _row(state: RowState, told: Mapping[str, Any]) -> RecordedRow:
    return RecordedRow(
        number=state.number,
        user=state.user,
        object_id=state.object_id,
        upn=told.get("upn"),
        display_name=told.get("display_name"),
        group=told.get("group"),
        sheet_row=told.get("row", state.number),
        phase=state.phase,
        access_pass=state.issued.access_pass if state.issued is not None else None,
        handed_out=state.handed_out is not None,
    )


def named_numbers(run: RecordedRun) -> Mapping[str, int]:
    """Return, by each folded name of a user, the number of the row whose pass serves them."""
    found = {folded(name): row.number for row in run.rows for name in row.names}
    for number, row in _named_rows(run.plan, run.headings) if run.plan else ():
        if row.user is not None:
            found.setdefault(folded(row.user.text), number)
    return found


def _named_rows(plan: Mapping[str, Any], headings: Mapping[Field, str]) -> Iterator[tuple[int, CheckedRow]]:
    """Yield the rows of the plan under each name of their user, with the number of the row whose pass serves them."""
    for row in plan["rows"]:
        cells = tuple(row["user"] if meaning is Field.USER else row["group"] for meaning in headings)
        source = RosterRow(row["file"], row["sheet"], row["row"], cells)
        names = dict.fromkeys(name for name in (row["user"], row.get("upn"), row["object_id"]) if name)
        for name in names or {"": None}:
            user = UserRef(name) if name else None
            checked = CheckedRow(source, user, None, row.get("display_name"), row["group"], None, ())
            yield row.get("merged_into_number") or row["number"], checked
