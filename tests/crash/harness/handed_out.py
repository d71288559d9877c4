"""What the administrator ends up with: the results workbook and the plan, read as an outsider would."""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from bulktap.model.secret import Secret
from bulktap.storage.office_encryption import decrypt_workbook

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class HandedOut:
    """One row of the sheet `Passes`."""

    object_id: str
    passcode: str = field(repr=False)
    pass_id: str
    note: str = ""
    group: str = ""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """One row of the sheet `Not issued`."""

    object_id: str
    reason: str


@dataclass(frozen=True, slots=True)
class Workbook:
    """A results workbook."""

    passes: tuple[HandedOut, ...]
    left_out: tuple[LeftOut, ...] = ()

    @property
    def passcodes(self) -> list[str]:
        """Every passcode in it."""
        return [one.passcode for one in self.passes]


@dataclass(frozen=True, slots=True)
class PlannedUser:
    """One row of the plan that creates a pass."""

    object_id: str
    existing_pass_id: str | None = None
    """The pass that the plan means to replace."""


def read_workbook(path: Path, passphrase: str) -> Workbook:
    """Decrypt a results workbook in memory and read it."""
    sheets = read_sheets(path, passphrase)
    passes = tuple(
        HandedOut(
            _text(row, "Object ID"),
            _text(row, "Temporary Access Pass"),
            _text(row, "Pass ID"),
            _text(row, "Note"),
            _text(row, "Class") if "Class" in row else "",
        )
        for row in sheets["Passes"]
    )
    left_out = tuple(LeftOut(_text(row, "Object ID"), _text(row, "Reason")) for row in sheets["Not issued"])
    return Workbook(passes, left_out)


def read_sheets(path: Path, passphrase: str) -> dict[str, list[dict[str, object]]]:
    """Return the two tables of a results workbook, each row by its headings."""
    from openpyxl import load_workbook

    plain = io.BytesIO(decrypt_workbook(path.read_bytes(), Secret(passphrase)))
    book = load_workbook(plain, read_only=True)
    try:
        return {name: list(_rows(book[name])) for name in ("Passes", "Not issued")}
    finally:
        book.close()


def require_whole(folder: Path, passphrase: str) -> None:
    """Read every file of a run that is to be complete or absent.

    Raises:
        Exception: one of them is neither.
    """
    for name in ("plan.json", "run.json"):
        if (folder / name).exists():
            json.loads((folder / name).read_bytes())
    if (folder / "results.xlsx").exists():
        read_workbook(folder / "results.xlsx", passphrase)
    if (folder / "errors.xlsx").exists():
        with zipfile.ZipFile(folder / "errors.xlsx") as report:
            assert report.testzip() is None


def read_plan(path: Path) -> tuple[PlannedUser, ...]:
    """Return the users of a plan.json for whom it creates a pass."""
    rows = json.loads(path.read_text("utf-8"))["rows"]
    return tuple(
        PlannedUser(row["object_id"], row["existing_pass_id"]) for row in rows if row["action"] in {"issue", "replace"}
    )


def _rows(sheet: Any) -> Iterator[dict[str, object]]:
    lines = sheet.iter_rows(values_only=True)
    headings = next(lines)
    for line in lines:
        yield dict(zip(headings, line, strict=True))


def _text(row: dict[str, object], heading: str) -> str:
    value = row[heading]
    return "" if value is None else str(value)
