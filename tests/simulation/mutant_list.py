"""Faults that the simulation has to find: one change of the code each, with what it breaks."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial


@dataclass(frozen=True, slots=True)
class Mutant:
    """One fault."""

    file: str
    """Below the package."""
    old: str
    """What the code says; once in the file."""
    new: str
    breaks: str
    """What becomes of the program."""

    @property
    def name(self) -> str:
        """The file, and the sentence."""
        return f"{self.file}: {self.breaks}"


_doubts = partial(Mutant, "dispatch/doubt_rule.py")
_windows = partial(Mutant, "dispatch/doubt_times.py")
_settling = partial(Mutant, "dispatch/settlements.py")
_closing = partial(Mutant, "dispatch/closing_comparison.py")
_work = partial(Mutant, "dispatch/row_queues.py")
_listing = partial(Mutant, "dispatch/listings.py")
_failing = partial(Mutant, "dispatch/failing_lists.py")
_creating = partial(Mutant, "dispatch/creates.py")
_outcomes = partial(Mutant, "dispatch/create_outcomes.py")
_issuing = partial(Mutant, "dispatch/issuance.py")
_reissuing = partial(Mutant, "dispatch/reissuing.py")
_state = partial(Mutant, "model/run_state.py")

DOUBT_RULE = [
    _doubts(
        "if any(made_by(attempt, access_pass, times, default_lifetime) for attempt in attempts):",
        "if False:",
        "our lost passes are never recognised",
    ),
    _doubts("return SomebodyElses(access_pass)", "return Free()", "somebody else's pass does not stand in the way"),
    _doubts(
        "return all(asked is None or asked == given for asked, given in asked_and_given)",
        "return True",
        "a pass with other terms is taken for ours",
    ),
    _doubts(
        "if not earliest <= access_pass.created_at <= latest or",
        "if not earliest <= access_pass.created_at or",
        "a pass created after the window is taken for ours",
    ),
    _doubts(
        "if not earliest <= access_pass.created_at <= latest or",
        "if not access_pass.created_at <= latest or",
        "a pass created before the window is taken for ours",
    ),
    _doubts(
        "if not access_pass.is_live(now) or access_pass.pass_id == replaceable:",
        "if not access_pass.is_live(now):",
        "the pass that the plan names is not replaced",
    ),
    _windows(
        "seconds=self.reply_timeout + self.settle_wait",
        "seconds=self.settle_wait",
        "an attempt is over before the reply timeout",
    ),
    _work(
        "self._left_for(attempt, times, times.throttled + lag, service_now, monotonic)",
        "self._left_for(attempt, times, timedelta(0), service_now, monotonic)",
        "a throttled row is compared at once",
    ),
    _doubts("if not _came_before(held, access_pass):", "if False:", "an earlier pass is said to have replaced ours"),
    _doubts("return listed.pass_id == held.pass_id", "return True", "any pass that is listed is the held one"),
    _settling("MAX_LOST = 8", "MAX_LOST = 2", "a row is given up after three lost replies"),
    _settling("MAX_LOST = 8", "MAX_LOST = 8000", "a row that is odd for ever is never given up"),
    _settling("MAX_MISMATCHED = 2", "MAX_MISMATCHED = 0", "a pass that a late attempt replaced is not issued again"),
    _settling("work.lost += seen.losses_count", "work.lost += 3", "each lost reply counts three times"),
    _settling("return Settlement((Noted(number, note),), Next.CREATE)", "return Settlement((), Next.CREATE)",
              "issued again without a note"),
    _settling(
        "return Settlement((Settled(number, Skipped(about_passes.left_alone(found, work.zone))),), Next.DONE)",
        "return Settlement((), Next.CREATE)",
        "a live pass that turned up before the first create is replaced",
    ),
    _settling(
        "if not known and began is not None and",
        "if False and began is not None and",
        "an old copy of the journal takes its own pass for one that the plan may skip",
    ),
    _settling(
        "return listed if newer or any(is_same_pass(one, recent) for one in listed) else [recent]",
        "return listed",
        "what another run has just issued is forgotten while lists lag",
    ),
    _settling("RECENT = timedelta(minutes=15)", "RECENT = timedelta(seconds=5)", "recent means five seconds"),
]  # fmt: skip

COMPARISON = [
    _closing("and not work.state.confirmed\n            and not work", "and False\n            and not work",
             "the closing comparison is left out"),
    _settling("elif work.later is not None:", "elif False:", "an older view takes back what a newer one has shown"),
    _settling("if work.comparisons >= most:", "if True:", "a mismatch is judged at the first look"),
    _settling("_COMPARE_AGAIN = (1 / 6, 1 / 2, 3 / 2)", "_COMPARE_AGAIN = (1 / 6,)", "a pass is looked for only twice"),
    _settling(
        "return Settlement((Noted(number, note), Confirmed(number, shown=False)), Next.DONE)",
        "return Settlement((Settled(number, InDoubt(about_passes.never_settled(1))),), Next.DONE)",
        "a passcode is withheld for lack of evidence",
    ),
    _settling(
        "return Settlement((Noted(number, note), Confirmed(number, shown=False)), Next.DONE)",
        "return Settlement((Confirmed(number),), Next.DONE)",
        "a pass that could not be compared has no note",
    ),
    _settling(
        "if not found.ours and not (found.perhaps_ours and not seen.others_at_work):",
        "if False:",
        "somebody else's later pass is replaced by ours",
    ),
    _settling(
        "or _superseded(work, found, seen)",
        "or _kept(work, NOT_COMPARED_NOTE)",
        "a pass that was replaced is handed out as not compared",
    ),
    _listing("self._queues.queue_list_at(work, now + settlement.wait)", "self._queues.queue_list_at(work, now)",
             "the looks of a comparison follow each other at once"),
    _issuing("while not self._loop.stopping and self._closing.", "if not self._loop.stopping and self._closing.",
             "what the comparison issues again is not compared in its turn"),
    _issuing("await self._when_settled()", "pass", "nobody is told that the results are there"),
    _state(
        "row.unproven, row.confirmed = [] if event.shown and row.unproven else row.unproven, True",
        "row.unproven, row.confirmed = [] if event.shown and row.unproven else row.unproven, False",
        "no comparison is ever enough",
    ),
    _state("row.confirmed, row.spared = None, False, False", "row.confirmed, row.spared = None, True, False",
           "an issued pass counts as compared"),
]  # fmt: skip

WINDOWS = [
    _work("elif comparing:", "elif False:", "a pass is compared before this process's attempts have ended"),
    _work(
        "waits.append(min(wait, self.inherited_by + lag.total_seconds() - monotonic))",
        "waits.append(0.0)",
        "resume does not wait for the earlier process's attempts",
    ),
    _work("        if comparing:\n            waits +=", "        if False:\n            waits +=",
          "rows that met only 429s are compared at once"),
    _work("FINDING_AGE = timedelta(minutes=10)", "FINDING_AGE = timedelta(days=10)", "a listing is trusted for ever"),
    _work(
        "return self.listed_at is not None and not self.asked_about and now - self.listed_at <= FINDING_AGE",
        "return True",
        "rows that were never listed are sent",
    ),
    _issuing(
        "None if resumed else rows[number].listed_at",
        "rows[number].listed_at",
        "resume trusts what the plan had listed",
    ),
    _creating(
        "now + max(move.wait, self._tools.times.settle_wait)",
        "now",
        "a lost reply is looked into at once",
    ),
    _outcomes("self.retry_after = max(retry_after, self.retry_after or 0.0)", "self.retry_after = None",
              "the wait that the service names is ignored"),
    Mutant("dispatch/run_start.py", "if work.state.phase.settled:", "if False:",
           "resume works on rows that have their outcome"),
    _state("row.unproven.append(row.awaiting)", "pass", "an attempt without an answer is forgotten"),
    _state("row.throttled.append(released)", "pass", "a throttled attempt is forgotten"),
]  # fmt: skip

JOURNAL_AND_PROOF = [
    _creating(
        "sent = [one.sent(now, request_id) for one in asked.values()]",
        "sent: list[Event] = []",
        "nothing is on record before it leaves",
    ),
    _issuing("await self._tools.recorder.record(events, keep=keep, hurry=hurry)", "pass",
             "nothing is on record at all"),
    Mutant("dispatch/recorder.py", "self._store.record, events)", "self._store.record, events[1:])",
           "the first event of each commit is lost"),
    _creating("return not stopping() and", "return True and", "a batch leaves after the request to stop"),
    _creating("await self._commit([*outcome.events, *refusals], keep=True)", "await self._commit(refusals, keep=True)",
              "what came back is not recorded"),
    _outcomes("self._doubt(work, verdict.cause)", "self._send_again(work, 504)", "a lost reply is repeated at once"),
    _outcomes(
        'self._doubt(work, "HTTP 503", verdict.retry_after or 0.0)',
        "self._send_again(work, 503)",
        "a 503 is repeated at once",
    ),
    _outcomes('else CreateDoubtful("the reply has no answer for this request")', "else CreateThrottled(None, {})",
              "a missing answer counts as throttled"),
    _outcomes("doubted = is_doubted(work.state)", "doubted = False",
              "a refused row does not say that an earlier request may have made a pass"),
    Mutant("graph/error_detail.py", "frozenset({408, 409, 412, 421, 423, 425})", "frozenset({408})",
           "a conflict counts as a refusal"),
    Mutant("graph/error_detail.py", "return detail.is_graph_error and not", "return not",
           "a proxy's page counts as a refusal"),
    Mutant("graph/access_passes.py", 'CreateDoubtful(f"HTTP {status} without a passcode")', "CreateThrottled(None, {})",
           "a success without a passcode counts as throttled"),
    Mutant("dispatch/create_requests.py", "request = replace(request, terms=replace(terms, starts_at=None))", "pass",
           "a start that is past or near is sent as it is"),
]  # fmt: skip

LISTING_AND_WITHHOLDING = [
    _failing(
        "if work.failed_lists >= LIST_TRIES and not self.outage.is_general:",
        "if False:",
        "a row that cannot be listed holds up the run",
    ),
    _failing("UNVOUCHED_ROUNDS = 6", "UNVOUCHED_ROUNDS = 0", "an outage of the service burns rows"),
    _failing("LIST_TRIES = 10", "LIST_TRIES = 1", "a row is given up after one failed list"),
    Mutant("dispatch/systematic_refusals.py", "REFUSALS_THAT_STOP = 20", "REFUSALS_THAT_STOP = 20_000",
           "a permission that is gone refuses one row after the other"),
    _creating("if own is False or (own is None and suspicious):", "if False:",
              "refusals in a row are always the rows' own"),
    _listing("return (Settled(number, Refused(error)),)", "return (Settled(number, InDoubt(error)),)",
             "a row that was never sent is left in doubt"),
    _listing(
        "return (Noted(number, COMPARISON_NOTE + error.message), Confirmed(number, shown=False))",
        "return (Confirmed(number, shown=False),)",
        "a pass whose user cannot be listed is handed out without a note",
    ),
]  # fmt: skip

REISSUING = [
    _doubts("if held is not None and (is_same", "if replaces_held or held is not None and (is_same",
            "a new pass that was asked for replaces whatever is there"),
    _doubts("if not replaces_held and any(held", "if any(held", "a new pass that was asked for is never issued"),
    _state("ReissueAsked: RowPhase.RELEASED", "ReissueAsked: RowPhase.ISSUED", "a wish for a new pass is forgotten"),
    _reissuing('return Issued(issued, f"A new pass', 'return Issued(issued) or Issued(issued, f"A new pass',
               "nobody hears that the earlier slip is dead"),
]  # fmt: skip

MUTANTS = [*DOUBT_RULE, *COMPARISON, *WINDOWS, *JOURNAL_AND_PROOF, *LISTING_AND_WITHHOLDING, *REISSUING]
