"""Days on which people leave, or have left: how such a column is headed, in eight languages, and what its cells say.

Pure. `Leaving date`, `Abgang`, `Date de sortie`, `退職日` speak of the person; `Valid until` and `End` of the pass, and
are read elsewhere. A day that could be read in two ways says something only if both readings agree.
"""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING

from bulktap.model.late_patterns import LatePattern
from bulktap.model.plain_text import without_accents
from bulktap.model.plan import Field
from bulktap.roster.cell_values import as_text, is_placeholder, word_set
from bulktap.roster.columns.headings import normalise, squeeze
from bulktap.roster.reading_words import DateOrder
from bulktap.roster.rows.activity import Said
from bulktap.roster.rows.dates import AmbiguousDateError, UnsettledOrderError, settle_date_order, split_date
from bulktap.roster.rows.swapped_dates import swap_question, swapped_back

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from bulktap.model.plan import CellValue
    from bulktap.roster.model import CheckOptions, Roster

_BY_THEMSELVES = word_set(
    "left leaver leaving exit abgang austritt entlassung entlassen ausgeschieden austrittam abgangam sortie départ"
    " radiation baja egreso salida cese uitgeschreven uitschrijving vertrek uitstroom uitdienst saída desligamento"
    " uscita cessazione"
)
"""Headings that mean the day of leaving where days stand below them."""
_LEAVING = (
    "leaving", "leave", "leaver", "left", "exit", "withdraw", "terminat", "departure", "resign", "offboard", "offroll",
    "separation", "graduation", "deregist", "abgang", "austritt", "entlass", "ausscheid", "ausgeschieden", "abmeld",
    "exmatrikul", "kundigung", "abgemeld", "ausgetret", "withdrew", "departed", "uitgestroomd", "vertrokken",
    "egresad", "retirad", "desligad", "sortie", "depart", "radiation", "demission", "baja", "salida", "egreso",
    "retiro",
    "cese", "uitschrijv", "uitgeschreven", "uitdienst", "vertrek", "uitstroom", "saida", "desligamento", "demissao",
    "rescisao", "uscita", "cessazione", "dimission", "licenziamento",
)  # fmt: skip
_OTHER_LEAVES = word_set("sick parental maternity paternity medical annual type reason balance school request")
_DAYS = ("date", "datum", "fecha", "data", "jour", "giorno")
_DAY_WORDS = word_set("day on am tag termin zum le dia día op dag el em il since seit")
_END_WORDS = word_set(
    "end ends ending until ende endet bis fin fine fim termino einde eindigt einddatum enddatum tot hasta ate"
)
_OF_WHAT = (
    "contract", "employ", "enrol", "registration", "vertrag", "beschaftigung", "einschreib", "arbeitsverhaltnis",
    "dienst", "schulbesuch", "contrat", "scolarit", "inscription", "emploi", "empleo", "matricula", "inscri",
    "inschrijving", "rapporto", "iscrizione", "befrist",
)  # fmt: skip
_ENDS = ("vertragsende", "dienstende", "schulzeitende", "beschaftigungsende", "arbeitsende", "befristetbis")
_LAST_DAYS = (
    "lastday", "lastworkingday", "lastschoolday", "letzterarbeitstag", "letzterschultag", "letztertag", "dernierjour",
    "ultimodia", "laatstewerkdag", "laatsteschooldag", "laatstedag", "ultimogiorno", "accountexpir", "kontoablauf",
)  # fmt: skip
_JAPANESE = re.compile(
    r"(?:退職|退学|卒業|転出|転校|除籍|離任|離職|退社|退所)(?:年月)?日?\Z|最終(?:出勤|登校|勤務)日\Z|(?:在籍|契約|雇用)(?:終了|満了)日?\Z"
)
_LOOKED_AT = 200  # cells of a column that may hold days
_ENOUGH = 0.8
EARLIEST_YEAR = 1970
"""Programs write earlier days for no day at all."""
_NO_DAY = LatePattern(r"[0\s./-]+\Z")
"""`0/0/0` and the like, which programs write for no day at all."""
_NEVER = word_set("never nie jamais nunca nooit mai 9223372036854775807 なし 無期限")
"""So does Active Directory write it of accounts that do not expire; the number is the largest that it can keep."""
_FILE_TIMES_BEGIN = datetime(1601, 1, 1, tzinfo=UTC)


@cache
def speaks_of_leaving(heading: str) -> bool:
    """Return true if a heading, by its words, can stand above the days on which people leave."""
    words = normalise(heading)
    key = squeeze(words)
    plain, parts = without_accents(key).replace("department", ""), set(without_accents(words).split())
    if key in _BY_THEMSELVES or _JAPANESE.search(key) or any(plain.startswith(one) for one in _LAST_DAYS):
        return True
    dated = any(one in plain for one in _DAYS) or not parts.isdisjoint(_DAY_WORDS)
    if dated and any(one in plain for one in _LEAVING) and parts.isdisjoint(_OTHER_LEAVES):
        return True
    of_what = any(one in plain for one in _OF_WHAT)
    return any(one in plain for one in _ENDS) or (of_what and not parts.isdisjoint(_END_WORDS))


def leaving_columns(roster: Roster, taken: Iterable[int]) -> list[int]:
    """Return the columns that say when people leave, but for those that were taken for something else."""
    others = set(taken)
    return [
        column
        for column, heading in enumerate(roster.headings)
        if heading and column not in others and speaks_of_leaving(heading) and _holds_days(roster, column)
    ]


def said_by_days(roster: Roster, column: int, options: CheckOptions) -> dict[CellValue, Said]:
    """Return what each cell of such a column says of whether somebody is still there.

    Where a program may have exchanged day and month, a date says something only if both readings agree.
    """
    cells = {row.cells[column] for row in roster.rows}
    today = options.now.astimezone(options.timezone).date()
    told = options.reading.date_order
    try:
        order = (told.of_texts if told else None) or settle_date_order(cells)
    except UnsettledOrderError:
        order = None
    if told is DateOrder.SWAPPED:
        return {cell: _said([swapped_back(cell)], order, today) for cell in cells}
    doubtful = told is not DateOrder.AS_IS and swap_question(roster.rows, column, roster.place, "") is not None
    return {cell: _said([cell, swapped_back(cell)] if doubtful else [cell], order, today) for cell in cells}


def past_days(roster: Roster, columns: Iterable[int], options: CheckOptions) -> int:
    """Return how many rows have a day in one of these columns that is certainly over."""
    told = [(column, said_by_days(roster, column, options)) for column in columns]
    return sum(any(said[row.cells[column]] is Said.INACTIVE for column, said in told) for row in roster.rows)


def taken_for_passes(fields: Mapping[Field, Sequence[int]]) -> set[int]:
    """Return the columns that say when passes begin and end."""
    return {column for field in (Field.START, Field.END) for column in fields.get(field, ())}


def _said(readings: Sequence[CellValue], order: DateOrder | None, today: date) -> Said:
    found = [days_of(cell, order) for cell in readings]
    days = [day for one in found if one is not None for day in one]
    if None in found:
        return Said.UNKNOWN
    if not days or min(days).year < EARLIEST_YEAR:
        return Said.NOTHING
    past = {day < today for day in days}
    return Said.UNKNOWN if len(past) > 1 else Said.INACTIVE if past.pop() else Said.ACTIVE


def days_of(cell: CellValue, order: DateOrder | None) -> list[date] | None:
    """Return the day of a cell, or both that it may mean; none where it is empty, None where it is no day."""
    if isinstance(cell, date):
        return [cell.date() if isinstance(cell, datetime) else cell]
    text = as_text(cell)
    if not text or is_placeholder(text) or _NO_DAY.match(text) or text.casefold() in _NEVER:
        return []
    if not isinstance(cell, str):
        return None
    with suppress(ValueError, OverflowError):
        try:
            return [_file_time(text) or split_date(text, order)[0]]
        except AmbiguousDateError:
            return [split_date(text, one)[0] for one in (DateOrder.DMY, DateOrder.MDY)]
    return None


def _file_time(text: str) -> date | None:
    """Return the day of a moment as Active Directory keeps it, in tenths of microseconds from 1601 on."""
    if len(text) not in {17, 18} or not (text.isascii() and text.isdecimal()):
        return None
    return (_FILE_TIMES_BEGIN + timedelta(microseconds=int(text) // 10)).date()


def _holds_days(roster: Roster, column: int) -> bool:
    cells = [cell for row in roster.rows if (cell := row.cells[column]) is not None]
    looked_at = cells[:: len(cells) // _LOOKED_AT + 1]
    found = [days for cell in looked_at if (days := days_of(cell, None)) != []]
    return bool(found) and sum(days is not None for days in found) >= _ENOUGH * len(found)
