"""A scene: a tenant, a roster for some of its users, an operator, and the verdict when all is over."""

from __future__ import annotations

import csv
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from harness.handed_out import Workbook, read_plan, read_workbook
from harness.invariants import Violation, find_violations
from harness.leaks import Leak, LeakSearch
from harness.operators import PASSPHRASE, Operator
from harness.tenants import TenantProcess

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from harness.processes import Ended, Running

REPLY_TIMEOUT: Final = 2.0
SETTLE_WAIT: Final = 3.0
SENDING: Final = ("--reply-timeout", f"{REPLY_TIMEOUT}s", "--settle-wait", f"{SETTLE_WAIT}s", "--no-progress")
# For tenants whose batches are late by a second at most.
QUICK: Final = ("--settle-wait", "1s")
# For runs that are to be still under way when something comes in between, however fast batches may grow.
SLOWLY: Final = ("--max-rate", "4")
APPLY: Final = ("apply", "roster.csv", "--yes", "--lifetime", "2h", *SENDING)
RESUME: Final = ("resume", *SENDING)
# Whoever still lists after this long may believe what is listed: no attempt of ours can land any more.
IN_FLIGHT: Final = timedelta(seconds=REPLY_TIMEOUT + SETTLE_WAIT)
_SKIPPED_EVERY: Final = 20
_STRANGERS: Final = 5


@dataclass(slots=True)
class Scene:
    """One tenant and one operator."""

    tenant: TenantProcess
    operator: Operator
    root: Path

    @property
    def folder(self) -> Path:
        """The folder of the newest run that has a journal."""
        return [path for path in self.operator.run_folders() if (path / "journal.db").exists()][-1]

    def begin(self, *more: str, prefix: Sequence[str] = ()) -> Running:
        """Start `apply`."""
        return self.operator.start(*APPLY, *more, prefix=prefix)

    def resume(self, *more: str, seconds: float = 600.0) -> Ended:
        """Run `resume` to its end."""
        return self.operator.run(*RESUME, *more, seconds=seconds)

    def workbook(self) -> Workbook:
        """Open the newest run's workbook."""
        return read_workbook(self.folder / "results.xlsx", PASSPHRASE)

    def violations(self, *, doubts_may_be_ours: bool = False) -> list[Violation]:
        """Compare the newest run's workbook with the tenant."""
        return find_violations(
            self.tenant.settled_truth(),
            read_plan(self.folder / "plan.json"),
            self.workbook(),
            in_flight=IN_FLIGHT,
            doubts_may_be_ours=doubts_may_be_ours,
        )

    def leaks(self) -> list[Leak]:
        """Search everything that the operator has, screens included, for what must not be there."""
        return self.leaks_in(self.operator.root)

    def leaks_in(self, folder: Path) -> list[Leak]:
        """Search another folder for the same."""
        return LeakSearch(self.secrets()).in_folder(folder)

    def secrets(self) -> list[str]:
        """Return every passcode of the workbook, the passphrase and the application's secret."""
        return [*self.workbook().passcodes, PASSPHRASE, self.operator.access["AZURE_CLIENT_SECRET"]]


@contextmanager
def scene(root: Path, rows: int, *options: str) -> Iterator[Scene]:
    """Open a tenant with so many users in the roster, and a few who are not; `options` are the simulator's.

    One in twenty of the roster's users holds somebody else's pass that works; a few hold one that has expired.
    """
    users = [{"userPrincipalName": f"person-{number:04d}@contoso.com"} | _held(number) for number in range(1, rows + 1)]
    strangers = [{"userPrincipalName": f"stranger-{number}@contoso.com"} for number in range(_STRANGERS)]
    with TenantProcess(root / "tenant", [*users, *strangers], *options) as tenant:
        operator = Operator(root / "operator", tenant.access)
        with (root / "operator" / "work" / "roster.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(["User", "Class"])
            writer.writerows(
                [str(user["userPrincipalName"]), f"{number % 4 + 7}a"] for number, user in enumerate(users)
            )
        yield Scene(tenant, operator, root)


def _held(number: int) -> dict[str, object]:
    if number % _SKIPPED_EVERY == 3:
        return {"accessPass": {"startedMinutesAgo": 10, "lifetimeInMinutes": 480}}
    if number % _SKIPPED_EVERY == 7:
        return {"accessPass": {"startedMinutesAgo": 300, "lifetimeInMinutes": 60}}
    return {}
