"""Sealed PDFs, opened again by pypdf, pikepdf and poppler."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import unicodedata
from typing import TYPE_CHECKING

import pypdf
import pytest

from bulktap.model.errors import UsageError
from bulktap.model.secret import Secret
from bulktap.storage.pdf_encryption import MAX_BYTES, seal_pdf

if TYPE_CHECKING:
    from pathlib import Path

PASSPHRASES = ["one two three four five", "Gärten – über 9 Brücken", "x" * MAX_BYTES, "кот и пёс", "a\u0308 ﬁ Ⅷ two"]


def plain() -> bytes:
    """Return a PDF of one page."""
    writer = pypdf.PdfWriter()
    writer.add_blank_page(200, 200)
    writer.add_metadata({"/Title": "Secret title"})
    target = io.BytesIO()
    writer.write(target)
    return target.getvalue()


@pytest.mark.parametrize("text", PASSPHRASES)
def test_only_the_passphrase_opens_a_sealed_file(text: str) -> None:
    """AES-256, revision 6, for user and owner alike; the title is sealed too."""
    sealed = seal_pdf(plain(), Secret(text))
    assert re.search(rb"/R 6\b", sealed)
    assert b"Secret title" not in sealed
    reader = pypdf.PdfReader(io.BytesIO(sealed))
    for wrong in ("", "one two three four", " " + text, text[:-1]):
        assert not reader.decrypt(wrong)
    assert reader.decrypt(text)
    assert len(reader.pages) == 1


@pytest.mark.parametrize("text", PASSPHRASES)
def test_independent_readers_open_it(tmp_path: Path, text: str) -> None:
    """Pikepdf (qpdf's library), and poppler where it is installed."""
    pikepdf = pytest.importorskip("pikepdf")
    path = tmp_path / "sealed.pdf"
    path.write_bytes(seal_pdf(plain(), Secret(text)))
    with pikepdf.open(path, password=unicodedata.normalize("NFKC", text)) as opened:
        assert len(opened.pages) == 1
    with pytest.raises(pikepdf.PasswordError):
        pikepdf.open(path, password="another one")
    if shutil.which("pdfinfo") and text.isascii() and len(text) <= 32:  # its own buffer
        assert subprocess.run(["pdfinfo", "-upw", text, path], check=False, capture_output=True).returncode == 0
        assert subprocess.run(["pdfinfo", path], check=False, capture_output=True).returncode != 0


def test_the_same_file_is_sealed_anew_each_time() -> None:
    """A key that is drawn for each file."""
    assert seal_pdf(plain(), Secret("the same")) != seal_pdf(plain(), Secret("the same"))


@pytest.mark.parametrize("text", ["", "x" * (MAX_BYTES + 1), "ä" * MAX_BYTES, "a\nb", "a\ud800"])
def test_passphrases_that_readers_do_not_take_are_refused(text: str) -> None:
    """Readers cut a longer one off, and nobody types a line break."""
    with pytest.raises(UsageError):
        seal_pdf(plain(), Secret(text))
