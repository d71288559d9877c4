"""Hand-outs from Python: values, progress, and a stop."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pypdf
import pytest

import bulktap
from bulktap.model.errors import Interrupted, UsageError

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.long

PASSPHRASE = "correct horse battery staple"


@pytest.fixture
def run(caller: Any) -> Path:
    """A run whose passes were issued."""
    return bulktap.apply("students.csv", caller.sign_in, PASSPHRASE, timezone="UTC").folder


def test_a_program_gets_the_files_and_what_opens_them(run: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """As secrets; nothing is printed, and progress is told."""
    seen: list[bulktap.Progress] = []
    handed = bulktap.handout(run, PASSPHRASE, by=["Class"], language=["de", "en"], progress=seen.append)

    assert capfd.readouterr() == ("", "")
    assert [(group.name, group.served) for group in handed.groups] == [("7A", 2), ("7B", 1)]
    for group in handed.groups:
        assert group.path is not None
        assert group.opens_with is not None
        assert pypdf.PdfReader(group.path).decrypt(group.opens_with.reveal())
    assert {"making hand-outs", "writing hand-outs"} <= {one.phase for one in seen}


def test_a_stop_while_files_are_made_writes_nothing(run: Path) -> None:
    """The run is as it was, and the next call does it all."""
    token = bulktap.StopToken()

    def hear(progress: bulktap.Progress) -> None:
        if progress.phase == "making hand-outs" and progress.done == 1:
            token.stop()

    with pytest.raises(Interrupted):
        bulktap.handout(run, PASSPHRASE, by="Class", progress=hear, stop=token)
    assert not (run / "handout").exists()
    assert len(bulktap.handout(run, PASSPHRASE, format="xlsx").groups) == 2


@pytest.mark.parametrize(
    "wishes", [{"by": "Clas"}, {"style": "poster"}, {"language": ["de", "de"]}, {"paper": "A5"}, {"colour": "red"}]
)
def test_what_cannot_be_meant_is_a_usage_error(run: Path, wishes: dict[str, Any]) -> None:
    """With Python's names in the sentence."""
    with pytest.raises(UsageError) as refused:
        bulktap.handout(run, PASSPHRASE, **wishes)
    assert "--" not in refused.value.message + refused.value.hint
