"""Tokens of people, kept for the next command where this system can encrypt them.

Only this module imports msal-extensions:
DPAPI on Windows, the keychain on macOS, libsecret on Linux where it is there. What cannot be encrypted is not kept.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path


def kept_tokens(place: Path | None) -> Any:
    """Return a cache for MSAL that keeps tokens in a file, or None for one in memory only.

    Args:
        place: the file; None keeps nothing.
    """
    if place is None:
        return None
    from msal_extensions import PersistedTokenCache, build_encrypted_persistence

    try:
        place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        persistence = build_encrypted_persistence(str(place))
    except Exception:  # noqa: BLE001 - whatever a desktop's secret store raises, memory will do
        return None
    return PersistedTokenCache(persistence)


def forget_tokens(place: Path) -> bool:
    """Delete what is kept; return true if there was something."""
    found = False
    for path in (place, place.with_name(place.name + ".lockfile")):
        try:
            path.unlink()
        except FileNotFoundError:
            continue
        found = found or path == place
    return found
