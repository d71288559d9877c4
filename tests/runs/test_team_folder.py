"""A reports folder that was there belongs to whoever made it, and a team can share one."""

from __future__ import annotations

import json
import os
import stat
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING
from unittest import mock

import pytest
from in_process import Ended, command, place
from whole_run import PASSPHRASE

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no modes and groups")
ROSTER = "User,Name\nann@contoso.com,Ann\n"
SECRET = ("--passphrase-file", "secret.txt")
TEAM = 777
ANN, BOB, EVE = 12345, 12346, 12347


def mode(path: Path) -> int:
    """Return the permissions of a folder, with setgid and sticky bits."""
    return stat.S_IMODE(path.stat().st_mode)


@pytest.mark.long
@pytest.mark.parametrize("before", [0o755, 0o2770, 0o775, 0o750, 0o1777, 0o2755])
@pytest.mark.parametrize("reports", ["shared", "."])
def test_a_folder_that_was_there_keeps_its_permissions(tmp_path: Path, before: int, reports: str) -> None:
    """Planning and issuing change nothing about it, also where it is the working folder; the run itself is private."""
    (tmp_path / "roster.csv").write_text(ROSTER, "utf-8")
    (tmp_path / "secret.txt").write_text(PASSPHRASE, "utf-8")
    (tmp_path / "shared").mkdir()
    where = tmp_path / reports
    where.chmod(before)
    owner = (where.stat().st_uid, where.stat().st_gid)
    with place(tmp_path):
        assert command("plan", "roster.csv", "--offline", "--reports", reports).code == 0
        assert mode(where) == before
        issued = command(
            "apply", "roster.csv", "--simulate", "--yes", "--passphrase-file", "secret.txt", "--reports", reports
        )
        assert issued.code == 0, issued.err

    assert mode(where) == before
    assert (where.stat().st_uid, where.stat().st_gid) == owner
    assert [mode(path) & 0o777 for path in where.glob("20*")] == [0o700, 0o700]


@pytest.fixture
def team() -> Iterator[Path]:
    """A folder that a group may write to, with a roster that its members may read."""
    with tempfile.TemporaryDirectory(dir="/tmp") as name:
        work = Path(name)
        work.chmod(0o755)
        (work / "roster.csv").write_text(ROSTER, "utf-8")
        (work / "secret.txt").write_text(PASSPHRASE, "utf-8")
        (work / "reports").mkdir()
        os.chown(work / "reports", ANN, TEAM)
        (work / "reports").chmod(0o2770)
        yield work


def as_user(number: int, work: Path, *arguments: str) -> Ended:
    """Run the program as that user; all but one are members of the team.

    In a fork, because other users may not reach the Python that runs here; what it needs has been imported.
    """
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        told: dict[str, object] = {"code": 99, "out": "", "err": "the fork failed", "seconds": 0.0}
        try:
            os.setgroups([] if number == EVE else [TEAM])
            os.setgid(number)
            os.setuid(number)
            # Each has a configuration folder of their own, or none, as here.
            with place(work), mock.patch.dict(os.environ, XDG_CONFIG_HOME=str(work / f"config-{number}")):
                told = asdict(command(*arguments))
        except Exception as trouble:  # noqa: BLE001 - a fork must not return into the test
            told["err"] = repr(trouble)
        finally:
            os.write(writing, json.dumps(told).encode())
            os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as pipe:
        told = json.load(pipe)
    os.waitpid(child, 0)
    return Ended(**told)


@pytest.mark.skipif(
    sys.platform == "win32" or os.geteuid() != 0, reason="only root can be several users, and Windows has none"
)
def test_the_members_of_a_team_share_a_folder(team: Path) -> None:
    """Each has runs of their own, which the others see are there; whoever is no member gets a sentence."""
    issue = ("apply", "roster.csv", "--simulate", "--yes", "--json", "--passphrase-file", "secret.txt")
    (team / "rehearsal").mkdir()
    with place(team):
        assert command(*issue, "--reports", "rehearsal").code == 0
        assert command("results", next((team / "rehearsal").glob("20*")), "--passphrase-file", "secret.txt").code == 0
    for number in (ANN, BOB, ANN):
        issued = as_user(number, team, *issue)
        assert issued.code == 0, issued.err

    assert mode(team / "reports") == 0o2770
    owners = sorted((path.stat().st_uid, mode(path) & 0o777) for path in (team / "reports").glob("20*"))
    assert owners == [(ANN, 0o700), (ANN, 0o700), (BOB, 0o700)]
    seen = json.loads(as_user(BOB, team, "runs", "--json").out)["runs"]
    assert sorted(one["state"] for one in seen) == ["finished", "unreadable", "unreadable"]
    assert "another user" in as_user(BOB, team, "runs").err

    theirs = next(str(path) for path in (team / "reports").glob("20*") if path.stat().st_uid == ANN)
    for word in ("results", "resume"):
        refused = as_user(BOB, team, word, theirs, "--passphrase-file", "secret.txt")
        assert refused.code == 12, refused.err
        assert "Traceback" not in refused.err
    for arguments in (issue, ("runs",), ("resume",), ("plan", "roster.csv", "--offline")):
        stranger = as_user(EVE, team, *arguments)
        assert stranger.code in {2, 7}, stranger.err
        assert "reports" in stranger.err
