"""Libraries loaded while the tenant's answers are awaited, by modules that import them where they are used.

Together they take a third of a second of a small run. Nothing depends on it: who imports a module that is being loaded
waits for it, and who imports one that cannot be loaded hears why.
"""

from __future__ import annotations

from contextlib import suppress
from importlib import import_module
from threading import Thread
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

FOR_PLANNING: Final = ("bulktap.graph.connections", "jinja2", "xlsxwriter")
"""What asks the tenant, then what writes the plan's reports."""
FOR_RESULTS: Final = ("msoffcrypto.method.container.ecma376_encrypted", "msoffcrypto.method.ecma376_agile")
"""What encrypts the workbook."""


def load_ahead(names: Iterable[str]) -> Thread:
    """Begin to load modules, one after the other, on another thread; a program that ends before waits for it."""
    thread = Thread(target=_load, args=(tuple(names),), name="loading")
    thread.start()
    return thread


def _load(names: Iterable[str]) -> None:
    for name in names:
        # A module may raise anything as it is loaded; whoever needs it hears the same at the place where it matters.
        with suppress(Exception):
            import_module(name)
