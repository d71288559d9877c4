"""Words of a person's name: what is dropped, what may be missing, and what each may stand for; pure.

A name in a list comes with titles, classes, companies, former names and nicknames in brackets. What is no name is
dropped; what one list has and another leaves out is kept as a word that may match and need not.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from typing import TYPE_CHECKING

from bulktap.model.late_patterns import LatePattern
from bulktap.model.person_name import PersonName
from bulktap.planning.name_scripts import Script, plain, romanised, script_of, sound_of, spelling_key
from bulktap.planning.nicknames import groups_of
from bulktap.roster.cell_values import word_set

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

SYLLABIC = frozenset({Script.EAST_ASIAN, Script.KANA, Script.HANGUL})
"""Scripts that write names without a blank between their parts."""
_TITLES = word_set(
    "jr sr junior senior ii iii iv dr prof professor doktor mr mrs ms miss mx sir herr frau mme mlle sra srta dhr"
    " mevr ing dipl phd msc bsc mba esq"
)
_PARTICLES = word_set(
    "van von vom zu zum zur de den der des del della dello dei di da das do dos du d la las le les lo los el al"
    " ul bin bint ibn abu abd ter ten te tot op af av y e i und et dal degli st saint san santa mc mac o ould oglu"
)
"""What one list writes before a surname and another leaves out."""
_BORN = word_set("nee geb geborene geboren born fka formerly ehemals gesch urodzona dite alias aka")
_NO_NAMES = word_set(
    "room raum zimmer salle aula pupil pupils student students schuler schulerin schueler schuelerin user users"
    " nutzer benutzer test tester testuser kiosk library bibliothek biblioteca shared ipad laptop notebook lab"
    " reception office info admin administrator support guest gast invite invitado staff teacher lehrer lehrerin"
    " lehrkraft class klasse classe clase klas year jahrgang grade form group gruppe device gerat geraet pc tablet"
    " account konto school schule ecole escuela team service helpdesk mailbox postfach meeting conference"
    " sekretariat secretariat hausmeister exam prufung pruefung demo temp extern external ext alumno alumna eleve"
    " leerling ogrenci uczen uczennica uczestnik employee mitarbeiter mitarbeiterin desk printer scanner unknown"
    " unbekannt tbd tba vacant nn no name mr-mrs everyone all department abteilung trainee azubi praktikant"
    " praktikantin intern seat platz participant teilnehmer teilnehmerin candidate kandidat child kind learner"
    " person"
)
_NO_PERSON = _TITLES | _NO_NAMES
_SMALL_ENDINGS = LatePattern(r"(?:chen|lein|ito|ita|inho|inha|ouch|ette|tje|ke|je|ka|ek|us|is|ie|ey|i|y|a|o|e)$")
_BRACKETED = LatePattern(r"[(\[{<«„“”\"]([^)\]}>»“”\"]*)[)\]}>»“”\"]?")
_ASIDE = LatePattern(r"\s[-–—:]+\s.*|[|/;@].*", re.DOTALL)
_APOSTROPHES = LatePattern("['’‘ʼ`´ʻʿʾ]")
_WORD = LatePattern(r"(?:[^\W_]|[\u0300-\u036f\u0591-\u05c7\u064b-\u065f\u0900-\u0dff\u0e31-\u0e4e])+")
"""Letters and digits, and the marks that scripts write above and below them."""
_DIGIT = LatePattern(r"\d")
_LONGEST = 300
"""What is longer is nobody's name; its beginning is compared."""


class Part(Enum):
    """What a word of a name is."""

    GIVEN = "given"
    SURNAME = "surname"
    EITHER = "either"


@dataclass(frozen=True, slots=True, eq=False)
class Letters:
    """A word as it is compared."""

    text: str
    """Plain."""
    key: str
    """Without what spellings differ in: Mueller is Müller, Aase is Åse, Philipp is Philip."""
    sound: str
    """Without what ears do not hear: Meyer is Maier."""
    stem: str
    """What a pet name keeps of its name: Kath of Kathi, gi of Gigi; empty where that is too little."""
    names: frozenset[int]
    """The given names that it is, or is short for."""
    script: Script


@dataclass(frozen=True, slots=True, eq=False)
class Word:
    """A word in its name."""

    letters: Letters
    part: Part
    sure: bool
    """Whether a column or a comma told the part, not the place in the name."""


@dataclass(frozen=True, slots=True, eq=False)
class NameWords:
    """A name, taken apart."""

    needed: tuple[Word, ...]
    """Words that make up the name."""
    others: tuple[Word, ...]
    """Words that may match and need not: particles, what stands in brackets, former names."""
    joined: tuple[str, ...]
    """Keys of all words of the name itself, in order, particles among them."""
    is_surname: bool = False
    """Whether only a surname is told."""
    is_given: bool = False
    """Whether only given names are told."""

    @property
    def key(self) -> tuple[str, ...]:
        """What is equal for two spellings of one name."""
        return tuple(sorted([word.letters.key for word in self.needed]))

    @property
    def sounds(self) -> tuple[str, ...]:
        """What is equal for two names that sound alike, in whichever script and order; empty where it is no whole name.

        Scripts without blanks between the parts of a name count by the character.
        """
        found: list[str] = []
        for word in self.needed:
            found.extend(word.letters.text if word.letters.script in SYLLABIC else (word.letters.sound,))
        return tuple(sorted(found)) if len(found) > 1 else ()


@lru_cache(maxsize=65_536)
def letters_of(word: str) -> Letters:
    """Return a word, in lower case, as it is compared."""
    text = plain(word)
    script = script_of(text[0]) if text else Script.OTHER
    base = romanised(text) if script in {Script.CYRILLIC, Script.GREEK} else text
    key = spelling_key(base)
    return Letters(text, key, sound_of(key), _stem(key), groups_of(key), script)


def _stem(key: str) -> str:
    half = len(key) // 2
    if half > 1 and key[:half] == key[half:]:
        return key[:half]
    stem = _SMALL_ENDINGS.sub("", key)
    return stem if len(stem) > 2 else ""


def _normalised(name: PersonName) -> PersonName:
    return PersonName(*[unicodedata.normalize("NFKC", part) for part in (name.full, name.given, name.surname)])


def words_of(name: PersonName) -> NameWords:
    """Take a name apart: its parts where they are told, else the name in one piece."""
    if not (name.full.isascii() and name.given.isascii() and name.surname.isascii()):
        name = _normalised(name)
    given, surname = _pieces(name.given), _pieces(name.surname)
    if name.full and not (name.given and name.surname):
        return _one_piece(name)
    needed = [*_words(given.names, Part.GIVEN), *_words(surname.names, Part.SURNAME)]
    others = [*_words(given.asides, Part.EITHER), *_words(surname.asides, Part.SURNAME)]
    return NameWords(
        tuple(needed),
        tuple(others),
        (*given.joined, *surname.joined),
        is_surname=bool(surname.names and not given.names),
        is_given=bool(given.names and not surname.names),
    )


def _words(texts: Iterable[str], part: Part, *, sure: bool = True) -> list[Word]:
    return [Word(letters_of(text), part, sure) for text in texts]


@dataclass(frozen=True, slots=True)
class _Pieces:
    names: tuple[str, ...]
    asides: tuple[str, ...]
    joined: tuple[str, ...]
    shouted: frozenset[str] = frozenset()
    """Words in capitals, where others are not."""


_NO_PIECES = _Pieces((), (), ())


def _pieces(text: str) -> _Pieces:
    """Return the words of one part of a name: its names, what stands beside them, and all as they are written."""
    return _pieces_of(text) if text else _NO_PIECES


@lru_cache(maxsize=65_536)
def _pieces_of(text: str) -> _Pieces:
    text = text[:_LONGEST]
    asides: list[str] = []
    if not text.replace(" ", "").isalpha():
        text, asides = _without_asides(text)
    raw = _WORD.findall(text)
    names: list[str] = []
    particles: list[str] = []
    joined: list[str] = []
    into = names
    for word in raw:
        low = word.casefold()
        known = plain(low)
        if known in _BORN and names:
            into = asides
        elif _DIGIT.search(low):
            asides.extend(re.findall(r"[^\W\d_]{3,}", low))
        elif known in _TITLES:
            continue
        elif known in _NO_NAMES:
            asides.append(low)
        elif known in _PARTICLES:
            particles.append(low)
            joined.append(letters_of(low).key)
        else:
            into.append(low)
            if into is names:
                joined.append(letters_of(low).key)
    capitals = [word.casefold() for word in raw if len(word) > 1 and word.isupper()]
    shouted = frozenset(capitals) if 0 < len(capitals) < len(raw) else frozenset()
    return _Pieces(tuple(names), (*particles, *[word for word in asides if len(word) > 1]), tuple(joined), shouted)


def _without_asides(text: str) -> tuple[str, list[str]]:
    """Return a name without what stands in brackets or behind a dash, and the words of that."""
    text = _APOSTROPHES.sub("", text)
    beside = " ".join(_BRACKETED.findall(text))
    text = _BRACKETED.sub(" ", text)
    cut = _ASIDE.search(text)
    if cut is not None and text[: cut.start()].strip():
        beside += " " + cut[0]
        text = text[: cut.start()]
    words = [word.casefold() for word in _WORD.findall(beside) if not _DIGIT.search(word)]
    return text, [word for word in words if plain(word) not in _NO_PERSON]


def _one_piece(name: PersonName) -> NameWords:
    """Take a name in one piece apart; a comma, capitals or a part that is told say what is what."""
    whole = name.full
    before, comma, behind = whole.partition(",")
    if comma:
        surname, given = _pieces(before), _pieces(behind.partition(",")[0])
        if given.names and surname.names:
            needed = [*_words(given.names, Part.GIVEN), *_words(surname.names, Part.SURNAME)]
            beside = _words((*given.asides, *surname.asides), Part.EITHER)
            return NameWords(tuple(needed), tuple(beside), (*given.joined, *surname.joined))
        whole = before if surname.names else behind
    pieces = _pieces(whole)
    names, others = _with_particles(pieces)
    told_given, told_surname = (frozenset(_pieces(part).names) for part in (name.given, name.surname))
    extra = [word for word in (*_pieces(name.given).names, *_pieces(name.surname).names) if word not in names]
    last = len(names) - 1
    words: list[Word] = []
    for place, text in enumerate(names):
        letters = letters_of(text)
        if text in told_given and text not in told_surname:
            words.append(Word(letters, Part.GIVEN, sure=True))
        elif text in told_surname or (extra and told_given):
            words.append(Word(letters, Part.SURNAME, sure=True))
        elif pieces.shouted:
            words.append(Word(letters, Part.SURNAME if text in pieces.shouted else Part.GIVEN, sure=True))
        else:
            place_says = Part.EITHER if 0 < place < last or not last else Part.SURNAME if place else Part.GIVEN
            words.append(Word(letters, place_says, sure=False))
    told = Part.GIVEN if told_given else Part.SURNAME
    words.extend(_words(extra, told))
    return NameWords(tuple(words), tuple(_words(others, Part.EITHER)), pieces.joined)


def _with_particles(pieces: _Pieces) -> tuple[Sequence[str], Sequence[str]]:
    """Return names and others; where one word is left of a name, a particle may have been a name: Al Green."""
    if len(pieces.names) == 1:
        small = [word for word in pieces.asides if plain(word) in _PARTICLES]
        if small:
            return (*small, *pieces.names), [word for word in pieces.asides if word not in small]
    return pieces.names, pieces.asides
