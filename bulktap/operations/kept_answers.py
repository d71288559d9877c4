"""KeptAnswers: what the tenant said about users before planning was stopped, for ten minutes.

A plan of thousands of rows takes its time, and somebody who stops it, or whose line breaks, makes it again a moment
later. Names are personal data, and what is in here decides who gets a pass: so it is a file of this user's, on this
machine, and never in a reports folder that others may write to. It holds no secret. Only whole answers are kept: users
who were found, with their passes; whatever was wrong with somebody is asked again.
"""

from __future__ import annotations

import hashlib
import json
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from bulktap.model.errors import DiskRefuses
from bulktap.model.passes import AccessPass, is_guid
from bulktap.model.plan import UserFinding
from bulktap.storage import MEGABYTE, make_folder, write_file
from bulktap.storage.files import patiently
from bulktap.storage.trusted_files import read_if_sound
from bulktap.storage.untrusted_json import json_object

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from bulktap.operations.tenant_access import TenantAccess
    from bulktap.operations.user_place import UserPlace

_YOUNG = timedelta(minutes=10)
_CLOCKS_AGREE = timedelta(minutes=2)
_MOST_BYTES = 200 * MEGABYTE
_SCHEMA = 2
_TEXTS = ("object_id", "upn", "display_name", "given_name", "surname")


class KeptAnswers:
    """The answers of one tenant."""

    def __init__(self, place: UserPlace | None, access: TenantAccess) -> None:
        """Take where this user's files are, if there is such a place, and which tenant it is about."""
        self._access = access
        self._tenant = f"{access.tenant_id.casefold()} {access.graph_url}"
        name = hashlib.sha256(self._tenant.encode()).hexdigest()[:32]
        # The pretend tenant of a rehearsal is another one each time, whatever it is called.
        self._path: Path | None = None if place is None or access.rehearsal else place.path / "look-ups" / name

    def load(self) -> dict[str, UserFinding]:
        """Return what is young enough, by folded user; nothing where the file is not as it was written."""
        content = None if self._path is None else read_if_sound(self._path, at_most=_MOST_BYTES)
        members = None if content is None else json_object(content)
        if members is None or (members.get("schema"), members.get("tenant")) != (_SCHEMA, self._tenant):
            return {}
        now = self._access.service_clock.now()
        try:
            found = {str(user): _finding(one) for user, one in members["users"].items()}
        except (KeyError, TypeError, ValueError, AttributeError):
            return {}
        return {
            user: one if one.live_pass is None or one.live_pass.is_live(now) else replace(one, live_pass=None)
            for user, one in found.items()
            if one.listed_at is not None and -_CLOCKS_AGREE < now - one.listed_at < _YOUNG
        }

    def keep(self, findings: Mapping[str, UserFinding]) -> None:
        """Write down what can be used again; where that cannot be written, nothing is kept."""
        whole = {user: _members(one) for user, one in findings.items() if one.error is None and one.object_id}
        if self._path is None or not whole:
            return
        content = json.dumps({"schema": _SCHEMA, "tenant": self._tenant, "users": whole}).encode()
        with suppress(DiskRefuses, OSError):
            make_folder(self._path.parent)
            write_file(self._path, content)

    def drop(self) -> None:
        """Keep nothing any more."""
        if self._path is not None:
            with suppress(OSError):
                patiently(self._path.unlink)


def _members(finding: UserFinding) -> dict[str, object]:
    members: dict[str, object] = {name: getattr(finding, name) for name in _TEXTS}
    live = finding.live_pass
    return members | {
        "enabled": finding.enabled,
        "guest": finding.guest,
        "listed_at": _text(finding.listed_at),
        "live_pass": None
        if live is None
        else {
            "pass_id": live.pass_id,
            "created_at": _text(live.created_at),
            "starts_at": _text(live.starts_at),
            "lifetime_minutes": live.lifetime_minutes,
            "usable_once": live.usable_once,
            "is_usable": live.is_usable,
            "usability": live.usability,
        },
    }


def _finding(members: Mapping[str, Any]) -> UserFinding:
    """Return the finding that was written.

    Raises:
        KeyError, TypeError, ValueError, AttributeError: it is none.
    """
    texts = {name: _kept(members[name], str) for name in _TEXTS}
    if texts["object_id"] is None or not is_guid(texts["object_id"]):
        raise ValueError("no object id")
    live = members["live_pass"]
    return UserFinding(
        **texts,
        enabled=_kept(members["enabled"], bool),
        guest=members["guest"] is True,
        listed_at=_moment(members["listed_at"]),
        live_pass=None if live is None else _pass(live),
    )


def _pass(members: Mapping[str, Any]) -> AccessPass:
    pass_id = _kept(members["pass_id"], str)
    if pass_id is None:
        raise ValueError("no pass id")
    return AccessPass(
        pass_id=pass_id,
        created_at=_moment(members["created_at"]),
        starts_at=_moment(members["starts_at"]),
        lifetime_minutes=_kept(members["lifetime_minutes"], int),
        usable_once=_kept(members["usable_once"], bool),
        is_usable=_kept(members["is_usable"], bool),
        usability=_kept(members["usability"], str),
    )


def _kept(value: Any, kind: type[Any]) -> Any:
    if value is not None and type(value) is not kind:
        raise TypeError(f"{value!r} is no {kind.__name__}")
    return value


def _text(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()


def _moment(text: Any) -> datetime | None:
    """Return a moment with its zone.

    Raises:
        TypeError, ValueError: it is none.
    """
    if text is None:
        return None
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError("no zone")
    return moment
