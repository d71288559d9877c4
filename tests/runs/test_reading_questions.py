"""Questions of reading: asked all at once on a terminal, told all at once without one, kept where that is wished."""

from __future__ import annotations

import io
import os
import sys
import tomllib
import zipfile
from typing import TYPE_CHECKING

import openpyxl
import pytest
from terminal_talk import talk

import bulktap

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from whole_run import Program

on_a_terminal = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pseudo-terminals")
SECRET = "Pa55-w0rd@secret.example"


def workbook(sheets: dict[str, Sequence[Sequence[str]]], hidden: Sequence[int] = ()) -> bytes:
    """Return an .xlsx with these sheets; in each, these rows are hidden."""
    book = openpyxl.Workbook()
    for name, rows in sheets.items():
        page = book.create_sheet(name)
        for row in rows:
            page.append(list(row))
        for number in hidden:
            page.row_dimensions[number].hidden = True
    del book["Sheet"]
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def open_document(sheets: dict[str, Sequence[Sequence[str]]], hidden: Sequence[int] = ()) -> bytes:
    """Return an .ods likewise."""
    names = " ".join(f'xmlns:{n}="urn:oasis:names:tc:opendocument:xmlns:{n}:1.0"' for n in ("office", "table", "text"))
    tables = ""
    for name, rows in sheets.items():
        told = ""
        for number, row in enumerate(rows, 1):
            cells = "".join(
                f'<table:table-cell office:value-type="string"><text:p>{cell}</text:p></table:table-cell>'
                for cell in row
            )
            seen = ' table:visibility="collapse"' if number in hidden else ""
            told += f"<table:table-row{seen}>{cells}</table:table-row>"
        tables += f'<table:table table:name="{name}">{told}</table:table>'
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", "<manifest/>")
        archive.writestr(
            "content.xml",
            f"<office:document-content {names}><office:body><office:spreadsheet>{tables}</office:spreadsheet>"
            "</office:body></office:document-content>",
        )
    return content.getvalue()


def people(names: Sequence[str], first: str = "Who", domain: str = "@contoso.com") -> list[list[str]]:
    """Return rows of people under headings of which the first is unknown, with a column that is never read."""
    return [[first, "Name", "Password"], *([f"{name}{domain}", name.title(), SECRET] for name in names)]


MESSY = {
    "7A": [*people(["anna", "ben", "cem", "dora"]), ["see office", "Eva", SECRET], ["moved away", "Finn", SECRET]],
    "7B": people(["gina", "hugo"]),
}
FRENCH = {"Élèves": [["Qui", "Courriel"], *([f"{n}@contoso.com", f"{n}.perso@contoso.fr"] for n in ("zoé", "luc"))]}

DUTCH = [
    ["Contact", "Wie", "Start", "Start date"],
    *([f"{n}@home.nl", f"{n}@contoso.com", "2035-01-08 08:00", "2035-01-09 08:00"] for n in ("jan", "eva")),
]
ROSTERS = [
    pytest.param(
        "messy.xlsx",
        workbook(MESSY, [4]),
        [("sheets look like a roster", "1"), ("hidden", "1"), ("looks like it: 4 of 6 cells", "1")],
        {"roster": {"sheet": "7A", "hidden-rows": "skip"}, "columns": {"user": "Who"}},
        6,
        id="two sheets, a hidden row, a column Who",
    ),
    pytest.param(
        "eleves.ods",
        open_document({"Élèves": people(["luc", "zoe"], "Identifiant"), "Profs": people(["max"], "Identifiant")}, [3]),
        [("sheets look like a roster", "3"), ("hidden", "2")],
        {"roster": {"sheet": ["Élèves", "Profs"], "hidden-rows": "include"}},
        3,
        id="French, both sheets of an .ods",
    ),
    pytest.param(
        "start.csv",
        b"Benutzername;Beginn\nanna@contoso.com;03/04/2035 08:00\nben@contoso.com;05/06/2035 08:00\n",
        [("day or with the month", "dmy")],
        {"roster": {"date-order": "dmy"}},
        2,
        id="German, dates in either order",
    ),
    pytest.param(
        "osoby.csv",
        "Login\nżaneta@contoso.com\nłukasz@contoso.com\n".encode("cp1250"),
        [("encoding of the file", "cp1250")],
        {"roster": {"encoding": "cp1250"}},
        2,
        id="Polish, an old encoding",
    ),
    pytest.param(
        "alumnos.csv",
        b"Usuario,Nombre\nana.ruiz,Ana\nluis.gil,Luis\n",
        [("have no '@'", "contoso.com")],
        {"roster": {"domain": "contoso.com"}},
        2,
        id="Spanish, names without a domain",
    ),
    pytest.param(
        "medewerkers.xlsx",
        workbook({"Blad1": DUTCH}),
        [("could name the user", "Wie"), ("could give the start", "start=Start date")],
        {"columns": {"user": "Wie", "start": "Start date"}},
        2,
        id="Dutch, two columns for the user and two for the start",
    ),
]


@pytest.mark.long
@on_a_terminal
@pytest.mark.parametrize(("name", "content", "answers", "kept", "count"), ROSTERS)
@pytest.mark.parametrize("columns", [40, 80])
def test_a_messy_roster_becomes_a_plan_in_one_command(
    program: Program,
    name: str,
    content: bytes,
    answers: list[tuple[str, str]],
    kept: dict[str, dict[str, str]],
    count: int,
    columns: int,
) -> None:
    """All is asked, the answers are written down when that is wished, and the same command then needs none."""
    path = program.cwd / name
    path.write_bytes(content)

    code, shown = talk(program, ["plan", path, "--offline"], [*prompts(answers), ("[yes/no]", "yes")], columns)

    assert code in {0, 3}, shown
    told = " ".join(shown.split())
    assert all(text in told for text, _ in answers), shown
    assert SECRET not in shown
    assert tomllib.loads((program.cwd / "bulktap.toml").read_text("utf-8")) == kept
    again = program("plan", path, "--offline", "--json", code=code)
    assert again.json["counts"]["rows"] == count


def prompts(answers: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return what is waited for, and typed then."""
    return [("Answer", answer) for _, answer in answers]


def messy(program: Program, content: bytes | None = None) -> Path:
    """Write the messy roster, and return its path."""
    path = program.cwd / "messy.xlsx"
    path.write_bytes(content or workbook(MESSY, [4]))
    return path


@on_a_terminal
@pytest.mark.parametrize("answer", ["no", "", "\x04"], ids=["no", "Enter", "end of input"])
def test_answers_are_kept_only_where_somebody_says_yes(program: Program, answer: str) -> None:
    """Otherwise nothing is written beside the roster, and the plan is made all the same."""
    path = messy(program)

    words = ["plan", path, "--offline", "--sheet", "7B", "--column", "user=No such"]

    code, shown = talk(program, words, [("Answer", "1"), ("[yes/no]", answer)])

    assert code in {0, 3}, shown
    assert not (program.cwd / "bulktap.toml").exists()


@on_a_terminal
@pytest.mark.parametrize(
    ("typed", "code"),
    [(["\x04"], 4), (["\x03"], 130), (["first", "9", "nonsense"], 4)],
    ids=["end of input", "Ctrl-C", "three times none"],
)
def test_whoever_does_not_answer_gets_the_options(program: Program, typed: list[str], code: int) -> None:
    """Nothing is left behind: no run, no file beside the roster."""
    path = messy(program)

    ended, shown = talk(program, ["plan", path, "--offline"], [("Answer", word) for word in typed])

    assert ended == code, shown
    assert ('--sheet "7A"' in shown) is (code == 4)
    assert not (program.cwd / "reports").exists()
    assert not (program.cwd / "bulktap.toml").exists()


@on_a_terminal
def test_questions_are_asked_with_quiet_json_and_yes_too(program: Program) -> None:
    """None of these answers a question of reading."""
    path = messy(program)
    options = ["--simulate", "--generate-passphrase", "--quiet", "--json", "--yes"]

    code, shown = talk(program, ["apply", path, *options], [*[("Answer", "1")] * 3, ("[yes/no]", "no")])

    assert code == 3, shown
    assert "Question 1 of 2" in shown
    assert '"issued": 3' in shown


@pytest.mark.parametrize(("name", "content", "kept"), [(*one.values[:2], one.values[3]) for one in ROSTERS])
def test_without_a_terminal_all_is_told_with_the_options(
    program: Program, name: str, content: bytes, kept: dict[str, dict[str, object]]
) -> None:
    """Exit 4; with what programs are offered the roster becomes a plan; columns of passwords are never shown."""
    path = program.cwd / name
    path.write_bytes(content)
    settings: list[str] = []
    asked: list[str] = []
    for _ in range(3):
        done = program("plan", path, "--offline", "--json", *settings, code=None)
        if done.code != 4:
            break
        assert SECRET not in done.out + done.err
        error = done.json["error"]
        for question in error["questions"]:
            asked.append(question["setting"])
            assert question["option"] in error["hint"]
            values = [choice["value"] for choice in question["choices"]] or ["contoso.com"]
            settings += [word for value in values[0].split("\n") for word in (f"--{question['setting']}", value)]

    assert done.code in {0, 3}, done.err
    assert done.json["counts"]["rows"] >= 1
    assert set(asked) == {"column" if title == "columns" else key for title in kept for key in kept[title]}


def test_several_questions_come_with_one_command_that_can_be_copied(program: Program) -> None:
    """It has the command's own words, less the option that did not help, and answers all that is open."""
    path = messy(program)

    told = program.from_cold("plan", path, "--offline", "--sheet", "7A", "--column", "user=Login", code=4).err

    (line,) = [line for line in told.splitlines() if line.strip().startswith("`bulktap")]
    assert line.strip().endswith("--sheet 7A --hidden-rows skip --column user=Who`")
    assert "user=Login" not in line


@on_a_terminal
@pytest.mark.parametrize("in_the_way", ["a folder of that name", "a folder that is not writable"])
def test_a_place_that_takes_no_file_is_said_and_the_plan_is_made(program: Program, in_the_way: str) -> None:
    """The answers count all the same."""
    folder = program.cwd / "shared"
    folder.mkdir()
    path = folder / "r.xlsx"
    path.write_bytes(workbook(MESSY))
    if in_the_way == "a folder of that name":
        (folder / "bulktap.toml").mkdir()
    elif os.geteuid() == 0:
        pytest.skip("root writes everywhere")
    else:
        folder.chmod(0o500)

    code, shown = talk(program, ["plan", path, "--offline"], [("Answer", "2"), ("Answer", "1"), ("[yes/no]", "yes")])

    folder.chmod(0o700)
    assert code == 0, shown
    assert "bulktap.toml cannot be" in " ".join(shown.split())


def test_a_saved_file_is_named_with_the_columns_that_it_sets(program: Program) -> None:
    """Whoever plants one beside a roster is noticed."""
    path = program.cwd / "r.csv"
    path.write_text("Who,Other,Beginn\na@contoso.com,b@contoso.com,2035-01-01 08:00\n", "utf-8")
    (program.cwd / "bulktap.toml").write_text(
        "[columns]\nuser = 'Other'\nstart = 'Beginn'\n[roster]\ndomain = 'x.org'\n", "utf-8"
    )

    told = " ".join(program("plan", path, "--offline").err.split())

    assert "bulktap.toml beside the roster was used: it takes Other for the user, Beginn for the start; " in told
    assert 'it sets domain "x.org".' in told


def test_python_learns_the_keywords_that_answer(tmp_path: Path) -> None:
    """`read_roster` and `plan` raise all questions that can be known; the keywords settle them."""
    path = tmp_path / "messy.xlsx"
    path.write_bytes(workbook(MESSY, [4]))
    calls: list[Callable[..., object]] = [
        lambda **more: bulktap.read_roster(path, timezone="UTC", **more),
        lambda **more: bulktap.plan(path, None, reports=tmp_path / "reports", timezone="UTC", **more),
    ]
    for call in calls:
        with pytest.raises(bulktap.QuestionOpen) as first:
            call()
        (question,) = first.value.questions
        assert (question.keyword, question.choices[0].value) == ("sheet", "7A")
        assert 'sheet="7A"' in first.value.hint
        with pytest.raises(bulktap.QuestionOpen) as second:
            call(sheet="7A")
        answers = {one.keyword: one.choices[0].value for one in second.value.questions}
        assert answers == {"hidden_rows": "skip", "column": "user=Who"}
        call(sheet="7A", **answers)
