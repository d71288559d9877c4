"""What a command came to, filled in as it goes; `main` turns it into words, JSON and the exit code."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bulktap.model.errors import QuestionOpen
from bulktap.model.exit_codes import ExitCode

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from bulktap.model.errors import BulktapError
    from bulktap.model.plan import TenantInfo


@dataclass(slots=True)
class CommandOutcome:
    """The members of the JSON object; what is not known stays empty."""

    run: str | None = None
    folder: Path | None = None
    tenant: TenantInfo | None = None
    counts: dict[str, int] = field(default_factory=dict)
    files: Sequence[Path] = ()
    throttled_steps: int = 0
    exit_code: ExitCode = ExitCode.DONE
    plan: dict[str, object] = field(default_factory=dict)
    """What was planned, see `plan_members`."""
    more: dict[str, object] = field(default_factory=dict)
    """Members that only one command has."""

    def members(self, seconds: float, error: BulktapError | None) -> dict[str, object]:
        """Return the JSON object of the contract."""
        tenant = self.tenant
        members: dict[str, object] = {
            "run": self.run,
            "folder": str(self.folder) if self.folder else None,
            "tenant": None
            if tenant is None or not tenant.tenant_id
            else {
                "id": tenant.tenant_id,
                "name": tenant.name,
                "cloud": tenant.cloud,
                "simulated": tenant.simulated,
            },
            "counts": self.counts,
            "files": {path.name: str(path) for path in self.files},
            "seconds": round(seconds, 3),
            "throttled_steps": self.throttled_steps,
            "exit_code": self.exit_code,
            **self.more,
        }
        open_questions = _questions(error)
        if self.plan or open_questions:
            members["plan"] = self.plan | open_questions
        if error is not None:
            members["error"] = {"code": error.code, "message": error.message, "hint": error.hint} | open_questions
        return members


def _questions(error: BulktapError | None) -> dict[str, object]:
    """Return what programs need to answer the questions that an error leaves open; nothing for other errors."""
    if not isinstance(error, QuestionOpen):
        return {}
    listed = [
        {
            "code": question.code,
            "setting": question.setting.stem,
            "option": str(question.setting),
            "text": question.text,
            "details": list(question.details),
            "choices": [{"value": choice.value, "label": choice.label} for choice in question.choices],
        }
        for question in error.questions
    ]
    return {"questions": listed}
