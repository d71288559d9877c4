"""Refusals that hit every row: every promise is checked after each run by `World.check`."""

# ruff: noqa: ARG005 - a script takes row, number and time whether it needs them or not
from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bulktap.model.errors import (
    NotPermitted,
    PolicyForbids,
)
from bulktap.model.row_phases import RowPhase

ISSUED, IN_DOUBT, SKIPPED, REFUSED = RowPhase.ISSUED, RowPhase.IN_DOUBT, RowPhase.SKIPPED, RowPhase.REFUSED


def test_missing_permission_ends_the_run_after_twenty_refusals(world: Any, kit: Any) -> None:
    """Twenty 403 and nothing accepted: exit 5, and every row is left for `resume`."""
    w = world(100)
    w.tenant.fate_of = lambda row, time: kit.Fate(403, False, message="Insufficient privileges")
    report = w.run()
    w.check()
    assert isinstance(report.failure, NotPermitted)
    assert not any(row.phase.settled for row in w.state().rows.values())
    assert sum(w.tenant.arrived.values()) < 60
    w.tenant.fate_of = lambda row, time: None
    report = w.run(resumed=True)
    w.check()
    assert report.complete
    assert set(w.phases()) == {ISSUED}


def test_a_policy_that_refuses_everybody_ends_the_run(world: Any, kit: Any) -> None:
    """Twenty policy refusals and nothing accepted: exit 6."""
    w = world(30)
    message = "Converged UserCredentialPolicy does not allow creating or updating this authentication method."
    w.tenant.fate_of = lambda row, time: kit.Fate(400, False, message=message)
    report = w.run()
    w.check()
    assert isinstance(report.failure, PolicyForbids)


def test_a_few_refusals_are_rows_errors(world: Any, kit: Any) -> None:
    """Fewer than twenty, even if they are all there is, are settled as refused."""
    w = world(5)
    w.tenant.fate_of = lambda row, time: kit.Fate(403, False)
    report = w.run()
    w.check()
    assert report.complete
    assert set(w.phases()) == {REFUSED}


def test_withheld_refusals_are_settled_once_something_is_accepted(world: Any, kit: Any) -> None:
    """Three refused rows before the first pass are settled with it."""
    w = world(8)
    w.tenant.fate_of = lambda row, time: kit.Fate(403, False) if row < 4 else None
    report = w.run()
    w.check()
    assert report.complete
    assert w.phases() == [REFUSED] * 3 + [ISSUED] * 5


def test_withheld_refusals_of_an_interrupted_run_are_sent_again(world: Any, kit: Any) -> None:
    """Refusals that may be systematic are not settled when the operator stops, and left to `resume`."""
    w = world(30)
    w.tenant.fate_of = lambda row, time: kit.Fate(403, False) if time == 1 else None
    w.clock.call_at(0.5, w.stop)
    report = w.run()
    w.check()
    assert report.interrupted
    assert report.failure is None
    assert not any(row.phase.settled for row in w.state().rows.values())
    report = w.run(resumed=True)
    w.check()
    assert report.complete


POLICY = "Converged UserCredentialPolicy does not allow creating or updating this authentication method."


@pytest.mark.parametrize("status", [403, 400])
@pytest.mark.parametrize("own", [range(1, 21), range(1, 31), range(41, 101), range(61, 101), range(20, 60)])
def test_a_sorted_roster_is_no_missing_permission(world: Any, kit: Any, status: int, own: range) -> None:
    """Administrators, or people out of scope, stand together: each of them is refused, and everybody else served."""
    w = world(100)
    w.tenant.fate_of = lambda row, time: (
        kit.Fate(status, False, message=POLICY if status == 400 else "no") if row in own else None
    )
    report = w.run()
    w.check()
    assert report.failure is None
    assert report.complete
    assert w.phases() == [REFUSED if row in own else ISSUED for row in range(1, 101)]


@pytest.mark.parametrize("status", [403, 400])
@pytest.mark.parametrize("at", [1000.9, 1001.5, 1001.9])
def test_what_is_switched_off_in_mid_run_stops_it(world: Any, kit: Any, status: int, at: float) -> None:
    """The rest is left unsent, not refused one by one, and `resume` finishes it when it is put right."""
    w = world(400)
    gone = {"from": at}
    w.tenant.fate_of = lambda row, time: (
        kit.Fate(status, False, message=POLICY if status == 400 else "no") if w.clock.seconds >= gone["from"] else None
    )
    w.tenant.list_fate_of = lambda row, time: kit.Fate(403) if row and w.clock.seconds >= gone["from"] else None
    w.clock.call_at(at - 1000, lambda: setattr(w.tenant, "allows_passes", status == 403))
    report = w.run()
    w.check()
    assert isinstance(report.failure, NotPermitted if status == 403 else PolicyForbids)
    assert not report.settled
    assert set(w.phases()) == {ISSUED, RowPhase.RELEASED, RowPhase.NOT_SENT}
    gone["from"] = 10.0**9
    report = w.run(resumed=True)
    w.check()
    assert report.complete
    assert set(w.phases()) == {ISSUED}


@pytest.mark.parametrize("own", [range(41, 101), range(51, 101)])
def test_what_is_switched_off_for_the_last_rows_stops_the_run_too(world: Any, kit: Any, own: range) -> None:
    """No row is left to show it: whether somebody served before may still be listed does."""
    w = world(100)
    w.tenant.fate_of = lambda row, time: kit.Fate(403, False) if row in own else None
    w.tenant.list_fate_of = lambda row, time: kit.Fate(403)
    report = w.run()
    w.check()
    assert isinstance(report.failure, NotPermitted)
    assert w.phases().count(RowPhase.RELEASED) >= 20


@pytest.mark.parametrize("creates", [4, 19])
@pytest.mark.parametrize("lists", [25, 60])
def test_few_refused_creates_are_not_settled_where_nobody_may_be_listed_either(
    world: Any, kit: Any, creates: int, lists: int
) -> None:
    """The permission is gone: some rows meet it in a create, and many in the list that their doubt needs."""
    w = world(creates + lists)
    w.tenant.fate_of = lambda row, time: kit.Fate(403 if row <= creates else 503, False)
    w.tenant.list_fate_of = lambda row, time: kit.Fate(403)
    report = w.run()
    w.check()
    assert isinstance(report.failure, NotPermitted)
    assert not any(row.phase.settled for row in w.state().rows.values())


@pytest.mark.parametrize("gone_for", [0.9, 2.0, 5.0])
def test_a_permission_that_was_gone_for_a_moment_refuses_nobody_for_good(world: Any, kit: Any, gone_for: float) -> None:
    """Rows that were refused in the meantime are listed and sent once more when others are served again."""
    w = world(60)
    w.tenant.fate_of = lambda row, time: kit.Fate(403, False) if w.clock.seconds < 1000 + gone_for else None
    w.tenant.batch_fate_of = lambda n, creates: kit.BatchFate(takes=gone_for) if creates and n else None
    report = w.run()
    w.check()
    assert report.complete
    assert set(w.phases()) == {ISSUED}


def test_a_row_that_was_refused_for_a_moment_is_listed_before_it_is_sent_again(world: Any, kit: Any) -> None:
    """Somebody may have given its user a pass meanwhile: that one is left alone."""
    w = world(10)
    w.tenant.fate_of = lambda row, time: kit.Fate(403, False) if w.clock.seconds < 1000.1 else None
    w.clock.call_at(0.15, lambda: w.tenant.issue_elsewhere(1))
    report = w.run()
    w.check()
    assert report.complete
    assert w.phases() == [SKIPPED] + [ISSUED] * 9


@pytest.mark.parametrize(
    ("refused", "lost", "unlisted"),
    [({1}, {2}, {1}), ({1}, {2, 3}, {1, 3}), (set(), {1, 2}, {1, 3}), ({1, 3}, {2}, set()), ({1, 3}, {2, 4}, {1})],
)
@pytest.mark.parametrize("status", [403, 400])
def test_an_answer_between_two_refusals_makes_the_second_nobodys_own(
    world: Any, kit: Any, refused: set[int], lost: set[int], unlisted: set[int], status: int
) -> None:
    """Policy and permission come and go: each row is tried once more after each time that they were away.

    Given are the creates of three rows that are refused, counted from 1, those that are answered 503, and the lists
    that are refused.
    """
    w = world(12)
    slow = range(1, 4)
    no = kit.Fate(status, False, message=POLICY if status == 400 else "no")

    def fate(row: int, time: int) -> Any:
        if row not in slow:
            return None
        return no if time in refused else kit.Fate(503, False) if time in lost else None

    w.tenant.fate_of = fate
    w.tenant.list_fate_of = lambda row, time: kit.Fate(403) if row in slow and time in unlisted else None
    report = w.run()
    w.check()
    assert report.complete
    assert set(w.phases()) == {ISSUED}


OFF = {"allows_passes": False}, POLICY
SHORTER = (
    {"policy": {"minimumLifetimeInMinutes": 10, "maximumLifetimeInMinutes": 60}},
    "Invalid LifetimeInMinutes specified. The valid range between 10 and 60.",
)
LONGER = (
    {"policy": {"minimumLifetimeInMinutes": 600, "maximumLifetimeInMinutes": 43_200}},
    "Invalid LifetimeInMinutes specified. The valid range between 600 and 43200.",
)
ONCE_ONLY = (
    {"policy": {"minimumLifetimeInMinutes": 10, "maximumLifetimeInMinutes": 43_200, "isUsableOnce": True}},
    "Invalid IsUsableOnce specified. Tenant Policy does not allow multiple use temporary access pass method.",
)
CHANGES = pytest.mark.parametrize(
    "change", [OFF, SHORTER, LONGER, ONCE_ONLY], ids=["off", "shorter", "longer", "once only"]
)


class Policy:
    """The tenant's policy, which somebody changes and mends; rows that are not touched by it go on being served."""

    def __init__(self, w: Any, kit: Any, change: Any, touches: Any = lambda _row: True) -> None:
        members, message = change
        self._tenant, self._members = w.tenant, members
        self._as_it_was = {name: getattr(w.tenant, name) for name in members}
        self.changed = False
        w.tenant.fate_of = lambda row, time: (
            kit.Fate(400, False, message=message) if self.changed and touches(row) else None
        )

    def change(self) -> None:
        """Let somebody change it now."""
        self._set(self._members, changed=True)

    def mend(self) -> None:
        """Let somebody take that back now."""
        self._set(self._as_it_was, changed=False)

    def _set(self, members: dict[str, Any], *, changed: bool) -> None:
        self.changed = changed
        for name, value in members.items():
            setattr(self._tenant, name, value)


def policy_questions(w: Any) -> int:
    """Count how often the policy was read."""
    return int(w.tenant.listings.get("authenticationMethodsPolicy", 0))


@CHANGES
@pytest.mark.parametrize("rows", [1, 2, 5, 19, 20, 39, 41, 400])
@pytest.mark.parametrize("at", [None, 0.1, 0.3])
def test_a_policy_that_changes_in_mid_run_stops_it_however_few_rows_are_left(
    world: Any, kit: Any, change: Any, rows: int, at: float | None
) -> None:
    """No row fails for what the plan had been allowed; once the policy is mended, `resume` finishes."""
    w = world(rows)
    policy = Policy(w, kit, change)
    if at is None:
        policy.change()
    else:
        w.clock.call_at(at, policy.change)
    report = w.run()
    w.check()
    if at is not None and set(w.phases()) == {ISSUED}:
        return  # it came too late to refuse anybody
    assert isinstance(report.failure, PolicyForbids)
    assert not report.settled
    assert set(w.phases()) <= {ISSUED, RowPhase.RELEASED, RowPhase.NOT_SENT}
    again = w.run(resumed=True)
    w.check()
    assert isinstance(again.failure, PolicyForbids), "it is as it was"
    assert REFUSED not in w.phases()
    policy.mend()
    assert w.run(resumed=True).complete
    w.check()
    assert set(w.phases()) == {ISSUED}
    assert policy_questions(w) <= 8


@pytest.mark.parametrize("change", [SHORTER, LONGER, ONCE_ONLY], ids=["shorter", "longer", "once only"])
@pytest.mark.parametrize("touched", [{1}, {8}, {3, 4}, {12, 20}, set(range(1, 20))])
def test_whom_a_narrower_policy_refuses_waits_for_it_while_the_others_are_served(
    world: Any, kit: Any, change: Any, touched: set[int]
) -> None:
    """That others get what they asked for does not make the rows wrong that were right when they were planned."""
    w = world(20)
    policy = Policy(w, kit, change, lambda row: row in touched)
    policy.change()
    report = w.run()
    w.check()
    assert isinstance(report.failure, PolicyForbids)
    assert {row for row, phase in enumerate(w.phases(), 1) if phase is not ISSUED} >= touched
    assert REFUSED not in w.phases()
    policy.mend()
    assert w.run(resumed=True).complete
    w.check()
    assert set(w.phases()) == {ISSUED}


@CHANGES
@pytest.mark.parametrize("rows", [1, 5, 39])
def test_a_policy_that_is_mended_before_it_is_asked_refuses_nobody_for_good(
    world: Any, kit: Any, change: Any, rows: int
) -> None:
    """The rows are sent once more; they are not refused by what no longer holds."""
    w = world(rows + 1)
    policy = Policy(w, kit, change, lambda row: row > 1)  # one is served before
    policy.change()
    w.clock.call_at(0.15, policy.mend)
    report = w.run()
    w.check()
    assert report.complete
    assert set(w.phases()) == {ISSUED}


@pytest.mark.parametrize("rows", [1, 5, 39])
@pytest.mark.parametrize("served", [0, 1])
def test_who_may_not_have_a_pass_under_a_policy_that_is_on_fails_alone(
    world: Any, kit: Any, rows: int, served: int
) -> None:
    """Users out of its scope are refused one by one, whoever else is served, as long as they are few."""
    if served + rows >= 20 and not served:
        return  # so many, and nobody served: that is everybody's lot
    w = world(rows + served)
    w.tenant.fate_of = lambda row, time: kit.Fate(400, False, message=POLICY) if row > served else None
    report = w.run()
    w.check()
    assert report.complete
    assert w.phases() == [ISSUED] * served + [REFUSED] * rows


@pytest.mark.parametrize("change", [SHORTER, LONGER, ONCE_ONLY], ids=["shorter", "longer", "once only"])
def test_terms_that_the_service_refuses_although_the_policy_allows_them_fail_alone(
    world: Any, kit: Any, change: Any
) -> None:
    """What it says when it is read lags, or is read wrongly: each row is tried once more, and then has its outcome."""
    w = world(30)
    _, message = change
    odd = {3, 9}
    w.tenant.fate_of = lambda row, time: kit.Fate(400, False, message=message) if row in odd else None
    report = w.run()
    w.check()
    assert report.complete
    assert w.phases() == [REFUSED if row in odd else ISSUED for row in range(1, 31)]
    assert all(w.tenant.arrived[kit.object_id(row)] == 2 for row in odd)
    assert policy_questions(w) <= 4


@CHANGES
@pytest.mark.parametrize(("rows", "stops"), [(1, False), (5, False), (19, False), (60, True)])
def test_a_policy_that_cannot_be_read_leaves_few_refusals_to_their_rows(
    world: Any, kit: Any, change: Any, rows: int, stops: bool
) -> None:
    """Nothing tells then, as with a missing permission: few are the rows' own, and many are everybody's."""
    w = world(rows)
    policy = Policy(w, kit, change)
    policy.change()
    w.tenant.list_fate_of = lambda row, time: kit.Fate(403) if not row else None
    report = w.run()
    w.check()
    assert isinstance(report.failure, PolicyForbids) if stops else report.complete
    assert set(w.phases()) <= ({RowPhase.RELEASED, RowPhase.NOT_SENT} if stops else {REFUSED})
    assert policy_questions(w) <= 4


@CHANGES
def test_a_plan_that_was_made_without_the_policy_is_not_said_to_be_narrowed(world: Any, kit: Any, change: Any) -> None:
    """Where nobody knows what it allowed then, a row may have asked for too much from the beginning."""
    w = world(20)
    w.plan = replace(w.plan, policy=None)
    odd = {3, 9}
    policy = Policy(w, kit, change, lambda row: row in odd)
    policy.changed = True
    report = w.run()
    w.check()
    assert report.complete
    assert w.phases() == [REFUSED if row in odd else ISSUED for row in range(1, 21)]


@pytest.mark.parametrize("rows", [1, 5, 39])
def test_a_policy_that_is_off_stops_the_run_in_whatever_words_it_refuses(world: Any, kit: Any, rows: int) -> None:
    """How the service words it is not documented; that nobody may have a pass, the policy says itself."""
    w = world(rows)
    w.tenant.fate_of = lambda row, time: kit.Fate(403, False, message="no") if not w.tenant.allows_passes else None
    w.tenant.allows_passes = False
    report = w.run()
    w.check()
    assert isinstance(report.failure, PolicyForbids)
    assert not any(row.phase.settled for row in w.state().rows.values())
    w.tenant.allows_passes = True
    assert w.run(resumed=True).complete


@CHANGES
def test_what_a_changed_policy_stops_is_said_in_a_sentence_that_fits_one_row(world: Any, kit: Any, change: Any) -> None:
    """It names the policy, what mends it and what goes on; nothing is told to choose other terms for a plan."""
    w = world(1)
    Policy(w, kit, change).change()
    failure = w.run().failure
    assert "policy" in str(failure)
    assert "bulktap resume" in str(failure.hint) or "resume" in str(failure.hint)
    assert "last 1 " not in str(failure)


@CHANGES
@pytest.mark.parametrize("concurrency", [1, 6])
@pytest.mark.parametrize("last_served", [1, 4, 7])
def test_a_policy_that_changes_within_a_batch_stops_the_run_too(
    world: Any, kit: Any, change: Any, concurrency: int, last_served: int
) -> None:
    """Whoever was served in the same batch, or in one that was under way with it, was looked at before."""
    w = world(12, concurrency=concurrency)
    policy = Policy(w, kit, change, lambda row: row > last_served)
    policy.change()
    report = w.run()
    w.check()
    assert isinstance(report.failure, PolicyForbids)
    assert w.phases()[:last_served] == [ISSUED] * last_served
    assert set(w.phases()[last_served:]) <= {RowPhase.RELEASED, RowPhase.NOT_SENT}
    policy.mend()
    assert w.run(resumed=True).complete
    w.check()
    assert set(w.phases()) == {ISSUED}


@pytest.mark.parametrize("last_served", [1, 4, 7])
def test_a_permission_that_goes_within_a_batch_stops_the_run_too(world: Any, kit: Any, last_served: int) -> None:
    """Whether somebody who was served may still be listed tells it from administrators among others."""
    w = world(12)
    gone = [True]
    w.tenant.fate_of = lambda row, time: kit.Fate(403, False) if gone[0] and row > last_served else None
    w.tenant.list_fate_of = lambda row, time: kit.Fate(403) if gone[0] else None
    report = w.run()
    w.check()
    assert isinstance(report.failure, NotPermitted)
    assert REFUSED not in w.phases()
    gone[0] = False
    assert w.run(resumed=True).complete


@pytest.mark.parametrize("status", [403, 400])
@pytest.mark.parametrize("own", [{2}, {5, 6, 7}, {40}, {3, 21, 22, 39}])
def test_who_is_refused_among_others_is_not_sent_again(world: Any, kit: Any, status: int, own: set[int]) -> None:
    """Others are served beside them and after them, or by the word of policy and lists: a question or two."""
    w = world(40)
    message = POLICY if status == 400 else "no"
    w.tenant.fate_of = lambda row, time: kit.Fate(status, False, message=message) if row in own else None
    report = w.run()
    w.check()
    assert report.complete
    assert w.phases() == [REFUSED if row in own else ISSUED for row in range(1, 41)]
    assert policy_questions(w) <= 1
