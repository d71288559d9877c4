"""What the rooms below the command line leave to it, and what settings have in common."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import bulktap
from bulktap.cli.main import cli
from bulktap.roster.reading_options import OPTION_NAMES
from bulktap.settings import roster_declarations as roster_declared
from bulktap.settings.every_declaration import ROOMS, every_declaration

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bulktap.settings.declaration import Declaration

ROOT = Path(bulktap.__file__).parent
MODULES = sorted(ROOT.rglob("*.py"))
BELOW = [path for path in MODULES if path.relative_to(ROOT).parts[0] not in {"cli", "simulator", "__main__.py"}]
TALKING = [
    path
    for path in BELOW
    if path.relative_to(ROOT).parts[0] in {"operations", "settings"} and "declarations.py" not in path.name
]
READS_VARIABLES = {"settings/environment.py", "cli/private_process.py"}
"""The only module that reads settings from the environment, and the one that overwrites secrets in it."""
OPTION = re.compile(r"(?<![\w-])--[a-z][a-z-]+")


COMMAND = re.compile(rf"\bbulktap ({'|'.join(cli.commands)})\b")
SPEAK_OF_COMMANDS = {"results", "settings", "api_context.py"}
"""What writes files, which are the command line's whoever began the run; what describes options; and what sends a
rehearsal of the command line back to it."""


def _room(path: Path) -> str:
    """Return the first name of a module's path."""
    return path.relative_to(ROOT).parts[0]


def name(path: Path) -> str:
    """Return a module's name for the list of tests."""
    return path.relative_to(ROOT).as_posix()


def imports(path: Path) -> Iterator[str]:
    """Yield what a module imports."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or ""


def test_nothing_below_the_command_line_knows_click() -> None:
    """What click makes of a command's words ends at the border."""
    assert [name(path) for path in BELOW if any(one.split(".")[0] == "click" for one in imports(path))] == []


def test_nothing_below_the_command_line_prints() -> None:
    """Nor writes to the standard streams by another way."""
    found = re.compile(r"(?<![\w.])print\(|\bsys\.std(out|err)\b")
    assert [name(path) for path in BELOW if found.search(path.read_text("utf-8"))] == []


def test_the_environment_is_read_in_one_module() -> None:
    """But for the one that takes secrets out of memory; what urllib says of proxies comes from there too."""
    reading = re.compile(
        r"\bos\.(environb?|getenvb?)\b|from os import [^\n]*(environ|getenv)|\b(getprox|proxy_bypass|expandvars)"
    )
    code = {name(path): _without_words(path) for path in MODULES}
    assert {module for module, text in code.items() if reading.search(text)} - {
        module for module in code if module.startswith("simulator/")
    } == READS_VARIABLES


@pytest.mark.parametrize("path", TALKING, ids=name)
def test_no_sentence_of_an_operation_names_an_option(path: Path) -> None:
    """It names a setting, which whoever shows the sentence spells; a command to type is no name of a setting."""
    found = [text for text in _texts(path) if OPTION.search(text) and "bulktap " not in text]
    assert found == []


@pytest.mark.parametrize("path", [path for path in BELOW if _room(path) not in SPEAK_OF_COMMANDS], ids=name)
def test_no_sentence_below_the_command_line_names_a_command(path: Path) -> None:
    """It names a `Command`, which whoever shows the sentence writes as a command or as a call."""
    assert [text for text in _texts(path) if COMMAND.search(text)] == []


def test_click_values_become_settings_at_the_border() -> None:
    """No dictionary of them travels through the command line's own modules."""
    assert [name(path) for path in MODULES if "given: dict" in path.read_text("utf-8")] == []


def test_what_can_be_said_about_reading_is_declared_as_a_setting() -> None:
    """One declaration each, under the name that `bulktap.toml` and a saved plan use; `inactive` is no option yet."""
    declared = {one.name for one in roster_declared.READING}
    assert set(OPTION_NAMES) - {"inactive"} <= declared


def test_no_room_of_declarations_is_forgotten() -> None:
    """Help, profiles and the topics are made of what the rooms declare."""
    rooms = {path.stem for path in (ROOT / "settings").glob("*declarations.py")}
    assert {room.__name__.rpartition(".")[2] for room in ROOMS} == rooms


@pytest.mark.parametrize(
    "declaration",
    every_declaration(),
    ids=lambda one: f"{one.name}-{one.help[:9]}",
)
def test_the_usual_value_of_a_setting_is_one_that_it_can_have(declaration: Declaration[object]) -> None:
    """As somebody would type it, or as a value; and its help is a sentence."""
    assert declaration.default is None or declaration.usual is not None
    assert declaration.help.endswith(".")
    assert declaration.key.isidentifier()


def _without_words(path: Path) -> str:
    """Return a module's code without comments and texts."""
    tokens = tokenize.generate_tokens(io.StringIO(path.read_text("utf-8")).readline)
    return "".join(token.string for token in tokens if token.type not in {tokenize.COMMENT, tokenize.STRING})


def _texts(path: Path) -> list[str]:
    """Return the texts in a module that are no docstrings."""
    tree = ast.parse(path.read_text("utf-8"))
    told = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    return [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in told
    ]
