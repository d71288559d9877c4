"""A tenant with one user of each kind, a clock turned by hand, and a client that speaks plain HTTPS."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random
from typing import TYPE_CHECKING, Any

import pytest
import requests

from bulktap.simulator.answers import Caller
from bulktap.simulator.embedded import EmbeddedSimulator
from bulktap.simulator.ledger import Ledger
from bulktap.simulator.limit_profiles import read_profile
from bulktap.simulator.registration import DEFAULT_PERMISSIONS, Registration
from bulktap.simulator.server import SimulatorOptions
from bulktap.simulator.service import Incoming, Latency, Reply, Service
from bulktap.simulator.tenant import Tenant
from bulktap.simulator.tokens import TokenService
from bulktap.simulator.users import User
from bulktap.simulator.weather import Weather

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator

    from bulktap.simulator.pass_policy import PassPolicy

USERS = (
    User("00000000-0000-4000-8000-000000000001", "alex@contoso.com", "Alex"),
    User("00000000-0000-4000-8000-000000000002", "joni@contoso.com", "Joni"),
    User("00000000-0000-4000-8000-000000000003", "lynne.o'neill@contoso.com", "Lynne"),
    User("00000000-0000-4000-8000-000000000004", "adele_fabrikam.com#EXT#@contoso.com", "Adele", external=True),
    User("00000000-0000-4000-8000-000000000005", "$cash@contoso.com", "Cash"),
    User("00000000-0000-4000-8000-000000000006", "grady@contoso.com", "Grady", in_scope=False),
    User("00000000-0000-4000-8000-000000000007", "nestor@contoso.com", "Nestor", protected=True),
    User("00000000-0000-4000-8000-000000000008", "megan@contoso.com", "Megan"),
)


class Hands:
    """A clock that stands still until it is turned."""

    def __init__(self) -> None:
        self.time = datetime(2030, 9, 1, 7, 0, 0, 123456, tzinfo=UTC)

    def __call__(self) -> datetime:
        """Return the time that the hands show."""
        return self.time

    def turn(self, **amount: float) -> None:
        """Move on by a timedelta's arguments."""
        self.time += timedelta(**amount)


@pytest.fixture
def clock() -> Hands:
    """Return a clock at 07:00 on the first day of term."""
    return Hands()


@pytest.fixture
def make_tenant(clock: Hands) -> Callable[..., Tenant]:
    """Return a maker of tenants; keywords change the registration or the policy."""

    def make(policy: PassPolicy | None = None, **changes: Any) -> Tenant:
        registration = Registration(
            **{
                "tenant_id": "7d1c5a9e-3b52-4c68-9f0a-6e2b8d4f1a37",
                "name": "Contoso",
                "client_id": "b2f6c0d4-58e1-4a7b-8c93-0d7e5f2a6b18",
                "client_secret": "pretend",
                "permissions": DEFAULT_PERMISSIONS,
                "operator": "megan@contoso.com",
                **changes,
            }
        )
        return Tenant(registration, USERS, policy=policy, clock=clock, random=Random(1))  # noqa: S311 - pretend passcodes

    return make


@pytest.fixture
def tenant(make_tenant: Callable[..., Tenant]) -> Tenant:
    """Return the plain tenant."""
    return make_tenant()


@dataclass
class Bench:
    """A service without a network, whose sleeping turns the clock."""

    tenant: Tenant
    clock: Hands
    weather: Weather = field(default_factory=Weather)
    limits: str = "none"
    latency: Latency = field(default_factory=Latency)
    sleep: Callable[[float], Awaitable[None]] | None = None
    flushed: int = 0

    def __post_init__(self) -> None:
        self.ledger = Ledger()
        self.tokens = TokenService(self.tenant, batches_per_token=self.weather.token_batches)
        self.service = Service(
            self.tenant,
            self.tokens,
            read_profile(self.limits, "app/tenant"),
            self.weather,
            self.ledger,
            latency=self.latency,
            flush=self._flush,
            sleep=self.sleep or self._sleep,
        )
        self.sign_in()

    def sign_in(self, user: str | None = None) -> None:
        """Get a fresh token, for a person where one is named."""
        registration = self.tenant.registration
        roles = registration.operator_roles if user else frozenset()
        self.token = self.tokens.issue(Caller(registration.client_id, registration.permissions, user, roles))

    def post(self, raw: bytes | dict[str, Any], client_request_id: str = "run-1") -> Reply:
        """Post a batch."""
        payload = raw if isinstance(raw, bytes) else json.dumps(raw).encode()
        return asyncio.run(self.service.batch(payload, self.incoming(client_request_id)))

    def incoming(self, client_request_id: str = "run-1") -> Incoming:
        """Return what comes with a request."""
        return Incoming(f"Bearer {self.token}", client_request_id, lambda: False)

    def steps(self, *steps: dict[str, Any]) -> dict[str, dict[str, Any]]:
        """Post steps and return their answers by id."""
        reply = self.post({"requests": list(steps)})
        assert reply.status == 200
        return {item["id"]: item for item in json.loads(reply.payload)["responses"]}

    def step(self, step: dict[str, Any]) -> dict[str, Any]:
        """Post one step and return its answer."""
        return self.steps(step)[step["id"]]

    async def _sleep(self, seconds: float) -> None:
        self.clock.turn(seconds=seconds)

    def _flush(self) -> None:
        self.flushed += 1


@pytest.fixture
def make_bench(tenant: Tenant, clock: Hands) -> Callable[..., Bench]:
    """Return a maker of services over the plain tenant."""
    return lambda **settings: Bench(settings.pop("tenant", tenant), clock, **settings)


def create(user: str, step_id: str = "1", **order: Any) -> dict[str, Any]:
    """Return a create step."""
    return {
        "id": step_id,
        "method": "POST",
        "url": f"/users/{user}/authentication/temporaryAccessPassMethods",
        "headers": {"Content-Type": "application/json"},
        "body": order,
    }


def listing(user: str, step_id: str = "1") -> dict[str, Any]:
    """Return a list step."""
    url = f"/users/{user}/authentication/temporaryAccessPassMethods"
    return {"id": step_id, "method": "GET", "url": url}


@pytest.fixture(name="create")
def create_step() -> Callable[..., dict[str, Any]]:
    """Return the maker of create steps."""
    return create


@pytest.fixture(name="listing")
def list_step() -> Callable[..., dict[str, Any]]:
    """Return the maker of list steps."""
    return listing


class Browser:
    """A client over real HTTPS that knows nothing but the protocol."""

    def __init__(self, simulator: EmbeddedSimulator, session: requests.Session) -> None:
        self.simulator = simulator
        self.session = session
        url = f"{simulator.authority_url}/{simulator.tenant_id}/oauth2/v2.0/token"
        form = {
            "grant_type": "client_credentials",
            "client_id": simulator.client_id,
            "client_secret": simulator.client_secret,
            "scope": "https://graph.microsoft.com/.default",
        }
        self.token = session.post(url, data=form, timeout=60).json()["access_token"]

    def send(self, method: str, path: str, **arguments: Any) -> requests.Response:
        """Send a request with the token."""
        headers = {"Authorization": f"Bearer {self.token}", **arguments.pop("headers", {})}
        url = f"{self.simulator.graph_url}{path}"
        return self.session.request(method, url, headers=headers, timeout=60, **arguments)

    def batch(self, *steps: dict[str, Any]) -> requests.Response:
        """Post a batch."""
        return self.send("POST", "/v1.0/$batch", json={"requests": list(steps)})


@pytest.fixture
def open_browser() -> Iterator[Callable[..., Browser]]:
    """Return an opener of simulators over HTTPS, each with a signed-in client."""
    opened: list[tuple[EmbeddedSimulator, requests.Session]] = []

    def open_one(tenant: Tenant, **options: Any) -> Browser:
        simulator = EmbeddedSimulator(tenant, SimulatorOptions(**options))
        simulator.__enter__()
        session = requests.Session()
        opened.append((simulator, session))
        # The environment's certificate bundle would win over ours.
        session.trust_env = False
        session.verify = str(simulator.ca_file)
        return Browser(simulator, session)

    yield open_one
    for simulator, session in opened:
        session.close()
        simulator.__exit__(None, None, None)
