"""The rules of the simulation, each in a sentence, and what breaking one leaves behind."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


class Rule(StrEnum):
    """What can be broken."""

    # While creates leave
    NOT_ON_RECORD = "a create left that the journal does not have as the last event of its row"
    AFTER_STOP = "a create left after the request to stop"
    TWO_IN_FLIGHT = "a create left while another one of the same user was still under way"
    NOT_LISTED = "a create left without a list of the user's passes by this process or its plan"
    STALE_LIST = "a create left on the strength of a list that was older than ten minutes"
    NO_SECOND_LOOK = "a create was repeated without a list made a settle wait after the attempt that proves nothing"
    TOO_EARLY = "a resumed row was sent again before an earlier process's attempt could no longer take effect"
    REPLACED_ANOTHERS = "a pass of somebody else's that the last list had shown was about to be replaced"
    REPLACED_RECENT = "a pass that another run of ours had just issued was about to be replaced"
    REPLACED_HELD = "a live pass whose passcode is held was about to be replaced"
    RETRY_AFTER = "a throttled row was sent again before the wait that the service named was over"
    OTHER_TERMS = "a create asked for something else than the plan"
    SENT_AFTER_OUTCOME = "a row that was refused, skipped or left in doubt was sent again"
    # When a run is complete
    NOT_SETTLED = "a complete run has a row without an outcome"
    NOT_COMPARED = "an issued row was not compared after its last attempt could have taken effect, and no note says so"
    GAVE_UP_COMPARING = "a pass was said to be impossible to compare after too few lists, or although one showed it"
    HOOK = "the results were handed back before every row was settled, more than once, or not before comparing"
    # In the end
    DEAD_BY_US = "a passcode was handed out without a note, and a later create of the same run had killed it"
    DEAD_BY_OTHERS = "a passcode was handed out without a note, although a list could have shown that it was dead"
    NEVER_ISSUED = "a passcode was handed out that the user never had"
    NOT_REISSUED = "a new pass was asked for, and the row has the earlier one without a note that says so"
    LOST = "a live pass of the run is held by nobody, and the row does not say so"
    SILENT = "a user got several passes of the run without a note"
    WITHHELD = "a row is in doubt although its passcode is held and is the live one"
    DOUBT_WITHOUT_CAUSE = "a row is in doubt: nobody else acted, no eight replies were lost, the user is not odd"
    REFUSED_WITHOUT_REFUSAL = "a row is refused that nobody refused"
    SKIPPED_WITHOUT_CAUSE = "a row is skipped although no list showed a pass of somebody else's"
    SKIPPED_OUR_OWN = "a row is skipped although another process of the same run has made the pass that was found"
    SYSTEMATIC = "forty refusals in a row, of the whole tenant and nothing accepted in between, were settled one by one"
    UNBOUNDED = "the weather had cleared, and the run did not end"
    FAULT = "the program failed with an error of its own"
    COMPLAINT = "a task failed and nobody was told"


@dataclass(frozen=True, slots=True)
class Violation:
    """One broken rule."""

    rule: Rule
    at: float
    """Seconds of virtual time."""
    detail: str

    def __str__(self) -> str:
        return f"{self.rule.name}: {self.rule} (t={self.at:.3f}: {self.detail})"


def table(violations: Iterable[Violation]) -> str:
    """Return how often each broken rule was broken, a line each."""
    counts = Counter(one.rule for one in violations)
    return "\n".join(f"  {counts[rule]:6d}  {rule.name}: {rule}" for rule in Rule if counts[rule]) or "       none"
