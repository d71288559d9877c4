"""Guards of a plan: who gets no pass whatever the roster says, and what has to be typed before it is carried out; pure.

A user is compared by every name that is known of them: the roster's text, the sign-in name that the directory gives,
the object id. Where a name is not known by which somebody is guarded, and the tenant was asked, the row is refused:
a guard that cannot be checked holds.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from bulktap.model.guards import Guards
from bulktap.model.passes import MAX_LIFETIME_MINUTES, is_guid
from bulktap.model.plain_text import in_number
from bulktap.model.plan import Action, UserFinding
from bulktap.model.row_error_catalogue import about_guards
from bulktap.planning.never_list import NeverList
from bulktap.planning.patterns import Patterns

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from bulktap.model.plan import Plan, PlanRow, TenantFindings
    from bulktap.model.row_errors import RowError
    from bulktap.roster.model import CheckedRoster


class UserNames(NamedTuple):
    """The names by which a user is known."""

    text: str
    """The roster's."""
    sign_in: str | None = None
    """The directory's."""
    object_id: str | None = None
    earlier: tuple[str, ...] = ()
    """Those that a plan has."""

    @property
    def known(self) -> tuple[str, ...]:
        """All of them."""
        return tuple(name for name in (self.text, self.sign_in, self.object_id, *self.earlier) if name)

    @property
    def sign_in_name(self) -> str | None:
        """The name that they sign in with; the roster's, if the directory gave none."""
        return self.sign_in or (None if is_guid(self.text) else self.text)

    @property
    def has_id(self) -> bool:
        """Whether their object id is known."""
        return self.object_id is not None or is_guid(self.text)


class UserGuard:
    """Says whether a user may get a pass."""

    def __init__(self, guards: Guards | None = None, never: NeverList | None = None, *, asked: bool = True) -> None:
        """Take the guards, the kept lists, and whether the tenant was asked about the users."""
        guards = guards or Guards()
        self._never = never or NeverList()
        self._deny = guards.deny
        self._denied = Patterns(guards.deny)
        self._allowed = [(Patterns(patterns), patterns) for patterns in guards.allow]
        self._asked = asked
        self._holds = bool(self._never) or bool(guards.deny) or bool(guards.allow)

    def fault(self, names: UserNames, *, if_unclear: bool = True) -> RowError | None:
        """Return why the user gets no pass; None if nothing keeps them from it.

        Args:
            names: of the user.
            if_unclear: whether a guard that cannot be checked is such a reason.
        """
        if not self._holds:
            return None
        if (place := self._never.place_of(names.known)) is not None:
            return about_guards.never_listed(names.text, place)
        if (pattern := self._denied.of(names.known)) is not None:
            return about_guards.denied(names.text, pattern)
        allowed_by = [name for name in (names.sign_in_name, names.object_id, names.text) if name]
        if names.sign_in is not None and not is_guid(names.text):
            allowed_by.remove(names.text)  # an alias; the directory's name decides
        for allowed, patterns in self._allowed:
            if allowed.of(allowed_by) is None:
                return about_guards.not_allowed(names.text, ", ".join(patterns))
        return self._unclear(names) if self._asked and if_unclear else None

    def _unclear(self, names: UserNames) -> RowError | None:
        """Return that a guard cannot be checked, because the name by which it goes is not known."""
        by_name, by_id = names.sign_in_name is not None, names.has_id
        if by_name and by_id:
            return None
        if (place := self._never.place_unclear(sign_in_name=by_name, object_id=by_id)) is not None:
            return about_guards.perhaps_never_listed(names.text, place)
        unclear = next((pattern for pattern in self._deny if not (by_id if is_guid(pattern) else by_name)), None)
        return None if unclear is None else about_guards.perhaps_denied(names.text, unclear)


def barred_rows(plan: Plan, guard: UserGuard) -> Mapping[int, RowError]:
    """Return which rows of a plan get no pass although it says so, by the plan number of the row that creates it."""
    found: dict[int, RowError] = {}
    for row in plan.rows:
        _bar(found, row, guard, UserNames(plan.user_text(row), row.upn, row.object_id))
    return found


def barred_now(
    plan: Plan, checked: CheckedRoster, findings: TenantFindings, guard: UserGuard
) -> Mapping[int, RowError]:
    """Return the same of a plan that was signed off, with what the directory says of its users now."""
    found: dict[int, RowError] = {}
    for row, source in zip(plan.rows, checked.rows, strict=True):
        if source.user is not None:
            now = findings.users.get(source.user.folded, UserFinding())
            earlier = tuple(name for name in (row.upn, row.object_id) if name)
            names = UserNames(source.user.text, now.upn or row.upn, now.object_id or row.object_id, earlier)
            _bar(found, row, guard, names)
    return found


def _bar(found: dict[int, RowError], row: PlanRow, guard: UserGuard, names: UserNames) -> None:
    serving = row.merged_into if row.merged_into is not None else row.number
    if serving not in found and (row.action.creates or row.action is Action.MERGE):
        error = guard.fault(names)
        if error is not None:
            found[serving] = error


@dataclass(frozen=True, slots=True)
class TypedConfirmation:
    """What has to be typed in place of yes, and why."""

    words: tuple[str, ...]
    """Any of these, the one that is asked for first."""
    kind: str
    """What that one is: the tenant's `domain`, `name` or `id`."""
    because: tuple[str, ...] = field(default=())
    """What is as large as that, in words: `600 passes`."""
    by_person: bool = False
    """Whether a yes given in advance does not answer it."""

    def is_answered_by(self, answer: str) -> bool:
        """Return True if that was typed."""
        return " ".join(answer.split()).casefold() in {" ".join(word.split()).casefold() for word in self.words}


def typed_confirmation(
    plan: Plan, guards: Guards, left_out: Mapping[int, RowError], domains: Sequence[str] = ()
) -> TypedConfirmation | None:
    """Return what has to be typed before a plan is carried out; None where a yes will do.

    Args:
        plan: what would be carried out.
        guards: what the run keeps to.
        left_out: rows that get no pass after all.
        domains: the tenant's, where they may be read.
    """
    creating = [row for row in plan.creating() if row.number not in left_out]
    replaced = sum(row.action is Action.REPLACE for row in creating)
    # Where the tenant's default cannot be read, a pass may last as long as any tenant allows.
    default = plan.policy.default_lifetime_minutes if plan.policy else MAX_LIFETIME_MINUTES
    longest = max((row.request.terms.lifetime_minutes or default for row in creating if row.request), default=0)
    sizes = (
        (len(creating), guards.type_from_rows, in_number(len(creating), "pass", "passes")),
        (longest, guards.type_from_lifetime, f"passes that work for up to {_hours(longest)}"),
        (replaced, guards.type_from_replacements, f"{in_number(replaced, 'pass', 'passes')} replaced"),
    )
    because = tuple(words for size, start, words in sizes if start is not None and size and size >= start)
    if not because:
        return None
    words = {
        **dict.fromkeys(_by_rows(domains, creating), "domain"),
        **({plan.tenant.name: "name"} if plan.tenant.name else {}),
        plan.tenant.tenant_id: "id",
    }
    return TypedConfirmation(tuple(words), next(iter(words.values())), because, guards.typed_by_person)


def _by_rows(domains: Sequence[str], rows: Iterable[PlanRow]) -> list[str]:
    """Return the tenant's domains, the one with most of the users first."""
    users = Counter((row.upn or "").rpartition("@")[2].casefold() for row in rows)
    return sorted(domains, key=lambda domain: -users[domain.casefold()])


def _hours(minutes: int) -> str:
    return f"{minutes / 60:g} h" if minutes % 30 == 0 else f"{minutes} min"
