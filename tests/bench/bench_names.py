"""How well the person check tells honest rosters from shifted ones, and how long it takes.

python tests/bench/bench_names.py [SCHOOLS]

Each school has 4,000 people with names in ten languages and three scripts; its roster is planned as it is, with 20
shifts (a column sorted alone, filled down, moved) and with 20 pairs of rows swapped.
"""

from __future__ import annotations

import sys
import time
from collections import Counter
from pathlib import Path
from random import Random

sys.path.insert(0, str(Path(__file__).parents[1]))

from scripted.name_trial import planned, school, shifts, swapped, warned

from bulktap.model.plan import TenantFindings
from bulktap.planning.name_checker import NameChecker
from bulktap.planning.name_checks import names_question

SIZE = 4_000
COMPARED = 10_000


def main(schools: int) -> None:
    """Play the trial and print its figures."""
    rows, pairs_found, rows_found, stopped, asked = [], 0, 0, Counter[str](), Counter[str]()
    for seed in range(1_000, 1_000 + schools):
        people, random = school(seed, SIZE), Random(seed)  # noqa: S311 - no secret is made of it
        rows.append(len(warned(planned(people.names, range(SIZE), people.findings)[0])))
        users, pairs = swapped(people, random, 20)
        found = warned(planned(people.names, users, people.findings)[0])
        pairs_found += sum(bool(found & set(pair)) for pair in pairs)
        rows_found += sum(place in found for pair in pairs for place in pair)
        for kind, names, accounts in shifts(people, random, 20):
            asked[kind] += 1
            stopped[kind] += names_question(*planned(names, accounts, people.findings)) is not None
    print(f"{schools} schools of {SIZE:,} people")
    print(
        f"honest rows warned about: {100 * sum(rows) / SIZE / schools:.2f} % (at most {100 * max(rows) / SIZE:.2f} %)"
    )
    print(
        f"swapped pairs found: {100 * pairs_found / 20 / schools:.1f} %, rows: {100 * rows_found / 40 / schools:.1f} %"
    )
    for kind, count in asked.items():
        print(f"shifted rosters stopped, {kind}: {stopped[kind]} of {count}")
    _time()


def _time() -> None:
    people = school(1_000, COMPARED)
    for label, users in (("honest", range(COMPARED)), ("moved by a row", [*range(1, COMPARED), 0])):
        _, checked = planned(people.names, users, people.findings)
        found = TenantFindings({f"u{number}@contoso.com": one for number, one in enumerate(people.findings)})
        best = 1e9
        for _ in range(3):
            start = time.process_time()
            checker = NameChecker(checked, found)
            for row in checked.rows:
                checker.check(row)
            best = min(best, time.process_time() - start)
        print(f"{COMPARED:,} rows compared, {label}: {best:.2f} s of processor time")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 20)
