"""What `bulktap simulator` serves: the people of any roster, of a tenant file, of a state file, or made-up ones."""

from __future__ import annotations

import csv
import os
import signal
import subprocess
import sys
import zipfile
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import requests
from roster_bundles import book

import bulktap
from bulktap.cli import options
from bulktap.cli.console import Console, ScreenSettings
from bulktap.cli.main import cli
from bulktap.cli.outcome import CommandOutcome
from bulktap.cli.served_tenant import ServedTenant, served_tenant
from bulktap.model.errors import BulktapError
from bulktap.simulator.state_file import StateFile

if TYPE_CHECKING:
    from collections.abc import Mapping

ID = "8c1e5d6a-0f2b-4c3d-9e8f-7a6b5c4d3e2f"


def _served(*arguments: str) -> ServedTenant:
    context = cli.commands["simulator"].make_context("simulator", list(arguments))
    chosen = options.values(context, context.params)
    return served_tenant(chosen, Console(ScreenSettings()), CommandOutcome())


def _names(served: ServedTenant) -> set[str]:
    return {user.upn for user in served.tenant.users.values()}


def _csv(*rows: tuple[str, ...]) -> str:
    out = StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue()


SHEET: list[list[object]] = [
    ["User principal name", "Name"],
    ["ann@school.example", "Ann Lee"],
    ["ben@school.example", "Ben"],
]
ROSTERS: dict[str, tuple[Mapping[str, str | bytes], str, set[str]]] = {
    "a text file": (
        {"r.csv": _csv(("User", "Name"), ("ann@school.example", "Ann"), ("ben@school.example", "Ben"))},
        "r.csv",
        {"ann@school.example", "ben@school.example"},
    ),
    "semicolons and another alphabet": (
        {"r.csv": "Benutzer;Name\nzoe@schule.example;Zoë\nzhanna@schule.example;Жанна\n"},
        "r.csv",
        {"zoe@schule.example", "zhanna@schule.example"},
    ),
    "a workbook": ({"r.xlsx": book(People=SHEET)}, "r.xlsx", {"ann@school.example", "ben@school.example"}),
    "a folder of two classes": (
        {"c/7A.csv": _csv(("User",), ("ann@school.example",)), "c/7B.csv": _csv(("User",), ("cem@school.example",))},
        "c",
        {"ann@school.example", "cem@school.example"},
    ),
    "one person twice, in two spellings": (
        {"r.csv": _csv(("User",), ("ann@school.example",), ("ANN@school.example",))},
        "r.csv",
        {"ann@school.example"},
    ),
    "rows with mistakes in other columns": (
        {"r.csv": _csv(("User", "Lifetime"), ("ann@school.example", "soon"), ("ben@school.example", "8h"))},
        "r.csv",
        {"ann@school.example", "ben@school.example"},
    ),
}


def _laid(folder: Path, files: Mapping[str, str | bytes]) -> Path:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder


@pytest.mark.parametrize("kind", ROSTERS)
def test_a_rosters_people_are_the_tenants(tmp_path: Path, kind: str) -> None:
    """All of them and nobody else; their domain is the tenant's."""
    files, name, people = ROSTERS[kind]
    served = _served("--users-from", str(_laid(tmp_path, files) / name))

    assert {name.casefold() for name in _names(served)} == people
    assert served.tenant.registration.domain in {name.partition("@")[2] for name in people}
    assert served.told == f"of {name}"


def test_a_zip_of_class_lists_is_a_roster_too(tmp_path: Path) -> None:
    """As it is for every other command."""
    with zipfile.ZipFile(tmp_path / "lists.zip", "w") as archive:
        for name in ("7A", "7B"):
            archive.writestr(f"{name}.csv", _csv(("User", "Name"), (f"{name}@school.example".lower(), name)))
    assert _names(_served("--users-from", str(tmp_path / "lists.zip"))) == {"7a@school.example", "7b@school.example"}


def test_people_known_by_id_keep_it_and_names_come_along(tmp_path: Path) -> None:
    """The directory shows what the roster says of them."""
    rows = ("User", "First name", "Last name"), (ID, "Ann", "Lee"), ("ben@school.example", "Ben", "Okri")
    (tmp_path / "r.csv").write_text(_csv(*rows), "utf-8")
    tenant = _served("--users-from", str(tmp_path / "r.csv")).tenant

    found = [tenant.find(reference) for reference in (ID, "ben@school.example")]
    assert [(user.given_name, user.surname) for user in found if user] == [("Ann", "Lee"), ("Ben", "Okri")]


def test_the_reading_settings_are_those_of_other_commands(tmp_path: Path) -> None:
    """A sheet and a column by name, a domain for bare names."""
    (tmp_path / "r.xlsx").write_bytes(book(Old=SHEET, New=[["Login", "Shoe"], ["cem", 43]]))
    served = _served(
        "--users-from", str(tmp_path / "r.xlsx"), "--sheet", "New", "--column", "user=Login", "--domain", "x.example"
    )
    assert _names(served) == {"cem@x.example"}


def test_the_same_roster_is_the_same_tenant_tomorrow(tmp_path: Path) -> None:
    """With the same ids, so that scripts need not be changed."""
    (tmp_path / "r.csv").write_text(_csv(("User",), ("ann@school.example",)), "utf-8")
    first, second = (_served("--users-from", str(tmp_path / "r.csv")).tenant for _ in range(2))

    assert (first.registration.tenant_id, list(first.users)) == (second.registration.tenant_id, list(second.users))
    assert first.registration.client_id == second.registration.client_id


def test_who_is_new_in_the_roster_comes_to_the_kept_tenant(tmp_path: Path) -> None:
    """Whoever was there stays, with their passes."""
    roster, state = tmp_path / "r.csv", tmp_path / "state.jsonl"
    roster.write_text(_csv(("User",), ("ann@school.example",)), "utf-8")
    made = _served("--users-from", str(roster), "--state-file", str(state)).tenant
    StateFile(state, made).close()
    roster.write_text(_csv(("User",), ("ben@school.example",)), "utf-8")

    served = _served("--users-from", str(roster), "--state-file", str(state))

    assert _names(served) == {"ann@school.example", "ben@school.example"}
    assert served.tenant.registration.client_secret == made.registration.client_secret


def test_without_options_there_are_ten_people() -> None:
    """Enough for a first try."""
    served = _served()
    assert len(served.tenant.users) == 10
    assert {name.partition("@")[2] for name in _names(served)} == {"contoso.com"}


@pytest.mark.parametrize(
    ("content", "arguments", "words"),
    [
        ("User\n", ("--users-from", "r.csv"), "r.csv"),
        ("Shoe,Hat\n43,56\n", ("--users-from", "r.csv"), ""),
        ("User\nann@school.example\n", ("--users-from", "missing.csv"), "missing.csv"),
        ("User\nann@school.example\n", ("--users-from", "r.csv", "--tenant-file", "r.csv"), "--tenant-file"),
        ("{}", ("--tenant-file", "r.csv"), "cannot be read"),
        ("{}", ("--state-file", "r.csv"), "cannot be read"),
    ],
)
def test_what_is_no_tenant_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: str, arguments: tuple[str, ...], words: str
) -> None:
    """Before anything is served, in one sentence with a hint."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "r.csv").write_text(content, "utf-8")
    with pytest.raises(BulktapError) as refused:
        _served(*arguments)
    assert words in str(refused.value)


@pytest.mark.parametrize("proxy", [pytest.param(False, marks=pytest.mark.long), True])
def test_the_lines_that_it_prints_are_enough_for_other_programs(tmp_path: Path, proxy: bool) -> None:
    """A roster is all that it needs, and another program needs nothing but the variables, in either mode."""
    (tmp_path / "r.csv").write_text(_csv(("User",), ("ann@school.example",)), "utf-8")
    words = [sys.executable, "-m", "bulktap", "simulator", "--users-from", "r.csv", *(["--as-proxy"] if proxy else [])]
    # Where the package is not installed, as under Wine, a program elsewhere would not find it.
    environment = os.environ | {"PYTHONPATH": str(Path(bulktap.__file__).parents[1])}
    before = signal.signal(signal.SIGINT, signal.SIG_DFL)  # ignored in a shell's background, which is inherited
    process = subprocess.Popen(
        words, cwd=tmp_path, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    signal.signal(signal.SIGINT, before)
    with process:
        try:
            assert process.stdout is not None
            lines = [process.stdout.readline() for _ in range(9 if proxy else 7)]
            variables = dict(line.rstrip("\n").split("=", 1) for line in lines)
            assert _seen_by_another_program(variables, proxy=proxy) == ["ann@school.example"]
        finally:
            if sys.platform == "win32":
                process.terminate()
            else:
                process.send_signal(signal.SIGINT)
        _out, told = process.communicate(timeout=60)
    assert "1 person of r.csv" in told
    if sys.platform != "win32":
        assert (process.returncode, told.splitlines()[-1]) == (0, "Stopped.")


def _seen_by_another_program(variables: Mapping[str, str], *, proxy: bool) -> list[str]:
    graph = "https://graph.microsoft.com" if proxy else variables["BULKTAP_GRAPH_URL"]
    authority = "https://login.microsoftonline.com" if proxy else variables["BULKTAP_AUTHORITY_URL"]
    with requests.Session() as session:
        session.trust_env = False
        session.verify = variables["REQUESTS_CA_BUNDLE" if proxy else "BULKTAP_CA_BUNDLE"]
        session.proxies = {"https": variables["HTTPS_PROXY"]} if proxy else {}
        form = {
            "grant_type": "client_credentials",
            "client_id": variables["AZURE_CLIENT_ID"],
            "client_secret": variables["AZURE_CLIENT_SECRET"],
            "scope": "https://graph.microsoft.com/.default",
        }
        token = session.post(
            f"{authority}/{variables['AZURE_TENANT_ID']}/oauth2/v2.0/token", data=form, timeout=60
        ).json()["access_token"]
        headers = {"Authorization": f"Bearer {token}"}
        found = session.get(f"{graph}/v1.0/users?$select=userPrincipalName", headers=headers, timeout=60).json()
    return [user["userPrincipalName"] for user in found["value"]]
