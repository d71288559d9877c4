"""The console of Windows: it obeys sequences such as those of colours only if it is told to, and only since 2016."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import TextIO

if sys.platform == "win32":
    import ctypes
    import msvcrt
    from ctypes import wintypes

    _PROCESSED_OUTPUT, _VIRTUAL_TERMINAL = 0x1, 0x4  # SetConsoleMode (Win32 API, consoleapi.h)

    def obeys_sequences(stream: TextIO) -> bool:
        """Whether the console behind a stream obeys sequences, after it was told to."""
        kernel, mode = ctypes.windll.kernel32, wintypes.DWORD()
        try:
            handle = wintypes.HANDLE(msvcrt.get_osfhandle(stream.fileno()))
        except (OSError, ValueError):
            return False
        if not kernel.GetConsoleMode(handle, ctypes.byref(mode)):
            return True  # a terminal of another kind, which is no Windows console
        wanted = mode.value | _PROCESSED_OUTPUT | _VIRTUAL_TERMINAL
        return mode.value == wanted or bool(kernel.SetConsoleMode(handle, wanted))

else:

    def obeys_sequences(stream: TextIO) -> bool:
        """Terminals elsewhere do, but for those that call themselves dumb."""
        del stream
        return True
