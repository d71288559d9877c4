"""Hand out: a run's passes as slips, lists, letters, labels or workbooks, a sealed file for each group of people.

Everything is made, read back and sealed in memory before the first file is written. The tenant is not asked.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from bulktap.journal import require_remembered
from bulktap.model.exit_codes import ExitCode
from bulktap.model.setting_names import Command
from bulktap.operations.garbage_collection import seldom_collected
from bulktap.operations.handout_files import COVERS, HandoutPlace
from bulktap.operations.handout_groups import arrangement, groups_of
from bulktap.operations.handout_making import Steps, covers_of, sealed_groups, sheets_of
from bulktap.operations.handout_people import people_of
from bulktap.operations.handout_settings import look_files
from bulktap.operations.run_journal import reopen_journal
from bulktap.operations.who_and_where import operator_name
from bulktap.planning.run_selection import chosen_rows
from bulktap.results.comparison import AsOf
from bulktap.results.handout.label_sheets import label_sheet
from bulktap.results.handout.sheets_model import Style
from bulktap.results.row_results import was_left_out
from bulktap.results.run_facts import RunFacts
from bulktap.results.run_view import RunView
from bulktap.results.wording import counted
from bulktap.storage.office_encryption import WorkbookKey
from bulktap.storage.revocations import read_revocations
from bulktap.storage.run_folder import find_run
from bulktap.version import __version__

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime
    from pathlib import Path

    from bulktap.model.plan import Plan
    from bulktap.model.run_state import RunState
    from bulktap.model.secret import Secret
    from bulktap.operations.context import OperationContext
    from bulktap.operations.handout_files import SealedGroup
    from bulktap.operations.handout_groups import Group
    from bulktap.operations.handout_settings import HandOutSettings, LookFiles
    from bulktap.results.handout.sheets_model import HandoutGroup, HandoutLook, Unserved
    from bulktap.storage.run_folder import RunFolder

FOLDER: Final = "handout"
"""Below the run's folder."""
_MOST_NAMED: Final = 5
_A_WHILE: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class HandedGroup:
    """One group of a hand-out."""

    name: str
    handed_to: str
    path: Path | None
    """Its sealed file; None if nobody in it has a slip."""
    served: int
    """How many have a slip."""
    unserved: tuple[Unserved, ...]
    """Who has none, and why."""
    with_others: tuple[Unserved, ...]
    """Who has a row in this group and the slip in another, and in which."""
    opens_with: Secret | None
    """None if the run's passphrase opens it, or there is nothing to open."""


@dataclass(frozen=True, slots=True)
class HandedOut:
    """A hand-out."""

    folder: RunFolder
    plan: Plan
    place: Path
    """Where its files are."""
    groups: tuple[HandedGroup, ...]
    listed: Path | None
    """The list of passphrases; None if nobody has a slip, and nothing was written."""
    covers: Path | None
    missing: int
    """How many were asked for, should have a pass, and have no slip."""
    finished: bool
    """Whether the run is finished; otherwise this is what there is so far."""
    notes: tuple[str, ...]
    """What is worth knowing, one sentence each."""

    @property
    def served(self) -> int:
        """How many have a slip."""
        return sum(group.served for group in self.groups)

    @property
    def exit_code(self) -> ExitCode:
        """What the program exits with."""
        return ExitCode.INCOMPLETE if self.missing or not self.served else ExitCode.DONE

    @property
    def files(self) -> tuple[Path, ...]:
        """All that was written, for people."""
        found = (self.listed, self.covers, *(group.path for group in self.groups))
        return tuple(path for path in found if path is not None)


def hand_out(run: Path, settings: HandOutSettings, at: OperationContext) -> HandedOut:
    """Make a sealed file for each group of a run, covers, and the list of what opens which.

    Raises:
        UsageError: a column that there is not, settings that contradict each other, letters that no font has.
        RosterError: a word of `only` or `except` names nobody.
        WrongPassphrase, JournalDamaged: the journal does not open.
        PlanRefused: nothing of the run was ever sent.
        InUse: a process is working on the run.
        Misprint: a sheet does not read back as it was meant; nothing was written.
        DiskRefuses: something cannot be written; what is there opens with what the list of passphrases says.
        Interrupted: somebody asked for the end; likewise.
    """
    settings.require_sense()
    taken = look_files(settings)
    folder = find_run(settings.reports, run)
    at.front.run_is(folder)
    require_remembered(folder.journal)
    at.passphrases.require_usable(simulated=True)
    with folder.lock(), seldom_collected():
        passphrase, (journal, plan) = at.passphrases.opens(folder.run, lambda own: reopen_journal(folder, own))
        with journal:
            state = journal.state()
        at.front.tenant_is(plan.tenant)
        return _hand_out(folder, plan, state, passphrase, settings, taken, at)


def _hand_out(
    folder: RunFolder,
    plan: Plan,
    state: RunState,
    passphrase: Secret,
    settings: HandOutSettings,
    taken: LookFiles,
    at: OperationContext,
) -> HandedOut:
    now, look = at.clock.now(), taken.look(settings, plan)
    how = arrangement(plan, settings.by, settings.to, settings.sort)
    chosen = chosen_rows(plan, settings.only, settings.exclude)
    revocations = read_revocations(folder)
    people = people_of(RunView(plan, state, facts=_facts(folder, now)), revocations.ended, revocations.unanswered)
    groups = groups_of(people, chosen, how, plan.roster.file.rpartition(".")[0] or plan.roster.file)
    for_workbook = at.passphrases.for_workbook(passphrase)
    key = WorkbookKey(for_workbook).made_ahead()
    sheets = sheets_of(groups, look.languages[0])
    made = sealed_groups(groups, sheets, look, settings, key, at)
    done = _told(folder, plan, state, groups, made, chosen)
    done = replace(done, notes=(*done.notes, *_outdated(done.place, groups), *not_asked(folder, state, now)))
    if not made:
        return done
    covers, why_none = covers_of(sheets, look)
    if why_none and (done.place / COVERS).exists():
        why_none += f" The file {COVERS} is of an earlier hand-out."
    place = HandoutPlace(done.place, key, (for_workbook, passphrase), look.zone, now)
    steps = Steps(at, "writing hand-outs", len(made))
    partial = bool(settings.only or settings.exclude)
    written = place.write(list(made.values()), covers, f"Hand-out of {plan.run}", partial=partial, step=steps.step)
    paths = dict(zip(made, written.groups, strict=True))
    handed = tuple(replace(group, path=paths.get(number)) for number, group in enumerate(done.groups))
    notes = (*done.notes, *([why_none] if why_none else []), *_paper_notes(settings, sheets, look), *written.notes)
    return replace(done, groups=handed, listed=written.listed, covers=written.covers, notes=notes)


def _facts(folder: RunFolder, now: datetime) -> RunFacts:
    return RunFacts(
        folder=folder.run,
        operator=operator_name(),
        bulktap_version=__version__,
        started_at=now,
        finished_at=now,
        exit_code=None,
        throttled_steps=0,
        journal_records=None,
        as_of=AsOf(now),
    )


def _told(
    folder: RunFolder,
    plan: Plan,
    state: RunState,
    groups: Sequence[Group],
    made: Mapping[int, SealedGroup],
    chosen: set[int],
) -> HandedOut:
    handed = [
        HandedGroup(
            name=group.name,
            handed_to=group.to_whom,
            path=None,
            served=len(group.served),
            unserved=tuple(group.unserved()),
            with_others=tuple(group.with_others()),
            opens_with=made[number].opens_with if number in made else None,
        )
        for number, group in enumerate(groups)
    ]
    missing = sum(person.held is None and not person.left_alone for group in groups for person in group.people)
    return HandedOut(
        folder=folder,
        plan=plan,
        place=folder.path / FOLDER,
        groups=tuple(handed),
        listed=None,
        covers=None,
        missing=missing,
        finished=state.closed,
        notes=tuple(_notes(plan, groups, chosen)),
    )


def _notes(plan: Plan, groups: Sequence[Group], chosen: set[int]) -> list[str]:
    """Return what is worth knowing of the people: without a group, several who hand out, doubts, left out."""
    notes = []
    unnamed = [name for group in groups if not group.has_name for name in map(group.naming(), group.people)]
    if unnamed:
        notes.append(f"The roster names no group for {_listed(unnamed)}; they are in a group of their own.")
    several = [group.name for group in groups if len(group.handed_to) > 1]
    if several:
        notes.append(f"More than one person hands out in {_listed(several)}: the rows of the group differ there.")
    doubts: dict[str, list[str]] = {}
    for person in (person for group in groups for person in group.served):
        for doubt in person.doubts:
            doubts.setdefault(doubt, []).append(person.name)
    notes += [f"Of {_listed(names)}: {doubt}." for doubt, names in doubts.items()]
    left_out = sum(was_left_out(row) for row in plan.rows if row.number in chosen)
    if left_out:
        notes.append(f"{counted(left_out, 'row')} of the roster were not part of this run, and stand on no cover.")
    return notes


def _outdated(place: Path, groups: Sequence[Group]) -> list[str]:
    """Return which files of an earlier hand-out are there of groups in which nobody has a slip any more."""
    names = [f"{group.stem}{ending}" for group in groups if not group.served for ending in (".pdf", ".xlsx")]
    found = [name for name in names if (place / name).is_file()]
    return [f"Of an earlier hand-out, and nobody in it has a slip now: {_listed(found)}. Delete it."] if found else []


def not_asked(folder: RunFolder, state: RunState, now: datetime) -> list[str]:
    """Return what nobody can tell here of passes that were issued a while ago: the tenant is not asked."""
    made = [row.issued.access_pass.created_at for row in state.rows.values() if row.issued is not None]
    if all(one is None or now - one < _A_WHILE for one in made):
        return []
    asks = Command.VERIFY.of(folder.path)
    return [f"Who has used a pass since, or was given another by somebody else, is not asked here: {asks} tells."]


def _paper_notes(settings: HandOutSettings, sheets: Sequence[HandoutGroup], look: HandoutLook) -> list[str]:
    """Return on what the labels are to be printed, where there are any."""
    if settings.as_workbooks or settings.template is not None or settings.style is not Style.LABELS:
        return []
    sheet = label_sheet([slip for one in sheets for slip in one.slips], look)
    return [f"Print on label sheets {sheet.name} ({sheet.columns} x {sheet.rows}), at actual size."]


def _listed(names: Sequence[str]) -> str:
    more = len(names) - _MOST_NAMED
    return ", ".join(names[:_MOST_NAMED]) + (f" and {more:,} more" if more > 0 else "")
