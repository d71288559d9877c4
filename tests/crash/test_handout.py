"""Hand-outs: no passcode is ever written in clear, and no file lies there whose passphrase nobody has."""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING

import pytest
from handouts import listed, opens
from harness.leaks import LeakSearch
from harness.operators import PASSPHRASE
from harness.scene import APPLY, QUICK, Scene, scene
from harness.traces import STRACE, read_trace
from harness.tracing import why_not_traced

if TYPE_CHECKING:
    from pathlib import Path

_REASON = why_not_traced()
pytestmark = [pytest.mark.long, pytest.mark.skipif(_REASON is not None, reason=_REASON or "")]


def killed_at_rename(stage: Scene, number: int, *words: str, by: str = "SIGKILL") -> int:
    """Hand out, killed as the nth file is about to take its place; return the exit code."""
    at = ("-e", "trace=rename", "-e", f"inject=rename:signal={by}:when={number}")
    output = stage.root / f"killed-{number}"
    ended = stage.operator.run("handout", "latest", *words, prefix=("strace", "-f", "-o", str(output), *at))
    return ended.exit_code


def without_words(place: Path) -> list[str]:
    """Return the sealed files that nothing on the list opens."""
    lines = listed(place, passphrase=PASSPHRASE) if (place / "passphrases.xlsx").exists() else []
    sealed = [path for path in place.glob("*.pdf") if not path.name.startswith("covers")]
    return [path.name for path in sealed if not any(opens(path, line.opens_with) for line in lines)]


def test_what_is_handed_out_is_written_sealed_only(tmp_path: Path) -> None:
    """Neither a passcode nor a file's words are in any byte that is written, for a moment either."""
    with scene(tmp_path, 8) as stage:
        stage.operator.run(*APPLY, *QUICK)
        traces = {}
        for kind in ("pdf", "xlsx"):
            output = stage.root / f"trace-{kind}"
            ended = stage.operator.run("handout", "latest", "--format", kind, prefix=(*STRACE, "-o", str(output)))
            assert ended.exit_code in {0, 3}, ended.err
            traces[kind] = read_trace(output)
        words = [line.opens_with for line in listed(stage.folder / "handout", passphrase=PASSPHRASE)]
        search = LeakSearch([*stage.secrets(), *words])

        assert len(words) > 1
        assert {kind: trace.leaks(search) for kind, trace in traces.items()} == {"pdf": [], "xlsx": []}
        assert traces["pdf"].written_to("passphrases.xlsx")


def test_a_kill_between_any_two_files_loses_no_words(tmp_path: Path) -> None:
    """Whatever was there before: nothing, a whole hand-out, or what an earlier kill left."""
    with scene(tmp_path, 6) as stage:
        stage.operator.run(*APPLY, *QUICK)
        place, number, code = stage.folder / "handout", 0, -signal.SIGKILL
        by = ("--by", "user")
        while code < 0:
            number += 1
            code = killed_at_rename(stage, number, *by)
            assert without_words(place) == [], number
        assert number > 6
        assert code in {0, 3}
        for later in range(1, number, 4):
            killed_at_rename(stage, later, *by)
            assert without_words(place) == [], later
        assert stage.operator.run("handout", "latest", *by).exit_code in {0, 3}
        assert without_words(place) == []
        assert len({line.file for line in listed(place, passphrase=PASSPHRASE)}) == len(
            listed(place, passphrase=PASSPHRASE)
        )


@pytest.mark.parametrize("number", [1, 3, 5])
def test_ctrl_c_between_two_files_loses_no_words(tmp_path: Path, number: int) -> None:
    """The exit code is 130, and the same command again makes everything."""
    with scene(tmp_path, 6) as stage:
        stage.operator.run(*APPLY, *QUICK)
        assert killed_at_rename(stage, number, "--by", "user", by="SIGINT") == 130
        assert without_words(stage.folder / "handout") == []
        assert stage.operator.run("handout", "latest", "--by", "user").exit_code in {0, 3}
        assert without_words(stage.folder / "handout") == []
