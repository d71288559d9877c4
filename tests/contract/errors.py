"""Errors of Microsoft Graph that somebody published word for word, and how to come by each in the pretend tenant."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from uuid import UUID

from contract.clients.by_hand import ADVANCED, POLICY, POLICY_TYPE, ROOT_POLICY, PlainClient
from contract.exchange import operation_of
from contract.world import GROUP, GUEST, PUPILS, UNIT, open_world

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from contract.exchange import Exchange

NOBODY = "00000000-0000-4000-8000-00000000dead"
_PASSES = f"/users/{PUPILS[0]}/authentication/temporaryAccessPassMethods"
_HEAD = "/users/head@contoso.com/authentication/temporaryAccessPassMethods"
_GUEST = f"/users/{GUEST.replace('#', '%23')}/authentication/temporaryAccessPassMethods"
_RESTRICTED = "/users/rita@contoso.com/authentication/temporaryAccessPassMethods"
_UNKNOWN = f"/users/{NOBODY}/authentication/temporaryAccessPassMethods"
_NO_PERMISSION: dict[str, Any] = {"tenant": {"permissions": ["Application.Read.All"]}}
_TAP_ONLY: dict[str, Any] = {"tenant": {"permissions": ["UserAuthMethod-TAP.ReadWrite.All"]}}
_POLICY = {"includeTargets": [{"id": GROUP, "targetType": "group"}]}
_DENIED = (403, "accessDenied", "Request Authorization failed")
_DENIED_BY = "Microsoft Q&A 747489"
_DIRECTORY_DENIED = (403, "Authorization_RequestDenied", "Insufficient privileges to complete the operation.")
_BATCHING = "microsoft-graph-docs-contrib, json-batching.md"
_NOT_FOUND_BY = "microsoft-graph-docs-contrib issue 1753"
_STEP = {"id": "1", "method": "GET", "url": f"/users/{PUPILS[0]}"}
_RECORDED = "recorded 2026-02 in bradleymarques/microslop_one_drive"


@dataclass(frozen=True)
class ErrorCase:
    """One error: what is asked, and what the service was seen to answer."""

    about: str
    method: str
    url: str
    status: int
    code: str
    message: str
    published_in: str
    """Where its message can be read; empty where nobody published it and the words are a guess."""
    body: object = None
    changes: Mapping[str, Any] = field(default_factory=dict)
    """How the tenant differs from the usual one."""
    headers: Mapping[str, str] = field(default_factory=dict)
    scope: str = ""
    """What its token is for; empty for Microsoft Graph."""
    only_message: bool = False
    """Whether status and code were not printed where the message was."""
    anywhere: bool = False
    """Whether every operation is answered so."""

    @property
    def words(self) -> tuple[int, str, str]:
        """What is expected of `words_of`."""
        return self.status, self.code, self.message

    @property
    def operation(self) -> str:
        """As `OPERATIONS` has it; `any` for what is said of every one, or of none."""
        return "any" if self.anywhere else operation_of(self.method, self.url) or "any"


def _denied(about: str, method: str, url: str, **more: Any) -> ErrorCase:
    return ErrorCase(about, method, url, *_DENIED, _DENIED_BY, **more)


def _directory_denied(url: str) -> ErrorCase:
    return ErrorCase("no permission", "GET", url, *_DIRECTORY_DENIED, _BATCHING, changes=_TAP_ONLY, headers=ADVANCED)


def _missing(url: str, what: str) -> ErrorCase:
    words = f"Resource '{what}' does not exist or one of its queried reference-property objects are not present."
    return ErrorCase("unknown", "GET", url, 404, "Request_ResourceNotFound", words, _NOT_FOUND_BY)


def _refused_create(about: str, message: str, published_in: str, url: str = _PASSES, **more: Any) -> ErrorCase:
    return ErrorCase(about, "POST", url, 400, "badRequest", message, published_in, **{"body": {}, **more})


def _refused_batch(about: str, requests: Sequence[object], message: str, published_in: str) -> ErrorCase:
    return ErrorCase(about, "POST", "/$batch", 400, "BadRequest", message, published_in, {"requests": requests})


CASES = (
    _refused_create(
        "lifetime outside the policy's",
        "Invalid LifetimeInMinutes specified. The valid range between 60 and 480.",
        "microsoft-graph-docs pull request 12187",
        body={"lifetimeInMinutes": 1440},
    ),
    _refused_create(
        "several uses where the policy has one",
        "Invalid IsUsableOnce specified. Tenant Policy does not allow multiple use temporary access pass method.",
        "PIM4EntraPS (KnudsenMorten)",
        body={"isUsableOnce": False},
        changes={"policy": {**_POLICY, "isUsableOnce": True}},
    ),
    _refused_create(
        "start in the past",
        "Invalid StartDateTime specified. It can not be a time in the past.",
        "msgraph-sdk-dotnet issue 2724",
        body={"startDateTime": "2022-06-05T00:00:00Z"},
        only_message=True,
    ),
    _refused_create(
        "method switched off",
        "Converged UserCredentialPolicy does not allow creating or updating this authentication method. "
        "AuthMethodType [TemporaryAccessPass].",
        "azure-docs issue 111778",
        changes={"policy": {**_POLICY, "state": "disabled"}},
        only_message=True,
    ),
    _refused_create(
        "external guest",
        "Temporary Access Pass cannot be added to an external guest user.",
        "entra-docs, howto-authentication-temporary-access-pass.md",
        url=_GUEST,
        only_message=True,
    ),
    _denied("no permission", "POST", _PASSES, body={}, changes=_NO_PERMISSION),
    _denied("administrator", "POST", _HEAD, body={}),
    ErrorCase(
        "restricted administrative unit",
        "POST",
        _RESTRICTED,
        403,
        "Authorization_RequestDenied",
        "Insufficient privileges to complete the operation. Target object is a member of a restricted management "
        "administrative unit and can only be modified by administrators scoped to that administrative unit. Check "
        "that you are assigned a role that has permission to perform the operation for this restricted management "
        "administrative unit.",
        "entra-docs issue 1544",
        {},
    ),
    ErrorCase("unknown user", "POST", _UNKNOWN, 404, "resourceNotFound", "The requested user was not found.", "", {}),
    _denied("no permission", "GET", _PASSES, changes=_NO_PERMISSION),
    ErrorCase("unknown user", "GET", _UNKNOWN, 404, "resourceNotFound", "The requested user was not found.", ""),
    _denied("no permission", "GET", f"{_PASSES}/{NOBODY}", changes=_NO_PERMISSION),
    ErrorCase(
        "unknown pass",
        "GET",
        f"{_PASSES}/{NOBODY}",
        404,
        "resourceNotFound",
        "The requested authentication method was not found.",
        "",
    ),
    _denied("no permission", "DELETE", f"{_PASSES}/{NOBODY}", changes=_NO_PERMISSION),
    *(
        _denied("no permission", "GET", url, changes=_TAP_ONLY)
        for url in (POLICY, ROOT_POLICY, f"{ROOT_POLICY}/authenticationMethodConfigurations")
    ),
    *(
        _denied("no permission", "PATCH", url, body={"@odata.type": POLICY_TYPE}, changes=_TAP_ONLY)
        for url in (POLICY, ROOT_POLICY)
    ),
    _denied("no permission", "DELETE", POLICY, changes=_TAP_ONLY),
    _denied("no permission", "GET", f"/users/{PUPILS[0]}/authentication/methods", changes=_TAP_ONLY),
    *map(
        _directory_denied,
        (
            "/organization",
            "/users",
            f"/users/{PUPILS[0]}",
            "/users/$count",
            f"/users/{PUPILS[0]}/memberOf",
            f"/users/{PUPILS[0]}/transitiveMemberOf",
            "/groups",
            "/groups/$count",
            f"/groups/{GROUP}",
            f"/groups/{GROUP}/members",
            f"/groups/{GROUP}/transitiveMembers",
            "/directory/administrativeUnits",
            f"/directory/administrativeUnits/{UNIT}",
            f"/directory/administrativeUnits/{UNIT}/members",
        ),
    ),
    *(
        _missing(url.format(NOBODY), NOBODY)
        for url in (
            "/users/{}",
            "/users/{}/memberOf",
            "/users/{}/transitiveMemberOf",
            "/groups/{}",
            "/groups/{}/members",
            "/groups/{}/transitiveMembers",
            "/organization/{}",
            "/directory/administrativeUnits/{}",
            "/directory/administrativeUnits/{}/members",
        )
    ),
    ErrorCase(
        "name that begins with `$`",
        "GET",
        "/users/$cash@contoso.com",
        400,
        "Request_BadRequest",
        "Bad Request - Error in query syntax.",
        "msgraph-sdk-dotnet issue 512",
    ),
    ErrorCase(
        "another verb",
        "PUT",
        "/users",
        405,
        "Request_BadRequest",
        "Specified HTTP method is not allowed for the request target.",
        _BATCHING,
        {},
    ),
    _refused_batch("no step", [], "Invalid batch payload format.", _RECORDED),
    _refused_batch("an id twice", [_STEP, _STEP], "Request Id 1 has to be unique in a batch.", _RECORDED),
    _refused_batch(
        "21 steps",
        [{**_STEP, "id": str(number)} for number in range(21)],
        "Number of requests inside batch exceed the limit.",
        _RECORDED,
    ),
    _refused_batch(
        "write without a body",
        [{"id": "1", "method": "POST", "url": _PASSES}],
        "Write request id : 1 does not contain Content-Type header or body.",
        "msgraph-sdk-dotnet issue 2628",
    ),
    _refused_batch(
        "dependence on a later step",
        [{**_STEP, "dependsOn": ["2"]}, {**_STEP, "id": "2"}],
        "Invalid dependency for request Id 1.",
        "msgraph-sdk-dotnet-core issue 891",
    ),
    _refused_batch(
        "address of a step with a host",
        [{**_STEP, "url": "https://graph.microsoft.com/v1.0/users"}],
        "Resource not found for the segment 'https:'.",
        "msgraph-sdk-python issue 1015",
    ),
    ErrorCase(
        "unknown segment",
        "GET",
        "/nothing",
        400,
        "BadRequest",
        "Resource not found for the segment 'nothing'.",
        "msgraph-sdk-dotnet issue 1119",
    ),
    ErrorCase(
        "no token",
        "GET",
        "/organization",
        401,
        "InvalidAuthenticationToken",
        "Access token is empty.",
        "msgraph-sample-reactspa issue 54",
        headers={"Authorization": "Bearer"},
        anywhere=True,
    ),
    ErrorCase(
        "token that is none",
        "GET",
        "/organization",
        401,
        "InvalidAuthenticationToken",
        "CompactToken parsing failed with error code: 80049217",
        "msgraph-training-dotnet issue 31",
        headers={"Authorization": "Bearer none"},
        anywhere=True,
    ),
    ErrorCase(
        "token for another service",
        "GET",
        "/organization",
        401,
        "InvalidAuthenticationToken",
        "Access token validation failure. Invalid audience.",
        "microsoft-graph-docs issue 16208",
        scope="https://management.azure.com/.default",
        anywhere=True,
    ),
    ErrorCase(
        "body that is not called JSON",
        "POST",
        _PASSES,
        400,
        "BadRequest",
        "Entity only allows writes with a JSON Content-Type header.",
        "msgraph-sample-pythondjangoapp issue 22",
        {},
        headers={"Content-Type": "text/plain"},
        anywhere=True,
    ),
)


def provoke(cases: Sequence[ErrorCase] = CASES) -> Iterator[tuple[ErrorCase, Exchange]]:
    """Yield each case with what the pretend tenant answered, from as few tenants as there are differences."""
    left = list(cases)
    while left:
        changes = left[0].changes
        with open_world(**changes) as world, world.session() as session:
            client = PlainClient(world, session)
            for case in [one for one in left if one.changes == changes]:
                token = {"Authorization": f"Bearer {world.token(case.scope)}"} if case.scope else {}
                client.send(case.method, case.url, case.body, **token, **case.headers)
                yield case, world.recorder.exchanges[-1]
        left = [one for one in left if one.changes != changes]


def words_of(exchange: Exchange) -> tuple[int, str, str]:
    """Return status, code and message of an error, whose envelope has to be the published one."""
    assert isinstance(exchange.reply_body, dict)
    error = exchange.reply_body["error"]
    inner = error["innerError"]
    assert UUID(inner["request-id"])
    assert {"date", "client-request-id"} <= inner.keys() <= {"date", "client-request-id", "request-id", "message"}
    # What the authentication methods service says, it says twice.
    assert inner.get("message") == (error["message"] if error["code"][:1].islower() else None)
    return exchange.status, error["code"], error["message"]
