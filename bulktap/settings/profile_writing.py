"""A profile written into a `bulktap.toml`, whose other lines stay as they are."""

from __future__ import annotations

import json
import re
import tomllib
from typing import TYPE_CHECKING

from bulktap.model.errors import UsageError
from bulktap.model.plain_text import marked_encoding
from bulktap.roster.columns.toml_lines import with_value
from bulktap.roster.columns.toml_name import FILE_NAME
from bulktap.settings.profile_files import given_by, read_profiles
from bulktap.storage import make_folder, write_file
from bulktap.storage.file_names import unfit_for_windows

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_NAME = re.compile(r"[A-Za-z0-9_-]{1,64}", re.ASCII)
"""A key that TOML takes without quotes, and that a file may be called by."""


def checked_profile(name: str) -> str:
    """Return the name of a profile.

    Raises:
        UsageError: it is none that can be written.
    """
    if not _NAME.fullmatch(name) or unfit_for_windows(f"{name}.pem"):
        raise UsageError(
            f"A profile cannot be called {name!r}.",
            hint="Use up to 64 letters, digits, hyphens and underscores, and no name of a device of Windows.",
        )
    return name


def profile_in(folder: Path, name: str) -> Mapping[str, object]:
    """Return what a profile in the folder's file says; empty if there is none.

    Raises:
        UsageError: the file cannot be read, or the profile says what cannot be meant: it would be refused afterwards.
    """
    found = read_profiles(folder / FILE_NAME)
    if found is None or name not in found.profiles:
        return {}
    given_by(found.path, name, found.profiles[name])
    return found.profiles[name]


def write_profile(folder: Path, name: str, values: Mapping[str, str]) -> Path:
    """Write these settings of a profile, and return the file; it is there in full or as it was before.

    Raises:
        UsageError: the file writes its profiles in a way that cannot be changed line by line.
        DiskRefuses: it cannot be written.
    """
    make_folder(folder)
    # Somebody who keeps their settings elsewhere has a link here, which stays one.
    path = (folder / FILE_NAME).resolve()
    before, encoding = _text_of(path)
    after = before
    for key, value in values.items():
        # Of JSON's escapes TOML has all that are written here (TOML 1.0, strings).
        after = with_value(after, f"profiles.{name}", key, json.dumps(value, ensure_ascii=False))
    if not _differs_only_by(before, after, name, values):
        raise UsageError(
            f"{path} writes its profiles in another way than line by line, so the profile cannot be put into it.",
            hint=f"Write each profile below a line of its own, such as [profiles.{name}], or choose another name.",
        )
    write_file(path, after.encode(encoding))
    return path


def _text_of(path: Path) -> tuple[str, str]:
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return "", "utf-8"
    encoding = marked_encoding(data)
    return data.decode(encoding), encoding


def _differs_only_by(before: str, after: str, name: str, values: Mapping[str, str]) -> bool:
    try:
        old, new = tomllib.loads(before), tomllib.loads(after)
    except ValueError:
        return False
    profiles = old.setdefault("profiles", {})
    profiles[name] = {**profiles.get(name, {}), **values}
    return old == new
