"""Entries: what each event of a run looks like in the journal's clear and sealed parts, and how it comes back.

The clear part is JSON that anybody with the file can read: who, which pass, how far, why not. It is what revoking
needs when the passphrase is lost. The sealed part holds what only the passphrase opens: the passcode of an issued
pass, or the archive; every other entry has nothing to seal.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, NamedTuple, assert_never

from bulktap.model.outcomes import InDoubt, Issued, IssuedPass, Refused, Skipped
from bulktap.model.pass_terms import TermsCodec
from bulktap.model.passes import AccessPass
from bulktap.model.person_events import Looked, ReissueAsked
from bulktap.model.row_errors import RowError, RowErrorCode, Severity
from bulktap.model.run_events import (
    Began,
    Closed,
    Confirmed,
    Doubted,
    Ended,
    Noted,
    RecordedEvent,
    Released,
    Sent,
    Settled,
)
from bulktap.model.secret import Secret
from bulktap.model.utc_times import moment_of, utc_text

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from bulktap.model.outcomes import Outcome
    from bulktap.model.pass_terms import PassTerms


class Kind(StrEnum):
    """What a record says."""

    ARCHIVE = "archive"
    ROW = "row"
    SENT = "sent"
    RELEASED = "released"
    DOUBTED = "doubted"
    ISSUED = "issued"
    REFUSED = "refused"
    SKIPPED = "skipped"
    IN_DOUBT = "in-doubt"
    CONFIRMED = "confirmed"
    NOTED = "noted"
    CLOSED = "closed"
    BEGAN = "began"
    ENDED = "ended"
    REISSUE = "reissue"
    LOOKED = "looked"


@dataclass(frozen=True, slots=True)
class JournalRow:
    """One row that the plan creates a pass for."""

    number: int
    """Plan number, from 1."""
    user: str
    """The roster's text."""
    object_id: str | None
    """The directory's id, where known."""


class Entry(NamedTuple):
    """What a record says, before it is numbered and sealed."""

    kind: Kind
    row: int
    """Plan number; 0 for what concerns the whole run."""
    public: str
    """The clear part, JSON in ASCII."""
    secret: bytes
    """What goes into the sealed part."""


_SENT, _ISSUED = Kind.SENT, Kind.ISSUED  # Python 3.11 looks a member up by a function, and there are millions of these
_WORDS: Final = {word: word for word in ("EnabledByPolicy", "NotYetValid")}
"""The usual reasons for a pass to work or not: one text for a million passes."""
_TERMS: Final = TermsCodec("starts_at", "lifetime_minutes", "usable_once")
_DECODER = json.JSONDecoder()
_BATCHES_AT_ONCE: Final = 64
"""The rows of a batch leave together: twenty records in a row say the same of when, what and how they were sent."""
_NO_FIELDS: Final = b"{}"
_json_of = json.JSONEncoder(ensure_ascii=True, separators=(",", ":"), check_circular=False).encode


def row_entry(row: JournalRow) -> Entry:
    """Return what is written down about a row when the journal is created."""
    return Entry(Kind.ROW, row.number, _json_of({"user": row.user, "object_id": row.object_id}), b"")


def archive_entry(archive: bytes) -> Entry:
    """Return what keeps the plan, roster rows included, inside the journal."""
    return Entry(Kind.ARCHIVE, 0, "{}", archive)


def event_entry(event: RecordedEvent) -> Entry:
    """Return what is written down about an event.

    Raises:
        ValueError: a moment in it has no time zone.
    """
    secret = b""
    fields: dict[str, object] = {}
    match event:
        case Sent():
            return Entry(Kind.SENT, event.row, _sent_text(event.sent_at, event.terms, event.request_id), secret)
        case Released():
            kind, fields = Kind.RELEASED, {"status": event.status, "perhaps_done": event.perhaps_done}
        case Doubted():
            kind, fields = Kind.DOUBTED, {"cause": event.cause}
        case Settled():
            kind, fields, secret = _outcome_parts(event.outcome)
        case Confirmed():
            kind, fields = Kind.CONFIRMED, {} if event.shown else {"shown": False}
        case Noted():
            kind, fields = Kind.NOTED, {"note": event.note}
        case ReissueAsked() | Looked():
            kind, fields = _person_parts(event)
        case Closed():
            kind = Kind.CLOSED
        case Began() | Ended():
            kind, fields = _process_parts(event)
        case _:
            assert_never(event)
    row = 0 if isinstance(event, Closed | Began | Ended) else event.row
    return Entry(kind, row, _json_of(fields) if fields else "{}", secret)


def read_row(number: int, public: bytes) -> JournalRow:
    """Return the row that the clear part of an entry of kind `row` describes.

    Raises:
        ValueError: the clear part is not what bulktap writes.
    """
    fields = _fields(public)
    try:
        user, object_id = fields["user"], fields["object_id"]
    except KeyError as error:
        raise ValueError(f"no {error.args[0]}") from None
    if not isinstance(user, str) or not (object_id is None or isinstance(object_id, str)):
        raise ValueError("not what bulktap writes: a name that is no text")
    return JournalRow(number, user, object_id)


def read_event(kind: Kind, row: int, public: bytes, secret: bytes | None) -> RecordedEvent:
    """Return the event that an entry keeps; without its sealed part an issued pass has an empty value.

    Raises:
        ValueError: the clear part is not what bulktap writes.
    """
    try:
        if kind is _SENT:
            return Sent(row, *_sent_parts(public))
        fields = _fields(public)
        if kind is _ISSUED:
            return Settled(row, _issued_from(fields, secret))
        return _EVENTS[kind](row, fields)
    except (KeyError, TypeError, AttributeError, OverflowError) as error:
        raise ValueError(f"not what bulktap writes: {type(error).__name__}") from None


def _fields(public: bytes) -> dict[str, Any]:
    if public == _NO_FIELDS:
        return {}
    text = public.decode("ascii")
    try:
        fields, end = _DECODER.raw_decode(text)
        if end != len(text):
            fields = _DECODER.decode(text)  # refuses what stands behind the object
    except RecursionError:
        fields = None
    if not isinstance(fields, dict):
        raise ValueError("not a JSON object")
    return fields


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


@lru_cache(maxsize=_BATCHES_AT_ONCE)
def _sent_text(sent_at: datetime, terms: PassTerms, request_id: str) -> str:
    return _json_of({"sent_at": utc_text(sent_at), **_TERMS.write(terms), "request_id": request_id})


@lru_cache(maxsize=_BATCHES_AT_ONCE)
def _sent_parts(public: bytes) -> tuple[datetime, PassTerms, str]:
    fields = _fields(public)
    return _instant(fields["sent_at"]), _TERMS.read(fields), fields["request_id"]


def _process_parts(event: Began | Ended) -> tuple[Kind, dict[str, object]]:
    if isinstance(event, Began):
        return Kind.BEGAN, {"at": utc_text(event.at), "process": event.process}
    return Kind.ENDED, {"at": utc_text(event.at), "how": event.how, "throttled": event.throttled}


def _person_parts(event: ReissueAsked | Looked) -> tuple[Kind, dict[str, object]]:
    at = utc_text(event.at)
    if isinstance(event, ReissueAsked):
        return Kind.REISSUE, {"at": at, "pass_id": event.pass_id, **_TERMS.write(event.terms)}
    return Kind.LOOKED, {"at": at, "who": event.who, "how": event.how, "reason": event.reason}


def _reissue_from(row: int, fields: Mapping[str, Any]) -> ReissueAsked:
    return ReissueAsked(row, _instant(fields["at"]), fields["pass_id"], _TERMS.read(fields))


def _look_from(row: int, fields: Mapping[str, Any]) -> Looked:
    return Looked(row, _instant(fields["at"]), fields["who"], fields["how"], fields["reason"])


_EVENTS: Final[Mapping[Kind, Callable[[int, Mapping[str, Any]], RecordedEvent]]] = {
    Kind.REFUSED: lambda row, fields: Settled(row, Refused(_error_from(fields))),
    Kind.SKIPPED: lambda row, fields: Settled(row, Skipped(_error_from(fields))),
    Kind.IN_DOUBT: lambda row, fields: Settled(row, InDoubt(_error_from(fields))),
    Kind.RELEASED: lambda row, fields: Released(row, fields["status"], fields["perhaps_done"]),
    Kind.DOUBTED: lambda row, fields: Doubted(row, fields["cause"]),
    Kind.CONFIRMED: lambda row, fields: Confirmed(row, shown=fields.get("shown") is not False),
    Kind.NOTED: lambda row, fields: Noted(row, fields["note"]),
    Kind.REISSUE: _reissue_from,
    Kind.LOOKED: _look_from,
    Kind.CLOSED: lambda _row, _fields: Closed(),
    Kind.BEGAN: lambda _, fields: Began(_instant(fields["at"]), fields["process"]),
    Kind.ENDED: lambda _, fields: Ended(_instant(fields["at"]), fields["how"], fields["throttled"]),
}


def _outcome_parts(outcome: Outcome) -> tuple[Kind, dict[str, object], bytes]:
    match outcome:
        case Issued():
            fields = _pass_fields(outcome.issued.access_pass)
            if outcome.note:
                fields["note"] = outcome.note
            return Kind.ISSUED, fields, outcome.issued.value.reveal().encode("utf-8", "surrogatepass")
        case Refused():
            return Kind.REFUSED, _error_fields(outcome.error), b""
        case Skipped():
            return Kind.SKIPPED, _error_fields(outcome.error), b""
        case InDoubt():
            return Kind.IN_DOUBT, _error_fields(outcome.error), b""
        case _:
            assert_never(outcome)


def _issued_from(fields: Mapping[str, Any], secret: bytes | None) -> Issued:
    value = Secret((secret or b"").decode("utf-8", "surrogatepass"))
    return Issued(IssuedPass(_pass_from(fields), value), fields.get("note", ""))


def _pass_fields(access_pass: AccessPass) -> dict[str, object]:
    return {
        "pass_id": access_pass.pass_id,
        "created_at": utc_text(access_pass.created_at),
        "starts_at": utc_text(access_pass.starts_at),
        "lifetime_minutes": access_pass.lifetime_minutes,
        "usable_once": access_pass.usable_once,
        "is_usable": access_pass.is_usable,
        "usability": access_pass.usability,
    }


def _pass_from(fields: Mapping[str, Any]) -> AccessPass:
    return AccessPass(
        fields["pass_id"],
        moment_of(fields["created_at"]),
        moment_of(fields["starts_at"]),
        fields["lifetime_minutes"],
        fields["usable_once"],
        fields["is_usable"],
        _WORDS.get(word := fields["usability"], word),
    )


def _error_fields(error: RowError) -> dict[str, object]:
    fields = {"code": error.code, "message": error.message, "hint": error.hint, "severity": error.severity}
    return {**fields, "column": error.column}


def _error_from(fields: Mapping[str, Any]) -> RowError:
    return RowError(
        RowErrorCode(fields["code"]), fields["message"], fields["hint"], fields["column"], Severity(fields["severity"])
    )
