"""Checks: what was looked at to find out whether bulktap can work here, how it stands, and what helps."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from bulktap.model.exit_codes import ExitCode

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


class CheckState(StrEnum):
    """How a check ended."""

    OK = "ok"
    WARN = "warn"
    """Something will not work, or not as well; passes can be issued all the same."""
    WRONG = "wrong"
    """No pass can be issued like this."""


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at."""

    code: str
    """For programs."""
    title: str
    """For people, in one to three words."""
    state: CheckState
    found: str
    """One sentence: how it stands, and where something is wrong the cause."""
    remedy: str = ""
    """What to do about it; empty where nothing is to be done."""
    details: tuple[str, ...] = ()
    """More of what was found, a line each."""
    exit_code: ExitCode = ExitCode.DONE
    """With which the command ends because of it."""


def fine(code: str, title: str, found: str, details: Iterable[str] = ()) -> Check:
    """Return a check that found everything in order."""
    return Check(code, title, CheckState.OK, found, details=tuple(details))


def warning(code: str, title: str, found: str, remedy: str, details: Iterable[str] = ()) -> Check:
    """Return a check that found something to know of."""
    return Check(code, title, CheckState.WARN, found, remedy, tuple(details))


def wrong(code: str, title: str, found: str, remedy: str, exit_code: ExitCode, details: Iterable[str] = ()) -> Check:
    """Return a check that found something in the way."""
    return Check(code, title, CheckState.WRONG, found, remedy, tuple(details), exit_code)


def exit_code_of(checks: Sequence[Check]) -> ExitCode:
    """Return what the first thing in the way says; the checks stand in the order in which one needs the other."""
    return next((one.exit_code for one in checks if one.state is CheckState.WRONG), ExitCode.DONE)
