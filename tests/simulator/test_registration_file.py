import json
from pathlib import Path
from random import Random
from typing import Any

import pytest

from bulktap.simulator.permissions import ROLES
from bulktap.simulator.registration_file import registration_from_json, registration_to_json
from bulktap.simulator.state_file import StateFile, reopen_state
from bulktap.simulator.tenant_file import load_tenant, system_clock

EVERYTHING: dict[str, Any] = {
    "id": "7d1c5a9e-3b52-4c68-9f0a-6e2b8d4f1a37",
    "name": "Contoso",
    "domain": "contoso.com",
    "cloud": "usgov",
    "clientId": "b2f6c0d4-58e1-4a7b-8c93-0d7e5f2a6b18",
    "clientSecret": "pretend",
    "clientSecretEnds": "2030-01-01T00:00:00+00:00",
    "appName": "Onboarding",
    "certificates": ["a certificate"],
    "trustedSubjects": [{"subject": "CN=bulktap", "authority": "an authority"}],
    "federated": [{"issuer": "https://ci.example.com", "subject": "me", "publicKey": "a key", "audience": "us"}],
    "permissions": ["User.Read.All"],
    "scopes": ["User.Read"],
    "operator": "megan@contoso.com",
    "operatorRoles": [ROLES["Global Reader"]],
    "publicClient": False,
    "redirectUris": ["https://app.contoso.com/back"],
    "refuses": {"deviceCode": 53003, "application": 7000112},
}


@pytest.mark.parametrize("left_out", [None, *EVERYTHING])
def test_what_a_file_says_is_kept(left_out: str | None) -> None:
    """Each name, and what stands for it where it is left out, is read again as it was written."""
    about = {name: value for name, value in EVERYTHING.items() if name != left_out}
    registration = registration_from_json(about)

    again = registration_from_json(json.loads(json.dumps(registration_to_json(registration))))

    assert again == registration
    assert left_out is not None or registration_to_json(registration) == EVERYTHING


@pytest.mark.parametrize(
    "told",
    ["Global Reader", "global reader", "f2ef992c-3afb-46b9-b7cf-a126ee74c451", "F2EF992C-3AFB-46B9-B7CF-A126EE74C451"],
)
def test_a_role_is_told_by_name_or_id(told: str) -> None:
    """Roles that the simulator does not know are told by their template ids."""
    unknown = "11111111-2222-4333-8444-555555555555"
    registration = registration_from_json({"operatorRoles": [told, unknown]})

    assert registration.operator_roles == {ROLES["Global Reader"], unknown}


@pytest.mark.parametrize(
    ("about", "words"),
    [
        ({"cloud": "moon"}, "'moon' is none of global, usgov"),
        ({"operatorRoles": ["Emperor"]}, "'Emperor' is no role's template id"),
        ({"clientSecretEnds": "soon"}, "soon"),
        ({"refuses": {"telepathy": 53003}}, "'telepathy' is none of application, browser"),
        ({"refuses": {"browser": 42}}, "42 is none of 50076"),
        ({"federated": [{"issuer": "x"}]}, "subject"),
    ],
)
def test_what_makes_no_sense_in_a_file_is_refused(tmp_path: Path, about: dict[str, Any], words: str) -> None:
    """With the word that is wrong."""
    file = tmp_path / "tenant.json"
    file.write_text(json.dumps({"tenant": about, "users": []}))

    with pytest.raises(ValueError, match=words):
        load_tenant(file)


def test_a_reopened_tenant_signs_the_same_people_in(tmp_path: Path) -> None:
    """The state file keeps the registration whole."""
    file, state = tmp_path / "tenant.json", tmp_path / "state"
    file.write_text(json.dumps({"tenant": EVERYTHING, "users": []}))
    tenant = load_tenant(file, clock=system_clock, random=Random(1))  # noqa: S311 - pretend passcodes
    StateFile(state, tenant).close()

    assert reopen_state(state).registration == tenant.registration
