"""The way into the tenant: a real one, or for a rehearsal the embedded simulator with the roster's users."""

from __future__ import annotations

import os
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import cache, partial
from typing import TYPE_CHECKING

from bulktap.model.errors import PlanRefused, UsageError
from bulktap.model.secret import Secret
from bulktap.operations.run_settings import AccessSettings
from bulktap.settings import declarations as declared
from bulktap.settings import sign_in_declarations as sign_in_declared
from bulktap.settings.slices import sending_wishes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from bulktap.cli.console import Console
    from bulktap.model.clock import Clock
    from bulktap.operations.sealed_tenant import SealedTenant
    from bulktap.operations.tenant_access import TenantAccess
    from bulktap.roster.model import CheckedRoster
    from bulktap.settings.values import Values
    from bulktap.simulator.embedded import EmbeddedSimulator
    from bulktap.simulator.tenant import Tenant
    from bulktap.simulator.tenant_file import SeedUser
    from bulktap.simulator.users import User
    from bulktap.storage.run_folder import RunFolder


@dataclass(frozen=True, slots=True)
class RehearsalSettings:
    """Whether and how to rehearse."""

    simulate: bool
    tenant_file: Path | None
    limits: str
    weather: str
    fresh: bool = False
    """Whether the pretend tenant is begun anew."""

    @property
    def wanted(self) -> bool:
        """Whether this is a rehearsal."""
        return self.simulate or self.fresh or self.tenant_file is not None


def rehearsal_settings(chosen: Values) -> RehearsalSettings:
    """Return whether and how to rehearse."""
    sending = sending_wishes(chosen).to(rehearsal=True)
    # A delayed batch is answered too late for this client, but carried out before the lost reply is looked into.
    delay = sending.reply_timeout + min(1.0, sending.settle_wait / 2)
    return RehearsalSettings(
        chosen.is_set(declared.SIMULATE),
        chosen.of(declared.SIMULATE_TENANT),
        chosen.sure(declared.SIMULATE_LIMITS),
        _with_delay(chosen.sure(declared.SIMULATE_WEATHER), delay),
        chosen.is_set(declared.SIMULATE_FRESH),
    )


@dataclass(frozen=True, slots=True)
class TenantsInReach:
    """The tenants that the command line reaches: the one of the environment, and pretend ones for rehearsals."""

    rehearsal: RehearsalSettings
    real: Callable[[], AccessSettings]
    """Returns how to sign in to the real one, and raises where that is not set."""
    graph_url: str = ""
    """Where the real one is, as far as somebody has said so."""

    @property
    def rehearses(self) -> bool:
        """See the interface."""
        return self.rehearsal.wanted

    @property
    def simulated(self) -> bool:
        """See the interface; what listens on this computer is a pretend tenant too."""
        from bulktap.graph.trust import is_loopback_url

        return self.rehearses or is_loopback_url(self.graph_url)

    def require_settings(self) -> None:
        """See the interface."""
        if not self.rehearses:
            self.real()

    @contextmanager
    def to_ask(self) -> Iterator[TenantAccess]:
        """See the interface."""
        if not self.rehearses:
            yield _real_access(self.real())
            return
        if self.rehearsal.tenant_file is None:
            raise UsageError(
                "A pretend tenant has the people of a roster, and no lists of its own.",
                hint="Rehearse with one that has: --simulate-tenant samples/tenant.json shows what it looks like.",
            )
        with _simulated(_tenant_of(self.rehearsal.tenant_file), self.rehearsal, None) as simulated:
            yield simulated

    @contextmanager
    def to_new(self, checked: CheckedRoster, folder: RunFolder, list_name: str = "") -> Iterator[TenantAccess]:
        """See the interface; a pretend tenant is kept for all rehearsals of the roster.

        Raises:
            UsageError: the tenant file, the limits or the weather cannot be read, or an address is not https.
            InUse: another rehearsal of the roster is going on.
        """
        if self.rehearses:
            made = _pretend_tenant(self.rehearsal, checked, folder.run)
            content = self.rehearsal.tenant_file.read_bytes() if self.rehearsal.tenant_file is not None else b""
            folder.keep_simulated_tenant(list_name or checked.info.path, content, fresh=self.rehearsal.fresh)
            with folder.hold_simulated_tenant():
                tenant = _kept(made, folder, admits=self.rehearsal.tenant_file is None)
                with _simulated(tenant, self.rehearsal, folder) as simulated:
                    yield simulated
        else:
            yield _real_access(self.real())

    @contextmanager
    def back_to(self, sealed: SealedTenant, folder: RunFolder, *, changing: bool = True) -> Iterator[TenantAccess]:
        """See the interface."""
        del sealed
        if folder.simulated_tenant.exists():
            with ExitStack() as stack:
                if changing and folder.shares_simulated_tenant:
                    stack.enter_context(folder.hold_simulated_tenant())
                yield stack.enter_context(way_back_into(self.rehearsal, folder, keep=changing))
        elif self.rehearses:
            raise PlanRefused(
                f"The run {folder.run} is no rehearsal, so --simulate cannot be obeyed.",
                hint="To rehearse, give the roster itself: bulktap apply ROSTER --simulate.",
            )
        else:
            yield _real_access(self.real())


def tenants_in_reach(chosen: Values, console: Console, clock: Clock) -> TenantsInReach:
    """Return the tenants that a command can reach; a secret is asked for once at most."""
    real = cache(partial(_real_settings, chosen, console, clock))
    return TenantsInReach(rehearsal_settings(chosen), real, chosen.of(sign_in_declared.GRAPH_URL) or "")


def _real_settings(chosen: Values, console: Console, clock: Clock) -> AccessSettings:
    from bulktap.cli.client_secrets import ClientSecrets
    from bulktap.settings.sign_in_settings import access_settings

    return access_settings(chosen, ClientSecrets(console), clock)


def _with_delay(weather: str, seconds: float) -> str:
    """Return the weather with replies that come after so many seconds, unless it says itself when they come."""
    name, comma, options = weather.partition(",")
    return f"{name},delay={seconds:g}{comma}{options}"


@contextmanager
def way_back_into(settings: RehearsalSettings, folder: RunFolder, *, keep: bool) -> Iterator[TenantAccess]:
    """Open the way back into the pretend tenant that was kept with a run; `keep` what becomes of it, or look only.

    Raises:
        UsageError: its state cannot be read.
        Untrusted: it is a link, no regular file, or belongs to somebody else.
    """
    with _simulated(_reopened(folder, keep=keep), settings, folder if keep else None) as simulated:
        yield simulated


def _reopened(folder: RunFolder, *, keep: bool) -> Tenant:
    from bulktap.simulator.state_file import reopen_state
    from bulktap.storage import MEGABYTE, open_to_read, require_sound

    try:
        if keep:
            require_sound(folder.simulated_tenant, at_most=2000 * MEGABYTE)
        else:
            os.close(open_to_read(folder.simulated_tenant))
        return reopen_state(folder.simulated_tenant)
    except (OSError, ValueError) as error:
        raise UsageError(
            f"The pretend tenant of this run cannot be read: {reason_of(error)}.",
            hint="Begin a new rehearsal: bulktap apply ROSTER --simulate-fresh.",
        ) from None


def _kept(made: Tenant, folder: RunFolder, *, admits: bool) -> Tenant:
    """Return the pretend tenant that earlier rehearsals of the roster left, or the one that was made up for the first.

    `admits` whom the roster names and the tenant does not know yet.
    """
    from bulktap.simulator.state_file import admit_users

    if not folder.simulated_tenant.exists():
        return made
    kept = _reopened(folder, keep=True)
    new = strangers(made, kept)
    if not admits or not new:
        return kept
    admit_users(folder.simulated_tenant, new)
    return _reopened(folder, keep=True)


def strangers(made: Tenant, kept: Tenant) -> list[User]:
    """Return the users of one tenant whom the other does not know, neither by name nor by id."""
    known = {name.casefold() for user in kept.users.values() for name in (user.object_id, user.upn)}
    return [user for user in made.users.values() if known.isdisjoint({user.object_id, user.upn.casefold()})]


def seeds_of(checked: CheckedRoster) -> list[SeedUser]:
    """Return the people of a roster, each once, as a pretend tenant is to have them."""
    from bulktap.simulator.tenant_file import SeedUser

    seeds = {
        user.folded: SeedUser(
            upn=None if user.is_object_id else user.text,
            object_id=user.folded if user.is_object_id else None,
            display_name=row.display_name,
            given_name=row.name.given or None,
            surname=row.name.surname or None,
        )
        for row in checked.rows
        if (user := row.user) is not None
    }
    return list(seeds.values())


def reason_of(error: OSError | ValueError) -> str:
    """Return why a tenant's file cannot be read, without the numbers and names of the operating system."""
    return (error.strerror if isinstance(error, OSError) else None) or str(error)


def _tenant_of(file: Path) -> Tenant:
    from bulktap.simulator.tenant_file import load_tenant

    try:
        return load_tenant(file)
    except (OSError, ValueError) as error:
        raise UsageError(
            f"The tenant file {file} cannot be read: {reason_of(error)}.",
            hint="samples/tenant.json shows what such a file looks like.",
        ) from None


def _pretend_tenant(settings: RehearsalSettings, checked: CheckedRoster, run: str) -> Tenant:
    import uuid

    from bulktap.simulator.tenant_file import seed_tenant

    if settings.tenant_file is not None:
        return _tenant_of(settings.tenant_file)
    # A tenant of its own for each rehearsal: one that was broken off must not stand in the way of the next.
    return seed_tenant(seeds_of(checked), tenant_id=str(uuid.uuid5(uuid.NAMESPACE_URL, run)))


@contextmanager
def _simulated(tenant: Tenant, settings: RehearsalSettings, kept_in: RunFolder | None) -> Iterator[TenantAccess]:
    from bulktap.simulator.embedded import EmbeddedSimulator
    from bulktap.simulator.server import SimulatorOptions

    options = SimulatorOptions(
        limits=settings.limits,
        weather=settings.weather,
        state_file=kept_in.simulated_tenant if kept_in is not None else None,
        latency=0.05,
    )
    try:
        simulator = EmbeddedSimulator(tenant, options)
    except ValueError as error:
        raise UsageError(
            f"The rehearsal cannot begin: {error}.", hint="`bulktap simulator --help` lists them."
        ) from None
    with simulator as running:
        yield _access_to(running)


def _real_access(settings: AccessSettings) -> TenantAccess:
    from bulktap.operations.tenant_access import open_access  # sockets and TLS, which help does without

    return open_access(settings)


def _access_to(simulator: EmbeddedSimulator) -> TenantAccess:
    from bulktap.graph.sign_in.credentials import ClientSecretCredentials
    from bulktap.graph.trust import Network
    from bulktap.operations.tenant_access import open_access

    secret = Secret(simulator.client_secret)
    return open_access(
        AccessSettings(
            credentials=ClientSecretCredentials(simulator.tenant_id, simulator.client_id, secret),
            graph_url=simulator.graph_url,
            authority_url=simulator.authority_url,
            network=Network(simulator.ca_file),
            simulated=True,
        )
    )
