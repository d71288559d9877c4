from __future__ import annotations

import json
import stat
import sys
from typing import TYPE_CHECKING, Any

import pytest

from bulktap.model.secret import Secret
from bulktap.storage import EventLog

if TYPE_CHECKING:
    from pathlib import Path


def test_every_event_is_a_line_of_its_own(tmp_path: Path) -> None:
    """Also over several sessions, and with line breaks in a value."""
    path = tmp_path / "log.jsonl"
    for number in range(2):
        with EventLog(path) as log:
            assert log.append({"event": "sent", "row": number, "note": "two\nlines"}) is None

    events = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]

    assert events == [{"event": "sent", "row": number, "note": "two\nlines"} for number in range(2)]


@pytest.mark.parametrize("value", [Secret("Pc!001"), [Secret("Pc!001")], {"a": Secret("Pc!001")}, object(), b"Pc!001"])
def test_a_secret_does_not_get_into_the_log(tmp_path: Path, value: Any) -> None:
    """What JSON does not know is not written at all."""
    path = tmp_path / "log.jsonl"
    with EventLog(path) as log, pytest.raises(TypeError):
        log.append({"value": value})

    assert not path.exists()


def test_a_line_that_was_cut_short_does_not_spoil_the_next(tmp_path: Path) -> None:
    """The process before was killed in the middle of one."""
    path = tmp_path / "log.jsonl"
    path.write_bytes(b'{"event":"se')
    with EventLog(path) as log:
        log.append({"event": "resumed"})

    assert path.read_bytes() == b'{"event":"se\n{"event":"resumed"}\n'


def test_a_log_that_cannot_be_written_says_so_once(tmp_path: Path) -> None:
    """The run goes on; when writing works again, the next stretch of lost lines is told again."""
    path = tmp_path / "later" / "log.jsonl"
    with EventLog(path) as log:
        first = log.append({"event": "sent"})
        assert first is not None
        assert str(path) in first
        assert log.append({"event": "sent"}) is None

        path.parent.mkdir()
        assert log.append({"event": "settled"}) is None

    assert path.read_bytes() == b'{"event":"settled"}\n'
    path.unlink()
    path.mkdir()
    assert log.append({"event": "sent"}) is not None


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has access lists instead of modes")
def test_the_log_is_private(tmp_path: Path) -> None:
    """Like every file of a run."""
    with EventLog(tmp_path / "log.jsonl") as log:
        log.append({})

    assert stat.S_IMODE((tmp_path / "log.jsonl").stat().st_mode) == 0o600
