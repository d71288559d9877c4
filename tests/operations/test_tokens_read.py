"""What doctor reads in the pretend tenant's tokens is what its administrator has set: real MSAL in between."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from sign_in_world import NOW, OPERATOR, Keypair, tenant_with, tokens_of

from bulktap.graph.sign_in import CertificateCredentials, ClientSecretCredentials, PersonCredentials
from bulktap.graph.sign_in.certificates import read_certificate
from bulktap.graph.sign_in.claims import claims_of
from bulktap.model.secret import Secret
from bulktap.model.sign_in_ways import SignInWay
from bulktap.operations.token_checks import Grantor, token_checks
from bulktap.simulator.permissions import ROLES

if TYPE_CHECKING:
    from pathlib import Path

    from bulktap.graph.sign_in import Credentials
    from bulktap.simulator.embedded import EmbeddedSimulator

ALL = frozenset(
    {
        "UserAuthMethod-TAP.ReadWrite.All",
        "User.Read.All",
        "Policy.Read.AuthenticationMethod",
        "Organization.Read.All",
    }
)
PAIR = Keypair()


def credentials_for(way: SignInWay, service: EmbeddedSimulator, folder: Path) -> Credentials:
    """Return who signs in."""
    if way is SignInWay.SECRET:
        return ClientSecretCredentials(service.tenant_id, service.client_id, Secret(service.client_secret))
    if way is SignInWay.CERTIFICATE:
        file = folder / "app.pem"
        file.write_text(PAIR.private() + PAIR.public)
        return CertificateCredentials(service.tenant_id, service.client_id, read_certificate(file, None, NOW))
    return PersonCredentials(service.tenant_id, service.client_id, way)


@pytest.mark.parametrize(
    ("way", "changes", "expected"),
    [
        (SignInWay.SECRET, {}, {"token": "ok", "permissions": "ok"}),
        (SignInWay.CERTIFICATE, {}, {"token": "ok", "permissions": "ok"}),
        (SignInWay.SECRET, {"permissions": frozenset()}, {"token": "wrong"}),
        (SignInWay.SECRET, {"permissions": ALL - {"User.Read.All"}}, {"token": "ok", "permission": "warn"}),
        (SignInWay.DEVICE_CODE, {}, {"token": "ok", "permissions": "ok", "role": "ok"}),
        (SignInWay.DEVICE_CODE, {"operator_roles": frozenset()}, {"token": "ok", "permissions": "ok", "role": "wrong"}),
        (
            SignInWay.DEVICE_CODE,
            {"operator_roles": frozenset({ROLES["Global Reader"]})},
            {"token": "ok", "permissions": "ok", "role": "wrong"},
        ),
        (
            SignInWay.DEVICE_CODE,
            {"scopes": frozenset({"User.Read"})},
            {"token": "ok", "permission": "wrong", "role": "ok"},
        ),
    ],
)
def test_what_the_tenant_grants_is_what_is_read(
    tmp_path: Path, way: SignInWay, changes: dict[str, frozenset[str]], expected: dict[str, str]
) -> None:
    """Roles, scopes and directory roles of applications and people, and what they are called."""
    with tenant_with(certificates=(PAIR.public,), operator=OPERATOR) as service:
        registration = replace(service.tenant.registration, permissions=ALL, app_name="Onboarding")
        service.tenant.registration = replace(registration, **changes)
        tokens = tokens_of(credentials_for(way, service, tmp_path), service)
        tokens.sign_in(lambda _line: None)
        claims = claims_of(tokens.token())
        grantor = Grantor(way, service.tenant_id, service.client_id, service.authority_url)

        # The worst of a kind comes first.
        checks = {one.code: one for one in reversed([*token_checks(claims, grantor)])}

    assert {code: one.state.value for code, one in checks.items() if code in expected} == expected
    assert f"App {service.client_id} (Onboarding)" in checks["token"].details
