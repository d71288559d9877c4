"""What is shown for a moment is wiped, however the moment ends."""

from __future__ import annotations

import hashlib
import os
import select
import signal
import subprocess
import sys
import threading
import time

import pytest

from bulktap.cli.moment import woken_by_signals
from bulktap.cli.pass_card import grouped, told_apart

if sys.platform == "win32":
    pytest.skip("Windows has no pseudo-terminals", allow_module_level=True)
else:
    import pty

PROGRAM = """
import sys
from bulktap.cli.moment import can_show, show_for_a_moment
assert can_show(sys.stdout)
asked = show_for_a_moment(sys.stdout, "the secret", float(sys.argv[1]))
print("asked" if asked else "not asked", flush=True)
"""
ON, WIPED = "\x1b[?1049h", "\x1b[H\x1b[J\x1b[?25h\x1b[?1049l"


def watch(seconds: float, *, typed: bytes = b"", signals: tuple[int, ...] = ()) -> tuple[int, str]:
    """Let a process of its own show something on a terminal; return how it ended, and all that the terminal got."""
    here, there = pty.openpty()
    command = [sys.executable, "-c", PROGRAM, str(seconds)]
    process = subprocess.Popen(command, stdin=there, stdout=there, stderr=there)
    os.close(there)
    shown, told = "", False
    while select.select([here], [], [], 60)[0]:
        try:
            data = os.read(here, 65536)
        except OSError:
            break
        if not data:
            break
        shown += data.decode()
        if "the secret" in shown and not told:
            told = True
            together(process, signals)
            if typed:
                os.write(here, typed)
    os.close(here)
    return process.wait(60), shown


def together(process: subprocess.Popen[bytes], signals: tuple[int, ...]) -> None:
    """Send signals so that the process finds them all at once: the last of several may else find that it is over."""
    several = len(signals) > 1
    if several:
        process.send_signal(signal.SIGSTOP)
        os.waitpid(process.pid, os.WUNTRACED)
    for number in signals:
        process.send_signal(number)
    if several:
        process.send_signal(signal.SIGCONT)


@pytest.mark.parametrize(
    ("seconds", "typed", "signals", "asked"),
    [
        (60.0, b"\n", (), False),
        (60.0, b"what was typed before\n", (), False),
        (60.0, b"\x04", (), False),
        (0.3, b"", (), False),
        (60.0, b"", (signal.SIGTERM,), True),
        (60.0, b"", (signal.SIGHUP,), True),
        (60.0, b"", (signal.SIGINT,), True),
        (60.0, b"", (signal.SIGQUIT,), True),
        (60.0, b"", (signal.SIGINT, signal.SIGTERM, signal.SIGHUP), True),
    ],
)
def test_it_is_wiped_however_it_ends(seconds: float, typed: bytes, signals: tuple[int, ...], asked: bool) -> None:
    """By Enter, the end of input, the time, or any signal that asks for an end, alone or with others."""
    began = time.monotonic()
    code, shown = watch(seconds, typed=typed, signals=signals)

    assert code == 0, shown
    assert time.monotonic() - began < 50
    assert shown.index(ON) < shown.index("the secret") < shown.index(WIPED)
    after = shown.rpartition(WIPED)[2]
    assert after.strip() == ("asked" if asked else "not asked")


def test_it_cannot_be_put_into_the_background() -> None:
    """A Ctrl-Z would leave it on the screen below the shell's prompt."""
    code, shown = watch(60.0, typed=b"\n", signals=(signal.SIGTSTP,))

    assert code == 0
    assert WIPED in shown


@pytest.mark.parametrize(
    ("passcode", "groups"),
    [("", ""), ("abc", "abc"), ("abcd", "abcd"), ("abcdefgh", "abcd  efgh"), ("abcdefghi", "abcd  efgh  i")],
)
def test_a_passcode_stands_in_groups_of_four(passcode: str, groups: str) -> None:
    """The rest stands by itself."""
    assert grouped(passcode) == groups


@pytest.mark.parametrize(
    ("passcode", "told"),
    [
        ("abcdefgh", []),
        ("a0", ["2nd  0  the digit zero"]),
        ("OO", ["1st, 2nd  O  a capital letter, as in Oscar"]),
        (
            "I1l",
            ["1st  I  a capital letter, as in India", "2nd  1  the digit one", "3rd  l  a small letter, as in lima"],
        ),
        ("xxxxxxxxxxoxxo", ["11th, 14th  o  a small letter, as in oscar"]),
    ],
)
def test_what_is_mistaken_for_one_another_is_told_in_words(passcode: str, told: list[str]) -> None:
    """With its places; other letters need no words."""
    assert told_apart(passcode) == told


def test_a_signal_wakes_also_where_the_interpreter_has_not_noticed_it() -> None:
    """It may come between the interpreter's last look and the wait: then nothing but the pipe tells of it."""
    woken: list[bool] = []

    def ask(wake: int) -> None:
        signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGTERM)
        woken.append(bool(select.select([wake], [], [], 0.2)[0]))

    with woken_by_signals() as (wake, asked):
        asking = threading.Timer(0.0, ask, [wake])
        asking.start()
        # The main thread, in which handlers run, is in C code meanwhile that no signal interrupts.
        hashlib.pbkdf2_hmac("sha256", b"", b"", 2_000_000)
        asking.join()

    assert woken == [True]
    assert asked == [signal.SIGTERM]
