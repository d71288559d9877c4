"""Modules that are loaded on another thread, before somebody imports them."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from bulktap.operations.loading_ahead import FOR_PLANNING, FOR_RESULTS, load_ahead

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("fault", "raised"),
    [
        ("raise RuntimeError", RuntimeError),
        ("import no_such_module", ModuleNotFoundError),
        ("1 / 0", ZeroDivisionError),
        ("x = (", SyntaxError),
        ("b'\\x00'.decode('ascii') + chr(-1)", ValueError),
    ],
)
def test_a_module_that_cannot_be_loaded_does_not_keep_the_next_one_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: str, raised: type[Exception]
) -> None:
    """Nothing is said either: that is for whoever needs it, who is told as if nobody had tried before."""
    monkeypatch.syspath_prepend(tmp_path)
    (tmp_path / "faulty_one.py").write_text(fault, "utf-8")
    (tmp_path / "sound_one.py").write_text("", "utf-8")

    load_ahead(["no_such_module", "faulty_one", "sound_one"]).join()

    assert sys.modules.pop("sound_one").__name__ == "sound_one"
    assert "faulty_one" not in sys.modules
    with pytest.raises(raised):
        __import__("faulty_one")


@pytest.mark.parametrize("names", [FOR_PLANNING, FOR_RESULTS])
def test_all_that_is_loaded_ahead_is_there(names: tuple[str, ...]) -> None:
    """A name that is misspelled would be passed over in silence."""
    load_ahead(names).join()

    assert set(names) <= sys.modules.keys()
