"""What is common to the options of all commands."""

from __future__ import annotations

import click
import pytest

from bulktap.cli.main import cli

OPTIONS = [
    pytest.param(option, id=f"{name} {option.opts[-1]}")
    for name, command in cli.commands.items()
    for option in command.params
    if isinstance(option, click.Option) and name != "help"  # which sets nothing
]


def names(option: click.Option) -> set[str]:
    """Return the long names of an option, the opposite of a flag among them."""
    return {name for name in (*option.opts, *option.secondary_opts) if name.startswith("--")}


@pytest.mark.parametrize("option", OPTIONS)
def test_every_option_has_an_environment_variable(option: click.Option) -> None:
    """`BULKTAP_` and its name, so that nobody has to look it up."""
    variables = {option.envvar} if isinstance(option.envvar, str) else set(option.envvar or ())
    expected = {"BULKTAP_" + name.removeprefix("--").replace("-", "_").upper() for name in names(option)}

    # The opposite of a flag is read by the flag's callback.
    assert expected - {"BULKTAP_MULTI_USE"} <= variables


@pytest.mark.parametrize("option", OPTIONS)
def test_every_option_is_explained(option: click.Option) -> None:
    """One sentence in the help, ended like one."""
    assert option.help is not None
    assert option.help.endswith(".")


@pytest.mark.parametrize(
    ("variable", "name", "text", "value"),
    [
        ("BULKTAP_COLUMN", "column", "user=Login name\nstart=Pass start", ("user=Login name", "start=Pass start")),
        ("BULKTAP_SHEET", "sheet", "Class list", ("Class list",)),
        ("BULKTAP_ONLY", "only", "Class=7 a", ("Class=7 a",)),
        ("BULKTAP_ONLY", "only", "2\n3\r\n", ("2", "3")),
        ("BULKTAP_ONE_TIME", "one_time", "1", True),
        ("BULKTAP_MULTI_USE", "one_time", "1", False),
        ("BULKTAP_WHAT_IF", "dry", "1", True),
        ("BULKTAP_DRY_RUN", "dry", "1", True),
        ("BULKTAP_SETTLE_WAIT", "settle_wait", "2m", 120.0),
    ],
)
def test_what_a_variable_says_is_what_the_option_would_say(
    monkeypatch: pytest.MonkeyPatch, variable: str, name: str, text: str, value: object
) -> None:
    """Headings and sheets hold blanks; several values stand on a line each."""
    monkeypatch.setenv(variable, text)

    context = cli.commands["apply"].make_context("apply", ["roster.csv"])

    assert context.params[name] == value
