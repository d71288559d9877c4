"""Talks with a client of Microsoft Graph, each with a client of its own."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

from bulktap.graph.batch import BatchStep
from bulktap.graph.client import BatchReply, GraphClient
from bulktap.model.secret import Secret
from bulktap.settings.environment import network

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from pathlib import Path

STEPS: Final = [BatchStep("1", "POST", "/users/ada@contoso.com/authentication/temporaryAccessPassMethods", {})]
TOKEN: Final = Secret("pretend-token")


def talk(
    conversation: Callable[[GraphClient], Awaitable[None]],
    url: str,
    ca_bundle: Path,
    reply_timeout: float = 60.0,
    connect_timeout: float = 60.0,
    monotonic: Callable[[], float] | None = None,
) -> None:
    """Run a conversation with a client of its own."""

    async def run() -> None:
        clock = monotonic or asyncio.get_running_loop().time
        async with GraphClient(
            url,
            network=network(ca_bundle),
            reply_timeout=reply_timeout,
            connect_timeout=connect_timeout,
            monotonic=clock,
        ) as client:
            await conversation(client)

    asyncio.run(run())


def post(url: str, ca_bundle: Path, reply_timeout: float = 60.0, connect_timeout: float = 60.0) -> BatchReply:
    """Post one batch with a client of its own."""
    replies: list[BatchReply] = []

    async def once(client: GraphClient) -> None:
        replies.append(await client.post_batch(STEPS, TOKEN, "request-1", creates=True))

    talk(once, url, ca_bundle, reply_timeout, connect_timeout)
    return replies[0]
