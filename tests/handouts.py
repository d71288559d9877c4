"""How tests of whole runs read a hand-out: the list of passphrases, and each file in two readers that share no code."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING, Any

import openpyxl
import pypdf
from whole_run import PASSPHRASE

from bulktap.model.secret import Secret
from bulktap.storage.office_encryption import decrypt_workbook

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True)
class Listed:
    """A line of the list of passphrases."""

    group: str
    file: str
    handed_to: str | None
    people: int
    opens_with: str


def listed(place: Path, name: str = "passphrases.xlsx", passphrase: str = PASSPHRASE) -> list[Listed]:
    """Return the list of passphrases, by the headings of the contract."""
    lines = workbook_rows((place / name).read_bytes(), "Passphrases", passphrase)
    headings = ("Group", "File", "Handed to", "People", "Opens with")
    return [Listed(*[line[heading] for heading in headings]) for line in lines]


def workbook_rows(content: bytes, sheet: str, passphrase: str) -> list[dict[str, Any]]:
    """Return the rows of a sheet of a sealed workbook."""
    book = openpyxl.load_workbook(BytesIO(decrypt_workbook(content, Secret(passphrase))))
    headings, *rows = book[sheet].iter_rows(values_only=True)
    return [dict(zip(headings, row, strict=True)) for row in rows]


def opens(path: Path, passphrase: str) -> bool:
    """Whether a passphrase opens a sealed PDF, in pypdf; a file that is not sealed opens with none."""
    reader = pypdf.PdfReader(path)
    return reader.is_encrypted and bool(reader.decrypt(passphrase))


def text_of(path: Path, passphrase: str) -> str:
    """Return the text of a PDF as poppler reads it.

    Raises:
        AssertionError: it does not open it.
    """
    done = subprocess.run(
        ["pdftotext", "-layout", "-upw", passphrase, str(path), "-"], capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.decode()


def codes_in(folder: Path) -> dict[str, str]:
    """Return every passcode of a run by its user's sign-in name, from the results workbook."""
    rows = workbook_rows((folder / "results.xlsx").read_bytes(), "Passes", PASSPHRASE)
    return {row["Sign-in name"]: row["Temporary Access Pass"] for row in rows}
