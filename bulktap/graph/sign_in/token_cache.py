"""What this system encrypts for its user: tokens of people for the next command, and on Windows private keys.

Only this module imports msal-extensions:
DPAPI on Windows, the keychain on macOS, libsecret on Linux where it is there. What cannot be encrypted is not kept.
"""

from __future__ import annotations

import errno
import json
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from bulktap.model.errors import UsageError
from bulktap.model.secret import Secret
from bulktap.storage.files import patiently

if TYPE_CHECKING:
    from pathlib import Path


NO_STORE = (ImportError, ValueError, RuntimeError, OSError)
"""What msal-extensions (1.3, libsecret.py and persistence.py) raises where the system has no secret store that works:
gi is not installed, or not with libsecret (the first two), nobody has unlocked it (the third), or the store refuses."""


def kept_tokens(place: Path | None) -> Any:
    """Return a cache for MSAL that keeps tokens in a file, or None for one in memory only.

    Args:
        place: the file; None keeps nothing.
    """
    if place is None:
        return None
    from msal_extensions import build_encrypted_persistence

    try:
        place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        persistence = build_encrypted_persistence(str(place))
    except NO_STORE:
        return None
    return shared_cache(persistence)


def shared_cache(persistence: Any) -> Any:
    """Return a cache for MSAL that several commands share; what it cannot do is an OSError that says why."""
    from msal_extensions import PersistedTokenCache
    from msal_extensions.token_cache import LockError

    # Derived, not wrapped: `add` of the cache calls `modify` of its own, and only there is the lock waited for.
    class Shared(PersistedTokenCache):  # type: ignore[misc]  # msal-extensions ships no types, nor does anybody else, and so its classes are Any
        """The cache, whose troubles MSAL would take for those of the sign-in service."""

        def deserialize(self, state: Any) -> None:
            try:
                is_sound = not state or isinstance(json.loads(state), dict)
            except ValueError:
                is_sound = False
            if not is_sound:
                raise OSError(errno.EINVAL, "it is damaged")
            super().deserialize(state)

        def modify(self, *arguments: Any, **more: Any) -> None:
            try:
                super().modify(*arguments, **more)
            except LockError as held:
                raise OSError(errno.EAGAIN, "another command holds it") from held

    return Shared(persistence)


def forget_tokens(place: Path) -> bool:
    """Delete what is kept; return true if there was something."""
    if place.exists():
        # In a keychain the file only tells that something changed: what is kept there has to be emptied.
        with suppress(*NO_STORE):
            from msal_extensions import build_encrypted_persistence

            build_encrypted_persistence(str(place)).save("{}")
    found = False
    for path in (place, place.with_name(place.name + ".lockfile")):
        try:
            patiently(path.unlink)
        except FileNotFoundError:
            continue
        found = found or path == place
    return found


def protected(text: Secret) -> bytes:
    """Return a text as only this user on this computer can read it.

    Raises:
        UsageError: it is not Windows that runs here, where files have no other protection.
    """
    if sys.platform != "win32":
        raise _not_windows("A private key")
    from msal_extensions.windows import WindowsDataProtectionAgent

    return bytes(WindowsDataProtectionAgent().protect(text.reveal()))


def unprotected(path: Path, data: bytes) -> Secret:
    """Return what `protected` made, of a file with this path.

    Raises:
        UsageError: another user, or another computer, made it, or it is damaged.
    """
    if sys.platform != "win32":
        raise _not_windows(f"The certificate {path}")
    from msal_extensions.windows import WindowsDataProtectionAgent

    try:
        return Secret(str(WindowsDataProtectionAgent().unprotect(data)))
    except OSError:
        raise UsageError(
            f"Windows does not open the certificate {path}.",
            hint="Only the user who made it opens it, and only on that computer: make another one for this user here.",
        ) from None


def _not_windows(what: str) -> UsageError:
    return UsageError(
        f"{what} is protected by Windows, and this is no Windows.",
        hint="Use a PEM or PFX file here, or make another certificate on this computer.",
    )
