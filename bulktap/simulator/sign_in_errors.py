"""What the identity platform says when it gives no token; AADSTS numbers and wording are Microsoft's."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from datetime import datetime


@dataclass(frozen=True, slots=True)
class SignInError:
    """One refusal to sign somebody in."""

    status: int
    """The HTTP status."""
    error: str
    """The OAuth error."""
    number: int
    """The AADSTS number."""
    words: str

    def body(self, now: datetime) -> dict[str, Any]:
        """Return the answer's JSON."""
        trace_id, correlation_id = str(uuid.uuid4()), str(uuid.uuid4())
        timestamp = now.strftime("%Y-%m-%d %H:%M:%SZ")
        support = f"Trace ID: {trace_id} Correlation ID: {correlation_id} Timestamp: {timestamp}"
        return {
            "error": self.error,
            "error_description": f"AADSTS{self.number}: {self.words} {support}",
            "error_codes": [self.number],
            "timestamp": timestamp,
            "trace_id": trace_id,
            "correlation_id": correlation_id,
            "error_uri": f"https://login.microsoftonline.com/error?code={self.number}",
        }


PENDING = SignInError(
    400, "authorization_pending", 70016, "OAuth 2.0 device flow error. Authorization is pending. Continue polling."
)
INVALID_GRANT = SignInError(
    400, "invalid_grant", 70000, "The provided value for the input parameter is not valid or has expired."
)
TRANSIENT = SignInError(
    400, "temporarily_unavailable", 90033, "A transient error has occurred. Please try again."
)  # seen with 400 and with 503: azure-sdk-for-python 14241
TRANSIENT_503 = replace(TRANSIENT, status=503)
NO_CREDENTIAL = SignInError(
    401,
    "invalid_client",
    7000216,
    "'client_assertion', 'client_secret' or 'request' is required for the 'client_credentials' grant type.",
)
UNKNOWN_CERTIFICATE = SignInError(
    401, "invalid_client", 700027, "The certificate used to sign the client assertion is not registered on application."
)
WRONG_AUDIENCE = SignInError(
    401, "invalid_client", 700023, "Client assertion audience claim does not match Realm issuer."
)
WRONG_SUBJECT = SignInError(
    401, "invalid_client", 700021, "Client assertion application identifier doesn't match 'client_id' parameter."
)
WRONG_TIME = SignInError(401, "invalid_client", 700024, "Client assertion is not within its valid time range.")

NO_ISSUER = SignInError(
    401,
    "invalid_client",
    700211,
    "No matching federated identity record found for presented assertion issuer.",
)
NO_AUDIENCE = SignInError(
    401,
    "invalid_client",
    700212,
    "No matching federated identity record found for presented assertion audience.",
)
NO_SUBJECT = SignInError(
    401,
    "invalid_client",
    700213,
    "No matching federated identity record found for presented assertion subject.",
)
UNKNOWN_REDIRECT = SignInError(
    400,
    "invalid_request",
    50011,
    "The redirect URI specified in the request does not match the redirect URIs configured for the application.",
)
WRONG_VERIFIER = SignInError(
    400, "invalid_grant", 501481, "The Code_Verifier does not match the code_challenge supplied in the request."
)


def unknown_tenant(tenant: str) -> SignInError:
    """Return the refusal of a tenant that does not exist."""
    words = (
        f"Tenant '{tenant}' not found. Check to make sure you have the correct tenant ID and are signing into the "
        "correct cloud. Check with your subscription administrator, this may happen if there are no active "
        "subscriptions for the tenant."
    )
    return SignInError(400, "invalid_tenant", 90002, words)


def unknown_application(client_id: str, tenant: str) -> SignInError:
    """Return the refusal of an application that the tenant does not have."""
    words = f"Application with identifier '{client_id}' was not found in the directory '{tenant}'."
    return SignInError(400, "unauthorized_client", 700016, words)


def wrong_secret(client_id: str) -> SignInError:
    """Return the refusal of a client secret."""
    words = (
        "Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, "
        f"not the client secret ID, for a secret added to app '{client_id}'."
    )
    return SignInError(401, "invalid_client", 7000215, words)


def wrong_scope(scope: str) -> SignInError:
    """Return the refusal of a scope that an application on its own cannot ask for."""
    words = (
        f"The provided value for scope {scope} is not valid. Client credential flows must have a scope value with "
        "/.default suffixed to the resource identifier (application ID URI)."
    )
    return SignInError(400, "invalid_scope", 1002012, words)


def wrong_grant(grant_type: str) -> SignInError:
    """Return the refusal of a way to sign in that there is not."""
    words = f"The app requested an unsupported grant type '{grant_type}'."
    return SignInError(400, "unsupported_grant_type", 70003, words)
