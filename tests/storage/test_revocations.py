"""The file that says which passes of a run were revoked."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from bulktap.model.errors import Untrusted
from bulktap.storage.revocations import REVOKED, RevocationFile, read_revocations, revoked_passes
from bulktap.storage.run_folder import RunFolder

if TYPE_CHECKING:
    from pathlib import Path

NOW = datetime(2035, 9, 1, 8, 0, tzinfo=UTC)


@pytest.fixture
def folder(tmp_path: Path) -> RunFolder:
    """A run's folder."""
    return RunFolder(tmp_path)


def test_nothing_is_revoked_where_there_is_no_file(folder: RunFolder) -> None:
    """Reading makes none either."""
    assert (revoked_passes(folder), folder.revocations.exists()) == ({}, False)


def test_what_was_deleted_is_told_with_its_moment_and_the_rest_is_left(folder: RunFolder) -> None:
    """Only deleted ones are revoked; what has no outcome is what a later command goes on with."""
    with RevocationFile(folder, lambda: NOW) as file:
        file.began({"a": 1, "b": 2, "c": 3}, "somebody")
        file.sent(["a", "b"])
        file.settled("a", REVOKED)
        file.settled("b", "used")

    record = read_revocations(folder)

    assert (record.revoked, record.left, record.sent) == ({"a": NOW}, {"c": 3}, {"a", "b"})


def test_a_later_revocation_takes_the_place_of_the_last_and_forgets_no_pass(folder: RunFolder) -> None:
    """What is left is that of the later one; what was deleted before stays deleted."""
    for passes, done in (({"a": 1, "b": 2}, "a"), ({"c": 3}, "c")):
        with RevocationFile(folder, lambda: NOW) as file:
            file.began(passes, "somebody")
            file.settled(done, REVOKED)

    record = read_revocations(folder)

    assert (set(record.revoked), record.left) == ({"a", "c"}, {})


@pytest.mark.parametrize(
    ("how", "ended", "unanswered"),
    [
        (REVOKED, {"a": REVOKED}, set()),
        ("used", {"a": "used"}, set()),
        ("gone", {"a": "gone"}, set()),
        ("replaced", {"a": "replaced"}, set()),
        ("refused", {}, set()),
        (None, {}, {"a"}),
    ],
)
@pytest.mark.parametrize("later", [True, False])
def test_what_became_of_a_pass_is_known_whatever_is_revoked_later(
    folder: RunFolder, how: str | None, ended: dict[str, str], unanswered: set[str], later: bool
) -> None:
    """One that could not be deleted still works; of one whose answer was lost nobody can tell."""
    with RevocationFile(folder, lambda: NOW) as file:
        file.began({"a": 1}, "somebody")
        file.sent(["a"])
        if how is not None:
            file.settled("a", how)
        if later:
            file.began({"b": 2}, "somebody")
            file.sent(["b"])
            file.settled("b", "refused")

    record = read_revocations(folder)

    assert (record.ended, record.unanswered) == (ended, unanswered)


@pytest.mark.parametrize(
    "end",
    [
        b'{"at":"2035-09-01T08:00:00+00:00","event":"settled","pass":"b","ho',
        b'{"at":"2035-09-01T08:00:00+00:00","event":"settled","pass":"b","how":"revoked"}',
        b"\xff\xfe\n",
        b"[1]\n",
        b'{"at":"yesterday","event":"settled","pass":"b","how":"revoked"}\n',
        b'{"event":"settled","pass":7}\n',
        b"[" * 100_000 + b"\n",
    ],
)
def test_a_line_that_was_cut_short_or_says_nothing_counts_for_nothing(folder: RunFolder, end: bytes) -> None:
    """Killed in the middle of a line; the next process begins a new one, and what came before stays."""
    with RevocationFile(folder, lambda: NOW) as file:
        file.began({"a": 1, "b": 2}, "somebody")
        file.settled("a", REVOKED)
    with folder.revocations.open("ab") as raw:
        raw.write(end)

    assert set(revoked_passes(folder)) == {"a"}
    with RevocationFile(folder, lambda: NOW) as file:
        file.settled("c", REVOKED)
    assert set(revoked_passes(folder)) - {"b"} == {"a", "c"}


def test_each_line_is_json_and_the_file_is_private(folder: RunFolder) -> None:
    """Other programs may read it; other users may not."""
    with RevocationFile(folder, lambda: NOW) as file:
        file.began({"a": 1}, "Jörg")

    (line,) = folder.revocations.read_text("ascii").splitlines()

    assert json.loads(line) == {"at": NOW.isoformat(), "event": "began", "process": "Jörg", "passes": {"a": 1}}
    assert sys.platform == "win32" or folder.revocations.stat().st_mode & 0o077 == 0


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights of their own on Windows")
def test_a_link_in_its_place_is_not_followed(folder: RunFolder, tmp_path: Path) -> None:
    """A folder that came from somebody else must not lead a write elsewhere."""
    (tmp_path / "other").write_text("precious")
    folder.revocations.symlink_to(tmp_path / "other")

    with pytest.raises(Untrusted):
        RevocationFile(folder, lambda: NOW)
    assert (tmp_path / "other").read_text() == "precious"
