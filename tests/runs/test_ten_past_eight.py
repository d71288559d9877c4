"""The four minutes of ten past eight: each thing that goes wrong at the school's door is one command."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pypdf
import pytest
from made_states import USED, make
from terminal_talk import talk
from whole_run import USERS, Program, sheet

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from bulktap.simulator.embedded import EmbeddedSimulator
    from bulktap.simulator.tenant import Tenant

pytestmark = [
    pytest.mark.long,  # whole runs, a process for each command
    pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pseudo-terminals"),
]

WIPES = "Enter wipes this screen"
ROWS = [
    ["User", "Name", "Class"],
    [USERS[0], "Anna Arendt", "7A"],
    [USERS[1], "Ben Bauer", "7A"],
    [USERS[2], "Carla Conti", "7B"],
    [USERS[3], "Dana Dahl", "7B"],
    [USERS[4], "Emil Eco", "8A"],
]


def passes(folder: Path) -> Mapping[str, str]:
    """Return the pass ids of the workbook by user."""
    return {row["User"]: row["Pass ID"] for row in sheet(folder)}


def test_each_is_one_command_and_nobody_elses_pass_changes(
    connected: Program, tenant: Tenant, service: EmbeddedSimulator
) -> None:
    """A lost slip, a used pass, a class that got the wrong list, and one code for the helpdesk."""
    run = connected("apply", connected.roster(ROWS), "--names", "accept", "--yes", "--one-time", "--json")
    folder, name = run.folder, run.json["run"]
    before = passes(folder)

    assert talk(connected, ["show", name, "bauer", "--reason", "lost the slip"], [(WIPES, "")])[0] == 0
    assert passes(folder) == before

    make(USED, tenant, service, USERS[0])
    used = connected("reissue", name, "--only", "Anna Arendt", "--print", "--yes", "--json")
    after = passes(folder)
    assert {user for user in USERS[:5] if after[user] != before[user]} == {USERS[0]}
    assert [(group["name"], group["people"]) for group in used.json["handout"]["groups"]] == [("7A", 1)]

    connected("reissue", name, "--only", "Class=7B", "--print", "--yes", "--json")
    last = passes(folder)
    assert {user for user in USERS[:5] if last[user] != after[user]} == {USERS[2], USERS[3]}
    listed = sheet(folder, "Passphrases", file="handout/passphrases.xlsx")
    (words,) = (row["Opens with"] for row in listed if row["Group"] == "7B")
    file = pypdf.PdfReader(folder / "handout" / "7B.pdf", password=words)
    text = "".join(page.extract_text() for page in file.pages)
    codes = {row["User"]: row["Temporary Access Pass"] for row in sheet(folder)}
    assert all(codes[user] in text for user in (USERS[2], USERS[3]))

    assert talk(connected, ["show", name, "eco"], [(WIPES, "")])[0] == 0
    assert passes(folder) == last
