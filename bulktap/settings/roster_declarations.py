"""The settings that say who is to get a pass: how a roster is read, or which list of the tenant stands in its place."""

from __future__ import annotations

from typing import Any

from bulktap.roster.reading_words import DateOrder, HiddenRows
from bulktap.settings.declaration import Declaration
from bulktap.settings.declarations import MOST_ROWS
from bulktap.settings.help_groups import Group
from bulktap.settings.kinds import Choice, Encoding, Flag, Place, Text, Whole, Words

_FILE = Place(folder=False)

SHEET = Declaration(
    "sheet", Words(), "The sheet to read, where several could be meant.", metavar="NAME", group=Group.ROSTER
)
ALL_SHEETS = Declaration("all-sheets", Flag(), "Read every sheet that looks like a roster, as one.", group=Group.ROSTER)
SKIP_UNREADABLE = Declaration(
    "skip-unreadable", Flag(), "Of several files, pass over those that cannot be read.", group=Group.ROSTER
)
CLASS_BY = Declaration(
    "class-by",
    Text(),
    "Group people by this column; of a school's export: class, grade, school.",
    metavar="COLUMN",
    group=Group.ROSTER,
)
JOIN = Declaration(
    "join", _FILE, "Put the columns of this file beside the rows, such as each class's teacher.", group=Group.ROSTER
)
ON = Declaration("on", Text(), "The column that both files have.", metavar="COLUMN", group=Group.ROSTER)
COLUMN = Declaration(
    "column",
    Words(),
    "Which column means what, e.g. user=Login.",
    metavar="FIELD=HEADING",
    group=Group.ROSTER,
    common=True,
)
DOMAIN = Declaration("domain", Text(), "Domain to add to bare user names.", metavar="NAME", group=Group.ROSTER)
ENCODING = Declaration(
    "encoding", Encoding(), "Character encoding of a text file, e.g. cp1252.", metavar="NAME", group=Group.ROSTER
)
HEADER_ROW = Declaration(
    "header-row", Whole(1, MOST_ROWS), "The row that holds the headings.", metavar="N", group=Group.ROSTER
)
HIDDEN_ROWS = Declaration(
    "hidden-rows",
    Choice(tuple(one.value for one in HiddenRows)),
    "What to do about rows that Excel does not show.",
    group=Group.ROSTER,
)
ROSTER_PASSWORD_FILE = Declaration(
    "roster-password-file", _FILE, "Read a protected workbook's password from this file.", group=Group.ROSTER
)
DATE_ORDER = Declaration(
    "date-order",
    Choice(tuple(one.value for one in DateOrder)),
    "How dates like 02/03/2035 are meant; whether a program swapped those it read.",
    group=Group.ROSTER,
)
TIMEZONE = Declaration(
    "timezone", Text(), "Zone of the roster's times (default: this computer's).", metavar="NAME", group=Group.ROSTER
)
GROUP = Declaration(
    "group",
    Text(),
    "Instead of a roster: the users of this group of the tenant, and of the groups in it.",
    metavar="ID|NAME",
    group=Group.WHO,
)
ADMINISTRATIVE_UNIT = Declaration(
    "administrative-unit",
    Text(),
    "Likewise: the users of this administrative unit; with --group, who is in both.",
    metavar="ID|NAME",
    group=Group.WHO,
)
CREATED_SINCE = Declaration(
    "created-since",
    Text(),
    "Likewise: users whose account is as new as that, e.g. 2035-08-01; alone, or of those lists.",
    metavar="TIME",
    group=Group.WHO,
)
READING: tuple[Declaration[Any], ...] = (
    SHEET, ALL_SHEETS, COLUMN, DOMAIN, ENCODING, HEADER_ROW, HIDDEN_ROWS, ROSTER_PASSWORD_FILE, DATE_ORDER, TIMEZONE,
    CLASS_BY, JOIN, ON, SKIP_UNREADABLE,
)  # fmt: skip
LISTS: tuple[Declaration[Any], ...] = (GROUP, ADMINISTRATIVE_UNIT, CREATED_SINCE)
"""What names the people instead of a roster."""
