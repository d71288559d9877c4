"""`bulktap help`: what its topics say is what the program goes by."""

from __future__ import annotations

import ast
import os
import re
import subprocess
from functools import cache
from pathlib import Path
from shutil import which

import pytest
from in_process import command

import bulktap
from bulktap.cli.main import COMMANDS, cli
from bulktap.cli.topics import tables
from bulktap.cli.topics.stops import findings, stop_classes, stops
from bulktap.cli.topics.topic_list import TOPICS, is_heading, parts_about, topic_text
from bulktap.graph.sign_in.sign_in_errors import explain_refusal, explained_numbers
from bulktap.model.exit_codes import ExitCode
from bulktap.model.plan import Field
from bulktap.model.row_error_catalogue import about_cells, about_guards, about_passes, about_users
from bulktap.model.row_errors import RowErrorCode
from bulktap.model.secret import PROXY_VARIABLES, SECRET_VARIABLES
from bulktap.settings import environment
from bulktap.settings.every_declaration import every_declaration

PACKAGE = Path(bulktap.__file__).parent
README = (PACKAGE.parent / "README.md").read_text("utf-8")
TEXTS = PACKAGE / "cli" / "topics" / "texts"
CATALOGUE = (about_cells, about_guards, about_passes, about_users)


@cache
def text_of(name: str) -> str:
    """Return the text of a topic, made once."""
    return topic_text(name)


@cache
def known_stops() -> frozenset[tuple[ExitCode, str, str]]:
    """Return what the program knows of stops."""
    return frozenset((one.exit_code, one.message, one.hint) for one in stops())


@cache
def troubleshooting() -> str:
    """Return that topic on one line."""
    return flat(text_of("troubleshooting"))


def flat(text: str) -> str:
    """Return a text on one line, so that sentences are found however they are wrapped."""
    return " ".join(text.split())


def test_every_topic_has_a_text_and_every_text_a_topic() -> None:
    """A file that no topic names would never be read."""
    assert sorted(TOPICS) == sorted(path.stem for path in TEXTS.glob("*.txt"))


def test_every_table_stands_in_a_topic() -> None:
    """A table that no text asks for is never seen; one that is not there would be asked for in vain."""
    wanted = {
        name
        for path in TEXTS.glob("*.txt")
        for name in re.findall(r"^\{(.+)\}$", path.read_text("utf-8"), re.MULTILINE)
    }
    assert wanted == set(tables.TABLES)


@pytest.mark.parametrize("name", TOPICS)
def test_a_topic_is_plain_text_eighty_columns_wide(name: str) -> None:
    """With headings, and without a mark that was to be filled in."""
    text = text_of(name)
    assert [line for line in text.splitlines() if len(line) > 80 or line.rstrip() != line] == []
    assert any(is_heading(line) for line in text.splitlines())
    assert not re.search(r"^\{|[\ufdd0-\ufdd2]", text, re.MULTILINE)
    assert (TEXTS / f"{name}.txt").read_bytes().isascii()


@pytest.mark.parametrize("name", TOPICS)
def test_a_topic_names_no_option_or_command_that_there_is_not(name: str) -> None:
    """So that a renamed one is noticed."""
    spelt = {option for one in cli.commands.values() for parameter in one.params for option in parameter.opts}
    spelt |= {
        option for one in cli.commands.values() for parameter in one.params for option in parameter.secondary_opts
    }
    spelt |= {"--help", "--help-all"}
    text = text_of(name)
    assert set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", text)) - spelt == set()
    assert set(re.findall(r"`bulktap ([a-z]+)\b", text)) - set(COMMANDS) == set()


@pytest.mark.parametrize("code", ExitCode, ids=lambda code: str(code.value))
def test_help_and_readme_tell_each_exit_code_as_the_program_means_it(code: ExitCode) -> None:
    """Number and meaning stand together in both."""
    assert f"| {code.value} | {code.meaning} |" in README
    assert f" {code.value} {code.meaning} " in flat(text_of("exit-codes"))


def test_every_code_of_an_error_is_told() -> None:
    """`error.code` of `--json` can be looked up."""
    text = text_of("exit-codes")
    assert {one.code for one in stop_classes().values()} <= set(
        re.findall(r"^    ([a-z-]+)(?:  |$)", text, re.MULTILINE)
    )


def test_every_variable_of_a_setting_is_told() -> None:
    """With what the option's help says of it."""
    declared = every_declaration()
    told = set(re.findall(r"^  ([A-Z_]+)(?:  |$)", text_of("environment"), re.MULTILINE))
    assert {variable for one in declared for variable in one.variables} <= told


def test_every_secret_is_told_as_one() -> None:
    """And nothing else is."""
    assert set(tables.SECRETS) == set(SECRET_VARIABLES)


def test_no_variable_is_told_twice() -> None:
    """One that holds a secret is not a setting like others, although an option has its name."""
    named = re.findall(r"^  ([A-Z][A-Z0-9_]+)(?:  |$)", text_of("environment"), re.MULTILINE)
    assert len(named) > 100
    assert sorted(named) == sorted(set(named))


def test_every_variable_that_is_read_elsewhere_is_told() -> None:
    """The module that reads the environment names no variable that help does not."""
    source = Path(environment.__file__ or "").read_text("utf-8")
    read = set(re.findall(r'"([A-Z][A-Z_]+)"', source)) - set(SECRET_VARIABLES)
    told = set(re.findall(r"\b[A-Z][A-Z_]+\b", text_of("environment")))
    assert read <= told
    assert {"HTTPS_PROXY", "ALL_PROXY"} <= told & set(PROXY_VARIABLES)


@pytest.mark.parametrize("code", RowErrorCode, ids=lambda code: code.value)
def test_every_row_error_can_be_looked_up(code: RowErrorCode) -> None:
    """By its code, as errors.xlsx has it."""
    found = parts_about(text_of("troubleshooting"), [code.value])
    assert f"  {code.value}: {code.short_name}\n" in found


def test_every_sentence_of_the_catalogue_is_told() -> None:
    """Each text in its source of more than a few words, up to the first thing that is filled in."""
    told = troubleshooting()
    written = [
        str(text.value)
        for module in CATALOGUE
        for node in ast.walk(ast.parse(Path(module.__file__ or "").read_text("utf-8")))
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in {"RowError", "_warning"}
        for text in node.args[1:]
        if isinstance(text, ast.Constant) and isinstance(text.value, str)
    ]
    assert len(written) > 40
    missing = [text for text in written if flat(text) not in told]
    assert missing == []


@pytest.mark.parametrize("number", sorted(explained_numbers()))
def test_every_number_of_the_sign_in_service_is_told_as_the_program_tells_it(number: int) -> None:
    """The remedy that help has is the one that a refused sign-in shows."""
    refused = explain_refusal({"error": "invalid_client", "error_codes": [number]}, "app X")
    told = flat(parts_about(text_of("troubleshooting"), [str(number)])) + " "
    assert f"AADSTS{number} " in told
    assert f"{explained_numbers()[number][0]}." in told
    assert len(told) > len(refused.hint) > 0


RAISED = (
    (ExitCode.USAGE, "There is no time zone ZONE NAME.", "Use a name such as Europe/Berlin or America/New_York."),
    (ExitCode.ROSTER, "There is no file PATH.", "Check the name and the folder."),
    (ExitCode.PLAN, "plan.json was edited after it was made.", "Make a new plan with `bulktap plan`."),
    (ExitCode.PLAN, "This plan was made offline.", "Make a plan without --offline."),
    (
        ExitCode.LOCKED,
        "The passphrase does not open this run.",
        "Give the passphrase that the run was started with; capitals and spaces count.",
    ),
    (ExitCode.USAGE, "There is no unfinished run in REPORTS.", "`bulktap runs --reports FOLDER` lists all runs."),
)


@pytest.mark.parametrize(("code", "message", "hint"), RAISED, ids=lambda one: str(one)[:20])
def test_what_stops_a_command_is_told_with_its_remedy(code: ExitCode, message: str, hint: str) -> None:
    """Settings and commands are named as they are typed, what is filled in stands in capitals."""
    assert (code, message, hint) in known_stops()
    assert f"{message} {hint}" in troubleshooting()


def test_every_cause_in_the_network_is_told() -> None:
    """Each text of the module that words them, so that a new cause does not stay unknown to help."""
    source = (PACKAGE / "graph" / "connection_failures.py").read_text("utf-8")
    worded = {
        flat(text.value)
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "ConnectionFailure"
        for text in ast.walk(node.args[0])
        if isinstance(text, ast.Constant) and isinstance(text.value, str) and len(text.value) > 8
    }
    assert len(worded) > 12
    told = troubleshooting().casefold()
    assert [
        text for text in worded if text.casefold() not in told and text != "did not complete the connection ("
    ] == []


@pytest.mark.parametrize(
    ("words", "remedy"),
    [
        (["407"], "http://user:password@proxy:port"),
        (["HTTP", "403"], "Have the proxy let this address through"),
        (["inspects", "SSL_CERT_FILE"], "BULKTAP_CA_BUNDLE"),
        (["web", "page"], "in place of Microsoft"),
        (["synchronises"], "with --reports"),
        (["PAC"], "set HTTPS_PROXY to it"),
        (["clock", "behind"], "Certificates and federated tokens are refused"),
        (["switched", "off", "refused"], "Authentication Policy Administrator"),
        (["is", "missing", "NAME"], "API permissions"),
        (["carries", "no", "roles"], "Privileged Role Administrator"),
        (["no", "active", "role"], "Privileged Identity Management"),
        (["git", "work", "tree"], ".gitignore"),
    ],
)
def test_what_the_network_and_doctor_say_can_be_looked_up(words: list[str], remedy: str) -> None:
    """By the words that are on the screen, with the remedy that stands there."""
    assert remedy in flat(parts_about(text_of("troubleshooting"), words))


def test_what_doctor_finds_has_the_remedy_that_belongs_to_it() -> None:
    """A name that stands for another sentence in each branch is told with its own."""
    told = dict(findings())
    assert told["GRAPH URL answers, but is busy or throttles this app just now."] == "Ask again in some minutes."
    assert told["THERE is no folder."] == "Name a folder on a disk of this computer with --reports."
    assert len(told) > 15
    assert not [one for one in told if "FOUND" in one or "REMEDY" in told[one]]


def test_most_of_what_is_raised_with_a_hint_is_told() -> None:
    """Only sentences that say nothing without what is filled in are left out."""
    raised = {
        (path.name, node.lineno)
        for path in PACKAGE.rglob("*.py")
        if "simulator" not in path.parts
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call)
        and getattr(node.func, "id", "") in stop_classes()
        and any(one.arg == "hint" for one in node.keywords)
    }
    assert len(stops()) > 0.7 * len(raised) > 100


def test_every_field_of_a_roster_is_told() -> None:
    """By the name that --column takes."""
    told = re.findall(r"^  ([a-z-]+)  ", tables.fields(), re.MULTILINE)
    assert told == [field.value for field in Field]


def test_without_a_topic_all_are_listed() -> None:
    """A line each."""
    listed = command("help")
    assert listed.code == 0
    assert re.findall(r"^  ([a-z-]+)  ", listed.out, re.MULTILINE) == list(TOPICS)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("exit_codes", "exit-codes"),
        ("exitcodes", "exit-codes"),
        ("enviroment", "environment"),
        ("troubleshoting", "troubleshooting"),
        ("perm", "permissions"),
        ("security-team", "for-the-security-team"),
        ("aply", "apply"),
    ],
)
def test_an_unknown_topic_names_the_nearest(typed: str, meant: str) -> None:
    """And ends with the exit code of a wrong word."""
    ended = command("help", typed)
    assert ended.code == ExitCode.USAGE
    assert f"Did you mean {meant}?" in ended.err
    assert ended.out == ""


@pytest.mark.parametrize("typed", ["zzz", "xyzzy"])
def test_a_topic_that_is_like_none_names_none(typed: str) -> None:
    """It says how to list them; no message has the word either."""
    ended = command("help", typed)
    assert ended.code == ExitCode.USAGE
    assert "Did you mean" not in ended.err
    assert "`bulktap help` lists the topics." in ended.err


@pytest.mark.parametrize("typed", ["AADSTS700016", "aadsts7000222", "user-not-found"])
def test_what_the_screen_says_is_found_without_its_topic(typed: str) -> None:
    """People paste a number or a code."""
    shown = command("help", typed).out
    assert shown.strip() == parts_about(text_of("troubleshooting"), (typed,)).strip()
    assert typed.casefold() in shown.casefold()


def test_words_that_nothing_is_about_are_refused() -> None:
    """Silence would look like an answer."""
    ended = command("help", "troubleshooting", "AADSTS1")
    assert ended.code == ExitCode.USAGE
    assert "Nothing in troubleshooting is about AADSTS1." in ended.err


@pytest.mark.parametrize("name", ["plan", "runs", "help"])
def test_help_of_a_command_is_its_help(name: str) -> None:
    """As `bulktap COMMAND --help` shows it."""
    shown = command("help", name).out
    assert shown.startswith(f"Usage: bulktap {name}")
    assert flat(shown) == flat(command(name, "--help").out)


def test_the_manual_page_has_every_command_and_topic() -> None:
    """As sections, with no line that roff would take for a request by accident."""
    page = command("help", "--man").out
    requests = {line.split()[0] for line in page.splitlines() if line.startswith(".")}
    assert requests == {".TH", ".SH", ".SS", ".TP", ".PP", ".nf", ".fi", ".in"}
    for name in TOPICS:
        assert '.SH "' + name.replace("-", "\\- ").replace("\\- ", " ").upper() + '"' in page
    for name in COMMANDS:
        assert f"\n\\fB{name}\\fR\n" in page


@pytest.mark.skipif(which("groff") is None, reason="groff, which sets manual pages, is not installed, as on Windows")
def test_groff_sets_the_manual_page_without_a_warning(tmp_path: Path) -> None:
    """And what it sets has the sentences of the topics, options with hyphens that can be copied."""
    page = tmp_path / "bulktap.1"
    page.write_text(command("help", "--man").out, "utf-8")
    set_page = subprocess.run(
        ["groff", "-man", "-Kutf8", "-Tutf8", "-P-c", "-P-b", "-P-u", "-ww", str(page)],
        capture_output=True,
        check=True,
        env={**os.environ, "LC_ALL": "C.UTF-8"},
    )
    assert set_page.stderr == b""
    text = flat(set_page.stdout.decode())
    for said in ("--max-rows, --stop-after-failures", "wrong passphrase, or a damaged journal", "AADSTS700016"):
        assert said in text
