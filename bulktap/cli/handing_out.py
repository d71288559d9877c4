"""What hand-outs look like where nobody says, and what the screen and `--json` say of one."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bulktap.operations.hand_out import HandedOut
    from bulktap.operations.handout_settings import HandOutSettings
    from bulktap.settings.values import Values

_LETTER_COUNTRIES = frozenset({"US", "CA"})
_MOST_UNSERVED = 5


def sheet_settings(chosen: Values) -> HandOutSettings:
    """Return what is handed out and how it looks; what nobody said is this computer's language and its paper."""
    from bulktap.results.handout.languages import LANGUAGES
    from bulktap.results.handout.sheets_model import Paper
    from bulktap.settings.environment import user_locale
    from bulktap.settings.issued_slices import hand_out_settings

    language, country = user_locale()
    paper = Paper.LETTER if country in _LETTER_COUNTRIES else Paper.A4
    return hand_out_settings(chosen, paper, (language if language in LANGUAGES else LANGUAGES[0],))


def handout_members(done: HandedOut) -> dict[str, object]:
    """Return what `--json` says of a hand-out."""
    return {
        "served": done.served,
        "finished": done.finished,
        "groups": [
            {
                "name": group.name,
                "file": None if group.path is None else group.path.name,
                "handed_to": group.handed_to,
                "people": group.served,
                "not_served": [
                    {"name": one.name, "reason": one.detail} for one in (*group.unserved, *group.with_others)
                ],
            }
            for group in done.groups
        ],
        "notes": list(done.notes),
    }


def handout_lines(done: HandedOut) -> list[str]:
    """Return what the screen says of a hand-out."""
    from bulktap.results.wording import counted

    files = [group.path for group in done.groups if group.path is not None]
    so_far = "" if done.finished else " so far (the run is not finished)"
    lines = [f"Tenant: {done.plan.tenant.label}"]
    people = counted(done.served, "person has a slip", "people have a slip")
    lines.append(f"{people}{so_far}, in {counted(len(files), 'sealed file')}")
    lines += _unserved_lines(done)
    if done.listed is None:
        return [*lines, "Nothing was written."]
    lines += [
        "The files, one for each group:",
        f"  {files[0]}" if len(files) == 1 else f"  {done.place} ({files[0].name} to {files[-1].name})",
        "Who gets which, and what opens it (opens with the run's passphrase):",
        f"  {done.listed}",
    ]
    if done.covers is not None:
        lines += ["Covers to sign, without codes:", f"  {done.covers}"]
    if any(group.opens_with is not None for group in done.groups):
        lines.append("Send each file one way, and its words another: by telephone, in a chat, on a note.")
    else:
        lines.append("All of them open with the run's passphrase, so send them to nobody who may not see every code.")
    return lines


def _unserved_lines(done: HandedOut) -> list[str]:
    """Return why people have no slip: the most frequent reasons, each with its first name."""
    from bulktap.results.wording import counted

    reasons: dict[str, list[str]] = {}
    for group in done.groups:
        for one in group.unserved:
            reasons.setdefault(one.detail, []).append(one.name)
    if not reasons:
        return []
    without = sum(map(len, reasons.values()))
    named = "; the covers name them" if done.covers is not None else ""
    lines = [f"{counted(without, 'person has none', 'people have none')}{named}:"]
    ordered = sorted(reasons.items(), key=lambda item: -len(item[1]))
    for reason, names in ordered[:_MOST_UNSERVED]:
        first = f", first {names[0]}" if len(names) > 1 else f" ({names[0]})"
        lines.append(f"  {len(names):,} x {reason}{first}")
    more = sum(len(names) for _, names in ordered[_MOST_UNSERVED:])
    return [*lines, f"  {more:,} for other reasons"] if more else lines
