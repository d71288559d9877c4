"""What a run records names settings as whoever started it types them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest

from bulktap.cli.setting_options import as_option
from bulktap.journal import CHEAPEST, Journal
from bulktap.model.outcomes import InDoubt, Refused, Skipped
from bulktap.model.passes import AccessPass
from bulktap.model.row_error_catalogue import about_passes
from bulktap.model.row_errors import RowError, RowErrorCode
from bulktap.model.run_events import Noted, Settled
from bulktap.model.setting_names import Setting, as_argument
from bulktap.operations.spelled_events import SpellingStore

if TYPE_CHECKING:
    from pathlib import Path

    from bulktap.journal import JournalHeader, JournalRow
    from bulktap.model.outcomes import Outcome
    from bulktap.model.secret import Secret
    from bulktap.model.setting_names import Spelling

ZONE = ZoneInfo("Europe/Berlin")
THEIRS = AccessPass("p-1", created_at=datetime(2026, 9, 1, 8, tzinfo=UTC))
OUTCOMES = [
    InDoubt(about_passes.replaced_by_somebody(THEIRS, ZONE, had_ours=False)),
    InDoubt(about_passes.unknown_to_journal(THEIRS, ZONE)),
    Refused(RowError(RowErrorCode.REFUSED, "No.", f"Ask. Then feed it back in with {Setting.EXISTING.to('replace')}.")),
    Skipped(about_passes.left_alone(THEIRS, ZONE)),
]


@pytest.mark.parametrize("outcome", OUTCOMES, ids=lambda outcome: outcome.error.code.value)
@pytest.mark.parametrize(
    ("spelling", "said"), [(as_option, "with --existing replace."), (as_argument, 'with existing="replace".')]
)
def test_the_journal_keeps_outcomes_spelled(
    tmp_path: Path,
    header: JournalHeader,
    rows: list[JournalRow],
    passphrase: Secret,
    outcome: Outcome,
    spelling: Spelling,
    said: str,
) -> None:
    """Workbook and reports quote the journal later, when nobody knows any more who started the run."""
    path = tmp_path / "journal.db"
    with Journal.create(path, header, rows, b"", passphrase, cost=CHEAPEST) as journal:
        store = SpellingStore(journal, spelling)
        store.record([Noted(1, f"Mind {Setting.EXISTING.to('replace')}."), Settled(1, outcome)])

    with Journal.open(path, passphrase) as journal:
        row = journal.state().rows[1]

    assert row.error is not None
    assert row.error.hint.endswith(said)
    assert row.notes == [f"Mind {said.removeprefix('with ')}"]
