"""Access: the way into one tenant: where it is, and tokens for it."""

from __future__ import annotations

import random
import uuid
from dataclasses import dataclass
from ipaddress import ip_address
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from bulktap.clock import SystemClock
from bulktap.dispatch.sending import Sender
from bulktap.dispatch.service_clock import ServiceClock
from bulktap.graph.auth import ClientSecretCredentials, Endpoints, TokenSource
from bulktap.graph.client import GraphClient
from bulktap.graph.clouds import Cloud, default_scope
from bulktap.graph.pacing import PacingLimits
from bulktap.graph.trust import require_https

if TYPE_CHECKING:
    from pathlib import Path

    from bulktap.dispatch.observer import Observer
    from bulktap.pipeline.run_settings import AccessSettings, SendingSettings


@dataclass(frozen=True, slots=True)
class Access:
    """One tenant and how to reach it."""

    named: str
    """The tenant as the settings name it: by its id or a domain of it."""
    cloud: str
    simulated: bool
    graph_url: str
    ca_bundle: Path | None
    tokens: TokenSource
    service_clock: ServiceClock
    """What time it is at the service; the look-ups teach it, the creates rely on it."""
    rehearsal: bool = False
    """Whether it is the pretend tenant in the run's own folder; one at a loopback address is simulated, but is not."""

    @property
    def tenant_id(self) -> str:
        """The tenant's id; where it is named by a domain, the sign-in service is asked for it.

        Raises:
            SignInFailed: it does not answer, or knows no such tenant.
        """
        return self.tokens.tenant_id()

    def leads_to(self, tenant_id: str) -> bool:
        """Whether this is the way into the tenant that a plan or a journal is bound to.

        Earlier versions bound them to the tenant as it was named, so that one named by a domain goes by that.

        Raises:
            SignInFailed: as for `tenant_id`.
        """
        return tenant_id.casefold() in {self.tenant_id.casefold(), self.named.casefold()}

    def client(self, sending: SendingSettings) -> GraphClient:
        """Return a client for one event loop."""
        return GraphClient(self.graph_url, ca_bundle=self.ca_bundle, reply_timeout=sending.reply_timeout)


def open_access(settings: AccessSettings) -> Access:
    """Return the way into the tenant that the settings name; nothing is sent yet.

    Raises:
        UsageError: an address is not https.
    """
    cloud = next((known for known in Cloud if known.graph_root == settings.graph_url), None)
    if settings.graph_url is None:
        cloud = Cloud.GLOBAL
    graph_url = settings.graph_url or Cloud.GLOBAL.graph_root
    require_https(graph_url, "address of Microsoft Graph")
    authority_url = settings.authority_url or (cloud or Cloud.GLOBAL).authority
    endpoints = Endpoints(graph_url, authority_url, default_scope(graph_url), settings.ca_bundle)
    credentials = ClientSecretCredentials(settings.tenant_id, settings.client_id, settings.client_secret)
    return Access(
        named=settings.tenant_id,
        cloud=cloud.value if cloud else "custom",
        simulated=settings.simulated or is_loopback(graph_url),
        graph_url=graph_url,
        ca_bundle=settings.ca_bundle,
        tokens=TokenSource(credentials, endpoints),
        service_clock=ServiceClock(SystemClock()),
        rehearsal=settings.simulated,
    )


def is_loopback(url: str) -> bool:
    """Whether the address is on this machine: a real Microsoft Graph never is, a pretend one always."""
    host = urlsplit(url).hostname or ""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def make_sender(access: Access, client: GraphClient, service_clock: ServiceClock, observer: Observer) -> Sender:
    """Return a sender over this client, with a fresh `client-request-id` for every batch."""
    return Sender(client, access.tokens, service_clock, observer, lambda: str(uuid.uuid4()))


def pacing_limits(sending: SendingSettings) -> PacingLimits:
    """Return the operator's ceilings."""
    return PacingLimits(concurrency=sending.concurrency, max_rate=sending.max_rate)


def jitter() -> float:
    """Return a number in [0, 1) that spreads retries."""
    return random.SystemRandom().random()
