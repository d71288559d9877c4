"""How the cells of a column look: what speaks for its naming the users. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bulktap.model.late_patterns import LatePattern
from bulktap.roster.cell_values import excel_error, is_object_id, is_placeholder
from bulktap.roster.columns.aliases import Meaning
from bulktap.roster.columns.headings import squeeze
from bulktap.roster.columns.mail_providers import private_provider

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bulktap.model.plan import CellValue, RosterRow
    from bulktap.roster.model import Roster

ENOUGH = 0.8
"""Share of users from which a column can name them."""
SOME = 0.2
"""Share of addresses from which a column is proposed in a question."""
_ADDRESS = re.compile(r"[\s<]*+(?:mailto:|smtp:)?[^@\s]+@[^@\s]+\.[^@\s]+\s*\Z", re.IGNORECASE)
LOCAL_ENDINGS = (".local", ".lan", ".internal", ".corp", ".intern", ".intra", ".home", ".localdomain")
"""Ends of domains that only a network of one's own can have; none of them can be one of Microsoft Entra."""
_FULL_WIDTH_AT = "＠"
_BARE = LatePattern(r"\s*[A-Za-z][\w.\-']*\s*\Z")
_PUPIL_NUMBER = re.compile(r"\s*(?:[A-HJ-NP-RT-Z](?:\d{12}|\d{11}[A-Z])|UN[1-5])\s*\Z")
_MANY = 5
_LONGEST_NUMBER = 15
_DOMAIN = LatePattern(r"\s*@?[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+\s*\Z")
_DOMAIN_WORDS = frozenset(
    {
        "domain", "userdomain", "emaildomain", "maildomain", "upnsuffix", "domainname", "domäne", "domaine", "dominio",
        "domein", "domínio", "ドメイン", "домен", "domæne", "domän", "domena",
    }
)  # fmt: skip
_LONGEST = 250  # characters of a cell that are looked at; a user has at most 113


@dataclass(frozen=True, slots=True)
class ColumnVotes:
    """How the filled cells of a column look, as shares."""

    column: int
    meaning: Meaning | None
    filled: int
    addresses: float
    """Cells that look like an address."""
    users: float
    """User principal names and object ids."""
    bare: float
    """Names without a domain."""
    attempts: float
    """Cells that hold an @, or most of a GUID."""
    numbers: float
    """Digits and nothing else, as schools make user names of the numbers of pupils."""
    pupil_numbers: float
    """Unique Pupil Numbers of English schools, which are called UPN too."""
    local: float = 0.0
    """Addresses whose domain only a network of one's own can have."""
    one_value: str = ""
    """The value that all of many cells have, as the id of a group beside its members; empty where they differ."""
    private: str = ""
    """The commonest provider of private mail, where such providers have half of the cells; empty otherwise."""


def votes_for(roster: Roster, column: int, meaning: Meaning | None, domain: str | None) -> ColumnVotes:
    """Return how the cells of a column look under the meaning that its heading proposes.

    With a domain, names that have none are users too.
    """
    texts = filled_texts(roster, column)
    total = max(len(texts), 1)
    guids = sum(is_object_id(text) for text in texts)
    addresses = sum(map(is_address, texts))
    pupils = sum(_PUPIL_NUMBER.match(text) is not None for text in texts)
    bare = 0
    if addresses + guids < total:
        bare = sum(_BARE.match(text) is not None and not _PUPIL_NUMBER.match(text) for text in texts)
    only_guids = meaning is Meaning.OBJECT_ID
    users = guids if only_guids else guids + addresses + (bare if domain else 0)
    attempts = sum("@" in text or _FULL_WIDTH_AT in text or text.count("-") >= 4 for text in texts)
    private = private_provider(texts) if addresses else ""
    return ColumnVotes(
        column,
        meaning,
        len(texts),
        addresses / total,
        users / total,
        bare / total,
        attempts / total,
        sum(map(_is_number, texts)) / total if addresses + guids < total else 0.0,
        pupils / total,
        sum(text.rstrip().casefold().endswith(LOCAL_ENDINGS) for text in texts) / total if addresses else 0.0,
        texts[0] if len(texts) >= _MANY and guids and len(set(texts)) == 1 else "",
        private,
    )


def _is_number(text: str) -> bool:
    return len(text) <= _LONGEST_NUMBER and text.isascii() and text.strip().isdecimal()


def filled_texts(roster: Roster, column: int) -> list[str]:
    """Return the texts of a column that have a say in what it is, shortened."""
    cells: Iterable[CellValue] = [row.cells[column] for row in roster.rows]
    if roster.links:
        cells = [linked_text(roster, row, column) or row.cells[column] for row in roster.rows]
    return [str(cell)[:_LONGEST] for cell in cells if not _names_nobody(cell)]


def _names_nobody(cell: CellValue) -> bool:
    """Return true if a cell has no say in what its column is: an empty one, an error of Excel, a word such as `n/a`."""
    if isinstance(cell, str) and "@" in cell and cell[0].isalnum() and not cell.startswith("Err:"):
        return False  # by far the most cells of a column of users; the rest of this function would find nothing
    return cell is None or is_placeholder(str(cell)) or excel_error(cell) is not None


def linked_text(roster: Roster, row: RosterRow, column: int) -> str | None:
    """Return the address that a cell's link goes to, where the text itself is no address; None otherwise."""
    address = roster.links.get((row.key, column))
    text = str(row.cells[column] or "")
    return address if address is not None and text.strip() and "@" not in text and not is_object_id(text) else None


def is_address(text: str) -> bool:
    """Return true if a cell's text is an address, in whatever an address book puts around it."""
    return _ADDRESS.match(text.replace(_FULL_WIDTH_AT, "@")) is not None


def domain_column(roster: Roster) -> int | None:
    """Return the column that holds the domains of user names that have none; None if there is none, or are several."""
    found = [
        column
        for column, heading in enumerate(roster.headings)
        if squeeze(heading) in _DOMAIN_WORDS
        and (texts := filled_texts(roster, column))
        and sum(_DOMAIN.match(text) is not None for text in texts) >= ENOUGH * len(texts)
    ]
    return found[0] if len(found) == 1 else None


def domain_beside(roster: Roster) -> str | None:
    """Return the first domain of such a column, in whose place each row has its own."""
    column = domain_column(roster)
    return None if column is None else filled_texts(roster, column)[0].strip()
