"""What was recorded of a client, as columns of the parity report: by operation, a few words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from contract import batches
from contract.contract import Contract
from contract.exchange import BATCH, OPERATIONS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from contract.exchange import Exchange

Column = dict[str, str]
"""Of the operations about which there is something to say."""


def request_faults(exchanges: Iterable[Exchange]) -> list[str]:
    """Say what in these requests breaks the rules; an operation that nobody knows does too."""
    return [
        *(f"{one.operation} is no operation" for one in exchanges if one.operation not in OPERATIONS),
        *(f"{one.method} {one.url}: {fault}" for one in exchanges for fault in _faults_of_request(one)),
    ]


def reply_faults(exchanges: Iterable[Exchange]) -> list[str]:
    """Say what in the replies to these requests breaks the rules."""
    return [f"{one.method} {one.url} {one.status}: {fault}" for one in exchanges for fault in _faults_of_reply(one)]


def _faults_of_request(one: Exchange) -> list[str]:
    contract = Contract.read()
    if one.operation == BATCH:
        # A batch that was refused was to be refused.
        return batches.request_faults(one) if one.status == 200 else []
    return contract.request_faults(one) if one.operation in contract.operations else []


def _faults_of_reply(one: Exchange) -> list[str]:
    contract = Contract.read()
    if one.operation == BATCH:
        return batches.reply_faults(one) if one.status == 200 else contract.error_faults(one)
    if one.operation in contract.operations:
        return contract.reply_faults(one)
    return contract.error_faults(one) if one.status >= 400 else []


def valid_requests(exchanges: Sequence[Exchange]) -> Column:
    """Say of which operations all these requests are valid."""
    return {
        operation: _validity(operation, request_faults(those)) or "sent"
        for operation, those in by_operation(exchanges).items()
    }


def valid_replies(exchanges: Sequence[Exchange]) -> Column:
    """Say with which statuses the replies are valid."""
    found = {}
    for operation, those in by_operation(one for one in exchanges if one.operation in OPERATIONS).items():
        statuses = ", ".join(str(status) for status in sorted({one.status for one in those}))
        if all(one.status in {404, 405} for one in those):
            found[operation] = f"not served: {statuses}"
        else:
            found[operation] = ": ".join(filter(None, (_validity(operation, reply_faults(those)), statuses)))
    return found


def _validity(operation: str, faults: Sequence[str]) -> str:
    """Return a word for what has rules to be held to, and nothing for what has none."""
    if faults:
        return "**not valid**"
    return "valid" if operation in Contract.read().operations or operation == BATCH else ""


def driven(exchanges: Sequence[Exchange]) -> Column:
    """Say which operations a client carried out with success, and whether by themselves, in a batch, or both."""
    found = {}
    for operation, those in by_operation(exchanges).items():
        ways = {one.in_batch for one in those if one.status < 400}
        if ways:
            found[operation] = " and ".join(
                word for in_batch, word in ((False, "alone"), (True, "in a batch")) if in_batch in ways
            )
    return found


def by_operation(exchanges: Iterable[Exchange]) -> dict[str, list[Exchange]]:
    """Return them by operation, in the order of the report."""
    found: dict[str, list[Exchange]] = {operation: [] for operation in OPERATIONS}
    for one in exchanges:
        found.setdefault(one.operation, []).append(one)
    return {operation: those for operation, those in found.items() if those}
