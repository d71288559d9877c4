"""Template: write an empty roster workbook; a file that is there already stays as it is."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from bulktap.model.errors import UsageError
from bulktap.results.roster_template import roster_template
from bulktap.storage import write_file

if TYPE_CHECKING:
    from pathlib import Path

    from bulktap.results.roster_template import TemplateLike


def write_template(path: Path, language: str, like: TemplateLike | None) -> None:
    """Write an empty roster workbook.

    Raises:
        UsageError: there is a file of this name, or the name is no workbook's.
        DiskRefuses: it cannot be written.
    """
    if path.suffix.lower() != ".xlsx":
        raise UsageError(f"{path} is no name of an Excel workbook.", hint="Choose a name that ends in .xlsx.")
    if os.path.lexists(path):
        raise UsageError(f"{path} is there already, and is not overwritten.", hint="Choose another name.")
    write_file(path, roster_template(language, like))
