"""What the layouts are told: a group, or the covers of all, as plain data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bulktap.results.handout.sheets_model import HandoutGroup, HandoutLook, Slip


def group_data(group: HandoutGroup, look: HandoutLook) -> dict[str, Any]:
    """Return a group for the layout of its sheets, codes included."""
    return {**_look(look), "group": group.name, "slips": [_slip(slip, look) for slip in group.slips]}


def cover_data(groups: Sequence[HandoutGroup], look: HandoutLook) -> dict[str, Any]:
    """Return all groups for the layout of the covers, without codes."""
    return {**_look(look), "groups": [_cover(group) for group in groups]}


def pictures_of(look: HandoutLook) -> dict[str, bytes]:
    """Return the pictures that layouts may name."""
    return {"logo": look.logo} if look.logo else {}


def _look(look: HandoutLook) -> dict[str, Any]:
    return {"paper": "a4" if look.paper == "A4" else "us-letter", "call": look.call}


def _slip(slip: Slip, look: HandoutLook) -> dict[str, Any]:
    return {
        "name": slip.name,
        "user": slip.sign_in_name,
        "group": slip.group,
        "code": slip.code.reveal(),
        "starts": f"{slip.starts.astimezone(look.zone):%a %d %b %Y %H:%M}",
        "ends": f"{slip.ends.astimezone(look.zone):%a %d %b %Y %H:%M}",
        "once": slip.once,
        "label": slip.row_label,
    }


def _cover(group: HandoutGroup) -> dict[str, Any]:
    return {
        "group": group.name,
        "to": group.handed_to,
        "names": [slip.name for slip in group.slips],
        "unserved": [list(pair) for pair in group.unserved],
    }
