"""Kinds of values that a setting can have, and how each is made of what somebody typed or handed over.

A kind takes the text of an option or a variable, and a value of its own type, which is how other programs give it.
What cannot be meant is refused with a sentence.
"""

from __future__ import annotations

import math
import os
import re
import sys
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path, PureWindowsPath
from typing import Protocol, TypeVar

from bulktap.model.guards import FailureLimit, checked_pattern
from bulktap.model.rates import read_rate
from bulktap.model.run_names import checked_name

Value_co = TypeVar("Value_co", covariant=True)

_LONGEST_LINE = 500
_LENGTH = re.compile(r"\s*(\d{1,15}(?:\.\d{1,15})?)\s*(ms|s|m|h|d)?\s*\Z", re.ASCII)
_SECONDS = {"ms": 0.001, "s": 1.0, None: 1.0, "m": 60.0, "h": 3600.0, "d": 86_400.0}


class Kind(Protocol[Value_co]):
    """One kind of value."""

    def take(self, value: object) -> Value_co:
        """Return the value that is meant.

        Raises:
            ValueError: none is; the sentence says why.
        """


class Flag:
    """Yes or no."""

    def take(self, value: object) -> bool:
        """Return it as it is."""
        if not isinstance(value, bool):
            raise ValueError(f"{value!r} is neither True nor False.")
        return value


class Text:
    """Any text."""

    def take(self, value: object) -> str:
        """Return it as it is."""
        return str(value)


class Words:
    """Texts that may hold blanks; several values in an environment variable stand on a line each."""

    def take(self, value: object) -> tuple[str, ...]:
        """Return them in their order."""
        if isinstance(value, str):
            return (value,)
        if not isinstance(value, list | tuple) or not all(isinstance(word, str) for word in value):
            raise ValueError(f"{value!r} is neither a text nor several.")
        return tuple(value)


@dataclass(frozen=True, slots=True)
class Codes:
    """Some of a few words; several values in an environment variable stand on a line each."""

    words: tuple[str, ...]

    def take(self, value: object) -> tuple[str, ...]:
        """Return the words."""
        codes = Words().take(value)
        for code in codes:
            if code not in self.words:
                near = get_close_matches(code, self.words, 1)
                raise ValueError(f"{code!r} is none of the codes{f'; did you mean {near[0]}?' if near else '.'}")
        return codes


@dataclass(frozen=True, slots=True)
class Choice:
    """One of a few words."""

    words: tuple[str, ...]

    def take(self, value: object) -> str:
        """Return the word, whether its letters are capital or small."""
        meant = {word.casefold(): word for word in self.words}.get(str(value).casefold())
        if meant is None:
            raise ValueError(f"{value!r} is not one of {', '.join(self.words)}.")
        return meant


@dataclass(frozen=True, slots=True)
class Whole:
    """A whole number, within bounds where there are any."""

    least: int | None = None
    most: int | None = None

    def take(self, value: object) -> int:
        """Return the number."""
        if isinstance(value, bool) or not isinstance(value, int):
            raise ValueError(f"{value!r} is not a whole number.")
        too_small, too_large = (
            self.least is not None and value < self.least,
            self.most is not None and value > self.most,
        )
        if too_small or too_large:
            raise ValueError(f"{value} is not in the range from {self.least} to {self.most}.")
        return value


@dataclass(frozen=True, slots=True)
class Number:
    """A number of things a second, or of seconds: finite, and within what has an effect."""

    least: float
    most: float

    def take(self, value: object) -> float:
        """Return the number."""
        try:
            number = float(str(value))
        except ValueError:
            raise ValueError(f"{value!r} is not a number.") from None
        if not math.isfinite(number) or not self.least <= number <= self.most:
            raise ValueError(f"{value} is not between {self.least:g} and {self.most:g}.")
        return number


@dataclass(frozen=True, slots=True)
class PerSecond:
    """A rate, which comes to a number a second within what has an effect: `20/s`, `3000/150s`, `20`."""

    least: float
    most: float

    def take(self, value: object) -> float:
        """Return the number; one that is given as such is a second's."""
        rate = float(value) if isinstance(value, int | float) else read_rate(str(value)).per_second
        if not self.least <= rate <= self.most:
            raise ValueError(f"{value} is not between {self.least:g} and {self.most:g} a second.")
        return rate


class LimitProfile:
    """A limit of the pretend tenant: the name of one, or a rate; options may follow, separated by commas."""

    def take(self, value: object) -> str:
        """Return it as the pretend tenant takes it, to whom a rate is a bucket of so much that fills in so long."""
        text = str(value).strip()
        name, comma, options = text.partition(",")
        if not name[:1].isdecimal():
            return text
        rate = read_rate(name)
        amount, seconds = (f"{number:.6f}".rstrip("0").rstrip(".") for number in (rate.amount, rate.seconds))
        return f"bucket:{amount}/{seconds}{comma}{options}"


class Failures:
    """A number of rows that failed, or a part of all of them: `10`, `5%`."""

    def take(self, value: object) -> str:
        """Return it in its usual form."""
        return FailureLimit.of(str(value)).text


class UserPatterns:
    """Users, or patterns of them; several in an environment variable stand on a line each."""

    def take(self, value: object) -> tuple[str, ...]:
        """Return them in their order."""
        return tuple(map(checked_pattern, Words().take(value)))


@dataclass(frozen=True, slots=True)
class Length:
    """A length of time in seconds: `100s`, `2m`, `1.5h`, or bare seconds."""

    longest: str
    """The longest that has a meaning, in the same form."""

    def take(self, value: object) -> float:
        """Return the seconds; a number is taken as it is."""
        seconds = float(value) if isinstance(value, int | float) else seconds_of(str(value))
        if not seconds or not math.isfinite(seconds):
            raise ValueError(f"{value!r} is not a length of time such as 100s or 2m.")
        if seconds > (seconds_of(self.longest) or 0.0):
            raise ValueError(f"{value} is longer than {self.longest}.")
        return seconds


@dataclass(frozen=True, slots=True)
class Minutes:
    """A length of time in whole minutes, with its unit: `12h`, `7d`; a bare number could be meant in two ways."""

    longest: str
    """The longest that has a meaning, in the same form."""

    def take(self, value: object) -> int:
        """Return the minutes, rounded up; a number is taken as it is."""
        if isinstance(value, int) and not isinstance(value, bool) and value > 0:
            return value
        text = str(value).strip()
        if text[-1:] not in {"m", "h", "d"}:
            raise ValueError(f"{text!r} is not a length of time such as 12h or 7d.")
        return math.ceil(Length(self.longest).take(text) / 60)


def seconds_of(text: str) -> float | None:
    """Return how many seconds a length of time has; None if it is none."""
    match = _LENGTH.match(text)
    return None if match is None else float(match[1]) * _SECONDS[match[2]]


class Encoding:
    """The name of a character encoding that text files are written in."""

    def take(self, value: object) -> str:
        """Return the name as it was given."""
        from bulktap.roster.files.text_encoding import text_codec

        text = str(value).strip()
        if text_codec(text) is None:
            raise ValueError(f"{value!r} is not a text encoding; common ones are utf-8, utf-16 and cp1252.")
        return text


class Line:
    """A line of text that is kept in files: not long, and nothing in it that no file can hold."""

    def take(self, value: object) -> str:
        """Return the line without blanks around it."""
        text = str(value).strip()
        if len(text) > _LONGEST_LINE:
            raise ValueError(f"{len(text):,} characters are more than {_LONGEST_LINE}.")
        if any(
            not (letter.isprintable() or letter.isspace()) or letter in "\r\n\v\f\x85\u2028\u2029" for letter in text
        ):
            raise ValueError("it holds a line break or a character that cannot be seen.")
        return text


class RunName:
    """What a run is named: a word that is no path, no id, and not `latest`."""

    def take(self, value: object) -> str:
        """Return the name without blanks around it."""
        return checked_name(str(value))


@dataclass(frozen=True, slots=True)
class Place:
    """A path that the system can look at; whether there is something is for the operation to find out."""

    file: bool = True
    """True if it may be a file."""
    folder: bool = True
    """True if it may be a folder."""
    readable: bool = True
    """True if what is there must be readable."""

    def take(self, value: object) -> Path:
        """Return the path."""
        if not isinstance(value, str | os.PathLike):
            raise ValueError(f"{value!r} is not a path.")
        if not os.fspath(value):
            raise ValueError("the name is empty.")
        if sys.platform == "win32":
            value = place_on_windows(os.fspath(value))
        try:
            os.lstat(value)
        except (FileNotFoundError, NotADirectoryError, PermissionError):
            pass
        except (OSError, ValueError) as error:  # too long a name, a loop of links, a null byte
            reason = (error.strerror if isinstance(error, OSError) else None) or "its name cannot be used"
            raise ValueError(f"it cannot be looked at: {reason}.") from None
        return Path(value)


_NOWHERE = "nul"
"""The device of Windows that takes everything and holds nothing, for a log that nobody wants."""


def place_on_windows(text: str) -> str:
    r"""Return a path as it is meant on Windows: what stands for the user's folder is written out.

    Its shells hand `~` on to programs, and of `"C:\My reports\"`, which completion writes, a quote in place of the last
    backslash; its file functions change other names without a word.

    Raises:
        ValueError: a part of it cannot be the name of a file or folder there.
    """
    from bulktap.storage.file_names import unfit_for_windows

    before, quote, behind = text.partition('"')
    if quote and behind:
        raise ValueError("a backslash before a closing quote has made what follows a part of the name: leave it out.")
    text = f"{before}\\" if quote else text
    path = PureWindowsPath(text)
    for part in path.parts[1 if path.anchor else 0 :]:
        why = None if part == ".." or part.casefold() == _NOWHERE else unfit_for_windows(part)
        if why is not None:
            raise ValueError(f"{why}.")
    return os.path.expanduser(text) if path.parts[:1] == ("~",) else text  # noqa: PTH111 - Path's own drops a closing backslash, and raises where there is no home
