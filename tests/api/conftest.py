"""A caller of the Python API: a folder of its own, a roster, a pretend tenant, an environment that leads astray."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

import bulktap
from bulktap.simulator.embedded import EmbeddedSimulator
from bulktap.simulator.server import SimulatorOptions
from bulktap.simulator.tenant_file import SeedUser, seed_tenant

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from bulktap.simulator.tenant import Tenant

PASSPHRASE = "correct horse battery staple"
PEOPLE = (("Anna Arendt", "anna", "7A"), ("Ben Bauer", "ben", "7A"), ("Cem Celik", "cem", "7B"))


CROWD = tuple(f"student{number:03d}@contoso.com" for number in range(60))
"""People enough for a run to be stopped in the middle of it."""


@dataclass(frozen=True)
class Caller:
    """What a program that calls bulktap has."""

    folder: Path
    sign_in: bulktap.SignIn
    service: EmbeddedSimulator


@pytest.fixture
def tenant() -> Tenant:
    """A tenant with three students, and a crowd of others."""
    people = [SeedUser(upn=f"{login}@contoso.com", display_name=name) for name, login, _ in PEOPLE]
    return seed_tenant([*people, *(SeedUser(upn=user) for user in CROWD)])


@pytest.fixture
def service(tenant: Tenant) -> Iterator[EmbeddedSimulator]:
    """That tenant, served over HTTPS in fair weather."""
    with EmbeddedSimulator(tenant, SimulatorOptions(latency=0.02)) as running:
        yield running


@pytest.fixture
def caller(tmp_path: Path, service: EmbeddedSimulator, monkeypatch: pytest.MonkeyPatch) -> Iterator[Caller]:
    """A caller with a roster, in an environment that would lead astray whoever read it."""
    for name in ("AZURE_TENANT_ID", "AZURE_CLIENT_ID", "AZURE_CLIENT_SECRET", "BULKTAP_TIMEZONE", "BULKTAP_LIFETIME"):
        monkeypatch.setenv(name, "nonsense")
    for name in ("BULKTAP_GRAPH_URL", "BULKTAP_AUTHORITY_URL", "AZURE_AUTHORITY_HOST"):
        monkeypatch.setenv(name, "https://127.0.0.1:1")
    for name in ("BULKTAP_CA_BUNDLE", "BULKTAP_REPORTS", "BULKTAP_PASSPHRASE", "BULKTAP_EXISTING", "BULKTAP_LIMIT"):
        monkeypatch.setenv(name, "/nowhere/0")
    lines = ["Name,User,Class", *(f"{name},{login}@contoso.com,{group}" for name, login, group in PEOPLE)]
    (tmp_path / "students.csv").write_text("\n".join(lines) + "\n", "utf-8")
    (tmp_path / "crowd.csv").write_text("\n".join(["User", *CROWD]) + "\n", "utf-8")
    sign_in = bulktap.SignIn(
        service.tenant_id,
        service.client_id,
        bulktap.Secret(service.client_secret),
        graph_url=service.graph_url,
        authority_url=service.authority_url,
        ca_bundle=service.ca_file,
    )
    with contextlib.chdir(tmp_path):
        yield Caller(tmp_path, sign_in, service)
