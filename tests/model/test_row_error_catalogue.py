"""The catalogue has a sentence and a remedy for every code, and no room makes up its own."""

from __future__ import annotations

import inspect
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest

import bulktap
from bulktap.model.passes import AccessPass
from bulktap.model.row_error_catalogue import about_cells, about_earlier_runs, about_guards, about_passes, about_users
from bulktap.model.row_errors import RowError, RowErrorCode, Severity

if TYPE_CHECKING:
    from collections.abc import Callable

PACKAGE = Path(bulktap.__file__).parent
SAMPLES: dict[str, object] = {
    "str": "x",
    "str | None": "x",
    "int": 3,
    "int | None": 60,
    "bool": True,
    "object": "cell",
    "tuple[str, str]": ("60", "480"),
    "tuple[str, str] | None": ("60", "480"),
    "datetime": datetime(2035, 9, 1, tzinfo=UTC),
    "ZoneInfo": ZoneInfo("Europe/Berlin"),
    "AccessPass": AccessPass("id", datetime(2035, 9, 1, tzinfo=UTC), datetime(2035, 9, 1, tzinfo=UTC), 60),
    "RowError": RowError(RowErrorCode.LIFETIME_MALFORMED, "It is odd.", "Write it again."),
}


def entries() -> list[Callable[..., Any]]:
    """Return every function of the catalogue that makes an error."""
    found = [
        entry
        for module in (about_cells, about_earlier_runs, about_guards, about_passes, about_users)
        for name, entry in inspect.getmembers(module, inspect.isfunction)
        if not name.startswith("_") and entry.__module__ == module.__name__
    ]
    return [entry for entry in found if entry.__annotations__["return"] == "RowError"]


def made(entry: Callable[..., RowError]) -> RowError:
    """Return what an entry says of sample values."""
    parameters = inspect.signature(entry).parameters.values()
    positional = [SAMPLES[str(one.annotation)] for one in parameters if one.kind is not one.KEYWORD_ONLY]
    named = {one.name: SAMPLES[str(one.annotation)] for one in parameters if one.kind is one.KEYWORD_ONLY}
    return entry(*positional, **named)


@pytest.mark.parametrize("entry", entries(), ids=lambda entry: entry.__name__)
def test_each_entry_says_what_is_wrong_and_what_to_do(entry: Callable[..., RowError]) -> None:
    """Both are there, with nothing left to fill in."""
    error = made(entry)

    assert error.message
    assert error.hint
    assert not re.search(r"[{}]|None|  ", error.message + error.hint)
    assert error.hint.endswith((".", "x"))


def test_every_code_has_an_entry() -> None:
    """A code that nothing can bring about would be a promise that is not kept."""
    assert {made(entry).code for entry in entries()} == set(RowErrorCode)


def test_only_the_catalogue_and_what_reads_files_make_row_errors() -> None:
    """Whoever looks for a sentence finds it in one place."""
    making = {
        path.relative_to(PACKAGE).as_posix()
        for path in PACKAGE.rglob("*.py")
        if re.search(r"\bRowError\(\s*[^)\s]", path.read_text("utf-8"))
    }

    assert making == {
        "journal/entries.py",
        "model/row_error_catalogue/about_cells.py",
        "model/row_error_catalogue/about_earlier_runs.py",
        "model/row_error_catalogue/about_guards.py",
        "model/row_error_catalogue/about_passes.py",
        "model/row_error_catalogue/about_users.py",
        "results/plan_file/plan_archive.py",
        "results/plan_file/plan_parser.py",
    }


def test_warnings_keep_nobody_from_a_pass() -> None:
    """They are few, and each says so by its severity."""
    warnings = {made(entry).code for entry in entries() if made(entry).severity is Severity.WARNING}

    assert warnings == {
        RowErrorCode.USER_DISABLED,
        RowErrorCode.USER_GUEST,
        RowErrorCode.START_WITHOUT_TIME,
        RowErrorCode.START_PASSED,
        RowErrorCode.OUTSIDE_WORKING_HOURS,
        RowErrorCode.STARTS_OUTSIDE_WORKING_HOURS,
        RowErrorCode.ENDS_BEFORE_HAND_OUT,
        RowErrorCode.NAME_DIFFERS,
        RowErrorCode.EARLIER_DOUBT,
        RowErrorCode.LEFT_ALONE,
        RowErrorCode.LEFT_OUT,
        RowErrorCode.NOT_IN_SCOPE,
        RowErrorCode.NOT_SELECTED,
        RowErrorCode.NOTE,
    }
