"""What a run may be named: a word that no file, id or other word of the command line is taken for."""

from __future__ import annotations

import re
from typing import Final

from bulktap.model.late_patterns import LatePattern

LATEST: Final = "latest"
"""Means the most recent run, wherever a run is named."""
LONGEST: Final = 40

_WORD = LatePattern(r"\w(?:[\w-]*\w)?\Z")
DEVICE: Final = LatePattern(
    r"(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9\u00b9\u00b2\u00b3])\s*(\.|$)", re.IGNORECASE
)
"""What begins a name that Windows keeps for a device, whatever ending follows."""
_ID_BEGINS = LatePattern(r"\d{4}-\d{2}-\d{2}T\d{4}Z-", re.IGNORECASE)


def checked_name(text: str) -> str:
    """Return the name of a run as it was given, without blanks around it.

    Raises:
        ValueError: no run can be called that; the sentence says why.
    """
    name = text.strip()
    if name.casefold() == LATEST:
        raise ValueError(f"{LATEST} means the most recent run; give the run another name.")
    if len(name) > LONGEST:
        raise ValueError(f"{len(name):,} characters are more than {LONGEST}.")
    if not _WORD.match(name):
        raise ValueError(
            f"{text!r} is not a name such as autumn-5a: letters, digits, - and _, neither first nor last -."
        )
    if DEVICE.match(name):
        raise ValueError(f"{name} is what Windows calls a device; give the run a name such as autumn-5a.")
    if _ID_BEGINS.match(name):
        raise ValueError(f"{name} looks like the id of a run; give it a name such as autumn-5a.")
    return name
