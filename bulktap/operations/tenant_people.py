"""The people of a list that the tenant keeps itself: a group, an administrative unit, new accounts, or all of these.

Several words narrow each other down: who is in the group *and* in the unit *and* was created since. A name that could
be meant in two ways, or in none, is asked, with the candidates and their ids.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING

from bulktap.dispatch.dependencies import READ_LIMITS, ReadTools
from bulktap.dispatch.member_lists import read_list
from bulktap.graph.member_lists import (
    ListedUser,
    ListKind,
    ListRefused,
    created_since_url,
    kind_of,
    members_url,
    named_url,
    one_url,
    read_listed_group,
    read_listed_user,
)
from bulktap.model.errors import NotPermitted, RosterError, UsageError
from bulktap.model.passes import is_guid
from bulktap.model.questions import Choice, Question
from bulktap.model.row_errors import RowError
from bulktap.model.setting_names import Setting
from bulktap.operations.answers import answers_to
from bulktap.operations.tenant_access import jitter, make_sender, run_to_end
from bulktap.results.wording import counted
from bulktap.roster.rows.starts import parse_start_cell

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from bulktap.dispatch.observer import Observer
    from bulktap.graph.member_lists import ListedGroup
    from bulktap.operations.context import OperationContext
    from bulktap.operations.run_settings import ListWish, SendingSettings
    from bulktap.operations.tenant_access import TenantAccess

_SETTINGS = {ListKind.GROUP: Setting.GROUP, ListKind.UNIT: Setting.ADMINISTRATIVE_UNIT}
_MOST_CANDIDATES = 8
_MOST_QUESTIONS = 3
_FORBIDDEN, _MISSING = 403, 404
_WORDS = {"group": "nested group", "orgContact": "contact"}
"""What people call what is in a list beside users."""
_READ_USERS = "User.Read.All"


@dataclass(frozen=True, slots=True)
class People:
    """Whom the tenant's list names."""

    name: str
    """What the list is called: the group, the unit, or since when."""
    users: tuple[ListedUser, ...]
    notes: tuple[str, ...]
    """What is to be said about it, one sentence each."""
    source: Mapping[str, str]
    """What the plan keeps, so that the list can be read again."""


@dataclass(frozen=True, slots=True)
class ListReader:
    """Reads lists of one tenant."""

    access: TenantAccess
    sending: SendingSettings
    at: OperationContext
    observer: Observer

    def read(self, url: str, what: str) -> list[Mapping[str, object]] | ListRefused:
        """Return all items of a list, or why it is refused; see `dispatch.member_lists`."""

        async def answer() -> list[Mapping[str, object]] | ListRefused:
            clock = self.access.service_clock
            async with self.access.client(self.sending) as client:
                sender = make_sender(self.access, client, clock, self.observer)
                tools = ReadTools(sender, self.at.clock, clock, self.observer, READ_LIMITS, jitter)
                return await read_list(url, self.access.graph_url, what, tools)

        return run_to_end(answer(), self.at.front.stoppable)


def people_of(wish: ListWish, zone: ZoneInfo, reader: ListReader) -> People:
    """Return the people whom all that was asked for names.

    Raises:
        QuestionOpen: a name means several groups or units, or none that is like it, and nobody can be asked.
        RosterError: there is nothing of that name, or nobody in it.
        NotPermitted: the app may not read it; the permission is named.
        UsageError: the moment cannot be read.
    """
    found: list[_Found] = []
    for kind, text in ((ListKind.GROUP, wish.group), (ListKind.UNIT, wish.unit)):
        if text is not None:
            if not text.strip():
                raise UsageError(f"{_SETTINGS[kind]} is empty.", hint=f"Give the name or the object id of the {kind}.")
            found.append(_members(_resolved(kind, text.strip(), reader), kind, reader))
    since = None if wish.created_since is None else _moment(wish.created_since, zone)
    if since is not None and not found:
        found.append(_created(since, zone, reader))
        since = None
    return _narrowed(found, since, zone)


@dataclass(frozen=True, slots=True)
class _Found:
    """One list."""

    label: str
    """As a sentence names it."""
    name: str
    users: Mapping[str, ListedUser]
    notes: tuple[str, ...]
    source: Mapping[str, str]


def _resolved(kind: ListKind, text: str, reader: ListReader) -> ListedGroup:
    """Return the group or unit that a text means, asking where it means several."""
    for _ in range(_MOST_QUESTIONS):
        groups = _groups(kind, text, one_url(kind, text) if is_guid(text) else named_url(kind, text), reader)
        if len(groups) == 1:
            return groups[0]
        question = _question(kind, text, groups, reader)
        text = answers_to([question], reader.at.front)[_SETTINGS[kind]].strip()
    raise _none(kind, text)


def _groups(kind: ListKind, text: str, url: str, reader: ListReader) -> list[ListedGroup]:
    items = reader.read(url, f"the {kind} {text}")
    if isinstance(items, ListRefused):
        if items.status == _MISSING:
            raise _none(kind, text)
        raise _refused(items, f"the {kind}s", (kind.permission,))
    return [group for item in items if (group := read_listed_group(item)) is not None]


def _question(kind: ListKind, text: str, groups: Sequence[ListedGroup], reader: ListReader) -> Question:
    """Return the question which one is meant: of those with the name, or of those that are like it.

    Raises:
        RosterError: there is nothing like it.
    """
    if groups:
        words = f"There are {len(groups)} {kind}s named {text}."
    else:
        groups = _alike(text, _groups(kind, text, named_url(kind, text[:3], begins=True), reader)) if text else []
        if not groups:
            raise _none(kind, text)
        words = f"There is no {kind} named {text}."
    choices = tuple(Choice(one.object_id, _told(one), _told(one)) for one in groups[:_MOST_CANDIDATES])
    return Question(_SETTINGS[kind], f"{_SETTINGS[kind].stem}-unclear", words, choices=choices)


def _alike(text: str, groups: Sequence[ListedGroup]) -> list[ListedGroup]:
    by_name: dict[str, list[ListedGroup]] = {}
    for group in groups:
        by_name.setdefault(group.name.casefold(), []).append(group)
    close = get_close_matches(text.casefold(), by_name, _MOST_CANDIDATES, 0.5)
    return [group for name in close or sorted(by_name) for group in by_name[name]]


def _told(group: ListedGroup) -> str:
    return f"{group.name}: {group.description}" if group.description else group.name


def _none(kind: ListKind, text: str) -> RosterError:
    what = "with the id" if is_guid(text) else "named"
    return RosterError(
        f"There is no {kind} {what} {text} in this tenant.",
        hint=f"Check the spelling, or give the object id that Entra shows: {_SETTINGS[kind].to('ID')}.",
    )


def _refused(refused: ListRefused, what: str, permissions: Sequence[str]) -> NotPermitted:
    if refused.status != _FORBIDDEN:
        return NotPermitted(
            f"Microsoft Graph does not show {what} ({refused.status}): {refused.message.rstrip('.')}.",
            hint=f"Check that the app has {' and '.join(permissions)}, and with Entra that the list is there.",
        )
    return NotPermitted(
        f"The app may not read {what}.",
        hint=f"Grant it {' and '.join(permissions)} as an application permission, with admin consent.",
        permissions=list(permissions),
    )


def _members(group: ListedGroup, kind: ListKind, reader: ListReader) -> _Found:
    label = f"the {kind} {group.name}"
    items = reader.read(members_url(kind, group.object_id), f"the members of {label}")
    if isinstance(items, ListRefused):
        raise _refused(items, f"the members of {label}", (kind.permission, _READ_USERS))
    users = _users(items, f"the members of {label}")
    others = Counter(kind_of(item) for item in items if kind_of(item) != "user")
    through = ", through the groups in it too" if kind is ListKind.GROUP else ""
    told = f"The list is that of {label} ({group.object_id}){through}: {counted(len(users), 'user')}{_beside(others)}."
    notes = [told]
    if kind is ListKind.UNIT and others["group"]:
        notes.append("Whoever is in a group of the unit is not in the unit by that, and gets no pass.")
    if group.dynamic:
        notes.append(f"A rule decides who is in {label}; changes of the last hours may not be in the list yet.")
    if not users:
        hidden = " It hides its members: the app needs Member.Read.Hidden too." if group.hides_members else ""
        raise RosterError(
            f"There is no user in {label}{_beside(others)}.",
            hint=f"Look into it in Entra; only users can be given a pass.{hidden}",
        )
    source = {_SETTINGS[kind].stem: group.object_id}
    return _Found(label, group.name, users, tuple(notes), source)


def _beside(others: Mapping[str, int]) -> str:
    """Return what else is in a list, counted: `; not counted: 2 devices`."""
    told = [counted(count, _WORDS.get(kind, kind)) for kind, count in others.items() if count]
    return f"; not counted: {', '.join(told)}" if told else ""


def _users(items: Sequence[Mapping[str, object]], what: str) -> dict[str, ListedUser]:
    users = [user for item in items if (user := read_listed_user(item)) is not None]
    if users and all(user.upn is None for user in users):
        # Of members whom the app may not read, Graph shows type and id, and leaves everything else empty.
        raise _refused(ListRefused(_FORBIDDEN, ""), f"who {what} are", (_READ_USERS,))
    return {user.object_id: user for user in users}


def _created(since: datetime, zone: ZoneInfo, reader: ListReader) -> _Found:
    label = f"the accounts created since {_local(since, zone)}"
    items = reader.read(created_since_url(since), label)
    if isinstance(items, ListRefused):
        raise _refused(items, label, (_READ_USERS,))
    users = _users(items, label)
    name = f"Created since {since.astimezone(zone):%Y-%m-%d}"
    note = f"The list is that of {label}: {counted(len(users), 'user')}."
    return _Found(label, name, users, (note,), {Setting.CREATED_SINCE.stem: _utc(since)})


def _narrowed(found: Sequence[_Found], since: datetime | None, zone: ZoneInfo) -> People:
    """Return whoever is in all lists, and whose account is new enough."""
    users, notes, source = dict(found[0].users), list(found[0].notes), dict(found[0].source)
    for other in found[1:]:
        notes += other.notes
        source |= other.source
        before = len(users)
        users = {key: user for key, user in users.items() if key in other.users}
        notes.append(f"Of {before:,} users, {len(users):,} are in {other.label} too.")
    if since is not None:
        before = len(users)
        users = {key: user for key, user in users.items() if user.created_at is not None and user.created_at >= since}
        notes.append(f"Of {before:,} users, {len(users):,} were created since {_local(since, zone)}.")
        source[Setting.CREATED_SINCE.stem] = _utc(since)
    if not users:
        raise RosterError(f"The list has nobody in it. {' '.join(notes)}", hint="Ask for less at once.")
    if guests := sum(user.guest for user in users.values()):
        told = counted(guests, "user is a guest", "users are guests")
        notes.append(f"{told}; those of other organisations get no pass.")
    return People(found[0].name, tuple(users.values()), tuple(notes), source)


def _moment(text: str, zone: ZoneInfo) -> datetime:
    parsed = parse_start_cell(text.strip(), zone, None)
    if parsed is None or isinstance(parsed, RowError):
        why = parsed.message if isinstance(parsed, RowError) else "it is empty."
        raise UsageError(
            f"{Setting.CREATED_SINCE} cannot be read: {why}",
            hint=f"For example: {Setting.CREATED_SINCE.to('2035-08-01')}.",
        )
    return parsed.moment


def _local(moment: datetime, zone: ZoneInfo) -> str:
    return f"{moment.astimezone(zone):%Y-%m-%d %H:%M} ({zone.key})"


def _utc(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"
