"""What sheets and covers call groups and people, and why they say that somebody has no slip, in one language."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bulktap.results.handout.reasons import NoSlip

if TYPE_CHECKING:
    from bulktap.results.handout.languages import LanguageTexts
    from bulktap.results.handout.sheets_model import GroupName, Unserved

ROW: Final = "{row}"
"""What stands for the roster's rows in the name of somebody whom the roster does not name."""

_ISOLATED, _ISOLATED_END = "\u2068", "\u2069"
"""Around a name within a text that may be written in the other direction: "7-B" among Arabic would become "B-7"."""


def group_title(group: GroupName, texts: LanguageTexts) -> str:
    """Return what a group is called; what the roster says stands as it is."""
    without = str(texts.words["no_group"])
    parts = [part or without.replace("{heading}", heading) for part, heading in group.parts]
    return ", ".join(parts) or group.name


def reason_in_words(person: Unserved, texts: LanguageTexts) -> str:
    """Return why somebody has no slip."""
    text = texts.reasons[person.why]
    if person.why is not NoSlip.ELSEWHERE or person.elsewhere is None:
        return text
    return text.replace("{group}", f"{_ISOLATED}{group_title(person.elsewhere, texts)}{_ISOLATED_END}")
