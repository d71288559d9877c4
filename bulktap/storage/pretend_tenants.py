"""Where the pretend tenants of rehearsals are kept: one for each roster in a reports folder, private to its user.

    reports/.simulated/students-1f0c9d2ab07e/tenant.jsonl     the tenant of every rehearsal of that roster
    reports/.simulated/students-1f0c9d2ab07e-2/               the same, begun anew
    reports/2026-09-01T0800Z-students-6c28/simulated-tenant   names the one that this run was planned for

So a second run can be rehearsed: whoever got a pass in the first has one. A run of an earlier version has its tenant in
its own folder.
"""

from __future__ import annotations

import hashlib
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from bulktap.model.errors import Untrusted
from bulktap.model.late_patterns import LatePattern
from bulktap.storage.folders import make_private_folder, make_shared_folder
from bulktap.storage.locks import hold_lock
from bulktap.storage.trusted_files import read_file

if TYPE_CHECKING:
    from bulktap.storage.locks import Lock

_FOLDER = ".simulated"
_TENANT = "tenant.jsonl"
_NAME = LatePattern(r"[A-Za-z0-9-]{1,40}-[0-9a-f]{12}(?:-[0-9]{1,6})?\Z")
"""What such a place is called; nothing else is looked for, whatever a file in a run's folder says."""
_LONGEST_NAME = 100


def kept_tenant(run: Path) -> Path | None:
    """Return the file of the pretend tenant that a run's folder names; None if it names none."""
    try:
        name = read_file(run / "simulated-tenant", at_most=_LONGEST_NAME).decode("ascii").strip()
    except (OSError, Untrusted, UnicodeDecodeError):
        return None
    return run.parent / _FOLDER / name / _TENANT if _NAME.match(name) else None


def place_for(reports: Path, stem: str, identity: bytes, *, fresh: bool) -> Path:
    """Return the folder of a pretend tenant, which is made if it is not there.

    Args:
        reports: the reports folder, which is there.
        stem: what the roster is called, in ASCII.
        identity: what tells it from those of other rosters and users.
        fresh: whether a tenant is begun anew, beside those that earlier runs name.

    Raises:
        DiskRefuses: it cannot be made.
    """
    above = reports / _FOLDER
    make_shared_folder(above)
    name = f"{stem}-{hashlib.sha256(identity).hexdigest()[:12]}"
    place, number = above / name, 1
    while (following := above / f"{name}-{number + 1}").exists():
        place, number = following, number + 1
    if fresh and place.exists():
        place = following
    make_private_folder(place)
    return place


def identity_of(roster: str, tenant: bytes) -> bytes:
    """Return what tells the pretend tenant of a roster, by its path, and of a tenant file's content, from others.

    In a reports folder that a team shares each member rehearses alone.
    """
    try:
        user = str(Path.home())
    except RuntimeError:  # a user without a home
        user = ""
    if sys.platform != "win32":
        user += f" {os.getuid()}"  # several accounts may share a home; what one of them made is private to it
    return b"\0".join(os.fsencode(part) for part in (user, roster)) + b"\0" + tenant


def hold_tenant_file(place: Path) -> Lock:
    """Hold a pretend tenant as the only one who changes it.

    Raises:
        InUse: another rehearsal of the same roster is going on.
        Untrusted: the place is not as bulktap makes it.
        DiskRefuses: it cannot be written.
    """
    return hold_lock(
        place / ".lock",
        "The pretend tenant of this rehearsal",
        "Wait until the other rehearsal of this roster ends, or stop it there with Ctrl-C.",
    )
