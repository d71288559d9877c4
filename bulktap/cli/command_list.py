"""CommandList: the commands by name, each loaded when it is wanted, so that help of the whole program loads none."""

from __future__ import annotations

from collections.abc import MutableMapping
from importlib import import_module
from typing import TYPE_CHECKING, TypeGuard

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import click


class CommandList(MutableMapping[str, "click.Command"]):
    """What click takes for a dictionary of commands."""

    def __init__(self, names: Iterable[str]) -> None:
        """Take the names; the command of a name stands in the module of that name in `commands`."""
        self._loaded: dict[str, click.Command | None] = dict.fromkeys(names)

    def __getitem__(self, name: str) -> click.Command:
        command = self._loaded[name]
        if command is None:
            module = import_module(f"bulktap.cli.commands.{name}")
            command = self._loaded[name] = next(one for one in vars(module).values() if _is_named(one, name))
        return command

    def __setitem__(self, name: str, command: click.Command) -> None:
        self._loaded[name] = command

    def __delitem__(self, name: str) -> None:
        del self._loaded[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._loaded)

    def __len__(self) -> int:
        return len(self._loaded)


def _is_named(one: object, name: str) -> TypeGuard[click.Command]:
    import click

    return isinstance(one, click.Command) and one.name == name
