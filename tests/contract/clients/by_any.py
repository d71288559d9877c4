"""Microsoft's own clients, which all carry out the same and have to find the same."""

from __future__ import annotations

import asyncio
import tempfile
from dataclasses import dataclass
from importlib import metadata, util
from pathlib import Path
from typing import TYPE_CHECKING, Any

from contract import node
from contract.clients import by_azure_cli, by_javascript, by_msgraph_sdk
from contract.world import SCHOOL, open_world
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from sign_in_world import Keypair

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from contract.exchange import Exchange

FINDINGS: dict[str, Any] = {
    "organization": "Contoso",
    "user": "Ann",
    "unknown": "404 Request_ResourceNotFound",
    "users": 7,
    "filtered": 2,
    "passes": {
        "passcode": 8,
        "listed": 1,
        "usability": "EnabledByPolicy",
        "afterwards": 0,
        "refused": "400 badRequest",
    },
    "organizationById": "Contoso",
    "userCount": 7,
    "memberOf": 1,
    "groupCount": 1,
    "directMembers": 4,
    "methodPolicies": 8,
    "allMethodPolicies": 8,
    "policy": [480, 600, 480],
    "methods": 2,
    "memberships": 1,
    "groups": 1,
    "group": "Class 7A",
    "members": 4,
    "units": 1,
    "unit": "North campus",
    "unitMembers": 4,
    "batch": [200, 404, 201],
}
"""What there is to be found in `SCHOOL`."""


@dataclass(frozen=True)
class Client:
    """One of the clients."""

    name: str
    why_not: Callable[[], str | None]
    """Returns why it cannot be tried here; None where it can."""
    version: Callable[[], str]
    run: Callable[[], tuple[dict[str, Any], Sequence[Exchange]]]
    """Lets it loose on a tenant and returns what it found, and what was recorded."""


def _sdk() -> tuple[dict[str, Any], Sequence[Exchange]]:
    with open_world() as world:
        return asyncio.run(by_msgraph_sdk.drive(world)), world.recorder.exchanges


def _javascript() -> tuple[dict[str, Any], Sequence[Exchange]]:
    with open_world() as world:
        return by_javascript.drive(world), world.recorder.exchanges


def _azure_cli() -> tuple[dict[str, Any], Sequence[Exchange]]:
    keypair = Keypair()
    private = keypair.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    tenant = {**SCHOOL["tenant"], "certificates": [keypair.public]}
    with open_world(tenant=tenant) as world, tempfile.TemporaryDirectory() as folder:
        certificate = Path(folder, "certificate.pem")
        certificate.write_text(keypair.public + private, "ascii")
        return by_azure_cli.drive(world, Path(folder), certificate), world.recorder.exchanges


def _no_sdk() -> str | None:
    missing = [name for name in ("msgraph", "azure.identity", "deprecated") if not _is_there(name)]
    return f"{', '.join(missing)} is not there: pip install '.[parity]'" if missing else None


def _is_there(module: str) -> bool:
    try:
        return util.find_spec(module) is not None
    except ModuleNotFoundError:  # the package around it
        return False


CLIENTS = (
    Client("msgraph-sdk", _no_sdk, lambda: metadata.version("msgraph-sdk"), _sdk),
    Client(
        by_javascript.PACKAGE,
        lambda: node.why_not(by_javascript.PACKAGE),
        lambda: node.version(by_javascript.PACKAGE),
        _javascript,
    ),
    Client("azure-cli", by_azure_cli.why_not, by_azure_cli.version, _azure_cli),
)
