"""Guards add up and never loosen one another."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulktap.model.guards import FailureLimit, Guards, checked_pattern, guards_from_json, guards_to_json

NUMBERS = st.none() | st.integers(0, 50)
PATTERNS = st.lists(st.sampled_from(["*@a.org", "b@a.org", "c*"]), max_size=2).map(tuple)
GUARDS = st.builds(
    Guards,
    allow=st.lists(st.sampled_from([("*@a.org",), ("b@a.org", "c*")]), max_size=2).map(tuple),
    deny=PATTERNS,
    max_rows=NUMBERS,
    stop_after_failures=st.lists(st.sampled_from(["1", "5%", "20"]).map(FailureLimit.of), max_size=2).map(tuple),
    type_from_rows=NUMBERS,
    type_from_lifetime=NUMBERS,
    type_from_replacements=NUMBERS,
    typed_by_person=st.booleans(),
)


@given(GUARDS, GUARDS)
def test_nothing_that_is_added_takes_a_guard_away(one: Guards, other: Guards) -> None:
    """Whoever plants a file beside a roster can only make things stricter."""
    both = one.with_also(other)
    for name in ("max_rows", "type_from_rows", "type_from_lifetime", "type_from_replacements"):
        least = [value for value in (getattr(one, name), getattr(other, name)) if value is not None]
        assert getattr(both, name) == min(least, default=None)
    assert set(both.allow) == {*one.allow, *other.allow}
    assert set(both.deny) == {*one.deny, *other.deny}
    assert set(both.stop_after_failures) == {*one.stop_after_failures, *other.stop_after_failures}
    assert both.typed_by_person == (one.typed_by_person or other.typed_by_person)
    assert both.looser_than(one) == []


@given(GUARDS)
def test_guards_are_read_back_as_they_were_kept(guards: Guards) -> None:
    """In the plan and in the journal's archive; a plan without any has none."""
    assert guards_from_json(guards_to_json(guards) | {"of_a_later_version": 1}) == guards
    assert guards_from_json(None) == Guards()
    assert not Guards()


@pytest.mark.parametrize(
    ("text", "of", "rows"),
    [
        ("10", 4_000, 10),
        ("5%", 4_000, 200),
        ("5 %", 30, 2),
        ("0.5%", 9, 1),
        ("100%", 7, 7),
        ("1", 0, 1),
        ("33%", 3, 1),
    ],
)
def test_a_limit_is_a_number_of_rows_or_a_part_of_them(text: str, of: int, rows: int) -> None:
    """A part is rounded up, and is never nobody."""
    limit = FailureLimit.of(text)
    assert limit.rows(of) == rows
    assert FailureLimit.of(limit.text) == limit


@pytest.mark.parametrize("text", ["", "0", "0%", "-1", "101%", "1.5", "ten", "5%%", "nan", "inf%", "9" * 5_000, "%"])
def test_other_limits_are_none(text: str) -> None:
    """And the sentence shows both forms."""
    with pytest.raises(ValueError, match="such as 10, nor a part of them, such as 5%"):
        FailureLimit.of(text)


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("anna@contoso.com", "anna@contoso.com"),
        (" *@students.contoso.com ", "*@students.contoso.com"),
        ('"principal@contoso.com"', "principal@contoso.com"),
        ("{6f9619ff-8b86-4d01-b42d-00c04fc964ff}", "6f9619ff-8b86-4d01-b42d-00c04fc964ff"),
        ("guest_fabrikam.com#EXT#@contoso.onmicrosoft.com", "guest_fabrikam.com#EXT#@contoso.onmicrosoft.com"),
        ("admin*", "admin*"),
        ("o'brien@contoso.com", "o'brien@contoso.com"),
    ],
)
def test_a_pattern_names_somebody(text: str, kept: str) -> None:
    """What pasting brings along is taken off."""
    assert checked_pattern(text) == kept


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "@contoso.com",
        "contoso.com",
        "anna@",
        "anna arendt",
        "breakglass",
        "a\x1b[31m@b.org",
        "6f9619ff",
        "x" * 501 + "@b.org",
        "a@b.org, c@d.org",
        "a@b.org;",
        "a@b@c.org",
        "<a@b.org>",
    ],
)
def test_a_pattern_that_can_match_nobody_is_refused(text: str) -> None:
    """It would guard nothing, and nobody would know."""
    with pytest.raises(ValueError, match="no sign-in name, object id or pattern"):
        checked_pattern(text)
