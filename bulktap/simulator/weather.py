"""The weather: seeded faults of the network and of the service.

Each kind of fault has its own probability, so that a test can have one of them alone and always. A step's fault is
drawn from the seed, the step's address and how often it has come; a batch's from the seed and the batch's number: the
same run in the same order meets the same weather. Written as a name and options, separated by commas: `storm`,
`storm,seed=7,delay=3`, `fair,lost-batch=0.5`.

A fault with `done` in its description has carried out what it hides; whether a 503, a 504 or an HTML page had is drawn
too, with `done_all_the_same`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, fields, replace
from enum import StrEnum
from random import Random
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


class StepFault(StrEnum):
    """What befalls one step; its value is also the field with its probability."""

    NONE = "none"
    THROTTLED = "step_429"
    UNAVAILABLE = "step_503"
    GATEWAY_TIMEOUT = "step_504"


class BatchFault(StrEnum):
    """What befalls a whole batch; its value is also the field with its probability."""

    NONE = "none"
    RESET = "reset_batch"
    LOST = "lost_batch"
    DELAYED = "delayed_batch"
    TRUNCATED = "truncated"
    BROKEN_OFF = "broken_off"
    HTML_PAGE = "html_page"
    THROTTLED = "outer_429"
    UNAVAILABLE = "outer_503"


@dataclass(frozen=True, slots=True)
class Weather:
    """Probabilities, 0 to 1, and the few numbers that go with them."""

    name: str = "fair"
    seed: int = 0
    step_429: float = 0.0
    """A write step is throttled whatever the limits say."""
    step_503: float = 0.0
    """A write step answers 503, perhaps done."""
    step_504: float = 0.0
    """A write step answers 504, perhaps done."""
    done_all_the_same: float = 0.5
    """Whether a fault that hides what happened had been carried out."""
    wait_low: float = 0.2
    """The shortest `Retry-After` of the weather's own 429, seconds."""
    wait_high: float = 1.0
    """The longest."""
    reset_batch: float = 0.0
    """The connection is reset before anything is done."""
    lost_batch: float = 0.0
    """Done, and the connection closes without an answer."""
    delayed_batch: float = 0.0
    """Done and answered only `delay` seconds later; drawn for batches with a write."""
    delay: float = 3.0
    """Seconds; longer than the client's patience."""
    truncated: float = 0.0
    """Done, and the answer's JSON ends in the middle."""
    broken_off: float = 0.0
    """Done, and the connection closes in the middle of the answer."""
    html_page: float = 0.0
    """A gateway answers 502 with a page for people, perhaps done."""
    outer_429: float = 0.0
    """The envelope is throttled; nothing is done."""
    outer_503: float = 0.0
    """The envelope answers 503, perhaps done."""
    missing_item: float = 0.0
    """Done, and one step's answer is missing."""
    shuffled: float = 0.0
    """The steps' answers come in another order."""
    repeated_item: float = 0.0
    """One step's answer comes twice."""
    read_429: float = 0.0
    """A read step is throttled whatever the limits say."""
    read_503: float = 0.0
    """A read step answers 503."""
    token_batches: int = 0
    """A token stops being accepted after so many batches, whatever it promised; 0 means never."""
    somebody_else: float = 0.0
    """Around a create, another administrator issues a pass of another lifetime to the same user."""
    somebody_else_after_fault: float = 0.0
    """The same right after a create whose answer was a fault."""

    def step_fault(self, key: str, nth: int, *, write: bool) -> tuple[StepFault, Random]:
        """Draw what befalls a step, and give the randomness for its details."""
        random = Random(f"{self.seed}/step/{key}/{nth}")  # noqa: S311 - weather need not be unpredictable
        chances: dict[str, float] = {StepFault.THROTTLED: self.read_429, StepFault.UNAVAILABLE: self.read_503}
        if write:
            chances = {fault: self._chance(fault) for fault in StepFault if fault is not StepFault.NONE}
        return StepFault(_draw(chances, random)), random

    def batch_fault(self, number: str, *, write: bool) -> tuple[BatchFault, Random]:
        """Draw what befalls a batch; one without a write may be reset, nothing worse."""
        random = Random(f"{self.seed}/batch/{number}")  # noqa: S311 - weather need not be unpredictable
        possible = tuple(BatchFault)[1:] if write else (BatchFault.RESET, BatchFault.THROTTLED, BatchFault.UNAVAILABLE)
        return BatchFault(_draw({fault: self._chance(fault) for fault in possible}, random)), random

    @property
    def touches_steps(self) -> bool:
        """Whether a step can meet a fault at all; in fair weather nothing need be drawn."""
        return any(
            (
                self.step_429,
                self.step_503,
                self.step_504,
                self.read_429,
                self.read_503,
                self.somebody_else,
                self.somebody_else_after_fault,
            )
        )

    def _chance(self, fault: StepFault | BatchFault) -> float:
        return float(getattr(self, fault.value))


FAIR = Weather()
SHOWERS = Weather(name="showers", step_429=0.05, step_503=0.02, shuffled=0.2, read_429=0.02, read_503=0.01)
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
)
WEATHERS = {weather.name: weather for weather in (FAIR, SHOWERS, STORM)}
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
    kinds = {one.name: one.type for one in fields(Weather) if one.name != "name"}
    changes: dict[str, float | int] = {}
    for option in options:
        key, _equals, value = option.partition("=")
        option_name = key.strip().replace("-", "_")
        if option_name not in kinds:
            raise ValueError(f"unknown option of a weather: {key}")
        changes[option_name] = _number(option_name, value, whole=kinds[option_name] == "int")
    return replace(weather, **changes)  # type: ignore[arg-type]  # names and kinds were checked above


def _number(option: str, text: str, *, whole: bool) -> float | int:
    try:
        number = int(text) if whole else float(text)
    except ValueError:
        number = -1
    seconds = option in {"delay", "wait_low", "wait_high"}
    if not math.isfinite(number) or number < 0 or (number > 1 and not whole and not seconds):
        raise ValueError(f"not a usable number for a weather: {option}")
    return number


def _draw(chances: Mapping[str, float], random: Random) -> str:
    left = random.random()
    for fault, chance in chances.items():
        if left < chance:
            return fault
        left -= chance
    return "none"
