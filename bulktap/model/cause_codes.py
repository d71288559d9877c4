"""The codes of what can concern every row for one reason: those of row errors, and two that are no row's."""

from __future__ import annotations

from bulktap.model.row_errors import RowErrorCode

USERS_UNKNOWN = "users-unknown"
"""Hardly any user of the roster exists in the tenant."""
SHARED_ACCOUNT = "shared-account"
"""A good part of the rows name one and the same account, and no person."""
NOT_IN_SCOPE = RowErrorCode.NOT_IN_SCOPE.value
CAUSE_CODES = (USERS_UNKNOWN, SHARED_ACCOUNT, *(code.value for code in RowErrorCode))
"""What the setting `accept` takes."""
