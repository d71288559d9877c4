"""KeptRendering: what reports made of a run's rows, for reports that are written again while the rows say the same."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar, cast

from bulktap.results.sheets.filling import KeptRows

if TYPE_CHECKING:
    from collections.abc import Callable

_View = TypeVar("_View")
_Made = TypeVar("_Made")


@dataclass(slots=True)
class KeptRendering:
    """Empty at first; the reports put in what they make, and take what they find."""

    workbook_rows: KeptRows = field(default_factory=KeptRows)
    """Of the passes workbook, as they were written."""
    _parts: dict[object, object] = field(default_factory=dict)

    def part(self, make: Callable[[_View], _Made], view: _View) -> _Made:
        """Return what a function makes of a view, or made of one before whose rows say the same."""
        if make not in self._parts:
            self._parts[make] = make(view)
        return cast("_Made", self._parts[make])
