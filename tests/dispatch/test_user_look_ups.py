"""Users fifteen a step, passes in the same stream, and portions of a roster: a directory that goes by script."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from scripted.directory import ODD, names

from bulktap.dispatch.dependencies import READ_LIMITS
from bulktap.dispatch.look_ups import Portions, look_up
from bulktap.graph.replies import BatchReply, Doubtful, EnvelopeRefused, Throttled
from bulktap.model.errors import NotPermitted
from bulktap.model.passes import UserRef
from bulktap.model.row_errors import RowErrorCode

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from bulktap.model.plan import TenantFindings, UserFinding


def _steps(asked: Any, mark: str) -> list[str]:
    return [url for urls in asked.directory.sent for url in urls if mark in url]


def _alone(asked: Any) -> list[str]:
    return [url for url in _steps(asked, "?$select=id,userP") if not url.startswith("/users?")]


def _are_listed(found: Mapping[str, UserFinding], but: int = 0) -> bool:
    return sum(one.listed_at is not None and one.error is None for one in found.values()) == len(found) - but


@pytest.mark.parametrize(("count", "filters"), [(2, 1), (15, 1), (16, 2), (95, 7), (300, 20), (700, 47)])
def test_users_who_exist_take_a_step_for_fifteen(asked: Any, count: int, filters: int) -> None:
    """Three hundred a batch, and none of them is asked about alone."""
    found = asked.run(*names(count)).users
    assert _are_listed(found)
    assert len(_steps(asked, "/users?$filter=")) == filters
    assert _alone(asked) == []
    assert max(map(len, asked.directory.searched)) <= 15


def test_one_user_is_asked_about_alone(asked: Any) -> None:
    """A filter for one says no more."""
    asked.run(*names(1))
    assert _steps(asked, "$filter") == []
    assert len(_alone(asked)) == 1


@pytest.mark.parametrize("missing", [1, 14, 40, 60])
def test_whom_a_filter_does_not_show_is_asked_about_before_being_called_missing(asked: Any, missing: int) -> None:
    """One step more for each."""
    gone = set(names(missing))
    asked.directory.status = lambda kind, user: 404 if kind == "user" and user in gone else 200
    found = asked.run(*names(60)).users
    errors = {user: one.error.code for user, one in found.items() if one.error}
    assert errors == dict.fromkeys(gone, RowErrorCode.USER_NOT_FOUND)
    assert len(_alone(asked)) == missing


@pytest.mark.parametrize("hidden", [{ODD}, set(names(3)), set(names(59)), set(names(60))])
def test_who_is_found_by_name_and_by_no_filter_exists(asked: Any, hidden: set[str]) -> None:
    """A renamed user, a guest, one on another page: the answer by name counts."""
    asked.directory.hidden = hidden
    found = asked.run(*names(60)).users
    assert _are_listed(found)
    assert len(_alone(asked)) == len(hidden)


@pytest.mark.parametrize("status", [400, 405, 414, 500, 501, 503, 504])
def test_one_odd_name_holds_up_none_of_the_other_fourteen(asked: Any, status: int) -> None:
    """A filter that is refused, or fails twice, is taken apart; those in other filters are not asked again."""

    def answer(kind: str, user: str) -> int:
        return status if kind == "user" and user == ODD else 200

    asked.directory.status = answer
    found = asked.run(*names(60)).users
    assert _are_listed(found, but=1)
    assert found[ODD].error is not None
    assert len({url for url in _alone(asked) if "user37@" not in url}) == 14


@pytest.mark.parametrize("wait", ["1", "30", "900"])
def test_a_filter_that_is_throttled_is_asked_again(asked: Any, wait: str) -> None:
    """After the wait; throttling uses up nobody's tries, and the others go on."""
    turned_away: list[str] = []

    def answer(kind: str, user: str) -> int:
        if kind == "user" and user == ODD and len(turned_away) < 3:
            turned_away.append(user)
            return 429
        return 200

    asked.directory.status = answer
    asked.directory.retry_after = {429: wait}
    assert _are_listed(asked.run(*names(60)).users)
    assert _alone(asked) == []


@pytest.mark.parametrize(
    "reply",
    [EnvelopeRefused(400, "x", "y"), EnvelopeRefused(403, "x", "y"), EnvelopeRefused(404, "x", "y"), Doubtful("lost")],
)
def test_where_no_batch_with_a_filter_gets_through_users_are_asked_about_alone(asked: Any, reply: BatchReply) -> None:
    """A proxy that dislikes the address of a filter keeps nobody from their pass."""
    asked.directory.of_batch = lambda urls: reply if any("$filter" in url for url in urls) else None
    assert _are_listed(asked.run(*names(60)).users)
    assert len(_alone(asked)) == 60


def test_forbidden_filters_leave_the_word_to_the_sample(asked: Any) -> None:
    """Sixty users from all over the roster are asked about alone, then it is known, and passes are listed by name."""
    asked.directory.status = lambda kind, _user: 403 if kind == "user" else 200
    found = asked.run(*names(900))
    assert _are_listed(found.users)
    assert {one.object_id for one in found.users.values()} == {None}
    assert len(_alone(asked)) == 60


def test_a_roster_of_names_and_ids_is_asked_about_in_two_kinds_of_filter(asked: Any) -> None:
    """Each with its own property; both are matched whatever their case."""
    ids = [f"ABCDEF00-0000-4000-8000-{number:012d}" for number in range(101, 131)]
    found = asked.run(*[name.upper() for name in names(30)], *ids).users
    assert _are_listed(found)
    by_id = [url for url in _steps(asked, "$filter") if "$filter=id%20in" in url]
    assert (len(by_id), len(_steps(asked, "$filter"))) == (2, 4)
    assert _alone(asked) == []


def test_passes_are_listed_while_users_are_still_being_looked_up(asked: Any) -> None:
    """No barrier: a filter that is answered late holds up its fifteen only."""
    asked.directory.status = lambda kind, user: 503 if kind == "user" and user == ODD else 200
    asked.run(*names(600))
    lists = [moments[0] for url, moments in asked.directory.asked_at.items() if "PassMethods" in url]
    users = [moments[-1] for url, moments in asked.directory.asked_at.items() if "PassMethods" not in url]
    assert sorted(lists)[584] < max(users)


def test_the_window_is_full_from_the_start_and_never_fuller(asked: Any) -> None:
    """As soon as a sample is answered, 24 batches are under way, whatever they ask."""
    moments: list[tuple[float, int]] = []
    send = asked.directory.post_batch

    async def watched(*arguments: Any, **more: Any) -> Any:
        moments.append((asked.world.clock.seconds, 1))
        reply = await send(*arguments, **more)
        moments.append((asked.world.clock.seconds, -1))
        return reply

    asked.directory.post_batch = watched
    asked.run(*names(3_000))
    under_way = highest = 0
    for _, change in moments:
        under_way += change
        highest = max(highest, under_way)
    assert highest == READ_LIMITS.concurrency == 24
    assert asked.world.clock.seconds - 1000 < 3.5


def test_throttling_makes_the_window_small(asked: Any) -> None:
    """What is throttled backs off, and everybody is listed in the end."""
    asked.directory.whole = lambda number: Throttled(3.0) if 6 <= number < 40 else None
    assert _are_listed(asked.run(*names(1_500)).users)
    assert len(asked.directory.sent) < 1_000


# Portions


@pytest.fixture
def in_portions(asked: Any) -> Callable[..., TenantFindings]:
    """Return what looks the first users up until so many can get a pass."""

    def run(first: int, wanted: int, *users: str) -> TenantFindings:
        def are_enough(found: TenantFindings) -> bool:
            free = [one for one in found.users.values() if one.error is None and one.live_pass is None]
            return len(free) >= wanted

        asking = look_up([UserRef(user) for user in users], asked.world.read_tools(), {}, Portions(first, are_enough))
        found: TenantFindings = asked.world.call(asking)
        return found

    return run


@pytest.mark.parametrize(
    ("gone", "looked_up"), [(0, 20), (15, 20), (16, 40), (37, 80), (150, 160), (1_000, 1_280), (3_999, 4_000)]
)
def test_only_as_many_are_looked_up_as_are_needed(
    asked: Any, in_portions: Callable[..., TenantFindings], gone: int, looked_up: int
) -> None:
    """Twenty at first, then twice as many, until five can get a pass or nobody is left; always the first ones."""
    missing = set(names(gone))
    asked.directory.status = lambda kind, user: 404 if kind == "user" and user in missing else 200
    found = in_portions(20, 5, *names(4_000))
    assert list(found.users) == names(looked_up)
    assert len(_steps(asked, "PassMethods")) == looked_up - gone
    assert len(_steps(asked, "authenticationMethodsPolicy")) == 1


@pytest.mark.parametrize("admins", [20, 200, 350])
def test_administrators_in_the_first_portion_are_no_measure(
    asked: Any, in_portions: Callable[..., TenantFindings], admins: int
) -> None:
    """Where nobody of it may be listed, users from all over the roster say whether anybody may."""
    forbidden = {f"abcdef00-0000-4000-8000-{number:012d}" for number in range(1, admins + 1)}
    asked.directory.error = {"code": "accessDenied", "message": "Request Authorization failed"}
    asked.directory.status = lambda kind, user: 403 if kind == "passes" and user in forbidden else 200
    found = in_portions(20, 5, *names(400)).users
    assert _are_listed(found, but=admins)


def test_whoever_may_list_nobody_is_told_so_in_portions_too(
    asked: Any, in_portions: Callable[..., TenantFindings]
) -> None:
    """After sixty users of the whole roster beside those of the portion."""
    asked.directory.status = lambda kind, _user: 403 if kind == "passes" else 200
    with pytest.raises(NotPermitted, match="may not list"):
        in_portions(20, 5, *names(400))
    assert len(_steps(asked, "PassMethods")) == 80


def test_names_and_ids_together_are_all_looked_up(in_portions: Callable[..., TenantFindings]) -> None:
    """Only then is a person found out who is in the roster by both."""
    found = in_portions(20, 5, *names(50), "abcdef00-0000-4000-8000-000000000999").users
    assert len(found) == 51
    assert _are_listed(found)
