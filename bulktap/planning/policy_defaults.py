"""The terms of a pass: what the tenant's policy fills in where neither the row nor an option says it; pure.

A create that leaves them out gets whatever the policy says when it arrives. What was planned and signed off is what is
sent, so the plan states them, and so does each create.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bulktap.model.pass_terms import PassTerms
    from bulktap.model.passes import PassPolicy


def stated(terms: PassTerms, policy: PassPolicy | None) -> PassTerms:
    """Return the terms with the tenant's own lifetime and one-time setting where they leave them open.

    Where the policy could not be read they stay open, and the plan says so.
    """
    if policy is None or (terms.lifetime_minutes is not None and terms.usable_once is not None):
        return terms
    lifetime, once = terms.lifetime_minutes, terms.usable_once
    return replace(
        terms,
        lifetime_minutes=policy.default_lifetime_minutes if lifetime is None else lifetime,
        usable_once=policy.forces_one_time if once is None else once,
    )
