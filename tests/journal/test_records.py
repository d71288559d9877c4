from __future__ import annotations

import os

import pytest

from bulktap.journal.entries import Entry, Kind
from bulktap.journal.records import NO_TAG, Record, RecordSeal, Tail
from bulktap.journal.sealing import DataKey, PassphraseKey, new_data_key
from bulktap.model.secret import Secret
from bulktap.storage.passphrase_cost import CHEAPEST


@pytest.fixture
def key() -> DataKey:
    """Return some data key."""
    return new_data_key(PassphraseKey(Secret("pass"), cost=CHEAPEST), b"", os.urandom)[0]


@pytest.fixture
def record(key: DataKey) -> Record:
    """Return record 7 of run `run-a`."""
    return RecordSeal(key, "run-a").seal(7, Entry(Kind.ISSUED, 3, '{"pass_id":"p"}', b"Pc!003"), NO_TAG)


def test_a_record_opens_as_it_was_sealed(key: DataKey, record: Record) -> None:
    """The sealed part comes back."""
    assert RecordSeal(key, "run-a").open(record) == b"Pc!003"


@pytest.mark.parametrize(
    "change",
    [
        {"number": 8},
        {"number": -7},
        {"row": 4},
        {"kind": b"refused"},
        {"kind": b"issue", "public": b'd{"pass_id":"p"}'},
        {"kind": b"x" * 300},
        {"public": b'{"pass_id":"q"}'},
        {"public": b""},
        {"previous": b"\x01" * 16},
        {"previous": b""},
        {"sealed": b""},
    ],
)
def test_a_record_that_differs_in_any_field_does_not_open(
    key: DataKey, record: Record, change: dict[str, object]
) -> None:
    """Nor does one whose bytes are only cut differently between two fields."""
    assert RecordSeal(key, "run-a").open(record._replace(**change)) is None


def test_a_record_does_not_open_in_another_run(key: DataKey, record: Record) -> None:
    """Even if both had the same key."""
    assert RecordSeal(key, "run-b").open(record) is None


def test_the_head_is_neither_a_record_nor_another_runs(key: DataKey, record: Record) -> None:
    """A head opens as a head of its run, and nothing else does."""
    seal = RecordSeal(key, "run-a")
    head = seal.seal_head(7, record.tag)

    assert seal.open_head(head) == Tail(7, record.tag, head)
    assert RecordSeal(key, "run-b").open_head(head) is None
    assert seal.open_head(record.sealed) is None


def test_a_label_never_carries_control_characters(record: Record) -> None:
    """A damaged file does not get to write to the terminal."""
    assert record.label == "record 7 (issued, row 3)"
    assert record._replace(kind=b"\x1b[2J").label == "record 7 (?, row 3)"
