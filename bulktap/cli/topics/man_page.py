"""The manual page: commands and topics as roff, with the macros that groff and mandoc share (man(7))."""

from __future__ import annotations

from inspect import cleandoc
from typing import TYPE_CHECKING

from bulktap.cli.main import COMMANDS, EXAMPLES, cli
from bulktap.cli.topics.topic_list import TOPICS, is_heading, topic_text
from bulktap.version import __version__

if TYPE_CHECKING:
    from collections.abc import Iterator


def man_page() -> str:
    """Return the page, as `man ./bulktap.1` shows it."""
    return "\n".join([*_beginning(), *(line for name in TOPICS for line in _section(name, topic_text(name)))]) + "\n"


def _beginning() -> Iterator[str]:
    said, _, more = cleandoc(cli.help or "").partition("\n\n")
    yield f'.TH BULKTAP 1 "" "bulktap {__version__}" "User commands"'
    yield ".SH NAME"
    yield f"bulktap \\- {_escaped(said[0].lower() + said.rstrip('.')[1:])}"
    yield ".SH SYNOPSIS"
    yield "\\fBbulktap\\fR \\fICOMMAND\\fR [\\fIOPTION\\fR]... [\\fIROSTER\\fR|\\fIRUN\\fR]"
    yield ".SH DESCRIPTION"
    yield _escaped(more)
    yield ".PP"
    yield "Every command has its options in"
    yield "\\fBbulktap\\fR \\fICOMMAND\\fR \\fB\\-\\-help\\-all\\fR."
    yield ".SH COMMANDS"
    for name, text in COMMANDS.items():
        yield from (".TP", f"\\fB{_escaped(name)}\\fR", _escaped(text))
    yield ".SH EXAMPLES"
    yield from _as_it_stands([line for line in EXAMPLES.splitlines()[2:] if line.strip()])


def _section(name: str, text: str) -> Iterator[str]:
    title, *paragraphs = text.strip("\n").split("\n\n")
    yield f'.SH "{_escaped(name.replace("-", " ").upper())}"'
    yield _escaped(title.partition(": ")[2].capitalize()) + "."
    for paragraph in paragraphs:
        lines = paragraph.split("\n")
        if is_heading(paragraph):
            yield f'.SS "{_escaped(paragraph.capitalize())}"'
        elif any(line.startswith(" ") for line in lines):
            yield from _as_it_stands(lines)
        else:
            yield from (".PP", *map(_escaped, lines))


def _as_it_stands(lines: list[str]) -> Iterator[str]:
    """Yield lines that are not joined; at the margin, since a page is indented by seven columns already."""
    yield from (".PP", ".nf", ".in 2n")
    yield from (_escaped(line.removeprefix("  ")) for line in lines)
    yield from (".in", ".fi")


def _escaped(text: str) -> str:
    """Return text of which roff changes nothing: no hyphen becomes another dash, no line a request."""
    escaped = text.replace("\\", "\\e").replace("-", "\\-").replace("'", "\\(aq").replace("`", "\\(ga")
    lines = escaped.replace("^", "\\(ha").replace("~", "\\(ti").split("\n")
    return "\n".join(f"\\&{line}" if line.startswith(".") else line for line in lines)
