"""How a command ends that met a bug of ours."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, NoReturn

import pytest

from bulktap.cli.console import Console, ScreenSettings
from bulktap.cli.running import run_command
from bulktap.secret import Secret

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from bulktap.cli.outcome import CommandOutcome

PASSCODE = Secret("TAP+7xKq2")


@pytest.fixture(autouse=True)
def own_signals() -> Iterator[None]:
    """Leave the signal handlers of the tests as they were."""
    import signal

    numbers = [getattr(signal, name) for name in ("SIGTERM", "SIGHUP", "SIGBREAK") if hasattr(signal, name)]
    before = {number: signal.getsignal(number) for number in numbers}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.mark.parametrize("bug", [KeyError, ValueError, RuntimeError, AttributeError, UnicodeDecodeError])
@pytest.mark.parametrize("begun", ["nothing", "a folder", "a journal"])
def test_a_bug_says_what_is_safe_only_where_something_may_be(tmp_path: Path, bug: type[Exception], begun: str) -> None:
    """Exit 1, the class of the error, no word of what it held; and of passes only where a journal is."""
    err = io.StringIO()

    def action(outcome: CommandOutcome) -> NoReturn:
        if begun != "nothing":
            outcome.run, outcome.folder = "2035-08-20T0715Z-students-3fa9", tmp_path
        if begun == "a journal":
            (tmp_path / "journal.db").touch()
        words = (
            ("utf-8", PASSCODE.reveal().encode(), 0, 1, "odd") if bug is UnicodeDecodeError else (PASSCODE.reveal(),)
        )
        raise bug(*words)

    with pytest.raises(SystemExit) as end:
        run_command(Console(ScreenSettings(verbose=True), io.StringIO(), err), action)

    assert end.value.code == 1
    assert f"Error: Internal error ({bug.__name__})" in err.getvalue()
    assert "TAP" not in err.getvalue()
    assert ("what had been issued is safe" in err.getvalue()) is (begun == "a journal")
    assert ("bulktap resume 2035-08-20T0715Z-students-3fa9" in err.getvalue()) is (begun == "a journal")
