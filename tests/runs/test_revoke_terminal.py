"""`bulktap revoke` on a terminal: what is shown, and the question."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest
from terminal_talk import talk
from whole_run import USERS, Program, live_digests

if TYPE_CHECKING:
    from whole_run import Finished

    from bulktap.simulator.embedded import EmbeddedSimulator

pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pseudo-terminals"),
]


@pytest.fixture
def issued(connected: Program) -> Finished:
    """A finished run of three passes in two classes."""
    rows = [["User", "Class"], [USERS[0], "10a"], [USERS[1], "5a"], [USERS[2], "10a"]]
    return connected("apply", connected.roster(rows), "--yes", "--json")


@pytest.mark.parametrize("answers", [["no"], ["n"], [""], ["y", "no"]], ids=str)
def test_anything_but_the_word_yes_deletes_nothing(
    connected: Program, issued: Finished, service: EmbeddedSimulator, answers: list[str]
) -> None:
    """Exit 6, after the passes were shown by state, group and name."""
    code, shown = talk(connected, ["revoke", issued.folder.name], [("[yes/no]", answer) for answer in answers])

    assert code == 6
    assert len(live_digests(service)) == 3
    assert "3 live: to be deleted" in shown
    assert "Groups: 5a (1), 10a (2)" in shown
    assert "Student01 (student01@contoso.com)" in shown
    assert "may be signed out" in " ".join(shown.split())


def test_a_yes_deletes_what_was_shown(connected: Program, issued: Finished, service: EmbeddedSimulator) -> None:
    """And no more: the other class keeps its passes."""
    words = ["revoke", issued.folder.name, "--only", "Class=10a"]

    code, shown = talk(connected, words, [("Delete these 2 passes in Contoso", "yes")])

    assert code == 0, shown
    assert "2 revoked" in shown
    assert set(live_digests(service)) == {USERS[1]}


@pytest.mark.parametrize(
    "options", [("--type-from-rows", "3"), ("--type-from-rows", "1", "--confirm", "type", "--yes")], ids=str
)
def test_from_a_size_on_the_tenants_name_is_typed(
    connected: Program, issued: Finished, service: EmbeddedSimulator, options: tuple[str, ...]
) -> None:
    """Also where a yes was given in advance, if somebody wants that."""
    code, shown = talk(connected, ["revoke", issued.folder.name, *options], [("(Contoso):", "contoso")])

    assert code == 0, shown
    assert "These are 3 passes, so a yes is not enough." in shown
    assert live_digests(service) == {}


def test_a_watch_that_is_left_with_ctrl_c_says_what_was_found(connected: Program, issued: Finished) -> None:
    """Exit 0: nothing is wrong, and it is how a watch is left."""
    words = ["verify", issued.folder.name, "--watch", "1h", "--no-progress"]

    code, shown = talk(connected, words, [("3 live", "\x03")])

    assert code == 0, shown
    assert shown.count("3 live") == 1
