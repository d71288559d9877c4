"""The proxy that leads the real services' names to the simulator, with MSAL and requests as they are anywhere."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import msal
import pytest
import requests

from bulktap.simulator.connect_proxy import HOSTS
from bulktap.simulator.embedded import EmbeddedSimulator
from bulktap.simulator.server import SimulatorOptions

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bulktap.simulator.tenant import Tenant


@pytest.fixture
def proxied(tenant: Tenant) -> Iterator[EmbeddedSimulator]:
    """Return a simulator with its proxy."""
    with EmbeddedSimulator(tenant, SimulatorOptions(proxy_port=0)) as simulator:
        yield simulator


@pytest.fixture
def session(proxied: EmbeddedSimulator) -> Iterator[requests.Session]:
    """Return what sends everything through the proxy, and trusts the simulator's authority only."""
    with requests.Session() as session:
        session.trust_env = False
        session.proxies = {"http": proxied.proxy_url, "https": proxied.proxy_url}
        session.verify = str(proxied.ca_file)
        yield session


def _token(proxied: EmbeddedSimulator, session: requests.Session) -> str:
    application = msal.ConfidentialClientApplication(
        proxied.client_id,
        client_credential=proxied.client_secret,
        authority=f"https://login.microsoftonline.com/{proxied.tenant_id}",
        instance_discovery=False,
        http_client=session,
    )
    found: dict[str, Any] = application.acquire_token_for_client(["https://graph.microsoft.com/.default"])
    return str(found["access_token"])


def test_programs_that_know_the_real_names_only_work_with_the_pretend_tenant(
    proxied: EmbeddedSimulator, session: requests.Session
) -> None:
    """Signing in, listing page by page and issuing: no link leads away from the names that the client knows."""
    headers = {"Authorization": f"Bearer {_token(proxied, session)}"}
    url, seen = "https://graph.microsoft.com/v1.0/users?$select=id&$top=3", []
    while url:
        answer = session.get(url, headers=headers, timeout=30)
        assert answer.headers["x-simulated-tenant"] == "true"
        page = answer.json()
        assert page["@odata.context"].startswith("https://graph.microsoft.com/v1.0/$metadata#users")
        seen += [user["id"] for user in page["value"]]
        url = page.get("@odata.nextLink", "")
        assert urlsplit(url).netloc in {"", "graph.microsoft.com"}
    created = session.post(
        f"https://graph.microsoft.com/v1.0/users/{seen[0]}/authentication/temporaryAccessPassMethods",
        headers=headers,
        json={},
        timeout=30,
    )

    assert seen == list(proxied.tenant.users)
    assert created.status_code == 201
    discovery = session.get(
        f"https://login.microsoftonline.com/{proxied.tenant_id}/v2.0/.well-known/openid-configuration", timeout=30
    ).json()
    assert discovery["token_endpoint"].startswith("https://login.microsoftonline.com/")


@pytest.mark.parametrize("host", sorted(HOSTS))
def test_every_name_has_its_certificate(session: requests.Session, host: str) -> None:
    """Those of the national clouds too; strict clients accept it."""
    answer = session.get(f"https://{host}/v1.0/organization", timeout=30)
    assert answer.headers["x-simulated-tenant"] == "true"
    assert answer.json()["error"]["code"] == "InvalidAuthenticationToken"


def test_azure_has_no_subscriptions(session: requests.Session) -> None:
    """What `az login --allow-no-subscriptions` asks for before it is content with a tenant."""
    answer = session.get("https://management.azure.com/subscriptions?api-version=2022-12-01", timeout=30)
    assert answer.json()["value"] == []


@pytest.mark.parametrize(
    ("target", "status"),
    [
        ("example.com:443", 403),
        ("graph.microsoft.com:80", 403),
        ("graph.microsoft.com.example.com:443", 403),
        ("127.0.0.1:22", 403),
        ("[::1]:443", 403),
        ("graph.microsoft.com", 403),
        ("", 403),
        ("GRAPH.MICROSOFT.COM:443", 200),
    ],
)
def test_nothing_else_is_connected_to(proxied: EmbeddedSimulator, target: str, status: int) -> None:
    """Neither on this computer nor outside of it."""
    assert _asked(proxied, f"CONNECT {target} HTTP/1.1\r\nHost: {target}\r\n\r\n").startswith(f"HTTP/1.1 {status} ")


@pytest.mark.parametrize("line", ["GET http://graph.microsoft.com/ HTTP/1.1", "POST / HTTP/1.1", "nonsense"])
def test_the_proxy_knows_tunnels_only(proxied: EmbeddedSimulator, line: str) -> None:
    """A request in clear is answered 405, and goes nowhere."""
    assert _asked(proxied, f"{line}\r\n\r\n").startswith("HTTP/1.1 405 ")


def test_the_simulators_own_address_is_reached_through_the_proxy_too(
    proxied: EmbeddedSimulator, session: requests.Session
) -> None:
    """By a client that sends everything to its proxy."""
    assert session.get(f"{proxied.url}/_simulator/statistics", timeout=30).status_code == 200


def _asked(proxied: EmbeddedSimulator, head: str) -> str:
    parts = urlsplit(proxied.proxy_url)
    with socket.create_connection((str(parts.hostname), int(parts.port or 0)), timeout=30) as connection:
        connection.sendall(head.encode())
        return connection.recv(4096).decode("latin-1")
