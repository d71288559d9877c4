"""Profiles: settings that are kept in a `bulktap.toml`, beside the roster or in the user's own configuration folder.

    [profiles.default]             # used where no other is named
    tenant = "contoso.com"
    sign-in = "certificate"
    client-id = "7d1c5a9e-3b52-4c68-9f0a-6e2b8d4f1a37"
    certificate = "contoso.pfx"    # beside this file
    timezone = "Europe/Berlin"

    [profiles.school-b]
    cloud = "usgov"

    [profiles.school-b.columns]
    user = "Login name"

    [profiles.school-b.guards]
    max-rows = 500

    [guards]                       # in the user's folder: of every profile
    deny = "*@admins.contoso.com"

The names are those of the options. What is given with the command, or in a variable, wins; a file beside the roster
wins over the user's, and so does its [roster]; it runs no programs, and names no addresses. Guards only add up. A
profile holds no secret: it says where one is.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bulktap.model.errors import UsageError
from bulktap.roster.columns.toml_name import FILE_NAME, misnamed_in

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from bulktap.settings.values import Given

USUAL = "default"
"""The profile that is used where none is named."""


@dataclass(frozen=True, slots=True)
class Profiled:
    """What profiles say to a command."""

    name: str | None
    """The profile that is used; None where there is none."""
    given: Mapping[str, Given]
    """By what Python calls the settings."""
    guards: tuple[tuple[Path, Mapping[str, object]], ...] = ()
    """Guards that are added, with the files that name them."""


def profiled(name: str | None, places: Sequence[Path], users_own: Path | None) -> Profiled:
    """Return what profiles say; what such a file may hold is loaded where there is one.

    Args:
        name: the profile; None takes the usual one, if there is one.
        places: the folders whose files count, the one that wins first.
        users_own: the one of them that is the user's own, whose guards count for every profile.

    Raises:
        UsageError: a file cannot be read, says what is not known, or holds a secret; or no file has that profile.
    """
    files = [path for place in places if has_profiles(path := place / FILE_NAME)]
    if not files and name is None:
        return Profiled(None, {})
    from bulktap.settings.profile_files import said_in

    return said_in(files, name, places, users_own)


def has_profiles(path: Path) -> bool:
    """Return whether there is such a file; a folder of that name holds no settings.

    Raises:
        UsageError: its folder lets nobody look, or the file is there under another name; guards may be in it.
    """
    try:
        if path.is_file():
            return True
    except OSError as error:  # in containers HOME is at times another user's
        raise UsageError(
            f"{path} cannot be looked at: {error.strerror}.",
            hint="Set HOME (on Windows APPDATA) to a folder of your own, or have that one opened to you.",
        ) from None
    _require_no_other_name(path)
    return False


def _require_no_other_name(path: Path) -> None:
    """Refuse what Windows makes of the name where it hides extensions: guards in it would not be found.

    Raises:
        UsageError: there is such a file.
    """
    found = misnamed_in(path.parent)
    if found is not None:
        raise UsageError(
            f"{found} looks like a {FILE_NAME}, and has another name.",
            hint=f"Rename it to {FILE_NAME}, or take it away.",
        )
