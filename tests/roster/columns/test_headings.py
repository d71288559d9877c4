"""What a heading means by its words alone."""

from __future__ import annotations

import pytest

from bulktap.roster.columns.aliases import Meaning
from bulktap.roster.columns.headings import is_dropped, meanings_of, names_user, squeeze


@pytest.mark.parametrize(
    ("heading", "meaning"),
    [
        ("userPrincipalName", Meaning.UPN),
        ("USER_PRINCIPAL_NAME", Meaning.UPN),
        ("\ufeffUser\u00a0principal\nname *", Meaning.UPN),
        ("User name [userPrincipalName] Required", Meaning.UPN),
        ("User name (example: chris@contoso.com) [userPrincipalName] *", Meaning.UPN),
        ("Nom d’utilisateur [userPrincipalName] Obligatoire", Meaning.UPN),
        ("ユーザー名 [userPrincipalName] 必須", Meaning.UPN),
        ("Member object ID or user principal name [memberObjectIdOrUpn] Required", Meaning.MEMBER),
        ("User Principal Name (UPN)", Meaning.UPN),
        ("UPN（User principal name） *", Meaning.UPN),
        ("Primary user UPN", Meaning.DEVICE_USER),
        ("registeredOwners", Meaning.DEVICE_USER),
        ("Object Id", Meaning.OBJECT_ID),
        ("Benutzername", Meaning.LOGIN),
        ("Nom d'utilisateur", Meaning.LOGIN),
        ("ユーザーＩＤ", Meaning.LOGIN),
        ("Sign-in name", Meaning.LOGIN),
        ("Email Address [Required]", Meaning.MAIL),
        ("[1]Student_Email", Meaning.MAIL),
        ("STU.SEM", Meaning.MAIL),
        ("student.email", Meaning.MAIL),
        ("Pass start", Meaning.START),
        ("Start Date", Meaning.PERHAPS_START),
        ("Lifetime (minutes)", Meaning.LIFETIME),
        ("isUsableOnce", Meaning.ONE_TIME),
        ("One-time", Meaning.ONE_TIME),
        ("Dsiplay Name", Meaning.DISPLAY_NAME),
        ("氏名（姓）", Meaning.SURNAME),
        ("Klasse", Meaning.GROUP),
        ("Serial number", Meaning.DEVICE),
        ("Device ID", Meaning.DEVICE_ID),
    ],
)
def test_known_headings(heading: str, meaning: Meaning) -> None:
    """Headings of portals, school programs and eight languages are recognised in any spelling."""
    assert meaning in meanings_of(heading)


@pytest.mark.parametrize(
    "heading",
    [
        "Alternate email address", "Recovery Email", "Parent email", "parent_email2", "Contact_email", "Guardianemail",
        "Manager Email", "Mother's e-mail", "New Primary Email [UPLOAD ONLY]", "Proxy addresses", "ObjectGUID", "SID",
        "E-Mail Erziehungsberechtigte", "contacts.email", "ExternalEmailAddress", "Secondary Email",
        "Email address to invite [inviteeEmail] Required",
    ],
)  # fmt: skip
def test_addresses_of_others_never_name_the_user(heading: str) -> None:
    """Private addresses, those of parents and managers, and local ids are never taken for the user."""
    assert not names_user(heading)


@pytest.mark.parametrize(
    "heading",
    [
        "Password", "Initial password [passwordProfile] Required", "Initialkennwort", "初期パスワード", "PIN", "TAP",
        "Mot de passe initial", "Temporary Access Pass", "passwordHash", "Geburtsdatum", "DOB", "IEP_status",
    ],
)  # fmt: skip
def test_secret_and_sensitive_columns_are_dropped(heading: str) -> None:
    """Columns of passwords, birth dates and the like are dropped as they are read."""
    assert is_dropped(heading)


@pytest.mark.parametrize("heading", ["Job title [jobTitle]", "Fax", "国人", "", "Office Number", "Entry date"])
def test_unknown_headings_mean_nothing(heading: str) -> None:
    """A heading that is not in the dictionary is carried along and means nothing."""
    assert meanings_of(heading) == frozenset()


def test_squeeze_joins_spellings() -> None:
    """Camel case, underscores, blanks and a mark of obligation are no difference."""
    assert {squeeze(text) for text in ("User Name:", "user_name", "userName", "User-name required")} == {"username"}
