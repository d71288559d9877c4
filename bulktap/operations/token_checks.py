"""What an access token says for itself: tenant, app, end, and which permissions are missing, and who may grant them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bulktap.graph import permissions
from bulktap.graph.sign_in.claims import end_of
from bulktap.model.checks import Check, fine, warning, wrong
from bulktap.model.cloud import consent_link
from bulktap.model.exit_codes import ExitCode
from bulktap.model.plain_text import one_line
from bulktap.model.sign_in_ways import SignInWay

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from bulktap.graph.permissions import Need

_LONGEST = 80
"""Characters of a claim that are shown."""


@dataclass(frozen=True, slots=True)
class Grantor:
    """Where somebody grants what is missing."""

    way: SignInWay
    tenant: str
    app_id: str
    authority_url: str


def token_checks(claims: Mapping[str, object], grantor: Grantor) -> Iterator[Check]:
    """Yield what a token says, and each permission that is missing in it."""
    if not claims:
        yield warning(
            "token",
            "Token",
            "The token cannot be read here, so which permissions it carries is not known.",
            "Nothing is to be done: Microsoft Graph reads it. What is refused below names the permission.",
        )
        return
    person = grantor.way.by_person
    granted = _granted(claims, person=person)
    details = tuple(_told(claims, person=person))
    if not granted:
        kind = "roles" if not person else "scopes"
        yield wrong(
            "token",
            "Token",
            f"The token carries no {kind}: nobody has given admin consent to the app's permissions in this tenant.",
            f"Have it granted {_required_words(person=person)}. {_how_to_grant(claims, grantor, [permissions.PASSES])}",
            ExitCode.ACCESS,
            (*details, *(_missing_line(need, person=person) for need in permissions.NEEDS if not need.seldom)),
        )
        return
    yield fine("token", "Token", f"It is for tenant {_text(claims, 'tid') or grantor.tenant}.", details)
    yield from _permission_checks(granted, claims, grantor)
    yield from _role_checks(claims, person=person)


def _permission_checks(granted: frozenset[str], claims: Mapping[str, object], grantor: Grantor) -> Iterator[Check]:
    person = grantor.way.by_person
    missing = [need for need in permissions.NEEDS if not need.is_met(granted)]
    if all(need.seldom for need in missing):
        notes = [f"Not granted, and needed by few: {_missing_line(need, person=person)}" for need in missing]
        yield fine("permissions", "Permissions", "Everything that issuing passes needs is granted.", notes)
        return
    required = [need for need in missing if need.required]
    for need in required:
        found = f"{need.permission.name} is missing; it is there to {need.purpose}. {need.without}"
        if permissions.READ_PASSES & granted:
            found += " What is granted shows passes and makes none."
        details = [f"{_kind(person=person)} permission, id {_id_of(need, person=person)}"]
        yield wrong("permission", "Permission", found, _how_to_grant(claims, grantor, [need]), ExitCode.ACCESS, details)
    optional = [need for need in missing if not need.required and not need.seldom]
    if optional:
        names = " and ".join(need.permission.name for need in optional)
        found = f"{names} {'is' if len(optional) == 1 else 'are'} missing; passes can be issued without."
        details = [f"{_missing_line(need, person=person)}. {need.without}" for need in optional]
        yield warning("permission", "Permission", found, _how_to_grant(claims, grantor, optional), details)


def _role_checks(claims: Mapping[str, object], *, person: bool) -> Iterator[Check]:
    """Yield whether the person who signed in has a role that may issue passes, where the token tells roles."""
    roles = claims.get("wids")
    if not person or not isinstance(roles, list):
        return
    if permissions.PASS_ADMINISTRATORS.isdisjoint(roles):
        yield wrong(
            "role",
            "Role",
            "Whoever signed in has no active role that may issue passes.",
            "Activate Authentication Administrator (or Privileged Authentication Administrator, for administrators) "
            "in Privileged Identity Management, or have it assigned; then sign in again, because roles are read then.",
            ExitCode.ACCESS,
        )
    else:
        yield fine("role", "Role", "Whoever signed in has a role that may issue passes.")


def _granted(claims: Mapping[str, object], *, person: bool) -> frozenset[str]:
    if person:
        scopes = claims.get("scp")
        return frozenset(scopes.split()) if isinstance(scopes, str) else frozenset()
    roles = claims.get("roles")
    return frozenset(one for one in roles if isinstance(one, str)) if isinstance(roles, list) else frozenset()


def _told(claims: Mapping[str, object], *, person: bool) -> Iterator[str]:
    name = _text(claims, "app_displayname")
    app = _text(claims, "appid") or _text(claims, "azp")
    if app:
        yield f"App {app}{f' ({name})' if name else ''}"
    if ends := end_of(claims):
        yield f"Good until {ends:%Y-%m-%d %H:%M} UTC; bulktap asks for another in time"
    granted = sorted(_granted(claims, person=person))
    if granted:
        yield f"{'Scopes' if person else 'Roles'}: {one_line(', '.join(granted), 1000)}"


def _text(claims: Mapping[str, object], name: str) -> str:
    value = claims.get(name)
    return one_line(value, _LONGEST) if isinstance(value, str) else ""


def _id_of(need: Need, *, person: bool) -> str:
    return need.permission.delegated_id if person else need.permission.application_id


def _missing_line(need: Need, *, person: bool) -> str:
    return f"{need.permission.name} ({_id_of(need, person=person)}): to {need.purpose}"


def _kind(*, person: bool) -> str:
    return "Application" if not person else "Delegated"


def _required_words(*, person: bool) -> str:
    need = permissions.PASSES
    return f"{need.permission.name} ({_id_of(need, person=person)}) at least, and the others if possible"


def _how_to_grant(claims: Mapping[str, object], grantor: Grantor, needs: Sequence[Need]) -> str:
    """Return who grants these, and how."""
    names = " and ".join(need.permission.name for need in needs)
    if grantor.way is SignInWay.MANAGED_IDENTITY:
        principal = _text(claims, "oid") or "PRINCIPAL"
        roles = ", ".join(f"'{need.permission.application_id}'" for need in needs)
        return (
            "A Privileged Role Administrator grants it in PowerShell; no page of the portal does: "
            f"`{roles} | ForEach-Object {{ New-MgServicePrincipalAppRoleAssignment -ServicePrincipalId {principal} "
            f"-PrincipalId {principal} -ResourceId (Get-MgServicePrincipal -Filter "
            f"\"appId eq '{permissions.GRAPH_APP_ID}'\").Id -AppRoleId $_ }}`. "
            "Tokens are kept for up to 24 hours, so it takes that long."
        )
    link = consent_link(grantor.authority_url, grantor.tenant, grantor.app_id)
    return (
        f"Add {names} under API permissions of the app registration (Microsoft Graph, "
        f"{_kind(person=grantor.way.by_person)} permissions); then a Privileged Role Administrator grants admin "
        f"consent there, or on this page: {link}"
    )
