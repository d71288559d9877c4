"""Runs one command from its first to its last word: the one place where errors become exit codes."""

from __future__ import annotations

import signal
import sys
import time
import traceback
from typing import TYPE_CHECKING, NoReturn

from bulktap.cli.outcome import CommandOutcome
from bulktap.errors import BulktapError, Interrupted

if TYPE_CHECKING:
    from collections.abc import Callable

    from bulktap.cli.console import Console


class UnexpectedError(BulktapError):
    """A bug of ours."""


def run_command(console: Console, action: Callable[[CommandOutcome], None]) -> NoReturn:
    """Do what the command does, say how it ended, and exit."""
    began = time.monotonic()
    outcome = CommandOutcome()
    error: BulktapError | None = None
    # A polite request to end is answered like Ctrl-C; while passes are issued, `interrupts` has a better answer.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        action(outcome)
    except BulktapError as stop:
        error = stop
        outcome.exit_code = stop.exit_code
        if console.screen.verbose:
            _trace(console, stop)
    except KeyboardInterrupt:
        error = Interrupted("Stopped before anything was sent.")
        outcome.exit_code = error.exit_code
    except Exception as bug:  # noqa: BLE001 - the last resort: a bug must not show what it holds
        error = UnexpectedError(
            f"bulktap made a mistake ({type(bug).__name__}); what had been issued is safe in the journal.",
            hint="Run again with --verbose and report what it shows; `bulktap resume` finishes a run that had begun.",
        )
        outcome.exit_code = error.exit_code
        if console.screen.verbose:
            _trace(console, bug)
    if error is not None:
        console.error(error.message, error.hint)
    if console.screen.as_json:
        console.json(outcome.members(time.monotonic() - began, error))
    sys.exit(outcome.exit_code)


def _trace(console: Console, error: BaseException) -> None:
    """Show where it happened; never with the messages of other people's exceptions, which may quote what they read."""
    for frame in traceback.extract_tb(error.__traceback__):
        console.always(f"  {frame.filename}:{frame.lineno} in {frame.name}")
    console.always(f"  {type(error).__name__}")
