"""passphrases.xlsx: which sealed file of a hand-out goes to whom, and what opens it; itself sealed by the caller.

It is read again before a later hand-out, so that no file stays behind whose passphrase nobody has. Each line keeps the
digest of its file: by that it is told which of two passphrases opens what lies there.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bulktap.model.secret import Secret
from bulktap.results.sheets import Column, ColumnKind, FactSheet, Section, TableSheet, workbook_bytes
from bulktap.results.sheets.reading_back import rows_read_back

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime
    from zoneinfo import ZoneInfo

RUN_WORDS = "the run's passphrase"
"""What stands in the place of words where a file opens with the passphrase that everything of the run opens with."""
SHEET = "Passphrases"
"""Name of the sheet."""

_COLUMNS = (
    Column("Group", width=24, wrap=True),
    Column("File", width=30, wrap=True),
    Column("Handed to", width=24, wrap=True),
    Column("People", ColumnKind.INTEGER, width=9),
    Column("Opens with", ColumnKind.PASSCODE, width=46, wrap=True, note="Letters and hyphens as they stand here."),
    Column("Written", ColumnKind.DATE_TIME, note="By the clocks of the roster's time zone."),
    Column("SHA-256", width=20, technical=True, note="Of the sealed file: tells it from an earlier one of its name."),
)
_WORDS = (
    "By another way than the file and to that person only: on the telephone, in a chat, on a note. Each file has words "
    "of its own, so whoever gets one opens no other."
)
_TO_PASS_ON = (
    ("The file", "Send it, or lay it on a drive, as usual: without its words nobody reads it."),
    ("Its words", _WORDS),
    ("This workbook", "Stays with you. It opens every file."),
    ("Afterwards", "Delete the folder when all slips are handed out; printed lists that are left over are shredded."),
)


@dataclass(frozen=True, slots=True)
class SealedFile:
    """One file of a hand-out."""

    group: str
    name: str
    """The file's name."""
    handed_to: str
    people: int
    """How many have a slip in it."""
    opens_with: Secret | None
    """None if the run's passphrase does."""
    written_at: datetime | None
    """Aware where it was just made; as a cell has it, naive and in the roster's zone, where it was read.

    None where somebody has put something else into that cell.
    """
    sha256: str


def passphrase_list(files: Sequence[SealedFile], zone: ZoneInfo, title: str, created: datetime) -> bytes:
    """Return the workbook, not yet encrypted."""
    lines = [
        [
            one.group,
            one.name,
            one.handed_to or None,
            one.people,
            RUN_WORDS if one.opens_with is None else one.opens_with,
            one.written_at.astimezone(zone) if one.written_at and one.written_at.tzinfo else one.written_at,
            one.sha256,
        ]
        for one in files
    ]
    sheets = (
        TableSheet(SHEET, _COLUMNS, lines, frozen_columns=1, printed_columns=6),
        FactSheet("Passing on", "How to pass this on", (Section("What goes where", _TO_PASS_ON),)),
    )
    return workbook_bytes(sheets, title=title, created=created)


def read_passphrase_list(workbook: bytes) -> list[SealedFile]:
    """Return the files that an earlier list names, as far as it can be read; somebody may have edited it.

    Args:
        workbook: the list, decrypted.
    """
    rows = iter(rows_read_back(workbook, SHEET))
    headings = [str(heading) for heading in next(rows, ())]
    lines = (dict(zip(headings, row, strict=False)) for row in rows)
    return [found for line in lines if (found := _read(line)) is not None]


def _read(line: Mapping[str, object]) -> SealedFile | None:
    from datetime import datetime

    name, opens_with, written = line.get("File"), line.get("Opens with"), line.get("Written")
    people = line.get("People")
    if not isinstance(name, str) or not isinstance(opens_with, str) or not name or not opens_with:
        return None
    return SealedFile(
        group=str(line.get("Group") or ""),
        name=name,
        handed_to=str(line.get("Handed to") or ""),
        people=people if isinstance(people, int) else 0,
        opens_with=None if opens_with == RUN_WORDS else Secret(opens_with),
        written_at=written if isinstance(written, datetime) else None,
        sha256=str(line.get("SHA-256") or ""),
    )
