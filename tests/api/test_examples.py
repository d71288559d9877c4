"""The examples in the docstrings of the Python API, run against a pretend tenant."""

from __future__ import annotations

import doctest
from typing import Any

import pytest

import bulktap
from bulktap import aio, api, api_runs

pytestmark = pytest.mark.long

EXAMPLES = [
    pytest.param(example, id=example.name)
    for module in (api, api_runs, aio)
    for example in doctest.DocTestFinder(exclude_empty=True).find(module, globs={})
    if example.examples
]


@pytest.mark.parametrize("example", EXAMPLES)
def test_an_example_does_what_it_says(caller: Any, example: doctest.DocTest) -> None:
    """Each in a folder of its own; those about an earlier run find one."""
    if example.name.rpartition(".")[2] in {"handout", "reissue", "results", "verify", "revoke"}:
        bulktap.apply("students.csv", caller.sign_in, "correct horse battery staple", timezone="UTC", limit=1)
    example.globs.update(bulktap=bulktap, sign_in=caller.sign_in)
    heard: list[str] = []

    result = doctest.DocTestRunner(optionflags=doctest.IGNORE_EXCEPTION_DETAIL).run(example, out=heard.append)

    assert result.failed == 0, "".join(heard)
