"""Makes the harness importable: its modules are shared by the tests here and by the command beside them."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
