"""Whether a roster that names other people than the tenant does may be gone by; somebody has to say so."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bulktap.model.errors import NotConfirmed, PlanRefused, QuestionOpen
from bulktap.model.questions import REFUSE
from bulktap.model.setting_names import Setting
from bulktap.operations.answers import answers_to
from bulktap.planning.name_checks import ACCEPT, names_question, too_many_differ

if TYPE_CHECKING:
    from pathlib import Path

    from bulktap.model.plan import Plan
    from bulktap.operations.context import FrontEnd
    from bulktap.roster.model import CheckedRoster


def with_names_settled(plan: Plan, checked: CheckedRoster, said: str | None, front: FrontEnd, page: Path) -> Plan:
    """Return the plan with the answer to the question whether its list was shifted, where that is one.

    Args:
        plan: as it was just made.
        checked: the roster that it was made of.
        said: what the setting `names` says.
        front: asks, where nothing was said.
        page: where the plan will be read, row by row.

    Raises:
        QuestionOpen: nobody can be asked.
        NotConfirmed: the answer is to stop.
    """
    question = names_question(plan, checked)
    if question is None:
        return plan
    # Not only the option that goes on: whoever copies it would have the wrong people served.
    hint = (
        f"Compare the list with its source ({page} has the rows); only if these are the right people, run bulktap "
        f"again with {Setting.NAMES.to(ACCEPT)}."
    )
    if said == REFUSE:
        raise NotConfirmed(f"Nothing was issued: {question.text}", hint=hint)
    try:
        answers = answers_to([question], front)
    except QuestionOpen as unanswered:
        raise QuestionOpen(unanswered.questions, hint=hint) from None
    return replace(plan, settings=replace(plan.settings, names=answers[Setting.NAMES]))


def require_names_settled(plan: Plan) -> None:
    """Make sure that nothing is open about the names of a plan: what leaves a question open cannot be signed off.

    Raises:
        PlanRefused: many of its rows name somebody else than the tenant does, and nobody said that they are right.
    """
    if plan.settings.names != ACCEPT and too_many_differ(plan):
        raise PlanRefused(
            "Many rows of this plan name somebody else than the tenant does, and nobody has said that they are right.",
            hint=f"Make a new plan of the roster, with {Setting.NAMES.to(ACCEPT)} if these are the right people.",
        )
