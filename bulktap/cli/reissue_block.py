"""The words for new passes in the place of a run's own: before the question, and after them."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from bulktap.dispatch.pass_states import PassState
from bulktap.planning.pass_times import PassTimes, in_words
from bulktap.results.wording import counted

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import TypeVar

    from bulktap.operations.reissue import ReissueEnd
    from bulktap.operations.reissue_preview import LeftAlone, Reissued, ReissuePreview

    _Person = TypeVar("_Person", LeftAlone, Reissued)

_MOST_NAMES = 20
STATE_WORDS = {
    PassState.LIVE: "works now",
    PassState.NOT_YET_VALID: "does not work yet",
    PassState.USED: "was used",
    PassState.EXPIRED: "has expired",
    PassState.REPLACED: "was replaced",
    PassState.GONE: "is gone",
    PassState.DISABLED: "does not work",
    PassState.UNREADABLE: "could not be read",
}
"""What is said of a pass in whose place a new one comes."""


def preview_lines(preview: ReissuePreview, *, every: bool) -> list[str]:
    """Return who gets a new pass in place of which, and when it works."""
    plan = preview.plan
    if not preview.reissued:
        return [f"{'Tenant':<11}{plan.tenant.label}", f"{'New':<11}nobody"]
    working = sum(one.state in {PassState.LIVE, PassState.NOT_YET_VALID} for one in preview.reissued)
    lines = [("Tenant", plan.tenant.label), ("New", counted(len(preview.reissued), "pass", "passes"))]
    if working:
        lines.append(("Replace", f"{working:,} of them in place of one that works, or is going to"))
    times = PassTimes.of(plan.rows, plan, preview.now)
    lines += [("Usable", text) for text in in_words(times, ZoneInfo(plan.settings.timezone))]
    lines.append(("Dead then", "the slips with the earlier passes of these people"))
    people = [f"  {_line(one)}" for one in _first(preview.reissued, every=every)]
    return [*[f"{label:<11}{text}" for label, text in lines], *people, *_more(preview.reissued, every=every)]


def left_alone_lines(left: Sequence[LeftAlone], *, every: bool) -> list[str]:
    """Return who gets no new pass, why, and what to do about it."""
    lines = []
    for one in _first(left, every=every):
        lines += [f"  {one.person.label}: {one.why}", *([f"      {one.hint}"] if one.hint else [])]
    return [*lines, *_more(left, every=every)]


def _line(one: Reissued) -> str:
    return f"{one.person.label}: the present pass {STATE_WORDS[one.state]}"


def _first(people: Sequence[_Person], *, every: bool) -> Sequence[_Person]:
    return people if every else people[:_MOST_NAMES]


def _more(people: Sequence[object], *, every: bool) -> Iterable[str]:
    rest = 0 if every else len(people) - _MOST_NAMES
    return [f"  and {rest:,} more (--verbose names all)"] if rest > 0 else []


def outcome_lines(done: ReissueEnd, *, every: bool) -> list[str]:
    """Return whose slips are dead now, and who has no new pass."""
    lines = []
    if done.new:
        lines.append(f"{counted(len(done.new), 'new pass', 'new passes')}; dead are the earlier slips of:")
        lines += [f"  {one.person.label}" for one in _first(done.new, every=every)]
        lines += _more(done.new, every=every)
    if done.not_new:
        lines.append("No new pass, see the note or the error report:")
        lines += [f"  {one.person.label}" for one in _first(done.not_new, every=every)]
        lines += _more(done.not_new, every=every)
    return lines


def members(done: ReissueEnd) -> dict[str, object]:
    """Return the members of the JSON object that only this command has."""
    new = {one.person.row.number for one in done.new}
    return {
        "reissued": [
            {
                "user": one.person.user,
                "row": one.person.row.source.number,
                "sheet": one.person.row.source.sheet,
                "object_id": one.person.row.object_id,
                "was": one.state.value,
                "dead_pass_id": one.old.pass_id,
                "new": one.person.row.number in new,
            }
            for one in done.preview.reissued
        ],
        "left_alone": [
            {
                "user": one.person.user,
                "row": one.person.row.source.number,
                "sheet": one.person.row.source.sheet,
                "state": one.state.value if one.state is not None else None,
                "why": one.why,
                "hint": one.hint,
            }
            for one in done.preview.left_alone
        ],
    }
