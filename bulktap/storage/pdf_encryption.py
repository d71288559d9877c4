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


def seal_pdf(pdf: bytes, passphrase: Secret) -> bytes:
    """Return the PDF encrypted so that only the passphrase opens it.

    Raises:
        UsageError: the passphrase is empty, or longer than readers of PDFs accept.
    """
    from pypdf import PdfReader, PdfWriter

    password = unicodedata.normalize("NFKC", passphrase.reveal())
    if not password or len(password.encode()) > MAX_BYTES:
        raise UsageError(
            f"A PDF needs a passphrase of 1 to {MAX_BYTES} bytes in UTF-8.", hint="Choose a shorter passphrase."
        )
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf)))
    writer.encrypt(password, algorithm="AES-256")
    sealed = io.BytesIO()
    writer.write(sealed)
    return sealed.getvalue()
