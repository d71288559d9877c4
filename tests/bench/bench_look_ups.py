"""Seconds, batches and steps that looking users up and listing their passes takes, before anything is decided.

python tests/bench/bench_look_ups.py [--rows N] [--latency SECONDS] [--limits LIMIT] [--absent SHARE] [--portion N]

Real HTTPS to `bulktap simulator` in a process of its own, real sign-in, the program's own look-up; no roster, no plan.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import resource
import sys
import tempfile
import time
import uuid
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).parents[1]))

from chosen_sign_in import settings_of
from pretend_tenant import serving, users_of
from silent_observer import SilentObserver

from bulktap.dispatch.dependencies import READ_LIMITS, ReadTools
from bulktap.dispatch.look_ups import Portions, look_up
from bulktap.dispatch.sender import Sender
from bulktap.graph.client import GraphClient
from bulktap.model.clock import SystemClock
from bulktap.model.passes import UserRef
from bulktap.operations.tenant_access import jitter, open_access

if TYPE_CHECKING:
    from bulktap.model.plan import TenantFindings


def main() -> None:
    """Measure once, and print a line."""
    asked = _arguments()
    names = users_of(asked.rows)
    there = names[: round(asked.rows * (1 - asked.absent))]
    options = ("--latency", str(asked.latency), "--limits", asked.limits)
    with tempfile.TemporaryDirectory() as folder, serving(there, Path(folder), *options) as tenant:
        os.environ.update(tenant.environment)
        began, cpu = time.perf_counter(), resource.getrusage(resource.RUSAGE_SELF)
        found = asyncio.run(_look_up(names, asked.portion))
        seconds, after = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_SELF)
        counts = tenant.statistics()
    listed = sum(finding.listed_at is not None for finding in found.users.values())
    used = after.ru_utime + after.ru_stime - cpu.ru_utime - cpu.ru_stime
    print(
        f"{asked.rows:,} rows, {len(found.users):,} looked up, {listed:,} listed: {seconds:.2f} s, CPU {used:.2f} s, "
        f"{counts['batches']:,} batches, {counts['steps_received']:,} steps, {counts['steps_throttled']:,} throttled"
    )


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=10_000)
    parser.add_argument("--latency", type=float, default=0.15, help="seconds that a batch takes")
    parser.add_argument("--limits", default="none", help="of the simulator")
    parser.add_argument("--absent", type=float, default=0.0, help="share of the users whom the tenant does not have")
    parser.add_argument("--portion", type=int, help="look only so many up, as for a limit")
    return parser.parse_args()


async def _look_up(names: list[str], portion: int | None) -> TenantFindings:
    access = open_access(settings_of(tenant=os.environ["AZURE_TENANT_ID"], client_id=os.environ["AZURE_CLIENT_ID"]))
    access.sign_in(print, print)
    portions = None if portion is None else Portions(portion, lambda _: True)
    async with GraphClient(access.graph_url, network=access.network, reply_timeout=100.0) as client:
        observer = SilentObserver()
        sender = Sender(client, access.tokens, access.service_clock, observer, lambda: str(uuid.uuid4()))
        tools = ReadTools(sender, SystemClock(), access.service_clock, observer, READ_LIMITS, jitter)
        return await look_up([UserRef(name) for name in names], tools, {}, portions)


if __name__ == "__main__":
    main()
