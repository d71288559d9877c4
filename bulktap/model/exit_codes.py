"""ExitCode: what each command exits with, as the contract has it; a new one is a line here."""

from __future__ import annotations

from enum import IntEnum


class ExitCode(IntEnum):
    """The exit codes; scripts rely on the numbers."""

    DONE = 0
    """Every row done, skipped ones included."""
    UNEXPECTED = 1
    """An error in bulktap; the run can be resumed if it had begun."""
    USAGE = 2
    """Usage or settings; a question that cannot be asked because there is no terminal."""
    INCOMPLETE = 3
    """Finished, and some rows have no pass that works; of `verify`, something is not as recorded."""
    ROSTER = 4
    """The roster cannot be used, or needs an answer; nothing was sent."""
    ACCESS = 5
    """Sign-in refused, or a permission missing."""
    STOPPED = 6
    """Stopped by tenant policy, a guard, an unfinished earlier run, or the answer to the question."""
    GAVE_UP = 7
    """Gave up on throttling, network or disk; `resume` finishes the run."""
    PLAN = 8
    """The saved plan may not be carried out as it stands."""
    IN_USE = 11
    """The run, or the tenant, is in use by another process."""
    LOCKED = 12
    """Wrong passphrase, or the journal is damaged."""
    INTERRUPTED = 130
    """Interrupted; `resume` finishes the run."""
