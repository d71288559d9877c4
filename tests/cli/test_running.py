"""How a command ends that met a bug of ours, or that the operating system refuses something."""

from __future__ import annotations

import errno
import io
import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import pytest

from bulktap.cli.console import Console, ScreenSettings
from bulktap.cli.running import run_command
from bulktap.model.secret import Secret

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bulktap.cli.outcome import CommandOutcome

LONG_PATH = "Windows takes 259" if os.name == "nt" else "is the folder that you mean"
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
            outcome.run = "2035-08-20T0715Z-students-3fa9"
            outcome.folder = tmp_path / outcome.run
            outcome.folder.mkdir()
            if begun == "a journal":
                (outcome.folder / "journal.db").touch()
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


@pytest.mark.parametrize(
    ("number", "path", "hint"),
    [
        (errno.ENOSPC, "/passes/run.html", "Free space"),
        (errno.EACCES, "/passes/errors.xlsx", "Close errors.xlsx"),
        (errno.EISDIR, "/passes/run.json", "move it elsewhere"),
        (errno.ENOENT, "/gone/roster.csv", "is there"),
        (errno.EIO, "/passes/journal.db", "Check the disk"),
        (errno.EMFILE, None, "run the same command again"),
        (errno.ENAMETOOLONG, "/passes/" + "x" * 300, LONG_PATH),
        (errno.ELOOP, "/passes/loop", "is the folder that you mean"),
    ],
)
@pytest.mark.parametrize("verbose", [False, True])
def test_what_the_system_refuses_is_a_sentence(
    capsys: pytest.CaptureFixture[str], number: int, path: str | None, hint: str, *, verbose: bool
) -> None:
    """Exit 7, with the path and what to do; never an internal error."""

    def refused(_: CommandOutcome) -> None:
        raise OSError(number, os.strerror(number), path)

    with pytest.raises(SystemExit) as end:
        run_command(Console(ScreenSettings(as_json=True, verbose=verbose)), refused)

    told = capsys.readouterr()
    assert end.value.code == 7
    error = json.loads(told.out)["error"]
    assert os.strerror(number) in error["message"]
    assert (str(Path(path)) if path else "") in error["message"]
    assert hint in error["hint"]
    assert "mistake" not in told.err
    assert "Internal" not in told.err
