"""Names, groups and sentences longer than the room they have: nothing is cut, and nothing stands on another."""

from __future__ import annotations

import re
import subprocess
from dataclasses import replace
from datetime import timedelta

import pytest
from handout_sheets import group, lines_of, look, needs_poppler

from bulktap.model.errors import UsageError
from bulktap.model.setting_names import Setting
from bulktap.results.handout.label_sheets import label_sheet
from bulktap.results.handout.pdf_text import text_runs
from bulktap.results.handout.proof_reading import proof_read
from bulktap.results.handout.rendering import render_group
from bulktap.results.handout.sheets_model import HandoutGroup, Paper, Purpose, Style

LONG_NAME = "Maximilian Alexander Ferdinand von und zu Hohenlohe-Langenburg-Schillingsfürst"
LONG_ADDRESS = "maria-jose.garcia-lopez-fernandez-rodriguez.de-la-torre-martinez@students.escuela-contoso.com"
LONG_GROUP = "Klasse 7B – Naturwissenschaften und Technik, Gruppe 2 (Nachmittag)"
LONG_CALL = "Sekretariat im Hauptgebäude, Raum 014, Telefon 0123 456789, montags bis freitags von 7:30 bis 15:30 Uhr"
_WORD = re.compile(r'<word xMin="[\d.]+" yMin="[\d.]+" xMax="(?P<right>[\d.]+)" yMax="(?P<bottom>[\d.]+)">')
_POINTS_A_MILLIMETRE = 72 / 25.4


def long_people(name: str, *, length: int = 8, of_group: str = LONG_GROUP, address: str = LONG_ADDRESS) -> HandoutGroup:
    """Return one person of whom everything is long, for a pass that works for a month."""
    people = group((name,), length=length, group=of_group, sign_in_name=address, once=False)
    (slip,) = people.slips
    return replace(people, name=of_group, slips=(replace(slip, ends=slip.starts + timedelta(days=30)),))


def far_ends(pdf: bytes) -> tuple[float, float]:
    """Return how far right and down the words of the first page reach, in points, as poppler has it."""
    done = subprocess.run(["pdftotext", "-l", "1", "-bbox", "-", "-"], input=pdf, capture_output=True, check=True)
    words = list(_WORD.finditer(done.stdout.decode()))
    return max(float(word["right"]) for word in words), max(float(word["bottom"]) for word in words)


@pytest.mark.parametrize(
    ("style", "language"), [*((style, "pl") for style in Style), (Style.SLIPS, "es"), (Style.SLIPS, "ar")]
)
@pytest.mark.parametrize(
    "name",
    [
        LONG_NAME,
        "Karolina-Małgorzata Brzęczyszczykiewicz-Kowalska-Nowakowska-Wiśniewska",
        "María-José García-López-Fernández-Rodríguez de-la-Torre-Martínez",
        "Anne-Marie-Charlotte-Louise-Élisabeth de La Rochefoucauld-Montbel",
        "Ana-Lucía",
    ],
)
def test_a_hyphen_at_which_a_line_ends_is_printed_once(style: Style, language: str, name: str) -> None:
    """Some languages repeat it on the next line, which in a sign-in name would be typed in."""
    people = long_people(name)
    pdf = render_group(people, look(style, languages=(language,)))
    proof_read(pdf, people.slips)
    text = "".join(run.text for page in text_runs(pdf) for run in page)
    assert "--" not in text


@needs_poppler
@pytest.mark.parametrize(
    "address",
    [
        "someone.with.a.very.long.name.indeed@students.municipal-schools.contoso.com",
        "x@a-very-long-name-of-a-department-and-of-its-school.students.contoso.com",
        "firstname_middlename_lastname_2011@mittelstufe.gymnasium-musterstadt.com",
        "a-b-c-d-e-f-g-h-i-j-k-l-m-n-o-p-q-r-s-t-u-v-w-x-y-z-0-1-2-3@students.contoso.com",
        "anna.maria.theresia@campus-north.first-school.district-nine.education.example",
    ],
)
def test_a_long_address_is_broken_between_its_parts(address: str) -> None:
    """A part that stands on one line is copied as one."""
    pdf = render_group(long_people("Anna Berg", address=address), look())
    shown = lines_of(pdf)
    assert all(any(part in one for one in shown) for part in re.split(r"[-._@]", address))


@needs_poppler
@pytest.mark.parametrize("languages", [("nl",), ("pl", "fr"), ("ar",)])
@pytest.mark.parametrize("paper", Paper)
@pytest.mark.parametrize(
    ("name", "length"), [("Li", 8), (LONG_NAME, 8), (LONG_NAME, 12), ("Ng " * 40 + "Li", 8), (LONG_NAME, 48)]
)
def test_what_stands_on_a_label_stays_on_it(languages: tuple[str, ...], paper: Paper, name: str, length: int) -> None:
    """What runs over stands on the label of somebody else."""
    people = long_people(name, length=length)
    shown = look(Style.LABELS, languages=languages, paper=paper, call=LONG_CALL)
    sheet = label_sheet(people.slips, shown)
    pdf = render_group(people, shown)
    proof_read(pdf, people.slips)
    _, bottom = far_ends(pdf)
    assert bottom <= (sheet.top + sheet.height) * _POINTS_A_MILLIMETRE


@pytest.mark.parametrize("languages", [("de",), ("ar", "pl"), ("fr", "es"), ("tr",), ("nl", "en")])
@pytest.mark.parametrize("length", [8, 24, 48])
@pytest.mark.parametrize("name", ["Li", LONG_NAME])
def test_a_letter_is_one_page(languages: tuple[str, ...], length: int, name: str) -> None:
    """A second page has no name on it, and is laid to somebody else's letter."""
    people = long_people(name, length=length)
    pdf = render_group(people, look(Style.LETTER, languages=languages, call=LONG_CALL, purpose=Purpose.PHONE))
    proof_read(pdf, people.slips)
    assert len(list(text_runs(pdf))) == 1


@needs_poppler
@pytest.mark.parametrize("of_group", ["Remarks " * 60, "x" * 300, "a.b" * 100, "مجموعة " * 50, "一" * 200])
@pytest.mark.parametrize("style", Style)
def test_a_group_of_many_words_leaves_room_for_the_code(style: Style, of_group: str) -> None:
    """Any column may be what people are put together by, one of remarks too."""
    people = long_people("Anna Berg", of_group=of_group.strip())
    pdf = render_group(people, look(style))
    proof_read(pdf, people.slips)
    assert far_ends(pdf)[1] < (297 - 3) * _POINTS_A_MILLIMETRE


@pytest.mark.parametrize("letters", ["Wort ", "x", "van der ", "أحمد ", "王"])
def test_what_has_no_room_is_refused_in_words(letters: str) -> None:
    """A label with a part of a name would be one of half a name, and the rest would stand on another."""
    with pytest.raises(UsageError) as caught:
        render_group(long_people((letters * 2000)[:2000].strip()), look(Style.LABELS))
    assert "no room" in str(caught.value)
    assert str(Setting.STYLE) in caught.value.hint
