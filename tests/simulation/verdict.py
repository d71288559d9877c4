"""What is checked of each row when its run is complete and everything under way has taken effect."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

from scripted.clock import START
from simulation.rules import Rule, Violation
from simulation.truth import Proof

from bulktap.dispatch.failing_lists import VOUCHED_TRIES
from bulktap.dispatch.listings import COMPARISON_NOTE
from bulktap.dispatch.settlements import NOT_COMPARED_NOTE, SAME_MOMENT_NOTE
from bulktap.model.row_errors import RowErrorCode
from bulktap.model.row_phases import RowPhase

if TYPE_CHECKING:
    from collections.abc import Callable

    from simulation.journals import Journal
    from simulation.truth import Attempt, Look, TruePass, User
    from simulation.weather import Weather

    from bulktap.model.run_state import RowState

_LOOKS_BEFORE_GIVING_UP = 4
_OPEN = {Proof.UNPROVEN, Proof.UNANSWERED}
_MOST_LOST = 8
_MOST_SUPERSEDED = 2
_LIST_TRIES = 10
_FAR_OFF = 120.0
_LIST_SECONDS = 600.0


class RowEnd:
    """How one row ended, and what really happened to its user."""

    def __init__(self, row: RowState, journal: Journal, user: User, weather: Weather, *, alone: bool = False) -> None:
        self.row, self.journal, self.user, self.weather = row, journal, user, weather
        self.alone = alone
        """Whether no other row was there from which an outage could be told."""
        requests = journal.requests.get(row.number, ())
        self.requests = set(requests)
        self.attempts = [one for one in user.attempts if one.request_id in self.requests]
        looks: list[Look] = journal.looks.get(row.number, [])
        self.looks = looks[: journal.compared.get(row.number)] if row.phase is RowPhase.ISSUED else looks
        self.issued = row.phase is RowPhase.ISSUED
        passcode = row.issued.value.reveal() if row.issued is not None else None
        self.held: TruePass | None = next(
            (one for _, one in user.history if one is not None and one.passcode == passcode), None
        )
        unsure = {NOT_COMPARED_NOTE, SAME_MOMENT_NOTE}
        self.uncompared = any(note in unsure or note.startswith(COMPARISON_NOTE) for note in row.notes)

    def is_ours(self, one: TruePass) -> bool:
        """Return True if a create on record has made the pass."""
        return one.request_id in self.requests

    def made_by_throttled(self, one: TruePass) -> bool:
        """Return True if a create made the pass although it was answered 429."""
        return any(attempt.made is one and attempt.proof is Proof.THROTTLED for attempt in self.attempts)

    def last_sight(self) -> Look | None:
        """Return the last list that showed the pass that is held."""
        return next((look for look in reversed(self.looks) if look.shown is self.held), None)


def not_settled(one: RowEnd) -> str | None:
    """Every row of a complete run has an outcome."""
    return None if one.row.phase.settled else f"{one.row.phase}"


def not_compared(one: RowEnd) -> str | None:
    """A list shows the held pass, asked when nothing of the row could take effect any more."""
    if not one.issued or one.uncompared or one.held is None or one.journal.left_out:
        return None
    due = max((_ends(attempt, one.weather) for attempt in one.attempts), default=0.0) - one.weather.clock_slack
    if any(look.shown is one.held and look.asked >= due for look in one.looks):
        return None
    last = one.looks[-1].asked if one.looks else None
    return f"due at {due:.3f}, last list asked at {last}"


def _ends(attempt: Attempt, weather: Weather) -> float:
    if attempt.proof in _OPEN:
        return attempt.sent + weather.times.reply_timeout + weather.times.settle_wait
    if attempt.proof is Proof.THROTTLED:
        return attempt.sent + weather.times.settle_wait
    return attempt.sent


def gave_up_comparing(one: RowEnd) -> str | None:
    """The note that a pass could not be compared follows four lists over the given time, none of which shows it."""
    if NOT_COMPARED_NOTE not in one.row.notes or not one.issued or one.held is None:
        return None
    last = one.looks[-_LOOKS_BEFORE_GIVING_UP:]
    span = (1 / 6 + 1 / 2 + 3 / 2) * one.weather.times.settle_wait
    if any(look.shown is one.held for look in last):
        return "one of the last lists shows it"
    if len(last) < _LOOKS_BEFORE_GIVING_UP or last[-1].asked - last[0].asked < span * 0.99:
        return f"lists at {[round(look.asked, 1) for look in last]}"
    return None


def never_issued(one: RowEnd) -> str | None:
    """The passcode is one that the user got, beside the id of its pass."""
    if one.row.issued is None:
        return "no passcode" if one.issued else None
    if one.held is None or one.row.issued.access_pass.pass_id != one.held.pass_id:
        return one.row.issued.access_pass.pass_id
    return None


def dead_by_us(one: RowEnd) -> str | None:
    """Nothing of the same run came after the pass that is handed out."""
    if not one.issued or one.held is None or one.uncompared:
        return None
    after = one.user.after(one.held)
    if after is None or after[1] is None or not one.is_ours(after[1]):
        return None
    sight = one.last_sight()
    if one.weather.lag > one.weather.times.settle_wait and sight is not None and after[0] > sight.as_of:
        return None  # a list that lags for longer than the settle wait cannot show it
    return f"{one.held.pass_id} by {after[1].pass_id} at {after[0]:.3f}"


def dead_by_others(one: RowEnd) -> str | None:
    """No list has shown a later pass than the one that is handed out.

    What a process saw that was killed before it judged, nobody knows.
    """
    if not one.issued or one.held is None or one.uncompared or one.journal.left_out or not one.looks:
        return None
    for look in (look for look in one.looks if look.process == one.looks[-1].process):
        if look.shown is not None and look.shown.at > one.held.at:
            return f"{look.shown.pass_id} was shown at {look.asked:.3f}"
    return None


def not_reissued(one: RowEnd) -> str | None:
    """Where a new pass was asked for, the row has another than before, or says that it has not."""
    asked, issued = one.journal.asked.get(one.row.number), one.row.issued
    if asked is None or not one.issued or issued is None or issued.access_pass.pass_id != asked:
        return None
    return None if any("was not issued" in note for note in one.row.notes) else asked


def lost(one: RowEnd) -> str | None:
    """Who lives with a pass of ours that nobody holds is told so by the row."""
    current = one.user.current()
    if current is None or not one.is_ours(current) or one.row.phase is RowPhase.ISSUED:
        return None
    told = one.row.error.message if one.row.error is not None else ""
    # A list that lags may show somebody's older pass only; then the row is rightly in doubt.
    if one.row.phase is RowPhase.IN_DOUBT and (one.weather.lag or "that somebody else created" not in told):
        return None
    if one.row.phase is RowPhase.IN_DOUBT and _dated_wrongly(one):
        return None
    if (one.row.issued is None or one.row.phase is RowPhase.IN_DOUBT) and one.made_by_throttled(current):
        return None  # the service broke its word, and no comparison showed it
    says = one.row.error is not None and "passcode nobody has" in one.row.error.message
    return None if says else f"{current.pass_id}, and the row is {one.row.phase}"


def silent(one: RowEnd) -> str | None:
    """Several passes of ours leave a note, or an error; what a 429 made and ours then replaced, nobody can know."""
    count = sum(not one.made_by_throttled(made) for made in one.user.made_by(one.journal))
    return f"{count} passes" if count > 1 and not one.row.notes and one.row.error is None else None


def withheld(one: RowEnd) -> str | None:
    """A row in doubt has no passcode that works."""
    closed = one.journal.closed_at or 0.0
    if one.user.odd or _cannot_be_listed(one):
        return None  # nobody can tell whether a request for a new one has replaced it
    if one.row.phase is not RowPhase.IN_DOUBT or one.held is None or one.user.at(closed) is not one.held:
        return None
    return one.held.pass_id


def doubt_without_cause(one: RowEnd) -> str | None:
    """In doubt is who met somebody else, lost too many replies, or is odd; who was never sent met somebody else."""
    if one.row.phase is not RowPhase.IN_DOUBT:
        return None
    if not one.requests and all(look.shown is None for look in one.looks):
        return "it was never sent, and no list showed a pass"
    if one.user.odd or _somebody_acted(one) or _cannot_be_listed(one):
        return None
    lost_replies = sum(attempt.proof in _OPEN for attempt in one.attempts) + _never_left(one)
    broken_word = any(attempt.proof is Proof.THROTTLED and attempt.made is not None for attempt in one.attempts)
    if lost_replies > _MOST_LOST or _superseded(one) > _MOST_SUPERSEDED or broken_word or _dated_wrongly(one):
        return None
    return f"{lost_replies} lost replies: {one.row.error.message if one.row.error else ''}"


def _dated_wrongly(one: RowEnd) -> bool:
    """Return True if a `Date` that was far off stands in the journal, and the process that knew better is gone."""
    if one.weather.dates != "wrong":
        return False
    left = {attempt.request_id: attempt for attempt in one.attempts}
    last = one.looks[-1].process if one.looks else ""
    return any(
        abs((sent.sent_at - START).total_seconds() - (left[sent.request_id].sent - 1000.0)) > _FAR_OFF
        for sent in one.journal.open.get(one.row.number, ())
        if sent.request_id in left and left[sent.request_id].process != last
    )


def _never_left(one: RowEnd) -> int:
    """Count the creates that proved nothing and whose process was killed before that was recorded."""
    counted = {attempt.request_id for attempt in one.attempts if attempt.proof in _OPEN}
    counted |= {request for row, request in one.journal.turned_away if row == one.row.number}
    return sum(sent.request_id not in counted for sent in one.journal.open.get(one.row.number, ()))


def _somebody_acted(one: RowEnd) -> bool:
    since = 1000.0 - one.weather.lag
    made = any(at >= since and made is not None and not one.is_ours(made) for at, made in one.user.history)
    return made or any(at >= since for at in one.user.foreign_acts)


def _cannot_be_listed(one: RowEnd) -> bool:
    if one.user.most_failed_lists >= _LIST_TRIES + VOUCHED_TRIES - 1:
        return True  # others were listed right before each of the last failures
    if one.weather.outages and not one.alone:
        return False
    return one.user.most_failed_lists >= _LIST_TRIES or one.user.longest_failing >= _LIST_SECONDS


def _superseded(one: RowEnd) -> int:
    """Count the passes that were answered, and then killed by an attempt of ours that took effect late."""
    proofs = {attempt.made: attempt.proof for attempt in one.attempts if attempt.made is not None}
    made = [proofs.get(each) for _, each in one.user.history if each is not None]
    return sum(before is Proof.CREATED and after in _OPEN for before, after in pairwise(made))


def refused_without_refusal(one: RowEnd) -> str | None:
    """Somebody refused what is refused: the service, or the calendar."""
    if one.row.phase is not RowPhase.REFUSED or one.user.odd or _cannot_be_listed(one) or one.user.refused_lists:
        return None
    if any(attempt.proof is Proof.REFUSED for attempt in one.attempts):
        return None
    if one.row.error is not None and one.row.error.code is RowErrorCode.START_IN_PAST and _is_over(one):
        return None
    return one.row.error.message if one.row.error else "no error"


def _is_over(one: RowEnd) -> bool:
    request = next(row.request for row in one.journal.plan.creating() if row.number == one.row.number)
    if request is None or request.terms.starts_at is None or request.terms.lifetime_minutes is None:
        return False
    closed = START + timedelta(seconds=(one.journal.closed_at or 0.0) - 1000.0 + one.weather.clock_slack)
    return request.terms.starts_at + timedelta(minutes=request.terms.lifetime_minutes) <= closed


def skipped_without_cause(one: RowEnd) -> str | None:
    """A skipped user was shown with a pass of somebody else's, or has one of another run of ours."""
    if one.row.phase is not RowPhase.SKIPPED or one.row.number in one.journal.recent_rows:
        return None
    named = next(row.existing_pass_id for row in one.journal.plan.creating() if row.number == one.row.number)
    shown = [look.shown for look in one.looks if look.shown is not None and look.shown.pass_id != named]
    if any(not one.is_ours(made) or one.made_by_throttled(made) for made in shown):
        return None
    return "no list shows one"


def skipped_our_own(one: RowEnd) -> str | None:
    """What another process of the same run has made is in doubt, not skipped: the journal may be an old copy."""
    if one.row.phase is not RowPhase.SKIPPED or not one.looks or one.looks[-1].shown is None:
        return None
    made = one.looks[-1].shown
    if one.made_by_throttled(made):
        return None
    return made.pass_id if made.request_id.split(".")[0] in one.journal.siblings else None


AT_THE_END: dict[Rule, Callable[[RowEnd], str | None]] = {
    Rule.NOT_SETTLED: not_settled,
    Rule.NOT_COMPARED: not_compared,
    Rule.GAVE_UP_COMPARING: gave_up_comparing,
    Rule.NEVER_ISSUED: never_issued,
    Rule.DEAD_BY_US: dead_by_us,
    Rule.DEAD_BY_OTHERS: dead_by_others,
    Rule.NOT_REISSUED: not_reissued,
    Rule.LOST: lost,
    Rule.SILENT: silent,
    Rule.WITHHELD: withheld,
    Rule.DOUBT_WITHOUT_CAUSE: doubt_without_cause,
    Rule.REFUSED_WITHOUT_REFUSAL: refused_without_refusal,
    Rule.SKIPPED_WITHOUT_CAUSE: skipped_without_cause,
    Rule.SKIPPED_OUR_OWN: skipped_our_own,
}


def check_row(one: RowEnd) -> list[Violation]:
    """Return the rules that a row's end breaks."""
    broken = []
    for rule, check in AT_THE_END.items():
        if (detail := check(one)) is not None:
            at = one.journal.closed_at or 0.0
            broken.append(Violation(rule, at, f"{one.journal.name}, user {one.row.number}: {detail}"))
    return broken
