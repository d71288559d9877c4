"""The classes of a school's export, and who is in them and teaches them."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

from bulktap.model.plain_text import in_number
from bulktap.roster.bundles.lost_zeros import renamed
from bulktap.roster.bundles.school_days import left_out_note, sessions_over, sifted
from bulktap.roster.bundles.school_people import teaches

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import pandas as pd

    from bulktap.roster.bundles.school_kinds import SchoolKind, Words
    from bulktap.roster.bundles.school_tables import SchoolFiles

_MOST_NAMED = 4


class SchoolClasses(NamedTuple):
    """The classes that are current, and who is in them."""

    classes: pd.DataFrame
    members: pd.DataFrame
    """Who is in which class, and whether they teach it; also in classes that no file names."""
    former: frozenset[str]
    """Who has memberships of which none is current."""
    notes: tuple[str, ...]


def classes_of(bundle: SchoolFiles, keys: Sequence[str]) -> SchoolClasses:
    """Return the classes of an export and their members, by the ids of people and classes.

    What is over, begins far ahead or is deleted gives nobody a class.

    That is taken away before rows that are there twice, so that a membership of a former year does not stand in the
    way of one that goes on.
    """
    import pandas as pd

    kind, names = bundle.kind, bundle.kind.classes
    columns: dict[str, Words] = {
        "group": names.key, "title": names.name, "school": kind.class_school, "head": kind.class_teacher,
        "type": kind.class_type,
    }  # fmt: skip
    groups = sifted(bundle, names.file, columns, sessions_over(bundle))
    classes = groups.rows.drop_duplicates("group")
    notes = [*groups.doubts, *left_out_note(bundle, names.file, groups.others, "class", "classes")]
    over = set(groups.others["group"]).difference(classes["group"])
    tables, people = [pd.DataFrame({"group": [], "person": [], "teaches": []}, dtype=str)], [pd.Series(dtype=str)]
    for one in kind.memberships:
        if one.file not in bundle.contents:
            continue
        found = sifted(bundle, one.file, {"group": one.group, "person": one.person, "role": one.role})
        notes += [*found.doubts, *left_out_note(bundle, one.file, found.others, "membership", "memberships")]
        known = _staff(bundle)["person"] if one.teaches and kind.staff is not None else keys
        pairs = bundle.ids.pairs([*found.rows["person"].unique(), *found.others["person"].unique()], known)
        ids = bundle.ids.as_among(found.rows["group"], [*classes["group"], *over])
        table = found.rows.assign(person=renamed(found.rows["person"], pairs), group=ids)
        past = table["group"].isin(over)
        people += [renamed(found.others["person"], pairs), table["person"][past]]
        table = table[~past]
        roles = {role: teaches(role) for role in table["role"].unique()}
        does = table["role"].map(roles) if one.teaches is None else one.teaches
        tables.append(table.assign(teaches=does)[["group", "person", "teaches"]])
    members = pd.concat(tables[1:] or tables).drop_duplicates(["group", "person"])
    former = frozenset(pd.concat(people)).difference(members["person"])
    return SchoolClasses(classes, members, former, tuple(notes))


def teachers_of(bundle: SchoolFiles, members: pd.DataFrame, classes: pd.DataFrame) -> dict[str, str]:
    """Return who teaches each class, by name."""
    staff = _staff(bundle).drop_duplicates("person")
    names = dict(zip(staff["person"], (staff["given"] + " " + staff["family"]).str.strip(), strict=True))
    teaching = members[members["teaches"].astype(bool)][["group", "person"]]
    heads = bundle.ids.as_among(classes["head"], names)
    pairs = chain(zip(classes["group"], heads, strict=True), zip(teaching["group"], teaching["person"], strict=True))
    found: dict[str, dict[str, None]] = {}
    for group, person in pairs:
        if name := names.get(person):
            found.setdefault(str(group), {})[name] = None
    return {group: ", ".join(people) for group, people in found.items()}


def _staff(bundle: SchoolFiles) -> pd.DataFrame:
    """Return those who may teach: the staff, or where they are among the people, everybody."""
    kind = bundle.kind
    file, key = (kind.staff, kind.staff_key) if kind.staff is not None else (kind.people, kind.key)
    given, family = ("givenname", "firstname"), ("familyname", "lastname", "surname")
    return bundle.table(file, {"person": key, "given": given, "family": family})


def orphans(
    bundle: SchoolFiles, members: pd.DataFrame, people: set[str], classes: set[str], kind: SchoolKind
) -> Iterator[str]:
    """Yield what is said of members whom no file of people names, and of classes that no file of classes names."""
    everybody = people
    if kind.staff is not None:
        everybody = people | set(bundle.table(kind.staff, {"person": kind.staff_key})["person"])
    strangers = members[~members["person"].isin(everybody)]["person"].drop_duplicates()
    if kind.staff is not None and kind.staff not in bundle.contents:
        strangers = members[~members["person"].isin(people) & ~members["teaches"].astype(bool)]["person"]
        strangers = strangers.drop_duplicates()
    if len(strangers):
        listed = ", ".join(strangers[:_MOST_NAMED])
        who = in_number(len(strangers), "person is", "people are")
        yield f"{who} in classes and not in {bundle.there[kind.people].name}: {listed}."
    unknown = members[~members["group"].isin(classes)]["group"].drop_duplicates()
    if len(unknown) and kind.classes.file in bundle.contents:
        listed = ", ".join(unknown[:_MOST_NAMED])
        which = in_number(len(unknown), "class has members and is", "classes have members and are")
        yield f"{which} not in {bundle.there[kind.classes.file].name}: {listed}."
