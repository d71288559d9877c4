"""The template: an empty roster workbook whose headings bulktap reads without being told, in eight languages."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from bulktap.results.sheets.empty_table import EmptyColumn, empty_workbook

if TYPE_CHECKING:
    from collections.abc import Mapping


class TemplateLike(StrEnum):
    """Whose headings a template has."""

    ENTRA = "entra"
    INTUNE = "intune"
    SDS = "sds"


@dataclass(frozen=True, slots=True)
class _Words:
    """The words of one language."""

    headings: tuple[str, str, str, str, str, str]
    """User, name, class, start, lifetime, one-time."""
    required: str
    """As Entra's templates write it behind a heading."""
    yes_no: tuple[str, str]
    notes: tuple[str, str, str, str, str, str]
    """What belongs into each of these columns."""
    sheets: tuple[str, str]
    """The roster, and the notes."""
    wrong: str
    """Above what is said of a cell that cannot be right."""
    first: str
    """What is done with the file."""


_WORDS: Mapping[str, _Words] = {
    "en": _Words(
        ("User principal name", "Name", "Class", "Pass start", "Lifetime", "One-time"),
        "Required",
        ("Yes", "No"),
        (
            "The person's sign-in name as Entra shows it, such as anna.berg@contoso.com, or the object id.",
            "The person's full name; it is compared with the account's.",
            "Class, department or site: by this slips are sorted.",
            "When the pass begins to work, such as 2035-09-01 08:00. Empty: at once.",
            "How long the pass works: 8h, 90m, 1d. Empty: as the tenant says.",
            "Yes: the pass works once. No: until it ends. Empty: as the tenant says.",
        ),
        ("Roster", "Notes"),
        "Please check",
        "Write a row for each person, save, and give the file to bulktap. Only the column of users must be filled in.",
    ),
    "de": _Words(
        ("Benutzerprinzipalname", "Anzeigename", "Klasse", "Gültig ab", "Gültigkeitsdauer", "Einmalig"),
        "Erforderlich",
        ("Ja", "Nein"),
        (
            "Der Anmeldename, wie Entra ihn zeigt, etwa anna.berg@contoso.com, oder die Objekt-ID.",
            "Der volle Name; er wird mit dem des Kontos verglichen.",
            "Klasse, Abteilung oder Standort: danach werden die Zettel sortiert.",
            "Ab wann der Pass gilt, etwa 2035-09-01 08:00. Leer: sofort.",
            "Wie lange der Pass gilt: 8h, 90m, 1d. Leer: wie der Mandant es vorgibt.",
            "Ja: der Pass gilt einmal. Nein: bis er endet. Leer: wie der Mandant es vorgibt.",
        ),
        ("Liste", "Hinweise"),
        "Bitte prüfen",
        "Eine Zeile für jede Person schreiben, speichern und die Datei bulktap geben. Nur die Spalte der Benutzer "
        "muss ausgefüllt sein.",
    ),
    "fr": _Words(
        ("Nom d'utilisateur", "Nom d'affichage", "Classe", "Valable à partir de", "Durée", "Usage unique"),
        "Obligatoire",
        ("Oui", "Non"),
        (
            "Le nom de connexion tel qu'Entra l'affiche, par exemple anna.berg@contoso.com, ou l'ID d'objet.",
            "Le nom complet ; il est comparé à celui du compte.",
            "Classe, service ou site : les fiches sont triées ainsi.",
            "Quand le passe commence à fonctionner, par exemple 2035-09-01 08:00. Vide : tout de suite.",
            "Combien de temps le passe fonctionne : 8h, 90m, 1d. Vide : selon le locataire.",
            "Oui : le passe sert une fois. Non : jusqu'à sa fin. Vide : selon le locataire.",
        ),
        ("Liste", "Notes"),
        "À vérifier",
        "Écrivez une ligne par personne, enregistrez et donnez le fichier à bulktap. Seule la colonne des "
        "utilisateurs est obligatoire.",
    ),
    "es": _Words(
        ("Nombre de usuario", "Nombre para mostrar", "Clase", "Válido desde", "Duración", "Un solo uso"),
        "Obligatorio",
        ("Sí", "No"),
        (
            "El nombre de inicio de sesión que muestra Entra, como anna.berg@contoso.com, o el id. de objeto.",
            "El nombre completo; se compara con el de la cuenta.",
            "Clase, departamento o sede: así se ordenan las hojas.",
            "Cuándo empieza a valer el pase, como 2035-09-01 08:00. Vacío: enseguida.",
            "Cuánto tiempo vale el pase: 8h, 90m, 1d. Vacío: lo que diga el inquilino.",
            "Sí: el pase vale una vez. No: hasta que termina. Vacío: lo que diga el inquilino.",
        ),
        ("Lista", "Notas"),
        "Compruébelo",
        "Escriba una fila por persona, guarde y entregue el archivo a bulktap. Solo la columna "
        "de usuarios es obligatoria.",
    ),
    "nl": _Words(
        ("Gebruikersnaam", "Weergavenaam", "Klas", "Geldig vanaf", "Duur", "Eenmalig"),
        "Verplicht",
        ("Ja", "Nee"),
        (
            "De aanmeldnaam zoals Entra die toont, zoals anna.berg@contoso.com, of de object-id.",
            "De volledige naam; die wordt vergeleken met die van het account.",
            "Klas, afdeling of locatie: daarop worden de briefjes gesorteerd.",
            "Wanneer de pas begint te werken, zoals 2035-09-01 08:00. Leeg: meteen.",
            "Hoe lang de pas werkt: 8h, 90m, 1d. Leeg: zoals de tenant het zegt.",
            "Ja: de pas werkt een keer. Nee: tot het einde. Leeg: zoals de tenant het zegt.",
        ),
        ("Lijst", "Uitleg"),
        "Controleer dit",
        "Schrijf een rij voor elke persoon, sla op en geef het bestand aan bulktap. Alleen de kolom van "
        "gebruikers is verplicht.",
    ),
    "pt": _Words(
        ("Nome de usuário", "Nome de exibição", "Turma", "Válido a partir de", "Duração", "Utilização única"),
        "Obrigatório",
        ("Sim", "Não"),
        (
            "O nome de entrada como o Entra mostra, como anna.berg@contoso.com, ou o ID do objeto.",
            "O nome completo; é comparado com o da conta.",
            "Turma, departamento ou local: assim são ordenadas as folhas.",
            "Quando o passe começa a valer, como 2035-09-01 08:00. Vazio: logo.",
            "Quanto tempo o passe vale: 8h, 90m, 1d. Vazio: o que disser o locatário.",
            "Sim: o passe vale uma vez. Não: até terminar. Vazio: o que disser o locatário.",
        ),
        ("Lista", "Notas"),
        "Verifique",
        "Escreva uma linha por pessoa, salve e entregue o arquivo ao bulktap. Só a coluna dos usuários é obrigatória.",
    ),
    "it": _Words(
        ("Nome utente", "Nome visualizzato", "Classe", "Valido dal", "Durata", "Monouso"),
        "Obbligatorio",
        ("Sì", "No"),
        (
            "Il nome di accesso come lo mostra Entra, ad esempio anna.berg@contoso.com, o l'id oggetto.",
            "Il nome completo; viene confrontato con quello dell'account.",
            "Classe, reparto o sede: così si ordinano i fogli.",
            "Quando il pass comincia a valere, ad esempio 2035-09-01 08:00. Vuoto: subito.",
            "Per quanto tempo vale il pass: 8h, 90m, 1d. Vuoto: come dice il tenant.",
            "Sì: il pass vale una volta. No: fino alla fine. Vuoto: come dice il tenant.",
        ),
        ("Elenco", "Note"),
        "Da controllare",
        "Scriva una riga per persona, salvi e dia il file a bulktap. Solo la colonna degli utenti è obbligatoria.",
    ),
    "ja": _Words(
        ("ユーザー名", "表示名", "クラス", "有効開始", "有効期間", "1 回限り"),
        "必須",
        ("はい", "いいえ"),
        (
            "Entra に表示されるサインイン名（例: anna.berg@contoso.com）またはオブジェクト ID。",
            "氏名。アカウントの氏名と照合されます。",
            "クラス、部署、拠点。配布用紙はこの順に並びます。",
            "パスが有効になる日時（例: 2035-09-01 08:00）。空欄: すぐに。",
            "パスの有効期間: 8h、90m、1d。空欄: テナントの設定どおり。",
            "はい: 1 回だけ有効。いいえ: 期限まで有効。空欄: テナントの設定どおり。",
        ),
        ("名簿", "説明"),
        "確認してください",
        "1 人につき 1 行を書き、保存して bulktap に渡してください。必須なのはユーザー名の列だけです。",
    ),
}
TEMPLATE_LANGUAGES = tuple(_WORDS)
"""By the names that the setting takes; those in which bulktap reads headings."""
_LIFETIMES = ("1h", "4h", "8h", "1d", "7d")
_LOOKS_LIKE_USER = 'AND(ISERROR(FIND(" ",{cell})),OR(LEN({cell})=36,AND(ISNUMBER(FIND("@",{cell})),LEN({cell})<=113)))'


def roster_template(language: str, like: TemplateLike | None) -> bytes:
    """Return an empty roster workbook."""
    words = _WORDS[language]
    columns = [*_person_columns(words, like), *_pass_columns(words)]
    # Without the property in brackets, by which this sheet would look like a roster too.
    notes = [words.first, "", *(f"{column.heading.partition(' [')[0]}: {column.note}" for column in columns)]
    return empty_workbook(words.sheets[0], columns, words.sheets[1], notes, words.wrong)


def _person_columns(words: _Words, like: TemplateLike | None) -> list[EmptyColumn]:
    user, name, group = words.headings[:3]
    told_user, told_name, told_group = words.notes[:3]
    whose = EmptyColumn(user, told_user, 34, formula=_LOOKS_LIKE_USER)
    match like:
        case TemplateLike.ENTRA:
            return [
                EmptyColumn(f"{name} [displayName] {words.required}", told_name, 26),
                EmptyColumn(f"{user} [userPrincipalName] {words.required}", told_user, 40, formula=_LOOKS_LIKE_USER),
                EmptyColumn(f"{group} [department]", told_group),
            ]
        case TemplateLike.INTUNE:
            return [
                EmptyColumn("Device name", "Intune: Device name"),
                EmptyColumn("Serial number", "Intune: Serial number"),
                EmptyColumn("Primary user UPN", told_user, 34, formula=_LOOKS_LIKE_USER),
                EmptyColumn("Primary user display name", told_name, 26),
            ]
        case TemplateLike.SDS:
            return [
                EmptyColumn("SIS ID", "School Data Sync: SIS ID", 14),
                EmptyColumn("School SIS ID", "School Data Sync: School SIS ID", 14),
                EmptyColumn("First Name", told_name),
                EmptyColumn("Last Name", told_name),
                EmptyColumn("Username", told_user, 34, formula=_LOOKS_LIKE_USER),
                EmptyColumn("Grade", "School Data Sync: Grade", 10),
                EmptyColumn("Section Name", told_group),
            ]
        case None:
            return [whose, EmptyColumn(name, told_name, 26), EmptyColumn(group, told_group)]


def _pass_columns(words: _Words) -> list[EmptyColumn]:
    start, lifetime, one_time = words.headings[3:]
    told_start, told_lifetime, told_one_time = words.notes[3:]
    return [
        EmptyColumn(start, told_start, 20, is_moment=True),
        EmptyColumn(lifetime, told_lifetime, 14, choices=_LIFETIMES),
        EmptyColumn(one_time, told_one_time, 12, choices=words.yes_no, strict=True),
    ]
