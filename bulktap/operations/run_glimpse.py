"""Glimpse: how one run stands, from the least that has to be read for it, without a passphrase.

planned     the beginning of plan.json
finished    run.json, as long as the journal was not written to since
else        the clear parts of the journal, also while a process writes it
"""

from __future__ import annotations

import re
import sys
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from bulktap.model.errors import BulktapError, DiskRefuses, Locked, NewerJournal, Untrusted
from bulktap.model.utc_times import moment_of
from bulktap.operations.handed_back import SUMMARY_BYTES, require_no_lost_journal, was_handed_back
from bulktap.operations.listed_run import ListedRun, Stand
from bulktap.results.run_report import SUMMARY_SCHEMA
from bulktap.storage import read_if_sound, read_start
from bulktap.storage.revocations import read_revocations
from bulktap.storage.untrusted_json import json_object
from bulktap.version import __version__

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from bulktap.model.run_state import RunState
    from bulktap.storage.run_folder import RunFolder

_HEAD_BYTES: Final = (20_000, 1_000_000)
"""As much of plan.json as is read, and then, where that is not enough: the rows, which come last, may be hundreds of
thousands."""
_BY = re.compile(r"\w+ by (.+) on .*, bulktap ")
_NUMBERS = re.compile(r"\d{1,6}")


def glimpse(folder: RunFolder) -> ListedRun:
    """Return how a run stands; what keeps it from being told about is told too."""
    try:
        if not folder.has_journal:
            return _planned(folder)
        return _with_revocations(_from_summary(folder) or _from_journal(folder))
    except NewerJournal as newer:
        return ListedRun(folder, Stand.NEWER, why=f"{newer.message} {newer.hint}", name=folder.name)
    except Locked as damage:
        return ListedRun(folder, Stand.DAMAGED, why=damage.message, name=folder.name)
    except DiskRefuses as refusal:
        # Stopped in the middle of a commit, or on a disk that takes seconds for one: no reason to hide the other runs.
        running = _is_held(folder)
        return ListedRun(folder, Stand.RUNNING if running else Stand.UNREADABLE, why=refusal.message, name=folder.name)
    except OSError as error:
        return ListedRun(folder, Stand.UNREADABLE, why=f"It cannot be read: {error.strerror}.")


def _with_revocations(run: ListedRun) -> ListedRun:
    if not run.folder.revocations.exists():
        return run
    record = read_revocations(run.folder)
    found = replace(run, revoked=len(record.revoked), to_revoke=len(record.left))
    return _of_current_passes(found, record.revoked) if record.revoked else found


def _of_current_passes(run: ListedRun, revoked: Collection[str]) -> ListedRun:
    """Return a run with what is true of the passes that it has now: one that was revoked may have a successor."""
    from bulktap.journal import glance
    from bulktap.model.row_phases import RowPhase

    try:
        rows = glance(run.folder.journal).state.rows.values()
    except BulktapError:
        return run
    passes = [row.issued.access_pass for row in rows if row.issued is not None and row.phase is RowPhase.ISSUED]
    works = [one for one in passes if one.pass_id not in revoked]
    live_until = max((one.expires_at for one in works if one.expires_at is not None), default=None)
    return replace(run, revoked=len(passes) - len(works), live_until=live_until)


def _from_summary(folder: RunFolder) -> ListedRun | None:
    """Return what the summary says of a finished run; None where only the journal can tell how it stands."""
    if not _is_newest(folder):
        return None
    members = _summary(folder)
    passes, tenant, roster, versions = (_part(members, name) for name in ("passes", "tenant", "roster", "versions"))
    forgotten_at = _moment(members.get("forgotten"))
    if members.get("schema") != SUMMARY_SCHEMA or _is_newer(versions.get("bulktap")):
        return None
    if members.get("closed") is not True and forgotten_at is None:
        return None
    rows, issued, open_rows = (_count(passes, name) for name in ("rows", "issued", "open"))
    tenant_id, file = _text(tenant, "id"), _text(roster, "file")
    if tenant_id is None or file is None or rows is None or issued is None or open_rows is None:
        return None
    return ListedRun(
        folder,
        Stand.RUNNING if _is_held(folder) else Stand.FINISHED if forgotten_at is None else Stand.FORGOTTEN,
        tenant_id,
        tenant.get("simulated") is True,
        file,
        rows=rows,
        issued=issued,
        open_rows=open_rows,
        name=folder.name,
        who=_text(members, "operator"),
        began_at=_moment(members.get("started")),
        live_until=_moment(passes.get("live_until")),
        forget_at=_moment(members.get("forget_at")),
        forgotten_at=forgotten_at,
    )


def _summary(folder: RunFolder) -> dict[str, Any]:
    return json_object(read_if_sound(folder.summary, at_most=SUMMARY_BYTES) or b"") or {}


def _is_newest(folder: RunFolder) -> bool:
    """Whether the summary was written after everything that the journal holds."""
    try:
        written, recorded = folder.summary.lstat().st_mtime_ns, folder.journal.lstat()
    except OSError:
        return False
    rollback = folder.journal.with_name(f"{folder.journal.name}-journal")
    return written >= recorded.st_mtime_ns and recorded.st_size > 0 and not rollback.exists()


def _is_newer(version: object) -> bool:
    """Whether a newer bulktap wrote it, whose journal this one may not be able to read."""
    return not isinstance(version, str) or _numbers(version) > _numbers(__version__)


def _numbers(version: str) -> list[int]:
    return [int(number) for number in _NUMBERS.findall(version)]


def _part(members: dict[str, Any], name: str) -> dict[str, Any]:
    part = members.get(name)
    return part if isinstance(part, dict) else {}


def _count(members: dict[str, Any], name: str) -> int | None:
    count = members.get(name)
    return count if isinstance(count, int) and not isinstance(count, bool) else None


def _text(members: dict[str, Any], name: str) -> str | None:
    text = members.get(name)
    return text if isinstance(text, str) and text else None


def _moment(text: object) -> datetime | None:
    try:
        moment = moment_of(text) if isinstance(text, str) else None
    except ValueError:
        return None
    return moment if moment is not None and moment.tzinfo is not None else None


def _from_journal(folder: RunFolder) -> ListedRun:
    from bulktap.journal import glance
    from bulktap.model.row_phases import RowPhase

    seen, held = glance(folder.journal), _is_held(folder)
    header, state = seen.header, seen.state
    gone = header.forgotten_at is not None
    if seen.damage and not state.closed and not held and not gone:
        return ListedRun(
            folder,
            Stand.DAMAGED,
            header.tenant_id,
            header.simulated,
            header.roster_file,
            why=seen.damage[0],
            name=folder.name,
        )
    rows = state.rows.values()
    # Every row settled, but killed before its workbook was written: to be resumed like any other.
    finished = state.closed and was_handed_back(folder, state.issuing_records, reopened=state.reopened)
    stand = Stand.FORGOTTEN if gone else Stand.FINISHED if finished else Stand.UNFINISHED
    return ListedRun(
        folder,
        Stand.RUNNING if held else stand,
        header.tenant_id,
        header.simulated,
        header.roster_file,
        rows=len(rows),
        issued=sum(row.phase is RowPhase.ISSUED for row in rows),
        open_rows=sum(not row.phase.settled for row in rows),
        name=folder.name,
        who=_operator(folder, state),
        began_at=next((span.began for span in state.processes if span.began is not None), header.created_at),
        live_until=state.live_until,
        forget_at=_moment(_summary(folder).get("forget_at")),
        forgotten_at=header.forgotten_at,
    )


def _operator(folder: RunFolder, state: RunState) -> str | None:
    """Return who began the run, as the record of its first process begins with them."""
    named = next((found[1] for span in state.processes if (found := _BY.match(span.process))), None)
    return named or _owner(folder)


def _owner(folder: RunFolder) -> str | None:
    if sys.platform == "win32":
        return None  # Python does not ask Windows for it
    with suppress(OSError, KeyError):  # somebody who was deleted has no name any more
        return folder.path.owner()
    return None


def _is_held(folder: RunFolder) -> bool:
    try:
        return folder.in_use()
    except (DiskRefuses, Untrusted):  # a lock that cannot be looked at hides nothing of what the journal says
        return False


def _planned(folder: RunFolder) -> ListedRun:
    from bulktap.results.plan_file.plan_json import json_head

    require_no_lost_journal(folder)
    head: dict[str, Any] = {}
    for length in _HEAD_BYTES:
        head = head or json_head(read_start(folder.plan, length))
    tenant, roster, settings = head.get("tenant"), head.get("roster"), head.get("settings")
    if isinstance(tenant, dict) and isinstance(roster, dict):
        tenant_id, simulated, file = tenant.get("id"), tenant.get("simulated"), roster.get("file")
        if isinstance(tenant_id, str) and isinstance(simulated, bool) and isinstance(file, str):
            rows = _creates(head.get("counts"))
            offline = isinstance(settings, dict) and settings.get("offline") is True
            return ListedRun(
                folder,
                Stand.PLANNED,
                tenant_id,
                simulated,
                file,
                rows,
                0,
                rows,
                name=folder.name,
                who=_owner(folder),
                expires_at=None if offline else _moment(head.get("expires")),
            )
    return ListedRun(folder, Stand.DAMAGED, why="Its plan.json cannot be read.")


def _creates(counts: object) -> int | None:
    """Return how many passes a plan's counts say that it creates; None if they do not say it."""
    from bulktap.model.plan import Action

    if not isinstance(counts, dict):
        return None
    found = [counts.get(action.value) for action in Action if action.creates]
    numbers = [number for number in found if isinstance(number, int) and not isinstance(number, bool)]
    return sum(numbers) if len(numbers) == len(found) else None
