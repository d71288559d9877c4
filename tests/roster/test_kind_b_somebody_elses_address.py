"""Kind B: the only column of addresses is somebody else's, or private."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from roster_containers import CONTAINERS, contained

from bulktap.model.errors import QuestionOpen, RosterError
from bulktap.model.plan import Field
from bulktap.model.setting_names import Setting
from bulktap.roster.columns.mail_providers import is_private

if TYPE_CHECKING:
    from collections.abc import Callable

    from bulktap.roster.model import CheckedRoster

    Check = Callable[..., CheckedRoster]

SOMEBODY_ELSES = (
    "Parent email", "Parent/Carer Mail", "Guardian 1 Email", "Mum's e-mail", "Next of kin mail", "Partner mail",
    "Spouse e-mail address", "Line manager e-mail", "Boss", "Reports to (mail)", "Sponsor mail", "Invoice to",
    "Home E-mail", "Personal mail", "Private address", "Emergency contact mail", "Cost centre owner", "Registered by",
    "Elternmail", "E-Mail der Mutter", "Vormund", "Mail Erziehungsberechtigte", "Private E-Mail", "Klassenlehrkraft",
    "Vorgesetzter", "Ansprechpartner", "Mail du tuteur", "Courriel de la mère", "Responsable légal 1",
    "Adresse privée", "Professeur principal", "N+1", "Correo de la madre", "Correo del padre", "Correo particular",
    "Jefe directo", "E-mail ouders", "Verzorger 1", "Leidinggevende", "E-mail privé", "E-mail do encarregado",
    "Chefia", "Mail genitore", "Responsabile", "Posta privata", "保護者連絡先", "上司のメール", "担任メール",
    "家长邮箱", "E-post vårdnadshavare", "Forældres mail", "Huoltajan sähköposti", "E-mail opiekuna",
    "Почта родителя", "Adres zastępczy", "Veli e-posta",
)  # fmt: skip
OWN = (
    "Student mail address", "Work e-mail address", "Official email", "University Email ID", "Company mail",
    "Primary e-mail (work)", "Dienstliche Mail", "Schulische E-Mail", "Mail professionnel",
    "Correo institucional alumno", "Indirizzo posta aziendale", "Entra account", "M365 Konto", "Azure login", "NetID",
    "Neuer Benutzername", "Schoolmailadres", "Adresse mail académique", "Microsoft email", "Correu electrònic",
    "Электронная почта", "Correo académico", "Firmenmail", "Рабочая почта",
)  # fmt: skip
PEOPLE = (("Anna Berg", "anna@fabrikam.org"), ("Ben Holt", "ben@fabrikam.org"), ("Cara Diaz", "cara@fabrikam.org"))


@pytest.mark.parametrize("place", range(len(SOMEBODY_ELSES)), ids=SOMEBODY_ELSES)
def test_addresses_of_others_are_asked_about(check: Check, place: int) -> None:
    """In a file that names people, a heading that does not say whose the addresses are stops with a question."""
    heading, container = SOMEBODY_ELSES[place], CONTAINERS[place % len(CONTAINERS)]
    content, name = contained([("Name", heading), *PEOPLE], container)
    with pytest.raises(QuestionOpen) as stop:
        check(content, name)
    (question,) = stop.value.questions
    assert question.setting is Setting.COLUMN
    assert [choice.value for choice in question.choices] == [f"user={heading}"]
    answered = check(content, name, columns={Field.USER: heading})
    assert [row.user.text for row in answered.rows if row.user] == [address for _, address in PEOPLE]


@pytest.mark.parametrize("heading", OWN)
def test_addresses_that_the_heading_calls_their_own_are_taken(check: Check, heading: str) -> None:
    """A question is not asked where the heading says what it holds."""
    checked = check(*contained([("Name", heading), *PEOPLE], "csv"))
    assert [row.user.text for row in checked.rows if row.user] == [address for _, address in PEOPLE]


@pytest.mark.parametrize(
    "names", [("Vorname", "Nachname"), ("Prénom", "Nom de famille"), ("Nombre", "Apellidos"), ("名", "姓")]
)
def test_parts_of_names_name_people_too(check: Check, names: tuple[str, str]) -> None:
    """A file names people in parts of names as it does in whole ones, in any language."""
    rows = [(*names, "Kontakt"), ("Anna", "Berg", "a@fabrikam.org"), ("Ben", "Holt", "b@fabrikam.org")]
    with pytest.raises(QuestionOpen):
        check(*contained(rows, "xlsx"))


@pytest.mark.parametrize(
    ("heading", "provider"),
    [
        ("Email", "gmail.com"), ("E-Mail", "web.de"), ("Adresse e-mail", "orange.fr"), ("Mail", "hotmail.co.uk"),
        ("メールアドレス", "docomo.ne.jp"), ("User name", "outlook.com"), ("Correo", "yahoo.es"), ("Почта", "mail.ru"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("container", CONTAINERS)
def test_private_addresses_are_no_sign_in_names(check: Check, heading: str, provider: str, container: str) -> None:
    """A column half of whose addresses are of providers of private mail names no user, whatever its heading is."""
    rows = [("Name", heading), ("Anna", f"a@{provider}"), ("Ben", f"b@{provider}"), ("Cara", "c@fabrikam.org")]
    with pytest.raises(RosterError, match=rf"addresses in column .* are of private mail \({provider}\)") as refusal:
        check(*contained(rows, container))
    assert "User principal name" in refusal.value.hint


def test_a_better_column_beside_private_ones(check: Check) -> None:
    """Private addresses do not stand in the way of a column that names the users."""
    rows = [("Email", "Dienst"), ("a@gmx.de", "anna@fabrikam.org"), ("b@gmx.de", "ben@fabrikam.org")]
    checked = check(*contained(rows, "xlsx"))
    assert [row.user.text for row in checked.rows if row.user] == ["anna@fabrikam.org", "ben@fabrikam.org"]
    assert any("Column Email holds addresses of private mail (gmx.de)" in note for note in checked.info.notes)


@pytest.mark.parametrize(
    ("address", "private"),
    [
        ("a@gmail.com", True), ("a@YAHOO.fr", True), ("a@live.co.uk", True), ("a@live.unibo.it", False),
        ("a@outlook.contoso.com", False), ("a@fabrikam.onmicrosoft.com", False), ("a@mail.school.org", False),
        ("a@outlook.com.br", True), ("a@gmx.net", True), ("a@163.com", True),
    ],
)  # fmt: skip
def test_providers(address: str, private: bool) -> None:
    """A provider is known by its domain in every country, and not by a word in an organisation's own."""
    assert is_private(address) is private


UNKNOWN = (
    ("pl", ("Imię", "Nazwisko", "E-mail babci")), ("cs", ("Jméno", "Příjmení", "Email rodiče")),
    ("el", ("Όνομα", "Επώνυμο", "Email κηδεμόνα")), ("tr", ("Ad", "Soyad", "Anne e-posta")),
    ("hu", ("Keresztnév", "Vezetéknév", "Anya e-mail címe")), ("vi", ("Tên", "Họ", "Email gia đình")),
)  # fmt: skip
NAMES = (("Anna", "Berg"), ("Ben", "Holt"), ("Żaneta", "Łącka"), ("Göran", "Müller"))


@pytest.mark.parametrize("own", [False, True], ids=["somebody else's", "their own"])
@pytest.mark.parametrize(("language", "headings"), UNKNOWN, ids=[one[0] for one in UNKNOWN])
def test_whose_addresses_stand_there_is_asked_in_any_language(
    check: Check, language: str, headings: tuple[str, ...], own: bool
) -> None:
    """Where no heading is known, addresses that do not say the names beside them are asked about; others are taken."""
    assert language
    addresses = (
        ("anna.berg@fabrikam.org", "bholt@fabrikam.org", "lacka.z@fabrikam.org", "goeran.mueller2@fabrikam.org")
        if own
        else ("petra.berg@fabrikam.org", "uwe@fabrikam.org", "olga.lacka@fabrikam.org", "mama@fabrikam.org")
    )
    rows = [headings, *((*name, address) for name, address in zip(NAMES, addresses, strict=True))]
    if own:
        checked = check(*contained(rows, "csv"))
        assert [row.user.text for row in checked.rows if row.user is not None] == list(addresses)
        assert any("because of its values" in note for note in checked.info.notes)
    else:
        with pytest.raises(QuestionOpen, match=r"whose addresses stand in column .* is not certain"):
            check(*contained(rows, "csv"))
