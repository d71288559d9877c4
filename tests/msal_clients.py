"""Real MSAL, pointed at the pretend tenant, and what its tokens say."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Any

import msal

if TYPE_CHECKING:
    import requests

    from bulktap.simulator.embedded import EmbeddedSimulator

GRAPH = "https://graph.microsoft.com/.default"
"""Everything that was granted on Microsoft Graph."""


def confidential(
    service: EmbeddedSimulator, session: requests.Session, credential: object, **changes: Any
) -> msal.ConfidentialClientApplication:
    """Return an application that proves itself; keywords change `client_id`, `tenant`, and MSAL's own settings."""
    settings = {"client_id": service.client_id, "tenant": service.tenant_id, **changes}
    return msal.ConfidentialClientApplication(
        settings.pop("client_id"),
        client_credential=credential,
        authority=f"{service.authority_url}/{settings.pop('tenant')}",
        instance_discovery=False,
        http_client=session,
        **settings,
    )


def public(service: EmbeddedSimulator, session: requests.Session, **changes: Any) -> msal.PublicClientApplication:
    """Return an application at which people sign in."""
    settings = {"client_id": service.client_id, "tenant": service.tenant_id, **changes}
    return msal.PublicClientApplication(
        settings.pop("client_id"),
        authority=f"{service.authority_url}/{settings.pop('tenant')}",
        instance_discovery=False,
        http_client=session,
        **settings,
    )


def claims_in(token: str) -> dict[str, Any]:
    """Return what a token says."""
    payload = token.split(".")[1]
    claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    assert isinstance(claims, dict)
    return claims
