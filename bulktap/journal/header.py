"""The journal's header: which run it belongs to, and the data key wrapped by the passphrase.

The header is clear, so that a run can be listed without its passphrase. The wrapped key opens only together with the
very bytes of it (run, tenant, plan digest, cost and all), so nobody can edit it unseen; a checksum without a key tells
an accident (damaged) from a wrong passphrase.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from bulktap.journal.records import SCHEMA_VERSION
from bulktap.journal.sealing import SALT_BYTES, DataKey, KeySlot, new_data_key, rewrap_data_key, unwrap_data_key
from bulktap.model.errors import JournalDamaged, NewerJournal, RunForgotten
from bulktap.model.setting_names import Command
from bulktap.model.utc_times import as_utc
from bulktap.storage.passphrase_cost import KdfCost

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from bulktap.journal.sealing import PassphraseKey
    from bulktap.model.secret import Secret

_PURPOSE: Final = b"bulktap journal data key\0"


@dataclass(frozen=True, slots=True)
class JournalHeader:
    """Which run the journal belongs to."""

    run: str
    """The run's id."""
    tenant_id: str
    """The tenant it is bound to."""
    plan_digest: str
    """Digest of the plan that is carried out."""
    created_at: datetime
    """Aware, in UTC."""
    bulktap_version: str
    """The bulktap that created it."""
    roster_file: str
    """File name of the roster."""
    simulated: bool
    """Whether the tenant is a pretend one."""
    rehearsal: bool | None = None
    """Whether it is the pretend tenant kept in the run's folder; None where an earlier version did not say."""
    forgotten_at: datetime | None = None
    """When its key was destroyed, aware; None as long as the passphrase opens it."""


class StoredHeader(NamedTuple):
    """The header as it is stored; the fields are the columns."""

    version: int
    public: bytes
    """JSON in ASCII: the header, and how the passphrase becomes a key."""
    wrapped: bytes
    """The data key, sealed by the passphrase."""
    checksum: bytes
    """SHA-256 of all of the above; it guards against accidents only."""

    @property
    def is_intact(self) -> bool:
        """Whether no accident happened to it."""
        return self.checksum == _checksum(self.version, self.public, self.wrapped)


def new_header(
    header: JournalHeader, passphrase: PassphraseKey, random_bytes: Callable[[int], bytes]
) -> tuple[StoredHeader, DataKey]:
    """Return a header to store, and the data key that it wraps."""
    fields = {
        "run": header.run,
        "tenant_id": header.tenant_id,
        "plan_digest": header.plan_digest,
        "created_at": as_utc(header.created_at).isoformat(),
        "bulktap_version": header.bulktap_version,
        "roster_file": header.roster_file,
        "simulated": header.simulated,
        "rehearsal": header.rehearsal,
        "kdf": _kdf_fields(passphrase.cost, passphrase.salt),
    }
    public = _json_of(fields)
    key, wrapped = new_data_key(passphrase, _bound_to(SCHEMA_VERSION, public), random_bytes)
    return StoredHeader(SCHEMA_VERSION, public, wrapped, _checksum(SCHEMA_VERSION, public, wrapped)), key


def rewrapped_header(
    stored: StoredHeader,
    passphrase: Secret,
    new: Secret,
    cost: KdfCost,
    random_bytes: Callable[[int], bytes],
) -> StoredHeader:
    """Return the header with the same data key, wrapped by another passphrase.

    Raises:
        WrongPassphrase, RunForgotten, JournalDamaged: see `unlock`.
    """
    slot, salt = _slot_of(stored), random_bytes(SALT_BYTES)
    public = _json_of({**_fields(stored), "kdf": _kdf_fields(cost, salt)})
    wrapped = rewrap_data_key(
        passphrase,
        slot,
        _bound_to(stored.version, stored.public),
        new,
        KeySlot(cost, salt, b""),
        _bound_to(stored.version, public),
        random_bytes,
    )
    return StoredHeader(stored.version, public, wrapped, _checksum(stored.version, public, wrapped))


def forgotten_header(stored: StoredHeader, now: datetime, who: str) -> StoredHeader:
    """Return the header without the data key, and with when and by whom that was destroyed."""
    public = _json_of({**_fields(stored), "forgotten": {"at": as_utc(now).isoformat(), "by": who}})
    return StoredHeader(stored.version, public, b"", _checksum(stored.version, public, b""))


def unlock(stored: StoredHeader, passphrase: Secret, random_bytes: Callable[[int], bytes]) -> DataKey:
    """Return the data key.

    Raises:
        WrongPassphrase: the passphrase is another one, or somebody edited header and checksum.
        RunForgotten: there is none any more.
        JournalDamaged: the header makes no sense.
    """
    slot = _slot_of(stored)
    return unwrap_data_key(passphrase, slot, _bound_to(stored.version, stored.public), random_bytes)


def _slot_of(stored: StoredHeader) -> KeySlot:
    """Return where the data key is.

    Raises:
        RunForgotten: there is none any more.
        JournalDamaged: the header makes no sense.
    """
    forgotten_at = read_header(stored).forgotten_at
    if forgotten_at is not None:
        raise forgotten(forgotten_at)
    kdf = _fields(stored)["kdf"]
    try:
        cost = KdfCost(int(kdf["memory_kib"]), int(kdf["iterations"]), int(kdf["lanes"]))
        slot = KeySlot(cost, bytes.fromhex(kdf["salt"]), stored.wrapped)
    except (KeyError, TypeError, ValueError, OverflowError):
        raise header_damaged() from None
    if len(slot.salt) != SALT_BYTES or kdf.get("name") != "argon2id":
        raise header_damaged()
    return slot


def read_header(stored: StoredHeader) -> JournalHeader:
    """Return what the stored header says, without a passphrase and thus on trust.

    Raises:
        JournalDamaged: it makes no sense.
        NewerJournal: a newer bulktap wrote it.
    """
    if stored.version > SCHEMA_VERSION:
        raise newer(stored.version)
    fields = _fields(stored)
    try:
        created_at = datetime.fromisoformat(fields["created_at"]).astimezone(UTC)
        texts = [fields[name] for name in ("run", "tenant_id", "plan_digest", "bulktap_version", "roster_file")]
        simulated = bool(fields["simulated"])
        rehearsal = None if fields.get("rehearsal") is None else bool(fields["rehearsal"])
        forgetting = fields.get("forgotten")
        forgotten_at = forgetting and datetime.fromisoformat(forgetting["at"]).astimezone(UTC)
    except (KeyError, TypeError, ValueError, OverflowError):
        raise header_damaged() from None
    if not all(isinstance(text, str) for text in texts):
        raise header_damaged()
    run, tenant_id, plan_digest, bulktap_version, roster_file = texts
    return JournalHeader(
        run, tenant_id, plan_digest, created_at, bulktap_version, roster_file, simulated, rehearsal, forgotten_at
    )


def best_header(copies: Sequence[StoredHeader]) -> StoredHeader | None:
    """Return a copy that no accident happened to; failing that None."""
    return next((copy for copy in copies if copy.is_intact), None)


def newer(version: int) -> NewerJournal:
    """Return the exception for a journal of a format that this bulktap does not know yet."""
    return NewerJournal(
        f"The journal was written by a newer bulktap: it has format {version}, and this bulktap knows formats up to "
        f"{SCHEMA_VERSION}. Nothing is wrong with it.",
        hint="Use the bulktap that wrote it, or a newer one.",
    )


def forgotten(at: datetime) -> RunForgotten:
    """Return the exception for a run whose key was destroyed."""
    return RunForgotten(
        f"This run was forgotten on {at:%Y-%m-%d} at {at:%H:%M} UTC: its passcodes were destroyed.",
        hint=f"{Command.VERIFY} still asks the tenant about its passes; new ones are issued by {Command.APPLY}.",
    )


def header_damaged() -> JournalDamaged:
    """Return the exception for a header that cannot be trusted."""
    return JournalDamaged(
        "The journal's header is damaged.",
        hint=f"{Command.RESULTS} saves every passcode if a copy of the header is intact; else use a backup.",
    )


def _fields(stored: StoredHeader) -> Mapping[str, Any]:
    try:
        fields = json.loads(stored.public.decode("ascii"))
    except (ValueError, RecursionError):
        raise header_damaged() from None
    if not isinstance(fields, dict) or not isinstance(fields.get("kdf"), dict):
        raise header_damaged()
    return fields


def _kdf_fields(cost: KdfCost, salt: bytes) -> Mapping[str, Any]:
    return {
        "name": "argon2id",
        "memory_kib": cost.memory_kib,
        "iterations": cost.iterations,
        "lanes": cost.lanes,
        "salt": salt.hex(),
    }


def _json_of(fields: Mapping[str, Any]) -> bytes:
    return json.dumps(fields, separators=(",", ":")).encode("ascii")


def _bound_to(version: int, public: bytes) -> bytes:
    return _PURPOSE + version.to_bytes(4, "big") + public


def _checksum(version: int, public: bytes, wrapped: bytes) -> bytes:
    parts = b"%d %d %d\0" % (version, len(public), len(wrapped)) + public + wrapped
    return hashlib.sha256(parts).digest()
