from __future__ import annotations

import os
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

import pytest

from bulktap.journal.header import StoredHeader, best_header, new_header, read_header, unlock
from bulktap.journal.sealing import PassphraseKey
from bulktap.model.errors import JournalDamaged, Locked, WrongPassphrase
from bulktap.storage.passphrase_cost import CHEAPEST, KdfCost

if TYPE_CHECKING:
    from bulktap.journal import JournalHeader
    from bulktap.journal.sealing import DataKey
    from bulktap.model.secret import Secret


@pytest.fixture
def stored_and_key(header: JournalHeader, passphrase: Secret) -> tuple[StoredHeader, DataKey]:
    """Return a header as it is stored, and the data key that it wraps."""
    return new_header(header, PassphraseKey(passphrase, cost=KdfCost(16, 2, 2)), os.urandom)


def test_a_header_comes_back_with_its_key(
    stored_and_key: tuple[StoredHeader, DataKey], header: JournalHeader, passphrase: Secret
) -> None:
    """Whatever the cost was: it is in the header."""
    stored, key = stored_and_key

    assert read_header(stored) == header
    assert stored.is_intact
    assert unlock(stored, passphrase, os.urandom).open(key.seal(b"x", b""), b"") == b"x"


def test_any_bit_that_flips_breaks_the_checksum(stored_and_key: tuple[StoredHeader, DataKey]) -> None:
    """In the clear part, the wrapped key, the checksum itself, or the version."""
    stored, _ = stored_and_key
    for name in ("public", "wrapped", "checksum"):
        value = getattr(stored, name)
        for position in range(len(value)):
            flipped = value[:position] + bytes([value[position] ^ 4]) + value[position + 1 :]
            assert not stored._replace(**{name: flipped}).is_intact
    assert not stored._replace(version=2).is_intact


def test_the_intact_copy_is_preferred(stored_and_key: tuple[StoredHeader, DataKey]) -> None:
    """And none is better than a damaged one."""
    stored, _ = stored_and_key
    damaged = stored._replace(wrapped=bytes(60))

    assert best_header([damaged, stored]) is stored
    assert best_header([damaged]) is None


def test_two_runs_with_one_passphrase_have_different_keys(header: JournalHeader, passphrase: Secret) -> None:
    """A key is random, so a record of one run never opens in the other."""
    keys = [new_header(header, PassphraseKey(passphrase, cost=CHEAPEST), os.urandom)[1] for _ in range(2)]

    assert keys[1].open(keys[0].seal(b"x", b""), b"") is None


def test_a_key_does_not_open_under_another_header(
    stored_and_key: tuple[StoredHeader, DataKey], header: JournalHeader, passphrase: Secret
) -> None:
    """A wrapped key that is put under the header of another tenant is as good as lost."""
    stored, _ = stored_and_key
    other, _ = new_header(replace(header, tenant_id="other"), PassphraseKey(passphrase, cost=CHEAPEST), os.urandom)

    with pytest.raises(WrongPassphrase):
        unlock(other._replace(wrapped=stored.wrapped), passphrase, os.urandom)


def test_a_newer_format_asks_for_a_newer_bulktap(stored_and_key: tuple[StoredHeader, DataKey]) -> None:
    """It is refused, but is not damage."""
    with pytest.raises(Locked, match="format 7") as raised:
        read_header(stored_and_key[0]._replace(version=7))

    assert not isinstance(raised.value, JournalDamaged)


@pytest.mark.parametrize("public", [b"", b"\xff", b"[]", b"{}", b'{"kdf": {}}', b'{"kdf": {"memory_kib": "x"}}'])
def test_a_header_that_makes_no_sense_is_damage(
    stored_and_key: tuple[StoredHeader, DataKey], passphrase: Secret, public: bytes
) -> None:
    """To be listed, and to be opened."""
    stored = stored_and_key[0]._replace(public=public)

    with pytest.raises(JournalDamaged):
        read_header(stored)
    with pytest.raises(JournalDamaged):
        unlock(stored, passphrase, os.urandom)


def test_a_creation_time_without_a_zone_is_refused(header: JournalHeader, passphrase: Secret) -> None:
    """Nobody could say later when it was."""
    naive = replace(header, created_at=datetime(2026, 11, 23))  # noqa: DTZ001 - that is the point

    with pytest.raises(ValueError, match="time zone"):
        new_header(naive, PassphraseKey(passphrase, cost=CHEAPEST), os.urandom)
