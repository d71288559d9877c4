"""RunFolder: the files of one run, and the folder in which runs are found."""

from __future__ import annotations

import os
import re
import shlex
import unicodedata
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bulktap.model.errors import DiskRefuses, PlanRefused, Untrusted, UsageError
from bulktap.model.run_names import LATEST
from bulktap.model.setting_names import Command
from bulktap.storage import (
    MEGABYTE,
    EventLog,
    Lock,
    hold_lock,
    is_held,
    make_folder,
    make_private_folder,
    make_shared_folder,
    read_file,
    read_if_sound,
    require_private,
    write_file,
)
from bulktap.storage.files import refusal, require_short_path
from bulktap.storage.pretend_tenants import hold_tenant_file, identity_of, kept_tenant, place_for
from bulktap.storage.run_names import (
    JOURNAL_NAME,
    MINUTE_LENGTH,
    PLAN_NAME,
    found_run,
    given_name,
    is_run,
    may_enter,
    run_paths,
)
from bulktap.storage.untrusted_json import json_object

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime
    from pathlib import PurePath

PASSES_NAME = "results.xlsx"
ERROR_REPORT_NAME = "errors.xlsx"
SUMMARY_NAME = "run.json"
USUAL_REPORTS = "reports"
"""Where runs are written unless `--reports` says otherwise."""
_PLAN_BYTES = 80 * MEGABYTE
"""A row takes about 300 bytes."""
_STEM_LENGTH = 40
_LONG_PATH = 180
"""Characters; a shorter one leaves room in any case."""
_PLAIN_ON_WINDOWS = re.compile(r"[\w.:/\\~+-]+\Z")


@dataclass(frozen=True, slots=True)
class RunFolder:
    """Where one run keeps its files; the names are those of the contract."""

    path: Path

    @property
    def run(self) -> str:
        """The run's id."""
        return self.path.name

    @property
    def name(self) -> str | None:
        """The name that somebody gave the run with its plan, if there is one."""
        return given_name(self.path)

    @property
    def to_type(self) -> str:
        """What names the run on the command line, wherever its folder is; it begins with the run's id."""
        reports = self.path.parent
        try:
            here = Path.cwd()
        except OSError:  # the folder that the command was typed in has been deleted meanwhile
            return f"{self.run} --reports {as_typed(reports)}"
        if reports == here / USUAL_REPORTS or _is_same(reports, here / USUAL_REPORTS):
            return self.run
        place = reports.relative_to(here) if reports.is_relative_to(here) else reports
        return f"{self.run} --reports {as_typed(place)}"

    @property
    def plan(self) -> Path:
        """The plan, without secrets."""
        return self.path / PLAN_NAME

    @property
    def plan_page(self) -> Path:
        """The planning report, for people."""
        return self.path / "plan.html"

    @property
    def plan_workbook(self) -> Path:
        """The planning report, for people who live in Excel."""
        return self.path / "plan.xlsx"

    @property
    def page(self) -> Path:
        """What happened, for people."""
        return self.path / "run.html"

    @property
    def journal(self) -> Path:
        """The journal."""
        return self.path / JOURNAL_NAME

    @property
    def workbook(self) -> Path:
        """The encrypted results workbook."""
        return self.path / PASSES_NAME

    @property
    def handouts(self) -> Path:
        """The folder of hand-outs, which need not be there."""
        return self.path / "handout"

    @property
    def error_report(self) -> Path:
        """The rows to be mended."""
        return self.path / ERROR_REPORT_NAME

    @property
    def summary(self) -> Path:
        """Counts and times, without secrets."""
        return self.path / SUMMARY_NAME

    @property
    def log(self) -> Path:
        """One event a line, without secrets."""
        return self.path / "log.jsonl"

    @property
    def revocations(self) -> Path:
        """Which passes were revoked, see `storage.revocations`; absent until one is."""
        return self.path / "revoked.jsonl"

    @property
    def simulated_tenant(self) -> Path:
        """The pretend tenant of a rehearsal: its roster's, or its own, as earlier versions kept it."""
        return kept_tenant(self.path) or self.path / "simulated-tenant.jsonl"

    @property
    def shares_simulated_tenant(self) -> bool:
        """Whether other rehearsals of the same roster have the same pretend tenant."""
        return self.simulated_tenant.parent != self.path

    def hold_simulated_tenant(self) -> Lock:
        """Hold the pretend tenant of the rehearsal as the only one who changes it.

        Raises:
            InUse: another rehearsal of the same roster is going on.
            Untrusted: its place is not as bulktap makes it, or others may write to it.
        """
        place = self.simulated_tenant.parent
        try:
            require_private(place)
        except OSError as error:
            raise refusal(place, error, doing="examined") from error
        return hold_tenant_file(place)

    def keep_simulated_tenant(self, roster: str, tenant: bytes, *, fresh: bool) -> None:
        """Name the place of the pretend tenant that rehearsals of a roster share; it need not hold one yet.

        Args:
            roster: the roster's path.
            tenant: the tenant file's content, if there is one.
            fresh: whether a tenant is begun anew.

        Raises:
            DiskRefuses: it cannot be made.
        """
        stem = self.run[MINUTE_LENGTH + 1 : -5]
        place = place_for(self.path.parent, stem, identity_of(roster, tenant), fresh=fresh)
        write_file(self.path / "simulated-tenant", place.name.encode("ascii"))

    @property
    def has_journal(self) -> bool:
        """Whether there is something of the journal's name, even if it is none."""
        return self.journal.exists() or self.journal.is_symlink()

    @property
    def minute(self) -> str:
        """When the run was planned, as its id begins with it."""
        return self.run[:MINUTE_LENGTH]

    def lock(self) -> Lock:
        """Hold the run as its only writer.

        Raises:
            InUse: another process holds it.
            Untrusted: the folder or its lock is not as bulktap makes it.
            DiskRefuses: the folder cannot be written.
        """
        self.require_private()
        return hold_lock(
            self.path / ".lock", f"The run {self.run}", "Wait until it ends, or stop it there with Ctrl-C."
        )

    def require_private(self) -> None:
        """Make sure that nobody else can have put something into the folder.

        Raises:
            Untrusted: it belongs to somebody else, or others may write to it.
        """
        try:
            require_private(self.path)
        except OSError as error:
            raise refusal(self.path, error, doing="examined") from error

    def read_plan(self) -> bytes:
        """Return the content of plan.json.

        Raises:
            PlanRefused: it is a link, no regular file, or larger than any plan.
            OSError: it cannot be read.
        """
        try:
            return read_file(self.plan, at_most=_PLAN_BYTES)
        except Untrusted as strange:
            raise PlanRefused(strange.message, hint=strange.hint) from strange

    def event_log(self, chosen: Path | None) -> EventLog:
        """Return the log of the run, or the one that was asked for instead."""
        return EventLog(self.log) if chosen is None else EventLog(chosen, of_run=False)

    def in_use(self) -> bool:
        """Whether a process is working on the run now."""
        return is_held(self.path / ".lock")


def new_run_folder(reports: Path, roster_name: str, now: datetime, random_bytes: Callable[[int], bytes]) -> RunFolder:
    """Make a folder for a new run, private to the user.

    Raises:
        DiskRefuses: it cannot be made.
    """
    make_folder(reports)
    stem = _ascii_stem(roster_name)
    while True:
        path = reports / f"{now:%Y-%m-%dT%H%MZ}-{stem}-{random_bytes(2).hex()}"
        if make_private_folder(path):
            if len(str(path.absolute())) > _LONG_PATH:
                _require_room(path)
            return RunFolder(path.resolve())


def _require_room(path: Path) -> None:
    """Make sure that a long path leaves room for what comes into the folder; else the folder goes again."""
    try:
        require_short_path(path)
    except DiskRefuses:
        with suppress(OSError):
            path.rmdir()
        raise


def _ascii_stem(roster_name: str) -> str:
    stem = roster_name.rpartition(".")[0] or roster_name
    plain = unicodedata.normalize("NFKD", stem).encode("ascii", "ignore").decode("ascii")
    return re.sub(r"[^A-Za-z0-9]+", "-", plain).strip("-")[:_STEM_LENGTH].strip("-") or "roster"


def _is_same(place: Path, other: Path) -> bool:
    """Whether two paths are one folder: Windows writes a drive that is a share, or a short name, in two ways."""
    try:
        return place.samefile(other)
    except OSError:
        return False


def as_typed(path: PurePath, *, windows: bool = os.name == "nt") -> str:
    """Return a path as a shell takes it, quoted where it holds what the shell would read otherwise."""
    text = str(path)
    if not windows:
        return shlex.quote(text)
    # A backslash before the closing quote would take away its meaning.
    return text if _PLAIN_ON_WINDOWS.match(text) else '"' + text.rstrip("\\") + '"'


def places_to_guard(folder: RunFolder, reports: Path) -> list[Path]:
    """Return the folders whose runs may be of the same people: where the run is, and where commands look for runs."""
    own = folder.path.parent
    return [own] if not reports.is_dir() or own.samefile(reports) else [own, reports]


def find_run(reports: Path, given: Path, fits: Callable[[RunFolder], bool] | None = None) -> RunFolder:
    """Return the run that is meant: by its id, the path of its folder, its name, a tail of its id, or `latest`.

    Args:
        reports: where runs are.
        given: what somebody wrote.
        fits: says of which runs `latest` means the most recent one; if left out, of those that have passes.

    Raises:
        UsageError: there is no such run, or several could be meant.
        Untrusted: it is another user's, who lets nobody look into it.
    """
    word, is_word = given.name, given.name == str(given)
    if is_word and word.casefold() == LATEST:
        return _latest(reports, fits or has_passes)
    return RunFolder(found_run(reports, given, word if is_word else None).resolve())


def _latest(reports: Path, fits: Callable[[RunFolder], bool]) -> RunFolder:
    found = next((run for run in newest_runs(reports) if fits(run)), None)
    if found is None:
        raise UsageError(
            f"There is no run in {reports} that could be meant by {LATEST}.",
            hint=f"{Command.RUNS.of(reports)} lists the runs that there are.",
        )
    return found


def has_passes(run: RunFolder) -> bool:
    """Whether a run was begun and, as far as its summary tells, has issued a pass."""
    if not run.journal.exists():
        return False
    summary = json_object(read_if_sound(run.summary, at_most=MEGABYTE) or b"") or {}
    counts = summary.get("counts")
    if summary.get("closed") is not True or not isinstance(counts, dict):
        return True
    return any(counts.get(part) != 0 for part in ("issued", "replaced"))


def is_planned_only(run: RunFolder) -> bool:
    """Whether a run has a plan that was not begun."""
    return run.plan.is_file() and not run.has_journal


def saved_run(reports: Path, name: Path) -> RunFolder | None:
    """Return the run that a name means, if it means one: a folder with a plan.json, or the id of a run."""
    return next((RunFolder(path.resolve()) for path in (name, reports / name) if (path / PLAN_NAME).is_file()), None)


def newest_runs(reports: Path) -> Iterator[RunFolder]:
    """Yield the runs in the reports folder that this user may look into, the newest first, as they are asked for.

    Raises:
        OSError: the reports folder cannot be read.
    """
    return (RunFolder(path.resolve()) for path in run_paths(reports) if may_enter(path) and is_run(path))


def all_runs(reports: Path) -> list[RunFolder]:
    """Return every run in the reports folder that this user may look into, oldest first.

    Raises:
        OSError: the reports folder cannot be read.
    """
    return list(newest_runs(reports))[::-1]


def closed_to_us(reports: Path) -> list[RunFolder]:
    """Return the folders named like runs into which this user may not look, in a folder that is a team's.

    Raises:
        OSError: the reports folder cannot be read.
    """
    return [RunFolder(path.absolute()) for path in list(run_paths(reports))[::-1] if not may_enter(path)]


def tenant_lock(reports: Path, tenant_id: str) -> Lock:
    """Hold the tenant: one issuing command at a time in one reports folder.

    Raises:
        InUse: another command is issuing for this tenant.
    """
    make_folder(reports)
    return lock_of_tenant(reports / ".locks", tenant_id)


def lock_of_tenant(folder: Path, tenant_id: str) -> Lock:
    """Hold the tenant's lock in a folder of locks, which is for whoever may use the one above it.

    Raises:
        InUse: another command is issuing for this tenant.
        DiskRefuses: the folder cannot be written.
    """
    plain = re.sub(r"[^A-Za-z0-9.-]+", "-", tenant_id.casefold())
    make_shared_folder(folder)
    return hold_lock(
        folder / f"{plain}.lock",
        f"Issuing for tenant {tenant_id}",
        "One command issues at a time, so that no pass is replaced by accident: wait until the other has ended.",
        shared=True,
    )
