from __future__ import annotations

import time
from dataclasses import replace
from typing import Any

import pytest

from bulktap.cli.setting_options import with_options
from bulktap.model.errors import RosterError
from bulktap.model.plan import Action
from bulktap.model.row_errors import RowErrorCode
from bulktap.planning.covered_rows import Selection


@pytest.mark.parametrize(
    ("word", "covered"),
    [
        ("3", [2]),
        ("USER1@contoso.com ", [1]),
        ("Class=5a", [1, 3]),
        ("class = 5A", [1, 3]),
        ("Class=5", [2]),
        ("Other=5", []),
        ("nobody@contoso.com", []),
    ],
)
def test_only_names_rows_users_or_values(decide: Any, kit: Any, word: str, covered: list[int]) -> None:
    """A row number, a user, or a column with its value as people see it; the rest is skipped with its reason."""
    plan = decide(kit.checked(1), kit.checked(2, cell=5.0), kit.checked(3), only=(word,))
    assert [row.number for row in plan.creating()] == covered
    skipped = [row for row in plan.rows if row.number not in covered]
    assert all(row.action is Action.SKIP for row in skipped)
    assert all(row.problems[-1].code is RowErrorCode.NOT_SELECTED for row in skipped)


@pytest.mark.parametrize(("cell", "word"), [(0, "Class=0"), (False, "Class=False"), (None, "Class=")])
def test_values_that_count_as_nothing_are_values(decide: Any, kit: Any, cell: object, word: str) -> None:
    """Zero is not an empty cell."""
    assert [row.number for row in decide(kit.checked(1, cell=cell), kit.checked(2), only=(word,)).creating()] == [1]


def test_several_words_cover_what_any_of_them_names(decide: Any, kit: Any) -> None:
    """The words of `--only` add up."""
    plan = decide(*(kit.checked(n) for n in range(1, 5)), only=("2", "user4@contoso.com"))
    assert [row.number for row in plan.creating()] == [1, 4]


def test_the_limit_cuts_creates_only(decide: Any, kit: Any) -> None:
    """Skipped rows do not count, and what is cut says so; rows merged into a cut row are cut with it."""
    rows = [kit.checked(1), kit.checked(2), kit.checked(3, "zoe@contoso.com"), kit.checked(4, "zoe@contoso.com")]
    plan = decide(*rows, findings={"user1@contoso.com": kit.live()}, limit=1)
    assert [row.action for row in plan.rows] == [Action.SKIP, Action.ISSUE, Action.SKIP, Action.SKIP]
    assert plan.rows[3].problems[-1].code is RowErrorCode.NOT_SELECTED


@pytest.mark.parametrize(
    ("word", "covered"),
    [
        ("4", 1),
        ("Class=5a", 20),
        ("user7@contoso.com", 1),
        ("9" * 5000, 0),
        ("Staff!4", 1),
        ("Class=" + "x" * 9_000, 0),
    ],
)
def test_many_words_cost_no_more_than_one(kit: Any, word: str, covered: int) -> None:
    """Each cell is read once, whether there is one word or there are a thousand."""
    reads = 0

    class Counted(str):
        __slots__ = ()

        def __str__(self) -> str:
            nonlocal reads
            reads += 1
            return "".join(self)

    rows = [kit.checked(number, cell=Counted("5a")) for number in range(1, 21)]
    covers = Selection(only=(word, *(f"Class=z{number}" for number in range(1_000)))).test(kit.COLUMNS)

    assert sum(map(covers, rows)) == covered
    assert reads <= len(rows)


def test_a_number_that_no_row_can_have_is_named(kit: Any) -> None:
    """Thousands of digits are a word that matches nothing."""
    with pytest.raises(RosterError, match="matches no row"):
        Selection(only=("9" * 5000,)).require_clear([kit.checked(1)], kit.COLUMNS)


NAMES = {1: "Anna Arendt", 2: "Ben Bauer", 3: "Müller, Zoë"}


@pytest.mark.parametrize(
    ("only", "exclude", "covered"),
    [
        (("2-3",), (), [1, 2]),
        (("2\u20133",), (), [1, 2]),
        (("Staff!3-4",), (), [2, 3]),
        (("'staff!3-9'",), (), [2, 3]),
        (("Class=5*",), (), [1, 3]),
        (("Class=?b",), (), [3]),
        (("class = 5A", "Class=9c"), (), [1, 2]),
        (("*@contoso.com",), (), [1, 2, 3]),
        (("user?@*",), ("user2@contoso.com",), [1, 3]),
        (("anna arendt",), (), [1]),
        (("Arendt, Anna",), (), [1]),
        (("Zoe\u0308 MÜLLER",), (), [3]),
        (("ben*",), (), [2]),
        ((), ("Class=5*",), [2]),
        ((), ("3", "Anna Arendt"), [3]),
        (("2-4",), ("2-4",), []),
        (("Class=5a",), ("Class=9c", "2"), []),
    ],
)
def test_rows_are_chosen_by_ranges_patterns_and_names(
    decide: Any, kit: Any, only: tuple[str, ...], exclude: tuple[str, ...], covered: list[int]
) -> None:
    """One grammar for both settings; what is excluded is out, whatever else names it."""
    cells = {1: "5a", 2: "9c", 3: "5b"}
    rows = [kit.checked(number, cell=cells[number], display_name=NAMES[number]) for number in (1, 2, 3)]
    Selection(only=only, exclude=exclude).require_clear(rows, kit.COLUMNS)

    plan = decide(*rows, only=only, exclude=exclude)

    assert [row.number for row in plan.creating()] == covered
    left_out = [row for row in plan.rows if row.number not in covered]
    assert all(row.problems[-1].code is RowErrorCode.NOT_SELECTED for row in left_out)


def test_the_reason_names_the_setting(decide: Any, kit: Any) -> None:
    """`--except` is not `--only`."""
    plan = decide(kit.checked(1), kit.checked(2), kit.checked(3), only=("2-3",), exclude=("3",))
    assert [with_options(row.problems[-1].message) for row in plan.rows if row.problems] == [
        "--except names this row.",
        "--only does not name this row.",
    ]


@pytest.mark.parametrize(
    ("word", "message", "hint"),
    [
        ("Klass=5a", "there is no column Klass; there is Class (160 values: 1a, 1b, 1c, 1d …)", "--only Class=5a"),
        ("Clas=99z", "there is no column Clas; there is Class (160 values", "Give a row number"),
        ("Colour=red", "there is no column Colour.", "The columns are User, Start, Lifetime, One-time, Class."),
        ("Class=41a", "no row has Class = 41a", "Class has 160 values: 1a, 1b, 1c, 1d …"),
        ("Class=5A*x", "no row has Class = 5A*x", "Class=5a"),
        ("Class=zz", "no row has Class = zz", "Class has 160 values"),
        ("usr7@contoso.com", "matches no row", "user7@contoso.com"),
        ("Anna Ardent", "matches no row", "Anna Arendt"),
        ("Hubert", "matches no row", "Give a row number"),
        ("900", "matches no row", "Rows of people are 2 to 161"),
        ("17-4", "counts backwards", "--only 4-17"),
        ("Pupils!3", "matches no row", "The sheets are Staff."),
        ("Lifetime=8h", "no row has Lifetime = 8h", "Lifetime is empty in every row."),
    ],
)
def test_a_typo_is_told_with_what_may_have_been_meant(kit: Any, word: str, message: str, hint: str) -> None:
    """A column, a value or a person that nobody has; what there is instead is named, and not all of it."""
    rows = [
        kit.checked(number, cell=f"{number // 4 + 1}{'abcd'[number % 4]}", display_name="Anna Arendt")
        for number in range(160)
    ]
    rows = [replace(row, source=replace(row.source, number=place)) for place, row in enumerate(rows, 2)]

    for setting, selection in (("--only", Selection(only=(word,))), ("--except", Selection(exclude=(word,)))):
        with pytest.raises(RosterError) as caught:
            selection.require_clear(rows, kit.COLUMNS)
        said = with_options(caught.value.message)
        assert said.startswith(setting)
        assert message in said
        assert hint.replace("--only", setting) in with_options(caught.value.hint)
        assert len(said) + len(caught.value.hint) < 400


def test_a_heading_may_hold_the_sign(kit: Any) -> None:
    """The longest heading before one counts."""
    columns = replace(kit.COLUMNS, headings=("User", "Start", "Lifetime", "a=b", "Class"))
    row = kit.checked(1)
    row = replace(row, source=replace(row.source, cells=("user1@contoso.com", None, None, "c=d", "5a")))
    assert Selection(only=("A=B=C=D",)).test(columns)(row)


def test_the_nearest_of_many_people_is_found_in_time(kit: Any) -> None:
    """A typo in a roster of ten thousand costs seconds at most."""
    rows = [kit.checked(number, f"student{number:05}@contoso.com") for number in range(10_000)]
    began = time.process_time()
    with pytest.raises(RosterError, match="matches no row"):
        Selection(only=("studnt04711@contoso.com",)).require_clear(rows, kit.COLUMNS)
    assert time.process_time() - began < 8


@pytest.mark.parametrize(
    ("word", "hint"),
    [
        ("Class!=5a", "To leave these rows out, write --except Class=5a."),
        ("class != 5A", "To leave these rows out, write --except Class=5a."),
        ("Class!=6z", "To leave these rows out, write --except Class=VALUE."),
        ("Class\u2260=5b", "To leave these rows out, write --except Class=5b."),
        ("Clas!=5a", "To leave these rows out, write --except Class=5a."),
        ("Class=5a,5b", "For several values write --only Class=5a --only Class=5b."),
        ("Class=5b; 5A", "For several values write --only Class=5b --only Class=5a."),
        ("Class=5a|10c|5b", "For several values write --only Class=5a --only Class=10c --only Class=5b."),
        ("Class=5a,9z", "Class has 3 values: 5a, 5b, 10c."),
    ],
)
def test_a_word_of_another_language_is_told_in_this_one(decide: Any, kit: Any, word: str, hint: str) -> None:
    """Whoever writes `!=` or a list of values is never told to do the opposite, or half of it."""
    rows = [kit.checked(number, cell=cell) for number, cell in enumerate(("5a", "5b", "10c"), 1)]
    plan = decide(*rows)

    with pytest.raises(RosterError) as stop:
        Selection(only=(word,)).require_clear(rows, plan.columns)

    assert hint in with_options(stop.value.hint)
    assert "Did you mean --only Class=5a" not in with_options(stop.value.hint) or "9z" in word


def test_an_empty_value_is_said_in_words(decide: Any, kit: Any) -> None:
    """`Class=` means rows without a class; where there are none, the message says so."""
    rows = [kit.checked(1)]

    with pytest.raises(RosterError, match=r"no row has an empty cell there"):
        Selection(only=("Class=",)).require_clear(rows, decide(*rows).columns)
