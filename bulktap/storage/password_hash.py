"""PasswordHash: what a password becomes before it protects workbooks; half a second that can pass beside other work.

[MS-OFFCRYPTO] 2.3.4.11: the password, a random salt and many rounds of SHA-512 make one hash, from which the keys of a
workbook's header are drawn. It depends on password and salt alone, so that it can be made as soon as the password is
known, and once for all workbooks of a command.
"""

from __future__ import annotations

import os
import struct
import time
from contextlib import suppress
from hashlib import sha512
from importlib import import_module
from typing import TYPE_CHECKING, Final, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Future

SALT_BYTES: Final = 16
_ROUNDS_AT_A_TIME: Final = 2_000


class _Hash(Protocol):
    """What has taken bytes in, and says their hash."""

    def digest(self) -> bytes:
        """Return the hash."""


class PasswordHash:
    """The hash of one password under one salt; made when it is first needed, or ahead."""

    __slots__ = ("_future", "_password", "rounds", "salt")

    def __init__(self, password: Callable[[], str], rounds: int) -> None:
        """Take what returns the password, and how many rounds a guess is to cost."""
        self._password = password
        self._future: Future[bytes] | None = None
        self.rounds = rounds
        self.salt = os.urandom(SALT_BYTES)

    def make_ahead(self) -> None:
        """Begin to make it on another thread."""
        from concurrent.futures import ThreadPoolExecutor

        pool = ThreadPoolExecutor(1)
        self._future = pool.submit(self._made)
        pool.shutdown(wait=False)

    def get(self) -> bytes:
        """Return it, waiting until it is made."""
        if self._future is None:
            from concurrent.futures import Future

            self._future = Future()
            self._future.set_result(self._made())
        return self._future.result()

    def _made(self) -> bytes:
        hashed, packed = _sha512(), struct.Struct("<I").pack
        digest = hashed(self.salt + self._password().encode("utf-16-le")).digest()
        for first in range(0, self.rounds, _ROUNDS_AT_A_TIME):
            for number in map(packed, range(first, min(first + _ROUNDS_AT_A_TIME, self.rounds))):
                digest = hashed(number + digest).digest()
            time.sleep(0)  # lets a thread that waits for replies go first
        return digest


def _sha512() -> Callable[[bytes], _Hash]:
    """Return SHA-512 as Python has it of its own where it does: OpenSSL needs longer to begin than for 68 bytes."""
    for name in ("_sha512", "_sha2"):  # until Python 3.11, and since 3.12
        with suppress(ImportError, AttributeError):
            own: Callable[[bytes], _Hash] = import_module(name).sha512
            return own
    return sha512
