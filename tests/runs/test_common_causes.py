"""A cause is told once: what concerns every row for one reason is a question before any plan, not a faulty roster."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from runs.test_terminal import talk
from whole_run import PASSPHRASE, USERS, Program, live_digests, report

import bulktap
from bulktap.model.errors import QuestionOpen
from bulktap.simulator.pass_policy import Target
from bulktap.simulator.tenant_file import SeedUser, seed_tenant

if TYPE_CHECKING:
    from pathlib import Path

    from bulktap.simulator.embedded import EmbeddedSimulator
    from bulktap.simulator.tenant import Tenant

pytestmark = pytest.mark.long

ROWS = [["User"], *([user] for user in USERS)]
STRANGERS = [["User"], *([f"pupil{number}@fabrikam.com"] for number in range(1, 62))]
PLAN = ("plan.json", "plan.html", "plan.xlsx", "errors.xlsx")


def policy_becomes(service: EmbeddedSimulator, tenant: Tenant, **changes: Any) -> None:
    """Let the tenant's administrator change the policy."""
    service.ask(lambda: setattr(tenant, "policy", replace(tenant.policy, **changes)))


def in_groups(service: EmbeddedSimulator, tenant: Tenant, users: tuple[str, ...], *groups: str) -> None:
    """Let users be in groups."""

    def change() -> None:
        for user in users:
            found = tenant.find(user)
            assert found is not None
            tenant.remove_user(found)
            tenant.add_user(replace(found, groups=groups))

    service.ask(change)


@pytest.mark.parametrize(
    ("words", "variables", "code", "settled_by"),
    [
        (("--lifetime", "1d"), {}, "lifetime-outside-policy", "--lifetime 8h"),
        ((), {"BULKTAP_LIFETIME": "30m"}, "lifetime-outside-policy", "--lifetime 1h"),
        (("--multi-use",), {}, "one-time-forced", "--one-time"),
    ],
)
def test_a_setting_that_the_tenant_does_not_allow_is_one_error(
    tenant: Tenant,
    connected: Program,
    service: EmbeddedSimulator,
    words: tuple[str, ...],
    variables: dict[str, str],
    code: str,
    settled_by: str,
) -> None:
    """Exit code 4 with what settles it, for plan and apply alike; no plan is written, nothing is sent."""
    policy_becomes(service, tenant, usable_once=code == "one-time-forced")
    roster = connected.roster(ROWS)

    for command in (["plan"], ["apply", "--yes"]):
        done = connected(command[0], roster, *words, *command[1:], "--json", code=4, **variables)

        error = done.json["error"]
        assert "all 12 rows" in error["message"]
        assert settled_by in error["hint"]
        assert [question["code"] for question in error["questions"]] == [code]
        assert not any((done.folder / name).exists() for name in PLAN)
        assert done.json["counts"]["rows"] == 12
    assert live_digests(service) == {}


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pseudo-terminals")
def test_in_a_terminal_the_longest_lifetime_is_offered(connected: Program, service: EmbeddedSimulator) -> None:
    """The answer stands where the option would; the plan is that of the answer, and the saved one knows it too."""
    code, shown = talk(
        connected,
        ["apply", connected.roster(ROWS), "--lifetime", "1d"],
        [("Answer [1-2]", "1"), ("[yes/no]", "yes")],
    )

    assert code == 0, shown
    assert "1  8h, the longest that the tenant allows" in shown
    assert shown.index("Answer [1-2]") < shown.index("Plan:")
    assert len(live_digests(service)) == 12
    (folder,) = (connected.cwd / "reports").glob("20*")
    plan = json.loads((folder / "plan.json").read_text("utf-8"))
    assert {row["lifetime_minutes"] for row in plan["rows"]} == {480}
    assert plan["settings"]["lifetime_minutes"] == 480


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pseudo-terminals")
def test_in_a_terminal_the_answer_may_be_to_stop(connected: Program, service: EmbeddedSimulator) -> None:
    """Exit code 6, as at the question before passes are issued."""
    code, shown = talk(connected, ["apply", connected.roster(STRANGERS)], [("Answer [1-2]", "refuse")])

    assert code == 6
    assert "None of the 61 users exists in Contoso." in shown.replace("\r\n", " ")
    assert live_digests(service) == {}


def test_another_tenants_roster_is_told_once(connected: Program) -> None:
    """With the domains of both; accepted, every row is in the error report, and the screen stays short."""
    roster = connected.roster(STRANGERS)
    refused = connected("plan", roster, "--json", code=4)
    error = refused.json["error"]
    accepted = connected("plan", roster, "--accept", "users-unknown", "--json", code=3)

    assert "Its domain is contoso.com; the roster's is fabrikam.com (61). Is this the right tenant?" in error["message"]
    assert "--accept users-unknown" in error["hint"]
    assert "AZURE_TENANT_ID" in error["hint"]
    assert len(report(accepted.folder)) == 61
    assert len(accepted.err.splitlines()) < 25


def test_names_that_exist_under_another_domain_are_said(
    tenant: Tenant, connected: Program, service: EmbeddedSimulator
) -> None:
    """`--domain` named the wrong one of the tenant's own: the right one is the answer."""
    others = seed_tenant([SeedUser(f"pupil{number}@students.contoso.com") for number in range(9)]).users.values()
    service.ask(lambda: [tenant.add_user(user) for user in others])
    roster = connected.roster([["Login name"], *([f"pupil{number}"] for number in range(9))])
    words = ("plan", roster, "--column", "user=Login name", "--domain")

    done = connected(*words, "contoso.com", "--json", code=4)
    connected(*words, "students.contoso.com")

    assert "5 are there as …@students.contoso.com" in done.json["error"]["message"]
    assert "--domain students.contoso.com" in done.json["error"]["hint"]


@pytest.mark.parametrize("existing", ["skip", "replace"])
def test_everybody_holds_a_pass_and_that_was_to_be_a_fault(connected: Program, existing: str) -> None:
    """One cause with its count; each of the two settings that it names settles it."""
    roster = connected.roster(ROWS)
    connected("apply", roster, "--yes")

    done = connected("apply", roster, "--existing", "fail", "--yes", "--json", code=4)
    connected("plan", roster, "--existing", existing)

    assert "all 12 rows are theirs" in done.json["error"]["message"]
    assert f"--existing {existing}" in done.json["error"]["hint"]


def test_nobody_in_scope_of_the_policy_stops(tenant: Tenant, connected: Program, service: EmbeddedSimulator) -> None:
    """Exit code 6 before anything is sent; who knows better goes on."""
    policy_becomes(service, tenant, include=(Target("group-of-others"),), refuses_out_of_scope=False)
    roster = connected.roster(ROWS)

    done = connected("apply", roster, "--yes", "--json", code=6)
    assert live_digests(service) == {}
    connected("apply", roster, "--accept", "not-in-scope", "--yes", code=None)

    assert done.json["error"]["code"] == "not-in-scope"
    assert "None of the 12 users who would get a pass is in scope of Contoso's policy" in done.json["error"]["message"]
    assert "group-of-others" in done.json["error"]["message"]
    assert len(live_digests(service)) == 12


def test_who_is_out_of_scope_is_warned_about(tenant: Tenant, connected: Program, service: EmbeddedSimulator) -> None:
    """Row by row, with the share as a note; the others are as always."""
    policy_becomes(service, tenant, include=(Target("pilot"),))
    in_groups(service, tenant, USERS[:5], "pilot")

    done = connected("plan", connected.roster(ROWS), "--json")

    plan = json.loads((done.folder / "plan.json").read_text("utf-8"))
    codes = [[problem["code"] for problem in row["problems"]] for row in plan["rows"]]
    assert codes == [[]] * 5 + [["not-in-scope"]] * 7
    assert any("5 of 12 users are in scope" in note for note in plan["notes"])


def test_a_saved_plan_stops_when_the_policy_no_longer_covers_anybody(
    tenant: Tenant, connected: Program, service: EmbeddedSimulator
) -> None:
    """What was signed off would be refused for everybody, for one reason."""
    planned = connected("plan", connected.roster(ROWS), "--json")
    policy_becomes(service, tenant, include=(Target("pilot"),))

    done = connected("apply", planned.json["run"], "--yes", "--json", code=6)

    assert done.json["error"]["code"] == "not-in-scope"
    assert live_digests(service) == {}


def test_a_saved_plan_whose_users_are_all_gone_says_so_once(
    tenant: Tenant, connected: Program, service: EmbeddedSimulator
) -> None:
    """And not that its first row is wrong."""
    planned = connected("plan", connected.roster(ROWS), "--json")
    service.ask(lambda: [tenant.remove_user(user) for user in list(tenant.users.values())])

    done = connected("apply", planned.json["run"], "--yes", "--json", code=8)

    assert done.json["error"]["message"].startswith("None of the 12 users exists in Contoso.")


def test_starts_that_are_all_over_are_one_cause_offline_too(program: Program) -> None:
    """The zone in which they are read may be the reason, so it is named."""
    roster = program.roster([["User", "Start"], *([f"u{n}@contoso.com", "2020-01-01 08:00"] for n in range(40))])

    done = program("plan", roster, "--offline", "--column", "start=Start", "--json", code=4)

    assert done.json["error"]["questions"][0]["code"] == "start-in-past"
    assert "All 40 rows are refused for one reason in column Start" in done.json["error"]["message"]
    assert "--timezone" in done.json["error"]["hint"]


@pytest.mark.parametrize("word", ["users-unkown", "", " ", "everything", "USERS-UNKNOWN", "user-missing,user-self"])
def test_a_code_that_is_none_is_refused(program: Program, word: str) -> None:
    """A typo would be an option that does nothing."""
    refused = program("plan", program.roster(ROWS), "--offline", f"--accept={word}", code=2)

    assert "is none of the codes" in refused.err


def test_codes_in_the_variable_stand_on_a_line_each(program: Program) -> None:
    """As with other settings that take several values."""
    roster = program.roster([["User", "Start"], *([f"u{n}@contoso.com", "2020-01-01 08:00"] for n in range(4))])
    words = ("plan", roster, "--offline", "--column", "start=Start")

    program(*words, code=3, BULKTAP_ACCEPT="users-unknown\nstart-in-past\n")


def test_the_python_api_raises_the_question(service: EmbeddedSimulator, tmp_path: Path) -> None:
    """With the keyword that settles it, which then does."""
    roster = tmp_path / "roster.csv"
    roster.write_text("".join(f"{row[0]}\n" for row in ROWS), "utf-8")
    sign_in = bulktap.SignIn(
        service.tenant_id,
        service.client_id,
        bulktap.Secret(service.client_secret),
        service.graph_url,
        service.authority_url,
        service.ca_file,
    )

    with pytest.raises(QuestionOpen, match="all 12 rows") as raised:
        bulktap.plan(roster, sign_in, reports=tmp_path / "reports", timezone="UTC", lifetime="1d")
    assert 'lifetime="8h"' in raised.value.hint
    planned = bulktap.plan(
        roster, sign_in, reports=tmp_path / "reports", timezone="UTC", lifetime="1d", accept="lifetime-outside-policy"
    )
    assert planned.counts["invalid"] == 12
    assert PASSPHRASE not in str(raised.value)


@pytest.mark.parametrize(
    ("words", "issued", "code"),
    [
        (("--accept", "not-in-scope"), 12, 0),
        (("--accept", "not-in-scope", "--only", "2-4", "--max-rows", "3"), 3, 0),
        (("--accept", "not-in-scope", "--deny", USERS[0]), 11, 3),
        (("--accept", "not-in-scope", "--limit", "1", "--lifetime", "2h"), 1, 0),
        (("--accept", "not-in-scope", "--accept", "users-unknown", "--multi-use"), 12, 0),
    ],
)
def test_what_was_accepted_with_a_plan_is_carried_out_with_it(
    tenant: Tenant,
    connected: Program,
    service: EmbeddedSimulator,
    words: tuple[str, ...],
    issued: int,
    code: int,
) -> None:
    """Nobody was in scope when it was signed off, the page says so, and nothing has changed since."""
    policy_becomes(service, tenant, include=(Target("group-of-others"),), refuses_out_of_scope=False)
    planned = connected("plan", connected.roster(ROWS), *words, "--json", code=code)

    connected("apply", planned.json["run"], "--yes", code=3)  # issued, and told that they do not work

    assert len(live_digests(service)) == issued
