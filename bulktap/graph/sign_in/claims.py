"""What an access token says about itself; nothing is verified, which is Microsoft Graph's to do."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bulktap.model.secret import Secret

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LATEST = 2**36
"""Seconds, some two thousand years: what ends later is no end."""


def claims_of(token: Secret) -> Mapping[str, object]:
    """Return a token's claims; empty where it is none that can be read, which only the service needs to."""
    parts = token.reveal().split(".")
    if len(parts) != 3:
        return {}
    try:
        claims = json.loads(base64.urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4)))
    except (ValueError, RecursionError):
        return {}
    return claims if isinstance(claims, dict) else {}


def told_tenant(token: Secret) -> str:
    """Return the tenant that a token says it is for; empty where it does not say."""
    told = claims_of(token).get("tid")
    return told if isinstance(told, str) else ""


def end_of(claims: Mapping[str, object]) -> datetime | None:
    """Return when a token ends; None where it does not say."""
    ends = claims.get("exp")
    if isinstance(ends, int | float) and 0 < ends < _LATEST:
        # Windows' `gmtime_s`, which `datetime.fromtimestamp` asks, knows no moment after the year 3000.
        return _EPOCH + timedelta(seconds=ends)
    return None
