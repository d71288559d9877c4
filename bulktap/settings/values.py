"""What somebody has set: the value of each setting, and where it comes from."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from bulktap.model.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from bulktap.settings.declaration import Declaration

T = TypeVar("T")


class Origin(StrEnum):
    """Where a value comes from; an earlier one beats a later one."""

    FLAG = "flag"
    """The words of the command, or the arguments of a call."""
    ENVIRONMENT = "environment"
    PROFILE = "profile"
    """A `bulktap.toml`."""
    DEFAULT = "default"


class Given(NamedTuple):
    """A value, and where it comes from."""

    value: object
    origin: Origin
    spelled: str
    """How it was set, as whoever set it would write it: `--multi-use`, `one_time=`."""


class Values:
    """The values of a command's or a call's settings; one that nobody gave has its default."""

    def __init__(
        self,
        given: Mapping[str, Given],
        *,
        profile: str | None = None,
        guards: tuple[tuple[Path, Mapping[str, object]], ...] = (),
    ) -> None:
        """Take the values, by what Python calls their settings.

        Args:
            given: the values.
            profile: the profile that some of them are of.
            guards: guards that files name, which are added to those of the settings.
        """
        self._given = dict(given)
        self.profile = profile
        self.guards = guards

    def of(self, declaration: Declaration[T]) -> T | None:
        """Return the value of a setting; None where nobody said anything, and there is no default."""
        given = self._given.get(declaration.key)
        if given is None or given.value is None:
            return declaration.usual
        return declaration.kind.take(given.value)

    def sure(self, declaration: Declaration[T]) -> T:
        """Return the value of a setting that has a default, or that nothing goes without.

        Raises:
            KeyError: nobody gave it.
        """
        value = self.of(declaration)
        if value is None:
            raise KeyError(declaration.name)
        return value

    def is_set(self, declaration: Declaration[bool]) -> bool:
        """Return true if somebody said yes."""
        return self.of(declaration) is True

    def has(self, declaration: Declaration[Any]) -> bool:
        """Return true if this command or call has the setting at all."""
        return declaration.key in self._given

    def given(self, declaration: Declaration[Any]) -> Given | None:
        """Return the value of a setting with its origin; None if this command or call has no such setting."""
        return self._given.get(declaration.key)

    @property
    def asked(self) -> dict[str, str]:
        """What this very command or call asks for: by setting, how that was written."""
        return {key: given.spelled for key, given in self._given.items() if given.origin is Origin.FLAG}


def from_arguments(declarations: Iterable[Declaration[Any]], arguments: Mapping[str, object]) -> Values:
    """Return the values of a call's keyword arguments.

    Raises:
        UsageError: there is no such setting, or a value is none that it can have.
    """
    known = {declaration.key: declaration for declaration in declarations}
    for key in arguments:
        if key not in known:
            raise UsageError(f"There is no setting {key}.", hint=f"There are {', '.join(known)}.")
    given = {key: value for key, value in arguments.items() if value is not None}
    for key, value in given.items():
        try:
            known[key].kind.take(value)
        except ValueError as wrong:
            raise UsageError(f"{key} cannot be {value!r}: {wrong}", hint=known[key].help) from None
    return Values({key: Given(value, Origin.FLAG, f"{key}=") for key, value in given.items()})
