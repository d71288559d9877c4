"""bulktap as other programs call it."""

from __future__ import annotations

import contextlib
import dataclasses
import signal
import subprocess
import sys
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import tzlocal
from whole_run import REPOSITORY, digest, live_digests

import bulktap
from bulktap.api_values import PlanKeywords, VerifyKeywords
from bulktap.model.errors import (
    GuardTripped,
    Interrupted,
    NotConfirmed,
    PlanRefused,
    RunForgotten,
    UnfinishedRun,
    UsageError,
    WrongPassphrase,
)
from bulktap.settings import declarations as declared
from bulktap.settings import roster_declarations as roster_declared
from bulktap.simulator.groups import Group

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

PASSPHRASE = "correct horse battery staple"


def handlers() -> list[Any]:
    """Return what answers the signals that end programs."""
    return [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)]


def test_a_run_says_nothing_reads_no_settings_and_leaves_signals_alone(
    caller: Any, capfd: pytest.CaptureFixture[str]
) -> None:
    """Also while it goes on; and every passcode it returns is the one that lives in the tenant."""
    before, during, seen = handlers(), [], []

    def hear(progress: bulktap.Progress) -> None:
        during.append(handlers())
        seen.append(progress)

    result = bulktap.apply("students.csv", caller.sign_in, PASSPHRASE, timezone="UTC", progress=hear)

    assert capfd.readouterr() == ("", "")
    assert before == handlers()
    assert all(one == before for one in during)
    assert {"issuing", "writing results"} <= {one.phase for one in seen}
    assert result.finished
    assert result.counts["issued"] == 3
    live = live_digests(caller.service)
    assert {one.sign_in_name: digest(one.passcode.reveal()) for one in result.passes} == {
        user: live[user] for user in ("anna@contoso.com", "ben@contoso.com", "cem@contoso.com")
    }
    assert {"results.xlsx", "plan.html", "run.json", "journal.db", "log.jsonl"} <= set(result.files)


def test_values_are_frozen_and_show_no_passcode(caller: Any) -> None:
    """A result may be logged as it is."""
    result = bulktap.apply("students.csv", caller.sign_in, PASSPHRASE, timezone="UTC", limit=1)

    with pytest.raises(dataclasses.FrozenInstanceError):
        result.run = "another"  # type: ignore[misc]
    with pytest.raises(dataclasses.FrozenInstanceError):
        result.passes[0].passcode = bulktap.Secret("")  # type: ignore[misc]
    assert result.passes[0].passcode.reveal() not in repr(result)


@pytest.mark.parametrize(
    ("keywords", "lifetime", "start"),
    [
        ({"lifetime": 90}, 90, None),
        ({"lifetime": "2h"}, 120, None),
        ({"lifetime": timedelta(hours=3)}, 180, None),
        ({"start": "2035-09-01 08:00"}, None, datetime(2035, 9, 1, 6, 0, tzinfo=UTC)),
        ({"start": datetime(2035, 9, 1, 8, 0)}, None, datetime(2035, 9, 1, 6, 0, tzinfo=UTC)),  # noqa: DTZ001
        ({"start": datetime(2035, 9, 1, 8, 0, tzinfo=UTC)}, None, datetime(2035, 9, 1, 8, 0, tzinfo=UTC)),
        ({"column": {"user": "User"}}, None, None),
        ({"column": ("user=User",)}, None, None),
    ],
)
def test_values_are_taken_as_python_has_them(
    caller: Any, keywords: dict[str, Any], lifetime: int | None, start: datetime | None
) -> None:
    """Lengths of time, moments and mappings, beside the words of the command line."""
    settings = bulktap.plan("students.csv", None, timezone="Europe/Berlin", **keywords).plan.settings

    assert (settings.terms.lifetime_minutes, settings.terms.starts_at) == (lifetime, start)
    assert settings.timezone == "Europe/Berlin"
    assert caller.folder == Path.cwd()


@pytest.mark.parametrize(
    ("keywords", "said"),
    [
        ({"lifetyme": "8h"}, "lifetyme"),
        ({"existing": "perhaps"}, "existing"),
        ({"limit": -1}, "limit"),
        ({"concurrency": "6"}, "concurrency"),
        ({"one_time": "yes"}, "one_time"),
        ({"max_rate": float("nan")}, "max_rate"),
        ({"encoding": "rot13"}, "encoding"),
        ({"ticket": "a\nb"}, "ticket"),
    ],
)
def test_what_cannot_be_meant_is_refused_by_name(caller: Any, keywords: dict[str, Any], said: str) -> None:
    """With a code, before anything is read or written."""
    with pytest.raises(bulktap.BulktapError) as caught:
        bulktap.apply("students.csv", caller.sign_in, PASSPHRASE, **keywords)

    assert (type(caught.value), caught.value.code) == (UsageError, "usage")
    assert said in caught.value.message
    assert not (caller.folder / "reports").exists()


def test_sentences_name_settings_as_python_does(caller: Any) -> None:
    """The hint can be typed: `sheet=`, not `--sheet`."""
    (caller.folder / "dates.csv").write_text("User,Start\na@contoso.com,02/03/2035\nb@contoso.com,04/05/2035\n")

    with pytest.raises(bulktap.BulktapError) as caught:
        bulktap.read_roster("dates.csv")

    assert "date_order=" in caught.value.hint
    assert "--" not in caught.value.message + caught.value.hint


def test_an_unfinished_run_is_told_as_a_value(caller: Any) -> None:
    """A program does not take sentences apart; and `resume` finishes it."""
    token = bulktap.StopToken()
    stopped = bulktap.apply(
        "crowd.csv", caller.sign_in, PASSPHRASE, stop=token, concurrency=1, progress=_once_issuing(token.stop)
    )
    assert isinstance(stopped.failure, Interrupted)
    assert stopped.counts["not_sent"] > 0

    with pytest.raises(UnfinishedRun) as caught:
        bulktap.apply("crowd.csv", caller.sign_in, PASSPHRASE)
    assert caught.value.values["run"] == stopped.run

    finished = bulktap.resume(None, caller.sign_in, bulktap.Secret(PASSPHRASE))
    assert (finished.run, finished.counts["issued"], finished.failure) == (stopped.run, 60, None)
    live = live_digests(caller.service)
    assert {one.sign_in_name: digest(one.passcode.reveal()) for one in finished.passes} == {
        one.sign_in_name: live[str(one.sign_in_name)] for one in finished.passes
    }


def test_a_stop_before_anything_was_sent_raises(caller: Any) -> None:
    """There is nothing to hand back, and nothing to resume."""
    token = bulktap.StopToken()
    token.stop()

    with pytest.raises(Interrupted):
        bulktap.apply("crowd.csv", caller.sign_in, PASSPHRASE, stop=token)

    assert caller.service.statistics()["creates_accepted"] == 0


def test_a_caller_whose_progress_function_fails_gets_its_own_error(caller: Any) -> None:
    """The run stops tidily first, so that it can be resumed."""

    def fail() -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        bulktap.apply("crowd.csv", caller.sign_in, PASSPHRASE, concurrency=1, progress=_once_issuing(fail))

    (run,) = bulktap.runs()
    assert run.state.value == "unfinished"
    assert bulktap.resume(run.folder.path, caller.sign_in, PASSPHRASE).counts["issued"] == 60
    assert not [thread for thread in threading.enumerate() if thread.name == "bulktap"]


def test_a_plan_says_what_a_yes_would_agree_to(caller: Any) -> None:
    """Warnings by kind, when passes work, who is replaced: the values that screens show, frozen."""
    del caller
    rows = [
        "User,Start",
        "a@contoso.com,2035-09-01 22:00",
        "b@contoso.com,2035-09-03 08:00",
        "c@contoso.com,2035-09-04",
    ]
    Path("times.csv").write_text("\n".join(rows) + "\n", "utf-8")

    review = bulktap.plan("times.csv", None, timezone="Europe/Berlin", lifetime="2h", column={"start": "Start"}).review

    assert [(kind.code.value, kind.rows) for kind in review.warnings] == [
        ("outside-working-hours", (2, 4)),
        ("start-without-time", (4,)),
    ]
    assert review.usable == (
        (
            "starts Sat 2035-09-01 22:00 to Tue 2035-09-04 00:00 (3 different), ends Sun 2035-09-02 00:00 to "
            "Tue 2035-09-04 02:00 Berlin, 2 h"
        ),
    )
    assert (review.passes, review.replaced, review.names, review.left_out) == (3, (), None, 0)


@pytest.fixture
def in_utc(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A computer in UTC, however this one is set."""
    monkeypatch.setenv("TZ", "UTC")
    tzlocal.reload_localzone()
    yield
    monkeypatch.undo()
    tzlocal.reload_localzone()


@pytest.mark.usefixtures("in_utc")
def test_times_on_a_computer_in_utc_need_a_zone_before_a_real_run(caller: Any) -> None:
    """The error carries the question; reading and an offline plan only note it."""
    Path("times.csv").write_text("User,Pass start\na@contoso.com,2035-09-03 08:00\n", "utf-8")
    real = dataclasses.replace(caller.sign_in, graph_url=None, authority_url=None, ca_bundle=None)

    with pytest.raises(bulktap.api.QuestionOpen) as stopped:
        bulktap.apply("times.csv", real, PASSPHRASE)
    planned = bulktap.plan("times.csv", None)

    assert [question.code for question in stopped.value.questions] == ["timezone-unknown"]
    assert 'timezone="Europe/Berlin"' in stopped.value.hint
    assert any('timezone="Europe/Berlin"' in note for note in planned.plan.roster.notes)


def test_who_does_not_agree_to_the_plan_sends_nothing(caller: Any) -> None:
    """`confirm` is handed the plan; the plan is kept, and carried out later."""
    with pytest.raises(NotConfirmed):
        bulktap.apply("students.csv", caller.sign_in, PASSPHRASE, confirm=lambda plan: len(plan.rows) > 3)
    (planned,) = bulktap.runs()

    result = bulktap.apply(planned.folder.run, caller.sign_in, PASSPHRASE, confirm=lambda plan: len(plan.rows) == 3)

    assert result.counts["issued"] == 3
    with pytest.raises(PlanRefused):
        bulktap.apply(planned.folder.path, caller.sign_in, PASSPHRASE)


@pytest.mark.parametrize("passphrase", ["", "short", "two\nlines of it", "x" * 256])
def test_a_passphrase_that_excel_does_not_take_is_refused_first(caller: Any, passphrase: str) -> None:
    """Before the roster is read."""
    with pytest.raises(UsageError):
        bulktap.apply("no-such-file.csv", caller.sign_in, passphrase)

    assert not (caller.folder / "reports").exists()


def test_an_earlier_run_opens_with_its_own_passphrase_only(caller: Any) -> None:
    """`results` and `resume` are told so by the class of the error."""
    run = bulktap.apply("students.csv", caller.sign_in, PASSPHRASE, limit=1).run

    for call in (lambda: bulktap.results(run, "another one than this"), lambda: _resume(run, caller)):
        with pytest.raises(WrongPassphrase):
            call()


def test_a_rehearsal_of_the_command_line_is_not_taken_for_a_tenant(caller: Any, program: Any) -> None:
    """Its pretend tenant is opened by the command line only."""
    folder = program(
        "plan", caller.folder / "students.csv", "--simulate", "--json", "--reports", caller.folder / "reports"
    ).folder

    with pytest.raises(PlanRefused):
        bulktap.apply(folder, caller.sign_in, PASSPHRASE)


def test_every_setting_that_shapes_a_run_is_a_keyword() -> None:
    """The declarations are the one list; what only a terminal needs is no keyword."""
    groups = (
        roster_declared.READING,
        roster_declared.LISTS,
        declared.PASSES,
        declared.CARE,
        declared.PAGE,
        declared.SENDING,
    )
    alone = (declared.ASSUME, declared.LOG_FILE, declared.NAME, declared.FORGET_AFTER)
    shaping = {one.key for group in groups for one in group} | {one.key for one in alone}

    assert {*PlanKeywords.__annotations__} - {"roster_password"} == shaping - {"roster_password_file"}
    assert {*VerifyKeywords.__annotations__} == {one.key for one in declared.ASKING}


@pytest.mark.parametrize(
    "first",
    ["", "import bulktap.results.sheets", "import bulktap.api", "from bulktap import aio", "bulktap.runs('nowhere')"],
)
def test_the_api_is_there_whatever_was_imported_before(first: str) -> None:
    """`results` is a room of the program too; and nothing is loaded before somebody asks for it."""
    script = (
        "import sys, bulktap\n"
        "assert 'bulktap.api' not in sys.modules and 'asyncio' not in sys.modules\n"
        f"{first}\n"
        "assert all(callable(getattr(bulktap, name)) for name in ('results', 'apply', 'plan', 'runs', 'verify'))\n"
        "try:\n"
        "    bulktap.results('no-such-run', 'x' * 12)\n"
        "except bulktap.BulktapError as error:\n"
        "    print(error.code)\n"
    )

    done = subprocess.run([sys.executable, "-c", script], cwd=REPOSITORY, capture_output=True, text=True, check=False)

    assert (done.stdout, done.returncode) == ("usage\n", 0), done.stderr


def test_the_package_says_that_it_is_typed() -> None:
    """PEP 561: else type checkers of other programs see nothing."""
    assert (Path(bulktap.__file__).parent / "py.typed").is_file()


def _once_issuing(act: Callable[[], object]) -> Callable[[bulktap.Progress], None]:
    """Return a progress function that does something when the first passes are there."""

    def hear(progress: bulktap.Progress) -> None:
        if progress.phase == "issuing" and progress.done:
            act()

    return hear


def _resume(run: str, caller: Any) -> bulktap.RunResult:
    return bulktap.resume(run, caller.sign_in, "another one than this")


def test_somebody_has_to_agree_where_a_name_is_typed(caller: Any) -> None:
    """`confirm_by="type"` needs a function that asks somebody; a size alone is answered by the call itself."""
    with pytest.raises(UsageError, match="nobody is asked"):
        bulktap.apply("students.csv", caller.sign_in, PASSPHRASE, timezone="UTC", confirm_by="type")
    assert live_digests(caller.service) == {}

    asked = []
    for keywords in ({"confirm_by": "type", "only": "2", "confirm": asked.append}, {"type_from_rows": 1, "only": "3"}):
        with contextlib.suppress(NotConfirmed):
            bulktap.apply("students.csv", caller.sign_in, PASSPHRASE, timezone="UTC", **keywords)
    assert len(asked) == 1
    assert set(live_digests(caller.service)) == {"ben@contoso.com"}


def test_guards_are_keywords(caller: Any) -> None:
    """Patterns, a ceiling, and rows that are left out; a plan keeps them."""
    words: dict[str, Any] = {"allow": "*@contoso.com", "deny": ["ben@*"], "except_": "Class=7B", "max_rows": 1}
    planned = bulktap.plan("students.csv", caller.sign_in, timezone="UTC", **words)

    assert [row.action.value for row in planned.plan.rows] == ["issue", "refuse", "skip"]
    assert planned.plan.settings.guards.max_rows == 1
    with pytest.raises(GuardTripped) as caught:
        bulktap.apply(planned, caller.sign_in, PASSPHRASE, max_rows=0)
    assert caught.value.values == {"planned": 1, "allowed": 0}


def test_a_run_gets_another_passphrase_and_is_forgotten(caller: Any) -> None:
    """Named when it is planned; a no destroys nothing, and afterwards nothing but the counts is left."""
    new = "another one, as long as needed"
    words = {"timezone": "UTC", "name": "autumn-5a", "forget_after": timedelta(days=7)}
    done = bulktap.apply("students.csv", caller.sign_in, PASSPHRASE, **words)
    with pytest.raises(UsageError):
        bulktap.results("autumn-5a", PASSPHRASE, new_passphrase="short")
    again = bulktap.results("autumn-5a", PASSPHRASE, new_passphrase=new)
    assert [one.passcode.reveal() for one in again.passes] == [one.passcode.reveal() for one in done.passes]
    with pytest.raises(WrongPassphrase):
        bulktap.results("autumn-5a", PASSPHRASE)

    seen: list[bulktap.ToForget] = []
    with pytest.raises(NotConfirmed):
        bulktap.forget("autumn-5a", confirm=lambda found: bool(seen.append(found)))
    assert (seen[0].passes, seen[0].live) == (3, 3)
    assert len(bulktap.results("latest", new).passes) == 3
    gone = bulktap.forget("autumn-5a")

    assert (gone.passes, gone.files) == (3, 1)
    with pytest.raises(RunForgotten):
        bulktap.results("autumn-5a", new)
    (listed,) = bulktap.runs()
    assert listed.forget_at is not None
    assert (listed.name, listed.state.value, listed.issued) == ("autumn-5a", "forgotten", 3)
    assert len(bulktap.verify("autumn-5a", caller.sign_in).passes) == 3


def test_new_passes_take_the_place_of_a_runs_own(caller: Any) -> None:
    """The result is the whole run, with those who have a new pass; who confirms is shown just their rows."""
    done = bulktap.apply("students.csv", caller.sign_in, PASSPHRASE, timezone="UTC")
    before = {one.user: one.pass_id for one in done.passes}
    shown: list[bulktap.Plan] = []

    def confirm(plan: bulktap.Plan) -> bool:
        shown.append(plan)
        return True

    again = bulktap.reissue(done.run, caller.sign_in, PASSPHRASE, only="Anna*", lifetime="2h", confirm=confirm)

    assert [one.person.user for one in again.new] == ["anna@contoso.com"]
    assert [plan.rows[0].existing_pass_id for plan in shown] == [before["anna@contoso.com"]]
    after = {one.user: one.pass_id for one in again.passes}
    assert {user for user in before if before[user] != after[user]} == {"anna@contoso.com"}
    assert (again.finished, again.not_new, again.left_alone) == (True, (), ())
    with pytest.raises(bulktap.BulktapError) as refused:
        bulktap.reissue(done.run, caller.sign_in, PASSPHRASE, only="Anna*", confirm=lambda _: False)
    assert refused.value.code == "not-confirmed"
    with pytest.raises(bulktap.BulktapError, match="Nobody was chosen"):
        bulktap.reissue(done.run, caller.sign_in, PASSPHRASE)


def test_a_group_of_the_tenant_is_planned_and_served(caller: Any) -> None:
    """Without a roster; what is missing or too much is told in the words of Python."""
    tenant = caller.service.tenant
    users = [user for user in tenant.users.values() if user.upn in {"anna@contoso.com", "cem@contoso.com"}]
    members = tuple(user.object_id for user in users)
    caller.service.ask(lambda: tenant.groups.put(Group("22222222-3333-4444-8555-000000000001", "Class 7A", members)))

    planned = bulktap.plan(None, caller.sign_in, group="Class 7A")
    result = bulktap.apply(None, caller.sign_in, PASSPHRASE, group="Class 7A", limit=1)

    assert [row.upn for row in planned.plan.rows] == ["anna@contoso.com", "cem@contoso.com"]
    assert {row.group for row in planned.plan.rows} == {"Class 7A"}
    assert result.counts["issued"] == 1
    with pytest.raises(bulktap.BulktapError, match="Nothing says who") as nobody:
        bulktap.plan(None, caller.sign_in)
    assert "group=, administrative_unit= or created_since=" in nobody.value.hint
    with pytest.raises(bulktap.QuestionOpen, match="no group named Class 7B") as unclear:
        bulktap.plan(None, caller.sign_in, group="Class 7B")
    assert 'group="22222222-3333-4444-8555-000000000001"' in unclear.value.hint
