"""What stands on the first sheet of plan.html: all that whoever signs has to know."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import TYPE_CHECKING

from bulktap.model.plan import Action
from bulktap.model.plan_review import LEFT_MATTERS
from bulktap.model.row_errors import RowErrorCode
from bulktap.results.figures import Mark, natural_order
from bulktap.results.page.content import Tile
from bulktap.results.plan_facts import group_heading, plan_zone
from bulktap.results.wording import ACTION_WORDS, between, clock, counted, lasting

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bulktap.model.plan import Plan
    from bulktap.model.plan_review import NameTally, PlanReview
    from bulktap.results.plan_facts import Facts
    from bulktap.results.sign_off_view import SignOffView

MARKS: Mapping[Action, Mark] = {
    Action.ISSUE: Mark.PASS,
    Action.REPLACE: Mark.REPLACE,
    Action.MERGE: Mark.SHARE,
    Action.SKIP: Mark.SKIP,
    Action.REFUSE: Mark.FAULT,
}
_MOST_GROUPS = 6
_LEFT_OUT = "Left out while reading"
_EXISTING: Mapping[str, str] = {
    "skip": "Whoever has a pass that works is left alone",
    "replace": "A pass that works is replaced: the old passcode stops working and cannot be brought back",
    "fail": "Whoever has a pass that works is reported as an error, and gets none",
}


def tiles(view: SignOffView) -> list[Tile]:
    """Return how many rows there are of each kind; what is not known is not counted."""
    counts = view.plan.counts()
    known = view.plan.existing_is_known
    unsure = () if known else (Action.REPLACE, *(() if counts[Action.SKIP] else (Action.SKIP,)))
    shown = [one for one in Action if (counts[one] or one is not Action.MERGE) and one not in unsure]
    left_out = sum(map(len, view.plan.left_out().values()))
    counts[Action.SKIP] -= left_out
    return [
        *(Tile(counts[action], ACTION_WORDS[action].within, MARKS[action]) for action in shown),
        Tile(left_out, "left out while reading", Mark.SKIP),
        Tile(warned_rows(view.facts.review), "with a warning", Mark.WAIT),
    ]


def warned_rows(review: PlanReview) -> int:
    """Return how many rows get a pass and a warning."""
    return len({number for warning in review.warnings for number in warning.numbers})


def is_served(action: Action) -> bool:
    """Return true if such a row has a pass in the end, its own or another row's."""
    return action.creates or action is Action.MERGE


def usable_lines(view: SignOffView) -> list[str]:
    """Return from when until when the passes work, a paragraph each."""
    return [f"Usable {line}" for line in view.facts.review.usable]


def sign_off_facts(view: SignOffView) -> Facts:
    """Return who asks for what, how it is taken back, and which plan it is."""
    plan, settings = view.plan, view.plan.settings
    facts: Facts = [
        ("Asked for by", _who(view)),
        ("Ticket", settings.ticket or "None given"),
        ("Reason", settings.reason or "None given"),
    ]
    facts += _groups(plan)
    if view.facts.review.names is not None:
        facts.append(("Names", names_in_words(view.facts.review.names)))
    facts.append(("Existing passes", _existing(plan)))
    if any(True for _ in plan.creating()):
        facts.append(("Each pass works", _how_often(plan)))
    facts += _left_out(view)
    facts += taking_back(plan)
    facts += _timing(plan, view.facts.review.least_left)
    facts += [
        ("May be carried out until", f"{clock(plan.expires_at, plan_zone(plan))} ({settings.timezone})"),
        ("Plan", plan.run),
        ("Fingerprint (digest)", view.facts.review.fingerprint),
    ]
    return facts


def _groups(plan: Plan) -> Facts:
    """Return which classes or sites the passes are for, as far as the roster says."""
    names = sorted({row.group for row in plan.creating() if row.group}, key=natural_order)
    if not names:
        return []
    told = ", ".join(names) if len(names) <= _MOST_GROUPS else f"{len(names):,}, {names[0]} to {names[-1]}"
    return [(group_heading(plan), told)]


def _who(view: SignOffView) -> str:
    who = f"{view.facts.operator}, on {view.facts.computer}"
    return f"{who}; signed in as app {view.facts.app_id}" if view.facts.app_id else who


def names_in_words(names: NameTally) -> str:
    """Return how many of the roster's names are the directory's: `3,988 of 4,000 names agree; 12 differ`."""
    parts = [f"{names.agree:,} of {counted(names.compared, 'name agrees', 'names agree')}"]
    if names.differ:
        parts.append(f"{names.differ:,} {'names' if names.differ == 1 else 'name'} somebody else than the tenant does")
    if names.unknown:
        parts.append(f"{names.unknown:,} cannot be told, such as names in two scripts")
    if names.not_checked:
        parts.append(f"{counted(names.not_checked, 'row has', 'rows have')} no name to compare")
    return "; ".join(parts)


def _existing(plan: Plan) -> str:
    text = _EXISTING.get(plan.settings.existing, plan.settings.existing)
    if not plan.existing_is_known:
        return f"{text}; who has one was not asked"
    replaced = [row for row in plan.rows if row.action is Action.REPLACE]
    alone = [
        row
        for row in plan.rows
        if row.action is Action.SKIP and any(one.code is RowErrorCode.HAS_LIVE_PASS for one in row.problems)
    ]
    for rows in (replaced, alone):
        if rows:
            text = f"{text}. That is {counted(len(rows), 'row')}: {plan.where(rows)}"
    return text if replaced or alone else f"{text}; nobody has one"


def _how_often(plan: Plan) -> str:
    words = {True: "once", False: "many times until it ends", None: "as often as the tenant's policy says"}
    found = Counter(row.request.terms.usable_once for row in plan.creating() if row.request is not None)
    if len(found) == 1:
        return words[next(iter(found))].capitalize()
    return "; ".join(f"{count:,} {words[once]}" for once, count in found.most_common())


def _left_out(view: SignOffView) -> Facts:
    facts: Facts = []
    for sentence, rows in view.plan.left_out().items():
        reason = sentence.removeprefix(f"{_LEFT_OUT}: ").removesuffix(".")
        text = f"{len(rows):,} {reason}: {view.plan.where(rows)}"
        facts.append(("" if facts else _LEFT_OUT, text))
    return facts


def taking_back(plan: Plan) -> Facts:
    """Return how passes are withdrawn: before the run, and after it with what stands in its files."""
    if plan.settings.offline:
        return []
    address = "/users/{Object ID}/authentication/temporaryAccessPassMethods/{Pass ID}"
    after = (
        "After: delete each pass in the Microsoft Entra admin center (Users, Authentication methods), or with Graph "
        f"by the ids that results.xlsx lists: DELETE {address}"
    )
    return [
        ("How to take it back", "Before: nothing is issued until somebody carries this plan out"),
        ("", after),
    ]


def _timing(plan: Plan, least_left: timedelta | None) -> Facts:
    if plan.forecast is None or not plan.forecast.steps:
        return []
    done = plan.created_at + timedelta(seconds=plan.forecast.seconds_high)
    takes = between(plan.forecast.seconds_low, plan.forecast.seconds_high)
    text = f"{takes}; begun when it was planned, done by {clock(done, plan_zone(plan))} at the latest"
    if least_left is None or least_left >= LEFT_MATTERS:
        return [("Takes", text)]
    left = least_left.total_seconds()
    then = f"has at least {lasting(left)} left" if left > 0 else "is over"
    return [("Takes", f"{text}. The pass that ends first {then} by then")]
