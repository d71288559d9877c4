from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bulktap.graph.error_detail import GraphErrorDetail
from bulktap.graph.refusals import create_refusal, read_refusal, service_failed
from bulktap.model.pass_terms import PassTerms
from bulktap.model.passes import PassRequest, UserRef
from bulktap.model.row_error_catalogue.about_users import external_guest, not_ready
from bulktap.model.row_errors import RowErrorCode

REQUEST = PassRequest(UserRef("ada@contoso.com"), PassTerms(datetime(2035, 8, 1, 8, tzinfo=UTC), 30, usable_once=False))


@pytest.mark.parametrize(
    ("status", "code", "message", "expected"),
    [
        (
            400,
            "badRequest",
            "Invalid LifetimeInMinutes specified. The valid range between 60 and 480.",
            RowErrorCode.LIFETIME_OUTSIDE_POLICY,
        ),
        (
            400,
            "badRequest",
            "Invalid IsUsableOnce specified. Tenant Policy does not allow multiple use temporary access pass method.",
            RowErrorCode.ONE_TIME_FORCED,
        ),
        (
            400,
            "badRequest",
            "Invalid StartDateTime specified. It can not be a time in the past.",
            RowErrorCode.START_IN_PAST,
        ),
        (
            400,
            "badRequest",
            (
                "Converged UserCredentialPolicy does not allow creating or updating this authentication method. "
                "AuthMethodType [TemporaryAccessPass]."
            ),
            RowErrorCode.REFUSED_BY_POLICY,
        ),
        (
            400,
            "badRequest",
            "Temporary Access Pass cannot be added to an external guest user.",
            RowErrorCode.USER_EXTERNAL_GUEST,
        ),
        (403, "accessDenied", "Request Authorization failed", RowErrorCode.REFUSED_NOT_PERMITTED),
        (
            403,
            "accessDenied",
            "Self-service operations are currently not supported for user {GUID}.",
            RowErrorCode.USER_SELF,
        ),
        (
            403,
            "Authorization_RequestDenied",
            "Insufficient privileges to complete the operation.",
            RowErrorCode.REFUSED_NOT_PERMITTED,
        ),
        (
            404,
            "Request_ResourceNotFound",
            "Resource '1' does not exist or one of its queried reference-property objects are not present.",
            RowErrorCode.USER_NOT_FOUND,
        ),
        (404, "UnknownError", "", RowErrorCode.REFUSED),
        (404, "ResourceNotFound", "No HTTP resource was found that matches the request URI.", RowErrorCode.REFUSED),
        (404, "UnknownError", "The user was not found.", RowErrorCode.USER_NOT_FOUND),
        (
            404,
            "Request_ResourceNotFound",
            "Unable to read the company information from the directory.",
            RowErrorCode.USER_NOT_READY,
        ),
        (
            403,
            "Authorization_RequestDenied",
            (
                "Insufficient privileges to complete the operation. Target object is a member of a restricted "
                "management administrative unit and can only be modified by administrators scoped to that "
                "administrative unit."
            ),
            RowErrorCode.USER_RESTRICTED,
        ),
        (
            403,
            "Authentication_RequestFromNonPremiumTenantOrB2CTenant",
            "Neither tenant is B2C or tenant doesn't have premium license",
            RowErrorCode.TENANT_NOT_LICENSED,
        ),
        (403, "RequestFromNonPremiumTenantOrB2CTenant", "", RowErrorCode.TENANT_NOT_LICENSED),
        (403, "InvalidAuthenticationToken", "", RowErrorCode.REFUSED_NOT_PERMITTED),
        (400, "Request_BadRequest", "Bad Request - Error in query syntax.", RowErrorCode.REFUSED),
        (405, "Request_BadRequest", "Specified HTTP method is not allowed.", RowErrorCode.REFUSED),
        (409, "", "", RowErrorCode.REFUSED),
    ],
)
def test_published_refusals_have_their_codes(status: int, code: str, message: str, expected: RowErrorCode) -> None:
    """The verbatim errors of the service, each with a message and a remedy of ours."""
    error = create_refusal(status, GraphErrorDetail(code, message), REQUEST)
    assert error.code is expected
    assert error.refuses
    assert error.column is None
    assert error.message.endswith(".")
    assert error.hint.endswith(".")


def test_the_tenants_own_range_is_told() -> None:
    """The two numbers in the message are the policy's."""
    detail = GraphErrorDetail("badRequest", "Invalid LifetimeInMinutes specified. The valid range between 60 and 480.")
    error = create_refusal(400, detail, REQUEST)
    assert error.message == "30 minutes is outside what this tenant allows (60 to 480 minutes)."
    assert "60 to 480 minutes" in error.hint


def test_a_range_that_is_not_told_is_not_invented() -> None:
    """Wordings change."""
    detail = GraphErrorDetail("badRequest", "Invalid LifetimeInMinutes specified.")
    request = PassRequest(UserRef("ada@contoso.com"))
    assert "another range" in create_refusal(400, detail, request).message


def test_an_unknown_refusal_is_quoted_on_one_short_line() -> None:
    """In the service's words, without what could disturb a terminal or a cell."""
    detail = GraphErrorDetail("odd", "Line one\r\nline\x1b[31m two " + "x" * 1_000)
    message = create_refusal(418, detail, REQUEST).message
    assert "418 odd: Line one line [31m two" in message
    assert message.isprintable()
    assert len(message) < 400


def test_a_refusal_to_show_names_the_user() -> None:
    """So that the row can be found."""
    assert "ada@contoso.com" in read_refusal(404, GraphErrorDetail(), "ada@contoso.com").message
    assert external_guest("ada@contoso.com").code is RowErrorCode.USER_EXTERNAL_GUEST


@pytest.mark.parametrize(
    ("code", "message", "words", "remedy"),
    [
        ("accessDenied", "Request Authorization failed", "administrator or otherwise protected", "Privileged"),
        ("Authorization_RequestDenied", "Insufficient privileges.", "administrator or otherwise", "Privileged"),
        ("Authorization_RequestDenied", "in a restricted management administrative unit", "restricted", "scope"),
        ("RequestFromNonPremiumTenantOrB2CTenant", "x", "no licence", "P1 or P2"),
        ("accessDenied", "Self-service operations are currently not supported for user {x}.", "signed in", "another"),
    ],
)
def test_a_single_403_names_its_likely_reason_and_remedy(code: str, message: str, words: str, remedy: str) -> None:
    """The app's permission is named only as what it is if everybody is refused."""
    for error in (
        create_refusal(403, GraphErrorDetail(code, message), REQUEST),
        read_refusal(403, GraphErrorDetail(code, message), "ada@contoso.com"),
    ):
        assert words in error.message
        assert "ada@contoso.com" in error.message
        assert remedy in error.hint
        assert "Grant the app" not in error.hint
        assert "grant the app" not in error.hint.partition("If everybody is refused")[0]


def test_an_innermost_code_tells_the_reason_too() -> None:
    """The outer code may be general."""
    detail = GraphErrorDetail("accessDenied", "no", innermost_code="RequestFromNonPremiumTenantOrB2CTenant")
    assert read_refusal(403, detail, "ada@contoso.com").code is RowErrorCode.TENANT_NOT_LICENSED


def test_users_who_are_not_known_yet_and_failures_have_words_of_their_own() -> None:
    """Neither says that there is no such user."""
    early, failed = not_ready("ada@contoso.com"), service_failed("ada@contoso.com", "HTTP 500\r\nUnknownError", 10)
    assert "was found in the directory" in early.message
    assert "some minutes" in early.hint
    assert failed.message == "Microsoft Graph could not look up ada@contoso.com (HTTP 500 UnknownError, ten times)."
    assert {early.code, failed.code} == {RowErrorCode.USER_NOT_READY, RowErrorCode.SERVICE_FAILED}
