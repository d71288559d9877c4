"""The options of commands, made of the declarations of the settings, and what was typed as values of these.

Every option has an environment variable `BULKTAP_<OPTION>`; sign-in uses azure-identity's names besides.
"""

from __future__ import annotations

import sys
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click
from click.core import ParameterSource

from bulktap.cli.console import ScreenSettings
from bulktap.cli.help import DeclaredOption
from bulktap.cli.option_types import Place, files_meant, type_of
from bulktap.cli.run_words import RosterOrRun, Run, columns_of_run
from bulktap.model.errors import UsageError
from bulktap.settings import declarations as declared
from bulktap.settings import kinds
from bulktap.settings import run_declarations as run_declared
from bulktap.settings import sign_in_declarations as sign_in_declared
from bulktap.settings.environment import (
    secret_variable,
    user_configuration_folder,
    variable_text,
    wants_multi_use,
)
from bulktap.settings.values import Given, Origin, Values

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from bulktap.cli.passphrase import PassphraseSource
    from bulktap.settings.declaration import Declaration
    from bulktap.settings.profiles import Profiled

Command = TypeVar("Command", bound="Callable[..., Any]")


class Rosters(click.Argument):
    """Files, or a pattern of their names, which the shells of Windows leave to the programs that they start."""

    def type_cast_value(self, ctx: click.Context, value: Any) -> Any:
        """Return the paths; click has told nothing of the words yet."""
        if sys.platform == "win32" and value:
            value = tuple(found for word in value for found in files_meant(word))
        return super().type_cast_value(ctx, value)


ROSTER = Place(path_type=Path)
ROSTER_OR_RUN = RosterOrRun(path_type=Path)
RUN = Run(path_type=Path, readable=False)
_ORIGINS = {
    ParameterSource.COMMANDLINE: Origin.FLAG,
    ParameterSource.PROMPT: Origin.FLAG,
    ParameterSource.ENVIRONMENT: Origin.ENVIRONMENT,
}


def option(declaration: Declaration[Any]) -> Callable[[Command], Command]:
    """Return the option that sets a setting."""
    name = f"--{declaration.name}"
    details: dict[str, Any] = {
        "envvar": list(declaration.variables) if declaration.more_variables else declaration.variables[0],
        "help": declaration.help,
    }
    match declaration.kind:
        case kinds.Flag() if declaration.opposite:
            name += f"/--{declaration.opposite}"
            details |= {"default": None, "callback": _said_by_the_opposite}
        case kinds.Flag():
            details |= {"is_flag": True}
        case kinds.Words() | kinds.Codes() | kinds.UserPatterns():
            details |= {"multiple": True}
        case _:
            pass
    if not isinstance(declaration.kind, kinds.Flag):
        details |= {
            "type": type_of(declaration.kind),
            "default": declaration.default,
            "metavar": declaration.metavar,
            "show_default": declaration.default_told,
            "required": declaration.required,
        }
    if declaration.names_column:
        details["shell_complete"] = columns_of_run
    # Click counts a default of None as one that was given.
    details = {key: value for key, value in details.items() if key == "default" or value is not None}
    if details.get("default") is None and not declaration.opposite:
        details.pop("default", None)
    return click.option(
        name, *declaration.short, declaration.key, cls=DeclaredOption, declaration=declaration, **details
    )


def _said_by_the_opposite(context: click.Context, parameter: click.Parameter, one_time: bool | None) -> bool | None:
    """Let `BULKTAP_MULTI_USE` say the opposite of `BULKTAP_ONE_TIME`."""
    text = wants_multi_use()
    if one_time is None and text:
        return not click.BOOL.convert(text, parameter, context)
    return one_time


def settings(
    *declarations: Declaration[Any], profiles: bool = True
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Return a decorator that gives a command its options, in the order in which help shows them.

    The command is called with its arguments and `chosen`, the values of its settings: what click knows of them ends
    here.

    Args:
        declarations: the settings.
        profiles: False for a command that reads profiles by itself, to say what is wrong with them.
    """

    def decorate(command: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(command)
        def with_values(**given: object) -> object:
            keys = {declaration.key for declaration in declarations}
            arguments = {name: value for name, value in given.items() if name not in keys}
            found = values(click.get_current_context(), given)
            if not profiles:
                return command(**arguments, chosen=found)
            roster = arguments.get("roster")
            first = roster[0] if isinstance(roster, tuple) and roster else roster
            beside = folder_beside(first) if isinstance(first, Path) else None
            return command(**arguments, chosen=with_profile(found, declarations, beside))

        found: Callable[..., Any] = with_values
        for declaration in reversed(declarations):
            found = option(declaration)(found)
        return found

    return decorate


def folder_beside(roster: Path) -> Path | None:
    """Return the folder of a roster, which is the roster itself if that is a folder; None for a run, or for nothing."""
    if roster.is_dir():
        return None if (roster / "plan.json").exists() else roster
    return roster.parent if roster.is_file() else None


def with_profile(chosen: Values, declarations: Sequence[Declaration[Any]], beside: Path | None) -> Values:
    """Return the values with what variables say of what is no option, and a profile of what nobody said.

    Args:
        chosen: what was typed, and what variables say.
        declarations: the settings of the command.
        beside: the folder of the roster, where there is one.

    Raises:
        UsageError: a profile cannot be read.
    """
    if sign_in_declared.PROFILE not in declarations:
        return chosen
    return settled_by(chosen, declarations, profiles_for(chosen, beside))


def profiles_for(chosen: Values, beside: Path | None) -> Profiled:
    """Return what profiles say to a command; see `with_profile`."""
    from bulktap.settings.profiles import profiled

    users_own = user_configuration_folder()
    places = [place for place in dict.fromkeys((beside, users_own)) if place is not None]
    return profiled(chosen.of(sign_in_declared.PROFILE), places, users_own)


def settled_by(chosen: Values, declarations: Sequence[Declaration[Any]], found: Profiled) -> Values:
    """Return the values with what variables say of what is no option, and what profiles say of what nobody said."""
    settled: dict[str, Given] = {}
    for one in (*declarations, *sign_in_declared.ENDPOINTS):
        said = chosen.given(one)
        if said is None and one in sign_in_declared.ENDPOINTS:
            said = variable_of(one)
        if (said is None or said.origin is Origin.DEFAULT) and one.key in found.given:
            said = found.given[one.key]
        if said is not None:
            settled[one.key] = said
    return Values(settled, profile=found.name, guards=found.guards)


def variable_of(declaration: Declaration[Any]) -> Given | None:
    """Return what a variable says of a setting that is no option.

    Raises:
        UsageError: it cannot be meant.
    """
    found = variable_text(declaration)
    if found is None:
        return None
    name, text = found
    try:
        return Given(declaration.kind.take(text), Origin.ENVIRONMENT, name)
    except ValueError as wrong:
        raise UsageError(f"The variable {name} cannot be meant: {wrong}", hint=declaration.help) from None


def values(context: click.Context, given: Mapping[str, object]) -> Values:
    """Return what was typed, and what variables say, as values of the settings."""
    found = {}
    for parameter in context.command.params:
        key = parameter.name
        if isinstance(parameter, click.Option) and key in given:
            spellings = parameter.secondary_opts if given[key] is False else ()
            found[key] = Given(given[key], _origin(context, key), (spellings or parameter.opts)[0])
    return Values(found)


def _origin(context: click.Context, key: str) -> Origin:
    source = context.get_parameter_source(key)
    return Origin.DEFAULT if source is None else _ORIGINS.get(source, Origin.DEFAULT)


def screen_settings(chosen: Values) -> ScreenSettings:
    """Return how much is shown."""
    return ScreenSettings(
        chosen.is_set(declared.JSON),
        chosen.is_set(declared.QUIET),
        chosen.is_set(declared.VERBOSE),
        not chosen.is_set(declared.NO_PROGRESS),
    )


def passphrase_source(chosen: Values, *, new: bool) -> PassphraseSource:
    """Return where the passphrase comes from: a new run's, or that of an earlier one."""
    from bulktap.cli.passphrase import PassphraseSource

    return PassphraseSource(
        chosen.of(declared.PASSPHRASE_FILE),
        chosen.of(declared.PASSPHRASE_COMMAND),
        chosen.is_set(declared.GENERATE_PASSPHRASE),
        secret_variable("BULKTAP_PASSPHRASE"),
        new=new,
        workbook_file=chosen.of(declared.WORKBOOK_PASSPHRASE_FILE),
        workbook_environment=None if new else secret_variable("BULKTAP_WORKBOOK_PASSPHRASE"),
    )


def new_passphrase_source(chosen: Values) -> PassphraseSource | None:
    """Return where another passphrase for an earlier run comes from; None if it is to keep its own.

    Raises:
        UsageError: it is said where it comes from, and not that it is wanted.
    """
    from bulktap.cli.passphrase import PassphraseSource

    file, command = chosen.of(run_declared.NEW_PASSPHRASE_FILE), chosen.of(run_declared.NEW_PASSPHRASE_COMMAND)
    made_up = chosen.is_set(run_declared.MAKE_UP_PASSPHRASE)
    if chosen.is_set(run_declared.NEW_PASSPHRASE):
        environment = secret_variable("BULKTAP_NEW_PASSPHRASE")
        return PassphraseSource(file, command, made_up, environment, new=True, prefix="new-")
    if file is not None or command is not None or made_up:
        raise UsageError(
            "This says where a new passphrase comes from, and not that the run is to have one.",
            hint="Add --new-passphrase.",
        )
    return None
