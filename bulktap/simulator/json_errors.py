"""What the server says to requests that lead to none of its services: in JSON, as Microsoft's do, never as a page."""

from __future__ import annotations

import re
import uuid
from typing import TYPE_CHECKING, Any

from bulktap.simulator import refusals
from bulktap.simulator.refusals import Refusal
from bulktap.simulator.sign_in_errors import SignInError

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from aiohttp import web
    from aiohttp.typedefs import Handler, Middleware

_SIGN_IN = re.compile(r"/[^/]+/(oauth2|discovery|v2\.0)\b", re.IGNORECASE)
_VERSION = "v1.0"
_LONGEST = Refusal(413, "RequestEntityTooLarge", "The request body is too large.")


def errors_in_json(clock: Callable[[], datetime], headers: Callable[[], dict[str, str]]) -> Middleware:
    """Return what puts JSON in the place of a web server's own pages.

    Args:
        clock: tells the service's time.
        headers: returns the headers of every answer.
    """
    from aiohttp import web

    @web.middleware
    async def in_json(request: web.Request, handler: Handler) -> web.StreamResponse:
        try:
            return await handler(request)
        except web.HTTPException as page:
            status, body = error_of(page.status, request.method, request.path, clock())
            return web.json_response(body, status=status, headers=headers())

    return in_json


def error_of(status: int, method: str, path: str, now: datetime) -> tuple[int, dict[str, Any]]:
    """Return the status and the JSON that a client gets in place of a web server's page.

    Args:
        status: what the web server would answer.
        method: of the request.
        path: what was asked for.
        now: the service's time.
    """
    if _SIGN_IN.match(path):
        error = _sign_in_error(status, method)
        return error.status, error.body(now)
    request_id = str(uuid.uuid4())
    refusal = _refusal(status, path)
    return refusal.status, refusal.body(now, request_id, request_id)


def _sign_in_error(status: int, method: str) -> SignInError:
    if status == 405:
        words = f"The endpoint only accepts POST requests. Received a {method} request."
        return SignInError(405, "invalid_request", 900561, words)
    return SignInError(status, "invalid_request", 9002313, "Invalid request. Request is malformed or invalid.")


def _refusal(status: int, path: str) -> Refusal:
    if status >= 500:
        return Refusal(status, "InternalServerError", "The service could not answer the request.")
    if status == 400:
        return Refusal(400, "BadRequest", "The request could not be read.")
    if status == 413:
        return _LONGEST
    if status == 405:
        return refusals.METHOD_NOT_ALLOWED
    version = path.removeprefix("/").partition("/")[0]
    if version.lower() != _VERSION:
        return Refusal(400, "BadRequest", f"Invalid version: {version}")
    return refusals.unknown_segment("")
