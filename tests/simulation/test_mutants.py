"""The kept list of planted faults fits the code, and a planted fault is found."""

from __future__ import annotations

import py_compile
from typing import TYPE_CHECKING

import pytest
from simulation.mutant_list import MUTANTS, Mutant
from simulation.mutants import REPOSITORY, hunt, plant

if TYPE_CHECKING:
    from pathlib import Path


def test_every_fault_can_still_be_planted() -> None:
    """What it changes stands in the code once; and there are enough of them, each said once."""
    for mutant in MUTANTS:
        text = (REPOSITORY / "bulktap" / mutant.file).read_text("utf-8")
        assert text.count(mutant.old) == 1, mutant.name
        assert mutant.old != mutant.new
    assert len({mutant.name for mutant in MUTANTS}) == len(MUTANTS) >= 40


def test_a_fault_that_changes_nothing_known_is_not_planted(tmp_path: Path) -> None:
    """A list that has rotted is an error, not a fault that nobody finds."""
    with pytest.raises(ValueError, match="0 places"):
        plant(Mutant("dispatch/doubt_rule.py", "no such text", "", "nothing"), tmp_path)


@pytest.mark.long
@pytest.mark.parametrize("mutant", MUTANTS[::12], ids=lambda mutant: mutant.breaks)
def test_a_planted_fault_compiles_and_is_found(tmp_path: Path, mutant: Mutant) -> None:
    """Five of the list; the command beside this tries them all."""
    plant(mutant, tmp_path)
    py_compile.compile(str(tmp_path / "bulktap" / mutant.file), cfile=str(tmp_path / "compiled"), doraise=True)
    found = hunt(mutant, 2000, [])
    assert found.seed is not None, found.trouble
