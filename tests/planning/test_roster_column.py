"""Columns by their headings."""

from __future__ import annotations

import pytest

from bulktap.model.errors import UsageError
from bulktap.model.plan import RosterColumns
from bulktap.model.setting_names import Setting
from bulktap.planning.roster_column import named_column

COLUMNS = RosterColumns(("User", "Klasse *", "Class-Room", "Straße", "Ｆｕｌｌ", "class room"), {})


@pytest.mark.parametrize(
    ("name", "position"),
    [
        ("User", 0),
        (" user ", 0),
        ("klasse", 1),
        ("Klasse *", 1),
        ("class-room", 2),
        ("CLASS ROOM", 5),
        ("strasse", 3),
        ("full", 4),
    ],
)
def test_a_heading_is_found_as_people_write_it(name: str, position: int) -> None:
    """Case, width and accents' composition first; blanks, hyphens and marks of what is required after that."""
    assert named_column(Setting.BY, name, COLUMNS) == position


@pytest.mark.parametrize(
    ("name", "said", "hint"),
    [
        ("Klase", "no column Klase", "Did you mean"),
        ("Building", "no column Building", "The columns are User, Klasse *"),
        ("classroom", "could be any of Class-Room, class room", "as it is"),
        ("", "no column", "The columns are"),
    ],
)
def test_a_heading_that_is_not_there_is_told_with_those_that_are(name: str, said: str, hint: str) -> None:
    """And so is one that could be several."""
    with pytest.raises(UsageError) as refused:
        named_column(Setting.TO, name, COLUMNS)
    assert said in refused.value.message
    assert hint in refused.value.hint
