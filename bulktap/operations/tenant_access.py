"""TenantAccess: the way into one tenant: where it is, and tokens for it."""

from __future__ import annotations

import asyncio
import random
import uuid
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from bulktap.dispatch.sender import Sender
from bulktap.dispatch.service_clock import ServiceClock
from bulktap.graph.client import GraphClient
from bulktap.graph.clouds import default_scope, endpoints_for
from bulktap.graph.pacing import PacingLimits
from bulktap.graph.sign_in import ManagedIdentityCredentials, SignInEndpoint, TokenSource
from bulktap.graph.sign_in.claims import claims_of, told_tenant
from bulktap.graph.sign_in.credentials import who_signs_in
from bulktap.graph.trust import is_loopback_url
from bulktap.model.clock import SystemClock
from bulktap.model.errors import Interrupted, UsageError
from bulktap.model.passes import is_guid
from bulktap.model.plan import TenantInfo
from bulktap.model.setting_names import Setting

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from bulktap.dispatch.observer import Observer
    from bulktap.graph.trust import Network
    from bulktap.operations.run_settings import AccessSettings, SendingSettings

_Answer = TypeVar("_Answer")
BEGIN_AGAIN = "To begin again, run the same command."


@dataclass(frozen=True, slots=True)
class TenantAccess:
    """One tenant and how to reach it."""

    named: str
    """The tenant as the settings name it: by its id or a domain of it."""
    cloud: str
    simulated: bool
    graph_url: str
    network: Network
    tokens: TokenSource
    service_clock: ServiceClock
    """What time it is at the service; the look-ups teach it, the creates rely on it."""
    rehearsal: bool = False
    """Whether it is the pretend tenant in the run's own folder; one at a loopback address is simulated, but is not."""
    app_id: str = ""
    """The app that signs in."""
    notes: tuple[str, ...] = ()
    """What is to be said about how one signs in."""

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

    def sign_in(self, tell: Callable[[str], None], say: Callable[[str], None]) -> None:
        """Sign in at the start of a command, patiently, to the tenant that the settings name; blocks.

        Args:
            tell: hears why it takes long, and what a person is to do.
            say: hears how one signs in.

        Raises:
            SignInFailed: as for `tenant_id`.
            UsageError: the token is for another tenant.
        """
        self.tokens.sign_in(tell)
        self.require_own_token()
        self.introduce(say)

    def sign_in_person(self, tell: Callable[[str], None], say: Callable[[str], None]) -> None:
        """Sign in before a run goes on, if a person does; a run waits for an app's token with its own patience.

        Raises:
            SignInFailed: as for `tenant_id`.
        """
        if self.tokens.credentials.way.by_person:
            self.tokens.sign_in(tell)
        self.introduce(say)

    def introduce(self, say: Callable[[str], None]) -> None:
        """Say how one signs in, unless it is a rehearsal."""
        if not self.rehearsal:
            say(f"Signing in as {self.way}.")
            for note in self.notes:
                say(f"Note: {note}")

    @property
    def way(self) -> str:
        """How one signs in, for the screen: `app 1234, with a certificate`; name it every time.

        People leave a secret and a certificate side by side, and an app registration of last year.
        """
        credentials = self.tokens.credentials
        if isinstance(credentials, ManagedIdentityCredentials):
            return who_signs_in(credentials)
        person = f", as {self.tokens.person}" if self.tokens.person else ""
        return f"{who_signs_in(credentials)}, with {credentials.way.label}{person}"

    def require_own_token(self) -> None:
        """Make sure that tokens are for the tenant that the settings name; blocks.

        Raises:
            SignInFailed: as for `tenant_id`.
            UsageError: the token is for another tenant.
        """
        issued_for = told_tenant(self.tokens.token())
        named = self.tenant_id
        if issued_for and is_guid(named) and issued_for.casefold() != named.casefold():
            raise UsageError(
                f"The settings name tenant {named}, and signing in gave a token for tenant {issued_for}.",
                hint=f"Set {Setting.TENANT} to the id or a domain of the tenant that is meant.",
            )

    @property
    def own_account(self) -> str:
        """The object id of the account that has signed in, in small letters; an app's is no user's. Empty: not told."""
        told = claims_of(self.tokens.token()).get("oid")
        return told.casefold() if isinstance(told, str) else ""

    def info(self, name: str | None = None) -> TenantInfo:
        """Return what a plan keeps of the tenant; the sign-in service is asked for its id where that is not known.

        Raises:
            SignInFailed: as for `tenant_id`.
        """
        return TenantInfo(self.tenant_id, name, self.cloud, self.simulated, rehearsal=self.rehearsal)

    def client(self, sending: SendingSettings) -> GraphClient:
        """Return a client for one event loop."""
        return GraphClient(self.graph_url, network=self.network, reply_timeout=sending.reply_timeout)


def open_access(settings: AccessSettings) -> TenantAccess:
    """Return the way into the tenant that the settings name; nothing is sent yet.

    Raises:
        UsageError: an address cannot be used, or the two belong to different clouds.
    """
    found = endpoints_for(settings.graph_url, settings.authority_url, settings.cloud)
    scope = default_scope(found.graph_url)
    endpoint = SignInEndpoint(found.authority_url, scope, settings.network)
    credentials = settings.credentials
    return TenantAccess(
        named=credentials.tenant_id,
        cloud=found.cloud.value if found.cloud else "custom",
        simulated=settings.simulated or is_loopback_url(found.graph_url),
        graph_url=found.graph_url,
        network=settings.network,
        tokens=TokenSource(credentials, endpoint),
        service_clock=ServiceClock(SystemClock()),
        rehearsal=settings.simulated,
        app_id=credentials.client_id,
        notes=settings.notes,
    )


def make_sender(access: TenantAccess, client: GraphClient, service_clock: ServiceClock, observer: Observer) -> Sender:
    """Return a sender over this client, with a fresh `client-request-id` for every batch."""
    return Sender(client, access.tokens, service_clock, observer, lambda: str(uuid.uuid4()))


def run_to_end(
    work: Coroutine[object, object, _Answer], stoppable: Callable[[Callable[[], object]], object]
) -> _Answer:
    """Do work that asks the tenant and changes nothing, on an event loop of its own.

    Args:
        work: what is done.
        stoppable: is handed what ends it at once, from any thread.

    Raises:
        Interrupted: it was ended so.
    """
    # `asyncio.run` makes a text of all that its coroutine returns as it looks for its handler of Ctrl-C (Python 3.11:
    # `signal.getsignal` raises and catches a ValueError that quotes it): of 100,000 people that would be 50 MB.
    answers: list[_Answer] = []

    async def watched() -> None:
        task = asyncio.ensure_future(work)
        stoppable(partial(asyncio.get_running_loop().call_soon_threadsafe, task.cancel))
        try:
            answers.append(await task)
        except asyncio.CancelledError:
            this = asyncio.current_task()
            if this is not None and this.cancelling():
                raise  # Ctrl-C, for which asyncio.run has its own answer
            raise Interrupted("Stopped before anything was sent.", hint=BEGIN_AGAIN) from None

    try:
        asyncio.run(watched())
    finally:
        stoppable(nothing_to_stop)
    return answers[0]


def nothing_to_stop() -> None:
    """Stand in for stopping what has ended."""


def pacing_limits(sending: SendingSettings) -> PacingLimits:
    """Return the operator's ceilings."""
    return PacingLimits(concurrency=sending.concurrency, max_rate=sending.max_rate)


def jitter() -> float:
    """Return a number in [0, 1) that spreads retries."""
    return random.SystemRandom().random()
