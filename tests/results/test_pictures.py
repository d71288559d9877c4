"""The geometry of the pictures."""

from __future__ import annotations

import pytest

from bulktap.results.figures import MOST_BARS, Bar, Figure
from bulktap.results.page.pictures import (
    WIDTH,
    Course,
    Picture,
    course_picture,
    figure_picture,
    throttling_picture,
)
from bulktap.results.page.told_figures import drawn as shown


def texts(picture: Picture) -> list[str]:
    """Return what is written in a picture."""
    return [label.text for label in picture.labels]


def assert_inside(picture: Picture) -> None:
    """Check that no box leaves the canvas."""
    for box in picture.boxes:
        assert box.x >= 0
        assert box.x + box.width <= WIDTH + 0.01
        assert box.y >= 0
        assert box.y + box.height <= picture.height


def test_bars_are_as_long_as_their_counts() -> None:
    """The largest fills the width, half of it half the width, and a small one can still be seen."""
    picture = figure_picture(Figure("Passes by Class", (Bar("5a", 1_000), Bar("5b", 500), Bar("5c", 1), Bar("5d", 0))))

    assert [box.width for box in picture.boxes if box.mark == "pass"] == [WIDTH, WIDTH / 2, 2.0]
    assert texts(picture) == ["5a", "1,000", "5b", "500", "5c", "1", "5d", "0"]
    assert picture.words == "Passes by Class. 5a: 1,000; 5b: 500; 5c: 1; 5d: 0."
    assert_inside(picture)


def test_a_long_name_does_not_run_into_its_count() -> None:
    """It is cut visibly, sooner where its letters are wide."""
    latin, wide = (
        texts(figure_picture(Figure("x", (Bar(letter * 200, 3),))))[0] for letter in ("a", "五")
    )  # fmt: skip

    assert latin.endswith("…")
    assert len(wide) < len(latin) < 60


def test_columns_stand_side_by_side() -> None:
    """Their heights follow the counts, and the axis names its beginning, middle and end."""
    bars = tuple(Bar(f"2035-09-{day:02}", day) for day in range(1, 11))
    picture = figure_picture(Figure("Passes by start time, by day", bars, over_time=True))

    heights = [box.height for box in picture.boxes if box.mark == "pass"]
    assert heights == sorted(heights)
    assert {"2035-09-01", "2035-09-06", "2035-09-10"} <= set(texts(picture))
    assert_inside(picture)


@pytest.mark.parametrize(
    ("count", "drawn"), [(2, "boxes"), (MOST_BARS, "boxes"), (MOST_BARS + 1, "entries"), (160, "entries"), (0, "")]
)
def test_many_bars_become_a_list(count: int, drawn: str) -> None:
    """A few are drawn, more are listed with their counts, and one of a length each is told in words."""
    figure = Figure("Passes by Class", tuple(Bar(f"{number}a", number) for number in range(1, count + 1)))
    _, pictures = shown([figure])

    assert [bool(picture.boxes) for picture in pictures] == ([drawn == "boxes"] if drawn else [])
    assert [len(picture.entries) for picture in pictures if picture.entries] == ([count] if drawn == "entries" else [])


def test_equal_bars_are_told_in_words() -> None:
    """What says nothing as a picture is a label and a sentence instead."""
    sentences, pictures = shown([Figure("Passes by Class", (Bar("5a", 3), Bar("5b", 3)))])

    assert sentences == [("Passes by Class", "3 in each of 2: 5a, 5b")]
    assert pictures == []


def test_what_has_no_bar_stands_below() -> None:
    """The rest is a note, not a bar longer than all."""
    bars = tuple(Bar(f"{number} min", number) for number in range(1, 5))
    _, (picture,) = shown([Figure("Passes by lifetime", bars, rest="21 others with 90 together")])

    assert picture.note == "And 21 others with 90 together."
    assert "21 others with 90 together" in picture.words


def test_a_course_ends_at_its_last_pass() -> None:
    """The line climbs to the number of passes; thousands of them do not make thousands of corners."""
    course = Course(100.0, [number / 100 for number in range(10_000)], (), "16:00:00", "16:01:40")
    line = course_picture(course).paths[1].course

    assert line.count("L") < 300
    assert "10,000 passes" in texts(course_picture(course))
    assert course_picture(Course(0.0, (), (), "16:00", "16:00")).words.startswith("Passes issued over time. 0 passes")


def test_throttling_is_gathered_over_time() -> None:
    """Every step that was throttled is in the picture, at the edges and outside them too."""
    course = Course(60.0, (), ((-1.0, 2), (0.0, 1), (59.9, 3), (60.0, 4)), "16:00", "16:01")
    picture = throttling_picture(course)

    assert "10 throttled steps" in texts(picture)
    assert "at most 7 in 2 seconds" in texts(picture)
    assert len([box for box in picture.boxes if box.mark == "wait"]) == 2
    assert throttling_picture(Course(60.0, (), (), "a", "b")).words == "Throttling over time. No step was throttled."
    assert_inside(picture)
