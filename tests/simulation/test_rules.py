"""Every rule of the simulation can be broken: a world of which nothing is checked would pass anything."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from scripted.clock import START
from simulation.journals import Journal
from simulation.process import IN_A_ROW, run_together
from simulation.rules import Rule, Violation, table
from simulation.stage import TERMS, Stage, refused
from simulation.truth import Attempt, Proof, User
from simulation.verdict import AT_THE_END
from simulation.watch import WHILE_SENDING

from bulktap.dispatch.settlements import NOT_COMPARED_NOTE
from bulktap.model.outcomes import InDoubt, Issued, IssuedPass, Refused, Skipped
from bulktap.model.pass_terms import PassTerms
from bulktap.model.passes import AccessPass
from bulktap.model.person_events import ReissueAsked
from bulktap.model.row_errors import RowErrorCode
from bulktap.model.run_events import Confirmed, Noted, Sent, Settled
from bulktap.model.secret import Secret

if TYPE_CHECKING:
    from collections.abc import Callable

    from simulation.process import Process

PROCESS_RULES = {Rule.SENT_AFTER_OUTCOME, Rule.HOOK, Rule.SYSTEMATIC, Rule.UNBOUNDED, Rule.FAULT, Rule.COMPLAINT}


# What breaks each rule while creates leave: the create that leaves last, and when


def _not_on_record(stage: Stage) -> tuple[Attempt, float]:
    return Attempt(1, "p1.1", 1000.0, TERMS, stage.process.name, [True]), 1000.0


def _after_stop(stage: Stage) -> tuple[Attempt, float]:
    stage.process.stopped_at = 1000.5
    return stage.sends("p1.1", at=1001.0), 1001.0


def _two_in_flight(stage: Stage) -> tuple[Attempt, float]:
    stage.sends("p1.1")
    return stage.sends("p1.2", at=1001.0), 1001.0


def _not_listed(stage: Stage) -> tuple[Attempt, float]:
    stage.process = stage.another("p2", resumed=True)
    return stage.sends("p2.1", "p2"), 1000.0


def _stale_list(stage: Stage) -> tuple[Attempt, float]:
    return stage.sends("p1.1", at=1800.0), 1800.0


def _no_second_look(stage: Stage) -> tuple[Attempt, float]:
    stage.answered("p1.1", Proof.UNPROVEN)
    stage.sees(1030.0, None)
    return stage.sends("p1.2", at=1031.5), 1031.5


def _too_early(stage: Stage) -> tuple[Attempt, float]:
    left = stage.sends("p1.1")
    left.alive[0] = False
    stage.clock.seconds = 1010.0
    stage.process = stage.another("p2", resumed=True)
    stage.sees(1125.0, None)
    return stage.sends("p2.1", "p2", at=1126.0), 1126.0


def _replaced_anothers(stage: Stage) -> tuple[Attempt, float]:
    stage.sees(1001.0, stage.makes("else-1", 1000.0))
    return stage.sends("p1.1", at=1002.0), 1002.0


def _replaced_recent(stage: Stage) -> tuple[Attempt, float]:
    stage.process.recent = {1: stage.makes("p0.1", 1000.0)}
    return stage.sends("p1.1", at=1002.0), 1002.0


def _replaced_held(stage: Stage) -> tuple[Attempt, float]:
    stage.issues("p1.1", 1000.0)
    return stage.sends("p1.2", at=1005.0), 1005.0


def _retry_after(stage: Stage) -> tuple[Attempt, float]:
    stage.answered("p1.1", Proof.THROTTLED).retry_after = 10.0
    return stage.sends("p1.2", at=1010.5), 1010.5


def _other_terms(stage: Stage) -> tuple[Attempt, float]:
    return stage.sends("p1.1", terms=replace(TERMS, lifetime=60)), 1000.0


WHILE: dict[Rule, Callable[[Stage], tuple[Attempt, float]]] = {
    Rule.NOT_ON_RECORD: _not_on_record,
    Rule.AFTER_STOP: _after_stop,
    Rule.TWO_IN_FLIGHT: _two_in_flight,
    Rule.NOT_LISTED: _not_listed,
    Rule.STALE_LIST: _stale_list,
    Rule.NO_SECOND_LOOK: _no_second_look,
    Rule.TOO_EARLY: _too_early,
    Rule.REPLACED_ANOTHERS: _replaced_anothers,
    Rule.REPLACED_RECENT: _replaced_recent,
    Rule.REPLACED_HELD: _replaced_held,
    Rule.RETRY_AFTER: _retry_after,
    Rule.OTHER_TERMS: _other_terms,
}


@pytest.mark.parametrize("rule", WHILE)
def test_a_create_can_break_it(rule: Rule) -> None:
    """Just this rule is broken by the create that leaves."""
    stage = Stage()
    attempt, now = WHILE[rule](stage)
    assert stage.breaks(attempt, now) == {rule}


def test_a_sound_create_breaks_nothing() -> None:
    """It is on record, and a list was made a settle wait after the attempt that proves nothing."""
    stage = Stage()
    stage.answered("p1.1", Proof.UNPROVEN)
    stage.sees(1031.0, None)
    assert stage.breaks(stage.sends("p1.2", at=1032.0), 1032.0) == set()


# What breaks each rule in the end


def _not_settled(stage: Stage) -> None:
    stage.answered("p1.1", Proof.THROTTLED)


def _not_compared(stage: Stage) -> None:
    stage.answered("p1.1", Proof.UNPROVEN)
    made = stage.issues("p1.2", 1035.0)
    stage.sees(1120.0, made)


def _gave_up_comparing(stage: Stage) -> None:
    stage.issues("p1.1", 1000.0)
    for asked in (1001.0, 1006.0, 1021.0):
        stage.sees(asked, None)
    stage.journal.record([Noted(1, NOT_COMPARED_NOTE), Confirmed(1)])


def _never_issued(stage: Stage) -> None:
    stage.answered("p1.1", Proof.CREATED)
    stage.settles(Issued(IssuedPass(AccessPass("unknown"), Secret("unknown"))))


def _dead_by_us(stage: Stage) -> None:
    late = stage.answered("p1.1", Proof.UNPROVEN)
    made = stage.issues("p1.2", 1035.0)
    stage.sees(1200.0, made)
    stage.journal.record([Noted(1, "Issued again.")])
    late.made = stage.makes("p1.1", 1201.0)


def _dead_by_others(stage: Stage) -> None:
    made = stage.issues("p1.1", 1000.0)
    stage.sees(1002.0, made)
    stage.sees(1005.0, stage.makes("else-1", 1004.0))


def _not_reissued(stage: Stage) -> None:
    made = stage.issues("p1.1", 1000.0)
    stage.sees(1200.0, made)
    stage.journal.record([ReissueAsked(1, START, made.pass_id, PassTerms())])
    stage.settles(Issued(IssuedPass(AccessPass(made.pass_id), Secret(made.passcode)), "A note on something else."))


def _lost(stage: Stage) -> None:
    stage.answered("p1.1", Proof.UNPROVEN).made = stage.makes("p1.1", 1000.5)
    stage.answered("p1.2", Proof.REFUSED, at=1035.0)
    stage.settles(Refused(refused()))


def _silent(stage: Stage) -> None:
    stage.answered("p1.1", Proof.UNPROVEN).made = stage.makes("p1.1", 1000.5)
    stage.sees(1200.0, stage.issues("p1.2", 1035.0))


def _withheld(stage: Stage) -> None:
    stage.issues("p1.1", 1000.0)
    stage.user.foreign_acts.append(1001.0)
    stage.settles(InDoubt(refused()))


def _doubt_without_cause(stage: Stage) -> None:
    for number in range(8):
        stage.answered(f"p1.{number}", Proof.UNPROVEN, at=1000.0 + 40 * number)
    stage.settles(InDoubt(refused()))


def _refused_without_refusal(stage: Stage) -> None:
    stage.answered("p1.1", Proof.THROTTLED)
    stage.settles(Refused(refused()))


def _skipped_without_cause(stage: Stage) -> None:
    stage.sees(1001.0, None)
    stage.settles(Skipped(refused()))


def _skipped_our_own(stage: Stage) -> None:
    stage.another("p0", resumed=True)
    stage.sees(1001.0, stage.makes("p0.1", 1000.0))
    stage.settles(Skipped(refused()))


END: dict[Rule, Callable[[Stage], None]] = {
    Rule.NOT_SETTLED: _not_settled,
    Rule.NOT_COMPARED: _not_compared,
    Rule.GAVE_UP_COMPARING: _gave_up_comparing,
    Rule.NEVER_ISSUED: _never_issued,
    Rule.DEAD_BY_US: _dead_by_us,
    Rule.DEAD_BY_OTHERS: _dead_by_others,
    Rule.NOT_REISSUED: _not_reissued,
    Rule.LOST: _lost,
    Rule.SILENT: _silent,
    Rule.WITHHELD: _withheld,
    Rule.DOUBT_WITHOUT_CAUSE: _doubt_without_cause,
    Rule.REFUSED_WITHOUT_REFUSAL: _refused_without_refusal,
    Rule.SKIPPED_WITHOUT_CAUSE: _skipped_without_cause,
    Rule.SKIPPED_OUR_OWN: _skipped_our_own,
}


@pytest.mark.parametrize("rule", END)
def test_an_end_can_break_it(rule: Rule) -> None:
    """Just this rule is broken by how the row ended."""
    stage = Stage()
    END[rule](stage)
    assert stage.ends() == {rule}


def test_a_sound_end_breaks_nothing() -> None:
    """Issued again with a note, and compared when the lost attempt could no longer take effect."""
    stage = Stage()
    stage.answered("p1.1", Proof.UNPROVEN).made = stage.makes("p1.1", 1000.5)
    made = stage.issues("p1.2", 1035.0)
    stage.sees(1131.0, made)
    stage.journal.record([Noted(1, "Issued again."), Confirmed(1)])
    assert stage.ends() == set()


def _rules_of(process: Process) -> set[Rule]:
    return {violation.rule for violation in process.violations}


def test_a_row_that_is_sent_after_its_outcome_is_found() -> None:
    """The journal shows it."""
    stage = Stage()
    stage.settles(Refused(refused()))
    stage.process.record([Sent(1, START, PassTerms(None, 480, usable_once=False), "p1.1")])
    assert _rules_of(stage.process) == {Rule.SENT_AFTER_OUTCOME}


def test_results_that_are_handed_back_too_late_are_found() -> None:
    """A pass was compared before anybody was told that the results are there."""
    stage = Stage()
    stage.issues("p1.1", 1000.0)
    stage.process.record([Confirmed(1)])
    assert _rules_of(stage.process) == {Rule.HOOK}


def test_results_that_are_handed_back_too_early_or_twice_are_found() -> None:
    """A row had no outcome yet."""
    stage = Stage()
    stage.process.loop.run(stage.process._when_settled())  # noqa: SLF001 - what the dispatcher calls
    assert _rules_of(stage.process) == {Rule.HOOK}
    stage.settles(Refused(refused()))
    stage.process.violations.clear()
    stage.process.loop.run(stage.process._when_settled())  # noqa: SLF001
    assert _rules_of(stage.process) == {Rule.HOOK}


def test_refusals_of_the_whole_tenant_that_are_settled_one_by_one_are_found() -> None:
    """The fortieth in a row says that it is not the rows."""
    stage = Stage()
    for _ in range(IN_A_ROW):
        stage.process.refuse(stage.user)
    stage.process.record([Settled(1, Refused(refused(RowErrorCode.REFUSED_NOT_PERMITTED)))])
    assert _rules_of(stage.process) == {Rule.SYSTEMATIC}


def test_a_fault_of_the_program_is_found() -> None:
    """The journal breaks in a way that nobody foresaw."""
    stage = Stage()
    stage.journal.record = lambda _events: 1 / 0  # type: ignore[method-assign]
    run_together([stage.process], until=9000.0)
    assert Rule.FAULT in _rules_of(stage.process)


def test_a_task_whose_failure_nobody_hears_of_is_found() -> None:
    """What the loop was told in the end."""
    stage = Stage()
    stage.process.loop.call_exception_handler({"message": "Task exception was never retrieved"})
    run_together([stage.process], until=9000.0)
    assert _rules_of(stage.process) == {Rule.COMPLAINT}


def test_a_run_that_does_not_end_is_found() -> None:
    """A user who is throttled for ever keeps the process at work beyond its time."""
    stage = Stage()
    stage.weather.creates, stage.weather.clears_at = [(1.0, "throttled")], 1e9
    run_together([stage.process], until=1100.0)
    assert _rules_of(stage.process) == {Rule.UNBOUNDED}


def test_every_rule_has_a_test_that_breaks_it() -> None:
    """No rule is left out of the tables above, and each is named when it is broken."""
    assert set(WHILE) == set(WHILE_SENDING)
    assert set(END) == set(AT_THE_END)
    assert set(Rule) == {*WHILE, *END, *PROCESS_RULES}
    told = table(Violation(rule, 1000.0, "") for rule in Rule)
    assert all(f"1  {rule.name}: " in told for rule in Rule)


def test_an_unbroken_run_in_fair_weather_breaks_nothing() -> None:
    """The stage itself is sound: the row is issued, compared and closed."""
    stage = Stage()
    run_together([stage.process], until=9000.0)
    assert stage.process.report is not None
    assert stage.process.report.complete
    assert stage.process.violations == stage.service.violations == []
    assert stage.ends(stage.clock.seconds) == set()


def test_the_journal_is_copied_whole() -> None:
    """A copy says the same, and goes its own way from there."""
    stage = Stage()
    stage.issues("p1.1", 1000.0)
    copy = stage.journal.copy("b")
    stage.settles(InDoubt(refused()))
    assert isinstance(copy, Journal)
    assert copy.state().rows[1].phase.name == "ISSUED"
    assert stage.journal.state().rows[1].phase.name == "IN_DOUBT"
    assert copy.held == {1: "Code-p1.1"}


def test_a_user_of_the_world_remembers_when_it_had_which_pass() -> None:
    """Lists that lag are answered from this."""
    user = User(1)
    assert user.at(1000.0) is None
    user.history.append((1000.0, None))
    assert user.current() is None
