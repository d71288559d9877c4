"""bulktap itself, from groups to deleted passes: every request that it has for Microsoft Graph."""

from __future__ import annotations

from typing import TYPE_CHECKING

from contract.world import GROUP, PUPILS, UNIT

if TYPE_CHECKING:
    from contract.world import World
    from whole_run import Program

_TOO_LONG_FOR_A_FILTER = f"{'x' * 130}@contoso.com"


def drive(world: World, program: Program) -> None:
    """Issue, verify and revoke the passes of a group, and ask for people in every other way that there is."""
    named = program.roster([["User"], [PUPILS[0]], [_TOO_LONG_FOR_A_FILTER]])
    for code, *words in (
        (0, "apply", "--group", GROUP, "--yes", "--settle-wait", "1s"),
        (0, "verify", "latest"),
        (0, "revoke", "latest", "--yes"),
        (0, "plan", "--group", "Class 7A"),
        (0, "plan", "--administrative-unit", UNIT),
        (0, "plan", "--administrative-unit", "North campus"),
        (0, "plan", "--created-since", "2026-08-01"),
        (3, "plan", str(named)),
        (0, "doctor", "--probe", PUPILS[0]),
    ):
        program(*words, code=code, **world.environment)
