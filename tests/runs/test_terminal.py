"""On a terminal: the question, the prompts, the progress line, and names that try to steer it."""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING

import pytest
from terminal_talk import talk
from whole_run import PASSPHRASE, USERS, Program, live_digests, sheet

if TYPE_CHECKING:
    from bulktap.simulator.embedded import EmbeddedSimulator

pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pseudo-terminals"),
]

ROWS = [["User"], *([user] for user in USERS[:3])]


@pytest.mark.parametrize(
    "answers", [["no"], ["n"], [""], ["No"], ["y", "no"], ["yes please", "y"], ["ja", ""], ["oui", "s\u00ed"]], ids=str
)
def test_anything_but_the_word_yes_issues_nothing(
    connected: Program, service: EmbeddedSimulator, answers: list[str]
) -> None:
    """A hurried key is asked about once more and is not consent: exit 6. The plan is kept, and can be carried out."""
    code, shown = talk(connected, ["apply", connected.roster(ROWS)], [("[yes/no]", answer) for answer in answers])

    assert code == 6
    assert shown.count("[yes/no]") == len(answers)
    assert live_digests(service) == {}
    (run,) = (connected.cwd / "reports").glob("20*")
    told = " ".join(shown.split())
    assert re.search(r"The plan is kept, and valid until \d{4}-\d\d-\d\d \d\d:\d\d \(Europe/Berlin\)", told)
    assert f"bulktap apply {run.name}" in told

    connected("apply", run.name, "--yes")
    assert set(live_digests(service)) == set(USERS[:3])


def test_a_hurried_key_is_made_good(connected: Program, service: EmbeddedSimulator) -> None:
    """`y`, and the word when it is asked for."""
    code, shown = talk(connected, ["apply", connected.roster(ROWS)], [("[yes/no]", "y"), ("whole word", "YES")])

    assert code == 0, shown
    assert len(live_digests(service)) == 3


TYPED = ("--type-from-rows", "3")


@pytest.mark.parametrize(
    ("options", "answers", "because"),
    [
        (TYPED, ["Contoso"], "3 passes"),
        (TYPED, ["yes", "contoso.com"], "3 passes"),
        (("--type-from-lifetime", "8h", "--lifetime", "8h"), [" CONTOSO "], "passes that work for up to 8 h"),
        (("--confirm", "type", "--yes"), ["Contoso"], "3 passes"),
    ],
)
def test_from_a_size_on_the_tenants_name_is_typed(
    connected: Program, service: EmbeddedSimulator, options: tuple[str, ...], answers: list[str], because: str
) -> None:
    """A yes is not enough, and is asked about once more; the screen says what is so large."""
    words = ["apply", connected.roster(ROWS), *options]
    code, shown = talk(connected, words, [("type the tenant's domain (contoso.com)", answer) for answer in answers])

    assert code == 0, shown
    assert f"These are {because}, so a yes is not enough." in shown
    assert len(live_digests(service)) == 3


@pytest.mark.parametrize("answers", [["no"], [""], ["yes", "yes"], ["Fabrikam", "Kontoso"]], ids=str)
def test_another_word_than_the_tenants_name_issues_nothing(
    connected: Program, service: EmbeddedSimulator, answers: list[str]
) -> None:
    """Twice at most; the plan is kept."""
    words = ["apply", connected.roster(ROWS), *TYPED]
    code, shown = talk(connected, words, [("type the tenant's domain (contoso.com)", answer) for answer in answers])

    assert code == 6
    assert "The plan is kept" in shown
    assert live_digests(service) == {}


def test_who_signs_a_plan_types_what_it_kept(connected: Program, service: EmbeddedSimulator) -> None:
    """The size is the plan's, whoever carries it out; `--yes` answers it, unless somebody has to type."""
    roster = connected.roster(ROWS)
    (connected.cwd / "bulktap.toml").write_text('[guards]\nconfirm = "type"\n', "utf-8")
    planned = connected("plan", roster, "--json").folder

    error = connected("apply", planned, "--yes", "--json", code=2).json["error"]
    assert "no terminal" in error["message"]
    assert "--yes does not answer that" in error["hint"]
    assert live_digests(service) == {}
    code, shown = talk(connected, ["apply", planned, "-y"], [("type the tenant's domain (contoso.com)", "Contoso")])
    assert code == 0, shown
    assert len(live_digests(service)) == 3


def test_yes_answers_a_size_that_nobody_has_to_type(connected: Program, service: EmbeddedSimulator) -> None:
    """A script says yes in advance."""
    connected("apply", connected.roster(ROWS), *TYPED, "--yes")
    assert len(live_digests(service)) == 3


def test_yes_goes_on_and_a_new_passphrase_is_asked_for_twice(connected: Program, service: EmbeddedSimulator) -> None:
    """The question names tenant and counts; the passphrase is not echoed; the workbook opens with it."""
    unset = Program(connected.cwd, {k: v for k, v in connected.environment.items() if k != "BULKTAP_PASSPHRASE"})

    code, shown = talk(
        unset,
        ["apply", unset.roster(ROWS)],
        [("[yes/no]", "yes"), ("Choose a passphrase", PASSPHRASE), ("The same again", PASSPHRASE)],
    )

    assert code == 0, shown
    assert "Issue these passes in Contoso" in shown
    assert PASSPHRASE not in shown
    assert "100%" in shown
    (run,) = (unset.cwd / "reports").glob("20*")
    assert len(sheet(run)) == len(live_digests(service)) == 3


def test_nobody_consents_to_what_they_were_not_shown(connected: Program) -> None:
    """With `--quiet` too, the plan stands above the question."""
    _, shown = talk(connected, ["apply", connected.roster(ROWS), "--quiet"], [("[yes/no]", "no")])

    assert "Issue      3 passes" in shown.partition("[yes/no]")[0]


def test_a_slip_in_the_passphrase_is_asked_for_again(connected: Program) -> None:
    """The plan may have taken minutes: a typing error does not cost it."""
    unset = Program(connected.cwd, {k: v for k, v in connected.environment.items() if k != "BULKTAP_PASSPHRASE"})
    slip = [("Choose a passphrase", PASSPHRASE), ("The same again", PASSPHRASE.upper())]
    right = [("Choose a passphrase", PASSPHRASE), ("The same again", PASSPHRASE)]

    code, shown = talk(unset, ["apply", unset.roster(ROWS), "--yes"], [*slip, *right])

    assert code == 0, shown
    assert "The two were different" in shown
    (run,) = (unset.cwd / "reports").glob("20*")
    assert len(sheet(run)) == 3


def without_passphrase(connected: Program) -> Program:
    """Return the program with nothing in its environment that could be the passphrase."""
    return Program(connected.cwd, {k: v for k, v in connected.environment.items() if k != "BULKTAP_PASSPHRASE"})


def test_the_rule_for_passphrases_is_said_before_one_is_typed(connected: Program) -> None:
    """And one that breaks it is asked for again, whatever is wrong with it; `-q` changes nothing."""
    unset = without_passphrase(connected)
    poor = [("Choose a passphrase", "short"), ("Choose a passphrase", " " * 14)]
    right = [("Choose a passphrase", PASSPHRASE), ("The same again", PASSPHRASE)]

    code, shown = talk(unset, ["apply", unset.roster(ROWS), "--yes", "-q"], [*poor, *right])

    assert code == 0, shown
    assert "12 to 255 characters" in shown.partition("Choose a passphrase")[0]
    assert "fewer than 12" in shown
    assert "is blank" in shown
    (run,) = (unset.cwd / "reports").glob("20*")
    assert len(sheet(run)) == 3


def test_enter_makes_a_passphrase_up(connected: Program) -> None:
    """It is shown once, also with `-q`, and opens the workbook."""
    unset = without_passphrase(connected)

    code, shown = talk(unset, ["apply", unset.roster(ROWS), "--yes", "-q"], [("Choose a passphrase", "")])

    assert code == 0, shown
    made = re.search(r"shown only now: (\S+)", shown)
    assert made is not None
    (run,) = (unset.cwd / "reports").glob("20*")
    assert len(sheet(run, passphrase=made[1])) == 3


def test_whoever_never_types_the_same_twice_is_let_go_and_nothing_was_sent(
    connected: Program, service: EmbeddedSimulator
) -> None:
    """Three times are enough."""
    unset = without_passphrase(connected)
    slip = [("Choose a passphrase", PASSPHRASE), ("The same again", PASSPHRASE.upper())]

    code, shown = talk(unset, ["apply", unset.roster(ROWS), "--yes"], slip * 3)

    assert code == 2, shown
    assert shown.count("The two were different") == 3
    assert live_digests(service) == {}


@pytest.mark.parametrize(("right_at", "code"), [(1, 0), (3, 0), (None, 12)])
def test_the_passphrase_of_an_earlier_run_is_asked_for_three_times(
    connected: Program, right_at: int | None, code: int
) -> None:
    """Each time it is said of which run; `results` and `resume` alike."""
    run = connected("apply", connected.roster(ROWS), "--yes", "--json").json["run"]
    unset = without_passphrase(connected)
    answers = ["wrong 1", "wrong 2", "wrong 3"] if right_at is None else ["wrong"] * (right_at - 1) + [PASSPHRASE]

    for command in ("results", "resume"):
        ended, shown = talk(unset, [command, run], [(f"Passphrase of the run {run}", answer) for answer in answers])

        assert ended == code, shown
        assert shown.count("Passphrase of the run") == len(answers)
        assert (f"does not open the run {run}" in shown.replace("\r\n       ", " ")) is (right_at is None)


def test_a_variable_that_is_another_runs_passphrase_is_not_the_last_word(connected: Program) -> None:
    """On a terminal the right one is asked for."""
    run = connected("apply", connected.roster(ROWS), "--yes", "--json").json["run"]
    other = Program(connected.cwd, {**connected.environment, "BULKTAP_PASSPHRASE": "that of another run"})

    code, shown = talk(other, ["results", run], [("Passphrase of the run", PASSPHRASE)])

    assert code == 0, shown
    assert "BULKTAP_PASSPHRASE does not open the run" in shown


def test_turning_back_at_the_passphrase_is_an_interruption(connected: Program, service: EmbeddedSimulator) -> None:
    """The end of input in place of a passphrase: exit 130, nothing sent, and no talk of a mistake."""
    unset = Program(connected.cwd, {k: v for k, v in connected.environment.items() if k != "BULKTAP_PASSPHRASE"})

    code, shown = talk(unset, ["apply", unset.roster(ROWS), "--yes"], [("Choose a passphrase", "\x04")])

    assert code == 130, shown
    assert "Stopped before anything was sent" in shown
    assert live_digests(service) == {}


def test_what_follows_an_unanswered_question_begins_a_line(connected: Program) -> None:
    """The end of input is no answer, and leaves no line break of its own."""
    _, shown = talk(connected, ["apply", connected.roster(ROWS)], [("[yes/no]", "\x04")])

    assert "\nError: " in shown.replace("\r", "").replace("\x1b[31m\x1b[1m", "")


def test_runs_are_shown_in_blocks_where_the_table_is_too_wide(connected: Program) -> None:
    """No line is broken by the terminal."""
    connected("plan", connected.roster(ROWS, "the-whole-of-the-student-body-of-the-new-campus.csv"))

    _, shown = talk(connected, ["runs"], [])

    lines = shown.replace("\r", "").splitlines()
    assert max(map(len, lines)) <= 110
    assert any(" planned: 0 issued, 3 open" in line for line in lines)
    assert any("the-whole-of-the-student-body-of-the-new-campus.csv" in line for line in lines)


def test_names_that_hold_control_characters_cannot_steer_the_terminal(connected: Program) -> None:
    """An escape sequence in a cell is shown, not obeyed."""
    roster = connected.roster([["User"], ["\x1b]0;owned\x07x@contoso.com"], [USERS[0]]])

    _, shown = talk(connected, ["plan", roster], [])

    assert "\x1b]0;owned" not in shown


@pytest.mark.parametrize(
    ("variables", "coloured"),
    [
        ({}, True),
        ({"NO_COLOR": "1"}, False),
        ({"NO_COLOR": "0", "FORCE_COLOR": "1"}, False),
        ({"TERM": "dumb"}, False),
        ({"TERM": "dumb", "FORCE_COLOR": "1"}, True),
        ({"NO_COLOR": "", "TERM": "vt100"}, True),
    ],
)
def test_colour_is_left_out_where_it_is_not_wanted(
    connected: Program, variables: dict[str, str], coloured: bool
) -> None:
    """NO_COLOR is honoured, and a terminal that calls itself dumb shows the sequences as they are."""
    _, shown = talk(connected, ["plan", connected.cwd / "missing.csv"], [], **variables)

    assert ("\x1b[" in shown) == coloured


def test_colour_off_a_terminal_is_there_for_those_who_force_it(connected: Program) -> None:
    """A build server's log shows it; nobody else's does."""
    assert "\x1b[31m" in connected("plan", "missing.csv", code=4, FORCE_COLOR="1").err
    assert "\x1b[" not in connected("plan", "missing.csv", code=4).err


@pytest.mark.parametrize("columns", [40, 60, 80])
def test_no_word_is_broken_by_a_narrow_terminal(connected: Program, columns: int) -> None:
    """Question, summary and errors: a line is longer only where one word is; no bar stands below another."""
    arguments = ["apply", connected.roster([*ROWS, ["bad name@contoso.com"]])]

    code, shown = talk(connected, arguments, [("[yes/no]", "yes")], columns)

    assert code == 3, shown
    assert "\x1b[A" not in shown
    assert "[yes/no] yes" in shown
    plain = re.sub(r"\x1b\[[0-9;]*m", "", shown).replace("\r\n", "\n")
    lines = [line.rpartition("\r")[2] for line in plain.split("\n")]
    broken = [line for line in lines if len(line) > columns and max(map(len, line.split())) + 16 < columns]
    assert broken == []


@pytest.mark.parametrize("typed", ["\udcff\udcfe", "yes\udcc3"])
@pytest.mark.parametrize("asked", ["[yes/no]", "Choose a passphrase"])
def test_keys_that_are_no_text_are_no_answer(
    connected: Program, service: EmbeddedSimulator, typed: str, asked: str
) -> None:
    """A terminal in Latin-1 sends an umlaut as a byte that UTF-8 does not have: a sentence, and nothing is issued."""
    more = [] if "yes" in asked else ["--yes"]
    silent = {name: value for name, value in connected.environment.items() if name != "BULKTAP_PASSPHRASE"}
    program = connected if "yes" in asked else Program(connected.cwd, silent)

    code, shown = talk(
        program, ["apply", program.roster(ROWS), *more], [(asked, typed)], PYTHONIOENCODING="utf-8:strict"
    )

    assert code == (6 if "yes" in asked else 2), shown
    assert "Internal error" not in shown
    assert live_digests(service) == {}
