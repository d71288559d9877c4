"""Kind I, days of leaving: who has left by the roster's own word gets no pass, and is a row with the reason."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pytest
from roster_containers import CONTAINERS, contained

from bulktap.model.errors import RosterError
from bulktap.roster.reading_words import DateOrder
from bulktap.roster.rows.leaving import speaks_of_leaving

if TYPE_CHECKING:
    from collections.abc import Callable

    from bulktap.roster.model import CheckedRoster

    Check = Callable[..., CheckedRoster]

LEAVING = (
    "Leaving date", "ExitDate", "employeeLeaveDateTime", "Date left", "Last working day", "Contract end date",
    "Enrolment end date", "Withdrawal date", "Account expiration date", "Graduation date", "End of employment",
    "Abgang", "Austrittsdatum", "Austritt am", "Letzter Arbeitstag", "Vertragsende", "Befristet bis", "Entlassdatum",
    "Date de sortie", "Date de départ", "Fin de contrat", "Dernier jour", "Fecha de baja", "Fecha fin de contrato",
    "Último día", "Uit dienst", "Datum uitschrijving", "Einddatum dienstverband", "Data de saída",
    "Término do contrato", "Data di uscita", "Data cessazione", "Fine rapporto", "Abgemeldet am", "Ausgetreten zum",
    "accountExpires", "退職日", "卒業年月日", "契約終了日",
)  # fmt: skip
OTHERS = (
    "Valid until", "Gültig bis", "Expires", "Ablaufdatum", "End date", "Fin", "Fine", "Start date", "Entry date",
    "Enrollment date", "Registration date", "Contract start date", "Date of birth", "Department date", "Leave type",
    "Sick leave date", "Abgangsgrund", "Graduation year", "Last check-in", "Password expiration date", "Term end date",
    "Data de entrega", "Data di consegna", "date de remise", "Dienststelle", "Compliance grace period expiration",
)  # fmt: skip


def left_out(checked: CheckedRoster) -> list[int]:
    """Return the rows that were left out."""
    return [row.source.number for row in checked.rows if row.left_out]


def told(checked: CheckedRoster) -> str:
    """Return all notes."""
    return " ".join(checked.info.notes)


@pytest.mark.parametrize("place", range(len(LEAVING)), ids=LEAVING)
def test_who_has_left_is_left_out(check: Check, place: int) -> None:
    """A day that is over takes the row out; one to come, today and none leave it in; the reason names the heading."""
    heading, container = LEAVING[place], CONTAINERS[place % len(CONTAINERS)]
    past, future = (date(2025, 7, 31), date(2039, 7, 31)) if container != "csv" else ("31.07.2025", "31.07.2039")
    rows = [("User name", heading), ("a@fabrikam.org", past), ("b@fabrikam.org", future), ("c@fabrikam.org", None)]
    checked = check(*contained(rows, container))
    assert left_out(checked) == [2]
    assert checked.rows[0].problems[0].message == f"Left out while reading: inactive or blocked ({heading} is past)."
    assert "1 person is inactive or blocked" in told(checked)


@pytest.mark.parametrize("heading", OTHERS)
def test_other_days_are_no_days_of_leaving(heading: str) -> None:
    """Those of a pass, a birth, a device, a password, and those on which something begins."""
    assert not speaks_of_leaving(heading)


@pytest.mark.parametrize(
    ("cell", "order", "expected"),
    [
        ("31/07/2025", None, [2]), ("2025-07-31T22:00:00Z", None, [2]), ("July 31, 2025", None, [2]),
        ("31 juillet 2025", None, [2]), ("2025年7月31日", None, [2]), (datetime(2025, 7, 31, 12), None, [2]),  # noqa: DTZ001
        ("01/02/2024", None, [2]), ("0/0/0", None, []), ("-", None, []), ("31.12.9999", None, []),
        ("never", None, []), ("9223372036854775807", None, []), ("133664256000000000", None, [2]),
        ("07/08/2035", DateOrder.MDY, []),
    ],
)  # fmt: skip
def test_days_in_every_form(check: Check, cell: object, order: DateOrder | None, expected: list[int]) -> None:
    """As people and programs write them; what stands for no day says nothing."""
    rows = [("User name", "Exit date"), ("a@fabrikam.org", cell), ("b@fabrikam.org", "2039-07-31")]
    container = "xlsx" if isinstance(cell, datetime) else "csv"
    checked = check(*contained(rows, container), date_order=order) if order else check(*contained(rows, container))
    assert left_out(checked) == expected


def test_a_day_with_two_readings_is_noted(check: Check) -> None:
    """Where one reading is over and the other is not, the person gets a pass and the cell is told."""
    rows = [("User name", "Exit date"), ("a@fabrikam.org", "01/12/2026"), ("b@fabrikam.org", "")]
    checked = check(*contained(rows, "csv"))
    assert left_out(checked) == []
    assert "Column Exit date has values that do not say whether somebody is active: '01/12/2026' (1)" in told(checked)


def test_an_end_that_may_be_the_persons_is_told(check: Check) -> None:
    """`End date` can be of the pass or of the person: it is used for neither, and how many days are over is said."""
    rows = [
        ("User name", "Start date", "End date"),
        ("a@fabrikam.org", "2020-08-01", "2025-07-31"),
        ("b@fabrikam.org", "2020-08-01", "2039-07-31"),
    ]
    checked = check(*contained(rows, "ods"))
    assert left_out(checked) == []
    assert "1 of its days is past" in told(checked)


def test_people_who_all_have_left_are_refused_by_the_reason(check: Check) -> None:
    """Not by a missing user name, which is there."""
    rows = [("User name", "Abgang"), ("a@fabrikam.org", "31.07.2025"), ("b@fabrikam.org", "31.07.2024")]
    with pytest.raises(RosterError, match=r"all 2 rows would be left out\. .*Abgang is past") as refusal:
        check(*contained(rows, "csv"))
    assert 'inactive = "include"' in refusal.value.hint


SWAPPED = (
    [("a", date(2027, 1, 9)), ("b", date(2026, 2, 5)), ("c", "13/09/2035")],
    [("a", datetime(2027, 1, 6, 8)), ("b", date(2025, 2, 3)), ("c", "31.01.2036")],  # noqa: DTZ001
)


@pytest.mark.parametrize("heading", ["Leaving date", "Austrittsdatum", "Date de sortie", "Fecha de baja", "退職日"])
@pytest.mark.parametrize("days", SWAPPED, ids=["slashes", "points"])
def test_days_that_a_program_may_have_exchanged(check: Check, heading: str, days: list[tuple[str, object]]) -> None:
    """Nobody is left out, or kept, by one of two readings: who would have left by one alone is told and gets a pass."""
    rows = [("User name", heading), *((f"{name}@fabrikam.org", day) for name, day in days)]
    options = {"now": datetime(2026, 11, 1, tzinfo=UTC)}
    content = contained([*rows, ("d@fabrikam.org", date(2026, 12, 1))], "xlsx")
    checked = check(*content, **options)
    assert left_out(checked) == [3]
    assert "do not say whether somebody is active: '2026-12-01" in told(checked)
    assert left_out(check(*content, date_order=DateOrder.AS_IS, **options)) == [3]
    assert left_out(check(*content, date_order=DateOrder.SWAPPED, **options)) == [3, 5]
