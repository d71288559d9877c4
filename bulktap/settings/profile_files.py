"""What stands in a `bulktap.toml`, read as settings: what its profiles may hold, and what they say to a command."""

from __future__ import annotations

from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bulktap.model.errors import UsageError
from bulktap.model.plain_text import marked_encoding
from bulktap.model.plan import Field
from bulktap.model.setting_names import Setting
from bulktap.roster.columns.toml_name import FILE_NAME
from bulktap.settings import declarations as declared
from bulktap.settings import handout_declarations as handout_declared
from bulktap.settings import issued_declarations as issued_declared
from bulktap.settings import kinds
from bulktap.settings import roster_declarations as roster_declared
from bulktap.settings import sign_in_declarations as sign_in_declared
from bulktap.settings.every_declaration import every_declaration
from bulktap.settings.profiles import USUAL, Profiled, has_profiles
from bulktap.settings.values import Given, Origin

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from bulktap.settings.declaration import Declaration

_MOST_BYTES = 100_000
_TABLES = frozenset({"columns", "guards"})
_TOP = frozenset({"profiles", "guards", "roster", "columns"})
"""What such a file holds; the last two are of the rosters beside it."""
_SECRETS = ("secret", "password", "passphrase", "passcode", "token", "key", "pin", "pwd", "credential", "assertion")
"""Words in the names of what may hold a secret; where one is kept (`-file`, `-command`) is none."""
_TEXTS = (kinds.Text, kinds.Choice, kinds.Place, kinds.Line, kinds.RunName, kinds.Encoding, kinds.Words, kinds.Codes)
"""Kinds of values that are written in quotes."""
_BARE = frozenset({declared.LIFETIME.name, declared.ASSUME.name})
"""Settings of these kinds that may be a number by itself: minutes, and creates a second."""
_OWN_ONLY = frozenset(one.name for one in sign_in_declared.ENDPOINTS)
"""Settings that say where secrets go and who is believed there: the user's own file alone may say so."""
_NOT_KEPT: frozenset[Declaration[Any]] = frozenset(
    {
        sign_in_declared.PROFILE, declared.NAME, declared.YES, declared.DRY_RUN, declared.ONLY, declared.EXCEPT,
        declared.LIMIT, declared.ACCEPT, declared.NAMES, declared.START, declared.TICKET, declared.REASON,
        declared.JSON, declared.OFFLINE, handout_declared.PRINT, issued_declared.NOT_RECEIVED, issued_declared.UNSERVED,
        roster_declared.COLUMN, *roster_declared.LISTS, *declared.REHEARSAL, *declared.GUARDS,
    }
)  # fmt: skip
"""What is decided anew each time, and what has a table of its own."""


@dataclass(frozen=True, slots=True)
class ProfileFile:
    """A `bulktap.toml` that may hold profiles."""

    path: Path
    profiles: Mapping[str, Mapping[str, object]]
    guards: Mapping[str, object] = field(default_factory=dict)
    """Those of every profile."""
    reading: frozenset[str] = frozenset()
    """The settings of reading that it has for the rosters beside it, by what Python calls them."""


def said_in(paths: Sequence[Path], name: str | None, places: Sequence[Path], users_own: Path | None) -> Profiled:
    """Return what the profiles of these files say; see `profiles.profiled`."""
    files = [found for path in paths if (found := read_profiles(path)) is not None]
    having = [one for one in files if (name or USUAL) in one.profiles]
    guards = [(one.path, one.guards) for one in files if one.guards and one.path.parent == users_own]
    if name is not None and not having:
        known = sorted({known for one in files for known in one.profiles})
        verb = "is" if len(known) == 1 else "are"
        there = f"There {verb} {', '.join(known)}." if known else f"No {FILE_NAME} has profiles."
        near = get_close_matches(name.casefold(), {one.casefold(): one for one in known}, 1)
        if near:
            meant = next(one for one in known if one.casefold() == near[0])
            there = f"Did you mean {meant}? {there}"
        looked = " or ".join(str(place / FILE_NAME) for place in places) or "a configuration folder"
        raise UsageError(f"There is no profile {name}.", hint=f"{there} They are looked for in {looked}.")
    taken: dict[str, Given] = {}
    beside = frozenset[str]().union(*(one.reading for one in files if one.path.parent != users_own))
    for one in reversed(having):
        table = one.profiles[name or USUAL]
        if not _is_own(one.path, users_own):
            _require_harmless(one.path, name or USUAL, table, users_own)
        said = given_by(one.path, name or USUAL, table)
        # What lies beside the roster was written for it.
        taken |= {key: value for key, value in said.items() if one.path.parent != users_own or key not in beside}
        own = table.get("guards")
        if isinstance(own, dict):
            guards.append((one.path, own))
    return Profiled((name or USUAL) if having else None, taken, tuple(guards))


def _is_own(path: Path, users_own: Path | None) -> bool:
    return users_own is not None and path.parent.resolve() == users_own.resolve()


def _require_harmless(path: Path, profile: str, table: Mapping[str, object], users_own: Path | None) -> None:
    """Refuse what would run a program, or send secrets elsewhere: the file may have come with the roster.

    Raises:
        UsageError: it says so.
    """
    found = next((name for name in table if name in _OWN_ONLY or name.endswith("-command")), None)
    if found is None:
        return
    own = "your own folder" if users_own is None else str(users_own / FILE_NAME)
    raise UsageError(
        f"[profiles.{profile}] in {path} sets {found}; one beside a roster must not, since it may have come with it.",
        hint=f"Take it out. What you want for yourself may stand in {own}, or in a variable.",
    )


def read_profiles(path: Path) -> ProfileFile | None:
    """Return the profiles of a file; None if it is not there.

    Raises:
        UsageError: it cannot be read.
    """
    if not has_profiles(path):
        return None
    import tomllib

    data = b""
    try:
        with path.open("rb") as file:
            data = file.read(_MOST_BYTES + 1)
        if len(data) > _MOST_BYTES:
            raise ValueError(f"it has more than {_MOST_BYTES:,} bytes")
        told = tomllib.loads(_decoded(data))
    except (OSError, ValueError, RecursionError) as error:
        from bulktap.roster.columns.saved_mapping import hint_on

        reason = getattr(error, "strerror", None) or error
        raise UsageError(f"{path} cannot be read: {reason}.", hint=hint_on(data)) from None
    _require_known(path, told)
    _require_no_secret(path, told)
    profiles, guards = told.get("profiles", {}), told.get("guards", {})
    if not isinstance(profiles, dict) or not all(isinstance(table, dict) for table in profiles.values()):
        hint = f"Write for example [profiles.{USUAL}] above the settings."
        raise UsageError(f"{path}: [profiles] holds settings, not profiles.", hint=hint)
    reading = {name.replace("-", "_") for name in told.get("roster", {})} | ({"column"} if "columns" in told else set())
    return ProfileFile(path, profiles, guards, frozenset(reading))


def _require_known(path: Path, told: Mapping[str, object]) -> None:
    """Refuse what stands above or beside the tables: whoever wrote it takes it for a setting or a guard that counts.

    Raises:
        UsageError: there is something.
    """
    for name, value in told.items():
        if name not in _TOP:
            if _holds_secret(name, value):
                raise _secret(str(path), name)
            if isinstance(value, dict):
                near = get_close_matches(name, _TOP, 1)
                meant = "profiles.default" if name == USUAL else near[0] if near else ""
                tables = "Its tables are [profiles.NAME], [guards], [roster] and [columns]."
                raise UsageError(
                    f"{path}: [{name}] is not known.", hint=f"Did you mean [{meant}]?" if meant else tables
                )
            raise UsageError(
                f"{path}: {name} stands above every table.",
                hint=f"Write [profiles.{USUAL}] above the settings, or [guards] above the guards.",
            )
        if name != "profiles" and not isinstance(value, dict):
            raise UsageError(f"{path}: {name} is not a table.", hint=f"Write [{name}] above what is meant.")


def _require_no_secret(path: Path, told: Mapping[str, object]) -> None:
    """Refuse a secret wherever it stands: in a profile that is not used, among guards, or below a table of its own.

    Raises:
        UsageError: there is one.
    """
    profiles = told.get("profiles")
    tables = [(f"[{name}] in {path}", table) for name, table in told.items() if name != "profiles"]
    if isinstance(profiles, dict):
        tables += [(f"[profiles.{name}] in {path}", table) for name, table in profiles.items()]
    known = {one.name for one in every_declaration()} | {one.value for one in Field}
    for where, table in tables:
        for name, value in _named_in(table, known):
            if _holds_secret(name, value):
                raise _secret(where, name)


def _named_in(table: object, known: Collection[str]) -> Iterator[tuple[str, object]]:
    """Yield what a table holds under names that are no setting's; what stands in a setting's place is looked into."""
    for name, value in table.items() if isinstance(table, dict) else ():
        if name not in known and name not in _TABLES:
            yield name, value
            continue
        for one in value if isinstance(value, list) else [value]:
            yield from _named_in(one, known)


def _decoded(data: bytes) -> str:
    try:
        return data.decode(marked_encoding(data))
    except UnicodeDecodeError:
        raise ValueError("it is neither UTF-8 nor UTF-16 with a byte order mark") from None


def keepable() -> Mapping[str, Declaration[Any]]:
    """Return the settings that a profile may hold, by name."""
    not_kept = {one.name for one in _NOT_KEPT}
    found: dict[str, Declaration[Any]] = {}
    for one in every_declaration():
        if one.name not in not_kept:
            found.setdefault(one.name, one)  # some commands say it again in words of their own
    return found


def given_by(path: Path, profile: str, table: Mapping[str, object]) -> dict[str, Given]:
    """Return what a profile of a file says, by what Python calls the settings.

    Raises:
        UsageError: it says what is not known, or cannot be meant.
    """
    known = keepable()
    where = f"[profiles.{profile}] in {path}"
    told: dict[str, Given] = {}
    for name, value in table.items():
        if name in _TABLES:
            if not isinstance(value, dict):
                raise UsageError(
                    f"{where}: {name} is not a table.", hint=f"Write [profiles.{profile}.{name}] above it."
                )
            if name == "columns":
                told[roster_declared.COLUMN.key] = Given(_columns(where, value), Origin.PROFILE, where)
            continue
        if name not in known:
            raise _not_known(where, name, known, value)
        told[known[name].key] = Given(_value(path, where, known[name], value), Origin.PROFILE, where)
    return told


def _columns(where: str, table: Mapping[str, object]) -> tuple[str, ...]:
    for name, heading in table.items():
        if name not in set(Field) or not isinstance(heading, str):
            raise UsageError(
                f"{where}: {name} under columns is not the heading of a known field.",
                hint=f'Write for example user = "Login name". The fields are: {", ".join(Field)}.',
            )
    return tuple(f"{name}={heading}" for name, heading in table.items())


def _value(path: Path, where: str, declaration: Declaration[Any], value: object) -> object:
    try:
        _require_plain(declaration, value)
        if isinstance(declaration.kind, kinds.Place):
            return declaration.kind.take(path.parent / Path(str(value)).expanduser())
        plain = value if isinstance(value, bool | int | float | list) else str(value)
        return declaration.kind.take(plain)
    except (ValueError, RuntimeError) as wrong:  # the latter of a `~` whose home nobody knows
        raise UsageError(f"{where}: {declaration.name}: {wrong}", hint=declaration.help) from None


def _require_plain(declaration: Declaration[Any], value: object) -> None:
    """Refuse what `str` would make a text of that nobody meant; what is refused may be a secret and is not repeated.

    Raises:
        ValueError: it is a table, several values where one is meant, yes or no where something else is, or a number or
            a date where text is.
    """
    if isinstance(value, dict):
        raise ValueError("it is a table, and one value is meant.")
    if isinstance(value, list) and not isinstance(declaration.kind, kinds.Words | kinds.Codes):
        raise ValueError("it is a list, and one value is meant.")
    if isinstance(value, bool) and not isinstance(declaration.kind, kinds.Flag):
        raise ValueError("it is yes or no, and something else is meant.")
    bare = declaration.name in _BARE and isinstance(value, int | float)
    if isinstance(declaration.kind, _TEXTS) and not bare and not isinstance(value, str | list):
        raise ValueError("it is a number or a date, and text is meant: write it in quotes.")


def _holds_secret(name: str, value: object) -> bool:
    """Whether a name, or one in the table that it has, is that of a secret."""
    plain = name.casefold().replace("_", "-")
    tables = value if isinstance(value, list) else [value]
    inner = [pair for one in tables if isinstance(one, dict) for pair in one.items()]
    named = any(word in plain for word in _SECRETS) and not plain.endswith(("-file", "-command"))
    return named or any(_holds_secret(str(below), one) for below, one in inner)


def _secret(where: str, name: str) -> UsageError:
    return UsageError(
        f"{where} holds {name}, and a profile holds no secrets.",
        hint="Take it out, and change the secret if others could read the file. Your own profile may say where one is: "
        "client-secret-file, client-secret-command, passphrase-command; or set it as a variable.",
    )


def _not_known(where: str, name: str, known: Mapping[str, Declaration[Any]], value: object) -> UsageError:
    plain = name.casefold().replace("_", "-")
    if _holds_secret(name, value):
        return _secret(where, name)
    if plain in {one.name for one in declared.GUARDS}:
        return UsageError(f"{where}: {name} is a guard.", hint="Write it below, in a table of its own: guards.")
    if plain == roster_declared.COLUMN.name:
        hint = 'Write below it [profiles.NAME.columns], and there for example user = "Login name".'
        return UsageError(f"{where}: columns have a table of their own.", hint=hint)
    if plain in {one.name for one in _NOT_KEPT}:
        return UsageError(
            f"{where}: {name} is decided anew with each command.",
            hint=f"Take it out. {Setting.PROFILE} keeps the rest.",
        )
    by_variable = [one.name for one in known.values() if name.upper() in one.variables]
    near = by_variable or get_close_matches(plain, known, 1)
    meant = f"Did you mean {near[0]}?" if near else f"There are {', '.join(sorted(known))}."
    return UsageError(f"{where}: {name} is not known.", hint=meant)
