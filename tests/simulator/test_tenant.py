from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from bulktap.simulator.access_passes import SOMEBODY_ELSE, AccessPass, CreatedPass, PassOrder, passcode_digest
from bulktap.simulator.pass_policy import PassPolicy, Target
from bulktap.simulator.refusals import Refusal
from bulktap.simulator.tenant import Tenant
from bulktap.simulator.users import User

APP = "b2f6c0d4-58e1-4a7b-8c93-0d7e5f2a6b18"


def issue(tenant: Tenant, upn: str = "alex@contoso.com", order: PassOrder | None = None) -> CreatedPass:
    """Create a pass that the tenant must grant."""
    created = tenant.create(user(tenant, upn), order or PassOrder(), APP)
    assert isinstance(created, CreatedPass)
    return created


def user(tenant: Tenant, upn: str = "alex@contoso.com") -> User:
    """Return a user that the tenant must have."""
    found = tenant.find(upn)
    assert found is not None
    return found


def message(answer: CreatedPass | Refusal) -> str:
    """Return a refusal's words."""
    assert isinstance(answer, Refusal)
    assert (answer.status, answer.code) == (400, "badRequest")
    return answer.message


def test_a_second_create_replaces_the_first_without_a_warning(tenant: Tenant) -> None:
    """The second create succeeds with a new id, and the first pass is dead from then on."""
    first, second = issue(tenant), issue(tenant)

    history = tenant.history(user(tenant))

    assert first.access_pass.pass_id != second.access_pass.pass_id
    assert [one.died_at is None for one in history] == [False, True]
    assert history[0].ended_by == f"replaced by {second.access_pass.pass_id}"
    assert tenant.current(user(tenant)) == second.access_pass


def test_defaults_come_from_the_policy(tenant: Tenant) -> None:
    """An empty order starts now, lasts the default lifetime and is multi-use."""
    created = issue(tenant).access_pass

    assert created.starts_at == tenant.clock()
    assert (created.lifetime_minutes, created.usable_once) == (60, False)


def test_only_the_creating_answer_has_the_passcode(tenant: Tenant) -> None:
    """What the tenant keeps is a digest, and a later reading shows null."""
    created = issue(tenant)
    kept = tenant.current(user(tenant))
    assert isinstance(kept, AccessPass)

    assert kept.wire("EnabledByPolicy")["temporaryAccessPass"] is None
    assert kept.digest == passcode_digest(created.passcode)
    assert created.passcode not in repr(created)


def test_passcodes_begin_with_signs_that_spreadsheets_mangle(tenant: Tenant) -> None:
    """Among a hundred passcodes every awkward first sign occurs, and no passcode occurs twice."""
    codes = [issue(tenant).passcode for _ in range(100)]

    assert {"+", "!", "="} <= {code[0] for code in codes}
    assert len(set(codes)) == 100
    assert {len(code) for code in codes} == {8}


def test_the_creation_time_has_seven_fractional_digits(tenant: Tenant) -> None:
    """The service counts in units of 100 ns and shows all of them."""
    shown = issue(tenant).access_pass.wire("EnabledByPolicy")

    assert str(shown["createdDateTime"]).startswith("2030-09-01T07:00:00.123456")
    assert len(str(shown["createdDateTime"]).partition(".")[2]) == len("1234567Z")


def test_a_lifetime_outside_the_policy_is_refused_in_the_tenants_own_numbers(tenant: Tenant) -> None:
    """The refusal names the tenant's minimum and maximum."""
    expected = "Invalid LifetimeInMinutes specified. The valid range between 60 and 480."

    assert message(tenant.create(user(tenant), PassOrder(None, 59), APP)) == expected
    assert message(tenant.create(user(tenant), PassOrder(None, 481), APP)) == expected
    assert isinstance(tenant.create(user(tenant), PassOrder(None, 480), APP), CreatedPass)


def test_a_start_in_the_past_is_refused(tenant: Tenant) -> None:
    """A start that has gone by is refused, the present one is not."""
    past = PassOrder(tenant.clock() - timedelta(seconds=1))

    expected = "Invalid StartDateTime specified. It can not be a time in the past."
    assert message(tenant.create(user(tenant), past, APP)) == expected
    assert isinstance(tenant.create(user(tenant), PassOrder(tenant.clock()), APP), CreatedPass)


def test_a_one_time_policy_refuses_multi_use_and_makes_the_rest_one_time(
    make_tenant: Callable[..., Tenant],
) -> None:
    """Asking for multi-use is refused; saying nothing gives a one-time pass."""
    tenant = make_tenant(PassPolicy(usable_once=True))

    refused = message(tenant.create(user(tenant), PassOrder(usable_once=False), APP))

    assert refused == (
        "Invalid IsUsableOnce specified. Tenant Policy does not allow multiple use temporary access pass method."
    )
    assert issue(tenant).access_pass.usable_once is True


@pytest.mark.parametrize(
    ("upn", "policy"),
    [
        ("grady@contoso.com", PassPolicy()),
        ("alex@contoso.com", PassPolicy(enabled=False)),
        ("alex@contoso.com", PassPolicy(include=())),
        ("alex@contoso.com", PassPolicy(exclude=(Target("00000000-0000-4000-8000-000000000001", "user"),))),
    ],
)
def test_a_user_whom_the_policy_does_not_cover_is_refused(
    make_tenant: Callable[..., Tenant], upn: str, policy: PassPolicy
) -> None:
    """Disabled, not included, excluded and out of scope all get the same words."""
    tenant = make_tenant(policy)

    assert message(tenant.create(user(tenant, upn), PassOrder(), APP)) == (
        "Converged UserCredentialPolicy does not allow creating or updating this authentication method. "
        "AuthMethodType [TemporaryAccessPass]."
    )


def test_a_policy_can_leave_scope_to_the_sign_in(make_tenant: Callable[..., Tenant]) -> None:
    """The documented behaviour: the pass is created and says `DisabledByPolicy`."""
    tenant = make_tenant(PassPolicy(refuses_out_of_scope=False))

    assert issue(tenant, "grady@contoso.com").usability == "DisabledByPolicy"


def test_an_external_guest_is_refused(tenant: Tenant) -> None:
    """A guest of another organisation cannot hold a pass."""
    guest = user(tenant, "adele_fabrikam.com#EXT#@contoso.com")

    expected = "Temporary Access Pass cannot be added to an external guest user."
    assert message(tenant.create(guest, PassOrder(), APP)) == expected


def test_usability_follows_clock_use_and_policy(tenant: Tenant, clock: Any) -> None:
    """A pass is not yet valid, usable, used, expired and disabled in its time, and stays in the list."""
    alex = user(tenant)
    pending = issue(tenant, order=PassOrder(tenant.clock() + timedelta(hours=1), 60, usable_once=True))
    seen = [pending.usability]
    clock.turn(hours=1)
    used_twice = [tenant.use_pass(alex), tenant.use_pass(alex)]
    seen.append(tenant.usability(alex, tenant.current(alex)))  # type: ignore[arg-type]
    issue(tenant)
    tenant.policy = PassPolicy(enabled=False)
    seen.append(tenant.usability(alex, tenant.current(alex)))  # type: ignore[arg-type]
    clock.turn(hours=2)
    seen.append(tenant.usability(alex, tenant.current(alex)))  # type: ignore[arg-type]

    assert seen == ["NotYetValid", "OneTimeUsed", "DisabledByPolicy", "Expired"]
    assert used_twice == [True, False]


def test_a_pass_is_deleted_once(tenant: Tenant) -> None:
    """Deleting it again, or deleting a pass that was replaced, finds nothing."""
    replaced, current = issue(tenant), issue(tenant)
    alex = user(tenant)

    answers = [tenant.delete(alex, one.access_pass.pass_id, APP) for one in (replaced, current, current)]

    assert [answer.status if answer else 204 for answer in answers] == [404, 204, 404]
    assert tenant.current(alex) is None


def test_somebody_else_issues_another_lifetime(tenant: Tenant) -> None:
    """The other administrator's pass differs from ours in lifetime and names its creator."""
    issue(tenant)

    other = tenant.somebody_else_issues(user(tenant), PassOrder(None, 60))

    assert other is not None
    assert (other.lifetime_minutes, other.creator) == (480, SOMEBODY_ELSE)


def test_users_are_found_whatever_their_case(tenant: Tenant) -> None:
    """Sign-in names and object ids are compared without case."""
    assert tenant.find("ALEX@Contoso.COM") == tenant.find("00000000-0000-4000-8000-000000000001")
    assert tenant.find("00000000-0000-4000-8000-00000000000F") is None


def test_two_users_cannot_share_a_name(tenant: Tenant) -> None:
    """A tenant with two users of one name is a mistake in its file."""
    with pytest.raises(ValueError, match="share"):
        tenant.add_user(User("00000000-0000-4000-8000-0000000000ff", "ALEX@contoso.com", "Alex"))
