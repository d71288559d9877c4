"""What bash and PowerShell make of a line: a reader of each, for the plain lines that documents tell people to type.

They know words, quotes, variables that are set, `>`, and what stands between commands. Whatever else either shell
would do something with (wildcards, a comma, an unquoted dollar) is refused, so that what both read alike means the same
to both, PowerShell 5.1 included.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable


class NotPlain(ValueError):
    """A line has something that these readers do not know, or that a shell would not pass on as it is."""


@dataclass(frozen=True)
class Started:
    """A program is started with these words, its name first."""

    words: tuple[str, ...]
    into: str = ""
    """The file that its output goes to."""


@dataclass(frozen=True)
class Set:
    """A variable of the environment is set."""

    name: str
    value: str


@dataclass(frozen=True)
class SetFrom:
    """Variables are set from a file of lines NAME=value."""

    file: str


@dataclass(frozen=True)
class Activated:
    """A virtual environment is activated."""

    folder: str


Step = Started | Set | SetFrom | Activated

_NEXT: Final = "\n"
"""The token between two commands."""
_INTO: Final = ">"
_BASH_MEANS: Final = frozenset("$`|&<()*?[]{}!~\\")
_POWERSHELL_MEANS: Final = frozenset("$`|&<(){},@;")
_POWERSHELL_READS: Final = re.compile(
    r"Get-Content (\S+) \| ForEach-Object \{ \$name, \$value = \$_ -split '=', 2; Set-Item \"env:\$name\" \$value \}"
)
"""The one pipeline that is known: it sets a variable for each line NAME=value."""
_BASH_READS: Final = re.compile(r"while IFS='=' read -r name value; do export \"\$name=\$value\"; done < (\S+)")
"""The one loop that is known; it does the same."""
_POWERSHELL_SETS: Final = re.compile(r"\$env:(\w+) = '([^']*)'")


@dataclass(frozen=True)
class _Token:
    text: str
    is_word: bool


def bash(text: str) -> list[Step]:
    """Return what bash does with these lines.

    Raises:
        NotPlain: that is more than these readers know.
    """
    joined = re.sub(r"\\\n\s*", " ", text)
    joined = re.sub(r"&&\s*", ";", joined)
    steps: list[Step] = []
    for line in joined.splitlines():
        if known := _BASH_READS.fullmatch(line):
            steps.append(SetFrom(_alike(known[1])))
            continue
        for words, into in _commands(_tokens(line, _bash_word)):
            match words:
                case ("source", script) if script.endswith("/bin/activate"):
                    steps.append(Activated(script.removesuffix("/bin/activate")))
                case ("export", setting):
                    steps.append(Set(*setting.split("=", 1)))
                case _:
                    steps.append(_started(words, into))
    return steps


def powershell(text: str) -> list[Step]:
    """Return what PowerShell does with these lines.

    Raises:
        NotPlain: that is more than these readers know.
    """
    steps: list[Step] = []
    for line in re.sub(r"`\n\s*", " ", text).splitlines():
        if known := _POWERSHELL_READS.fullmatch(line):
            steps.append(SetFrom(_alike(known[1])))
        elif known := _POWERSHELL_SETS.fullmatch(line):
            steps.append(Set(known[1], known[2]))
        else:
            for words, into in _commands(_tokens(line, _powershell_word)):
                folder, found, _ = words[0].partition("\\Scripts\\Activate.ps1")
                steps.append(Activated(folder) if found else _started(words, into))
    return steps


def _tokens(text: str, read_word: Callable[[str, int], tuple[str, int]]) -> list[_Token]:
    """Return words, ends of commands and redirections, one after the other."""
    tokens, place = [], 0
    while place < len(text):
        letter = text[place]
        if letter in " \t":
            place += 1
        elif letter == "#":
            place = (text + "\n").index("\n", place)
        elif letter in ";\n":
            tokens.append(_Token(_NEXT, is_word=False))
            place += 1
        elif letter == ">":
            tokens.append(_Token(_INTO, is_word=False))
            place += 1
        else:
            word, place = read_word(text, place)
            tokens.append(_Token(word, is_word=True))
    return tokens


def _commands(tokens: list[_Token]) -> list[tuple[tuple[str, ...], str]]:
    """Return each command's words, and the file that its output goes to."""
    found: list[tuple[tuple[str, ...], str]] = []
    words: list[str] = []
    into: list[str] | None = None
    for token in [*tokens, _Token(_NEXT, is_word=False)]:
        if token.is_word and into is None:
            words.append(token.text)
        elif token.is_word and into == []:
            into = [token.text]
        elif token.text == _INTO and into is None:
            into = []
        elif token.text == _NEXT and into != []:
            if words:
                found.append((tuple(words), into[0] if into else ""))
            words, into = [], None
        else:
            raise NotPlain("a redirection without a file, or with two")
    return found


def _bash_word(text: str, place: int) -> tuple[str, int]:
    word = ""
    while place < len(text) and (letter := text[place]) not in " \t\n;>":
        if letter in "'\"":
            part, place = _quoted(text, place, "$`\\!" if letter == '"' else "")
            word += part
        elif letter in _BASH_MEANS:
            raise NotPlain(f"bash does something with {letter!r} in {text!r}")
        else:
            word, place = word + letter, place + 1
    return word, place


def _powershell_word(text: str, place: int) -> tuple[str, int]:
    word, begins, is_quoted = "", place, text[place] in "'\""
    while place < len(text) and (letter := text[place]) not in " \t\n;>":
        if is_quoted and place > begins:
            raise NotPlain(f"PowerShell ends a word at its closing quote in {text!r}")
        if letter in "'\"":
            part, place = _quoted(text, place, "$`" if letter == '"' else "")
            word += part
        elif letter in _POWERSHELL_MEANS and (letter != "@" or place == begins):
            raise NotPlain(f"PowerShell does something with {letter!r} in {text!r}")
        else:
            word, place = word + letter, place + 1
    if not word or '"' in word:
        raise NotPlain(f"Windows PowerShell 5.1 does not pass {word!r} on as it is")
    if re.match(r"-[^-]*[.:]", word) and not is_quoted:
        raise NotPlain(f"PowerShell parts {word!r} in two")
    return word, place


def _quoted(text: str, place: int, meant: str) -> tuple[str, int]:
    """Return what stands between quotes, and the place behind them."""
    end = text.find(text[place], place + 1)
    inside = text[place + 1 : end]
    if end < 0 or set(inside) & set(meant):
        raise NotPlain(f"a quote without its end, or with something in it that the shell reads: {text!r}")
    return inside, end + 1


def _started(words: tuple[str, ...], into: str) -> Started:
    if words[:2] == ("py", "-3"):
        words = ("python3", *words[2:])
    name = re.sub(r"^(.*)[/\\](?:bin|Scripts)[/\\]", r"\1/bin/", words[0])
    return Started((name, *(_alike(word) for word in words[1:])), _alike(into))


def _alike(path: str) -> str:
    """Return a path as any platform may write it."""
    return path.replace("\\", "/").removeprefix("./")


def told_once(text: str) -> list[str]:
    """Return the commands that stand in a text between backquotes, each on one line."""
    found = re.findall(r"`(bulktap(?: [^`]*)?)`", re.sub(r"```.*?```", "", text, flags=re.DOTALL))
    return sorted({" ".join(one.split()) for one in found})
