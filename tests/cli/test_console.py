"""The rules of the terminal."""

from __future__ import annotations

import io
import json

import pytest

from bulktap.cli.console import Console, ScreenSettings, duration, visible
from bulktap.errors import UsageError


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
    narrow = io.TextIOWrapper(raw, encoding="cp437", errors="strict")
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
