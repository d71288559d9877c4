import json
from pathlib import Path

import pytest

from bulktap.simulator.access_passes import CreatedPass, PassOrder
from bulktap.simulator.properties import shown
from bulktap.simulator.tenant import Tenant
from bulktap.simulator.tenant_file import (
    SeedUser,
    load_tenant,
    seed_tenant,
    system_clock,
    tenant_from_json,
    tenant_to_json,
)
from bulktap.simulator.users import USER

SAMPLE = Path(__file__).parents[2] / "samples" / "tenant.json"


def reason(tenant: Tenant, upn: str) -> str | None:
    """Return the usability of a user's pass."""
    user = tenant.find(upn)
    assert user is not None
    current = tenant.current(user)
    return tenant.usability(user, current) if current else None


def test_the_sample_has_one_of_each_kind() -> None:
    """Enabled, disabled, internal guest, external guest, live pass, expired pass, out of scope, administrator."""
    tenant = load_tenant(SAMPLE)
    users = {user.upn.partition("@")[0]: user for user in tenant.users.values()}

    assert not users["joni.sherman"].enabled
    assert (users["lidia.holloway"].user_type, users["lidia.holloway"].external) == ("Guest", False)
    assert users["adele.vance_fabrikam.com#EXT#"].external
    assert users["nestor.wilke"].protected
    assert not tenant.policy.covers(users["lynne.o'neill"])
    assert reason(tenant, "diego.siciliani@contoso.com") == "EnabledByPolicy"
    assert reason(tenant, "grady.archie@contoso.com") == "Expired"
    assert reason(tenant, "alex.wilber@contoso.com") is None
    assert tenant.registration.operator in {user.upn for user in tenant.users.values()}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_a_file_that_windows_wrote_is_read(tmp_path: Path, encoding: str) -> None:
    """With a byte order mark, and two bytes a letter from PowerShell 5.1."""
    file = tmp_path / "tenant.json"
    file.write_bytes(SAMPLE.read_text("utf-8").encode(encoding))

    assert load_tenant(file).users.keys() == load_tenant(SAMPLE).users.keys()


@pytest.mark.parametrize(
    "content", ["", "[]", "{}", '{"users": [{}]}', '{"users": 5}', '{"users": [{"userPrincipalName": 5}]}']
)
def test_what_does_not_describe_a_tenant_is_refused(tmp_path: Path, content: str) -> None:
    """A file without users, or with nameless ones, is an error and not an empty tenant."""
    path = tmp_path / "tenant.json"
    path.write_text(content, "utf-8")

    with pytest.raises(ValueError, match=r"tenant|Expecting"):
        load_tenant(path)


FURTHER = {
    "jobTitle": "Teacher",
    "city": "Bonn",
    "usageLocation": "DE",
    "employeeId": "0012",
    "businessPhones": ["+49 228 1", "2"],
    "otherMails": ["a@x.example"],
    "onPremisesSyncEnabled": True,
    "department": "Year 7",
}


def test_further_properties_of_a_file_are_kept_and_shown() -> None:
    """Also when the file is written again, as a state file does."""
    content = {"users": [{"userPrincipalName": "ann@contoso.com", **FURTHER}]}
    tenant = tenant_from_json(content, clock=system_clock, random=None)
    again = tenant_from_json(tenant_to_json(tenant), clock=system_clock, random=None)

    for one in (tenant, again):
        user = one.find("ann@contoso.com")
        assert shown(user, USER.chosen(list(FURTHER))) == FURTHER


@pytest.mark.parametrize("name", ["businessPhones", "otherMails", "proxyAddresses"])
def test_a_text_is_no_list_of_texts(tmp_path: Path, name: str) -> None:
    """A tenant file that says one is refused, with the name of the property."""
    file = tmp_path / "tenant.json"
    file.write_text(json.dumps({"users": [{"userPrincipalName": "ann@contoso.com", name: "0123"}]}), "utf-8")
    with pytest.raises(ValueError, match=name):
        load_tenant(file)


def test_a_seeded_tenant_knows_every_user_by_stable_ids() -> None:
    """The same users get the same object ids, and users known by id get a name."""
    seeds = [
        SeedUser("alex@contoso.com", display_name="Alex"),
        SeedUser(object_id="ABCDEF00-0000-4000-8000-000000000001"),
    ]

    first, second = seed_tenant(seeds), seed_tenant(seeds)

    assert list(first.users) == list(second.users)
    alex, other = first.users.values()
    assert (alex.display_name, alex.upn) == ("Alex", "alex@contoso.com")
    assert other.object_id == "abcdef00-0000-4000-8000-000000000001"
    assert other.upn.endswith("@contoso.com")
    assert first.find(other.upn) == other


def test_a_user_named_twice_is_one() -> None:
    """By name in any case, by id, or by both."""
    object_id = "abcdef00-0000-4000-8000-000000000001"
    seeds = [
        SeedUser("alex@contoso.com", object_id),
        SeedUser("ALEX@contoso.com"),
        SeedUser(object_id=object_id.upper()),
        SeedUser(),
    ]

    assert list(seed_tenant(seeds).users) == [object_id]


def test_a_seeded_guest_is_external() -> None:
    """A name with `#EXT#` is that of a guest of another organisation."""
    tenant = seed_tenant([SeedUser("adele_fabrikam.com#EXT#@contoso.com")])

    [user] = tenant.users.values()
    assert (user.external, user.user_type, user.mail) == (True, "Guest", None)


def test_a_seeded_tenant_grants_up_to_eight_hours() -> None:
    """Microsoft's default policy, enabled."""
    tenant = seed_tenant([SeedUser("alex@contoso.com")])
    [user] = tenant.users.values()

    assert isinstance(tenant.create(user, PassOrder(None, 480), "app"), CreatedPass)
    assert not isinstance(tenant.create(user, PassOrder(None, 481), "app"), CreatedPass)


def test_the_secret_does_not_print() -> None:
    """Neither a seeded nor a loaded application shows its secret in its representation."""
    loaded = load_tenant(SAMPLE).registration

    assert loaded.client_secret == json.loads(SAMPLE.read_text("utf-8"))["tenant"]["clientSecret"]
    assert loaded.client_secret not in repr(loaded)
