"""Times without an offset on a computer in UTC: a question before a real run, a word everywhere else."""

from __future__ import annotations

import sys
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from terminal_talk import talk

if TYPE_CHECKING:
    from collections.abc import Sequence

    from whole_run import Program

REAL = {
    "AZURE_TENANT_ID": "contoso.example",
    "AZURE_CLIENT_ID": "11111111-2222-4333-8444-555555555555",
    "AZURE_CLIENT_SECRET": "not-a-secret",
    "BULKTAP_PASSPHRASE": "correct horse battery staple",
    "HTTPS_PROXY": "http://127.0.0.1:9",  # nothing gets out, whatever is asked for
}
LOCAL = [["User", "Pass start"], ["a@contoso.com", "2035-09-03 08:00"], ["b@contoso.com", "2035-09-03 09:00"]]
TOLD = "This computer's time zone is UTC, which may only be because nobody set it"


@pytest.fixture
def in_utc(program: Program) -> Program:
    """The program with a real tenant's settings, on a computer in UTC."""
    kept = {name: value for name, value in program.environment.items() if name != "BULKTAP_TIMEZONE"}
    return replace(program, environment={**kept, **REAL, "TZ": "UTC"})


def asked(program: Program, rows: Sequence[Sequence[str]], *more: str, **environment: str) -> list[str]:
    """Return which questions a real run leaves open before it reaches anybody; its exit code tells whether any."""
    done = program("apply", program.roster(rows), "--yes", "--json", *more, code=None, **environment)
    questions = done.json["error"].get("questions", [])
    assert (done.code == 4) is bool(questions), done.err
    return [question["code"] for question in questions]


def test_without_a_terminal_a_real_run_stops_and_names_the_option(in_utc: Program) -> None:
    """Exit 4, before anything is asked of anybody; the sentence counts the starts."""
    done = in_utc("apply", in_utc.roster(LOCAL), "--yes", code=4)

    assert "2 starts have no time zone, and this computer's is UTC" in done.err
    assert "--timezone UTC or, for example, --timezone Europe/Berlin" in done.err
    assert list(in_utc.cwd.glob("reports/*")) == []


def test_a_plan_for_a_real_tenant_is_asked_about_too(in_utc: Program) -> None:
    """It would be carried out as it was signed; an offline plan, which cannot be, only says it."""
    stopped = in_utc("plan", in_utc.roster(LOCAL), "--json", code=4)
    offline = in_utc("plan", in_utc.roster(LOCAL), "--offline")

    assert [question["code"] for question in stopped.json["error"]["questions"]] == ["timezone-unknown"]
    assert TOLD in offline.err


@pytest.mark.parametrize(
    ("rows", "options"),
    [
        (LOCAL, ()),
        ([["User", "Pass start"], ["a@contoso.com", "2035-09-03T08:00Z"], ["b@contoso.com", "2035-09-04"]], ()),
        ([["User"], ["a@contoso.com"]], ("--start", "2035-09-03 08:00")),
    ],
)
@pytest.mark.parametrize("zone", ["UTC", "Etc/UTC", "Zulu"])
def test_a_time_without_an_offset_is_asked_about(
    in_utc: Program, rows: list[list[str]], options: tuple[str, ...], zone: str
) -> None:
    """Whether it stands in a cell or in an option, and whatever the computer calls UTC."""
    assert asked(in_utc, rows, *options, TZ=zone) == ["timezone-unknown"]


@pytest.mark.parametrize(
    ("rows", "options", "environment"),
    [
        (LOCAL, ("--timezone", "UTC"), {}),
        (LOCAL, (), {"BULKTAP_TIMEZONE": "Europe/Berlin"}),
        (LOCAL, (), {"TZ": "Europe/Berlin"}),
        (LOCAL, (), {"TZ": "Europe/London"}),
        ([["User", "Pass start"], ["a@contoso.com", "2035-09-03T08:00+02:00"]], (), {}),
        ([["User", "Pass start"], ["a@contoso.com", ""]], (), {}),
        ([["User"], ["a@contoso.com"]], ("--start", "2035-09-03T08:00Z"), {}),
        ([["User"], ["a@contoso.com"]], ("--start", "now"), {}),
    ],
)
def test_what_is_said_or_does_not_matter_is_not_asked(
    in_utc: Program, rows: list[list[str]], options: tuple[str, ...], environment: dict[str, str]
) -> None:
    """A named zone, a computer somewhere, offsets, no times at all: the run goes on, here to a proxy that is none."""
    assert asked(in_utc, rows, *options, **environment) == []


def test_a_bulktap_toml_names_the_zone_too(in_utc: Program) -> None:
    """What was settled once is not asked again."""
    (in_utc.cwd / "bulktap.toml").write_text('[roster]\ntimezone = "Europe/Berlin"\n', "utf-8")

    assert asked(in_utc, LOCAL) == []


@pytest.mark.parametrize("command", [("apply", "--simulate", "--yes"), ("plan", "--simulate"), ("plan", "--offline")])
def test_rehearsals_and_dry_runs_only_say_it(in_utc: Program, command: tuple[str, ...]) -> None:
    """README's first command goes through; what is said names the option."""
    done = in_utc(command[0], in_utc.roster(LOCAL), *command[1:])

    assert TOLD in done.err
    assert "--timezone Europe/Berlin" in done.err
    assert "2035-09-03 08:00" in done.err


def test_a_named_zone_leaves_nothing_to_say(in_utc: Program) -> None:
    """UTC because somebody said so is no guess."""
    done = in_utc("plan", in_utc.roster(LOCAL), "--offline", "--timezone", "UTC")

    assert TOLD not in done.err


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pseudo-terminals")
@pytest.mark.parametrize(("answer", "zone"), [("1", "UTC"), ("America/New_York", "America/New_York")])
def test_on_a_terminal_it_is_asked_and_answered(in_utc: Program, answer: str, zone: str) -> None:
    """By the choice's number or by a zone; then the run goes on, and what was answered can be kept."""
    _, shown = talk(
        in_utc, ["apply", in_utc.roster(LOCAL), "--yes"], [("for example Europe/Berlin]", answer), ("[yes/no]", "yes")]
    )

    assert "Row 2: 2035-09-03 08:00 in UTC is 2035-09-03 10:00 in Berlin." in shown
    assert f'timezone = "{zone}"' in (in_utc.cwd / "bulktap.toml").read_text("utf-8")
