"""The policy of sign-in methods and the organization of the pretend tenant: read, changed, kept."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from bulktap.simulator.registration import DEFAULT_PERMISSIONS
from bulktap.simulator.state_file import StateFile, reopen_state

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

ROOT = "/policies/authenticationMethodsPolicy"
PASSES = f"{ROOT}/authenticationMethodConfigurations/TemporaryAccessPass"
TYPE = {"@odata.type": "#microsoft.graph.temporaryAccessPassAuthenticationMethodConfiguration"}
ALEX = "alex@contoso.com"


@pytest.fixture
def bench(make_bench: Callable[..., Any], make_tenant: Callable[..., Any]) -> Any:
    """Return a service whose caller may change the policy."""
    permissions = DEFAULT_PERMISSIONS | {"Policy.ReadWrite.AuthenticationMethod"}
    return make_bench(tenant=make_tenant(permissions=permissions))


def _get(bench: Any, url: str) -> dict[str, Any]:
    answer = bench.step({"id": "1", "method": "GET", "url": url})
    assert answer["status"] == 200
    body: dict[str, Any] = answer["body"]
    return body


def _patch(bench: Any, url: str, body: Any) -> dict[str, Any]:
    headers = {"Content-Type": "application/json"}
    answer: dict[str, Any] = bench.step({"id": "1", "method": "PATCH", "url": url, "headers": headers, "body": body})
    return answer


def test_the_policy_of_all_methods_holds_the_one_of_passes(bench: Any) -> None:
    """With the types by which clients tell methods apart; each is found at its own address too, whatever its case."""
    whole = _get(bench, ROOT)
    listed = _get(bench, f"{ROOT}/authenticationMethodConfigurations")["value"]

    assert whole["id"] == "authenticationMethodsPolicy"
    assert whole["authenticationMethodConfigurations"] == listed
    assert {"Fido2", "MicrosoftAuthenticator", "Sms", "TemporaryAccessPass", "Email"} <= {one["id"] for one in listed}
    for one in listed:
        assert one["@odata.type"].endswith("AuthenticationMethodConfiguration")
        for spelled in (f"/{one['id']}", f"/{one['id'].lower()}", f"('{one['id']}')"):
            alone = _get(bench, f"{ROOT}/authenticationMethodConfigurations{spelled}")
            assert {name: alone[name] for name in one} == one


@pytest.mark.parametrize(
    ("change", "order", "status", "words"),
    [
        ({"maximumLifetimeInMinutes": 43200}, {"lifetimeInMinutes": 10080}, 201, ""),
        ({"minimumLifetimeInMinutes": 10, "defaultLifetimeInMinutes": 10}, {"lifetimeInMinutes": 15}, 201, ""),
        ({"maximumLifetimeInMinutes": 90}, {"lifetimeInMinutes": 120}, 400, "valid range between 60 and 90"),
        ({"isUsableOnce": True}, {"isUsableOnce": False}, 400, "Invalid IsUsableOnce"),
        ({"state": "disabled"}, {}, 400, "UserCredentialPolicy"),
        ({"excludeTargets": [{"id": "00000000-0000-4000-8000-000000000001", "targetType": "user"}]}, {}, 400, "Policy"),
        ({"includeTargets": [{"id": "teachers", "targetType": "group"}]}, {}, 400, "UserCredentialPolicy"),
    ],
)
def test_creates_go_by_the_policy_as_it_was_changed(
    bench: Any, create: Callable[..., Any], change: dict[str, Any], order: dict[str, Any], status: int, words: str
) -> None:
    """From the next step on."""
    changed = _patch(bench, PASSES, {**TYPE, **change})
    assert (changed["status"], changed.get("body")) == (204, None)

    answer = bench.step(create(ALEX, **order))

    assert answer["status"] == status
    if words:
        assert words in answer["body"]["error"]["message"]


def test_the_default_length_is_that_of_the_next_passcode(bench: Any, create: Callable[..., Any]) -> None:
    """And what a change does not name stays as it is."""
    before = _get(bench, PASSES)
    _patch(bench, PASSES, {**TYPE, "defaultLength": 20})
    after = _get(bench, PASSES)

    assert len(bench.step(create(ALEX))["body"]["temporaryAccessPass"]) == 20
    assert after == {**before, "defaultLength": 20}


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"state": "disabled"}, "@odata.type"),
        ({"@odata.type": "#microsoft.graph.fido2AuthenticationMethodConfiguration"}, "could not be resolved"),
        ({**TYPE, "lifetime": 60}, "The property 'lifetime' does not exist on type"),
        ({**TYPE, "state": "on"}, "'on' to the expected type"),
        ({**TYPE, "defaultLength": "8"}, "'8' to the expected type 'Edm.Int32'"),
        ({**TYPE, "isUsableOnce": 1}, "'1' to the expected type 'Edm.Boolean'"),
        ({**TYPE, "defaultLength": True}, "'True' to the expected type 'Edm.Int32'"),
        ({**TYPE, "defaultLength": 7}, "DefaultLength specified. The valid range between 8 and 48."),
        ({**TYPE, "defaultLength": 49}, "DefaultLength specified. The valid range between 8 and 48."),
        ({**TYPE, "minimumLifetimeInMinutes": 9}, "MinimumLifetimeInMinutes specified. The valid range between 10"),
        ({**TYPE, "maximumLifetimeInMinutes": 43201}, "The valid range between 10 and 43200."),
        ({**TYPE, "minimumLifetimeInMinutes": 481}, "MinimumLifetimeInMinutes specified."),
        ({**TYPE, "defaultLifetimeInMinutes": 30}, "The valid range between 60 and 480."),
        ({**TYPE, "includeTargets": [{"targetType": "group"}]}, "Invalid includeTargets"),
        ({**TYPE, "excludeTargets": [{"id": "x", "targetType": "robot"}]}, "Invalid excludeTargets"),
        ({**TYPE, "includeTargets": None}, "'None' to the expected type"),
        ([], "JSON content expected"),
    ],
)
def test_a_change_that_does_not_fit_changes_nothing(bench: Any, body: Any, words: str) -> None:
    """It is refused with 400, and the policy stays as it was."""
    before = _get(bench, PASSES)
    answer = _patch(bench, PASSES, body)

    assert answer["status"] == 400
    assert words in answer["body"]["error"]["message"]
    assert _get(bench, PASSES) == before


@pytest.mark.parametrize(
    ("url", "body", "status", "path", "value"),
    [
        (ROOT, {"policyMigrationState": "preMigration"}, 204, ("policyMigrationState",), "preMigration"),
        (ROOT, {"reconfirmationInDays": 180}, 204, ("reconfirmationInDays",), 180),
        (
            ROOT,
            {"registrationEnforcement": {"authenticationMethodsRegistrationCampaign": {"snoozeDurationInDays": 3}}},
            204,
            ("registrationEnforcement", "authenticationMethodsRegistrationCampaign", "snoozeDurationInDays"),
            3,
        ),
        (
            ROOT,
            {"registrationEnforcement": {"authenticationMethodsRegistrationCampaign": {"snoozeDurationInDays": 15}}},
            400,
            ("registrationEnforcement", "authenticationMethodsRegistrationCampaign", "snoozeDurationInDays"),
            1,
        ),
        (ROOT, {"policyMigrationState": "never"}, 400, ("policyMigrationState",), "migrationComplete"),
        (ROOT, {"displayName": "Mine"}, 204, ("displayName",), "Authentication Methods Policy"),
        (ROOT, {"colour": "blue"}, 400, ("id",), "authenticationMethodsPolicy"),
        (
            f"{ROOT}/authenticationMethodConfigurations/sms",
            {"@odata.type": "#microsoft.graph.smsAuthenticationMethodConfiguration", "state": "enabled"},
            204,
            ("authenticationMethodConfigurations", 2, "state"),
            "enabled",
        ),
        (f"{ROOT}/authenticationMethodConfigurations/Telepathy", TYPE, 404, ("id",), "authenticationMethodsPolicy"),
    ],
)
def test_the_policy_of_all_methods_is_changed_and_kept(
    bench: Any, tmp_path: Path, url: str, body: dict[str, Any], status: int, path: tuple[Any, ...], value: object
) -> None:
    """What fits is shown from then on, also by a tenant that is opened again from its state file."""
    state = StateFile(tmp_path / "tenant.jsonl", bench.tenant)
    bench.tenant.on_change = state.record
    assert _patch(bench, url, body)["status"] == status
    _patch(bench, PASSES, {**TYPE, "defaultLength": 12})
    state.close()

    shown: Any = _get(bench, ROOT)
    kept = reopen_state(tmp_path / "tenant.jsonl")

    for name in path:
        shown = shown[name]
    assert shown == value
    assert (kept.policy, kept.methods_policy) == (bench.tenant.policy, bench.tenant.methods_policy)
    assert kept.policy.default_length == 12
    StateFile(tmp_path / "tenant.jsonl", kept).close()


def test_a_state_file_that_is_begun_later_has_the_policy_as_it_is_by_then(bench: Any, tmp_path: Path) -> None:
    """What was changed before is in its first line."""
    _patch(bench, ROOT, {"policyMigrationState": "preMigration"})
    _patch(
        bench, PASSES, {**TYPE, "includeTargets": [{"id": "a", "targetType": "group", "isRegistrationRequired": True}]}
    )
    StateFile(tmp_path / "tenant.jsonl", bench.tenant).close()

    kept = reopen_state(tmp_path / "tenant.jsonl")

    assert (kept.policy, kept.methods_policy) == (bench.tenant.policy, bench.tenant.methods_policy)


def test_deleting_the_policy_of_passes_brings_the_defaults_back(bench: Any) -> None:
    """With them nobody gets a pass."""
    _patch(bench, PASSES, {**TYPE, "defaultLength": 20})
    assert bench.step({"id": "1", "method": "DELETE", "url": PASSES})["status"] == 204
    assert (_get(bench, PASSES)["state"], _get(bench, PASSES)["defaultLength"]) == ("disabled", 8)


@pytest.mark.parametrize(
    ("method", "url", "status"),
    [("PATCH", PASSES, 403), ("DELETE", PASSES, 403), ("PATCH", ROOT, 403), ("GET", ROOT, 200), ("GET", PASSES, 200)],
)
def test_reading_the_policy_is_not_changing_it(
    make_bench: Callable[..., Any], method: str, url: str, status: int
) -> None:
    """The permission to read it changes nothing."""
    step = {"id": "1", "method": method, "url": url, "headers": {"Content-Type": "application/json"}, "body": TYPE}
    assert make_bench().step(step)["status"] == status


@pytest.mark.parametrize(
    ("method", "url"),
    [
        ("POST", ROOT), ("PUT", PASSES), ("DELETE", ROOT), ("POST", f"{ROOT}/authenticationMethodConfigurations"),
        ("DELETE", f"{ROOT}/authenticationMethodConfigurations/Sms"), ("PATCH", "/organization"), ("POST", "/users"),
        ("DELETE", f"/users/{ALEX}"), ("PATCH", "/users/$count"), ("POST", f"/users/{ALEX}/memberOf"),
    ],
)  # fmt: skip
def test_other_methods_are_not_allowed(bench: Any, method: str, url: str) -> None:
    """They are answered 405, in the directory's words."""
    step = {"id": "1", "method": method, "url": url, "headers": {"Content-Type": "application/json"}, "body": {}}
    answer = bench.step(step)
    assert (answer["status"], answer["body"]["error"]["code"]) == (405, "Request_BadRequest")


@pytest.mark.parametrize(
    ("url", "status", "names"),
    [
        ("/organization?$select=id,displayName", 200, {"id", "displayName"}),
        ("/organization/7d1c5a9e-3b52-4c68-9f0a-6e2b8d4f1a37?$select=verifiedDomains", 200, {"verifiedDomains"}),
        ("/organization/11111111-3b52-4c68-9f0a-6e2b8d4f1a37", 404, set()),
        ("/organization?$select=shoeSize", 400, set()),
    ],
)
def test_the_organization_is_one(bench: Any, url: str, status: int, names: set[str]) -> None:
    """In a list, or by its id, with what `$select` names."""
    answer = bench.step({"id": "1", "method": "GET", "url": url})
    assert answer["status"] == status
    if status == 200:
        [organization] = answer["body"].get("value", [answer["body"]])
        assert {name for name in organization if name[0] != "@"} == names
