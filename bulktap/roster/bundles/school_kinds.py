"""The exports of schools: which files each has, what the columns in them are called, and how one is recognised.

Headings are compared by their words, so that `sourcedId`, `SourcedID` and `sourced_id` are the same; the first of
several that a file has counts.
"""

from __future__ import annotations

import posixpath
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from bulktap.roster.bundles.inputs import InputFile

Words = tuple[str, ...]
"""Headings that mean the same, squeezed."""


class Membership(NamedTuple):
    """A file that says who is in which class."""

    file: str
    group: Words
    person: Words
    teaches: bool | None
    """What its people do in the class; None if a column says it."""
    role: Words = ()


class Names(NamedTuple):
    """A file that says what something is called."""

    file: str
    key: Words
    name: Words


@dataclass(frozen=True, slots=True)
class SchoolKind:
    """One kind of export."""

    name: str
    people: str
    """The file of those who may get a pass."""
    key: Words
    memberships: tuple[Membership, ...]
    classes: Names
    schools: Names
    beside: Words
    """Files of which at least one lies beside that of the people."""
    class_school: Words = ()
    class_teacher: Words = ()
    class_type: Words = ()
    own_school: Words = ()
    own_role: Words = ()
    roles: str | None = None
    """The file that says who is what, where that of the people does not."""
    staff: str | None = None
    """A file of people who teach, who are not among the people."""
    staff_key: Words = ()
    login: Words = ("username",)
    known: frozenset[str] = field(default=frozenset())
    """Other files that belong to it and are of no use here."""

    @property
    def files(self) -> frozenset[str]:
        """The names of all files that belong to it."""
        used = {self.people, self.classes.file, self.schools.file, *(one.file for one in self.memberships)}
        return frozenset({*used, *(one for one in (self.roles, self.staff) if one)}) | self.known


_SOURCED = ("sourcedid",)
_SIS_V1 = ("sisid", "id")
_ENROLMENTS = Membership("enrollments.csv", ("classsourcedid",), ("usersourcedid",), None, ("role",))
_ORGS = Names("orgs.csv", _SOURCED, ("name",))
_CLASSES = Names("classes.csv", _SOURCED, ("title", "classcode"))
_USERS_WITH = ("enrollments.csv", "classes.csv", "orgs.csv", "roles.csv", "manifest.csv")
_MORE_V2 = frozenset(
    {"academicsessions.csv", "courses.csv", "userflags.csv", "relationships.csv", "demographics.csv", "manifest.csv"}
)
SDS_V1 = SchoolKind(
    "School Data Sync (version 1)",
    "student.csv",
    _SIS_V1,
    (
        Membership("studentenrollment.csv", ("sectionsisid", "sectionid"), _SIS_V1, teaches=False),
        Membership("teacherroster.csv", ("sectionsisid", "sectionid"), _SIS_V1, teaches=True),
    ),
    Names("section.csv", _SIS_V1, ("sectionname",)),
    Names("school.csv", ("sisid", "dfenumber", "id"), ("name",)),
    ("section.csv", "studentenrollment.csv", "school.csv", "teacherroster.csv", "teacher.csv"),
    class_school=("schoolsisid", "schooldfenumber"),
    own_school=("schoolsisid", "schooldfenumber"),
    staff="teacher.csv",
    staff_key=_SIS_V1,
    known=frozenset({"user.csv", "guardianrelationship.csv"}),
)
SDS_V2 = SchoolKind(
    "School Data Sync (version 2)",
    "users.csv",
    _SOURCED,
    (_ENROLMENTS,),
    _CLASSES,
    _ORGS,
    _USERS_WITH,
    class_school=("orgsourcedid", "orgsourcedids", "schoolsourcedid"),
    own_school=("orgsourcedids", "orgsourcedid", "primaryorgsourcedid"),
    own_role=("role",),
    roles="roles.csv",
    known=_MORE_V2,
)
ONEROSTER = SchoolKind(
    "OneRoster",
    "users.csv",
    _SOURCED,
    (_ENROLMENTS,),
    _CLASSES,
    _ORGS,
    _USERS_WITH,
    class_school=("schoolsourcedid", "orgsourcedid"),
    class_type=("classtype",),
    own_school=("orgsourcedids", "primaryorgsourcedid"),
    own_role=("role",),
    roles="roles.csv",
    known=_MORE_V2
    | {
        "userprofiles.csv", "categories.csv", "lineitems.csv", "results.csv", "resources.csv", "classresources.csv",
        "courseresources.csv", "userresources.csv", "scorescales.csv",
    },
)  # fmt: skip
CLEVER = SchoolKind(
    "Clever",
    "students.csv",
    ("studentid",),
    (Membership("enrollments.csv", ("sectionid",), ("studentid",), teaches=False),),
    Names("sections.csv", ("sectionid",), ("name", "sectionname", "coursename", "sectionnumber")),
    Names("schools.csv", ("schoolid",), ("schoolname", "name")),
    ("enrollments.csv", "sections.csv", "schools.csv", "teachers.csv"),
    class_school=("schoolid",),
    class_teacher=("teacherid",),
    own_school=("schoolid",),
    staff="teachers.csv",
    staff_key=("teacherid",),
    known=frozenset({"admins.csv", "staff.csv", "contacts.csv"}),
)
APPLE = SchoolKind(
    "Apple School Manager",
    "students.csv",
    ("personid",),
    (Membership("rosters.csv", ("classid",), ("studentid",), teaches=False),),
    Names("classes.csv", ("classid",), ("classname", "name", "classnumber")),
    Names("locations.csv", ("locationid",), ("locationname", "name")),
    ("rosters.csv", "classes.csv", "locations.csv", "staff.csv"),
    class_school=("locationid",),
    class_teacher=("instructorid",),
    own_school=("locationid",),
    staff="staff.csv",
    staff_key=("personid",),
    login=("emailaddress", "sisusername"),
    known=frozenset({"courses.csv"}),
)

STAFF_FILES = tuple(kind.staff for kind in (SDS_V1, CLEVER, APPLE) if kind.staff)
"""The files of people who teach, of the exports that have such a file."""


def by_name(files: Iterable[InputFile]) -> dict[str, InputFile]:
    """Return files by their names in small letters, without folders; of equal ones the first."""
    found: dict[str, InputFile] = {}
    for file in files:
        found.setdefault(posixpath.basename(file.name).lower(), file)
    return found


def kind_of(there: Mapping[str, InputFile], headings: frozenset[str]) -> SchoolKind | None:
    """Return which kind of export files are; None if they are none.

    Args:
        there: the files, by their names in small letters.
        headings: those of its people, squeezed.
    """
    for kind in (SDS_V1, ONEROSTER, SDS_V2, CLEVER, APPLE):
        if kind.people not in there or not any(one in there for one in kind.beside):
            continue
        if not headings.intersection(kind.key):
            continue
        if kind is ONEROSTER and not ("manifest.csv" in there or headings & {"enableduser", "datelastmodified"}):
            continue
        return kind
    return None


def people_file(there: Mapping[str, InputFile]) -> InputFile | None:
    """Return the file that would be that of the people."""
    return next((there[name] for name in ("student.csv", "users.csv", "students.csv") if name in there), None)
