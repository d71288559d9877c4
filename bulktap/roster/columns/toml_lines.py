"""TOML as lines: one value set in a text whose other lines, comments and line ends stay as they are.

It knows the common way of writing tables, a header in a line of its own and a key in each line; whoever changes a text
reads the result with `tomllib` and compares.
"""

from __future__ import annotations

import re

from bulktap.model.late_patterns import LatePattern

_TABLE = LatePattern(r"\s*\[")


def with_value(text: str, title: str, name: str, value: str) -> str:
    """Return a text in which a key of a table has this value, spelled as TOML spells it; added where it was not."""
    lines = text.splitlines(keepends=True)
    end = "\r\n" if lines and lines[0].endswith("\r\n") else "\n"
    if lines and not lines[-1].endswith("\n"):
        lines[-1] += end
    header = re.compile(rf"\ufeff?\s*\[\s*[\"']?{re.escape(title)}[\"']?\s*\]\s*(#.*)?$")
    begin = next((place for place, line in enumerate(lines) if header.match(line.rstrip())), None)
    if begin is None:
        gap = [end] if lines and lines[-1].strip() else []
        return "".join([*lines, *gap, f"[{title}]{end}", f"{name} = {value}{end}"])
    after = next((place for place in range(begin + 1, len(lines)) if _TABLE.match(lines[place])), len(lines))
    key = re.compile(rf"\s*[\"']?{re.escape(name)}[\"']?\s*=")
    found = next((place for place in range(begin + 1, after) if key.match(lines[place])), None)
    if found is None:
        while after > begin + 1 and not lines[after - 1].strip():
            after -= 1
        lines.insert(after, f"{name} = {value}{end}")
    else:
        last = _last_line(lines, found)
        lines[found : last + 1] = [f"{name} = {value}{_comment(''.join(lines[found : last + 1]))}{end}"]
    return "".join(lines)


def _last_line(lines: list[str], first: int) -> int:
    """Return the last line of the value that begins in a line: a list may take several."""
    for last in range(first, len(lines)):
        if _parsed("".join(lines[first : last + 1])) is not None:
            return last
    return first


def _comment(line: str) -> str:
    """Return the comment behind a value, with a blank before it; empty if there is none."""
    line = line.rstrip()
    for place, letter in enumerate(line):
        if letter == "#" and _parsed(line[:place]) is not None:
            return f"  {line[place:]}"
    return ""


def _parsed(text: str) -> dict[str, object] | None:
    import tomllib

    try:
        return tomllib.loads(text)
    except ValueError:
        return None
