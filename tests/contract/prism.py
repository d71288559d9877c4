"""Stoplight's Prism, which reads the same contract: as a service for bulktap's requests, and in front of ours.

Prism knows no `$batch`, so that the steps of a batch are sent to it one by one.
"""

from __future__ import annotations

import json
import socket
from contextlib import contextmanager
from typing import TYPE_CHECKING

import requests
from contract.clients.by_hand import PlainClient
from contract.contract import DOCUMENT, Contract
from contract.exchange import operation_of
from contract.node import command_of, listening
from contract.observed import by_operation

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from contract.exchange import Exchange
    from contract.observed import Column
    from contract.world import World

PACKAGE = "@stoplight/prism-cli"


@contextmanager
def mock() -> Iterator[str]:
    """Yield the address of a service that answers with examples, and refuses what the contract does not have."""
    with _serving("mock") as url:
        yield url


@contextmanager
def proxy(world: World) -> Iterator[str]:
    """Yield the address of a proxy in front of the tenant, which refuses replies that break the contract."""
    with _serving("proxy", world.graph_url, NODE_EXTRA_CA_CERTS=str(world.ca_file)) as url:
        yield url


@contextmanager
def _serving(what: str, *upstream: str, **environment: str) -> Iterator[str]:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    command = [*command_of(PACKAGE, "prism"), what, str(DOCUMENT), *upstream, "--port", str(port), "--errors"]
    with listening(command, "Prism is listening", **environment):
        yield f"http://127.0.0.1:{port}"


def request_faults(url: str, exchanges: Iterable[Exchange]) -> dict[str, list[str]]:
    """Send requests of the contract's operations to the service once more; return what it refuses, by operation."""
    found: dict[str, list[str]] = {}
    with requests.Session() as session:
        session.trust_env = False
        session.headers["Authorization"] = "Bearer any"
        for operation, those in by_operation(exchanges).items():
            if operation in Contract.read().operations:
                # The same request once: there may be thousands of them.
                different = {(one.method, one.url, json.dumps(one.request_body)): one for one in those}
                replies = [
                    session.request(one.method, f"{url}{one.url}", json=one.request_body, timeout=60)
                    for one in different.values()
                ]
                found[operation] = [fault for reply in replies if (fault := _fault(reply)) is not None]
    return found


class WatchedClient(PlainClient):
    """A client that asks by way of the proxy, where that knows what is asked for."""

    def __init__(self, world: World, session: requests.Session, url: str) -> None:
        super().__init__(world, session)
        self._proxy_url = url
        self.faults: dict[str, list[str]] = {}
        """What it says of replies, by operation; of those of which at least one succeeded."""

    def send(self, method: str, url: str, body: object = None, **headers: str) -> requests.Response:
        """See the base class."""
        operation = operation_of(method, url)
        if operation is None or operation not in Contract.read().operations:
            return super().send(method, url, body, **headers)
        reply = self.send_to(f"{self._proxy_url}{url}", method, body, headers)
        fault = _fault(reply)
        if fault is not None or reply.ok:
            self.faults.setdefault(operation, []).extend([fault] if fault else [])
        return reply


def valid(found: dict[str, list[str]]) -> Column:
    """Say which operations Prism finds no fault with."""
    return {operation: "**not valid**" if those else "valid" for operation, those in found.items()}


def _fault(reply: requests.Response) -> str | None:
    told = reply.headers.get("sl-violations") or ("stoplight.io" in reply.text and reply.text)
    return f"{reply.request.method} {reply.request.path_url}: {told}" if told else None
