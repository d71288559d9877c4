"""plan.json: the plan for programs, and its digest, which tells whether somebody edited it.

Of the roster's cells it holds nothing beyond the user and the group; what is wrong with a row may quote the value
that is wrong. The whole plan goes into the sealed journal instead (`plan_archive`), and the digest ties the two.
"""

from __future__ import annotations

import hashlib
import io
import json
import weakref
from typing import TYPE_CHECKING, Any, Final

from bulktap.model.errors import PlanRefused
from bulktap.model.guards import guards_to_json
from bulktap.model.pass_terms import TermsCodec
from bulktap.model.setting_names import Command
from bulktap.model.utc_times import utc_text
from bulktap.storage.untrusted_json import json_object

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bulktap.model.passes import PassPolicy
    from bulktap.model.plan import Forecast, Plan, PlanRow, PlanSettings
    from bulktap.model.row_errors import RowError

SCHEMA = 2
"""Version of plan.json's shape; a change that a reader must know of raises it.

Since 2, each row states the terms of its pass (null only where the tenant's policy could not be read), and it is
said whether the tenant is the run's own pretend one.
"""
PLAN_TERMS: Final = TermsCodec("start", "lifetime_minutes", "one_time")
"""How plan.json writes the terms of passes."""
_KNOWN = frozenset({1, SCHEMA})
_SHOWN_BYTES = 16
_SHOWN_GROUP = 4
_SHOWN_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base32: without the letters that are taken for digits."""


def plan_to_json(plan: Plan, digest: str | None = None) -> bytes:
    """Return the plan as plan.json holds it: UTF-8, its members in a fixed order, the digest among them.

    Args:
        plan: the plan.
        digest: its digest, if it is known already.
    """
    # Row by row: the parts of which `json.dumps` joins a whole plan take ten times the room of the plan.
    head = json.dumps(_members(plan) | {"digest": digest or plan_digest(plan)}, ensure_ascii=False, indent=1)
    written = io.BytesIO()
    written.write(_utf8(head.removesuffix("\n}") + _ROWS_MARK))
    for number, row in enumerate(_rows(plan)):
        written.write(_utf8(("," if number else "") + "\n  " + _laid_out(row)))
    written.write(b"\n ]\n}\n" if plan.rows else b"]\n}\n")
    return written.getvalue()


class _LastDigest:
    """The digest that was made last: a run asks for that of its plan a dozen times, and of no other."""

    def __init__(self) -> None:
        self._known: tuple[weakref.ref[Plan], dict[str, bytes], str] | None = None

    def of(self, plan: Plan) -> str:
        """Return a plan's digest; a copy that differs in nothing that is digested has the same rows."""
        members = {name: _canonical(value) for name, value in _members(plan).items()}
        known = self._known
        last = known[0]() if known is not None else None
        if known is None or last is None or last.rows is not plan.rows or last.columns is not plan.columns:
            known = None
        if known is None or known[1] != members:
            # Set as one value: threads that come at the same time make it twice, and never mix two.
            known = self._known = weakref.ref(plan), members, _digest(plan, members)
        return known[2]


_LAST = _LastDigest()


def plan_digest(plan: Plan) -> str:
    """Return SHA-256, hexadecimal, over the canonical JSON of everything in plan.json but the digest itself."""
    return _LAST.of(plan)


def _digest(plan: Plan, members: dict[str, bytes]) -> str:
    digest = hashlib.sha256()
    separator = b"{"
    for name in sorted({*members, "rows"}):
        digest.update(separator + _canonical(name) + b":")
        digest.update(members.get(name, b"["))
        if name == "rows":
            for number, row in enumerate(_rows(plan)):
                digest.update((b"," if number else b"") + _canonical(row))
            digest.update(b"]")
        separator = b","
    digest.update(b"}")
    return digest.hexdigest()


def shown_digest(plan: Plan) -> str:
    """Return the plan's digest as people compare it."""
    return short_digest(plan_digest(plan))


def short_digest(digest: str) -> str:
    """Return a digest as people compare it: its first 128 bits in base32, in groups of four.

    So many bits that nobody can make two plans with the same ones.
    """
    bits = 8 * _SHOWN_BYTES
    count = -(-bits // 5)
    number = int.from_bytes(bytes.fromhex(digest)[:_SHOWN_BYTES], "big") << (5 * count - bits)
    text = "".join(_SHOWN_LETTERS[number >> 5 * place & 31] for place in reversed(range(count)))
    return "-".join(text[start : start + _SHOWN_GROUP] for start in range(0, count, _SHOWN_GROUP))


def check_plan_json(data: bytes) -> str:
    """Return the digest of a plan.json after checking that it belongs to its contents.

    The layout may have changed (indentation, order of members), a value may not. Of an earlier version it may be: the
    plan beside the journal of a run that was begun then.

    Raises:
        PlanRefused: it is no plan.json, of another version, or was edited.
    """
    return checked_members(data)[1]


def checked_members(data: bytes) -> tuple[dict[str, Any], str]:
    """Return what a plan.json holds, without its digest, and the digest, after checking that the two belong together.

    Raises:
        PlanRefused: as `check_plan_json`.
    """
    members = json_object(data)
    if members is None:
        raise PlanRefused("plan.json cannot be read.", hint=_PLAN_AGAIN)
    if not isinstance(members.get("digest"), str):
        raise PlanRefused("plan.json is not a plan of bulktap.", hint=_PLAN_AGAIN)
    if type(members.get("schema")) is not int or members["schema"] not in _KNOWN:
        raise PlanRefused(
            "plan.json was written by a later version of bulktap.", hint="Use that version, or plan again."
        )
    digest = str(members.pop("digest"))
    try:
        actual = hashlib.sha256(_canonical(members)).hexdigest()
    except RecursionError:
        raise PlanRefused("plan.json is not a plan of bulktap.", hint=_PLAN_AGAIN) from None
    if actual != digest:
        raise PlanRefused("plan.json was edited after it was made.", hint=_PLAN_AGAIN)
    return members, digest


def json_head(start: bytes) -> dict[str, Any]:
    """Return what stands before the rows in the beginning of a plan.json; empty where that cannot be told."""
    text = start.decode("utf-8-sig", "replace")
    head, mark, _ = text.partition(_ROWS_MARK)
    return json_object(f"{head}}}" if mark else text) or {}


def require_current(data: bytes) -> None:
    """Make sure that a sound plan.json says everything that carrying it out relies on.

    Raises:
        PlanRefused: an earlier version of bulktap wrote it.
    """
    if json.loads(data.decode("utf-8-sig", "surrogatepass"))["schema"] != SCHEMA:
        raise PlanRefused(
            "This plan was made by an earlier version of bulktap, and leaves open which lifetimes it asks for.",
            hint=f"Make a new plan with {Command.PLAN}, and have it signed off again.",
        )


_ROWS_MARK = ',\n "rows": ['
_PLAN_AGAIN = f"Make a new plan with {Command.PLAN}."


_CANONICAL = json.JSONEncoder(ensure_ascii=True, sort_keys=True, separators=(",", ":"))
_ONE_A_LINE = json.JSONEncoder(ensure_ascii=False, separators=(",\n   ", ": "))
_PROBLEM = json.JSONEncoder(ensure_ascii=False, separators=(",\n     ", ": "))
_PLACE = '"problems": 0'
"""Stands for a row's problems; no text can hold it, since quotes within one are escaped."""


def _canonical(value: object) -> bytes:
    """Return the JSON of which the digest is made."""
    return _CANONICAL.encode(value).encode("ascii")


def _laid_out(row: dict[str, Any]) -> str:
    """Return a row as it is indented in plan.json.

    With `indent` the json module takes five times as long, because it leaves its own C code for it.
    """
    problems = row["problems"]
    text = _ONE_A_LINE.encode(row | {"problems": 0} if problems else row)
    if problems:
        each = ["{\n     " + _PROBLEM.encode(problem)[1:-1] + "\n    }" for problem in problems]
        told = "[\n    " + ",\n    ".join(each) + "\n   ]"
        text = text.replace(_PLACE, f'"problems": {told}', 1)
    return f"{{\n   {text[1:-1]}\n  }}"


def _utf8(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _members(plan: Plan) -> dict[str, Any]:
    """Return everything but the rows and the digest."""
    return {
        "schema": SCHEMA,
        "run": plan.run,
        # Left out where nobody gave one; here, so that the beginning of the file tells it.
        **({} if plan.settings.name is None else {"name": plan.settings.name}),
        "created": utc_text(plan.created_at),
        "expires": utc_text(plan.expires_at),
        "tenant": {
            "id": plan.tenant.tenant_id,
            "name": plan.tenant.name,
            "cloud": plan.tenant.cloud,
            "simulated": plan.tenant.simulated,
        },
        "rehearsal": plan.tenant.rehearsal,
        "roster": {
            "file": plan.roster.file,
            "sheet": plan.roster.sheet,
            "sha256": plan.roster.sha256,
            "rows": plan.roster.row_count,
            "path": plan.roster.path,
            "notes": list(plan.roster.notes),
            "headings": list(plan.columns.headings),
            "fields": {
                meaning.value: [plan.columns.headings[index] for index in indexes]
                for meaning, indexes in plan.columns.fields.items()
            },
        },
        "settings": _settings(plan.settings),
        "policy": _policy(plan.policy),
        "notes": list(plan.notes),
        "counts": {"rows": len(plan.rows)} | {action.value: count for action, count in plan.counts().items()},
        "forecast": _forecast(plan.forecast),
    }


def _settings(settings: PlanSettings) -> dict[str, Any]:
    return {
        "timezone": settings.timezone,
        "existing": settings.existing,
        **PLAN_TERMS.write(settings.terms),
        "strict": settings.strict,
        "offline": settings.offline,
        "ticket": settings.ticket,
        "reason": settings.reason,
        "reading": dict(settings.reading),
        # Left out likewise where nobody was asked.
        **({} if settings.names is None else {"names": settings.names}),
        **({} if settings.forget_after_minutes is None else {"forget_after_minutes": settings.forget_after_minutes}),
        **({"source": dict(settings.source)} if settings.source else {}),
        # Left out where there are none: then the digest is the one that earlier versions made.
        **({"guards": guards_to_json(settings.guards)} if settings.guards else {}),
    }


def _policy(policy: PassPolicy | None) -> dict[str, Any] | None:
    if policy is None:
        return None
    return {
        "state": policy.state.value,
        "minimum_lifetime_minutes": policy.minimum_lifetime_minutes,
        "maximum_lifetime_minutes": policy.maximum_lifetime_minutes,
        "default_lifetime_minutes": policy.default_lifetime_minutes,
        "default_length": policy.default_length,
        "forces_one_time": policy.forces_one_time,
    }


def _forecast(forecast: Forecast | None) -> dict[str, Any] | None:
    if forecast is None:
        return None
    return {
        "steps": forecast.steps,
        "seconds_low": forecast.seconds_low,
        "seconds_high": forecast.seconds_high,
        "assumption": forecast.assumption,
    }


def _rows(plan: Plan) -> Iterator[dict[str, Any]]:
    sheet_rows = {row.number: row.source.number for row in plan.rows}
    return (_row(plan, row, sheet_rows) for row in plan.rows)


def _row(plan: Plan, row: PlanRow, sheet_rows: dict[int, int]) -> dict[str, Any]:
    return {
        "number": row.number,
        "file": row.source.file,
        "sheet": row.source.sheet,
        "row": row.source.number,
        "user": plan.user_text(row),
        "upn": row.upn,
        "display_name": row.display_name,
        "object_id": row.object_id,
        "action": row.action.value,
        "merged_into": None if row.merged_into is None else sheet_rows[row.merged_into],
        "merged_into_number": row.merged_into,
        "existing_pass_id": row.existing_pass_id,
        "listed": utc_text(row.listed_at),
        **PLAN_TERMS.write(row.request.terms if row.request else None),
        "group": row.group,
        "problems": [_problem(problem) for problem in row.problems],
        # Left out where names were not compared, so that plans without it have the digest they always had.
        **({} if row.name_check is None else {"name_check": row.name_check.value}),
    }


def _problem(problem: RowError) -> dict[str, Any]:
    return {
        "code": problem.code.value,
        "column": problem.column,
        "message": problem.message,
        "hint": problem.hint,
        "severity": problem.severity.value,
    }
