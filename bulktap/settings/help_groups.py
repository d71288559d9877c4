"""The groups in which help shows options."""

from __future__ import annotations

from enum import StrEnum


class Group(StrEnum):
    """What a setting is about; help shows the options of each group together, in this order."""

    ROSTER = "Roster"
    ISSUED = "What is issued"
    WHO = "Who"
    SHEETS = "Sheets"
    SAFETY = "Safety"
    SPEED = "Speed"
    REHEARSAL = "Rehearsal"
    OUTPUT = "Output"
