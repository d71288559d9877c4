"""The context that the command line makes for its operations."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bulktap.cli.front_end import Terminal, TypedPassphrases
from bulktap.cli.passphrase import PassphraseSource
from bulktap.cli.progress import Progress
from bulktap.cli.rehearsal import tenants_in_reach
from bulktap.model.clock import SystemClock
from bulktap.operations.context import OperationContext
from bulktap.operations.user_place import UserPlace
from bulktap.settings.environment import user_configuration_folder, user_state_folder

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bulktap.cli.console import Console
    from bulktap.cli.outcome import CommandOutcome
    from bulktap.settings.values import Values


@dataclass(frozen=True, slots=True)
class CommandContext:
    """A context on the terminal, and what only the command line does with its parts."""

    context: OperationContext
    terminal: Terminal
    progress: Progress


@contextmanager
def command_context(
    console: Console,
    outcome: CommandOutcome,
    chosen: Values,
    source: PassphraseSource | None = None,
    *,
    asks: bool = False,
) -> Iterator[CommandContext]:
    """Make a context for one operation.

    Args:
        console: where things are said.
        outcome: what the command comes to; filled in as it goes.
        chosen: the command's settings.
        source: where the passphrase comes from; None for a command that needs none.
        asks: whether passes are issued only after a yes.
    """
    clock = SystemClock()
    state = user_state_folder()
    with Progress(console, clock) as progress:
        terminal = Terminal(console, progress, outcome, asks=asks)
        passphrases = TypedPassphrases(source or PassphraseSource(), console)
        place = None if state is None else UserPlace(state)
        lists = user_configuration_folder()
        context = OperationContext(terminal, tenants_in_reach(chosen, console, clock), passphrases, place, lists, clock)
        yield CommandContext(context, terminal, progress)
