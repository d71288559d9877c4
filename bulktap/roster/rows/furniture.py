"""Rows among people that are none: what export programs and people put between, above and below them. Pure.

Each rule is about a row as a whole and holds in every language of the dictionary; what could be part of a person is
left to the rows.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bulktap.model.late_patterns import LatePattern
from bulktap.roster.cell_values import as_text
from bulktap.roster.columns.aliases import Meaning
from bulktap.roster.columns.header_row import Header, is_example, is_user, repeats_header, text_of
from bulktap.roster.columns.headings import may_be_heading, meanings_of, names_user, speaks_of_others

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bulktap.model.plan import CellValue
    from bulktap.roster.model import GridRow

EXAMPLE, HEADINGS = "Microsoft's example", "the headings once more"
TEST_STUDENT = "the test student of the learning platform"
OTHER_TABLE, LABELS, TITLE = (
    "part of another table",
    "labels of the program that wrote the file",
    "a title between people",
)
REMARK = "a remark or a total"
IN_A_NOTE = {
    EXAMPLE: "is Microsoft's example", HEADINGS: "repeats the headings", OTHER_TABLE: "is part of another table",
    LABELS: "holds labels of the program that wrote the file", TITLE: "is a title between people",
    REMARK: "is a remark or a total",
    TEST_STUDENT: "is the learning platform's test student",
}  # fmt: skip
"""What is said of such a row behind its number."""
_EXAMPLES_WITHIN = 20  # Microsoft's examples stand right below the headings
_LABELS_WITHIN = 4  # rows below the headings
_LABEL = LatePattern(r"\{\s*\"ImportId\"")  # Qualtrics writes three rows of headings
_POINTS = LatePattern(
    r"\s*(?:points possible|punkte möglich|points possibles|puntos posibles|punti possibili)\s*\Z", re.IGNORECASE
)
"""The row in which Canvas keeps the best possible result; whatever stands above it is of the same kind."""
_CANVAS_LOGIN = "sis login id"
_TEST_NAME = LatePattern(r"\btest(?:schüler(?:in)?|student)?\b", re.IGNORECASE)
_TEST_LOGIN = LatePattern(r"[0-9a-f]{8,64}\Z")
"""Canvas gives each course a student of its own for tests, who signs in with a number that nobody knows."""
_NUMBERED = LatePattern(r"\d{1,2}[.)]\s+\S")
_CLASS = LatePattern(r"\d{1,2}\s?[./-]?\s?[A-Za-z]\Z")
_RULE = LatePattern(r"([-=*_#~–—])\1{1,}.*|[-=*_#~–—]{3,}\Z", re.DOTALL)
_LABELLED = LatePattern(r"([^\W\d_][\w .()-]{0,30}?)\s?[:：]\s*([^\s/].*)", re.DOTALL)
_DATE = r"(?:\d{4}[-./]\d{1,2}[-./]\d{1,2}|\d{1,2}[-./]\d{1,2}[-./]\d{2,4})"
_DATED = LatePattern(
    rf".*\b{_DATE},?\s+(?:um |at |à )?\d{{1,2}}[:.h]\d\d"
    r"|(?:stand|as of|created|printed|generated|exported|erstellt|gedruckt"
    r"|exportiert|imprimé|édité|généré|créé|exporté|generado|impreso|emitido|exportado|afgedrukt|aangemaakt|stampato|creato"
    r"|generato|gerado|impresso|emitido|wygenerowano|wydrukowano|vytvořeno|vytištěno|skapad|oprettet|opprettet|作成日|出力日"
    rf"|印刷日)\b.*{_DATE}",
    re.IGNORECASE | re.DOTALL,
)
"""A day with a time, or behind a word for how the list was made: a name may have a birthday behind it."""
_TOTAL = LatePattern(
    r"(?:(?:grand |sub ?)?totals?(?: g[eé]n[eé]ral)?|zwischensumme|summe|gesamt(?:summe|zahl)?|insgesamt|anzahl|somme"
    r"|effectif(?: total)?|suma|totale|totaal|aantal|totalt?|razem|celkem|spolu|összesen|yhteensä|summa|sum|antal"
    r"|toplam|итого|всего|合計|総計|小計|計)\s*+[:：]?\s*+\d*+\s*\Z",
    re.IGNORECASE,
)
_NUMBER = LatePattern(r"[\d\s.,%/+-]+\Z")
_KEEPS = frozenset({Meaning.GROUP, Meaning.DEPARTMENT, Meaning.GRADE})


def divided(rows: Sequence[GridRow], header: Header) -> tuple[list[GridRow], list[tuple[GridRow, str]]]:
    """Return the rows of people, and the others, each with the reason why it is none."""
    people: list[GridRow] = []
    others: list[tuple[GridRow, str]] = []
    below_labels = _labels(rows)
    near_headings, elsewhere, several = _EXAMPLES_WITHIN, False, False
    known = {heading.casefold() for heading in header.headings if heading}
    users = [column for column, heading in enumerate(header.headings) if names_user(heading)]
    first = next((column for column, heading in enumerate(header.headings) if heading), 0)
    word = header.headings[first].casefold() if header.headings else ""
    login = next((at for at, heading in enumerate(header.headings) if heading.casefold() == _CANVAS_LOGIN), None)
    marked, first_names_user = "@" in word, first in users
    for place, row in enumerate(rows):
        near_headings -= 1
        cells = row[1]
        cell = cells[first] if first < len(cells) else None
        addressed = isinstance(cell, str) and "@" in cell  # which settles two questions for most users, at little cost
        if place < below_labels:
            others.append((row, LABELS))
        elif near_headings >= 0 and is_example(cells):
            others.append((row, EXAMPLE))
        elif (
            isinstance(cell, str)
            and addressed is marked
            and _plain(cell).casefold() == word
            and repeats_header(header, cells)
        ):
            others.append((row, HEADINGS))
            near_headings, elsewhere = _EXAMPLES_WITHIN, False
        elif elsewhere:
            others.append((row, OTHER_TABLE))
        elif (
            not (addressed and first_names_user)
            and (not users or _no_address(cells, users))
            and (what := _no_person(cells, header, users, known))
        ):
            elsewhere = what is OTHER_TABLE
            several = several or elsewhere
            near_headings = _EXAMPLES_WITHIN if what is HEADINGS else near_headings
            others.append((row, what))
        elif login is not None and _is_test_student(cells, cell, login):
            others.append((row, TEST_STUDENT))
        else:
            people.append(row)
    return _with_remarks_below(people, _realigned(others, header, known) if several else others)


def _realigned(others: Sequence[tuple[GridRow, str]], header: Header, known: set[str]) -> list[tuple[GridRow, str]]:
    """Return the rows of another table with each cell under the heading of the first that means the same.

    What no heading of the first means is left behind, such as passwords that would stand under another heading.
    """
    found: list[tuple[GridRow, str]] = []
    columns: list[int | None] = []
    for (number, cells), what in others:
        moved = cells
        if what is OTHER_TABLE and _heads_another_table(cells, known):
            columns = [_place_of(heading, cells) for heading in header.headings]
        elif what is OTHER_TABLE:
            moved = tuple([None if at is None or at >= len(cells) else cells[at] for at in columns])
        found.append(((number, moved), what))
    return found


def _place_of(heading: str, cells: Sequence[CellValue]) -> int | None:
    """Return where the heading of another table stands that is the same, or else means the same."""
    if not heading:
        return None
    found = {at: _likenesses(heading, text_of(cell)) for at, cell in enumerate(cells)}
    best = max(found, key=found.__getitem__, default=None)
    return best if best is not None and any(found[best]) else None


def _with_remarks_below(
    people: list[GridRow], others: list[tuple[GridRow, str]]
) -> tuple[list[GridRow], list[tuple[GridRow, str]]]:
    """Return both, with the remarks below the last person among the rows: what they are is settled for all alike."""
    last = people[-1][0] if people else 0
    below = [row for row, what in others if what is REMARK and row[0] > last]
    return [*people, *below], [(row, what) for row, what in others if what is not REMARK or row[0] <= last]


def _no_person(cells: Sequence[CellValue], header: Header, users: Sequence[int], known: set[str]) -> str | None:
    """Return what a row without an address is, where it is certainly no person."""
    if users and _heads_in_other_words(cells, header, users):
        return HEADINGS
    if users and _heads_another_table(cells, known):
        return OTHER_TABLE
    if not header.number:
        return None
    if len(cells) - cells.count(None) == 1:
        return TITLE if _is_title(cells) else _alone(cells, header, users) if users else None
    if not users or not _is_empty(cells, users):
        return None  # text in the column of users is never passed over
    first = as_text(next((cell for cell in cells if cell is not None), None))
    return REMARK if _TOTAL.match(first) and is_total([text for cell in cells if (text := as_text(cell))]) else None


def is_total(texts: Sequence[str]) -> bool:
    """Return true for the filled cells of a row that are a word for a total, and numbers."""
    return len(texts) > 1 and _TOTAL.match(texts[0]) is not None and all(map(_NUMBER.match, texts[1:]))


def _alone(cells: Sequence[CellValue], header: Header, users: Sequence[int]) -> str | None:
    """Return what the only cell of a row is, where it names nobody."""
    column = next(place for place, cell in enumerate(cells) if cell is not None)
    heading = header.headings[column] if column < len(header.headings) else ""
    if sum(map(bool, header.headings)) < 2:  # in a list of users alone it is meant for one
        return None
    text = as_text(cells[column])
    if _RULE.match(text) or (_CLASS.match(text) and meanings_of(heading).isdisjoint(_KEEPS)):
        return TITLE
    return REMARK if is_remark(text) and column not in users else None


def is_remark(text: str) -> bool:
    """Return true if the only cell of a row says something of the list: `Teacher: Ms Moe`, `Stand 01.09.2035`."""
    if "@" in text or _DATED.match(text) is not None:
        return "@" not in text
    found = _LABELLED.match(text)
    if found is None:
        return False
    label, rest = found.groups()
    return _NUMBER.match(rest) is not None or speaks_of_others(label) or bool(meanings_of(label))


def _heads_in_other_words(cells: Sequence[CellValue], header: Header, users: Sequence[int]) -> bool:
    """Return true for headings over the same columns in other words: `Benutzername` below `User name`."""
    in_their_place = [cell for at in users if at < len(cells) and isinstance(cell := cells[at], str)]
    # The first of the two questions is quick, and the answer for nearly all rows is no.
    if not any(map(may_be_heading, in_their_place)) or not any(map(names_user, in_their_place)):
        return False
    pairs = [
        (heading, text)
        for heading, cell in zip(header.headings, cells, strict=False)
        if heading and isinstance(cell, str) and (text := text_of(cell))
    ]
    return len(pairs) > 1 and all(any(_likenesses(heading, text)) for heading, text in pairs)


def _likenesses(heading: str, text: str) -> tuple[bool, bool, bool]:
    """Return whether two headings are the same, both name a user, or mean the same otherwise."""
    return (
        heading.casefold() == text.casefold(),
        names_user(heading) and names_user(text),
        not meanings_of(heading).isdisjoint(meanings_of(text)),
    )


def _is_test_student(cells: Sequence[CellValue], name: CellValue, login: int) -> bool:
    number = cells[login] if login < len(cells) else None
    told = isinstance(name, str) and _TEST_NAME.search(name) is not None
    return told and isinstance(number, str) and _TEST_LOGIN.match(number) is not None


def _plain(cell: str) -> str:
    return text_of(cell) if "\ufeff" in cell else cell.strip()


def _no_address(cells: Sequence[CellValue], columns: Sequence[int]) -> bool:
    """Return true if a row has no address in these columns, as by far the most have."""
    for column in columns:
        if column < len(cells) and isinstance(cell := cells[column], str) and "@" in cell:
            return False
    return True


def _is_empty(cells: Sequence[CellValue], columns: Sequence[int]) -> bool:
    return all(column >= len(cells) or cells[column] is None for column in columns)


def _labels(rows: Sequence[GridRow]) -> int:
    """Return how many rows at the top are labels: down to one that only a program can have written, none a person."""
    for place, (_, cells) in enumerate(rows[:_LABELS_WITHIN]):
        filled = [cell for cell in cells if cell is not None]
        if any(isinstance(cell, str) and is_user(cell) for cell in filled):
            return 0
        labels = [cell for cell in filled if isinstance(cell, str) and _LABEL.match(cell)]
        if filled and (labels == filled or _POINTS.match(str(filled[0]))):
            return place + 1
    return 0


def _heads_another_table(cells: Sequence[CellValue], known: set[str]) -> bool:
    """Return true for headings of a table with other columns: two are this table's or all known, one is a user's."""
    texts = [text for cell in cells if isinstance(cell, str) and (text := " ".join(cell.split()))]
    shared = [text for text in texts if text.casefold() in known]
    told = len(shared) > 1 and any(map(names_user, shared))
    meant = len(texts) > 1 and may_be_heading(texts[0]) and all(map(meanings_of, texts)) and any(map(names_user, texts))
    return (told or meant) and not any(map(is_user, texts))


def _is_title(cells: Sequence[CellValue]) -> bool:
    """Return true for a row of one cell that names a class, or numbers a section: `Class 7A`, `3. Activities`."""
    filled = [cell for cell in cells if cell is not None and as_text(cell)]
    if len(filled) != 1 or not isinstance(filled[0], str):
        return False
    text = as_text(filled[0])
    if _NUMBERED.match(text):
        return True
    word, _, rest = text.partition(" ")
    return bool(rest.strip()) and not meanings_of(word.rstrip(":")).isdisjoint(_KEEPS) and not is_user(text)


def strangers_in(others: Sequence[tuple[GridRow, str]], people: Sequence[GridRow]) -> tuple[int, list[GridRow]]:
    """Return the row of headings of another table, and its rows that name somebody whom the first does not."""
    table = [row for row, what in others if what is OTHER_TABLE]
    if not table:
        return 0, []
    known = {text for _, cells in people for text in _users_in(cells)}
    return table[0][0], [row for row in table[1:] if not known.issuperset(_users_in(row[1]))]


def _users_in(cells: Sequence[CellValue]) -> set[str]:
    return {text.casefold() for cell in cells if isinstance(cell, str) and is_user(text := text_of(cell))}
