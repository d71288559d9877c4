"""What the screen, and `--json`, say of passes that the tenant was asked about."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bulktap.dispatch.pass_states import PassState
from bulktap.model.exit_codes import ExitCode
from bulktap.model.zone_words import zone_in_words
from bulktap.results.wording import counted

if TYPE_CHECKING:
    from collections.abc import Sequence
    from zoneinfo import ZoneInfo

    from bulktap.cli.console import Console
    from bulktap.cli.outcome import CommandOutcome
    from bulktap.cli.progress import Progress
    from bulktap.dispatch.pass_states import Finding
    from bulktap.operations.verification import GroupCount, Verification, VerifiedPass

STATES: Final = {
    PassState.LIVE: "live",
    PassState.NOT_YET_VALID: "not valid yet",
    PassState.USED: "used",
    PassState.EXPIRED: "expired",
    PassState.REPLACED: "replaced by a later pass",
    PassState.GONE: "gone",
    PassState.DISABLED: "disabled by the tenant's policy",
    PassState.REVOKED: "revoked",
    PassState.UNREADABLE: "could not be read",
}
"""What the screen calls the states."""
_MOST_PASSES = 20
_MOST_GROUPS = 40
"""With more groups, those in which all are in are only counted."""
_GRANT = "To tell who has registered a sign-in method since, grant the app UserAuthenticationMethod.Read.All."


class Watching:
    """Shows a watch: all of it once, and then a line each time, and the groups in which something has changed."""

    def __init__(self, console: Console, progress: Progress) -> None:
        self._console = console
        self._progress = progress
        self._before: Verification | None = None

    def show(self, verified: Verification) -> None:
        """Show what was found this time."""
        self._progress.end()
        before, self._before = self._before, verified
        if before is None:
            self._console.data(*lines_of(verified))
            return
        more = verified.arrived - before.arrived
        states = ", ".join(f"{number:,} {STATES[state]}" for state, number in verified.counts.items() if number)
        self._console.data(f"{_asked_at(verified)}  {_in(verified)} ({more:+,}); {states}")
        known = {one.group: one for one in before.groups}
        self._console.data(*(f"  {_group(one)}" for one in verified.groups if known.get(one.group) != one))


def conclude(
    console: Console, outcome: CommandOutcome, verified: Verification, *, watched: bool, unserved: bool
) -> None:
    """Fill in what the command comes to, and say what was found."""
    outcome.more.update(_members(verified))
    outcome.exit_code = ExitCode.INCOMPLETE if verified.not_as_recorded else ExitCode.DONE
    if verified.unserved_file is not None:
        outcome.files = [verified.unserved_file]
    if not watched:
        console.data(*lines_of(verified))
    if not unserved:
        return
    if verified.unserved_file is None:
        console.data("Nobody needs another pass, so no roster was written.")
        return
    unknown = sum(one.is_in is None for one in verified.unserved)
    doubt = f" (of {unknown:,} it is not known whether they used theirs)" if unknown else ""
    console.data(f"{counted(len(verified.unserved), 'person needs', 'people need')} another pass{doubt}; to plan it:")
    console.data(f"  {verified.unserved_file}")


def lines_of(verified: Verification) -> list[str]:
    """Return what was found, line by line."""
    count = len(verified.passes)
    so_far = " so far (the run is not finished)" if verified.so_far else ""
    lines = [f"Tenant: {verified.tenant.label}"]
    lines.append(f"{counted(count, 'pass', 'passes')}{so_far}, asked about at {_asked_at(verified)}")
    lines += [f"  {number:,} {STATES[state]}" for state, number in verified.counts.items() if number]
    if verified.unknown < count:
        lines.append(f"{_in(verified)}:")
        lines += [f"  {line}" for line in _groups(verified.groups)]
        lines[-1] = lines[-1].removesuffix(":")
    if verified.unknown:
        if any(one.is_in is None and one.access_pass.usable_once is not True for one in verified.passes):
            lines.append("Whether a pass that works many times was used cannot be read from it.")
        if verified.may_read_methods is False:
            lines.append(_GRANT)
    wrong = verified.not_as_recorded
    if wrong:
        lines += ["Not as recorded:", *(f"  {_line(one, verified.zone)}" for one in wrong[:_MOST_PASSES])]
    if len(wrong) > _MOST_PASSES:
        lines.append(f"  and {len(wrong) - _MOST_PASSES} more (--json names all)")
    return lines


def _in(verified: Verification) -> str:
    unknown = f", {verified.unknown:,} not known" if verified.unknown else ""
    return f"{verified.arrived:,} of {len(verified.passes):,} in{unknown}"


def _groups(groups: Sequence[GroupCount]) -> list[str]:
    complete = [one for one in groups if one.arrived == one.passes] if len(groups) > _MOST_GROUPS else []
    lines = [_group(one) for one in groups if one not in complete]
    return [*lines, f"all in: {counted(len(complete), 'more group')}"] if complete else lines


def _group(one: GroupCount) -> str:
    unknown = f", {one.unknown:,} not known" if one.unknown else ""
    return f"{one.group or 'without a group'}  {one.arrived:,} of {one.passes:,} in{unknown}"


def _asked_at(verified: Verification) -> str:
    return f"{verified.asked_at.astimezone(verified.zone):%H:%M} {zone_in_words(verified.zone)}"


def _line(one: VerifiedPass, zone: ZoneInfo) -> str:
    return f"{one.user}: {STATES[one.finding.state]}{in_brackets(one.finding, zone)}"


def in_brackets(finding: Finding, zone: ZoneInfo) -> str:
    """Return what more there is to say of a pass, with the moment in it as the clocks of the run show it."""
    told = finding.told(zone)
    return f" ({told})" if told else ""


def _members(verified: Verification) -> dict[str, object]:
    return {
        "asked_at": verified.asked_at.isoformat(timespec="seconds"),
        "so_far": verified.so_far,
        "passes": {state.value: count for state, count in verified.counts.items()},
        "in": {
            "yes": verified.arrived,
            "no": len(verified.passes) - verified.arrived - verified.unknown,
            "unknown": verified.unknown,
        },
        "may_read_methods": verified.may_read_methods,
        "groups": [
            {"group": one.group, "passes": one.passes, "in": one.arrived, "unknown": one.unknown}
            for one in verified.groups
        ],
        "unserved": len(verified.unserved),
        "not_as_recorded": [
            {
                "user": one.user,
                "object_id": one.object_id,
                "pass_id": one.access_pass.pass_id,
                "state": one.finding.state.value,
                "detail": one.finding.told(verified.zone),
            }
            for one in verified.not_as_recorded
        ],
        "people": [
            {
                "user": one.user,
                "object_id": one.object_id,
                "pass_id": one.access_pass.pass_id,
                "group": one.group,
                "state": one.finding.state.value,
                "in": one.is_in,
                "registered": None if one.registered is None else list(one.registered),
            }
            for one in verified.passes
        ],
    }
