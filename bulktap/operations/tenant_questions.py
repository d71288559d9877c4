"""Questions to the tenant about the users of a roster, before anything is decided."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bulktap.dispatch.dependencies import READ_LIMITS, ReadTools
from bulktap.operations.tenant_access import jitter, make_sender, run_to_end

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping, Sequence

    from bulktap.dispatch.observer import Observer
    from bulktap.model.clock import Clock
    from bulktap.model.passes import UserRef
    from bulktap.model.plan import TenantFindings
    from bulktap.operations.run_settings import SendingSettings
    from bulktap.operations.tenant_access import TenantAccess
    from bulktap.roster.model import CheckedRow


def ask(
    question: Callable[[Sequence[UserRef], ReadTools, Mapping[str, int]], Awaitable[TenantFindings]],
    rows: Sequence[CheckedRow],
    access: TenantAccess,
    sending: SendingSettings,
    clock: Clock,
    observer: Observer,
    stoppable: Callable[[Callable[[], object]], object] = lambda _: None,
) -> TenantFindings:
    """Ask the tenant about the users of these rows, over a connection of its own.

    Args:
        question: what is asked.
        rows: about whose users.
        access: the way into the tenant.
        sending: timeouts and ceilings.
        clock: tells the time.
        observer: hears how it goes.
        stoppable: is handed what ends it at once.

    Raises:
        Interrupted: it was asked to stop meanwhile.
    """
    numbers = {row.user.folded: row.source.number for row in rows if row.user is not None}

    async def answer() -> TenantFindings:
        async with access.client(sending) as client:
            sender = make_sender(access, client, access.service_clock, observer)
            tools = ReadTools(sender, clock, access.service_clock, observer, READ_LIMITS, jitter)
            return await question(users_to_look_up(rows), tools, numbers)

    return run_to_end(answer(), stoppable)


def users_to_look_up(rows: Sequence[CheckedRow]) -> list[UserRef]:
    """Return whom to ask about: also the users of refused rows, so that all that is wrong with a row is said at once.

    A user name and an object id in one roster need a permission that neither needs alone; no refused row brings that
    about.
    """
    kinds = {row.request.user.is_object_id for row in rows if row.request is not None}
    kinds = kinds or {next((row.user.is_object_id for row in rows if row.user is not None), False)}
    return [row.user for row in rows if row.user is not None and row.user.is_object_id in kinds]
