"""Every state that a pass can be in, made in a pretend tenant by whoever does that in a real one."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from bulktap.simulator.pass_policy import PassPolicy

if TYPE_CHECKING:
    from collections.abc import Callable

    from bulktap.simulator.embedded import EmbeddedSimulator
    from bulktap.simulator.tenant import Tenant
    from bulktap.simulator.users import User

LIVE, NOT_YET_VALID, USED, EXPIRED = "live", "not yet valid", "used", "expired"
REPLACED, GONE, DISABLED = "replaced", "gone", "disabled"
LAG = timedelta(minutes=20)
"""After so long a pass that is not listed is not one that a list may not show yet."""


def known(tenant: Tenant, upn: str) -> User:
    """Return a user of the tenant."""
    user = tenant.find(upn)
    assert user is not None
    return user


def let_time_pass(tenant: Tenant, service: EmbeddedSimulator, by: timedelta) -> None:
    """Turn the service's clock on."""
    clock = tenant.clock
    service.ask(lambda: setattr(tenant, "clock", lambda: clock() + by))


def make(state: str, tenant: Tenant, service: EmbeddedSimulator, *upns: str) -> None:
    """Bring the passes of these users into that state; `disabled` and `expired` are everybody's."""
    users = [known(tenant, upn) for upn in upns]
    ways: dict[str, Callable[[User], object]] = {
        USED: tenant.use_pass,
        REPLACED: tenant.somebody_else_issues,
        GONE: lambda user: _delete(tenant, user),
    }
    if state in ways:
        for user in users:
            service.ask(lambda user=user: ways[state](user))  # type: ignore[misc]
    if state == DISABLED:
        service.ask(lambda: setattr(tenant, "policy", PassPolicy(enabled=False)))
    if state == EXPIRED:
        let_time_pass(tenant, service, timedelta(days=3))
    if state == GONE:
        let_time_pass(tenant, service, LAG)


def _delete(tenant: Tenant, user: User) -> None:
    held = tenant.current(user)
    assert held is not None
    assert tenant.delete(user, held.pass_id, "an administrator") is None
