"""Another passphrase for a journal, or none for ever: what opens it afterwards, and what is left on the disk."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bulktap.journal import CHEAPEST, Journal, forget_key, glance, rewrap_key, salvage
from bulktap.model.errors import DiskRefuses, JournalDamaged, RunForgotten, Untrusted, WrongPassphrase
from bulktap.model.row_phases import RowPhase
from bulktap.model.secret import Secret
from bulktap.storage.passphrase_cost import STANDARD

if TYPE_CHECKING:
    from types import SimpleNamespace

NEW = Secret("another one, in four words")
NOW = datetime(2026, 12, 6, 14, 5, tzinfo=UTC)


def wrapped(path: Path) -> bytes:
    """Return the wrapped data key, as both copies of the header have it."""
    with closing(sqlite3.connect(path)) as database:
        (one,) = database.execute("SELECT wrapped FROM header").fetchone()
        (other,) = database.execute("SELECT wrapped FROM spare").fetchone()
    assert one == other
    return bytes(one)


def bytes_below(folder: Path) -> bytes:
    """Return every byte of every file in the journal's folder."""
    return b"".join(path.read_bytes() for path in sorted(folder.iterdir()) if path.is_file())


def passcodes(path: Path, passphrase: Secret) -> list[str]:
    """Open the journal, and return the passcodes in it."""
    with Journal.open(path, passphrase) as journal:
        return [row.issued.value.reveal() for row in journal.state().rows.values() if row.issued]


def test_a_forgotten_journal_opens_with_nothing(finished: Path, passphrase: Secret) -> None:
    """Neither for writing nor for a rescue; it says when it was forgotten."""
    forget_key(finished, NOW, "eva")

    for opening in (Journal.open, salvage):
        with pytest.raises(RunForgotten, match=r"2026-12-06 at 14:05 UTC"):
            opening(finished, passphrase)
    with pytest.raises(RunForgotten):
        rewrap_key(finished, passphrase, NEW, cost=CHEAPEST)


def test_what_was_clear_stays_as_it_was(finished: Path, story: SimpleNamespace) -> None:
    """Who was given which pass: what verifying and revoking need."""
    before = glance(finished)
    forget_key(finished, NOW, "eva")
    after = glance(finished)

    assert after.header.forgotten_at == NOW
    assert (after.state, after.tags, after.damage) == (before.state, before.tags, ())
    assert sum(row.phase is RowPhase.ISSUED for row in after.state.rows.values()) == 6
    assert story.passcode(1).encode() not in finished.read_bytes()


@pytest.mark.parametrize("what", ["forget", "rewrap"])
def test_nothing_of_the_old_key_is_left_in_any_file(finished: Path, passphrase: Secret, what: str) -> None:
    """The wrapped key is sought in every byte of the folder, the file that undoes commits among them."""
    old = wrapped(finished)
    assert bytes_below(finished.parent).count(old) == 2

    if what == "forget":
        forget_key(finished, NOW, "eva")
    else:
        rewrap_key(finished, passphrase, NEW, cost=CHEAPEST)

    left = bytes_below(finished.parent)
    # Half of it would be as good as nothing; a quarter is looked for, in case it stood across two pages.
    assert not any(old[start : start + 15] in left for start in range(len(old) - 15))
    assert [path.name for path in finished.parent.iterdir()] == [finished.name]


def test_forgetting_twice_keeps_the_first_moment(finished: Path) -> None:
    """Whoever runs it again, because it was killed, finishes it."""
    forget_key(finished, NOW, "eva")

    assert forget_key(finished, NOW + timedelta(days=1), "adam") == NOW
    assert glance(finished).header.forgotten_at == NOW


def test_a_left_over_rollback_file_is_overwritten_too(finished: Path) -> None:
    """It is what a process leaves that was killed between the commit and the end; its beginning was zeroed by then."""
    old = wrapped(finished)
    forget_key(finished, NOW, "eva")
    rollback = finished.with_name("journal.db-journal")
    rollback.write_bytes(bytes(512) + old)

    forget_key(finished, NOW, "eva")

    assert not rollback.exists()


def test_a_new_passphrase_opens_all_that_the_old_one_did(finished: Path, passphrase: Secret) -> None:
    """And the old one nothing any more; the journal goes on with it."""
    before = passcodes(finished, passphrase)
    rewrap_key(finished, passphrase, NEW, cost=CHEAPEST)

    assert passcodes(finished, NEW) == before
    with pytest.raises(WrongPassphrase):
        Journal.open(finished, passphrase)
    assert len(salvage(finished, NEW).state.rows) == 8


def test_a_new_passphrase_costs_what_new_runs_cost(finished: Path, passphrase: Secret) -> None:
    """A run that an earlier, cheaper bulktap made is guarded as well as others from then on."""
    rewrap_key(finished, passphrase, NEW)

    with closing(sqlite3.connect(finished)) as database:
        (public,) = database.execute("SELECT public FROM header").fetchone()
    assert f'"memory_kib":{STANDARD.memory_kib}' in public


@pytest.mark.parametrize("wrong", [Secret("not that one"), Secret("correct horse")])
def test_without_the_passphrase_nothing_is_changed(finished: Path, wrong: Secret) -> None:
    """Not a byte."""
    before = finished.read_bytes()
    with pytest.raises(WrongPassphrase):
        rewrap_key(finished, wrong, NEW, cost=CHEAPEST)

    assert finished.read_bytes() == before


@pytest.mark.parametrize("damage", ["DELETE FROM spare", "UPDATE spare SET wrapped = x'00'", "DROP TABLE head"])
def test_a_damaged_journal_is_left_as_it_is(finished: Path, damage: str) -> None:
    """What is intact of it is saved first; then its folder can be thrown away as a whole."""
    with closing(sqlite3.connect(finished)) as database, database:
        database.execute(damage)
    before = finished.read_bytes()

    with pytest.raises(JournalDamaged):
        forget_key(finished, NOW, "eva")
    assert finished.read_bytes() == before


@pytest.mark.skipif(os.name == "nt", reason="links need rights of their own on Windows")
def test_a_link_in_place_of_the_journal_is_not_followed(finished: Path, tmp_path: Path) -> None:
    """Another run's key is not ours to destroy."""
    link = tmp_path / "elsewhere.db"
    link.symlink_to(finished)
    before = finished.read_bytes()

    with pytest.raises((Untrusted, JournalDamaged, DiskRefuses)):
        forget_key(link, NOW, "eva")
    assert finished.read_bytes() == before


KILLED = """
import os, signal, sys
from datetime import UTC, datetime
from pathlib import Path
from bulktap.journal import CHEAPEST, forget_key, rewrap_key
from bulktap.model.secret import Secret
what, path, left = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])
def step(frame, event, argument):
    global left
    left -= 1
    if left == 0:
        os.kill(os.getpid(), signal.SIGTERM if os.name == "nt" else signal.SIGKILL)
old, new = (Secret(word) for word in sys.stdin.read().split("|"))
sys.setprofile(step)
if what == "forget":
    forget_key(path, datetime.now(UTC), "eva")
else:
    rewrap_key(path, old, new, cost=CHEAPEST)
sys.setprofile(None)
print(left)
"""


def killed(what: str, path: Path, steps: int, passphrase: Secret) -> int | None:
    """Run it in a process that is killed after so many steps; return how many were left if it came to its end."""
    words = f"{passphrase.reveal()}|{NEW.reveal()}"
    done = subprocess.run(
        [sys.executable, "-c", KILLED, what, str(path), str(steps)],
        input=words,
        capture_output=True,
        encoding="utf-8",
        check=False,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2]), "PYTHONIOENCODING": "utf-8"},
    )
    assert done.returncode == 0 or "Traceback" not in done.stderr, done.stderr
    assert done.returncode in {0, -getattr(signal, "SIGKILL", 9), 15}
    return int(done.stdout) if done.returncode == 0 else None


@pytest.mark.parametrize("what", ["forget", "rewrap"])
def test_killed_at_any_step_one_of_the_two_holds(finished: Path, passphrase: Secret, what: str) -> None:
    """Forgotten or as it was, the old passphrase or the new one; run again, it comes to its end."""
    kept = finished.read_bytes()
    before = passcodes(finished, passphrase)
    most = 1_000_000
    needed = most - (killed(what, finished, most, passphrase) or 0)
    seen = set()
    for steps in [needed * part // 10 for part in range(1, 10)] + [needed - 4]:
        finished.write_bytes(kept)
        assert killed(what, finished, steps, passphrase) is None
        glance(finished)
        try:
            seen.add("old" if passcodes(finished, passphrase) == before else "less")
        except RunForgotten:
            seen.add("forgotten")
        except WrongPassphrase:
            seen.add("new" if passcodes(finished, NEW) == before else "less")
        if what == "forget":
            forget_key(finished, NOW, "eva")
            assert glance(finished).header.forgotten_at is not None
            assert wrapped(finished) == b""
            assert [path.name for path in finished.parent.iterdir()] == [finished.name]

    assert seen == {"old", "forgotten" if what == "forget" else "new"}
