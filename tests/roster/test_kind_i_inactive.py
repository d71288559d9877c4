"""Kind I: people whom the roster itself calls inactive, by any word, in any language."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from roster_containers import CONTAINERS, contained

if TYPE_CHECKING:
    from collections.abc import Callable

    from bulktap.roster.model import CheckedRoster

    Check = Callable[..., CheckedRoster]

GONE = (
    "Inactive", "Suspended", "ARCHIVED", "Terminated", "Leaver", "Graduated", "DEPROVISIONED", "Left school",
    "Off roll",
    "Terminated - voluntary", "Leaver 2035", "No longer enrolled", "not active", "Withdrawn/Transferred", "Alumni",
    "inaktiv", "Gesperrt", "Ausgeschieden", "Abgemeldet", "nicht aktiv", "Exmatrikuliert", "Sorti", "Désactivé",
    "Radiée", "Suspendido", "De baja", "Egresado", "No activo", "Uitgeschreven", "Vertrokken", "niet actief",
    "Desligado", "nieaktywny", "Neaktivní", "Eronnut", "Отчислен", "Parti",
    "Suspenso", "Excluído", "Sospeso", "Ritirata", "non attivo", "退学", "卒業", "停止中", "除籍",
)  # fmt: skip
THERE = (
    "Active",
    "ACTIVE",
    "Enrolled",
    "Current",
    "aktiv",
    "Eingeschrieben",
    "Actif",
    "Inscrite",
    "Matriculado",
    "Actief",
    "Ativo",
    "Iscritta",
    "在籍中",
    "aktywny",
    "Aktivní",
    "présent",
    "",
)
FLAGS = (
    ("Active", "No", "Yes"), ("isSuspended", "True", "False"), ("archived", "TRUE", "FALSE"), ("Is Deleted",
    "yes", "no"),
    ("Worker Active", "No", "Yes"), ("Account disabled", "1", "0"), ("Graduated", "yes", "no"), ("Aktiv", "nein", "ja"),
    ("Gesperrt", "ja", "nein"), ("Konto deaktiviert", "wahr", "falsch"), ("Actif", "non", "oui"), ("Suspendu",
    "oui", "non"),
    ("Activo", "no", "sí"), ("Bloqueado", "sí", "no"), ("Actief", "nee", "ja"), ("Geblokkeerd", "ja", "nee"),
    ("Ativo", "não", "sim"), ("Suspenso", "sim", "não"), ("Attivo", "no", "sì"), ("Sospeso", "sì", "no"),
    ("Aktiv?", "nein", "ja"), ("Leaver?", "Y", "N"), ("Inscrit", "non", "oui"), ("Ausgeschieden", "x", ""),
    ("退職", "○", ""), ("Account gesperrt am", "01.02.2034", ""), ("Suspended since", "2034-02-01", ""),
    ("Left School", "Yes", "No"), ("Left company?", "x", ""), ("Konto deaktivieren", "ja", "nein"),
    ("Disable account", "TRUE", "FALSE"), ("Aktywny", "nie", "tak"), ("Aktivní", "ne", "ano"), ("Aktiv", "nej", "ja"),
    ("userAccountControl", "514", "512"), ("User-Account-Control", "66050", "66048"),
    ("有効", "いいえ", "はい"), ("停止", "はい", "いいえ"), ("Deleted Date", "2035-01-01", ""), ("Gelöscht am",
    "01.02.2034", ""),
    ("Employed", "no", "yes"), ("Beschäftigt", "nein", "ja"), ("Still employed?", "No", "Yes"), ("Vigente", "no", "sí"),
    ("Habilitado", "não", "sim"), ("Abilitato", "no", "sì"), ("Werkzaam", "nee", "ja"), ("在職", "いいえ", "はい"),
    ("在学", "×", "○"), ("On roll", "N", "Y"), ("Current student", "FALSE", "TRUE"), ("Is current", "0", "1"),
    ("Has left", "yes", "no"), ("Retired", "x", ""),
    ("No longer enrolled", "yes", "no"), ("Nicht mehr beschäftigt", "ja", "nein"), ("Not active", "TRUE", "FALSE"),
    ("In dienst", "nee", "ja"), ("Uit dienst", "ja", "nee"), ("Still here", "no", "yes"), ("Aktif", "Hayır", "Evet"),
    ("Käytössä", "ei", "kyllä"), ("在职", "否", "是"), ("재직여부", "아니오", "예"), ("Attending", "No", "Yes"),
    ("Sign-in allowed", "No", "Yes"), ("Beschaftigt", "nein", "ja"),
    ("Non attivo", "sì", "no"), ("Niet meer actief", "ja", "nee"), ("Not suspended", "no", "yes"),
)  # fmt: skip


def left_out(checked: CheckedRoster) -> list[int]:
    """Return the rows that were left out."""
    return [row.source.number for row in checked.rows if row.left_out]


@pytest.mark.parametrize(
    "heading",
    [
        "Status",
        "Account status",
        "Enrolment Status (2035)",
        "Schülerstatus",
        "État",
        "Estado",
        "Stato",
        "在籍状況",
        "状態",
    ],
)
def test_words_for_somebody_who_has_left(check: Check, heading: str) -> None:
    """Whoever is called so gets no pass and is a row with the reason; whoever is not gets one, and no note is made."""
    rows = [("User name", heading), *((f"p{i}@fabrikam.org", word) for i, word in enumerate((*GONE, *THERE)))]
    checked = check(*contained(rows, "csv"))
    assert left_out(checked) == [number + 2 for number in range(len(GONE))]
    assert {problem.message for row in checked.rows for problem in row.problems} == {
        f"Left out while reading: inactive or blocked ({heading})."
    }
    assert not any("do not say whether" in note for note in checked.info.notes)


@pytest.mark.parametrize("place", range(len(FLAGS)), ids=[flag for flag, _, _ in FLAGS])
def test_flags(check: Check, place: int) -> None:
    """A column that says yes or no of it is understood by its heading, in any language and container."""
    heading, gone, there = FLAGS[place]
    rows = [("User name", heading), ("a@fabrikam.org", gone), ("b@fabrikam.org", there), ("c@fabrikam.org", there)]
    assert left_out(check(*contained(rows, CONTAINERS[place % len(CONTAINERS)]))) == [2]


@pytest.mark.parametrize("container", CONTAINERS[1:])
def test_real_booleans(check: Check, container: str) -> None:
    """A workbook's own true and false are answers as well."""
    rows = [("User name", "suspended"), ("a@fabrikam.org", True), ("b@fabrikam.org", False)]
    assert left_out(check(*contained(rows, container))) == [2]


@pytest.mark.parametrize(
    ("heading", "gone", "there"),
    [
        ("Estatus", "Baja", "Vigente"),
        ("Situatie", "uitgeschreven", "actief"),
        ("Stato iscrizione", "Ritirato", "Iscritto"),
        ("在籍区分", "卒業", "在籍"),
        ("Record status", "Archived", "Current"),
        ("Actif/Inactif", "Inactif", "Actif"),
        ("Zustand", "gesperrt", "aktiv"),
        ("Situation", "parti", "présent"),
        ("Status ucznia", "skreślony", "aktywny"),
        ("ETAT", "DESACTIVE", "ACTIF"),
        ("状态", "离职", "在职"),
        ("Stav", "ukončen", "aktivní"),
        ("Estado laboral", "Cesado", "Activo"),
        ("Stato", "Cessato", "In servizio"),
        ("Kontostatus", "Deaktiviert", "Aktiviert"),
        ("상태", "퇴직", "재직"),
    ],
)
@pytest.mark.parametrize("container", CONTAINERS)
def test_states_are_known_by_their_values(check: Check, container: str, heading: str, gone: str, there: str) -> None:
    """A heading that says little is one of states where nearly every value is a word for one."""
    rows = [("User name", heading), ("a@fabrikam.org", gone), ("b@fabrikam.org", there), ("c@fabrikam.org", there)]
    assert left_out(check(*contained(rows, container))) == [2]


@pytest.mark.parametrize(
    "word", ["Staged", "Pre-registered", "Invited", "Locked out", "0", "vielleicht", "En attente", "不明"]
)
def test_states_that_nobody_knows_are_noted(check: Check, word: str) -> None:
    """A value that says neither is told with its count, and its people get passes."""
    rows = [("User name", "Status"), ("a@fabrikam.org", "Active"), ("b@fabrikam.org", word), ("c@fabrikam.org", word)]
    checked = check(*contained(rows, "xlsx"))
    assert left_out(checked) == []
    assert any(f"do not say whether somebody is active: '{word}' (2)." in note for note in checked.info.notes)


@pytest.mark.parametrize(
    ("heading", "values"),
    [
        ("Active Directory user", ("no", "yes")), ("Last active", ("no",
        "yes")), ("Archived mailbox items", ("yes", "no")),
        ("Left handed", ("yes", "no")), ("Disabled", ("yes", "no")), ("Suspended since", ("yes", "no")),
        ("Graduated from", ("MIT", "ETH")), ("Activity", ("no", "yes")), ("MFA status", ("Disabled", "Enabled")),
        ("Licence state", ("active", "expired")), ("Parking status", ("North", "South")),
        ("Disabled by", ("admin", "")), ("Current", ("no", "yes")), ("Current licence", ("no", "yes")),
        ("Rolls left", ("no", "yes")), ("On a roll", ("no", "yes")),
    ],
)  # fmt: skip
def test_what_speaks_of_something_else(check: Check, heading: str, values: tuple[str, ...]) -> None:
    """A word of this kind beside another thing is none of the person's."""
    rows = [("User name", heading), *((f"p{i}@fabrikam.org", value) for i, value in enumerate(values))]
    assert left_out(check(*contained(rows, "csv"))) == []


@pytest.mark.parametrize(
    ("heading", "word"), [("State", "LOCKED_OUT"), ("Contract state", "paused"), ("Etat", "bloqueur")]
)
@pytest.mark.parametrize("container", CONTAINERS)
def test_an_unknown_word_among_states_is_noted(check: Check, container: str, heading: str, word: str) -> None:
    """Where most people have a word that is known, whatever else stands there is told and not passed over."""
    rows = [
        ("User name", heading),
        ("a@fabrikam.org", "Active"),
        ("b@fabrikam.org", word),
        ("c@fabrikam.org", "Active"),
    ]
    checked = check(*contained(rows, container))
    assert left_out(checked) == []
    assert any("do not say whether" in note and word in note for note in checked.info.notes)


@pytest.mark.parametrize("state", ["Baja California", "BAJA CALIFORNIA SUR", "Jalisco"])
@pytest.mark.parametrize("heading", ["Estado", "State"])
def test_states_of_a_country_are_no_states_of_people(check: Check, heading: str, state: str) -> None:
    """Somebody who lives in Baja California has not left."""
    rows = [("User name", heading), ("a@fabrikam.org", state), ("b@fabrikam.org", state)]
    assert left_out(check(*contained(rows, "csv"))) == []
