"""What must be known before a yes, gathered from a plan."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from bulktap.model.plan import Action, NameCheck, Plan, UserFinding
from bulktap.model.plan_review import NameTally
from bulktap.model.row_error_catalogue import about_cells, about_users
from bulktap.model.row_errors import RowErrorCode
from bulktap.planning.plan_review import review
from bulktap.results.plan_file.plan_json import shown_digest

MORNING = datetime(2035, 9, 3, 8, 0, tzinfo=UTC)  # a Monday


def in_zone(plan: Plan, zone: str) -> Plan:
    """Return the plan with its times in another zone."""
    return replace(plan, settings=replace(plan.settings, timezone=zone))


def test_a_kind_of_warning_is_one_line_with_count_and_rows(decide: Any, kit: SimpleNamespace) -> None:
    """Forty blocked accounts are one line that names the rows and the first of them."""
    rows = [kit.checked(number) for number in range(1, 61)]
    blocked = {f"user{number}@contoso.com": UserFinding(enabled=False) for number in range(5, 45)}

    (kind,) = review(decide(*rows, findings=blocked), now=MORNING).warnings

    assert (kind.code, kind.count, kind.first.number) == (RowErrorCode.USER_DISABLED, 40, 5)
    assert kind.rows == tuple(range(6, 46))
    assert kind.text == (
        "40 accounts are blocked from signing in; their passes will not work until they are enabled: rows 6-45, "
        "first user5@contoso.com"
    )


def test_a_kind_without_a_sentence_of_its_own_quotes_the_first_row(decide: Any, kit: SimpleNamespace) -> None:
    """Notes that say different things are kinds of their own."""
    notes = (about_cells.note("The name is odd."), about_cells.note("The name is odd."), about_cells.note("Late."))
    rows = [kit.checked(number, problems=(note,)) for number, note in enumerate(notes, 1)]

    kinds = review(decide(*rows), now=MORNING).warnings

    assert [(kind.count, kind.text) for kind in kinds] == [
        (2, "2 x Note: rows 2 and 3, first user1@contoso.com: The name is odd."),
        (1, "row 4, user3@contoso.com: Late."),
    ]


def test_many_different_notes_are_one_kind(decide: Any, kit: SimpleNamespace) -> None:
    """A note that quotes each row's own link does not fill the screen."""
    rows = [kit.checked(number, problems=(about_cells.note(f"Its link goes to {number}."),)) for number in range(1, 61)]

    (kind,) = review(decide(*rows), now=MORNING).warnings

    assert kind.text == "60 x Note: rows 2-61, first user1@contoso.com: Its link goes to 1."


def test_names_that_differ_come_first_with_both_names(decide: Any, kit: SimpleNamespace) -> None:
    """The wrong person is worse than a blocked account, however many of those there are."""
    differs = about_users.name_differs("Anna Berg", "Ben Alm", "Name")
    rows = [kit.checked(number, problems=(differs,) if number > 8 else ()) for number in range(1, 11)]
    blocked = {f"user{number}@contoso.com": UserFinding(enabled=False) for number in range(1, 9)}

    kinds = review(decide(*rows, findings=blocked), now=MORNING).warnings

    assert [kind.code for kind in kinds] == [RowErrorCode.NAME_DIFFERS, RowErrorCode.USER_DISABLED]
    assert kinds[0].text == (
        "2 rows name somebody else than the directory does: rows 10 and 11; first user9@contoso.com: The roster names "
        "Anna Berg, but the tenant says that the account is Ben Alm's."
    )


def test_rows_that_get_no_pass_raise_no_warning(decide: Any, kit: SimpleNamespace) -> None:
    """Whoever is refused, skipped or left out is counted there, not warned about."""
    rows = [kit.checked(1, problems=(about_cells.start_just_passed("08:00"),)), kit.checked(2), kit.checked(3)]
    findings = {
        "user1@contoso.com": UserFinding(error=about_users.user_not_found("user1"), enabled=False),
        "user2@contoso.com": replace(kit.live(), enabled=False),
    }

    assert review(decide(*rows, findings=findings, only=("user2@contoso.com",))).warnings == ()
    assert {kind.rows for kind in review(decide(*rows, findings=findings)).warnings} == {(4,)}


def test_what_changed_since_a_plan_was_saved_is_part_of_it(decide: Any, kit: SimpleNamespace) -> None:
    """An account that was blocked since is warned about; a user who is gone gets no pass."""
    plan = decide(*(kit.checked(number) for number in range(1, 4)))
    still = SimpleNamespace(
        left_out={1: about_users.user_not_found("user1@contoso.com")}, blocked={1: "blocked since", 3: "blocked since"}
    )

    now = review(plan, still, now=MORNING)

    assert (now.passes, now.left_out) == (2, 1)
    assert [(kind.code, kind.rows) for kind in now.warnings] == [(RowErrorCode.USER_DISABLED, (4,))]


def test_who_is_replaced_is_named(decide: Any, kit: SimpleNamespace) -> None:
    """The rows whose user loses a pass that works are there, and no others."""
    plan = decide(kit.checked(1), kit.checked(2), findings={"user2@contoso.com": kit.live()}, existing="replace")

    assert [row.number for row in review(plan).replaced] == [2]
    assert review(plan).fingerprint == shown_digest(plan)


@pytest.mark.parametrize(
    ("zone", "starts", "lifetimes", "words"),
    [
        ("UTC", [MORNING], [480], "Mon 2035-09-03 08:00 to 16:00 UTC, 8 h"),
        ("Europe/Berlin", [MORNING], [480], "Mon 2035-09-03 10:00 to 18:00 Berlin, 8 h"),
        ("Asia/Kolkata", [MORNING], [90], "Mon 2035-09-03 13:30 to 15:00 Kolkata, 1 h 30 min"),
        ("America/Argentina/Buenos_Aires", [MORNING], [480], "Mon 2035-09-03 05:00 to 13:00 Buenos Aires, 8 h"),
        ("Pacific/Auckland", [MORNING], [480], "Mon 2035-09-03 20:00 to Tue 2035-09-04 04:00 Auckland, 8 h"),
        ("Etc/GMT-5", [MORNING], [480], "Mon 2035-09-03 13:00 to 21:00 UTC+5, 8 h"),
        (
            "Europe/Berlin",
            [datetime(2035, 10, 28, 0, 30, tzinfo=UTC)],
            [60],
            "Sun 2035-10-28 02:30 (UTC+2) to 02:30 (UTC+1) Berlin, 1 h",
        ),
        (
            "UTC",
            [MORNING, MORNING + timedelta(days=2)],
            [480],
            (
                "starts Mon 2035-09-03 08:00 to Wed 2035-09-05 08:00 (2 different), ends Mon 2035-09-03 16:00 to "
                "Wed 2035-09-05 16:00 UTC, 8 h"
            ),
        ),
        (
            "UTC",
            [MORNING],
            [60, 480],
            "starts Mon 2035-09-03 08:00, ends Mon 2035-09-03 09:00 to 16:00 UTC, 1 h to 8 h",
        ),
    ],
)
def test_when_passes_work_is_said_in_words(
    decide: Any, kit: SimpleNamespace, zone: str, starts: list[datetime], lifetimes: list[int], words: str
) -> None:
    """Weekday, beginning, end, city and lifetime; a range where rows differ."""
    asked = [(start, minutes) for start in starts for minutes in lifetimes]
    rows = [
        kit.checked(number, starts_at=start, lifetime_minutes=minutes) for number, (start, minutes) in enumerate(asked)
    ]

    found = review(in_zone(decide(*rows), zone))

    assert found.usable == (words,)
    assert (found.starts_at, found.starts_until, found.starts) == (starts[0], starts[-1], len(starts))
    assert found.ends_from == starts[0] + timedelta(minutes=lifetimes[0])
    assert found.ends_at == starts[-1] + timedelta(minutes=lifetimes[-1])
    assert found.lifetimes == tuple(lifetimes)


def test_passes_that_start_at_once_say_until_when(decide: Any, kit: SimpleNamespace) -> None:
    """Their end is told by when the plan would be carried out, which for a saved plan is later."""
    plan = decide(kit.checked(1), kit.checked(2))

    assert review(plan).usable == ("as soon as issued, for 8 h: issued now, until Sat 2035-09-01 16:00 UTC",)
    later = review(plan, now=kit.NOW + timedelta(hours=10))
    assert later.usable == ("as soon as issued, for 8 h: issued now, until Sun 2035-09-02 02:00 UTC",)
    assert (later.starts_at, later.ends_at, later.at_once) == (None, None, 2)


def test_both_ways_of_starting_have_a_line_each(decide: Any, kit: SimpleNamespace) -> None:
    """A roster in which some rows state a start and others do not says both."""
    found = review(decide(kit.checked(1, starts_at=MORNING), kit.checked(2)))

    assert found.usable == (
        "Mon 2035-09-03 08:00 to 16:00 UTC, 8 h",
        "1 pass as soon as issued, for 8 h: issued now, until Sat 2035-09-01 16:00 UTC",
    )


def test_a_lifetime_that_is_the_tenants_and_not_known_is_said(decide: Any, kit: SimpleNamespace) -> None:
    """Where the policy could not be read, no end is made up."""
    rows = (kit.checked(1, lifetime_minutes=None), kit.checked(2, starts_at=MORNING, lifetime_minutes=None))

    found = review(decide(*rows, policy=None))

    unknown = "the tenant's default lifetime, which could not be read"
    assert found.usable == (
        f"starts Mon 2035-09-03 08:00 UTC, for {unknown}",
        f"1 pass as soon as issued, for {unknown}",
    )
    assert (found.ends_at, found.lifetimes, found.least_left) == (None, (), None)


def test_names_are_counted_where_they_were_compared(decide: Any, kit: SimpleNamespace) -> None:
    """None while no row has a verdict; merged rows count, since somebody's name stands there."""
    plan = decide(*(kit.checked(number) for number in range(1, 5)))
    checks = (NameCheck.AGREES, NameCheck.DIFFERS, NameCheck.UNKNOWN, None)
    judged = replace(
        plan, rows=tuple(replace(row, name_check=check) for row, check in zip(plan.rows, checks, strict=True))
    )

    assert review(plan).names is None
    assert review(judged).names == NameTally(compared=3, agree=1, differ=1, unknown=1, not_checked=1)


def test_a_plan_that_issues_nothing_has_no_times(decide: Any, kit: SimpleNamespace) -> None:
    """Nothing begins and nothing ends."""
    plan = decide(kit.checked(1), findings={"user1@contoso.com": kit.live()})

    found = review(plan)

    assert [row.action for row in plan.rows] == [Action.SKIP]
    assert (found.passes, found.usable, found.starts_at, found.least_left) == (0, (), None, None)
