# ruff: noqa: E501 - one case to a line
"""The case list, group C: headings and the choice of columns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from bulktap.model.plan import Field

if TYPE_CHECKING:
    from collections.abc import Callable

A, B = "anna@contoso.com", "ben@contoso.com"
GUID = "5f1e2d3c-0b4a-4c6d-8e7f-9a0b1c2d3e4f"


def one(heading: str) -> str:
    """Return a roster of one person with this heading over the user."""
    return f'Class,"{heading}"\n7b,{A}\n'


OK = {"people": [A]}
CASES = [
    *(pytest.param(one(heading), OK, id=f"C01 {heading}") for heading in ("userprincipalname", "USERPRINCIPALNAME", "User Principal Name", "user_principal_name")),
    pytest.param(one("Nom d'utilisateur [userPrincipalName] Obligatoire"), OK, id="C02 French template"),
    pytest.param(one("Nom d’utilisateur [userPrincipalName] Obligatoire"), OK, id="C02 with a curly apostrophe"),
    pytest.param(one("ユーザー名 [userPrincipalName] 必須"), OK, id="C02 Japanese template"),
    pytest.param(one("Jakieś słowo [userPrincipalName]"), OK, id="C02 any language"),
    pytest.param(f"First Name [Required],Last Name [Required],Email Address [Required],Password [Required],Recovery Email\nAnna,Berg,{A},****,x@private.org\n", OK, id="C03 Google export"),
    pytest.param(one("  User name\t"), OK, id="C04 blanks and tabs"),
    pytest.param(one("User\nname"), OK, id="C04 line break"),
    pytest.param(one("\u00a0User\u00a0name\u200b"), OK, id="C04 hard blanks"),
    pytest.param(f"UPN,School Email Address,Name\nH801200001001,{A},Anna\nH801200001002,{B},Ben\n", {"people": [A, B], "note": "Column UPN holds Unique Pupil Numbers.*School Email Address names the user"}, id="C05 pupil numbers beside an address"),
    pytest.param("UPN,Forename\nH801200001001,Anna\nA80120000100B,Ben\nUN1,Cem\n", {"refused": "UPN holds Unique Pupil Numbers"}, id="C06 pupil numbers alone"),
    pytest.param(f"UPN,Name\n{A},Anna\n", OK, id="C07 UPN is the user"),
    pytest.param(f"UserPrincipalName,Mail\n{A},a.berg@fabrikam.com\n{B},{B}\n", {"people": [A, B], "note": "In 1 row Mail differs from UserPrincipalName; UserPrincipalName names the user"}, id="C08 address differs"),
    pytest.param(f"Name,Email,Parent email,Contact_email,Recovery Email,Manager Email\nAnna,{A},p@x.org,c@x.org,r@x.org,m@contoso.com\n", OK, id="C09 addresses of others"),
    pytest.param("Name,Student_email,Contact_email\nAnna,,mum@x.org\nBen,,dad@x.org\n", {"rows": {2: "no user .Anna.*Contact_email belongs to somebody else and is not used", 3: "somebody else"}}, id="C10 only a contact's address"),
    pytest.param("Name,Recovery Email\nAnna,a@private.org\n", {"refused": "no column names the user"}, id="C10 no column of the person"),
    pytest.param("Name,ExternalEmailAddress\nAnna,a@fabrikam.com\n", {"refused": "addresses of other organisations"}, id="C11 external contacts"),
    pytest.param("version:v1.0,,,\nEmail address to invite [inviteeEmail] Required,Redirection url [inviteRedirectURL] Required\na@fabrikam.com,https://x.org\n", {"refused": "guests to invite"}, id="C12 template for guests"),
    pytest.param(f"Username,Login\n{A},{B}\n{B},{A}\n", {"refused": f"several columns could name the user: Username .{A}, {B}.; Login .*--column .user=Username"}, id="C13 two equal columns"),
    pytest.param(f"Email,Name,Email\n{A},Anna,{B}\n", {"refused": r"several columns.*Email \(2\)"}, id="C14 the user's heading twice"),
    pytest.param(f"User name,Note,Note\n{A},x,y\n", {"people": [A], "note": "heading Note occurs in columns B and C"}, id="C14 another heading twice"),
    pytest.param(f"Email,Name,Email\n{A},Anna,{A}\n", {"people": [A], "note": "heading Email occurs in columns A and C; A names the user"}, id="C15 twice with the same values"),
    pytest.param(f"Name,,Class\nAnna,{A},7b\nBen,{B},7b\n", {"people": [A, B], "note": "Column B, which has no heading, was taken"}, id="C16 no heading over the user"),
    pytest.param(f"氏名,メールアドレス,クラス\n山田 花子,{A},三年一組\n", OK, id="C17 Japanese headings"),
    pytest.param(f"国人,邮箱号\n王芳,{A}\n李雷,{B}\n", {"people": [A, B], "note": "邮箱号 was taken for the user because of its values"}, id="C17 Chinese headings"),
    pytest.param(f"Käyttäjä,Etunimi,Sukunimi\n{A},Anna,Berg\n{B},Ben,Moe\n", {"people": [A, B], "note": "because of its values"}, id="C18 unknown language"),
    pytest.param(f"User name,Password,Initialkennwort,初期パスワード\n{A},hunter2,hunter3,hunter4\n", OK, id="C19 passwords"),
    pytest.param(f"Email,Other\n{A},{B}\n", {"people": [A], "check": {"columns": {Field.USER: "E-mail"}}}, id="C20 mapping by another spelling"),
    pytest.param(f"First,Second\n{A},{B}\n", {"people": [B], "check": {"columns": {Field.USER: "B"}}}, id="C20 mapping by letter"),
    pytest.param(one("User name"), {"refused": "has no column 'Foo'; its columns are: Class, User name", "check": {"columns": {Field.USER: "Foo"}}}, id="C21 mapping to nothing"),
    pytest.param(f"displayName,accountEnabled,operatingSystem,joinType (trustType),registeredOwners,userNames,deviceId,objectId\nPC-1,False,Windows,x,{A},{A},{GUID},{GUID}\n", {"people": [A]}, id="C22 device export with owners"),
    pytest.param(f"displayName,operatingSystem,deviceId,objectId\nPC-1,Windows,{GUID},{GUID}\n", {"refused": "list of devices without users"}, id="C22 ids are the devices'"),
    pytest.param(f'"DistinguishedName","Enabled","Name","ObjectGUID","SamAccountName","SID","UserPrincipalName"\n"CN=Anna","True","Anna","{GUID}","anna","S-1-5-21-1","{A}"\n', OK, id="C23 directory export"),
    pytest.param(f"Name,ObjectGUID\nAnna,{GUID}\n", {"refused": "ObjectGUID is the id of the local directory"}, id="C24 local ids alone"),
    pytest.param("Name,SamAccountName\nAnna,anna\nBen,ben\n", {"refused": "no '@'.*--domain"}, id="C24 local names alone"),
    pytest.param("Name,SamAccountName\nAnna,anna\n", {"people": [A], "check": {"domain": "contoso.com"}}, id="C24 local names with a domain"),
    pytest.param("First Name,Last Name,Class\nAnna,Berg,7b\n", {"refused": "has names, but no user name"}, id="C25 names alone"),
    pytest.param(f",User name,Name\n0,{A},Anna\n1,{B},Ben\n", {"people": [A, B]}, id="C26 counter without a heading"),
    pytest.param([[0, "User name", 2035.5], [1, A, "x"]], {"name": "roster.xlsx", "people": [A]}, id="C27 heading that is a number"),
    pytest.param(f"User name,StartDate\n{A},2025-08-20\n{B},2025-08-21\n", {"people": [A, B], "note": "StartDate lies in the past in every row, so it was not taken for the start"}, id="C28 history is no start"),
    pytest.param(f"User name,EntryDate,Enrollment date,Employee hire date,createdDateTime\n{A},2035-08-20,2035-08-20,2035-08-20,2035-08-20\n", OK, id="C28 other dates of a person"),
    pytest.param(f"User name,Status\n{A},Active\n{B},Inactive\n", {"people": [A], "note": "1 person is inactive or blocked .Status. and was skipped: row 3"}, id="C29 inactive"),
    pytest.param(f"User name,Status\n{A},Active\n{B},Inactive\n", {"people": [A, B], "check": {"include_inactive": True}, "note": "1 person is .* was included"}, id="C29 included"),
    pytest.param(f"userPrincipalName,accountEnabled\n{A},True\n{B},False\n", {"people": [A], "note": "row 3"}, id="C29 account enabled"),
    pytest.param(f"User name [userPrincipalName] Required,Block sign in (Yes/No) [accountEnabled] Required\n{A}, No\n{B}, Yes\n", {"people": [A], "note": "row 3"}, id="C29 sign-in blocked"),
    pytest.param(f"User principal name,Block credential,Soft deletion time stamp\n{A},False,\n{B},False,2026-01-01\n", {"people": [A], "note": "row 3"}, id="C29 deleted"),
    pytest.param(f"User name,Status\n{A},Texas\n{B},no\n", {"people": [A, B], "note": "Column Status has values that do not say whether somebody is active: 'Texas' .1., 'no' .1."}, id="C29 status is a place"),
    *(pytest.param(f"Name,{heading}\nAnna,x@contoso.com\nBen,y@contoso.com\n", {"refused": f"no column names the user: the addresses in column {heading} belong to somebody else"}, id=f"C09 {heading} alone") for heading in ("Parent/Carer", "Mother", "Homeroom teacher", "Kontakt", "Created by", "Klassenleitung", "Tutor group email")),
    pytest.param(f"Student,Mother,Father\n{A},m@x.org,f@x.org\n", OK | {"note": "Column Student was taken for the user because of its values"}, id="C09 beside a column of addresses"),
    pytest.param(f"Name,GroupId\nAnna,{GUID}\n", {"refused": "no column names the user"}, id="C22 ids under an unknown heading"),
    pytest.param(f"[1]First_Name,[1]Student_Email\nAnna,{A}\n", OK, id="C30 PowerSchool"),
    pytest.param(f"STU.LN,STU.FN,STU.SEM\nBerg,Anna,{A}\n", OK, id="C30 Aeries"),
    pytest.param(f"student.lastName,student.email\nBerg,{A}\n", OK, id="C30 Infinite Campus"),
]  # fmt: skip


@pytest.mark.parametrize(("content", "expected"), CASES)
def test_case(judge: Callable[..., Any], content: object, expected: dict[str, Any]) -> None:
    """Each set of headings names the right user, or is a question."""
    verdict = judge(content, expected)
    verdict.meets(expected)
    assert "hunter" not in repr(verdict)
