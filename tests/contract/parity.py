"""Observe what can be observed here, and write reports/parity.md and the data that it is made of.

python tests/contract/parity.py

Needs the extra `test`. The columns of clients that are not there stay as they are: `pip install '.[parity]'` for the
Python SDK; npm's @microsoft/microsoft-graph-client and @stoplight/prism-cli, in node_modules or where
BULKTAP_NODE_MODULES says; and BULKTAP_AZ, Azure's command line, which .ci/azure-cli installs.
"""

from __future__ import annotations

import sys
from pathlib import Path


def main() -> int:
    """Return the exit code."""
    sys.path[0] = str(Path(__file__).parents[1])
    from contract.report import observe

    observe().write()
    return 0


if __name__ == "__main__":
    sys.exit(main())
