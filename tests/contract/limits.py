"""The headers by which Microsoft Graph tells of its limits, near them and beyond them."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from contract.clients.by_hand import ADVANCED, POLICY, POLICY_TYPE, READS, ROOT_POLICY, PlainClient, create_step
from contract.observed import by_operation
from contract.world import PUPILS, open_world

if TYPE_CHECKING:
    from collections.abc import Sequence

    from contract.exchange import Exchange
    from contract.observed import Column

TOLD = {"units": "x-ms-resource-unit", "use": "x-ms-throttle-limit-percentage"}
THROTTLED = {"wait": "retry-after", "scope": "x-ms-throttle-scope", "information": "x-ms-throttle-information"}
WORDINGS = {
    ("TooManyRequests", "Too many requests."): "microsoft-graph-docs-contrib issue 1975",
    ("TooManyRequests", "Please retry again later."): "microsoft-graph-docs, throttling.md",
    (
        "TooManyRequests",
        "Too many requests from Identifier:{id} under category:aadgraph.app.tenant_large. Please try again later.",
    ): "AADAppAudit issue 9",
    ("UnknownError", ""): "Microsoft's blog Deva, Graph and Outlook REST API throttling best practices",
}
"""Code and message of every 429 that was seen, and where; only the status is the same in all of them."""
_UNITS_IN_ALL = 400
_BATCH = 20
_PASSES = f"/users/{PUPILS[0]}/authentication/temporaryAccessPassMethods"


def _stopped() -> datetime:
    """Return the same time for ever, so that no bucket fills again."""
    return datetime(2030, 9, 2, 7, 0, tzinfo=UTC)


def approach() -> list[Exchange]:
    """Ask for everything with the quota nearly used up and once more when it is; return both rounds."""
    # The documented limits of a large tenant, so much smaller that a few hundred requests get there.
    with open_world(f"directory,x{_UNITS_IN_ALL / 8000}", clock=_stopped) as world, world.session() as session:
        client = PlainClient(world, session)
        used = 0
        while used <= 0.8 * _UNITS_IN_ALL:
            client.batch(*[{"method": "GET", "url": "/organization"}] * _BATCH)
            used += _BATCH
        before = len(world.recorder.exchanges)
        _ask_for_everything(client)
        near = len(world.recorder.exchanges)
        for _ in range(_UNITS_IN_ALL // _BATCH):
            client.batch(*[{"method": "GET", "url": "/users"}] * _BATCH)
        beyond = len(world.recorder.exchanges)
        _ask_for_everything(client)
        return world.recorder.exchanges[before:near] + world.recorder.exchanges[beyond:]


def _ask_for_everything(client: PlainClient) -> None:
    organization = client.send("GET", "/organization").json()
    for url in (*READS, f"/organization/{organization.get('value', [{}])[0].get('id')}"):
        client.send("GET", url, **ADVANCED)
    created = client.send("POST", _PASSES, {}).json()
    one = f"{_PASSES}/{created.get('id', 'none')}"
    client.send("GET", one)
    client.send("DELETE", one)
    client.batch({"method": "GET", "url": _PASSES}, create_step(PUPILS[1]))
    client.send("PATCH", ROOT_POLICY, {"reconfirmationInDays": 30})
    client.send("PATCH", POLICY, {"@odata.type": POLICY_TYPE, "maximumLifetimeInMinutes": 600})
    client.send("DELETE", POLICY)


def wordings(exchanges: Sequence[Exchange]) -> set[tuple[str, str]]:
    """Return code and message of every answer that throttles, without the application's id."""
    told = [one.reply_body["error"] for one in exchanges if one.status == 429 and isinstance(one.reply_body, dict)]
    return {(error["code"], re.sub(r"[0-9a-f-]{36}", "{id}", error["message"])) for error in told}


def limit_headers(exchanges: Sequence[Exchange]) -> Column:
    """Say which of the headers an operation's replies had."""
    found = {}
    for operation, those in by_operation(exchanges).items():
        admitted = [one.reply_headers for one in those if one.status < 400]
        throttled = [one.reply_headers for one in those if one.status == 429]
        told = [word for word, name in TOLD.items() if any(name in headers for headers in admitted)]
        if throttled:
            words = [word for word, name in THROTTLED.items() if all(name in headers for headers in throttled)]
            told.append(f"429: {', '.join(words)}")
        if told:
            found[operation] = ", ".join(told)
    return found
