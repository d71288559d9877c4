"""Small commands are quick because they load little: most of their time would go into what they do not use."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import bulktap

HEAVY = {"pandas", "numpy", "openpyxl", "aiohttp", "msal", "cryptography", "python_calamine", "ssl", "asyncio"}
"""Libraries that only large files, or a tenant, need."""
ISSUING = {
    "bulktap.dispatch.look_ups", "bulktap.dispatch.issuance", "bulktap.graph.batch", "bulktap.graph.client",
    "bulktap.graph.sign_in", "bulktap.journal", "bulktap.model.log_events", "bulktap.model.outcomes",
    "bulktap.model.run_events", "bulktap.model.run_state", "bulktap.operations.earlier_doubts",
    "bulktap.operations.kept_answers", "bulktap.operations.recent_passes", "bulktap.operations.run_locks",
    "bulktap.settings.sign_in_settings", "bulktap.simulator", "bulktap.storage.office_encryption",
}  # fmt: skip
"""What asks a tenant, and what records what it did."""
AFTERWARDS = {
    "bulktap.operations.hand_back", "bulktap.results.handout.languages", "bulktap.results.handout.sheets_model",
    "bulktap.results.passes_workbook", "bulktap.results.run_report.run_page", "bulktap.results.run_view",
    "bulktap.settings.handout_declarations", "bulktap.settings.issued_slices", "bulktap.storage.revocations",
}  # fmt: skip
"""What is done with the passes of a run."""
SELDOM = {
    "bulktap.cli.agreement", "bulktap.cli.open_questions", "bulktap.cli.questionnaire", "bulktap.operations.saved_plan",
    "bulktap.planning.name_checker", "bulktap.planning.person_names", "bulktap.planning.selection",
    "bulktap.results.board_facts", "bulktap.results.page.pictures", "bulktap.roster.formats.ods",
    "bulktap.roster.formats.xlsx", "bulktap.settings.profile_files", "click.shell_completion",
    "tomllib",
}  # fmt: skip
"""Saved plans, profiles, words that choose rows, names to compare, pictures, questions: where there are any."""
NEEDLESS = {
    "for help": (
        ["--help"],
        {
            "bulktap.operations.context", "bulktap.planning", "bulktap.roster.read", "bulktap.settings.declarations",
            "bulktap.cli.commands.apply", "bulktap.cli.console", "bulktap.model.questions", "html", "hashlib",
        },
    ),
    "for the help of a command": (
        ["apply", "--help-all"],
        {"bulktap.dispatch.look_ups", "bulktap.journal", "bulktap.planning"},
    ),
    "for a plan without a tenant": (["plan", "roster.csv", "--offline"], ISSUING | AFTERWARDS | SELDOM),
    "for a plan of nothing": (["plan", "missing.csv", "--offline"], {"bulktap.journal", "xlsxwriter", "jinja2"}),
    "for the list of runs": (
        ["runs"],
        {
            "bulktap.dispatch.look_ups", "bulktap.roster.read", "bulktap.roster.columns.column_choice",
            "bulktap.results.page", "bulktap.results.handout", "bulktap.settings.profile_files",
        },
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", NEEDLESS)
def test_what_a_command_does_not_need_is_not_loaded(what: str, tmp_path: Path) -> None:
    """No large library, and none of the modules that have no part in it."""
    arguments, needless = NEEDLESS[what]
    people = [f"{user}@contoso.com,{user}" for user in ("anna", "bo", "cia", "dan", "eva")]
    (tmp_path / "roster.csv").write_text("\n".join(["User,Name", *people, ""]), "utf-8")

    assert sorted((HEAVY | needless) & loaded(arguments, tmp_path)) == []


def test_the_modules_that_are_named_here_exist() -> None:
    """One that was renamed would be loaded unseen."""
    named = set().union(*(needless for _, needless in NEEDLESS.values()))
    script = "import importlib, sys\nfor name in sys.argv[1:]:\n    importlib.import_module(name)\n"

    subprocess.run([sys.executable, "-c", script, *sorted(named)], check=True)


def test_a_plan_without_a_tenant_is_written_all_the_same(tmp_path: Path) -> None:
    """With a warning and a picture, which load what the smallest plan does without."""
    people = [f"{user}@contoso.com,{hours}h" for user, hours in (("anna", 8), ("bo", 8), ("cia", 2), ("", 8))]
    (tmp_path / "roster.csv").write_text("\n".join(["User,Lifetime", *people, ""]), "utf-8")

    assert "bulktap.results.page.pictures" in loaded(["plan", "roster.csv", "--offline", "--board"], tmp_path)
    (run,) = (tmp_path / "reports").iterdir()
    page = (run / "plan.html").read_text("utf-8")
    assert "<svg" in page
    assert "For the change board" in page


def loaded(arguments: list[str], folder: Path) -> set[str]:
    """Return the modules that a command has loaded when it ends."""
    script = (
        "import json, sys\nfrom bulktap.__main__ import main\n"
        "try:\n    main()\nexcept SystemExit:\n    pass\nprint(json.dumps(list(sys.modules)))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, *arguments],
        capture_output=True,
        text=True,
        check=True,
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(Path(bulktap.__file__).parents[1])},
    )
    return set(json.loads(done.stdout.splitlines()[-1]))
