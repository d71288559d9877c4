"""What can be wrong with a row's own cells, in words: the sentence and the remedy of each kind.

The roster decides that something is wrong and with what. Values of cells come as its `quoted` shows them. Only the
rules that a user name breaks are worded in `roster.rows.user_faults`, where they stand.
"""

from __future__ import annotations

from bulktap.model.row_errors import RowError, RowErrorCode, Severity
from bulktap.model.setting_names import Setting

WHERE_IN_ENTRA = "Users > the person > User principal name"
"""Where the Entra admin center shows what a roster needs."""
WRITE_USER = (
    f"Write the sign-in name as Entra shows it ({WHERE_IN_ENTRA}), such as anna.berg@contoso.com, or the person's "
    "object id."
)
"""The remedy for a user name that is none."""
COPY_FROM_ENTRA = f"Copy the name from Entra ({WHERE_IN_ENTRA}), or export the original list again as UTF-8."
"""The remedy for a user name that a program has damaged."""
NO_TENANT = ": no tenant allows"
"""Begins what is said of every tenant's range of lifetimes, for where this tenant's is known."""

_NO_USER = f"Write the person's sign-in name (in Entra: {WHERE_IN_ENTRA}) or object id, or delete the row."
_LOOK_UP = f"Look the person up in Entra ({WHERE_IN_ENTRA}) and write that name."
_RETYPE_NUMBER = "Format the column as text and type the user again."
_WRITE_START = "Write the date and time as year-month-day hour:minute, such as 2035-09-01 08:00."


# The user


def no_user(person: str, foreign_heading: str | None, beside: tuple[str, str] | None = None) -> RowError:
    """Return that the cell of the user is empty; `person` is what else the row says of whom it means.

    `beside` is the heading of another column in which the row has an address that may be the person's, and the address.
    """
    message = f"The cell is empty: no user ({person})." if person else "The row names no user."
    if foreign_heading is not None:
        message += f" The address under {foreign_heading} belongs to somebody else and is not used."
    if beside is None:
        return RowError(RowErrorCode.USER_MISSING, message, _NO_USER)
    heading, address = beside
    write = f"{_NO_USER[:1].lower()}{_NO_USER[1:]}"
    hint = f"Copy it here from {heading} if that is what the person signs in with; otherwise {write}"
    return RowError(RowErrorCode.USER_MISSING, f"{message} {heading} holds {address}, which was not used.", hint)


def merged_user(cell: object) -> RowError:
    """Return that the user of the row above is part of a merged cell that reaches into this row."""
    message = f"The user {cell} of a row above is part of a merged cell that reaches into this row."
    return RowError(RowErrorCode.USER_MISSING, message, _NO_USER)


def user_placeholder(value: str) -> RowError:
    """Return that the cell holds `n/a` or the like."""
    return RowError(RowErrorCode.USER_MISSING, f"{value} is not a user name.", WRITE_USER)


def user_malformed(message: str, hint: str = WRITE_USER) -> RowError:
    """Return that the cell names no user, in words of the rule that it breaks."""
    return RowError(RowErrorCode.USER_MALFORMED, message, hint)


def not_a_user(value: str) -> RowError:
    """Return that the cell holds something that no user is called."""
    return user_malformed(f"{value} is not a user name.")


def several_users(value: str) -> RowError:
    """Return that the cell names more than one user."""
    hint = "Insert a row below, keep one name in each row, and fill in the other columns for both."
    return user_malformed(f"{value} holds several users.", hint)


def local_name(value: str, kind: str) -> RowError:
    """Return that the cell holds a name of the local directory."""
    return user_malformed(f"{value} is {kind}, not a sign-in name of Microsoft Entra.", _LOOK_UP)


def incomplete_object_id(value: str, found: str) -> RowError:
    """Return that the cell holds what looks like an object id and is none."""
    hint = (
        "An object id has 32 digits (0 to 9, a to f) in groups of 8-4-4-4-12: copy it again from Entra "
        "(Users > the person > Object ID), or write the person's sign-in name."
    )
    return user_malformed(f"{value} is not a complete object id: it has {found}.", hint)


def user_too_long(value: str, length: int, most: int) -> RowError:
    """Return that the cell is longer than any user name."""
    return user_malformed(f"{value} is {length:,} characters long; {most} are the most.")


def reversed_user(value: str, char: str) -> RowError:
    """Return that the cell holds a character that reverses the order in which it is read."""
    message = f"{value} holds U+{ord(char):04X}, which reverses the order in which it is read."
    return user_malformed(message, f"Delete the cell and type the name as Entra shows it ({WHERE_IN_ENTRA}).")


def strange_letters(message: str, hint: str) -> RowError:
    """Return that a user name mixes letters that look alike."""
    return RowError(RowErrorCode.USER_MIXED_SCRIPT, message, hint)


def shortened_number(value: str, *, certain: bool) -> RowError:
    """Return that Excel has made a number of the user and shortened it, or may have."""
    what = "has shortened" if certain else "may have shortened"
    return RowError(RowErrorCode.USER_DAMAGED, f"{value} is a number that Excel {what}.", _RETYPE_NUMBER)


def lost_letter(value: str, place: int) -> RowError:
    """Return that a letter of the user was lost before the file was written."""
    what = f"character {place} is U+FFFD, which stands for a letter that was lost"
    message = f"{value} was damaged before it reached this file: {what}."
    return RowError(RowErrorCode.USER_DAMAGED, message, COPY_FROM_ENTRA)


def damaged_letters(value: str, found: str) -> RowError:
    """Return that an earlier conversion took UTF-8 for another encoding."""
    message = f"{value} looks like text that an earlier conversion damaged, at {found}."
    return RowError(RowErrorCode.USER_DAMAGED, message, COPY_FROM_ENTRA)


def leading_apostrophe(value: str) -> RowError:
    """Return that a name stands behind an apostrophe, a sign to a spreadsheet and a letter to Entra."""
    message = f"{value} begins with an apostrophe, as spreadsheets mark text."
    hint = "Delete the apostrophe. If it is part of the name, write the person's object id, as Entra shows it."
    return RowError(RowErrorCode.USER_DAMAGED, message, hint)


# The pass that is asked for


def not_a_start(value: str) -> RowError:
    """Return that the cell is not a date and time."""
    return RowError(RowErrorCode.START_MALFORMED, f"{value} is not a date and time.", _WRITE_START)


def other_weekday(value: str, day: str, weekday: str) -> RowError:
    """Return that the cell names a weekday on which its date does not lie."""
    message = f"{value} names another weekday, but {day} is a {weekday}."
    return RowError(RowErrorCode.START_MALFORMED, message, _WRITE_START)


def serial_number(value: str) -> RowError:
    """Return that the cell holds the number by which Excel knows a date."""
    hint = f"{_WRITE_START[:-1]}, or format the column as a date in the original workbook and export it again."
    return RowError(RowErrorCode.START_MALFORMED, f"{value} looks like the serial number of a date in Excel.", hint)


def time_without_date(value: str) -> RowError:
    """Return that the cell names a time and no day."""
    return RowError(RowErrorCode.START_MALFORMED, f"{value} is a time without a date.", _WRITE_START)


def impossible_offset(value: str) -> RowError:
    """Return that the cell names an offset from UTC that no place has."""
    return RowError(
        RowErrorCode.START_MALFORMED,
        f"{value} is more than 14 hours away from UTC, where no place on earth is.",
        "Write the offset from UTC as +hh:mm, such as 2035-09-01 08:00+02:00, or leave it out for local time.",
    )


def span_or_offset(value: str) -> RowError:
    """Return that the cell may hold a span of time, or a time with its offset from UTC."""
    message = f"{value} could be a span of time, or a time with an offset from UTC."
    hint = "Write when the pass begins alone, such as 2035-09-01 08:00, or with a T: 2035-09-01T08:00-09:00."
    return RowError(RowErrorCode.START_MALFORMED, message, hint)


def ambiguous_start(value: str, written: str, settings: str) -> RowError:
    """Return that the day or the month may come first; `written` says how to write each, `settings` what settles it."""
    hint = f"Write {written}; or run bulktap again with {settings}."
    return RowError(RowErrorCode.START_AMBIGUOUS, f"{value}: day or month first?", hint)


def start_today() -> RowError:
    """Return, as a warning, that a start without a time of day means now."""
    message = "The start is today, without a time of day; the pass starts now."
    return _warning(RowErrorCode.START_PASSED, message, "Write a time if that is wrong.")


def start_just_passed(local: str) -> RowError:
    """Return, as a warning, that a pass whose start has just passed starts now."""
    message = f"The start {local} has just passed; the pass starts now."
    return _warning(RowErrorCode.START_PASSED, message, "Write a later start if that is wrong.")


def start_without_time(day: str) -> RowError:
    """Return, as a warning, that a date alone means the midnight at which the day begins."""
    message = f"The start {day} has no time of day, so the pass begins to work at 00:00."
    return _warning(RowErrorCode.START_WITHOUT_TIME, message, f"Write a time too, such as {day} 08:00.")


def start_in_past(local: str) -> RowError:
    """Return that the start is over."""
    return RowError(
        RowErrorCode.START_IN_PAST,
        f"The start {local} lies in the past.",
        "Write a date and time in the future, as year-month-day hour:minute, such as 2035-09-01 08:00.",
    )


def nonexistent_start(clock: str, day: str, zone: str, later: str) -> RowError:
    """Return that the change to summer time skips the start."""
    message = f"{clock} does not exist on {day} in {zone}: summer time begins."
    return RowError(RowErrorCode.START_NONEXISTENT, message, f"Write a time that exists, such as {later}.")


def start_occurs_twice(clock: str, day: str, zone: str, both: tuple[str, str]) -> RowError:
    """Return that the end of summer time repeats the start."""
    message = f"{clock} occurs twice on {day} in {zone}: summer time ends."
    hint = f"Write the offset too: {both[0]} for the first of them, {both[1]} for the second."
    return RowError(RowErrorCode.START_TWICE, message, hint)


def end_without_start(value: str) -> RowError:
    """Return, as a warning, that an end makes no lifetime, because the row has no start."""
    message = f"The end {value} was not used: a lifetime counts from the start, and the row has none."
    return _warning(RowErrorCode.NOTE, message, f"Write a start too, or name the lifetime with {Setting.LIFETIME}.")


def end_without_time(value: str) -> RowError:
    """Return, as a warning, that an end makes no lifetime, because it is a day alone."""
    message = f"The end {value} was not used: it has no time of day."
    return _warning(RowErrorCode.NOTE, message, "Write a time too, such as 16:00.")


def end_before_start(value: str) -> RowError:
    """Return that an end is not after the start."""
    message = f"The end {value} is not after the start."
    return RowError(RowErrorCode.LIFETIME_OUT_OF_RANGE, message, "Write an end that lies after the start of the row.")


def lifetime_malformed(sentence: str) -> RowError:
    """Return that the cell is no lifetime; `sentence` is one of the next four."""
    hint = "Write a number of minutes, such as 480, or a number with a unit, such as 8h."
    return RowError(RowErrorCode.LIFETIME_MALFORMED, sentence, hint)


def not_a_duration(value: str) -> str:
    """Say that a text is no duration."""
    return f"{value} is not a duration."


def not_whole_minutes(value: str) -> str:
    """Say that a duration has a fraction of a minute."""
    return f"{value} is not a whole number of minutes."


def time_or_duration(value: str, meant: str) -> str:
    """Say that a text may be a time of day."""
    return f"{value} could be a time of day or a duration of {meant}."


def thousands_or_fraction(value: str, plain: str) -> str:
    """Say that a comma or point in digits may mean either."""
    return f"{value} could be {plain} or a fraction."


def lifetime_out_of_range(sentence: str, shortest: int, longest: int) -> RowError:
    """Return that no tenant allows the lifetime; `sentence` is of `outside_every_range`."""
    hint = f"Choose {shortest} to {longest:,} minutes; the tenant's policy may allow less."
    return RowError(RowErrorCode.LIFETIME_OUT_OF_RANGE, sentence, hint)


def outside_every_range(given: str, minutes: int, shortest: int, longest: int) -> str:
    """Say that no tenant allows a lifetime."""
    if minutes < shortest:
        return f"{given} is too short{NO_TENANT} less than {shortest} minutes."
    return f"{given} is too long{NO_TENANT} more than {longest:,} minutes (30 days)."


def one_time_malformed(value: str) -> RowError:
    """Return that the cell is neither yes nor no."""
    return RowError(
        RowErrorCode.ONE_TIME_MALFORMED,
        f"{value} is neither yes nor no.",
        "Write yes (the pass works once) or no (it works until it expires), or leave the cell empty "
        f"(the tenant's setting, or {Setting.ONE_TIME} or {Setting.MULTI_USE}, decides). "
        "Also understood: true, false, 1, 0, ja, nein, oui, non, sí.",
    )


# The row itself


def row_too_wide(fields: int, headings: int) -> RowError:
    """Return that the row has more fields than there are headings."""
    message = f"The row has {fields} fields, but there are {headings} headings."
    return RowError(RowErrorCode.ROW_MALFORMED, message, "A value with a comma in it may need quotes around it.")


def of_second_table(row: int) -> RowError:
    """Return that the row stands below headings of its own, and names somebody whom the first table does not."""
    message = f"The row belongs to a second table, whose headings (row {row}) are not those of the first."
    return RowError(
        RowErrorCode.ROW_MALFORMED, message, "Move that table to a sheet or a file of its own, and give both."
    )


def nul_character() -> RowError:
    """Return that the row holds a NUL character."""
    message = "The row contains a NUL character (U+0000)."
    return RowError(RowErrorCode.ROW_MALFORMED, message, "Type the row again, or export the file anew.")


def repeated_id(heading: str, value: str) -> RowError:
    """Return that people with different user names have one and the same id, by which files are joined."""
    message = f"{heading} {value} occurs more than once, with different user names."
    hint = "Give each person an id of their own in the school's system, and export again."
    return RowError(RowErrorCode.DIFFERENT_PEOPLE, message, hint)


def alike_in_two_files(same: str, other: str) -> RowError:
    """Return that two people share everything by which one file is matched with another."""
    message = f"Two people share {same}, so that nothing tells which of them a row of {other} is about."
    hint = "Give both files a column with the same number of each person, or write the class into this one."
    return RowError(RowErrorCode.DIFFERENT_PEOPLE, message, hint)


def left_out(reason: str, hint: str) -> RowError:
    """Return, as a warning, that the row was left out while reading, and why."""
    return _warning(RowErrorCode.LEFT_OUT, f"Left out while reading: {reason}.", hint)


def excel_error(text: str, *, found_nothing: bool) -> RowError:
    """Return that the cell holds `#N/A` or a similar error of Excel."""
    cause = " (its lookup found nothing)" if found_nothing else ""
    hint = "Type what belongs there, or fix the formula in the original workbook and start from that."
    return RowError(RowErrorCode.CELL_ERROR, f"The cell holds the Excel error {text}{cause}.", hint)


def formula_without_result(value: str) -> RowError:
    """Return that the cell holds a formula that no program has worked out."""
    hint = "Open the original workbook in Excel, save it and run bulktap again, or type the value."
    return RowError(RowErrorCode.CELL_ERROR, f"The cell holds a formula without a result: {value}.", hint)


def note(text: str, hint: str = "Correct the cell if that is not what was meant.") -> RowError:
    """Return, as a warning, what is worth a line and keeps nobody from a pass."""
    return _warning(RowErrorCode.NOTE, text, hint)


def _warning(code: RowErrorCode, message: str, hint: str) -> RowError:
    return RowError(code, message, hint, severity=Severity.WARNING)
