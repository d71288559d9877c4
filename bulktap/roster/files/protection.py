"""Protected workbooks: opened with their password, in memory only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bulktap.model.errors import Locked, QuestionOpen, RosterError, UsageError, WrongPassphrase
from bulktap.model.questions import Question
from bulktap.model.secret import Secret
from bulktap.model.setting_names import Setting

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bulktap.roster.reading_options import RosterPassword

_EXCEL_OWN_PASSWORD = "VelvetSweatshop"  # Excel protects read-only workbooks with it, and opens them without asking
_MOST_ANSWERS = 3


def unprotect(data: bytes, name: str, password: RosterPassword) -> bytes:
    """Return the workbook inside a protected one, in memory only.

    Raises:
        RosterError: there is no password, or it does not fit.
    """
    for attempt in _attempts(name, password):
        if (plain := _decrypted(data, name, attempt)) is not None:
            return plain
    hint = "Check the password by opening the file in Excel. Large and small letters differ."
    raise RosterError(f"{name} is protected with a password, and the one given does not fit.", hint=hint)


def _attempts(name: str, password: RosterPassword) -> Iterator[Secret]:
    yield Secret(_EXCEL_OWN_PASSWORD)
    if password.given is not None:
        yield password.given
        return
    for _ in range(_MOST_ANSWERS):
        answer = password.ask(name) if password.ask is not None else None
        if answer is None:
            raise _needs_password(name)
        yield answer


def _needs_password(name: str) -> QuestionOpen:
    hint = (
        f"Write the password into a file and run bulktap again with {Setting.ROSTER_PASSWORD_FILE.to('FILE')}, "
        "or save a copy without a password."
    )
    text = f"{name} is protected with a password."
    return QuestionOpen([Question(Setting.ROSTER_PASSWORD_FILE, "password", text, example="FILE")], hint=hint)


def _decrypted(data: bytes, name: str, password: Secret) -> bytes | None:
    from bulktap.storage.office_encryption import decrypt_workbook

    try:
        return decrypt_workbook(data, password)
    except (WrongPassphrase, UsageError):
        return None
    except Locked:
        hint = "Copy or download it again; if Excel opens it, save it there as .xlsx."
        raise RosterError(f"{name} is a protected Office file that is damaged.", hint=hint) from None
