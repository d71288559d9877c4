"""Whether two names, one of a roster and one of a directory, are one person's; pure.

Lists differ in order, accents, second names, pet names, titles, spelling and surnames by marriage; a shifted column
differs in everything. So one name that is a part of the other is the same person, a given name alone is as good as
nobody else bears it, and a surname alone is not: brothers and sisters share it. Two scripts cannot be compared; that
is unknown, never a difference, unless nothing at all sounds alike.
"""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING

from bulktap.model.person_name import PersonName
from bulktap.planning.name_scripts import Script
from bulktap.planning.name_words import SYLLABIC, NameWords, Part, Word, letters_of, words_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bulktap.planning.name_words import Letters


class Likeness(IntEnum):
    """How much two names are one person's; a greater one says more."""

    UNKNOWN = 0
    """One of them is no person's, or they are written in two scripts."""
    OTHER = 1
    """Two people's."""
    GIVEN = 2
    """A given name is the same and no surname: one person's who married, or two people's."""
    CLOSE = 3
    """Spelled, shortened or said differently: one person's unless somebody else bears that very name."""
    SAME = 4
    """One person's."""


_TRANSCRIBED = frozenset({Script.LATIN, Script.CYRILLIC, Script.GREEK})
_LEAST_STEM = 3
_EXACT, _NEAR, _INITIAL = 3, 2, 1
_Pair = tuple[Word, Word, int]
"""A word of the roster's name, one of the directory's, and how they are one."""


def likeness(roster: NameWords, directory: Sequence[NameWords]) -> Likeness:
    """Return how much a roster's name is one of the names that the directory has of a person."""
    key = roster.key
    if key and any(key == one.key for one in directory):
        return Likeness.SAME
    return max([_likeness(roster, one) for one in directory], default=Likeness.UNKNOWN)


def names_in_directory(display: str | None, given: str | None, surname: str | None) -> tuple[NameWords, ...]:
    """Return the names that a directory has of a person: the one that is shown, and the one in parts."""
    told = PersonName(display or "", given or "", surname or "")
    in_parts = words_of(PersonName("", told.given, told.surname))
    if not told.full or (told.given and told.surname and _says_the_same(told)):
        return (in_parts,) if in_parts.needed else ()
    names = (in_parts, _shown(told)) if told.given and told.surname else (_shown(told),)
    return tuple([one for one in names if one.needed])


def _says_the_same(told: PersonName) -> bool:
    """Whether what is shown are the parts, in one order or the other, as in most directories."""
    return told.full in {
        f"{told.given} {told.surname}",
        f"{told.surname} {told.given}",
        f"{told.surname}, {told.given}",
    }


def _shown(told: PersonName) -> NameWords:
    """Return the name that is shown, its words sorted by the parts that are told beside it."""
    shown = words_of(PersonName(told.full))
    if not told.given and not told.surname:
        return shown
    given, surname = (
        {word.letters.key for word in words_of(part).needed}
        for part in (PersonName("", told.given), PersonName("", "", told.surname))
    )
    return NameWords(tuple([_sorted_out(word, given, surname) for word in shown.needed]), shown.others, shown.joined)


def _sorted_out(word: Word, given: set[str], surname: set[str]) -> Word:
    key = word.letters.key
    if (key in given) == (key in surname):
        return word
    return Word(word.letters, Part.GIVEN if key in given else Part.SURNAME, sure=True)


def _likeness(roster: NameWords, directory: NameWords) -> Likeness:
    if not roster.needed or not directory.needed:
        return Likeness.UNKNOWN
    scripts, theirs = _scripts(roster), _scripts(directory)
    if scripts == theirs == {Script.LATIN}:
        return _compared(roster, directory)
    if not scripts & theirs:
        # One list may have the other script in brackets.
        scripts = scripts | {word.letters.script for word in roster.others}
        theirs = theirs | {word.letters.script for word in directory.others}
    found = Likeness.UNKNOWN
    for script in scripts & theirs:
        ours, others = _in_script(roster, {script}), _in_script(directory, {script})
        found = max(found, _syllabic(ours, others) if script in SYLLABIC else _compared(ours, others))
    if found is Likeness.UNKNOWN and not scripts & theirs and scripts & _TRANSCRIBED and theirs & _TRANSCRIBED:
        return _transcribed(_in_script(roster, _TRANSCRIBED), _in_script(directory, _TRANSCRIBED))
    return found


def _scripts(name: NameWords) -> set[Script]:
    return {word.letters.script for word in name.needed}


def _in_script(name: NameWords, scripts: Iterable[Script]) -> NameWords:
    """Return the words of some scripts; where only what stands beside the name is written in them, that is the name."""
    needed = tuple([word for word in name.needed if word.letters.script in scripts])
    others = tuple([word for word in name.others if word.letters.script in scripts])
    if not needed:
        needed, others = others, ()
    return NameWords(needed, others, name.joined, name.is_surname, name.is_given)


def _syllabic(roster: NameWords, directory: NameWords) -> Likeness:
    """Compare names that may be written without a blank, whichever part stands first."""
    ours, theirs = ("".join([word.letters.text for word in name.needed]) for name in (roster, directory))
    if len(ours) == len(theirs) and (ours in theirs + theirs or _reordered(roster, directory)):
        return Likeness.SAME
    shorter, longer = sorted((ours, theirs), key=len)
    if longer.startswith(shorter) or longer.endswith(shorter):  # only one part of the name is told
        return Likeness.CLOSE
    differing = sum(one != other for one, other in zip(ours, theirs, strict=False))
    if len(ours) == len(theirs) and len(ours) >= _LEAST_STEM and differing == 1 and ours[0] == theirs[0]:
        return Likeness.CLOSE
    return Likeness.GIVEN if ours[-2:] == theirs[-2:] else Likeness.OTHER  # the given name stands last


def _reordered(roster: NameWords, directory: NameWords) -> bool:
    ours, theirs = (sorted(word.letters.text for word in name.needed) for name in (roster, directory))
    return ours == theirs


def _transcribed(roster: NameWords, directory: NameWords) -> Likeness:
    """Compare a romanised name with its original: it can agree; it differs only where nothing else is even similar."""
    found = _compared(roster, directory)
    if found >= Likeness.GIVEN or min(len(roster.needed), len(directory.needed)) < 2:
        return found if found >= Likeness.GIVEN else Likeness.UNKNOWN
    _, ours, theirs = _matched(roster, directory)
    similar = any(_akin(one.letters, other.letters) for one in ours for other in theirs)
    return Likeness.UNKNOWN if similar else Likeness.OTHER


def _akin(ours: Letters, theirs: Letters) -> bool:
    """Whether one word could be a far spelling of the other: it begins alike, or with the same consonants."""
    one, other = (sound.translate(_VOWELS) or sound for sound in (ours.sound, theirs.sound))
    return ours.sound[:1] == theirs.sound[:1] or one[:2] == other[:2] or bool(ours.names & theirs.names)


_VOWELS = str.maketrans("", "", "aeiouh")


def _compared(roster: NameWords, directory: NameWords) -> Likeness:
    if roster.is_surname or roster.is_given:
        directory = _part_of(directory, Part.SURNAME if roster.is_surname else Part.GIVEN)
    pairs, ours, theirs = _matched(roster, directory)
    if pairs and (not ours or not theirs):
        initials = all(grade == _INITIAL for _, _, grade in pairs)
        same = all(grade == _EXACT for _, _, grade in pairs)
        return Likeness.UNKNOWN if initials else Likeness.SAME if same else Likeness.CLOSE
    if _run_together(roster, directory) or _is_login(roster, directory) or _is_login(directory, roster):
        return Likeness.CLOSE
    if roster.is_surname or roster.is_given:
        return Likeness.CLOSE if pairs else Likeness.OTHER
    return _by_parts(pairs, ours, theirs)


def _by_parts(pairs: Sequence[_Pair], ours: Sequence[Word], theirs: Sequence[Word]) -> Likeness:
    """Return what it means that these words are one, while others of either name are left over."""
    parts = {_part(one, other) for one, other, _ in pairs}
    if {Part.GIVEN, Part.SURNAME} <= parts:
        return Likeness.CLOSE
    surname = any(grade == _EXACT and _part(one, other) is Part.SURNAME for one, other, grade in pairs)
    if surname and any(one.letters.key[:2] == other.letters.key[:2] for one in ours for other in theirs):
        return Likeness.CLOSE  # a pet name that no list has begins like its name
    if any(grade == _EXACT and _part(one, other) is Part.GIVEN for one, other, grade in pairs):
        return Likeness.GIVEN
    return Likeness.OTHER


def _part_of(name: NameWords, part: Part) -> NameWords:
    """Return the words of a name that are, or can be, one part of it."""
    sure = tuple([word for word in name.needed if word.sure and word.part is part])
    return NameWords(sure, (), name.joined) if sure else name


def _part(roster: Word, directory: Word) -> Part:
    """Return what two words that are one are in their names; the directory's columns know it best."""
    if directory.sure or not roster.sure:
        first, second = directory, roster
    else:
        first, second = roster, directory
    if first.sure or second.part in {first.part, Part.EITHER}:
        return first.part
    return second.part if first.part is Part.EITHER else Part.EITHER


def _matched(roster: NameWords, directory: NameWords) -> tuple[list[_Pair], list[Word], list[Word]]:
    """Return which words are one, best first, and which needed words of either name are left over."""
    theirs = [*directory.needed, *directory.others]
    pairs: list[_Pair] = []
    ours = list(roster.needed)
    for test, grade in ((_is_same, _EXACT), (_is_near, _NEAR), (_is_initial, _INITIAL)):
        for word in tuple(ours):
            letters = word.letters
            for other in theirs:
                if test(letters, other.letters):
                    pairs.append((word, other, grade))
                    ours.remove(word)
                    theirs.remove(other)
                    break
    left = [word for word in theirs if word in directory.needed]
    if left and roster.others:
        # What one list has in brackets may be what the other shows.
        left = [word for word in left if not any(_may_be(one.letters, word.letters) for one in roster.others)]
    return pairs, ours, left


def _may_be(one: Letters, other: Letters) -> bool:
    return _is_same(one, other) or _is_near(one, other)


def _is_same(one: Letters, other: Letters) -> bool:
    return one.key == other.key


def _is_near(one: Letters, other: Letters) -> bool:
    """Whether two words are one with a slip, a pet name and its name, or two spellings of one sound."""
    if one.names and not one.names.isdisjoint(other.names):
        return True
    shorter, longer = (one, other) if len(one.key) <= len(other.key) else (other, one)
    least = len(shorter.key)
    if least < _LEAST_STEM:
        return False
    if one.sound == other.sound or (shorter.stem and shorter.stem in longer.key):
        return True
    if least > _LEAST_STEM and longer.key.endswith(shorter.key):
        return True
    if one.key[0] != other.key[0] and one.key[-1] != other.key[-1] and one.sound[:1] != other.sound[:1]:
        return False  # by far the most pairs; one slip leaves one of the ends as it was
    slips = 0 if len(longer.key) < 4 else 1 if len(longer.key) < 8 else 2
    return bool(slips) and (_within(one.key, other.key, slips) or _within(one.sound, other.sound, slips))


def _within(one: str, other: str, slips: int) -> bool:
    """Whether two words differ in one place only, by so many letters at most, or by two that changed places."""
    least = min(len(one), len(other))
    if abs(len(one) - len(other)) > slips:
        return False
    start = 0
    while start < least and one[start] == other[start]:
        start += 1
    end = 0
    while end < least - start and one[-1 - end] == other[-1 - end]:
        end += 1
    one, other = one[start : len(one) - end], other[start : len(other) - end]
    if start + end < 2 or len(one) > 2 or len(other) > 2:
        return False
    return max(len(one), len(other)) <= slips or one == other[::-1]


def _is_initial(one: Letters, other: Letters) -> bool:
    short, long = (one.key, other.key) if len(one.key) <= len(other.key) else (other.key, one.key)
    return len(short) == 1 and long.startswith(short)


def _run_together(roster: NameWords, directory: NameWords) -> bool:
    """Whether two names have the same letters, but for the blanks between them: Mc Donald and McDonald."""
    ours, theirs = "".join(roster.joined), "".join(directory.joined)
    if len(roster.joined) == len(directory.joined) or not ours:
        return False
    if ours == theirs or (len(ours) > 7 and _within(ours, theirs, 2)):
        return True
    return _pieced(roster.joined, directory.joined) or _pieced(directory.joined, roster.joined)


def _pieced(many: Sequence[str], few: Sequence[str]) -> bool:
    """Whether two neighbours of one name are one word of the other, and the rest of the shorter name is there too."""
    for place in range(len(many) - 1):
        one = many[place] + many[place + 1]
        whole = next((word for word in few if word == one or (len(one) > 7 and _within(word, one, 1))), None)
        if whole is not None:
            rest = [letters_of(word) for word in few if word != whole]
            left = [letters_of(word) for at, word in enumerate(many) if at not in {place, place + 1}]
            if _within_another(rest, left) or _within_another(left, rest):
                return True
    return False


def _within_another(some: Sequence[Letters], more: Sequence[Letters]) -> bool:
    return all(any(_may_be(one, other) for other in more) for one in some)


def _is_login(name: NameWords, other: NameWords) -> bool:
    """Whether one word is made of the other name's, as sign-in names are: aschmidt, schmidta, annas."""
    if len(name.needed) != 1 or len(other.needed) < 2:
        return False
    made = name.needed[0].letters.key
    keys = [word.letters.key for word in other.needed]
    return any(
        made in {first[:1] + second, second + first[:1], first[:2] + second, first + second}
        for first in keys
        for second in keys
        if first is not second
    )
