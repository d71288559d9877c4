"""Run the README's test command, the second of its bash blocks, with its virtual environment at the given path."""

import re
import subprocess
import sys
from pathlib import Path

README = Path(__file__).parent.parent / "README.md"


def main() -> int:
    """Return the exit code of the README's test command."""
    blocks = re.findall(r"^```bash\n(.*?)^```", README.read_text("utf-8"), re.DOTALL | re.MULTILINE)
    command = blocks[1].replace(".venv", sys.argv[1])
    print(command, flush=True)
    return subprocess.run(["bash", "-euc", command], check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
