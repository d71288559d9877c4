# ruff: noqa: E501 - a line for each file
"""Exports of schools: each student with class, teacher, school and grade; who is left out, and what is refused."""

from __future__ import annotations

import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from roster_bundles import checked, laid, people, zipped

from bulktap.model.errors import RosterError

if TYPE_CHECKING:
    from bulktap.roster.model import CheckedRoster

REAL = Path(__file__).parents[4] / "shared" / "rosters" / "formats"
SDS_V1 = {
    "School.csv": "SIS ID,Name\n1,North\n2,South\n",
    "Section.csv": "SIS ID,School SIS ID,Section Name\ns1,1,Maths\ns2,2,Art\n",
    "Student.csv": "SIS ID,School SIS ID,First Name,Last Name,Username,Password,Grade,Status\n"
    "11,1,Anna,Arendt,anna@x.org,pw,9,Active\n12,2,Ben,Bauer,ben@x.org,pw,10,Active\n13,2,Cem,Can,cem@x.org,pw,9,Inactive\n",
    "Teacher.csv": "SIS ID,School SIS ID,First Name,Last Name,Username\n21,1,Ida,Weil,weil@x.org\n",
    "StudentEnrollment.csv": "Section SIS ID,SIS ID\ns1,11\ns2,12\ns2,13\n",
    "TeacherRoster.csv": "Section SIS ID,SIS ID\ns1,21\n",
}
SDS_UK = {
    "School.csv": "DfE Number,Name,Postal Code\n1,North,AB1\n",
    "Section.csv": "ID,School DfE Number,Section Name\ns1,1,Maths\n",
    "Student.csv": "ID,School DfE Number,First Name,Last Name,Username\n11,1,Anna,Arendt,anna@x.org\n",
    "StudentEnrollment.csv": "Section ID,ID\ns1,11\n",
    "TeacherRoster.csv": "Section ID,ID\n",
}
SDS_V2 = {
    "orgs.csv": "sourcedId,name,type,parentSourcedId\no1,North,school,\n",
    "users.csv": "sourcedId,orgSourcedIds,givenName,familyName,username,password,role,grade\n"
    "1,o1,Anna,Arendt,anna@x.org,pw,student,9\n2,o1,Ida,Weil,weil@x.org,pw,Teacher,\n3,o1,Pa,Arendt,pa@mail.com,pw,Parent,\n",
    "classes.csv": "sourcedId,orgSourcedId,title\nc1,o1,Maths\n",
    "enrollments.csv": "classSourcedId,userSourcedId,role\nc1,1,student\nc1,2,teacher\n",
}
SDS_V21 = {
    **SDS_V2,
    "users.csv": "sourcedId,username,givenName,familyName,email\n1,anna@x.org,Anna,Arendt,\n2,weil@x.org,Ida,Weil,\n"
    "3,pa@mail.com,Pa,Arendt,\n",
    "roles.csv": "userSourcedId,orgSourcedId,role,grade,isPrimary\n1,o9,student,8,FALSE\n1,o1,student,9,TRUE\n2,o1,teacher,,TRUE\n",
    "relationships.csv": "userSourcedId,relationshipUserSourcedId,relationshipRole\n1,3,guardian\n",
}
ONEROSTER_11 = {
    "manifest.csv": "propertyName,value\noneroster.version,1.1\nfile.users,bulk\n",
    "orgs.csv": "sourcedId,status,dateLastModified,name,type\no1,,,North,school\no2,,,South,school\n",
    "users.csv": "sourcedId,status,dateLastModified,enabledUser,orgSourcedIds,role,username,givenName,familyName,email,grades\n"
    '1,,,true,"o1,o2",student,anna@x.org,Anna,Arendt,anna@x.org,"09,10"\n2,,,true,o1,teacher,weil@x.org,Ida,Weil,weil@x.org,\n'
    "3,tobedeleted,,true,o1,student,old@x.org,O,Ld,old@x.org,\n4,active,,false,o1,student,off@x.org,O,Ff,off@x.org,\n"
    "5,,,true,o1,guardian,pa@mail.com,Pa,Arendt,pa@mail.com,\n",
    "classes.csv": "sourcedId,status,title,classType,schoolSourcedId\nc1,,Maths,scheduled,o1\nc2,,7A,homeroom,o1\n",
    "enrollments.csv": "sourcedId,status,classSourcedId,userSourcedId,role,primary\ne1,,c1,1,student,\ne2,,c2,1,student,\ne3,,c2,2,teacher,true\n",
}
ONEROSTER_12 = {
    **ONEROSTER_11,
    "Users.csv": "sourcedId,status,dateLastModified,enabledUser,username,givenName,familyName,email\n"
    "1,,,true,anna@x.org,Anna,Arendt,anna@x.org\n2,,,true,weil@x.org,Ida,Weil,weil@x.org\n9,,,true,pa@mail.com,Pa,A,pa@mail.com\n",
    "roles.csv": "sourcedId,status,userSourcedId,roleType,role,orgSourcedId\nr1,,1,secondary,aide,o2\nr2,,1,primary,student,o1\n"
    "r3,,2,primary,teacher,o1\nr4,,9,primary,parent,o1\n",
}
del ONEROSTER_12["users.csv"]
CLEVER = {
    "students.csv": "School_id,Student_id,Last_name,First_name,Grade,DOB,IEP_status,Student_email,Contact_email\n"
    "1,11,Arendt,Anna,9,01/02/2020,Y,anna@x.org,pa@mail.com\n1,11,Arendt,Anna,9,01/02/2020,Y,anna@x.org,ma@mail.com\n",
    "sections.csv": "School_id,Section_id,Teacher_id,Name\n1,s1,21,Maths\n",
    "enrollments.csv": "School_id,Section_id,Student_id\n1,s1,11\n",
    "teachers.csv": "School_id,Teacher_id,First_name,Last_name,Teacher_email\n1,21,Ida,Weil,weil@x.org\n",
    "schools.csv": "School_id,School_name\n1,North\n",
}
APPLE = {
    "students.csv": "person_id,person_number,first_name,last_name,grade_level,email_address,sis_username,location_id\n"
    '11,1,"Anna \\"A\\"",Arendt,9,anna@x.org,,L1\n',
    "staff.csv": "person_id,first_name,last_name,email_address,location_id\n21,Ida,Weil,weil@x.org,L1\n",
    "classes.csv": "class_id,class_number,course_id,instructor_id,location_id\nk1,Maths,co,21,L1\n",
    "rosters.csv": "roster_id,class_id,student_id\nr1,k1,11\n",
    "locations.csv": "location_id,location_name\nL1,North\n",
    "courses.csv": "course_id,course_name\nco,M\n",
}
# files; user, class, teacher, school and grade of each who gets a pass; how many are left out for what
CASES = {
    "School Data Sync 1": (SDS_V1, ["anna@x.org Maths Ida Weil North 9", "ben@x.org Art - South 10"], {"inactive": 1}),
    "School Data Sync 1, United Kingdom": (SDS_UK, ["anna@x.org Maths - North -"], {}),
    "School Data Sync 2": (
        SDS_V2,
        ["anna@x.org Maths Ida Weil North 9", "weil@x.org Maths Ida Weil North -"],
        {"guardian (role Parent)": 1},
    ),
    "School Data Sync 2.1": (
        SDS_V21,
        ["anna@x.org Maths Ida Weil North; o9 9", "weil@x.org Maths Ida Weil North -"],
        {"perhaps a guardian": 1},
    ),
    "OneRoster 1.1": (
        ONEROSTER_11,
        ["anna@x.org 7A Ida Weil North; South 09,10", "weil@x.org 7A Ida Weil North -"],
        {"tobedeleted": 1, "enabledUser is false": 1, "guardian (role guardian)": 1},
    ),
    "OneRoster 1.2": (
        ONEROSTER_12,
        ["anna@x.org 7A Ida Weil North; South -", "weil@x.org 7A Ida Weil North -"],
        {"guardian (role parent)": 1},
    ),
    "Clever": (CLEVER, ["anna@x.org Maths Ida Weil North 9"] * 2, {}),
    "Apple School Manager": (APPLE, ["anna@x.org Maths Ida Weil North 9"], {}),
}  # fmt: skip


def beside(roster: CheckedRoster) -> list[str]:
    """Return user, class, teacher, school and grade of each row that asks for a pass."""
    headings = [heading.casefold() for heading in roster.columns.headings]
    words = [
        "class",
        "teacher",
        "school",
        next((one for one in ("grade", "grades", "grade_level") if one in headings), ""),
    ]
    places = [headings.index(word) if word in headings else None for word in words]
    return [
        " ".join([row.user.text, *(str(row.source.cells[at] or "-") if at is not None else "-" for at in places)])
        for row in roster.rows
        if row.request is not None and row.user is not None
    ]


def left_out(roster: CheckedRoster) -> list[str]:
    """Return why each row is left out."""
    return [row.problems[0].message for row in roster.rows if row.left_out]


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("name", CASES)
def test_each_person_has_what_the_other_files_say(name: str, packed: bool, tmp_path: Path) -> None:
    """From a folder, and from a zip with a folder in it and a Mac's leavings; the class is the group."""
    files, expected, reasons = CASES[name]
    if packed:
        inside = {f"export/{name.upper() if name[0].islower() else name}": text for name, text in files.items()}
        laid(tmp_path, {"export.zip": zipped({**inside, "__MACOSX/export/._users.csv": "x", "export/.DS_Store": "x"})})
    found = checked(tmp_path / "export.zip" if packed else laid(tmp_path / "export", files))
    assert beside(found) == expected
    reached = left_out(found)
    assert len(reached) == sum(reasons.values())
    assert all(sum(word in reason for reason in reached) == count for word, count in reasons.items()), reached
    assert [row[4] for row in people(found)] == [text.split()[1] for text in expected]


def test_nothing_secret_or_of_health_is_carried(tmp_path: Path) -> None:
    """Passwords, birth dates and health stay in the file, and a parent's address is nobody's sign-in name."""
    found = checked(laid(tmp_path, CLEVER))
    shown = repr([row.source.cells for row in found.rows])
    assert "01/02/2020" not in shown
    assert "IEP_status" not in found.columns.headings
    assert "pw" not in repr(checked(laid(tmp_path / "v1", SDS_V1)).rows)


@pytest.mark.parametrize(
    ("by", "groups"), [("class", ["Maths"]), ("grade", ["9"]), ("school", ["North"]), (None, ["9"])]
)
def test_of_several_classes_one_is_chosen(by: str | None, groups: list[str], tmp_path: Path) -> None:
    """Without a home room people are grouped by grade, and the note names the option; one row and one pass each."""
    files = {**SDS_V1, "StudentEnrollment.csv": "Section SIS ID,SIS ID\ns1,11\ns2,11\n"}
    found = checked(laid(tmp_path, files), class_by=by)
    assert [row[4] for row in people(found)][:1] == groups
    assert len(people(found)) == 2
    assert by is not None or any("grouped by grade" in note for note in found.info.notes)


TEACHER = {**SDS_V1, "Teacher.csv": "SIS ID,School SIS ID,First Name,Last Name,Username\n21,1,Ida,Weil,weil@x.org\n"}
# what is given; the groups of everybody
STAFF = {
    "the pupils and the teachers": (TEACHER, ["Student.csv", "Teacher.csv"], None, ["9", "10", "Teacher"]),
    "the folder and the teachers": (TEACHER, [".", "Teacher.csv"], None, ["Maths", "Art", "Teacher"]),
    "by grade": (TEACHER, [".", "Teacher.csv"], "grade", ["9", "10", "Teacher"]),
    "of Apple School Manager": (APPLE, [".", "staff.csv"], None, ["Maths", "staff"]),
    "of Clever": (CLEVER, [".", "teachers.csv"], None, ["Maths", "Maths", "teachers"]),
    "the folder alone": (TEACHER, ["."], None, ["Maths", "Art"]),
    "every file": (TEACHER, list(TEACHER), None, ["Maths", "Art"]),
}


@pytest.mark.parametrize("name", STAFF)
def test_who_teaches_gets_a_pass_where_their_file_is_named(name: str, tmp_path: Path) -> None:
    """They are a group of their own; the export as a whole is that of the pupils, and says how many were left."""
    files, given, by, groups = STAFF[name]
    folder = laid(tmp_path / "export", files)
    found = checked(*(folder / one if one != "." else folder for one in given), class_by=by)
    assert [row[4] for row in people(found)] == groups
    assert ("weil@x.org" in {row[3] for row in people(found)}) == (groups[-1] != "Art")
    assert any("1 person of Teacher.csv is not in this roster" in note for note in found.info.notes) == (
        groups[-1] == "Art"
    )


@pytest.mark.parametrize("word", ["class", "Class", "section", "title", "Class title", "Section name"])
@pytest.mark.parametrize("files", [SDS_V1, SDS_V21, ONEROSTER_11], ids=["SDS 1", "SDS 2.1", "OneRoster"])
def test_people_are_grouped_by_the_titles_of_classes(files: dict[str, str], word: str, tmp_path: Path) -> None:
    """By whatever people call that, and never by ids."""
    found = checked(laid(tmp_path / "export", files), class_by=word)
    assert {row[4] for row in people(found)} <= {"Maths", "Art", "7A"}


def test_members_whom_no_file_names_are_told(tmp_path: Path) -> None:
    """Unknown people and unknown classes are counted with the first ids; nobody is added."""
    files = {**SDS_V1, "StudentEnrollment.csv": "Section SIS ID,SIS ID\ns1,11\ns1,77\ns9,12\n"}
    found = checked(laid(tmp_path, files))
    notes = " ".join(found.info.notes)
    assert "1 person is in classes and not in Student.csv: 77." in notes
    assert "1 class has members and is not in Section.csv: s9." in notes
    assert len(people(found)) == 2


def test_one_id_for_two_people_refuses_both(tmp_path: Path) -> None:
    """Their classes cannot be told apart."""
    files = {**SDS_V1, "Student.csv": SDS_V1["Student.csv"] + "11,1,Dana,Dorn,dana@x.org,pw,9,Active\n"}
    found = checked(laid(tmp_path, files))
    refused = [
        (row.source.number, row.problems[0].message) for row in found.rows if row.request is None and not row.left_out
    ]
    assert [number for number, _ in refused] == [2, 5]
    assert "SIS ID 11 occurs more than once, with different user names." in refused[0][1]


REFUSED = {
    "memberships alone": ({"StudentEnrollment.csv": SDS_V1["StudentEnrollment.csv"]}, "lists class memberships"),
    "memberships of the United Kingdom": ({"StudentEnrollment.csv": SDS_UK["StudentEnrollment.csv"]}, "class memberships"),
    "memberships of OneRoster": ({"enrollments.csv": ONEROSTER_11["enrollments.csv"]}, "lists class memberships"),
    "memberships of Clever": ({"enrollments.csv": CLEVER["enrollments.csv"]}, "lists class memberships"),
    "memberships of Apple": ({"rosters.csv": APPLE["rosters.csv"]}, "lists class memberships"),
    "links of guardians": ({"relationships.csv": SDS_V21["relationships.csv"]}, "lists guardians' links"),
    "roles": ({"roles.csv": SDS_V21["roles.csv"]}, "lists the roles"),
    "everybody without roles": ({"users.csv": SDS_V21["users.csv"]}, "guardians beside pupils; roles.csv"),
    "a whole export without roles or members": (
        {"users.csv": SDS_V21["users.csv"], "orgs.csv": SDS_V21["orgs.csv"]},
        "roles.csv, which tells them apart, is missing",
    ),
    "changes only": (
        {**ONEROSTER_11, "manifest.csv": "propertyName,value\nfile.users,delta\nfile.orgs,absent\n"},
        "holds changes only",
    ),
    "devices without users": (
        {"devices.csv": "Device name,Serial number,OS\nPC-1,ABC123,Windows\nPC-2,ABC124,Windows\n"},
        "device",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_roster_is_refused_by_name(name: str, tmp_path: Path) -> None:
    """With what it is, and what to give instead; as a folder too."""
    files, why = REFUSED[name]
    laid(tmp_path / "export", files)
    paths = [tmp_path / "export", *([tmp_path / "export" / next(iter(files))] if len(files) == 1 else [])]
    for path in paths:
        with pytest.raises(RosterError, match=why) as refusal:
            checked(path)
        assert refusal.value.hint


MEASURED = """
import resource, sys, time
from pathlib import Path
from bulktap.roster.read import read_roster
roster = read_roster(Path(sys.argv[1]))
homes = sum(row.cells[-4] is not None for row in roster.rows)
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
if sys.platform == "linux":  # there a process begins with the peak of the one that started it
    status = Path("/proc/self/status").read_text()
    peak = int(status.partition("VmHWM:")[2].split()[0])
print(len(roster.rows), homes, time.process_time(), peak // (1 << 20 if sys.platform == "darwin" else 1 << 10))
"""


@pytest.mark.long
@pytest.mark.skipif(sys.platform == "win32", reason="how much memory was used is told by Unix's getrusage")
def test_a_large_export_is_joined_in_seconds(tmp_path: Path) -> None:
    """100,000 people and 500,000 memberships within 20 s of processor time and 1 GB."""
    people_count, classes = 100_000, 20_000
    head = ONEROSTER_11["users.csv"].partition("\n")[0]
    users = (f"{i},,,true,o1,student,u{i}@x.org,G{i},F{i},u{i}@x.org,{i % 13}" for i in range(people_count))
    titles = (f"c{i},,Class {i},{'homeroom' if i % 5 == 0 else 'scheduled'},o1" for i in range(classes))
    members = (
        f"e{i},,c{(i // 5 * 5 if i % 5 == 0 else i * 7) % classes},{i // 5},student," for i in range(5 * people_count)
    )
    files = {
        **ONEROSTER_11,
        "users.csv": "\n".join([head, *users]),
        "classes.csv": "\n".join(["sourcedId,status,title,classType,schoolSourcedId", *titles]),
        "enrollments.csv": "\n".join(["sourcedId,status,classSourcedId,userSourcedId,role,primary", *members]),
    }
    laid(tmp_path, {"large.zip": zipped(files)})
    command = [sys.executable, "-c", MEASURED, str(tmp_path / "large.zip")]
    told = subprocess.run(command, capture_output=True, check=True, text=True).stdout.split()
    count, homes, seconds, megabytes = int(told[0]), int(told[1]), float(told[2]), int(told[3])
    assert (count, homes) == (people_count, people_count)
    assert seconds < 20
    assert megabytes < 1024


# folder; a day of its school year, people, left out, groups, and a note
REALLY = {
    "sds-v1-100users": (date(2018, 1, 15), 86, 0, {"9", "10", "11", "12"}, "86 people, 21 classes"),
    "sds-v2.1": (
        date(2021, 11, 1), 6, 2, {"Biology 10", "Computer Science 101"}, "2 people were skipped: no school role",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", REALLY)
def test_the_samples_of_school_data_sync(name: str) -> None:
    """Microsoft's own, which lie outside the project."""
    if not (REAL / name).is_dir():
        pytest.skip(f"the folder of such files is not there ({REAL})")
    day, count, out, groups, note = REALLY[name]
    found = checked(REAL / name, day=day, domain="contoso.com")
    assert (len(people(found)), len(left_out(found))) == (count, out)
    assert {row[4] for row in people(found)} == groups
    assert any(note in one for one in found.info.notes)
