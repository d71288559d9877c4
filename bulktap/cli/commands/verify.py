"""bulktap verify: ask the tenant about each pass of a run."""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn

import click

from bulktap.cli import options
from bulktap.cli.console import Console
from bulktap.cli.help import GroupedCommand
from bulktap.cli.running import run_command
from bulktap.settings import declarations as declared

if TYPE_CHECKING:
    from pathlib import Path

    from bulktap.cli.outcome import CommandOutcome
    from bulktap.operations.verify_run import Verification, VerifiedPass
    from bulktap.settings.values import Values

EXAMPLES = """\b
Examples:
  bulktap verify 2035-08-20T0715Z-students-3fa9
  bulktap verify reports/2035-08-20T0715Z-students-3fa9 --json
"""

_MOST_PASSES = 20


@click.command(cls=GroupedCommand, epilog=EXAMPLES)
@click.argument("run", type=options.RUN)
@options.settings(
    declared.REPORTS,
    *declared.SIGNING_IN,
    *declared.REHEARSAL,
    *declared.ASKING,
    *declared.SCREEN,
)
def verify(run: Path, chosen: Values) -> NoReturn:
    """Ask the tenant about each pass of RUN; nothing is changed, and no passphrase is needed.

    A pass is live, not valid yet, used, expired, replaced by a later one, gone, or disabled by the tenant's policy. The
    last three are not as recorded: they are named, and the exit code is 3. Whether a pass that works many times was
    used cannot be read from it; only one-time passes are ever reported as used.
    """
    console = Console(options.screen_settings(chosen))

    def action(outcome: CommandOutcome) -> None:
        from bulktap.cli.command_context import command_context
        from bulktap.model.exit_codes import ExitCode
        from bulktap.operations.verify_run import verify_run
        from bulktap.settings.slices import resume_settings

        with command_context(console, outcome, chosen) as at:
            verified = verify_run(run, resume_settings(chosen), at.context)
            outcome.throttled_steps = at.progress.throttled
        outcome.more.update(_members(verified))
        outcome.exit_code = ExitCode.INCOMPLETE if verified.not_as_recorded else ExitCode.DONE
        for line in (f"Tenant: {verified.tenant.label}", *_lines(verified)):
            console.data(line)

    run_command(console, action)


def _members(verified: Verification) -> dict[str, object]:
    return {
        "asked_at": verified.asked_at.isoformat(timespec="seconds"),
        "so_far": verified.so_far,
        "passes": {state.value: count for state, count in verified.counts.items()},
        "not_as_recorded": [
            {
                "user": one.user,
                "object_id": one.object_id,
                "pass_id": one.access_pass.pass_id,
                "state": one.finding.state.value,
                "detail": one.finding.detail,
            }
            for one in verified.not_as_recorded
        ],
    }


def _lines(verified: Verification) -> list[str]:
    from bulktap.cli.verification import STATES

    count = len(verified.passes)
    so_far = " so far (the run is not finished)" if verified.so_far else ""
    lines = [f"{count} {'pass' if count == 1 else 'passes'}{so_far}, asked about at {verified.asked_at:%H:%M} UTC"]
    lines += [f"  {number} {STATES[state]}" for state, number in verified.counts.items() if number]
    wrong = verified.not_as_recorded
    if wrong:
        lines += ["Not as recorded:", *(f"  {_line(one)}" for one in wrong[:_MOST_PASSES])]
    if len(wrong) > _MOST_PASSES:
        lines.append(f"  and {len(wrong) - _MOST_PASSES} more (--json names all)")
    return lines


def _line(one: VerifiedPass) -> str:
    detail = f" ({one.finding.detail})" if one.finding.detail else ""
    from bulktap.cli.verification import STATES

    return f"{one.user}: {STATES[one.finding.state]}{detail}"
