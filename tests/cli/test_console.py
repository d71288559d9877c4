"""The rules of the terminal."""

from __future__ import annotations

import io
import json
import os
import threading
from functools import partial
from typing import TYPE_CHECKING

import pytest

from bulktap.cli.console import Console, ScreenSettings
from bulktap.cli.told_text import duration, visible
from bulktap.model.errors import UsageError
from bulktap.model.secret import Secret

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def console(screen: ScreenSettings) -> tuple[Console, io.StringIO, io.StringIO]:
    """Return a console and its two streams."""
    out, err = io.StringIO(), io.StringIO()
    return Console(screen, out, err), out, err


def test_data_goes_to_standard_output_and_everything_else_to_standard_error() -> None:
    """A script can keep them apart."""
    screen, out, err = console(ScreenSettings())

    screen.data("three passes")
    screen.say("working")
    screen.error("Something is wrong.", "Do this.")

    assert out.getvalue() == "three passes\n"
    assert err.getvalue() == "working\nError: Something is wrong.\nHint:  Do this.\n"


def test_with_json_standard_output_holds_one_object_and_nothing_else() -> None:
    """Whatever the command says besides."""
    screen, out, _ = console(ScreenSettings(as_json=True))

    screen.data("three passes")
    screen.json({"name": "Zoë"})

    assert json.loads(out.getvalue()) == {"name": "Zoë"}


def test_quiet_keeps_errors_and_what_must_be_seen() -> None:
    """A passphrase that was made up is shown even then."""
    screen, _, err = console(ScreenSettings(quiet=True))

    screen.say("working")
    screen.heading("Plan")
    screen.always("Passphrase: x")

    assert err.getvalue() == "Passphrase: x\n"


def test_without_a_terminal_nothing_can_be_asked() -> None:
    """Rather an error that says what to add than a program that waits for ever."""
    screen, _, _ = console(ScreenSettings())

    with pytest.raises(UsageError):
        screen.confirm("Issue?")


def test_a_console_of_an_older_code_page_gets_question_marks_and_no_traceback() -> None:
    """Names in any script go to any console."""
    raw = io.BytesIO()
    narrow = io.TextIOWrapper(raw, encoding="cp437", errors="strict", newline="\n")
    Console(ScreenSettings(), narrow, io.StringIO()).data("名前 Zoë")
    narrow.flush()

    assert raw.getvalue().decode("cp437") == "?? Zoë\n"


@pytest.mark.parametrize(
    ("text", "shown"),
    [("Zoë", "Zoë"), ("a\x1b[31mb", "a<U+001B>[31mb"), ("a\u202eb", "a<U+202E>b"), ("a\u200bb", "a<U+200B>b")],
)
def test_what_could_steer_a_terminal_is_written_out(text: str, shown: str) -> None:
    """Control and invisible characters, direction marks among them."""
    assert visible(text) == shown


def test_columns_line_up_also_for_wide_letters() -> None:
    """A Japanese name takes two columns a letter."""
    screen, _, _ = console(ScreenSettings())

    lines = screen.table(("Name", "N"), [("山田", "1"), ("Ann", "2")]).splitlines()

    assert lines == ["Name  N", "山田  1", "Ann   2"]


@pytest.mark.parametrize(("seconds", "words"), [(3.2, "3 s"), (600, "10 min"), (28_800, "8 h"), (9_000, "2.5 h")])
def test_a_length_of_time_is_said_as_people_say_it(seconds: float, words: str) -> None:
    """Not in thousands of seconds."""
    assert duration(seconds) == words


STEERING = {
    "colour": "\x1b[31m",
    "title of the window": "\x1b]0;owned\x07",
    "C1 introducer": "\x9b2J",
    "direction": "\u202e",
    "isolated direction": "\u2067",
    "line break": "\nError: forged",
    "carriage return": "\rPlan: nothing",
    "tab": "a\tb",
    "line separator": "\u2028forged",
    "paragraph separator": "\u2029forged",
    "next line": "\x85forged",
    "lone surrogate": "\udc9b",
    "zero width": "\u200b",
    "erase": "\x7f",
}
WAYS: dict[str, Callable[[Console, str], object]] = {
    "data": lambda screen, text: screen.data(text),
    "say": lambda screen, text: screen.say(text),
    "always": lambda screen, text: screen.always(text),
    "warn": lambda screen, text: screen.warn(text),
    "error": lambda screen, text: screen.error(text),
    "hint": lambda screen, text: screen.error("Something is wrong.", text),
    "heading": lambda screen, text: screen.heading(text),
    "table": lambda screen, text: screen.data(*screen.table(("Name",), [(text,)]).split("\n")),
    "json": lambda screen, text: screen.json({"name": [text]}),
}


@pytest.mark.parametrize("what", STEERING)
@pytest.mark.parametrize("way", WAYS)
def test_nothing_that_is_said_steers_the_terminal_or_forges_a_line(way: str, what: str) -> None:
    """Whatever a heading, a file's name, an argument or a reply holds; every way of saying something."""
    screen, out, err = console(ScreenSettings())
    plain, plain_out, plain_err = console(ScreenSettings())

    WAYS[way](screen, f"a{STEERING[what]}b")
    WAYS[way](plain, "ab")

    told = out.getvalue() + err.getvalue()
    assert told.count("\n") == (plain_out.getvalue() + plain_err.getvalue()).count("\n")
    assert told.replace("\n", "").isprintable()
    if way == "json":
        assert json.loads(told) == {"name": [f"a{STEERING[what]}b"]}


@pytest.mark.parametrize("way", WAYS)
def test_no_living_secret_is_shown_in_passing(way: str) -> None:
    """A reply that echoes the request does not print the client secret, in whichever way it is told."""
    secret = Secret("q8Q~abc.DEF_123")
    screen, out, err = console(ScreenSettings())

    WAYS[way](screen, f"refused: client_secret={secret.reveal()}")

    told = out.getvalue() + err.getvalue()
    assert "q8Q" not in told
    assert "refused: client_secret=[secret]" in told


def test_a_secret_that_is_meant_to_be_seen_is_shown() -> None:
    """A passphrase that was made up, with `--quiet` too; and what other programs need to find the pretend tenant."""
    secret = Secret("k7wq3-hm2vt-x9dbe-4rnpz")
    screen, out, err = console(ScreenSettings(quiet=True))

    screen.reveal("Passphrase", secret)
    screen.variable("AZURE_CLIENT_SECRET", secret.reveal())

    assert err.getvalue() == "Passphrase: k7wq3-hm2vt-x9dbe-4rnpz\n"
    assert out.getvalue() == "AZURE_CLIENT_SECRET=k7wq3-hm2vt-x9dbe-4rnpz\n"


class _Stopped(io.StringIO):
    """A terminal that takes nothing until it is released, as after Ctrl-S."""

    def __init__(self) -> None:
        super().__init__()
        self.released = threading.Event()
        self.waiting = threading.Event()

    def write(self, text: str, /) -> int:
        """Wait to be released."""
        self.waiting.set()
        self.released.wait()
        return super().write(text)


def test_a_terminal_that_takes_nothing_keeps_nobody_waiting() -> None:
    """Lines are kept in order, frames of a bar are dropped but for the last, and all is there in the end."""
    err = _Stopped()
    screen = Console(ScreenSettings(), io.StringIO(), err)
    drawn: list[int] = []

    with screen.drawn_apart() as painter:
        for number in range(100):
            screen.say(f"line {number}")
            painter.frame(partial(drawn.append, number))
        assert err.waiting.wait(60)
        assert err.getvalue() == ""
        err.released.set()
        screen.settle()
        painter.end_bar(lambda: drawn.append(-1))

    assert err.getvalue() == "".join(f"line {number}\n" for number in range(100))
    assert len(drawn) <= 3
    assert drawn[-1] == -1


def test_a_question_comes_after_what_was_said_before_it() -> None:
    """Data waits for the thread that writes what was said."""
    both = io.StringIO()
    screen = Console(ScreenSettings(), both, both)

    with screen.drawn_apart():
        screen.say("first")
        screen.data("second")
        screen.always("third")

    assert both.getvalue() == "first\nsecond\nthird\n"


def test_a_terminal_that_has_gone_is_no_reason_to_end(tmp_path: Path) -> None:
    """The window was closed while the run goes on: the thread lives, and what is said goes nowhere."""
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "w") as err, (tmp_path / "out.txt").open("w") as out:
        screen = Console(ScreenSettings(), out, err)
        with screen.drawn_apart():
            for _ in range(3):
                screen.say("to nobody")
                screen.settle()
        screen.data("finished")

    assert (tmp_path / "out.txt").read_text() == "finished\n"
