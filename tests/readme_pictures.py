"""The README's pictures, drawn from what the program does.

    python tests/readme_pictures.py

draws them anew into reports/pictures: the page of a plan in Chromium, a run on a terminal, and a printed slip. It needs
Linux, chromium and poppler. People, passcode and tenant are made up; what differs from run to run (times, the run's
name, the fingerprint, the passphrase, folders) is told as if the run had been in August 2035.
"""

from __future__ import annotations

import getpass
import io
import os
import platform
import re
import shutil
import subprocess
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from terminal_picture import Line, as_svg, lines_shown, text_of, with_text
from terminal_talk import talk
from whole_run import REPOSITORY, SAMPLES, SETTINGS_OF_THIS_MACHINE, Program, environment_of

from bulktap.model.secret import Secret
from bulktap.results.handout.rendering import render_group
from bulktap.results.handout.sheets_model import HandoutGroup, HandoutLook, Paper, Purpose, Slip, Style
from bulktap.simulator.embedded import EmbeddedSimulator
from bulktap.simulator.server import SimulatorOptions
from bulktap.simulator.tenant_file import load_tenant

PICTURES: Final = REPOSITORY / "reports" / "pictures"
RUN: Final = "2035-08-20T0715Z-students-3fa9"
COLUMNS: Final = 80
_ROSTER: Final = "students.xlsx"
_PROMPT: Final = "PS C:\\passes> "
_BAR: Final = re.compile(r"^(?P<label>[\w ,]+): 100% \|█*\| (?P<done>\d+)/(?P=done) \[.*\]$")
_PEOPLE: Final = (("Anna Berg", "anna.berg"), ("Mateo García López", "mateo.lopez"))
_ROWS_OF_SLIPS: Final = 4
_MADE_UP_CODE: Final = "Example1"
"""Says that it is none, and has the letters that are mistaken for others."""


def told_alike(text: str, folder: Path) -> str:
    """Return a text of a run with what differs from run to run as it was in August 2035.

    Args:
        text: what the program said or wrote.
        folder: where the run's reports folder is.
    """
    text = text.replace(str(folder), "C:\\passes")
    text = re.sub(r"\b\d{4}-\d\d-\d\dT\d{4}Z-students-[0-9a-f]{4}\b", RUN, text)
    text = re.sub(rf"C:\\passes/reports/{RUN}(/\S+)?", lambda found: found[0].replace("/", "\\"), text)
    text = re.sub(r"\b[0-9A-Z]{4}(-[0-9A-Z]{4}){5}-[0-9A-Z]{2}\b", "7Q2M-K4TV-9WXB-3HND-8RCE-5JZP-6A", text)
    text = re.sub(r"(?<=shown only now: )\S+$", "aaaaa-bbbbb-ccccc-ddddd", text, flags=re.MULTILINE)
    return text.replace(f"{getpass.getuser()}, on {platform.node()};", "ann.weil, on ADMIN-PC;")


def _program(folder: Path) -> Program:
    kept = {name: text for name, text in os.environ.items() if not name.startswith(SETTINGS_OF_THIS_MACHINE)}
    home = folder / "home"
    home.mkdir()
    kept |= {name: str(home) for name in ("HOME", "XDG_STATE_HOME", "XDG_CONFIG_HOME")}
    shutil.copy(SAMPLES / "student-onboarding.xlsx", folder / _ROSTER)
    return Program(folder, {**kept, "BULKTAP_TIMEZONE": "Europe/Berlin", "PYTHONPATH": str(REPOSITORY)})


def recorded_run(folder: Path) -> tuple[list[Line], str]:
    """Plan the sample roster, then carry the plan out on a terminal; return what it showed, and the plan's page.

    Raises:
        RuntimeError: the run did not end as it should.
    """
    program = _program(folder)
    with EmbeddedSimulator(load_tenant(SAMPLES / "tenant.json"), SimulatorOptions()) as service:
        connected = Program(folder, {**program.environment, **environment_of(service)})
        connected.from_cold("plan", _ROSTER, code=3)
        (page,) = folder.glob("reports/20*/plan.html")
        answers = [("[yes/no]", "yes"), ("Choose a passphrase", "")]
        code, written = talk(connected, ["apply", "latest"], answers, COLUMNS)
        if code != 3:
            raise RuntimeError(f"The run ended with exit code {code}:\n{written}")
        typed = _PROMPT + "bulktap apply latest\n"
        return [_alike(line, folder) for line in lines_shown(typed + written)], _page(page.read_text("utf-8"), folder)


def _alike(line: Line, folder: Path) -> Line:
    text = text_of(line)
    if bar := _BAR.match(text):
        told = f"{bar['label']}: 100% |", f"| {bar['done']}/{bar['done']} [00:01]"
        text = told[0] + "█" * (COLUMNS - 1 - len("".join(told))) + told[1]
    return with_text(line, told_alike(text, folder))


def _page(content: str, folder: Path) -> str:
    """Return the page of a plan as it was on the day when it was made."""
    told = told_alike(content, folder)
    told = re.sub(r'data-expires="[^"]*"', 'data-expires="2099-01-01T00:00:00+00:00"', told)
    today = datetime.now(UTC).date()
    for days in (0, 1):
        told = told.replace((today + timedelta(days=days)).isoformat(), f"2035-08-{20 + days}")
    return told


def slip_pdf() -> bytes:
    """Return the slips of two people who are made up, with codes that no run has issued."""
    starts = datetime(2035, 8, 27, 5, 30, tzinfo=UTC)
    slips = tuple(
        Slip(name, f"{user}@contoso.com", "7A", Secret(_MADE_UP_CODE), starts, starts + timedelta(hours=8), once=False)
        for name, user in _PEOPLE
    )
    look = HandoutLook(Style.SLIPS, Paper.A4, ("en",), None, None, ZoneInfo("Europe/Berlin"), "Room 014, ext. 117",
                       Purpose.SIGN_IN, organisation="Contoso School", reference="3fa9")  # fmt: skip
    return render_group(HandoutGroup("7A", "Ms Weil", slips), look)


def _draw_page(content: str, folder: Path) -> None:
    page, picture = folder / "plan.html", folder / "plan.png"
    page.write_text(content, "utf-8")
    options = ("--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--window-size=1000,1080")
    subprocess.run(
        ["chromium", *options, f"--user-data-dir={folder / 'chromium'}", f"--screenshot={picture}", page.as_uri()],
        check=True,
        capture_output=True,
    )
    _save(picture.read_bytes(), "plan-page.png")


def _draw_slip() -> None:
    drawn = subprocess.run(["pdftoppm", "-png", "-r", "110", "-"], input=slip_pdf(), check=True, capture_output=True)
    _save(drawn.stdout, "slip.png", first_row=True)


def _save(picture: bytes, name: str, *, first_row: bool = False) -> None:
    """Save a picture with as few colours as it needs; of a sheet of slips only the first row."""
    from PIL import Image, ImageChops

    image = Image.open(io.BytesIO(picture)).convert("RGB")
    if first_row:
        printed_on = ImageChops.difference(image, Image.new("RGB", image.size, "white")).getbbox()
        left, top, right, bottom = printed_on or (0, 0, *image.size)
        image = image.crop((left, top, right, top + (bottom - top) // _ROWS_OF_SLIPS + 1))
    image.quantize(64).save(PICTURES / name, optimize=True)


def main() -> None:
    """Draw all of them."""
    PICTURES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place).resolve()
        lines, page = recorded_run(folder)
        title = "A plan is carried out: bulktap apply latest"
        (PICTURES / "apply.svg").write_text(as_svg(lines, title, COLUMNS), "utf-8")
        _draw_page(page, folder)
    _draw_slip()


if __name__ == "__main__":
    main()
