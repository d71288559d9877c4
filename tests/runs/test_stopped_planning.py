"""Planning that is stopped with Ctrl-C, and made again a moment later."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from whole_run import Program, environment_of, live_digests

from bulktap.simulator.embedded import EmbeddedSimulator
from bulktap.simulator.server import SimulatorOptions
from bulktap.simulator.tenant_file import SeedUser, seed_tenant

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bulktap.simulator.tenant import Tenant

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows sends these signals to whole consoles")

PUPILS = tuple(f"pupil{number:04d}@contoso.com" for number in range(1, 2_001))


@pytest.fixture
def tenant() -> Tenant:
    """A tenant with two thousand pupils."""
    return seed_tenant([SeedUser(upn=user) for user in PUPILS])


@pytest.fixture
def service(tenant: Tenant) -> Iterator[EmbeddedSimulator]:
    """That tenant, which takes half a second for every batch."""
    with EmbeddedSimulator(tenant, SimulatorOptions(latency=0.5)) as running:
        yield running


def _kept(program: Program) -> list[Path]:
    return sorted(Path(program.environment["HOME"]).rglob("look-ups/*"))


def _everything_answered(service: EmbeddedSimulator) -> bool:
    statistics = service.statistics()
    return sum(statistics["outer_statuses"].values()) == statistics["batches"] + statistics["single_calls"]


@pytest.mark.long
def test_planning_goes_on_where_it_was(program: Program, service: EmbeddedSimulator) -> None:
    """Nobody whose passes were listed is asked about again, and once there is a plan nothing of it is kept."""
    connected = Program(program.cwd, {**program.environment, **environment_of(service)})
    roster = connected.roster([["User"], *([user] for user in PUPILS)])
    before = signal.signal(signal.SIGINT, signal.SIG_DFL)  # ignored in a shell's background, which is inherited
    process = subprocess.Popen(
        [sys.executable, "-m", "bulktap", "plan", roster],
        cwd=connected.cwd,
        env=connected.environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    signal.signal(signal.SIGINT, before)
    deadline = time.monotonic() + 300
    while len(service.truth()["listings"]) <= 20:
        assert time.monotonic() < deadline, "no passes were listed"
    process.send_signal(signal.SIGINT)
    said = process.communicate(timeout=300)[1].decode()

    assert process.returncode == 130, said
    assert len(_kept(connected)) == 1
    assert not any(b"passcode" in path.read_bytes().lower() for path in _kept(connected))
    while not _everything_answered(service):  # what was under way is carried out although nobody waits for it now
        assert time.monotonic() < deadline, "batches of the stopped plan are not answered"
    first = len(service.truth()["listings"])

    again = connected("plan", roster, "--json")
    assert again.json["counts"]["not_sent"] == 2_000
    assert "looked up a moment ago" in again.err
    assert len(service.truth()["listings"]) - first < 2_000
    assert _kept(connected) == []

    connected("plan", roster)
    assert live_digests(service) == {}
