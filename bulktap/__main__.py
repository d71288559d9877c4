"""python -m bulktap, and the console script."""

from __future__ import annotations

from typing import NoReturn

from bulktap.cli.private_process import keep_to_itself
from bulktap.operations.garbage_collection import seldom_collected_to_the_end


def main() -> NoReturn:
    """Run the program; what the environment shows to others is gone before the rest is loaded."""
    keep_to_itself()
    seldom_collected_to_the_end()

    from bulktap.cli.main import main as run

    run()


if __name__ == "__main__":
    main()
