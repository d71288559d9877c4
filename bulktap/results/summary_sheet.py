"""The sheet `Summary` of the results workbook: who, when, which tenant, what counts, and how to handle it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bulktap.results.comparison import comparison_line
from bulktap.results.plan_facts import EXISTING_WORDS
from bulktap.results.sheets import FactSheet, Section
from bulktap.results.sheets.reading_back import rows_read_back
from bulktap.results.wording import RESULT_WORDS, clock

if TYPE_CHECKING:
    from datetime import datetime

    from bulktap.model.plan import Plan
    from bulktap.results.run_view import RunView
    from bulktap.results.sheets import Cell

SUMMARY = "Summary"
"""Name of the sheet."""
RECORDS_LABEL = "Journal records"
"""Label of the number of journal records that the workbook was made from."""

_HANDLING = (
    (
        "Handing out",
        """A passcode lets its holder sign in as that person. Hand each to its owner only, in person or by a way \
that only the owner can read. Upper and lower case count.""",
    ),
    (
        "Opening again",
        """This workbook opens with the passphrase that was set when it was made. A copy saved without a \
password is as readable as any other file.""",
    ),
    (
        "Forgetting",
        """The passcodes are here and, sealed, in the journal of the folder {run}. Once every pass is handed \
out, `bulktap forget {run}` destroys them and keeps what verifying and revoking need; copies made elsewhere are \
yours to delete.""",
    ),
)


def summary_sheet(view: RunView) -> FactSheet:
    """Return the summary of the run as it stands."""
    plan = view.plan
    return FactSheet(
        SUMMARY,
        "Temporary Access Passes",
        (
            Section("Tenant", _tenant_facts(plan)),
            Section("Run", _run_facts(view)),
            Section("Rows of the roster", _count_facts(view)),
            Section("Roster", _roster_facts(plan)),
            Section("Handling", _handling_facts(plan)),
        ),
        banner="SIMULATED TENANT: these passes open nothing." if plan.tenant.simulated else "",
    )


def _tenant_facts(plan: Plan) -> list[tuple[str, Cell]]:
    return [
        ("Tenant", plan.tenant.label),
        ("Tenant ID", plan.tenant.tenant_id),
        ("Cloud", plan.tenant.cloud),
    ]


def _run_facts(view: RunView) -> list[tuple[str, Cell]]:
    plan, facts = view.plan, view.facts
    return [
        ("Run", plan.run),
        *([("Name", plan.settings.name)] if plan.settings.name else []),
        ("State", _state_words(view)),
        *_comparison_facts(view),
        ("Carried out by", facts.operator),
        ("Planned", _both_clocks(plan.created_at, view)),
        ("Written", _both_clocks(facts.as_of.now, view)),
        ("Existing passes", EXISTING_WORDS.get(plan.settings.existing, plan.settings.existing)),
        *([("Ticket", plan.settings.ticket)] if plan.settings.ticket else []),
        *([("Reason", plan.settings.reason)] if plan.settings.reason else []),
        ("Plan digest (SHA-256)", view.digest),
        (RECORDS_LABEL, view.state.record_count),
        ("bulktap", facts.bulktap_version),
    ]


def _state_words(view: RunView) -> str:
    if view.state.closed:
        return "Finished"
    if view.facts.as_of.comparing:
        # Also true when it is read later: this file is left alone if the comparison changes nothing in it.
        return "Every row is done; the passes are compared once more. run.html says how that ended."
    return f"Not finished: run `bulktap resume {view.plan.to_type}`"


def _comparison_facts(view: RunView) -> list[tuple[str, Cell]]:
    state = view.state
    line = comparison_line(state, view.facts.as_of, view.zone)
    # A journal of an earlier version, which compared fewer passes, knows no processes.
    if line is None or (state.closed and not state.processes):
        return []
    return [("Not compared" if state.closed else "Still to be compared", line)]


def _count_facts(view: RunView) -> list[tuple[str, Cell]]:
    facts: list[tuple[str, Cell]] = [("Rows", view.counts["rows"])]
    facts += [(words.label, view.counts[result.value]) for result, words in RESULT_WORDS.items()]
    unusable = view.unusable
    if unusable:
        facts.append(("Issued, but not usable", f"{len(unusable):,}, first: {view.plan.user_text(unusable[0])}"))
    return facts


def _roster_facts(plan: Plan) -> list[tuple[str, Cell]]:
    facts: list[tuple[str, Cell]] = [("File", plan.roster.file)]
    if plan.roster.sheet is not None:
        facts.append(("Sheet", plan.roster.sheet))
    facts += [("SHA-256", plan.roster.sha256), ("Times of the roster", plan.settings.timezone)]
    facts += [("How it was read" if number == 0 else "", note) for number, note in enumerate(plan.roster.notes)]
    facts += [("Worth knowing" if number == 0 else "", note) for number, note in enumerate(plan.notes)]
    return facts


def _handling_facts(plan: Plan) -> list[tuple[str, Cell]]:
    return [(label, text.format(run=plan.run)) for label, text in _HANDLING]


def _both_clocks(moment: datetime, view: RunView) -> str:
    return f"{clock(moment, view.zone)} {view.zone.key} ({moment:%Y-%m-%d %H:%M} UTC)"


def workbook_head(data: bytes) -> int | None:
    """Return the number of journal records that a results workbook names; None where it names none.

    Args:
        data: the workbook, decrypted.
    """
    rows = rows_read_back(data, SUMMARY)
    counts = (cell for row in rows if RECORDS_LABEL in row for cell in row if isinstance(cell, int))
    return next(counts, None)
