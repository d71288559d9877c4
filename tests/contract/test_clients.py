"""Microsoft's own clients carry out against the pretend tenant what they would against a real one."""

from __future__ import annotations

import pytest
from contract.clients.by_any import CLIENTS, FINDINGS, Client
from contract.exchange import OPERATIONS
from contract.observed import driven, reply_faults
from contract.report import Parity


@pytest.mark.long
@pytest.mark.parametrize("client", CLIENTS, ids=lambda client: client.name)
@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # the Python SDK warns of its own names
def test_a_client_finds_everything(client: Client) -> None:
    """People, groups, policy, passes, errors and batches, in replies that keep to the contract."""
    if (reason := client.why_not()) is not None:
        pytest.skip(reason)

    found, exchanges = client.run()

    assert found == FINDINGS
    assert {one.operation for one in exchanges} <= set(OPERATIONS)
    assert reply_faults(exchanges) == []
    assert driven(exchanges) == Parity.committed().columns[client.name]
