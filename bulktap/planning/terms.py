"""The terms of a pass: what the tenant's policy fills in where neither the row nor an option says it; pure.

A create that leaves them out gets whatever the policy says when it arrives. What was planned and signed off is what is
sent, so the plan states them, and so does each create.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bulktap.model.passes import PassPolicy, PassRequest


def stated(request: PassRequest, policy: PassPolicy | None) -> PassRequest:
    """Return the request with the tenant's own lifetime and one-time setting where it leaves them open.

    Where the policy could not be read they stay open, and the plan says so.
    """
    if policy is None or (request.lifetime_minutes is not None and request.usable_once is not None):
        return request
    lifetime, once = request.lifetime_minutes, request.usable_once
    return replace(
        request,
        lifetime_minutes=policy.default_lifetime_minutes if lifetime is None else lifetime,
        usable_once=policy.forces_one_time if once is None else once,
    )
