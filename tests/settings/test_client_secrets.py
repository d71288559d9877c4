"""A client secret is the same wherever it is kept: what came along with it is no part of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from chosen_sign_in import chosen

from bulktap.graph.sign_in import ClientSecretCredentials
from bulktap.model.clock import SystemClock
from bulktap.model.errors import UsageError
from bulktap.model.secret import Secret
from bulktap.settings.environment import take_secrets
from bulktap.settings.sign_in_settings import access_settings

if TYPE_CHECKING:
    from pathlib import Path

VALUE = "Zq8~s3cret.value-of_the_app"
NAMED = {"tenant": "contoso.com", "client_id": "7d1c5a9e-3b52-4c68-9f0a-6e2b8d4f1a37"}
KEPT_IN: dict[str, dict[str, str]] = {
    "variable": {},
    "file": {"client_secret_file": "secret.txt"},
    "command": {"client_secret_command": "vault read"},
    "keyring or prompt": {},
}


class Holds:
    """A file, a command, a keyring and a person, all of whom give this text."""

    def __init__(self, text: str) -> None:
        self._text = text

    def from_file(self, path: Path) -> Secret:
        """See the interface."""
        del path
        return Secret(self._text)

    def from_command(self, command: str) -> Secret:
        """See the interface."""
        del command
        return Secret(self._text)

    def asked_for(self, client_id: str) -> Secret | None:
        """See the interface."""
        del client_id
        return Secret(self._text)


def credentials_with(monkeypatch: pytest.MonkeyPatch, kept: str, text: str) -> ClientSecretCredentials:
    """Return who signs in with a secret that is kept so."""
    monkeypatch.setenv("AZURE_CLIENT_SECRET", text if kept == "variable" else "")
    take_secrets()
    given = {**NAMED, **KEPT_IN[kept], "sign_in": "secret"}
    found = access_settings(chosen(**given), Holds(text), SystemClock()).credentials
    assert isinstance(found, ClientSecretCredentials)
    return found


@pytest.mark.parametrize("kept", KEPT_IN)
@pytest.mark.parametrize(
    "around", ["{}", "{} ", "\t{}", '"{}"', "'{}'", "\u201c{}\u201d", "{}\u200b", "\ufeff{}", "{}\u00a0", "{}\r\n"]
)
def test_what_came_along_is_no_part_of_the_secret(monkeypatch: pytest.MonkeyPatch, kept: str, around: str) -> None:
    """Editors, pages and shells add it; the service would call the secret wrong."""
    found = credentials_with(monkeypatch, kept, around.format(VALUE))
    assert found.client_secret.reveal() == VALUE


@pytest.mark.parametrize(
    ("kept", "sign"),
    [(kept, sign) for kept in KEPT_IN for sign in ("\r", "\n", "\u200b", "\x1b")]
    + [(kept, "\0") for kept in KEPT_IN if kept != "variable"],  # no system's variables hold a null byte
)
def test_a_sign_that_cannot_be_seen_within_a_secret_is_told(
    monkeypatch: pytest.MonkeyPatch, kept: str, sign: str
) -> None:
    """Before it is sent, and without the secret."""
    with pytest.raises(UsageError) as caught:
        credentials_with(monkeypatch, kept, f"{VALUE[:9]}{sign}{VALUE[9:]}")

    assert "cannot be seen" in caught.value.message
    assert VALUE[:9] not in caught.value.message
