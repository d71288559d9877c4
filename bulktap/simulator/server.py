"""The pretend tenant behind HTTPS on loopback: sign-in, Microsoft Graph, and the truth for tests.

    GET  /{tenant}/v2.0/.well-known/openid-configuration      POST /{tenant}/oauth2/v2.0/token, …/devicecode
    GET  /{tenant}/oauth2/v2.0/authorize                      GET  /{tenant}/discovery/v2.0/keys, …/discovery/instance
    POST /v1.0/$batch                                         any  /v1.0/…
    GET  /subscriptions (Azure's: none)
    GET  /_simulator/truth, /_simulator/statistics            POST /_simulator/somebody-else, …/use (?user=…)

Every answer carries `x-simulated-tenant: true`. The truth holds digests, never a passcode. `somebody-else` may have
`&alike=1`: with the terms of the pass that the user has. So do `…/delete`, another administrator deletes the user's
pass, and `…/register`, the user registers a sign-in method (`&method=`, see `methods`).

What leads nowhere is answered in JSON. With `proxy_port` a proxy on loopback leads the real services' names here.

Creates that land late do so at their moment, whether or not anybody asks. Those still outstanding when the server
stops are not carried out then: they stay in the state file and land, as of their moment, when the tenant is opened
again; without a state file they stay in the truth, under `late`, for good.
"""

from __future__ import annotations

import asyncio
import ipaddress
from dataclasses import dataclass
from email.utils import format_datetime
from typing import TYPE_CHECKING, Any
from weakref import WeakSet

from bulktap.simulator import refusals
from bulktap.simulator.access_passes import SOMEBODY_ELSE, PassOrder
from bulktap.simulator.certificate import make_certificate
from bulktap.simulator.connect_proxy import HOSTS, ConnectProxy
from bulktap.simulator.envelope import read_call
from bulktap.simulator.identity import Identity, IdentityAnswer
from bulktap.simulator.json_errors import errors_in_json
from bulktap.simulator.ledger import Ledger
from bulktap.simulator.limit_profiles import read_profile
from bulktap.simulator.methods import KINDS
from bulktap.simulator.people_sign_in import Landing
from bulktap.simulator.service import Cut, Incoming, Latency, Reply, Service
from bulktap.simulator.signing_key import signing_key
from bulktap.simulator.state_file import StateFile
from bulktap.simulator.tokens import TokenService
from bulktap.simulator.weather import read_weather

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from pathlib import Path

    from aiohttp import web

    from bulktap.simulator.tenant import Tenant
    from bulktap.simulator.users import User

_BATCH_BYTES = 4 * 1024 * 1024
_GOODBYE_SECONDS = 0.5
_SHORTEST_NAP = 0.01


@dataclass(frozen=True, slots=True)
class SimulatorOptions:
    """How the pretend tenant behaves."""

    limits: str = "none"
    """A throttling profile; see `limit_profiles`."""
    weather: str = "fair"
    """A weather; see `weather`."""
    seed: int = 0
    """For the weather, where its text names none."""
    latency: float = 0.0
    """Seconds that a batch takes."""
    call_latency: float = 0.0
    """Seconds that a call on its own takes."""
    token_lifetime: int = 3599
    """Seconds."""
    state_file: Path | None = None
    """Where the tenant's state is kept; None keeps it in memory."""
    device_pending: int = 2
    """How often a device code sign-in has to ask in vain."""
    device_interval: int = 1
    """Seconds between two of its questions."""
    proxy_port: int | None = None
    """Where a proxy leads the real services' names to the simulator, 0 for any free port; None for no proxy."""


class Simulator:
    """One tenant behind one HTTPS server."""

    def __init__(self, tenant: Tenant, options: SimulatorOptions | None = None) -> None:
        """Prepare the server.

        Raises:
            ValueError: the limits or the weather cannot be read.
        """
        options = options or SimulatorOptions()
        registration = tenant.registration
        weather = read_weather(f"{options.weather},seed={options.seed}" if _unseeded(options) else options.weather)
        throttle = read_profile(options.limits, f"{registration.client_id}/{registration.tenant_id}")
        certificate = make_certificate(sorted(HOSTS) if options.proxy_port is not None else ())
        self.tenant = tenant
        self.ledger = Ledger()
        self.tokens = TokenService(tenant, options.token_lifetime, weather.token_batches)
        self.tenant_id = registration.tenant_id
        self.client_id = registration.client_id
        self.client_secret = registration.client_secret
        self.ca_pem = certificate.ca_pem
        self.url = ""
        self.proxy_url = ""
        """The proxy that leads the real services' names here; empty where there is none."""
        self._proxy_port = options.proxy_port
        self._proxy: ConnectProxy | None = None
        self._context = certificate.context
        self._identity = Identity(tenant, self.tokens, options.device_pending, options.device_interval, weather)
        self._state_path = options.state_file
        self._state: StateFile | None = None
        latency = Latency(options.latency, options.call_latency)
        self._service = Service(tenant, self.tokens, throttle, weather, self.ledger, latency=latency, flush=self._flush)
        self._runner: web.AppRunner | None = None
        self._listening: web.ServerRunner | None = None
        self._alarm: asyncio.TimerHandle | None = None
        self._transports: WeakSet[asyncio.Transport] = WeakSet()

    @property
    def graph_url(self) -> str:
        """The root of Microsoft Graph; batches go to `{graph_url}/v1.0/$batch`."""
        return self.url

    @property
    def authority_url(self) -> str:
        """The root of the sign-in; MSAL's authority is `{authority_url}/{tenant_id}`."""
        return self.url

    async def start(self, port: int = 0, host: str = "127.0.0.1") -> None:
        """Listen; port 0 takes a free one.

        Raises:
            ValueError: the host is not loopback (a pretend tenant serves its own machine only), or the state file is
                another tenant's.
            OSError: the port is taken, or the state file cannot be written.
        """
        from aiohttp import web

        from bulktap.simulator.json_server import JsonServer

        if not ipaddress.ip_address(host).is_loopback:
            raise ValueError(f"the simulator listens on loopback only, not on {host}")
        if self._state_path is not None:
            self._state = StateFile(self._state_path, self.tenant)
            self.tenant.on_change = self._state.record
        app = web.Application(
            client_max_size=_BATCH_BYTES, middlewares=[errors_in_json(self.tenant.clock, self._headers)]
        )
        app.on_response_prepare.append(self._remember)
        self._add_routes(app)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=_GOODBYE_SECONDS)
        await self._runner.setup()
        if self._runner.server is None:
            raise RuntimeError("a runner that was set up has its server")
        served = JsonServer(self._runner.server, self.tenant.clock, self._headers)
        self._listening = web.ServerRunner(served, shutdown_timeout=_GOODBYE_SECONDS)
        await self._listening.setup()
        site = web.TCPSite(self._listening, host, port, ssl_context=self._context)
        await site.start()
        bound = self._listening.addresses[0][1]
        self._land()
        self.url = f"https://[{host}]:{bound}" if ":" in host else f"https://{host}:{bound}"
        self.tenant.graph_root = f"{self.url}/v1.0/"
        if self._proxy_port is not None:
            self._proxy = ConnectProxy(bound)
            await self._proxy.start(self._proxy_port)
            self.proxy_url = self._proxy.url

    async def stop(self) -> None:
        """Stop listening; batches that are still being delayed are never carried out.

        Of the late creates, those whose moment has come are carried out; the rest stays, see the module's docstring.
        """
        if self._proxy is not None:
            await self._proxy.stop()
            self._proxy = None
        if self._listening is not None:
            await self._listening.cleanup()
            self._listening = None
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None
            self._service.land_due()
            await self._hang_up()
        if self._alarm is not None:
            self._alarm.cancel()
            self._alarm = None
        if self._state is not None:
            self._state.close()
            self._state = None
        self.tenant.on_change = None

    def truth(self) -> dict[str, Any]:
        """Return what the tenant holds and what happened; digests only."""
        self._land()
        return self.ledger.truth(self.tenant)

    def statistics(self) -> dict[str, Any]:
        """Return the counts since the start."""
        self._land()
        statistics = self.ledger.statistics
        statistics.token_requests = self._identity.token_requests
        statistics.faults.update(self._identity.faults)
        self._identity.faults.clear()
        return self.ledger.counts()

    async def _hang_up(self) -> None:
        # A goodbye over TLS waits for the other side's; an event loop that ends before it leaves the socket open.
        for transport in list(self._transports):
            transport.abort()
        for _ in range(3):
            await asyncio.sleep(0)

    def _land(self) -> None:
        """Carry out the late creates that are due, and wake up for the next one."""
        if self._runner is None:
            return  # a stopped tenant stands still
        if self._service.land_due():
            self._flush()
        seconds = self._service.seconds_to_landing()
        if self._alarm is not None:
            self._alarm.cancel()
            self._alarm = None
        if seconds is not None:
            # A clock turned by hand may not have moved by then; the next request looks again.
            self._alarm = asyncio.get_running_loop().call_later(max(seconds, _SHORTEST_NAP), self._land)

    async def _remember(self, request: web.Request, _response: web.StreamResponse) -> None:
        if request.transport is not None:
            self._transports.add(request.transport)

    def _flush(self) -> None:
        if self._state is not None:
            self._state.flush()

    def _add_routes(self, app: web.Application) -> None:
        router = app.router
        router.add_post("/v1.0/$batch", self._batch)
        router.add_route("*", "/v1.0/$batch", self._no_batch)
        router.add_route("*", "/v1.0/{rest:.*}", self._call)
        router.add_get("/subscriptions", self._tell(lambda: {"value": [], "count": {"type": "Total", "value": 0}}))
        router.add_get("/_simulator/truth", self._tell(self.truth))
        router.add_get("/_simulator/statistics", self._tell(self.statistics))
        router.add_post("/_simulator/{deed:somebody-else|use|delete|register}", self._do)
        router.add_get("/{tenant}/v2.0/.well-known/openid-configuration", self._discovery)
        router.add_get("/{tenant}/discovery/v2.0/keys", self._tell(lambda: signing_key().document()))
        router.add_get("/{tenant}/discovery/instance", self._instance)
        router.add_post("/{tenant}/oauth2/v2.0/{endpoint:token|devicecode}", self._sign_in)
        router.add_get("/{tenant}/oauth2/v2.0/authorize", self._authorize)

    async def _batch(self, request: web.Request) -> web.StreamResponse:
        reply = await self._service.batch(await request.read(), self._incoming(request))
        self._land()
        return await self._send(request, reply)

    async def _no_batch(self, request: web.Request) -> web.StreamResponse:
        reply = await self._service.call(refusals.METHOD_NOT_ALLOWED, self._incoming(request))
        return await self._send(request, reply)

    async def _call(self, request: web.Request) -> web.StreamResponse:
        url = request.raw_path.removeprefix("/v1.0")
        headers = {name.lower(): value for name, value in request.headers.items()}
        step = read_call(request.method, url, headers, await request.read())
        reply = await self._service.call(step, self._incoming(request))
        self._land()
        return await self._send(request, reply)

    def _root(self, request: web.Request) -> str:
        """Return the address that the client knows the server by, without a slash."""
        host = request.host.lower().removesuffix(":443")
        return f"https://{host}" if host in HOSTS else self.url

    async def _discovery(self, request: web.Request) -> web.StreamResponse:
        return self._told(self._identity.discovery(request.match_info["tenant"], self._root(request)))

    async def _instance(self, request: web.Request) -> web.StreamResponse:
        return self._told(self._identity.instance(self._root(request)))

    async def _sign_in(self, request: web.Request) -> web.StreamResponse:
        form = {name: value for name, value in (await request.post()).items() if isinstance(value, str)}
        tenant = request.match_info["tenant"]
        if request.match_info["endpoint"] == "devicecode":
            return self._told(self._identity.device_code(tenant, form))
        endpoint = f"{self._root(request)}/{self.tenant_id}/oauth2/v2.0/token"
        return self._told(self._identity.token(tenant, form, endpoint))

    async def _authorize(self, request: web.Request) -> web.StreamResponse:
        from aiohttp import web

        answer = self._identity.authorize(request.match_info["tenant"], dict(request.query))
        if not isinstance(answer, Landing):
            return self._told(answer)
        if answer.location:
            return web.Response(status=302, headers={**self._headers(), "Location": answer.location})
        return web.Response(text=answer.page, content_type="text/html", headers=self._headers())

    async def _do(self, request: web.Request) -> web.StreamResponse:
        user = self.tenant.find(request.query.get("user", ""))
        if user is None:
            return self._told(IdentityAnswer(404, {"done": False}))
        self._land()
        if request.match_info["deed"] == "somebody-else":
            alike = request.query.get("alike") == "1"
            done = self.tenant.somebody_else_issues(user, self._terms(user), alike=alike) is not None
        else:
            done = self._deed(request, user)
        self._flush()
        return self._told(IdentityAnswer(200, {"done": done}))

    def _deed(self, request: web.Request, user: User) -> bool:
        match request.match_info["deed"]:
            case "register":
                kind = request.query.get("method", "passkey")
                if kind in KINDS:
                    self.tenant.register_method(user, kind)
                return kind in KINDS
            case "delete":
                held = self.tenant.current(user)
                return held is not None and self.tenant.delete(user, held.pass_id, SOMEBODY_ELSE) is None
            case _:
                return self.tenant.use_pass(user)

    def _terms(self, user: User) -> PassOrder:
        current = self.tenant.current(user)
        if current is None:
            return PassOrder()
        starts_at = current.starts_at if current.starts_at > self.tenant.clock() else None
        return PassOrder(starts_at, current.lifetime_minutes, current.usable_once)

    def _tell(self, what: Callable[[], dict[str, Any]]) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
        async def handler(_request: web.Request) -> web.StreamResponse:
            return self._told(IdentityAnswer(200, what()))

        return handler

    def _told(self, answer: IdentityAnswer) -> web.StreamResponse:
        from aiohttp import web

        return web.json_response(answer.body, status=answer.status, headers=self._headers())

    def _headers(self) -> dict[str, str]:
        date = format_datetime(self.tenant.clock(), usegmt=True)
        return {"Date": date, "Cache-Control": "no-cache", "x-simulated-tenant": "true"}

    def _incoming(self, request: web.Request) -> Incoming:
        def hung_up() -> bool:
            return request.transport is None or request.transport.is_closing()

        return Incoming(
            request.headers.get("Authorization"),
            request.headers.get("client-request-id"),
            hung_up,
            request.headers.get("Content-Type"),
            graph_root=f"{self._root(request)}/v1.0/",
        )

    async def _send(self, request: web.Request, reply: Reply) -> web.StreamResponse:
        from aiohttp import web

        if reply.cut is Cut.BEFORE_ANSWER:
            if request.transport is not None:
                request.transport.abort()
            return web.Response()  # goes nowhere: the connection is gone
        graphs = {"x-ms-ags-diagnostic": '{"ServerInfo":{"DataCenter":"Simulated"}}'} if not reply.foreign else {}
        headers = {**self._headers(), **graphs, **reply.headers}
        if reply.cut is Cut.NOWHERE:
            return web.Response(status=reply.status, headers=headers, body=reply.payload)
        broken = web.StreamResponse(status=reply.status, headers={**headers, "Content-Length": str(len(reply.payload))})
        await broken.prepare(request)
        await broken.write(reply.payload[: len(reply.payload) // 2])
        if request.transport is not None:
            request.transport.close()
        return broken


def _unseeded(options: SimulatorOptions) -> bool:
    return "seed=" not in options.weather
