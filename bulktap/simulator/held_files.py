"""Files that a virus scanner of Windows holds for a moment after they were written: they are waited for."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

_PAUSES: Final = (0.01, 0.03, 0.1, 0.3, 0.6, 1.0)


def once_let_go(
    act: Callable[[], object],
    wait: Callable[[float], None] = time.sleep,
    *,
    windows: bool = sys.platform == "win32",
) -> None:
    """Rename or remove a file, on Windows again while it is refused, for two seconds in all.

    Raises:
        OSError: it does not work, or not in that time.
    """
    for pause in _PAUSES if windows else ():
        try:
            act()
        except PermissionError:
            wait(pause)
        else:
            return
    act()
