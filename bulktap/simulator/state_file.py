"""The state file: what a simulated run needs to be resumed after its process was killed.

JSON lines, appended to and never rewritten: first the tenant as it was seeded, then one line per change (a create says
with its id which pass it replaced: the one before). A create that lands late has a line when it is accepted and another
when it lands: one that was due while no process served the tenant lands when the tenant is opened again, as of the
moment when it was due. Lines are handed to the operating system after each batch and
before its answer leaves, so a kill loses nothing that a client was told; a last line that was torn is cut off. A
passcode is never in it, only its SHA-256 digest. The application's pretend secret is, so that the same client can sign
in again; the file is private to the user all the same.
"""

from __future__ import annotations

import json
import os
from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING, Any, assert_never

from bulktap.simulator.access_passes import AccessPass, PassOrder
from bulktap.simulator.changes import (
    Change,
    CreatePlanned,
    MethodRegistered,
    PassCreated,
    PassDeleted,
    PassUsed,
    PolicyChanged,
)
from bulktap.simulator.held_files import once_let_go
from bulktap.simulator.methods import RegisteredMethod
from bulktap.simulator.methods_policy import MethodsPolicy
from bulktap.simulator.pass_policy import read_policy
from bulktap.simulator.tenant_file import (
    pass_policy_to_json,
    system_clock,
    tenant_from_json,
    tenant_to_json,
    user_to_json,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path
    from random import Random

    from bulktap.simulator.tenant import Clock, Tenant
    from bulktap.simulator.users import User

SCHEMA = "bulktap-simulator/1"


class StateFile:
    """An open state file; `record` buffers, `flush` hands over."""

    def __init__(self, path: Path, tenant: Tenant) -> None:
        """Open the file, or begin it with the tenant as it is.

        Raises:
            OSError: the file cannot be written.
            ValueError: the file belongs to another tenant, or the tenant did not come from it.
        """
        self._pending: list[str] = []
        whole = _check(path, tenant) if path.exists() else 0
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o600)
        self._file = os.fdopen(descriptor, "wb")
        # What a torn last line left behind would spoil the line that is appended to it.
        self._file.truncate(whole)
        self._file.seek(whole)
        if whole == 0:
            self._begin(tenant)

    def record(self, change: Change) -> None:
        """Take note of a change."""
        self._pending.append(json.dumps(_change_to_json(change), ensure_ascii=False))

    def flush(self) -> None:
        """Hand over everything recorded so far."""
        if self._pending:
            self._file.write("".join(f"{line}\n" for line in self._pending).encode())
            self._file.flush()
            self._pending.clear()

    def close(self) -> None:
        """Hand over the rest and close the file."""
        self.flush()
        self._file.close()

    def _begin(self, tenant: Tenant) -> None:
        self._pending.append(json.dumps({"schema": SCHEMA, **tenant_to_json(tenant)}, ensure_ascii=False))
        for user in tenant.users.values():
            for access_pass in tenant.history(user):
                self._pending.append(json.dumps(_pass_to_json(user.object_id, access_pass), ensure_ascii=False))
            for method in tenant.methods(user):
                self._pending.append(json.dumps(_method_to_json(user.object_id, method), ensure_ascii=False))
        for planned in tenant.late_creates():
            self._pending.append(json.dumps(_planned_to_json(planned), ensure_ascii=False))
        self.flush()


def reopen_state(path: Path, *, clock: Clock = system_clock, random: Random | None = None) -> Tenant:
    """Return the tenant as its state file says it is.

    Raises:
        OSError: the file cannot be read.
        ValueError: it is not a state file, or damaged before its last line.
    """
    tenant: Tenant | None = None
    for number, (line, _end) in enumerate(_lines(path), 1):
        try:
            item = json.loads(line)
            if tenant is None:
                if item.get("schema") != SCHEMA:
                    raise ValueError("not a state file of a simulated tenant")
                tenant = tenant_from_json(item, clock=clock, random=random)
            else:
                tenant.apply(_change_from_json(item))
        except (ValueError, KeyError, TypeError, AttributeError, IndexError) as error:
            raise ValueError(f"{path.name}, line {number}: {error}") from error
    if tenant is None:
        raise ValueError(f"{path.name}: not a state file of a simulated tenant")
    return tenant


def admit_users(path: Path, users: Sequence[User]) -> None:
    """Add users, whom the tenant does not know, to the tenant of a state file that nobody has open.

    Raises:
        OSError: the file cannot be read or written.
        ValueError: it is not a state file.
    """
    lines = [line for line, _end in _lines(path)]
    if not lines:
        raise ValueError(f"{path.name}: not a state file of a simulated tenant")
    about = json.loads(lines[0])
    about["users"] = [*about["users"], *map(user_to_json, users)]
    temporary = path.with_name(f"{path.name}.part")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0), 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(json.dumps(about, ensure_ascii=False).encode() + b"\n")
        file.writelines(lines[1:])
    once_let_go(lambda: temporary.replace(path))


def _lines(path: Path) -> Iterator[tuple[bytes, int]]:
    """Yield the whole lines and where each ends; a last one without its line feed was torn."""
    end = 0
    with path.open("rb") as file:
        for line in file:
            end += len(line)
            if line.endswith(b"\n"):
                yield line, end


def _check(path: Path, tenant: Tenant) -> int:
    """Return the length of the whole lines, once it is sure that they are this tenant's."""
    count, end, first = 0, 0, b""
    for line, line_end in _lines(path):
        first = first or line
        count, end = count + 1, line_end
    if count == 0:
        return 0
    tenant_id = json.loads(first).get("tenant", {}).get("id")
    if tenant_id != tenant.registration.tenant_id or tenant.changes != count - 1:
        raise ValueError(f"{path.name} exists and is not this tenant's; reopen it, or name another file")
    return end


def _change_to_json(change: Change) -> dict[str, Any]:
    match change:
        case PassCreated():
            return _pass_to_json(change.user, change.access_pass)
        case PassDeleted():
            at = change.at.isoformat()
            return {"change": "deleted", "user": change.user, "id": change.pass_id, "at": at, "by": change.by}
        case PassUsed():
            used_at = change.at.isoformat() if change.at else None
            return {"change": "used", "user": change.user, "id": change.pass_id, "at": used_at}
        case CreatePlanned():
            return _planned_to_json(change)
        case MethodRegistered():
            return _method_to_json(change.user, change.method)
        case PolicyChanged():
            return _policy_to_json(change)
        case _:
            assert_never(change)


def _pass_to_json(user: str, access_pass: AccessPass) -> dict[str, Any]:
    return {
        "change": "created",
        "user": user,
        "id": access_pass.pass_id,
        "digest": access_pass.digest,
        "at": access_pass.created_at.isoformat(),
        "starts": access_pass.starts_at.isoformat(),
        "lifetime": access_pass.lifetime_minutes,
        "once": access_pass.usable_once,
        "by": access_pass.creator,
        "request": access_pass.client_request_id,
        "late": access_pass.late_effect,
    }


def _method_to_json(user: str, method: RegisteredMethod) -> dict[str, Any]:
    at = method.registered_at.isoformat() if method.registered_at else None
    return {"change": "registered", "user": user, "id": method.method_id, "kind": method.kind, "at": at}


def _planned_to_json(planned: CreatePlanned) -> dict[str, Any]:
    order = planned.order
    return {
        "change": "planned",
        "user": planned.user,
        "id": planned.effect_id,
        "due": planned.due.isoformat(),
        "starts": order.starts_at.isoformat() if order.starts_at else None,
        "lifetime": order.lifetime_minutes,
        "once": order.usable_once,
        "by": planned.creator,
        "request": planned.client_request_id,
    }


def _policy_to_json(change: PolicyChanged) -> dict[str, Any]:
    return {
        "change": "policy",
        "at": change.at.isoformat(),
        "passes": pass_policy_to_json(change.passes),
        "methods": asdict(change.methods),
    }


def _planned_from_json(item: dict[str, Any]) -> CreatePlanned:
    order = PassOrder(_moment(item["starts"]), item["lifetime"], item["once"])
    due = datetime.fromisoformat(item["due"])
    return CreatePlanned(item["user"], item["id"], due, order, item["by"], item["request"])


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _change_from_json(item: dict[str, Any]) -> Change:
    if item["change"] == "policy":
        at, methods = datetime.fromisoformat(item["at"]), MethodsPolicy(**item["methods"])
        return PolicyChanged(at, read_policy(item["passes"]), methods)
    user, pass_id = item["user"], item["id"]
    match item["change"]:
        case "created":
            access_pass = AccessPass(
                pass_id=pass_id,
                digest=item["digest"],
                created_at=datetime.fromisoformat(item["at"]),
                starts_at=datetime.fromisoformat(item["starts"]),
                lifetime_minutes=item["lifetime"],
                usable_once=item["once"],
                creator=item["by"],
                client_request_id=item["request"],
                late_effect=item.get("late", ""),
            )
            return PassCreated(user, access_pass)
        case "deleted":
            return PassDeleted(user, pass_id, datetime.fromisoformat(item["at"]), item["by"])
        case "used":
            return PassUsed(user, pass_id, _moment(item.get("at")))
        case "registered":
            return MethodRegistered(user, RegisteredMethod(pass_id, item["kind"], _moment(item["at"])))
        case "planned":
            return _planned_from_json(item)
        case other:
            raise ValueError(f"unknown change: {other}")
