"""The settings of commands about runs that there are, declared as the others are (`declarations`)."""

from __future__ import annotations

from dataclasses import replace

from bulktap.settings.declaration import Declaration
from bulktap.settings.declarations import GENERATE_PASSPHRASE, YES
from bulktap.settings.help_groups import Group
from bulktap.settings.kinds import Flag, Place, Text

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

NEW_PASSPHRASE = Declaration(
    "new-passphrase",
    Flag(),
    "Give the run another passphrase, and write the workbook with it (BULKTAP_NEW_PASSPHRASE, or it is asked for).",
    group=Group.SAFETY,
    common=True,
)
NEW_PASSPHRASE_FILE = Declaration(
    "new-passphrase-file", Place(folder=False), "Read the new passphrase from this file.", group=Group.SAFETY
)
NEW_PASSPHRASE_COMMAND = Declaration(
    "new-passphrase-command", Text(), "Run this command; it prints the new passphrase.", metavar="COMMAND",
    group=Group.SAFETY,
)  # fmt: skip
MAKE_UP_PASSPHRASE = replace(
    GENERATE_PASSPHRASE, help="Make up the new passphrase and show it before it is set.", common=False
)
NEW_PASSPHRASES = (NEW_PASSPHRASE, NEW_PASSPHRASE_FILE, NEW_PASSPHRASE_COMMAND, MAKE_UP_PASSPHRASE)
