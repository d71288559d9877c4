"""A token is for the tenant that the settings name, or it is refused by the names of both."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING

import pytest

from bulktap.graph.sign_in import ClientSecretCredentials
from bulktap.graph.sign_in.claims import told_tenant
from bulktap.graph.trust import Network
from bulktap.model.errors import UsageError
from bulktap.model.secret import Secret
from bulktap.operations.run_settings import AccessSettings
from bulktap.operations.tenant_access import open_access

if TYPE_CHECKING:
    import asyncio

    from conftest import Behaviour, Certificate, SeenRequest, Service

OURS = "0b1c2d3e-1111-2222-3333-444455556666"
OTHER = "99999999-8888-7777-6666-555555555555"


def token(claims: object) -> str:
    """Return a token with these claims."""
    head, body = (
        base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in ({"alg": "RS256"}, claims)
    )
    return f"{head}.{body}.signature"


def identity(service: Service, given: str) -> Behaviour:
    """Serve discovery for our tenant, however it is named, and one token."""

    async def behave(request: SeenRequest, writer: asyncio.StreamWriter) -> None:
        base = f"{service.url}/{OURS}"
        document = {
            "issuer": f"{base}/v2.0",
            "authorization_endpoint": f"{base}/oauth2/v2.0/authorize",
            "token_endpoint": f"{base}/oauth2/v2.0/token",
        }
        reply = {"token_type": "Bearer", "expires_in": 3600, "access_token": given}
        await service.reply(200, document if request.method == "GET" else reply)(request, writer)

    return behave


def unheard(_words: str) -> None:
    """Hear nothing."""


@pytest.mark.parametrize(
    ("named", "given", "is_ours"),
    [
        (OURS, token({"tid": OURS}), True),
        (OURS.upper(), token({"tid": OURS}), True),
        ("contoso.com", token({"tid": OURS}), True),
        (OURS, "opaque-token", True),
        (OURS, token({"sub": "x"}), True),
        (OURS, token({"tid": OTHER}), False),
        ("contoso.com", token({"tid": OTHER}), False),
    ],
)
def test_tokens_are_for_the_tenant_that_is_named(
    service: Service, certificate: Certificate, named: str, given: str, is_ours: bool
) -> None:
    """By id, in any case, or by a domain; what a token does not say cannot be compared."""
    service.behave(identity(service, given))
    credentials = ClientSecretCredentials(named, "app-1", Secret("pretend~secret"))
    settings = AccessSettings(credentials, Network(certificate.bundle), service.url, service.url)
    access = open_access(settings)

    if is_ours:
        access.sign_in(unheard, unheard)
        return
    with pytest.raises(UsageError) as caught:
        access.sign_in(unheard, unheard)
    assert OTHER in caught.value.message
    assert OURS in caught.value.message


@pytest.mark.parametrize(
    "odd",
    ["", "a.b.c", "a.!.c", "..", f"x.{base64.b64encode(b'[1]').decode()}.y", token({"tid": 5}), "\u00e9.\u00e9.\u00e9"],
)
def test_a_token_of_another_shape_names_no_tenant(odd: str) -> None:
    """It is the service's business; nothing here depends on its shape."""
    assert told_tenant(Secret(odd)) == ""
