"""Who signs in, and where: one dataclass for each way, and nothing about how MSAL is told (`msal_apps`)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bulktap.model.sign_in_ways import SignInWay

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from bulktap.graph.sign_in.certificates import ClientCertificate
    from bulktap.graph.trust import Network
    from bulktap.model.secret import Secret


@dataclass(frozen=True, slots=True)
class SignInEndpoint:
    """Where to sign in and for what."""

    authority_url: str
    """Root of the sign-in endpoints, without the tenant."""
    scope: str
    """What a token is asked for: the cloud's Graph root with `/.default`."""
    network: Network
    """How it is reached, and whom to trust."""


@dataclass(frozen=True, slots=True)
class ClientSecretCredentials:
    """An app that proves itself with a secret."""

    tenant_id: str
    """GUID or domain name of the tenant."""
    client_id: str
    """Application id of the app registration."""
    client_secret: Secret
    """The secret's value, not its id."""
    way: SignInWay = field(default=SignInWay.SECRET, init=False)


@dataclass(frozen=True, slots=True)
class CertificateCredentials:
    """An app that proves itself with the key of a certificate that was uploaded for it."""

    tenant_id: str
    client_id: str
    certificate: ClientCertificate
    way: SignInWay = field(default=SignInWay.CERTIFICATE, init=False)


@dataclass(frozen=True, slots=True)
class FederatedCredentials:
    """An app for which somebody else's identity service vouches, with a token that is fetched anew each time."""

    tenant_id: str
    client_id: str
    assertion: Callable[[], Secret]
    """Returns that token; raises `UsageError` or `SignInFailed` where there is none."""
    way: SignInWay = field(default=SignInWay.FEDERATION, init=False)


@dataclass(frozen=True, slots=True)
class ManagedIdentityCredentials:
    """The identity that Azure gives to the machine; no secret is kept anywhere."""

    tenant_id: str = ""
    """Where it is named, tokens have to be of this tenant; the machine knows it."""
    client_id: str = ""
    """Of a user-assigned identity; empty for the machine's own."""
    way: SignInWay = field(default=SignInWay.MANAGED_IDENTITY, init=False)


@dataclass(frozen=True, slots=True)
class PersonCredentials:
    """A person who signs in to the app, in the browser of this computer or with a code on any device."""

    tenant_id: str
    client_id: str
    way: SignInWay = SignInWay.BROWSER
    """BROWSER or DEVICE_CODE."""
    patience: float = 300
    """Seconds that a person has in the browser."""
    cache: Path | None = None
    """Where tokens are kept for the next command, as far as this system can encrypt them; None keeps them in memory."""


Credentials = (
    ClientSecretCredentials
    | CertificateCredentials
    | FederatedCredentials
    | ManagedIdentityCredentials
    | PersonCredentials
)
"""Any way to sign in."""


def who_signs_in(credentials: Credentials) -> str:
    """Return what messages call whoever signs in: `app 1234`, `this machine's managed identity`."""
    if isinstance(credentials, ManagedIdentityCredentials):
        named = f" {credentials.client_id}" if credentials.client_id else ""
        return f"{credentials.way.label}{named}"
    return f"app {credentials.client_id}"
