"""What shapes a run, as typed slices, one for each room that obeys them.

`settings` fills them in from flags, environment and files; nothing from here down sees an argument or a variable.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bulktap.dispatch.doubt_times import (
    REHEARSED_REPLY_TIMEOUT,
    REHEARSED_SETTLE_WAIT,
    REPLY_TIMEOUT,
    SETTLE_WAIT,
)
from bulktap.model.guards import Guards
from bulktap.model.setting_names import Setting
from bulktap.roster.reading_options import ReadingOptions, RosterPassword

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from bulktap.graph.sign_in.credentials import Credentials
    from bulktap.graph.trust import Network
    from bulktap.model.cloud import Cloud
    from bulktap.planning.forecast import AssumedLimit


@dataclass(frozen=True, slots=True)
class AccessSettings:
    """Who signs in, and where."""

    credentials: Credentials
    """Who signs in, to which tenant."""
    network: Network
    """How both services are reached, and whom to trust."""
    graph_url: str | None = None
    """Root of Microsoft Graph; None takes the global cloud's."""
    authority_url: str | None = None
    """Root of the sign-in endpoints; None takes the global cloud's."""
    simulated: bool = False
    """Whether this is the embedded pretend tenant."""
    cloud: Cloud | None = None
    """The cloud, where somebody names it; None goes by the addresses."""
    notes: tuple[str, ...] = ()
    """What is to be said about how one signs in: what else is set, and not used."""


@dataclass(frozen=True, slots=True)
class ReadingSettings:
    """How the roster is to be read."""

    options: ReadingOptions = field(default_factory=ReadingOptions)
    """What somebody said about the file."""
    password: RosterPassword = field(default_factory=RosterPassword)
    """What opens a protected workbook."""
    notes: tuple[str, ...] = ()
    """What is to be said first about how the file is read."""
    zone_must_be_named: bool = False
    """True if somebody has to say so when times are read in UTC only because this computer is in it."""


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
    exclude: tuple[str, ...] = ()
    guards: Guards = field(default_factory=Guards)
    """What the run keeps to, whatever its plan says."""
    plan_valid_for: float = 86_400.0
    """Seconds for which a saved plan may be carried out."""
    ticket: str | None = None
    reason: str | None = None
    names: str | None = None
    """`accept` or `refuse` where many names differ from the tenant's; None asks."""
    accept: tuple[str, ...] = ()
    """Codes of what is gone on with although it concerns every row, see `planning.common_causes`."""


@dataclass(frozen=True, slots=True)
class PageSettings:
    """What the page that is signed says beside the plan."""

    board: bool = False
    """What a change board asks for."""
    print_rows: bool = False
    """Its rows on paper too."""

    @property
    def asked(self) -> bool:
        """True if somebody asked for more than every page has."""
        return self.board or self.print_rows


@dataclass(frozen=True, slots=True)
class ListWish:
    """Which list of the tenant names the people; several words narrow each other down."""

    group: str | None = None
    """Object id or name."""
    unit: str | None = None
    """Object id or name of an administrative unit."""
    created_since: str | None = None
    """A date, or a date and a time, as typed."""

    @classmethod
    def of(cls, source: Mapping[str, str]) -> ListWish:
        """Return the wish that a plan keeps."""
        stems = (Setting.GROUP.stem, Setting.ADMINISTRATIVE_UNIT.stem, Setting.CREATED_SINCE.stem)
        return cls(*(source.get(stem) for stem in stems))

    @property
    def kept(self) -> dict[str, str]:
        """What a plan keeps of it."""
        said = {
            Setting.GROUP.stem: self.group,
            Setting.ADMINISTRATIVE_UNIT.stem: self.unit,
            Setting.CREATED_SINCE.stem: self.created_since,
        }
        return {name: text for name, text in said.items() if text is not None}


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
    page: PageSettings = field(default_factory=PageSettings)
    log_file: Path | None = None
    """Where the log is written; None writes it to the run's folder."""
    name: str | None = None
    """What the run is to be named."""
    forget_after_minutes: int | None = None
    """How long after the run its passcodes are to be destroyed."""
    source: ListWish | None = None
    """The list of the tenant that is the roster; None where a file is."""
    asked: Mapping[str, str] = field(default_factory=dict)
    """The settings that this very command or call asks for, and how it writes them."""
