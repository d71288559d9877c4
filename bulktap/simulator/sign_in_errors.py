"""What the identity platform says when it gives no token; AADSTS numbers and wording are Microsoft's."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any


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


# Grants ----------------------------------------------------------------------------------------------------------

PENDING = SignInError(
    400, "authorization_pending", 70016, "OAuth 2.0 device flow error. Authorization is pending. Continue polling."
)
DEVICE_EXPIRED = SignInError(
    400,
    "expired_token",
    70020,
    "The provided value for the input parameter 'device_code' is not valid. This device code has expired.",
)
UNKNOWN_DEVICE = SignInError(
    400,
    "bad_verification_code",
    70018,
    "Invalid verification code due to User typing in wrong user code for device code flow.",
)
INVALID_GRANT = SignInError(
    400, "invalid_grant", 70000, "The provided value for the input parameter is not valid or has expired."
)
CODE_EXPIRED = SignInError(
    400,
    "invalid_grant",
    70008,
    "The provided authorization code or refresh token has expired due to inactivity. Send a new interactive "
    "authorization request for this user and resource.",
)
CODE_REDEEMED = SignInError(
    400,
    "invalid_grant",
    54005,
    "OAuth2 Authorization code was already redeemed, please retry with a new valid code or use an existing refresh "
    "token.",
)
WRONG_VERIFIER = SignInError(
    400, "invalid_grant", 501481, "The Code_Verifier does not match the code_challenge supplied in the request."
)
OTHER_REDIRECT = SignInError(
    400,
    "invalid_client",
    500112,
    "The reply address does not match the reply address provided when requesting Authorization code.",
)
OTHER_CLIENT = SignInError(
    400, "invalid_grant", 70000, "The provided grant was issued to another application, and cannot be used by this one."
)
UNKNOWN_REDIRECT = SignInError(
    400,
    "invalid_request",
    50011,
    "The redirect URI specified in the request does not match the redirect URIs configured for the application.",
)
NOBODY = SignInError(
    400,
    "invalid_grant",
    50034,
    "The user account {EUII Hidden} does not exist in the directory. To sign into this application, the account must "
    "be added to the directory.",
)
DISABLED = SignInError(400, "invalid_grant", 50057, "The user account is disabled.")
NOT_PUBLIC = SignInError(
    401,
    "invalid_client",
    7000218,
    "The request body must contain the following parameter: 'client_assertion' or 'client_secret'.",
)
MORE_RESOURCES = SignInError(
    400,
    "invalid_scope",
    28000,
    "Provided value for the input parameter scope is not valid because it contains more than one resource.",
)
ONE_TENANT = SignInError(
    400,
    "invalid_request",
    50194,
    "Application is not configured as a multi-tenant application. Usage of the /common endpoint is not supported for "
    "such apps created after '10/15/2018'. Use a tenant-specific endpoint or configure the application to be "
    "multi-tenant.",
)
TRANSIENT = SignInError(
    400, "temporarily_unavailable", 90033, "A transient error has occurred. Please try again."
)  # seen with 400 and with 503: azure-sdk-for-python 14241
TRANSIENT_503 = replace(TRANSIENT, status=503)

# What proves the application -------------------------------------------------------------------------------------

NO_CREDENTIAL = SignInError(
    401,
    "invalid_client",
    7000216,
    "'client_assertion', 'client_secret' or 'request' is required for the 'client_credentials' grant type.",
)
MALFORMED_ASSERTION = SignInError(400, "invalid_request", 50027, "JWT token is invalid or malformed.")
WRONG_CHAIN = SignInError(401, "invalid_client", 7000213, "Invalid certificate chain.")
WRONG_AUDIENCE = SignInError(
    401, "invalid_client", 700023, "Client assertion audience claim does not match Realm issuer."
)
WRONG_SUBJECT = SignInError(
    401, "invalid_client", 700021, "Client assertion application identifier doesn't match 'client_id' parameter."
)
_FEDERATION = (
    "Check your federated identity credential Subject, Audience and Issuer against the presented assertion. "
    "https://learn.microsoft.com/entra/workload-id/workload-identity-federation"
)


def certificate_refused(reason: str, thumbprint: str) -> SignInError:
    """Return the refusal of a certificate, with what the platform found wrong with it."""
    words = (
        "The certificate with identifier used to sign the client assertion is not registered on application. "
        f"[Reason - {reason}, Thumbprint of key used by client: '{thumbprint}']"
    )
    return SignInError(401, "invalid_client", 700027, words)


def wrong_signature(thumbprint: str) -> SignInError:
    """Return the refusal of an assertion that another key signed than it says."""
    words = (
        "Client assertion contains an invalid signature. [Reason - The key was found, but the signature does not fit "
        f"it., Thumbprint of key used by client: '{thumbprint}']"
    )
    return SignInError(401, "invalid_client", 700027, words)


def wrong_time(now: datetime, begins: float | None, ends: float | None) -> SignInError:
    """Return the refusal of an assertion that is too old, or of the future."""
    told = ["not told" if one is None else _moment(one) for one in (begins, ends)]
    words = (
        "Client assertion is not within its valid time range. "
        f"Current time: {_moment(now.timestamp())}, assertion valid from {told[0]}, expiry time of assertion {told[1]}."
    )
    return SignInError(401, "invalid_client", 700024, words)


def _moment(seconds: float) -> str:
    try:
        return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%dT%H:%M:%S.0000000Z}"
    except (OverflowError, ValueError, OSError):
        return str(seconds)


def no_federation(application: str) -> SignInError:
    """Return the refusal of another service's token where no other service vouches for the application."""
    words = f"The client '{application}' has no configured federated identity credentials."
    return SignInError(401, "invalid_client", 70025, words)


def no_issuer(issuer: str) -> SignInError:
    """Return the refusal of a token by its issuer."""
    words = f"No matching federated identity record found for presented assertion issuer '{issuer}'. {_FEDERATION}"
    return SignInError(401, "invalid_client", 700211, words)


def no_audience(audience: str) -> SignInError:
    """Return the refusal of a token by its audience."""
    words = f"No matching federated identity record found for presented assertion audience '{audience}'. {_FEDERATION}"
    return SignInError(401, "invalid_client", 700212, words)


def no_subject(subject: str, *, but_for_case: bool) -> SignInError:
    """Return the refusal of a token by its subject; the case of its letters counts, as that of issuer and audience."""
    words = f"No matching federated identity record found for presented assertion subject '{subject}'. "
    if but_for_case:
        words += "The subject matches with case-insensitive comparison, but not with case-sensitive comparison. "
    return SignInError(401, "invalid_client", 7002138 if but_for_case else 700213, words + _FEDERATION)


def unknown_key(key: str, issuer: str) -> SignInError:
    """Return the refusal of a token that none of its issuer's keys signed."""
    words = (
        f"The certificate with identifier {key} used to sign the federated credential could not be found in the "
        f"metadata of identity provider {issuer}. Please validate that your Identity Provider's metadata exposes the "
        "key used to sign the incoming token."
    )
    return SignInError(401, "invalid_client", 7000272, words)


def expired_secret(client_id: str) -> SignInError:
    """Return the refusal of a secret that was right once."""
    words = (
        f"The provided client secret keys for app '{client_id}' are expired. Visit the Azure portal to create new keys "
        "for your app: https://aka.ms/NewClientSecret, or consider using certificate credentials for added security: "
        "https://aka.ms/certCreds."
    )
    return SignInError(401, "invalid_client", 7000222, words)


# Tenant, application, request ------------------------------------------------------------------------------------


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


def not_a_tenant(tenant: str) -> SignInError:
    """Return the refusal of what cannot be a tenant's name."""
    words = f"Specified tenant identifier '{tenant}' is neither a valid DNS name, nor a valid external domain."
    return SignInError(400, "invalid_request", 900023, words)


def missing(parameter: str) -> SignInError:
    """Return the refusal of a request that lacks a parameter."""
    words = f"The request body must contain the following parameter: '{parameter}'."
    return SignInError(400, "invalid_request", 900144, words)


def unknown_resource(resource: str, tenant: str) -> SignInError:
    """Return the refusal of a resource that the tenant does not have."""
    words = (
        f"The resource principal named {resource} was not found in the tenant named {tenant}. This can happen if the "
        "application has not been installed by the administrator of the tenant or consented to by any user in the "
        "tenant. You might have sent your authentication request to the wrong tenant."
    )
    return SignInError(400, "invalid_resource", 500011, words)


def no_consent(client_id: str, application: str) -> SignInError:
    """Return the refusal of permissions that nobody has consented to."""
    words = (
        f"The user or administrator has not consented to use the application with ID '{client_id}' named "
        f"'{application}'. Send an interactive authorization request for this user and resource."
    )
    return SignInError(400, "invalid_grant", 65001, words)


def unused_token(issued_at: datetime, days: int) -> SignInError:
    """Return the refusal of a refresh token that lay too long."""
    words = (
        "The refresh token has expired due to inactivity. "
        f"The token was issued on {_moment(issued_at.timestamp())} and was inactive for {days}.00:00:00."
    )
    return SignInError(400, "invalid_grant", 700082, words)


def wrong_response_type(told: str) -> SignInError:
    """Return the refusal of an answer that the sign-in page does not give."""
    words = f"Unsupported response_type '{told}' for the OAuth 2.0 application."
    return SignInError(400, "unsupported_response_type", 700051, words)
