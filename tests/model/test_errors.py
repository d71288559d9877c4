from __future__ import annotations

from typing import TYPE_CHECKING

from bulktap.graph.sign_in import SignInUnreachable
from bulktap.model import errors
from bulktap.model.errors import BulktapError

if TYPE_CHECKING:
    from collections.abc import Iterator


def descendants(kind: type[BulktapError]) -> Iterator[type[BulktapError]]:
    """Yield every exception below this one."""
    for child in kind.__subclasses__():
        yield child
        yield from descendants(child)


def test_exit_codes_are_those_of_the_contract() -> None:
    """Every exception has one of the exit codes that scripts rely on, the same as its parent's where it has one."""
    known = {"UsageError": 2, "RosterError": 4, "AccessError": 5, "Stopped": 6, "GaveUp": 7, "PlanRefused": 8,
             "InUse": 11, "NoPass": 3,
             "Locked": 12, "Interrupted": 130, "ServiceContradiction": 1, "OutputLost": 1,
             "UnexpectedError": 1, "Misprint": 1}  # fmt: skip
    for kind in descendants(BulktapError):
        family = next(parent for parent in kind.__mro__ if parent.__bases__ == (BulktapError,))
        assert kind.exit_code == known[family.__name__], kind


def test_codes_are_unique() -> None:
    """Scripts tell errors apart by their code."""
    codes = [kind.code for kind in set(descendants(BulktapError)) if "code" in vars(kind)]
    assert len(codes) == len(set(codes))
    assert SignInUnreachable.code in codes


def test_the_tree_in_the_module_names_every_exception() -> None:
    """The drawing at the head of the module is complete."""
    for kind in descendants(BulktapError):
        if kind.__module__ == errors.__name__:
            assert kind.__name__ in (errors.__doc__ or "")


def test_an_error_has_words_and_a_hint() -> None:
    """The message is the exception's text; the hint stands by itself."""
    error = errors.DiskRefuses("The disk is full.", hint="Free some space.")
    assert (str(error), error.message, error.hint) == ("The disk is full.", "The disk is full.", "Free some space.")
