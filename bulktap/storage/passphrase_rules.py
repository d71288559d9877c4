"""Which passphrases protect a workbook: Excel takes them, and they are not soon guessed."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

from bulktap.model.errors import UsageError

if TYPE_CHECKING:
    from bulktap.model.secret import Secret

MIN_PASSPHRASE = 12
"""Characters of a new passphrase: SHA-512 runs on graphics cards, so whoever has the workbook tries billions a day."""
MAX_PASSPHRASE = 255
"""UTF-16 units that Excel's password box takes (Microsoft: "Protect an Excel file", up to 255 characters)."""

PASSPHRASE_RULE = f"It needs {MIN_PASSPHRASE} to {MAX_PASSPHRASE} characters that can be typed on one line."
"""What is said before a passphrase is typed, and of one that does not do."""


def check_passphrase(passphrase: Secret) -> None:
    """Check that a workbook can be protected with the passphrase, before anything depends on it.

    Raises:
        UsageError: it is empty, longer than Excel accepts, or holds what cannot be typed.
    """
    typed(passphrase)


def check_new_passphrase(passphrase: Secret) -> None:
    """Check that a passphrase is fit to protect a new workbook: Excel takes it, and it is not soon guessed.

    Raises:
        UsageError: it is not; the message says why.
    """
    password = typed(passphrase)
    if not password.strip():
        raise UsageError("The passphrase is blank.", hint=PASSPHRASE_RULE)
    if len(password) < MIN_PASSPHRASE:
        raise UsageError(
            f"The passphrase has {len(password)} characters, fewer than {MIN_PASSPHRASE}.", hint=PASSPHRASE_RULE
        )
    if any(_is_invisible(letter) for letter in password):
        raise UsageError(
            "The passphrase holds a character that is invisible and cannot be typed.", hint=PASSPHRASE_RULE
        )


def _is_invisible(letter: str) -> bool:
    return unicodedata.category(letter) in {"Cf", "Zl", "Zp"} or ord(letter) & 0xFFFE == 0xFFFE


def typed(passphrase: Secret) -> str:
    """Return what is typed into Excel's password box.

    Raises:
        UsageError: it is empty, longer than Excel accepts, or holds what cannot be typed.
    """
    password = unicodedata.normalize("NFC", passphrase.reveal())
    if not password:
        raise UsageError("The passphrase is empty.", hint=PASSPHRASE_RULE)
    if any(unicodedata.category(letter) in {"Cc", "Cs"} for letter in password):
        raise UsageError(
            "The passphrase holds a tab, a line break or another character that Excel's password box does not take.",
            hint=PASSPHRASE_RULE,
        )
    if len(password.encode("utf-16-le")) // 2 > MAX_PASSPHRASE:
        raise UsageError(
            f"The passphrase is longer than the {MAX_PASSPHRASE} characters that Excel accepts.", hint=PASSPHRASE_RULE
        )
    return password
