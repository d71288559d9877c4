"""Journal: what a run has done, safe against a crash at any instant.

`store` explains and keeps it: one writer, one transaction for what is recorded together. `sealing` is the
cryptography, `entries` says what an event looks like, `records` numbers and seals it, `header` ties all to run and
passphrase, `database` knows SQLite, `replay` makes a `RunState` of it. `rescue` reads without the passphrase, or in
spite of damage, for which `carving` does without SQLite, `rekeying` gives it another passphrase or destroys its key,
and `verifying` believes a journal only after every record of it has been checked.
"""

from bulktap.journal.entries import JournalRow
from bulktap.journal.header import JournalHeader
from bulktap.journal.rekeying import forget_key, require_remembered, rewrap_key
from bulktap.journal.rescue import JournalGlance, Salvage, glance, salvage
from bulktap.journal.sealing import PassphraseKey
from bulktap.journal.store import Journal
from bulktap.storage.passphrase_cost import CHEAPEST, STANDARD, KdfCost

__all__ = [
    "CHEAPEST",
    "STANDARD",
    "Journal",
    "JournalGlance",
    "JournalHeader",
    "JournalRow",
    "KdfCost",
    "PassphraseKey",
    "Salvage",
    "forget_key",
    "glance",
    "require_remembered",
    "rewrap_key",
    "salvage",
]
