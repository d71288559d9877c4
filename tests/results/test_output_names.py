"""The names of outputs, which stand apart from what makes them."""

from __future__ import annotations

from bulktap.results.output_names import FOR_PEOPLE, OF_PLANS, OF_RUNS
from bulktap.results.plan_outputs import PLAN_OUTPUTS
from bulktap.results.run_outputs import RUN_OUTPUTS


def test_the_names_are_those_of_the_outputs() -> None:
    """In the order in which they are written."""
    assert tuple(output.name for output in PLAN_OUTPUTS) == OF_PLANS
    assert tuple(output.name for output in RUN_OUTPUTS) == OF_RUNS


def test_people_are_told_of_each_output_once() -> None:
    """Of those with passcodes first, of those for programs last."""
    secret = [output.name for output in RUN_OUTPUTS if output.secret]
    assert len(FOR_PEOPLE) == len(set(FOR_PEOPLE))
    assert set(FOR_PEOPLE) == {*OF_PLANS, *OF_RUNS}
    assert list(FOR_PEOPLE[: len(secret)]) == secret
    assert list(FOR_PEOPLE) == sorted(FOR_PEOPLE, key=lambda name: name.endswith(".json"))
