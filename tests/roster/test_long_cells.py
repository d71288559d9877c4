"""A cell that is long and almost something else costs no more than its length: nobody waits for hours for one cell."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest
from roster_containers import contained

if TYPE_CHECKING:
    from collections.abc import Callable

    from bulktap.roster.model import CheckedRoster

    Check = Callable[..., CheckedRoster]

GAP = " " * 20_000
ANNA, BEN = "anna@fabrikam.org", "ben@fabrikam.org"
ROWS = {
    "a total": ("User name", "Name", [(None, f"Total{GAP}x"), (None, f"Summe:{GAP}3x")]),
    "a time": ("User name", "Start time", [(ANNA, f"8:00{GAP}x"), (BEN, f"9:30 am{GAP}x")]),
    "a start": ("User name", "Pass start", [(ANNA, f"2035-09-03 8:00{GAP}x"), (BEN, f"3.9.2035{GAP}x")]),
    "a password": ("User name", "Note", [(ANNA, f"Passwort:{GAP}x"), (BEN, f"password was set to{GAP}not")]),
    "quotes": ("User name", "Name", [(ANNA, '"' * 20_000 + "x"), (BEN, '"' * 20_000 + "y")]),
    "a user of SharePoint": ("User name", "Name", [(ANNA, f"i:0#.f|{'a@' * 10_000} x"), (BEN, f"i:0#.f|{GAP}")]),
    "an address in brackets": ("<" * 20_000, "User name", [("<" * 20_000, ANNA), ("<" * 20_000, BEN)]),
}


@pytest.mark.parametrize("what", ROWS)
def test_long_cells_are_read_in_time(check: Check, what: str) -> None:
    """Each of these looks, up to its last character, like what a rule of the roster knows."""
    first, second, rows = ROWS[what]
    content = [
        (first, second),
        ("cara@fabrikam.org", "Cara") if first == "User name" else ("Cara", "cara@fabrikam.org"),
    ]
    began = time.process_time()
    checked = check(*contained([*content, *rows], "csv"), zone="UTC")
    assert time.process_time() - began < 10
    assert checked.rows[0].user is not None


@pytest.mark.long
@pytest.mark.parametrize("remark", ["Stand: 01.09.2035 08:00", "Klasse: 7B"])
def test_many_rows_that_are_no_person_are_read_in_time(check: Check, remark: str) -> None:
    """A second table of twelve thousand people below the first, and as many remarks, take no longer than each once."""
    table = [(f"u{number}@fabrikam.org", f"N{number}", "7B") for number in range(12_000)]
    below = [(remark, None, None) for _ in range(12_000)]
    for rows in ([("E-mail", "Name", "Class"), *table], below):
        began = time.process_time()
        checked = check(*contained([("Name", "User name", "Phone"), ("Anna", ANNA, 1), *rows], "csv"))
        assert time.process_time() - began < 10
        assert len(checked.rows) == len(rows) + 1
