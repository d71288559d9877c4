"""How to sign in: what is set, in which way that is, and what is set besides and not used.

The names are azure-identity's where it has one. Of several ways that are set the first wins, in its order: secret,
certificate, federated token; a managed identity, and a person, have to be asked for.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Protocol

from bulktap.model.errors import UsageError
from bulktap.model.secret import Secret
from bulktap.model.setting_names import Setting
from bulktap.model.sign_in_ways import SignInWay
from bulktap.settings import sign_in_declarations as sign_in_declared
from bulktap.settings.environment import (
    github_token_url,
    is_github_job,
    network,
    pasted,
    secret_variable,
    user_state_folder,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from bulktap.graph.sign_in.credentials import Credentials
    from bulktap.graph.trust import Network
    from bulktap.model.clock import Clock
    from bulktap.operations.run_settings import AccessSettings
    from bulktap.settings.values import Values

_ID = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?", re.ASCII)
_SECRET_PLACES = (
    "Set it, or name a file with --client-secret-file, or a program that prints it with --client-secret-command; in a "
    "terminal it is asked for. `bulktap init --sign-in certificate` makes a certificate, which needs no secret"
)
NO_TENANTS = frozenset({"common", "organizations", "consumers"})
"""What stands in a tenant's place in addresses for people to sign in at; an app cannot."""
_GITHUB_TOKEN = "ACTIONS_ID_TOKEN_REQUEST_TOKEN"
CACHE_NAME = "sign-in.bin"
"""The file in the user's state folder in which people's tokens are kept."""


class SecretSources(Protocol):
    """Where a client secret comes from that is in no variable."""

    def from_file(self, path: Path) -> Secret:
        """Return what a file holds.

        Raises:
            UsageError: it cannot be read, or holds no single line.
        """

    def from_command(self, command: str) -> Secret:
        """Return what a program prints.

        Raises:
            UsageError: it cannot be run, or prints no single line.
        """

    def asked_for(self, client_id: str) -> Secret | None:
        """Return what the system's keyring holds, or somebody types; None where neither is there."""


def access_settings(chosen: Values, sources: SecretSources, clock: Clock) -> AccessSettings:
    """Return who signs in, and where.

    Args:
        chosen: the command's settings.
        sources: where a secret comes from that is in no variable.
        clock: a certificate has to be valid now.

    Raises:
        UsageError: something is missing; all that is missing is named. Or it cannot be what it is named.
    """
    from bulktap.model.cloud import Cloud
    from bulktap.operations.run_settings import AccessSettings

    reached = network(chosen.of(sign_in_declared.CA_BUNDLE))
    found = _Found(chosen, sources, clock, reached)
    cloud = chosen.of(sign_in_declared.CLOUD) if chosen.has(sign_in_declared.CLOUD) else None
    return AccessSettings(
        credentials=found.credentials(),
        graph_url=chosen.of(sign_in_declared.GRAPH_URL),
        authority_url=chosen.of(sign_in_declared.AUTHORITY_URL),
        network=reached,
        cloud=None if cloud is None else Cloud(cloud),
        notes=found.notes(),
    )


class _Found:
    """What is set of each way."""

    def __init__(self, chosen: Values, sources: SecretSources, clock: Clock, reached: Network) -> None:
        self._chosen = chosen
        self._sources = sources
        self._clock = clock
        self._network = reached
        self._tenant = plain_id(chosen.of(sign_in_declared.TENANT) or "", "AZURE_TENANT_ID")
        self._client = plain_id(chosen.of(sign_in_declared.CLIENT_ID) or "", "AZURE_CLIENT_ID")
        self._secret = client_secret()
        asked = chosen.of(sign_in_declared.SIGN_IN)
        self._asked = None if asked is None else SignInWay(asked)
        if self._tenant.casefold() in NO_TENANTS:
            raise UsageError(
                f"{self._tenant} names no tenant.", hint="Set AZURE_TENANT_ID to the id or a domain of yours."
            )

    @property
    def _set(self) -> dict[SignInWay, str]:
        """The ways for which something is set, in the order in which they win, and what it is."""
        chosen = self._chosen
        found: dict[SignInWay, str] = {}
        if self._secret:
            found[SignInWay.SECRET] = "AZURE_CLIENT_SECRET"
        elif chosen.of(sign_in_declared.CLIENT_SECRET_FILE):
            found[SignInWay.SECRET] = "the client secret file"
        elif chosen.of(sign_in_declared.CLIENT_SECRET_COMMAND):
            found[SignInWay.SECRET] = "the client secret command"
        if path := chosen.of(sign_in_declared.CERTIFICATE):
            found[SignInWay.CERTIFICATE] = f"the certificate {path}"
        if path := chosen.of(sign_in_declared.FEDERATED_TOKEN_FILE):
            found[SignInWay.FEDERATION] = f"the federated token file {path}"
        elif github_token_url() and _github_token():
            found[SignInWay.FEDERATION] = "GitHub's token"
        return found

    @property
    def way(self) -> SignInWay:
        """The way that is asked for, or else the first that is set; a client secret where nothing is."""
        return self._asked or next(iter(self._set), SignInWay.SECRET)

    def notes(self) -> tuple[str, ...]:
        """Return what is set besides, and not used."""
        others = [what for way, what in self._set.items() if way is not self.way]
        if not others:
            return ()
        return (f"{' and '.join(others)} {'is' if len(others) == 1 else 'are'} set too, and not used.",)

    def credentials(self) -> Credentials:
        """Return who signs in.

        Raises:
            UsageError: something is missing.
        """
        from bulktap.graph.sign_in import credentials as ways

        way = self.way
        if way is SignInWay.MANAGED_IDENTITY:
            return ways.ManagedIdentityCredentials(self._tenant, self._client)
        secret = self._client_secret() if way is SignInWay.SECRET else None
        self._require_named(way, secret)
        if secret:
            return ways.ClientSecretCredentials(self._tenant, self._client, secret)
        if way is SignInWay.CERTIFICATE:
            return self._certificate()
        if way is SignInWay.FEDERATION:
            return ways.FederatedCredentials(self._tenant, self._client, self._assertion())
        state = user_state_folder()
        cache = None if state is None else state / CACHE_NAME
        return ways.PersonCredentials(self._tenant, self._client, way, cache=cache)

    def _require_named(self, way: SignInWay, secret: Secret | None) -> None:
        what = {
            SignInWay.SECRET: ("AZURE_CLIENT_SECRET", bool(secret)),
            SignInWay.CERTIFICATE: ("AZURE_CLIENT_CERTIFICATE_PATH", SignInWay.CERTIFICATE in self._set),
            SignInWay.FEDERATION: ("AZURE_FEDERATED_TOKEN_FILE", SignInWay.FEDERATION in self._set),
        }.get(way)
        named = [("AZURE_TENANT_ID", bool(self._tenant)), ("AZURE_CLIENT_ID", bool(self._client))]
        missing = [name for name, there in [*named, *([what] if what else [])] if not there]
        if not missing:
            return
        proof = _how_to_prove(way) if what is not None and what[0] in missing else ""
        other = "" if self._asked else f"; {Setting.SIGN_IN} names other ways than a secret"
        rest = (
            "`bulktap init` asks for tenant and app, and keeps them in a profile; once the app is registered, "
            f"`bulktap init --client-id ID` adds its id. Or set the variables{other}. "
            f"Or rehearse with {Setting.SIMULATE}."
        )
        is_all = what is not None and missing == [what[0]]
        if way is SignInWay.SECRET and is_all:
            rest = f"{_SECRET_PLACES}{other}. Or rehearse with {Setting.SIMULATE}."
        hint = proof if proof and is_all and way is not SignInWay.SECRET else f"{proof} {rest}".strip()
        raise UsageError(f"Not set, and needed to sign in: {', '.join(missing)}.", hint=hint)

    def _client_secret(self) -> Secret | None:
        """Return the client secret: of a variable, a file, a command, the keyring, or typed."""
        chosen = self._chosen
        if self._secret:
            return self._secret
        if path := chosen.of(sign_in_declared.CLIENT_SECRET_FILE):
            return _plain_secret(self._sources.from_file(path), f"The client secret file {path}")
        if command := chosen.of(sign_in_declared.CLIENT_SECRET_COMMAND):
            return _plain_secret(self._sources.from_command(command), "What the client secret command prints")
        # Only where tenant and app are named: else all that is missing is told at once.
        if not (self._tenant and self._client):
            return None
        return _plain_secret(self._sources.asked_for(self._client), "The client secret")

    def _certificate(self) -> Credentials:
        from bulktap.graph.sign_in.certificates import read_certificate
        from bulktap.graph.sign_in.credentials import CertificateCredentials

        path = self._chosen.sure(sign_in_declared.CERTIFICATE)
        password = certificate_password()
        return CertificateCredentials(self._tenant, self._client, read_certificate(path, password, self._clock.now()))

    def _assertion(self) -> Callable[[], Secret]:
        from bulktap.graph.sign_in.federation import GitHubToken, TokenFile

        if path := self._chosen.of(sign_in_declared.FEDERATED_TOKEN_FILE):
            return TokenFile(path)
        return GitHubToken(github_token_url(), _github_token(), self._network)


def _how_to_prove(way: SignInWay) -> str:
    """Return where an app's proof of this way comes from; empty where nothing is to be said of it."""
    if is_github_job() and way is not SignInWay.CERTIFICATE:
        return "On GitHub Actions give the job `permissions: id-token: write`; no secret is needed then."
    if way is SignInWay.FEDERATION:
        return f"Set {Setting.FEDERATED_TOKEN_FILE} to the file in which the other service keeps its token."
    if way is SignInWay.CERTIFICATE:
        return f"Set {Setting.CERTIFICATE} to a PEM or PFX file with its private key; `bulktap init` makes one."
    return ""


def plain_id(text: str, name: str) -> str:
    """Return a pasted id without what came along: blanks, line ends, quotes, and the braces that Windows tools write.

    Raises:
        UsageError: what is left is no id and no domain.
    """
    plain = pasted(text)
    if plain.startswith("{") and plain.endswith("}"):
        plain = plain[1:-1].strip()
    if plain and not _ID.fullmatch(plain):
        raise UsageError(
            f"{name} holds a character that neither an id nor a domain has.",
            hint="Copy it again from the app registration's overview page.",
        )
    return plain


def certificate_password() -> Secret | None:
    """Return what opens the certificate's file, where the environment says it; a line end is no part of it."""
    given = secret_variable("AZURE_CLIENT_CERTIFICATE_PASSWORD")
    return None if given is None else Secret(given.reveal().rstrip("\r\n"))


def _github_token() -> Secret:
    given = secret_variable(_GITHUB_TOKEN)
    return Secret(pasted(given.reveal()) if given else "")


def client_secret() -> Secret:
    """Return the client secret that the environment holds, without what came along when it was pasted.

    Raises:
        UsageError: a line break, or what cannot be seen, is in it.
    """
    return _plain_secret(secret_variable("AZURE_CLIENT_SECRET"), "AZURE_CLIENT_SECRET")


def _plain_secret(given: Secret | None, source: str) -> Secret:
    """Return a client secret without what came along with it: the portal gives none with a blank or in quotes.

    Raises:
        UsageError: a line break, or what cannot be seen, is in it.
    """
    secret = Secret(pasted(given.reveal()) if given else "")
    if any(not letter.isprintable() for letter in secret.reveal()):
        raise UsageError(
            f"{source} holds a line break or another character that cannot be seen.",
            hint="Copy the secret's value again, on one line.",
        )
    return secret
