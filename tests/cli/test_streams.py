from __future__ import annotations

import io
import json
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import bulktap
from bulktap.cli.console import Console, ScreenSettings
from bulktap.cli.streams import takes_every_letter

if TYPE_CHECKING:
    from whole_run import Program

NAMES = ("Zoë Müller", "Łukasz Żółć", "Ελένη", "張偉", "😀")
PAGES = ("cp1252", "cp437", "cp850", "cp932", "ascii")


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("stream", ["stdout", "stderr"])
def test_a_letter_that_a_code_page_lacks_is_replaced(page: str, stream: str) -> None:
    """By a question mark, in what any part of the program or a library writes."""
    code = (
        "import sys; from bulktap.cli.streams import replace_letters_that_are_missing as lenient\n"
        f"lenient(); print({NAMES!r}, file=sys.{stream})"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=Path(bulktap.__file__).parents[1],
        env={"PYTHONIOENCODING": page, "PYTHONUTF8": "0", "SYSTEMROOT": r"C:\windows"},
        capture_output=True,
        check=True,
    )

    written = (done.stdout if stream == "stdout" else done.stderr).decode(page)
    assert written.splitlines() == [str(NAMES).encode(page, "replace").decode(page)]


@pytest.mark.parametrize("page", [*PAGES, "utf-8", "utf-16"])
def test_a_json_object_loses_no_letter(page: str) -> None:
    """Where the code page lacks some, they are escaped, and a program reads them as they were."""
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, page)
    Console(ScreenSettings(as_json=True), out=stream).json({"names": NAMES})

    assert json.loads(raw.getvalue().decode(page)) == {"names": list(NAMES)}
    assert takes_every_letter(io.TextIOWrapper(io.BytesIO(), page)) is page.startswith("utf")


@pytest.mark.long
@pytest.mark.parametrize("page", PAGES)
def test_a_command_on_an_old_console_comes_to_its_end(program: Program, page: str) -> None:
    """A roster with names from everywhere, planned on a console of another place."""
    roster = program.cwd / "roster.csv"
    roster.write_text("User,Name\n" + "".join(f"a{n}@contoso.com,{name}\n" for n, name in enumerate(NAMES)), "utf-8")

    done = program.from_cold("plan", roster, "--simulate", code=None, PYTHONIOENCODING=page, PYTHONUTF8="0")

    assert done.code in {0, 3, 6}, done.err
    assert "Traceback" not in done.err
