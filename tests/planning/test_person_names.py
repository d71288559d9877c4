"""Whether two names are one person's: in any order, spelling, script and custom."""

from __future__ import annotations

import pytest

from bulktap.model.person_name import PersonName
from bulktap.planning.name_words import words_of
from bulktap.planning.person_names import Likeness, likeness, names_in_directory

ONE_PERSON = (Likeness.SAME, Likeness.CLOSE)


def compared(roster: str | PersonName, display: str, given: str | None = None, surname: str | None = None) -> Likeness:
    """Return how much a roster's name is that of a directory."""
    name = PersonName(roster) if isinstance(roster, str) else roster
    return likeness(words_of(name), names_in_directory(display, given, surname))


@pytest.mark.parametrize(
    ("roster", "directory"),
    [
        ("Anna Schmidt", "Anna Schmidt"),
        ("anna SCHMIDT", "Schmidt, Anna"),
        ("Schmidt Anna", "Anna Schmidt"),
        ("Jürgen Müller", "Juergen Mueller"),
        ("Jürgen Müller", "Jurgen Muller"),
        ("Peter Weiß", "Peter Weiss"),
        ("Søren Ørsted", "Soeren Orsted"),
        ("Åse Håkansson", "Aase Haakansson"),
        ("Łukasz Żółw", "Lukasz Zolw"),
        ("IŞIL YILDIZ", "Isil Yildiz"),
        ("Đorđe Đokić", "Dorde Dokic"),
        ("Þóra Jónsdóttir", "Thora Jonsdottir"),
        ("José Ángel Muñoz", "Jose Angel Munoz"),
        ("Zoë Noël", "Zoe\u0308 Noe\u0308l"),
        ("Anna-Lena Vogt", "Anna Lena Vogt"),
        ("Sean O'Brien", "Sean OBrien"),
        ("Siobhán O’Connor", "Siobhan O'Connor"),
        ("Jan van der Berg", "Jan Berg"),
        ("Ludwig van Beethoven", "Beethoven, Ludwig"),
        ("Omar al-Rashid", "Omar Rashid"),
        ("Maria de los Santos", "Maria Santos"),
        ("Anna Maria Schmidt", "Anna Schmidt"),
        ("Anna Schmidt", "Anna Schmidt-Vogel"),
        ("María García López", "María García"),
        ("Dr. Anna Schmidt", "Anna Schmidt"),
        ("Robert Miller Jr.", "Robert Miller III"),
        ("Anna Schmidt (5a)", "Anna Schmidt"),
        ("Anna Schmidt - Guest", "Anna Schmidt"),
        ("Anna Schmidt | Contoso", "Anna Schmidt"),
        ("Anna Schmidt 7C", "Anna Schmidt (Student)"),
        ("Anna Schmidt geb. Vogel", "Anna Schmidt"),
        ("Jón Einarsson", "Jón Þór Einarsson"),
        ("Sukarno", "Sukarno"),
        ("山田太郎", "山田 太郎"),
        ("太郎 山田", "山田太郎"),
        ("髙橋 花子", "高橋花子"),
        ("やまだ たろう", "ヤマダ タロウ"),
        ("김민수", "김 민수"),
        ("張偉", "张伟"),
        ("王伟", "Wei Wang (王伟)"),
        ("Анна Иванова", "Иванова Анна Петровна"),
        ("Фёдор Соловьёв", "Федор Соловьев"),
        ("Γιώργος Παπαδόπουλος", "Παπαδοπουλος Γιωργος"),
    ],
)
def test_the_same_name_in_another_spelling_is_one_person(roster: str, directory: str) -> None:
    """Case, accents, order, particles, titles, second names, classes, one or the other way of writing a letter."""
    assert compared(roster, directory) is Likeness.SAME
    assert compared(directory, roster) is Likeness.SAME


@pytest.mark.parametrize(
    ("roster", "directory"),
    [
        ("Bob Miller", "Robert Miller"),
        ("Peggy Jones", "Margaret Jones"),
        ("Fritz Weber", "Friedrich Weber"),
        ("Kathi Huber", "Katharina Huber"),
        ("Pepe García", "José García"),
        ("Margot Petit", "Marguerite Petit"),
        ("Kees Bakker", "Cornelis Bakker"),
        ("Kasia Nowak", "Katarzyna Nowak"),
        ("Саша Волков", "Александр Волков"),
        ("Sasha Volkov", "Александр Волков"),
        ("İbo Kaya", "İbrahim Kaya"),
        ("Mohamed Said", "Muhammad Said"),
        ("Zuzka Novotná", "Zuzana Novotná"),  # in no list
        ("Gigi Buffon", "Luigi Buffon"),  # likewise
        ("Tom Meier", "Thomas Maier"),
        ("Anna Schmitd", "Anna Schmidt"),
        ("Ana Smidt", "Anna Schmidt"),
        ("A. Schmidt", "Anna Schmidt"),
        ("Anna S.", "Anna Schmidt"),
        ("J. P. Dubois", "Jean-Pierre Dubois"),
        ("Mary Mc Donald", "Mary McDonald"),
        ("Jan Vanderberg", "Jan van der Berg"),
        ("Annalena Vogt", "Anna Lena Vogt"),
        ("Abdulrahman Said", "Abd al-Rahman Said"),
        ("Mohammad Al Hassan", "Muhammed Alhassan"),
        ("Abdel Rahman Mostafa", "Abdelrahman Mustafa"),
        ("Kim Min-su", "Minsu Kim"),
        ("Mª Carmen García", "María Carmen García"),
        ("Галина Гриценко", "Halyna Hrytsenko"),
        ("Михаил Горбачёв", "Michail Gorbatschow"),
        ("Юлия Шевченко", "Yuliya Shevchenko"),
        ("Ελένη Παπαδοπούλου", "Eleni Papadopoulou"),
        ("Anna Schmidt", "aschmidt"),
    ],
)
def test_a_name_that_is_said_or_spelt_otherwise_is_likely_one_person(roster: str, directory: str) -> None:
    """Pet names of many languages, slips, initials, words run together, romanised names."""
    assert compared(roster, directory) in ONE_PERSON
    assert compared(directory, roster) in ONE_PERSON


@pytest.mark.parametrize(
    ("roster", "directory"),
    [
        ("Anna Schmidt", "Eva Vogel"),
        ("Anna Schmidt", "Eva Schmidt"),
        ("Schmidt, Anna", "Schmidt, Eva"),
        ("Ana García López", "Luis García López"),
        ("Jan de Vries", "Piet de Vries"),
        ("Omar al-Rashid", "Yusuf al-Rashid"),
        ("J. Schmidt", "Anna Schmidt"),
        ("山田太郎", "佐藤花子"),
        ("王伟", "李娜"),
        ("Анна Иванова", "Пётр Сидоров"),
        ("Анна Иванова", "Petr Sidorov"),
        ("Артём Абрамов", "Grigoriy Abramov"),
        ("Γιώργος Παπαδόπουλος", "Dimitra Stavrou"),
        ("김민수", "박서연"),
        ("Nguyễn Văn An", "Trần Thị Bình"),
    ],
)
def test_two_people_are_two_people(roster: str, directory: str) -> None:
    """Strangers, and brothers and sisters, who share a surname."""
    assert compared(roster, directory) is Likeness.OTHER
    assert compared(directory, roster) is Likeness.OTHER


@pytest.mark.parametrize(
    ("roster", "directory"),
    [
        ("Anna Schmidt", "Anna Vogel"),
        ("Fatma Yılmaz", "Fatma Demir"),
        ("Vogel, Anna", "Anna Schmidt"),
        ("佐藤 花子", "山田 花子"),
        ("Анна Иванова", "Анна Смирнова"),
    ],
)
def test_a_given_name_alone_may_be_a_person_who_married(roster: str, directory: str) -> None:
    """Only the rest of the roster can tell."""
    assert compared(roster, directory) is Likeness.GIVEN


@pytest.mark.parametrize(
    ("roster", "directory"),
    [
        ("山田太郎", "Taro Yamada"),
        ("أحمد علي", "Ahmed Ali"),
        ("דוד כהן", "David Cohen"),
        ("प्रिया शर्मा", "Priya Sharma"),
        ("สมชาย ใจดี", "Somchai Jaidee"),
        ("Room 12", "Anna Schmidt"),
        ("Anna Schmidt", "Pupil 17"),
        ("Anna Schmidt", "iPad (shared)"),
        ("A.", "Anna Schmidt"),
        ("...", "Anna Schmidt"),
        ("5a", "Anna Schmidt"),
    ],
)
def test_what_cannot_be_compared_is_no_difference(roster: str, directory: str) -> None:
    """Two scripts, and what is nobody's name."""
    assert compared(roster, directory) is Likeness.UNKNOWN
    assert compared(directory, roster) is Likeness.UNKNOWN


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        (PersonName("", "Anna", "Schmidt"), Likeness.SAME),
        (PersonName("", "Eva", "Schmidt"), Likeness.OTHER),
        (PersonName("", "Anna", "Vogel"), Likeness.GIVEN),
        (PersonName("", "", "Schmidt"), Likeness.SAME),
        (PersonName("", "", "Vogel"), Likeness.OTHER),
        (PersonName("", "Anna", ""), Likeness.SAME),
        (PersonName("", "Eva", ""), Likeness.OTHER),
        (PersonName("Schmidt", "Anna", ""), Likeness.SAME),  # German lists have Name and Vorname
        (PersonName("Schmidt", "Eva", ""), Likeness.OTHER),
        (PersonName("Anna Schmidt", "Anna", "Schmidt"), Likeness.SAME),
    ],
)
def test_a_roster_may_have_parts_of_names(name: PersonName, expected: Likeness) -> None:
    """Two columns in any order, a surname alone, or a surname under `Name`."""
    assert compared(name, "Schmidt, Anna", "Anna", "Schmidt") is expected
    assert compared(name, "Anna Schmidt", "Anna", "Schmidt") is expected


def test_the_columns_of_the_directory_tell_which_name_is_which() -> None:
    """Where surnames stand first without a comma, brothers and sisters are still two people."""
    assert compared("Schmidt Eva", "Schmidt Anna") is Likeness.GIVEN
    assert compared("Schmidt Eva", "Schmidt Anna", "Anna", "Schmidt") is Likeness.OTHER
    assert compared("SCHMIDT Eva", "Anna Schmidt") is Likeness.OTHER


def test_an_older_name_that_is_shown_counts_too() -> None:
    """The directory may have the new surname in one place and the old one in another."""
    assert compared("Anna Vogel", "Anna Vogel", "Anna", "Schmidt") is Likeness.SAME
    assert compared("Anna Schmidt", "Anna Vogel", "Anna", "Schmidt") is Likeness.SAME


def test_endless_and_odd_texts_are_compared_without_harm() -> None:
    """A cell may hold anything."""
    for odd in (
        "x" * 100_000,
        " ".join("ab" for _ in range(10_000)),
        "\u202eAnna",
        "\0",
        "((((",
        "🙂 🙂",
        ", ,",
        "- - -",
    ):
        assert isinstance(compared(odd, "Anna Schmidt"), Likeness)
        assert isinstance(compared("Anna Schmidt", odd), Likeness)
