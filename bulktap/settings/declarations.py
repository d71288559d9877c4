"""Every setting, declared once: its name, the kind of its values, its default, its variable, its help.

The command line builds its options from these declarations, the Python API its keyword arguments. A setting named
`hidden-rows` is the option `--hidden-rows`, the variable `BULKTAP_HIDDEN_ROWS` and the keyword `hidden_rows`.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from bulktap.dispatch import doubt_times
from bulktap.model.cause_codes import CAUSE_CODES
from bulktap.model.cloud import Cloud
from bulktap.model.rates import EXAMPLES
from bulktap.model.sign_in_ways import SignInWay
from bulktap.results.handout.languages import LANGUAGES
from bulktap.results.handout.sheets_model import Paper, Purpose, Style
from bulktap.roster.reading_words import DateOrder, HiddenRows
from bulktap.settings.declaration import Declaration
from bulktap.settings.help_groups import Group
from bulktap.settings.kinds import (
    Choice,
    Codes,
    Encoding,
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
TENANT = Declaration(
    "tenant", Text(), "Tenant ID (default: AZURE_TENANT_ID).", more_variables=("AZURE_TENANT_ID",), group=Group.WHO
)  # fmt: skip

# Signing in
PROFILE = Declaration(
    "profile", Text(), "Take settings from this profile of a bulktap.toml.", metavar="NAME", group=Group.WHO
)
GRAPH_URL = Declaration("graph-url", Text(), "Address of Microsoft Graph.", group=Group.WHO)
AUTHORITY_URL = Declaration(
    "authority-url", Text(), "Address to sign in at.", more_variables=("AZURE_AUTHORITY_HOST",), group=Group.WHO
)
CA_BUNDLE = Declaration("ca-bundle", Place(), "Trust exactly the authorities in this file.", group=Group.WHO)
ENDPOINTS: tuple[Declaration[Any], ...] = (GRAPH_URL, AUTHORITY_URL, CA_BUNDLE)
"""Settings that are variables, or stand in a profile, and are no options."""
CLOUD = Declaration(
    "cloud",
    Choice(tuple(one.value for one in Cloud)),
    "The cloud that the tenant is in (default: global, or that of the addresses set).",
    group=Group.WHO,
)
SIGN_IN = Declaration(
    "sign-in",
    Choice(tuple(one.value for one in SignInWay)),
    "How to sign in (default: what is set, a client secret first).",
    group=Group.WHO,
)
CLIENT_ID = Declaration(
    "client-id",
    Text(),
    "Application ID of the app (default: AZURE_CLIENT_ID).",
    metavar="ID",
    more_variables=("AZURE_CLIENT_ID",),
    group=Group.WHO,
)
CLIENT_SECRET_FILE = Declaration(
    "client-secret-file", _FILE, "Read the app's client secret from this file.", group=Group.WHO
)
CLIENT_SECRET_COMMAND = Declaration(
    "client-secret-command",
    Text(),
    "Run this program, which prints the app's client secret.",
    metavar="COMMAND",
    group=Group.WHO,
)
CERTIFICATE = Declaration(
    "certificate",
    _FILE,
    "Sign in with this certificate and its key (PEM or PFX).",
    more_variables=("AZURE_CLIENT_CERTIFICATE_PATH",),
    group=Group.WHO,
)
FEDERATED_TOKEN_FILE = Declaration(
    "federated-token-file",
    _FILE,
    "Sign in with the token that another identity service keeps in this file.",
    more_variables=("AZURE_FEDERATED_TOKEN_FILE",),
    group=Group.WHO,
)
SIGNING_IN = (
    PROFILE,
    TENANT,
    CLOUD,
    SIGN_IN,
    CLIENT_ID,
    CLIENT_SECRET_FILE,
    CLIENT_SECRET_COMMAND,
    CERTIFICATE,
    FEDERATED_TOKEN_FILE,
)
"""What says which tenant, and how to sign in to it."""

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

# Lists of the tenant
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
    "Go on although this concerns every row: users-unknown, not-in-scope, or the code of a row error.",
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

# One person
PRINT = Declaration(
    "print", Flag(), "Make one sealed slip instead of showing the passcode.", group=Group.OUTPUT, common=True
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
# The page that is signed
BOARD = Declaration(
    "board", Flag(), "Add what a change board asks for to plan.html: risk, back-out, columns.", group=Group.OUTPUT
)
PRINT_ROWS = Declaration(
    "print-rows", Flag(), "Let plan.html print every row, not only the sheet that is signed.", group=Group.OUTPUT
)

# Handing out
BY = Declaration(
    "by",
    Words(),
    "A file for each value of this column; of several, for each combination (default: the roster's group).",
    metavar="COLUMN",
    group=Group.WHO,
    common=True,
)
TO = Declaration("to", Text(), "The column that names who hands out.", metavar="COLUMN", group=Group.WHO, common=True)
SORT = Declaration(
    "sort",
    Text(),
    "The column by which people stand (default: as in the roster).",
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
LIKE = Declaration(
    "like",
    Choice(("entra", "intune", "sds")),
    "Headings as in Entra's bulk templates, Intune's devices, School Data Sync.",
    group=Group.ROSTER,
)
TEMPLATE_LANGUAGE = Declaration(
    "language",
    Choice(("en", "de", "fr", "es", "nl", "pt", "it", "ja")),
    "Of headings and notes.",
    default="en",
    default_told=True,
    group=Group.ROSTER,
)
TEMPLATE = Declaration("template", _FILE, "A layout of your own in place of a style.", group=Group.SHEETS)
SEAL = Declaration(
    "seal",
    Choice(("group", "run")),
    "Whether each file opens with words of its own, or all with the run's passphrase.",
    default="group",
    default_told=True,
    group=Group.SAFETY,
)

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

READING: tuple[Declaration[Any], ...] = (
    SHEET, ALL_SHEETS, COLUMN, DOMAIN, ENCODING, HEADER_ROW, HIDDEN_ROWS, ROSTER_PASSWORD_FILE, DATE_ORDER, TIMEZONE,
    CLASS_BY, JOIN, ON, SKIP_UNREADABLE,
)  # fmt: skip
LISTS: tuple[Declaration[Any], ...] = (GROUP, ADMINISTRATIVE_UNIT, CREATED_SINCE)
"""What names the people instead of a roster."""
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
PASSPHRASE: tuple[Declaration[Any], ...] = (PASSPHRASE_FILE, PASSPHRASE_COMMAND, GENERATE_PASSPHRASE)
RUN_PASSPHRASE: tuple[Declaration[Any], ...] = (RUN_PASSPHRASE_FILE, PASSPHRASE_COMMAND, WORKBOOK_PASSPHRASE_FILE)
RUN_PASSPHRASE_ONLY: tuple[Declaration[Any], ...] = (RUN_PASSPHRASE_FILE, PASSPHRASE_COMMAND)
HANDING_OUT: tuple[Declaration[Any], ...] = (
    BY, TO, ONLY, EXCEPT, STYLE, FORMAT, LANGUAGE, PAPER, SORT, PURPOSE, CALL, LOGO, TEMPLATE, SEAL,
)  # fmt: skip
SCREEN: tuple[Declaration[Any], ...] = (JSON, QUIET, VERBOSE, NO_PROGRESS)
