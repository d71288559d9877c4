"""Files that are parts of a school's export and no rosters by themselves: each is refused by name. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bulktap.model.errors import RosterError
from bulktap.roster.columns.headings import squeeze

if TYPE_CHECKING:
    from bulktap.roster.model import Roster

_MEMBERS = "lists class memberships, not people"
_STUDENT, _USERS, _STUDENTS = "Student.csv", "users.csv", "students.csv"
_PARTS: tuple[tuple[frozenset[str], str, str], ...] = (
    (frozenset({"sectionsisid", "sisid"}), _MEMBERS, _STUDENT),
    (frozenset({"sectionid", "id"}), _MEMBERS, _STUDENT),
    (frozenset({"classsourcedid", "usersourcedid"}), _MEMBERS, _USERS),
    (frozenset({"sectionid", "studentid"}), _MEMBERS, _STUDENTS),
    (frozenset({"rosterid", "classid", "studentid"}), _MEMBERS, _STUDENTS),
    (frozenset({"usersourcedid", "relationshipusersourcedid"}), "lists guardians' links, not people", _USERS),
    (frozenset({"usersourcedid", "orgsourcedid", "role"}), "lists the roles of people, not the people", _USERS),
    (frozenset({"usersourcedid", "flag"}), "lists marks of people, not the people", _USERS),
    (frozenset({"sourcedid", "title", "orgsourcedid"}), "lists classes or courses, not people", _USERS),
    (frozenset({"sourcedid", "title", "schoolsourcedid"}), "lists classes, not people", _USERS),
    (frozenset({"sisid", "sectionname"}), "lists classes, not people", _STUDENT),
    (frozenset({"sourcedid", "name", "type"}), "lists schools, not people", _USERS),
    (frozenset({"sisid", "schoolnumber", "name"}), "lists schools, not people", _STUDENT),
)
"""Headings that tell a part; what it is; and which file has the people."""
_LOGINS = frozenset({"username", "email", "emailaddress", "studentemail"})


def refuse_part_of_school(roster: Roster) -> None:
    """Refuse a part of a school's export that names nobody, or everybody without saying who is a guardian.

    Raises:
        RosterError: it is one.
    """
    words = {squeeze(heading) for heading in roster.headings}
    if words.isdisjoint(_LOGINS):
        for part, what, people in _PARTS:
            if part <= words:
                hint = f"Give the folder, or the zip, that {people} lies in too."
                raise RosterError(f"{roster.place} {what}.", hint=hint)
    name = roster.file.rpartition("/")[2].casefold()
    if name == "users.csv" and {"sourcedid", "username"} <= words and "role" not in words:
        told = f"{roster.place} may list guardians beside pupils; roles.csv, which tells them apart, is not there."
        hint = (
            "Give the folder, or the zip, with roles.csv too; or put the people who are to get a pass into a file of "
            "another name."
        )
        raise RosterError(told, hint=hint)
