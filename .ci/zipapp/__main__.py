"""Make bulktap a single file with all that it needs inside, for computers on which nothing may be installed.

    python .ci/zipapp bulktap.pyz                                          for this system and this Python
    python .ci/zipapp --platform win_amd64 --python 3.12 bulktap.pyz       for another
    PIP_CONSTRAINT=wheels.txt python .ci/zipapp bulktap.pyz                of given versions, one a line

The computer that runs it has that Python and needs no network. What is in it says its `wheels.txt`: the same wheels
make the same file.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from archive import BadWheels, write_archive
from wheels import NoWheels, Target, pip, wheels_for

ROOT = Path(__file__).resolve().parents[2]
EXTRAS = ("keyring",)  # nothing can be added to the file later


def main() -> int:
    """Make the file; return an exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--platform", action="append", default=[], metavar="TAG", help="as pip names them; repeatable")
    parser.add_argument("--python", default=".".join(map(str, sys.version_info[:2])), metavar="X.Y")
    parser.add_argument("output", type=Path)
    given = parser.parse_args()
    target = Target(given.python, tuple(given.platform))
    try:
        with tempfile.TemporaryDirectory() as folder:
            built, downloaded = Path(folder) / "built", Path(folder) / "wheels"
            downloaded.mkdir()
            pip("wheel", "-q", "--no-deps", "-w", str(built), str(ROOT))
            wheels = wheels_for(next(built.glob("*.whl")), EXTRAS, target, downloaded)
            write_archive(wheels, target.name, given.output)
    except (NoWheels, BadWheels, OSError) as trouble:
        print(f"{given.output} was not made: {trouble}", file=sys.stderr)
        return 1
    print(f"{given.output}: {len(wheels)} wheels, for {target.name}, {given.output.stat().st_size / 1e6:.0f} MB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
