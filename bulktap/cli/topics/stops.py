"""What stops the program, and what to do then, read out of the program's own source: the sentences that it raises.

A sentence stands where it is raised, with names of variables for what is filled in. They are shown in capitals here:
`There is no run GIVEN.`
"""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from importlib.resources import files
from typing import TYPE_CHECKING, Final

from bulktap.cli.setting_options import as_option
from bulktap.model.errors import BulktapError
from bulktap.model.setting_names import Command, Setting

if TYPE_CHECKING:
    from collections.abc import Iterator
    from importlib.resources.abc import Traversable

    from bulktap.model.exit_codes import ExitCode

_UNKNOWN: Final = "..."
_NOT_OURS: Final = frozenset({"simulator", "topics", "api.py", "aio.py", "api_context.py", "api_values.py"})
"""Folders and modules that raise nothing of what stops a command."""
_CHECK_MAKERS: Final = frozenset({"warning", "wrong"})
_TWICE: Final = re.compile(r"(?:\.{3}){2,}")
_CHECKS: Final = "from bulktap.model.checks import"
_CONSTANT: Final = re.compile(r"^[A-Z_]+ = ", re.MULTILINE)
_SELF_EVIDENT: Final = 6
"""Letters of our own words; a sentence with fewer says nothing without what is filled in."""


@dataclass(frozen=True, slots=True, order=True)
class Stop:
    """One sentence that ends a command, and what to do about it."""

    exit_code: ExitCode
    message: str
    hint: str


def stop_classes() -> dict[str, type[BulktapError]]:
    """Return every class of what stops the program, by its name."""
    # These stand beside what they are about, and are no part of the tree until they are imported.
    from bulktap.cli import running
    from bulktap.graph.sign_in import sign_in_errors

    del running, sign_in_errors
    found: dict[str, type[BulktapError]] = {}
    waiting: list[type[BulktapError]] = [BulktapError]
    while waiting:
        for one in waiting.pop().__subclasses__():
            if not one.__module__.startswith("bulktap."):  # another program's own
                continue
            found[one.__name__] = one
            waiting.append(one)
    return found


def stops() -> list[Stop]:
    """Return the sentences with a hint, by exit code; each once."""
    classes = stop_classes()
    sources = [_Source(module.read_text("utf-8")) for module in _modules(files("bulktap"))]
    shared = _shared(sources)
    return sorted({stop for one in sources for stop in one.stops(classes, shared)})


def findings() -> list[tuple[str, str]]:
    """Return what checks find that is not in order, each with what to do about it."""
    sources = [_Source(module.read_text("utf-8")) for module in _modules(files("bulktap"))]
    shared = _shared(sources)
    return sorted({finding for one in sources for finding in one.findings(shared)})


def _shared(sources: list[_Source]) -> dict[str, ast.expr]:
    """Return the constants that modules have of each other."""
    return {name: text for one in sources for name, text in one.constants.items() if not name.startswith("_")}


def _modules(folder: Traversable) -> Iterator[Traversable]:
    for one in folder.iterdir():
        if one.name in _NOT_OURS:
            continue
        if one.is_dir():
            yield from _modules(one)
        elif one.name.endswith(".py"):
            yield one


class _Source:
    """The source of one module."""

    def __init__(self, source: str) -> None:
        self._source = source
        known = "hint=" in source or _CHECKS in source or _CONSTANT.search(source)
        self._tree = ast.parse(source) if known else ast.Module([], [])

    @property
    def constants(self) -> dict[str, ast.expr]:
        """Names of the module with what they stand for."""
        return _assigned(self._tree.body)

    def stops(self, classes: dict[str, type[BulktapError]], shared: dict[str, ast.expr]) -> Iterator[Stop]:
        """Yield what is raised here.

        Args:
            classes: what stops the program.
            shared: constants of other modules.
        """
        if "hint=" not in self._source:
            return
        within = shared | self.constants
        bodies = [one for one in ast.walk(self._tree) if isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef)]
        # What stands in a function of a function is found twice, and the inner one comes later.
        told: dict[int, Stop] = {}
        for body in bodies:
            writer = _Writer(within | _assigned(list(_statements(body))))
            for node in ast.walk(body):
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in classes:
                    stop = writer.stop(node, classes[node.func.id].exit_code)
                    if stop is not None:
                        told[id(node)] = stop
        yield from told.values()

    def findings(self, shared: dict[str, ast.expr]) -> Iterator[tuple[str, str]]:
        """Yield what checks of this module find that is not in order.

        Args:
            shared: constants of other modules.
        """
        if _CHECKS not in self._source:
            return
        bodies = [one for one in ast.walk(self._tree) if isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef)]
        within = shared | self.constants | {one.name: text for one in bodies if (text := _returned(one)) is not None}
        for body in bodies:
            for node in ast.walk(body):
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in _CHECK_MAKERS:
                    # A name may stand for another sentence in each branch: what was assigned last before it counts.
                    before = [one for one in _statements(body) if one.lineno < node.lineno]
                    writer = _Writer(within | _assigned(sorted(before, key=lambda one: one.lineno)))
                    if (finding := writer.pair(*node.args[2:4])) is not None:
                        yield finding


def _returned(body: ast.FunctionDef | ast.AsyncFunctionDef) -> ast.expr | None:
    """Return the sentence that a function ends with."""
    last = body.body[-1]
    sentence = last.value if isinstance(last, ast.Return) else None
    return sentence if isinstance(sentence, ast.Constant | ast.JoinedStr | ast.IfExp) else None


def _statements(body: ast.FunctionDef | ast.AsyncFunctionDef) -> Iterator[ast.stmt]:
    return (one for one in ast.walk(body) if isinstance(one, ast.stmt))


def _assigned(statements: list[ast.stmt]) -> dict[str, ast.expr]:
    """Return what names stand for; of one that is assigned to again, the last that can be told."""
    return {
        target.id: one.value
        for one in statements
        if isinstance(one, ast.Assign)
        for target in one.targets
        if isinstance(target, ast.Name) and isinstance(one.value, ast.Constant | ast.JoinedStr | ast.BinOp | ast.IfExp)
    }


class _Writer:
    """Writes the expressions of one function as sentences."""

    def __init__(self, known: dict[str, ast.expr]) -> None:
        """Take what names stand for."""
        self._known = known
        self._open: set[str] = set()
        """Names that are being written, such as one that is added to itself."""

    def stop(self, node: ast.Call, code: ExitCode) -> Stop | None:
        """Return what a call raises; None where too little of it is known."""
        hint = next((one.value for one in node.keywords if one.arg == "hint"), None)
        if not node.args or hint is None:
            return None
        told = self.pair(node.args[0], hint)
        return None if told is None else Stop(code, *told)

    def pair(self, *sentences: ast.expr) -> tuple[str, str] | None:
        """Return a sentence and what to do about it; None where too little of it is known."""
        message, advice = (_TWICE.sub(_UNKNOWN, self.text(one)) for one in sentences)
        told = min(_own_letters(message), _own_letters(advice)) >= _SELF_EVIDENT
        return (message, advice) if told and not message.startswith(_UNKNOWN) else None

    def text(self, node: ast.expr) -> str:
        """Return a text with the names of what is filled in."""
        match node:
            case ast.Constant(str(text)):
                written = text
            case ast.JoinedStr(parts):
                written = "".join(self.text(part) for part in parts)
            case ast.FormattedValue(value):
                written = self.text(value)
            case ast.BinOp(left, ast.Add(), right):
                written = self.text(left) + self.text(right)
            case ast.IfExp(_, body, other):
                written = self.text(body) or self.text(other)
            case _:
                written = self._name(node)
        return written

    def _name(self, node: ast.expr) -> str:
        match node:
            case ast.Name(name) | ast.Call(ast.Name(name)) if name in self._known and name not in self._open:
                self._open.add(name)
                written = self.text(self._known[name])
                self._open.discard(name)
            case ast.Name(name) | ast.Attribute(attr=name) if name.islower():
                written = name.strip("_").replace("_", " ").upper()
            case ast.Attribute(ast.Name("Setting" | "Command")):
                written = _named(node, None)
            case ast.Call(ast.Attribute(ast.Attribute(ast.Name("Setting" | "Command")) as named), [value, *_]):
                written = _named(named, self.text(value))
            case ast.Call(args=[one]) if isinstance(one, ast.Name | ast.Attribute):
                written = self.text(one)
            case _:
                written = _UNKNOWN
        return written


def _named(node: ast.Attribute, value: str | None) -> str:
    """Return a setting or command as it is typed; the folder of a run is called RUN."""
    if ast.unparse(node.value) == "Setting":
        return as_option(Setting[node.attr], value)
    command = Command[node.attr]
    about = "" if value is None else " --reports FOLDER" if command is Command.RUNS else " RUN"
    return f"`bulktap {command.value}{about}`"


def _own_letters(text: str) -> int:
    return sum(letter.islower() for letter in text)
