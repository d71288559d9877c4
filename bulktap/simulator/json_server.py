"""A web server that answers what is no HTTP request, a made-up method for one, in JSON: aiohttp's own would say why.

Such a request never reaches the application, so that no middleware of it can put the answer into other words.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from aiohttp import web
from aiohttp.http_exceptions import BadHttpMethod

from bulktap.simulator.json_errors import error_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

_UNKNOWN_PATH = "/v1.0/"
"""Where a request was to go is not known of one that could not be read; most go to Microsoft Graph."""


class JsonServer(web.Server):
    """Serves what an application's own server does, with other connections."""

    def __init__(
        self, served: web.Server, clock: Callable[[], datetime], headers: Callable[[], dict[str, str]]
    ) -> None:
        """Take what is served.

        Args:
            served: the application's own server.
            clock: tells the service's time.
            headers: returns the headers of every answer.
        """
        super().__init__(served.request_handler, request_factory=served.request_factory)
        self.clock = clock
        self.headers = headers

    def __call__(self) -> web.RequestHandler:
        """Return what takes care of one connection."""
        return _Connection(self)


class _Connection(web.RequestHandler):
    """One connection."""

    __slots__ = ("_server",)

    def __init__(self, server: JsonServer) -> None:
        super().__init__(server, loop=asyncio.get_running_loop())
        self.access_logger = None
        self._server = server

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,
    ) -> web.StreamResponse:
        """Return what is answered where nothing else answers: to what is no request, and after a fault of ours."""
        super().handle_error(request, status, exc, message)  # it writes the log, and ends a connection that has begun
        status = 405 if isinstance(exc, BadHttpMethod) else status
        status, body = error_of(status, request.method, _UNKNOWN_PATH, self._server.clock())
        answer = web.json_response(body, status=status, headers=self._server.headers())
        answer.force_close()
        return answer
