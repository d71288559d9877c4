"""A list of the slips that were received: a roster, or a list of names, whose rows are matched with those of a run."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bulktap.model.errors import NotConfirmed, QuestionOpen, RosterError
from bulktap.model.plan import RosterRow
from bulktap.model.questions import REFUSE, Choice, Question
from bulktap.model.setting_names import Setting
from bulktap.operations.answers import answers_to
from bulktap.operations.reading_questions import read_with_answers
from bulktap.operations.received_marks import unmarked_note
from bulktap.operations.received_names import listed_names
from bulktap.operations.recorded_rows import named_numbers
from bulktap.planning.name_checks import ACCEPT
from bulktap.planning.patterns import folded
from bulktap.roster.files.input_bytes import RosterInput

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from bulktap.operations.context import OperationContext
    from bulktap.operations.received_names import ListedNames
    from bulktap.operations.recorded_rows import RecordedRun
    from bulktap.operations.run_settings import RunSettings
    from bulktap.roster.model import CheckedRow

_LARGEST_SHARE, _FEWEST = 0.05, 3
"""So much of the list, and so many rows, may be nobody of the run before that is a question, as with names."""
_SAMPLES = 5


@dataclass(frozen=True, slots=True)
class ReceivedList:
    """Who received a slip, by a list."""

    numbers: frozenset[int]
    """The plan numbers of the rows whose pass they have."""
    not_found: tuple[str, ...]
    """Rows of the list that are nobody of the run, in words."""


def read_received(path: Path, run: RecordedRun, settings: RunSettings, at: OperationContext) -> ReceivedList:
    """Read a list of received slips.

    Args:
        path: its file.
        run: the run.
        settings: how the file is read, and what `names` says where much of it is nobody of the run.
        at: asks, where something is open.

    Raises:
        RosterError: the file cannot be used as it is, or names nobody of the run.
        QuestionOpen: much of it is nobody of the run, and nobody can be asked.
        NotConfirmed: the answer is to stop.
    """
    at.front.say(f"Reading {path.name} ...")
    # Whoever received a slip has it, whatever else the list says of them: a pass is not deleted for a word beside it.
    everybody = replace(settings.reading, options=replace(settings.reading.options, include_inactive=True))
    plain = replace(settings, care=replace(settings.care, only=(), exclude=()), reading=everybody)
    source = RosterInput(path)
    named = listed_names(source, everybody, run)
    if named is not None:
        return _by_names(named, path, settings.care.names, at)
    checked, _ = read_with_answers(source, plain, at.clock.now(), at.front)
    known = named_numbers(run)
    numbers, not_found, received = set[int](), list[str](), list[RosterRow]()
    people = [row for row in checked.rows if not row.left_out]
    for row in people:
        number = known.get(folded(row.user.text)) if row.user is not None else None
        if number is None:
            not_found.append(_named(row))
        else:
            numbers.add(number)
            received.append(row.source)
    if not numbers:
        raise RosterError(
            f"{path.name} names nobody of this run, so that every pass would count as not received.",
            hint="Check that it is the list of this run, and that the right column was taken for the user.",
        )
    unmarked = unmarked_note(path.name, checked.columns.headings, received)
    if unmarked:
        at.front.say(f"Note: {unmarked}")
    # Somebody of the run may stand behind a cell that cannot be read: one is enough to ask.
    unreadable = any(row.user is None for row in people)
    if unreadable or (len(not_found) >= _FEWEST and len(not_found) > _LARGEST_SHARE * len(people)):
        _settle(not_found, len(people), settings.care.names, at)
    return ReceivedList(frozenset(numbers), tuple(not_found))


def _by_names(named: ListedNames, path: Path, said: str | None, at: OperationContext) -> ReceivedList:
    """Return what a list comes to that has no column of users: one name that is nobody's is enough to ask."""
    at.front.say(f"Note: No column of {path.name} is of sign-in names, so its rows were matched by people's names.")
    if named.shared:
        at.front.say(
            f"Note: More people of this run than rows of the list are named {'; '.join(named.shared)}: "
            "all of them count as having received theirs."
        )
    if named.unmarked:
        at.front.say(f"Note: {named.unmarked}")
    not_found = tuple(_in_words(row.sheet, row.number, text) for row, text in named.unknown)
    if not_found:
        _settle(not_found, named.rows, said, at)
    return ReceivedList(named.numbers, not_found)


def _settle(not_found: Sequence[str], count: int, said: str | None, at: OperationContext) -> None:
    text = f"{len(not_found):,} of {count:,} rows of the list of received slips are nobody of this run."
    question = Question(
        Setting.NAMES,
        "received-unknown",
        text,
        tuple(not_found[:_SAMPLES]),
        (Choice(REFUSE, "stop: the list has to be looked at"), Choice(ACCEPT, "go on: they are others' slips")),
    )
    # Whoever is on the list under another name would lose the pass that they have just received.
    more = "; and others" if len(not_found) > _SAMPLES else ""
    hint = (
        f"They are: {'; '.join(not_found[:_SAMPLES])}{more}. Check that it is the list of this run; only if these are "
        f"other people, run bulktap again with {Setting.NAMES.to(ACCEPT)}."
    )
    if said == ACCEPT:
        return
    if said == REFUSE:
        raise NotConfirmed(f"Nothing was deleted: {text}", hint=hint)
    try:
        answers_to([question], at.front)
    except QuestionOpen as unanswered:
        raise QuestionOpen(unanswered.questions, hint=hint) from None
    except NotConfirmed:
        raise NotConfirmed("Nothing was deleted.", hint=hint) from None


def _named(row: CheckedRow) -> str:
    named = row.user.text if row.user is not None else row.display_name
    return _in_words(row.source.sheet, row.source.number, named or "no user")


def _in_words(sheet: str | None, number: int, named: str) -> str:
    return f"{f'{sheet}, row' if sheet else 'Row'} {number}: {named}"
