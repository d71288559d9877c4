"""Write the sample rosters anew: `python samples/make_samples.py`.

Everybody in them is made up. The files come out byte for byte the same every time, so a difference in version control
is a difference in content.
"""

from __future__ import annotations

import csv
import json
import uuid
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import xlsxwriter

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

HERE = Path(__file__).parent
CREATED = datetime(2035, 1, 1)  # noqa: DTZ001 - a property of the workbook, which knows no time zones

Cell = str | int | datetime | None

CLASSES: dict[str, tuple[datetime, str | int, tuple[str, ...]]] = {
    "7A": (
        datetime(2035, 8, 27, 7, 30),  # noqa: DTZ001 - local time, as in every roster
        "8h",
        (
            "Anna Berg", "Mateo García López", "Yuki Tanaka", "Amina Diallo", "Oliver Smith", "Zofia Kowalska",
            "Ravi Patel", "Chloé Dubois", "Liam O'Brien", "Nur Aisyah Rahman", "Jonas Weiß", "Fatima Zahra Alaoui",
            "Emma Jansen", "Lukas Novák", "Ines Carvalho",
        ),
    ),
    "7B": (
        datetime(2035, 8, 27, 10, 0),  # noqa: DTZ001
        480,
        (
            "Noah Müller", "Sofia Rossi", "Kwame Mensah", "Hana Kim", "Elif Yılmaz", "Pedro Almeida", "Ida Lindqvist",
            "Wei Zhang", "Maja Horvat", "Tariq Hassan", "Léa Moreau", "Ben Carter", "Daria Popescu", "Aarav Sharma",
            "Freya Nielsen",
        ),
    ),
    "8A": (
        datetime(2035, 9, 3, 13, 0),  # noqa: DTZ001
        "4 h",
        (
            "Lina Haddad", "Marek Dvořák", "Grace Okafor", "Hugo Martin", "Mei Lin", "Samuel Cohen", "Aino Virtanen",
            "Carlos Fernández", "Priya Nair", "Finn van Dijk", "Valentina Bianchi", "Thabo Nkosi", "Elena Petrova",
            "Jack Wilson", "Sara Eriksson",
        ),
    ),
    "8B": (
        datetime(2035, 9, 3, 16, 0),  # noqa: DTZ001
        "PT6H",
        (
            "Ahmed Mansour", "Klara Schmidt", "Diego Torres", "Aoi Sato", "Mia Andersson", "Tomás Silva",
            "Nadia Rahimi", "Peter Nagy", "Zara Khan", "Louis Lambert", "Greta Hansen", "Min-jun Park", "Rosa Marino",
            "Ethan Brown",
            "Olena Shevchenko",
        ),
    ),
}  # fmt: skip
PLAIN = str.maketrans("áàäãåâçčéèêëěíìîïıłñňóòôöõøřšßúùûüýžěď'", "aaaaaacceeeeeiiiiilnnoooooorssuuuuyzed-", "")
STUDENT_HEADINGS = ("Student", "Sign-in name", "Class", "Room", "Pass start", "Lifetime", "One-time")


def sign_in_name(name: str, domain: str) -> str:
    """Return the user principal name that a school would give this person."""
    first, *_, last = name.lower().translate(PLAIN).replace("-", "").split()
    return f"{first}.{last}@{domain}"


def students() -> list[tuple[Cell, ...]]:
    """Return sixty students of four classes and two rows with a fault each."""
    rows: list[tuple[Cell, ...]] = []
    for room, (group, (start, lifetime, names)) in enumerate(CLASSES.items(), 101):
        for place, name in enumerate(names):
            once = "yes" if place % 5 == 0 else None
            rows.append((name, sign_in_name(name, "contoso.com"), group, f"Room {room}", start, lifetime, once))
    start_7b, start_8b = CLASSES["7B"][0], CLASSES["8B"][0]
    rows.insert(22, ("Bruno Costa", "bruno costa@contoso.com", "7B", "Room 102", start_7b, 480, None))
    rows.insert(50, ("Leila Amini", "leila.amini@contoso.com", "8B", "Room 104", start_8b, "half a day", None))
    return rows


def mistakes() -> list[tuple[Cell, ...]]:
    """Return rows with one of nearly every mistake that bulktap finds, among good ones."""
    start = datetime(2035, 9, 10, 8, 0)  # noqa: DTZ001
    long_ago = datetime(2024, 9, 2, 8, 0)  # noqa: DTZ001
    return [
        ("Ada Lindgren", "ada.lindgren@fabrikam.com", "Finance", start, "8h", "yes"),
        ("Bo Larsen", None, "Finance", start, "8h", None),
        ("Cem Aydın", "cem aydin@fabrikam.com", "Finance", start, "8h", None),
        ("Dora Kiss", "dora.kiss", "Finance", start, "8h", None),
        ("Emil Braun", "emil.braun@@fabrikam.com", "Finance", start, "8h", None),
        ("Fay Chen", "fay.chen@fabrikam.com", "Sales", start, 480, "no"),
        ("Gil Peretz", "gil.peretz.@fabrikam.com", "Sales", start, 480, None),
        ("Hedda Moe", "hedda.moe@fabrikam", "Sales", start, 480, None),
        ("Ivo Rossi", "ivo.rossi@fabrikam.com; jana.rossi@fabrikam.com", "Sales", start, 480, None),
        ("Kai Mori", "FABRIKAM\\kmori", "Sales", start, 480, None),
        ("Lea Petit", "5f1e2d3c-0b4a-4c6d-8e7f-9a0b1c2d3e4f", "Sales", start, 480, None),
        ("Mona Sy", "5f1e2d3c-0b4a-4c6d-8e7f-9a0b1c2d3e", "Sales", start, 480, None),
        ("Nils Aas", "nils.\u0430as@fabrikam.com", "Support", start, "1d", None),
        ("Olga Weiss", "olga.wei\ufffd@fabrikam.com", "Support", start, "1d", None),
        ("Pia Holm", "=NA()", "Support", start, "1d", None),
        ("Quin Ames", "quin.ames@fabrikam.com", "Support", "next Monday", "1d", None),
        ("Rui Matos", "rui.matos@fabrikam.com", "Support", "02/03/2035 08:00", "1d", None),
        ("Siri Dahl", "siri.dahl@fabrikam.com", "Support", long_ago, "8h", None),
        ("Teo Blanc", "teo.blanc@fabrikam.com", "Design", "2035-09-10 08:00", "8:00", None),
        ("Uma Rao", "uma.rao@fabrikam.com", "Design", start, "5 minutes", None),
        ("Vera Duda", "vera.duda@fabrikam.com", "Design", start, "45 days", None),
        ("Wim Bakker", "wim.bakker@fabrikam.com", "Design", start, "8h", "perhaps"),
        ("Xia Wu", "xia?wu@fabrikam.com", "Design", "10 September 2035 8:00", "whole day", "maybe"),
        ("Yara Sousa", "yara.sousa@fabrikam.com", "Design", "10. Sept. 2035 08:30", "90 min", "x"),
        ("Zeno Ricci", "zeno.ricci@fabrikam.com", None, None, None, None),
    ]


def devices() -> list[tuple[str, ...]]:
    """Return two dozen devices as Intune exports them; two are shared and have no user."""
    people = (
        "Amara Obi", "Boris Jovanovic", "Clara Weber", "Dev Mehta", "Esther Levi", "Felix Baumann", "Giulia Conti",
        "Hassan Farouk", "Isla Murray", "Jan Novotny", "Keiko Mori", "Lars Holm", "Maria Santos", "Nia Evans",
        "Omar Haddad", "Paula Reyes", "Quentin Roy",
    )  # fmt: skip
    # Amara, Dev and Isla have a laptop and a tablet, Keiko a laptop, a tablet and a desktop.
    owners: list[str | None] = [
        *people,
        "Amara Obi",
        "Dev Mehta",
        "Isla Murray",
        "Keiko Mori",
        "Keiko Mori",
        None,
        None,
    ]
    models = ("ThinkPad T14 Gen 8", "Latitude 7460", "Surface Pro 14")
    rows: list[tuple[str, ...]] = []
    for place, owner in enumerate(owners):
        model = models[2] if place >= len(people) else models[place % 2]
        maker = {"T": "Lenovo", "L": "Dell", "S": "Microsoft"}[model[0]]
        device_id, user_id = (str(uuid.uuid5(uuid.NAMESPACE_DNS, text)) for text in (f"device {place}", owner or "-"))
        seen = f"2035-07-{place % 28 + 1:02} 06:41:07.0000000"
        upn = sign_in_name(owner, "fabrikam.com") if owner else ""
        rows.append(
            (
                device_id, f"FAB-{'KIOSK' if owner is None else 'PC'}-{place + 1:03}", "2033-02-14 09:12:00.0000000",
                seen, f"PF{place * 7919 + 100000:06X}", maker, model, "Windows",
                "10.0.26100.4061", "Corporate", "Compliant", user_id if owner else "", upn, upn, owner or "",
            )
        )  # fmt: skip
    return rows


DEVICE_HEADINGS = (
    "Device ID", "Device name", "Enrollment date", "Last check-in", "Serial number", "Manufacturer", "Model", "OS",
    "OS version", "Ownership", "Compliance", "UserId", "Primary user UPN", "Primary user email address",
    "Primary user display name",
)  # fmt: skip


def write_workbook(path: Path, sheet: str, headings: Sequence[str], rows: Iterable[Sequence[Cell]]) -> None:
    """Write rows as a person would lay them out: a bold heading that stays in view, columns wide enough to read."""
    with xlsxwriter.Workbook(path, {"in_memory": True, "strings_to_formulas": False}) as book:
        book.set_properties({"created": CREATED})
        page = book.add_worksheet(sheet)
        bold = book.add_format({"bold": True, "bg_color": "#DDEBF7", "bottom": 1})
        moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm", "align": "left"})
        page.freeze_panes(1, 0)
        page.write_row(0, 0, headings, bold)
        for number, row in enumerate(rows, 1):
            for column, cell in enumerate(row):
                if isinstance(cell, datetime):
                    page.write_datetime(number, column, cell, moment)
                elif cell == "=NA()":
                    page.write_formula(number, column, cell, None, "#N/A")
                elif cell is not None:
                    page.write(number, column, cell)
        for column, heading in enumerate(headings):
            page.set_column(column, column, {"Sign-in name": 34, "Student": 24, "Employee": 20}.get(heading, 18))


def tenant_users() -> list[dict[str, str]]:
    """Return the people of the good samples as users of a pretend tenant."""
    names = {str(row[1]): str(row[0]) for row in students() if " " not in str(row[1])}
    names |= {row[12]: row[14] for row in devices() if row[12]}
    return [{"userPrincipalName": upn, "displayName": name} for upn, name in names.items()]


def write_tenant(path: Path) -> None:
    """Write the pretend tenant anew: its users of every kind, then the people of the samples."""
    tenant = json.loads(path.read_text("utf-8"))
    tenant["users"] = [user for user in tenant["users"] if "id" in user] + tenant_users()
    path.write_text(json.dumps(tenant, ensure_ascii=False, indent=2) + "\n", "utf-8")


def main() -> None:
    """Write every sample beside this file."""
    write_tenant(HERE / "tenant.json")
    write_workbook(HERE / "student-onboarding.xlsx", "Students", STUDENT_HEADINGS, students())
    headings = ("Employee", "Sign-in name", "Department", "Pass start", "Lifetime", "One-time")
    write_workbook(HERE / "roster-with-errors.xlsx", "New hires", headings, mistakes())
    with (HERE / "device-refresh.csv").open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows([DEVICE_HEADINGS, *devices()])


if __name__ == "__main__":
    main()
