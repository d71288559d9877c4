"""What a hand-out costs: processor time by phase for each style, and the wall clock of the command's own two threads.

python tests/bench/bench_handout.py [--groups 160] [--people 25] [--styles slips list letter labels] [--language en]

Phases are measured one after the other, each for all groups; the last column is `sealed_groups`' way of doing it,
where one group is typeset while another is sealed.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

sys.path.insert(0, str(Path(__file__).parents[1]))
from handout_sheets import code, group, look

from bulktap.results.handout.glyphs import missing_glyphs
from bulktap.results.handout.proof_reading import proof_read
from bulktap.results.handout.rendering import render_covers, render_group
from bulktap.results.handout.sheets_model import HandoutGroup, HandoutLook, Style
from bulktap.storage.pdf_encryption import seal_pdf
from bulktap.storage.word_passphrases import word_passphrase

if TYPE_CHECKING:
    from collections.abc import Callable

PHASES = ("glyphs", "typeset", "proof-read", "seal", "covers", "in all")
_FIRST = ("Anna", "Ben", "Clara", "David", "Emma", "Felix", "Grete", "Hanna", "Jonas", "Łukasz", "Noah", "Olga")
_LAST = ("Berg", "Schmidt", "Żółć", "Müller", "Öztürk", "Nguyễn", "Sørensen", "Schulze-Bäcker", "García", "Peeters")


def classes(count: int, people: int) -> list[HandoutGroup]:
    """Return groups of people with names of a school, always the same."""
    draw = random.Random(5)  # noqa: S311 - pretend people
    made = []
    for number in range(count):
        names = tuple(f"{draw.choice(_FIRST)} {draw.choice(_LAST)} {code(4, (number, n))}" for n in range(people))
        plain = group(names)
        slips = tuple(replace(slip, group=f"G{number}") for slip in plain.slips)
        made.append(replace(plain, name=f"G{number}", slips=slips))
    return made


def costs(groups: list[HandoutGroup], how: HandoutLook) -> dict[str, float]:
    """Return the processor seconds of each phase."""
    found: dict[str, float] = {}

    def timed(phase: str, do: Callable[..., Any], *given: Any) -> Any:
        began = time.process_time()
        made = do(*given)
        found[phase] = found.get(phase, 0.0) + time.process_time() - began
        return made

    timed("glyphs", missing_glyphs, groups, how)
    for one in groups:
        pdf = timed("typeset", render_group, one, how)
        timed("proof-read", proof_read, pdf, one.slips)
        timed("seal", seal_pdf, pdf, word_passphrase())
    timed("covers", render_covers, groups, how)
    return found | {"in all": sum(found.values())}


def by_two(groups: list[HandoutGroup], how: HandoutLook) -> float:
    """Return the seconds by the clock of typesetting, proof-reading and sealing in two threads."""

    def made(one: HandoutGroup) -> bytes:
        pdf = render_group(one, how)
        proof_read(pdf, one.slips)
        return seal_pdf(pdf, word_passphrase())

    began = time.perf_counter()
    with ThreadPoolExecutor(2) as pool:
        assert all(pool.map(made, groups))
    return time.perf_counter() - began


def main() -> None:
    """Print a line for each style."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--groups", type=int, default=160)
    parser.add_argument("--people", type=int, default=25)
    parser.add_argument("--styles", nargs="+", default=list(Style), type=Style)
    parser.add_argument("--language", nargs="+", default=["en"])
    wanted = parser.parse_args()
    groups = classes(wanted.groups, wanted.people)
    print("| style | " + " | ".join(PHASES) + " | two threads: s |\n|---|" + "---:|" * (len(PHASES) + 1))
    for style in wanted.styles:
        how = look(style, languages=tuple(wanted.language))
        found = costs(groups, how)
        print(
            f"| {style} | " + " | ".join(f"{found[phase]:.1f}" for phase in PHASES) + f" | {by_two(groups, how):.1f} |"
        )


if __name__ == "__main__":
    main()
