"""The settings of hand-outs and single slips, declared as the others are (`declarations`)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from bulktap.results.handout.languages import LANGUAGES
from bulktap.results.handout.sheets_model import Paper, Purpose, Style
from bulktap.settings.declaration import Declaration
from bulktap.settings.declarations import EXCEPT, ONLY
from bulktap.settings.help_groups import Group
from bulktap.settings.kinds import Choice, Codes, Flag, Line, Place, Text, Words

_FILE = Place(folder=False)

PRINT = Declaration(
    "print", Flag(), "Make one sealed slip instead of showing the passcode.", group=Group.OUTPUT, common=True
)
BY = Declaration(
    "by",
    Words(),
    "A file for each value of this column; of several, for each combination (default: the roster's group).",
    names_column=True,
    metavar="COLUMN",
    group=Group.WHO,
    common=True,
)
TO = Declaration(
    "to",
    Text(),
    "The column that names who hands out.",
    names_column=True,
    metavar="COLUMN",
    group=Group.WHO,
    common=True,
)
SORT = Declaration(
    "sort",
    Text(),
    "The column by which people stand (default: as in the roster).",
    names_column=True,
    metavar="COLUMN",
    group=Group.SHEETS,
)
STYLE = Declaration(
    "style",
    Choice(tuple(one.value for one in Style)),
    "Slips to cut apart, a list to sign, a letter a person, or labels.",
    default=Style.SLIPS.value,
    default_told=True,
    group=Group.SHEETS,
    common=True,
)
FORMAT = Declaration(
    "format",
    Choice(("pdf", "xlsx")),
    "PDFs to print, or workbooks.",
    default="pdf",
    default_told=True,
    group=Group.SHEETS,
    common=True,
)
PAPER = Declaration(
    "paper",
    Choice(tuple(one.value for one in Paper)),
    "The sheet (default: Letter in the USA and Canada, else A4).",
    group=Group.SHEETS,
)
LANGUAGE = Declaration(
    "language",
    Codes(LANGUAGES),
    f"Of the sheets: {', '.join(LANGUAGES)}; twice for two (default: yours, else en).",
    metavar="CODE",
    group=Group.SHEETS,
    common=True,
)
PURPOSE = Declaration(
    "purpose",
    Choice(tuple(one.value for one in Purpose)),
    "What the sheets explain: a first sign-in, the setup of Windows, or of a phone.",
    default=Purpose.SIGN_IN.value,
    default_told=True,
    group=Group.SHEETS,
)
CALL = Declaration(
    "call",
    Line(),
    "Whom to call when a code does not work, e.g. 'room 014, phone 117'.",
    metavar="TEXT",
    group=Group.SHEETS,
)
LOGO = Declaration("logo", _FILE, "A picture for the head of the sheets.", group=Group.SHEETS)
TEMPLATE = Declaration("template", _FILE, "A layout of your own in place of a style.", group=Group.SHEETS)
SEAL = Declaration(
    "seal",
    Choice(("group", "run")),
    "Whether each file opens with words of its own, or all with the run's passphrase.",
    default="group",
    default_told=True,
    group=Group.SAFETY,
)
HAND_OUT_NEW = replace(PRINT, help="Hand the new passes out at once: a sealed file for each group, as `handout` does.")
HANDING_OUT: tuple[Declaration[Any], ...] = (
    BY, TO, ONLY, EXCEPT, STYLE, FORMAT, LANGUAGE, PAPER, SORT, PURPOSE, CALL, LOGO, TEMPLATE, SEAL,
)  # fmt: skip
LAYING_OUT: tuple[Declaration[Any], ...] = (LANGUAGE, PAPER, PURPOSE, CALL)
"""How sheets look that another command prints."""
