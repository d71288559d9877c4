"""Microsoft's JavaScript SDK."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any

from contract.node import MODULES, NODE
from contract.world import GROUP, PUPILS, UNIT

if TYPE_CHECKING:
    from contract.world import World

PACKAGE = "@microsoft/microsoft-graph-client"


def drive(world: World) -> dict[str, Any]:
    """Carry out every operation that the SDK can, and return what it found."""
    told = {
        "graphUrl": world.graph_url,
        "tokenUrl": world.token_url,
        "clientId": world.simulator.client_id,
        "clientSecret": world.simulator.client_secret,
        "users": PUPILS,
        "group": GROUP,
        "unit": UNIT,
    }
    environment = {
        **os.environ,
        "SDK": str((MODULES / PACKAGE).resolve()),
        "WORLD": json.dumps(told),
        "NODE_EXTRA_CA_CERTS": str(world.ca_file),
    }
    script = Path(__file__).parent / "drive.cjs"
    done = subprocess.run(
        [str(NODE), str(script)], env=environment, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert isinstance(found, dict)
    return found
