"""The settings of commands about runs that there are, declared as the others are (`declarations`)."""

from __future__ import annotations

from dataclasses import replace

from bulktap.settings.declaration import Declaration
from bulktap.settings.declarations import YES
from bulktap.settings.help_groups import Group
from bulktap.settings.kinds import Flag

ALL = Declaration("all", Flag(), "List every run, not only the last ten.", group=Group.OUTPUT, common=True)
DUE = Declaration(
    "due",
    Flag(),
    "Forget every run whose plan was made with --forget-after, and whose time has come.",
    group=Group.WHO,
    common=True,
)
UNFINISHED = Declaration(
    "unfinished", Flag(), "Forget a run that is not finished, which then never will be.", group=Group.SAFETY
)
FORGET_YES = replace(YES, help="Do not ask before passcodes are destroyed.")
