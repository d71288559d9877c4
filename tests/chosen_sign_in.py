"""What a command would be told about signing in, for tests that need no command."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bulktap.cli.options import variable_of
from bulktap.model.clock import SystemClock
from bulktap.settings import sign_in_declarations as sign_in_declared
from bulktap.settings.sign_in_settings import access_settings
from bulktap.settings.values import Given, Origin, Values

if TYPE_CHECKING:
    from pathlib import Path

    from bulktap.model.secret import Secret
    from bulktap.operations.run_settings import AccessSettings


class NoSecrets:
    """Nobody is there to ask, and no file is named."""

    def from_file(self, path: Path) -> Secret:
        """See the interface."""
        raise AssertionError(path)

    def from_command(self, command: str) -> Secret:
        """See the interface."""
        raise AssertionError(command)

    def asked_for(self, client_id: str) -> Secret | None:
        """See the interface."""
        del client_id
        return None


def chosen(**given: object) -> Values:
    """Return settings as a command has them, by what Python calls them."""
    told = {key: Given(value, Origin.ENVIRONMENT, key) for key, value in given.items()}
    endpoints = {one.key: said for one in sign_in_declared.ENDPOINTS if (said := variable_of(one)) is not None}
    return Values({**endpoints, **told})


def settings_of(**given: object) -> AccessSettings:
    """Return how one signs in with these settings, and what the environment says."""
    return access_settings(chosen(**given), NoSecrets(), SystemClock())
