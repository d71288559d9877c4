"""Whom an earlier run left in doubt comes again: what it sent is known, nothing of somebody else's is killed."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from whole_run import PASSPHRASE, USERS, Program, digest, live_digests, report, sheet

from bulktap.model.outcomes import InDoubt
from bulktap.model.pass_terms import PassTerms
from bulktap.model.row_error_catalogue import about_passes
from bulktap.model.run_events import Closed, Doubted, Sent, Settled
from bulktap.model.secret import Secret
from bulktap.operations import saved_plan
from bulktap.operations.apply_plan import requests_taken_over
from bulktap.operations.earlier_doubts import earlier_doubts
from bulktap.operations.run_journal import open_journal
from bulktap.operations.run_settings import ReadingSettings
from bulktap.simulator.access_passes import PassOrder
from bulktap.storage.run_folder import RunFolder

if TYPE_CHECKING:
    from bulktap.simulator.embedded import EmbeddedSimulator
    from bulktap.simulator.tenant import Tenant

pytestmark = pytest.mark.long  # whole runs, a process for each command

QUICK = ("--reply-timeout", "500ms", "--settle-wait", "500ms", "--yes", "--json")
TERMS = PassTerms(None, 60, usable_once=False)


def created(service: EmbeddedSimulator, tenant: Tenant, minutes: int = 60, who: str = "bulktap") -> None:
    """Let the first student get a pass whose passcode nobody has."""
    order = PassOrder(None, minutes, usable_once=False)
    service.ask(lambda: tenant.create(tenant.users[next(iter(tenant.users))], order, who))


def left_in_doubt(program: Program, sent_before: timedelta = timedelta()) -> RunFolder:
    """Return a finished run of two students, the first of whom it has left in doubt."""
    roster = program.roster([["User", "Class"], [USERS[0], "7A"], [USERS[1], "7A"]], "first.csv")
    folder = RunFolder(program("plan", roster, "--json").folder)
    plan = saved_plan.load_with_roster(folder, ReadingSettings()).plan
    now = datetime.now(UTC) - sent_before
    with open_journal(plan, folder, Secret(PASSPHRASE), now) as journal:
        journal.record([Sent(1, now, TERMS, "4b0c"), Doubted(1, "the connection closed")])
        lost = about_passes.never_settled(9)
        journal.record([Settled(1, InDoubt(lost)), Settled(2, InDoubt(lost)), Closed()])
    program("results", folder.path, "--json", code=3)
    assert {row["Error code"] for row in report(folder.path)} == {"in-doubt"}
    return folder


def first_row(folder: RunFolder) -> dict[str, Any]:
    """Return what the plan says of the first row."""
    row = json.loads(folder.plan.read_bytes())["rows"][0]
    assert isinstance(row, dict)
    return row


# what the tenant holds; existing; what is planned, and what the sentence says
CASES = {
    "nothing": (None, "skip", "issue", "No pass of it is there"),
    "the lost pass": (60, "skip", "replace", "nobody has its passcode"),
    "the lost pass, where none may exist": (60, "fail", "replace", "nobody has its passcode"),
    "somebody else's": (480, "skip", "skip", "somebody else created it"),
    "somebody else's, to be replaced": (480, "replace", "replace", "somebody else created it"),
    "somebody else's, where none may exist": (480, "fail", "refuse", "somebody else created it"),
}


@pytest.mark.parametrize("name", CASES)
def test_a_new_run_knows_what_an_earlier_one_has_sent(
    connected: Program, service: EmbeddedSimulator, tenant: Tenant, name: str
) -> None:
    """By its error report, with the run's name; whoever gets a pass gets a working one, and the earlier run says so."""
    minutes, rule, action, sentence = CASES[name]
    earlier = left_in_doubt(connected)
    if minutes is not None:
        created(service, tenant, minutes)

    words = ("--existing", rule, "--accept", "has-live-pass", *QUICK)
    again = connected("apply", earlier.path / "errors.xlsx", *words, code=3 if action == "refuse" else 0)

    row = first_row(RunFolder(again.folder))
    told = " ".join(one["message"] for one in row["problems"] if one["code"] == "earlier-doubt")
    assert row["action"] == action
    assert earlier.run in told
    assert sentence in told
    passes = {one["User"]: one for one in sheet(again.folder)}
    if action in {"issue", "replace"}:
        assert digest(passes[USERS[0]]["Temporary Access Pass"]) == live_digests(service)[USERS[0]]
        assert earlier.run in passes[USERS[0]]["Note"]
        assert passes[USERS[0]]["Class"] == "7A"
        view = connected("results", earlier.path, "--json").json
        assert (view["counts"]["in_doubt"], view["counts"]["skipped"]) == (0, 2)
        assert not (earlier.path / "errors.xlsx").exists()
        reasons = [str(one["Explanation"]) for one in sheet(earlier.path, "Not issued")]
        assert all(RunFolder(again.folder).run in reason for reason in reasons)
    else:
        assert USERS[0] not in passes
        assert connected("results", earlier.path, "--json", code=3).json["counts"]["in_doubt"] == 1


def test_a_request_that_lands_after_the_plan_is_known(
    connected: Program, service: EmbeddedSimulator, tenant: Tenant
) -> None:
    """The plan saw no pass; by the time that it is carried out one is there, which is the lost one and is replaced."""
    earlier = left_in_doubt(connected)
    planned = RunFolder(connected("plan", earlier.path / "errors.xlsx", "--json").folder)
    assert first_row(planned)["action"] == "issue"
    created(service, tenant)

    counts = connected("apply", planned.path, *QUICK).json["counts"]

    assert (counts["issued"], counts["skipped"], counts["in_doubt"]) == (2, 0, 0)
    assert digest(sheet(planned.path)[0]["Temporary Access Pass"]) == live_digests(service)[USERS[0]]


def test_a_run_that_took_requests_over_and_was_killed_is_finished(
    connected: Program, service: EmbeddedSimulator, tenant: Tenant
) -> None:
    """They are in its journal from the first moment on."""
    earlier = left_in_doubt(connected)
    planned = RunFolder(connected("plan", earlier.path / "errors.xlsx", "--json").folder)
    plan = saved_plan.load_with_roster(planned, ReadingSettings()).plan
    now = datetime.now(UTC)
    doubts = earlier_doubts([planned.path.parent], plan.tenant.tenant_id, now, own=planned)
    open_journal(plan, planned, Secret(PASSPHRASE), now, requests_taken_over(plan, doubts)).close()
    created(service, tenant)

    words = [word for word in QUICK if word != "--yes"]
    counts = connected("resume", planned.path, *words).json["counts"]

    assert (counts["issued"], counts["in_doubt"]) == (2, 0)
    assert digest(sheet(planned.path)[0]["Temporary Access Pass"]) == live_digests(service)[USERS[0]]


def test_what_is_long_over_is_no_doubt(connected: Program) -> None:
    """A pass of an hour that was asked for last week works no more, whoever made it."""
    left_in_doubt(connected, timedelta(days=7))
    roster = connected.roster([["User"], [USERS[0]]])

    planned = RunFolder(connected("plan", roster, "--json").folder)

    assert first_row(planned)["problems"] == []


def test_whom_a_run_has_served_since_is_in_no_doubt(connected: Program) -> None:
    """The pass that somebody holds now is that run's, and a third run leaves it alone like any other."""
    earlier = left_in_doubt(connected)
    connected("apply", earlier.path / "errors.xlsx", *QUICK)

    planned = RunFolder(connected("plan", earlier.path / "errors.xlsx", "--json").folder)

    assert first_row(planned)["action"] == "skip"
    assert {one["code"] for one in first_row(planned)["problems"]} == {"has-live-pass"}
