"""Who of a school's export is a pupil or a member of the staff, who is a guardian, and who is not there any more."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from bulktap.model.errors import RosterError
from bulktap.model.row_error_catalogue import about_cells
from bulktap.roster.bundles.lost_zeros import renamed
from bulktap.roster.bundles.school_days import Why, in_each, left_out_note, sessions_over, sifted
from bulktap.roster.bundles.school_kinds import ONEROSTER
from bulktap.roster.cell_values import as_text, word_set
from bulktap.roster.rows.left_out import INCLUDE

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import pandas as pd

    from bulktap.model.plan import RosterRow
    from bulktap.model.row_errors import RowError
    from bulktap.roster.bundles.school_kinds import SchoolKind, Words
    from bulktap.roster.bundles.school_tables import SchoolFiles
    from bulktap.roster.model import LeftOutRow, Roster, RowKey
    from bulktap.roster.reading_options import ReadingOptions

_NO_SCHOOL = "To give such people passes too, list them in a file of their own."
_GUARDIANS = word_set(
    "parent guardian relative contact emergencycontact mother father grandparent sibling spouse aunt uncle"
)
_TEACHING = word_set("teacher professor lecturer faculty instructor primaryteacher")


def teaches(role: str) -> bool:
    """Return whether a role in a class is that of somebody who teaches it."""
    return _squeezed(role) in _TEACHING


class RoleRows(NamedTuple):
    """What the file says that tells who is what, at which school and in which grade."""

    rows: pd.DataFrame
    """Those that are current, each person's main role first."""
    over: Mapping[str, str]
    """Person → why they are not here, of those who have roles of which none is current."""
    notes: tuple[str, ...]


def roles_of(
    roster: Roster, bundle: SchoolFiles, headings: Sequence[str], keys: Sequence[str], said: RoleRows
) -> dict[str, str] | None:
    """Return what each person is, the main one of several; None where the export has no roles.

    Raises:
        RosterError: nothing in it tells guardians from pupils.
    """
    kind = bundle.kind
    own = next((at for at, heading in enumerate(headings) if heading in kind.own_role), None)
    if own is not None:
        return {one: as_text(row.cells[own]) for one, row in zip(keys, roster.rows, strict=True)}
    if kind.roles is None:
        return None
    if kind.roles in bundle.contents:
        table = said.rows.drop_duplicates("person")
        return dict(zip(table["person"], table["role"], strict=True))
    columns: dict[str, Words] = {"person": ("usersourcedid",), "role": ("role",)}
    enrolled = bundle.table("enrollments.csv", columns).drop_duplicates("person")
    enrolled = enrolled.assign(person=bundle.ids.as_among(enrolled["person"], keys))
    if not len(enrolled):
        hint = f"Give the folder that {kind.roles} lies in too."
        told = f"{roster.file} lists guardians as well as pupils, and {kind.roles}, which tells them apart, is missing."
        raise RosterError(told, hint=hint)
    return dict(zip(enrolled["person"], enrolled["role"], strict=True))


def role_rows(bundle: SchoolFiles, keys: Sequence[str], options: ReadingOptions) -> RoleRows:
    """Return who is what, by the ids of people; of somebody who has left, only where such people are to be included.

    A role of a term that is over counts where there is no other, because the next term may not be entered yet.
    """
    import pandas as pd

    name = bundle.kind.roles or ""
    columns: dict[str, Words] = {
        "person": ("usersourcedid",), "role": ("role",), "main": ("isprimary", "roletype"),
        "school": ("orgsourcedid",), "grade": ("grade",), "term": ("sessionsourcedid",),
    }  # fmt: skip
    rows, others, doubts = sifted(bundle, name, columns)
    pairs = bundle.ids.pairs([*rows["person"].unique(), *others["person"].unique()], keys)
    rows, others = (table.assign(person=renamed(table["person"], pairs)) for table in (rows, others))
    terms = [one for one, why in sessions_over(bundle).items() if why == Why.ENDED]
    past = rows["term"].isin(terms)
    rows = rows[~past | ~rows["person"].isin(rows["person"][~past])]
    gone = others[~others["person"].isin(rows["person"])]
    if options.include_inactive:
        rows, others = pd.concat([rows, gone]), others.drop(gone.index)
        gone = gone[:0]
    reasons: dict[str, set[Why]] = {}
    for person, why in zip(gone["person"], gone["why"], strict=True):
        reasons.setdefault(person, set()).add(why)
    over = {person: f"inactive (every role {in_each(found, bundle)})" for person, found in reasons.items()}
    other = ~rows["main"].str.casefold().isin(["true", "primary"])
    rows = rows.assign(main=other).sort_values("main", kind="stable")
    return RoleRows(rows, over, (*doubts, *left_out_note(bundle, name, others, "role", "roles")))


def hint_for(reason: str) -> str:
    """Return what to do for somebody who is left out and is to have a pass."""
    return INCLUDE if reason.startswith("inactive") else _NO_SCHOOL


def reasons_to_leave_out(
    roster: Roster,
    bundle: SchoolFiles,
    headings: Sequence[str],
    keys: Sequence[str],
    roles: Mapping[str, str] | None,
    over: Mapping[str, str],
    options: ReadingOptions,
) -> Iterator[str]:
    """Yield for each person why they are left out; an empty text if they are not."""
    oneroster = bundle.kind is ONEROSTER and not options.include_inactive
    status, enabled = (
        next((at for at, heading in enumerate(headings) if oneroster and heading == word), None)
        for word in ("status", "enableduser")
    )
    said = bundle.kind.roles in bundle.contents or "role" in headings
    nothing = "no school role, so perhaps a guardian" if said else "in no class, and nothing says what role"
    for key, row in zip(keys, roster.rows, strict=True):
        role = "" if roles is None else roles.get(key, "")
        if status is not None and _folded(row, status) in {"tobedeleted", "inactive"}:
            yield f"inactive ({roster.headings[status]} is {as_text(row.cells[status])})"
        elif enabled is not None and _folded(row, enabled) in {"false", "0", "no"}:
            yield f"inactive ({roster.headings[enabled]} is {as_text(row.cells[enabled])})"
        elif key in over:
            yield over[key]
        elif _squeezed(role) in _GUARDIANS:
            yield f"a guardian (role {role})"
        elif roles is not None and not role:
            yield nothing
        else:
            yield ""


def left_out_notes(rows: Sequence[LeftOutRow]) -> Iterator[str]:
    """Yield how many people are left out for each reason."""
    counts: dict[str, int] = {}
    for one in rows:
        counts[one.reason] = counts.get(one.reason, 0) + 1
    for reason, count in counts.items():
        yield f"{'1 person was' if count == 1 else f'{count:,} people were'} skipped: {reason}."


def repeated_ids(
    roster: Roster, headings: Sequence[str], keys: Sequence[str], kind: SchoolKind, heading: str
) -> dict[RowKey, RowError]:
    """Return the faults of rows that give one id to people with different user names."""
    column = next((at for word in kind.login for at, one in enumerate(headings) if one == word), None)
    if column is None or len(set(keys)) == len(keys):
        return {}
    logins: dict[str, set[str]] = {}
    for key, row in zip(keys, roster.rows, strict=True):
        logins.setdefault(key, set()).add(_folded(row, column))
    return {
        row.key: about_cells.repeated_id(heading, key)
        for key, row in zip(keys, roster.rows, strict=True)
        if key and len(logins[key]) > 1
    }


def _folded(row: RosterRow, column: int) -> str:
    return as_text(row.cells[column]).casefold()


def _squeezed(text: str) -> str:
    return "".join(letter for letter in text.casefold() if letter.isalnum())
