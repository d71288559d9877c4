"""Hand back: what the journal says becomes the outputs that `run_outputs` lists, passcodes first."""

from __future__ import annotations

import hashlib
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from bulktap.model.errors import BulktapError, DiskRefuses, Locked
from bulktap.model.setting_names import Command
from bulktap.operations.handed_back import code_for, existing_files, head_count
from bulktap.operations.who_and_where import operator_name
from bulktap.results.comparison import AsOf
from bulktap.results.passes_workbook import PASSES_WORKBOOK
from bulktap.results.run_facts import RunFacts
from bulktap.results.run_outputs import RUN_OUTPUTS
from bulktap.results.run_view import RunView
from bulktap.storage import read_if_sound
from bulktap.storage.office_encryption import decrypt_workbook
from bulktap.storage.output_files import MOST_BYTES, OutputFiles, all_copies, usual_name
from bulktap.storage.revocations import revoked_passes
from bulktap.version import __version__

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence
    from datetime import datetime
    from pathlib import Path

    from bulktap.model.exit_codes import ExitCode
    from bulktap.model.plan import Plan
    from bulktap.model.run_state import RunState
    from bulktap.model.secret import Secret
    from bulktap.results.kept_rendering import KeptRendering
    from bulktap.results.output import Output
    from bulktap.results.run_facts import ThrottledSteps
    from bulktap.storage.office_encryption import WorkbookKey
    from bulktap.storage.run_folder import RunFolder


_KNOWN_HEADS: Final[dict[bytes, int]] = {}
"""The records of the journal behind each workbook that this process wrote, by the file's digest: half a second's key
derivation is not needed to read there what is known."""


@dataclass(frozen=True, slots=True)
class Ending:
    """What only the command knows about how the run ended."""

    started_at: datetime
    finished_at: datetime
    throttled_steps: int
    failure_code: ExitCode | None
    """Exit code of what stopped the run; None when nothing did."""
    throttling: Sequence[ThrottledSteps] | None = None
    """When steps were throttled; None where nobody watched."""
    window: timedelta = timedelta()
    """How long after it was sent a request may still take effect."""
    comparing: bool = False
    """True if the process has not ended: it goes on to compare the passes."""
    keep: Collection[Path] = ()
    """Files that say already what they would say if they were written again."""
    kept: KeptRendering | None = None
    """What was made of the rows when they said what they say now; None where nothing is to be kept."""

    @property
    def as_of(self) -> AsOf:
        """The moment for which results are written."""
        return AsOf(self.finished_at, self.window, self.comparing)


@dataclass(frozen=True, slots=True)
class HandedBack:
    """What was written."""

    counts: dict[str, int]
    """The contract's counts."""
    files: tuple[Path, ...]
    """The files of the run that exist now."""
    exit_code: ExitCode
    """What the program exits with."""
    unusable: tuple[str, ...] = ()
    """The users whose pass was issued and does not work, as the roster names them."""
    workbook: Path | None = None
    """The passes workbook, which need not have its usual name; None if there is none or it could not be written."""
    lost_workbook: DiskRefuses | None = None
    """Why the passes workbook could not be written, if it could not; the journal has every passcode all the same."""
    notes: tuple[str, ...] = ()
    """A sentence on each other file that could not be written, and on each that has another name than usual."""


_COPIES_ASKED: Final = 4


def hand_back(
    folder: RunFolder,
    plan: Plan,
    state: RunState,
    key: WorkbookKey | None,
    ending: Ending,
    *,
    keep_workbook: bool = False,
) -> HandedBack:
    """Write every output of a run, one by one; one that cannot be written keeps none of the others back.

    Args:
        folder: the run's folder.
        plan: the run's plan.
        state: what the journal says; the only source of what is written.
        key: opens the workbook; None where there is no journal and so no passcode.
        ending: how the run ended.
        keep_workbook: whether a workbook that is there is kept in any case, under another name.
    """
    view = view_of(folder, plan, replace(state), ending)
    plan, state = view.plan, view.state
    written = {usual_name(path.name): path for path in ending.keep}
    writing = _Writing(folder, OutputFiles(folder.path), view, written)
    if key is not None:
        for output in RUN_OUTPUTS:
            if output.secret:
                writing.seal(output, key, keep=keep_workbook)
    workbook, lost = writing.written.get(PASSES_WORKBOOK.name), writing.lost
    exit_code = _exit_code(view, ending, lost)
    head = head_count(folder)
    if workbook is not None:
        # Never lowered: an older copy of the journal must stay recognisable as one.
        head = max(head or 0, state.record_count)
    view.facts = replace(view.facts, exit_code=None if ending.comparing else exit_code, journal_records=head)
    for output in RUN_OUTPUTS:
        if not output.secret:
            writing.attempt(output)
    if state.closed:
        writing.files.mark_complete(state.issuing_records)
    unusable, files = tuple(map(plan.user_text, view.unusable)), existing_files(folder, workbook)
    return HandedBack(dict(view.counts), files, exit_code, unusable, workbook, lost, tuple(writing.notes))


def view_of(folder: RunFolder, plan: Plan, state: RunState, ending: Ending) -> RunView:
    """Return what the outputs of a run are made from; the state is told what names the run on the command line."""
    state.typed = folder.to_type
    facts, revoked = _facts(folder, ending), _revoked(folder)
    return RunView(replace(plan, typed=state.typed), state, facts=facts, revoked=revoked, kept=ending.kept)


def _revoked(folder: RunFolder) -> Mapping[str, datetime]:
    """Return which passes were revoked since; what cannot be read keeps no passcode back."""
    with suppress(BulktapError):
        return revoked_passes(folder)
    return {}


def _exit_code(view: RunView, ending: Ending, lost: DiskRefuses | None) -> ExitCode:
    """Return what the program exits with: passcodes that could not be written come before what stopped the run."""
    if lost is not None:
        return lost.exit_code
    return _code_for(view) if ending.failure_code is None else ending.failure_code


def _facts(folder: RunFolder, ending: Ending) -> RunFacts:
    return RunFacts(
        folder=folder.run,
        operator=operator_name(),
        bulktap_version=__version__,
        started_at=ending.started_at,
        finished_at=ending.finished_at,
        exit_code=None,
        throttled_steps=ending.throttled_steps,
        journal_records=None,
        as_of=ending.as_of,
        throttling=ending.throttling,
    )


@dataclass(slots=True)
class _Writing:
    """The outputs of one command as they are written."""

    folder: RunFolder
    files: OutputFiles
    view: RunView
    written: dict[str, Path]
    """Where each output is, by its usual name; of those with passcodes, only if the file is known to be good."""
    notes: list[str] = field(default_factory=list)
    lost: DiskRefuses | None = None
    """Why passcodes could not be written."""

    def seal(self, output: Output[RunView], key: WorkbookKey, *, keep: bool) -> None:
        """Write a file with passcodes, encrypted; one that is there and may hold others is kept."""
        if output.name in self.written:
            return
        record_count = self.view.state.record_count

        def set_aside(there: bytes) -> bool:
            return keep or _knows_more(output, there, key.passphrase, record_count)

        content = output.render(self.view)
        if content is None:
            self._remove(output)
            return
        sealed = key.encrypt(content)
        if refused := self._write(output, sealed, set_aside):
            self.lost = self.lost or refused
        _KNOWN_HEADS[hashlib.sha256(sealed).digest()] = record_count

    def attempt(self, output: Output[RunView]) -> None:
        """Write a file that the others do without, or remove the one that is there if there is nothing to be in it."""
        if output.name in self.written:
            return
        content = output.render(self.view)
        if content is None:
            self._remove(output)
        elif refused := self._write(output, content, lambda _: False):
            self.notes.append(
                f"{refused.message} {refused.hint} {Command.RESULTS.of(self.folder.path)} makes it again."
            )

    def _remove(self, output: Output[RunView]) -> None:
        if stays := self.files.remove(output.name):
            self.notes.append(stays)

    def _write(self, output: Output[RunView], content: bytes, set_aside: Callable[[bytes], bool]) -> DiskRefuses | None:
        now = self.view.facts.finished_at
        try:
            written = self.files.write(output.name, content, set_aside=set_aside, now=now)
        except DiskRefuses as refused:
            return refused
        if written.note:
            self.notes.append(written.note)
        self.written[output.name] = written.path
        return None


def _knows_more(output: Output[RunView], there: bytes, passphrase: Secret, record_count: int) -> bool:
    """Whether a file may hold passcodes that this journal does not: then it is kept."""
    if output.record_count is None:
        return False
    head = _head_of(output, there, passphrase)
    return head is None or head > record_count


def _head_of(output: Output[RunView], there: bytes, passphrase: Secret) -> int | None:
    if output.record_count is None:
        return None
    if (known := _KNOWN_HEADS.get(hashlib.sha256(there).digest())) is not None:
        return known
    try:
        head = output.record_count(decrypt_workbook(there, passphrase))
    except Locked:
        return None
    if head is not None:  # known also when the run has been given another passphrase meanwhile
        _KNOWN_HEADS[hashlib.sha256(there).digest()] = head
    return head


def known_records(folder: RunFolder, passphrase: Secret) -> int:
    """Return how many records the journal is known to have had, from the summary and from the workbooks.

    An older copy of the journal, put back, is sound in itself; these remember that there was more.
    """
    found = [head_count(folder) or 0]
    for output in RUN_OUTPUTS:
        copies = all_copies(folder.path / output.name) if output.record_count else []
        # Half a second goes into each; what the newest ones do not know, the older ones cannot.
        for path in sorted(copies, key=lambda path: path.stat().st_mtime_ns)[-_COPIES_ASKED:]:
            content = read_if_sound(path, at_most=MOST_BYTES)
            found.append((content and _head_of(output, content, passphrase)) or 0)
    return max(found)


def _code_for(view: RunView) -> ExitCode:
    return code_for(view.counts, unusable=len(view.unusable))
