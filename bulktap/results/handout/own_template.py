"""A layout of the user's own, read into memory before anything is typeset.

Only files of its folder are read, so that it can print nothing else of this computer, and typst's packages are refused,
since they are fetched from the Internet. `layouts/bulktap.typ` says what a template finds.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Final

from bulktap.model.errors import UsageError
from bulktap.results.handout.sheets_model import OwnTemplate
from bulktap.storage.files import leads_elsewhere

if TYPE_CHECKING:
    from collections.abc import Iterator

_TEXTS: Final = {".typ", ".svg", ".json", ".toml", ".yaml", ".yml", ".csv", ".txt"}
_FONTS: Final = {".ttf", ".otf", ".ttc", ".otc"}
_MOST_FILES: Final = 100
_MOST_BYTES: Final = 10_000_000
_LOADS: Final = re.compile(r"\b(?:import|include)\b\s*(\"[^\"\\@]*\"(?!\s*\+))?")
_RUNS_TEXT: Final = re.compile(r"\b(eval|plugin|std)\b")
"""What runs text as a layout; `std` holds all functions by name. Comments are looked at too: a string may hide one."""
_PACKAGE: Final = re.compile(r"\"@[\w-]+/")


def read_template(path: Path) -> OwnTemplate:
    """Return a template with the files of its folder.

    Args:
        path: the file that is typeset, `letter.typ`; what it uses stands beside it or in folders below.

    Raises:
        UsageError: it is not there, its folder holds too much, or it loads a package.
    """
    if path.suffix.lower() != ".typ":
        raise UsageError(f"The template {path.name} is not a typst file.", hint="Name a file that ends in .typ.")
    folder = path.resolve().parent
    files: dict[str, bytes] = {}
    fonts = False
    try:
        for found in _files(folder):
            fonts = fonts or found.suffix.lower() in _FONTS
            if found.suffix.lower() in _TEXTS:
                files[found.relative_to(folder).as_posix()] = found.read_bytes()
            if len(files) > _MOST_FILES or sum(map(len, files.values())) > _MOST_BYTES:
                raise UsageError(
                    f"The template's folder holds more than {_MOST_FILES} files or {_MOST_BYTES:,} bytes.",
                    hint="Put the template into a folder of its own.",
                )
    except OSError as trouble:
        raise UsageError(f"The template cannot be read: {trouble.strerror}.", hint="Check its path.") from None
    if path.name not in files:
        raise UsageError(f"There is no template {path}.", hint="Check its path.")
    for name, content in files.items():
        _check(name, content)
    return OwnTemplate(path.name, files, str(folder), (str(folder),) if fonts else ())


def _files(folder: Path) -> Iterator[Path]:
    """Yield the files below a folder.

    Raises:
        UsageError: a link is among them, which may lead out of it.
    """
    for base, folders, names in os.walk(folder, followlinks=False):
        for name in [*folders, *names]:
            if leads_elsewhere(Path(base, name)):
                raise UsageError(f"The template's folder holds the link {name}.", hint="Put the file itself there.")
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        yield from (Path(base, name) for name in sorted(names) if not name.startswith("."))


def _check(name: str, content: bytes) -> None:
    """Refuse what could load a package: only a plain name in quotes may follow `import` and `include`."""
    try:
        source = content.decode()
    except UnicodeDecodeError:
        raise UsageError(f"The template's file {name} is not UTF-8 text.", hint="Save it as UTF-8.") from None
    if not name.endswith(".typ"):
        return
    if _PACKAGE.search(source) or any(not loaded[1] for loaded in _LOADS.finditer(source)):
        raise UsageError(
            f"The template's file {name} loads something else than a file beside it.",
            hint='After import and include write the file\'s name in quotes; packages ("@preview/…") are not loaded.',
        )
    if found := _RUNS_TEXT.search(source):
        raise UsageError(f"The template's file {name} uses {found[1]}.", hint="Do without it, also in comments.")
