"""A gateway in front of the pretend tenant that repeats every secret it has seen: in errors, headers and pages.

Services and what stands before them quote requests when something goes wrong. This one quotes the form of the sign-in
(which holds the application's secret or assertion), the `Authorization` header, and passcodes of earlier replies.
"""

from __future__ import annotations

import asyncio
import html
import json
import threading
from typing import TYPE_CHECKING, Any, Final, Self
from urllib.parse import parse_qsl

import aiohttp
from aiohttp import web

from bulktap.simulator.certificate import make_certificate

if TYPE_CHECKING:
    import ssl
    from pathlib import Path
    from types import TracebackType

_SIGN_IN_FAULTS: Final = 2
"""So many first attempts to sign in are answered by an error that passes."""
_EVERY: Final = 9
"""One batch in so many is answered by a page, and not passed on."""
_QUOTED: Final = 3
"""So many of the latest passcodes stand in an error."""
_BAD_REQUEST: Final = 400
_DROPPED: Final = frozenset({"content-length", "transfer-encoding", "content-encoding", "host", "connection"})


class EchoingGateway:
    """The gateway in a thread of its own, as a context manager; it passes on what it does not answer itself."""

    def __init__(self, target: str, trust: ssl.SSLContext, ca_file: Path, *, lets_in: bool = True) -> None:
        """Prepare it.

        Args:
            target: root of the pretend tenant.
            trust: trusts the pretend tenant.
            ca_file: where the gateway's own authority is written.
            lets_in: whether signing in succeeds in the end.
        """
        self._target, self._trust, self._lets_in = target, trust, lets_in
        self._certificate = make_certificate()
        ca_file.write_text(self._certificate.ca_pem, "ascii")
        self.url = ""
        self.tokens: set[str] = set()
        """Every access token that was shown to it."""
        self.passcodes: list[str] = []
        """Every passcode that passed through it."""
        self.forms: set[str] = set()
        """The secrets in the forms of the sign-in."""
        self.echoes = 0
        """How many secrets it has repeated."""
        self._sign_ins = self._batches = 0
        self._listed: list[str] = []
        self._ready = threading.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stop: asyncio.Event | None = None
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve()), name="gateway", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        assert self._ready.wait(30)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._loop is not None
        assert self._stop is not None
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join()

    async def _serve(self) -> None:
        self._loop, self._stop = asyncio.get_running_loop(), asyncio.Event()
        app = web.Application(client_max_size=2**24)
        app.router.add_route("*", "/{tail:.*}", self._answer)
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0, ssl_context=self._certificate.context)
        await site.start()
        self.url = f"https://127.0.0.1:{runner.addresses[0][1]}"
        async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(ssl=self._trust)) as self._session:
            self._ready.set()
            await self._stop.wait()
        await runner.cleanup()

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        body = await request.read()
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        if token:
            self.tokens.add(token)
        if request.path.endswith("/oauth2/v2.0/token"):
            return await self._sign_in(request, body.decode())
        if request.path.endswith("/$batch"):
            return await self._batch(request, json.loads(body), token)
        return await self._passed_on(request, body)

    async def _sign_in(self, request: web.Request, form: str) -> web.StreamResponse:
        fields = dict(parse_qsl(form))
        self.forms |= {fields[name] for name in ("client_secret", "client_assertion") if name in fields}
        self._sign_ins += 1
        self.echoes += 1
        if self._sign_ins == 1:
            return self._page(503, form)
        if self._sign_ins == _SIGN_IN_FAULTS or not self._lets_in:
            passing = self._sign_ins == _SIGN_IN_FAULTS and self._lets_in
            error = "temporarily_unavailable" if passing else "invalid_request"
            told = f"AADSTS{90033 if passing else 9002313}: Malformed: {form} ({' '.join(sorted(self.forms))})"
            answer = {"error": error, "error_description": told, "error_uri": f"https://error?{form}"}
            return web.json_response(answer, status=_BAD_REQUEST, headers={"x-ms-echo": form})
        return await self._passed_on(request, form.encode(), {"x-ms-echo": form})

    async def _batch(self, request: web.Request, envelope: dict[str, Any], token: str) -> web.StreamResponse:
        self._batches += 1
        if self._batches % _EVERY == 0:
            return self._page(502, self._quote(token))
        kept = [step for step in envelope["requests"] if not self._keeps(step)]
        refused = [self._refusal(step["id"], token) for step in envelope["requests"] if self._keeps(step)]
        answers: dict[str, Any] = {"responses": []}
        if kept:
            passed = await self._relayed(request, json.dumps({"requests": kept}).encode())
            if passed.status != web.HTTPOk.status_code:
                return passed
            assert isinstance(passed.body, bytes)
            answers = json.loads(passed.body)
        for one in answers["responses"]:
            found = one.get("body")
            if isinstance(found, dict) and found.get("temporaryAccessPass"):
                self.passcodes.append(found["temporaryAccessPass"])
            one.setdefault("headers", {}).update(self._headers(token))
        answers["responses"] += refused
        return web.json_response(answers, headers=self._headers(token))

    def _keeps(self, step: dict[str, Any]) -> bool:
        """Whether the gateway answers itself: lists of one user, and creates of another."""
        user, _, rest = step["url"].rpartition("/authentication/")
        if not rest.startswith("temporaryAccessPassMethods"):
            return False
        if user not in self._listed:
            self._listed.append(user)
        return user == self._listed[0] or (step["method"] == "POST" and user == self._listed[-1])

    def _refusal(self, step: str, token: str) -> dict[str, Any]:
        told = {
            "request-id": token,
            "client-request-id": self._quote(token),
            "message": f"inside: {self._quote(token)}",
        }
        error = {"code": f"bad {token}", "message": f"Not so: {self._quote(token)}", "innerError": told}
        return {"id": step, "status": _BAD_REQUEST, "headers": self._headers(token), "body": {"error": error}}

    def _quote(self, token: str) -> str:
        self.echoes += 1
        # The token last: it is long, and whoever cuts what is quoted must not thereby pass.
        return f"{' '.join([*sorted(self.forms), *self.passcodes[-_QUOTED:]])} Authorization: Bearer {token}"

    def _headers(self, token: str) -> dict[str, str]:
        return {"x-ms-echo": self._quote(token), "request-id": token, "x-ms-ags-diagnostic": self._quote(token)}

    def _page(self, status: int, told: str) -> web.Response:
        text = f"<html><title>{html.escape(told)}</title><body>{told}</body></html>"
        return web.Response(status=status, text=text, content_type="text/html", headers={"x-ms-echo": told})

    async def _passed_on(
        self, request: web.Request, body: bytes, headers: dict[str, str] | None = None
    ) -> web.StreamResponse:
        answer = await self._relayed(request, body)
        answer.headers.update(headers or {})
        return answer

    async def _relayed(self, request: web.Request, body: bytes) -> web.Response:
        kept = {name: value for name, value in request.headers.items() if name.casefold() not in _DROPPED}
        url = f"{self._target}{request.rel_url}"
        async with self._session.request(request.method, url, data=body, headers=kept) as answer:
            # The discovery document names the tenant's own address, around the gateway.
            told = (await answer.read()).replace(self._target.encode(), self.url.encode())
            back = {name: value for name, value in answer.headers.items() if name.casefold() not in _DROPPED}
            return web.Response(status=answer.status, body=told, headers=back)
