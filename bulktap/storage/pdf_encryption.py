"""PDF bytes into a password-protected PDF; in memory only.

AES-256 in the form of ISO 32000-2 (revision 6), which Acrobat X and later, browsers, poppler and
qpdf open.
"""

from __future__ import annotations

import io
import unicodedata
from typing import TYPE_CHECKING

from bulktap.model.errors import UsageError

if TYPE_CHECKING:
    from bulktap.model.secret import Secret

MAX_BYTES = 127
"""Bytes of a password in UTF-8 that readers look at (ISO 32000-2, 7.6.4.3.2)."""

_RULE = f"A PDF needs a passphrase of 1 to {MAX_BYTES} bytes in UTF-8; letters beyond ASCII take two to four each."


def seal_pdf(pdf: bytes, passphrase: Secret) -> bytes:
    """Return the PDF encrypted so that only the passphrase opens it.

    Raises:
        UsageError: the passphrase is empty, longer than readers of PDFs accept, or holds what cannot be typed.
    """
    from pypdf import PdfReader, PdfWriter

    password = _typed(passphrase)
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf)))
    writer.encrypt(password, algorithm="AES-256")
    sealed = io.BytesIO()
    writer.write(sealed)
    return sealed.getvalue()


def _typed(passphrase: Secret) -> str:
    password = unicodedata.normalize("NFKC", passphrase.reveal())  # as SASLprep (RFC 4013) has it, which readers apply
    if not password or any(unicodedata.category(letter) in {"Cc", "Cs", "Co", "Cn"} for letter in password):
        raise UsageError("The passphrase is empty, or holds what nobody can type.", hint=_RULE)
    if len(password.encode()) > MAX_BYTES:
        raise UsageError(f"The passphrase is longer than the {MAX_BYTES} bytes that readers of PDFs take.", hint=_RULE)
    return password
