"""Prism, which shares no line with the check in Python, finds no fault either."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from contract import node, prism, report
from contract.clients.by_hand import PlainClient
from contract.world import PUPILS, open_world

if TYPE_CHECKING:
    from collections.abc import Sequence

    from contract.exchange import Exchange

_REASON = node.why_not(prism.PACKAGE)
pytestmark = [pytest.mark.long, pytest.mark.skipif(_REASON is not None, reason=str(_REASON))]
_PASSES = f"/users/{PUPILS[0]}/authentication/temporaryAccessPassMethods"


def test_prism_finds_no_fault(of_bulktap: Sequence[Exchange]) -> None:
    """Neither in bulktap's requests nor in the pretend tenant's replies."""
    requests, replies = report.by_prism(of_bulktap)

    assert [fault for those in (*requests.values(), *replies.values()) for fault in those] == []
    columns = report.Parity.committed().columns
    assert prism.valid(requests) == columns["prism requests"]
    assert prism.valid(replies) == columns["prism replies"]


def test_prism_would_find_a_fault_in_a_request(of_bulktap: Sequence[Exchange]) -> None:
    """A lifetime that no policy can allow, in a create of bulktap's own."""
    create = next(one for one in of_bulktap if one.method == "POST" and one.in_batch)
    with prism.mock() as url:
        found = prism.request_faults(url, [replace(create, request_body={"lifetimeInMinutes": 5})])

    assert "lifetimeInMinutes" in found[create.operation][0]


def test_prism_would_find_a_fault_in_a_reply() -> None:
    """A pass whose usability is told in words, though it is a truth value."""
    with open_world() as world, world.session() as session, prism.proxy(world) as url:
        PlainClient(world, session).send("POST", _PASSES, {})
        world.recorder.rewrite = lambda raw: raw.replace(b'"isUsable":true', b'"isUsable":"yes"')
        client = prism.WatchedClient(world, session, url)
        client.send("GET", _PASSES)

    (found,) = client.faults["GET /users/{}/authentication/temporaryAccessPassMethods"]
    assert "isUsable" in found
