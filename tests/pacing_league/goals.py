"""What is wanted of bulktap, cell by cell and on the whole."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pacing_league.cells import Cell
    from pacing_league.league import Figures

BATCH_LOST = 20


@dataclass(frozen=True)
class Goal:
    """One goal: how many of the cells that it is about have to reach it."""

    text: str
    wanted: float
    """Share of the cells."""
    reached: int
    cells: int

    @property
    def holds(self) -> bool:
        """True if enough cells reach it."""
        return self.reached >= self.wanted * self.cells - 1e-9


def is_near(figures: Figures) -> bool:
    """Regret of at most 5 % and ten seconds."""
    return figures.finished and figures.regret <= 0.05 * figures.least + 10


def is_close(figures: Figures) -> bool:
    """Regret of at most 2 % and five seconds."""
    return figures.finished and figures.regret <= 0.02 * figures.least + 5


def wastes_little(figures: Figures, share: float) -> bool:
    """Throttled steps of at most that share of the rows, and one batch."""
    return figures.wasted <= share * figures.rows + BATCH_LOST


def leaves_little(figures: Figures) -> bool:
    """Use of at least 92 % of what a second client leaves."""
    return figures.share >= 0.92


def goals(table: list[tuple[Cell, dict[str, Figures]]], name: str = "bulktap") -> list[Goal]:
    """Judge a contender."""
    own = [(cell, row[name]) for cell, row in table]
    beside = [figures for cell, figures in own if cell.second_client]
    pairs = [figures for cell, figures in own if cell.clients > 1]
    every = [figures for _cell, figures in own]
    first = [leads(row, name) for _cell, row in table]
    careful = [leads(_careful(row, name), name) for _cell, row in table]
    return [
        Goal("regret at most 5 % + 10 s", 1.0, sum(map(is_near, every)), len(every)),
        Goal("regret at most 2 % + 5 s", 0.9, sum(map(is_close, every)), len(every)),
        Goal("throttled at most 1 % + a batch", 0.9, sum(wastes_little(one, 0.01) for one in every), len(every)),
        Goal("throttled at most 3 % + a batch", 1.0, sum(wastes_little(one, 0.03) for one in every), len(every)),
        Goal("throttled at most 3 %", 1.0, sum(one.wasted <= 0.03 * one.rows for one in every), len(every)),
        Goal("at least 92 % of what a second client leaves", 1.0, sum(map(leaves_little, beside)), len(beside)),
        Goal("two alike: Jain's index at least 0.95", 1.0, sum(one.jain >= 0.95 for one in pairs), len(pairs)),
        Goal("least regret of all", 0.9, sum(first), len(first)),
        Goal("least regret of those that throttle little, not told the limit", 0.9, sum(careful), len(careful)),
    ]


def leads(row: dict[str, Figures], name: str) -> bool:
    """Return True if nobody but the oracle had less regret; a tenth of a second is a draw."""
    others = [figures.seconds for other, figures in row.items() if other not in {name, "oracle"} and figures.finished]
    return row[name].finished and row[name].seconds <= min(others, default=float("inf")) + 0.1


def _careful(row: dict[str, Figures], name: str) -> dict[str, Figures]:
    """Leave out who threw away more than the goal allows, and who knows the limit: speed is not all that counts."""
    return {
        other: figures
        for other, figures in row.items()
        if other == name or (other != "80 %" and wastes_little(figures, 0.03))
    }
