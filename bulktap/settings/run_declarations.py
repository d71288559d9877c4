"""The settings of commands about runs that there are, declared as the others are (`declarations`)."""

from __future__ import annotations

from bulktap.settings.declaration import Declaration
from bulktap.settings.help_groups import Group
from bulktap.settings.kinds import Flag

ALL = Declaration("all", Flag(), "List every run, not only the last ten.", group=Group.OUTPUT, common=True)
