"""What the tenant calls people."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bulktap.model.plan import UserFinding


def tenant_name(finding: UserFinding) -> str:
    """Return what the directory calls a user; empty where it says nothing."""
    parts = " ".join([part for part in (finding.given_name, finding.surname) if part])
    return finding.display_name or parts
