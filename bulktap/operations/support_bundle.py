"""A file fit for a support case: checks, versions and the log of the last run, without secrets and people."""

from __future__ import annotations

import io
import json
import os
import re
import sys
import zipfile
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bulktap.graph.permissions import GRAPH_APP_ID, NEEDS
from bulktap.model.errors import Untrusted, UsageError
from bulktap.model.secret import struck
from bulktap.roster.files.archives import ZIP_ERRORS
from bulktap.storage import write_file
from bulktap.storage.run_folder import newest_runs
from bulktap.storage.trusted_files import read_file
from bulktap.storage.untrusted_json import json_object

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from bulktap.storage.run_folder import RunFolder

_GONE = "[struck]"
"""Stands in place of what is left out."""
_PEOPLE = re.compile(
    r"[^\s\"'<>(),;=]+@[^\s\"'<>(),;]+|(?<![\w.])(?:CN|UID|\d+(?:\.\d+)+)=(?:\\.|[^,+\\])+", re.IGNORECASE
)
"""Sign-in names, addresses, and the names in certificates, in which a backslash stands before a comma (RFC 4514)."""
_SOMEBODYS_FOLDER = re.compile(
    r"""
    (
      (?: (?:^|(?<=[\s"'=(])) (?:/var|/export)?/home/
        | (?:(?<![a-z0-9])[a-z]:|(?:^|(?<=[\s"'=(]))(?:(?:/mnt)?/[a-z]|[\\/]{2,}[^\s\\/]+)) [\\/]+users\$?[\\/]+
        | (?:^|(?<=[\s"'=(])) [\\/]+(?-i:Users)[\\/]+  # GET /users/... is the service's
        | (?:^|(?<=[\s"'=(])) [\\/]{2,}[^\s\\/]+[\\/]+(?:home|homes|profiles)\$?[\\/]+
      )
    )
    (?: [^/\\\s:*?"<>|,;=]+(?:[ ][^/\\\s:*?"<>|,;=]+){0,3}(?=[\\/]) | [^/\\\s"'),;]+ )
    """,
    re.IGNORECASE | re.VERBOSE,
)
"""Where systems and shares keep people's folders, each under its owner's name; on Windows that may have blanks in it,
and some texts write each backslash twice."""
_ID = re.compile(r"\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b", re.IGNORECASE)
_REQUEST_IDS = frozenset({"client_request_id", "request_id"})
"""Members that hold ids of requests, for which Microsoft's support asks."""
_KEPT = frozenset(
    {
        "time", "event", "name", "total", "cpu_seconds", "permanent", "claims", "client_request_id", "steps", "creates",
        "seconds", "reply", "status", "request_id", "failed", "row", "rows", "cause", "code", "inner_code", "wait",
        "x-ms-throttle-scope", "x-ms-throttle-information", "x-ms-throttle-limit-percentage", "outcome", "exit_code",
        "throttled_steps",
    }
)  # fmt: skip
"""Members of log lines that name nobody; what is not here is left out, what a later bulktap adds included."""
_PARTS = frozenset({"checks.json", "versions.json", "about.txt"})
"""What every bundle holds."""
_MOST_LOG = 50_000_000
"""Bytes of a log that are read."""


@dataclass(frozen=True, slots=True)
class Spared:
    """Who must not be found in a bundle, and which ids may."""

    people: Sequence[str] = ()
    """Names that are struck out wherever they stand."""
    ids: Sequence[str] = ()
    """Those of the tenant and of the app; all others are struck out but those of permissions and requests."""


def require_place(path: Path) -> None:
    """Make sure that what is written to a path takes nothing away but an earlier bundle.

    Raises:
        UsageError: something else has the name.
    """
    if not os.path.lexists(path):
        return
    if not path.is_file() or not _is_bundle(path):  # a pipe would be waited for
        raise UsageError(f"{path} is there already, and is not overwritten.", hint="Choose another name.")


def _is_bundle(path: Path) -> bool:
    try:
        with zipfile.ZipFile(path) as there:
            return set(there.namelist()) >= _PARTS
    except ZIP_ERRORS:
        return False


def write_bundle(
    path: Path, checks: Sequence[Mapping[str, object]], versions: Mapping[str, str], reports: Path, spared: Spared
) -> None:
    """Write the bundle, complete or not at all.

    Args:
        path: the zip to write.
        checks: what doctor found, as its JSON object has it.
        versions: of what runs here.
        reports: the folder with the runs, of which the last one's log is taken.
        spared: which names are struck out wherever they stand, and which ids stay.

    Raises:
        DiskRefuses: it cannot be written.
    """
    strike = _Striker(spared)
    run = _last_with_log(reports)
    parts = {
        "checks.json": _json(strike.all_of(list(checks))),
        "versions.json": _json(dict(versions)),
        "log.jsonl": b"".join(_log_lines(run, strike)) if run is not None else b"",
        "about.txt": _about(run).encode(),
    }
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as bundle:
        for name, content in parts.items():
            bundle.writestr(name, content)
    write_file(path, data.getvalue())


class _Striker:
    """Takes secrets, people, and the user's own folder out of texts."""

    def __init__(self, spared: Spared) -> None:
        names = sorted({name for name in spared.people if name}, key=len, reverse=True)
        both = [(one.permission.application_id, one.permission.delegated_id) for one in NEEDS]
        self._ids = {one.casefold() for one in (*spared.ids, GRAPH_APP_ID, *chain.from_iterable(both))}
        self._named = re.compile("|".join(map(re.escape, names)), re.IGNORECASE) if names else None
        self._home = _home_pattern()

    def text(self, text: str) -> str:
        """Return a text without them."""
        plain = struck(text)
        if self._home is not None:
            plain = self._home.sub(lambda found: _GONE if found["name"] else "~", plain)
        plain = _SOMEBODYS_FOLDER.sub(lambda found: found[1] + _GONE, plain)
        if self._named is not None:
            plain = self._named.sub(_GONE, plain)
        plain = _ID.sub(lambda found: found[0] if found[0].casefold() in self._ids else _GONE, plain)
        return _PEOPLE.sub(_GONE, plain)

    def all_of(self, value: Any) -> Any:
        """Return the value with every text in it treated so."""
        match value:
            case str():
                return self.text(value)
            case dict():
                return {name: one if name in _REQUEST_IDS else self.all_of(one) for name, one in value.items()}
            case list() | tuple():
                return [self.all_of(one) for one in value]
            case _:
                return value


def _home_pattern() -> re.Pattern[str] | None:
    """Return what finds the user's own folder, however it is written, and its name as a part of other paths."""
    try:
        home = Path.home()
    except RuntimeError:  # nobody says where it is
        return None
    if home == home.parent:
        return None
    # A folder for people may be a link, and Windows takes both slashes and any letters.
    ways = {str(home), home.as_posix(), str(home.resolve()), home.resolve().as_posix()}
    whole = "|".join(re.escape(way) for way in sorted(ways, key=len, reverse=True))
    part = rf"(?<=[/\\])(?P<name>{re.escape(home.name)})"
    return re.compile(rf"(?:(?:{whole})|{part})(?!\.?[\w-])", re.IGNORECASE if sys.platform == "win32" else 0)


def _last_with_log(reports: Path) -> RunFolder | None:
    try:
        return next((run for run in newest_runs(reports) if run.log.is_file()), None)
    except OSError:
        return None


def _log_lines(run: RunFolder, strike: _Striker) -> Iterator[bytes]:
    try:
        data = read_file(run.log, at_most=_MOST_LOG)
    except (OSError, Untrusted):
        return
    for line in data.splitlines():
        event = json_object(line)
        if event is not None:
            yield json.dumps(strike.all_of(_kept(event)), ensure_ascii=False).encode() + b"\n"


def _kept(members: Mapping[str, Any]) -> dict[str, Any]:
    kept = {name: value for name, value in members.items() if name in _KEPT}
    failed = kept.get("failed")
    if isinstance(failed, list):
        kept["failed"] = [_kept(one) for one in failed if isinstance(one, dict)]
    return kept


def _json(value: object) -> bytes:
    return json.dumps(value, indent=2, ensure_ascii=False).encode() + b"\n"


def _about(run: RunFolder | None) -> str:
    log = "There was no run whose log could be taken." if run is None else "log.jsonl is that of the last run."
    return (
        "For a support case about bulktap. checks.json is what it found when this was made, versions.json what runs\n"
        f"there. {log} Secrets, sign-in names, ids of users and passes, warnings (which may name\n"
        "people) and the home folder are struck out. Ids of requests, which Microsoft's support asks for, of the\n"
        "tenant and of the app stay.\n"
    )
