# ruff: noqa: E501 - one file to a line; quotes are as the files have them
"""Files as people have them, rebuilt from public reports: what an administrator expects of each is what becomes of it.

The files are not part of the project; each is a row of the table, with users, starts, lifetimes, faults, and what is said.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bulktap.model.errors import RosterError
from bulktap.model.pass_terms import PassTerms
from bulktap.roster.check import check_roster
from bulktap.roster.model import CheckOptions
from bulktap.roster.read import read_roster
from bulktap.roster.reading_options import ReadingOptions

FOLDER = Path(__file__).parents[3] / "shared" / "wild-rosters"
NOW = datetime(2026, 6, 1, 8, tzinfo=UTC)


@dataclass(frozen=True)
class Outcome:
    """What becomes of a file; each is a list of `row:value`."""

    people: str = ""
    starts: str = ""
    lifetimes: str = ""
    faults: str = ""
    left_out: str = ""
    notes: tuple[str, ...] = ()
    """How each begins."""
    refused: str = ""
    """The sentence, without the name of the file."""


EXPECTED = {
    "w01-plain-properties.csv": Outcome(
        "2:anna.berg@fabrikam.org 4:cara.diaz@fabrikam.org 5:dev.rao@fabrikam.org",
        left_out="3",
        notes=("1 person is inactive or blocked (accountEnabled) and was skipped: row ",),
    ),
    "w02-UserCreateTemplate": Outcome(
        "4:anna.berg@fabrikam.org 5:ben.holt@fabrikam.org 6:cara.diaz@fabrikam.org",
        left_out="3",
        notes=("Row 3 is Microsoft's example and was skipped.",),
    ),
    "w03b-usage-open.csv": Outcome(
        "2:anna.berg@fabrikam.org 4:cara.diaz@fabrikam.org",
        left_out="3",
        notes=("1 person is inactive or blocked (Is Deleted or Deleted Date) and was s",),
    ),
    "w04-gam-print-users.csv": Outcome(
        "2:anna.berg@fabrikam.org 4:cara.diaz@fabrikam.org",
        left_out="3",
        notes=("1 person is inactive or blocked (isSuspended or suspended) and was ski",),
    ),
    "w05-gam-sendas.csv": Outcome(
        "2:anna.berg@fabrikam.org 3:anna.berg@fabrikam.org 4:ben.holt@fabrikam.org 5:ben.holt@fabrikam.org 6:cara.diaz@fabrikam.org 7:cara.diaz@fabrikam.org",
        notes=("In 3 rows sendAsEmail differs from User; User names the user.",),
    ),
    "w06-checkboxes.xlsx": Outcome("2:anna.berg@fabrikam.org 3:ben.holt@fabrikam.org 4:cara.diaz@fabrikam.org"),
    "w07-sas-empty-inlinestr.xlsx": Outcome(
        "2:anna.berg@fabrikam.org 3:ben.holt@fabrikam.org", faults="4:user-missing"
    ),
    "w08-dimension-a0.xlsx": Outcome("2:anna.berg@fabrikam.org 3:ben.holt@fabrikam.org"),
    "w09-stray-xfd.xlsx": Outcome("2:anna.berg@fabrikam.org 3:ben.holt@fabrikam.org"),
    "w09c-stray-corner.xlsx": Outcome(
        refused=", sheet Sheet1: the cells with something in them reach to XFD1048576, far from the others."
    ),
    "w10-beyond-grid.xlsx": Outcome(
        refused=", sheet1.xml: the row 16777217 lies outside of any sheet, which ends at XFD1048576."
    ),
    "w10b-row-beyond.xlsx": Outcome(
        refused=", sheet1.xml: the row 16777217 lies outside of any sheet, which ends at XFD1048576."
    ),
    "w10c-col-beyond.xlsx": Outcome(
        refused=", sheet Sheet1: the cell XFE4 lies outside of any sheet, which ends at XFD1048576."
    ),
    "w10d-col-far.xlsx": Outcome(
        refused=", sheet1.xml: the cell ZZZZ4 lies outside of any sheet, which ends at XFD1048576."
    ),
    "w10e-row-max32.xlsx": Outcome(
        refused=", sheet1.xml: the row 4294967295 lies outside of any sheet, which ends at XFD1048576."
    ),
    "w10f-row-overflow.xlsx": Outcome(
        refused=", sheet1.xml: the row 99999999999 lies outside of any sheet, which ends at XFD1048576."
    ),
    "w10g-dim-only.xlsx": Outcome("2:anna.berg@fabrikam.org 3:ben.holt@fabrikam.org"),
    "w10h-row-1048577.xlsx": Outcome(
        refused=", sheet Sheet1: the cell B1048577 lies outside of any sheet, which ends at XFD1048576."
    ),
    "w10i-row-zero.xlsx": Outcome("2:anna.berg@fabrikam.org 3:ben.holt@fabrikam.org", faults="4:user-malformed"),
    "w10k-dim-reversed.xlsx": Outcome("2:anna.berg@fabrikam.org 3:ben.holt@fabrikam.org"),
    "w10l-dim-empty.xlsx": Outcome("2:anna.berg@fabrikam.org 3:ben.holt@fabrikam.org"),
    "w10n-row-only-ref.xlsx": Outcome(
        refused=", sheet1.xml: the row 4000000000 lies outside of any sheet, which ends at XFD1048576."
    ),
    "w10p-lower.xlsx": Outcome(
        refused=", sheet1.xml: the row 900000000 lies outside of any sheet, which ends at XFD1048576."
    ),
    "w10r-entity.xlsx": Outcome(
        refused=", sheet1.xml: the cell A900000000 lies outside of any sheet, which ends at XFD1048576."
    ),
    "w10s-dollar.xlsx": Outcome(
        refused=", sheet Sheet1: the cell B9000000 lies outside of any sheet, which ends at XFD1048576."
    ),
    "w11-datestyle-text.xlsx": Outcome(
        "2:anna.berg@fabrikam.org 4:cara.diaz@fabrikam.org",
        starts="2:2035-08-31T07:00Z 4:2035-08-31T22:00Z",
        faults="3:start-malformed",
        notes=("2 start times without an offset were read in the time zone Europe/Berl",),
    ),
    "w12-trailing-semicolon.csv": Outcome("2:anna.berg@fabrikam.org 3:ben.holt@fabrikam.org 4:cara.diaz@fabrikam.org"),
    "w13-macroman.csv": Outcome(
        "2:jana.mueller@fabrikam.org 3:joerg.gross@fabrikam.org 4:ann@fabrikam.org",
        notes=("w13-macroman.csv is not UTF-8 and was read as MacRoman, as its line en",),
    ),
    "w16-equals-quoted.csv": Outcome(
        "2:anna.berg@fabrikam.org 3:ben.holt@fabrikam.org 4:cara.diaz@fabrikam.org",
        lifetimes="2:480 3:480 4:480",
        notes=('The values of columns A, B, C stand in ="…", which was taken off.',),
    ),
    "w16b-equals-quoted-id-only.csv": Outcome(
        "2:anna.berg@fabrikam.org 3:ben.holt@fabrikam.org 4:cara.diaz@fabrikam.org",
        lifetimes="2:480 3:480 4:480",
        notes=('The values of columns B, C stand in ="…", which was taken off.',),
    ),
    "w17-table-totals.xlsx": Outcome(
        "2:anna.berg@fabrikam.org 3:ben.holt@fabrikam.org 4:cara.diaz@fabrikam.org", lifetimes="2:480 3:480 4:480"
    ),
    "w18-dynamic-array.xlsx": Outcome("2:anna.berg@fabrikam.org 3:ben.holt@fabrikam.org 4:cara.diaz@fabrikam.org"),
    "w19-canvas-gradebook.csv": Outcome(
        "4:anna.berg@fabrikam.org 5:ben.holt@fabrikam.org 6:cara.diaz@fabrikam.org 7:dev.rao@fabrikam.org",
        left_out="2 3 8",
        notes=(
            "Row 2 holds labels of the program that wrote the file and was skipped.",
            "Row 3 holds labels of the program that wrote the file and was skipped.",
            "Row 8 is the learning platform's test student and was skipped.",
        ),
    ),
    "w22-label-not-encrypted.xlsx": Outcome(
        "2:anna.berg@fabrikam.org 3:ben.holt@fabrikam.org 4:cara.diaz@fabrikam.org"
    ),
    "w23-wps.xlsx": Outcome("2:anna.berg@fabrikam.org 3:ben.holt@fabrikam.org"),
    "w25-xls-named-xlsx.xlsx": Outcome("4:ben.holt@fabrikam.org 5:cara.diaz@fabrikam.org 6:dev.rao@fabrikam.org"),
    "w26-utf16-sep-tab.csv": Outcome("3:anna.berg@fabrikam.org 4:ben.holt@fabrikam.org 5:cara.diaz@fabrikam.org"),
    "w27-two-emails.csv": Outcome(
        refused=": several columns could name the user: E-Mail1 (anna.berg@fabrikam.org, ben.holt@fabrikam.org); E-Mail2 (anna.berg.eltern@fabrikam.org, ben.holt.eltern@fabrikam.org)."
    ),
    "w28-students-no-header.csv": Outcome(
        refused=": no column names the user: none of its columns does (10a, Berg, Anna, 1.1.2000, rid-0)."
    ),
    "w29-uzbek.csv": Outcome(
        "2:anna.berg@fabrikam.org 3:ben.holt@fabrikam.org 4:cara.diaz@fabrikam.org 5:dev.rao@fabrikam.org",
        notes=("Column Elektron pochta was taken for the user because of its values.",),
    ),
    "w30-kolibri.csv": Outcome(refused=": 3 of 3 user names in column Username have no '@'."),
    "w31-cipp-results.csv": Outcome(
        "2:anna.berg@fabrikam.org 3:ben.holt@fabrikam.org 4:cara.diaz@fabrikam.org",
        notes=("Not read, because their cells tell passwords: text, copyField, resultT",),
    ),
    "w32-sharepoint-schema.csv": Outcome(
        "3:anna.berg@fabrikam.org 4:ben.holt@fabrikam.org 5:cara.diaz@fabrikam.org",
        starts="3:2035-09-13T06:00Z 4:2035-09-14T06:00Z 5:2035-09-15T06:00Z",
        notes=(
            "The headings were found in row 2.",
            "Column Person was taken for the user because of its values.",
            "3 start times without an offset were read in the time zone Europe/Berl",
        ),
    ),
    "w34-teams-attendance.csv": Outcome(
        "11:anna.berg@fabrikam.org 12:ben.holt@fabrikam.org 13:cara.diaz@fabrikam.org",
        faults="14:user-missing",
        left_out="16 17 18 19 20",
        notes=(
            "The headings were found in row 10.",
            "Row 17 is part of another table and was skipped.",
            "Row 18 is part of another table and was skipped.",
            "Row 19 is part of another table and was skipped.",
            "Row 20 is part of another table and was skipped.",
            "Row 16 is a title between people and was skipped.",
            "In 3 rows Email differs from Participant ID (UPN); Participant ID (UPN",
        ),
    ),
    "w35-d2l.csv": Outcome(
        "2:anna.berg@fabrikam.org 3:ben.holt@fabrikam.org 4:cara.diaz@fabrikam.org",
        notes=("The values of columns A, B stand in #…, which was taken off.",),
    ),
    "w35b-d2l-no-email.csv": Outcome(refused=": 3 of 3 user names in column Username have no '@'."),
    "w36-workday.xlsx": Outcome(
        "5:anna.berg@fabrikam.org 7:cara.diaz@fabrikam.org 8:dev.rao@fabrikam.org",
        left_out="6",
        notes=(
            "The headings were found in row 4.",
            "1 person is inactive or blocked (Worker Active) and was skipped: row 6",
        ),
    ),
    "w38-swapped-dates.xlsx": Outcome(
        refused=", sheet Pickup: column Pass start holds dates that a program has read, such as 9 October 2035 in row 3, among texts that it could not read, such as '13/09/2035' in row 5; 2 dates of it may have day and month exchanged."
    ),
    "w38c-all-small-days-swapped.xlsx": Outcome(
        "2:u0@fabrikam.org 3:u1@fabrikam.org 4:u2@fabrikam.org",
        starts="2:2035-01-08T23:00Z 3:2035-02-08T23:00Z 4:2035-03-08T23:00Z",
        notes=(
            "The dates of column Pass start lie in January 2035 (1), February 2035 ",
            "3 start times without an offset were read in the time zone Europe/Berl",
        ),
    ),
    "w38d-mixed-text-ambiguous.xlsx": Outcome(
        "2:u0@fabrikam.org 3:u1@fabrikam.org",
        starts="2:2035-09-08T22:00Z 3:2035-10-08T22:00Z",
        faults="4:start-ambiguous",
        notes=("2 start times without an offset were read in the time zone Europe/Berl",),
    ),
    "w38f-ambiguous.csv": Outcome(
        refused=": 01/09/2035 08:00 in column Pass start could begin with the day or with the month."
    ),
    "w39-qualtrics.csv": Outcome(
        "4:anna.berg@fabrikam.org 5:ben.holt@fabrikam.org 6:cara.diaz@fabrikam.org",
        starts="4:2026-10-01T07:00Z 5:2026-10-01T07:01Z 6:2026-10-01T07:02Z",
        lifetimes="4:10 5:10 6:10",
        left_out="2 3",
        notes=(
            "Row 2 holds labels of the program that wrote the file and was skipped.",
            "Row 3 holds labels of the program that wrote the file and was skipped.",
            "Column RecipientEmail was taken for the user because of its values.",
            "Column Status has values that do not say whether somebody is active: '",
            "Each pass lasts from its start to the end in column EndDate.",
            "3 start times without an offset were read in the time zone Europe/Berl",
        ),
    ),
    "w39b-qualtrics-12.csv": Outcome(
        "4:anna.berg0@fabrikam.org 5:ben.holt1@fabrikam.org 6:cara.diaz2@fabrikam.org 7:dev.rao3@fabrikam.org 8:eva.lind4@fabrikam.org 9:finn.moe5@fabrikam.org 10:anna.berg6@fabrikam.org 11:ben.holt7@fabrikam.org 12:cara.diaz8@fabrikam.org 13:dev.rao9@fabrikam.org 14:eva.lind10@fabrikam.org 15:finn.moe11@fabrikam.org",
        starts="4:2026-10-01T07:00Z 5:2026-10-01T07:01Z 6:2026-10-01T07:02Z 7:2026-10-01T07:03Z 8:2026-10-01T07:04Z 9:2026-10-01T07:05Z 10:2026-10-01T07:00Z 11:2026-10-01T07:01Z 12:2026-10-01T07:02Z 13:2026-10-01T07:03Z 14:2026-10-01T07:04Z 15:2026-10-01T07:05Z",
        lifetimes="4:10 5:10 6:10 7:10 8:10 9:10 10:10 11:10 12:10 13:10 14:10 15:10",
        left_out="2 3",
        notes=(
            "Row 2 holds labels of the program that wrote the file and was skipped.",
            "Row 3 holds labels of the program that wrote the file and was skipped.",
            "Column RecipientEmail was taken for the user because of its values.",
            "Column Status has values that do not say whether somebody is active: '",
            "Each pass lasts from its start to the end in column EndDate.",
            "12 start times without an offset were read in the time zone Europe/Ber",
        ),
    ),
    "w39c-future-dates.csv": Outcome(
        "2:anna.berg0@fabrikam.org 3:ben.holt1@fabrikam.org 4:cara.diaz2@fabrikam.org 5:dev.rao3@fabrikam.org 6:eva.lind4@fabrikam.org",
        starts="2:2035-10-01T07:00Z 3:2035-10-01T07:01Z 4:2035-10-01T07:02Z 5:2035-10-01T07:03Z 6:2035-10-01T07:04Z",
        lifetimes="2:10 3:10 4:10 5:10 6:10",
        notes=(
            "Column RecipientEmail was taken for the user because of its values.",
            "Each pass lasts from its start to the end in column EndDate.",
            "5 start times without an offset were read in the time zone Europe/Berl",
        ),
    ),
    "w40-rows-quoted.csv": Outcome(refused=": column A holds whole rows with commas between the values."),
    "w40b-rows-in-column-a.xlsx": Outcome(
        refused=", sheet Sheet: column A holds whole rows with commas between the values."
    ),
    "w40c-excel-quoted-semicolon.csv": Outcome(
        refused=": column A holds whole rows with semicolons between the values."
    ),
    "w41-get-mguser.csv": Outcome(
        "3:anna.berg@fabrikam.org 5:cara.diaz@fabrikam.org 6:dev.rao@fabrikam.org",
        left_out="4",
        notes=(
            "In 4 rows Mail differs from UserPrincipalName; UserPrincipalName names",
            "1 person is inactive or blocked (AccountEnabled) and was skipped: row ",
        ),
    ),
    "w41b-get-mggroupmember.csv": Outcome(
        "2:11111110-2222-4333-8444-555555555550 3:11111111-2222-4333-8444-555555555551 4:11111112-2222-4333-8444-555555555552"
    ),
    "w41c-get-mailbox.csv": Outcome(
        "3:anna.berg@fabrikam.org 4:ben.holt@fabrikam.org 5:cara.diaz@fabrikam.org",
        notes=("In 3 rows PrimarySmtpAddress differs from UserPrincipalName; UserPrinc",),
    ),
    "w41d-primarysmtp-only.csv": Outcome("2:anna.berg@fabrikam.org 3:ben.holt@fabrikam.org 4:cara.diaz@fabrikam.org"),
    "w42-same-person.csv": Outcome(
        "2:anna.berg@fabrikam.org 3:ben.holt@fabrikam.org 4:ANNA.BERG@fabrikam.org 5:anna.berg@fabrikam.org 6:cara.diaz@fabrikam.org 7:cara.diaz@fabrikam.org 8:dev.rao@fabrikam.org 9:dev.rao@fabrikam.org",
        starts="2:2035-09-01T06:00Z 3:2035-09-01T06:00Z 4:2035-09-01T06:00Z 5:2035-09-01T06:00Z 6:2035-09-01T06:00Z 7:2035-09-01T06:00Z 8:2035-09-01T06:00Z 9:2035-09-02T06:00Z",
        lifetimes="2:480 3:480 4:480 5:480 6:480 7:480 8:480 9:480",
        notes=(
            "8 start times without an offset were read in the time zone Europe/Berl",
            "Lifetimes with a unit were read as minutes: '8h' as 480.",
        ),
    ),
    "w42b-blank-and-no.csv": Outcome(
        "2:a@fabrikam.org 3:a@fabrikam.org 4:b@fabrikam.org 5:b@fabrikam.org 6:c@fabrikam.org 7:c@fabrikam.org",
        lifetimes="2:480 3:480 4:480 6:480 7:480",
    ),
    "w43-sheet-per-class.xlsx": Outcome(refused=": several sheets look like a roster: 7A (3 rows), 7B (3 rows)."),
    "w44-folder": Outcome(
        "2:anna.berg@fabrikam.org 3:ben.holt@fabrikam.org 4:cara.diaz@fabrikam.org 2:dev.rao@fabrikam.org 3:eva.lind@fabrikam.org 4:finn.moe@fabrikam.org",
        notes=("2 files were read as one roster: 7A.csv (3 rows), 7B.csv (3 rows).",),
    ),
    "w44-several.zip": Outcome(
        "2:anna.berg@fabrikam.org 3:ben.holt@fabrikam.org 4:cara.diaz@fabrikam.org 2:dev.rao@fabrikam.org 3:eva.lind@fabrikam.org 4:finn.moe@fabrikam.org",
        notes=("2 files were read as one roster: w44-several.zip/7A.csv (3 rows), w44-",),
    ),
    "w44b-one-plus-junk.zip": Outcome(
        "2:anna.berg@fabrikam.org 3:ben.holt@fabrikam.org 4:cara.diaz@fabrikam.org",
        notes=("Not read, because they are no rosters: w44b-one-plus-junk.zip/readme.t",),
    ),
    "w46-long-ids.xlsx": Outcome(
        "2:anna.berg@fabrikam.org 3:ben.holt@fabrikam.org 4:cara.diaz@fabrikam.org",
        notes=("Column Student number, row 2: 123456789012345696 has more than 15 digi",),
    ),
    "w46b-ids-scientific.csv": Outcome(
        "2:anna.berg@fabrikam.org 3:ben.holt@fabrikam.org 4:cara.diaz@fabrikam.org",
        notes=("Column Student number: Excel has shortened 3 numbers, the first is '1.",),
    ),
    "w47-starts-b3.xlsx": Outcome("4:ben.holt@fabrikam.org 5:cara.diaz@fabrikam.org 6:dev.rao@fabrikam.org"),
    "w49-several-lines.csv": Outcome(
        "2:anna.berg@fabrikam.org 3:anna.berg@fabrikam.org 4:anna.berg@fabrikam.org 5:ben.holt@fabrikam.org 6:ben.holt@fabrikam.org 7:ben.holt@fabrikam.org 8:cara.diaz@fabrikam.org 9:cara.diaz@fabrikam.org 10:cara.diaz@fabrikam.org"
    ),
    "w50-notes.xlsx": Outcome("2:anna.berg@fabrikam.org 3:ben.holt@fabrikam.org 4:cara.diaz@fabrikam.org"),
    "w53-class-became-date.xlsx": Outcome(
        "2:anna.berg@fabrikam.org 3:ben.holt@fabrikam.org 4:cara.diaz@fabrikam.org",
        notes=("Column Class: 3 groups are dates, the first is 2026-07-01 in row 2; a ",),
    ),
    "w55-console.txt": Outcome(refused=" looks like console output, not like a table."),
    "w55b-format-list.txt": Outcome(refused=" looks like a list that a console printed (property : value)."),
    "w56-users.json": Outcome(refused=" is a JSON document, not a spreadsheet."),
    "w56b-graph.json": Outcome(refused=" is a JSON document, not a spreadsheet."),
    "w57-outlook-to.txt": Outcome(refused=" has no people, and no heading that names the user."),
    "w57b-plain-list.txt": Outcome(
        "1:anna.berg@fabrikam.org 2:ben.holt@fabrikam.org 3:cara.diaz@fabrikam.org 4:dev.rao@fabrikam.org",
        notes=(
            "There is no row of headings; only columns of users were read.",
            "Column A, which has no heading, was taken for the user because of its ",
        ),
    ),
    "w60-powerschool-tab.txt": Outcome("2:anna.berg@fabrikam.org 3:ben.holt@fabrikam.org 4:cara.diaz@fabrikam.org"),
    "w61-last-row-no-user.csv": Outcome(
        "2:anna.berg@fabrikam.org 3:ben.holt@fabrikam.org 4:cara.diaz@fabrikam.org 5:dev.rao@fabrikam.org",
        faults="6:user-missing 7:user-missing",
    ),
    "w61b-last-row-no-user.csv": Outcome(
        "2:anna.berg@fabrikam.org 3:ben.holt@fabrikam.org 4:cara.diaz@fabrikam.org 5:dev.rao@fabrikam.org",
        faults="6:user-missing",
    ),
    "w61d-last-row-no-user.csv": Outcome(
        "2:anna.berg@fabrikam.org 3:ben.holt@fabrikam.org 4:cara.diaz@fabrikam.org 5:dev.rao@fabrikam.org",
        faults="6:user-missing",
    ),
    "w62-status-words.csv": Outcome(
        "2:u0@fabrikam.org 3:u1@fabrikam.org 4:u2@fabrikam.org 5:u3@fabrikam.org 6:u4@fabrikam.org 14:u12@fabrikam.org 18:u16@fabrikam.org 19:u17@fabrikam.org 20:u18@fabrikam.org 21:u19@fabrikam.org 22:u20@fabrikam.org 23:u21@fabrikam.org 24:u22@fabrikam.org",
        left_out="7 8 9 10 11 12 13 15 16 17",
        notes=(
            "Column Status has values that do not say whether somebody is active: '",
            "10 people are inactive or blocked (Status) and were skipped: rows 7, 8",
        ),
    ),
    "w62d-workeractive.csv": Outcome(
        "2:a@fabrikam.org",
        left_out="3",
        notes=("1 person is inactive or blocked (Worker Active) and was skipped: row 3",),
    ),
    "w63-participant-upn.csv": Outcome(
        "2:anna.berg@fabrikam.org 3:ben.holt@fabrikam.org 4:cara.diaz@fabrikam.org",
        notes=("In 3 rows Email differs from Participant ID (UPN); Participant ID (UPN",),
    ),
    "w63b-email-and-upn-words.csv": Outcome(
        "2:anna.berg@fabrikam.org 3:ben.holt@fabrikam.org 4:cara.diaz@fabrikam.org",
        notes=("In 3 rows Email differs from Entra UPN; Entra UPN names the user.",),
    ),
    "w63d-email-and-azure-login.csv": Outcome(
        "2:anna.berg@fabrikam.org 3:ben.holt@fabrikam.org 4:cara.diaz@fabrikam.org",
        notes=("In 3 rows Email differs from Azure login; Azure login names the user.",),
    ),
    "w64-class-heading-rows.csv": Outcome(
        "4:anna.berg@fabrikam.org 5:ben.holt@fabrikam.org 6:cara.diaz@fabrikam.org 8:dev.rao@fabrikam.org 9:eva.lind@fabrikam.org 10:finn.moe@fabrikam.org",
        left_out="3 7",
        notes=(
            "The headings were found in row 2.",
            "Row 3 is a title between people and was skipped.",
            "Row 7 is a title between people and was skipped.",
        ),
    ),
    "w65-side-by-side.csv": Outcome(
        refused=": several columns could name the user: User name (anna.berg@fabrikam.org, ben.holt@fabrikam.org); User name (2) (dev.rao@fabrikam.org, eva.lind@fabrikam.org)."
    ),
    "w66c-old-new-upn.csv": Outcome(
        refused=": several columns could name the user: Old UPN (anna.berg@old.fabrikam.org, ben.holt@old.fabrikam.org); New UPN (anna.berg@fabrikam.org, ben.holt@fabrikam.org)."
    ),
    "w67-smart-quotes.csv": Outcome(
        "2:anna.berg@fabrikam.org 3:ben.holt@fabrikam.org 4:cara.diaz@fabrikam.org",
        notes=("The values of columns A, B stand in “…”, which was taken off.",),
    ),
    "w67c-zero-width.csv": Outcome(
        "2:anna.berg@fabrikam.org 3:ben.holt@fabrikam.org 4:cara.diaz@fabrikam.org 5:dev.rao@fab-rikam.org"
    ),
    "w68-roster.csv.gz": Outcome(refused=" is a compressed file (gzip)."),
    "w68b-roster.gsheet": Outcome(refused=" is a shortcut to a document of Google Drive, and holds no people itself."),
    "w68c-roster.numbers": Outcome(refused=" is a document of Apple Numbers."),
    "w68d-roster.pdf": Outcome(refused=" is a PDF document."),
    "w68e-roster.docx": Outcome(refused=" is a Word document."),
    "w68f-roster.accdb": Outcome(refused=" is a database of Microsoft Access."),
    "w68g-mail.eml": Outcome(refused=" is an e-mail message."),
    "w69-outlook-contacts.csv": Outcome(
        "2:anna.berg@fabrikam.org 3:ben.holt@fabrikam.org 4:cara.diaz@fabrikam.org",
        notes=("Column E-mail 2 Address holds addresses of private mail (gmail.com), w",),
    ),
    "w69b-google-contacts.csv": Outcome(
        refused=": whose addresses stand in column E-mail 1 - Value (anna.berg@fabrikam.org, ben.holt@fabrikam.org) is not certain; they may be somebody else's than those of the people in column First Name."
    ),
    "w70-local-and-domain.csv": Outcome(
        "2:anna.berg@fabrikam.org 3:ben.holt@fabrikam.org 4:cara.diaz@fabrikam.org",
        notes=("3 user names were completed with the domain in column Domain.",),
    ),
    "w71-lifetime-units.csv": Outcome(
        "2:a@fabrikam.org 3:b@fabrikam.org 5:d@fabrikam.org",
        lifetimes="2:480 3:1440 5:1440",
        faults="4:lifetime-malformed 6:lifetime-malformed",
        notes=(
            "Column Valid until, which may say when the passes end, was not used: i",
            "Lifetimes with a unit were read as minutes: '8 hours' as 480, '1 day' ",
        ),
    ),
    "w72-start-and-end.csv": Outcome(
        "2:a@fabrikam.org 3:b@fabrikam.org",
        starts="2:2035-09-01T06:00Z 3:2035-09-01T06:00Z",
        lifetimes="2:480 3:1440",
        notes=(
            "Each pass lasts from its start to the end in column End.",
            "2 start times without an offset were read in the time zone Europe/Berl",
        ),
    ),
    "w73c-start-date-start-time.csv": Outcome(
        "2:a@fabrikam.org 3:b@fabrikam.org",
        starts="2:2035-09-01T06:00Z 3:2035-09-01T11:30Z",
        notes=("2 start times without an offset were read in the time zone Europe/Berl",),
    ),
    "w74a-merge-column.xlsx": Outcome("2:anna.berg@fabrikam.org 3:ben.holt@fabrikam.org"),
    "w74b-merge-all.xlsx": Outcome("2:anna.berg@fabrikam.org 3:ben.holt@fabrikam.org"),
    "w74c-merge-beyond.xlsx": Outcome("2:anna.berg@fabrikam.org 3:ben.holt@fabrikam.org"),
    "w74e-style-count.xlsx": Outcome("2:anna.berg@fabrikam.org 3:ben.holt@fabrikam.org"),
    "w74f-hyperlink-all.xlsx": Outcome("2:anna.berg@fabrikam.org 3:ben.holt@fabrikam.org"),
    "w74g-cols-hidden-far.xlsx": Outcome("2:anna.berg@fabrikam.org 3:ben.holt@fabrikam.org"),
    "w74h-shared-index-huge.xlsx": Outcome(
        refused=" is not a workbook that can be read (Cell string index not found in shared strings table)."
    ),
    "w75a-ods-rows-repeated.ods": Outcome(
        refused=": the row 4,294,967,299 lies outside of any sheet, which ends at XFD1048576."
    ),
    "w75b-ods-cols-repeated.ods": Outcome(
        refused=": the column 4,294,967,296 lies outside of any sheet, which ends at XFD1048576."
    ),
    "w75c-ods-filled-repeated.ods": Outcome(refused=": row 4 is repeated 1,048,573 times down the sheet."),
    "w75d-ods-tail-ok.ods": Outcome("2:anna.berg@fabrikam.org 3:ben.holt@fabrikam.org"),
    "w75e-ods-people-repeated.ods": Outcome(
        "2:anna.berg@fabrikam.org 3:ben.holt@fabrikam.org 4:same@fabrikam.org 5:same@fabrikam.org 6:same@fabrikam.org"
    ),
    "w75f-ods-huge-number.ods": Outcome(
        refused=": the row 18,446,744,073,709,551,620 lies outside of any sheet, which ends at XFD1048576."
    ),
    "w75g-ods-row-grouped.ods": Outcome("2:anna.berg@fabrikam.org 3:ben.holt@fabrikam.org"),
    "w76b-double-bom.csv": Outcome("2:anna.berg@fabrikam.org 3:ben.holt@fabrikam.org"),
    "w76c-no-newline-join.csv": Outcome("3:ben.holt@fabrikam.org", faults="2:row-malformed"),
    "w77-time-cells.xlsx": Outcome(
        "3:ben.holt@fabrikam.org",
        starts="3:2035-09-03T06:00Z",
        lifetimes="3:1800",
        faults="2:lifetime-malformed 4:start-malformed 5:start-malformed 6:start-malformed",
        notes=("2 start times without an offset were read in the time zone Europe/Berl",),
    ),
    "w77b-date-formats.xlsx": Outcome(
        "2:u0@fabrikam.org 3:u1@fabrikam.org 4:u2@fabrikam.org 5:u3@fabrikam.org 6:u4@fabrikam.org 7:u5@fabrikam.org 8:u6@fabrikam.org 9:u7@fabrikam.org 11:u9@fabrikam.org",
        starts="2:2035-09-03T06:00Z 3:2035-09-04T06:00Z 4:2035-09-05T06:00Z 5:2035-09-06T06:00Z 6:2035-09-07T06:00Z 7:2035-09-08T06:00Z 8:2035-09-09T06:00Z 9:2035-09-10T06:00Z 11:2035-09-12T06:00Z",
        faults="10:start-malformed",
        notes=("9 start times without an offset were read in the time zone Europe/Berl",),
    ),
    "w78-group-members.csv": Outcome(
        refused=": column userPrincipalName names the user in only some of its rows, column id in most."
    ),
}


def outcome(path: Path) -> Outcome:
    """Return what becomes of a file, with no option but a time zone."""
    options = CheckOptions(ReadingOptions(), ZoneInfo("Europe/Berlin"), NOW, PassTerms())
    try:
        checked = check_roster(read_roster(path), options)
    except RosterError as error:
        return Outcome(refused=error.message.removeprefix(path.name))
    having = [row for row in checked.rows if row.request is not None]
    starts = [(row.source.number, row.asked.starts_at) for row in having]
    return Outcome(
        " ".join(f"{row.source.number}:{row.user.text}" for row in having if row.user is not None),
        " ".join(f"{number}:{start:%Y-%m-%dT%H:%MZ}" for number, start in starts if start is not None),
        " ".join(f"{row.source.number}:{row.asked.lifetime_minutes}" for row in having if row.asked.lifetime_minutes),
        " ".join(f"{row.source.number}:{one.code}" for row in checked.rows for one in row.problems if one.refuses),
        " ".join(str(row.source.number) for row in checked.rows if row.left_out),
        tuple(note[:70] for note in checked.info.notes if not note.startswith(("Columns:", "Never read"))),
    )


@pytest.mark.parametrize("name", EXPECTED)
def test_what_becomes_of_each(name: str) -> None:
    """The people, their passes, the faults of rows, and the gist of every sentence."""
    if not FOLDER.is_dir():
        pytest.skip(f"the folder of such files is not there ({FOLDER})")
    assert outcome(FOLDER / name) == EXPECTED[name]


def test_each_file_is_in_the_table() -> None:
    """No file and no folder of files is left untried."""
    if not FOLDER.is_dir():
        pytest.skip(f"the folder of such files is not there ({FOLDER})")
    files = {path.name for path in FOLDER.iterdir()} - {"EXPECTED.md"}
    assert files == EXPECTED.keys()
