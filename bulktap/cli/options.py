"""The shared options, group by group.

Every option has an environment variable `BULKTAP_<OPTION>`; sign-in uses azure-identity's names besides.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from bulktap.cli.console import ScreenSettings
from bulktap.cli.durations import DAYS, SECONDS
from bulktap.cli.option_types import ENCODING, LINE, RATE, Place
from bulktap.cli.passphrase import PassphraseSource
from bulktap.settings import secret_variable

if TYPE_CHECKING:
    from collections.abc import Callable

Command = TypeVar("Command", bound="Callable[..., Any]")
ROSTER = Place(path_type=Path)
RUN = Place(path_type=Path, readable=False)
FILE = Place(dir_okay=False, path_type=Path)
FOLDER = Place(file_okay=False, path_type=Path)
MOST_ROWS = 1_048_576
"""Rows of the largest sheet that there is."""


def option(name: str, *more: str, **details: Any) -> Callable[[Command], Command]:
    """Return a click option with its environment variable."""
    variable = "BULKTAP_" + name.lstrip("-").partition("/")[0].replace("-", "_").upper()
    details.setdefault("envvar", variable)
    return click.option(name, *more, **details)


class _Words(click.ParamType[str]):
    """Text that may hold blanks; several values in an environment variable stand on a line each."""

    name = "text"

    def split_envvar_value(self, rv: str) -> list[str]:
        """Return the lines; a last one that is empty, as files and pipelines leave it behind, says nothing."""
        return [line for line in rv.splitlines() if line.strip()]


WORDS = _Words()


def _multi_use(context: click.Context, parameter: click.Parameter, one_time: bool | None) -> bool | None:
    """Let `BULKTAP_MULTI_USE` say the opposite of `BULKTAP_ONE_TIME`."""
    text = os.environ.get("BULKTAP_MULTI_USE")
    if one_time is None and text:
        return not click.BOOL.convert(text, parameter, context)
    return one_time


def grouped(*options: Callable[[Command], Command]) -> Callable[[Command], Command]:
    """Return a decorator that adds options in the order in which help shows them."""

    def decorate(command: Command) -> Command:
        for add in reversed(options):
            command = add(command)
        return command

    return decorate


where = grouped(
    option("--reports", type=FOLDER, default=Path("reports"), show_default=True, help="Where run folders are."),
)
log = grouped(
    option("--log-file", type=FILE, help="Write the log here (default: log.jsonl in the run's folder)."),
)
tenant = grouped(
    option("--tenant", envvar=["BULKTAP_TENANT", "AZURE_TENANT_ID"], help="Tenant ID (default: AZURE_TENANT_ID)."),
)
rehearsal = grouped(
    option("--simulate", is_flag=True, help="Rehearse against a pretend tenant that has the roster's users."),
    option("--simulate-tenant", type=FILE, help="Rehearse against the pretend tenant of this file."),
    option("--simulate-limits", default="none", metavar="PROFILE", help="How it throttles: none, directory, reports."),
    option(
        "--simulate-weather",
        default="fair",
        metavar="NAME",
        help="How it misbehaves: fair, showers, storm, late, lag (`bulktap simulator --help` lists options).",
    ),
)
reading = grouped(
    option(
        "--sheet", type=WORDS, multiple=True, metavar="NAME", help="The sheet to read, where several could be meant."
    ),
    option(
        "--column", type=WORDS, multiple=True, metavar="FIELD=HEADING", help="Which column means what, e.g. user=Login."
    ),
    option("--domain", metavar="NAME", help="Domain to add to bare user names."),
    option("--encoding", type=ENCODING, metavar="NAME", help="Character encoding of a text file, e.g. cp1252."),
    option("--header-row", type=click.IntRange(1, MOST_ROWS), metavar="N", help="The row that holds the headings."),
    option(
        "--hidden-rows", type=click.Choice(["include", "skip"]), help="What to do about rows that Excel does not show."
    ),
    option("--roster-password-file", type=FILE, help="Read a protected workbook's password from this file."),
    option("--date-order", type=click.Choice(["dmy", "mdy", "ymd"]), help="How dates like 02/03/2035 are meant."),
    option("--timezone", metavar="NAME", help="Zone of the roster's times (default: this computer's)."),
)
passes = grouped(
    option("--lifetime", metavar="TIME", help="How long a pass works: 8h, 90m, 480 (default: the tenant's)."),
    option("--start", metavar="TIME", help="When passes begin to work: '2035-09-01 08:00' (default: now)."),
    option(
        "--one-time/--multi-use",
        default=None,
        callback=_multi_use,
        help="Whether a pass works once or many times (default: the tenant's).",
    ),
    option(
        "--existing",
        type=click.Choice(["skip", "replace", "fail"]),
        default="skip",
        show_default=True,
        help="What to do about users who have a pass that works.",
    ),
)
dry_run = option(
    "--dry-run",
    "-n",
    "--what-if",
    "dry",
    is_flag=True,
    envvar=["BULKTAP_DRY_RUN", "BULKTAP_WHAT_IF"],
    help="Only plan.",
)
care = grouped(
    option("--strict", is_flag=True, help="Send nothing if any row is invalid."),
    option("--limit", type=click.IntRange(0, MOST_ROWS), metavar="N", help="Create at most N passes."),
    option(
        "--plan-valid-for",
        type=DAYS,
        default="24h",
        show_default=True,
        help="For how long a saved plan may be carried out.",
    ),
    option(
        "--ticket", type=LINE, metavar="NUMBER", help="The change this is done under; kept in plan, workbook and log."
    ),
    option("--reason", type=LINE, metavar="TEXT", help="Why this is done; kept with the ticket."),
    option(
        "--only",
        type=WORDS,
        multiple=True,
        metavar="WHAT",
        help="Only these: a row number (SHEET!ROW of several sheets), a user, or COLUMN=VALUE.",
    ),
)
_concurrency = option(
    "--concurrency", type=click.IntRange(1, 64), default=6, show_default=True, help="Batches in flight at most."
)
_reply_timeout = option(
    "--reply-timeout", type=SECONDS, show_default="100s; of a rehearsal 8s", help="How long to wait for a reply."
)
asking = grouped(_concurrency, _reply_timeout)
sending = grouped(
    option("--max-rate", type=RATE, metavar="N", help="At most N creates a second."),
    _concurrency,
    _reply_timeout,
    option(
        "--settle-wait",
        type=SECONDS,
        show_default="30s; of a rehearsal 2s",
        help="How long to wait before a lost reply is looked into.",
    ),
)
forecast = grouped(
    option(
        "--assume",
        metavar="PROFILE",
        help="The limit that the forecast counts on: directory, reports, none, 20/s, 600/30s.",
    ),
)
passphrase = grouped(
    option("--passphrase-file", type=FILE, help="Read the workbook's passphrase from this file."),
    option("--passphrase-command", metavar="COMMAND", help="Run this command; it prints the passphrase."),
    option("--generate-passphrase", is_flag=True, help="Make up a passphrase and show it before anything is sent."),
)
existing_passphrase = grouped(
    option("--passphrase-file", type=FILE, help="Read the run's passphrase from this file."),
    option("--passphrase-command", metavar="COMMAND", help="Run this command; it prints the passphrase."),
    option(
        "--workbook-passphrase-file",
        type=FILE,
        help="Encrypt the workbook with the passphrase in this file instead of the run's.",
    ),
)
screen = grouped(
    option("--json", "as_json", is_flag=True, help="Print one JSON object on standard output."),
    option("--quiet", "-q", is_flag=True, help="Say only what must be said."),
    option("--verbose", "-v", is_flag=True, help="Say more; show tracebacks."),
    option("--no-progress", is_flag=True, help="Draw no progress line."),
)


def screen_settings(given: dict[str, Any]) -> ScreenSettings:
    """Return how much is shown."""
    return ScreenSettings(given["as_json"], given["quiet"], given["verbose"], not given["no_progress"])


def passphrase_source(given: dict[str, Any]) -> PassphraseSource:
    """Return where the passphrase comes from."""
    return PassphraseSource(
        given["passphrase_file"],
        given["passphrase_command"],
        given.get("generate_passphrase", False),
        secret_variable("BULKTAP_PASSPHRASE"),
        new="generate_passphrase" in given,
        workbook_file=given.get("workbook_passphrase_file"),
        workbook_environment=None if "generate_passphrase" in given else secret_variable("BULKTAP_WORKBOOK_PASSPHRASE"),
    )
