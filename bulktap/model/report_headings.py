"""The headings that bulktap's reports add to a roster's own, by which it knows such a report when it is fed back."""

from __future__ import annotations

from enum import StrEnum


class ErrorHeading(StrEnum):
    """The columns of the error report that are ours, in their order."""

    COLUMN = "Error column"
    CODE = "Error code"
    ERROR = "Error"
    FIX = "How to fix"
    ROW = "Sheet row"
