from __future__ import annotations

import os

import pytest

from bulktap.journal.sealing import KeySlot, PassphraseKey, new_data_key, unwrap_data_key
from bulktap.model.errors import JournalDamaged, WrongPassphrase
from bulktap.model.secret import Secret
from bulktap.storage.passphrase_cost import CHEAPEST, STANDARD, KdfCost

SALT = bytes(16)


def key_of(passphrase: str) -> PassphraseKey:
    """Return what a passphrase becomes at the least cost, under the salt that all tests have in common."""
    return PassphraseKey(Secret(passphrase), cost=CHEAPEST, random_bytes=bytes)


@pytest.mark.parametrize("passphrase", ["pass phrase", "M\u00fcller", " ", "密码" * 500])
def test_a_key_that_is_made_ahead_is_the_one_that_is_made_when_it_is_needed(passphrase: str) -> None:
    """Another thread makes it of the same things; it can be had as often as one likes."""
    ahead = key_of(passphrase).made_ahead()

    assert [ahead.get(), ahead.get()] == [key_of(passphrase).get()] * 2


def test_each_key_of_a_passphrase_has_a_salt_of_its_own() -> None:
    """Equal passphrases make different keys."""
    keys = [PassphraseKey(Secret("pass phrase"), cost=CHEAPEST) for _ in range(3)]

    assert len({key.salt for key in keys}) == len({key.get() for key in keys}) == 3


def test_a_record_opens_with_the_data_key_that_was_unwrapped() -> None:
    """The passphrase leads back to the very key that sealed."""
    key, wrapped = new_data_key(key_of("pass phrase"), b"run", os.urandom)

    again = unwrap_data_key(Secret("pass phrase"), KeySlot(CHEAPEST, SALT, wrapped), b"run", os.urandom)

    assert again.open(key.seal(b"Pc!001", b"row 1"), b"row 1") == b"Pc!001"


def test_a_record_does_not_open_with_other_associated_data() -> None:
    """What is said about a secret is as fixed as the secret."""
    key, _ = new_data_key(key_of("pass phrase"), b"run", os.urandom)

    assert key.open(key.seal(b"Pc!001", b"row 1"), b"row 2") is None


@pytest.mark.parametrize("sealed", [b"", bytes(27), bytes(28), bytes(60)])
def test_what_was_never_sealed_does_not_open(sealed: bytes) -> None:
    """Too short or made up: neither opens, and neither raises."""
    key, _ = new_data_key(key_of("pass phrase"), b"run", os.urandom)

    assert key.open(sealed, b"") is None


def test_the_same_secret_is_sealed_differently_each_time() -> None:
    """Every sealing has a nonce of its own."""
    key, _ = new_data_key(key_of("pass phrase"), b"run", os.urandom)

    assert len({key.seal(b"Pc!001", b"") for _ in range(100)}) == 100


def test_a_wrong_passphrase_is_told() -> None:
    """Another passphrase does not unwrap the key."""
    _, wrapped = new_data_key(key_of("pass phrase"), b"run", os.urandom)

    with pytest.raises(WrongPassphrase):
        unwrap_data_key(Secret("Pass phrase"), KeySlot(CHEAPEST, SALT, wrapped), b"run", os.urandom)


def test_a_wrapped_key_is_bound_to_what_it_was_wrapped_for() -> None:
    """The key of one run does not open under the header of another."""
    _, wrapped = new_data_key(key_of("pass phrase"), b"run", os.urandom)

    with pytest.raises(WrongPassphrase):
        unwrap_data_key(Secret("pass phrase"), KeySlot(CHEAPEST, SALT, wrapped), b"other", os.urandom)


def test_composed_and_decomposed_letters_are_one_passphrase() -> None:
    """An umlaut typed on a Mac opens what was sealed on Windows."""
    _, wrapped = new_data_key(key_of("M\u00fcller"), b"run", os.urandom)

    assert unwrap_data_key(Secret("Mu\u0308ller"), KeySlot(CHEAPEST, SALT, wrapped), b"run", os.urandom)


def test_an_empty_passphrase_seals_nothing() -> None:
    """A passphrase that was forgotten to be given is a fault, not a key."""
    with pytest.raises(ValueError, match="empty"):
        PassphraseKey(Secret(""))


@pytest.mark.parametrize(
    "cost",
    [
        KdfCost(memory_kib=2**31, iterations=3, lanes=4),
        KdfCost(memory_kib=65536, iterations=2**31, lanes=4),
        KdfCost(memory_kib=65536, iterations=3, lanes=2**20),
        KdfCost(memory_kib=7, iterations=1, lanes=1),
        KdfCost(memory_kib=64, iterations=0, lanes=1),
        KdfCost(memory_kib=64, iterations=1, lanes=0),
    ],
)
def test_a_header_cannot_ask_for_more_than_bulktap_ever_writes(cost: KdfCost) -> None:
    """A hostile file is refused before any time or memory is spent on it."""
    with pytest.raises(JournalDamaged, match="which bulktap never writes"):
        unwrap_data_key(Secret("pass phrase"), KeySlot(cost, SALT, bytes(60)), b"run", os.urandom)


def test_the_standard_cost_is_within_the_cap() -> None:
    """What bulktap writes it also reads."""
    assert STANDARD.is_acceptable
    assert CHEAPEST.is_acceptable
