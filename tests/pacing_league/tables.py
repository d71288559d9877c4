"""The league as Markdown: goals, standings, and every cell."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from pacing_league.goals import goals, is_close, is_near, leads, wastes_little

if TYPE_CHECKING:
    from pacing_league.cells import Cell
    from pacing_league.league import Figures

Played = Sequence[tuple["Cell", dict[str, "Figures"]]]


def goals_table(played: Played) -> str:
    """Return the goals, and how many cells reach them."""
    lines = ["| goal | wanted | reached | |", "|---|---:|---:|---|"]
    for goal in goals(list(played)):
        if goal.cells:
            share = f"{goal.reached} of {goal.cells} ({goal.reached / goal.cells:.1%})"
            lines.append(f"| {goal.text} | {goal.wanted:.0%} | {share} | {'yes' if goal.holds else '**no**'} |")
    return "\n".join(lines)


def standings_table(played: Played) -> str:
    """Return one line for each contender."""
    head = "| contender | regret: middle | one in ten above | worst | within 5 % + 10 s | within 2 % + 5 s |"
    lines = [f"{head} throttled: middle | one in ten above | worst | least regret in |", "|---|" + "---:|" * 9]
    for name in played[0][1]:
        every = [row[name] for _cell, row in played]
        regrets = sorted(one.regret / one.least for one in every)
        wastes = sorted(one.wasted / one.rows for one in every)
        led = sum(leads(row, name) for _cell, row in played) if name != "oracle" else None
        cells = [
            f"**{name}**" if name == "bulktap" else name,
            *(f"{value:.1%}" for value in _middle_and_worst(regrets)),
            f"{sum(map(is_near, every)) / len(every):.0%}",
            f"{sum(map(is_close, every)) / len(every):.0%}",
            *(f"{value:.1%}" for value in _middle_and_worst(wastes)),
            "" if led is None else f"{led / len(every):.0%}",
        ]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def cells_table(played: Played) -> str:
    """Return one line for each cell: bulktap's figures, and the regret of the others in seconds."""
    others = [name for name in played[0][1] if name != "bulktap"]
    head = "| cell | least s | share | throttled | Jain | regret s: **bulktap** |"
    lines = [f"{head} {' | '.join(others)} |", "|---|" + "---:|" * (5 + len(others))]
    for cell, row in played:
        own = row["bulktap"]
        jain = f"{own.jain:.3f}" if cell.clients > 1 else ""
        regret = f"{own.regret:.1f}" if is_near(own) else f"**{own.regret:.1f}**"
        waste = f"{own.wasted} ({own.wasted / own.rows:.1%})"
        waste = waste if wastes_little(own, 0.03) else f"**{waste}**"
        cells = [cell.name, f"{own.least:.0f}", f"{own.share:.1%}", waste, jain, regret]
        cells += [f"{row[name].regret:.1f}" if row[name].finished else "gave up" for name in others]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def _middle_and_worst(ordered: list[float]) -> tuple[float, float, float]:
    return ordered[len(ordered) // 2], ordered[min(len(ordered) - 1, int(0.9 * len(ordered)))], ordered[-1]
