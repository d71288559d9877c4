"""What one guess of a passphrase costs: with Argon2id for the journal, with rounds of SHA-512 for workbooks.

`SPIN_COUNT` is what one guess of the passphrase costs in rounds of SHA-512. Office writes 100,000; the standard
allows 10,000,000. Five times Office's own costs us 0.3 s for each workbook and lets LibreOffice 7.4 open it in 1.7 s
instead of 0.4 s (two slow cores; a million rounds took it 3.6 s), so a thief pays five times as much for each guess.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

SPIN_COUNT: Final = 500_000
"""Rounds of SHA-512 for each guess at a workbook."""

_MOST_MEMORY_KIB: Final = 1024 * 1024
_MOST_ITERATIONS: Final = 10
_MOST_LANES: Final = 16


@dataclass(frozen=True, slots=True)
class KdfCost:
    """What it costs to try one passphrase (Argon2id, RFC 9106); stored beside the wrapped key."""

    memory_kib: int
    """Memory in KiB; at least eight for each lane."""
    iterations: int
    """Passes over that memory."""
    lanes: int
    """Threads that can work at it side by side."""

    @property
    def is_acceptable(self) -> bool:
        """Whether a header may ask for this much: one from a stranger must not keep us busy for hours."""
        return (
            1 <= self.lanes <= _MOST_LANES
            and 1 <= self.iterations <= _MOST_ITERATIONS
            and 8 * self.lanes <= self.memory_kib <= _MOST_MEMORY_KIB
        )


STANDARD: Final = KdfCost(memory_kib=64 * 1024, iterations=3, lanes=4)
"""RFC 9106's second recommended option: 64 MiB, three passes, four lanes."""
CHEAPEST: Final = KdfCost(memory_kib=8, iterations=1, lanes=1)
"""The least that Argon2id can do; for tests only."""
