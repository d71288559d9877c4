"""What shapes a run, as typed slices, one for each room that obeys them.

`settings` fills them in from flags, environment and files; nothing from here down sees an argument or a variable.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bulktap.model.plan import Field

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from bulktap.model.secret import Secret
    from bulktap.planning.forecast import AssumedLimit


@dataclass(frozen=True, slots=True)
class AccessSettings:
    """How to sign in, and where; the names are those of azure-identity's environment variables."""

    tenant_id: str
    """`AZURE_TENANT_ID` or `--tenant`."""
    client_id: str
    """`AZURE_CLIENT_ID`."""
    client_secret: Secret
    """`AZURE_CLIENT_SECRET`."""
    graph_url: str | None = None
    """`BULKTAP_GRAPH_URL`; None takes the global cloud's."""
    authority_url: str | None = None
    """`BULKTAP_AUTHORITY_URL`, else `AZURE_AUTHORITY_HOST`; None takes the global cloud's."""
    ca_bundle: Path | None = None
    """`BULKTAP_CA_BUNDLE`: trust exactly these authorities."""
    simulated: bool = False
    """Whether this is the embedded pretend tenant."""


@dataclass(frozen=True, slots=True)
class ReadingSettings:
    """How the roster is to be read."""

    sheets: tuple[str, ...] = ()
    encoding: str | None = None
    header_row: int | None = None
    mapping: Mapping[Field, str] = field(default_factory=dict)
    domain: str | None = None
    date_order: str | None = None
    timezone: str | None = None
    """IANA name; None takes the machine's."""
    hidden_rows: str | None = None
    """`include` or `skip`; None stops at hidden rows."""
    include_inactive: bool = False
    """Whether people whom the roster calls inactive get a pass too."""
    password: Secret | None = None
    """What opens a protected workbook; never saved."""
    ask_password: Callable[[str], Secret | None] | None = None
    """Asks for it, where somebody can be asked."""
    notes: tuple[str, ...] = ()
    """What is to be said first about how the file is read."""


def reading_as_text(reading: ReadingSettings) -> dict[str, str]:
    """Return the options that were given, for a saved plan; none of them is a secret."""
    given = {
        "sheet": json.dumps(reading.sheets) if reading.sheets else "",
        "column": json.dumps(dict(reading.mapping)) if reading.mapping else "",
        "encoding": reading.encoding or "",
        "header_row": str(reading.header_row or ""),
        "domain": reading.domain or "",
        "date_order": reading.date_order or "",
        "hidden_rows": reading.hidden_rows or "",
        "inactive": "include" if reading.include_inactive else "",
    }
    return {name: text for name, text in given.items() if text}


def reading_from_text(given: Mapping[str, str]) -> ReadingSettings:
    """Return the options that `reading_as_text` was given; the time zone is the plan's.

    Raises:
        ValueError: they are not what that wrote.
    """
    from bulktap.roster.contents import HiddenRows
    from bulktap.roster.dates import DateOrder

    sheets, columns = _json_of(given.get("sheet", "[]")), _json_of(given.get("column", "{}"))
    if not isinstance(sheets, list) or not isinstance(columns, dict):
        raise ValueError("sheets are a list, columns an object")
    if not all(isinstance(text, str) for text in (*sheets, *columns.values())):
        raise ValueError("sheets and headings are texts")
    encoding, number = given.get("encoding"), given.get("header_row")
    if encoding is not None and not _is_encoding(encoding):
        raise ValueError("there is no such encoding")
    if number is not None and not re.fullmatch(r"[1-9][0-9]{0,6}", number):
        raise ValueError("the header row is a number")
    date_order, hidden_rows = given.get("date_order"), given.get("hidden_rows")
    return ReadingSettings(
        sheets=tuple(sheets),
        encoding=encoding,
        header_row=None if number is None else int(number),
        mapping={Field(name): heading for name, heading in columns.items()},
        domain=given.get("domain"),
        date_order=None if date_order is None else DateOrder(date_order).value,
        hidden_rows=None if hidden_rows is None else HiddenRows(hidden_rows).value,
        include_inactive=given.get("inactive") == "include",
    )


def _json_of(text: str) -> object:
    try:
        found: object = json.loads(text)
    except RecursionError:
        raise ValueError("it is nested too deeply") from None
    return found


def _is_encoding(name: str) -> bool:
    try:
        "a".encode(name)
    except (LookupError, ValueError):
        return False
    return True


@dataclass(frozen=True, slots=True)
class PassSettings:
    """What rows get that do not say otherwise."""

    lifetime: str | None = None
    """As typed: `8h`, `90m`, `480`."""
    start: str | None = None
    """As typed: `2035-09-01 08:00`."""
    usable_once: bool | None = None
    existing: str = "skip"


@dataclass(frozen=True, slots=True)
class CareSettings:
    """What keeps a run from doing too much."""

    strict: bool = False
    offline: bool = False
    limit: int | None = None
    only: tuple[str, ...] = ()
    plan_valid_for: float = 86_400.0
    """Seconds for which a saved plan may be carried out."""
    ticket: str | None = None
    reason: str | None = None


REPLY_TIMEOUT = 100.0
"""Seconds to wait for a reply, unless `--reply-timeout` says otherwise."""
SETTLE_WAIT = 30.0
"""Seconds to wait before a lost reply is looked into, unless `--settle-wait` says otherwise."""
REHEARSED_REPLY_TIMEOUT = 8.0
"""The same of a rehearsal, whose pretend service is known: it answers at once or loses the reply."""
REHEARSED_SETTLE_WAIT = 2.0


@dataclass(frozen=True, slots=True)
class SendingSettings:
    """How batches are sent."""

    max_rate: float | None = None
    """Steps a second at most."""
    concurrency: int = 6
    """Batches in flight at most."""
    reply_timeout: float = REPLY_TIMEOUT
    """Seconds to wait for a reply."""
    settle_wait: float = SETTLE_WAIT
    """Seconds to wait before a lost reply is looked into."""
    assume: AssumedLimit | None = None
    """The limit that the forecast counts on; None for the range between the documented ones."""


@dataclass(frozen=True, slots=True)
class SendingWishes:
    """How batches are to be sent, as far as somebody said it; the rest depends on the tenant."""

    max_rate: float | None = None
    concurrency: int = 6
    reply_timeout: float | None = None
    settle_wait: float | None = None
    assume: AssumedLimit | None = None

    def to(self, *, rehearsal: bool) -> SendingSettings:
        """Return how batches are sent to a tenant; a rehearsal waits for less, unless somebody said for how long."""
        return SendingSettings(
            max_rate=self.max_rate,
            concurrency=self.concurrency,
            reply_timeout=self.reply_timeout or (REHEARSED_REPLY_TIMEOUT if rehearsal else REPLY_TIMEOUT),
            settle_wait=self.settle_wait or (REHEARSED_SETTLE_WAIT if rehearsal else SETTLE_WAIT),
            assume=self.assume,
        )


@dataclass(frozen=True, slots=True)
class RunSettings:
    """All that shapes a run."""

    reports: Path
    """Where run folders are."""
    reading: ReadingSettings = field(default_factory=ReadingSettings)
    passes: PassSettings = field(default_factory=PassSettings)
    care: CareSettings = field(default_factory=CareSettings)
    sending: SendingWishes = field(default_factory=SendingWishes)
    log_file: Path | None = None
    """Where the log is written; None writes it to the run's folder."""
    asked: Mapping[str, str] = field(default_factory=dict)
    """The settings that this very command or call asks for, and how it writes them."""
