"""A rehearsal waits for less than a real run, and its weather is made for that."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bulktap.cli import options
from bulktap.cli.console import Console, ScreenSettings
from bulktap.cli.main import cli
from bulktap.cli.rehearsal import rehearsal_settings, tenants_in_reach
from bulktap.model.clock import SystemClock
from bulktap.settings.slices import run_settings, sending_wishes
from bulktap.simulator.weather import read_weather

if TYPE_CHECKING:
    from bulktap.settings.values import Values

REAL, REHEARSED = (100.0, 30.0), (8.0, 2.0)


def given(command: str, *arguments: str) -> Values:
    """Return the settings of a command's arguments."""
    context = cli.commands[command].make_context(command, list(arguments))
    return options.values(context, context.params)


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ((), REAL),
        (("--simulate",), REHEARSED),
        (("--simulate-tenant", "tenant.json"), REHEARSED),
        (("--simulate", "--reply-timeout", "20s"), (20.0, 2.0)),
        (("--simulate", "--settle-wait", "500ms"), (8.0, 0.5)),
        (("--reply-timeout", "8s"), (8.0, 30.0)),
    ],
)
def test_a_new_run_waits_for_less_if_it_is_a_rehearsal(
    arguments: tuple[str, ...], expected: tuple[float, float]
) -> None:
    """What the options say wins in both."""
    reach = tenants_in_reach(given("apply", "roster.csv", *arguments), Console(ScreenSettings()), SystemClock())
    wanted = reach.rehearses
    sending = run_settings(given("apply", "roster.csv", *arguments)).sending.to(rehearsal=wanted)

    assert (sending.reply_timeout, sending.settle_wait) == expected


@pytest.mark.parametrize("variable", ["BULKTAP_REPLY_TIMEOUT", "BULKTAP_SETTLE_WAIT"])
def test_what_a_variable_says_counts_as_said(monkeypatch: pytest.MonkeyPatch, variable: str) -> None:
    """A rehearsal with the timeouts of a real run is what somebody may want to see."""
    monkeypatch.setenv(variable, "77s")

    sending = run_settings(given("apply", "roster.csv", "--simulate")).sending.to(rehearsal=True)

    assert 77.0 in {sending.reply_timeout, sending.settle_wait}


@pytest.mark.parametrize(("rehearsal", "expected"), [(True, REHEARSED), (False, REAL)])
def test_a_resumed_run_waits_as_it_did_at_first(rehearsal: bool, expected: tuple[float, float]) -> None:
    """No option says that it is a rehearsal: its folder does."""
    sending = sending_wishes(given("resume")).to(rehearsal=rehearsal)

    assert (sending.reply_timeout, sending.settle_wait) == expected


@pytest.mark.parametrize(
    ("arguments", "delay"),
    [
        ((), 9.0),
        (("--simulate-weather", "storm"), 9.0),
        (("--simulate-weather", "storm,seed=7"), 9.0),
        (("--simulate-weather", "storm,seed=7,delay=4"), 4.0),
        (("--reply-timeout", "3s"), 4.0),
        (("--reply-timeout", "500ms", "--settle-wait", "500ms"), 0.75),
    ],
)
def test_a_delayed_reply_comes_later_than_it_is_awaited(arguments: tuple[str, ...], delay: float) -> None:
    """And its effect comes before the lost reply is looked into, unless the weather says otherwise."""
    settings = rehearsal_settings(given("apply", "roster.csv", "--simulate", *arguments))

    assert read_weather(settings.weather).delay == delay
