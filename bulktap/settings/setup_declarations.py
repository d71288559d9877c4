"""The settings of commands that set bulktap up and look after it, declared as the others are (`declarations`)."""

from __future__ import annotations

from bulktap.settings.declaration import Declaration
from bulktap.settings.help_groups import Group
from bulktap.settings.kinds import Place, Text

PROBE = Declaration(
    "probe", Text(), "List this user's passes too; no passcode is shown.", metavar="USER", group=Group.WHO, common=True
)
BUNDLE = Declaration(
    "bundle",
    Place(folder=False),
    "Write what support needs into this zip, without secrets and people.",
    group=Group.OUTPUT,
    common=True,
)
