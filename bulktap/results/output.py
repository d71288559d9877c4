"""Output: the declaration of one file that bulktap hands back; `plan_outputs` and `run_outputs` list them all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

View_contra = TypeVar("View_contra", contravariant=True)
"""What the file is rendered from: a `PlanView`, or a `RunView`."""


@dataclass(frozen=True, slots=True)
class Output(Generic[View_contra]):
    """A file in a run's folder, and how its content is made."""

    name: str
    """Its usual name."""
    render: Callable[[View_contra], bytes | None]
    """Returns the content; None if there is nothing to be in it, and then the file is absent."""
    secret: bool = False
    """True if passcodes are in it: it is encrypted with the run's passphrase, and written before the others."""
    record_count: Callable[[bytes], int | None] | None = None
    """Returns how many journal records a file of that name was made from, once it is decrypted; None if it does not
    say. One made from more than the journal has now may hold passcodes that the journal lacks, so it is kept."""
