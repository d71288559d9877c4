"""The story of a seed: plan, processes, kills, stops, copies of the journal, resumes; then the verdict."""

# ruff: noqa: S311 - the dice of a simulation are no secret
from __future__ import annotations

import math
import random
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from simulation.process import Process, run_together
from simulation.rules import Rule, Violation
from simulation.scene import Scene
from simulation.verdict import RowEnd, check_row

from bulktap.dispatch.settlements import NOT_COMPARED_NOTE, SAME_MOMENT_NOTE
from bulktap.model.person_events import ReissueAsked
from bulktap.model.row_phases import RowPhase

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from simulation.journals import Journal
    from simulation.truth import Look, TruePass

_LONGEST = 10_000.0
"""Seconds of virtual time that a process may go on when the weather has cleared."""
_RESUMES_IN_WEATHER, _RESUMES_AFTER = 3, 3
_EVERYTHING_HAS_LANDED = 100_000.0
_REISSUES = 0.25
"""Part of the stories after which passes are reissued."""


@dataclass(slots=True)
class Played:
    """What became of one seed."""

    seed: int
    counts: Counter[str] = field(default_factory=Counter)
    violations: list[Violation] = field(default_factory=list)


class Story:
    """One seed, played."""

    def __init__(self, seed: int, say: Callable[[float, str], None] | None = None) -> None:
        self.dice = random.Random(seed)
        self.played = Played(seed)
        self.scene = Scene(self.dice, random.Random(-2 - seed))
        self.clock, self.service = self.scene.clock, self.scene.service
        if say is not None:
            self.service.say = lambda words: say(self.clock.seconds - 1000.0, words)
        self._processes = 0
        self._closed: list[Journal] = []
        self._recent: dict[int, TruePass] = {}

    def play(self) -> Played:
        """Tell it from beginning to end."""
        self._tell(f"{self.scene.weather}")
        tell = self.dice.choices(
            [self._resumed, self._old_copy, self._second_process, self._second_plan], [60, 12, 15, 13]
        )[0]
        tell()
        self._reissue_perhaps(random.Random(-1 - self.played.seed))
        self.clock.seconds += _EVERYTHING_HAS_LANDED
        self.service.settle()
        self.played.violations += self.service.violations
        for journal in self._closed:
            self._judge(journal)
        self.played.counts["seeds"] += 1
        self.played.counts["seeds without a verdict"] += not self._closed
        return self.played

    # The four stories

    def _resumed(self) -> None:
        """Run, perhaps end early, resume until the run is complete."""
        journal = self._begun("a", self.dice.choice([0, 0, 1, 1, 2, 3]))
        self._finish(journal)

    def _old_copy(self) -> None:
        """A copy of the journal is made, the run goes on, and then the copy takes the journal's place."""
        copies: list[Journal] = []
        journal, looks = self._planned("a")
        moment = self.dice.choice([self.dice.uniform(0.0, 3.0), self.dice.uniform(0.0, 200.0)])
        self.clock.call_at(self.clock.seconds - 1000.0 + moment, lambda: copies.append(journal.copy("old")))
        self._work(journal, looks, 2)
        if self.dice.random() < 0.5:
            self._finish(journal)
        if not copies:
            copies.append(journal.copy("old"))
        self._tell("an older copy of the journal is put back")
        self._pause()
        self._finish(copies[0])

    def _second_process(self) -> None:
        """Two processes work on copies of one journal, at the same time or one after the other."""
        journal, looks = self._planned("a")
        begun = False
        if self.dice.random() < 0.7:
            self._work(journal, looks, 1)
            self._pause()
            begun = True
        copy = journal.copy("b")
        self._tell("the run folder is copied")
        if begun and self.dice.random() < 0.7:
            one, other = self._process(journal, None), self._process(copy, None)
            for process in (one, other):
                if self.dice.random() < 0.4:
                    self._disturb(process)
            self._run([one, other])
        if not begun:
            self._work(journal, looks, 1)
        self._finish(journal)
        if self.dice.random() < 0.5:
            self._pause()
        self._finish(copy)

    def _second_plan(self) -> None:
        """The same roster is applied again, by a plan made before or after the first run."""
        self.scene.let_lists_lag()
        before = self.scene.saved_plan("k") if self.dice.random() < 0.5 else None
        journal = self._begun("a", self.dice.choice([0, 0, 1]))
        self._finish(journal)
        if not journal.closed:
            return
        wait = self.dice.choice([0.0, 5.0, self.dice.uniform(0, 60), self.dice.uniform(0, 1500)])
        self._wait_until(self.clock.seconds + wait)
        self._recent = {
            number: one
            for number, passcode in journal.held.items()
            if (one := self.service.users[number].current()) is not None and one.passcode == passcode
        }
        again, looks = before or self.scene.plan("k", self._recent)
        again.recent_rows = set(self._recent)
        self._work(again, looks, self.dice.choice([1, 1, 2]))
        self._finish(again)

    def _reissue_perhaps(self, dice: random.Random) -> None:
        """After one story in four, new passes are asked for in the place of some of a finished run."""
        if not self._closed or dice.random() >= _REISSUES:
            return
        journal = dice.choice(self._closed)
        self._pause()
        if dice.random() < 0.3:
            self.scene.let_somebody_act_within(200.0)
            self._wait_until(self.clock.seconds + dice.uniform(0.0, 200.0))
        asked = self._asked_anew(journal, dice)
        if not asked or journal.refuses():
            return
        self._tell(f"new passes are asked for in {journal.name}: {[one.row for one in asked]}")
        journal.record(asked)
        self.played.counts["asked anew"] += len(asked)
        self._closed.remove(journal)
        journal.closed_at = None
        copy = journal.copy("z") if dice.random() < 0.3 else None
        self._work(journal, None, dice.choice([0, 1, 1, 2, 3]))
        self._finish(journal)
        if copy is not None:
            self._tell("a copy of when they were asked for is put back")
            self._pause()
            self._finish(copy)

    def _asked_anew(self, journal: Journal, dice: random.Random) -> list[ReissueAsked]:
        asked = []
        for number, row in journal.state().rows.items():
            if row.phase is not RowPhase.ISSUED or row.issued is None or dice.random() < 0.4:
                continue
            if any(note in {NOT_COMPARED_NOTE, SAME_MOMENT_NOTE} for note in row.notes):
                continue
            planned = next(one.request for one in journal.plan.creating() if one.number == number)
            if planned is not None:
                asked.append(ReissueAsked(number, self.clock.now(), row.issued.access_pass.pass_id, planned.terms))
        return asked

    # Their parts

    def _planned(self, name: str) -> tuple[Journal, dict[int, Look]]:
        if self.dice.random() < 0.15:
            journal, looks = self.scene.saved_plan(name)
            self._wait_until(self.clock.seconds + self.dice.uniform(0.0, 2000.0))
            return journal, looks
        journal, looks = self.scene.plan(name, {})
        if self.dice.random() < 0.15:  # the question waits for its answer
            wait = self.dice.uniform(0.0, 1000.0)
            if self.dice.random() < 0.4:
                self.scene.let_somebody_act_within(wait)
            self._wait_until(self.clock.seconds + wait)
        return journal, looks

    def _begun(self, name: str, early_ends: int) -> Journal:
        journal, looks = self._planned(name)
        self._work(journal, looks, early_ends)
        return journal

    def _work(self, journal: Journal, looks: Mapping[int, Look] | None, ends: int) -> None:
        """Let processes begin and go on with a run, each of them disturbed."""
        for number in range(ends):
            if journal.closed:
                return
            process = self._process(journal, None if number else looks)
            self._disturb(process)
            self._run([process])
            self._pause()
        if ends == 0:
            self._run([self._process(journal, looks)])

    def _process(self, journal: Journal, looks: Mapping[int, Look] | None) -> Process:
        self._processes += 1
        return Process(
            f"p{self._processes}",
            self.service,
            journal,
            resumed=looks is None,
            plan_looks=looks or {},
            recent=self._recent if journal.name == "k" else {},
            concurrency=self.dice.choice([1, 2, 6, 6, 6, 8]),
        )

    def _disturb(self, process: Process) -> None:
        """Let it be killed or stopped, in a round of its loop or at a moment, or perhaps not at all."""
        dice = self.dice
        drawn = dice.random()
        round_ = int(math.exp(dice.uniform(math.log(2), math.log(700))))
        moment = self.clock.seconds - 1000.0 + math.exp(dice.uniform(math.log(0.01), math.log(300.0)))
        if drawn < 0.45:
            process.loop.interruptions[round_] = process.kill
        elif drawn < 0.6:
            self.clock.call_at(moment, process.kill)
        elif drawn < 0.75:
            process.loop.interruptions[round_] = process.stop
        elif drawn < 0.9:
            self.clock.call_at(moment, process.stop)

    def _pause(self) -> None:
        dice = self.dice
        wait = dice.choice([0.0, 0.0, 1.0, dice.uniform(0, 20), dice.uniform(0, 200), dice.uniform(0, 4000)])
        self._wait_until(self.clock.seconds + wait)

    def _wait_until(self, seconds: float) -> None:
        """Let time pass while no process of ours is there; others act in it."""
        self.clock.pass_time(seconds)
        self.service.settle()

    def _run(self, processes: list[Process]) -> None:
        counts = self.played.counts
        clear = 1000.0 + self.scene.weather.clears_at
        run_together(processes, max(self.clock.seconds, clear) + _LONGEST)
        for process in processes:
            counts["runs"] += 1
            counts["resumes"] += process.resumed
            counts["kills"] += process.main is not None and process.report is None
            counts["stops"] += process.stopped_at is not None
            self.played.violations += process.violations
            if process.journal.closed and process.journal.closed_at is None:
                process.journal.closed_at = self.clock.seconds
                process.journal.left_out = process.report is not None and process.report.left_out > 0
                self._closed.append(process.journal)

    def _finish(self, journal: Journal) -> None:
        """Resume until the run is complete; when the weather has cleared, that takes few attempts."""
        for number in range(_RESUMES_IN_WEATHER + _RESUMES_AFTER):
            if journal.closed:
                return
            if number == _RESUMES_IN_WEATHER:
                self._wait_until(1000.001 + self.scene.weather.clears_at)  # their sum is not exact
            self._run([self._process(journal, None)])
            self._pause()
        if not journal.closed and not self._cannot_be_told(journal):
            detail = f"{journal.name} after {_RESUMES_AFTER} resumes in fair weather"
            self.played.violations.append(Violation(Rule.UNBOUNDED, self.clock.seconds, detail))

    def _cannot_be_told(self, journal: Journal) -> bool:
        """Return True if only odd users are left and nobody was served, so that it may be everybody's lot."""
        rows = journal.state().rows.values()
        served = any(row.phase is RowPhase.ISSUED for row in rows)
        return not served and all(row.phase.settled or self.service.users[row.number].odd for row in rows)

    def _judge(self, journal: Journal) -> None:
        counts, weather = self.played.counts, self.scene.weather
        state = journal.state()
        for number, row in state.rows.items():
            user = self.service.users[number]
            one = RowEnd(row, journal, user, weather, alone=len(state.rows) == 1)
            self.played.violations += check_row(one)
            counts["rows"] += 1
            counts["attempts"] += len(one.attempts)
            counts["issued"] += one.issued
            counts["issued again"] += any("Issued again" in note for note in row.notes)
            counts["in doubt"] += row.phase is RowPhase.IN_DOUBT
            counts["refused"] += row.phase is RowPhase.REFUSED
            counts["skipped"] += row.phase is RowPhase.SKIPPED
            counts["not compared"] += one.uncompared

    def _tell(self, words: str) -> None:
        if self.service.say:
            self.service.say(words)


def play(seed: int, say: Callable[[float, str], None] | None = None) -> Played:
    """Play one seed; `say` hears seconds of virtual time and what happens."""
    return Story(seed, say).play()
