"""Kind F: a column of addresses that is not the one that people sign in with stands beside the one that is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from roster_containers import CONTAINERS, contained

from bulktap.model.errors import QuestionOpen
from bulktap.model.plan import Field

if TYPE_CHECKING:
    from collections.abc import Callable

    from bulktap.roster.model import CheckedRoster

    Check = Callable[..., CheckedRoster]

MAIL = ("a@mail.fabrikam.org", "b@mail.fabrikam.org", "c@mail.fabrikam.org")
SIGN_IN = ("anna@fabrikam.org", "ben@fabrikam.org", "cara@fabrikam.org")
BETTER = (
    "Participant ID (UPN)", "Entra UPN", "Azure login", "New user name", "SIS Login ID", "M365-Anmeldename",
    "Neuer Benutzername", "Identifiant de connexion Entra", "Nuevo nombre de usuario", "Inlognaam Microsoft 365",
    "Nome utente Entra", "新ユーザー名", "Käyttäjätunnus (O365)", "UPN in target tenant",
    "Cloud user principal name (new)", "Office365 konto", "eduPersonPrincipalName", "Compte Microsoft 365",
    "Cuenta Office 365", "Conta Microsoft", "Account Microsoft", "Nouvel identifiant", "Nuova utenza UPN",
    "Nieuwe gebruikersnaam", "Benutzername neu", "Microsoftアカウント", "Usuario nuevo",
)  # fmt: skip


def users(checked: CheckedRoster) -> list[str]:
    """Return who gets passes."""
    return [row.user.text for row in checked.rows if row.user is not None]


@pytest.mark.parametrize("place", range(len(BETTER)), ids=BETTER)
def test_a_word_of_sign_in_names_beats_mail(check: Check, place: int) -> None:
    """The column whose heading contains such a word names the users; how many differ is noted."""
    better = BETTER[place]
    rows = [("Email", better), *zip(MAIL, SIGN_IN, strict=True)]
    checked = check(*contained(rows, CONTAINERS[place % len(CONTAINERS)]))
    assert users(checked) == list(SIGN_IN)
    assert f"In 3 rows Email differs from {better}; {better} names the user." in checked.info.notes


@pytest.mark.parametrize("other", ["Konto neu", "Identity", "Kürzel", "Employee ID", "IDM", "アドレス2"])
@pytest.mark.parametrize("container", CONTAINERS)
def test_another_column_of_addresses_beside_mail_is_asked_about(check: Check, other: str, container: str) -> None:
    """Where nothing says which of two differing addresses somebody signs in with, it is asked; equal ones are not."""
    with pytest.raises(QuestionOpen) as stop:
        check(*contained([("Email", other), *zip(MAIL, SIGN_IN, strict=True)], container))
    assert [choice.value for choice in stop.value.questions[0].choices] == ["user=Email", f"user={other}"]
    assert users(check(*contained([("Email", other), *zip(MAIL, MAIL, strict=True)], container))) == list(MAIL)


@pytest.mark.parametrize(
    "old", ["Old user name", "Alter Benutzername", "Previous login", "Ancien nom d'utilisateur", "Old UPN"]
)
def test_names_of_the_past_are_asked_about(check: Check, old: str) -> None:
    """A name that is no longer used is not taken for the one that is, alone or beside another."""
    for rows in ([(old,), *((one,) for one in SIGN_IN)], [(old, "Email"), *zip(SIGN_IN, MAIL, strict=True)]):
        with pytest.raises(QuestionOpen):
            check(*contained(rows, "xlsx"))
    told = check(*contained([(old,), *((one,) for one in SIGN_IN)], "csv"), columns={Field.USER: old})
    assert users(told) == list(SIGN_IN)


@pytest.mark.parametrize(
    ("heading", "values"),
    [
        ("Last login", ("2035-01-02", "2035-01-03", "never")),
        ("Login method", ("password", "sso", "password")),
        ("Azure subscription", ("Pay", "Free", "Pay")),
        ("Username status", ("ok", "ok", "ok")),
    ],
)
def test_a_word_alone_decides_nothing(check: Check, heading: str, values: tuple[str, ...]) -> None:
    """A column under such a word that holds no users is none of users."""
    assert users(check(*contained([("Email", heading), *zip(MAIL, values, strict=True)], "csv"))) == list(MAIL)


def test_a_roster_of_nothing_but_mistakes_is_answered_row_by_row(check: Check) -> None:
    """An error report keeps the heading by which its column was found, and its cells are attempts at users."""
    rows = [("Email", "Azure login"), ("", "anna berg@fabrikam.org"), ("", "ben@@fabrikam.org")]
    checked = check(*contained(rows, "csv"))
    assert [[problem.code for problem in row.problems] for row in checked.rows] == [["user-malformed"]] * 2


LOCAL = ("corp.local", "school.lan", "ad.intern", "verwaltung.home", "fabrikam.internal")


@pytest.mark.parametrize("domain", LOCAL)
@pytest.mark.parametrize("heading", ["UPN", "userPrincipalName", "Anmeldename"])
def test_names_of_the_local_directory_beside_others(check: Check, domain: str, heading: str) -> None:
    """Nobody has them at Microsoft Entra: which column it is, is asked, and the other one offered first."""
    names = [user.replace("fabrikam.org", domain) for user in SIGN_IN]
    content = contained([(heading, "mail"), *zip(names, SIGN_IN, strict=True)], "csv")
    with pytest.raises(QuestionOpen, match="cannot be a domain of Microsoft Entra") as stop:
        check(*content)
    assert [choice.value for choice in stop.value.questions[0].choices] == ["user=mail", f"user={heading}"]
    assert users(check(*content, columns={Field.USER: "mail"})) == list(SIGN_IN)


def test_names_of_the_local_directory_alone_are_read_with_a_note(check: Check) -> None:
    """Without another column there is nothing to ask; one such name among others is no reason either."""
    alone = check(*contained([("UPN",), *((f"{name}@corp.local",) for name in "abc")], "csv"))
    assert all("will probably not be found" in row.problems[0].message for row in alone.rows)
    mixed = [("UPN", "mail"), ("anna@corp.local", MAIL[0]), *zip(SIGN_IN, MAIL, strict=True)]
    assert users(check(*contained(mixed, "csv")))[1:] == list(SIGN_IN)


@pytest.mark.parametrize(
    ("local", "domain"),
    [
        ("User", "Domain"), ("mailNickname", "UPN suffix"), ("Local part", "E-mail domain"), ("Benutzer", "Domäne"),
        ("Utilisateur", "Domaine"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("container", CONTAINERS)
def test_a_name_and_its_domain_apart(check: Check, local: str, domain: str, container: str) -> None:
    """They are one sign-in name, each row with its own domain, also where the name is a number."""
    rows = [(local, domain), ("anna", "fabrikam.org"), ("ben", "@contoso.com"), (100123, "fabrikam.org")]
    expected = ["anna@fabrikam.org", "ben@contoso.com", "100123@fabrikam.org"]
    assert users(check(*contained(rows, container))) == expected
