"""Those who need another pass, written as a roster; nothing that is there already is written over."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bulktap.dispatch.pass_states import PassState
from bulktap.model.errors import UsageError
from bulktap.model.plan import Field
from bulktap.model.setting_names import Setting
from bulktap.results.unserved_roster import SUFFIXES, UnservedPerson, unserved_roster
from bulktap.storage import write_file

if TYPE_CHECKING:
    from pathlib import Path

    from bulktap.operations.recorded_rows import RecordedRun
    from bulktap.operations.verification import Verification, VerifiedPass

_WHY = {
    PassState.EXPIRED: "The pass has expired",
    PassState.GONE: "The pass was deleted",
    PassState.REVOKED: "The pass was revoked",
}


def require_writable(path: Path) -> None:
    """Make sure that there can be a roster of that name.

    Raises:
        UsageError: it has another suffix, or no folder.
    """
    if path.suffix.lower() not in SUFFIXES:
        raise UsageError(
            f"{path.name} is neither a workbook nor CSV.", hint=f"For example: {Setting.UNSERVED.to('not-in.xlsx')}."
        )
    if not path.absolute().parent.is_dir():
        raise UsageError(f"There is no folder {path.absolute().parent}.", hint="Make it, or name another one.")


def write_unserved(verified: Verification, recorded: RecordedRun, wanted: Path) -> Path | None:
    """Write the roster, private to the user, and return where it is; None if nobody would be in it.

    Raises:
        DiskRefuses: it cannot be written.
    """
    people = [_person(one) for one in verified.unserved]
    if not people:
        return None
    path = _free(wanted.absolute())
    content = unserved_roster(
        people,
        path.suffix.lower(),
        group=recorded.headings.get(Field.GROUP),
        run=recorded.folder.run,
        made_at=verified.asked_at,
    )
    write_file(path, content)
    return path


def _person(one: VerifiedPass) -> UnservedPerson:
    known = "nobody signed in with it" if one.is_in is False else "whether it was used is not known"
    return UnservedPerson(one.upn or one.user, one.display_name, one.group, f"{_WHY[one.finding.state]}; {known}.")


def _free(wanted: Path) -> Path:
    """Return a path where there is nothing: the wanted one, or with a number behind its name."""
    number, path = 1, wanted
    while path.exists() or path.is_symlink():
        number += 1
        path = wanted.with_name(f"{wanted.stem}-{number}{wanted.suffix}")
    return path
