"""The examples in the docstrings of the Python API, run against a pretend tenant."""

from __future__ import annotations

import doctest
import shutil
from typing import TYPE_CHECKING, Any

import pytest

import bulktap
from bulktap import aio, api

if TYPE_CHECKING:
    from types import ModuleType

    from bulktap.simulator.tenant import Tenant

EXAMPLES = [
    pytest.param(module, example, id=example.name)
    for module in (api, aio)
    for example in doctest.DocTestFinder(exclude_empty=True).find(module, globs={})
    if example.examples
]


@pytest.mark.parametrize(("module", "example"), EXAMPLES)
def test_an_example_does_what_it_says(
    caller: Any, tenant: Tenant, module: ModuleType, example: doctest.DocTest, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each in a folder of its own; those about an earlier run find one."""
    del module
    if example.name in {"bulktap.api.results", "bulktap.api.verify"}:
        bulktap.apply("students.csv", caller.sign_in, "correct horse battery staple", timezone="UTC", limit=1)
    example.globs.update(bulktap=bulktap, sign_in=caller.sign_in)
    heard: list[str] = []

    result = doctest.DocTestRunner(optionflags=doctest.IGNORE_EXCEPTION_DETAIL).run(example, out=heard.append)

    assert result.failed == 0, "".join(heard)
    assert result.attempted > 0
    shutil.rmtree(caller.folder / "reports", ignore_errors=True)
