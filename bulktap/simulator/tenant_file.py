"""Tenants from a file, and tenants made up for a list of users.

The file is JSON: `tenant` (see `registration_file`), `policy` and `users`, with the names of the wire. A user's
`accessPass` is told in minutes before now (`startedMinutesAgo`), so that a file does not go stale. Only `users` with a
`userPrincipalName` each is required.

`groups` and `administrativeUnits` have a `displayName` and `members`, each a user's name or id or a group's id or name;
`devices` and `contacts` say how many of these are in one besides, `dynamic` that a rule decides who is.

A user's `methods` are the ways to sign in that they have registered: `kind` (`passkey`, `phone`, `authenticator`,
`hello`) and `registeredMinutesAgo`, without which the service does not say when.

Users may have the properties `department`, `createdDateTime`, `onPremisesSyncEnabled` and those that `users` names in
`TEXTS` and `LISTS`, such as `jobTitle`, `city`, `usageLocation`, `businessPhones`.

What makes a user odd, for ever: `oddities`, a list of `list_500`, `create_503`, `administrator`, `restricted`,
`unlicensed`, `unusable` and `new` (see `oddities`); a `new` one is answered 404 for `unknownSeconds` (30) from the
simulator's start, and `unknownAttempts` counts questions instead.
"""

from __future__ import annotations

import json
import secrets
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from bulktap.simulator.access_passes import PassOrder
from bulktap.simulator.changes import MethodRegistered, PassUsed
from bulktap.simulator.groups import Group
from bulktap.simulator.methods import KINDS, RegisteredMethod
from bulktap.simulator.methods_policy import MethodsPolicy
from bulktap.simulator.oddities import Oddity, read_oddities
from bulktap.simulator.pass_policy import PassPolicy, read_policy
from bulktap.simulator.registration import Registration
from bulktap.simulator.registration_file import registration_from_json, registration_to_json, stable_id
from bulktap.simulator.tenant import Clock, Tenant
from bulktap.simulator.users import LISTS, TEXTS, User

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path
    from random import Random

_NEW_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class SeedUser:
    """A user that a made-up tenant is to have; at least one of id and name is given."""

    upn: str | None = None
    object_id: str | None = None
    display_name: str | None = None
    given_name: str | None = None
    surname: str | None = None


def system_clock() -> datetime:
    """Return the machine's time."""
    return datetime.now(UTC)


def load_tenant(path: Path, *, clock: Clock = system_clock, random: Random | None = None) -> Tenant:
    """Load a tenant from a JSON file.

    Raises:
        OSError: the file cannot be read.
        ValueError: it is not JSON, or does not describe a tenant; the message says what is wrong.
    """
    try:
        return tenant_from_json(json.loads(path.read_bytes()), clock=clock, random=random)
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"{path.name} does not describe a tenant: {error}") from error


def seed_tenant(
    users: Sequence[SeedUser],
    *,
    name: str = "Contoso",
    tenant_id: str | None = None,
    domain: str = "contoso.com",
    policy: PassPolicy | None = None,
    clock: Clock = system_clock,
    random: Random | None = None,
) -> Tenant:
    """Make up a tenant that has these users; a user named twice is one, and a name with `#EXT#` an external guest.

    Object ids, and the names of users who are known by id only, follow from what is given: the same users get the
    same ids every time.
    """
    registration = Registration(
        tenant_id=(tenant_id or stable_id("tenant", name)).lower(),
        name=name,
        client_id=stable_id("application", name),
        client_secret=secrets.token_urlsafe(30),
        domain=domain,
    )
    made: dict[str, User] = {}
    taken: dict[str, str] = {}
    for seed in users:
        keys = [key.casefold() for key in (seed.upn, seed.object_id) if key]
        known = next((taken[key] for key in keys if key in taken), None)
        if not keys or known is not None:
            taken.update(dict.fromkeys(keys, known or ""))
            continue
        user = _made_up(seed, domain)
        made[user.object_id] = user
        taken.update(dict.fromkeys([*keys, user.upn.casefold(), user.object_id], user.object_id))
    return Tenant(registration, made.values(), policy=policy, clock=clock, random=random or secrets.SystemRandom())


def tenant_from_json(data: dict[str, Any], *, clock: Clock, random: Random | None) -> Tenant:
    """Make a tenant of a file's content."""
    registration = registration_from_json(data.get("tenant", {}))
    domain = registration.domain
    policy = read_policy(data.get("policy", {}))
    tenant = Tenant(registration, (), policy=policy, clock=clock, random=random or secrets.SystemRandom())
    if "methodsPolicy" in data:
        tenant.methods_policy = MethodsPolicy(**data["methodsPolicy"])
    for item in data["users"]:
        user = _read_user(item, domain)
        tenant.add_user(user)
        if item.get("accessPass"):
            _put_pass(tenant, user, item["accessPass"])
        for number, method in enumerate(item.get("methods", ()), 1):
            _put_method(tenant, user, number, method)
    _put_groups(tenant, data)
    return tenant


def tenant_to_json(tenant: Tenant) -> dict[str, Any]:
    """Return what `tenant_from_json` makes the same tenant of, but for its passes."""
    return {
        "tenant": registration_to_json(tenant.registration),
        "policy": pass_policy_to_json(tenant.policy),
        "methodsPolicy": asdict(tenant.methods_policy),
        "users": [user_to_json(user) for user in tenant.users.values()],
        "groups": [_group_to_json(group) for group in tenant.groups.all(units=False)],
        "administrativeUnits": [_group_to_json(group) for group in tenant.groups.all(units=True)],
    }


def pass_policy_to_json(policy: PassPolicy) -> dict[str, Any]:
    """Return what a file says of a policy of passes."""
    return {**policy.wire(), "refusesOutOfScope": policy.refuses_out_of_scope}


def _put_groups(tenant: Tenant, data: dict[str, Any]) -> None:
    """Add the groups and administrative units of a file.

    Raises:
        ValueError: a member is neither a user nor a group of the file.
    """
    ids = {one["displayName"].casefold(): _group_id(one) for one in data.get("groups", ())}
    ids |= {one: one for one in ids.values()}
    for name, unit in (("groups", False), ("administrativeUnits", True)):
        for item in data.get(name, ()):
            members = []
            for member in item.get("members", ()):
                user = tenant.find(member)
                found = ids.get(member.casefold()) if user is None else user.object_id
                if found is None:
                    raise ValueError(f"{item['displayName']}: its member {member} is nobody of this tenant")
                members.append(found)
            tenant.groups.put(
                Group(
                    _group_id(item),
                    item["displayName"],
                    tuple(members),
                    item.get("description"),
                    int(item.get("devices", 0)),
                    int(item.get("contacts", 0)),
                    bool(item.get("dynamic", False)),
                    unit,
                )
            )


def _group_id(item: dict[str, Any]) -> str:
    return str(item.get("id", stable_id("group", item["displayName"]))).lower()


def _group_to_json(group: Group) -> dict[str, Any]:
    return {
        "id": group.object_id,
        "displayName": group.name,
        "members": list(group.members),
        "description": group.description,
        "devices": group.devices,
        "contacts": group.contacts,
        "dynamic": group.dynamic,
    }


def _read_user(item: dict[str, Any], domain: str) -> User:
    upn = item["userPrincipalName"]
    external = bool(item.get("external", "#ext#" in upn.lower()))
    oddities = read_oddities(item.get("oddities", []))
    unknown_seconds = _NEW_SECONDS if Oddity.NEW in oddities else 0.0
    return User(
        object_id=item.get("id", stable_id("user", upn)).lower(),
        upn=upn,
        display_name=item.get("displayName", upn.partition("@")[0]),
        given_name=item.get("givenName"),
        surname=item.get("surname"),
        mail=item.get("mail", None if external else upn),
        enabled=bool(item.get("accountEnabled", True)),
        user_type=item.get("userType", "Guest" if external else "Member"),
        external=external,
        groups=tuple(item.get("groups", ())),
        in_scope=item.get("inScope"),
        protected=bool(item.get("protected", False)),
        unknown_attempts=int(item.get("unknownAttempts", 0)),
        unknown_seconds=float(item.get("unknownSeconds", unknown_seconds)),
        oddities=oddities,
        department=item.get("department"),
        created_at=datetime.fromisoformat(item["createdDateTime"]) if item.get("createdDateTime") else None,
        domain=domain,
        texts={name: str(item[name]) for name in TEXTS if item.get(name)},
        lists={name: _texts(item[name], name) for name in LISTS if item.get(name)},
        synchronized=item.get("onPremisesSyncEnabled"),
    )


def _texts(value: object, name: str) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise TypeError(f"{name} is a list of texts, not {value!r}")
    return tuple(map(str, value))


def user_to_json(user: User) -> dict[str, Any]:
    """Return what a file says of a user."""
    return {
        "id": user.object_id,
        "userPrincipalName": user.upn,
        "displayName": user.display_name,
        "givenName": user.given_name,
        "surname": user.surname,
        "mail": user.mail,
        "accountEnabled": user.enabled,
        "userType": user.user_type,
        "external": user.external,
        "groups": list(user.groups),
        "inScope": user.in_scope,
        "protected": user.protected,
        "unknownAttempts": user.unknown_attempts,
        "unknownSeconds": user.unknown_seconds,
        "oddities": sorted(user.oddities),
        "department": user.department,
        "createdDateTime": user.created_at.isoformat() if user.created_at else None,
        "onPremisesSyncEnabled": user.synchronized,
        **user.texts,
        **{name: list(values) for name, values in user.lists.items()},
    }


def _put_pass(tenant: Tenant, user: User, item: dict[str, Any]) -> None:
    started_at = tenant.clock() - timedelta(minutes=item.get("startedMinutesAgo", 0))
    order = PassOrder(started_at, item.get("lifetimeInMinutes"), item.get("isUsableOnce"))
    access_pass = tenant.put_pass(user, order, created_at=min(started_at, tenant.clock()))
    if item.get("used"):
        tenant.apply(PassUsed(user.object_id, access_pass.pass_id))


def _put_method(tenant: Tenant, user: User, number: int, item: dict[str, Any]) -> None:
    minutes = item.get("registeredMinutesAgo")
    at = None if minutes is None else tenant.clock() - timedelta(minutes=minutes)
    if item["kind"] not in KINDS:
        raise ValueError(f"{user.upn}: {item['kind']!r} is none of {', '.join(KINDS)}")
    tenant.apply(MethodRegistered(user.object_id, RegisteredMethod(f"{item['kind']}-{number}", item["kind"], at)))


def _made_up(seed: SeedUser, domain: str) -> User:
    object_id = (seed.object_id or stable_id("user", seed.upn or "")).lower()
    upn = seed.upn or f"user-{object_id.replace('-', '')[:12]}@{domain}"
    item = {
        "id": object_id,
        "userPrincipalName": upn,
        "displayName": seed.display_name or upn.partition("@")[0],
        "givenName": seed.given_name,
        "surname": seed.surname,
    }
    return _read_user(item, domain)
