"""bulktap handout: slips, lists, letters or labels of a run, a sealed file for each group."""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn

import click

from bulktap.cli import options
from bulktap.cli.console import Console
from bulktap.cli.help import GroupedCommand
from bulktap.cli.running import run_command
from bulktap.settings import declarations as declared
from bulktap.settings import handout_declarations as handout_declared
from bulktap.settings import sign_in_declarations as sign_in_declared

if TYPE_CHECKING:
    from pathlib import Path

    from bulktap.cli.outcome import CommandOutcome
    from bulktap.operations.hand_out import HandedOut
    from bulktap.operations.handout_settings import HandOutSettings
    from bulktap.settings.values import Values

EXAMPLES = """\b
Examples:
  bulktap handout RUN                                   a PDF for each class
  bulktap handout RUN --by Building --to 'Head teacher'
  bulktap handout RUN --only 'Class=7B' --style list --language de
  bulktap handout RUN --language de --language ar --call 'room 014'
"""

_LETTER_COUNTRIES = frozenset({"US", "CA"})
_MOST_UNSERVED = 5


@click.command(cls=GroupedCommand, epilog=EXAMPLES)
@click.argument("run", type=options.RUN)
@options.settings(
    declared.REPORTS,
    sign_in_declared.PROFILE,
    *handout_declared.HANDING_OUT,
    *declared.RUN_PASSPHRASE,
    *declared.SCREEN,
)
def handout(run: Path, chosen: Values) -> NoReturn:
    """Make a file for each group of RUN, with a slip for each person; the tenant is not asked.

    Each file opens with five words of its own. The run's folder gets a folder `handout` with these files,
    `passphrases.xlsx`, which opens with the run's passphrase and says who gets which file and what opens it, and
    `covers.pdf`, a sheet to sign for each group, without codes.
    """
    console = Console(options.screen_settings(chosen))
    source = options.passphrase_source(chosen, new=False)

    def action(outcome: CommandOutcome) -> None:
        from bulktap.cli.command_context import command_context
        from bulktap.operations.hand_out import hand_out

        settings = sheet_settings(chosen)
        with command_context(console, outcome, chosen, source) as at:
            done = hand_out(run, settings, at.context)
        outcome.files, outcome.exit_code = done.files, done.exit_code
        outcome.more.update(_members(done))
        for note in done.notes:
            console.warn(note)
        for line in _lines(done):
            console.data(line)

    run_command(console, action)


def sheet_settings(chosen: Values) -> HandOutSettings:
    """Return what is handed out and how it looks; what nobody said is this computer's language and its paper."""
    from bulktap.results.handout.languages import LANGUAGES
    from bulktap.results.handout.sheets_model import Paper
    from bulktap.settings.environment import user_locale
    from bulktap.settings.slices import hand_out_settings

    language, country = user_locale()
    paper = Paper.LETTER if country in _LETTER_COUNTRIES else Paper.A4
    return hand_out_settings(chosen, paper, (language if language in LANGUAGES else LANGUAGES[0],))


def _members(done: HandedOut) -> dict[str, object]:
    return {
        "served": done.served,
        "finished": done.finished,
        "groups": [
            {
                "name": group.name,
                "file": None if group.path is None else group.path.name,
                "handed_to": group.handed_to,
                "people": group.served,
                "not_served": [{"name": name, "reason": reason} for name, reason in group.unserved],
            }
            for group in done.groups
        ],
        "notes": list(done.notes),
    }


def _lines(done: HandedOut) -> list[str]:
    from bulktap.results.wording import counted

    files = [group.path for group in done.groups if group.path is not None]
    so_far = "" if done.finished else " so far (the run is not finished)"
    lines = [f"Tenant: {done.plan.tenant.label}"]
    people = counted(done.served, "person has a slip", "people have a slip")
    lines.append(f"{people}{so_far}, in {counted(len(files), 'sealed file')}")
    lines += _unserved_lines(done)
    if done.listed is None:
        return [*lines, "Nothing was written."]
    lines += [
        "The files, one for each group:",
        f"  {files[0]}" if len(files) == 1 else f"  {done.place} ({files[0].name} to {files[-1].name})",
        "Who gets which, and what opens it (opens with the run's passphrase):",
        f"  {done.listed}",
    ]
    if done.covers is not None:
        lines += ["Covers to sign, without codes:", f"  {done.covers}"]
    if any(group.opens_with is not None for group in done.groups):
        lines.append("Send each file one way, and its words another: by telephone, in a chat, on a note.")
    else:
        lines.append("All of them open with the run's passphrase, so send them to nobody who may not see every code.")
    return lines


def _unserved_lines(done: HandedOut) -> list[str]:
    """Return why people have no slip: the most frequent reasons, each with its first name."""
    from bulktap.results.wording import counted

    reasons: dict[str, list[str]] = {}
    for group in done.groups:
        for name, reason in group.unserved:
            reasons.setdefault(reason, []).append(name)
    if not reasons:
        return []
    without = sum(map(len, reasons.values()))
    lines = [f"{counted(without, 'person has none', 'people have none')}; the covers name them:"]
    ordered = sorted(reasons.items(), key=lambda item: -len(item[1]))
    for reason, names in ordered[:_MOST_UNSERVED]:
        first = f", first {names[0]}" if len(names) > 1 else f" ({names[0]})"
        lines.append(f"  {len(names):,} x {reason}{first}")
    more = sum(len(names) for _, names in ordered[_MOST_UNSERVED:])
    return [*lines, f"  {more:,} for other reasons"] if more else lines
