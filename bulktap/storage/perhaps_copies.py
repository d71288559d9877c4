"""Files that somebody laid into a run's folder and that may hold its passcodes: copies under names of their own.

A name tells little, so that the first bytes are looked at: a workbook, sealed or not, a PDF, an archive, or a database.
"""

from __future__ import annotations

import re
import stat
from contextlib import suppress
from typing import TYPE_CHECKING, Final

from bulktap.storage.destroying import files_below

if TYPE_CHECKING:
    from pathlib import Path

    from bulktap.storage.run_folder import RunFolder

_MAGIC: Final = (b"\xd0\xcf\x11\xe0", b"PK\x03\x04", b"%PDF", b"SQLite format 3")
"""How sealed workbooks, open ones and zips, printed sheets, and journals begin."""
_OURS: Final = re.compile(
    r"((results|errors|plan|run)(-\d+)?(-kept-\d{8}T\d{6}Z(-\d+)?)?\.\w+"
    r"|\.\w+(-\d+)?\.\w+\.\w+\.part|journal\.db(-journal|-wal|-shm)?)",
    re.IGNORECASE,
)
"""Names that bulktap gives to the outputs and the journal of a run."""


def perhaps_copies(folder: RunFolder) -> list[Path]:
    """Return the files below a run's folder that may hold passcodes and that bulktap did not name, by name."""
    found = []
    for path in sorted(files_below(folder.path)):
        inside = path.relative_to(folder.path)
        ours = len(inside.parts) == 1 and _OURS.fullmatch(inside.name)
        if not ours and not path.is_relative_to(folder.handouts) and _begins_so(path):
            found.append(path)
    return found


def _begins_so(path: Path) -> bool:
    with suppress(OSError):
        if stat.S_ISREG(path.lstat().st_mode):
            with path.open("rb") as file:
                return file.read(16).startswith(_MAGIC)
    return False
