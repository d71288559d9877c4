"""Look-ups in the directory: one user, the tenant's pass policy, the tenant's name; steps and findings; pure.

None of them is covered by the permission to create passes (`User.Read.All`, `Policy.Read.AuthenticationMethod` and
`Organization.Read.All` are extra), so each verdict has room for "not permitted" and the run can go on without.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bulktap.graph.batch import BatchStep, user_path
from bulktap.graph.error_detail import is_refusal, read_error
from bulktap.graph.refusals import read_refusal
from bulktap.graph.wire_times import parse_moment, parse_retry_after
from bulktap.model.passes import PassPolicy, PolicyState
from bulktap.model.plain_text import one_line
from bulktap.model.row_errors import RowErrorCode

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from bulktap.graph.batch import StepResponse
    from bulktap.model.row_errors import RowError

USER_MEMBERS = (
    "id,userPrincipalName,displayName,givenName,surname,accountEnabled,userType,identities,creationType,"
    "externalUserState,createdDateTime"
)
"""What is read of a user."""
_LONGEST_WORD = 40
_POLICY = "/policies/authenticationMethodsPolicy/authenticationMethodConfigurations/TemporaryAccessPass"


@dataclass(frozen=True, slots=True)
class FoundUser:
    """A user as the directory describes them; what it did not say is None."""

    object_id: str
    """The directory's GUID."""
    upn: str | None
    """Sign-in name."""
    display_name: str | None
    """For people."""
    account_enabled: bool | None
    """False when the account is blocked from signing in."""
    external_guest: bool
    """True if they sign in at another organisation and so cannot hold a pass here."""
    created_at: datetime | None = None
    """When the account was created."""
    given_name: str | None = None
    """Often empty, also where `display_name` is not."""
    surname: str | None = None
    """Likewise."""
    guest: bool = False
    """True if the directory calls them a guest, external or not."""


@dataclass(frozen=True, slots=True)
class UserFound:
    """The user exists."""

    user: FoundUser


@dataclass(frozen=True, slots=True)
class UserMissing:
    """The directory has no such user, or cannot make sense of the name."""

    error: RowError


@dataclass(frozen=True, slots=True)
class UserNotPermitted:
    """403: the app may not look users up."""

    message: str
    """The service's words."""


@dataclass(frozen=True, slots=True)
class UserRetry:
    """No answer that could be used; ask again."""

    retry_after: float | None
    throttled: bool


@dataclass(frozen=True, slots=True)
class Organization:
    """The tenant as it names itself."""

    name: str | None = None
    """Its display name."""
    domains: tuple[str, ...] = ()
    """Its verified domains, in lower case; empty where it does not say them."""


@dataclass(frozen=True, slots=True)
class PolicyUnread:
    """There is no policy to go by."""

    reason: str
    """Why, as the end of a sentence."""


UserVerdict = UserFound | UserMissing | UserNotPermitted | UserRetry
PolicyVerdict = PassPolicy | PolicyUnread | UserRetry


def user_step(step_id: str, user: str) -> BatchStep:
    """Return the step that looks up a user by object id or user principal name."""
    return BatchStep(step_id, "GET", f"{user_path(user)}?$select={USER_MEMBERS}")


def policy_step(step_id: str) -> BatchStep:
    """Return the step that reads the tenant's pass policy."""
    return BatchStep(step_id, "GET", _POLICY)


def organization_step(step_id: str) -> BatchStep:
    """Return the step that reads the tenant's name and domains; `Organization.Read.All` shows both."""
    return BatchStep(step_id, "GET", "/organization?$select=id,displayName,verifiedDomains")


def judge_user(response: StepResponse, user: str = "the user", service_now: datetime | None = None) -> UserVerdict:
    """Return what the directory says about a user; `user` is only for the words."""
    if response.status == 200:
        found = read_user(response.body)
        return UserRetry(None, throttled=False) if found is None else UserFound(found)
    if _asks_again(response):
        return _retry(response, service_now)
    detail = read_error(response.body)
    if response.status == 403:
        return UserNotPermitted(detail.message)
    error = read_refusal(response.status, detail, user)
    # A replica that cannot say anything about any user: another may.
    return _retry(response, service_now) if error.code is RowErrorCode.USER_NOT_READY else UserMissing(error)


def judge_policy(response: StepResponse, service_now: datetime | None = None) -> PolicyVerdict:
    """Return the tenant's pass policy, or why it cannot be gone by."""
    if response.status == 200:
        return _read_policy(response.body)
    if _asks_again(response):
        return _retry(response, service_now)
    detail = read_error(response.body)
    if response.status == 403:
        return PolicyUnread("the app lacks Policy.Read.AuthenticationMethod")
    return PolicyUnread(f"Microsoft Graph answered {response.status} {one_line(detail.code, _LONGEST_WORD)}".rstrip())


def judge_organization(response: StepResponse) -> Organization:
    """Return the tenant's name and domains, as far as they may be read."""
    values = response.body.get("value") if response.status == 200 and isinstance(response.body, dict) else None
    first = values[0] if isinstance(values, list) and values else None
    if not isinstance(first, dict):
        return Organization()
    domains = first.get("verifiedDomains")
    listed = domains if isinstance(domains, list) else []
    names = [_text(domain, "name") for domain in listed if isinstance(domain, dict)]
    return Organization(_text(first, "displayName"), tuple([name.casefold() for name in names if name]))


def _asks_again(response: StepResponse) -> bool:
    """Return True unless Graph itself words a refusal; reading changes nothing, so everything else is asked again."""
    return not is_refusal(response.status, read_error(response.body))


def _retry(response: StepResponse, service_now: datetime | None) -> UserRetry:
    wait = parse_retry_after(response.headers.get("retry-after"), service_now)
    return UserRetry(wait, throttled=response.status == 429)


def read_user(body: object) -> FoundUser | None:
    """Return a user as an answer shows them; None where it shows none."""
    if not isinstance(body, dict) or (object_id := _text(body, "id")) is None:
        return None
    enabled, guest = body.get("accountEnabled"), _is_guest(body)
    return FoundUser(
        object_id=object_id,
        upn=_text(body, "userPrincipalName"),
        display_name=_text(body, "displayName"),
        account_enabled=enabled if isinstance(enabled, bool) else None,
        external_guest=guest and _signs_in_elsewhere(body),
        created_at=parse_moment(body.get("createdDateTime")),
        given_name=_text(body, "givenName"),
        surname=_text(body, "surname"),
        guest=guest,
    )


def _is_guest(user: Mapping[str, object]) -> bool:
    """Return True if the directory calls the user a guest.

    That alone rules no pass out: guests with an account of this tenant can hold one (Entra's article on Temporary
    Access Pass).
    """
    return (_text(user, "userType") or "").casefold() == "guest"


def _signs_in_elsewhere(user: Mapping[str, object]) -> bool:
    """Return True if a guest signs in at another organisation.

    What they sign in with (`identities`) decides; without it the traces of an invitation do;
    `#EXT#` in the name only when nothing else was shown. Whoever is not plainly external is left to the service to
    judge.
    """
    identities = user.get("identities")
    if isinstance(identities, list) and identities:
        ways = [_text(identity, "signInType") for identity in identities if isinstance(identity, dict)]
        return "federated" in {(way or "").casefold() for way in ways}
    if "creationType" in user or "externalUserState" in user:
        invited = (_text(user, "creationType") or "").casefold() == "invitation"
        return invited or _text(user, "externalUserState") is not None
    return "#EXT#" in (_text(user, "userPrincipalName") or "").upper()


def _read_policy(body: object) -> PassPolicy | PolicyUnread:
    """Return the policy; a member that is left out has its documented default."""
    if not isinstance(body, dict):
        return PolicyUnread("the answer was not understood")
    state = (_text(body, "state") or "").casefold()
    if state not in {"enabled", "disabled"}:
        word = one_line(_text(body, "state") or "", _LONGEST_WORD)
        return PolicyUnread(f'its state "{word}" is new and not understood' if word else "it has no state")
    # Defaults: temporaryAccessPassAuthenticationMethodConfiguration.
    return PassPolicy(
        state=PolicyState(state),
        minimum_lifetime_minutes=_number(body, "minimumLifetimeInMinutes", 60),
        maximum_lifetime_minutes=_number(body, "maximumLifetimeInMinutes", 480),
        default_lifetime_minutes=_number(body, "defaultLifetimeInMinutes", 60),
        default_length=_number(body, "defaultLength", 8),
        forces_one_time=body.get("isUsableOnce") is True,
    )


def _text(members: Mapping[str, object], name: str) -> str | None:
    value = members.get(name)
    return value if isinstance(value, str) and value else None


def _number(members: Mapping[str, object], name: str, default: int) -> int:
    value = members.get(name)
    return value if isinstance(value, int) and not isinstance(value, bool) else default
