"""The settings of commands about passes that were issued: revoking and verifying them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from bulktap.model.rates import EXAMPLES
from bulktap.settings.declaration import Declaration
from bulktap.settings.declarations import CONFIRM, DRY_RUN, EXCEPT, MAX_RATE, MAX_ROWS, NAMES, ONLY, TYPE_FROM_ROWS, YES
from bulktap.settings.help_groups import Group
from bulktap.settings.kinds import Length, Place, Text

_FILE = Place(folder=False)

NOT_RECEIVED = Declaration(
    "not-received",
    _FILE,
    "A list of received slips, a roster or names only: revoke the passes of everybody else.",
    metavar="FILE",
    group=Group.WHO,
    common=True,
)
REVOKE_ONLY = replace(
    ONLY, help="Only these: rows (7, 4-17, SHEET!7), a user, a person's name, GROUP=VALUE; * and ? stand for letters."
)
REVOKE_NAMES = replace(
    NAMES, help="Whether to go on where many rows of --not-received are nobody of the run (default: ask)."
)
REVOKE_MAX_ROWS = replace(MAX_ROWS, help="Delete nothing if more than N passes would be deleted.")
REVOKE_TYPE_FROM_ROWS = replace(TYPE_FROM_ROWS, help="From N passes on, the tenant's name is typed in place of yes.")
REVOKE_CONFIRM = replace(CONFIRM, help="type: what --type-from-rows asks for is typed by somebody even with --yes.")
REVOKE_YES = replace(YES, help="Do not ask before deleting.")
REVOKE_DRY_RUN = replace(DRY_RUN, help="Only say what would be deleted.", common=True)
REVOKE_MAX_RATE = replace(MAX_RATE, help=f"Delete no faster than this: {EXAMPLES}.")
WATCH = Declaration(
    "watch",
    Length("24h"),
    "Ask again and again, after so long: 5m, 30s; until all are in or every pass is over.",
    metavar="TIME",
    group=Group.SPEED,
    common=True,
)
UNTIL = Declaration(
    "until", Text(), "End --watch at this time: 12:00, '2035-09-01 12:00'.", metavar="TIME", group=Group.SPEED
)
UNSERVED = Declaration(
    "unserved",
    _FILE,
    "Write those who never used their pass, and whose pass is over, as a roster (.xlsx or .csv).",
    metavar="FILE",
    group=Group.OUTPUT,
    common=True,
)
REVOKING: tuple[Declaration[Any], ...] = (
    REVOKE_ONLY,
    EXCEPT,
    NOT_RECEIVED,
    REVOKE_NAMES,
    REVOKE_MAX_ROWS,
    REVOKE_CONFIRM,
    REVOKE_TYPE_FROM_ROWS,
)
WATCHING: tuple[Declaration[Any], ...] = (WATCH, UNTIL, UNSERVED)
