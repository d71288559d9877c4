"""What a new user has at hand reaches a plan with no option but the domain, where one is needed."""

from __future__ import annotations

import json
import shutil
import zipfile
from typing import TYPE_CHECKING, Any

import pytest
from whole_run import REPOSITORY, SAMPLES, Program

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

pytestmark = pytest.mark.long  # whole runs, a process for each command

SDS = REPOSITORY.parent / "shared" / "rosters" / "formats" / "sds-v1-100users"
INTUNE = (
    '"Device ID","Device name","Enrollment date","Serial number","UserId","Primary user UPN",'
    '"Primary user display name"\n'
    '"d1","PC-1","2025-01-01","S1","u1","anna@contoso.com","Anna Berg"\n'
    '"d2","PC-2","2025-01-01","S2","u1","anna@contoso.com","Anna Berg"\n'
    '"d3","KIOSK","2025-01-01","S3","","",""\n'
)
ENTRA = (
    "\ufeffversion:v1.0,,,\r\n"
    "Name [displayName] Required,User name [userPrincipalName] Required,Initial password [passwordProfile] Required,"
    "Block sign in (Yes/No) [accountEnabled] Required\r\n"
    "Example: Chris Green,chris@contoso.com,myPassword1234,No\r\n"
    "Anna Berg,anna@contoso.com,Geheim-1, No\r\nBen Holt,ben@contoso.com,Geheim-2, Yes\r\n"
)


def _sds(folder: Path) -> list[str]:
    if not SDS.is_dir():
        pytest.skip(f"the folder of such files is not there ({SDS})")
    shutil.copytree(SDS, folder / "sds")
    return ["sds", "--domain", "contoso.com", "--simulate"]


def _class_lists(folder: Path) -> list[str]:
    with zipfile.ZipFile(folder / "classes.zip", "w") as archive:
        for number in range(30):
            people = "".join(f"p{number}-{one}@contoso.com;Berg;Anna\r\n" for one in range(3))
            archive.writestr(f"Klassen/Klasse {number}.csv", f"Benutzername;Nachname;Vorname\r\n{people}")
    return ["classes.zip", "--simulate"]


def _written(name: str, text: str) -> Callable[[Path], list[str]]:
    def write(folder: Path) -> list[str]:
        (folder / name).write_text(text, "utf-8")
        return [name, "--simulate"]

    return write


def _group(folder: Path) -> list[str]:
    shutil.copy(SAMPLES / "tenant.json", folder)
    return ["--group", "Year 7", "--simulate-tenant", "tenant.json"]


# what is given; issue, merge, skip, refuse; groups; a sentence
CASES: dict[str, tuple[Callable[[Path], list[str]], tuple[int, int, int, int], int, str]] = {
    "a folder of School Data Sync": (_sds, (86, 0, 0, 0), 4, "86 people, 21 classes"),
    "thirty class lists in a zip": (_class_lists, (90, 0, 0, 0), 30, "30 files were read as one roster"),
    "a template of Entra": (_written("entra.csv", ENTRA), (1, 0, 2, 0), 1, "Row 3 is Microsoft's example"),
    "devices of Intune": (_written("intune.csv", INTUNE), (1, 1, 1, 0), 1, "1 device has no user and was skipped"),
    "a group of the tenant": (_group, (13, 0, 0, 0), 1, "13 users; not counted: 2 nested groups"),
}


@pytest.mark.parametrize("name", CASES)
def test_what_is_at_hand_reaches_a_plan(program: Program, name: str) -> None:
    """Everybody is a row: with a pass, left out with the reason, or served by another row's; no password is told."""
    lay, counts, groups, sentence = CASES[name]
    words = lay(program.cwd)
    done = program("plan", *words, "--json")
    plan: dict[str, Any] = done.json["plan"]
    assert tuple(plan[action] for action in ("issue", "merge", "skip", "refuse")) == counts
    rows = json.loads((done.folder / "plan.json").read_text("utf-8"))["rows"]
    assert len(rows) == sum(counts)
    assert len({row["group"] for row in rows if row["action"] in {"issue", "merge"}}) == groups
    assert sentence in " ".join(done.err.split())
    assert not any(b"Geheim" in path.read_bytes() for path in done.folder.iterdir() if path.is_file())
