"""Every setting, declared once: its name, the kind of its values, its default, its variable, its help.

The command line builds its options from these declarations, the Python API its keyword arguments. A setting named
`hidden-rows` is the option `--hidden-rows`, the variable `BULKTAP_HIDDEN_ROWS` and the keyword `hidden_rows`.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar

from bulktap.model.cause_codes import CAUSE_CODES
from bulktap.roster.reading_options import DateOrder, HiddenRows
from bulktap.settings.kinds import Choice, Codes, Encoding, Flag, Kind, Length, Line, Number, Place, Text, Whole, Words

T = TypeVar("T")
MOST_ROWS = 1_048_576
"""Rows of the largest sheet that there is."""
USUAL_REPORTS = Path("reports")


@dataclass(frozen=True, slots=True, eq=False)
class Declaration(Generic[T]):
    """One setting."""

    name: str
    """As options and files write it."""
    kind: Kind[T]
    """What its values are."""
    help: str
    """One sentence for whoever sets it."""
    default: T | str | None = None
    """What counts where nobody says anything, as a value or as somebody would type it."""
    metavar: str | None = None
    """What help calls the value, where the kind's own name says too little."""
    default_told: str | bool = False
    """True if help tells the default; a text is told instead of it."""
    keyword: str = ""
    """What Python calls it, where that is not the name with underscores."""
    short: tuple[str, ...] = ()
    """Other spellings of the option."""
    opposite: str = ""
    """The name that says the opposite."""
    more_variables: tuple[str, ...] = ()
    """Variables beside its own, which comes first."""
    required: bool = False
    """True if there is no default, and nothing goes without it."""

    @property
    def key(self) -> str:
        """What Python calls it."""
        return self.keyword or self.name.replace("-", "_")

    @property
    def variables(self) -> tuple[str, ...]:
        """The environment variables that set it, the first wins."""
        return ("BULKTAP_" + self.name.replace("-", "_").upper(), *self.more_variables)

    @property
    def usual(self) -> T | None:
        """The value that counts where nobody says anything."""
        return None if self.default is None else self.kind.take(self.default)


_FILE, _FOLDER = Place(folder=False), Place(file=False)

# Where
REPORTS = Declaration("reports", _FOLDER, "Where run folders are.", default=USUAL_REPORTS, default_told=True)
LOG_FILE = Declaration("log-file", _FILE, "Write the log here (default: log.jsonl in the run's folder).")
TENANT = Declaration(
    "tenant", Text(), "Tenant ID (default: AZURE_TENANT_ID).", more_variables=("AZURE_TENANT_ID",)
)  # fmt: skip

# Rehearsal
SIMULATE = Declaration("simulate", Flag(), "Rehearse against a pretend tenant that has the roster's users.")
SIMULATE_TENANT = Declaration("simulate-tenant", _FILE, "Rehearse against the pretend tenant of this file.")
SIMULATE_LIMITS = Declaration(
    "simulate-limits",
    Text(),
    "How it throttles: none, directory, reports.",
    default="none",
    metavar="PROFILE",
)
SIMULATE_WEATHER = Declaration(
    "simulate-weather",
    Text(),
    "How it misbehaves: fair, showers, storm, late, lag (`bulktap simulator --help` lists options).",
    default="fair",
    metavar="NAME",
)

# Reading
SHEET = Declaration("sheet", Words(), "The sheet to read, where several could be meant.", metavar="NAME")
COLUMN = Declaration("column", Words(), "Which column means what, e.g. user=Login.", metavar="FIELD=HEADING")
DOMAIN = Declaration("domain", Text(), "Domain to add to bare user names.", metavar="NAME")
ENCODING = Declaration("encoding", Encoding(), "Character encoding of a text file, e.g. cp1252.", metavar="NAME")
HEADER_ROW = Declaration("header-row", Whole(1, MOST_ROWS), "The row that holds the headings.", metavar="N")
HIDDEN_ROWS = Declaration(
    "hidden-rows", Choice(tuple(one.value for one in HiddenRows)), "What to do about rows that Excel does not show."
)  # fmt: skip
ROSTER_PASSWORD_FILE = Declaration(
    "roster-password-file", _FILE, "Read a protected workbook's password from this file."
)
DATE_ORDER = Declaration(
    "date-order", Choice(tuple(one.value for one in DateOrder)), "How dates like 02/03/2035 are meant."
)
TIMEZONE = Declaration("timezone", Text(), "Zone of the roster's times (default: this computer's).", metavar="NAME")

# Passes
LIFETIME = Declaration(
    "lifetime", Text(), "How long a pass works: 8h, 90m, 480 (default: the tenant's).", metavar="TIME"
)
START = Declaration(
    "start", Text(), "When passes begin to work: '2035-09-01 08:00' (default: now).", metavar="TIME"
)  # fmt: skip
ONE_TIME = Declaration(
    "one-time", Flag(), "Whether a pass works once or many times (default: the tenant's).", opposite="multi-use"
)
EXISTING = Declaration(
    "existing",
    Choice(("skip", "replace", "fail")),
    "What to do about users who have a pass that works.",
    default="skip",
    default_told=True,
)

# Care
STRICT = Declaration("strict", Flag(), "Send nothing if any row is invalid.")
LIMIT = Declaration("limit", Whole(0, MOST_ROWS), "Create at most N passes.", metavar="N")
PLAN_VALID_FOR = Declaration(
    "plan-valid-for",
    Length("366d"),
    "For how long a saved plan may be carried out.",
    default="24h",
    default_told=True,
)
TICKET = Declaration(
    "ticket", Line(), "The change this is done under; kept in plan, workbook and log.", metavar="NUMBER"
)
REASON = Declaration("reason", Line(), "Why this is done; kept with the ticket.", metavar="TEXT")
ONLY = Declaration(
    "only", Words(), "Only these: a row number (SHEET!ROW of several sheets), a user, or COLUMN=VALUE.", metavar="WHAT"
)
NAMES = Declaration(
    "names",
    Choice(("accept", "refuse")),
    "Whether to go on where many rows name somebody else than the tenant does (default: ask).",
)
ACCEPT = Declaration(
    "accept",
    Codes(CAUSE_CODES),
    "Go on although this concerns every row: users-unknown, not-in-scope, or the code of a row error.",
    metavar="CODE",
)
OFFLINE = Declaration("offline", Flag(), "Do not ask the tenant; such a plan cannot be carried out.")
YES = Declaration("yes", Flag(), "Do not ask before issuing.", short=("-y",))
DRY_RUN = Declaration(
    "dry-run",
    Flag(),
    "Only plan.",
    keyword="dry",
    short=("-n", "--what-if"),
    more_variables=("BULKTAP_WHAT_IF",),
)

# Sending
MAX_RATE = Declaration("max-rate", Number(0.01, 1_000), "At most N creates a second.", metavar="N")
CONCURRENCY = Declaration("concurrency", Whole(1, 64), "Batches in flight at most.", default=6, default_told=True)
REPLY_TIMEOUT = Declaration(
    "reply-timeout", Length("1h"), "How long to wait for a reply.", default_told="100s; of a rehearsal 8s"
)
SETTLE_WAIT = Declaration(
    "settle-wait",
    Length("1h"),
    "How long to wait before a lost reply is looked into.",
    default_told="30s; of a rehearsal 2s",
)
ASSUME = Declaration(
    "assume",
    Text(),
    "The limit that the forecast counts on: directory, reports, none, 20/s, 600/30s.",
    metavar="PROFILE",
)

# Passphrase
PASSPHRASE_FILE = Declaration("passphrase-file", _FILE, "Read the workbook's passphrase from this file.")
PASSPHRASE_COMMAND = Declaration(
    "passphrase-command", Text(), "Run this command; it prints the passphrase.", metavar="COMMAND"
)
GENERATE_PASSPHRASE = Declaration(
    "generate-passphrase", Flag(), "Make up a passphrase and show it before anything is sent."
)
RUN_PASSPHRASE_FILE = Declaration("passphrase-file", _FILE, "Read the run's passphrase from this file.")
WORKBOOK_PASSPHRASE_FILE = Declaration(
    "workbook-passphrase-file", _FILE, "Encrypt the workbook with the passphrase in this file instead of the run's."
)

# Screen
JSON = Declaration("json", Flag(), "Print one JSON object on standard output.", keyword="as_json")
QUIET = Declaration("quiet", Flag(), "Say only what must be said.", short=("-q",))
VERBOSE = Declaration("verbose", Flag(), "Say more; show tracebacks.", short=("-v",))
NO_PROGRESS = Declaration("no-progress", Flag(), "Draw no progress line.")

# The pretend tenant as a server
TENANT_FILE = Declaration("tenant-file", _FILE, "Users, policy and passes (see samples/tenant.json).")
STATE_FILE = Declaration("state-file", _FILE, "Keep the tenant's state here, and go on from it.")
LIMITS = Declaration(
    "limits", Text(), "How it throttles, e.g. none, directory, reports.", default="none", metavar="PROFILE"
)
WEATHER = Declaration("weather", Text(), "How it misbehaves, see below.", default="fair", metavar="NAME")
SEED = Declaration("seed", Whole(), "Makes the weather repeatable.", default=0)
LATENCY = Declaration("latency", Number(0, 600), "Seconds that a batch takes.", default=0.15, default_told=True)
CALL_LATENCY = Declaration(
    "call-latency", Number(0, 600), "Seconds that a single call takes.", default=0.08, default_told=True
)
TOKEN_LIFETIME = Declaration(
    "token-lifetime", Whole(1, 86_400), "Seconds that an access token is good for.", default=3599, default_told=True
)
PORT = Declaration("port", Whole(0, 65_535), "Port on 127.0.0.1 (default: any free one).", default=0)
CA_FILE = Declaration(
    "ca-file", _FILE, "Where to write its certificate, for clients to trust.", required=True
)  # fmt: skip

READING: tuple[Declaration[Any], ...] = (
    SHEET, COLUMN, DOMAIN, ENCODING, HEADER_ROW, HIDDEN_ROWS, ROSTER_PASSWORD_FILE, DATE_ORDER, TIMEZONE,
)  # fmt: skip
PASSES: tuple[Declaration[Any], ...] = (LIFETIME, START, ONE_TIME, EXISTING)
CARE: tuple[Declaration[Any], ...] = (STRICT, LIMIT, PLAN_VALID_FOR, TICKET, REASON, ONLY, NAMES, ACCEPT)
REHEARSAL: tuple[Declaration[Any], ...] = (SIMULATE, SIMULATE_TENANT, SIMULATE_LIMITS, SIMULATE_WEATHER)
ASKING: tuple[Declaration[Any], ...] = (CONCURRENCY, REPLY_TIMEOUT)
SENDING: tuple[Declaration[Any], ...] = (MAX_RATE, CONCURRENCY, REPLY_TIMEOUT, SETTLE_WAIT)
PASSPHRASE: tuple[Declaration[Any], ...] = (PASSPHRASE_FILE, PASSPHRASE_COMMAND, GENERATE_PASSPHRASE)
RUN_PASSPHRASE: tuple[Declaration[Any], ...] = (RUN_PASSPHRASE_FILE, PASSPHRASE_COMMAND, WORKBOOK_PASSPHRASE_FILE)
SCREEN: tuple[Declaration[Any], ...] = (JSON, QUIET, VERBOSE, NO_PROGRESS)
