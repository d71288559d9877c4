"""Every setting, declared once: its name, the kind of its values, its default, its variable, its help.

The command line builds its options from these declarations, the Python API its keyword arguments. A setting named
`hidden-rows` is the option `--hidden-rows`, the variable `BULKTAP_HIDDEN_ROWS` and the keyword `hidden_rows`.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from bulktap.dispatch import doubt_times
from bulktap.model.cause_codes import CAUSE_CODES
from bulktap.model.rates import EXAMPLES
from bulktap.settings.declaration import Declaration
from bulktap.settings.help_groups import Group
from bulktap.settings.kinds import (
    Choice,
    Codes,
    Failures,
    Flag,
    Length,
    LimitProfile,
    Line,
    Minutes,
    PerSecond,
    Place,
    RunName,
    Text,
    UserPatterns,
    Whole,
    Words,
)

MOST_ROWS = 1_048_576
"""Rows of the largest sheet that there is."""
USUAL_REPORTS = Path("reports")


_FILE, _FOLDER = Place(folder=False), Place(file=False)

# Where
REPORTS = Declaration(
    "reports",
    _FOLDER,
    "Where run folders are.",
    default=USUAL_REPORTS,
    default_told=True,
    group=Group.OUTPUT,
    common=True,
)
LOG_FILE = Declaration(
    "log-file", _FILE, "Write the log here (default: log.jsonl in the run's folder).", group=Group.OUTPUT
)

# Signing in

NAME = Declaration(
    "name",
    RunName(),
    "What to call the run, e.g. autumn-5a; any command takes it for RUN.",
    metavar="NAME",
    group=Group.OUTPUT,
)

FORGET_AFTER = Declaration(
    "forget-after",
    Minutes("3660d"),
    "Remind that the passcodes are to be destroyed so long after the run, e.g. 7d; `bulktap forget --due` does it.",
    metavar="TIME",
    group=Group.SAFETY,
)

# Rehearsal
SIMULATE = Declaration(
    "simulate",
    Flag(),
    "Rehearse against a pretend tenant that has the roster's users.",
    group=Group.REHEARSAL,
    common=True,
)
SIMULATE_TENANT = Declaration(
    "simulate-tenant", _FILE, "Rehearse against the pretend tenant of this file.", group=Group.REHEARSAL
)
SIMULATE_FRESH = Declaration(
    "simulate-fresh",
    Flag(),
    "Rehearse against a new pretend tenant, in which nobody has a pass of an earlier rehearsal.",
    group=Group.REHEARSAL,
)
SIMULATE_LIMITS = Declaration(
    "simulate-limits",
    LimitProfile(),
    f"How it throttles: none, directory, reports, or a rate ({EXAMPLES}).",
    default="none",
    default_told=True,
    metavar="LIMIT",
    group=Group.REHEARSAL,
)
SIMULATE_WEATHER = Declaration(
    "simulate-weather",
    Text(),
    "How it misbehaves: fair, showers, storm, late, lag (`bulktap simulator --help` lists options).",
    default="fair",
    default_told=True,
    metavar="NAME",
    group=Group.REHEARSAL,
)

# Reading

# Lists of the tenant

# Passes
LIFETIME = Declaration(
    "lifetime",
    Text(),
    "How long a pass works: 8h, 90m, 480 (default: the tenant's).",
    metavar="TIME",
    group=Group.ISSUED,
    common=True,
)
START = Declaration(
    "start",
    Text(),
    "When passes begin to work: '2035-09-01 08:00' (default: now).",
    metavar="TIME",
    group=Group.ISSUED,
    common=True,
)
ONE_TIME = Declaration(
    "one-time",
    Flag(),
    "Whether a pass works once or many times (default: the tenant's).",
    opposite="multi-use",
    group=Group.ISSUED,
    common=True,
)
EXISTING = Declaration(
    "existing",
    Choice(("skip", "replace", "fail")),
    "What to do about users who have a pass that works.",
    default="skip",
    default_told=True,
    group=Group.ISSUED,
    common=True,
)

# Care
STRICT = Declaration("strict", Flag(), "Send nothing if any row is invalid.", group=Group.SAFETY)
LIMIT = Declaration("limit", Whole(0, MOST_ROWS), "Create at most N passes.", metavar="N", group=Group.WHO)
PLAN_VALID_FOR = Declaration(
    "plan-valid-for",
    Length("366d"),
    "For how long a saved plan may be carried out.",
    default="24h",
    default_told=True,
    group=Group.SAFETY,
)
TICKET = Declaration(
    "ticket",
    Line(),
    "The change this is done under; kept in plan, workbook and log.",
    metavar="NUMBER",
    group=Group.SAFETY,
)
REASON = Declaration("reason", Line(), "Why this is done; kept with the ticket.", metavar="TEXT", group=Group.SAFETY)
ONLY = Declaration(
    "only",
    Words(),
    "Only these: rows (7, 4-17, SHEET!7), a user, a person's name, COLUMN=VALUE; * and ? stand for letters.",
    metavar="WHAT",
    group=Group.WHO,
    common=True,
)
NAMES = Declaration(
    "names",
    Choice(("accept", "refuse")),
    "Whether to go on where many rows name somebody else than the tenant does (default: ask).",
    group=Group.WHO,
)
ACCEPT = Declaration(
    "accept",
    Codes(CAUSE_CODES),
    "Go on although this concerns every row: users-unknown, shared-account, not-in-scope, or the code of a row error.",
    metavar="CODE",
    group=Group.SAFETY,
)
EXCEPT = Declaration(
    "except",
    Words(),
    "Not these; written like --only, and stronger.",
    metavar="WHAT",
    keyword="except_",
    group=Group.WHO,
)
ALLOW = Declaration(
    "allow",
    UserPatterns(),
    "Refuse users outside this pattern, e.g. *@students.contoso.com.",
    metavar="PATTERN",
    group=Group.WHO,
)
DENY = Declaration("deny", UserPatterns(), "Refuse the users of this pattern.", metavar="PATTERN", group=Group.WHO)
MAX_ROWS = Declaration(
    "max-rows",
    Whole(0, MOST_ROWS),
    "Send nothing if more than N passes would be created.",
    metavar="N",
    group=Group.SAFETY,
)
STOP_AFTER_FAILURES = Declaration(
    "stop-after-failures",
    Failures(),
    "Stop when so many rows have failed: 10, or 5% of them.",
    metavar="N|P%",
    group=Group.SAFETY,
)
CONFIRM = Declaration(
    "confirm",
    Choice(("yes", "type")),
    "What agrees before passes are issued; type: the tenant's domain or name, typed by somebody even with --yes.",
    default="yes",
    keyword="confirm_by",
    default_told=True,
    group=Group.SAFETY,
)
TYPE_FROM_ROWS = Declaration(
    "type-from-rows",
    Whole(1, MOST_ROWS),
    "From N passes on, the tenant's domain or name is typed in place of yes.",
    metavar="N",
    group=Group.SAFETY,
)
TYPE_FROM_LIFETIME = Declaration(
    "type-from-lifetime",
    Text(),
    "Likewise for passes that work for so long, e.g. 8h.",
    metavar="TIME",
    group=Group.SAFETY,
)
TYPE_FROM_REPLACEMENTS = Declaration(
    "type-from-replacements",
    Whole(1, MOST_ROWS),
    "Likewise where N passes that work are replaced.",
    metavar="N",
    group=Group.SAFETY,
)
OFFLINE = Declaration(
    "offline", Flag(), "Do not ask the tenant; such a plan cannot be carried out.", group=Group.SAFETY
)
YES = Declaration("yes", Flag(), "Do not ask before issuing.", short=("-y",), group=Group.SAFETY, common=True)
DRY_RUN = Declaration(
    "dry-run",
    Flag(),
    "Only plan.",
    keyword="dry",
    short=("-n", "--what-if"),
    more_variables=("BULKTAP_WHAT_IF",),
    group=Group.SAFETY,
)

# Afterwards

# One person

# The page that is signed
BOARD = Declaration(
    "board", Flag(), "Add what a change board asks for to plan.html: risk, back-out, columns.", group=Group.OUTPUT
)
PRINT_ROWS = Declaration(
    "print-rows", Flag(), "Let plan.html print every row, not only the sheet that is signed.", group=Group.OUTPUT
)

# Handing out

# Sending
MAX_RATE = Declaration(
    "max-rate", PerSecond(0.01, 1_000), f"Create no faster than this: {EXAMPLES}.", metavar="RATE", group=Group.SPEED
)
CONCURRENCY = Declaration(
    "concurrency",
    Whole(1, 64),
    "Batches in flight at most; looking users up has a window of its own.",
    default=6,
    default_told=True,
    group=Group.SPEED,
)
REPLY_TIMEOUT = Declaration(
    "reply-timeout",
    Length("1h"),
    "How long to wait for a reply.",
    default_told=f"{doubt_times.REPLY_TIMEOUT:g}s; of a rehearsal {doubt_times.REHEARSED_REPLY_TIMEOUT:g}s",
    group=Group.SPEED,
)
SETTLE_WAIT = Declaration(
    "settle-wait",
    Length("1h"),
    "How long to wait before a lost reply is looked into.",
    default_told=f"{doubt_times.SETTLE_WAIT:g}s; of a rehearsal {doubt_times.REHEARSED_SETTLE_WAIT:g}s",
    group=Group.SPEED,
)
ASSUME = Declaration(
    "assume",
    Text(),
    f"The limit that the forecast counts on: directory, reports, none, or a rate ({EXAMPLES}).",
    metavar="LIMIT",
    group=Group.SPEED,
)

# Passphrase
PASSPHRASE_FILE = Declaration(
    "passphrase-file", _FILE, "Read the workbook's passphrase from this file.", group=Group.SAFETY
)
PASSPHRASE_COMMAND = Declaration(
    "passphrase-command", Text(), "Run this command; it prints the passphrase.", metavar="COMMAND", group=Group.SAFETY
)
GENERATE_PASSPHRASE = Declaration(
    "generate-passphrase",
    Flag(),
    "Make up a passphrase and show it before anything is sent.",
    group=Group.SAFETY,
    common=True,
)
RUN_PASSPHRASE_FILE = Declaration(
    "passphrase-file", _FILE, "Read the run's passphrase from this file.", group=Group.SAFETY, common=True
)
WORKBOOK_PASSPHRASE_FILE = Declaration(
    "workbook-passphrase-file",
    _FILE,
    "Encrypt the workbook with the passphrase in this file instead of the run's.",
    group=Group.SAFETY,
)

# Screen
JSON = Declaration("json", Flag(), "Print one JSON object on standard output.", keyword="as_json", group=Group.OUTPUT)
QUIET = Declaration("quiet", Flag(), "Say only what must be said.", short=("-q",), group=Group.OUTPUT)
VERBOSE = Declaration("verbose", Flag(), "Say more; show tracebacks.", short=("-v",), group=Group.OUTPUT)
NO_PROGRESS = Declaration("no-progress", Flag(), "Draw no progress line.", group=Group.OUTPUT)

PASSES: tuple[Declaration[Any], ...] = (LIFETIME, START, ONE_TIME, EXISTING)
GUARDS: tuple[Declaration[Any], ...] = (
    ALLOW, DENY, MAX_ROWS, STOP_AFTER_FAILURES, CONFIRM, TYPE_FROM_ROWS, TYPE_FROM_LIFETIME, TYPE_FROM_REPLACEMENTS,
)  # fmt: skip
CARE: tuple[Declaration[Any], ...] = (
    STRICT,
    LIMIT,
    PLAN_VALID_FOR,
    TICKET,
    REASON,
    ONLY,
    EXCEPT,
    *GUARDS,
    NAMES,
    ACCEPT,
)
PAGE: tuple[Declaration[Any], ...] = (BOARD, PRINT_ROWS)
REHEARSAL: tuple[Declaration[Any], ...] = (
    SIMULATE, SIMULATE_FRESH, SIMULATE_TENANT, SIMULATE_LIMITS, SIMULATE_WEATHER,
)  # fmt: skip
ASKING: tuple[Declaration[Any], ...] = (CONCURRENCY, REPLY_TIMEOUT)
SENDING: tuple[Declaration[Any], ...] = (MAX_RATE, CONCURRENCY, REPLY_TIMEOUT, SETTLE_WAIT)
PASSPHRASE: tuple[Declaration[Any], ...] = (PASSPHRASE_FILE, PASSPHRASE_COMMAND, GENERATE_PASSPHRASE)
RUN_PASSPHRASE: tuple[Declaration[Any], ...] = (RUN_PASSPHRASE_FILE, PASSPHRASE_COMMAND, WORKBOOK_PASSPHRASE_FILE)
RUN_PASSPHRASE_ONLY: tuple[Declaration[Any], ...] = (RUN_PASSPHRASE_FILE, PASSPHRASE_COMMAND)
SCREEN: tuple[Declaration[Any], ...] = (JSON, QUIET, VERBOSE, NO_PROGRESS)
