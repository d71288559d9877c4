"""Answers that are kept when planning is stopped: whole ones, young ones, of the same tenant, for this user alone."""

from __future__ import annotations

import json
import stat
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from bulktap.model.passes import AccessPass
from bulktap.model.plan import UserFinding
from bulktap.model.row_error_catalogue import about_users
from bulktap.operations.kept_answers import KeptAnswers
from bulktap.operations.user_place import UserPlace

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

NOW = datetime(2035, 9, 1, 8, 0, tzinfo=UTC)
LIVE = AccessPass("p1", NOW - timedelta(hours=1), NOW - timedelta(hours=1), 120, True, True, "EnabledByPolicy")
FOUND = UserFinding(
    object_id="abcdef00-0000-4000-8000-000000000001",
    upn="Anna@contoso.com",
    display_name="Anna \u0141",
    given_name="Anna",
    enabled=True,
    live_pass=LIVE,
    listed_at=NOW,
)


def _answers(place: Path | None, now: datetime = NOW, **access: Any) -> KeptAnswers:
    members = {"tenant_id": "t", "graph_url": "https://graph.microsoft.com", "rehearsal": False} | access
    clock = SimpleNamespace(now=lambda: now)
    way: Any = SimpleNamespace(service_clock=clock, **members)
    return KeptAnswers(None if place is None else UserPlace(place), way)


def _file(place: Path) -> Path:
    (file,) = (place / "look-ups").iterdir()
    return file


def test_what_is_kept_is_what_was_found_out(tmp_path: Path) -> None:
    """Every member of it, for this user alone to read; until it is dropped."""
    _answers(tmp_path).keep({"anna@contoso.com": FOUND, "b": replace(FOUND, live_pass=None, surname="B")})

    assert _answers(tmp_path).load() == {
        "anna@contoso.com": FOUND,
        "b": replace(FOUND, live_pass=None, surname="B"),
    }
    if sys.platform != "win32":
        assert stat.S_IMODE(_file(tmp_path).stat().st_mode) == 0o600
    _answers(tmp_path).drop()
    assert _answers(tmp_path).load() == {}
    _answers(tmp_path).drop()


@pytest.mark.parametrize(
    ("minutes", "there"), [(0, True), (9.9, True), (10, False), (60, False), (-1, True), (-5, False)]
)
def test_only_young_answers_are_used(tmp_path: Path, minutes: float, there: bool) -> None:
    """Ten minutes by the service's clock; one from the future is none."""
    _answers(tmp_path).keep({"anna@contoso.com": FOUND})
    assert bool(_answers(tmp_path, NOW + timedelta(minutes=minutes)).load()) is there


def test_a_pass_that_has_ended_meanwhile_is_none(tmp_path: Path) -> None:
    """Nobody is passed over for it."""
    ending = replace(FOUND, live_pass=replace(LIVE, lifetime_minutes=63))
    _answers(tmp_path).keep({"anna@contoso.com": ending})
    assert _answers(tmp_path, NOW + timedelta(minutes=2)).load()["anna@contoso.com"].live_pass is not None
    assert _answers(tmp_path, NOW + timedelta(minutes=4)).load()["anna@contoso.com"].live_pass is None


@pytest.mark.parametrize(
    "finding",
    [
        replace(FOUND, error=about_users.user_not_found("x")),
        replace(FOUND, object_id=None),
        UserFinding(),
        replace(FOUND, listed_at=None),
    ],
)
def test_what_is_not_whole_is_asked_again(tmp_path: Path, finding: UserFinding) -> None:
    """A fault may have been mended meanwhile, and half an answer is none."""
    _answers(tmp_path).keep({"anna@contoso.com": finding})
    assert _answers(tmp_path).load() == {}


@pytest.mark.parametrize(
    "access", [{"tenant_id": "u"}, {"graph_url": "https://graph.microsoft.us"}, {"rehearsal": True}]
)
def test_another_tenants_answers_are_not_ours(tmp_path: Path, access: dict[str, Any]) -> None:
    """Nor those of another cloud; a rehearsal's tenant may be another one each time."""
    _answers(tmp_path).keep({"anna@contoso.com": FOUND})
    assert _answers(tmp_path, **access).load() == {}


def test_where_there_is_no_place_nothing_is_kept(tmp_path: Path) -> None:
    """Neither without one nor where it cannot be written."""
    (tmp_path / "file").write_bytes(b"")
    for place in (None, tmp_path / "file"):
        _answers(place).keep({"anna@contoso.com": FOUND})
        assert _answers(place).load() == {}


@pytest.mark.parametrize(
    "change",
    [
        lambda members: members | {"schema": 1},
        lambda members: members | {"tenant": "v"},
        lambda members: members | {"users": []},
        lambda members: members | {"users": {"a": []}},
        lambda members: members | {"users": {"a": members["users"]["anna@contoso.com"] | {"object_id": "../x"}}},
        lambda members: members | {"users": {"a": members["users"]["anna@contoso.com"] | {"listed_at": "soon"}}},
        lambda members: (
            members | {"users": {"a": members["users"]["anna@contoso.com"] | {"listed_at": "2035-09-01T08:00:00"}}}
        ),
        lambda members: members | {"users": {"a": members["users"]["anna@contoso.com"] | {"enabled": "yes"}}},
        lambda members: members | {"users": {"a": members["users"]["anna@contoso.com"] | {"live_pass": {}}}},
        lambda _: {},
    ],
)
def test_a_file_that_was_changed_is_no_answer(
    tmp_path: Path, change: Callable[[dict[str, Any]], dict[str, Any]]
) -> None:
    """Everybody is asked about again."""
    _answers(tmp_path).keep({"anna@contoso.com": FOUND})
    members = json.loads(_file(tmp_path).read_bytes())
    _file(tmp_path).write_text(json.dumps(change(members)), "utf-8")
    assert _answers(tmp_path).load() == {}


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights of their own on Windows")
def test_a_link_is_not_followed(tmp_path: Path) -> None:
    """Whatever it leads to."""
    _answers(tmp_path).keep({"anna@contoso.com": FOUND})
    file = _file(tmp_path)
    file.rename(tmp_path / "elsewhere")
    file.symlink_to(tmp_path / "elsewhere")
    assert _answers(tmp_path).load() == {}
