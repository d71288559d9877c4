from __future__ import annotations

from datetime import UTC, datetime
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulktap.journal import JournalRow
from bulktap.journal.entries import Kind, event_entry, read_event, read_row, row_entry
from bulktap.model.outcomes import InDoubt, Issued, IssuedPass, Outcome, Refused, Skipped
from bulktap.model.pass_terms import PassTerms
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

numbers = st.integers(1, 200_000)
texts = st.text(max_size=30)
moments = st.datetimes(datetime(2000, 1, 1), datetime(2099, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - bounds
maybe_moments = st.none() | moments
maybe_flags = st.none() | st.booleans()
row_errors = st.builds(
    RowError, st.sampled_from(RowErrorCode), texts, texts, st.none() | texts, st.sampled_from(Severity)
)
access_passes = st.builds(
    AccessPass, texts, maybe_moments, maybe_moments, st.none() | numbers, maybe_flags, maybe_flags, st.none() | texts
)
outcomes = st.one_of(
    st.builds(Issued, st.builds(IssuedPass, access_passes, texts.map(Secret)), texts),
    st.builds(Refused, row_errors),
    st.builds(Skipped, row_errors),
    st.builds(InDoubt, row_errors),
)
events = st.one_of(
    st.builds(Sent, numbers, moments, st.builds(PassTerms, maybe_moments, st.none() | numbers, maybe_flags), texts),
    st.builds(Released, numbers, st.integers(0, 599), st.booleans()),
    st.builds(Doubted, numbers, texts),
    st.builds(Settled, numbers, outcomes),
    st.builds(Confirmed, numbers, st.booleans()),
    st.builds(Noted, numbers, texts),
    st.builds(
        ReissueAsked, numbers, moments, texts, st.builds(PassTerms, maybe_moments, st.none() | numbers, maybe_flags)
    ),
    st.builds(Looked, numbers, moments, texts, texts, texts),
    st.builds(Closed),
    st.builds(Began, moments, texts),
    st.builds(Ended, moments, texts, st.integers(0, 10**6)),
)


@given(events)
def test_every_event_comes_back_as_it_was(event: RecordedEvent) -> None:
    """Writing and reading lose nothing, whatever the texts hold."""
    entry = event_entry(event)

    assert read_event(entry.kind, entry.row, entry.public.encode("ascii"), entry.secret) == event


def test_the_property_above_covers_every_kind_of_event() -> None:
    """A kind of event or outcome that is added must be added to this test, too."""
    assert len(get_args(RecordedEvent)) == 11
    assert len(get_args(Outcome)) == 4


@given(st.text(min_size=1, alphabet=st.characters(min_codepoint=33)))
def test_a_passcode_is_in_the_sealed_part_only(value: str) -> None:
    """Without the sealed part the value is an empty secret, and everything else is there."""
    event = Settled(3, Issued(IssuedPass(AccessPass("pass-3"), Secret(value))))
    entry = event_entry(event)

    read = read_event(entry.kind, entry.row, entry.public.encode("ascii"), None)

    assert read == Settled(3, Issued(IssuedPass(AccessPass("pass-3"), Secret(""))))


@given(numbers, texts, st.none() | texts)
def test_every_row_comes_back_as_it_was(number: int, user: str, object_id: str | None) -> None:
    """User and object id are in the clear part, in any script."""
    row = JournalRow(number, user, object_id)

    assert read_row(number, row_entry(row).public.encode("ascii")) == row


NAIVE = datetime(2026, 11, 23, 8, 0)  # noqa: DTZ001 - that is the point


@pytest.mark.parametrize(
    "event",
    [
        Sent(1, NAIVE, PassTerms(), ""),
        Began(NAIVE, "apply"),
        Ended(NAIVE, "finished", 0),
        Looked(1, NAIVE, "", "", ""),
        ReissueAsked(1, NAIVE, "p", PassTerms()),
    ],
)
def test_a_moment_without_a_time_zone_is_refused(event: RecordedEvent) -> None:
    """Nobody could say later when it was."""
    with pytest.raises(ValueError, match="time zone"):
        event_entry(event)


@pytest.mark.parametrize("kind", list(Kind))
@pytest.mark.parametrize("public", [b"", b"[]", b"\xff", b'{"code": "no such code"}', b'{"sent_at": 7}', b'{"at": 7}'])
def test_a_clear_part_that_makes_no_sense_is_told(kind: Kind, public: bytes) -> None:
    """Nonsense in a clear part is one kind of error, whatever it is; kinds without fields do not mind extra ones."""
    fields_are_ignored = kind in {Kind.CONFIRMED, Kind.CLOSED} and public.startswith(b"{")
    if fields_are_ignored:
        assert read_event(kind, 1, public, None) in (Confirmed(1), Closed())
        return

    with pytest.raises(ValueError, match=r"."):
        read_event(kind, 1, public, None)


@pytest.mark.parametrize("kind", list(Kind))
@pytest.mark.parametrize("public", [b"{} {}", b"{}x", b" {}", b"{", b'{"row": }', b"nul", b"{}\n{}"])
def test_a_clear_part_is_one_object_and_nothing_else(kind: Kind, public: bytes) -> None:
    """What stands around it, or is missing from it, is told of kinds that have no fields too."""
    with pytest.raises(ValueError, match=r"."):
        read_event(kind, 1, public, None)
