"""bulktap's real requests and the pretend tenant's real replies, over HTTPS, against the published contract."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from contract import errors, limits
from contract.contract import Contract
from contract.exchange import BATCH, OPERATIONS
from contract.observed import by_operation, reply_faults, request_faults, valid_requests
from contract.report import Parity

from bulktap.simulator.addresses import Address, Resource, read_address

if TYPE_CHECKING:
    from collections.abc import Sequence

    from contract.errors import ErrorCase
    from contract.exchange import Exchange
    from contract.report import PretendTenant


@pytest.mark.long
def test_every_request_of_bulktap_is_valid(of_bulktap: Sequence[Exchange]) -> None:
    """Those of the commands that look people up, issue, verify and delete passes; nothing unknown is asked for."""
    assert request_faults(of_bulktap) == []
    assert reply_faults(of_bulktap) == []
    assert valid_requests(of_bulktap) == Parity.committed().columns["bulktap"]


@pytest.mark.long
def test_bulktap_is_seen_asking_for_nearly_everything(of_bulktap: Sequence[Exchange]) -> None:
    """All of the contract but what it has no use for, so that the check above has something to check."""
    unused = {operation for operation in Contract.read().operations if operation not in by_operation(of_bulktap)}

    assert unused == {
        "GET /users/{}/authentication/temporaryAccessPassMethods/{}",
        "PATCH /policies/authenticationMethodsPolicy/authenticationMethodConfigurations/{}",
        "DELETE /policies/authenticationMethodsPolicy/authenticationMethodConfigurations/{}",
    }


def test_every_reply_of_the_pretend_tenant_is_valid(pretend_tenant: PretendTenant) -> None:
    """Successes, errors and throttled answers, alone and in a batch."""
    assert reply_faults(pretend_tenant.exchanges) == []


def test_every_operation_of_the_report_was_tried(pretend_tenant: PretendTenant) -> None:
    """By the plain client, whose replies are the ones that are checked."""
    assert set(by_operation(pretend_tenant.replies)) == set(OPERATIONS)


def test_every_resource_has_a_row_of_the_report() -> None:
    """What the pretend tenant can be asked about is in the list of operations."""
    paths = [operation.partition(" ")[2] for operation in OPERATIONS]
    addresses = [read_address(path.replace("{}", one)) for path in paths for one in ("TemporaryAccessPass", "Fido2")]

    assert {one.resource for one in addresses if isinstance(one, Address)} == set(Resource)


@pytest.mark.parametrize("case", errors.CASES, ids=lambda case: f"{case.about}, {case.method} {case.url}")
def test_an_error_has_the_published_words(case: ErrorCase, pretend_tenant: PretendTenant) -> None:
    """Status, code and message, in the published envelope."""
    (reply,) = [reply for one, reply in pretend_tenant.refused if one is case]

    assert errors.words_of(reply) == case.words


def test_every_operation_tells_of_its_limits(pretend_tenant: PretendTenant) -> None:
    """How much is used, near the limit; how long to wait, and for which limit, beyond it."""
    served = {one.operation for one in pretend_tenant.throttled if one.status < 400} - {BATCH}
    told = limits.limit_headers(pretend_tenant.throttled)

    assert set(told) == served
    assert all(words.endswith("use, 429: wait, scope, information") for words in told.values())


def test_a_throttled_request_is_told_so_in_every_published_way(pretend_tenant: PretendTenant) -> None:
    """Four bodies, so that no program can go by anything but the status."""
    assert limits.wordings(pretend_tenant.throttled) == set(limits.WORDINGS)


def test_a_throttled_step_of_a_batch_has_the_headers_of_its_own(pretend_tenant: PretendTenant) -> None:
    """The batch is answered 200 all the same."""
    beyond = [one for one in pretend_tenant.throttled if one.in_batch and one.status == 429]

    assert {one.method for one in beyond} == {"GET", "POST"}
    assert all(set(limits.THROTTLED.values()) <= one.reply_headers.keys() for one in beyond)


@pytest.mark.parametrize("column", ["replies", "errors", "limits"])
def test_the_report_says_of_the_pretend_tenant_what_is_seen(column: str, pretend_tenant: PretendTenant) -> None:
    """Otherwise `python tests/contract/parity.py` has to write it again."""
    assert Parity.committed().columns[column] == pretend_tenant.columns[column]
