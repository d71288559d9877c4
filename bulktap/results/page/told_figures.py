"""What a page says of figures: most are a sentence; shapes are loaded where one is worth a picture."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bulktap.results.figures import Figure
    from bulktap.results.page.pictures import Picture


def drawn(figures: Iterable[Figure]) -> tuple[list[tuple[str, str]], list[Picture]]:
    """Return what figures say: as labels and sentences where a picture would say nothing, and as pictures."""
    shown = [figure for figure in figures if figure.bars]
    sentences = [(figure.title, figure.sentence) for figure in shown if figure.sentence]
    if len(sentences) == len(shown):
        return sentences, []
    from bulktap.results.page.pictures import figure_picture

    return sentences, [figure_picture(figure) for figure in shown if not figure.sentence]
