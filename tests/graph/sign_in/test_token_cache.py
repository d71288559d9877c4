"""Kept tokens that are damaged, or in use: told as such, and never as trouble of the sign-in service."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from msal_extensions import CrossPlatLock, FilePersistence

from bulktap.graph.sign_in.token_cache import forget_tokens, shared_cache

if TYPE_CHECKING:
    from pathlib import Path

ENTRY = {"client_id": "app", "scope": [], "token_endpoint": "https://login.example.com/t/oauth2/v2.0/token"}


def test_tokens_are_found_again_by_the_next_command(tmp_path: Path) -> None:
    """What one cache keeps, another of the same file has."""
    place = str(tmp_path / "kept.bin")
    first = shared_cache(FilePersistence(place))
    first.add({**ENTRY, "response": {"access_token": "a.b.c", "expires_in": 3600, "token_type": "Bearer"}})

    assert [one["secret"] for one in shared_cache(FilePersistence(place)).search("AccessToken")] == ["a.b.c"]


@pytest.mark.long
@pytest.mark.parametrize("content", ["not json", "[]", "5", '"text"', '{"AccessToken": '])
def test_damaged_tokens_are_told_as_damaged(tmp_path: Path, content: str) -> None:
    """MSAL's own errors would read as if the tenant were unknown; `logout` drops what is damaged."""
    place = tmp_path / "kept.bin"
    place.write_text(content)
    cache = shared_cache(FilePersistence(str(place)))

    with pytest.raises(OSError, match="damaged"):
        cache.search("AccessToken")

    assert forget_tokens(place)
    assert not place.exists()


@pytest.mark.long
def test_tokens_that_another_command_holds_are_told_as_held(tmp_path: Path) -> None:
    """msal-extensions waits some seconds for it, and raises what is no error of the system's."""
    place = str(tmp_path / "kept.bin")
    cache = shared_cache(FilePersistence(place))

    with CrossPlatLock(f"{place}.lockfile"), pytest.raises(OSError, match="another command"):
        cache.add({**ENTRY, "response": {"access_token": "a.b.c", "expires_in": 3600, "token_type": "Bearer"}})
