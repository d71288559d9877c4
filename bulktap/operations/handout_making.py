"""The files of a hand-out made in memory: each is read back before it is sealed, and sealed before it is written."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from bulktap.dispatch.observer import Standing
from bulktap.model.errors import Interrupted, UsageError
from bulktap.model.setting_names import Setting
from bulktap.operations.handout_files import SealedGroup
from bulktap.operations.handout_groups import row_label
from bulktap.results.handout.glyphs import missing_glyphs
from bulktap.results.handout.group_workbook import group_workbook
from bulktap.results.handout.languages import texts_of
from bulktap.results.handout.proof_reading import proof_read
from bulktap.results.handout.rendering import render_covers, render_group
from bulktap.results.handout.sheets_model import HandoutGroup, Slip
from bulktap.storage.office_encryption import WorkbookKey
from bulktap.storage.pdf_encryption import seal_pdf
from bulktap.storage.word_passphrases import word_passphrase

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from bulktap.model.secret import Secret
    from bulktap.operations.context import OperationContext
    from bulktap.operations.handout_groups import Group
    from bulktap.operations.handout_settings import HandOutSettings
    from bulktap.results.handout.sheets_model import HandoutLook

_AT_ONCE: Final = 2
_MOST_LEFT_OUT: Final = 5
"""People whom a hint leaves out by their rows."""
_ROUNDS_FOR_WORDS: Final = 100_000
"""What Office itself writes; five words are hard to guess by themselves, and a workbook is made for each group."""


@dataclass(slots=True)
class Steps:
    """Tells how far a phase has come, and ends it where somebody asks for that."""

    at: OperationContext
    name: str
    total: int
    done: int = 0
    _stopped: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        """Begin the phase."""
        self.at.front.stoppable(self._stopped.set)
        self.at.front.observer.phase(self.name, self.total)

    def step(self) -> None:
        """Count one more.

        Raises:
            Interrupted: somebody asked for the end.
        """
        self.done += 1
        self.at.front.observer.standing(Standing(self.done, self.total))
        if self._stopped.is_set() and self.done < self.total:
            raise Interrupted("Stopped; every file that is there opens with what the list of passphrases says.",
                              hint="To begin again, run the same command.")  # fmt: skip


def sheets_of(groups: Sequence[Group], language: str) -> list[HandoutGroup]:
    """Return what is printed of each group, in a language."""
    row = str(texts_of(language).words["row"])
    return [_sheet(group, row) for group in groups]


def _sheet(group: Group, row: str) -> HandoutGroup:
    called = group.naming(row)
    slips = tuple(
        Slip(
            name=person.name,
            sign_in_name=person.sign_in_name,
            group=group.name if group.has_name else "",
            code=person.held.code,
            starts=person.held.starts,
            ends=person.held.ends,
            once=person.held.once,
            row_label=row_label(person),
            listed_as=called(person),
        )
        for person in group.people
        if person.held is not None
    )
    unserved = (*group.unserved(row), *group.with_others(row))
    return HandoutGroup(group.name, group.to_whom, slips, unserved, group.parts)


def sealed_groups(
    groups: Sequence[Group],
    sheets: Sequence[HandoutGroup],
    look: HandoutLook,
    settings: HandOutSettings,
    run_key: WorkbookKey,
    at: OperationContext,
) -> dict[int, SealedGroup]:
    """Return the file of each group in which somebody has a slip, by the group's position.

    Raises:
        UsageError: letters that no font has, or a passphrase that PDFs do not take.
        Misprint: a sheet does not read back as it was meant.
        Interrupted: somebody asked for the end; nothing was written.
    """
    served = [number for number, sheet in enumerate(sheets) if sheet.slips]
    if not settings.as_workbooks:
        _require_glyphs(sheets, look)
    steps = Steps(at, "making hand-outs", len(served))
    ending, now = "xlsx" if settings.as_workbooks else "pdf", at.clock.now()

    def made(number: int) -> SealedGroup:
        sheet, own = sheets[number], None if settings.seal_alike else word_passphrase()
        content = _sealed(sheet, look, settings, own, run_key, now)
        return SealedGroup(
            sheet.name, f"{groups[number].stem}.{ending}", sheet.handed_to, len(sheet.slips), own, content
        )

    # typst lets other threads go on while it sets a page, so that one group is set while another is sealed.
    pool = ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="hand-out")
    found = {}
    try:
        begun = {number: pool.submit(made, number) for number in served}
        for number, future in begun.items():
            found[number] = future.result()
            steps.step()
    finally:
        pool.shutdown(cancel_futures=True)
    return found


def covers_of(sheets: Sequence[HandoutGroup], look: HandoutLook) -> tuple[bytes | None, str]:
    """Return the cover sheets, without any code; where no font has some letters, none, and a sentence on it."""
    missing = missing_glyphs(sheets, look)
    if missing:
        return None, f"No covers were made. {missing[0].sentence} {missing[0].hint}"
    return render_covers(sheets, look), ""


def _require_glyphs(sheets: Sequence[HandoutGroup], look: HandoutLook) -> None:
    """Make sure that all letters can be printed.

    Raises:
        UsageError: some cannot; the message says whose, the hint which font has them.
    """
    missing = missing_glyphs(sheets, look)
    if not missing:
        return
    raise UsageError(
        " ".join(one.sentence for one in missing),
        hint=f"{' '.join(one.hint for one in missing)} Workbooks need none: {Setting.FORMAT.to('xlsx')}."
        + _others_first({name for one in missing for name in one.names}, sheets, look),
    )


def _others_first(names: set[str], sheets: Sequence[HandoutGroup], look: HandoutLook) -> str:
    """Return how all others are handed out meanwhile, where a few people are all that cannot be printed."""
    slips = [slip for sheet in sheets for slip in sheet.slips]
    rows = [slip.row_label for slip in slips if slip.name in names]
    few = 0 < len(rows) <= _MOST_LEFT_OUT and len(rows) < len(slips)
    if not few or not all(row.isdecimal() for row in rows):
        return ""
    others = [replace(sheet, slips=tuple(one for one in sheet.slips if one.name not in names)) for sheet in sheets]
    # A heading, or a name without a slip, may need the same letters.
    if missing_glyphs(others, look):
        return ""
    left_out = " ".join(Setting.EXCEPT.to(row) for row in rows)
    return f" The others can be handed out meanwhile: {left_out}."


def _sealed(
    sheet: HandoutGroup,
    look: HandoutLook,
    settings: HandOutSettings,
    own: Secret | None,
    run_key: WorkbookKey,
    now: datetime,
) -> bytes:
    if settings.as_workbooks:
        key = run_key if own is None else WorkbookKey(own, spin_count=_ROUNDS_FOR_WORDS)
        return key.encrypt(group_workbook(sheet, look, now))
    pdf = render_group(sheet, look)
    proof_read(pdf, sheet.slips)
    return seal_pdf(pdf, run_key.passphrase if own is None else own)
