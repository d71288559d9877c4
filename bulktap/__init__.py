"""bulktap issues Microsoft Entra Temporary Access Passes for a whole spreadsheet of people, safely.

Other programs import it (`bulktap.api`, and for asyncio `bulktap.aio`):

    import bulktap
    result = bulktap.apply("students.xlsx", sign_in, passphrase, lifetime="8h")

Read it in this order: `operations` (the story of every command, a page each), `model` (what the rooms hand to one
another), `planning` and `dispatch` (deciding and doing), then the rooms `roster`, `graph`, `journal`, `results` and
`storage`. `settings` says what an operation is told, `cli` puts words around it, `api` offers it to other programs, and
`simulator` is the pretend tenant of rehearsals and tests. Modules carry no leading underscore; other programs may rely
on `api`, `aio` and what they return.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from bulktap.version import __version__

if TYPE_CHECKING:
    from bulktap import aio
    from bulktap.api import (
        BulktapError,
        CheckedRoster,
        Choice,
        ChosenPass,
        Forgotten,
        HandedGroup,
        HandedOut,
        HandedPass,
        ListedRun,
        Plan,
        PlannedRun,
        PlanReview,
        Progress,
        Question,
        QuestionOpen,
        ReissueResult,
        Revocation,
        RevokePreview,
        RunResult,
        Secret,
        SignIn,
        StopToken,
        ToForget,
        Verification,
        VerifiedPass,
        apply,
        forget,
        handout,
        plan,
        read_roster,
        reissue,
        results,
        resume,
        revoke,
        runs,
        verify,
    )

__all__ = [
    "BulktapError",
    "CheckedRoster",
    "Choice",
    "ChosenPass",
    "Forgotten",
    "HandedGroup",
    "HandedOut",
    "HandedPass",
    "ListedRun",
    "Plan",
    "PlanReview",
    "PlannedRun",
    "Progress",
    "Question",
    "QuestionOpen",
    "ReissueResult",
    "Revocation",
    "RevokePreview",
    "RunResult",
    "Secret",
    "SignIn",
    "StopToken",
    "ToForget",
    "Verification",
    "VerifiedPass",
    "__version__",
    "aio",
    "apply",
    "forget",
    "handout",
    "plan",
    "read_roster",
    "reissue",
    "results",
    "resume",
    "revoke",
    "runs",
    "verify",
]


def __getattr__(name: str) -> object:
    """Import the API when somebody asks for a part of it, so that the command line does not wait for it."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return import_module("bulktap.aio") if name == "aio" else getattr(import_module("bulktap.api"), name)
