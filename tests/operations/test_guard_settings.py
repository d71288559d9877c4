"""Guards as options and a `bulktap.toml` write them; the file can only make things stricter."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bulktap.model.errors import RosterError
from bulktap.model.guards import FailureLimit, Guards
from bulktap.operations.checked_roster import with_saved_mapping
from bulktap.operations.guard_settings import GUARD_NAMES, guards_of
from bulktap.operations.run_settings import CareSettings, RunSettings
from bulktap.settings import declarations as declared


@pytest.mark.parametrize(
    ("table", "guards"),
    [
        ({}, Guards()),
        ({"allow": "*@a.org"}, Guards(allow=(("*@a.org",),))),
        ({"allow": ["*@a.org", "b@c.org"], "deny": ("d@a.org",)}, Guards((("*@a.org", "b@c.org"),), ("d@a.org",))),
        ({"max-rows": 0}, Guards(max_rows=0)),
        ({"stop-after-failures": "5%"}, Guards(stop_after_failures=(FailureLimit("5%"),))),
        ({"stop-after-failures": 10}, Guards(stop_after_failures=(FailureLimit("10"),))),
        ({"confirm": "type"}, Guards(type_from_rows=1, typed_by_person=True)),
        ({"confirm": "yes"}, Guards()),
        ({"confirm": "type", "type-from-rows": 200}, Guards(type_from_rows=200, typed_by_person=True)),
        ({"type-from-lifetime": "8h"}, Guards(type_from_lifetime=480)),
        (
            {"type-from-lifetime": 90, "type-from-replacements": 3},
            Guards(type_from_lifetime=90, type_from_replacements=3),
        ),
    ],
)
def test_a_table_becomes_guards(table: dict[str, Any], guards: Guards) -> None:
    """By the names of the options; `confirm = "type"` without a size means always."""
    assert guards_of(table) == guards


@pytest.mark.parametrize(
    "table",
    [
        {"alow": "*@a.org"},
        {"allow": []},
        {"allow": 3},
        {"allow": ["contoso.com"]},
        {"deny": [["a@b.org"]]},
        {"max-rows": -1},
        {"max-rows": "500"},
        {"max-rows": True},
        {"max-rows": 10**30},
        {"stop-after-failures": "0"},
        {"stop-after-failures": 5.5},
        {"stop-after-failures": True},
        {"confirm": "no"},
        {"confirm": ["type"]},
        {"type-from-rows": 1.5},
        {"type-from-lifetime": "long"},
        {"type-from-lifetime": "1y" * 5_000},
        {"type-from-replacements": {}},
    ],
    ids=str,
)
def test_what_cannot_be_meant_is_refused_by_name(table: dict[str, Any]) -> None:
    """A guard with a typo would guard nothing."""
    with pytest.raises(ValueError, match=next(iter(table)).replace("alow", "allow")):
        guards_of(table)


def test_every_guard_is_an_option_of_the_same_name() -> None:
    """What can be kept in the file can be typed."""
    assert {one.name for one in declared.GUARDS} == set(GUARD_NAMES)


OPTIONS = Guards(
    allow=(("*@a.org",),),
    deny=("x@a.org",),
    max_rows=100,
    stop_after_failures=(FailureLimit("10"),),
    type_from_rows=50,
    typed_by_person=True,
)


@pytest.mark.parametrize(
    "planted",
    [
        'allow = "*"',
        "max-rows = 1000000",
        'stop-after-failures = "100%"',
        "type-from-rows = 1000000",
        'confirm = "yes"',
        "type-from-replacements = 1000000",
        'deny = "nobody@nowhere.org"',
        "",
    ],
)
def test_a_planted_file_takes_no_guard_away(tmp_path: Path, planted: str) -> None:
    """Whatever it says, what the options want still holds."""
    (tmp_path / "bulktap.toml").write_text(f"[guards]\n{planted}\n", "utf-8")
    settings = RunSettings(Path(), care=CareSettings(guards=OPTIONS))

    guards = with_saved_mapping(tmp_path / "r.csv", settings).care.guards

    assert set(guards.allow) >= set(OPTIONS.allow)
    assert set(guards.deny) >= set(OPTIONS.deny)
    assert set(guards.stop_after_failures) >= set(OPTIONS.stop_after_failures)
    assert (guards.max_rows, guards.type_from_rows, guards.typed_by_person) == (100, 50, True)


def test_the_file_adds_guards_and_is_named_in_the_notes(tmp_path: Path) -> None:
    """What a file beside the roster brings about is told; nothing else of it is said to have been used."""
    (tmp_path / "bulktap.toml").write_text('[guards]\nmax-rows = 5\nallow = "*@a.org"\n', "utf-8")

    settings = with_saved_mapping(tmp_path / "r.csv", RunSettings(Path()))

    assert settings.care.guards == Guards(allow=(("*@a.org",),), max_rows=5)
    assert settings.reading.notes == ("bulktap.toml beside the roster adds guards: max-rows, allow.",)


@pytest.mark.parametrize(
    "text", ["guards = 3", "[guards]\nmaxrows = 5", "[[guards]]\nmax-rows = 5", '[guards]\nallow = ["x"]']
)
def test_wrong_guards_in_the_file_stop_the_command(tmp_path: Path, text: str) -> None:
    """With the file's name; a hint says what to do."""
    (tmp_path / "bulktap.toml").write_text(text, "utf-8")
    with pytest.raises(RosterError, match=r"bulktap\.toml") as caught:
        with_saved_mapping(tmp_path / "r.csv", RunSettings(Path()))
    assert caught.value.hint
