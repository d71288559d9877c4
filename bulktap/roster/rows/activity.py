"""Whether a roster calls somebody inactive: headings that are flags or states, and their values, in many languages.

Pure. A flag says yes or no (`Active`, `suspended`, `Is Deleted`), a state says it in a word (`Leaver`). What nobody
knows is said to be unknown, and not taken for one or the other.
"""

from __future__ import annotations

import re
from enum import Enum, auto
from typing import TYPE_CHECKING

from bulktap.model.late_patterns import LatePattern
from bulktap.model.plain_text import without_accents
from bulktap.roster.cell_values import as_text, parse_yes_no, word_set
from bulktap.roster.columns.aliases import Meaning
from bulktap.roster.columns.headings import meanings_of, normalise, squeeze

if TYPE_CHECKING:
    from bulktap.model.plan import CellValue
    from bulktap.roster.model import Roster


def _either_way(words: str) -> frozenset[str]:
    """Return the words of a text, with and without their accents: capitals often have none."""
    return word_set(words) | word_set(without_accents(words))


_ACTIVE = _either_way(
    "active enabled enrolled enroled current present employed onroll provisioned confirmed registered attending"
    " aktiv aktive aktiver angemeldet eingeschrieben beschäftigt aktuell actif active inscrit inscrite présent"
    " activo activa matriculado matriculada inscrito alta vigente habilitado actief ingeschreven aanwezig werkzaam"
    " ativo ativa inscrita ativado attivo attiva iscritto iscritta frequentante abilitato"
    " 有効 在籍 在籍中 在学 在学中 在職 在職中 稼働中"
    " aktywny aktywna aktywne zatrudniony aktivní aktívny aktív aktiivinen etkin активен активный работает ενεργός"
    " aktiviert immatrikuliert activé activée activado activada geactiveerd ativado ativada cursando aktif"
    " 在职 在读 启用 正常 재직 재직중 재학 재학중"
)
_ACTIVE_PHRASES = frozenset(
    {"in service", "im dienst", "en poste", "en service", "in servizio", "in dienst", "en alta"}
)
_INACTIVE = _either_way(
    "inactive disabled blocked deleted tobedeleted suspended archived deprovisioned deactivated terminated left leaver"
    " leavers leaving withdrawn withdrew graduated graduate alumni alumnus alumna expelled excluded dropped dropout"
    " transferred resigned retired dismissed departed deceased exited offroll offboarded removed revoked expired former"
    " inaktiv inaktive deaktiviert gesperrt gelöscht archiviert ausgetreten ausgeschieden abgemeldet abgegangen"
    " abgänger abgängerin entlassen exmatrikuliert beurlaubt pensioniert gekündigt ehemalig ehemalige ehemaliger"
    " stillgelegt verstorben inactif inactive désactivé désactivée bloqué bloquée supprimé supprimée archivé archivée"
    " suspendu suspendue parti partie sorti sortie radié radiée diplômé diplômée retraité démissionnaire licencié"
    " exclu exclue inactivo inactiva baja bloqueado bloqueada deshabilitado desactivado eliminado suspendido"
    " suspendida archivado retirado retirada egresado egresada graduado graduada jubilado despedido expulsado"
    " trasladado"
    " inactief geblokkeerd uitgeschreven verwijderd gearchiveerd geschorst gedeactiveerd vertrokken afgestudeerd"
    " geslaagd ontslagen gepensioneerd oud-leerling"
    " inativo inativa desativado desativada excluído excluída arquivado suspenso suspensa desligado desligada formado"
    " formada transferido transferida aposentado demitido inattivo inattiva disattivato disattivata bloccato bloccata"
    " eliminato archiviato sospeso sospesa ritirato ritirata diplomato diplomata trasferito trasferita licenziato"
    " cessato cessata dimesso pensionato"
    " nieaktywny nieaktywna zablokowany zablokowana usunięty skreślony skreślona absolwent neaktivní neaktívny ukončen"
    " inaktív passiivinen eronnut slutat avslutad avslutat sluttet udmeldt utmeldt sperret pasif неактивен неактивный"
    " уволен отчислен заблокирован ανενεργός"
    " gone ended retiree verzogen weggezogen démissionné démissionnée cesado cesada evadido evadida zwolniony zwolniona"
    " pasif ayrıldı 离职 已离职 离校 毕业 已毕业 退学 停用 禁用 已禁用 퇴직 퇴사 졸업 자퇴"
    " 無効 停止 停止中 退職 退職済 退職済み 卒業済み 卒業 卒業生 転校 転出 除籍 休学 休職 削除 削除済"
    " 削除済み 凍結 利用停止"
)
_INACTIVE_PHRASES = frozenset(
    {"off roll", "to be deleted", "dropped out", "left school", "off boarded", "no show"}
    | {"uit dienst", "hors service"}
)
_PLACES_OF_THAT_NAME = ("baja california",)
"""States of a country, which a word for somebody who has left begins."""
_NOT = word_set(
    "not no non nicht kein keine ne n'est pas niet geen não nao never nie jamais nunca mai longer mehr plus"
)
_NOT_YET = word_set("pre future pending vor künftig futur futuro toekomstig 予定")
_FLAGS_OF_ACTIVE = _either_way(
    "active enabled enrolled aktiv aktive actif activo activa actief ativo ativa attivo attiva 有効 在籍 在籍中 在職中"
    " inscrit inscrite eingeschrieben angemeldet matriculado matriculada inscrito ingeschreven iscritto iscritta"
    " aktywny aktywna aktywne aktivní aktívny aktív aktiivinen активен активный ενεργός"
    " employed enroled onroll beschäftigt angestellt vigente habilitado habilitada abilitato abilitata werkzaam"
    " zatrudniony zatrudniona 在学 在学中 在職 稼働中"
    " attending aktif etkin käytössä 在职 在读 启用 재직 재직여부 재학 재학여부"
)
_FLAG_PHRASES = frozenset({
    "in service", "im dienst", "en poste", "en service", "in servizio", "in dienst",
    "here", "still here", "works here", "still works here", "still with us", "noch da",
    "sign in allowed", "signin allowed", "login allowed", "anmeldung erlaubt",
})  # fmt: skip
_FLAGS_WITH_PERSON = word_set("current currently")
_FLAGS_OF_INACTIVE = _INACTIVE - word_set(
    "left disabled dropped graduate transferred partie sortie expired excluded removed"
)
_FLAGS_WITH_PLACE = word_set("left")
_PLACES = word_set(
    "school college university academy district company organisation organization employment service us has"
)
_FLAGS_WITH_ACCOUNT = word_set(
    "disabled locked expired removed deactivated disable deactivate suspend block deaktivieren sperren désactiver"
    " bloquer desactivar bloquear desativar disattivare bloccare deactiveren blokkeren"
)
_ACCOUNTS = word_set(
    "is account user login konto benutzer compte utilisateur cuenta usuario conta account gebruiker utente"
)
_OTHER_THINGS = word_set(
    "directory device devices mailbox licence license policy mfa forwarding sync items size since last"
)
"""Beside such a word a flag speaks of something else than the person: `Active Directory`, `Last active`."""
_STATE_ENDS = ("区分", "状況", "状態", "status")
_STATES = _either_way(
    "estatus status state statut état estado situação situation situación stato stand zustand situatie"
    " ステータス 状態 在籍状況"
    " durum tila stav stan állapot статус состояние κατάσταση 状态 상태"
)
_OF_PERSONS = word_set(
    "account user student pupil employee employment worker work enrolment enrollment person member staff lifecycle"
    " registration okta konto benutzer schüler mitarbeiter beschäftigung person compte utilisateur élève emploi cuenta"
    " usuario alumno empleado account gebruiker leerling medewerker conta utilizador aluno utente studente dipendente"
)
_COMPOUNDS = (
    "kontostatus",
    "benutzerstatus",
    "schülerstatus",
    "beschäftigungsstatus",
    "accountstatus",
    "在籍状況",
    "在籍状態",
)
_SINCE = re.compile(
    r"(?:disabled|deactivated|suspended|blocked|locked|terminated|archived|removed|deaktiviert|gesperrt|archiviert"
    r"|désactivé|suspendu|bloqué|desactivado|suspendido|bloqueado|geblokkeerd|gedeactiveerd|desativado|suspenso"
    r"|disattivato|sospeso|bloccato)e?(?:on|at|since|date|am|seit|le|depuis|el|desde|op|sinds|em|il|dal)\Z"
)
"""A day in a column with such a heading says that somebody is not active any more: `Gesperrt am`."""
_DELETED = ("softdeletion", "deleteddate", "deletiondate", "dateofdeletion", "deletedat", "deletedon",
"gelöschtam", "löschdatum",
            "datedesuppression", "fechadeeliminación", "datadieliminazione", "verwijderdop", "datadeexclusão",
            "削除日")  # fmt: skip
_BLOCKS = LatePattern(r"block|blockier|bloqu|blocc|blokker|ブロック")
_ENABLED = LatePattern(r"enabled|activ|aktiv|actif|actief|ativo|attivo|有効|在籍")
_BRACKET = re.compile(r"\[[^\]]*\]|\([^)]*\)")
_PARTS = LatePattern(r"[\s/,;:()\[\]_\-–.]+")
_DISABLED = 2  # ACCOUNTDISABLE among the flags of userAccountControl (Microsoft Learn, UserAccountControl flags)
_LONGEST_FLAGS = 12  # digits
_LOOKED_AT = 200  # cells of a column that may be a flag
_LONGEST = 60  # characters of a value that is looked at


class Column(Enum):
    """What a column says of whether somebody is active."""

    ACTIVE = auto()
    """Yes for whoever is."""
    INACTIVE = auto()
    """Yes for whoever is not."""
    DELETED = auto()
    """Anything for whoever is not."""
    STATE = auto()
    """In a word."""
    BITS = auto()
    """In the flags of Active Directory, of which the second says that the account is disabled."""


class Said(Enum):
    """What one cell says."""

    ACTIVE = auto()
    INACTIVE = auto()
    NOTHING = auto()
    UNKNOWN = auto()


def activity_column(roster: Roster, column: int) -> Column | None:
    """Return what a column says of whether people are active; None if it does not speak of that."""
    heading = roster.headings[column].rstrip("?？ ")
    words = normalise(_BRACKET.sub(" ", heading)) or normalise(heading)
    key = squeeze(words)
    parts = set(words.split())
    told = _by_name(key) or (Column.DELETED if _SINCE.search(key) and not _is_flag(roster, column) else None)
    if told is not None:
        return told
    if Meaning.STATUS in meanings_of(heading):
        return Column.INACTIVE if _BLOCKS.search(words) else Column.ACTIVE if _ENABLED.search(words) else Column.STATE
    if meanings_of(heading) or not parts.isdisjoint(_OTHER_THINGS):
        return None
    if any(name in key for name in _COMPOUNDS) or not (parts.isdisjoint(_STATES) or parts.isdisjoint(_OF_PERSONS)):
        return Column.STATE
    kind = _flag({*parts, "onroll"} if key == "onroll" else parts)
    if words in _FLAG_PHRASES or words in _INACTIVE_PHRASES:
        kind = Column.ACTIVE if words in _FLAG_PHRASES else Column.INACTIVE
    if kind is not None and _is_flag(roster, column):
        return kind
    of_states = not parts.isdisjoint(_STATES) or key.endswith(_STATE_ENDS)
    holds = (of_states and _mostly_states(roster, column)) or (
        (of_states or kind is not None) and _holds_states(roster, column)
    )
    return Column.STATE if holds else None


def _by_name(key: str) -> Column | None:
    """Return what a column with a heading that settles it says."""
    if key == "useraccountcontrol":
        return Column.BITS
    return Column.DELETED if any(name in key for name in _DELETED) else None


def _flag(parts: set[str]) -> Column | None:
    """Return what a yes says under these words; `not` and `no longer` make it the opposite."""
    with_place = parts & _FLAGS_WITH_PLACE and parts & _PLACES
    with_person = parts & _FLAGS_WITH_PERSON and parts & (_OF_PERSONS | {"is"})
    negated = not _NOT.isdisjoint(parts)
    if not parts.isdisjoint(_FLAGS_OF_INACTIVE) or with_place or (parts & _FLAGS_WITH_ACCOUNT and parts & _ACCOUNTS):
        return Column.ACTIVE if negated else Column.INACTIVE
    if parts.isdisjoint(_FLAGS_OF_ACTIVE) and not with_person:
        return None
    return Column.INACTIVE if negated else Column.ACTIVE


def _is_flag(roster: Roster, column: int) -> bool:
    """Return true if the values of a column are yes and no."""
    cells = [cell for row in roster.rows if (cell := row.cells[column]) is not None]
    looked_at = cells[:: len(cells) // _LOOKED_AT + 1]
    return bool(looked_at) and sum(isinstance(parse_yes_no(cell), bool) for cell in looked_at) * 5 >= len(looked_at) * 4


def _holds_states(roster: Roster, column: int) -> bool:
    """Return true if nearly every value of a column is a word that says whether somebody is active."""
    values = {text.casefold()[:_LONGEST] for row in roster.rows if (text := as_text(row.cells[column]))}
    known = sum(_state(text) is not Said.UNKNOWN for text in sorted(values)[:_LOOKED_AT])
    return bool(values) and known * 5 >= min(len(values), _LOOKED_AT) * 4


def _mostly_states(roster: Roster, column: int) -> bool:
    """Return true if in half of the rows stands nothing but a word that says whether somebody is active."""
    cells = [text for row in roster.rows if (text := as_text(row.cells[column]).casefold()[:_LONGEST])]
    looked_at = cells[:: len(cells) // _LOOKED_AT + 1]
    return bool(looked_at) and sum(text in _ACTIVE or text in _INACTIVE for text in looked_at) * 2 >= len(looked_at)


def said_by(kind: Column, cell: CellValue) -> Said:
    """Return what a cell says in such a column."""
    text = as_text(cell).casefold()[:_LONGEST]
    if not text:
        return Said.NOTHING
    if kind is Column.BITS:
        flags = int(text) if text.isascii() and text.isdecimal() and len(text) < _LONGEST_FLAGS else None
        return Said.UNKNOWN if flags is None else Said.INACTIVE if flags & _DISABLED else Said.ACTIVE
    answer = parse_yes_no(cell)
    if kind is Column.DELETED:
        return Said.ACTIVE if answer is False else Said.INACTIVE
    if isinstance(answer, bool) and kind is not Column.STATE:
        return Said.ACTIVE if answer is (kind is Column.ACTIVE) else Said.INACTIVE
    return _state(text)


def _state(text: str) -> Said:
    """Return what a word for a state says; of two, that somebody is gone is the stronger one."""
    parts = [part for part in _PARTS.split(text) if part]
    phrase = " ".join(parts)
    negated = not _NOT.isdisjoint(parts)
    if phrase.startswith(_PLACES_OF_THAT_NAME):
        return Said.UNKNOWN
    gone = not _INACTIVE.isdisjoint({*parts, text, phrase.replace(" ", "")}) or phrase in _INACTIVE_PHRASES
    there = not _ACTIVE.isdisjoint({*parts, text, phrase.replace(" ", "")}) or phrase in _ACTIVE_PHRASES
    if not _NOT_YET.isdisjoint(parts):
        return Said.UNKNOWN
    if negated:
        return Said.INACTIVE if there and not gone else Said.UNKNOWN
    return Said.INACTIVE if gone else Said.ACTIVE if there else Said.UNKNOWN
