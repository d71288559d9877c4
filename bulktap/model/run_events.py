"""The events of issuing that the journal keeps, in the order in which they happen to a row and to a run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bulktap.model.person_events import Looked, ReissueAsked

if TYPE_CHECKING:
    from datetime import datetime

    from bulktap.model.outcomes import Outcome
    from bulktap.model.pass_terms import PassTerms


@dataclass(frozen=True, slots=True)
class Sent:
    """A create is about to leave; committed before it does."""

    row: int
    """Plan number."""
    sent_at: datetime
    """By the service's clock, aware, in UTC."""
    terms: PassTerms
    """As on the wire."""
    request_id: str
    """The `client-request-id` of the batch, for Microsoft's support."""


@dataclass(frozen=True, slots=True)
class Released:
    """The create was throttled or not carried out, and will be sent again."""

    row: int
    status: int
    """What the step or its envelope answered; 0 when it did not leave."""
    perhaps_done: bool
    """Whether it may have been carried out all the same; only journals of earlier versions say so, of a 503."""


@dataclass(frozen=True, slots=True)
class Doubted:
    """What came back, if anything did, proves nothing; the doubt rule will say what becomes of the row."""

    row: int
    cause: str
    """In words, without anything of the reply."""


@dataclass(frozen=True, slots=True)
class Settled:
    """The row reached an outcome; committed before anything is shown."""

    row: int
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class Confirmed:
    """The recorded pass was compared after the row's other attempts had ended; a note says so if that was in vain."""

    row: int
    shown: bool = True
    """True if a list showed it; otherwise another attempt may have made a pass in its place, and stays on record."""


@dataclass(frozen=True, slots=True)
class Noted:
    """Something about the row that its reader should know."""

    row: int
    note: str


@dataclass(frozen=True, slots=True)
class Closed:
    """Every row has an outcome and the closing comparison is done."""


@dataclass(frozen=True, slots=True)
class Began:
    """A process began to work on the run."""

    at: datetime
    """By the clock of its machine, aware, in UTC."""
    process: str
    """Who ran which command, where, in words."""


@dataclass(frozen=True, slots=True)
class Ended:
    """The process that began last stopped working on the run."""

    at: datetime
    """By the clock of its machine, aware, in UTC."""
    how: str
    """One of `ProcessEnd`, or `gave up: ` and the code of what stopped it."""
    throttled: int
    """Steps that the service throttled meanwhile."""


Event = Sent | Released | Doubted | Settled | Confirmed | Noted | ReissueAsked | Closed
"""What issuing brings about."""
RecordedEvent = Event | Began | Ended | Looked
"""What a journal keeps."""
