"""What the screen, and `--json`, say of a revocation."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from bulktap.cli.agreement import is_agreed
from bulktap.cli.verification import STATES
from bulktap.results.figures import natural_order
from bulktap.results.wording import counted

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from zoneinfo import ZoneInfo

    from bulktap.cli.console import Console
    from bulktap.cli.outcome import CommandOutcome
    from bulktap.cli.progress import Progress
    from bulktap.operations.revocation import ChosenPass, Revocation, RevokePreview
    from bulktap.planning.guards import TypedConfirmation

_MOST_NAMED = 12
_OUTCOMES = {
    "revoked": "revoked",
    "gone": "gone already",
    "replaced": "replaced by a later pass, which is left alone",
    "used": "used",
    "expired": "expired",
    "refused": "not deleted",
    "failed": "perhaps not deleted",
    "left": "left",
}
"""What the screen calls what became of a pass."""


def asking(
    console: Console, progress: Progress, *, asks: bool
) -> Callable[[RevokePreview, TypedConfirmation | None], bool]:
    """Return what shows somebody the passes that would be deleted, and asks; `asks` unless yes was said in advance."""

    def shown_and_agreed(preview: RevokePreview, typed: TypedConfirmation | None) -> bool:
        progress.end()
        needed = asks or (typed is not None and typed.by_person)
        if needed or not console.screen.quiet:
            console.always(*preview_lines(preview))
        if not needed:
            return True
        count = len(preview.meant)
        question = f"Delete {'this pass' if count == 1 else f'these {count:,} passes'} in {preview.tenant.label}?"
        return is_agreed(console, question, typed)

    return shown_and_agreed


def preview_lines(preview: RevokePreview) -> list[str]:
    """Return what somebody agrees to, line by line."""
    meant = preview.meant
    lines = [f"Tenant: {preview.tenant.label}"]
    if preview.goes_on:
        lines.append("An earlier revocation of this run was stopped; this goes on with it, and with nothing else.")
    count = len(preview.passes)
    so_far = " so far (the run is not finished)" if preview.so_far else ""
    lines.append(f"{counted(count, 'pass', 'passes')}{so_far}, of which {len(meant):,} would be deleted:")
    states = Counter((one.finding.state, one.meant) for one in preview.passes)
    for (state, is_meant), number in sorted(states.items(), key=lambda item: (not item[0][1], item[0][0])):
        words = "not listed yet, issued a moment ago" if is_meant and state == "gone" else STATES[state]
        lines.append(f"  {number:,} {words}: {'to be deleted' if is_meant else 'left alone'}")
    lines += _named(meant)
    if preview.in_doubt:
        lines.append(
            f"{counted(preview.in_doubt, 'row')} in doubt: no pass is known of them; one that may exist is left alone."
        )
    if preview.not_found:
        lines.append(
            f"Nobody of this run, on the list of received slips: {counted(len(preview.not_found), 'row', 'rows')}"
        )
        lines += [f"  {one}" for one in _first(preview.not_found)]
    if meant:
        lines.append("Whoever has signed in with such a pass may be signed out. Deleting cannot be undone.")
    return lines


def _named(meant: Sequence[ChosenPass]) -> list[str]:
    groups = Counter(one.row.group for one in meant if one.row.group)
    lines = []
    if groups:
        told = [
            f"{group} ({number:,})" for group, number in sorted(groups.items(), key=lambda one: natural_order(one[0]))
        ]
        lines.append(f"  Groups: {', '.join(_first(told))}")
    return lines + [f"  {line}" for line in _first([one.row.shown for one in meant])]


def _first(lines: Sequence[str]) -> list[str]:
    more = [f"and {len(lines) - _MOST_NAMED:,} more"] if len(lines) > _MOST_NAMED else []
    return [*lines[:_MOST_NAMED], *more]


def conclude(console: Console, outcome: CommandOutcome, done: Revocation) -> None:
    """Fill in what the command comes to, and say how it ended.

    Raises:
        BulktapError: what stopped it.
    """
    outcome.tenant, outcome.exit_code = done.tenant, done.exit_code
    outcome.throttled_steps = done.throttled_steps
    outcome.files = [path for path in (done.folder.revocations, done.folder.log) if path.exists() and not done.dry]
    outcome.more.update(_members(done))
    console.data(*(preview_lines(done) if done.dry else _lines(done)))
    if done.failure is not None:
        raise done.failure


def _lines(done: Revocation) -> list[str]:
    if not done.passes:
        return [f"Tenant: {done.tenant.label}", "There is no pass to revoke."]
    counts = {how: number for how, number in done.counts.items() if number}
    lines = [f"Tenant: {done.tenant.label}", *(f"  {number:,} {_OUTCOMES[how]}" for how, number in counts.items())]
    wrong = [one for one in done.passes if (not one.is_over and one.done is not None) or _unreadable(one)]
    lines += _first([f"{one.row.shown}: {_why(one, done.zone) or STATES[one.finding.state]}" for one in wrong])
    if counts.get("failed"):
        lines.append("Those of which nothing is known are tried again by the same command.")
    if counts.get("revoked"):
        lines.append("What was handed out for the revoked passes does not work any more.")
    return lines


def _unreadable(one: ChosenPass) -> bool:
    return not one.meant and not one.is_over


def _why(one: ChosenPass, zone: ZoneInfo) -> str:
    return (one.done or one.finding).told(zone)


def _members(done: Revocation) -> dict[str, object]:
    return {
        "dry_run": done.dry,
        "went_on": done.goes_on,
        "so_far": done.so_far,
        "to_delete": len(done.meant),
        "passes": done.counts if not done.dry else {},
        "states": dict(Counter(one.finding.state.value for one in done.passes)),
        "in_doubt": done.in_doubt,
        "not_found": list(done.not_found),
        "people": [
            {
                "user": one.row.user,
                "object_id": one.row.object_id,
                "pass_id": one.pass_id or None,
                "group": one.row.group,
                "state": one.finding.state.value,
                "to_delete": one.meant,
                "outcome": one.done.outcome.value if one.done is not None else None,
                "detail": _why(one, done.zone) or one.finding.told(done.zone),
            }
            for one in done.passes
        ],
    }
