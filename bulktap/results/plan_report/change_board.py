"""What a change board asks about a plan: risk, back-out, what the security team will see, columns, rehearsal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bulktap.model.plan import Action
from bulktap.results.page.content import FactGroup
from bulktap.results.plan_facts import field_facts, plan_zone
from bulktap.results.plan_report.sign_off_summary import taking_back
from bulktap.results.row_results import RowResult
from bulktap.results.wording import RESULT_WORDS, between, clock, counted

if TYPE_CHECKING:
    from bulktap.results.board_facts import BoardFacts
    from bulktap.results.plan_facts import Facts
    from bulktap.results.sign_off_view import SignOffView

_IN_AUDIT_LOG = (
    "Entra's audit log has each as \u201cAdmin registered security info\u201d (category UserManagement, status reason "
    "\u201cAdmin registered temporary access pass method for user\u201d), started by the app"
)
"""Microsoft's guide to security operations for privileged accounts has alerts on these, and so has Sentinel."""


def board_groups(view: SignOffView, board: BoardFacts) -> list[FactGroup]:
    """Return the facts for a change board."""
    return [
        FactGroup("Risk, and what is promised", _risk(view)),
        FactGroup("Back-out", _back_out(view)),
        FactGroup("For the security team", _for_security(view)),
        FactGroup("Columns of the roster", _columns(view)),
        FactGroup("Rehearsal", _rehearsal(view, board)),
    ]


def _risk(view: SignOffView) -> Facts:
    passes, replaced = view.facts.review.passes, view.plan.counts()[Action.REPLACE]
    people = counted(passes, "person gets", "people get")
    facts = [
        ("What changes", f"{people} a Temporary Access Pass; nothing else of any account is changed"),
        (
            "What a pass can do",
            "While it works, whoever has the passcode can sign in as that person and register other ways to sign in",
        ),
    ]
    if replaced:
        facts.append(("Cannot be undone", f"{counted(replaced, 'passcode', 'passcodes')} that works now stops working"))
    return [
        *facts,
        ("Promised", "A pass that somebody else issued is replaced only where this plan names it"),
        ("", "A request that may have been carried out is looked into before it is repeated"),
        ("", "Passcodes are kept in the sealed journal and the encrypted workbook, and in no other file"),
        ("", "A run that is stopped, at any time, is finished with bulktap resume"),
        ("Not promised", "A reply lost on the way takes its passcode with it; then a new pass is issued, with a note"),
        ("", "A pass that somebody else makes at the same moment cannot be seen in time"),
    ]


def _back_out(view: SignOffView) -> Facts:
    plan, ends = view.plan, view.facts.review.ends_at
    facts = [
        *taking_back(plan),
        (
            "While it runs",
            "Ctrl-C: nothing more is sent, what is under way is awaited, what was issued is written down",
        ),
    ]
    if ends is not None and not view.facts.review.at_once:
        facts.append(("If nobody does anything", f"The last pass ends by itself: {clock(ends, plan_zone(plan))}"))
    return [
        *facts,
        ("Without a pass", "People sign in as they did before; what was registered with a pass in between stays"),
    ]


def _for_security(view: SignOffView) -> Facts:
    plan, facts = view.plan, view.facts
    zone = plan_zone(plan)
    window = f"{clock(plan.created_at, zone)} to {clock(plan.expires_at, zone)} ({zone.key})"
    if plan.forecast is not None and plan.forecast.steps:
        window = f"Within {window}, for {between(plan.forecast.seconds_low, plan.forecast.seconds_high)}"
    return [
        ("What", f"{counted(facts.review.passes, 'Temporary Access Pass', 'Temporary Access Passes')} will be created"),
        ("Tenant", plan.tenant.label if plan.tenant.tenant_id else "Not asked (an offline plan)"),
        ("By", f"App {facts.app_id}" if facts.app_id else "Not known: nobody signed in for this plan"),
        ("When", window),
        ("From", f"Computer {facts.computer}, by {facts.operator}, with bulktap"),
        ("How", "Microsoft Graph: POST /users/{id}/authentication/temporaryAccessPassMethods, in $batch requests"),
        ("What alerts see", _IN_AUDIT_LOG),
    ]


def _columns(view: SignOffView) -> Facts:
    headings = view.plan.columns.headings
    meant = {column for columns in view.plan.columns.fields.values() for column in columns}
    kept = [heading for column, heading in enumerate(headings) if column not in meant]
    return [
        *field_facts(view.plan),
        ("Kept as they are", _listed(kept)),
        ("Never read", _listed(list(view.plan.roster.dropped))),
        ("Where they go", "The encrypted workbook and the sealed journal; errors.xlsx has the rows that need fixing"),
    ]


def _listed(headings: list[str]) -> str:
    return ", ".join(headings) if headings else "None"


def _rehearsal(view: SignOffView, board: BoardFacts) -> Facts:
    found = board.rehearsal
    if found is None:
        return [("Of this roster", "None in this reports folder (a run against a pretend tenant is one)")]
    counts = [
        f"{found.counts[result.value]:,} {RESULT_WORDS[result].within}"
        for result in RowResult
        if found.counts.get(result.value)
    ]
    return [
        ("Of this roster", f"{found.run}, in a simulated tenant"),
        ("Begun", f"{clock(found.started_at, plan_zone(view.plan))} ({view.plan.settings.timezone})"),
        ("Rows", f"{found.counts.get('rows', 0):,}: {'; '.join(counts)}"),
    ]
