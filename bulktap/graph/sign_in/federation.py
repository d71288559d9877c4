"""Tokens of other identity services, with which an app signs in: read from a file, or fetched from GitHub Actions.

Microsoft's page on workload identity federation; GitHub's page on OpenID Connect in Actions. Such a token lives for
minutes, so it is read again each time that MSAL needs one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bulktap.graph.sign_in.claims import claims_of, end_of
from bulktap.graph.sign_in.sign_in_errors import SignInUnreachable
from bulktap.graph.trust import proxy_for, require_https, tls_context
from bulktap.model.errors import SignInFailed, UsageError
from bulktap.model.plain_text import marked_encoding, one_line
from bulktap.model.secret import Secret
from bulktap.model.setting_names import Setting
from bulktap.storage.named_files import PIPE_PATIENCE, start_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from bulktap.graph.trust import Network

AUDIENCE = "api://AzureADTokenExchange"
_MOST_BYTES = 100_000
_TOKEN = re.compile(r"[\w-]+\.[\w-]+\.[\w-]+", re.ASCII)  # RFC 7515, section 3.1
_TIMEOUTS = (10.0, 30.0)


@dataclass(slots=True)
class LastToken:
    """The token that vouched for the app last: what it says of itself is told where nobody trusts it."""

    source: Callable[[], Secret]
    last: Secret | None = field(default=None, init=False)

    def __call__(self) -> Secret:
        """Return a fresh one; see the source."""
        self.last = self.source()
        return self.last

    @property
    def told(self) -> str:
        """What it says, a sentence; empty where it cannot be read. Only its signature is a secret."""
        claims = {} if self.last is None else claims_of(self.last)
        audience = claims.get("aud")
        texts = {
            "issuer": claims.get("iss"),
            "subject": claims.get("sub"),
            "audience": ", ".join(map(str, audience)) if isinstance(audience, list) else audience,
        }
        parts = [f"{name} {one_line(text)}" for name, text in texts.items() if isinstance(text, str) and text]
        if ends := end_of(claims):
            parts.append(f"end {ends:%Y-%m-%d %H:%M} UTC")
        return f"The token has: {'; '.join(parts)}." if parts else ""


@dataclass(frozen=True, slots=True)
class TokenFile:
    """A token in a file that somebody else keeps fresh."""

    path: Path
    patience: float = PIPE_PATIENCE
    """Seconds that a pipe is waited for."""

    def __call__(self) -> Secret:
        """Return what the file holds now.

        Raises:
            UsageError: it cannot be read, or holds no token.
        """
        try:
            data = start_of(self.path, _MOST_BYTES + 1, self.patience)
        except OSError as error:
            raise UsageError(
                f"The federated token file {self.path} cannot be read: {error.strerror or error}.",
                hint=f"Check {Setting.FEDERATED_TOKEN_FILE}, and that the file is still written.",
            ) from None
        # PowerShell 5.1 writes UTF-16 with `>`, and UTF-8 with a mark; a token itself is ASCII.
        text = data.decode(marked_encoding(data), "replace").strip()
        if len(data) > _MOST_BYTES or not _TOKEN.fullmatch(text):
            raise UsageError(
                f"The federated token file {self.path} does not hold one token.",
                hint="It holds one JSON web token: three parts with dots between them.",
            )
        return Secret(text)


@dataclass(frozen=True, slots=True)
class GitHubToken:
    """A token of the workflow that runs on GitHub Actions, fetched from the address that it is given."""

    url: str
    token: Secret
    network: Network

    def __call__(self) -> Secret:
        """Return a fresh one; blocks.

        Raises:
            UsageError: the address is not https.
            SignInFailed: GitHub gives none; `SignInUnreachable` when it does not answer.
        """
        import requests

        from bulktap.graph.sign_in.identity_session import IdentitySession, no_answer

        address, _, query = self.url.partition("?")
        host = require_https(address, "address that GitHub Actions gives").netloc
        session = IdentitySession(tls_context(self.network), proxy_for(address, self.network), _TIMEOUTS)
        parameters = f"{query}&" if query else ""
        hint = "Give the job `permissions: id-token: write`, and run it again."
        try:
            answer = session.get(
                f"{address}?{parameters}audience={AUDIENCE}",
                headers={"Authorization": f"Bearer {self.token.reveal()}"},
            )
            told = answer.json().get("value") if answer.status_code == 200 else None
        except requests.RequestException as error:
            setting = "ACTIONS_ID_TOKEN_REQUEST_URL, which GitHub gives the job"
            failure = no_answer(error, _TIMEOUTS, setting, self.network.trusted_alone)
            raise SignInUnreachable(
                f"GitHub's token at {host} could not be fetched: {failure.words}.",
                hint=failure.hint,
                permanent=failure.permanent,
            ) from None
        except (ValueError, AttributeError):
            raise SignInFailed(f"The answer of {host} holds no token.", hint=hint) from None
        if not isinstance(told, str) or not _TOKEN.fullmatch(told):
            raise SignInFailed(f"GitHub gave no token (HTTP {answer.status_code}).", hint=hint)
        return Secret(told)
