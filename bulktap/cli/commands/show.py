"""bulktap show: one person's passcode on the terminal, for a moment."""

from __future__ import annotations

from string import ascii_lowercase
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
    from collections.abc import Sequence
    from pathlib import Path

    from bulktap.cli.outcome import CommandOutcome
    from bulktap.operations.show_pass import SeenPass
    from bulktap.planning.one_person import Person
    from bulktap.settings.values import Values

EXAMPLES = """\b
Examples:
  bulktap show 2035-08-20T0715Z-students-3fa9 arendt
  bulktap show RUN ann@contoso.com --reason "lost the slip"
  bulktap show RUN 7                         the person in row 7 of the roster
  bulktap show RUN arendt --print            a sealed slip in a PDF
"""

SECONDS = 30.0
"""For how long a passcode stands on the screen."""
_MOST_PEOPLE = 20


@click.command(cls=GroupedCommand, epilog=EXAMPLES)
@click.argument("run", type=options.RUN)
@click.argument("user")
@options.settings(
    declared.REPORTS,
    declared.REASON,
    handout_declared.PRINT,
    handout_declared.LANGUAGE,
    handout_declared.PAPER,
    handout_declared.PURPOSE,
    handout_declared.CALL,
    *sign_in_declared.SIGNING_IN,
    *declared.REHEARSAL,
    *declared.RUN_PASSPHRASE_ONLY,
    *declared.ASKING,
    *declared.SCREEN,
)
def show(run: Path, user: str, chosen: Values) -> NoReturn:
    """Show the passcode that RUN issued to USER: a sign-in name, a name, parts of these, or the number of a row.

    It stands on the screen until Enter is pressed, or for 30 seconds, and leaves nothing behind: only in a terminal,
    never in a file. Beside it stands whether the pass works, and until when. With `--print` it becomes a slip
    instead, in a PDF below the run's folder that opens with the run's passphrase. Each look is recorded in the
    run's journal before the passcode is seen: who, when, whom and why.
    """
    console = Console(options.screen_settings(chosen))
    source = options.passphrase_source(chosen, new=False)

    def action(outcome: CommandOutcome) -> None:
        from bulktap.cli.command_context import command_context
        from bulktap.operations.show_pass import Look, show_pass
        from bulktap.settings.slices import resume_settings

        on_slip = chosen.is_set(handout_declared.PRINT)
        if not on_slip:
            console.require_moment()
        look = Look(user, "on a slip" if on_slip else "on the screen", chosen.of(declared.REASON) or "")
        with command_context(console, outcome, chosen, source) as at:
            seen = show_pass(run, look, resume_settings(chosen), at.context, lambda people: _chosen(console, people))
        if on_slip:
            _print(console, outcome, seen, chosen)
        else:
            _show(console, seen)

    run_command(console, action)


def _show(console: Console, seen: SeenPass) -> None:
    from bulktap.cli.pass_card import card_lines, grouped, told_apart
    from bulktap.model.errors import Interrupted

    passcode = seen.issued.value.reveal()
    lines = [
        seen.person.label,
        "",
        f"    {grouped(passcode)}",
        "",
        *(f"    {line}" for line in told_apart(passcode)),
        "    Typed without the gaps.",
        "",
        *card_lines(seen),
        "",
        f"Enter wipes this screen; by itself it goes after {SECONDS:g} seconds.",
    ]
    if console.show_for_a_moment(lines, SECONDS):
        raise Interrupted(
            "The passcode was shown, and wiped when you stopped.", hint="The look is in the run's journal."
        )
    console.say(f"The passcode of {seen.person.label} was shown; this look is in the run's journal.")


def _print(console: Console, outcome: CommandOutcome, seen: SeenPass, chosen: Values) -> None:
    from bulktap.cli.handing_out import sheet_settings
    from bulktap.cli.pass_card import card_lines
    from bulktap.operations.handout_settings import look_files
    from bulktap.operations.print_slip import print_slip

    settings = sheet_settings(chosen)
    path = print_slip(seen, settings, look_files(settings))
    outcome.files = (path,)
    console.say(*card_lines(seen))
    console.data(f"The slip of {seen.person.label}, which opens with the run's passphrase:", f"  {path}")


def _chosen(console: Console, people: Sequence[Person]) -> Person:
    """Ask which of several people is meant.

    Raises:
        UsageError: nobody can be asked, or none of them was chosen.
    """
    from bulktap.model.errors import UsageError

    shown = people[:_MOST_PEOPLE]
    more = len(people) - len(shown)
    hint = "Give more of the name, the sign-in name, or the number of the row."
    if more or not console.can_ask:
        named = "; ".join(person.label for person in shown) + (f"; and {more:,} more" if more else "")
        raise UsageError(f"{len(people):,} people of this run are named so: {named}.", hint=hint)
    console.always("Several people of this run are named so:")
    # By letters: a number could as well be that of a row, which is somebody else's in the list.
    letters = dict(zip(ascii_lowercase, shown, strict=False))
    for letter, person in letters.items():
        console.always(f"  {letter}  {person.label}")
    answer = (console.ask(f"Which one? [a-{max(letters)}]") or "").strip().casefold()
    if answer not in letters:
        raise UsageError("None of them was chosen; nothing was shown.", hint=hint)
    return letters[answer]
