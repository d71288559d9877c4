"""The settings of commands about passes that were issued: revoking and verifying them."""

from __future__ import annotations

from typing import Any

from bulktap.model.rates import EXAMPLES
from bulktap.settings.declaration import Declaration
from bulktap.settings.declarations import EXCEPT, MOST_ROWS
from bulktap.settings.help_groups import Group
from bulktap.settings.kinds import Choice, Flag, Length, PerSecond, Place, Text, Whole, Words

_FILE = Place(folder=False)

NOT_RECEIVED = Declaration(
    "not-received",
    _FILE,
    "A list of received slips, of any kind of roster file: revoke the passes of everybody else.",
    metavar="FILE",
    group=Group.WHO,
    common=True,
)
REVOKE_ONLY = Declaration(
    "only",
    Words(),
    "Only these: rows (7, 4-17, SHEET!7), a user, a person's name, GROUP=VALUE; * and ? stand for letters.",
    metavar="WHAT",
    group=Group.WHO,
    common=True,
)
REVOKE_NAMES = Declaration(
    "names",
    Choice(("accept", "refuse")),
    "Whether to go on where many rows of --not-received are nobody of the run (default: ask).",
    group=Group.WHO,
)
REVOKE_MAX_ROWS = Declaration(
    "max-rows",
    Whole(0, MOST_ROWS),
    "Delete nothing if more than N passes would be deleted.",
    metavar="N",
    group=Group.SAFETY,
)
REVOKE_TYPE_FROM_ROWS = Declaration(
    "type-from-rows",
    Whole(1, MOST_ROWS),
    "From N passes on, the tenant's name is typed in place of yes.",
    metavar="N",
    group=Group.SAFETY,
)
REVOKE_CONFIRM = Declaration(
    "confirm",
    Choice(("yes", "type")),
    "type: what --type-from-rows asks for is typed by somebody even with --yes.",
    default="yes",
    keyword="confirm_by",
    default_told=True,
    group=Group.SAFETY,
)
REVOKE_YES = Declaration("yes", Flag(), "Do not ask before deleting.", short=("-y",), group=Group.SAFETY, common=True)
REVOKE_DRY_RUN = Declaration(
    "dry-run",
    Flag(),
    "Only say what would be deleted.",
    keyword="dry",
    short=("-n", "--what-if"),
    more_variables=("BULKTAP_WHAT_IF",),
    group=Group.SAFETY,
    common=True,
)
REVOKE_MAX_RATE = Declaration(
    "max-rate", PerSecond(0.01, 1_000), f"Delete no faster than this: {EXAMPLES}.", metavar="RATE", group=Group.SPEED
)
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
