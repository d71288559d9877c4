"""Garbage collection while an operation is under way, and afterwards."""

from __future__ import annotations

import gc
import os
import subprocess
import sys
from contextlib import ExitStack
from typing import TYPE_CHECKING

import pytest
from whole_run import REPOSITORY

from bulktap.operations.garbage_collection import seldom_collected

PROGRAM = """
import gc
from bulktap.__main__ import main

class Row:
    def __del__(self):
        print("sorted out")

try:
    main()
finally:
    print(gc.get_threshold()[0] > 1_000)
    one, other = Row(), Row()
    one.other, other.one = other, one
    del one, other
"""
"""The program, which leaves two objects behind as it ends that only a search for garbage would find."""

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

OWN = (701, 11, 9)


@pytest.fixture(autouse=True)
def own_thresholds() -> Iterator[None]:
    """The program has thresholds of its own, which are neither Python's nor ours."""
    before = gc.get_threshold()
    gc.set_threshold(*OWN)
    yield
    gc.set_threshold(*before)


@pytest.mark.parametrize("ending", ["first", "second"])
def test_operations_of_several_threads_give_back_what_was_there(ending: str) -> None:
    """Whichever of two operations ends first, collections are seldom until the other ends, and then as before."""
    first, second = ExitStack(), ExitStack()
    first.enter_context(seldom_collected())
    during = gc.get_threshold()
    second.enter_context(seldom_collected())

    (first if ending == "first" else second).close()
    between = gc.get_threshold()
    (second if ending == "first" else first).close()

    assert during[0] > OWN[0]
    assert (between, gc.get_threshold()) == (during, OWN)


@pytest.mark.parametrize("own", [0, 60_000, 100_000, 1_000_000, 5_000_000])
def test_whoever_collects_more_seldom_is_left_alone(own: int) -> None:
    """A program that looks for garbage more seldom than an operation would, or never, goes on as it does."""
    gc.set_threshold(own, 7, 5)

    with seldom_collected():
        during = gc.get_threshold()

    assert (during, gc.get_threshold()) == ((own, 7, 5), (own, 7, 5))


def test_an_operation_that_fails_gives_them_back() -> None:
    """An exception passes, and the thresholds are the program's own again."""

    @seldom_collected()
    def fails() -> None:
        raise KeyError(gc.get_threshold()[0])

    with pytest.raises(KeyError) as failed:
        fails()

    assert failed.value.args[0] > OWN[0]
    assert gc.get_threshold() == OWN


def test_collections_that_are_switched_off_stay_off() -> None:
    """A program that collects by itself is left to it."""
    gc.disable()
    try:
        with seldom_collected():
            assert not gc.isenabled()
        assert not gc.isenabled()
    finally:
        gc.enable()


@pytest.mark.parametrize("words", [["--version"], ["--help"], ["help", "exit-codes"], ["runs"], ["no-such-command"]])
def test_nothing_is_sorted_out_when_the_program_ends(words: list[str], tmp_path: Path) -> None:
    """Memory goes back to the system at once; whichever way out the command takes."""
    command = [sys.executable, "-c", PROGRAM, *words]
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY)}  # the package need not be installed
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)

    assert done.stdout.endswith("True\n")
