"""The scene of a seed: its tenant before the run, its plan, and who else is at work there."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import cache
from typing import TYPE_CHECKING

from scripted.clock import START, VirtualClock
from simulation.journals import Journal
from simulation.process import object_id
from simulation.service import Service
from simulation.truth import Look, Terms
from simulation.weather import ODDITIES, draw_weather

from bulktap.model.pass_terms import PassTerms
from bulktap.model.passes import PassPolicy, PassRequest, PolicyState, UserRef
from bulktap.model.plan import Action, Plan, PlanRow, PlanSettings, RosterColumns, RosterInfo, RosterRow, TenantInfo

if TYPE_CHECKING:
    import random
    from collections.abc import Mapping
    from datetime import datetime

    from simulation.truth import TruePass, User

_POLICY = PassPolicy(PolicyState.ENABLED, 10, 43_200, 60, 8, forces_one_time=False)
_TENANT = TenantInfo("11111111-2222-4333-8444-555555555555", "Contoso", "global", simulated=True)
_SETTINGS = PlanSettings("UTC", "skip")


@cache
def _source(number: int) -> tuple[RosterRow, UserRef, str, str]:
    upn = f"user{number}@contoso.com"
    return RosterRow("staff.xlsx", "Staff", number + 1, (upn,)), UserRef(upn), upn, object_id(number)


@cache
def _roster(rows: int) -> tuple[RosterInfo, RosterColumns]:
    return RosterInfo("staff.xlsx", "Staff", "ab" * 32, rows), RosterColumns(("User",), {})


class Scene:
    """Everything of one seed that is there before the first process."""

    def __init__(self, dice: random.Random, more: random.Random) -> None:
        """Draw it; `more` are other dice, so that what was added later leaves what seeds drew before as it was."""
        self.dice = dice
        self.clock = VirtualClock()
        self.weather = draw_weather(dice)
        self.rows = self._draw_rows()
        self.service = Service(self.clock, self.weather, dice, self.rows)
        self.clock.wrong_by = timedelta(seconds=self.weather.wrong_by)
        self.replaces = dice.random() < 0.3
        self.terms = {number: self._draw_terms() for number in self.service.users}
        self._draw_oddities()
        self._draw_old_passes()
        self._draw_others()
        self._draw_others_at_once(more)

    def _draw_rows(self) -> int:
        dice, spans = self.dice, self.weather.forbidden or self.weather.switched_off
        drawn = dice.random()
        if spans and drawn < 0.3:
            return dice.randint(41, 60)
        most = 3 if drawn < 0.65 else 10 if drawn < 0.94 else 25 if drawn < 0.985 else 60
        return dice.randint(1, most)

    def _draw_terms(self) -> Terms:
        dice = self.dice
        if not hasattr(self, "_usual"):
            self._usual = Terms(None, dice.choice([60, 480, 10_080]), dice.random() < 0.3)
            self._starts = dice.random() < 0.15
        start = None
        if self._starts and dice.random() < 0.6:
            start = START + timedelta(seconds=dice.randint(-30, 90) if dice.random() < 0.5 else dice.randint(60, 4000))
        lifetime = self._usual.lifetime if dice.random() < 0.9 else dice.choice([10, 60, 480])
        return Terms(start, lifetime, self._usual.once)

    def _draw_oddities(self) -> None:
        dice = self.dice
        if self.rows < 3 or dice.random() >= 0.12:
            return
        for number in dice.sample(list(self.service.users), dice.randint(1, max(1, min(4, self.rows // 3)))):
            self.service.users[number].odd = dice.choice(ODDITIES)

    def _draw_old_passes(self) -> None:
        dice = self.dice
        if dice.random() >= (0.7 if self.replaces else 0.25):
            return
        for user in self.service.users.values():
            if dice.random() < 0.5:
                ago = dice.choice([dice.uniform(0.0, 70.0), dice.uniform(0.0, 9000.0)])
                terms = Terms(None, dice.choice([60, 480]), dice.random() < 0.5)
                self.service.make_earlier(user, 1000.0 - ago, terms)

    def _draw_others(self) -> None:
        """Let other administrators act at moments of their own, or right after us."""
        dice, service = self.dice, self.service
        # Replicas that differ matter only where somebody else acts.
        if dice.random() >= (0.8 if self.weather.replicas else 0.3):
            return
        latest = min(self.weather.clears_at, 400.0)
        for _ in range(dice.randint(1, 8 if self.weather.replicas else 3)):
            user = dice.choice(list(service.users.values()))
            terms = self._terms_of_others(user)
            if dice.random() < 0.6:
                seconds = dice.choice([dice.uniform(0.0, 3.0), dice.uniform(0.0, latest)])
                self.clock.call_at(seconds, lambda user=user, terms=terms: service.act_elsewhere(user, terms))
            else:
                self._race(user, terms)

    def _draw_others_at_once(self, more: random.Random) -> None:
        """Let others act within two seconds after us, which replicas show now in one order and now in the other."""
        if not self.weather.replicas or more.random() < 0.5:
            return
        for user in self.service.users.values():
            if more.random() < 0.5:
                self._act_after_ours(user, Terms(None, 600, once=False), more.uniform(0.1, 1.9))

    def _race(self, user: User, terms: Terms | None) -> None:
        """Let somebody act shortly after a pass of ours was made for this user."""
        wait = self.dice.choice([0.0, 0.01, self.dice.uniform(0.0, 2.0), self.dice.uniform(0.0, 150.0)])
        self._act_after_ours(user, terms, wait)

    def _act_after_ours(self, user: User, terms: Terms | None, wait: float) -> None:
        before, service = self.service.when_landed, self.service
        left = [1]

        def landed(one: User) -> None:
            before(one)
            if one is user and left[0]:
                left[0] -= 1
                at = self.clock.seconds - 1000.0 + wait
                self.clock.call_at(at, lambda: service.act_elsewhere(user, terms))

        service.when_landed = landed

    def _terms_of_others(self, user: User) -> Terms | None:
        drawn = self.dice.random()
        if drawn < 0.15:
            return None
        return self.terms[user.number] if drawn < 0.5 else Terms(None, 600, once=False)

    def let_somebody_act_within(self, seconds: float) -> None:
        """Let another administrator create a pass on the same terms in the time to come."""
        user = self.dice.choice(list(self.service.users.values()))
        at = self.clock.seconds - 1000.0 + self.dice.uniform(0.0, seconds)
        self.clock.call_at(at, lambda: self.service.act_elsewhere(user, self.terms[user.number]))

    def let_lists_lag(self) -> None:
        """Let lists lag, by times of their own, more often than elsewhere."""
        if self.dice.random() < 0.6:
            self.weather.lag, self.weather.replicas = self.dice.uniform(5.0, 60.0), True

    # Plans

    def plan(self, name: str, recent: Mapping[int, TruePass]) -> tuple[Journal, dict[int, Look]]:
        """List everybody and plan; return the empty journal of the run, and what was listed."""
        self.service.settle()
        now, service_now = self.clock.seconds, self.clock.service_now()
        rows, looks = [], {}
        for number, user in self.service.users.items():
            as_of = now - self.weather.lag_of(self.dice)
            look = Look(now, as_of, user.at(as_of), "plan")
            existing = look.shown if look.shown is not None and look.shown.works_at(service_now) else None
            if number in recent and now - recent[number].at < 900 and existing is not recent[number]:
                existing = recent[number]
            if existing is not None and not self.replaces:
                continue
            looks[number] = look
            rows.append(self._row(number, existing, service_now))
        info, columns = _roster(self.rows)
        plan = Plan(
            run=f"2035-09-01T0800Z-staff-{name}",
            created_at=self.clock.now(),
            expires_at=self.clock.now() + timedelta(days=1),
            tenant=_TENANT,
            roster=info,
            columns=columns,
            settings=_SETTINGS,
            rows=tuple(rows),
            policy=_POLICY,
        )
        journal = Journal(plan, name)
        journal.refuses = self._disk_is_full if self.weather.full_disks else lambda: False
        journal.recent_rows = set(recent)
        return journal, looks

    def saved_plan(self, name: str) -> tuple[Journal, dict[int, Look]]:
        """Plan to apply it later: its lists are made again then."""
        journal, _ = self.plan(name, {})
        rows = tuple(replace(row, listed_at=None) for row in journal.plan.rows)
        journal.plan = replace(journal.plan, rows=rows)
        return journal, {}

    def _row(self, number: int, existing: TruePass | None, listed_at: datetime) -> PlanRow:
        source, user, upn, oid = _source(number)
        terms = self.terms[number]
        return PlanRow(
            number=number,
            source=source,
            action=Action.ISSUE if existing is None else Action.REPLACE,
            request=PassRequest(user, PassTerms(terms.starts_at, terms.lifetime, terms.once)),
            object_id=oid,
            upn=upn,
            existing_pass_id=None if existing is None else existing.pass_id,
            listed_at=listed_at,
        )

    def _disk_is_full(self) -> bool:
        return any(span.covers(self.clock.seconds - 1000.0) for span in self.weather.full_disks)
