"""`bulktap.revoke`: what other programs do with the passes of a run afterwards."""

from __future__ import annotations

from typing import Any

import pytest

import bulktap
from bulktap.storage.revocations import read_revocations

PASSPHRASE = "correct horse battery staple"


@pytest.fixture
def issued(caller: Any) -> bulktap.RunResult:
    """A finished run."""
    return bulktap.apply("crowd.csv", caller.sign_in, PASSPHRASE)


def test_what_would_be_deleted_is_handed_to_whoever_confirms(caller: Any, issued: bulktap.RunResult) -> None:
    """A no is an error that says that nothing was deleted."""
    seen: list[bulktap.RevokePreview] = []

    def confirm(preview: bulktap.RevokePreview) -> bool:
        seen.append(preview)
        return False

    with pytest.raises(bulktap.BulktapError) as stopped:
        bulktap.revoke(issued.folder, caller.sign_in, confirm=confirm)

    assert (stopped.value.code, len(seen[0].meant)) == ("not-confirmed", 60)


def test_a_revocation_that_is_stopped_is_gone_on_with(caller: Any, issued: bulktap.RunResult) -> None:
    """What stopped it is in the result; the next call has the rest, and no pass is left."""
    token = bulktap.StopToken()

    def told(progress: bulktap.Progress) -> None:
        if progress.phase == "deleting passes" and progress.done:
            token.stop()

    first = bulktap.revoke(issued.folder, caller.sign_in, stop=token, progress=told, concurrency=1)
    then = bulktap.revoke(issued.folder, caller.sign_in)

    assert first.failure is not None
    assert first.failure.code == "interrupted"
    assert "bulktap.revoke(" in str(first.failure.hint)
    assert 0 < first.counts["revoked"] < 60
    assert first.counts["revoked"] + then.counts["revoked"] == 60
    assert then.goes_on
    assert read_revocations(then.folder).left == {}
