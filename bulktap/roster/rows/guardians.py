"""People whom the roster itself calls guardians: parents and others of the family, by a column of roles. Pure.

Exports of schools list them beside the pupils, with a user name that is often private mail. A pass is for pupils and
staff; a word that may be a job as well (`Tutor`, `Carer`, `Responsable`) makes nobody a guardian.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bulktap.model.errors import RosterError
from bulktap.model.late_patterns import LatePattern
from bulktap.model.plain_text import in_number, without_accents
from bulktap.model.row_ranges import row_ranges
from bulktap.roster.cell_values import as_text, word_set
from bulktap.roster.columns.headings import squeeze
from bulktap.roster.model import LeftOutRow

if TYPE_CHECKING:
    from bulktap.roster.model import Roster, RowKey

_HEADINGS = word_set(
    "role roles roletype userrole userroles usertype persontype membertype accounttype rolename primaryrole profile"
    " rolle rollen benutzerrolle benutzertyp personentyp personengruppe"
    " role rôle profil typedutilisateur typedecompte rol roles perfil tipodeusuario tipodeusuário tipodeutilizador"
    " gebruikerstype gebruikersrol persoonstype papel função ruolo tipoutente profilo ロール 役割 種別 区分"
    " ユーザー種別"
)
_GUARDIANS = word_set(
    "parent parents guardian guardians legalguardian parentguardian guardianparent relative mother father stepmother"
    " stepfather grandparent grandmother grandfather spouse aunt uncle emergencycontact"
    " eltern elternteil elternkonto mutter vater grosseltern vormund erziehungsberechtigte erziehungsberechtigter"
    " erziehungsberechtigt sorgeberechtigte sorgeberechtigter"
    " pere mere parentdeleve parentsdeleve responsablelegal representantlegal tuteurlegal tutricelegale"
    " padre madre padres apoderado apoderada acudiente tutorlegal familiar"
    " ouder ouders vader moeder voogd verzorger"
    " pai mae encarregadodeeducacao encarregadaeducacao responsavellegal"
    " genitore genitori 保護者 父 母 父親 母親"
)
_BETWEEN = LatePattern(r"[,;|/+&、]|\band\b|\bund\b|\bet\b|\by\b|\ben\b|\be\b")
_LONGEST = 80  # characters of a role that are looked at
_FAMILY = "To give such people passes too, list them in a file without that column."


def names_guardian(role: str) -> bool:
    """Return true if a role, or each of several, is that of a guardian."""
    parts = [_key(part) for part in _BETWEEN.split(role.casefold()[:_LONGEST])]
    filled = [part for part in parts if part]
    return _key(role) in _GUARDIANS or (bool(filled) and _GUARDIANS.issuperset(filled))


def _key(role: str) -> str:
    plain = without_accents(role.casefold()[:_LONGEST])
    return "".join(letter for letter in plain if letter.isalpha())


def without_guardians(roster: Roster) -> Roster:
    """Return a roster in which the rows of guardians, by its own word, are left out, with a note.

    Their addresses have no say then in which column names the user: they are often of private mail.

    Raises:
        RosterError: nobody else is in it.
    """
    own = range(len(roster.headings) if roster.own_width is None else roster.own_width)
    roles = [column for column in own if squeeze(roster.headings[column]) in _HEADINGS]
    found: dict[RowKey, LeftOutRow] = {}
    notes: list[str] = []
    for column in roles:
        heading = roster.headings[column]
        known = {cell: names_guardian(as_text(cell)) for cell in {row.cells[column] for row in roster.rows}}
        rows = [row for row in roster.rows if known[row.cells[column]] and row.key not in found]
        if rows:
            for row in rows:
                found[row.key] = LeftOutRow(row, f"a guardian ({heading} {as_text(row.cells[column])})", _FAMILY)
            who = in_number(len(rows), "person is a guardian", "people are guardians")
            was = "was" if len(rows) == 1 else "were"
            notes.append(
                f"{who} by column {heading} and {was} skipped: {row_ranges(row.key for row in rows)}. {_FAMILY}"
            )
    if not found:
        return roster
    others = tuple([row for row in roster.rows if row.key not in found])
    if not others:
        headings = " or ".join(roster.headings[column] for column in roles)
        raise RosterError(f"{roster.place} holds nobody but guardians, by column {headings}.", hint=_FAMILY)
    return replace(roster, rows=others, left_out=(*roster.left_out, *found.values()), notes=(*roster.notes, *notes))
