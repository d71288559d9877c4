"""Who signs in and where, and the MSAL application made of it; the only module that reveals a secret to MSAL."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, assert_never
from urllib.parse import quote

from bulktap.graph.trust import proxy_for, tls_context

if TYPE_CHECKING:
    import msal

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


Credentials = ClientSecretCredentials
"""Any way to sign in."""


def msal_application(
    credentials: Credentials, endpoint: SignInEndpoint, timeouts: tuple[float, float]
) -> msal.ConfidentialClientApplication:
    """Read the tenant's discovery document and return the application that asks for tokens; blocks.

    Args:
        credentials: who signs in.
        endpoint: where.
        timeouts: seconds for connecting, and for the answer.
    """
    import msal

    from bulktap.graph.sign_in.identity_session import IdentitySession

    match credentials:
        case ClientSecretCredentials(tenant_id, client_id, client_secret):
            credential = client_secret.reveal()
        case _:
            assert_never(credentials)
    network = endpoint.network
    return msal.ConfidentialClientApplication(
        client_id,
        client_credential=credential,
        authority=f"{endpoint.authority_url.rstrip('/')}/{quote(tenant_id, safe='')}",
        http_client=IdentitySession(tls_context(network), proxy_for(endpoint.authority_url, network), timeouts),
        # For hosts it does not know MSAL asks login.microsoftonline.com (authority.py). The authority is ours; asking
        # login.microsoftonline.com about it would send a rehearsal's traffic, or another cloud's, to the public cloud.
        instance_discovery=False,
        # Says that we handle claims challenges, without which Graph never sends one (Microsoft's page on continuous
        # access evaluation).
        client_capabilities=["CP1"],
    )
