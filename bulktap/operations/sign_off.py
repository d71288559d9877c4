"""What the page that is signed says beside the plan: who asks, what was left out, and an earlier rehearsal."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bulktap.operations.who_and_where import computer_name, operator_name
from bulktap.planning.plan_review import review
from bulktap.results.plan_file.plan_json import plan_digest
from bulktap.results.sign_off_view import SignOffFacts, SignOffView

if TYPE_CHECKING:
    from bulktap.model.plan import Plan
    from bulktap.operations.run_settings import RunSettings
    from bulktap.operations.tenant_access import TenantAccess
    from bulktap.storage.run_folder import RunFolder


def sign_off_view(plan: Plan, folder: RunFolder, access: TenantAccess | None, settings: RunSettings) -> SignOffView:
    """Return the plan with all that those who sign it off are told.

    Args:
        plan: what was planned.
        folder: where it is written.
        access: the way into its tenant; None if nobody was asked.
        settings: what the page is to say beside the plan, and where earlier runs are.
    """
    plan = replace(plan, typed=folder.to_type)
    digest = plan_digest(plan)
    board = None
    if settings.page.board:
        from bulktap.operations.latest_rehearsal import latest_rehearsal
        from bulktap.results.board_facts import BoardFacts

        board = BoardFacts(latest_rehearsal(settings.reports, plan.roster.sha256))
    facts = SignOffFacts(
        review=review(plan, digest=digest),
        operator=operator_name(),
        computer=computer_name(),
        app_id=access.app_id if access is not None else "",
        board=board,
        print_rows=settings.page.print_rows,
    )
    return SignOffView(plan, known_digest=digest, facts=facts)
