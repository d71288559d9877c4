"""What was recorded of bulktap and of the pretend tenant, once for all tests of a process."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from contract import report

if TYPE_CHECKING:
    from collections.abc import Sequence

    from contract.exchange import Exchange


@pytest.fixture(scope="session")
def of_bulktap() -> Sequence[Exchange]:
    """What bulktap asked for, with all its commands that ask a tenant."""
    return report.of_bulktap()


@pytest.fixture(scope="session")
def pretend_tenant() -> report.PretendTenant:
    """What the pretend tenant answered to a plain client that asked for everything."""
    return report.of_the_pretend_tenant()
