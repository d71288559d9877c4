import hashlib
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from msal_clients import GRAPH, claims_in, confidential
from sign_in_world import NOW, Keypair

from bulktap.simulator.registration import FederatedCredential, TrustedSubject

OURS, OTHER, CA = Keypair(), Keypair("other"), Keypair("Contoso CA")
ISSUED, STRANGE = Keypair("bulktap", CA), Keypair("bulktap", Keypair("Contoso CA"))
WORKFLOW = Keypair("workflow")
ISSUER, SUBJECT = "https://token.actions.example.com", "repo:contoso/Passes:ref:refs/heads/main"


@pytest.fixture
def serve(open_browser: Callable[..., Any], make_tenant: Callable[..., Any], clock: Any) -> Callable[..., Any]:
    """Return an opener of tenants on the machine's clock; keywords change the registration."""
    clock.time = datetime.now(UTC)
    return lambda **changes: open_browser(make_tenant(**changes))


def signed_in(browser: Any, credential: object) -> dict[str, Any]:
    """Return what MSAL brings home."""
    app = confidential(browser.simulator, browser.session, credential)
    result: dict[str, Any] = app.acquire_token_for_client([GRAPH])
    return result


def pem(pair: Keypair, *chain: Keypair, sha1: bool = False) -> dict[str, str]:
    """Return what MSAL signs with; with a SHA-1 thumbprint it sends the certificates along."""
    thumbprint = hashlib.sha1(pair.certificate.public_bytes(Encoding.DER), usedforsecurity=False).hexdigest()
    public = "".join(one.public for one in (pair, *chain))
    return {"private_key": pair.private(), "public_certificate": public, **({"thumbprint": thumbprint} if sha1 else {})}


@pytest.mark.parametrize("sha1", [True, False])
def test_either_thumbprint_names_the_certificate(serve: Callable[..., Any], sha1: bool) -> None:
    """The older form of the header (`x5t`, RS256) and the newer one (`x5t#S256`, PS256)."""
    browser = serve(certificates=(OTHER.public, OURS.public))

    result = signed_in(browser, pem(OURS, sha1=sha1))

    assert claims_in(result["access_token"])["appidacr"] == "2"


@pytest.mark.parametrize(
    ("credential", "hours", "number", "words"),
    [
        (pem(OTHER), 0, 700027, "The key was not found"),
        ({**pem(OURS), "private_key": OTHER.private()}, 0, 700027, "invalid signature"),
        (pem(OURS), 24 * 60, 700027, "The key used is expired"),
        (pem(OURS), 2, 700024, "not within its valid time range. Current time: "),
        (pem(OURS), -2, 700024, "assertion valid from "),
    ],
)
def test_what_is_wrong_with_a_certificate_is_named(
    serve: Callable[..., Any], clock: Any, credential: dict[str, str], hours: int, number: int, words: str
) -> None:
    """Key, signature, the certificate's own end, and the assertion's times on either side."""
    browser = serve(certificates=(OURS.public,))
    clock.turn(hours=hours)

    result = signed_in(browser, credential)

    assert result["error"] == "invalid_client"
    assert result["error_codes"] == [number]
    assert words in result["error_description"]


@pytest.mark.parametrize(
    ("claims", "number"),
    [
        ({"aud": "https://contoso.com/token"}, 700023),
        ({"aud": ["the endpoint"]}, 700023),
        ({"iss": "00000000-0000-4000-8000-00000000dead"}, 700021),
        ({"sub": "somebody"}, 700021),
        ({"sub": None}, 700021),
        ({"exp": None}, 700024),
        ({"exp": "tomorrow"}, 700024),
        ({"exp": True}, 700024),
        ({"exp": 10**400}, 700024),
        ({"nbf": 10**30}, 700024),
    ],
)
def test_each_claim_of_an_assertion_is_checked(
    serve: Callable[..., Any], claims: dict[str, object], number: int
) -> None:
    """The registered key signed all of them; what they say does not fit, or is of another kind."""
    browser = serve(certificates=(OURS.public,))

    result = signed_in(browser, {"client_assertion": lambda: own_assertion(browser, **claims)})

    assert result["error_codes"] == [number]


@pytest.mark.parametrize("form", ["{url}/oauth2/v2.0/token", "{url}/v2.0", "{cloud}/oauth2/v2.0/token", "{cloud}/v2.0"])
def test_an_assertion_may_be_for_the_issuer_too(serve: Callable[..., Any], form: str) -> None:
    """Endpoint or issuer, by the address that serves it or by the cloud's own."""
    browser = serve(certificates=(OURS.public,))
    tenant_id = browser.simulator.tenant_id
    url, cloud = f"{browser.simulator.authority_url}/{tenant_id}", f"https://login.microsoftonline.com/{tenant_id}"

    audience = form.format(url=url, cloud=cloud)
    result = signed_in(browser, {"client_assertion": lambda: own_assertion(browser, aud=audience)})

    assert "access_token" in result


def own_assertion(browser: Any, **changes: object) -> str:
    """Return an assertion of the application, which its registered key signed whatever it says."""
    simulator, now = browser.simulator, int(datetime.now(UTC).timestamp())
    endpoint = f"{simulator.authority_url}/{simulator.tenant_id}/oauth2/v2.0/token"
    usual = {"iss": simulator.client_id, "sub": simulator.client_id, "aud": endpoint, "nbf": now, "exp": now + 600}
    told = {name: value for name, value in (usual | changes).items() if value is not None}
    return OURS.token(told, **{"x5t#S256": OURS.thumbprint})


@pytest.mark.parametrize(
    ("credential", "trusts", "number"),
    [
        (pem(ISSUED, CA, sha1=True), ("CN=bulktap", CA), None),
        (pem(Keypair("bulktap", CA), CA, sha1=True), ("CN=bulktap", CA), None),
        (pem(ISSUED, sha1=True), ("CN=bulktap", CA), None),
        (pem(ISSUED, CA, sha1=True), ("CN=another", CA), 7000213),
        (pem(STRANGE, sha1=True), ("CN=bulktap", CA), 7000213),
        (pem(OURS, sha1=True), ("CN=bulktap", CA), 7000213),
        (pem(Keypair("bulktap", CA, ends=timedelta(hours=-1)), CA, sha1=True), ("CN=bulktap", CA), 7000213),
        ({**pem(ISSUED, CA, sha1=True), "private_key": OTHER.private()}, ("CN=bulktap", CA), 700027),
    ],
)
def test_a_chain_stands_for_a_certificate_that_was_not_uploaded(
    serve: Callable[..., Any], credential: dict[str, str], trusts: tuple[str, Keypair], number: int | None
) -> None:
    """Subject and issuer are what counts, so that a renewed certificate needs no upload; all else is refused.

    Once subjects are trusted, an uploaded certificate that brings a chain along is judged by the chain.
    """
    subject, authority = trusts
    browser = serve(certificates=(OURS.public,), trusted=(TrustedSubject(subject, authority.public),))

    result = signed_in(browser, credential)

    assert result.get("error_codes") == (None if number is None else [number])


def test_a_certificate_without_its_chain_is_still_known_by_its_thumbprint(serve: Callable[..., Any]) -> None:
    """Trusting subjects takes nothing away from what was uploaded."""
    browser = serve(certificates=(OURS.public,), trusted=(TrustedSubject("CN=bulktap", CA.public),))

    result = signed_in(browser, {"client_assertion": lambda: own_assertion(browser)})

    assert "access_token" in result


def workflow_token(key: Keypair = WORKFLOW, **changes: object) -> str:
    """Return a token of the other identity service."""
    now = int(NOW.timestamp())
    usual = {"iss": ISSUER, "sub": SUBJECT, "aud": "api://AzureADTokenExchange", "nbf": now - 60, "exp": now + 3000}
    return key.token({**usual, **changes})


FEDERATED = FederatedCredential(ISSUER, SUBJECT, WORKFLOW.public_key)


@pytest.mark.parametrize(
    ("text", "known", "number", "words"),
    [
        (workflow_token(), FEDERATED, None, ""),
        (workflow_token(aud=["api://AzureADTokenExchange"]), FEDERATED, None, ""),
        (workflow_token(aud="other"), replace(FEDERATED, audience="other"), None, ""),
        (workflow_token(iss=f"{ISSUER}/"), FEDERATED, 700211, f"issuer '{ISSUER}/'"),
        (workflow_token(iss=ISSUER.upper()), FEDERATED, 700211, f"issuer '{ISSUER.upper()}'"),
        (workflow_token(aud="api://azureadtokenexchange"), FEDERATED, 700212, "audience 'api://azureadtokenexchange'"),
        (workflow_token(aud=None), FEDERATED, 700212, "audience"),
        (workflow_token(sub=f"{SUBJECT}-2"), FEDERATED, 700213, f"subject '{SUBJECT}-2'"),
        (workflow_token(sub=SUBJECT.lower()), FEDERATED, 7002138, "but not with case-sensitive comparison"),
        (workflow_token(OTHER), FEDERATED, 7000272, f"identity provider {ISSUER}"),
        (workflow_token(exp=int(NOW.timestamp()) - 3600), FEDERATED, 700024, "valid time range"),
        (workflow_token(), None, 70025, "no configured federated identity credentials"),
        ("not.a.token", FEDERATED, 50027, "malformed"),
    ],
)
def test_another_services_token_has_to_fit_to_the_letter(
    serve: Callable[..., Any], text: str, known: FederatedCredential | None, number: int | None, words: str
) -> None:
    """Issuer, audience and subject are compared with the case of their letters; each has its own refusal."""
    browser = serve(federated=(known,) if known else ())

    result = signed_in(browser, {"client_assertion": lambda: text})

    assert result.get("error_codes") == (None if number is None else [number])
    assert words in result.get("error_description", "")
    assert text not in result.get("error_description", "")


def test_certificate_and_federation_stand_side_by_side(serve: Callable[..., Any]) -> None:
    """The issuer tells which of the two an assertion is."""
    browser = serve(federated=(FEDERATED,), certificates=(OURS.public,))

    results = [signed_in(browser, one) for one in (pem(OURS), {"client_assertion": workflow_token})]

    assert all("access_token" in result for result in results)
