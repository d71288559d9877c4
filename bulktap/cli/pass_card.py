"""What `show` puts on the screen: whose passcode it is, how to read and type it, whether it works, and until when."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from bulktap.cli.verification import in_brackets
from bulktap.dispatch.pass_states import PassState
from bulktap.model.plain_text import width_of
from bulktap.model.row_phases import RowPhase
from bulktap.model.zone_words import moment_in_words, zone_in_words
from bulktap.planning.pass_times import span_in_words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bulktap.operations.show_pass import SeenPass

GROUP = 4
"""Letters of a passcode that stand together, so that nobody loses the place."""
_ALIKE = {
    "0": "the digit zero",
    "O": "a capital letter, as in Oscar",
    "o": "a small letter, as in oscar",
    "1": "the digit one",
    "l": "a small letter, as in lima",
    "I": "a capital letter, as in India",
}
"""Letters and digits that are taken for one another."""
_WORDS = {
    PassState.LIVE: "works",
    PassState.NOT_YET_VALID: "does not work yet",
    PassState.USED: "was used, and does not work a second time",
    PassState.EXPIRED: "has expired, and does not work any more",
    PassState.REPLACED: "does not work any more: another pass was issued in its place",
    PassState.REVOKED: "does not work any more: this run revoked it",
    PassState.GONE: "does not work any more: the tenant does not list it, so somebody deleted it",
    PassState.DISABLED: "does not work",
    PassState.UNREADABLE: "could not be read",
}
_DEAD = frozenset(PassState) - {PassState.LIVE, PassState.NOT_YET_VALID, PassState.UNREADABLE}
"""What does not work, and is not going to."""


def card_lines(seen: SeenPass) -> list[str]:
    """Return what is said of the pass, without the passcode: a label and a text each."""
    zone = ZoneInfo(seen.plan.settings.timezone)
    # What is dead does not work until the moment that it was issued for.
    terms = "Terms" if seen.state in _DEAD else "Works"
    lines = [("State", _state(seen)), (terms, _works(seen, zone))]
    lines += [("Note", text) for text in (*_warnings(seen), *seen.sent.notes)]
    return [f"{label:<7}{text}" for label, text in lines]


def grouped(passcode: str) -> str:
    """Return a passcode in groups of four."""
    return "  ".join(passcode[start : start + GROUP] for start in range(0, len(passcode), GROUP))


def told_apart(passcode: str) -> list[str]:
    """Return, for each letter or digit that is taken for another, where it stands and which it is."""
    places: dict[str, list[int]] = {}
    for position, letter in enumerate(passcode, 1):
        if letter in _ALIKE:
            places.setdefault(letter, []).append(position)
    if not places:
        return []
    where = {letter: ", ".join(map(_ordinal, found)) for letter, found in places.items()}
    widest = max(width_of(text) for text in where.values())
    return [f"{where[letter]:<{widest}}  {letter}  {_ALIKE[letter]}" for letter in places]


def _ordinal(number: int) -> str:
    ending = {1: "st", 2: "nd", 3: "rd"}.get(number % 10 if number % 100 not in {11, 12, 13} else 0, "th")
    return f"{number}{ending}"


def _state(seen: SeenPass) -> str:
    state, finding = seen.state, seen.finding
    if seen.revoked_at is not None:
        on = moment_in_words(seen.revoked_at, ZoneInfo(seen.plan.settings.timezone))
        return f"{_WORDS[PassState.REVOKED]} on {on}"
    known = f"{_WORDS[state]}; " if state not in {None, PassState.UNREADABLE} and not seen.tenant_tells else ""
    if finding is None:
        return f"{known}not asked: {seen.not_asked}"
    zone = ZoneInfo(seen.plan.settings.timezone)
    stands = f"{known}{_WORDS[finding.state]}{in_brackets(finding, zone)}"
    return f"{stands}, by the tenant's word at {seen.now.astimezone(zone):%H:%M}"


def _works(seen: SeenPass, zone: ZoneInfo) -> str:
    created = seen.issued.access_pass
    how_often = {True: ", once", False: ", as often as needed", None: ""}[created.usable_once]
    city = zone_in_words(zone)
    if created.expires_at is None:
        return f"for how long is not known{how_often}"
    if created.starts_at is not None and created.starts_at > seen.now:
        return f"{span_in_words(created.starts_at, created.expires_at, zone)} {city}{how_often}"
    return f"until {moment_in_words(created.expires_at, zone)} {city}{how_often}"


def _warnings(seen: SeenPass) -> Iterator[str]:
    """Yield what helps where the passcode does not."""
    sent = seen.sent
    if sent.phase.settled and sent.phase is not RowPhase.ISSUED and sent.error is not None:
        yield f"{sent.error.message} {sent.error.hint}".rstrip()
    if seen.remedy:
        yield seen.remedy
