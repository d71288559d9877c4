"""What the service says when it will not do what it was asked, word for word.

The style of `code` tells which backend speaks: `camelCase` is the authentication methods service (which repeats its
message inside `innerError`), `Pascal_Case` the directory, `PascalCase` the gateway in front of both.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime


@dataclass(frozen=True, slots=True)
class Refusal:
    """One error answer."""

    status: int
    """The HTTP status."""
    code: str
    """The `error.code`."""
    message: str
    """The `error.message`; may be empty."""

    def body(self, now: datetime, request_id: str, client_request_id: str) -> dict[str, object]:
        """Return the error envelope; `date` carries no time zone, as in the published answers."""
        inner = {
            "date": now.strftime("%Y-%m-%dT%H:%M:%S"),
            "request-id": request_id,
            "client-request-id": client_request_id,
        }
        if self.code[:1].islower() and self.message:
            inner = {"message": self.message, **inner}
        return {"error": {"code": self.code, "message": self.message, "innerError": inner}}


class Refused(Exception):
    """Carries a refusal out of whatever was reading a request."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.message)
        self.refusal = refusal


# Authentication methods ------------------------------------------------------------------------------------------

ONE_TIME_ONLY = Refusal(
    400,
    "badRequest",
    "Invalid IsUsableOnce specified. Tenant Policy does not allow multiple use temporary access pass method.",
)
START_IN_PAST = Refusal(
    400, "badRequest", "Invalid StartDateTime specified. It can not be a time in the past."
)  # status and code were never published; taken from its siblings
NOT_ALLOWED_BY_POLICY = Refusal(
    400,
    "badRequest",
    "Converged UserCredentialPolicy does not allow creating or updating this authentication method. "
    "AuthMethodType [TemporaryAccessPass].",
)  # status and code as above
EXTERNAL_GUEST = Refusal(
    400, "badRequest", "Temporary Access Pass cannot be added to an external guest user."
)  # status and code as above
NOT_AUTHORIZED = Refusal(403, "accessDenied", "Request Authorization failed")
UNLICENSED = Refusal(
    403,
    "Authentication_RequestFromNonPremiumTenantOrB2CTenant",
    "Neither tenant is B2C or tenant doesn't have premium license",
)  # seen on reports: microsoft-graph-docs 11986
# The authentication methods service's words for an unknown user or pass were never published; only the status and
# the style of its codes are known.
UNKNOWN_USER = Refusal(404, "resourceNotFound", "The requested user was not found.")
UNKNOWN_PASS = Refusal(404, "resourceNotFound", "The requested authentication method was not found.")
UNKNOWN_METHOD = Refusal(404, "resourceNotFound", "The requested authentication method configuration was not found.")
DELEGATED_ONLY = Refusal(400, "BadRequest", "/me request is only valid with delegated authentication flow.")


def lifetime_out_of_range(minimum: int, maximum: int) -> Refusal:
    """Return the refusal of a lifetime; both numbers are the tenant's own, in minutes."""
    words = f"Invalid LifetimeInMinutes specified. The valid range between {minimum} and {maximum}."
    return Refusal(400, "badRequest", words)


def self_service(object_id: str) -> Refusal:
    """Return the refusal of a pass for the caller's own account."""
    words = f"Self-service operations are currently not supported for user {object_id}."
    return Refusal(403, "accessDenied", words)


def malformed(member: str) -> Refusal:
    """Return the refusal of a body whose member has the wrong type; its wording is a guess in the service's style."""
    return Refusal(400, "badRequest", f"Invalid {member} specified.")


def policy_range(member: str, low: int, high: int) -> Refusal:
    """Return the refusal of a policy's number; its wording follows that of a pass's lifetime."""
    words = f"Invalid {member[0].upper()}{member[1:]} specified. The valid range between {low} and {high}."
    return Refusal(400, "badRequest", words)


# OData -----------------------------------------------------------------------------------------------------------

JSON_EXPECTED = Refusal(400, "BadRequest", "Empty Payload. JSON content expected.")
NOT_READABLE = Refusal(
    400,
    "BadRequest",
    "Unable to read JSON request payload. Please ensure Content-Type header is set and payload is of valid JSON "
    "format.",
)
TYPE_MISSING = Refusal(
    400, "BadRequest", "The request body must name the type of the configuration in '@odata.type'."
)  # documented as required; the wording was never published


def unresolved_type(name: str) -> Refusal:
    """Return the refusal of a body of a type that does not belong there."""
    return Refusal(400, "BadRequest", f"A type named '{name}' could not be resolved by the model.")


def undeclared(name: str, edm: str) -> Refusal:
    """Return the refusal of a body with a member that its type does not have."""
    words = (
        f"The property '{name}' does not exist on type '{edm}'. Make sure to only use property names that are defined "
        "by the type."
    )
    return Refusal(400, "BadRequest", words)


def wrong_literal(value: object, edm: str) -> Refusal:
    """Return the refusal of a body whose member has the wrong type."""
    return Refusal(400, "BadRequest", f"Cannot convert the literal '{value}' to the expected type '{edm}'.")


# Directory -------------------------------------------------------------------------------------------------------

INSUFFICIENT_PRIVILEGES = Refusal(
    403, "Authorization_RequestDenied", "Insufficient privileges to complete the operation."
)
RESTRICTED = Refusal(
    403,
    "Authorization_RequestDenied",
    "Insufficient privileges to complete the operation. Target object is a member of a restricted management "
    "administrative unit and can only be modified by administrators scoped to that administrative unit. Check that "
    "you are assigned a role that has permission to perform the operation for this restricted management "
    "administrative unit.",
)
METHOD_NOT_ALLOWED = Refusal(405, "Request_BadRequest", "Specified HTTP method is not allowed for the request target.")
QUERY_SYNTAX = Refusal(400, "Request_BadRequest", "Bad Request - Error in query syntax.")


def directory_not_found(reference: str) -> Refusal:
    """Return the directory's words for a user that it does not have."""
    words = f"Resource '{reference}' does not exist or one of its queried reference-property objects are not present."
    return Refusal(404, "Request_ResourceNotFound", words)


def unknown_property(name: str, edm: str) -> Refusal:
    """Return the refusal of a `$select` that names what a type of the metadata does not have."""
    words = f"Parsing OData Select and Expand failed: Could not find a property named '{name}' on type '{edm}'."
    return Refusal(400, "BadRequest", words)


PAGE_TOKEN = Refusal(
    400,
    "Directory_ExpiredPageToken",
    "The specified page token value has expired and can no longer be included in your request.",
)


def filter_syntax(text: str, position: int) -> Refusal:
    """Return the refusal of a `$filter` that cannot be read."""
    return Refusal(400, "BadRequest", f"Invalid filter clause: Syntax error at position {position} in '{text}'.")


def unterminated(text: str, position: int) -> Refusal:
    """Return the refusal of a `$filter` whose last quote is missing."""
    words = f"Invalid filter clause: There is an unterminated string literal at position {position} in '{text}'."
    return Refusal(400, "BadRequest", words)


def unknown_filtered(name: str, edm: str) -> Refusal:
    """Return the refusal of a `$filter` that names what a type of the metadata does not have."""
    words = f"Invalid filter clause: Could not find a property named '{name}' on type '{edm}'."
    return Refusal(400, "BadRequest", words)


def incompatible(left: str, right: str, kind: str) -> Refusal:
    """Return the refusal of a `$filter` that compares values of two types."""
    words = (
        "Invalid filter clause: A binary operator with incompatible types was detected. "
        f"Found operand types '{left}' and '{right}' for operator kind '{kind}'."
    )
    return Refusal(400, "BadRequest", words)


def filter_too_deep() -> Refusal:
    """Return the refusal of a `$filter` with too many parentheses inside each other."""
    return Refusal(400, "BadRequest", "Invalid filter clause: Recursion depth exceeded allowed limit.")


UNSUPPORTED_QUERY = Refusal(400, "Request_UnsupportedQuery", "Unsupported Query.")
"""What `endsWith` and `not` are told without an advanced query: microsoft-graph-docs 10324."""
SORT_WITH_FILTER = Refusal(400, "Request_UnsupportedQuery", "Sorting not supported for current query.")
SEARCH_NEEDS_HEADER = Refusal(
    400,
    "Request_UnsupportedQuery",
    "Request with $search query parameter only works through MSGraph with a special request header: "
    "'ConsistencyLevel: eventual'",
)
COUNT_NEEDS_HEADER = Refusal(400, "Request_BadRequest", "$count is not currently supported.")
NO_SKIP = Refusal(400, "Request_BadRequest", "'$skip' is not supported by the service.")


def unsupported_operator(kind: str) -> Refusal:
    """Return the refusal of a comparison that the directory has no index for: microsoft-graph-docs 22101."""
    return Refusal(400, "Request_UnsupportedQuery", f"Filter operator '{kind}' is not supported.")


def unfilterable(name: str, resource: str) -> Refusal:
    """Return the refusal of a property that takes no filter, or of a value beyond its 120 characters."""
    words = f"Unsupported or invalid query filter clause specified for property '{name}' of resource '{resource}'."
    return Refusal(400, "Request_UnsupportedQuery", words)


def unsortable(name: str, resource: str) -> Refusal:
    """Return the refusal of a property that nothing can be sorted by."""
    return Refusal(400, "Request_UnsupportedQuery", f"Unsupported sort property '{name}' for '{resource}'.")


def order_syntax(text: str) -> Refusal:
    """Return the refusal of an `$orderby` that cannot be read."""
    return Refusal(400, "BadRequest", f"Invalid $orderby clause: Syntax error at position {len(text)} in '{text}'.")


def unknown_ordered(name: str, edm: str) -> Refusal:
    """Return the refusal of an `$orderby` that names what a type of the metadata does not have."""
    return Refusal(400, "BadRequest", f"Could not find a property named '{name}' on type '{edm}'.")


def search_syntax(text: str, position: int) -> Refusal:
    """Return the refusal of a `$search` that cannot be read."""
    words = (
        f"Syntax error: character '{text[position : position + 1]}' is not valid at position {position} in '{text}'."
    )
    return Refusal(400, "BadRequest", words)


def unsearchable(name: str, resource: str) -> Refusal:
    """Return the refusal of a `$search` in a property that has no index for it."""
    words = f"Unsupported or invalid search property '{name}' specified for resource '{resource}'."
    return Refusal(400, "Request_UnsupportedQuery", words)


def too_many_clauses(count: int, most: int) -> Refusal:
    """Return the refusal of a filter that names too many values."""
    words = (
        f"Too many child clauses specified in search filter expression containing 'OR' operators: {count}. "
        f"Max allowed: {most}."
    )
    return Refusal(400, "Request_UnsupportedQuery", words)


def page_size(text: str) -> Refusal:
    """Return the refusal of a `$top` that is no page's size."""
    words = f"Invalid page size specified: '{text}'. Must be between 1 and 999 inclusive."
    return Refusal(400, "Request_UnsupportedQuery", words)


def option_value(name: str, text: str, rule: str) -> Refusal:
    """Return the refusal of a query option whose value has the wrong type."""
    return Refusal(400, "BadRequest", f"Invalid value '{text}' for {name} query option found. {rule}")


def unknown_option(name: str) -> Refusal:
    """Return the refusal of a query option that does not exist."""
    return Refusal(400, "BadRequest", f"The query parameter '{name}' is not supported.")


# Gateway ---------------------------------------------------------------------------------------------------------

FAILED_DEPENDENCY = Refusal(424, "FailedDependency", "")
NOT_JSON = Refusal(
    400, "BadRequest", "Entity only allows writes with a JSON Content-Type header."
)  # seen: msgraph-sample-pythondjangoapp 22
NO_CONTENT_TYPE = Refusal(
    400, "BadRequest", "Write requests (excluding DELETE) must contain the Content-Type header declaration."
)  # seen: microsoft-graph-docs 6486
TOKEN_EMPTY = Refusal(401, "InvalidAuthenticationToken", "Access token is empty.")
TOKEN_MALFORMED = Refusal(
    401, "InvalidAuthenticationToken", "CompactToken parsing failed with error code: 80049217"
)  # seen: msgraph-training-dotnet 31
TOKEN_SIGNATURE = Refusal(
    401, "InvalidAuthenticationToken", "CompactToken validation failed with reason code: 80049228."
)
TOKEN_KEY = Refusal(401, "InvalidAuthenticationToken", "Invalid x5t claim.")  # seen: msgraph-sdk-javascript 451
TOKEN_AUDIENCE = Refusal(
    401, "InvalidAuthenticationToken", "Access token validation failure. Invalid audience."
)  # seen: microsoft-graph-docs 16208
TOKEN_ISSUER = Refusal(
    401, "InvalidAuthenticationToken", "Access token validation failure. Invalid issuer."
)  # a tenant that Graph does not serve has no like in the cloud; the wording is a guess after the audience's
TOKEN_EXPIRED = Refusal(401, "InvalidAuthenticationToken", "Lifetime validation failed, the token is expired.")
TOKEN_REVOKED = Refusal(
    401,
    "InvalidAuthenticationToken",
    "Continuous access evaluation resulted in challenge with result: InteractionRequired and code: "
    "TokenIssuedBeforeRevocationTimestamp",
)  # seen: azure-cli 26504
UNAVAILABLE = Refusal(503, "serviceNotAvailable", "The service is temporarily unavailable. Please retry the request.")
INTERNAL = Refusal(500, "InternalServerError", "An unexpected error has occurred.")
GATEWAY_TIMEOUT = Refusal(504, "UnknownError", "")
PAYLOAD_FORMAT = Refusal(400, "BadRequest", "Invalid batch payload format.")
TOO_MANY_STEPS = Refusal(400, "BadRequest", "Number of requests inside batch exceed the limit.")


MIXED_DEPENDENCIES = Refusal(400, "BadRequest", "Batch should be either fully sequential or fully parallel.")


def invalid_dependency(step_id: str) -> Refusal:
    """Return the refusal of a batch with a step that depends on none before it: msgraph-sdk-dotnet-core 891."""
    return Refusal(400, "BadRequest", f"Invalid dependency for request Id {step_id}.")


def unknown_segment(segment: str) -> Refusal:
    """Return the refusal of a path with a segment that there is not: msgraph-sdk-python 1015."""
    return Refusal(400, "BadRequest", f"Resource not found for the segment '{segment}'.")


def repeated_id(step_id: str) -> Refusal:
    """Return the refusal of a batch that uses an id twice."""
    return Refusal(400, "BadRequest", f"Request Id {step_id} has to be unique in a batch.")


def write_without_body(step_id: str) -> Refusal:
    """Return the refusal of a batch with a write that has no body or does not say what the body is."""
    words = f"Write request id : {step_id} does not contain Content-Type header or body."
    return Refusal(400, "BadRequest", words)
