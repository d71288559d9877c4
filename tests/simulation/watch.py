"""What is checked at the moment a create leaves; each rule is a function of what is known by then."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from simulation.rules import Rule, Violation
from simulation.truth import Proof

from bulktap.model.run_events import Sent

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from simulation.journals import Journal
    from simulation.truth import Attempt, Look, TruePass, User
    from simulation.weather import Weather

    from bulktap.model.plan import PlanRow

LIST_AGE = 600.0
RECENT = 900.0
TOLERANCE = timedelta(minutes=2)
"""By how much a pass may have been created before its attempt was sent, or after it could land: the clocks' part."""
REMEMBERED = 100.0
"""Seconds for which what a list has shown counts, although a later one is of an earlier time."""
_ALMOST = 1e-6


class Sending:
    """A create that is about to leave, with all that the rules look at."""

    __slots__ = ("attempt", "known", "looks", "now", "others", "process", "service_now", "user", "weather")

    def __init__(
        self, process: Sender, user: User, attempt: Attempt, *, weather: Weather, now: float, service_now: datetime
    ) -> None:
        self.process, self.user, self.attempt, self.weather = process, user, attempt, weather
        self.now, self.service_now = now, service_now
        requests = process.journal.requests.get(user.number, ())
        self.known = [one for one in user.attempts if one is not attempt and one.request_id in requests]
        """Earlier attempts that are on this journal's record."""
        self.looks = process.looks.get(user.number, ())
        """Lists that this process was answered; the first may be the plan's."""


class Sender:
    """What the rules want to know of a process."""

    name: str
    journal: Journal
    began: float
    stopped_at: float | None
    rows: dict[int, PlanRow]
    looks: dict[int, list[Look]]
    recent: dict[int, TruePass]


def not_on_record(one: Sending) -> str | None:
    """The last event of the row is the sending of just this request."""
    last = one.process.journal.last.get(one.user.number)
    if isinstance(last, Sent) and last.request_id == one.attempt.request_id:
        return None
    return f"the last event is {type(last).__name__}"


def after_stop(one: Sending) -> str | None:
    """Nothing leaves once the operator has said stop."""
    stopped = one.process.stopped_at
    return f"stopped at {stopped:.3f}" if stopped is not None else None


def two_in_flight(one: Sending) -> str | None:
    """No earlier attempt that is on record may still be under way."""
    under_way = next((other for other in one.known if other.under_way(one.now)), None)
    return f"{under_way.request_id}, sent at {under_way.sent:.3f}" if under_way else None


def not_listed(one: Sending) -> str | None:
    """This process, or the plan that it begins with, has seen the user's passes."""
    return None if one.looks else "no list"


def stale_list(one: Sending) -> str | None:
    """A list older than ten minutes is made again; clocks that are off are allowed for."""
    if not one.looks:
        return None
    age, allowed = one.now - one.looks[-1].asked, LIST_AGE + 15 + one.weather.clock_slack
    return f"{age:.0f} s old" if age > allowed + one.weather.times.reply_timeout else None


def no_second_look(one: Sending) -> str | None:
    """An attempt of this very process that proves nothing is looked into after the settle wait."""
    mine = [other for other in one.known if other.process == one.process.name and other.proof is Proof.UNPROVEN]
    if not mine or mine[-1].answered is None:
        return None
    due = mine[-1].answered + one.weather.times.settle_wait - _ALMOST
    if any(look.asked >= due for look in one.looks):
        return None
    return f"{mine[-1].request_id} was answered at {mine[-1].answered:.3f}"


def too_early(one: Sending) -> str | None:
    """A list of a resumed process counts when no attempt of an earlier process can take effect any more."""
    window = one.weather.times.reply_timeout + one.weather.times.settle_wait
    for other in one.known:
        if other.process == one.process.name or other.proof not in {Proof.UNANSWERED, Proof.UNPROVEN}:
            continue
        due = min(other.sent + window - one.weather.clock_slack, one.process.began + window)
        if due > other.sent and not any(look.asked >= due - _ALMOST for look in one.looks):
            return f"{other.request_id} was sent at {other.sent:.3f}, this process began at {one.process.began:.3f}"
    return None


def replaced_anothers(one: Sending) -> str | None:
    """No list showed a live pass of somebody else's that could be told from ours, or that the plan names."""
    # Replicas lag differently, so that an earlier list may be of a later time. What none showed cannot be known.
    recent = [look.shown for look in one.looks if one.now - look.asked <= REMEMBERED]
    shown = next((found for found in recent if found is one.user.current()), None)
    if shown is None or shown.request_id in one.process.journal.requests.get(one.user.number, ()):
        return None
    if shown.pass_id == one.process.rows[one.user.number].existing_pass_id or not shown.works_at(one.service_now):
        return None
    earlier = one.process.journal.open.get(one.user.number, [])
    if any(_may_have_made(sent, shown, one.weather) for sent in earlier if sent.request_id != one.attempt.request_id):
        return None
    return shown.pass_id


def _may_have_made(sent: Sent, made: TruePass, weather: Weather) -> bool:
    window = timedelta(seconds=weather.times.reply_timeout + weather.times.settle_wait)
    same = (made.lifetime, made.once) == (sent.terms.lifetime_minutes, sent.terms.usable_once)
    # Where the service dates a reply wrongly, what is on record of the sending may be off by as much.
    tolerance = TOLERANCE + timedelta(seconds=weather.date_error)
    return same and sent.sent_at - tolerance <= made.created_at <= sent.sent_at + window + tolerance


def replaced_recent(one: Sending) -> str | None:
    """What another run of ours has issued less than a quarter of an hour ago is left alone, whatever the list says."""
    recent = one.process.recent.get(one.user.number)
    if recent is None or one.user.current() is not recent or one.known or not recent.works_at(one.service_now):
        return None
    if recent.pass_id == one.process.rows[one.user.number].existing_pass_id:
        return None
    return recent.pass_id if one.now - recent.at < RECENT - 15 - one.weather.clock_slack else None


def replaced_held(one: Sending) -> str | None:
    """A pass whose passcode is on record is never replaced, but for the very one in whose place a new one was asked."""
    current, held = one.user.current(), one.process.journal.held.get(one.user.number)
    if current is not None and current.pass_id == one.process.journal.replacing.get(one.user.number):
        return None
    return current.pass_id if held is not None and current is not None and current.passcode == held else None


def retry_after(one: Sending) -> str | None:
    """A throttled row waits as long as it was told."""
    other = one.known[-1] if one.known else None
    if other is None or other.proof is not Proof.THROTTLED or other.process != one.process.name:
        return None
    if other.retry_after is None or other.answered is None:
        return None
    due = other.answered + other.retry_after
    return f"not before {due:.3f}" if one.now < due - _ALMOST else None


def other_terms(one: Sending) -> str | None:
    """Lifetime and one-time are the plan's; so is the start, or it is left out because it is near."""
    request, terms = one.process.rows[one.user.number].request, one.attempt.terms
    if request is None or (request.terms.lifetime_minutes, request.terms.usable_once) != (terms.lifetime, terms.once):
        return f"{terms}"
    if terms.starts_at is None:
        far = request.terms.starts_at is not None and (request.terms.starts_at - one.service_now).total_seconds()
        return "a start that is not near was left out" if far and far > 75 + one.weather.clock_slack else None
    if (terms.starts_at - one.service_now).total_seconds() < 30 - one.weather.clock_slack:
        return f"a start that is past or near: {terms.starts_at}"
    return None if terms.starts_at == request.terms.starts_at else f"{terms.starts_at}"


WHILE_SENDING: dict[Rule, Callable[[Sending], str | None]] = {
    Rule.NOT_ON_RECORD: not_on_record,
    Rule.AFTER_STOP: after_stop,
    Rule.TWO_IN_FLIGHT: two_in_flight,
    Rule.NOT_LISTED: not_listed,
    Rule.STALE_LIST: stale_list,
    Rule.NO_SECOND_LOOK: no_second_look,
    Rule.TOO_EARLY: too_early,
    Rule.REPLACED_ANOTHERS: replaced_anothers,
    Rule.REPLACED_RECENT: replaced_recent,
    Rule.REPLACED_HELD: replaced_held,
    Rule.RETRY_AFTER: retry_after,
    Rule.OTHER_TERMS: other_terms,
}


def check_sending(one: Sending) -> list[Violation]:
    """Return the rules that a create breaks by leaving now."""
    broken = []
    for rule, check in WHILE_SENDING.items():
        if (detail := check(one)) is not None:
            broken.append(Violation(rule, one.now, f"user {one.user.number}, {one.attempt.request_id}: {detail}"))
    return broken
