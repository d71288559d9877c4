"""What the administrator gets back.

`passes_workbook` (with its `summary_sheet`) writes the passes, `error_report` the rows to be fixed; `plan_report` and
`run_report` are for people who sign off, drawn by the package `page`; `plan_file` is the plan for programs. `sheets` is
how every workbook of ours looks. All of it is read from the plan and the journal's state, and returned as bytes:
nothing here opens a file. What only the command knows comes in the views: `sign_off_view` and `run_view` add to
`plan_view`. `plan_outputs` and `run_outputs` list the outputs, each an `output` with its name, whether it is secret,
and what renders it; `output_names` tells the names alone.

`bulktap.results` is the name of a function of the Python API too, so that this package can be called as well.
"""

import sys
from importlib import import_module
from types import ModuleType


class _CallableRoom(ModuleType):
    """A package that can be called as the function of the API that has its name."""

    def __call__(self, *arguments: object, **keywords: object) -> object:
        """Return what `bulktap.api.results` returns."""
        return import_module("bulktap.api").results(*arguments, **keywords)


sys.modules[__name__].__class__ = _CallableRoom
