"""Where people of each cloud type the code in."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from handout_sheets import NAMES, group

from bulktap.operations.handout_settings import HandOutSettings, LookFiles
from bulktap.results.handout.pdf_text import text_runs
from bulktap.results.handout.rendering import render_group
from bulktap.results.handout.sheets_model import Purpose, Style

if TYPE_CHECKING:
    from types import ModuleType


@pytest.mark.parametrize(
    ("cloud", "purpose", "page"),
    [
        ("global", Purpose.SIGN_IN, "aka.ms/mysecurityinfo"),
        ("custom", Purpose.SIGN_IN, "aka.ms/mysecurityinfo"),
        ("usgov", Purpose.SIGN_IN, "aka.ms/mysecurityinfo-us"),
        ("usgov-dod", Purpose.SIGN_IN, "aka.ms/mysecurityinfo-us"),
        ("usgov", Purpose.PHONE, "aka.ms/authapp"),
        ("usgov-dod", Purpose.WINDOWS, ""),
    ],
)
@pytest.mark.parametrize("style", Style)
def test_sheets_name_the_page_of_the_runs_cloud(
    build: ModuleType, style: Style, cloud: str, purpose: Purpose, page: str
) -> None:
    """People of the US Government's clouds do not exist for the global page."""
    plan = build.make_plan(build.plan_row(1, "ann"))
    plan = replace(plan, tenant=replace(plan.tenant, cloud=cloud))
    look = LookFiles(None, None).look(HandOutSettings(Path("reports"), style=style, purpose=purpose), plan)
    sheets = render_group(group(NAMES[:1]), look)
    words = "".join(run.text for runs in text_runs(sheets) for run in runs).replace("\N{NO-BREAK SPACE}", " ").split()
    named = {word.strip(".,;:") for word in words if "aka.ms/" in word}
    assert {name[name.index("aka.ms/") :] for name in named} == ({page} if page else set())
