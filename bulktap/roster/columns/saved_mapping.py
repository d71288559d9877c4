"""`bulktap.toml` beside the roster: how such files are read, for next semester.

    [roster]
    sheet = ["7A", "7B"]          # one name, or several that are read as one
    header-row = 4
    hidden-rows = "skip"          # or "include"
    encoding = "cp1252"
    domain = "contoso.com"
    timezone = "Europe/Berlin"
    date-order = "dmy"            # or "mdy", "ymd", "swapped", "as-is"
    inactive = "include"          # or "skip", as without it

    [columns]
    user = "Login name"
    start = "Pick-up"

    [guards]
    allow = "*@students.contoso.com"
    max-rows = 500

The names are those of the options; every line may be left out. An option that is given with the command wins. What is
not known here is refused, so that a typo is not silently without effect. Guards are an exception to what wins: an
option adds to them and takes none of them away.
"""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bulktap.model.errors import RosterError
from bulktap.model.plain_text import marked_encoding
from bulktap.model.plan import Field
from bulktap.roster.columns import toml_lines
from bulktap.roster.columns.column_choice import IN_WORDS
from bulktap.roster.columns.toml_name import FILE_NAME, misnamed_in
from bulktap.roster.reading_options import OPTION_NAMES, WrongOptionError, from_table, to_table
from bulktap.storage import complete_file
from bulktap.storage.files import patiently

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bulktap.roster.reading_options import ReadingOptions

_COLUMN = "column"
"""The option that has a table of its own."""
_MOST_BYTES = 100_000
_MARK = "\ufeff"
"""A byte order mark, as Windows' editors write it."""
_HINT = "Its tables are [roster], [columns], [guards] and [profiles.NAME]; the names in them are those of the options."
_AWAY = "Correct it, or take it away."
_LINE = (
    'Write each line as name = "value": words stand between straight quotes; numbers, true and false go without; lists '
    'are ["one", "other"].'
)
_SINGLE_QUOTES = (
    "Write a path of Windows in single quotes, 'C:\\Users\\ann\\app.pfx': in double ones a backslash means more."
)


def saved_mapping(roster: Path) -> ReadingOptions | None:
    """Return what the `bulktap.toml` in a roster's folder says; None if there is none, or the roster is no file.

    Raises:
        RosterError: it cannot be read, or says something that bulktap does not know.
    """
    path, told = _read(roster)
    if told is None:
        return None
    told.pop("guards", None)
    told.pop("profiles", None)  # settings of commands, which are read where those are
    table, columns = told.pop("roster", {}), told.pop("columns", {})
    if told or not isinstance(table, dict) or not isinstance(columns, dict):
        raise RosterError(f"{path}: [{next(iter(told), 'roster')}] is not known.", hint=_HINT)
    for name, heading in columns.items():
        if name not in set(Field) or not isinstance(heading, str) or not heading.strip():
            message = f"{path}: {name} in [columns] is not the heading of a known field."
            hint = f'Write for example user = "Login name". The fields are: {", ".join(Field)}.'
            raise RosterError(message, hint=hint)
    try:
        options = from_table(table | {_COLUMN: columns})
    except WrongOptionError as wrong:
        raise RosterError(f"{path}: {wrong}.", hint=f"Write {wrong.name} = … with {wrong.what}.") from None
    if unknown := [name for name in table if name not in OPTION_NAMES or name == _COLUMN]:
        raise RosterError(f"{path}: {unknown[0]} is not known in [roster].", hint=_HINT)
    return options


def saved_guards(roster: Path) -> Mapping[str, object]:
    """Return what the `[guards]` of the `bulktap.toml` in a roster's folder say, as they stand there.

    Raises:
        RosterError: the file cannot be read.
    """
    path, told = _read(roster)
    guards = (told or {}).get("guards", {})
    if not isinstance(guards, dict):
        raise RosterError(f"{path}: guards is not a table.", hint=_HINT)
    return guards


def wrong_guards(roster: Path, wrong: ValueError) -> RosterError:
    """Return what is said of guards that cannot be meant."""
    return RosterError(f"{_home(roster) / FILE_NAME}, [guards]: {wrong}", hint=_AWAY)


def _read(roster: Path) -> tuple[Path, dict[str, Any] | None]:
    """Return where the file of a roster would be, and its tables, if there is one."""
    path = _home(roster) / FILE_NAME
    if roster == Path("-"):
        return path, None
    if not path.is_file():
        _require_no_other_name(path.parent)
        return path, None
    import tomllib

    content = b""
    try:
        with path.open("rb") as file:
            content = file.read(_MOST_BYTES + 1)
        if len(content) > _MOST_BYTES:
            raise RosterError(f"{path} has more than {_MOST_BYTES:,} bytes, which no such file needs.", hint=_AWAY)
        told = tomllib.loads(_text_of(content).removeprefix(_MARK))
    # A ValueError is also what Python says of a number of more than 4,300 digits, and `tomllib` lets it through.
    except (OSError, ValueError, RecursionError) as error:
        raise RosterError(f"{path} cannot be read: {error}.", hint=hint_on(content)) from None
    return path, told


def hint_on(content: bytes) -> str:
    """Return what to do about a file that is no TOML; a path of Windows in double quotes is none."""
    return _SINGLE_QUOTES if b"\\" in content else _LINE


def _require_no_other_name(folder: Path) -> None:
    """Make sure that no such file lies there under a name by which it, and guards in it, would not be found.

    Raises:
        RosterError: one does.
    """
    found = misnamed_in(folder)
    if found is not None:
        raise RosterError(
            f"{found} looks like a {FILE_NAME}, and has another name.",
            hint=f"Rename it to {FILE_NAME}, or take it away.",
        )


def _text_of(content: bytes) -> str:
    """Return the text of a file, with its byte order mark; what Windows PowerShell 5.1 redirects is UTF-16.

    Raises:
        ValueError: it is in another encoding.
    """
    try:
        encoding = marked_encoding(content)
        return (_MARK if encoding != "utf-8" else "") + content.decode(encoding)
    except UnicodeDecodeError:
        raise ValueError("it is neither UTF-8 nor UTF-16 with a byte order mark") from None


def as_note(options: ReadingOptions) -> str:
    """Return the sentence for the notes of a roster that is read with the options of a `bulktap.toml`."""
    taken = [f"{heading} for {IN_WORDS[field]}" for field, heading in options.columns.items()]
    table = to_table(options)
    others = [f"{name} {_toml(value)}" for name, value in table.items() if name != _COLUMN]
    said = [f"it takes {', '.join(taken)}"] if taken else []
    said += [f"it sets {', '.join(others)}"] if others else []
    return f"{FILE_NAME} beside the roster was used: {'; '.join(said) or 'it says nothing'}."


def place_beside(roster: Path) -> Path | None:
    """Return where the `bulktap.toml` of a roster is, or would be; None if the roster is no file in a folder."""
    there = roster != Path("-") and (roster.is_file() or roster.is_dir())
    return _home(roster) / FILE_NAME if there else None


def _home(roster: Path) -> Path:
    """Return where the file lies: beside a roster, or in it if it is a folder."""
    return roster if roster.is_dir() else roster.parent


def keep(place: Path, answers: ReadingOptions, like: Path) -> None:
    """Write answers into a `bulktap.toml`, whose other lines stay as they are.

    Args:
        place: the file, which need not be there.
        answers: what it is to say.
        like: a file whose readers are to be able to read a new one.

    Raises:
        DiskRefuses: it cannot be written.
        RosterError: it is not written in a way in which lines can be added.
    """
    place = place.resolve() if place.exists() else place
    try:
        text = _text_of(place.read_bytes()) if place.exists() else ""
        new = with_answers(text, answers)
    except (OSError, ValueError) as error:
        hint = "Write the lines above into it yourself."
        raise RosterError(f"{place} cannot be changed: {error}.", hint=hint) from None
    with complete_file(place) as temporary:
        patiently(lambda: temporary.write_bytes(new.encode("utf-8")), opening=True)
        if sys.platform != "win32":
            shutil.copymode(place if place.exists() else like, temporary)


def with_answers(text: str, answers: ReadingOptions) -> str:
    """Return the text of a `bulktap.toml` that says these answers too; pure.

    Raises:
        ValueError: the text is written in a way in which lines cannot be exchanged.
    """
    import tomllib

    told = _tables(answers)
    expected = tomllib.loads(text.removeprefix(_MARK))
    for title, table in told.items():
        for name, value in table.items():
            text = toml_lines.with_value(text, title, name, _toml(value))
            expected.setdefault(title, {})[name] = value
    if tomllib.loads(text.removeprefix(_MARK)) != expected:
        raise ValueError("its lines are not as bulktap writes them")
    return text


def guards_note(guards: Mapping[str, object]) -> str:
    """Return the sentence that names the guards of a `bulktap.toml`."""
    return f"{FILE_NAME} beside the roster adds guards: {', '.join(guards)}."


def as_toml(options: ReadingOptions) -> str:
    """Return the text of a `bulktap.toml` that says this."""
    return "\n".join(line for title, table in _tables(options).items() for line in _lines(title, table))


def _tables(options: ReadingOptions) -> dict[str, dict[str, object]]:
    """Return the tables that a `bulktap.toml` says this with; an empty one is not there."""
    table = to_table(options)
    columns = table.pop(_COLUMN, None)
    if len(options.sheets) == 1:
        table["sheet"] = options.sheets[0]
    named = {str(name): heading for name, heading in columns.items()} if isinstance(columns, dict) else {}
    return {title: found for title, found in (("roster", table), ("columns", named)) if found}


def _lines(title: str, table: Mapping[str, object]) -> list[str]:
    return [f"[{title}]", *(f"{name} = {_toml(value)}" for name, value in table.items()), ""]


def _toml(value: object) -> str:
    """Return a value in TOML's spelling, which for texts, numbers and lists is that of JSON (TOML 1.0)."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
