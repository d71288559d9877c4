"""Where the passphrase comes from, and what it protects."""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING

import pytest
from whole_run import Program, sheet

from bulktap.errors import WrongPassphrase

if TYPE_CHECKING:
    from pathlib import Path

ROWS = [["User"], ["anna@contoso.com"]]


@pytest.fixture
def unset(program: Program) -> Program:
    """The program without a passphrase in its environment."""
    return Program(program.cwd, {k: v for k, v in program.environment.items() if k != "BULKTAP_PASSPHRASE"})


def test_a_file_gives_its_first_line(unset: Program) -> None:
    """`--passphrase-file`, as Windows editors write it: with a mark in front and a line end behind."""
    secret = unset.cwd / "secret.txt"
    secret.write_bytes(b"\xef\xbb\xbfopen sesame\r\n")

    done = unset("apply", unset.roster(ROWS), "--simulate", "--yes", "--json", "--passphrase-file", secret)

    assert len(sheet(done.folder, passphrase="open sesame")) == 1


def test_a_command_prints_it(unset: Program) -> None:
    """`--passphrase-command`: a password manager, for instance."""
    command = f"{sys.executable} -c \"print('from a manager')\""

    done = unset("apply", unset.roster(ROWS), "--simulate", "--yes", "--json", "--passphrase-command", command)

    assert len(sheet(done.folder, passphrase="from a manager")) == 1


def test_a_generated_one_is_shown_before_anything_is_sent_and_opens_the_workbook(unset: Program) -> None:
    """Also without a terminal, because the tenant is a pretend one."""
    done = unset("apply", unset.roster(ROWS), "--simulate", "--yes", "--json", "--generate-passphrase")

    shown = re.search(r"shown only now: (\S+)", done.err)
    assert shown is not None
    assert len(sheet(done.folder, passphrase=shown[1])) == 1


def test_a_generated_one_that_nobody_would_see_is_refused_for_a_real_tenant(unset: Program) -> None:
    """Without a terminal the passcodes of a real tenant would be lost for good."""
    done = unset(
        "apply",
        unset.roster(ROWS),
        "--yes",
        "--generate-passphrase",
        code=2,
        AZURE_TENANT_ID="11111111-2222-3333-4444-555555555555",
        AZURE_CLIENT_ID="app",
        AZURE_CLIENT_SECRET="secret",
    )

    assert "no terminal" in done.err


def test_without_any_source_nothing_is_sent(unset: Program) -> None:
    """Found out before the roster is read."""
    done = unset("apply", unset.roster(ROWS), "--simulate", "--yes", code=2)

    assert "BULKTAP_PASSPHRASE" in done.err
    assert not (unset.cwd / "reports").exists()


def test_two_sources_at_once_are_a_mistake(unset: Program) -> None:
    """Nobody should have to guess which of them was used."""
    done = unset(
        "apply",
        unset.roster(ROWS),
        "--simulate",
        "--yes",
        "--generate-passphrase",
        "--passphrase-command",
        "true",
        code=2,
    )

    assert "named twice" in done.err


def test_a_wrong_passphrase_opens_neither_workbook_nor_journal(program: Program) -> None:
    """`results` with another passphrase is exit 12, and the workbook stays shut."""
    done = program("apply", program.roster(ROWS), "--simulate", "--yes", "--json")

    refused = program("results", done.folder, code=12, BULKTAP_PASSPHRASE="something else")

    assert "passphrase" in refused.err
    with pytest.raises(WrongPassphrase):
        sheet(done.folder, passphrase="something else")


def test_results_writes_the_same_workbook_again(program: Program) -> None:
    """A workbook that was deleted comes back from the journal, passcode by passcode."""
    done = program(
        "apply",
        program.roster(
            [
                *ROWS,
                [
                    "broken",
                ],
            ]
        ),
        "--simulate",
        "--yes",
        "--json",
        code=3,
    )
    before = sheet(done.folder)
    _delete(done.folder / "results.xlsx", done.folder / "errors.xlsx")

    again = program("results", done.json["run"], "--json", code=3)

    assert sheet(done.folder) == before
    assert again.json["counts"] == done.json["counts"]
    assert (done.folder / "errors.xlsx").exists()


def _delete(*paths: Path) -> None:
    for path in paths:
        path.unlink()
