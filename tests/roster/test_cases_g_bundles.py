# ruff: noqa: E501 - one file to a line
"""The case list, group G: exports of schools, from a folder and from a zip."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import pytest
from roster_bundles import checked, laid, people, zipped

from bulktap.model.errors import RosterError

if TYPE_CHECKING:
    from pathlib import Path

    from bulktap.roster.model import CheckedRoster

Files = dict[str, str]


class Expected(NamedTuple):
    """What becomes of an export."""

    passes: str
    """User and group of each who gets one."""
    left_out: str = ""
    """Number of each row that is left out, and a word of the reason."""
    faults: str = ""
    """Number and code of each row that is refused."""
    note: str = ""
    refused: str = ""
    """What is said where nothing can be read."""


SCHOOL = "SIS ID,Name\n1,North\n"
SECTION = "SIS ID,School SIS ID,Section Name\ns1,1,Maths\ns2,1,Art\n"
STUDENT = (
    "SIS ID,School SIS ID,First Name,Last Name,Username,Password,Grade\n"
    "11,1,Anna,Arendt,anna,pw-1,9\n12,1,Ben,Bauer,ben,pw-2,10\n"
)
ENROLMENT = "Section SIS ID,SIS ID\ns1,11\ns2,12\n"
V1 = {"School.csv": SCHOOL, "Section.csv": SECTION, "Student.csv": STUDENT, "StudentEnrollment.csv": ENROLMENT}
SEVEN = "Section SIS ID,SIS ID\n" + "".join(f"s{place},{who}\n" for place in range(1, 8) for who in (11, 12))
SEVEN_SECTIONS = "SIS ID,School SIS ID,Section Name\n" + "".join(
    f"s{place},1,Course {place}\n" for place in range(1, 8)
)
UK = {
    "School.csv": "DfE Number,Name,Postal Code\n301,North,N1\n",
    "Section.csv": "ID,School DfE Number,Section Name\ns1,301,7A\n",
    "Student.csv": "ID,School DfE Number,Username\n11,301,anna\n",
    "StudentEnrollment.csv": "Section ID,ID\ns1,11\n",
}
USERS = (
    "sourcedId,username,givenName,familyName,email\n1,anna@x.org,Anna,Arendt,\n2,weil@x.org,Ida,Weil,\n"
    "3,pa@mail.com,Pa,Arendt,\n"
)
V21 = {
    "orgs.csv": "sourcedId,name,type\no1,North,school\no2,South,school\n",
    "users.csv": USERS,
    "roles.csv": "userSourcedId,orgSourcedId,role,grade,isPrimary\n1,o1,student,9,TRUE\n1,o2,student,9,FALSE\n"
    "2,o1,teacher,,TRUE\n",
    "classes.csv": "sourcedId,orgSourcedId,title\nc1,o1,Maths\n",
    "enrollments.csv": "classSourcedId,userSourcedId,role\nc1,1,student\nc1,2,teacher\n",
    "relationships.csv": "userSourcedId,relationshipUserSourcedId,relationshipRole\n1,3,guardian\n",
}
ROSTERED = {
    "manifest.csv": "propertyName,value\noneroster.version,1.1\nfile.users,bulk\nfile.demographics,absent\n",
    "orgs.csv": "sourcedId,status,name,type\no1,,North,school\n",
    "users.csv": "sourcedId,status,dateLastModified,enabledUser,orgSourcedIds,role,username,givenName,familyName,grades\n"
    "1,,,true,o1,student,anna@x.org,Anna,A,09\n2,tobedeleted,,true,o1,student,b@x.org,B,B,09\n"
    "3,,,false,o1,student,c@x.org,C,C,09\n4,,,true,o1,student,,D,D,10\n5,,,TRUE,o1,Relative,e@y.org,E,A,\n",
    "classes.csv": "sourcedId,status,title,classType,schoolSourcedId\nc1,,7A,homeroom,o1\n",
    "enrollments.csv": "sourcedId,status,classSourcedId,userSourcedId,role,primary\ne1,,c1,1,student,\ne2,,c1,4,student,\n",
}
CLEVER = {
    "students.csv": "School_id,Student_id,Last_name,First_name,Grade,Student_email,Contact_email\n"
    "1,11,Arendt,Anna,9,anna@x.org,pa@mail.com\n1,11,Arendt,Anna,9,anna@x.org,ma@mail.com\n",
    "sections.csv": "School_id,Section_id,Name\n1,s1,Maths\n",
    "enrollments.csv": "School_id,Section_id,Student_id\n1,s1,11\n",
}
SCHILD = {
    "Lernplattform.dat": "Nachname|Vorname|Geburtsdatum|Benutzername|Initialkennwort\n"
    "Berg|Anna|01.02.2010|anna|pw\nBerg|Anna|01.02.2010|anna2|pw\nKraus|Ben|03.04.2011|ben|pw\n",
    "Schueler.dat": "Nachname|Vorname|Geburtsdatum|Klasse\nBerg|Anna|01.02.2010|7A\nBerg|Anna|01.02.2010|7B\nKraus|Ben|03.04.2011|7B\n",
}
CLASS_LISTS = {
    "7A.csv": "User name,Name\nanna@x.org,Anna\nben@x.org,Ben\n",
    "7B.csv": "User name,Name\nAnna@X.org,Anna\n",
}

CASES: dict[str, tuple[Files, Expected]] = {
    "G01 School Data Sync 1": (V1, Expected("anna@x.org Maths, ben@x.org Art", note="2 people, 2 classes with some")),
    "G01 with a teacher's roster and trailing columns": (
        {**V1, "Teacher.csv": "SIS ID,School SIS ID,First Name,Last Name,Username,,\n21,1,Ida,Weil,weil,,\n"},
        Expected("anna@x.org Maths, ben@x.org Art", note="1 person of Teacher.csv is not in this roster"),
    ),
    "G02 memberships alone": ({"StudentEnrollment.csv": ENROLMENT}, Expected("", refused="lists class memberships")),
    "G03 pupils alone": ({"Student.csv": STUDENT}, Expected("anna@x.org 9, ben@x.org 10")),
    "G04 seven sections each": (
        {**V1, "StudentEnrollment.csv": SEVEN, "Section.csv": SEVEN_SECTIONS},
        Expected("anna@x.org 9, ben@x.org 10", note="2 people are in several classes, up to 7; all are grouped by grade"),
    ),
    "G05 guardians among the users": (
        V21,
        Expected("anna@x.org Maths, weil@x.org Maths", left_out="4 guardian", note="1 person was skipped: no school role"),
    ),
    "G06 users without roles": ({"users.csv": USERS}, Expected("", refused="guardians beside pupils; roles.csv")),
    "G06 users and schools without roles": (
        {"users.csv": USERS, "orgs.csv": V21["orgs.csv"]},
        Expected("", refused="roles.csv, which tells them apart, is missing"),
    ),
    "G07 two roles of one person": (V21, Expected("anna@x.org Maths, weil@x.org Maths", left_out="4 guardian")),
    "G08 links of guardians alone": (
        {"relationships.csv": V21["relationships.csv"]},
        Expected("", refused="lists guardians' links"),
    ),
    "G09 United Kingdom": (UK, Expected("anna@x.org 7A")),
    "G10 an unknown person in a class": (
        {**V1, "StudentEnrollment.csv": ENROLMENT + "s1,77\n"},
        Expected("anna@x.org Maths, ben@x.org Art", note="1 person is in classes and not in Student.csv: 77."),
    ),
    "G10 an unknown class": (
        {**V1, "StudentEnrollment.csv": "Section SIS ID,SIS ID\ns1,11\ns9,12\n"},
        Expected("anna@x.org Maths, ben@x.org -", note="1 class has members and is not in Section.csv: s9."),
    ),
    "G11 one id of two people": (
        {**V1, "Student.csv": STUDENT + "11,1,Dana,Dorn,dana,pw-3,9\n"},
        Expected("ben@x.org Art", faults="2 different-people, 4 different-people"),
    ),
    "G12 deleted and disabled people": (
        ROSTERED,
        Expected("anna@x.org 7A", left_out="3 tobedeleted, 4 enabledUser, 6 guardian", faults="5 user-missing"),
    ),
    "G13 changes only": (
        {**ROSTERED, "manifest.csv": "propertyName,value\nfile.users,delta\n"},
        Expected("", refused="holds changes only"),
    ),
    "G14 a user name in the profiles only": (
        {**ROSTERED, "userProfiles.csv": "sourcedId,userSourcedId,credentialType,username\np1,4,password,d@x.org\n"},
        Expected("anna@x.org 7A", left_out="3 tobedeleted, 4 enabledUser, 6 guardian", faults="5 user-missing"),
    ),
    "G15 capitals, a folder within, a Mac's leavings": (
        {f"export/{name.upper()}": text for name, text in V1.items()}
        | {"__MACOSX/export/._STUDENT.CSV": "x", "export/.DS_Store": "x"},
        Expected("anna@x.org Maths, ben@x.org Art"),
    ),
    "G16 namesakes born on one day": (
        SCHILD,
        Expected("ben@x.org 7B", faults="2 different-people, 3 different-people", note="by name and date of birth"),
    ),
    "G17 one person in two files": (
        CLASS_LISTS,
        Expected("anna@x.org 7A, ben@x.org 7A, Anna@X.org 7B", note="2 files were read as one roster"),
    ),
    "G18 a pupil once for each contact": (CLEVER, Expected("anna@x.org Maths, anna@x.org Maths")),
}  # fmt: skip


def seen(found: CheckedRoster) -> tuple[str, list[str], str]:
    """Return who gets passes, who is left out with the reason, and what is wrong with whom."""
    passes = ", ".join(f"{row[3]} {row[4] or '-'}" for row in people(found))
    out = [f"{row.source.number} {row.problems[0].message}" for row in found.rows if row.left_out]
    faults = [
        f"{row.source.number} {row.problems[0].code.value}"
        for row in found.rows
        if row.request is None and not row.left_out
    ]
    return passes, out, ", ".join(faults)


@pytest.mark.parametrize("packed", [False, True], ids=["folder", "zip"])
@pytest.mark.parametrize("name", CASES)
def test_case(name: str, packed: bool, tmp_path: Path) -> None:
    """Who gets a pass, in which group, who is left out or refused and why; and no word of a password."""
    files, expected = CASES[name]
    path = laid(tmp_path, {"export.zip": zipped(files)}) / "export.zip" if packed else laid(tmp_path / "export", files)
    if expected.refused:
        with pytest.raises(RosterError, match=expected.refused) as refusal:
            checked(path, domain="x.org")
        assert refusal.value.hint
        return
    found = checked(path, domain="x.org")
    passes, out, faults = seen(found)
    assert passes == expected.passes
    wanted = [one for one in expected.left_out.split(", ") if one]
    assert len(out) == len(wanted)
    pairs = zip(map(str.split, wanted), out, strict=True)
    assert all(reason.startswith(f"{number} ") and word in reason for (number, word), reason in pairs)
    assert faults == expected.faults
    assert expected.note in " ".join(found.info.notes).replace("export.zip/", "")
    assert "pw-" not in repr(found)
