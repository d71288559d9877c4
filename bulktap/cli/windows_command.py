"""A command line on Windows, started as the Command Prompt would: `.cmd` files too, and `az` where `az.cmd` is meant.

Windows itself looks for `.exe` only, and looks in the current folder first, where somebody else may have put a file.
"""

from __future__ import annotations

import ntpath
import sys
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_BATCH: Final = (".cmd", ".bat")
_USUAL_ENDINGS: Final = ".COM;.EXE;.BAT;.CMD"


def to_start(command: str, *, path: str, endings: str, interpreter: str, is_file: Callable[[str], bool]) -> str:
    """Return the command line that starts what somebody means by one; as it is where nothing of its name is found.

    Args:
        command: program and arguments; the program in quotes if it has blanks in it.
        path: the folders in which programs are, as PATH has them.
        endings: what programs end in, as PATHEXT has it.
        interpreter: the path of cmd.exe, which runs batch files.
        is_file: whether there is a file of that path.
    """
    program, rest = _divided(command)
    found = next(filter(is_file, _candidates(program, path, endings or _USUAL_ENDINGS)), None)
    if found is None:
        return command
    if found.casefold().endswith(_BATCH):
        # /s takes off the outer quotes only, /d leaves out what the registry would run before (cmd /?).
        return f'"{interpreter}" /d /s /c ""{found}"{rest}"'
    return f'"{found}"{rest}'


def program_of(command: str) -> str:
    """Return the word that names the program."""
    return _divided(command)[0]


def _divided(command: str) -> tuple[str, str]:
    text = command.strip()
    if text.startswith('"'):
        program, _, rest = text[1:].partition('"')
        return program, rest
    program = text.split(maxsplit=1)[0] if text else ""
    return program, text[len(program) :]


def _candidates(program: str, path: str, endings: str) -> Iterator[str]:
    if not program:
        return
    known = [ending for ending in endings.split(";") if ending.startswith(".")]
    has_ending = program.casefold().endswith(tuple(ending.casefold() for ending in known))
    names = [program] if has_ending else [program + ending.lower() for ending in known]
    if ntpath.dirname(program) or ntpath.splitdrive(program)[0]:
        yield from names
        return
    for folder in path.split(";"):
        place = folder.strip().strip('"')
        if ntpath.isabs(place) and ntpath.splitdrive(place)[0]:
            yield from (ntpath.join(place, name) for name in names)


if sys.platform == "win32":
    import ctypes
    from pathlib import Path

    from bulktap.settings.environment import variable

    def command_line(command: str) -> str:
        """Return the command line that starts what somebody means by one on this computer."""
        buffer = ctypes.create_unicode_buffer(260)
        ctypes.windll.kernel32.GetSystemDirectoryW(buffer, len(buffer))
        return to_start(
            command,
            path=variable("PATH"),
            endings=variable("PATHEXT"),
            interpreter=str(Path(buffer.value) / "cmd.exe"),
            is_file=lambda name: Path(name).is_file(),
        )
