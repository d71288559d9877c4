"""Whole runs against a pretend tenant in this process, over real HTTPS."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from whole_run import USERS, Program, environment_of

from bulktap.simulator.embedded import EmbeddedSimulator
from bulktap.simulator.server import SimulatorOptions
from bulktap.simulator.tenant_file import SeedUser, seed_tenant

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bulktap.simulator.tenant import Tenant


@pytest.fixture
def tenant() -> Tenant:
    """A tenant with a dozen students."""
    return seed_tenant([SeedUser(upn=user, display_name=user.partition("@")[0].title()) for user in USERS])


@pytest.fixture
def service(tenant: Tenant) -> Iterator[EmbeddedSimulator]:
    """That tenant, served over HTTPS in fair weather."""
    with EmbeddedSimulator(tenant, SimulatorOptions()) as running:
        yield running


@pytest.fixture
def connected(program: Program, service: EmbeddedSimulator) -> Program:
    """The program with sign-in settings for that tenant."""
    return Program(program.cwd, {**program.environment, **environment_of(service)})
