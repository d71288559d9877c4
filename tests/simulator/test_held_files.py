"""Files of the pretend tenant that another program holds for a moment."""

from __future__ import annotations

import pytest

from bulktap.simulator.held_files import once_let_go


@pytest.mark.parametrize(
    ("refusals", "windows", "tries", "error"),
    [
        ([], True, 1, None),
        ([PermissionError(13, "held")], True, 2, None),
        ([PermissionError(13, "held")] * 6, True, 7, None),
        ([PermissionError(13, "held")] * 99, True, 7, PermissionError),
        ([PermissionError(13, "held")], False, 1, PermissionError),
        ([FileNotFoundError(2, "gone")], True, 1, FileNotFoundError),
    ],
)
def test_a_file_is_waited_for_on_windows_alone(
    refusals: list[OSError], windows: bool, tries: int, error: type[OSError] | None
) -> None:
    """For two seconds in all; a refusal that no waiting heals is told at once."""
    tried: list[int] = []
    waits: list[float] = []

    def act() -> None:
        tried.append(1)
        if len(tried) <= len(refusals):
            raise refusals[len(tried) - 1]

    if error is None:
        once_let_go(act, waits.append, windows=windows)
    else:
        with pytest.raises(error):
            once_let_go(act, waits.append, windows=windows)
    assert len(tried) == tries
    assert sum(waits) <= 2.1
