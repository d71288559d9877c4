"""Pictures: counts and courses of time as shapes on a small canvas; pure geometry, drawn by `picture.html`.

A canvas is 360 units wide, about a phone's width, so that its letters are legible at every size of screen without
scaling. Colours are names of what they stand for; the style sheet knows how they look in light, dark and print.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bulktap.model.plain_text import letter_width
from bulktap.results.wording import lasting

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bulktap.results.figures import Figure

WIDTH = 360.0
_LINE = 36.0
_LETTER = 6.7
"""Units that a letter takes at most on average; wide ones take two."""
_SHORT_LABEL = 10
_PLOT_TOP, _PLOT_BOTTOM, _PLOT_LEFT = 22.0, 172.0, 8.0


@dataclass(frozen=True, slots=True)
class Box:
    """A filled rectangle."""

    x: float
    y: float
    width: float
    height: float
    mark: str
    """What its colour stands for."""


@dataclass(frozen=True, slots=True)
class Label:
    """A line of text."""

    x: float
    y: float
    text: str
    anchor: str = "start"
    """`start`, `middle` or `end`: which part of the text is at x."""
    look: str = "label"


@dataclass(frozen=True, slots=True)
class Path:
    """A line or an area."""

    course: str
    """As SVG's attribute `d` has it."""
    mark: str


@dataclass(frozen=True, slots=True)
class Picture:
    """Shapes on a canvas, with the words that say the same."""

    title: str
    words: str
    """Everything the picture tells, for those who do not see it."""
    height: float
    boxes: tuple[Box, ...] = ()
    paths: tuple[Path, ...] = ()
    labels: tuple[Label, ...] = ()
    entries: tuple[tuple[str, str], ...] = ()
    """A label and a count each, where they are too many to be drawn."""
    note: str = ""
    """A sentence under the picture."""

    @property
    def is_wide(self) -> bool:
        """Whether labels in a list are whole names, and not such as 5a."""
        return any(len(label) > _SHORT_LABEL for label, _ in self.entries)


def figure_picture(figure: Figure) -> Picture:
    """Return the picture of a figure: columns over time, otherwise bars one under another, or a list of many."""
    picture = _columns(figure) if figure.over_time else _listed(figure) if figure.is_list else _bars(figure)
    return replace(picture, note=f"And {figure.rest}.") if figure.rest else picture


def _listed(figure: Figure) -> Picture:
    counts = [bar.count for bar in figure.bars]
    title = f"{figure.title}: {len(counts):,}, {min(counts):,} to {max(counts):,} each"
    entries = tuple((bar.label, f"{bar.count:,}") for bar in figure.bars)
    return Picture(title, figure.words, 0, entries=entries)


@dataclass(frozen=True, slots=True)
class Course:
    """What happened over the time of a run: seconds since its beginning."""

    seconds: float
    """How long it took."""
    issued: Sequence[float]
    """When each pass was issued, ascending."""
    throttled: Sequence[tuple[float, int]]
    """When how many steps were throttled."""
    began: str
    """The clock at the beginning, in words."""
    ended: str
    """And at the end."""


def course_picture(course: Course) -> Picture:
    """Return passes issued over the run's time."""
    total = len(course.issued)
    length = max(course.seconds, 0.001)
    corners = [f"M{_x(0):.1f} {_PLOT_BOTTOM}"]
    step = max(1, total // 240)
    for number in [*range(step, total, step), total] if total else ():
        height = (_PLOT_BOTTOM - _PLOT_TOP) * number / total
        corners.append(f"L{_x(course.issued[number - 1] / length):.1f} {_PLOT_BOTTOM - height:.1f}")
    line = " ".join(corners)
    area = f"{line} H{_x(1):.1f} V{_PLOT_BOTTOM}Z"
    return Picture(
        "Passes issued over time",
        f"Passes issued over time. {total:,} passes in {lasting(course.seconds)}, "
        f"from {course.began} to {course.ended}.",
        _PLOT_BOTTOM + 26,
        boxes=(_floor(),),
        paths=(Path(area, "range"), Path(f"{line} H{_x(1):.1f}", "course")),
        labels=(
            Label(_x(0), _PLOT_TOP - 8, f"{total:,} passes", look="value"),
            Label(_x(0), _PLOT_BOTTOM + 18, course.began),
            Label(_x(1), _PLOT_BOTTOM + 18, course.ended, "end"),
        ),
    )


def throttling_picture(course: Course, stretches: int = 30) -> Picture:
    """Return how many steps the service throttled in each stretch of the run."""
    length = max(course.seconds, 0.001)
    gathered = [0] * stretches
    for seconds, steps in course.throttled:
        gathered[min(max(int(seconds / length * stretches), 0), stretches - 1)] += steps
    total, most = sum(gathered), max(gathered)
    wide = (_x(1) - _x(0)) / stretches
    boxes = [
        Box(_x(0) + number * wide + 0.5, _PLOT_BOTTOM - high, wide - 1, high, "wait")
        for number, steps in enumerate(gathered)
        if (high := (_PLOT_BOTTOM - _PLOT_TOP) * steps / max(most, 1))
    ]
    each = lasting(length / stretches)
    words = f"Throttling over time. {total:,} throttled steps, at most {most:,} in {each}."
    return Picture(
        "Throttling over time",
        words if total else "Throttling over time. No step was throttled.",
        _PLOT_BOTTOM + 26,
        boxes=(*boxes, _floor()),
        labels=(
            Label(_x(0), _PLOT_TOP - 8, f"{total:,} throttled steps", look="value"),
            *((Label(_x(1), _PLOT_TOP - 8, f"at most {most:,} in {each}", "end"),) if total else ()),
            Label(_x(0), _PLOT_BOTTOM + 18, course.began),
            Label(_x(1), _PLOT_BOTTOM + 18, course.ended, "end"),
        ),
    )


def _bars(figure: Figure) -> Picture:
    most = max(bar.count for bar in figure.bars)
    boxes, labels = [], []
    for number, bar in enumerate(figure.bars):
        y = number * _LINE
        value = f"{bar.count:,}"
        boxes.append(Box(0, y + 20, WIDTH, 8, "track"))
        if bar.count:
            boxes.append(Box(0, y + 20, max(2.0, WIDTH * bar.count / most), 8, bar.mark.value))
        labels.append(Label(0, y + 14, _fitting(bar.label, WIDTH - (len(value) + 2) * _LETTER)))
        labels.append(Label(WIDTH, y + 14, value, "end", "value"))
    return Picture(figure.title, figure.words, len(figure.bars) * _LINE - 4, tuple(boxes), (), tuple(labels))


def _columns(figure: Figure) -> Picture:
    most = max(bar.count for bar in figure.bars)
    wide = (_x(1) - _x(0)) / len(figure.bars)
    boxes, labels = [_floor()], []
    for number, bar in enumerate(figure.bars):
        high = (_PLOT_BOTTOM - _PLOT_TOP) * bar.count / most
        x = _x(0) + number * wide
        if bar.count:
            boxes.append(Box(x + wide * 0.1, _PLOT_BOTTOM - high, wide * 0.8, high, bar.mark.value))
        if bar.count and len(f"{bar.count:,}") * _LETTER <= wide:
            labels.append(Label(x + wide / 2, _PLOT_BOTTOM - high - 5, f"{bar.count:,}", "middle", "value"))
    first, last = figure.bars[0].label, figure.bars[-1].label
    middle = figure.bars[len(figure.bars) // 2].label
    labels += [Label(_x(0), _PLOT_BOTTOM + 18, first), Label(_x(1), _PLOT_BOTTOM + 18, last, "end")]
    if len(figure.bars) > 4:
        labels.append(Label(_x(0) + wide * (len(figure.bars) // 2 + 0.5), _PLOT_BOTTOM + 18, middle, "middle"))
    return Picture(figure.title, figure.words, _PLOT_BOTTOM + 26, tuple(boxes), (), tuple(labels))


def _floor() -> Box:
    return Box(_x(0), _PLOT_BOTTOM, _x(1) - _x(0), 1, "floor")


def _x(part: float) -> float:
    return _PLOT_LEFT + (WIDTH - 2 * _PLOT_LEFT) * part


def _fitting(text: str, room: float) -> str:
    """Return the text, cut where it would run into what stands beside it."""
    left = room / _LETTER
    for position, letter in enumerate(text):
        left -= letter_width(letter)
        if left < 0:
            return text[: max(position - 1, 0)].rstrip() + "…"
    return text
