"""Console: the rules of the terminal. Nothing else prints.

Data goes to standard output: the summary of a run, the list of runs, or with `--json` one JSON object and nothing
else. Everything else goes to standard error: what is happening, questions, warnings, errors. An error is one sentence;
what to do next stands on a line of its own below it. Colour, and lines broken between words, only where a person looks;
no colour if NO_COLOR is set or TERM is dumb, and everywhere if FORCE_COLOR is.

Whatever is said passes through `shown`: settings are named by their options, characters that could steer the terminal
or forge a line are written out, and secrets are struck out. So every argument of `say` and its kin is one line; several
lines are several arguments. While a run is going on, standard error is written to by a thread of its own
(`drawn_apart`).
"""

from __future__ import annotations

import io
import os
import sys
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, TextIO

import click

from bulktap.cli.painter import Painter
from bulktap.cli.setting_options import with_options
from bulktap.cli.streams import takes_every_letter
from bulktap.cli.told_text import as_json, shown, visible
from bulktap.cli.wrapping import wrapped
from bulktap.model.errors import OutputLost, UsageError
from bulktap.model.plain_text import width_of
from bulktap.model.setting_names import Setting
from bulktap.settings.environment import is_dumb_terminal, takes_colour

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from bulktap.model.secret import Secret

_NO = frozenset({"", "no", "n"})
_ANSWERS = _NO | {"yes"}


@dataclass(frozen=True, slots=True)
class ScreenSettings:
    """How much is shown, and in which form."""

    as_json: bool = False
    """One JSON object on standard output."""
    quiet: bool = False
    """Only errors and questions on standard error."""
    verbose: bool = False
    """Tracebacks, and every problem of a roster."""
    progress: bool = True
    """A progress line where a person looks."""


class Console:
    """Says things to whoever runs the program."""

    def __init__(self, screen: ScreenSettings, out: TextIO | None = None, err: TextIO | None = None) -> None:
        """Take the settings, and the two streams; the process's own by default."""
        self.screen = screen
        # A service, or a shell that closed them, gives no streams at all.
        self._out = out or sys.stdout or io.StringIO()
        self._err = err or sys.stderr or io.StringIO()
        self._painter: Painter | None = None
        self.stuck = False
        """Whether the terminal takes nothing any more, so that another word would wait for ever."""

    @property
    def progress_stream(self) -> TextIO:
        """Where a progress line is drawn, on the painter's thread."""
        return self._err

    @property
    def shows_progress(self) -> bool:
        """Whether somebody watches a progress line."""
        return self.screen.progress and not self.screen.quiet and self._err.isatty()

    @property
    def has_reader(self) -> bool:
        """Whether somebody reads standard error on a terminal."""
        return self._err.isatty()

    @property
    def can_ask(self) -> bool:
        """Whether somebody can answer a question."""
        return self._err.isatty() and sys.stdin is not None and sys.stdin.isatty()

    def data(self, *lines: str) -> None:
        """Print what the command is for; nothing with `--json`, whose object says it all."""
        if not self.screen.as_json:
            self.settle()
            columns = _columns(self._out)
            self._write(self._out, "\n".join(wrapped(shown(line), columns) for line in lines))

    def as_it_is(self, *lines: str) -> None:
        """Print lines that are made for copying, however long; nothing with `--json`."""
        if not self.screen.as_json:
            self.settle()
            self._write(self._out, "\n".join(visible(line) for line in lines))

    def variable(self, name: str, value: str) -> None:
        """Print NAME=value for other programs, and the value as it is, a secret or not."""
        self._write(self._out, f"{name}={visible(value)}")

    def text(self, text: str) -> None:
        """Print a text of the program's own as it is, for a file or another program."""
        self.settle()
        if isinstance(self._out, io.TextIOWrapper):
            self._out.reconfigure(newline="\n")  # a Unix shell on Windows takes a carriage return for part of a word
        self._write(self._out, text.removesuffix("\n"))

    def json(self, members: Mapping[str, object]) -> None:
        """Print the one JSON object."""
        self.settle()
        self._write(self._out, as_json(members, only_ascii=not takes_every_letter(self._out)))

    def say(self, *lines: str) -> None:
        """Say what is happening."""
        if not self.screen.quiet:
            self._tell(lines)

    def always(self, *lines: str) -> None:
        """Say what must be seen even with `--quiet`."""
        self._tell(lines)

    def warn(self, text: str) -> None:
        """Say what the operator should read now."""
        self._tell([text], "Note: ", "yellow")

    def error(self, message: str, hint: str = "") -> None:
        """Say what went wrong, and on the next line what to do."""
        self._tell([message], "Error: ", "red")
        if hint:
            self.hint(hint)

    def hint(self, text: str) -> None:
        """Say what to do."""
        self._tell([text], "Hint:  ", "cyan")

    def heading(self, text: str, *, always: bool = False) -> None:
        """Say what comes next, standing out; with `--quiet` too if that must `always` be seen."""
        if always or not self.screen.quiet:
            self._put(self._styled(wrapped(shown(text), _columns(self._err)), None))

    def reveal(self, label: str, secret: Secret) -> None:
        """Show a secret that is meant to be seen, once, also with `--quiet`."""
        self._put(f"{shown(label)}: {secret.reveal()}")

    def require_moment(self) -> None:
        """Find out early that nothing can be shown for a moment only.

        Raises:
            UsageError: with `--json`, without a terminal, or on one that would keep what it shows.
        """
        from bulktap.cli.moment import can_show

        if self.screen.as_json:
            why = "a passcode is never in a JSON object"
        elif sys.stdin is None or not sys.stdin.isatty() or not self._out.isatty():
            why = "standard input and output have to be a terminal, and are not"
        elif is_dumb_terminal() or not can_show(self._out):
            why = "this terminal cannot wipe what it has shown"
        else:
            return
        raise UsageError(
            f"The passcode cannot be shown: {why}.",
            hint=f"Run this in a terminal, or make a sealed slip with {Setting.PRINT}.",
        )

    def show_for_a_moment(self, lines: Sequence[str], seconds: float) -> bool:
        """Show lines as they are, secrets too, and wipe them; return True if somebody asked for an end meanwhile."""
        from bulktap.cli.moment import show_for_a_moment

        self.settle()
        columns = _columns(self._out)
        text = "\n".join(wrapped(visible(with_options(line)), columns) for line in lines)
        return show_for_a_moment(self._out, text, seconds)

    def require_answers(self) -> None:
        """Find out early that nobody can be asked.

        Raises:
            UsageError: there is no terminal.
        """
        if not self.can_ask:
            raise UsageError(
                "This needs confirmation, but there is no terminal to ask on.",
                hint="Add --yes to go on without the question.",
            )

    def confirm(self, question: str) -> bool:
        """Ask; only the whole word yes is a yes, and what is neither that nor a no is asked once more.

        Raises:
            UsageError: nobody can answer.
        """
        self.require_answers()
        answer = self.ask(f"{question} [yes/no]") or ""
        if answer.casefold() not in _ANSWERS:
            answer = self.ask("Please type the whole word, yes or no. [yes/no]") or ""
        return answer.casefold() == "yes"

    def confirm_typed(self, question: str, is_answer: Callable[[str], bool]) -> bool:
        """Ask for a word; one that is not it, and no plain no, is asked for once more.

        Raises:
            UsageError: nobody can answer.
        """
        self.require_answers()
        answer = self.ask(question) or ""
        if answer.casefold() not in _NO and not is_answer(answer):
            answer = self.ask(f"That is not it. {question}") or ""
        return is_answer(answer)

    def ask(self, question: str) -> str | None:
        """Ask on a line of its own, and return what is typed, stripped; None at the end of input.

        What the terminal's encoding does not have is no answer: an empty one.
        """
        self.settle()
        answer = ""
        try:
            self._err.write(wrapped(shown(question), _columns(self._err)) + " ")
            self._err.flush()
            answer = sys.stdin.readline()
        except UnicodeDecodeError:
            answer = "\n"
        finally:
            if not answer.endswith("\n"):
                self._write(self._err, "")  # Ctrl-C and Ctrl-D leave the cursor behind the question
        return answer.strip() if answer else None

    def ask_hidden(self, label: str) -> str:
        """Ask for a secret, which is not shown while it is typed; may be empty.

        Raises:
            click.Abort: Ctrl-C, or the end of input.
            UsageError: what was typed is no text.
        """
        self.settle()
        try:
            return str(click.prompt(shown(label), hide_input=True, err=True, default="", show_default=False))
        except UnicodeDecodeError:
            self._write(self._err, "")  # the line end was not shown
            raise UsageError(
                "What was typed cannot be read in this terminal's encoding.",
                hint="Set the terminal to UTF-8, or give it in a file.",
            ) from None

    @contextmanager
    def drawn_apart(self, beat: Callable[[], None] | None = None) -> Iterator[Painter]:
        """Write to standard error on a thread of its own meanwhile, so that saying something never waits.

        Args:
            beat: called on that thread about once a second.
        """
        if self._painter is not None:
            yield self._painter
            return
        self._painter = painter = Painter(lambda text: self._write(self._err, text), beat)
        try:
            yield painter
        finally:
            self.settle()
            if not self.stuck:
                self._unless_left(painter.stop)
                self._painter = None

    def settle(self) -> None:
        """Wait until all that was said is on the terminal."""
        if self._painter is not None and not self.stuck:
            self._unless_left(self._painter.drain)

    def _unless_left(self, wait: Callable[[], None]) -> None:
        try:
            wait()
        except KeyboardInterrupt:
            # The terminal takes nothing, and the operator will not wait for it: leave without another word.
            self.stuck = True
            raise

    def lose_output(self) -> None:
        """Send data nowhere from now on, what is still to be written included."""
        _let_go(self._out)

    def table(self, headings: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
        """Return rows in columns, for `data` or `say`."""
        lines = [list(headings), *([visible(cell) for cell in row] for row in rows)]
        widths = [max(width_of(line[column]) for line in lines) for column in range(len(headings))]
        return "\n".join(
            "  ".join(cell + " " * (width - width_of(cell)) for cell, width in zip(line, widths, strict=True)).rstrip()
            for line in lines
        )

    def fits(self, text: str) -> bool:
        """Whether data is no wider than the terminal that it goes to; a file or a pipe takes everything."""
        columns = _columns(self._out)
        return not columns or all(width_of(line) <= columns for line in text.splitlines())

    def _styled(self, text: str, colour: str | None) -> str:
        return click.style(text, fg=colour, bold=True) if takes_colour(self._err) else text

    def _tell(self, lines: Sequence[str], label: str = "", colour: str | None = None) -> None:
        columns = _columns(self._err)
        text = "\n".join(wrapped(label + shown(line), columns) for line in lines or ("",))
        self._put(self._styled(label, colour) + text.removeprefix(label) if label else text)

    def _put(self, text: str) -> None:
        if self._painter is not None:
            self._painter.line(text)
        else:
            self._write(self._err, text)

    def _write(self, stream: TextIO, text: str) -> None:
        try:
            _print(stream, text)
        except OSError as trouble:
            _let_go(stream)
            # A run is not stopped because nobody listens any more; but data that did not arrive must not go unnoticed.
            if stream is self._out:
                raise OutputLost(trouble) from None


def _print(stream: TextIO, text: str) -> None:
    try:
        stream.write(text + "\n")
    except UnicodeEncodeError:
        # A Windows console with a legacy code page: rather a question mark than no message.
        encoding = stream.encoding or "ascii"
        stream.write(text.encode(encoding, "replace").decode(encoding) + "\n")
    stream.flush()


def _let_go(stream: TextIO) -> None:
    """Send what is still to be written nowhere, so that the end of the program does not stumble over it."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, stream.fileno())
    os.close(nowhere)


def _columns(stream: TextIO) -> int:
    """Return how wide the terminal is; 0 where there is none, or it does not say."""
    try:
        return os.get_terminal_size(stream.fileno()).columns if stream.isatty() else 0
    except (OSError, ValueError):
        return 0
