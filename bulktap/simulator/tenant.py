"""The pretend tenant: users, policy and passes as Microsoft Graph keeps them.

Pure: the clock and the randomness are given, nothing is read or written. Every change is a value (`Change`) that is
applied by one method, so that a state file can replay it. A user holds one pass at a time; a create replaces whatever
is there, without an error and without a warning.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, assert_never

from bulktap.simulator import refusals
from bulktap.simulator.access_passes import SOMEBODY_ELSE, AccessPass, CreatedPass, PassOrder, passcode_digest
from bulktap.simulator.changes import Change, PassCreated, PassDeleted, PassUsed
from bulktap.simulator.pass_policy import PassPolicy

if TYPE_CHECKING:
    from random import Random

    from bulktap.simulator.refusals import Refusal
    from bulktap.simulator.registration import Registration
    from bulktap.simulator.users import User

Clock = Callable[[], datetime]
"""Tells the time, aware, in UTC."""

_LETTERS_AND_DIGITS = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789"
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
        self.clock = clock
        self.random = random
        self.on_change: Callable[[Change], None] | None = None
        self.changes = 0
        self._users: dict[str, User] = {}
        self._ids: dict[str, str] = {}
        self._history: dict[str, list[AccessPass]] = {}
        self._attempts: dict[str, int] = {}
        self._pass_ids: set[str] = set()
        self._digests: set[str] = set()
        for user in users:
            self.add_user(user)

    @property
    def users(self) -> Mapping[str, User]:
        """Every user by object id."""
        return self._users

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

    def find(self, reference: str) -> User | None:
        """Return the user with this object id or user principal name, whatever its case."""
        object_id = self._ids.get(reference.lower()) or self._ids.get(reference.casefold())
        return self._users.get(object_id) if object_id else None

    def knows_methods_of(self, user: User) -> bool:
        """Tell whether the authentication methods service has heard of the user; asking brings a new one closer."""
        asked = self._attempts.get(user.object_id, 0)
        if asked >= user.unknown_attempts:
            return True
        self._attempts[user.object_id] = asked + 1
        return False

    def current(self, user: User) -> AccessPass | None:
        """Return the pass that a list shows: the newest one, unless it was deleted."""
        history = self._history.get(user.object_id)
        return history[-1] if history and history[-1].died_at is None else None

    def history(self, user: User) -> tuple[AccessPass, ...]:
        """Return every pass that the user ever had, oldest first."""
        return tuple(self._history.get(user.object_id, ()))

    def usability(self, user: User, access_pass: AccessPass) -> str:
        """Return the `methodUsabilityReason` of the user's pass as of now."""
        allowed = self.policy.enabled and self.policy.covers(user)
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
        self._change(PassUsed(user.object_id, access_pass.pass_id))
        return True

    def somebody_else_issues(self, user: User, *, unlike: int | None = None) -> AccessPass | None:
        """Let another administrator issue a pass of a lifetime other than `unlike` minutes.

        Returns None where the policy leaves no other lifetime, or no pass at all.
        """
        asked = self.policy.default_lifetime if unlike is None else unlike
        lifetimes = (self.policy.minimum_lifetime, self.policy.maximum_lifetime)
        lifetime = next((minutes for minutes in lifetimes if minutes != asked), None)
        if lifetime is None:
            return None
        done = self.create(user, PassOrder(None, lifetime, None), SOMEBODY_ELSE)
        return done.access_pass if isinstance(done, CreatedPass) else None

    def put_pass(self, user: User, order: PassOrder, *, created_at: datetime) -> AccessPass:
        """Give the user a pass of somebody else's as of a moment in the past, whatever the policy says."""
        return self._issue(user, order, SOMEBODY_ELSE, "", created_at).access_pass

    def apply(self, change: Change) -> None:
        """Carry out a change that is already decided; how a state file is replayed."""
        self.changes += 1
        history = self._history.setdefault(change.user, [])
        match change:
            case PassCreated(access_pass=created):
                if history and history[-1].died_at is None:
                    ended_by = f"replaced by {created.pass_id}"
                    history[-1] = replace(history[-1], died_at=created.created_at, ended_by=ended_by)
                history.append(created)
                self._pass_ids.add(created.pass_id)
                self._digests.add(created.digest)
            case PassDeleted():
                history[-1] = replace(history[-1], died_at=change.at, ended_by=f"deleted by {change.by}")
            case PassUsed():
                history[-1] = replace(history[-1], used=True)
            case _:
                assert_never(change)

    def _refusal(self, user: User, order: PassOrder, now: datetime) -> Refusal | None:
        policy = self.policy
        if user.external:
            return refusals.EXTERNAL_GUEST
        if not policy.enabled or (policy.refuses_out_of_scope and not policy.covers(user)):
            return refusals.NOT_ALLOWED_BY_POLICY
        lifetime = order.lifetime_minutes
        if lifetime is not None and not policy.minimum_lifetime <= lifetime <= policy.maximum_lifetime:
            return refusals.lifetime_out_of_range(policy.minimum_lifetime, policy.maximum_lifetime)
        if policy.usable_once and order.usable_once is False:
            return refusals.ONE_TIME_ONLY
        if order.starts_at is not None and order.starts_at < now:
            return refusals.START_IN_PAST
        return None

    def _issue(self, user: User, order: PassOrder, creator: str, client_request_id: str, now: datetime) -> CreatedPass:
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
