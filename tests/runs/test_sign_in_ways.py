"""Which way of signing in is taken, and that the screen names it: whole runs against the pretend tenant."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest
from sign_in_world import Keypair, tenant_with
from whole_run import Program, environment_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from bulktap.simulator.embedded import EmbeddedSimulator

pytestmark = pytest.mark.long  # whole runs, a process for each command

OURS = Keypair()
ROWS = [["User"], ["student01@contoso.com"]]


@pytest.fixture
def tenant() -> Iterator[EmbeddedSimulator]:
    """A tenant whose app has a secret and a certificate."""
    with tenant_with(certificates=(OURS.public,)) as running:
        yield running


@pytest.fixture
def here(program: Program, tenant: EmbeddedSimulator) -> Program:
    """The program with that tenant's settings."""
    return Program(program.cwd, {**program.environment, **environment_of(tenant)})


@pytest.fixture
def pfx(tmp_path: Path) -> str:
    """The certificate's file."""
    file = tmp_path / "app.pfx"
    file.write_bytes(OURS.pfx("pa55"))
    return str(file)


def test_a_certificate_signs_in_and_is_named(here: Program, pfx: str) -> None:
    """Where nothing else is set; resume and verify take the same settings."""
    with_certificate = {
        "AZURE_CLIENT_SECRET": "",
        "AZURE_CLIENT_CERTIFICATE_PATH": pfx,
        "AZURE_CLIENT_CERTIFICATE_PASSWORD": "pa55",
    }
    done = here("apply", here.roster(ROWS), "--yes", **with_certificate)
    assert "with a certificate" in done.err

    run = here("runs", "--json", **with_certificate).json["runs"][0]["run"]
    assert "with a certificate" in here("verify", run, **with_certificate).err


@pytest.mark.parametrize(
    ("options", "named", "unused"),
    [
        ((), "with a client secret", "the certificate"),
        (("--sign-in", "certificate"), "with a certificate", "AZURE_CLIENT_SECRET"),
    ],
)
def test_what_is_set_besides_is_named_as_not_used(
    here: Program, pfx: str, options: tuple[str, ...], named: str, unused: str
) -> None:
    """People leave a secret and a certificate side by side."""
    both = {"AZURE_CLIENT_CERTIFICATE_PATH": pfx, "AZURE_CLIENT_CERTIFICATE_PASSWORD": "pa55"}
    done = here("plan", here.roster(ROWS), *options, **both)

    words = " ".join(done.err.split())
    assert named in words
    assert f"{unused}" in words
    assert "not used" in words


@pytest.mark.parametrize("way", ["client-secret-file", "client-secret-command"])
def test_a_secret_comes_from_a_file_or_a_program(
    here: Program, tenant: EmbeddedSimulator, tmp_path: Path, way: str
) -> None:
    """As options, and as variables."""
    file = tmp_path / "secret.txt"
    file.write_text(tenant.client_secret + "\n")
    program = tmp_path / "print_secret.py"
    program.write_text(f"print({tenant.client_secret!r})")
    value = str(file) if way.endswith("file") else f'"{sys.executable}" "{program}"'

    done = here("plan", here.roster(ROWS), f"--{way}", value, AZURE_CLIENT_SECRET="")
    assert "with a client secret" in done.err
    variable = f"BULKTAP_{way.upper().replace('-', '_')}"
    assert here("plan", here.roster(ROWS), AZURE_CLIENT_SECRET="", **{variable: value}).code == 0
    assert tenant.client_secret not in done.err + done.out


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"BULKTAP_CLOUD": "usgov", "BULKTAP_GRAPH_URL": "https://graph.microsoft.com"}, "graph.microsoft.com"),
        ({"BULKTAP_CLOUD": "usgov", "AZURE_AUTHORITY_HOST": "LOGIN.microsoftonline.com/"}, "login.microsoftonline.com"),
        ({"BULKTAP_CLOUD": "global", "BULKTAP_GRAPH_URL": "graph.microsoft.us/v1.0"}, "graph.microsoft.us"),
        ({"BULKTAP_CLOUD": "usgov-dod", "BULKTAP_GRAPH_URL": "https://graph.microsoft.us"}, "graph.microsoft.us"),
        ({"BULKTAP_CLOUD": "china"}, "do not exist"),
        ({"AZURE_AUTHORITY_HOST": "https://login.chinacloudapi.cn"}, "do not exist"),
    ],
)
def test_a_mixture_of_clouds_is_refused_before_anything_is_sent(
    here: Program, tenant: EmbeddedSimulator, changed: dict[str, str], words: str
) -> None:
    """However the addresses are spelled; the secret stays here."""
    nowhere = {"BULKTAP_GRAPH_URL": "", "BULKTAP_AUTHORITY_URL": ""}
    done = here("plan", here.roster(ROWS), code=2, **{**nowhere, **changed})

    assert words in " ".join(done.err.split())
    assert tenant.statistics()["token_requests"] == 0


@pytest.mark.parametrize(
    ("way", "missing"),
    [
        ("certificate", "AZURE_CLIENT_CERTIFICATE_PATH"),
        ("federation", "AZURE_FEDERATED_TOKEN_FILE"),
        ("browser", "AZURE_CLIENT_ID"),
        ("device-code", "AZURE_CLIENT_ID"),
    ],
)
def test_what_a_way_needs_is_named(program: Program, way: str, missing: str) -> None:
    """All of it at once, before anything is read."""
    done = program("plan", program.roster(ROWS), "--sign-in", way, code=2)

    assert "AZURE_TENANT_ID" in done.err
    assert missing in done.err
