"""bulktap apply: issue the passes of a roster, after asking."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NoReturn

import click

from bulktap.cli import options
from bulktap.cli.commands.plan import dry_run
from bulktap.cli.console import Console
from bulktap.cli.passphrase import asks_for_password, roster_password
from bulktap.cli.running import run_command
from bulktap.model.errors import NotConfirmed
from bulktap.settings import run_settings

if TYPE_CHECKING:
    from pathlib import Path

    from bulktap.cli.open_run import OpenRun
    from bulktap.cli.outcome import CommandOutcome
    from bulktap.cli.passphrase import PassphraseSource
    from bulktap.model.plan import Plan
    from bulktap.operations.run_settings import RunSettings

EXAMPLES = """\b
Examples:
  bulktap apply students.xlsx --simulate --generate-passphrase   a rehearsal
  bulktap apply students.xlsx --lifetime 8h --one-time
  bulktap apply devices.csv --existing replace --passphrase-file secret.txt --yes
"""


@click.command(epilog=EXAMPLES, short_help="Issue passes: plan a roster and ask, or carry out a saved plan.")
@click.argument("roster", metavar="ROSTER|RUN", type=options.ROSTER)
@options.where
@options.log
@options.tenant
@options.rehearsal
@options.reading
@options.passes
@options.care
@options.option("--yes", "-y", is_flag=True, help="Do not ask before issuing.")
@options.dry_run
@options.passphrase
@options.sending
@options.forecast
@options.screen
def apply(roster: Path, *, yes: bool, dry: bool, **given: Any) -> NoReturn:
    """Plan ROSTER, show what would happen, ask, and issue the passes; or carry out the saved plan of RUN."""
    if dry:
        dry_run(roster, given)
    console = Console(options.screen_settings(given))
    source = options.passphrase_source(given)

    def action(outcome: CommandOutcome) -> None:
        from bulktap.cli.planned import opened

        if not yes:
            console.require_answers()
        settings = run_settings(given, roster_password(given["roster_password_file"]), asks_for_password(console))
        source.require_usable(console, simulated=_simulated(roster, given))
        with opened(roster, console, given, settings, outcome, issuing=True) as run:
            _ask_and_carry_out(run, settings, source, yes=yes)

    run_command(console, action)


def _simulated(roster: Path, given: dict[str, Any]) -> bool:
    """Whether the tenant is a pretend one, as far as that is known before it is reached."""
    import os

    from bulktap.cli.rehearsal import rehearsal_settings
    from bulktap.operations.tenant_access import is_loopback
    from bulktap.storage.run_folder import saved_run

    saved = saved_run(given["reports"], roster)
    if saved is not None and saved.simulated_tenant.exists():
        return True
    return rehearsal_settings(given).wanted or is_loopback(os.environ.get("BULKTAP_GRAPH_URL", ""))


def _question(plan: Plan) -> str:
    from bulktap.results.plan_file.plan_json import shown_digest

    return f"Issue these passes in {plan.tenant.label} (plan {shown_digest(plan)})?"


def _ask_and_carry_out(run: OpenRun, settings: RunSettings, source: PassphraseSource, *, yes: bool) -> None:
    from bulktap.operations import guards, plan_roster, run_journal

    run.show(for_consent=not yes)
    plan_roster.require_nothing_forbids(run.plan, strict=settings.care.strict or run.plan.settings.strict)
    if run.guard is not None:
        guards.require_no_unfinished_run(run.plan, run.folder, run.guard.places)
    if not any(row.action.creates for row in run.plan.rows):
        run.console.say("There is no pass to issue.")
        run.conclude(run_journal.nothing_to_issue(run.folder, run.plan, run.clock))
        return
    if not yes and not run.console.confirm(_question(run.plan)):
        raise NotConfirmed("Nothing was issued.", hint="Only the whole word yes goes on.")
    passphrase = source.get(run.console)
    with run_journal.open_journal(run.plan, run.folder, passphrase, run.clock.now()) as journal:
        run.carry_out(journal, passphrase, resumed=False)
