"""All settings that are declared, from every room of declarations; those of the pretend tenant's server come last."""

from __future__ import annotations

from typing import Any

from bulktap.settings import (
    declarations,
    handout_declarations,
    issued_declarations,
    roster_declarations,
    run_declarations,
    server_declarations,
    setup_declarations,
    sign_in_declarations,
)
from bulktap.settings.declaration import Declaration

ROOMS = (
    declarations,
    sign_in_declarations,
    roster_declarations,
    handout_declarations,
    issued_declarations,
    run_declarations,
    setup_declarations,
    server_declarations,
)
"""A new room is named here and nowhere else."""


def every_declaration() -> list[Declaration[Any]]:
    """Return each declaration once, also those that say another's setting in the words of their own command."""
    found: list[Declaration[Any]] = []
    for room in ROOMS:
        found += [one for one in vars(room).values() if isinstance(one, Declaration) and one not in found]
    return found
