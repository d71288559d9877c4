"""Look-ups against a service that answers by script."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from scripted.directory import ODD, names, of_odd

from bulktap.dispatch.look_ups import NO_USERS_NOTE, no_policy_note, resolve
from bulktap.dispatch.scope_check import UNCHECKED_NOTE
from bulktap.graph.replies import EnvelopeRefused, NotSent, Throttled
from bulktap.model.errors import NotPermitted, ServiceUnreachable, ThrottledTooLong
from bulktap.model.passes import UserRef
from bulktap.model.row_errors import RowErrorCode


def test_everything_is_found_out(asked: Any) -> None:
    """Tenant, policy, users and passes of more than one batch's worth of users, none lost on the way."""
    asked.directory.passes["abcdef00-0000-4000-8000-000000000007"] = [
        {"id": "p", "methodUsabilityReason": "NotYetValid"}
    ]
    found = asked.run(*names(95))
    assert found.tenant_name == "Contoso"
    assert found.policy.forces_one_time
    assert len(found.users) == 95
    assert found.users["user7@contoso.com"].live_pass.pass_id == "p"
    assert found.users["user8@contoso.com"].live_pass is None
    assert all(finding.listed_at for finding in found.users.values())
    assert found.notes == ()
    assert asked.world.complaints == []


def test_listing_passes_takes_nothing_from_what_the_directory_shows(asked: Any) -> None:
    """Names, guests and blocked accounts are known of whoever was listed as of those who were only looked up."""
    users, w = names(40), asked.world
    listed = asked.run(*users).users
    resolved = w.call(resolve([UserRef(user) for user in users], w.read_tools())).users

    assert {user: replace(finding, listed_at=None) for user, finding in listed.items()} == resolved
    assert all(finding.object_id and finding.upn for finding in resolved.values())


def test_a_finding_ages_from_its_own_reply(asked: Any) -> None:
    """When listing takes long, the first finding is older than the last, and says so."""
    asked.directory.takes = 90.0
    found = asked.run(*names(200))
    moments = [finding.listed_at for finding in found.users.values()]
    assert max(moments) - min(moments) >= timedelta(seconds=90)


def test_throttled_and_lost_answers_are_asked_again(asked: Any) -> None:
    """Every user has a verdict in the end, probe and rest alike."""
    calls: dict[tuple[str, str], int] = {}

    def status(kind: str, user: str) -> int:
        calls[kind, user] = calls.get((kind, user), 0) + 1
        name = user.partition("@")[0]
        return [429, 503, 504, 200][min(calls[kind, user], 4) - 1] if name.endswith(("3", "7")) else 200

    asked.directory.status = status
    found = asked.run(*names(45))
    assert len(found.users) == 45
    assert all(finding.listed_at for finding in found.users.values())
    assert asked.world.complaints == []


def test_failures_here_and_there_do_not_hold_the_others_up(asked: Any) -> None:
    """An error of the service is no throttle: whoever it failed at is asked about again after a pause."""
    seen: list[tuple[str, str]] = []

    def status(kind: str, user: str) -> int:
        seen.append((kind, user))
        return 500 if seen.count((kind, user)) <= 2 else 200

    asked.directory.status = status
    began = asked.world.clock.seconds
    assert len(asked.run(*names(40)).users) == 40
    assert asked.world.clock.seconds - began < 180


def test_without_permissions_for_policy_and_users_the_notes_say_so(asked: Any) -> None:
    """Both are extras: the run goes on without them."""
    asked.directory.status = lambda kind, _user: 200 if kind == "passes" else 403
    found = asked.run(*names(30))
    assert found.notes == (no_policy_note("the app lacks Policy.Read.AuthenticationMethod"), NO_USERS_NOTE)
    assert found.policy is None
    assert found.users["user1@contoso.com"].object_id is None
    assert found.users["user1@contoso.com"].listed_at is not None


@pytest.mark.parametrize("count", [1, 25, 80])
def test_a_mixed_roster_must_be_resolved(asked: Any, count: int) -> None:
    """With names of both kinds, and nobody whom the app may look up, two rows could be one person."""
    asked.directory.status = lambda kind, _user: 403 if kind == "user" else 200
    with pytest.raises(NotPermitted, match="one person"):
        asked.run(*names(count), "abcdef00-0000-4000-8000-000000000999")


@pytest.mark.parametrize("odd", [1, 2, 24])
def test_in_a_mixed_roster_a_single_user_who_may_not_be_looked_up_is_refused(asked: Any, odd: int) -> None:
    """That user could be another row's person too; the others are looked up."""
    asked.directory.status = lambda kind, user: 403 if kind == "user" and user.startswith(f"user{odd}@") else 200
    found = asked.run(*names(25), "abcdef00-0000-4000-8000-000000000999").users
    errors = {user: finding.error for user, finding in found.items() if finding.error is not None}
    assert list(errors) == [f"user{odd}@contoso.com"]
    assert "same person" in errors[f"user{odd}@contoso.com"].message
    assert sum(finding.listed_at is not None for finding in found.values()) == 25


def test_passes_that_may_not_be_listed_stop_the_plan(asked: Any) -> None:
    """Exit 5: nobody could say whose pass a create would kill."""
    asked.directory.status = lambda kind, _user: 403 if kind == "passes" else 200
    with pytest.raises(NotPermitted, match="may not list"):
        asked.run(*names(30))


def test_unknown_users_and_guests_are_not_listed(asked: Any) -> None:
    """Who cannot get a pass is not asked about further."""
    asked.directory.status = lambda kind, user: 404 if kind == "user" and user.startswith("user2@") else 200
    found = asked.run(*names(2))
    assert found.users["user2@contoso.com"].error is not None
    assert sum(url.endswith("Methods") for urls in asked.directory.sent for url in urls) == 1


@pytest.mark.parametrize("permanent", [True, False])
@pytest.mark.parametrize("lot", [0.0, 0.4, 0.99])
def test_a_dead_line_is_reported_within_a_minute(asked: Any, lot: float, permanent: bool) -> None:
    """Nothing is at stake before the first create, however chance spreads the attempts; the operator hears why."""
    asked.directory.whole = lambda _number: NotSent("refused", permanent=permanent)
    asked.world.lot = lot
    began = asked.world.clock.seconds
    with pytest.raises(ServiceUnreachable):
        asked.run(*names(2))
    assert 30 <= asked.world.clock.seconds - began < 60
    assert any("Trying again" in warning for warning in asked.world.listener.warnings)


def test_a_refused_connection_before_a_long_hold_is_not_a_dead_line(asked: Any) -> None:
    """A connection that was refused once, then a hold of two minutes: the service was reached."""
    asked.directory.whole = {1: NotSent("refused"), 2: Throttled(120.0)}.get
    assert asked.run(*names(2)).tenant_name == "Contoso"


def test_nothing_but_throttling_ends_the_look_ups(asked: Any) -> None:
    """After half an hour beyond what was asked: exit 7."""
    asked.directory.whole = lambda _number: Throttled(None)
    with pytest.raises(ThrottledTooLong):
        asked.run(*names(2))
    assert asked.world.clock.seconds < 1000 + 2000


@pytest.mark.parametrize("count", [1, 2, 40])
@pytest.mark.parametrize(
    ("status", "error"), [(400, ServiceUnreachable), (404, ServiceUnreachable), (403, NotPermitted)]
)
def test_batches_that_are_all_rejected_stop_the_look_ups(
    asked: Any, status: int, error: type[Exception], count: int
) -> None:
    """Where nothing is ever answered it is not about the users."""
    asked.directory.whole = lambda _number: EnvelopeRefused(status, "x", "y")
    with pytest.raises(error):
        asked.run(*names(count))
    assert asked.world.complaints == []


# Permissions


@pytest.mark.parametrize("admins", [1, 20, 30, 59])
def test_administrators_at_the_head_of_the_roster_stop_nobody(asked: Any, admins: int) -> None:
    """Their passes may not be listed: each is that row's own error."""
    forbidden = {f"abcdef00-0000-4000-8000-{number:012d}" for number in range(1, admins + 1)}
    asked.directory.error = {"code": "accessDenied", "message": "Request Authorization failed"}
    asked.directory.status = lambda kind, user: 403 if kind == "passes" and user in forbidden else 200
    found = asked.run(*names(60)).users
    refused = [finding.error for finding in found.values() if finding.error is not None]
    assert len(refused) == admins
    assert all("administrator" in error.message and "Grant" not in error.hint for error in refused)


def test_users_here_and_there_who_may_not_be_looked_up_are_listed_all_the_same(asked: Any) -> None:
    """What the directory says is extra."""
    asked.directory.status = lambda kind, user: 403 if kind == "user" and user.startswith(("user1@", "user2")) else 200
    found = asked.run(*names(60))
    assert found.notes == ()
    assert all(finding.listed_at and finding.error is None for finding in found.users.values())


@pytest.mark.parametrize("count", [1, 20, 21, 60, 500])
def test_a_missing_permission_is_known_from_sixty_users_at_most(asked: Any, count: int) -> None:
    """Twenty from everywhere in the roster, then forty others."""
    asked.directory.status = lambda kind, _user: 403 if kind == "passes" else 200
    with pytest.raises(NotPermitted, match="may not list"):
        asked.run(*names(count))
    listed = [url for url in asked.directory.asked_at if "PassMethods" in url]
    assert len(listed) == min(count, 60)
    if count == 500:
        assert any("0000000004" in url for url in listed[:20])


def test_a_missing_licence_is_named_as_such(asked: Any) -> None:
    """No permission helps there."""
    asked.directory.error = {"code": "RequestFromNonPremiumTenantOrB2CTenant", "message": "no"}
    asked.directory.status = lambda kind, _user: 403 if kind == "passes" else 200
    with pytest.raises(NotPermitted, match="licence"):
        asked.run(*names(80))


def test_a_403_that_graph_did_not_word_is_no_permission(asked: Any) -> None:
    """It is asked again: something on the way may have answered."""
    asked.directory.error = {}
    calls: list[str] = []

    def status(kind: str, user: str) -> int:
        calls.append(user)
        return 403 if kind == "passes" and calls.count(user) <= 2 else 200

    asked.directory.status = status
    assert all(finding.listed_at for finding in asked.run(*names(30)).users.values())


def test_a_sample_with_a_user_who_fails_does_not_wait_for_that_user(asked: Any) -> None:
    """The others are listed while that one has pauses."""
    asked.directory.status = lambda kind, user: 500 if kind == "passes" and user.endswith("000001") else 200
    asked.run(*names(200))
    moments = [moment for url, m in asked.directory.asked_at.items() if "PassMethods" in url for moment in m[:1]]
    assert max(moments) - min(moments) < 30


# Newcomers


@pytest.mark.parametrize(
    ("created", "tries"),
    [
        (None, 10),
        ("2035-09-01T07:58:00Z", 10),
        ("2035-08-31T09:00:00Z", 10),
        ("2035-08-30T08:00:00Z", 2),
        ("2011-01-01T00:00:00Z", 2),
    ],
)
def test_a_user_whom_the_authentication_service_does_not_know_yet(asked: Any, created: str | None, tries: int) -> None:
    """The directory has just shown them: asked again, ten times at most, an old account twice; others do not wait."""
    if created is not None:
        asked.directory.created[ODD] = created
    asked.directory.status = lambda kind, user: 404 if kind == "passes" and of_odd(user) else 200
    found = asked.run(*names(60)).users
    assert found[ODD].error.code is RowErrorCode.USER_NOT_READY
    assert "found in the directory" in found[ODD].error.message
    assert len(next(m for url, m in asked.directory.asked_at.items() if of_odd(url) and "PassMethods" in url)) == tries
    assert sum(finding.listed_at is not None for finding in found.values()) == 59
    assert len([one for one in asked.world.listener.warnings if "does not know some users yet" in one]) == (tries > 2)


@pytest.mark.parametrize("known_at", [1, 2, 4, 9])
def test_a_newcomer_who_becomes_known_is_listed(asked: Any, known_at: int) -> None:
    """After some seconds to minutes."""
    calls: list[str] = []

    def status(kind: str, user: str) -> int:
        calls.append(f"{kind} {user}")
        return 404 if kind == "passes" and of_odd(user) and calls.count(calls[-1]) <= known_at else 200

    asked.directory.status = status
    found = asked.run(*names(60)).users
    assert all(finding.listed_at and finding.error is None for finding in found.values())


def test_a_user_whom_nobody_has_shown_is_not_found(asked: Any) -> None:
    """Without the directory a 404 means what it says, at once."""
    asked.directory.status = lambda kind, user: 403 if kind == "user" else 404 if of_odd(user) else 200
    found = asked.run(*names(60)).users
    assert found[ODD].error.code is RowErrorCode.USER_NOT_FOUND
    assert asked.world.clock.seconds - 1000 < 60


def test_a_policy_for_everybody_makes_nobodys_groups_be_read(asked: Any) -> None:
    """The usual policy costs no request more than before."""
    asked.directory.policy |= {"includeTargets": [{"id": "all_users", "targetType": "group"}]}
    found = asked.run(*names(30))

    assert {finding.in_scope for finding in found.users.values()} == {None}
    assert not any("transitiveMemberOf" in url for url in asked.directory.asked_at)
    assert found.notes == ()


@pytest.mark.parametrize(
    ("targets", "within"),
    [
        ({"includeTargets": [{"id": "G1", "targetType": "group"}]}, [True, False, False]),
        (
            {
                "includeTargets": [{"id": "all_users", "targetType": "group"}],
                "excludeTargets": [{"id": "G2", "targetType": "group"}],
            },
            [True, False, True],
        ),
        (
            {"includeTargets": [{"id": "ABCDEF00-0000-4000-8000-000000000003", "targetType": "user"}]},
            [False, False, True],
        ),
        ({"includeTargets": []}, [False, False, False]),
    ],
)
def test_whom_the_policy_covers_is_found_out(asked: Any, targets: dict[str, object], within: list[bool]) -> None:
    """By the groups that each user is in, or by their ids."""
    asked.directory.policy |= targets
    asked.directory.groups = {
        "abcdef00-0000-4000-8000-000000000001": ["g1"],
        "abcdef00-0000-4000-8000-000000000002": ["g2"],
    }
    found = asked.run(*names(3))

    assert [found.users[name].in_scope for name in names(3)] == within
    assert found.notes == ()


@pytest.mark.parametrize("trouble", ["forbidden", "failing", "too many groups", "users unread"])
def test_what_cannot_be_found_out_about_the_scope_is_said(asked: Any, trouble: str) -> None:
    """And nobody is told to be out of scope."""
    asked.directory.policy |= {"includeTargets": [{"id": "g1", "targetType": "group"}]}
    asked.directory.more_groups = trouble == "too many groups"
    kinds = {"forbidden": "groups", "failing": "groups", "users unread": "user"}
    status = 500 if trouble == "failing" else 403
    asked.directory.status = lambda kind, _user: status if kind == kinds.get(trouble) else 200
    found = asked.run(*names(5))

    assert {finding.in_scope for finding in found.users.values()} == {None}
    assert UNCHECKED_NOTE in found.notes


def test_the_tenants_domains_are_read(asked: Any) -> None:
    """In lower case, as names are compared."""
    asked.directory.organization["verifiedDomains"] = [{"name": "Contoso.com"}, {"name": "s.contoso.com"}]

    assert asked.run(*names(2)).domains == ("contoso.com", "s.contoso.com")


def test_where_hardly_anybody_exists_a_few_are_looked_for_under_the_other_domains(asked: Any) -> None:
    """Five of them, each under each other domain of the tenant, however long the roster is."""
    asked.directory.error = {"code": "Request_ResourceNotFound", "message": "x"}
    asked.directory.organization["verifiedDomains"] = [{"name": "contoso.com"}, {"name": "s.contoso.com"}]
    asked.directory.status = lambda kind, user: 404 if kind == "user" and user.endswith("@contoso.com") else 200
    found = asked.run(*names(40))

    assert found.elsewhere == {"s.contoso.com": 5}
    assert sum("s.contoso.com" in url for url in asked.directory.asked_at) == 5


def test_a_few_unknown_users_are_looked_for_nowhere_else(asked: Any) -> None:
    """They are typos, or have left."""
    asked.directory.error = {"code": "Request_ResourceNotFound", "message": "x"}
    asked.directory.organization["verifiedDomains"] = [{"name": "contoso.com"}, {"name": "s.contoso.com"}]
    asked.directory.status = lambda kind, user: 404 if kind == "user" and user.startswith("user1") else 200
    found = asked.run(*names(40))

    assert found.elsewhere == {}
    assert not any("s.contoso.com" in url for url in asked.directory.asked_at)
