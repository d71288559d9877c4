"""Real files of third parties, which lie outside the project: read right, or refused with a sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bulktap.errors import RosterError
from bulktap.roster.reader import ReadOptions, read_roster
from bulktap.roster.validation import CheckedRoster, CheckOptions, check_roster

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def checked(path: Path, options: Callable[..., CheckOptions], **changes: object) -> CheckedRoster:
    """Return a real file, checked."""
    return check_roster(read_roster(path, ReadOptions()), options(**changes))


def test_entra_template(real_files: Path, options: Callable[..., CheckOptions]) -> None:
    """A filled-in Entra template: example skipped, 697 rows of 507 people, no password anywhere."""
    roster = checked(real_files / "formats" / "entra-bulk-create-version-v1.0.csv", options)
    assert len(roster.rows) == 697
    assert len({row.user.folded for row in roster.rows if row.user}) == 507
    assert any("Row 3 is Microsoft's example" in note for note in roster.info.notes)
    assert not any("password" in heading.casefold() for heading in roster.columns.headings)


def test_plain_people(real_files: Path, options: Callable[..., CheckOptions]) -> None:
    """A thousand people with an e-mail column, named by two columns."""
    roster = checked(real_files / "formats" / "mockaroo-people-1000.csv", options)
    assert sum(row.request is not None for row in roster.rows) == 1000
    assert all(row.display_name and " " in row.display_name for row in roster.rows)


def test_bare_names_need_a_domain(real_files: Path, options: Callable[..., CheckOptions]) -> None:
    """School Data Sync writes names without a domain."""
    path = real_files / "formats" / "sds-v1-100users" / "Student.csv"
    with pytest.raises(RosterError, match="86 of 86"):
        checked(path, options)
    roster = checked(path, options, domain="contoso.com")
    assert sum(row.request is not None for row in roster.rows) == 86


def test_hidden_rows(real_files: Path) -> None:
    """Rows hidden by a filter are counted and asked about."""
    with pytest.raises(RosterError, match=r"51 row.* hidden by a filter"):
        read_roster(real_files / "nasty" / "xlsx" / "autofilter-hidden-rows.xlsx", ReadOptions())


def test_every_file_is_read_or_refused_with_a_sentence(real_files: Path, options: Callable[..., CheckOptions]) -> None:
    """No real file ends in anything but a roster or a refusal with message and hint."""
    refusals: list[RosterError] = []
    for path in sorted(path for path in real_files.rglob("*") if path.is_file() and path.parent.name != "LICENSES"):
        try:
            checked(path, options)
        except RosterError as error:
            refusals.append(error)
    assert len(refusals) > 50
    assert all(refusal.message.endswith(".") and refusal.hint for refusal in refusals)
