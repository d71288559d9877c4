"""What a token is found to say, and who is told to grant what."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bulktap.model.sign_in_ways import SignInWay
from bulktap.operations.token_checks import Grantor, token_checks

if TYPE_CHECKING:
    from bulktap.model.checks import CheckState

TENANT, APP = "11111111-2222-3333-4444-555555555555", "66666666-7777-8888-9999-000000000000"
AUTHENTICATION_ADMINISTRATOR = "c4e39bd9-1100-46d3-8c65-fb160da0071f"
ALL = ["UserAuthMethod-TAP.ReadWrite.All", "User.Read.All", "Policy.Read.AuthenticationMethod", "Organization.Read.All"]
LINK = f"https://login.microsoftonline.com/{TENANT}/adminconsent?client_id={APP}"


def found(way: SignInWay, **claims: object) -> dict[str, tuple[CheckState, str]]:
    """Return what is said about a token, by what about."""
    grantor = Grantor(way, TENANT, APP, "https://login.microsoftonline.com/")
    checks = token_checks(claims, grantor)
    return {one.code: (one.state, " ".join([one.found, one.remedy, *one.details])) for one in checks}


@pytest.mark.parametrize(
    ("way", "claims", "code", "state", "words"),
    [
        (SignInWay.SECRET, {"roles": ALL}, "permissions", "ok", "38d9df27-64da-44fd-b7c5-a6fbac20248f"),
        (SignInWay.CERTIFICATE, {"roles": []}, "token", "wrong", LINK),
        (SignInWay.SECRET, {"roles": ALL[1:]}, "permission", "wrong", "627169a8-8c15-451c-861a-5b80e383de5c"),
        (SignInWay.SECRET, {"roles": ALL[:1]}, "permission", "warn", "498476ce-e0fe-48b0-b801-37ba7e2685c6"),
        (SignInWay.SECRET, {"roles": ["UserAuthenticationMethod.ReadWrite.All", *ALL[1:]]}, "permissions", "ok", ""),
        (SignInWay.BROWSER, {"scp": " ".join(ALL[1:])}, "permission", "wrong", "05de4a66-e51a-4312-842a-30c8094698d2"),
        (SignInWay.BROWSER, {"scp": " ".join(ALL), "wids": ["x"]}, "role", "wrong", "Privileged Identity Management"),
        (SignInWay.DEVICE_CODE, {"scp": ALL[0], "wids": [AUTHENTICATION_ADMINISTRATOR]}, "role", "ok", ""),
        (
            SignInWay.MANAGED_IDENTITY,
            {"roles": [], "oid": "a-principal"},
            "token",
            "wrong",
            "New-MgServicePrincipalAppRoleAssignment -ServicePrincipalId a-principal",
        ),
        (SignInWay.SECRET, {}, "token", "warn", "cannot be read"),
        (SignInWay.SECRET, {"roles": "not a list", "exp": 10**30}, "token", "wrong", "admin consent"),
        (SignInWay.SECRET, {"roles": ALL, "exp": 1_800_000_000}, "token", "ok", "Good until 2027-01-15 08:00 UTC"),
        (SignInWay.SECRET, {"roles": ALL, "exp": 32_600_000_000}, "token", "ok", "Good until 3003-01-20 19:33 UTC"),
    ],
)
def test_what_is_missing_is_named_with_who_grants_it(
    way: SignInWay, claims: dict[str, object], code: str, state: str, words: str
) -> None:
    """By name and id of the kind that the way of signing in needs."""
    told = found(way, **claims)

    assert told[code][0] == state
    assert words in told[code][1]


def test_what_somebody_else_writes_in_a_token_stays_on_its_line() -> None:
    """An app's name may hold anything."""
    told = found(SignInWay.SECRET, roles=ALL, appid=APP, app_displayname="Two\nlines" + "x" * 500)

    assert "\n" not in told["token"][1]
    assert "x" * 100 not in told["token"][1]
