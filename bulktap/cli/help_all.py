"""--help-all: every option of a command, and of the program the help of every command; it imports nothing of these."""

from __future__ import annotations

import click

WIDTH = 80
"""Columns of a terminal that nobody has made wider."""
_ALL = "bulktap.help-all"


def help_all_option() -> click.Option:
    """Return the option that shows all help."""
    return click.Option(
        ["--help-all"],
        is_flag=True,
        is_eager=True,
        expose_value=False,
        callback=_show_all,
        help="Show every option.",
    )


def _show_all(context: click.Context, parameter: click.Parameter, wanted: bool) -> None:
    del parameter
    if wanted and not context.resilient_parsing:
        context.meta[_ALL] = True
        click.echo(context.get_help(), color=context.color)
        context.exit()


def wants_all(context: click.Context) -> bool:
    """Return True if all help is wanted."""
    return context.meta.get(_ALL) is True
