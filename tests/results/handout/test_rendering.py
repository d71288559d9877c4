"""Sheets as they come out, read by a reader that is not ours."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import timedelta

import openpyxl
import pypdf
import pytest
from handout_sheets import NAMES, code, group, lines_of, look, needs_poppler, words_from_left

from bulktap.model.errors import UsageError
from bulktap.model.secret import Secret
from bulktap.results.handout.group_workbook import group_workbook
from bulktap.results.handout.label_sheets import LABEL_SHEETS, label_sheet
from bulktap.results.handout.languages import LANGUAGES, texts_of
from bulktap.results.handout.pdf_text import text_runs
from bulktap.results.handout.proof_reading import CODE_FONT, CODE_SIZE, proof_read
from bulktap.results.handout.rendering import render_covers, render_group
from bulktap.results.handout.sheets_model import HandoutGroup, Paper, Purpose, Style


def read(pdf: bytes) -> list[str]:
    """Return the text of each page by pypdf's own extraction, lines joined."""
    return [" ".join(page.extract_text().split()) for page in pypdf.PdfReader(io.BytesIO(pdf)).pages]


@pytest.mark.parametrize("style", Style)
@pytest.mark.parametrize("languages", [(code,) for code in LANGUAGES] + [("de", "ar"), ("ar", "en"), ("tr", "pl")])
def test_every_style_prints_every_code_below_its_name(style: Style, languages: tuple[str, ...]) -> None:
    """Names of two and sixty letters, markup and Arabic, in each language and in pairs of them."""
    people = group()
    pdf = render_group(people, look(style, languages=languages))
    proof_read(pdf, people.slips)
    text = "".join(read(pdf))
    assert all(slip.code.reveal() in text for slip in people.slips)


@pytest.mark.parametrize("style", Style)
@pytest.mark.parametrize("length", [4, 8, 12, 13, 24, 48])
@pytest.mark.parametrize("paper", Paper)
def test_codes_of_every_length_are_large_and_copied_without_gaps(style: Style, length: int, paper: Paper) -> None:
    """Groups of four are told apart by shade, so that a reader of PDFs finds no space in a code on one line."""
    people = group(NAMES[:3], length=length)
    pdf = render_group(people, look(style, paper=paper))
    proof_read(pdf, people.slips)
    runs = [run for page in text_runs(pdf) for run in page if run.font == CODE_FONT and run.size > 12]
    assert min(run.size for run in runs) >= CODE_SIZE
    if length <= 12:
        assert all(slip.code.reveal() in "".join(read(pdf)) for slip in people.slips)


@pytest.mark.parametrize(
    ("count", "languages", "length", "pages"),
    [(8, ("en",), 8, 1), (9, ("en",), 8, 2), (8, ("de",), 12, 1), (6, ("en", "tr"), 8, 1), (4, ("en", "fr"), 24, 1)],
)
@pytest.mark.parametrize("paper", Paper)
@pytest.mark.parametrize("purpose", Purpose)
def test_slips_are_eight_a_page_where_they_fit(
    count: int, languages: tuple[str, ...], length: int, pages: int, paper: Paper, purpose: Purpose
) -> None:
    """Longer codes and a second language take fewer slips a page rather than smaller print."""
    people = group(tuple(f"Anna Berg {code(3, n)}" for n in range(count)), length=length)
    assert len(read(render_group(people, look(languages=languages, paper=paper, purpose=purpose)))) <= pages + 1
    if purpose is Purpose.SIGN_IN and paper is Paper.A4:
        assert len(read(render_group(people, look(languages=languages)))) == pages


@pytest.mark.parametrize("once", [True, False])
def test_a_slip_tells_how_often_its_pass_works(once: bool) -> None:
    """A one-time pass that is tried twice is a call to the helpdesk."""
    text = read(render_group(group(NAMES[:1], once=once), look()))[0]
    assert ("Good for one sign-in only." in text) is once


REHEARSALS = {
    "en": "Rehearsal: this code opens nothing.",
    "de": "Probe: Dieser Code öffnet nichts.",
    "fr": "Essai : ce code n’ouvre rien.",
    "es": "Ensayo: este código no abre nada.",
    "nl": "Proef: deze code opent niets.",
    "pl": "Próba: ten kod niczego nie otwiera.",
    "tr": "Deneme: bu kod hiçbir şeyi açmaz.",
}


@pytest.mark.parametrize(
    ("language", "style"), [*((one, Style.SLIPS) for one in REHEARSALS), *(("en", one) for one in Style)]
)
@pytest.mark.parametrize("rehearsal", [True, False])
def test_what_is_printed_in_a_rehearsal_says_so(language: str, style: Style, rehearsal: bool) -> None:
    """A slip of a pretend tenant that is handed out in earnest keeps its owner out."""
    shown = look(style, languages=(language,), rehearsal=rehearsal)
    assert (REHEARSALS[language] in " ".join(read(render_group(group(NAMES[:1]), shown)))) is rehearsal
    said = str(texts_of(language).words["rehearsal"])
    assert (said in " ".join(read(render_covers([group(NAMES[:1])], shown)))) is rehearsal


@pytest.mark.parametrize("rehearsal", [True, False])
def test_a_workbook_of_a_rehearsal_says_so_beside_each_code(rehearsal: bool) -> None:
    """It is merged into letters, row by row."""
    people = group()
    book = group_workbook(people, look(rehearsal=rehearsal), people.slips[0].starts)
    headings, *rows = openpyxl.load_workbook(io.BytesIO(book))["Passes"].iter_rows(values_only=True)
    assert ("Note" in headings) is rehearsal
    assert all(("Rehearsal: this code opens nothing." in row) is rehearsal for row in rows)


@pytest.mark.parametrize(
    ("purpose", "told", "page"),
    [(Purpose.SIGN_IN, "passkey", "aka.ms/mysecurityinfo"), (Purpose.WINDOWS, "Set up for work or school", ""),
     (Purpose.PHONE, "Microsoft Authenticator", "aka.ms/authapp")],
)  # fmt: skip
@pytest.mark.parametrize("style", [Style.SLIPS, Style.LIST, Style.LETTER])
def test_sheets_tell_where_the_code_is_typed_in(style: Style, purpose: Purpose, told: str, page: str) -> None:
    """What happens depends on what the passes are for."""
    text = "".join(read(render_group(group(NAMES[:1]), look(style, purpose=purpose))))
    assert told in text
    assert page in text
    assert "Room 014, ext. 117" in text


@pytest.mark.parametrize(
    ("language", "parts", "told"),
    [
        ("de", (("", "Klasse"),), "ohne Klasse"),
        ("de", (("Nord", "Haus"), ("", "Klasse")), "Nord, ohne Klasse"),
        ("fr", (("", "Classe"),), "sans Classe"),
        ("es", (("", "Grupo"), ("B", "Aula")), "sin Grupo, B"),
        ("tr", (("", "Sınıf"),), "Sınıf yok"),
        ("en", (("", "{page}"),), "no {page}"),
        ("nl", (("7b", "Klas"),), "7b"),
        ("pl", (), "pupils"),
    ],
)
def test_people_without_a_group_are_named_in_the_language_of_the_sheet(
    language: str, parts: tuple[tuple[str, str], ...], told: str
) -> None:
    """On the list, on covers and on each slip; what the roster says stands as it is."""
    people = replace(group(NAMES[:1], group="pupils"), name="pupils", parts=parts)
    shown = look(Style.LIST, languages=(language,))
    for pdf in (render_group(people, look(languages=(language,))), render_group(people, shown)):
        assert told in " ".join(read(pdf))
    assert told in " ".join(read(render_covers([people], shown)))


@needs_poppler
@pytest.mark.parametrize("call", ["", "Room 014"])
@pytest.mark.parametrize("purpose", Purpose)
def test_a_dot_on_a_label_stands_between_two_things(call: str, purpose: Purpose) -> None:
    """One at the end of a line looks as if something were missing."""
    lines = lines_of(render_group(group(NAMES[:1]), look(Style.LABELS, call=call, purpose=purpose)))
    said = lines[next(number for number, line in enumerate(lines) if line.startswith("Works on")) :]
    assert [line for line in said if line.startswith("·") or line.endswith("·")] == []


def test_an_address_of_another_cloud_takes_the_place_of_the_usual_one() -> None:
    """National clouds have pages of their own."""
    text = read(render_group(group(NAMES[:1]), look(page="https://mysignins.microsoft.us/security-info")))[0]
    assert "mysignins.microsoft.us/security-info" in text
    assert "aka.ms" not in text


@pytest.mark.parametrize("style", [Style.SLIPS, Style.LIST, Style.LETTER])
@pytest.mark.parametrize("people", [1, 2, 8, 9, 30])
def test_the_qr_code_stands_in_the_file_once(style: Style, people: int) -> None:
    """Drawn on each slip, it would be most of the file."""
    reader = pypdf.PdfReader(io.BytesIO(render_group(group(tuple(f"Bo {n}" for n in range(people))), look(style))))
    pictures = [page["/Resources"].get("/XObject", {}) for page in reader.pages]
    assert len({picture.idnum for named in pictures for picture in named.values()}) == 1


@pytest.mark.parametrize("style", [Style.SLIPS, Style.LIST, Style.LETTER])
@pytest.mark.parametrize("length", [8, 12, 13, 24, 48])
@pytest.mark.parametrize(("languages", "purpose"), [(("en",), Purpose.SIGN_IN), (("en", "ar"), Purpose.PHONE)])
def test_a_sheet_that_speaks_of_a_qr_code_has_one(
    style: Style, length: int, languages: tuple[str, ...], purpose: Purpose
) -> None:
    """However long the code is, there is room for what step 1 says."""
    pdf = render_group(group(NAMES[:3], length=length), look(style, languages=languages, purpose=purpose))
    assert "QR code" in " ".join(read(pdf))
    pictures = [bool(page["/Resources"].get("/XObject")) for page in pypdf.PdfReader(io.BytesIO(pdf)).pages]
    assert pictures[0] if style is Style.LIST else all(pictures)  # a list says it once, on its first page
    proof_read(pdf, group(NAMES[:3], length=length).slips)


def test_an_address_never_carries_a_code() -> None:
    """A QR code that signs in by itself would be a key for whoever takes a photo."""
    people = group(NAMES[:1])
    with pytest.raises(UsageError):
        render_group(people, look(page=f"https://login.example/?code={people.slips[0].code.reveal()}"))


@pytest.mark.parametrize("languages", [("en",), ("ar",), ("de", "tr")])
def test_covers_name_everybody_and_hold_no_code(languages: tuple[str, ...]) -> None:
    """The sheet that is signed lies open on a desk."""
    groups = [group(), replace(group(), name="6a", unserved=())]
    text = "".join(read(render_covers(groups, look(languages=languages))))
    assert all(slip.code.reveal() not in text for people in groups for slip in people.slips)
    assert all(name in text for name in ("Grete Hoß", "Łukasz Żółć", "Jo", "Wei Chen", "Fr. Bäcker", "6a"))
    assert languages[0] == "ar" or texts_of(languages[0]).reasons["no_sign_in_name"] in text


@pytest.mark.parametrize("style", Style)
def test_a_person_without_a_name_or_a_group_gets_a_sheet_too(style: Style) -> None:
    """A roster may hold addresses only."""
    slips = tuple(replace(slip, name="", group="", row_label="") for slip in group(NAMES[:2]).slips)
    people = HandoutGroup("", "", slips)
    bare = look(style, call="", organisation="", reference="")
    proof_read(render_group(people, bare), slips)
    assert slips[0].code.reveal() not in "".join(read(render_covers([people], bare)))


@pytest.mark.parametrize("style", Style)
@pytest.mark.parametrize(
    "name",
    [
        "Maximiliana Hubertine von und zu Oberschmalzensteinuntergrubenhausen",
        "Ngozi Chukwuemekaonyekachukwubalogunadebayo Ikechukwu Nnamdi",
        "Anne Marie Louise de Rohanguémenémontbazonsoubiserochefort",
        "Papadopoulostheodorakopoulosalexandropoulos Alexis Dimitriou",
        "Siti binti Wwwwwwwwwwwwwwwwmmmmmmmmmmmmmmmwwwwwwww Aminah",
    ],
)
def test_a_long_name_is_broken_at_no_place_within_its_short_words(style: Style, name: str) -> None:
    """Only a word that is too long for a line by itself may be broken; a copy of the others has nothing in it."""
    pdf = render_group(group((name,)), look(style))
    text = "".join(run.text for page in text_runs(pdf) for run in page)
    short = [word for word in name.split() if len(word) < 12]
    assert [word for word in short if word not in text] == []


@pytest.mark.parametrize("style", Style)
@pytest.mark.parametrize("name", ["7-B", "10-2", "5/6 b", "2. Klasse", "A+ 1"])
def test_a_group_reads_the_same_on_a_sheet_from_right_to_left(style: Style, name: str) -> None:
    """On every sheet and cover, among Arabic too: its parts are not exchanged."""
    people = replace(group(("Mia O'Brien",), group=name), name=name)
    wanted = name.replace(" ", "")
    for pdf in (render_group(people, look(style, languages=("ar",))), render_covers([people], look(languages=("ar",)))):
        assert wanted in "".join(words_from_left(pdf)).replace(" ", "")


def test_the_same_group_is_the_same_file() -> None:
    """No clock and no chance is in it: what differs between two hand-outs is what they say."""
    assert render_group(group(), look()) == render_group(group(), look())


@pytest.mark.parametrize("paper", Paper)
def test_label_sheets_fit_on_their_paper(paper: Paper) -> None:
    """A label beyond the edge of the paper would not be printed."""
    width, height = (210, 297) if paper is Paper.A4 else (215.9, 279.4)
    for sheet in LABEL_SHEETS[paper]:
        assert 2 * sheet.left + sheet.columns * sheet.width + (sheet.columns - 1) * sheet.gap == pytest.approx(
            width, abs=0.6
        )
        assert 2 * sheet.top + sheet.rows * sheet.height == pytest.approx(height, abs=0.6)


@pytest.mark.parametrize(
    ("length", "languages", "name"),
    [(8, ("en",), "Avery L7163"), (12, ("en",), "Avery L7163"), (8, ("en", "de"), "Avery L7165"),
     (24, ("en",), "Avery L7165"), (48, ("en",), "Avery L7168"), (24, ("en", "ar"), "Avery L7168")],
)  # fmt: skip
def test_the_label_sheet_goes_by_the_codes_and_not_by_names(length: int, languages: tuple[str, ...], name: str) -> None:
    """All groups of a run are printed on the sheets that were bought for it."""
    assert label_sheet(group(length=length).slips, look(languages=languages)).name == name


def test_passes_of_several_times_are_each_told() -> None:
    """A list says the time once where it is one, and for each person where they differ."""
    people = group(NAMES[:2])
    later = replace(people.slips[1], starts=people.slips[1].starts + timedelta(days=1),
                    ends=people.slips[1].ends + timedelta(days=1), code=Secret("aaaabbbb"))  # fmt: skip
    text = "".join(read(render_group(replace(people, slips=(people.slips[0], later)), look(Style.LIST))))
    assert "Monday 31 August" in text
    assert "Tuesday 1 September" in text
