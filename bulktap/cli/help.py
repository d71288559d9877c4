"""Help: examples first, then the options in groups, the usual ones by `--help` and all of them by `--help-all`.

What stands in which group is said where the setting is declared. Nothing is imported for help that a command needs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from bulktap.cli.help_all import help_all_option, wants_all
from bulktap.cli.wrapping import wrapped
from bulktap.model.plain_text import width_of
from bulktap.settings import kinds
from bulktap.settings.declarations import MOST_ROWS
from bulktap.settings.environment import variable_text
from bulktap.settings.help_groups import Group

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bulktap.settings.declaration import Declaration

_FEW = 12
"""Options of a command that are all shown at once."""
_WIDEST_NAME = 26
_INDENT = 2
_VALUES: dict[type[Any], str] = {
    kinds.Whole: "N",
    kinds.Number: "NUMBER",
    kinds.PerSecond: "RATE",
    kinds.LimitProfile: "LIMIT",
    kinds.Length: "TIME",
}
"""What help calls a value of a kind whose setting says nothing else."""


class DeclaredOption(click.Option):
    """The option of a declared setting."""

    def __init__(self, *names: Any, declaration: Declaration[Any], **details: Any) -> None:
        """Take what click wants, and the declaration."""
        super().__init__(*names, **details)
        self.declaration = declaration

    def resolve_envvar_value(self, ctx: click.Context) -> str | None:
        """Return what a variable says, without what came along with it."""
        del ctx
        found = variable_text(self.declaration)
        return None if found is None else found[1]

    def get_error_hint(self, ctx: click.Context | None) -> str:
        """Return what a sentence about a wrong value calls the option, with the variable that has it."""
        hint = str(super().get_error_hint(ctx))
        if ctx is None or ctx.get_parameter_source(self.name or "") is not click.core.ParameterSource.ENVIRONMENT:
            return hint
        found = variable_text(self.declaration)
        return hint if found is None else f"{hint} (variable {found[0]})"

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        """Return how the option is written, and what it does."""
        del ctx
        short = [name for name in self.opts if not name.startswith("--")]
        long = [name for name in self.opts if name.startswith("--")]
        names = ", ".join([*short, *long])
        if self.secondary_opts:
            names += " / " + ", ".join(self.secondary_opts)
        value = _value_of(self.declaration)
        said = "; ".join(_particulars(self.declaration))
        return f"{names} {value}".rstrip(), self.declaration.help + (f" [{said}]" if said else "")


def _value_of(declaration: Declaration[Any]) -> str:
    match declaration.kind:
        case kinds.Flag():
            return ""
        case _ if declaration.metavar:
            return declaration.metavar
        case kinds.Choice(words):
            return "|".join(words)
        case kinds.Place(file):
            return "FILE" if file else "FOLDER"
        case kind:
            return _VALUES.get(type(kind), "TEXT")


def _particulars(declaration: Declaration[Any]) -> Iterable[str]:
    if isinstance(declaration.kind, kinds.Words | kinds.UserPatterns):
        yield "repeatable"
    if declaration.required:
        yield "required"
    if declaration.default_told:
        told = declaration.default_told
        yield f"default: {declaration.default if told is True else told}"
    match declaration.kind:
        case kinds.Whole(int(least), int(most)) if most < MOST_ROWS:
            yield f"{least} to {most}"
        case _:
            pass


class GroupedCommand(click.Command):
    """A command whose help is read from the top: what it does, examples, options by what they are about."""

    def get_params(self, ctx: click.Context) -> list[click.Parameter]:
        """Return the parameters, with the one that shows all help."""
        return [*super().get_params(ctx), help_all_option()]

    def format_help(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the help."""
        self.format_usage(ctx, formatter)
        self.format_help_text(ctx, formatter)
        self.format_epilog(ctx, formatter)
        self.format_options(ctx, formatter)
        self.format_more(ctx, formatter)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options that are wanted, group by group."""
        declared = [one for one in self.params if isinstance(one, DeclaredOption)]
        everything = wants_all(ctx) or len(declared) <= _FEW
        shown = [one for one in declared if everything or one.declaration.common]
        for group in Group:
            records = [one.get_help_record(ctx) for one in shown if one.declaration.group is group]
            write_definitions(formatter, group.value, [record for record in records if record is not None])
        others = [("-h, --help", "Show the usual options."), ("--help-all", "Show every option.")]
        write_definitions(formatter, "Help", [("-h, --help, --help-all", "Show this.")] if everything else others)

    def format_more(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write what a command adds at the end."""


def write_definitions(formatter: click.HelpFormatter, heading: str, records: Sequence[tuple[str, str]]) -> None:
    """Write names with what is said of each, below a heading; no word is broken, at its hyphens neither."""
    if not records:
        return
    formatter.write(f"\n{heading}:\n")
    column = min(max(width_of(name) for name, _ in records), _WIDEST_NAME) + 2 * _INDENT
    for name, text in records:
        beginning = " " * _INDENT + name
        gap = " " * (column - width_of(beginning))
        lines = wrapped(text, formatter.width - column).split("\n")
        first = f"{beginning}{gap}{lines.pop(0)}" if len(gap) >= _INDENT else beginning
        formatter.write("\n".join([first, *(" " * column + line for line in lines)]) + "\n")
