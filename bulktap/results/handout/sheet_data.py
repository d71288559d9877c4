"""What the layouts are told: a group, or the covers of all, as plain data; own templates read the same."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Final

from bulktap.model.errors import UsageError
from bulktap.results.handout.cover_words import group_title, reason_in_words
from bulktap.results.handout.label_sheets import label_sheet
from bulktap.results.handout.languages import texts_of
from bulktap.results.handout.logos import as_drawing
from bulktap.results.handout.pass_periods import period_in_words
from bulktap.results.handout.purpose_pages import in_print, page_of, qr_code
from bulktap.results.handout.spelling import spelled_out
from bulktap.results.handout.typesetting import text_fonts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bulktap.results.handout.languages import LanguageTexts
    from bulktap.results.handout.sheets_model import HandoutGroup, HandoutLook, Slip

_MOST_OF_GROUP: Final = 60
"""Characters."""


def group_data(group: HandoutGroup, look: HandoutLook) -> dict[str, Any]:
    """Return a group for the layout of its sheets, codes included.

    Raises:
        UsageError: the address of the page holds somebody's code.
    """
    page = page_of(look) or ""
    if any(slip.code.reveal() in page for slip in group.slips):
        raise UsageError("The address of the page holds a code, and would be printed.", hint="Name another address.")
    return {
        **_look(look),
        **_cover(group, look),
        "slips": [_slip(slip, group, look) for slip in group.slips],
        "labels": asdict(label_sheet(group.slips, look)),
    }


def cover_data(groups: Sequence[HandoutGroup], look: HandoutLook) -> dict[str, Any]:
    """Return all groups for the layout of the covers, without codes."""
    return {**_look(look), "groups": [_cover(group, look) for group in groups]}


def pictures_of(look: HandoutLook) -> dict[str, bytes]:
    """Return the pictures that layouts may name."""
    return {"logo.svg": as_drawing(look.logo)} if look.logo else {}


def _look(look: HandoutLook) -> dict[str, Any]:
    page = page_of(look)
    return {
        "paper": look.paper.value,
        "fonts": text_fonts(look.template.fonts if look.template else ()),
        "languages": [_language(texts_of(code), look) for code in look.languages],
        "call": look.call,
        "organisation": look.organisation,
        "reference": look.reference,
        "page": in_print(page or ""),
        "qr": list(qr_code(page)) if page else [],
        "logo": look.logo is not None,
        "rehearsal": look.rehearsal,
    }


def _language(texts: LanguageTexts, look: HandoutLook) -> dict[str, Any]:
    page = in_print(page_of(look) or "")
    return {
        "code": texts.code,
        "direction": texts.direction,
        "intro": texts.intro[look.purpose],
        # Only ours are filled in here: what is given from outside is never taken for a pattern.
        "steps": [step.replace("{page}", page) for step in texts.steps[look.purpose]],
        "words": dict(texts.words),
    }


def _slip(slip: Slip, group: HandoutGroup, look: HandoutLook) -> dict[str, Any]:
    code = slip.code.reveal()
    return {
        "name": slip.name,
        "sign_in_name": slip.sign_in_name,
        "group": _shortened(_title(group, look) if slip.group == group.name else slip.group),
        "code": code,
        "label": " · ".join(part for part in (look.reference, slip.row_label) if part),
        "languages": [_told(slip, code, texts_of(language), look) for language in look.languages],
    }


def _shortened(group: str) -> str:
    """Return what a group is called beside each name: a column of remarks would leave no room for the code."""
    return group if len(group) <= _MOST_OF_GROUP else f"{group[: _MOST_OF_GROUP - 1].rstrip()}…"


def _told(slip: Slip, code: str, texts: LanguageTexts, look: HandoutLook) -> dict[str, Any]:
    return {
        "period": period_in_words(slip.starts, slip.ends, look.zone, texts.code, look.paper),
        "use": " ".join(filter(None, (texts.period["once" if slip.once else "many"], _rehearsal(texts, look)))),
        "spelled": [spelled._asdict() for spelled in spelled_out(code, texts)],
    }


def _rehearsal(texts: LanguageTexts, look: HandoutLook) -> str:
    return texts.period["rehearsal"] if look.rehearsal else ""


def _title(group: HandoutGroup, look: HandoutLook) -> str:
    return group_title(group.called, texts_of(look.languages[0]))


def _cover(group: HandoutGroup, look: HandoutLook) -> dict[str, Any]:
    texts = texts_of(look.languages[0])
    return {
        "group": _title(group, look),
        "handed_to": group.handed_to,
        "names": [slip.listed_as or slip.name for slip in group.slips],
        "unserved": [{"name": one.name, "reason": reason_in_words(one, texts)} for one in group.unserved],
    }
