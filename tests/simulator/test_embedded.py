import threading
from typing import Any

import pytest

from bulktap.simulator.embedded import EmbeddedSimulator
from bulktap.simulator.server import SimulatorOptions
from bulktap.simulator.tenant import Tenant


def threads() -> list[str]:
    """Return the names of the simulators' threads that run."""
    return [thread.name for thread in threading.enumerate() if thread.name == "simulated-tenant"]


def test_it_leaves_nothing_behind(tenant: Tenant) -> None:
    """The certificate file is there while it runs, and goes with the thread; the truth can still be asked."""
    with EmbeddedSimulator(tenant) as simulator:
        assert simulator.ca_file.read_text("ascii") == simulator.ca_pem
        assert simulator.url.startswith("https://127.0.0.1:")
        assert threads() == ["simulated-tenant"]

    assert not simulator.ca_file.parent.exists()
    assert threads() == []
    assert simulator.statistics()["batches"] == 0


def test_the_private_key_is_nowhere_on_disk(tenant: Tenant) -> None:
    """Only the public certificate is."""
    with EmbeddedSimulator(tenant) as simulator:
        files = list(simulator.ca_file.parent.iterdir())

        assert files == [simulator.ca_file]
        assert "PRIVATE" not in simulator.ca_file.read_text("ascii")


def test_a_failure_to_start_is_raised_where_it_was_asked_for(tenant: Tenant, tmp_path: Any) -> None:
    """A state file that cannot be written stops the caller, not a thread somewhere."""
    options = SimulatorOptions(state_file=tmp_path / "missing" / "state.jsonl")

    with pytest.raises(FileNotFoundError), EmbeddedSimulator(tenant, options):
        pass
