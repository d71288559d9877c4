"""Print one slip: a lost one is made again for one person, sealed with the run's passphrase."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bulktap.dispatch.pass_states import PassState
from bulktap.model.errors import NoPass, UsageError
from bulktap.model.passes import is_guid
from bulktap.model.row_phases import RowPhase
from bulktap.operations.handout_people import true_pass
from bulktap.results.handout.glyphs import missing_glyphs
from bulktap.results.handout.proof_reading import proof_read
from bulktap.results.handout.rendering import render_group
from bulktap.results.handout.sheets_model import HandoutGroup, Slip
from bulktap.results.row_results import is_unusable
from bulktap.storage import make_private_folder, require_private, write_file
from bulktap.storage.file_names import file_stems
from bulktap.storage.files import refusal
from bulktap.storage.pdf_encryption import seal_pdf

if TYPE_CHECKING:
    from pathlib import Path

    from bulktap.operations.handout_settings import HandOutSettings, LookFiles
    from bulktap.operations.show_pass import SeenPass

FOLDER: Final = "single"
"""Below the folder of hand-outs, whose list of passphrases knows nothing of these."""
_LONGEST_NAME: Final = 36
_DEAD: Final = {
    PassState.REVOKED: "was revoked",
    PassState.USED: "was used",
    PassState.EXPIRED: "has expired",
    PassState.GONE: "was deleted",
    PassState.REPLACED: "was replaced by another one",
    PassState.DISABLED: "is disabled by the tenant's policy",
}


def print_slip(seen: SeenPass, settings: HandOutSettings, taken: LookFiles) -> Path:
    """Write a sealed slip of a pass that was looked at, and return where it is.

    Raises:
        NoPass: a slip would not be true: the pass does not work any more, or not all of it is known.
        UsageError: letters that no font has, or a passphrase that PDFs do not take.
        Misprint: it does not read back as it was meant; nothing was written.
        DiskRefuses, Untrusted: it cannot be written.
    """
    slip = _slip(seen)
    look = taken.look(settings, seen.plan)
    group = HandoutGroup(slip.group, "", (slip,))
    if missing := missing_glyphs([group], look):
        raise UsageError(" ".join(one.sentence for one in missing), hint=" ".join(one.hint for one in missing))
    pdf = render_group(group, look)
    proof_read(pdf, group.slips)
    sealed = seal_pdf(pdf, seen.passphrase)
    for place in (seen.folder.handouts, seen.folder.handouts / FOLDER):
        _private(place)
    row = seen.person.row_word.replace("'", "")  # names of files are cut at their end
    (stem,) = file_stems([f"{slip.name[:_LONGEST_NAME].strip()}, row {row}"], ())
    path = seen.folder.handouts / FOLDER / f"{stem}.pdf"
    write_file(path, sealed)
    return path


def _slip(seen: SeenPass) -> Slip:
    row, person = seen.person.row, seen.person
    held = true_pass(row, seen.sent)
    true = seen.sent.phase is RowPhase.ISSUED and not is_unusable(seen.sent) and not seen.is_in_doubt
    if seen.state in _DEAD or not true or held is None:
        why = _DEAD.get(seen.state) if seen.state is not None else None
        raise NoPass(
            f"A slip would not be true: the pass of {person.label} {why or 'is not known to be the one that works'}.",
            hint=seen.remedy or seen.for_a_new_one,
        )
    return Slip(
        name=person.name,
        sign_in_name=row.upn or ("" if is_guid(person.user) else person.user),
        group=row.group or "",
        code=held.code,
        starts=held.starts,
        ends=held.ends,
        once=held.once,
        row_label=str(row.source.number),
    )


def _private(place: Path) -> None:
    if not make_private_folder(place):
        try:
            require_private(place)
        except OSError as error:
            raise refusal(place, error, doing="examined") from error
