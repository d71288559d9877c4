"""The pretend tenant: users, policy and passes as Microsoft Graph keeps them.

Pure: the clock and the randomness are given, nothing is read or written. Every change is a value (`Change`) that is
applied by one method, so that a state file can replay it. A user holds one pass at a time; a create replaces whatever
is there, without an error and without a warning, and so does a create that lands late: it is checked when it arrives
and carried out at the moment that it is due, by `land`.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, assert_never

from bulktap.simulator import refusals
from bulktap.simulator.access_passes import SOMEBODY_ELSE, AccessPass, CreatedPass, PassOrder, passcode_digest
from bulktap.simulator.changes import (
    Change,
    CreatePlanned,
    MethodRegistered,
    PassCreated,
    PassDeleted,
    PassUsed,
    PolicyChanged,
)
from bulktap.simulator.groups import Groups
from bulktap.simulator.methods import RegisteredMethod
from bulktap.simulator.methods_policy import MethodsPolicy
from bulktap.simulator.oddities import NOTHING_ODD, Oddities, Oddity
from bulktap.simulator.pass_policy import PassPolicy

if TYPE_CHECKING:
    from random import Random

    from bulktap.simulator.answers import Caller
    from bulktap.simulator.refusals import Refusal
    from bulktap.simulator.registration import Registration
    from bulktap.simulator.users import User

Clock = Callable[[], datetime]
"""Tells the time, aware, in UTC."""

_LETTERS_AND_DIGITS = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789"
_NO_TERMS = PassOrder()
_SYMBOLS = "+!="  # published passcodes begin with `+` and end in `!`; `=` is what a spreadsheet takes for a formula


class Tenant:
    """One tenant; see the module's docstring. Not safe to call from two threads at once."""

    def __init__(
        self,
        registration: Registration,
        users: Iterable[User],
        *,
        policy: PassPolicy | None = None,
        clock: Clock,
        random: Random,
    ) -> None:
        self.registration = registration
        self.policy = policy or PassPolicy()
        self.methods_policy = MethodsPolicy()
        """What the policy says of other methods."""
        self.policy_changed_at = clock()
        """When it was changed last."""
        self.clock_off = timedelta()
        """How far the service's clock is off."""
        self.random = random
        self.graph_root = "https://graph.microsoft.com/v1.0/"
        """Where links to further pages lead."""
        self.groups = Groups()
        """Groups and administrative units, with their members."""
        self.permission_removed = False
        """Whether the application has lost the permissions that passes need."""
        self.odd: Callable[[str], Oddities] = lambda _object_id: NOTHING_ODD
        """Tells what is odd about a user besides what the tenant's file says."""
        self.on_change: Callable[[Change], None] | None = None
        self.changes = 0
        self.opened_at = clock()
        """When the simulator began to serve the tenant."""
        self.new_seconds = 0.0
        """For how long from then the users who are oddly new stay unknown to the authentication methods service."""
        self._clock = clock
        self._moment: datetime | None = None
        self._late: dict[str, CreatePlanned] = {}
        self._users: dict[str, User] = {}
        self._ids: dict[str, str] = {}
        self._history: dict[str, list[AccessPass]] = {}
        self._methods: dict[str, list[RegisteredMethod]] = {}
        self._attempts: dict[str, int] = {}
        self._pass_ids: set[str] = set()
        self._digests: set[str] = set()
        for user in users:
            self.add_user(user)

    @property
    def users(self) -> Mapping[str, User]:
        """Every user by object id."""
        return self._users

    def clock(self) -> datetime:
        """Tell the service's time, aware, in UTC."""
        return self._moment or self._clock() + self.clock_off

    @contextmanager
    def at(self, moment: datetime) -> Iterator[None]:
        """Stop the service's clock at a moment while something is carried out."""
        before, self._moment = self._moment, moment
        try:
            yield
        finally:
            self._moment = before

    def add_user(self, user: User) -> None:
        """Add a user.

        Raises:
            ValueError: the object id or the user principal name is taken.
        """
        keys = {user.object_id.lower(), user.upn.casefold()}
        if keys & self._ids.keys():
            raise ValueError(f"two users share an id or a name: {user.upn}")
        self._users[user.object_id] = user
        self._ids.update(dict.fromkeys(keys, user.object_id))

    def remove_user(self, user: User) -> None:
        """Delete a user, as an administrator does whose people leave."""
        del self._users[user.object_id]
        for key in (user.object_id.lower(), user.upn.casefold()):
            del self._ids[key]

    def find(self, reference: str) -> User | None:
        """Return the user with this object id or user principal name, whatever its case."""
        object_id = self._ids.get(reference.lower()) or self._ids.get(reference.casefold())
        return self._users.get(object_id) if object_id else None

    def addressed(self, reference: str | None, caller: Caller) -> User | Refusal | None:
        """Return the user that an address means; without a reference, whoever signed in."""
        if reference is not None:
            return self.find(reference)
        return self.users[caller.user] if caller.user else refusals.DELEGATED_ONLY

    def verified_domains(self) -> list[str]:
        """Return the tenant's domains, its own first: an account of the tenant has a name in one of them."""
        own = (user.upn.rpartition("@")[2].lower() for user in self._users.values() if not user.external)
        return list(dict.fromkeys([self.registration.domain.lower(), *own]))

    def knows_methods_of(self, user: User) -> bool:
        """Tell whether the authentication methods service has heard of the user; asking brings a new one closer."""
        weathers = self.new_seconds if Oddity.NEW in self.odd(user.object_id) else 0.0
        if self.clock() < self.opened_at + timedelta(seconds=max(user.unknown_seconds, weathers)):
            return False
        asked = self._attempts.get(user.object_id, 0)
        if asked >= user.unknown_attempts:
            return True
        self._attempts[user.object_id] = asked + 1
        return False

    def oddities(self, user: User) -> Oddities:
        """Return what is odd about a user, for ever."""
        return user.oddities | self.odd(user.object_id)

    def current(self, user: User) -> AccessPass | None:
        """Return the pass that the user has: the newest one, unless it was deleted."""
        history = self._history.get(user.object_id)
        return history[-1] if history and history[-1].died_at is None else None

    def shown(self, user: User, moment: datetime) -> AccessPass | None:
        """Return the pass that the user had at a moment, as it was then."""
        for access_pass in reversed(self._history.get(user.object_id, ())):
            if access_pass.created_at <= moment:
                alive = access_pass.died_at is None or access_pass.died_at > moment
                return access_pass.as_of(moment) if alive else None
        return None

    def history(self, user: User) -> tuple[AccessPass, ...]:
        """Return every pass that the user ever had, oldest first."""
        return tuple(self._history.get(user.object_id, ()))

    def groups_of(self, user: User) -> tuple[str, ...]:
        """Return the ids of the groups that the user is in, through other groups too."""
        return tuple(dict.fromkeys((*user.groups, *self.groups.around(user.object_id))))

    def groups_naming(self, user: User) -> tuple[str, ...]:
        """Return the ids of the groups that name the user themselves."""
        return tuple(dict.fromkeys((*user.groups, *self.groups.naming(user.object_id))))

    def _covers(self, user: User) -> bool:
        return self.policy.covers(replace(user, groups=self.groups_of(user)) if self.groups.any else user)

    def usability(self, user: User, access_pass: AccessPass) -> str:
        """Return the `methodUsabilityReason` of the user's pass as of now."""
        allowed = self.policy.enabled and self._covers(user) and Oddity.UNUSABLE not in self.oddities(user)
        return access_pass.usability(self.clock(), allowed=allowed)

    def create(self, user: User, order: PassOrder, creator: str, client_request_id: str = "") -> CreatedPass | Refusal:
        """Issue a pass in place of whatever the user has, or say why not."""
        now = self.clock()
        refusal = self._refusal(user, order, now)
        return refusal or self._issue(user, order, creator, client_request_id, now)

    def delete(self, user: User, pass_id: str, by: str) -> Refusal | None:
        """Delete the user's pass; None means that it is gone."""
        access_pass = self.current(user)
        if access_pass is None or access_pass.pass_id != pass_id.lower():
            return refusals.UNKNOWN_PASS
        self._change(PassDeleted(user.object_id, access_pass.pass_id, self.clock(), by))
        return None

    def use_pass(self, user: User) -> bool:
        """Sign in with the user's pass, if it is usable now."""
        access_pass = self.current(user)
        if access_pass is None or self.usability(user, access_pass) != "EnabledByPolicy":
            return False
        self._change(PassUsed(user.object_id, access_pass.pass_id, self.clock()))
        return True

    def methods(self, user: User) -> tuple[RegisteredMethod, ...]:
        """Return the sign-in methods that the user has registered, besides a password and a pass."""
        return tuple(self._methods.get(user.object_id, ()))

    def register_method(self, user: User, kind: str) -> None:
        """Let the user register another way to sign in, one of `methods.KINDS`, now.

        Raises:
            KeyError: there is no such kind.
        """
        method = RegisteredMethod(f"{kind}-{len(self.methods(user)) + 1}", kind, self.clock())
        method.wire()
        self._change(MethodRegistered(user.object_id, method))

    def change_policy(self, passes: PassPolicy | None = None, methods: MethodsPolicy | None = None) -> None:
        """Let an administrator change the policy; what is not given stays as it is."""
        self._change(PolicyChanged(self.clock(), passes or self.policy, methods or self.methods_policy))

    def plan_create(
        self, user: User, order: PassOrder, creator: str, client_request_id: str, due: datetime
    ) -> CreatePlanned | Refusal:
        """Accept a create that lands at a later moment, or say why not."""
        refusal = self._refusal(user, order, self.clock())
        if refusal is not None:
            return refusal
        # The count of changes is in the state file, so that an id is not used again after it is reopened.
        planned = CreatePlanned(user.object_id, f"late-{self.changes}", due, order, creator, client_request_id)
        self._change(planned)
        return planned

    def late_creates(self) -> tuple[CreatePlanned, ...]:
        """Return the creates that have still to land, the next one first."""
        return tuple(sorted(self._late.values(), key=lambda planned: planned.due)) if self._late else ()

    def land(self, planned: CreatePlanned) -> AccessPass:
        """Carry out a late create at the moment when it was due, in place of whatever the user had by then."""
        history = self._history.get(planned.user)
        moment = max(planned.due, history[-1].created_at) if history else planned.due
        user, request_id = self._users[planned.user], planned.client_request_id
        with self.at(moment):
            return self._issue(user, planned.order, planned.creator, request_id, moment, planned.effect_id).access_pass

    def somebody_elses_order(self, ours: PassOrder, *, alike: bool = False) -> PassOrder | None:
        """Return what another administrator asks for: the terms of ours, or another lifetime than ours.

        Returns None where the policy leaves no other lifetime.
        """
        if alike:
            return ours
        asked = ours.lifetime_minutes or self.policy.default_lifetime
        lifetimes = (self.policy.minimum_lifetime, self.policy.maximum_lifetime)
        lifetime = next((minutes for minutes in lifetimes if minutes != asked), None)
        return None if lifetime is None else PassOrder(None, lifetime, None)

    def somebody_else_issues(
        self, user: User, ours: PassOrder = _NO_TERMS, *, alike: bool = False
    ) -> AccessPass | None:
        """Let another administrator issue a pass; None where the policy leaves none to issue."""
        order = self.somebody_elses_order(ours, alike=alike)
        done = self.create(user, order, SOMEBODY_ELSE) if order else None
        return done.access_pass if isinstance(done, CreatedPass) else None

    def put_pass(self, user: User, order: PassOrder, *, created_at: datetime) -> AccessPass:
        """Give the user a pass of somebody else's as of a moment in the past, whatever the policy says."""
        return self._issue(user, order, SOMEBODY_ELSE, "", created_at).access_pass

    def apply(self, change: Change) -> None:
        """Carry out a change that is already decided; how a state file is replayed."""
        self.changes += 1
        if isinstance(change, PolicyChanged):
            self.policy, self.methods_policy, self.policy_changed_at = change.passes, change.methods, change.at
            return
        history = self._history.setdefault(change.user, [])
        match change:
            case PassCreated(access_pass=created):
                if history and history[-1].died_at is None:
                    ended_by = f"replaced by {created.pass_id}"
                    history[-1] = replace(history[-1], died_at=created.created_at, ended_by=ended_by)
                history.append(created)
                self._late.pop(created.late_effect, None)
                self._pass_ids.add(created.pass_id)
                self._digests.add(created.digest)
            case PassDeleted():
                history[-1] = replace(history[-1], died_at=change.at, ended_by=f"deleted by {change.by}")
            case PassUsed():
                history[-1] = replace(history[-1], used=True, used_at=change.at)
            case CreatePlanned():
                self._late[change.effect_id] = change
            case MethodRegistered():
                self._methods.setdefault(change.user, []).append(change.method)
            case _:
                assert_never(change)

    def _refusal(self, user: User, order: PassOrder, now: datetime) -> Refusal | None:
        policy = self.policy
        if user.external:
            return refusals.EXTERNAL_GUEST
        refuses = policy.refuses_out_of_scope and Oddity.UNUSABLE not in self.oddities(user)
        if not policy.enabled or (refuses and not self._covers(user)):
            return refusals.NOT_ALLOWED_BY_POLICY
        lifetime = order.lifetime_minutes
        if lifetime is not None and not policy.minimum_lifetime <= lifetime <= policy.maximum_lifetime:
            return refusals.lifetime_out_of_range(policy.minimum_lifetime, policy.maximum_lifetime)
        if policy.usable_once and order.usable_once is False:
            return refusals.ONE_TIME_ONLY
        if order.starts_at is not None and order.starts_at < now:
            return refusals.START_IN_PAST
        return None

    def _issue(
        self,
        user: User,
        order: PassOrder,
        creator: str,
        client_request_id: str,
        now: datetime,
        late_effect: str = "",
    ) -> CreatedPass:
        passcode = self._fresh_passcode()
        access_pass = AccessPass(
            pass_id=self._fresh_pass_id(),
            digest=passcode_digest(passcode),
            created_at=now.astimezone(UTC),
            starts_at=order.starts_at or now.astimezone(UTC),
            lifetime_minutes=order.lifetime_minutes or self.policy.default_lifetime,
            usable_once=self.policy.usable_once if order.usable_once is None else order.usable_once,
            creator=creator,
            client_request_id=client_request_id,
            late_effect=late_effect,
        )
        self._change(PassCreated(user.object_id, access_pass))
        return CreatedPass(access_pass, self.usability(user, access_pass), passcode)

    def _change(self, change: Change) -> None:
        self.apply(change)
        if self.on_change is not None:
            self.on_change(change)

    def _fresh_pass_id(self) -> str:
        while (pass_id := str(uuid.UUID(int=self.random.getrandbits(128), version=4))) in self._pass_ids:
            continue
        return pass_id

    def _fresh_passcode(self) -> str:
        # Unlike the service's, ours are unique within the tenant, so that a test can tell from a code whose it is.
        while True:
            code = "".join(self.random.choices(_LETTERS_AND_DIGITS, k=self.policy.default_length))
            if self.random.random() < 0.25:
                code = self.random.choice(_SYMBOLS) + code[1:]
            if passcode_digest(code) not in self._digests:
                return code
