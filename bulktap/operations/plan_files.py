"""The files of a plan: for programs, for people, and for whoever mends its rows."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from bulktap.operations.handed_back import existing_files
from bulktap.operations.side_work import SideWork
from bulktap.results.output_names import OF_RUNS
from bulktap.results.plan_outputs import PLAN_OUTPUTS
from bulktap.results.row_results import run_counts
from bulktap.storage import write_file
from bulktap.storage.output_files import OutputFiles

if TYPE_CHECKING:
    from collections.abc import Sequence
    from contextlib import ExitStack

    from bulktap.operations.context import OperationContext
    from bulktap.results.sign_off_view import SignOffView
    from bulktap.storage.run_folder import RunFolder


def begin_to_write(
    view: SignOffView, folder: RunFolder, advice: Sequence[str], at: OperationContext, stack: ExitStack
) -> SideWork:
    """Begin to write the plan and its reports, and say what is worth keeping for next time.

    They are written while the plan is read and agreed to, and are there, each in full, before anything is sent.
    """
    at.front.tenant_is(view.plan.tenant)
    for line in (*advice, "Writing the planning report ..."):
        at.front.say(line)
    counts = run_counts(view.plan, None)
    return stack.enter_context(
        SideWork(partial(write_plan, folder, view), lambda: at.front.stands(counts, existing_files(folder)))
    )


def write_plan(folder: RunFolder, view: SignOffView) -> None:
    """Write the plan for programs and for people, and the error report where a row is refused."""
    for output in PLAN_OUTPUTS:
        content = output.render(view)
        if content is None:
            continue
        if output.name in OF_RUNS:
            # Remembered as ours, so that corrections made in it before the run begins are not written over.
            files = OutputFiles(folder.path)
            files.write(output.name, content, set_aside=lambda _: False, now=view.plan.created_at)
        else:
            write_file(folder.path / output.name, content)
