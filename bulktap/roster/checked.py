"""What goes into checking a roster beside its cells, and what comes out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from bulktap.model.passes import PassRequest, UserRef
    from bulktap.model.plan import Field, RosterColumns, RosterInfo, RosterRow
    from bulktap.model.row_errors import RowError
    from bulktap.roster.rows.dates import DateOrder


@dataclass(frozen=True, slots=True)
class PassDefaults:
    """What the options ask for where a row says nothing."""

    starts_at: datetime | None = None
    """Aware, in UTC; None starts now."""
    lifetime_minutes: int | None = None
    """None takes the tenant's default."""
    usable_once: bool | None = None
    """None takes the tenant's setting."""


@dataclass(frozen=True, slots=True)
class CheckOptions:
    """What checking depends on beside the roster."""

    timezone: ZoneInfo
    """Zone of the roster's times."""
    timezone_name: str
    """Its IANA name, for the notes."""
    now: datetime
    """Aware, in UTC."""
    defaults: PassDefaults
    mapping: Mapping[Field, str]
    """Columns that the operator named."""
    domain: str | None
    """Domain of user names that have none."""
    date_order: DateOrder | None
    """How dates of three numbers are read; None finds out from the column."""
    include_inactive: bool = False
    """Whether people whom the roster calls inactive or blocked get a pass too."""


@dataclass(frozen=True, slots=True)
class AskedPass:
    """What could be read of the pass that a row asks for, the options in place of what it leaves open.

    It is there for a refused row too, so that the tenant's policy is held against all rows.
    """

    lifetime_minutes: int | None = None
    """None where neither the row nor an option says it, or the cell cannot be read."""
    usable_once: bool | None = None
    """Likewise."""


@dataclass(frozen=True, slots=True)
class CheckedRow:
    """One row, judged."""

    source: RosterRow
    """As the spreadsheet has it."""
    user: UserRef | None
    """Whom the row names; None when that cannot be read."""
    request: PassRequest | None
    """The pass that is asked for; None exactly when a problem refuses the row."""
    display_name: str | None
    """Full name, from one column or its parts."""
    group: str | None
    """Class, department or site."""
    device: str | None
    """What names the row's device: its name, with its serial number in brackets."""
    problems: tuple[RowError, ...]
    """All that is wrong or worth knowing."""
    asked: AskedPass = AskedPass()
    """What could be read of the pass that is asked for."""


@dataclass(frozen=True, slots=True)
class CheckedRoster:
    """A roster whose every row was judged."""

    info: RosterInfo
    columns: RosterColumns
    rows: tuple[CheckedRow, ...]
    """In the roster's order; rows that are nobody's (shared devices, totals) are only in the notes."""
