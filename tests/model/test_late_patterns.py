"""An expression that is compiled late answers as one that is compiled at once."""

from __future__ import annotations

import re

import pytest

from bulktap.model.late_patterns import LatePattern

TEXT = "Anna 12, Bo 7"
EXPRESSIONS = [(r"\w+ (\d+)", 0), (r"ANNA", re.IGNORECASE), (r"x", 0), (r".*\Z", re.DOTALL), (r"(?P<n>\d)", 0)]
CALLS = ("match", "fullmatch", "search", "findall")


def told(found: object) -> object:
    """Return what can be compared of what a method returns."""
    return (found.span(), found.groups(), found.groupdict()) if isinstance(found, re.Match) else found


@pytest.mark.parametrize(("text", "flags"), EXPRESSIONS)
def test_each_method_answers_as_the_compiled_one_does(text: str, flags: int) -> None:
    """Whichever is called first, and again."""
    compiled = re.compile(text, flags)
    for name in CALLS:
        late = LatePattern(text, flags)
        for _ in range(2):
            assert told(getattr(late, name)(TEXT)) == told(getattr(compiled, name)(TEXT))
    assert LatePattern(text, flags).sub("-", TEXT) == compiled.sub("-", TEXT)


def test_a_fault_in_an_expression_shows_when_it_is_used() -> None:
    """Not before, since nothing was compiled; and each time."""
    late = LatePattern("(")
    for _ in range(2):
        with pytest.raises(re.error):
            late.match("")
