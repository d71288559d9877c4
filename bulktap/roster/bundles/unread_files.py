"""Files among several that cannot be read as rosters: what is asked about them, and what is said."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from bulktap.model.errors import QuestionOpen, RosterError
from bulktap.model.questions import Choice, Question
from bulktap.model.setting_names import Setting
from bulktap.roster.columns.headings import speaks_of_others

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bulktap.roster.bundles.inputs import InputFile, InputFiles
    from bulktap.roster.model import Roster
    from bulktap.roster.reading_options import ReadingOptions

_MOST_NAMED = 6
_CUT = 120


class UnreadFile(NamedTuple):
    """One that cannot be read, and why."""

    file: InputFile
    why: str
    roster: Roster | None = None
    """What it holds, if all that is missing is a column of users."""
    question: QuestionOpen | None = None
    """What would settle it if it were the only one."""


def is_of_others(question: Question) -> bool:
    """Return true if all that a file offers for the user are addresses of other people, such as a list of parents."""
    headings = [choice.value.partition("=")[2] for choice in question.choices]
    return question.setting is Setting.COLUMN and bool(headings) and all(map(speaks_of_others, headings))


def nobody_in(files: InputFiles, unread: Sequence[UnreadFile]) -> RosterError:
    """Return the refusal of files none of which is a roster."""
    first = unread[0].why
    if len(unread) == 1:
        return RosterError(first, hint="Give a spreadsheet with a row of headings and a row for each person.")
    hint = "Give the files that list people, with a heading such as User principal name."
    return RosterError(f"None of the {len(unread)} files of {files.name} is a roster. The first: {first}", hint=hint)


def passed_over(files: InputFiles, read: int, unread: Sequence[UnreadFile], options: ReadingOptions) -> list[str]:
    """Return what is said of the files that are not read.

    Raises:
        QuestionOpen: one looks as if it should be.
    """
    doubtful = [one for one in unread if not one.file.is_text_by_name]
    if doubtful and not options.skip_unreadable:
        raise _unreadable(doubtful, read)
    notes = []
    if unread:
        told = "; ".join(f"{one.file.name} ({_short(one)})" for one in unread[:_MOST_NAMED])
        more = f" and {len(unread) - _MOST_NAMED} more" if len(unread) > _MOST_NAMED else ""
        notes.append(f"Not read, because they are no rosters: {told}{more}.")
    if files.others:
        more = ", …" if len(files.others) > _MOST_NAMED else ""
        notes.append(f"Not read, because they are no spreadsheets: {', '.join(files.others[:_MOST_NAMED])}{more}.")
    return notes


def _unreadable(unread: Sequence[UnreadFile], read: int) -> QuestionOpen:
    count = len(unread)
    listed = "; ".join(f"{one.file.name}: {_short(one)}" for one in unread[:_MOST_NAMED])
    more = f"; and {count - _MOST_NAMED} more" if count > _MOST_NAMED else ""
    what = "file cannot be read as a roster" if count == 1 else "files cannot be read as rosters"
    others = "the other one" if read == 1 else f"the other {read}"
    question = Question(
        Setting.SKIP_UNREADABLE,
        "unreadable-files",
        f"{count} {what}: {listed}{more}.",
        choices=(Choice("yes", f"go on with {others}"),),
        remedy="Or fix what is wrong with them, or give the others by name.",
    )
    return QuestionOpen([question])


def _short(one: UnreadFile) -> str:
    text = one.why.removeprefix(f"{one.file.name}: ").removeprefix(f"{one.file.name} ").rstrip(".")
    return text if len(text) <= _CUT else f"{text[:_CUT]}…"
