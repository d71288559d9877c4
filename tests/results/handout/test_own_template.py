"""Layouts of the user's own."""

from __future__ import annotations

import base64
import sys
from typing import TYPE_CHECKING

import pytest
from handout_sheets import NAMES, group, look

from bulktap.model.errors import Misprint, UsageError
from bulktap.results.handout.own_template import read_template
from bulktap.results.handout.proof_reading import proof_read
from bulktap.results.handout.rendering import render_group

if TYPE_CHECKING:
    from pathlib import Path

DOT = base64.b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNoAAAAggCBd81ytgAAAABJRU5ErkJggg==")
"""A grey picture of one pixel."""

GOOD = """#import "bulktap.typ": *
#import "parts/frame.typ": frame
#show: sheet
#context for slip in data.slips {
  frame[#fitted(slip.name, 10cm) \\ #fitted(slip.sign_in_name, 10cm) \\ #code(slip.code)]
  for told in slip.languages { period(told) }
}
"""


def written(folder: Path, main: str, **others: str) -> Path:
    """Write a template of two files and return its path."""
    (folder / "parts").mkdir(parents=True)
    (folder / "mine.typ").write_text(main, "utf-8")
    (folder / "parts" / "frame.typ").write_text("#let frame(body) = block(stroke: 1pt, inset: 5pt, body)", "utf-8")
    for name, text in others.items():
        (folder / f"{name}.typ").write_text(text, "utf-8")
    return folder / "mine.typ"


def test_a_template_prints_the_slips_in_its_own_way(tmp_path: Path) -> None:
    """It uses files beside it and what bulktap gives it, and is read back as ours are."""
    people = group()
    path = written(tmp_path / "own", GOOD + '#image("dot.png")')
    (tmp_path / "own" / "dot.png").write_bytes(DOT)
    own = read_template(path)
    proof_read(render_group(people, look(template=own)), people.slips)


@pytest.mark.parametrize(
    "source",
    [
        '#import "@preview/cetz:0.2.0": *',
        '#import "@local/mine:1.0.0"',
        '#include "@preview/x:1.0.0"',
        '#import ("@pre" + "view/x:1.0.0")',
        '#import "a" + "b"',
        '#let p = "@preview/x:1.0.0"\n#import p: *',
        '#eval("import \\"x\\"")',
        '#std.at("ev" + "al")("1")',
        '#let a = "/*"\n#import p\n#let b = "*/"',
        '#plugin("x.wasm")',
        '#import "\\u{40}preview/x:1.0.0"',
    ],
)
def test_a_template_loads_no_package(tmp_path: Path, source: str) -> None:
    """Packages come from the Internet, and run beside the codes."""
    with pytest.raises(UsageError):
        read_template(written(tmp_path / "own", source))


@pytest.mark.parametrize(
    "source",
    [
        '#read("../outside.txt")',
        '#read("/etc/passwd")',
        '#read("/../../../etc/passwd")',
        '#image("../outside.txt")',
        '#read("link.txt")',
        '#include "../outside.typ"',
    ],
)
def test_a_template_reads_nothing_outside_its_folder(tmp_path: Path, source: str) -> None:
    """What is on this computer must not be printed, whoever wrote the template."""
    (tmp_path / "outside.txt").write_text("private", "utf-8")
    (tmp_path / "outside.typ").write_text("private", "utf-8")
    path = written(tmp_path / "own", source)
    if sys.platform != "win32":
        (tmp_path / "own" / "link.txt").symlink_to(tmp_path / "outside.txt")
    with pytest.raises(UsageError):
        render_group(group(NAMES[:1]), look(template=read_template(path)))


@pytest.mark.parametrize(
    "source",
    [
        '#import "bulktap.typ": *\n#for slip in data.slips [#slip.name #slip.sign_in_name #slip.code]',
        '#import "bulktap.typ": *\n#for slip in data.slips [#code(slip.code) #slip.name #slip.sign_in_name]',
        '#import "bulktap.typ": *\n#context for slip in data.slips { slip.name\n code(slip.code, size: 12pt) }',
        "nothing",
    ],
)
def test_a_template_without_name_and_large_code_is_not_released(tmp_path: Path, source: str) -> None:
    """The proof-reading holds for templates too."""
    people = group(NAMES[:2])
    pdf = render_group(people, look(template=read_template(written(tmp_path / "own", source))))
    with pytest.raises(Misprint):
        proof_read(pdf, people.slips)


def test_an_error_of_a_template_quotes_no_code(tmp_path: Path) -> None:
    """A template can put what it read into its error."""
    people = group(NAMES[:2])
    source = '#import "bulktap.typ": *\n#panic(data.slips.at(0).code)'
    with pytest.raises(UsageError) as caught:
        render_group(people, look(template=read_template(written(tmp_path / "own", source))))
    assert "panicked" in str(caught.value)
    assert people.slips[0].code.reveal() not in str(caught.value)


def test_a_template_does_not_replace_what_codes_are_drawn_with(tmp_path: Path) -> None:
    """`bulktap.typ` is ours, also where a copy of it stands in the folder."""
    people = group(NAMES[:2])
    path = written(tmp_path / "own", GOOD, bulktap="#let data = 1")
    proof_read(render_group(people, look(template=read_template(path))), people.slips)


@pytest.mark.parametrize("name", ["none.typ", "mine.pdf", "."])
def test_what_is_no_template_is_said(tmp_path: Path, name: str) -> None:
    """A wrong path is a sentence, not a traceback."""
    written(tmp_path / "own", GOOD)
    with pytest.raises(UsageError):
        read_template(tmp_path / "own" / name)


def test_a_template_among_many_files_is_refused(tmp_path: Path) -> None:
    """All files of the folder are read, so that a template on the desktop would read all of that."""
    path = written(tmp_path / "own", GOOD, **{f"n{number}": "x" for number in range(120)})
    with pytest.raises(UsageError, match="folder"):
        read_template(path)
