"""The weather: seeded faults of the network and of the service, and all that it does late, stale or oddly.

Each kind of fault has its own probability, so that a test can have one of them alone and always. A step's fault is
drawn from the seed, the step's address and how often it has come; a batch's from the seed and the batch's number: the
same run in the same order meets the same weather. Written as a name and options, separated by commas: `storm`,
`storm,seed=7,delay=3`, `fair,lost-batch=0.5`, `fair,list-lag=60`, `fair,late-503=1,late-low=3,late-high=3`.

Whether what a fault hides was carried out: `late-...` faults carry it out after their answer; `step-...`, `html-page`
and `outer-503` at once or never (`done-all-the-same`); a 429 and a proxy never; the rest says so in its description.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from random import Random
from typing import TYPE_CHECKING, Any

from bulktap.simulator.faults import WITH_READS, BatchFault, SignInFault, StepFault
from bulktap.simulator.oddities import Oddities, Oddity
from bulktap.simulator.weather_options import (
    chance,
    count,
    option_kinds,
    option_lines,
    read_number,
    seconds,
    shift,
    switch,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

_WRITE_FAULTS = tuple(fault for fault in StepFault if fault is not StepFault.NONE)
_BATCH_FAULTS = tuple(fault for fault in BatchFault if fault is not BatchFault.NONE)
_SIGN_IN_FAULTS = tuple(fault for fault in SignInFault if fault is not SignInFault.NONE)


@dataclass(frozen=True, slots=True)
class Weather:
    """Probabilities, 0 to 1, and the numbers that go with them; each option says what it does."""

    name: str = "fair"
    seed: int = count("what every draw begins with")

    # Steps: what one write is answered.
    step_429: float = chance("a write step is throttled whatever the limits say")
    step_503: float = chance("a write step answers 503, perhaps done")
    step_504: float = chance("a write step answers 504, perhaps done")
    step_400: float = chance("a write step answers 400 ServiceUnavailable, perhaps done")
    step_408: float = chance("a write step answers 408, perhaps done")
    step_409: float = chance("a write step answers 409, perhaps done")
    step_412: float = chance("a write step answers 412, perhaps done")
    step_421: float = chance("a write step answers 421, perhaps done")
    step_423: float = chance("a write step answers 423, perhaps done")
    step_425: float = chance("a write step answers 425, perhaps done")
    step_500: float = chance("a write step answers 500, perhaps done")
    step_502: float = chance("a write step answers 502, perhaps done")
    step_507: float = chance("a write step answers 507, perhaps done")
    step_509: float = chance("a write step answers 509, perhaps done")
    repeated_post: float = chance("done, but a gateway repeated the request and passes on the second answer, 409")
    read_429: float = chance("a read step is throttled whatever the limits say")
    read_503: float = chance("a read step answers 503")
    done_all_the_same: float = chance("a fault that is perhaps done had been carried out", 0.5)
    wait_low: float = seconds("the shortest Retry-After of the weather's own 429", 0.2)
    wait_high: float = seconds("the longest", 1.0)

    # Batches: what becomes of a whole batch or its answer.
    reset_batch: float = chance("the connection is reset before anything is done")
    lost_batch: float = chance("done, and the connection closes without an answer")
    delayed_batch: float = chance("a batch with a write is done and answered only after `delay`")
    delay: float = seconds("how long that takes; longer than the client's patience", 3.0)
    truncated: float = chance("done, and the answer's JSON ends in the middle")
    broken_off: float = chance("done, and the connection closes in the middle of the answer")
    html_page: float = chance("a gateway answers 502 with a page for people, perhaps done")
    outer_429: float = chance("the envelope is throttled; nothing is done")
    outer_503: float = chance("the envelope answers 503, perhaps done")
    missing_item: float = chance("done, and one step's answer is missing")
    shuffled: float = chance("the steps' answers come in another order")
    repeated_item: float = chance("one step's answer comes twice")
    text_status: float = chance('the statuses of the steps come as text, such as "201"')
    token_batches: int = count("a token stops being accepted after so many batches, whatever it promised; 0: never")

    # Effects that land late: the answer goes out, the create is carried out afterwards.
    late_429: float = chance("a create answers 429 and is carried out late all the same")
    late_503: float = chance("a create answers 503 and is carried out late")
    late_504: float = chance("a create answers 504 and is carried out late")
    late_lost: float = chance("the connection closes without an answer, and the batch's creates are carried out late")
    late_html: float = chance("a gateway answers 502 with a page, and the batch's creates are carried out late")
    late_outer_503: float = chance("the envelope answers 503, and the batch's creates are carried out late")
    late_low: float = seconds("how long after its answer a late effect lands, at least", 1.0)
    late_high: float = seconds("at most", 3.0)

    # Lists that lag, and clocks that are off.
    list_lag: float = seconds("lists and single passes are shown as they were so long ago")
    replicas: int = count(
        "so many replicas answer in turn at random, each with a lag of its own up to list-lag; 0: one"
    )
    clock_off: float = shift("how far the service's clock is off: Date, createdDateTime, starts")
    wrong_date: float = chance("one answer's Date header is off by date-off, nothing else is")
    date_off: float = shift("by how much", -600.0)

    # Somebody else, who issues passes too.
    somebody_else: float = chance("around a create, another administrator issues a pass to the same user")
    somebody_else_after_fault: float = chance("the same right after a create whose answer was a fault")
    somebody_else_later: float = chance("the same late-low to late-high after the answer to a create")
    somebody_else_alike: float = chance("that pass has the terms of ours; otherwise another lifetime")

    # Users who are odd for ever: shares of all users.
    users_list_500: float = chance("share of users whose list always answers 500")
    users_create_503: float = chance("share of users whose create always answers 503, and never is done")
    users_administrator: float = chance("share of users whose passes answer 403 accessDenied: administrators")
    users_restricted: float = chance("share of users in a restricted administrative unit: a create answers 403")
    users_unlicensed: float = chance("share of users whose passes answer 403 for want of a licence")
    users_unusable: float = chance("share of users whose passes are created, and are DisabledByPolicy")
    users_new: float = chance("share of users whom the authentication methods answer with 404 for new-seconds")
    new_seconds: float = seconds("how long that lasts from the simulator's start", 30.0)

    # What changes while a run is under way, and perhaps back.
    permission_removed: int = switch("at the change, every pass answers 403")
    policy_off: int = switch("at the change, the policy is disabled")
    maximum_lifetime: int = count("at the change, the policy allows so many minutes at most; 0: as before")
    default_lifetime: int = count("at the change, the policy's default is so many minutes; 0: as before")
    change_creates: int = count("the change comes after so many creates have arrived")
    change_seconds: float = seconds("and not before so many seconds after the simulator's start")
    back_creates: int = count("it is undone after so many more creates; 0: never")
    back_seconds: float = seconds("it is undone after so many more seconds; 0: never")

    # Between client and service, and at the sign-in.
    proxy_403: float = chance("a proxy answers 403 with a page of its own; nothing is done")
    proxy_404: float = chance("a proxy answers 404 with a page of its own; nothing is done")
    proxy_login: float = chance("a proxy answers 200 with its login page; nothing is done")
    proxy_302: float = chance("a proxy redirects to its login page; nothing is done")
    proxy_407: float = chance("a proxy wants credentials, 407; nothing is done")
    sign_in_400: float = chance("the sign-in answers 400 temporarily_unavailable, AADSTS90033")
    sign_in_503: float = chance("the sign-in answers 503")

    def step_fault(self, key: str, nth: int, *, write: bool, create: bool = False) -> tuple[StepFault, Random]:
        """Draw what befalls a step, and give the randomness for its details; only a create can land late."""
        random = self.random(f"step/{key}/{nth}")
        chances: dict[str, float] = {StepFault.THROTTLED: self.read_429, StepFault.UNAVAILABLE: self.read_503}
        if write:
            chances = {fault: self._chance(fault) for fault in _WRITE_FAULTS if create or not fault.is_late}
        return StepFault(_draw(chances, random)), random

    def batch_fault(self, number: str, *, write: bool) -> tuple[BatchFault, Random]:
        """Draw what befalls a batch; one without a write may be reset or refused, nothing worse."""
        random = self.random(f"batch/{number}")
        possible = _BATCH_FAULTS if write else WITH_READS
        return BatchFault(_draw({fault: self._chance(fault) for fault in possible}, random)), random

    def sign_in_fault(self, number: str) -> SignInFault:
        """Draw what befalls a request for a token."""
        chances: dict[str, float] = {fault: self._chance(fault) for fault in _SIGN_IN_FAULTS}
        return SignInFault(_draw(chances, self.random(f"sign-in/{number}")))

    def date_shift(self, number: str) -> float:
        """Draw by how many seconds the `Date` of one answer is off."""
        return self.date_off if self.random(f"date/{number}").random() < self.wrong_date else 0.0

    def read_lag(self, key: str, nth: int) -> tuple[int, float]:
        """Draw which replica answers a read, and tell by how many seconds it lags."""
        if self.replicas == 0:
            return 0, self.list_lag
        replica = self.random(f"replica/{key}/{nth}").randrange(self.replicas)
        return replica, self.random(f"lag/{replica}").uniform(0.0, self.list_lag)

    def oddities(self, object_id: str) -> Oddities:
        """Draw what is odd about a user, for ever."""
        return frozenset(one for one in Oddity if self.random(f"user/{one}/{object_id}").random() < self._share(one))

    @property
    def has_odd_users(self) -> bool:
        """Tell whether anybody can be odd at all."""
        return any(self._share(one) for one in Oddity)

    @property
    def touches_steps(self) -> bool:
        """Tell whether a step can meet a fault at all; in fair weather nothing need be drawn."""
        chances = (
            *(self._chance(fault) for fault in _WRITE_FAULTS),
            self.read_429,
            self.read_503,
            self.somebody_else,
            self.somebody_else_after_fault,
            self.somebody_else_later,
        )
        return any(chances)

    def _chance(self, fault: StepFault | BatchFault | SignInFault) -> float:
        return float(getattr(self, fault.value))

    def _share(self, oddity: Oddity) -> float:
        return float(getattr(self, oddity.option))

    def random(self, what: str) -> Random:
        """Return the dice for one thing: the same for the same seed every time."""
        return Random(f"{self.seed}/{what}")  # noqa: S311 - a test is to repeat its weather, which a generator of secrets cannot


_HEADINGS = {
    "seed": "All draws",
    "step_429": "What a single step is answered (chances)",
    "reset_batch": "What becomes of a whole batch (chances)",
    "late_429": "Creates that land after their answer",
    "list_lag": "Lists that lag, clocks that are off",
    "somebody_else": "A second administrator (chances)",
    "users_list_500": 'Users who are odd for ever (shares; a tenant file marks one with "oddities": ["list_500"])',
    "permission_removed": "A change while a run is under way",
    "proxy_403": "A proxy in between, and the sign-in (chances)",
}
"""The heading over each group of options, by the first option of it."""

FAIR = Weather()
SHOWERS = Weather(
    name="showers",
    step_429=0.05,
    step_503=0.02,
    shuffled=0.2,
    read_429=0.02,
    read_503=0.01,
    list_lag=0.5,
    replicas=3,
)
LAG = Weather(name="lag", list_lag=60.0, replicas=3)
LATE = Weather(name="late", late_429=0.02, late_503=0.05, late_504=0.05, late_lost=0.05, late_html=0.02)
# No late 429 in a storm: a client that takes a 429 for proof that nothing was done, as the service documents it, cannot
# keep what it promises against one. `late` and `storm,late-429=0.01` have it.
STORM = Weather(
    name="storm",
    step_429=0.04,
    step_503=0.03,
    step_504=0.03,
    reset_batch=0.02,
    lost_batch=0.03,
    delayed_batch=0.01,
    truncated=0.01,
    broken_off=0.01,
    html_page=0.01,
    missing_item=0.02,
    shuffled=0.3,
    repeated_item=0.02,
    read_429=0.02,
    read_503=0.01,
    token_batches=15,
    somebody_else=0.01,
    somebody_else_after_fault=0.05,
    late_503=0.01,
    late_504=0.01,
    late_lost=0.01,
    late_html=0.003,
    late_outer_503=0.003,
    late_low=0.3,
    late_high=3.0,
    list_lag=3.0,
    replicas=3,
    step_400=0.002,
    step_409=0.002,
    step_412=0.001,
    step_421=0.001,
    step_423=0.001,
    step_425=0.001,
    repeated_post=0.003,
    text_status=0.005,
    wrong_date=0.01,
    somebody_else_later=0.003,
    proxy_403=0.002,
    proxy_404=0.001,
    proxy_login=0.002,
    proxy_302=0.002,
    proxy_407=0.001,
    sign_in_400=0.02,
    sign_in_503=0.02,
)
WEATHERS = {weather.name: weather for weather in (FAIR, SHOWERS, STORM, LAG, LATE)}
"""The weathers that have a name."""


def read_weather(text: str) -> Weather:
    """Read a weather as it is written on the command line.

    Raises:
        ValueError: the text names no weather, or an option is unknown or out of range; the message says which.
    """
    name, *options = (part.strip() for part in text.strip().lower().split(","))
    weather = WEATHERS.get(name)
    if weather is None:
        raise ValueError(f"unknown weather: {name}; there are {', '.join(WEATHERS)}")
    kinds = option_kinds(Weather)
    changes: dict[str, Any] = {}  # by the name of a field, as its own kind reads it
    for option in options:
        key, _equals, value = option.partition("=")
        option_name = key.strip().replace("-", "_")
        if option_name not in kinds:
            raise ValueError(f"unknown option of a weather: {key}")
        changes[option_name] = read_number(option_name, kinds[option_name], value.strip())
    return replace(weather, **changes)


def weather_options() -> dict[str, list[tuple[str, str]]]:
    """Return every option of a weather as it is written, with what it does, under headings."""
    groups: dict[str, list[tuple[str, str]]] = {}
    heading = _HEADINGS["seed"]
    for name, *line in option_lines(Weather):
        heading = _HEADINGS.get(name, heading)
        groups.setdefault(heading, []).append((line[0], line[1]))
    return groups


def _draw(chances: Mapping[str, float], random: Random) -> str:
    left = random.random()
    for fault, chance_of_it in chances.items():
        if left < chance_of_it:
            return fault
        left -= chance_of_it
    return "none"
