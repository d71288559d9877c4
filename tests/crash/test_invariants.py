from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from harness.handed_out import HandedOut, LeftOut, PlannedUser, Workbook
from harness.invariants import Rule, find_violations, table
from harness.truth import TrueAttempt, TrueListing, TruePass, TrueUser, Truth, read_truth

US, THEM = "our application", "somebody else"
NOON = datetime(2035, 9, 1, 12, tzinfo=UTC)
ADELE = "00000000-0000-4000-8000-00000000000a"


def at(seconds: float) -> datetime:
    """Return the moment so many seconds after noon."""
    return NOON + timedelta(seconds=seconds)


def made(name: str, seconds: float, creator: str = US, *, hours: float = 2, used_up: bool = False) -> TruePass:
    """Return a pass whose id is a name and whose passcode is `code-` and the name."""
    digest = hashlib.sha256(f"code-{name}".encode()).hexdigest()
    return TruePass(name, digest, at(seconds), at(seconds) + timedelta(hours=hours), creator, used_up)


def tried(seconds: float, pass_id: str | None, *, until: float | None = None) -> TrueAttempt:
    """Return an attempt for Adele that the service was done with after a tenth of a second, or at `until`."""
    return TrueAttempt(ADELE, at(seconds), at(seconds + 0.1 if until is None else until), pass_id)


def tenant(*history: TruePass, **more: Any) -> Truth:
    """Return the truth about a tenant with one user, whose newest pass is the live one."""
    user = TrueUser(ADELE, "adele@contoso.com", history[-1].pass_id if history else None, history)
    return replace(Truth(US, at(600), {ADELE: user}), **more)


def broken(
    truth: Truth,
    *given: HandedOut,
    left_out: str = "",
    existing: str | None = None,
    planned: bool = True,
    doubts_may_be_ours: bool = False,
) -> list[Rule]:
    """Return the rules that a workbook with these passes breaks."""
    workbook = Workbook(given, (LeftOut(ADELE, left_out),) if left_out else ())
    plan = (PlannedUser(ADELE, existing),) if planned else ()
    found = find_violations(
        truth, plan, workbook, in_flight=timedelta(seconds=5), doubts_may_be_ours=doubts_may_be_ours
    )
    return [violation.rule for violation in found]


def handed(name: str, note: str = "") -> HandedOut:
    """Return the workbook's row for a pass."""
    return HandedOut(ADELE, f"code-{name}", name, note)


def test_a_sound_run_breaks_nothing() -> None:
    """One attempt after a listing, and the workbook holds the live pass."""
    truth = tenant(made("one", 2), attempts=(tried(1.9, "one"),), listings=(TrueListing(ADELE, at(1), delivered=True),))

    assert broken(truth, handed("one")) == []


def test_a_passcode_that_nobody_issued_is_found() -> None:
    """The digest decides; a passcode beside another pass's id is as bad."""
    truth = tenant(made("old", 1, THEM, hours=0), made("one", 2))

    assert broken(truth, replace(handed("one"), passcode="code-two")) == [Rule.NEVER_ISSUED]
    assert broken(truth, replace(handed("one"), pass_id="old")) == [Rule.NEVER_ISSUED]


def test_a_pass_that_we_killed_ourselves_is_found() -> None:
    """Even when somebody else issued after our second one."""
    note = "Issued again."

    assert broken(tenant(made("one", 1), made("two", 2)), handed("one", note)) == [Rule.KILLED]
    assert broken(tenant(made("one", 1), made("two", 2), made("x", 3, THEM)), handed("one", note)) == [Rule.KILLED]


def test_somebody_else_after_us_excuses_a_pass_that_is_not_live() -> None:
    """Their pass is newer than ours."""
    assert broken(tenant(made("one", 1), made("x", 2, THEM)), handed("one")) == []


def test_a_pass_that_was_deleted_is_found() -> None:
    """The newest pass of the history is ours, but nothing is live."""
    truth = tenant(made("one", 1))
    truth = replace(truth, users={ADELE: replace(truth.users[ADELE], current_pass_id=None)})

    assert broken(truth, handed("one")) == [Rule.GONE]


def test_a_live_pass_of_ours_that_nobody_was_handed_is_found() -> None:
    """Whatever the workbook says about the row; a doubt excuses it only where that is allowed."""
    truth = tenant(made("one", 1))

    assert broken(truth, left_out="Refused by the service") == [Rule.LOST]
    assert broken(truth, left_out="In doubt") == [Rule.LOST]
    assert broken(truth, left_out="In doubt", doubts_may_be_ours=True) == []
    assert broken(truth, left_out="Not sent", doubts_may_be_ours=True) == [Rule.LOST]
    assert broken(tenant(made("one", 1), made("x", 2, THEM)), left_out="In doubt") == []


def test_two_passes_of_one_user_are_found() -> None:
    """The second row is as wrong as the first is old."""
    truth = tenant(made("one", 1), made("two", 2))

    assert Rule.TWICE_IN_WORKBOOK in broken(truth, handed("one", "Again."), handed("two", "Again."))


def test_a_user_whom_no_sheet_mentions_is_found() -> None:
    """Nothing was issued, and nothing says so."""
    assert broken(tenant()) == [Rule.NOT_REPORTED]


def test_a_second_issue_without_a_note_is_found() -> None:
    """A note makes it right; a pass of somebody else's in between does not count as ours."""
    twice = tenant(made("one", 1), made("two", 2))

    assert broken(twice, handed("two")) == [Rule.SILENT]
    assert broken(twice, handed("two", "Issued again.")) == []
    assert broken(tenant(made("x", 1, THEM), made("one", 2)), handed("one")) == []


def test_a_late_pass_that_nobody_could_see_needs_no_note() -> None:
    """It landed after its answer and died when the handed-out one was created; a listing that showed it counts."""
    lost = replace(made("one", 1), late=True, died=at(2), ended_by="replaced by two")
    unseen = tenant(lost, made("two", 2))
    shown = TrueListing(ADELE, at(1.5), delivered=True, shown="one")

    assert broken(unseen, handed("two")) == []
    assert broken(replace(unseen, listings=(replace(shown, delivered=False),)), handed("two")) == []
    assert broken(replace(unseen, listings=(shown,)), handed("two")) == [Rule.SILENT]
    assert broken(replace(unseen, listings=(shown,)), handed("two", "Issued again.")) == []
    assert broken(tenant(replace(lost, late=False), made("two", 2)), handed("two")) == [Rule.SILENT]


def test_replacing_what_a_listing_had_shown_is_found() -> None:
    """Somebody else's pass, a listing that was delivered, then our create."""
    truth = tenant(
        made("x", 1, THEM),
        made("one", 4),
        attempts=(tried(3.9, "one"),),
        listings=(TrueListing(ADELE, at(2), delivered=True),),
    )

    assert broken(truth, handed("one")) == [Rule.REPLACED_ANOTHERS]
    assert broken(truth, handed("one"), existing="x") == [], "the plan named it"
    assert broken(replace(truth, listings=()), handed("one")) == [], "issued after the last listing"
    lost = (TrueListing(ADELE, at(2), delivered=False),)
    assert broken(replace(truth, listings=lost), handed("one")) == [], "the listing never arrived"
    later = (TrueListing(ADELE, at(3.95), delivered=True),)
    assert broken(replace(truth, listings=later), handed("one")) == [], "listed when the request had left"
    stale = (TrueListing(ADELE, at(2), delivered=True, lag=timedelta(seconds=1.5)),)
    assert broken(replace(truth, listings=stale), handed("one")) == [], "the list showed an earlier moment"


def test_a_pass_that_a_listing_showed_to_be_replaced_is_found() -> None:
    """Handed out without a note although a list that was not stale had shown somebody else's pass in its place."""
    truth = tenant(made("one", 1), made("x", 4, THEM), listings=(TrueListing(ADELE, at(6), delivered=True),))

    assert broken(truth, handed("one")) == [Rule.SUPERSEDED]
    assert broken(truth, handed("one", "Somebody issued another one.")) == []
    for listing in (
        TrueListing(ADELE, at(3), delivered=True),
        TrueListing(ADELE, at(6), delivered=False),
        TrueListing(ADELE, at(6), delivered=True, lag=timedelta(seconds=3)),
        TrueListing("somebody", at(6), delivered=True),
    ):
        assert broken(replace(truth, listings=(listing,)), handed("one")) == []


def test_a_pass_that_no_longer_works_may_be_replaced() -> None:
    """Expired, or one-time and used."""
    listings = (TrueListing(ADELE, at(3700), delivered=True),)
    expired = tenant(made("x", 1, THEM, hours=1), made("one", 3800), listings=listings)
    used = tenant(made("x", 1, THEM, used_up=True), made("one", 3800), listings=listings)

    assert broken(expired, handed("one")) == []
    assert broken(used, handed("one")) == []


def test_a_user_outside_the_plan_is_found() -> None:
    """An attempt is enough, even one that created nothing; somebody else's passes are not ours."""
    assert broken(tenant(attempts=(tried(1, None),)), planned=False) == [Rule.NOT_PLANNED]
    assert broken(tenant(made("one", 1)), planned=False) == [Rule.NOT_PLANNED]
    assert broken(tenant(made("x", 1, THEM)), planned=False) == []


def test_two_attempts_at_a_time_are_found() -> None:
    """A delayed one counts until it lands, but no longer than the time given."""
    note = "Issued again."
    history = (made("one", 3.1), made("two", 8))

    early = tenant(*history, attempts=(tried(0, "one", until=3.1), tried(3, "two")))
    assert broken(early, handed("two", note)) == [Rule.TWO_IN_FLIGHT]
    after = tenant(*history, attempts=(tried(0, "one", until=3.1), tried(3.2, "two")))
    assert broken(after, handed("two", note)) == []
    unending = TrueAttempt(ADELE, at(0), None, "one")
    assert broken(tenant(*history, attempts=(unending, tried(4.9, "two"))), handed("two", note)) == [Rule.TWO_IN_FLIGHT]
    assert broken(tenant(*history, attempts=(unending, tried(5.1, "two"))), handed("two", note)) == []


def test_the_table_names_every_rule() -> None:
    """Those that nothing broke with a zero."""
    lines = table(find_violations(tenant(), (PlannedUser(ADELE),), Workbook(()), in_flight=timedelta())).splitlines()

    assert len(lines) == len(Rule)
    assert f"      1  {Rule.NOT_REPORTED}" in lines
    assert f"      0  {Rule.LOST}" in lines


def test_the_simulators_json_is_read() -> None:
    """Moments, passes, attempts and listings arrive where the rules look for them."""
    one = {
        "id": "one", "digest": "d", "created": "2035-09-01T12:00:00+00:00", "starts": "2035-09-01T12:00:00+00:00",
        "lifetime_minutes": 60, "usable_once": True, "used": True, "creator": US, "late": True, "died": None,
        "ended_by": "", "client_request_id": "run-1/7",
    }  # fmt: skip
    attempt = {"received": "2035-09-01T12:00:00+00:00", "finished": None, "pass_id": "one"}
    lagging = {
        "at": "2035-09-01T12:00:00+00:00",
        "shown": "one",
        "as_of": "2035-09-01T11:59:00+00:00",
        "delivered": True,
    }
    dues = ("2035-09-01T12:11:00+00:00", "2035-09-01T12:10:30+00:00")
    truth = read_truth({
        "client_id": US,
        "now": "2035-09-01T12:10:00+00:00",
        "users": {ADELE: {"upn": "adele@contoso.com", "current_pass_id": "one", "history": [one]}},
        "attempts": [{"user": ADELE, **attempt, "lands": "2035-09-01T12:00:03+00:00"}],
        "listings": [{"user": ADELE, **lagging}],
        "late": [{"due": due} for due in dues],
    })  # fmt: skip

    expected = replace(made("one", 0, hours=1, used_up=True), digest="d", late=True, client_request_id="run-1/7")
    assert truth.users[ADELE].current == expected
    assert truth.attempts == (TrueAttempt(ADELE, NOON, None, "one", at(3)),)
    assert truth.listings == (TrueListing(ADELE, NOON, delivered=True, lag=timedelta(minutes=1), shown="one"),)
    assert truth.lands_by == at(660)
