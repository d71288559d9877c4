"""Kind E: the day in one column and the time of day in another; and columns that say when passes end."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING

import pytest
from roster_containers import CONTAINERS, contained

from bulktap.model.errors import QuestionOpen
from bulktap.model.pass_terms import PassTerms
from bulktap.model.plan import Field

if TYPE_CHECKING:
    from collections.abc import Callable

    from bulktap.roster.model import CheckedRoster

    Check = Callable[..., CheckedRoster]

USERS = ("anna@fabrikam.org", "ben@fabrikam.org")
DAY, LATER = date(2035, 9, 3), date(2035, 9, 4)
EIGHT, HALF_PAST_ONE = datetime(2035, 9, 3, 6, tzinfo=UTC), datetime(2035, 9, 4, 11, 30, tzinfo=UTC)


def roster(headings: tuple[str, ...], *rows: tuple[object, ...]) -> list[tuple[object, ...]]:
    """Return a roster of two people with these further columns."""
    return [("User name", *headings), *((user, *row) for user, row in zip(USERS, rows, strict=True))]


def starts(checked: CheckedRoster) -> list[datetime | None]:
    """Return when the passes begin."""
    return [row.asked.starts_at for row in checked.rows]


def codes(checked: CheckedRoster) -> list[list[str]]:
    """Return what is said of each row."""
    return [[str(problem.code) for problem in row.problems] for row in checked.rows]


PAIRS = (
    ("Start date", "Start time"), ("Pass start", "Time"), ("Pickup date", "Pickup time"), ("Startdatum", "Startzeit"),
    ("Termin", "Uhrzeit"), ("Ausgabetermin", "Uhrzeit der Ausgabe"), ("Date de début", "Heure de début"),
    ("Rendez-vous", "Heure"), ("Fecha de inicio", "Hora de inicio"), ("Begindatum", "Starttijd"), ("Datum", "Starttijd"),  # noqa: E501
    ("Data inizio", "Ora inizio"), ("Data de início", "Hora de início"), ("開始日", "開始時刻"), ("受取日", "時刻"),
    ("Valid from", "Valid from time"), ("Date", "Start time"),
    ("Termin", "von"), ("Termin", "ab"), ("Start date", "From"), ("Date de remise", "de"), ("Data inizio", "dalle"),
    ("Startdatum", "Klockslag"), ("Datum", "Startzeit"), ("Übergabe", "Godzina"),
    ("Fecha inicio", "Hora inicio"), ("Data início", "Hora início"), ("Date début", "Heure début"),
    ("Beginn", "Beginnzeit"), ("Anfangsdatum", "Anfangszeit"), ("Begindatum", "Begintijd"), ("開始日", "開始時間"),
)  # fmt: skip


@pytest.mark.parametrize("place", range(len(PAIRS)), ids=map(" and ".join, PAIRS))
@pytest.mark.parametrize("container", CONTAINERS)
def test_day_and_time_are_joined(check: Check, place: int, container: str) -> None:
    """A column of days and one of times of day are one start, whichever stands first, in any language."""
    days, times = PAIRS[place]
    for headings, swap in (((days, times), 1), ((times, days), -1)):
        rows = [(DAY, time(8))[::swap], (LATER, time(13, 30))[::swap]]
        checked = check(*contained(roster(headings, *rows), container))
        assert starts(checked) == [EIGHT, HALF_PAST_ONE]
        assert codes(checked) == [[], []]
        assert f"the start from {days} and {times}" in " ".join(checked.info.notes)


@pytest.mark.parametrize(
    "written", ["08:00", "8:00 AM", "08:00:00", "8.00 Uhr", "8h00", "8 Uhr", "8 am", "8時", "06:00Z"]
)
def test_times_as_people_write_them(check: Check, written: str) -> None:
    """Each way to write a time of day is read, beside a real date and beside a text."""
    rows = [(DAY, written), ("03.09.2035", written)]
    assert starts(check(*contained(roster(("Start date", "Start time"), *rows), "xlsx"))) == [EIGHT, EIGHT]


@pytest.mark.parametrize(
    ("day", "clock", "code"),
    [(None, "08:00", "start-malformed"), (DAY, "soon", "start-malformed"), (DAY, None, "start-without-time")],
)
def test_half_a_start_is_never_midnight_in_silence(check: Check, day: object, clock: object, code: str) -> None:
    """A time without its day, and one that is none, refuse the row; a day alone says that it means 00:00."""
    rows = [(DAY, "08:00")] * 4 + [(day, clock)]
    content = [("User name", "Start date", "Start time"), *((f"p{i}@fabrikam.org", *row) for i, row in enumerate(rows))]
    assert codes(check(*contained(content, "xlsx")))[4] == [code]


@pytest.mark.parametrize(
    "names",
    [
        ("Date", "Time"),
        ("Datum", "Uhrzeit"),
        ("Date", "Heure"),
        ("Fecha", "Hora"),
        ("Data", "Ora"),
        ("日付", "時刻"),
        ("Day", "From"),
        ("Datum", "von"),
        ("Dag", "vanaf"),
        ("Fecha", "Desde"),
        ("Giorno", "Dalle"),
    ],
)
@pytest.mark.parametrize("container", CONTAINERS)
def test_bare_days_and_times_are_asked_about(check: Check, names: tuple[str, str], container: str) -> None:
    """A day and a time to come under bare words stop with a question: they are taken, or no column is."""
    content = contained(roster(names, (DAY, time(8)), (LATER, time(13, 30))), container)
    with pytest.raises(QuestionOpen, match="could say when the passes begin") as stop:
        check(*content)
    assert [choice.value for choice in stop.value.questions[0].choices] == [f"start={names[0]}", "start=-"]
    assert starts(check(*content, columns={Field.START: names[0]})) == [EIGHT, HALF_PAST_ONE]
    assert starts(check(*content, columns={Field.START: "-"})) == [None, None]
    past = contained(roster(names, (date(2020, 9, 3), time(8)), (date(2020, 9, 4), time(9))), container)
    assert starts(check(*past)) == [None, None]


def test_two_times_of_one_day_are_asked_about(check: Check) -> None:
    """Nothing says which of two times of day a start has."""
    rows = roster(("Start date", "Hour", "Uhrzeit"), (DAY, "08:00", "09:00"), (DAY, "08:00", "09:00"))
    with pytest.raises(
        QuestionOpen, match="several columns could give the time of day of Start date: Hour and Uhrzeit"
    ):
        check(*contained(rows, "csv"))


def test_two_whole_starts_are_asked_about(check: Check) -> None:
    """Two columns that could both say when the pass starts are not guessed between."""
    with pytest.raises(QuestionOpen, match="two columns could give the start: Pass start and Valid from"):
        check(*contained(roster(("Pass start", "Valid from"), (DAY, LATER), (DAY, LATER)), "xlsx"))


def test_times_of_something_else_are_left_alone(check: Check) -> None:
    """The end of a lesson, or the last sign-in, is not the time at which a pass begins."""
    others = ("Last login time", "Time zone", "Lead time")
    ends = ("End time", "Enduhrzeit", "Expiry time", "Valid until time", "終了時間", "Godzina zakończenia")
    for heading in (*others, *ends):
        rows = roster(("Start date", heading), (DAY, "16:00"), (DAY, "16:00"))
        assert codes(check(*contained(rows, "csv"))) == [["start-without-time"]] * 2


ENDS = (
    "Valid until",
    "Expires",
    "Gültig bis",
    "Ablauf",
    "Date d'expiration",
    "Válido hasta",
    "Geldig tot",
    "Scadenza",
    "Válido até",
    "有効期限",
    "End",
    "Ende",
)


ENDS_APART = (
    ("End date", "End time"), ("Valid until", "Valid until time"), ("Valid to", "End time"), ("Expires", "Expiry time"),
    ("Enddatum", "Enduhrzeit"), ("Ende", "Ende Uhrzeit"), ("Gültig bis", "Uhrzeit bis"), ("Date fin", "Heure fin"),
    ("Date d'expiration", "Heure d'expiration"), ("Fecha fin", "Hora fin"), ("Einddatum", "Eindtijd"),
    ("Data fim", "Hora fim"), ("Valido fino al", "Ora fine"), ("終了日", "終了時間"), ("End date", "Expires"),
)  # fmt: skip


@pytest.mark.parametrize("place", range(len(ENDS_APART)), ids=map(" and ".join, ENDS_APART))
@pytest.mark.parametrize("container", CONTAINERS)
def test_day_and_time_of_an_end_are_joined(check: Check, place: int, container: str) -> None:
    """A column of days and one of times of day are one end, and neither of them is taken for the start."""
    days, times = ENDS_APART[place]
    for headings, swap in (((days, times), 1), ((times, days), -1)):
        rows = [(DAY, time(8), *(DAY, time(16))[::swap]), (DAY, time(8), *(LATER, time(9))[::swap])]
        checked = check(*contained(roster(("Start date", "Start time", *headings), *rows), container))
        assert starts(checked) == [EIGHT, EIGHT]
        assert [row.asked.lifetime_minutes for row in checked.rows] == [480, 1500]
        assert f"Each pass lasts from its start to the end in column {days} and {times}." in checked.info.notes


@pytest.mark.parametrize("heading", ["Lesson end time", "Last login time", "Time zone of the end", "Pause bis Uhrzeit"])
def test_times_of_something_else_are_no_end(check: Check, heading: str) -> None:
    """A day on which passes end stays without a time of day where the times beside it are something else's."""
    rows = roster(("Pass start", "Valid until", heading), *[(datetime(2035, 9, 3, 8), LATER, "16:00")] * 2)  # noqa: DTZ001
    checked = check(*contained(rows, "xlsx"))
    assert [row.asked.lifetime_minutes for row in checked.rows] == [None, None]
    assert any("Valid until" in note and "it names no times of day" in note for note in checked.info.notes)


def test_two_times_of_one_end_are_asked_about(check: Check) -> None:
    """Nothing says at which of two times of day the passes end."""
    rows = roster(("Pass start", "Valid until", "Uhrzeit bis", "Expiry time"), *[(DAY, LATER, "16:00", "17:00")] * 2)
    told = "several columns could give the time of day of Valid until: Uhrzeit bis and Expiry time"
    with pytest.raises(QuestionOpen, match=told) as stop:
        check(*contained(rows, "csv"))
    assert {choice.value.partition("=")[0] for choice in stop.value.questions[0].choices} == {"end"}


@pytest.mark.parametrize("place", range(len(ENDS)), ids=ENDS)
def test_ends_become_lifetimes(check: Check, place: int) -> None:
    """From the start to the end is the lifetime, in any language and container."""
    first, later = datetime(2035, 9, 3, 8), datetime(2035, 9, 4, 8)  # noqa: DTZ001
    rows = roster(("Pass start", ENDS[place]), (first, datetime(2035, 9, 3, 16)), (first, later))  # noqa: DTZ001
    checked = check(*contained(rows, CONTAINERS[place % len(CONTAINERS)]))
    assert [row.asked.lifetime_minutes for row in checked.rows] == [480, 1440]
    assert f"Each pass lasts from its start to the end in column {ENDS[place]}." in checked.info.notes


def test_start_and_end_of_one_day(check: Check) -> None:
    """A day with the times of start and end beside it is both; so are two days with a time each."""
    rows = roster(("Date", "Start time", "End time"), (DAY, time(8), time(16)), (DAY, time(8), time(9)))
    checked = check(*contained(rows, "xlsx"))
    assert starts(checked) == [EIGHT, EIGHT]
    assert [row.asked.lifetime_minutes for row in checked.rows] == [480, 60]
    rows = roster(("Start date", "Start time", "End date", "End time"), *[(DAY, time(8), LATER, time(8))] * 2)
    checked = check(*contained(rows, "ods"))
    assert [row.asked.lifetime_minutes for row in checked.rows] == [1440, 1440]


def test_the_start_may_be_an_option(check: Check) -> None:
    """An end makes a lifetime from the start that all rows have, too; the lifetime of a row's own cell wins."""
    rows = roster(("Valid until", "Lifetime"), ("2035-09-03 16:00", ""), ("2035-09-03 16:00", "60"))
    checked = check(*contained(rows, "csv"), defaults=PassTerms(starts_at=EIGHT))
    assert [row.asked.lifetime_minutes for row in checked.rows] == [480, 60]


@pytest.mark.parametrize(
    ("headings", "row", "why"),
    [
        (("Valid until",), ("2035-09-03 16:00",), "a lifetime counts from the start, and no column gives one"),
        (("Pass start", "Expires"), ("2035-09-03 08:00", "2035-09-04"), "it names no times of day"),
        (("Pass start", "Expires"), ("2035-09-03 08:00", "at Easter"), "its cells are no dates with a time"),
        (("Start", "End"), ("2035-09-03 08:00", "2036-07-15 12:00"), "it is not 10 to 43,200 minutes in every row"),
    ],
)
def test_ends_that_make_no_lifetime_are_noted(
    check: Check, headings: tuple[str, ...], row: tuple[str, ...], why: str
) -> None:
    """A column of ends is never passed over in silence."""
    checked = check(*contained(roster(headings, row, row), "csv"))
    assert [row.asked.lifetime_minutes for row in checked.rows] == [None, None]
    assert any(note.startswith(f"Column {headings[-1]}, which may say") and why in note for note in checked.info.notes)


@pytest.mark.parametrize(
    ("end", "code", "said"),
    [
        ("2035-09-03 07:00", "lifetime-out-of-range", "is not after the start"),
        ("2036-09-03 07:00", "lifetime-out-of-range", "is too long"),
        ("2035-09-03 08:05", "lifetime-out-of-range", "is too short"),
        ("2035-09-04", "note", "has no time of day"),
        ("31.02.2035 08:00", "start-malformed", "is not a date and time"),
    ],
)
def test_an_end_that_is_wrong_is_said_in_its_row(check: Check, end: str, code: str, said: str) -> None:
    """What a single end does not allow is the row's own fault, under its heading."""
    good = "2035-09-03 16:00"
    rows = [("User name", "Pass start", "Valid until")]
    rows += [(f"p{i}@fabrikam.org", "2035-09-03 08:00", one) for i, one in enumerate([good] * 5 + [end])]
    problem = check(*contained(rows, "csv")).rows[5].problems[-1]
    assert (problem.code, problem.column) == (code, "Valid until")
    assert said in problem.message


def test_words_for_an_end_that_mean_something_else(check: Check) -> None:
    """A column under such a word without dates in it is not spoken of."""
    checked = check(*contained(roster(("Fine", "To"), ("3.50", "Berlin"), ("0", "Bern")), "csv"))
    assert not any("passes end" in note for note in checked.info.notes)


@pytest.mark.parametrize("span", ["08:00-08:30", "08:00 -09:00", "8:00-12:15", "13:30-14:00"])
@pytest.mark.parametrize("container", CONTAINERS)
def test_a_span_of_time_is_no_offset(check: Check, span: str, container: str) -> None:
    """`08:00-08:30` is from eight to half past, never eight o'clock west of Los Angeles.

    In one cell with the day it is asked about; in a column of its own the pass begins with it.
    """
    one = check(*contained(roster(("Pass start",), (f"2035-09-03 {span}",), (f"03.09.2035 {span}",)), container))
    assert codes(one) == [["start-malformed"]] * 2
    two = check(*contained(roster(("Start date", "Slot"), (DAY, span), (DAY, span)), container))
    begin = span.partition("-")[0].strip()
    alone = check(*contained(roster(("Start date", "Slot"), (DAY, begin), (DAY, begin)), container))
    assert codes(two) == [[], []]
    assert starts(two) == starts(alone)
    assert None not in starts(two)


@pytest.mark.parametrize(
    "text", ["2035-09-03T08:00-09:00", "2035-09-03 08:00-05:00", "2035-09-03 08:00 -0900", "2035-09-03 08:00+09:00"]
)
def test_offsets_stay_offsets(check: Check, text: str) -> None:
    """What can be no span, or is written as ISO 8601 has it, is an offset."""
    assert codes(check(*contained(roster(("Pass start",), (text,), (text,)), "csv"))) == [[], []]


UNUSED = ("Odbiór", "Utlevering", "Předání", "Átadás", "Выдача", "發放日", "Date", "Teslim günü")


@pytest.mark.parametrize("heading", UNUSED)
@pytest.mark.parametrize("container", CONTAINERS)
def test_days_to_come_under_a_heading_that_nobody_knows(check: Check, heading: str, container: str) -> None:
    """They are not taken for the start, and are not passed over in silence either."""
    checked = check(*contained(roster((heading,), (DAY,), (LATER,)), container))
    assert starts(checked) == [None, None]
    assert any(f"Column {heading} holds days to come and was not used" in note for note in checked.info.notes)
    named = check(*contained(roster((heading,), (DAY,), (LATER,)), container), columns={Field.START: heading})
    assert all(start is not None for start in starts(named))


@pytest.mark.parametrize(
    ("count", "named"),
    [
        (1, "Column {} holds"), (2, "Columns {}, {} hold"), (3, "Columns {}, {}, {} hold"),
        (4, "Columns {}, {}, {} and 1 more hold"), (5, "Columns {}, {}, {} and 2 more hold"),
    ],
)  # fmt: skip
def test_several_columns_of_days_to_come(check: Check, count: int, named: str) -> None:
    """Three are named and the others counted; one with a single day that is past is not meant."""
    headings = UNUSED[:count]
    past = date(2020, 9, 3)
    rows = roster((*headings, "Zzz"), (*[DAY] * count, LATER), (*[LATER] * count, past))
    notes = check(*contained(rows, "csv")).info.notes
    assert any(named.format(*headings) in note for note in notes), notes
    assert not any("Zzz" in note for note in notes)


@pytest.mark.parametrize("heading", ["Contract end", "Garantie bis", "Leaving date", "Valid until", "Expires"])
def test_days_that_are_something_else(check: Check, heading: str) -> None:
    """Days of leaving and of ends are no starts, and nobody is told to make them one."""
    notes = check(*contained(roster((heading,), (DAY,), (LATER,)), "csv")).info.notes
    assert not any("holds days to come" in note for note in notes)


@pytest.mark.parametrize(
    ("clock", "hour", "minute"),
    [
        ("8:30 a. m.", 8, 30), ("1:30 p. m.", 13, 30), ("12:15 a.m", 0, 15), ("午前8時30分", 8, 30),
        ("午後1時", 13, 0), ("下午2:05", 14, 5), ("오후 3:05", 15, 5), ("8am", 8, 0), ("8 PM", 20, 0),
    ],
)  # fmt: skip
@pytest.mark.parametrize("together", [False, True], ids=["two columns", "one column"])
def test_halves_of_a_day_in_words(check: Check, clock: str, hour: int, minute: int, together: bool) -> None:
    """Excel writes the halves of a day as its country does, before the time or behind it."""
    if together:
        content = [("User name", "Pass start"), (USERS[0], f"2035-09-03 {clock}")]
    else:
        content = [("User name", "Start date", "Start time"), (USERS[0], "2035-09-03", clock)]
    (start,) = starts(check(*contained(content, "csv"), zone="UTC"))
    assert start == datetime(2035, 9, 3, hour, minute, tzinfo=UTC)


@pytest.mark.parametrize("heading", ["End", "Ende", "Fin", "Until", "Einde", "Fine", "終了"])
@pytest.mark.parametrize("container", CONTAINERS)
def test_an_end_without_a_day_is_of_the_day_of_the_start(check: Check, heading: str, container: str) -> None:
    """Where the start has its time in the same cell, the time of the end is of the same day."""
    start = datetime(2035, 9, 3, 8) if container != "csv" else "03.09.2035 08:00"  # noqa: DTZ001
    rows = roster(("Start", heading), (start, time(16)), (start, time(9, 30)))
    checked = check(*contained([*rows, ("cara@fabrikam.org", start, None)], container))
    assert [row.asked.lifetime_minutes for row in checked.rows] == [480, 90, None]
    assert [row.asked.starts_at for row in checked.rows] == [EIGHT] * 3


@pytest.mark.parametrize(
    "written",
    [
        "09/13/2035 08:00", "9/13/2035 8:00 AM", "13/09/2035 08:00", "Sep 13, 2035 08:00", "2035-09-13T08:00",
        "13.9.35, 8:00",
    ],
)  # fmt: skip
def test_an_end_without_a_day_in_either_order_of_dates(check: Check, written: str) -> None:
    """The day is taken from the start, whichever country wrote it."""
    checked = check(*contained(roster(("Start", "End"), (written, "16:00"), (written, "9:30")), "csv"), zone="UTC")
    assert [row.asked.lifetime_minutes for row in checked.rows] == [480, 90]


@pytest.mark.parametrize(
    ("heading", "minutes"),
    [
        ("Duration (h)", 480), ("Dauer in Stunden", 480), ("Durée (heures)", 480), ("Duración en horas", 480),
        ("Duur (uren)", 480), ("Durata in ore", 480), ("Dauer (min)", 8), ("Duration in days", 8 * 1440),
    ],
)  # fmt: skip
def test_a_unit_in_the_heading_of_a_lifetime(check: Check, heading: str, minutes: int) -> None:
    """A bare number counts what the heading says."""
    row = check(*contained([("User name", heading), (USERS[0], 8)], "xlsx")).rows[0]
    if minutes >= 10:
        assert row.asked.lifetime_minutes == minutes
    else:
        assert "lifetime-out-of-range" in codes(check(*contained([("User name", heading), (USERS[0], 8)], "xlsx")))[0]


@pytest.mark.parametrize("what", ["Session", "Go live", "Induction", "Laptop", "Workshop", "Visit"])
@pytest.mark.parametrize("container", CONTAINERS)
def test_a_date_and_its_time_of_something_are_noted(check: Check, what: str, container: str) -> None:
    """A day to come that has its time of day beside it is told, and is the start where somebody names it."""
    names = f"{what} date", f"{what} time"
    content = contained(roster(names, (DAY, time(8)), (LATER, time(13, 30))), container)
    checked = check(*content)
    assert starts(checked) == [None, None]
    assert any(f"{names[0]} holds days to come" in note for note in checked.info.notes)
    assert starts(check(*content, columns={Field.START: names[0]})) == [EIGHT, HALF_PAST_ONE]
