"""Look-ups over real HTTPS to what is not Microsoft Graph, or cannot be reached; waiting goes by quickly."""

from __future__ import annotations

import asyncio
import json
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest
from hurried_clock import HurriedClock
from scripted.stand_ins import Listener

from bulktap.cli.setting_options import with_options
from bulktap.dispatch.dependencies import ReadTools
from bulktap.dispatch.look_ups import look_up
from bulktap.dispatch.sender import Sender
from bulktap.dispatch.service_clock import ServiceClock
from bulktap.graph.client import GraphClient
from bulktap.graph.pacing import PacingLimits
from bulktap.model.errors import ServiceUnreachable
from bulktap.model.passes import UserRef
from bulktap.model.secret import Secret
from bulktap.settings.environment import network

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Behaviour, Certificate, SeenRequest, Service, Wrong


def ask(url: str, bundle: Path, users: int = 3) -> SimpleNamespace:
    """Look users up; return what was found, or the failure, with what was heard meanwhile."""
    clock, listener = HurriedClock(), Listener()
    tokens = SimpleNamespace(token=lambda: Secret("pretend-token"), refreshed=lambda _claims: Secret("pretend-token-2"))
    outcome = SimpleNamespace(listener=listener, failure=None, found=None, seconds=0.0)

    async def work() -> None:
        async with GraphClient(url, network=network(bundle), reply_timeout=5.0) as client:
            service_clock = ServiceClock(clock)
            sender = Sender(client, tokens, service_clock, listener, lambda: "ours")
            tools = ReadTools(sender, clock, service_clock, listener, PacingLimits(), lambda: 0.5)
            refs = [UserRef(f"user{number}@contoso.com") for number in range(1, users + 1)]
            outcome.found = await look_up(refs, tools, {ref.folded: number for number, ref in enumerate(refs, 2)})

    try:
        asyncio.run(work())
    except ServiceUnreachable as failure:
        outcome.failure = failure
    outcome.seconds = clock.monotonic()
    return outcome


def graph(service: Service, *, as_text: bool = False) -> Behaviour:
    """Answer look-ups like Microsoft Graph, on request with statuses as text."""

    def item(step: dict[str, str]) -> dict[str, object]:
        number = step["url"].partition("user")[2].partition("user")[2].partition("@")[0] or "1"
        body: dict[str, object] = {"id": f"id-{number}", "displayName": "Ada", "value": []}
        if "Policies" in step["url"] or "policies" in step["url"]:
            body = {"state": "enabled"}
        return {"id": step["id"], "status": "200" if as_text else 200, "body": body}

    async def behave(request: SeenRequest, writer: asyncio.StreamWriter) -> None:
        items = [item(step) for step in json.loads(request.body)["requests"]]
        await service.reply(200, {"responses": items}, {"request-id": "theirs"})(request, writer)

    return behave


@pytest.mark.long
@pytest.mark.parametrize(
    ("wrong_way", "words", "setting"),
    [
        ("untrusted", "not trusted", "BULKTAP_CA_BUNDLE"),
        ("expired", "expired", "clock"),
        ("other host", "another host name", "BULKTAP_GRAPH_URL"),
        ("closed port", "port closed", "BULKTAP_GRAPH_URL"),
        ("no such name", "name cannot be resolved", "DNS"),
        ("no TLS", "TLS failed", "BULKTAP_GRAPH_URL"),
        ("proxy wants a password", "HTTP 407", "HTTPS_PROXY"),
        ("proxy closed", "proxy", "HTTPS_PROXY"),
        ("login page", "HTTP 200, a web page", "HTTPS_PROXY"),
        ("blocked", "HTTP 403 without a Graph error", "firewall"),
        ("redirect", "HTTP 302, a redirect", "BULKTAP_GRAPH_URL"),
    ],
    indirect=["wrong_way"],
)
def test_the_true_cause_is_said_within_a_minute(wrong_way: Wrong, words: str, setting: str) -> None:
    """With exit code 7, the address, and the setting that helps; never as a permission or a quota."""
    outcome = ask(wrong_way.url, wrong_way.bundle)
    assert outcome.failure is not None
    assert outcome.seconds < 60
    assert outcome.failure.exit_code == 7
    assert words in outcome.failure.message
    assert wrong_way.url.removeprefix("https://") in outcome.failure.message
    assert setting in with_options(outcome.failure.hint)
    told = outcome.failure.message + outcome.failure.hint
    assert not any(wrong in told for wrong in ("quota", "Grant", "permission", "pretend-token"))
    assert any(words in str(event.get("cause")) for event in outcome.listener.events)


@pytest.mark.parametrize("as_text", [False, True])
def test_statuses_as_text_are_understood(service: Service, certificate: Certificate, as_text: bool) -> None:
    """Plain digits are the number."""
    service.behave(graph(service, as_text=as_text))
    outcome = ask(service.url, certificate.bundle)
    assert outcome.failure is None
    assert outcome.found.policy is not None
    assert all(finding.listed_at for finding in outcome.found.users.values())


def test_statuses_that_are_none_are_said_within_a_minute(service: Service, certificate: Certificate) -> None:
    """What answers so is no Microsoft Graph."""
    service.behave(service.reply(200, {"responses": [{"id": "1", "status": "OK"}, {"id": "2", "status": "OK"}]}))
    outcome = ask(service.url, certificate.bundle)
    assert outcome.seconds < 60
    assert "none of the answers" in outcome.failure.message
    assert "BULKTAP_GRAPH_URL" in with_options(outcome.failure.hint)


@pytest.mark.long
@pytest.mark.parametrize("trouble", ["reset", 500, 502, 503, 408])
def test_what_passes_is_waited_for_and_told(service: Service, certificate: Certificate, trouble: str | int) -> None:
    """Some attempts come to nothing; then all users are looked up."""
    broken = service.reset() if trouble == "reset" else service.reply(int(trouble), {})
    service.behave(*[broken] * 7, graph(service))
    outcome = ask(service.url, certificate.bundle)
    assert outcome.failure is None
    assert all(finding.listed_at for finding in outcome.found.users.values())
    words = "connection lost" if trouble == "reset" else f"HTTP {trouble}"
    assert len([warning for warning in outcome.listener.warnings if words in warning]) == 1


def test_both_request_ids_are_in_the_log(service: Service, certificate: Certificate) -> None:
    """With status and time, for a case with Microsoft's support."""
    service.behave(graph(service))
    outcome = ask(service.url, certificate.bundle)
    batches = [event for event in outcome.listener.events if event["event"] == "batch"]
    assert batches
    assert all(
        (one["request_id"], one["client_request_id"], one["status"]) == ("theirs", "ours", 200) for one in batches
    )
    assert all(one["seconds"] >= 0 for one in batches)
