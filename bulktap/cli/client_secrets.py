"""Where the command line gets a client secret from: a file, a program, the system's keyring, or whoever sits there.

The only module that imports keyring, which is installed with `bulktap[keyring]`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bulktap.cli.secret_sources import ATTENDED_PATIENCE, COMMAND_PATIENCE, from_command, from_file
from bulktap.model.secret import Secret

if TYPE_CHECKING:
    from pathlib import Path

    from bulktap.cli.console import Console

_KIND = "client secret"
_SERVICE = "bulktap"
"""What the keyring files the secret under, beside the app's id."""


@dataclass(frozen=True, slots=True)
class ClientSecrets:
    """The sources of a client secret that are in no variable."""

    console: Console

    def from_file(self, path: Path) -> Secret:
        """See the interface."""
        return from_file(path, _KIND)

    def from_command(self, command: str) -> Secret:
        """See the interface."""
        return from_command(command, ATTENDED_PATIENCE if self.console.can_ask else COMMAND_PATIENCE, _KIND)

    def asked_for(self, client_id: str) -> Secret | None:
        """See the interface."""
        kept = _in_keyring(client_id)
        if kept is not None or not self.console.can_ask:
            return kept
        typed = self.console.ask_hidden(f"Client secret of app {client_id}")
        return Secret(typed) if typed else None


def _in_keyring(client_id: str) -> Secret | None:
    try:
        import keyring
        import keyring.errors
    except ImportError:
        return None
    try:
        kept = keyring.get_password(_SERVICE, client_id)
    except keyring.errors.KeyringError:  # none on this system, or it is locked and nobody opened it
        return None
    return Secret(kept) if kept else None
