"""The README's pictures: they are there, small, and show what the program says."""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING

import pytest
from readme_pictures import COLUMNS, PICTURES, RUN, told_alike
from terminal_picture import as_svg, lines_of, lines_shown, text_of
from whole_run import REPOSITORY

if TYPE_CHECKING:
    from pathlib import Path

README = (REPOSITORY / "README.md").read_text("utf-8")
NAMED = re.findall(r"!\[([^\]]*)\]\(([^)]+)\)", README)


def test_the_readme_shows_every_picture_that_there_is() -> None:
    """None is missing, none is left over, and each says in words what is on it."""
    assert sorted(place for _, place in NAMED) == sorted(
        path.relative_to(REPOSITORY).as_posix() for path in PICTURES.iterdir()
    )
    assert all(len(words.split()) > 3 for words, _ in NAMED)


@pytest.mark.parametrize("place", [place for _, place in NAMED])
def test_a_picture_is_small(place: str) -> None:
    """A page with all of them opens at once, on a telephone too."""
    assert 1_000 < (REPOSITORY / place).stat().st_size < 150_000


@pytest.mark.long
@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pseudo-terminals")
def test_the_picture_of_the_terminal_shows_what_the_program_says_today(tmp_path: Path) -> None:
    """Line by line; `python tests/readme_pictures.py` draws it anew."""
    from readme_pictures import recorded_run

    shown, _ = recorded_run(tmp_path)

    assert [text_of(line) for line in shown] == lines_of((PICTURES / "apply.svg").read_text("utf-8"))


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("one\r\ntwo", ["one", "two"]),
        ("  1 %\r100 %", ["100 %"]),
        ("longer\rlong", ["longer"]),
        ("longer\r\x1b[Klong", ["long"]),
        ("\x1b[31m\x1b[1mError: \x1b[0mno", ["Error: no"]),
        ("one\ntwo\r\x1b[Aup", ["upe", "two"]),
        ("a & b < c", ["a & b < c"]),
    ],
)
def test_a_picture_has_the_lines_that_stand_on_the_screen_at_the_end(written: str, shown: list[str]) -> None:
    """What was drawn over is gone, and colours are no text; marks of XML are letters like others."""
    lines = lines_shown(written)
    assert [text_of(line) for line in lines] == shown
    assert lines_of(as_svg(lines, "A title", COLUMNS)) == shown


def test_colours_are_seen_in_the_picture() -> None:
    """As on the terminal, and only there."""
    assert as_svg(lines_shown("\x1b[31mred\x1b[0m plain"), "A title", COLUMNS).count("<tspan fill=") == 1


def test_what_the_terminal_is_asked_for_and_the_picture_does_not_know_is_an_error() -> None:
    """It would be a picture of something else."""
    with pytest.raises(ValueError, match="no picture"):
        lines_shown("\x1b[2J")


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("apply 2026-11-29T2113Z-students-ab5f", f"apply {RUN}"),
        ("(plan VYJW-8R8Z-RKWP-XFS8-A6F1-Y7FB-Q8)?", "(plan 7Q2M-K4TV-9WXB-3HND-8RCE-5JZP-6A)?"),
        ("Passphrase, shown only now: ufc8j-whbuj-3jrr2-acjw4", "Passphrase, shown only now: aaaaa-bbbbb-ccccc-ddddd"),
        ("60 passes, as before", "60 passes, as before"),
    ],
)
def test_what_differs_from_run_to_run_is_told_alike(tmp_path: Path, said: str, told: str) -> None:
    """And nothing else is changed."""
    assert told_alike(said, tmp_path) == told
