"""The name of a person, as far as a roster or a directory tells it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PersonName:
    """A name in one piece, in its parts, or both; what is not told is empty."""

    full: str = ""
    """In one piece, in any order."""
    given: str = ""
    """Given names."""
    surname: str = ""
    """Surnames, with what stands before them."""

    def __bool__(self) -> bool:
        """Return true if anything is told."""
        return bool(self.full or self.given or self.surname)

    @property
    def text(self) -> str:
        """The name as people say it."""
        if not self.full:
            return " ".join([part for part in (self.given, self.surname) if part])
        # Under `Name` beside `Vorname` only the surname stands.
        return f"{self.given} {self.full}" if self.given and " " not in self.full.strip() else self.full
