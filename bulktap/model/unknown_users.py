"""Users whom the tenant does not have, and when there are so many of them that it is not about the rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bulktap.model.row_errors import RowErrorCode

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bulktap.model.plan import UserFinding

_MANY = 10
"""So many unknown users, and over half of all, are more than typos."""
_ALL = 3
"""In a shorter roster of nothing but unknown users each row speaks for itself."""


def unknown_users(findings: Mapping[str, UserFinding]) -> list[str]:
    """Return those whom the tenant does not have, as the findings name them."""
    return [
        subject
        for subject, finding in findings.items()
        if finding.error is not None and finding.error.code is RowErrorCode.USER_NOT_FOUND
    ]


def are_mostly_unknown(findings: Mapping[str, UserFinding]) -> bool:
    """Return true if hardly anybody exists, so that it may be another tenant's roster."""
    unknown, total = len(unknown_users(findings)), len(findings)
    return unknown >= _ALL if unknown == total else unknown >= _MANY and unknown * 2 > total
