"""Option, variable, profile beside the roster, the user's own profile, default: which wins, of every setting."""

from __future__ import annotations

import json
from itertools import islice
from typing import TYPE_CHECKING, Any

import click
import pytest
from click.testing import CliRunner

from bulktap.cli.options import ROSTER, settings
from bulktap.settings import kinds
from bulktap.settings import sign_in_declarations as sign_in_declared
from bulktap.settings.environment import user_configuration_folder
from bulktap.settings.every_declaration import every_declaration
from bulktap.settings.profile_files import keepable
from bulktap.settings.values import Origin, Values

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from bulktap.settings.declaration import Declaration

PLACES = ("option", "variable", "beside", "own")
"""Where a value can stand; the first of those that have one wins."""
ORIGINS = (Origin.FLAG, Origin.ENVIRONMENT, Origin.PROFILE, Origin.PROFILE)
BY_NAME = {one.name: one for one in reversed(every_declaration())}  # each as it is said first
OPTIONS = sorted(set(BY_NAME) - {one.name for one in (sign_in_declared.PROFILE, *sign_in_declared.ENDPOINTS)})
WORDS: dict[type, tuple[str, ...]] = {
    kinds.Flag: ("true", "false", "true", "false"),
    kinds.PerSecond: ("1/s", "2/s", "3/s", "4/s"),
    kinds.LimitProfile: ("none", "directory", "reports", "20/s"),
    kinds.Failures: ("1", "2", "3%", "4"),
    kinds.UserPatterns: ("*@a.example", "*@b.example", "*@c.example", "*@d.example"),
    kinds.Length: ("1s", "2s", "3s", "4s"),
    kinds.Minutes: ("1m", "2h", "3h", "4d"),
    kinds.Encoding: ("utf-8", "cp1252", "utf-16", "latin-1"),
}


def words_of(kind: kinds.Kind[Any]) -> tuple[str, ...]:
    """Return a value for each place, as somebody types it; what stands behind another differs from it."""
    match kind:
        case kinds.Choice(words) | kinds.Codes(words):
            return tuple(words[number % len(words)] for number in range(len(PLACES)))
        case kinds.Whole(least, _most):
            return tuple(str((least or 0) + number) for number in range(len(PLACES)))
        case kinds.Number(least, most):
            return tuple(str(least + (most - least) * number / 8) for number in range(len(PLACES)))
        case _:
            return WORDS.get(type(kind), ("word-a", "word-b", "word-c", "word-d"))


class Here:
    """A roster with a file beside it, the user's own folder, and a command with one setting."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        for name in ("HOME", "USERPROFILE", "XDG_CONFIG_HOME", "APPDATA"):
            monkeypatch.setenv(name, str(folder / "home"))
        own = user_configuration_folder()
        assert own is not None
        self.folders = {"beside": folder / "rosters", "own": own, "option": folder, "variable": folder}
        for place in self.folders.values():
            place.mkdir(parents=True, exist_ok=True)
        self.roster = self.folders["beside"] / "roster.csv"
        self.roster.write_text("User\n")

    def place(self, one: Declaration[Any], where: str, word: str) -> str:
        """Return what is to be typed there: of a path, one of something that is there."""
        if not isinstance(one.kind, kinds.Place):
            return word
        there = self.folders[where] / word
        if one.kind.file:
            there.write_text("")
        else:
            there.mkdir(exist_ok=True)
        return word if where in {"beside", "own"} else str(there)

    def wanted(self, one: Declaration[Any], where: str, word: str) -> object:
        """Return the value that is meant by it there."""
        if isinstance(one.kind, kinds.Place):
            return self.folders[where] / word
        return typed(one.kind, word)

    def said(self, one: Declaration[Any], told: dict[str, str]) -> Values:
        """Return the values of a command with the setting, where these places say something."""
        kept: list[Values] = []
        for where in ("beside", "own"):
            line = f"{one.name} = {json.dumps(plain(one.kind, told[where]))}" if where in told else ""
            (self.folders[where] / "bulktap.toml").write_text(f"[profiles.default]\n{line}\n")
        arguments = [str(self.roster)]
        if "option" in told:
            flag = isinstance(one.kind, kinds.Flag)
            arguments = [*arguments, f"--{one.name}", *([] if flag else [told["option"]])]
        given = (sign_in_declared.PROFILE,) if one in sign_in_declared.ENDPOINTS else (one, sign_in_declared.PROFILE)

        @click.command
        @click.argument("roster", type=ROSTER)
        @settings(*given)
        def command(roster: Path, chosen: Values) -> None:
            assert roster == self.roster
            kept.append(chosen)

        environment = dict.fromkeys(one.variables) | {one.variables[0]: told.get("variable")}
        done = CliRunner().invoke(command, arguments, env=environment, catch_exceptions=False)
        assert done.exit_code == 0, done.output
        return kept[0]


def typed(kind: kinds.Kind[Any], word: str) -> object:
    """Return the value that is meant by what somebody types."""
    return kind.take(plain(kind, word))


def plain(kind: kinds.Kind[Any], word: str) -> object:
    """Return what a file writes in the place of what somebody types."""
    if isinstance(kind, kinds.Flag):
        return word == "true"
    return int(word) if isinstance(kind, kinds.Whole) else float(word) if isinstance(kind, kinds.Number) else word


def places_of(one: Declaration[Any]) -> Iterator[str]:
    """Yield where the setting may stand: what runs a program or leads elsewhere, not beside a roster."""
    if one not in sign_in_declared.ENDPOINTS:
        yield "option"
    yield "variable"
    if one.name in keepable():
        if one not in sign_in_declared.ENDPOINTS and not one.name.endswith("-command"):
            yield "beside"
        yield "own"


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Here:
    """The places, in which nothing is said yet."""
    return Here(tmp_path, monkeypatch)


@pytest.mark.parametrize("name", [*OPTIONS, *(one.name for one in sign_in_declared.ENDPOINTS)])
def test_the_nearest_place_that_says_something_wins(here: Here, name: str) -> None:
    """Each place says something else; they fall silent one after another, and at last the default counts."""
    one = BY_NAME[name]
    words = dict(zip(PLACES, words_of(one.kind), strict=True))
    places = list(places_of(one))

    for behind, where in enumerate(places):
        told = {place: here.place(one, place, words[place]) for place in islice(places, behind, None)}
        chosen = here.said(one, told)
        given = chosen.given(one)
        assert given is not None
        assert (chosen.of(one), given.origin) == (
            here.wanted(one, where, words[where]),
            dict(zip(PLACES, ORIGINS, strict=True))[where],
        )

    if not one.required:
        left = here.said(one, {})
        assert left.of(one) == one.usual or (one.usual is None and left.of(one) in {False, ()})


def test_hardly_a_setting_is_left_out() -> None:
    """All that are declared, but the choice of the profile itself."""
    assert {*OPTIONS, *(one.name for one in sign_in_declared.ENDPOINTS)} == {
        one.name for one in every_declaration()
    } - {sign_in_declared.PROFILE.name}
