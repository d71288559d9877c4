# ruff: noqa: E501 - a line for each file
"""What of a school's export is over, begins far ahead or is marked deleted gives nobody a class or a role, and is told."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from roster_bundles import checked, laid, people

import bulktap
from bulktap.model.errors import RosterError
from bulktap.roster.read import read_roster
from bulktap.roster.reading_words import DateOrder

if TYPE_CHECKING:
    from pathlib import Path

    from bulktap.roster.model import CheckedRoster

# The run's day is 1 June 2026.
USERS = (
    "sourcedId,status,dateLastModified,enabledUser,username,givenName,familyName,email\n"
    "1,,,true,anna@x.org,Anna,Arendt,\n2,,,true,ben@x.org,Ben,Bauer,\n3,,,true,weil@x.org,Ida,Weil,\n"
)
ROLES = "sourcedId,status,userSourcedId,roleType,role,beginDate,endDate,orgSourcedId\n"
CLASSES = "sourcedId,status,title,classType,schoolSourcedId,termSourcedIds\n"
ENROLMENTS = "sourcedId,status,classSourcedId,userSourcedId,role,primary,beginDate,endDate\n"
ONEROSTER = {
    "manifest.csv": "propertyName,value\noneroster.version,1.2\nfile.users,bulk\n",
    "orgs.csv": "sourcedId,status,name,type\no1,,North,school\n",
    "users.csv": USERS,
    "roles.csv": ROLES + "r1,,1,primary,student,,,o1\nr2,,2,primary,student,,,o1\nr3,,3,primary,teacher,,,o1\n",
    "classes.csv": CLASSES + "c1,,Maths,scheduled,o1,\nc2,,Art,scheduled,o1,\n",
    "enrollments.csv": ENROLMENTS + "e1,,c1,1,student,,,\ne2,,c2,2,student,,,\ne3,,c1,3,teacher,,,\n",
}
SDS = {
    "orgs.csv": "sourcedId,name,type,parentSourcedId\no1,North,school,\n",
    "users.csv": "sourcedId,username,givenName,familyName\n1,anna@x.org,Anna,Arendt\n2,ben@x.org,Ben,Bauer\n3,weil@x.org,Ida,Weil\n",
    "roles.csv": "userSourcedId,orgSourcedId,role,sessionSourcedId,grade,isPrimary,roleStartDate,roleEndDate\n"
    "1,o1,student,,9,true,,\n2,o1,student,,9,true,,\n3,o1,teacher,,,true,,\n",
    "classes.csv": "sourcedId,orgSourcedId,title,sessionSourcedIds,courseSourcedId\nc1,o1,Maths,,\nc2,o1,Art,,\n",
    "enrollments.csv": "classSourcedId,userSourcedId,role\nc1,1,student\nc2,2,student\nc1,3,teacher\n",
}
ROLES_21 = SDS["roles.csv"].partition("\n")[0] + "\n"
CLASSES_21 = SDS["classes.csv"].partition("\n")[0] + "\n"
SESSIONS = (
    "sourcedId,status,dateLastModified,title,type,startDate,endDate,parentSourcedId,schoolYear\n"
    "t1,,,Last year,schoolYear,2024-08-01,2025-07-31,,2025\nt2,,,This year,schoolYear,2025-08-01,2026-07-31,,2026\n"
    "t3,,,Next year,schoolYear,2026-10-01,2027-07-31,,2027\n"
)
SDS_V1 = {
    "School.csv": "SIS ID,Name\no1,North\n",
    "Section.csv": "SIS ID,School SIS ID,Section Name,Term StartDate,Term EndDate,Status\ns1,o1,Maths,8/25/2025,6/12/2026,Active\n"
    "s2,o1,Art,8/25/2024,6/30/2025,Active\n",
    "Student.csv": "SIS ID,School SIS ID,First Name,Last Name,Username\n1,o1,Anna,Arendt,anna@x.org\n2,o1,Ben,Bauer,ben@x.org\n",
    "StudentEnrollment.csv": "Section SIS ID,SIS ID\ns2,1\ns1,1\ns2,2\n",
}


def groups(roster: CheckedRoster) -> list[str]:
    """Return the name in the address and the group of each who gets a pass."""
    return [f"{(user or '').partition('@')[0]} {group or '-'}" for *_, user, group in people(roster)]


def skipped(roster: CheckedRoster) -> list[str]:
    """Return why people are left out."""
    return [row.problems[0].message for row in roster.rows if row.left_out]


# what differs from the export, the classes of the people then, and a note
CLASSES_OF = {
    "a membership that has ended, before one that goes on": (
        {**ONEROSTER, "enrollments.csv": ENROLMENTS + "e0,,c2,1,student,,2024-08-01,2025-07-31\ne1,,c1,1,student,,2025-08-01,2026-07-31\ne2,,c2,2,student,,,\n"},
        ["anna Maths", "ben Art", "weil -"],
        "enrollments.csv: 1 membership was not used: 1 has ended.",
    ),
    "the same membership twice, the one that has ended first": (
        {**ONEROSTER, "enrollments.csv": ENROLMENTS + "e0,,c1,1,student,,,2025-07-31\ne1,,c1,1,student,,2025-08-01,\n"},
        ["anna Maths", "ben -", "weil -"],
        "1 has ended",
    ),
    "a membership of today": (
        {**ONEROSTER, "enrollments.csv": ENROLMENTS + "e0,,c1,1,student,,,2026-06-01\ne1,,c2,2,student,,2026-08-30,\n"},
        ["anna Maths", "ben Art", "weil -"],
        "",
    ),
    "one that begins far ahead, one that is marked deleted, one of yesterday": (
        {**ONEROSTER, "enrollments.csv": ENROLMENTS + "e0,,c1,1,student,,,2026-05-31\ne1,,c2,2,student,,2026-08-31,\ne3,toBeDeleted,c1,3,teacher,,,\n"},
        ["anna -", "ben -", "weil -"],
        "enrollments.csv: 3 memberships were not used: 1 has ended, 1 begins after 30 August 2026, 1 is marked deleted.",
    ),
    "who has only former classes": (
        {**ONEROSTER, "enrollments.csv": ENROLMENTS + "e0,,c1,1,student,,,2025-07-31\ne1,,c2,2,student,,,\n"},
        ["anna -", "ben Art", "weil -"],
        "1 person is in no class now: none of that person's memberships is current.",
    ),
    "a class of a year that is over": (
        {
            **ONEROSTER,
            "academicSessions.csv": SESSIONS,
            "classes.csv": CLASSES + 'c0,,Old,scheduled,o1,t1\nc1,,Maths,scheduled,o1,"t1,t2"\nc2,,Art,scheduled,o1,t3\n',
            "enrollments.csv": ENROLMENTS + "e0,,c0,1,student,,,\ne1,,c1,1,student,,,\ne2,,c2,2,student,,,\n",
        },
        ["anna Maths", "ben -", "weil -"],
        "classes.csv: 2 classes were not used: 1 has ended, 1 begins after 30 August 2026.",
    ),
    "a class of a year that nothing dates": (
        {**ONEROSTER, "academicSessions.csv": SESSIONS, "classes.csv": CLASSES + "c1,,Maths,scheduled,o1,t9\nc2,,Art,scheduled,o1,\n"},
        ["anna Maths", "ben Art", "weil Maths"],
        "",
    ),
    "a class that is marked deleted": (
        {**ONEROSTER, "classes.csv": CLASSES + "c1,tobedeleted,Maths,scheduled,o1,\nc2,,Art,scheduled,o1,\n"},
        ["anna -", "ben Art", "weil -"],
        "classes.csv: 1 class was not used: 1 is marked deleted.",
    ),
    "a session of School Data Sync 2.1": (
        {
            **SDS,
            "academicSessions.csv": SESSIONS.replace("2024-08-01,2025-07-31", "8/1/2024,7/31/2025"),
            "classes.csv": CLASSES_21 + "c1,o1,Maths,t2,\nc2,o1,Art,t1,\n",
        },
        ["anna Maths", "ben -", "weil Maths"],
        "classes.csv: 1 class was not used: 1 has ended.",
    ),
    "terms of School Data Sync 1": (SDS_V1, ["anna Maths", "ben -"], "Section.csv: 1 class was not used: 1 has ended."),
}  # fmt: skip


@pytest.mark.parametrize("name", CLASSES_OF)
def test_what_is_not_current_gives_no_class(name: str, tmp_path: Path) -> None:
    """It is counted once with the reason; the people stay, and their other classes count."""
    files, expected, note = CLASSES_OF[name]
    found = checked(laid(tmp_path / "export", files), class_by="class")
    assert groups(found) == expected
    told = [one for one in found.info.notes if "not used" in one or "no class now" in one]
    assert any(note in one for one in told) if note else not told, found.info.notes
    assert not any("is not in classes.csv" in one or "not in Section.csv" in one for one in found.info.notes)


# the roles, who gets a pass, why the others do not
ROLES_OF = {
    "a role that has ended": (
        {**SDS, "roles.csv": ROLES_21 + "1,o1,student,,9,true,2020-08-01,2025-07-31\n2,o1,student,,9,true,,\n3,o1,teacher,,,true,8/1/2020,6/30/2027\n"},
        ["ben Art", "weil Maths"],
        ["every role has ended"],
    ),
    "an ended role beside one that goes on": (
        {**SDS, "roles.csv": ROLES_21 + "1,o9,student,,8,true,,7/31/2025\n1,o1,student,,9,false,8/1/2025,\n2,o1,student,,9,true,,\n3,o1,teacher,,,true,,\n"},
        ["anna Maths", "ben Art", "weil Maths"],
        [],
    ),
    "who was a student and is a guardian now": (
        {**SDS, "roles.csv": ROLES_21 + "1,o1,student,,9,true,,2025-07-31\n1,o1,guardian,,,false,,\n2,o1,student,,9,true,,\n3,o1,teacher,,,true,,\n"},
        ["ben Art", "weil Maths"],
        ["a guardian (role guardian)"],
    ),
    "roles of OneRoster": (
        {**ONEROSTER, "roles.csv": ROLES + "r1,,1,primary,student,,2025-07-31,o1\nr2,tobedeleted,2,primary,student,,,o1\nr3,,3,primary,teacher,2020-08-01,,o1\n"},
        ["weil Maths"],
        ["every role has ended", "every role is marked deleted"],
    ),
    "roles that have ended or begin far ahead": (
        {**ONEROSTER, "roles.csv": ROLES + "r1,,1,primary,student,,2025-07-31,o1\nr2,,1,primary,student,2027-08-01,,o1\nr3,,3,primary,teacher,,,o1\nr4,,2,primary,student,2026-08-20,,o1\n"},
        ["ben Art", "weil Maths"],
        ["every role has ended or begins after 30 August 2026"],
    ),
    "days that programs write for no day": (
        {**ONEROSTER, "roles.csv": ROLES + "r1,,1,primary,student,,0001-01-01,o1\nr2,,2,primary,student,,9999-12-31,o1\nr3,,3,primary,teacher,0/0/0,1/1/1900,o1\n"},
        ["anna Maths", "ben Art", "weil Maths"],
        [],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", ROLES_OF)
def test_who_has_no_role_any_more_is_left_out(name: str, tmp_path: Path) -> None:
    """With the reason on the row and its count in the notes, and with what includes such people."""
    files, expected, reasons = ROLES_OF[name]
    found = checked(laid(tmp_path / "export", files), class_by="class")
    assert groups(found) == expected
    assert len(skipped(found)) == len(reasons)
    assert all(reason in text for reason, text in zip(reasons, skipped(found), strict=True)), skipped(found)
    for reason in reasons:
        assert any(
            f"1 person was skipped: {'inactive (' if reason[:5] == 'every' else ''}{reason}" in one
            for one in found.info.notes
        )
    assert all(
        'inactive = "include"' in row.problems[0].hint
        for row in found.rows
        if row.left_out and "every" in row.problems[0].message
    )


def test_people_whose_roles_have_ended_can_be_included(tmp_path: Path) -> None:
    """By the same words as others who are inactive; then their last role is theirs."""
    found = checked(laid(tmp_path / "export", ROLES_OF["a role that has ended"][0]), include_inactive=True)
    assert len(people(found)) == 3
    assert not any("roles.csv" in one for one in found.info.notes)


def test_an_export_of_people_none_of_whom_is_there_now_is_refused(tmp_path: Path) -> None:
    """With the reason, and with what includes them."""
    files = {
        **SDS,
        "roles.csv": ROLES_21
        + "1,o1,student,,9,true,,2025-07-31\n2,o1,student,,9,true,2027-08-01,\n3,o1,teacher,,,true,,2025-07-31\n",
    }
    with pytest.raises(RosterError, match=r"nobody in it is at the school: inactive .every role has ended") as stop:
        checked(laid(tmp_path / "export", files))
    assert 'inactive = "include"' in stop.value.hint


# what differs from the export, the classes or grades of the people then, and the file that is told
OF_ANOTHER_YEAR = {
    "roles that have all ended": (
        {**SDS, "roles.csv": ROLES_21 + "1,o1,student,,9,true,,2025-07-31\n2,o1,student,,9,true,,2025-07-31\n3,o1,teacher,,,true,,2024-07-31\n"},
        ["anna Maths", "ben Art", "weil Maths"],
        "roles.csv",
    ),
    "memberships that have all ended": (
        {**ONEROSTER, "enrollments.csv": ENROLMENTS + "e0,,c1,1,student,,,2025-07-31\ne1,,c2,2,student,,,2022-07-31\n"},
        ["anna Maths", "ben Art", "weil -"],
        "enrollments.csv",
    ),
    "memberships of which one is deleted and the others have ended": (
        {**ONEROSTER, "enrollments.csv": ENROLMENTS + "e0,,c1,1,student,,,2025-07-31\ne1,toBeDeleted,c2,2,student,,,\n"},
        ["anna Maths", "ben -", "weil -"],
        "enrollments.csv",
    ),
    "memberships that all begin far ahead": (
        {**ONEROSTER, "enrollments.csv": ENROLMENTS + "e0,,c1,1,student,,2027-08-01,\ne1,,c2,2,student,,2027-08-01,\n"},
        ["anna Maths", "ben Art", "weil -"],
        "enrollments.csv",
    ),
    "terms of School Data Sync 1 that are all over": (
        {name: text.replace("2026", "2024").replace("2027", "2025") for name, text in SDS_V1.items()},
        ["anna Art", "ben Art"],
        "Section.csv",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", OF_ANOTHER_YEAR)
def test_an_old_export_is_used_as_it_is(name: str, tmp_path: Path) -> None:
    """Last summer's file, or one whose days nobody keeps, is no school that everybody has left; it is told."""
    files, expected, file = OF_ANOTHER_YEAR[name]
    found = checked(laid(tmp_path / "export", files), class_by="class")
    assert groups(found) == expected
    assert any(note.startswith(f"{file}: by its days nothing in it is current") for note in found.info.notes)


def test_a_role_of_a_former_year_gives_way_to_one_of_this_year(tmp_path: Path) -> None:
    """Its grade is not theirs any more; where there is no other it counts, for the next year may not be entered yet."""
    roles = "1,o1,student,t1,8,true,,\n1,o1,student,t2,9,true,,\n2,o1,student,t1,8,true,,\n3,o1,teacher,,,true,,\n"
    found = checked(
        laid(tmp_path, {**SDS, "academicSessions.csv": SESSIONS, "roles.csv": ROLES_21 + roles}), class_by="grade"
    )
    assert groups(found) == ["anna 9", "ben 8", "weil -"]


@pytest.mark.parametrize(
    ("day", "says"),
    [
        ("soon", "1 day, such as 'soon', could not be read, and its row was used."),
        ("2025-02-30", "1 day, such as '2025-02-30', could not be read, and its row was used."),
        ("31.06.2025", "could not be read"),
        ("7/9/2026", "1 day, such as '7/9/2026', could begin with the day or with the month, and its row was used; "),
    ],
)
def test_a_day_that_cannot_be_judged_leaves_its_row_in(day: str, says: str, tmp_path: Path) -> None:
    """And is told: a wrong guess would leave somebody out."""
    enrolments = ENROLMENTS + f"e1,,c1,1,student,,,{day}\n"
    if "/" in day:
        enrolments = ENROLMENTS + f"e1,,c1,1,student,,{day},\n"
    found = checked(laid(tmp_path, {**ONEROSTER, "enrollments.csv": enrolments}), class_by="class")
    assert groups(found)[0] == "anna Maths"
    assert any(says in one and one.startswith("enrollments.csv") for one in found.info.notes), found.info.notes


@pytest.mark.parametrize(
    ("order", "other", "group"),
    [
        (DateOrder.MDY, "", "Maths"),
        (DateOrder.DMY, "", "-"),
        (None, "8/30/2025", "Maths"),
        (None, "30/8/2025", "-"),
    ],
)
def test_the_order_of_days_is_told_or_that_of_the_file(
    order: DateOrder | None, other: str, group: str, tmp_path: Path
) -> None:
    """7/9/2026 is 9 July or 7 September; another day of the file settles it."""
    enrolments = ENROLMENTS + f"e1,,c1,1,student,,7/9/2026,\ne2,,c2,2,student,,{other},\n"
    found = checked(laid(tmp_path, {**ONEROSTER, "enrollments.csv": enrolments}), class_by="class", date_order=order)
    assert groups(found)[0] == f"anna {group}"


def test_days_that_both_readings_put_into_the_past_are_past(tmp_path: Path) -> None:
    """Nothing has to be settled for them."""
    enrolments = ENROLMENTS + "e1,,c1,1,student,,,3/4/2025\ne2,,c2,2,student,,,\n"
    found = checked(laid(tmp_path, {**ONEROSTER, "enrollments.csv": enrolments}), class_by="class")
    assert groups(found)[:2] == ["anna -", "ben Art"]
    assert not any("could begin" in one for one in found.info.notes)


def test_a_run_judges_by_its_own_day(tmp_path: Path) -> None:
    """That of the clock, in the zone of the roster's times."""
    files, *_ = ROLES_OF["a role that has ended"]
    found = bulktap.read_roster(laid(tmp_path / "export", files), timezone="UTC")
    assert [reason.endswith("(every role has ended).") for reason in skipped(found)][:1] == [True], skipped(found)


def test_without_a_day_nothing_is_over(tmp_path: Path) -> None:
    """Who reads an export without a run takes it as it stands."""
    files, *_ = ROLES_OF["a role that has ended"]
    roster = read_roster(laid(tmp_path / "export", files))
    assert len(roster.rows) == 3
