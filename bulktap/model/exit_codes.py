"""ExitCode: what each command exits with, as the contract has it; a new one is a line here."""

from __future__ import annotations

from enum import IntEnum
from typing import Self


class ExitCode(IntEnum):
    """The exit codes, each with its meaning as help and README tell it; scripts rely on the numbers."""

    meaning: str

    def __new__(cls, number: int, meaning: str) -> Self:
        """Make the number a member, and keep its meaning beside it."""
        code = int.__new__(cls, number)
        code._value_ = number
        code.meaning = meaning
        return code

    DONE = 0, "every row done, skipped ones included"
    UNEXPECTED = 1, "unexpected error: a bug; a run that had begun can be resumed"
    USAGE = 2, "usage or settings; a question that cannot be asked because there is no terminal"
    INCOMPLETE = (
        3,
        (
            "finished, and some rows have no pass, or none that works (`plan`: would get none; `verify`: some are not "
            "as recorded; `revoke`: some were not deleted): see the report"
        ),
    )
    ROSTER = (
        4,
        "the roster cannot be used or needs an answer, or `--strict` and a row is invalid; nothing was sent",
    )
    ACCESS = 5, "sign-in or permission"
    STOPPED = 6, "stopped by the tenant's policy, a guard, an unfinished earlier run, or your answer"
    GAVE_UP = 7, "gave up on throttling, network or disk; `resume` finishes it"
    PLAN = (
        8,
        "the plan has expired, was edited, made offline or carried out already, or is for another roster or tenant",
    )
    IN_USE = 11, "the run, or the tenant, is in use by another process"
    LOCKED = 12, "wrong passphrase, or a damaged journal"
    INTERRUPTED = 130, "interrupted; `resume` finishes it"
