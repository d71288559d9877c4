"""The export of a school → one roster: each person with class, teacher, school and grade beside the row, by pandas.

Whoever is no pupil and no member of the staff (guardians, by the role that the export gives them), and whoever is to be
deleted or not enabled, is left out with the reason. Nobody is added: a row of the roster is a row of the people's file.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace
from itertools import chain, groupby
from typing import TYPE_CHECKING, NamedTuple

from bulktap.model.errors import RosterError
from bulktap.model.plain_text import in_number
from bulktap.model.plan import Field
from bulktap.model.setting_names import Setting
from bulktap.roster.bundles.school_classes import classes_of, orphans, teachers_of
from bulktap.roster.bundles.school_days import listed
from bulktap.roster.bundles.school_kinds import STAFF_FILES, by_name, kind_of, people_file
from bulktap.roster.bundles.school_people import (
    hint_for,
    left_out_notes,
    reasons_to_leave_out,
    repeated_ids,
    role_rows,
    roles_of,
)
from bulktap.roster.bundles.school_tables import SchoolFiles
from bulktap.roster.cell_values import as_text
from bulktap.roster.columns.headings import squeeze
from bulktap.roster.model import LeftOutRow

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date

    import pandas as pd

    from bulktap.model.plan import CellValue
    from bulktap.roster.bundles.inputs import InputFile, InputFiles
    from bulktap.roster.bundles.school_classes import SchoolClasses
    from bulktap.roster.bundles.school_people import RoleRows
    from bulktap.roster.bundles.several import ReadOne
    from bulktap.roster.model import Roster
    from bulktap.roster.reading_options import ReadingOptions

_MOST_NAMED = 4
_HOMEROOMS = 0.8
"""Share of the people in classes that have a home room, for it to be their class."""
_BY_CLASS = frozenset({"class", "section", "title", "classtitle", "sectionname", "classname", "teacher"})
"""What people name, of all that is joined, where they mean the class."""
_Take = Callable[["_Beside"], str]


class _Beside(NamedTuple):
    """What is put beside one person."""

    classes: Sequence[str] = ()
    teachers: Sequence[str] = ()
    schools: Sequence[str] = ()
    home: int | None = None
    """Which of the classes is the home room."""


def read_school(
    files: InputFiles, read_one: ReadOne, options: ReadingOptions, day: date | None = None
) -> Roster | None:
    """Return the export of a school as one roster; None if the files are none.

    What has ended before `day` gives nobody a class or a role.

    Raises:
        RosterError: it holds changes only, or a file of it cannot be read.
    """
    there = by_name(files.files)
    people = people_file(there)
    if people is None:
        return None
    data = people.fetch()
    first = data[:4096].decode("latin-1").splitlines() or [""]
    words = frozenset(squeeze(word.strip('"\ufeffï»¿ ')) for word in first[0].replace(";", ",").split(","))
    kind = kind_of(there, words)
    if kind is None:
        return None
    contents = {name: file.fetch() for name, file in there.items() if name in kind.files and file is not people}
    order = None if options.date_order is None else options.date_order.of_texts
    bundle = SchoolFiles(kind, there, contents | {kind.people: data}, day, order)
    _refuse_changes(bundle, files.name)
    roster = read_one(data, people.name, options)
    digest = hashlib.sha256()
    for name in sorted(bundle.contents):
        digest.update(f"{name}\0{len(bundle.contents[name])}\0".encode())
        digest.update(bundle.contents[name])
    unused = [file.name for file in files.files if file.name.rpartition("/")[2].lower() not in kind.files]
    others = (*unused, *files.others)
    more = (f"Not read: {', '.join(others[:_MOST_NAMED])}{', …' if len(others) > _MOST_NAMED else ''}.",)
    joined = _joined(roster, bundle, options)
    staff = () if people_and_staff(files) else _staff_note(bundle)
    notes = (*joined.notes, *staff, *(more if others else ()))
    return replace(joined, file=files.name, sha256=digest.hexdigest(), notes=notes)


def people_and_staff(files: InputFiles) -> tuple[InputFile, InputFile] | None:
    """Return the files of the pupils and of those who teach, where somebody has given the second one by its name.

    Whoever names every file of an export means the export, as its folder does.
    """
    there = by_name(files.files)
    people = people_file(there)
    staff = next((there[name] for name in STAFF_FILES if name in there and name in files.named), None)
    if people is None or staff is None or files.named - {"student.csv", "students.csv", *STAFF_FILES}:
        return None
    return people, staff


def _refuse_changes(bundle: SchoolFiles, name: str) -> None:
    """Refuse an export that holds changes since another one.

    Raises:
        RosterError: it does.
    """
    manifest = bundle.table("manifest.csv", {"name": ("propertyname",), "value": ("value",)})
    changes = manifest[(manifest["value"].str.casefold() == "delta") & manifest["name"].str.startswith("file.")]
    if len(changes):
        hint = "Export the whole school (OneRoster calls it bulk) and give that."
        raise RosterError(f"{name} holds changes only (its manifest says delta), not the whole school.", hint=hint)


def _joined(roster: Roster, bundle: SchoolFiles, options: ReadingOptions) -> Roster:
    kind = bundle.kind
    headings = [squeeze(heading) for heading in roster.headings]
    key = next((at for at, heading in enumerate(headings) if heading in kind.key), None)
    if key is None:
        what = f"{roster.place} has no column with the ids of its people, though its first line names one."
        raise RosterError(what, hint="Export the files again, and give them as they are.")
    keys = [as_text(row.cells[key]) for row in roster.rows]
    said = role_rows(bundle, keys, options)
    roles = roles_of(roster, bundle, headings, keys, said)
    schools = _schools(roster, bundle, headings, keys, said)
    joined = classes_of(bundle, keys)
    beside, told = _beside(bundle, joined, keys, schools)
    added, more = _added(headings, keys, beside, roles, _grades(said), options)
    reasons = list(reasons_to_leave_out(roster, bundle, headings, keys, roles, said.over, options))
    told += _former(joined.former, {one for one, why in zip(keys, reasons, strict=True) if not why})
    beyond = [tuple(value or None for value in values) for values in zip(*(column for _, column in added), strict=True)]
    beyond = beyond or [()] * len(keys)
    rows = [replace(row, cells=(*row.cells, *cells)) for row, cells in zip(roster.rows, beyond, strict=True)]
    empty: tuple[CellValue, ...] = (None,) * len(added)
    old = [one._replace(row=replace(one.row, cells=(*one.row.cells, *empty))) for one in roster.left_out]
    new = [LeftOutRow(row, why, hint_for(why)) for row, why in zip(rows, reasons, strict=True) if why]
    if len(new) == len(rows):
        raise RosterError(f"{roster.file}: nobody in it is at the school: {new[0].reason}.", hint=new[0].hint)
    width = len(roster.headings)
    return replace(
        roster,
        headings=(*roster.headings, *(heading for heading, _ in added)),
        rows=tuple([row for row, why in zip(rows, reasons, strict=True) if not why]),
        left_out=tuple(sorted([*old, *new], key=lambda one: one.row.number)),
        faults={**roster.faults, **repeated_ids(roster, headings, keys, kind, roster.headings[key])},
        positions=(*roster.positions, *range(len(roster.positions), width + len(added))),
        added=frozenset(range(width, width + len(added))),
        notes=(*roster.notes, *told, *said.notes, *bundle.ids.notes(), *more, *left_out_notes(new)),
    )


def _added(
    headings: Sequence[str],
    keys: Sequence[str],
    beside: Sequence[_Beside],
    roles: Mapping[str, str] | None,
    grades: Mapping[str, str],
    options: ReadingOptions,
) -> tuple[list[tuple[str, list[str]]], list[str]]:
    """Return the columns that are put beside the people, and what is said where they are in several classes."""
    columns, more = _columns(beside, options, has_grade=bool(grades) or _graded(headings))
    added: list[tuple[str, list[str]]] = [(heading, list(map(take, beside))) for heading, take in columns.items()]
    if grades and "grade" not in headings:
        added.append(("Grade", [grades.get(one, "") for one in keys]))
    if roles is not None and "role" not in headings:
        added.append(("Role", [roles.get(one, "") for one in keys]))
    always = {"Role", "Class"} if _by_class(options) else {"Role"}
    return [(heading, values) for heading, values in added if any(values) or heading in always], more


def _graded(headings: Sequence[str]) -> bool:
    return not {"grade", "grades", "gradelevel"}.isdisjoint(headings)


def _former(people: frozenset[str], staying: set[str]) -> Iterator[str]:
    """Yield what is said of people who had classes and have none."""
    if count := len(people & staying):
        whose = "none of that person's" if count == 1 else "none of their"
        yield f"{in_number(count, 'person is', 'people are')} in no class now: {whose} memberships is current."


def _grades(said: RoleRows) -> dict[str, str]:
    table = said.rows
    table = table[table["grade"] != ""].drop_duplicates("person")
    return dict(zip(table["person"], table["grade"], strict=True))


def _schools(
    roster: Roster, bundle: SchoolFiles, headings: Sequence[str], keys: Sequence[str], said: RoleRows
) -> dict[str, tuple[str, ...]]:
    """Return the ids of each person's schools."""
    kind = bundle.kind
    own = next((at for word in kind.own_school for at, heading in enumerate(headings) if heading == word), None)
    if own is not None:
        cells = (as_text(row.cells[own]) for row in roster.rows)
        return {one: listed(text) for one, text in zip(keys, cells, strict=True)}
    # `groupby().agg(tuple)` takes many seconds with as many groups as there are people.
    found: dict[str, dict[str, None]] = {}
    for person, school in zip(said.rows["person"], said.rows["school"], strict=True):
        if school:
            found.setdefault(person, {})[school] = None
    return {person: tuple(schools) for person, schools in found.items()}


def _beside(
    bundle: SchoolFiles, joined: SchoolClasses, keys: Sequence[str], schools: Mapping[str, tuple[str, ...]]
) -> tuple[list[_Beside], list[str]]:
    """Return what is put beside each person, and what is said of the join."""
    kind, members, classes = bundle.kind, joined.members, joined.classes
    people = set(keys)
    pupils = members[members["person"].isin(people)]
    known = members.merge(classes, on="group", how="left", validate="many_to_one")
    teachers = teachers_of(bundle, known, classes)
    inside = pupils.merge(classes, on="group", how="inner", validate="many_to_one")
    inside = inside.assign(
        teacher=[teachers.get(group, "") for group in inside["group"]],
        home=inside["type"].str.casefold() == "homeroom",
        label=inside["title"].where(inside["title"] != "", inside["group"]),
    )
    by_person = _by_person(inside)
    names = bundle.table(kind.schools.file, {"id": kind.schools.key, "name": kind.schools.name})
    called = dict(zip(names["id"], names["name"], strict=True))
    ids = set(called)
    for used in (inside["school"].unique(), chain.from_iterable(schools.values())):
        called |= {one: called[other] for one, other in bundle.ids.pairs(used, ids).items()}
    beside = [_of_person(by_person.get(one), schools.get(one, ()), called) for one in keys]
    groups = inside["group"].nunique()
    counts = f"{in_number(len(people), 'person', 'people')}, {in_number(groups, 'class', 'classes')}"
    told = [f"{kind.name}: {counts} with some of them."]
    told += [*joined.notes, *orphans(bundle, members, people, set(classes["group"]), kind)]
    return beside, told


def _by_person(members: pd.DataFrame) -> dict[str, list[list[str]]]:
    """Return for each person the labels, teachers, home rooms and schools of the classes, in the order of the file."""
    # Ten times as fast as `groupby().agg(list)` with as many groups as there are people.
    ordered = members.sort_values("person", kind="stable")
    columns = [ordered[name].tolist() for name in ("label", "teacher", "home", "school")]
    found: dict[str, list[list[str]]] = {}
    start = 0
    for person, same in groupby(ordered["person"].tolist()):
        end = start + sum(1 for _ in same)
        found[person] = [column[start:end] for column in columns]
        start = end
    return found


def _of_person(found: Sequence[list[str]] | None, schools: Sequence[str], called: Mapping[str, str]) -> _Beside:
    if found is None:
        return _Beside(schools=[called.get(one, one) for one in schools])
    labels, teachers, homes, theirs = found
    ids = schools or tuple(dict.fromkeys(one for one in theirs if one))
    home = next((at for at, is_home in enumerate(homes) if is_home), None)
    return _Beside(labels, teachers, [called.get(one, one) for one in ids], home)


def _columns(
    beside: Sequence[_Beside], options: ReadingOptions, *, has_grade: bool
) -> tuple[dict[str, _Take], list[str]]:
    """Return the columns that are added, and what is said where people are in several classes."""
    having = [one for one in beside if one.classes]
    several = sum(len(one.classes) > 1 for one in having)
    homes = sum(one.home is not None for one in having)
    school: dict[str, _Take] = {"School": lambda one: "; ".join(one.schools)}
    one_class: dict[str, _Take] = {"Class": _main_class, "Teacher": _main_teacher}
    if not several:
        return one_class | school, []
    every: dict[str, _Take] = {"Classes": lambda one: "; ".join(one.classes)}
    if homes >= _HOMEROOMS * len(having):
        return one_class | school | every, ["The class of each person is the home room."]
    if _by_class(options) or not has_grade:
        said = [f"{in_number(several, 'person is', 'people are')} in several classes; the first of each is theirs."]
        return one_class | school | every, said
    most = max(len(one.classes) for one in having)
    note = (
        f"{in_number(several, 'person is', 'people are')} in several classes, up to {most}; all are grouped by grade; "
        f"{Setting.CLASS_BY.to('class')} takes the first class of each, {Setting.CLASS_BY.to('school')} the school."
    )
    return every | {"Teachers": lambda one: "; ".join(dict.fromkeys(filter(None, one.teachers)))} | school, [note]


def _by_class(options: ReadingOptions) -> bool:
    wanted = options.mapped.get(Field.GROUP)
    return wanted is not None and squeeze(wanted) in _BY_CLASS


def _main_class(one: _Beside) -> str:
    return one.classes[one.home or 0] if one.classes else ""


def _main_teacher(one: _Beside) -> str:
    return one.teachers[one.home or 0] if one.teachers else ""


def _staff_note(bundle: SchoolFiles) -> Iterator[str]:
    staff = bundle.kind.staff
    if staff is not None and staff in bundle.contents:
        count = len(bundle.table(staff, {"person": bundle.kind.staff_key}))
        named = bundle.there[staff].name
        who, are = in_number(count, "person", "people"), "is" if count == 1 else "are"
        yield f"{who} of {named} {are} not in this roster; name {named} too, or by itself, to include them."
