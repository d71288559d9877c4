"""A stage for one user, on which tests break the rules of the simulation one by one."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from scripted.clock import START, VirtualClock
from simulation.process import Process
from simulation.scene import Scene
from simulation.service import Service
from simulation.truth import Attempt, Look, Proof, Terms, TruePass
from simulation.verdict import AT_THE_END, RowEnd
from simulation.watch import WHILE_SENDING, Sending
from simulation.weather import Weather

from bulktap.dispatch.doubt_times import DoubtTimes
from bulktap.model.outcomes import Issued, IssuedPass
from bulktap.model.pass_terms import PassTerms
from bulktap.model.passes import AccessPass
from bulktap.model.row_errors import RowError, RowErrorCode
from bulktap.model.run_events import Sent, Settled
from bulktap.model.secret import Secret

if TYPE_CHECKING:
    from simulation.rules import Rule

TERMS = Terms(None, 480, once=False)


class FairDice:
    """Dice that draw no fault."""

    def random(self) -> float:
        """Return the middle."""
        return 0.5

    def uniform(self, low: float, high: float) -> float:
        """Return the middle."""
        return (low + high) / 2

    def choice(self, members: Any) -> Any:
        """Return the first."""
        return members[0]

    def randint(self, low: int, high: int) -> int:
        """Return the lower."""
        del high
        return low

    def sample(self, members: Any, count: int) -> Any:
        """Return the first ones."""
        return members[:count]


class Stage:
    """One user, one journal and one process, a thousand seconds into the world."""

    def __init__(self) -> None:
        self.scene = Scene(FairDice(), FairDice())  # type: ignore[arg-type]
        self.clock = VirtualClock()
        self.weather = Weather(DoubtTimes(100.0, 30.0))
        self.service = Service(self.clock, self.weather, FairDice(), 1)  # type: ignore[arg-type]
        self.scene.clock, self.scene.weather, self.scene.service = self.clock, self.weather, self.service
        self.scene.terms, self.scene.replaces = {1: TERMS}, False
        self.user = self.service.users[1]
        self.journal, self.looks = self.scene.plan("a", {})
        self.process = self.another("p1", resumed=False)

    def another(self, name: str, *, resumed: bool) -> Process:
        """Return a process of the same journal."""
        return Process(name, self.service, self.journal, resumed=resumed, plan_looks=self.looks, recent={})

    def sends(self, request_id: str, process: str = "p1", *, at: float = 1000.0, terms: Terms = TERMS) -> Attempt:
        """Let a create be on record and leave."""
        moment = START + timedelta(seconds=at - 1000.0)
        self.journal.record([Sent(1, moment, PassTerms(terms.starts_at, terms.lifetime, terms.once), request_id)])
        attempt = Attempt(1, request_id, at, terms, process, [True])
        self.user.attempts.append(attempt)
        return attempt

    def answered(self, request_id: str, proof: Proof, *, at: float = 1000.0, after: float = 1.0) -> Attempt:
        """Let a create leave and be answered."""
        attempt = self.sends(request_id, at=at)
        attempt.proof, attempt.answered = proof, at + after
        return attempt

    def makes(self, request_id: str, at: float, *, lifetime: int = 480) -> TruePass:
        """Let the user get a pass."""
        created = START + timedelta(seconds=at - 1000.0)
        made = TruePass(f"{request_id}/1", f"Code-{request_id}", request_id, at, created, created, lifetime, once=False)
        self.user.history.append((at, made))
        return made

    def sees(self, asked: float, shown: TruePass | None) -> None:
        """Let the process be answered a list."""
        self.process.see(self.user, Look(asked, asked, shown, "p1"))

    def issues(self, request_id: str, at: float) -> TruePass:
        """Let a create succeed, and be on record."""
        attempt = self.answered(request_id, Proof.CREATED, at=at)
        attempt.made = self.makes(request_id, at)
        self.settles(Issued(IssuedPass(AccessPass(attempt.made.pass_id), Secret(attempt.made.passcode))))
        return attempt.made

    def settles(self, outcome: Any) -> None:
        """Let the row reach an outcome."""
        self.journal.record([Settled(1, outcome)])

    def breaks(self, attempt: Attempt, now: float) -> set[Rule]:
        """Return the rules that a create breaks by leaving now."""
        moment = START + timedelta(seconds=now - 1000.0)
        sending = Sending(self.process, self.user, attempt, weather=self.weather, now=now, service_now=moment)
        return {rule for rule, check in WHILE_SENDING.items() if check(sending) is not None}

    def ends(self, at: float = 2000.0) -> set[Rule]:
        """Return the rules that the row's end breaks."""
        self.journal.closed_at = at
        one = RowEnd(self.journal.state().rows[1], self.journal, self.user, self.weather)
        return {rule for rule, check in AT_THE_END.items() if check(one) is not None}


def refused(code: RowErrorCode = RowErrorCode.REFUSED) -> RowError:
    """Return an error of a row."""
    return RowError(code, "Refused.", "Ask.")
