"""The league of pacing algorithms, in virtual time: bulktap's pacer and six others against limits of every kind.

python tests/bench/league.py [--seed N] [--cells N] [--drawn-only] [--contenders NAME ...] [--report FILE]

Plays the fixed cells and those that the seed draws, and prints how often each goal is reached, how the contenders
stand, and every cell. Another seed draws others: nothing can be tuned to them. Nothing is sent anywhere. Needs the
extra `bench` for botocore's own class.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).parents[1]))
from pacing_league.cells import Cell, drawn_cells, fixed_cells
from pacing_league.contenders import CONTENDERS
from pacing_league.league import Figures, play
from pacing_league.tables import cells_table, goals_table, standings_table

if TYPE_CHECKING:
    from collections.abc import Iterable

BEGIN, END = "<!-- league -->", "<!-- end of league -->"


def main() -> None:
    """Play, print, and put the tables into the report where one is named."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--cells", type=int, default=40, help="how many cells the seed draws")
    parser.add_argument("--drawn-only", action="store_true", help="leave out the fixed cells")
    parser.add_argument("--contenders", nargs="+", choices=list(CONTENDERS), default=list(CONTENDERS))
    parser.add_argument("--report", type=Path)
    asked = parser.parse_args()
    names = ["bulktap", *(name for name in asked.contenders if name != "bulktap")]
    fixed = [] if asked.drawn_only else fixed_cells()
    drawn = drawn_cells(asked.seed, asked.cells)
    call = "python tests/bench/league.py " + " ".join(
        argument for argument in sys.argv[1:] if argument not in {"--report", str(asked.report)}
    )
    parts = [f"`{call.strip()}`: {len(fixed)} fixed cells and {len(drawn)} drawn by seed {asked.seed}."]
    everything = []
    for title, cells in (("Fixed cells", fixed), ("Drawn cells", drawn)):
        if cells:
            rows = played(cells, names)
            everything += rows
            parts += [f"### {title}", goals_table(rows), standings_table(rows), cells_table(rows)]
    if fixed and drawn:
        parts[1:1] = ["### All cells", goals_table(everything), standings_table(everything)]
    text = "\n\n".join(parts)
    if asked.report is None:
        print(text)
    else:
        from bench_issuing import put_between

        put_between(asked.report, BEGIN, END, text)


def played(cells: Iterable[Cell], names: Iterable[str]) -> list[tuple[Cell, dict[str, Figures]]]:
    """Play every cell with every contender."""
    rows = []
    for cell in cells:
        rows.append((cell, {name: play(cell, CONTENDERS[name]) for name in names}))
        print(cell.name, file=sys.stderr, flush=True)
    return rows


if __name__ == "__main__":
    main()
