"""What an operation writes to the log of its run."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from silent_observer import SilentObserver

from bulktap.dispatch.observer import Standing
from bulktap.model.clock import SystemClock
from bulktap.model.log_events import BatchReplied, SignInUnanswered, StepFailed, WorkEnded
from bulktap.model.secret import Secret
from bulktap.model.setting_names import Setting, as_argument
from bulktap.operations.run_log import RunLog
from bulktap.storage import EventLog

if TYPE_CHECKING:
    from pathlib import Path

PASSCODE = Secret("TAP+7xKq2")


class Listener(SilentObserver):
    """Remembers what it hears."""

    def __init__(self) -> None:
        self.heard: list[Any] = []

    def phase(self, name: str, total: int) -> None:
        """See the interface."""
        self.heard.append((name, total))

    def standing(self, standing: Standing) -> None:
        """See the interface."""
        self.heard.append(standing.done)

    def warn(self, message: str) -> None:
        """See the interface."""
        self.heard.append(message)


def batch(*failed: StepFailed) -> BatchReplied:
    """Return the event of a batch with these failures."""
    return BatchReplied(
        client_request_id="ours", steps=2, creates=True, seconds=0.1, reply="Answered", status=200, failed=failed
    )


def written(path: Path) -> list[dict[str, Any]]:
    """Return the events in a log."""
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def test_everything_is_passed_on_and_events_are_written_once_there_is_a_log(tmp_path: Path) -> None:
    """A phase says what it cost so far, a warning is an event too, standings are for the screen only."""
    listener, path = Listener(), tmp_path / "log.jsonl"
    with RunLog(listener, SystemClock(), as_argument) as run_log:
        run_log.phase("reading", 1)
        run_log.write_to(EventLog(path))
        run_log.phase("issuing", 4)
        run_log.standing(Standing(2, 4))
        run_log.warn("Slow.")
        run_log.log(WorkEnded(exit_code=0, throttled_steps=0))

    assert listener.heard == [("reading", 1), ("issuing", 4), 2, "Slow."]
    events = written(path)
    assert [event["event"] for event in events] == ["phase", "warning", "end"]
    assert events[0]["cpu_seconds"] >= 0
    assert all("time" in event for event in events)


@pytest.mark.parametrize(
    ("text", "logged"),
    [
        (f"a {PASSCODE.reveal()} b", "a [secret] b"),
        (f"say {Setting.SHEET.to('7A')}", 'say sheet="7A"'),
        (f"the {Setting.STRICT}", "the strict="),
        ("plain", "plain"),
        ("", ""),
    ],
)
def test_texts_are_written_without_secrets_and_with_settings_spelled(tmp_path: Path, text: str, logged: str) -> None:
    """Whoever starts the operation says how settings are called."""
    path = tmp_path / "log.jsonl"
    with RunLog(SilentObserver(), SystemClock(), as_argument) as run_log:
        run_log.write_to(EventLog(path))
        run_log.log(SignInUnanswered(text, permanent=True))
        run_log.log(batch(StepFailed(3, None, text)))

    first, second = written(path)
    assert (first["cause"], first["permanent"]) == (logged, True)
    assert second["failed"] == [{"row": 3, "status": None, "cause": logged}]


def test_nothing_is_written_after_the_end(tmp_path: Path) -> None:
    """The folder of a run that was begun in vain can be removed, on Windows too."""
    path = tmp_path / "log.jsonl"
    run_log = RunLog(SilentObserver(), SystemClock(), as_argument)
    run_log.write_to(EventLog(path))
    run_log.warn("one")
    run_log.end()
    run_log.warn("two")

    assert len(written(path)) == 1
