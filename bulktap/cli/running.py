"""Runs one command from its first to its last word: the one place where errors become exit codes."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from bulktap.cli.interrupts import end_like_ctrl_c
from bulktap.cli.next_commands import to_be_typed
from bulktap.cli.outcome import CommandOutcome
from bulktap.model.errors import BulktapError, DiskRefuses, Interrupted, OutputLost, QuestionOpen, UsageError
from bulktap.model.setting_names import Command

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
    end_like_ctrl_c()
    try:
        action(outcome)
    except BulktapError as stop:
        error = stop
        outcome.exit_code = stop.exit_code
        if console.screen.verbose:
            _trace(console, stop)
    except (KeyboardInterrupt, click.Abort):  # the latter from a prompt
        error = Interrupted("Stopped before anything was sent.", hint="To begin again, run the same command.")
        outcome.exit_code = error.exit_code
    except OSError as trouble:
        error = _refused_by_system(trouble)
        outcome.exit_code = error.exit_code
        if console.screen.verbose:
            _trace(console, trouble)
    # Python's own answer would be a traceback, whose last line is the exception's text, and that may quote a reply or
    # a cell with a passcode in it. Here it becomes exit code 1 and the name of its class.
    except Exception as bug:  # noqa: BLE001 - the outermost frame of a command: it ends here either way, and must not print what the exception quotes
        error = _unexpected(bug, outcome)
        outcome.exit_code = error.exit_code
        if console.screen.verbose:
            _trace(console, bug)
    _leave(console, outcome, error, time.monotonic() - began)


def _unexpected(bug: Exception, outcome: CommandOutcome) -> UnexpectedError:
    """Return what is said of a bug of ours; that passes are safe is said only where a journal may hold some."""
    begun = outcome.folder is not None and (outcome.folder / "journal.db").exists()
    safe = "; what had been issued is safe in the journal" if begun else ""
    finish = f"; {Command.RESUME} finishes the run" if begun else ""
    return UnexpectedError(
        f"Internal error ({type(bug).__name__}){safe}.",
        hint=f"Run again with --verbose and report what it shows{finish}.",
    )


def _refused_by_system(trouble: OSError) -> BulktapError:
    """Return in one sentence what the operating system refused, of which file, and what to do about it."""
    from bulktap.storage.files import refusal

    if isinstance(trouble.filename, str | os.PathLike):
        return refusal(Path(trouble.filename), trouble, doing="used")
    reason = trouble.strerror or type(trouble).__name__
    return DiskRefuses(
        f"The operating system refuses: {reason}.", hint=f"When that is put right, run {Command.RESUME}."
    )


def refuse_arguments(console: Console, wrong: click.ClickException) -> NoReturn:
    """Say what of the command's words could not be understood, and exit."""
    context = wrong.ctx if isinstance(wrong, click.UsageError) else None
    possible: list[str] = getattr(wrong, "possibilities", None) or []
    message = wrong.message if possible else wrong.format_message()
    message = " ".join(message.split())  # click lists choices on a line each
    hint = f"Did you mean {' or '.join(possible)}? " if possible else ""
    # The usual help has the usual options; what was meant may be any of them.
    about_option = isinstance(wrong, click.NoSuchOption) or isinstance(getattr(wrong, "param", None), click.Option)
    words = "--help-all" if about_option else "--help"
    hint += f"`{context.command_path if context else 'bulktap'} {words}` shows what there is."
    if context is not None:
        console.say(*context.get_usage().split("\n"))
    error = UsageError(message if message.endswith(".") else f"{message}.", hint=hint)
    _leave(console, CommandOutcome(exit_code=error.exit_code), error, 0.0)


def refuse(console: Console, error: UsageError) -> NoReturn:
    """Say why a command did not begin, and exit."""
    _leave(console, CommandOutcome(exit_code=error.exit_code), error, 0.0)


def refuse_output(console: Console, trouble: OSError) -> NoReturn:
    """Say that standard output takes nothing, and exit."""
    lost = OutputLost(trouble)
    console.lose_output()
    _leave(console, CommandOutcome(exit_code=lost.exit_code), lost, 0.0)


def _leave(console: Console, outcome: CommandOutcome, error: BulktapError | None, seconds: float) -> NoReturn:
    if console.stuck:
        # A thread waits for the terminal, with the lock that the interpreter wants before it ends.
        os._exit(outcome.exit_code)
    if error is not None:
        error.hint = to_be_typed(error.hint, outcome)
        if isinstance(error, QuestionOpen):
            from bulktap.cli.open_questions import tell_open_questions

            tell_open_questions(console, error, ["bulktap", *sys.argv[1:]])
        else:
            console.error(error.message, error.hint)
    if console.screen.as_json:
        try:
            console.json(outcome.members(seconds, error))
        except OutputLost as lost:
            console.error(lost.message, lost.hint)
            sys.exit(lost.exit_code)
    sys.exit(outcome.exit_code)


def _trace(console: Console, error: BaseException) -> None:
    """Show where it happened; never with the messages of other people's exceptions, which may quote what they read."""
    import traceback

    for frame in traceback.extract_tb(error.__traceback__):
        console.always(f"  {frame.filename}:{frame.lineno} in {frame.name}")
    console.always(f"  {type(error).__name__}")
