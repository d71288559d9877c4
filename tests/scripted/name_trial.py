"""A trial of the person check: rosters of pretend people beside their directory, honest, shifted and swapped.

The directory has everybody's official name in the way of its school; the roster has what another office wrote: pet
names, married names, second names left out, umlauts and accents lost, slips, classes behind the name, another order.
Everything comes from a seed.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from random import Random
from typing import TYPE_CHECKING

from scripted.name_lists import LANGUAGES, Language

from bulktap.model.passes import PassRequest, UserRef
from bulktap.model.person_name import PersonName
from bulktap.model.plan import (
    Field,
    NameCheck,
    PlanSettings,
    RosterColumns,
    RosterInfo,
    RosterRow,
    TenantFindings,
    TenantInfo,
    UserFinding,
)
from bulktap.planning.covered_rows import Selection
from bulktap.planning.decisions import PlanFrame, make_plan
from bulktap.roster.model import CheckedRoster, CheckedRow

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bulktap.model.plan import Plan

NOW = datetime(2035, 9, 1, 8, 0, tzinfo=UTC)
_COLUMNS = RosterColumns(("User", "Name"), {Field.USER: (0,), Field.DISPLAY_NAME: (1,)})
_GERMAN = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue"})
_BARE = str.maketrans(
    "äöüÄÖÜáéíóúàèìòùâêîôûãõñçşŞğĞıİąćęłńóśźżŁŚŻŹÇÁÉÍÓÚëïœ", "aouAOUaeiouaeiouaeiouaoncsSgGiIacelnoszzLSZZCAEIOUeio"
)
_ENGLISH_CYRILLIC = {
    "а": "a", "б": "b", "в": "v", "г": "g", "д": "d", "е": "e", "ё": "yo", "ж": "zh", "з": "z", "и": "i", "й": "y",
    "к": "k", "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r", "с": "s", "т": "t", "у": "u", "ф": "f",
    "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch", "ъ": "", "ы": "y", "ь": "", "э": "e", "ю": "yu", "я": "ya",
}  # fmt: skip
_GERMAN_CYRILLIC = _ENGLISH_CYRILLIC | {
    "в": "w", "ё": "jo", "ж": "sch", "з": "s", "й": "i", "х": "ch", "ц": "z", "ч": "tsch", "ш": "sch", "щ": "schtsch",
    "ю": "ju", "я": "ja",
}  # fmt: skip
_BEHIND = (" (Student)", " (5a)", " - Guest", " | 9b", ", Dr.", " Jr.", " (extern)", " 7C")


@dataclass(frozen=True)
class Person:
    """Somebody of the school."""

    language: Language
    given: str
    second: str
    surname: str


@dataclass(frozen=True)
class School:
    """A roster beside its directory; row and account of one number are one person's."""

    names: tuple[PersonName, ...]
    findings: tuple[UserFinding, ...]
    people: tuple[Person, ...]


@dataclass(frozen=True)
class Customs:
    """How one roster and one directory write names."""

    roster: str
    directory: str
    parts: bool
    """Whether the directory has given name and surname."""
    letters: str
    cyrillic: str


def school(seed: int, size: int = 4_000) -> School:
    """Make up a school."""
    random = Random(seed)  # noqa: S311 - no secret is made of it
    customs = Customs(
        random.choice(("given first", "surname first", "comma", "columns", "capitals")),
        random.choice(("given first", "given first", "comma", "class")),
        random.random() < 0.7,
        random.choice(("kept", "kept", "german", "bare")),
        random.choice(("kept", "english", "german")),
    )
    weights = [random.uniform(0.3, 3) for _ in LANGUAGES]
    people: list[Person] = []
    for _ in range(size):
        person = _somebody(random, random.choices(LANGUAGES, weights)[0])
        if people and random.random() < 0.12:  # a brother or sister
            elder = random.choice(people[-40:])
            person = replace(_somebody(random, elder.language), surname=elder.surname)
        people.append(person)
    names = tuple(_in_roster(one, customs, random) for one in people)
    findings = tuple(_in_directory(number, one, customs, random) for number, one in enumerate(people))
    return School(names, findings, tuple(people))


def _somebody(random: Random, language: Language) -> Person:
    given = _common(random, language.given)
    second = _common(random, language.given) if random.random() < 0.25 and language.code != "zh" else ""
    return Person(language, given, "" if second == given else second, _common(random, language.surnames))


def _common(random: Random, words: Sequence[str]) -> str:
    """Return a word; the first ones are several times as common as the last ones."""
    return words[int(len(words) * random.random() ** 1.6)]


def _in_directory(number: int, person: Person, customs: Customs, random: Random) -> UserFinding:
    given = f"{person.given} {person.second}".strip() if random.random() < 0.5 else person.given
    surname = person.surname
    if person.language.code == "zh":
        display = surname + given
    elif customs.directory == "comma":
        display = f"{surname}, {given}"
    else:
        display = f"{given} {surname}" + (
            f" ({random.randint(5, 12)}{random.choice('abc')})" * (customs.directory == "class")
        )
    spelling = _spelling(person, customs)
    return UserFinding(
        f"abcdef00-0000-4000-8000-{number:012d}",
        f"u{number}@contoso.com",
        spelling(display),
        given_name=spelling(given) if customs.parts else None,
        surname=spelling(surname) if customs.parts else None,
        enabled=True,
        listed_at=NOW,
    )


def _spelling(person: Person, customs: Customs) -> Callable[[str], str]:
    """Return how the directory spells what the school's language writes."""
    if person.language.code == "ru":
        table = {"english": _ENGLISH_CYRILLIC, "german": _GERMAN_CYRILLIC}.get(customs.cyrillic)
        return (lambda text: text) if table is None else (lambda text: _romanised(text, table))
    table_of = {"german": _GERMAN, "bare": _BARE}
    letters = table_of.get(customs.letters)
    return (lambda text: text) if letters is None else (lambda text: text.translate(letters))


def _romanised(text: str, table: dict[str, str]) -> str:
    return "".join(
        [
            table.get(letter.lower(), letter).title() if letter.isupper() else table.get(letter, letter)
            for letter in text
        ]
    )


def _in_roster(person: Person, customs: Customs, random: Random) -> PersonName:
    if person.language.code == "zh":  # nobody there has two given names, or another surname after the wedding
        whole = PersonName(f"{person.surname} {person.given}")
        return PersonName("", person.given, person.surname) if customs.roster == "columns" else whole
    given, surname = _called(person, random), _surname_now(person, random)
    if random.random() < 0.01:
        given = _slip(given, random)
    elif random.random() < 0.01:
        surname = _slip(surname, random)
    behind = random.choice(_BEHIND) if random.random() < 0.04 else ""
    match customs.roster:
        case "columns":
            return PersonName("", given, surname)
        case "comma":
            return PersonName(f"{surname}, {given}{behind if ',' not in behind else ''}")
        case "surname first":
            return PersonName(f"{surname} {given}{behind}")
        case "capitals":
            return PersonName(f"{surname.upper()} {given}{behind}")
        case _:
            return PersonName(f"{given} {surname}{behind}")


def _called(person: Person, random: Random) -> str:
    given, pets = person.given, person.language.pet_names
    if given in pets and random.random() < 0.08:
        return random.choice(pets[given])
    if person.second and random.random() < 0.4:
        return f"{given} {person.second}" if random.random() < 0.7 else f"{given} {person.second[0]}."
    if random.random() < 0.01:
        return person.second or f"{given[0]}."
    return given


def _surname_now(person: Person, random: Random) -> str:
    chance = random.random()
    if chance < 0.012:
        return _common(random, person.language.surnames)  # married
    if chance < 0.024:
        return f"{person.surname}-{_common(random, person.language.surnames)}"
    return person.surname.split()[0] if chance < 0.2 and person.language.code == "es" else person.surname


def _slip(word: str, random: Random) -> str:
    """Return a word with a letter left out, doubled, changed or moved."""
    if len(word) < 4:
        return word
    at = random.randrange(1, len(word) - 1)
    kind = random.randrange(4)
    if kind == 0:
        return word[:at] + word[at + 1 :]
    if kind == 1:
        return word[:at] + word[at] + word[at:]
    if kind == 2:
        return word[:at] + random.choice("aeinrst") + word[at + 1 :]
    return word[: at - 1] + word[at] + word[at - 1] + word[at + 1 :]


def planned(
    names: Sequence[PersonName], users: Sequence[int], findings: Sequence[UserFinding]
) -> tuple[Plan, CheckedRoster]:
    """Plan a roster whose rows have these names and the accounts of these numbers."""
    rows = []
    for number, (name, user) in enumerate(zip(names, users, strict=True)):
        ref = UserRef(f"u{user}@contoso.com")
        source = RosterRow("school.csv", None, number + 2, (ref.text, name.text))
        rows.append(CheckedRow(source, ref, PassRequest(ref), name.text, None, None, (), name=name))
    checked = CheckedRoster(RosterInfo("school.csv", None, "ab" * 32, len(rows)), _COLUMNS, tuple(rows))
    found = TenantFindings({f"u{number}@contoso.com": one for number, one in enumerate(findings)})
    frame = PlanFrame(
        "2035-09-01T0800Z-school-1a2b", NOW, timedelta(hours=24),
        TenantInfo("11111111-2222-4333-8444-555555555555", None, "global", simulated=False),
        PlanSettings("UTC", "skip"), Selection(),
    )  # fmt: skip
    return make_plan(checked, found, frame), checked


def warned(plan: Plan) -> set[int]:
    """Return the places of the rows whose names differ."""
    return {row.number - 1 for row in plan.rows if row.name_check is NameCheck.DIFFERS}


def shifts(people: School, random: Random, count: int) -> list[tuple[str, list[PersonName], list[int]]]:
    """Return shifted rosters: one column sorted alone, filled down, or moved by rows."""
    size = len(people.names)
    found = []
    for number in range(count):
        names, users = list(people.names), list(range(size))
        kind = ("sorted", "names filled down", "users filled down", "moved")[number % 4]
        start = random.randrange(size * 4 // 5)
        length = random.randrange(size // 12, size // 5)
        if kind == "sorted":
            names.sort(key=lambda name: (name.surname, name.text))
        elif kind == "names filled down":
            names[start : start + length] = [names[start]] * len(names[start : start + length])
        elif kind == "users filled down":
            users[start : start + length] = [users[start]] * len(users[start : start + length])
        else:
            by = random.choice((1, 1, 2, -1))
            users[start:] = users[start:][by:] + users[start:][:by]
        found.append((kind, names, users))
    return found


def swapped(people: School, random: Random, count: int) -> tuple[list[int], list[tuple[int, int]]]:
    """Return the accounts of the rows where these pairs of rows were swapped: neighbours by name, and any two."""
    size = len(people.names)
    by_name = sorted(range(size), key=lambda place: (people.people[place].surname, people.people[place].given))
    users, pairs, taken = list(range(size)), [], set()
    while len(pairs) < count:
        place = random.randrange(size - 1)
        one, other = (by_name[place], by_name[place + 1]) if len(pairs) % 2 else random.sample(range(size), 2)
        same = people.people[one].given == people.people[other].given
        same = same and people.people[one].surname == people.people[other].surname
        if same or taken & {one, other}:
            continue  # of two people with one name nothing can tell the one from the other
        taken |= {one, other}
        users[one], users[other] = users[other], users[one]
        pairs.append((one, other))
    return users, pairs
