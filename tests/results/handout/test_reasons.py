"""Why somebody has no slip, on covers and lists: every reason there is, in the language of the sheet."""

from __future__ import annotations

import io
import unicodedata
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pypdf
import pytest
from handout_sheets import group, look, words_from_left

from bulktap.dispatch.pass_states import PassState
from bulktap.model.outcomes import Issued
from bulktap.model.plan import Action
from bulktap.model.row_errors import RowErrorCode, Severity
from bulktap.model.run_events import Settled
from bulktap.operations.handout_groups import arrangement, groups_of
from bulktap.operations.handout_making import sheets_of
from bulktap.operations.handout_people import people_of
from bulktap.results.comparison import AsOf
from bulktap.results.handout.glyphs import missing_glyphs
from bulktap.results.handout.languages import LANGUAGES, texts_of
from bulktap.results.handout.reasons import NO_SLIP_BY_CODE, NO_SLIP_BY_RESULT, NoSlip
from bulktap.results.handout.rendering import render_covers, render_group
from bulktap.results.handout.sheets_model import GroupName, Style, Unserved
from bulktap.results.row_results import RowResult

if TYPE_CHECKING:
    from collections.abc import Iterable
    from types import ModuleType

    from bulktap.results.handout.sheets_model import HandoutGroup

FROM_LEFT = tuple(code for code in LANGUAGES if code != "ar")


def read(pdf: bytes) -> str:
    """Return the text of a PDF by pypdf's own extraction, on one line."""
    return " ".join(" ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages).split())


def sheet_with(reasons: Iterable[NoSlip]) -> HandoutGroup:
    """Return a group with one slip and somebody without one for each reason."""
    away = GroupName("no Class", (("", "Class"),))
    without = [
        Unserved(f"Ida Ott {number}", why, "", away if why is NoSlip.ELSEWHERE else None)
        for number, why in enumerate(reasons)
    ]
    return replace(group(("Eva Ende",)), unserved=tuple(without))


def sheets_for(build: ModuleType, *rows: Any, language: str = "de", by: tuple[str, ...] = ()) -> list[HandoutGroup]:
    """Return what is printed of these rows of a run in which nothing was sent yet."""
    plan = build.make_plan(*rows)
    people = people_of(build.run_view(plan, build.make_state(plan), AsOf(build.LATER)), {})
    return sheets_of(
        groups_of(people, {row.number for row in rows}, arrangement(plan, by, None, None), "all"), language
    )


@pytest.mark.parametrize("code", RowErrorCode)
def test_every_row_error_is_a_reason(code: RowErrorCode) -> None:
    """A new code without one would be a hand-out that fails."""
    assert NO_SLIP_BY_CODE[code] in NoSlip


def test_every_result_without_a_pass_is_a_reason_and_every_reason_can_be_given() -> None:
    """Nothing is translated that never stands anywhere."""
    assert set(NO_SLIP_BY_RESULT) == {result for result in RowResult if not result.has_pass}
    of_passes = {NoSlip.UNREADABLE, NoSlip.WITHDRAWN, NoSlip.REPLACED, NoSlip.USED, NoSlip.OVER, NoSlip.DOES_NOT_WORK}
    assert {*NO_SLIP_BY_CODE.values(), *NO_SLIP_BY_RESULT.values(), *of_passes, NoSlip.ELSEWHERE} == set(NoSlip)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_every_reason_in_words_of_its_own(language: str) -> None:
    """A short one, different from all others and from that of every other language."""
    reasons = texts_of(language).reasons
    assert set(reasons) == {why.value for why in NoSlip}
    assert len(set(reasons.values())) == len(NoSlip)
    assert max(map(len, reasons.values())) <= 60
    assert [key for key, text in reasons.items() if "{" in text] == ["elsewhere"]
    others = {text for other in LANGUAGES if other != language for text in texts_of(other).reasons.values()}
    assert not others & set(reasons.values())


@pytest.mark.parametrize("language", FROM_LEFT)
def test_covers_and_lists_give_every_reason_in_their_language(language: str) -> None:
    """As the typeset file reads again."""
    people, shown = sheet_with(NoSlip), look(Style.LIST, languages=(language,))
    texts = texts_of(language)
    elsewhere = str(texts.words["no_group"]).replace("{heading}", "Class")
    for pdf in (render_covers([people], shown), render_group(people, shown)):
        said = "".join(letter for letter in read(pdf) if unicodedata.category(letter) != "Cf")
        wanted = [text.replace("{group}", elsewhere) for text in texts.reasons.values()]
        assert [text for text in wanted if " ".join(text.split()) not in said] == []


@pytest.mark.parametrize("style", [None, Style.LIST])
def test_reasons_from_right_to_left_are_typeset(style: Style | None) -> None:
    """All of them, without an empty box; a reader of PDFs keeps the letters of a line, and not always their order."""
    people, shown = sheet_with(NoSlip), look(style or Style.SLIPS, languages=("ar",))
    assert missing_glyphs([people], shown) == ()
    pdf = render_covers([people], shown) if style is None else render_group(people, shown)
    lines = [
        letters(line) for page in pypdf.PdfReader(io.BytesIO(pdf)).pages for line in page.extract_text().split("\n")
    ]
    for text in texts_of("ar").reasons.values():
        assert any(letters(text.replace("{group}", "")) <= line for line in lines), text


@pytest.mark.parametrize("name", ["7-B", "10-2", "5/6 b", "2. Klasse", "A+ 1"])
def test_the_group_where_a_slip_is_reads_the_same_from_right_to_left(name: str) -> None:
    """Its parts are not exchanged."""
    away = Unserved("Bo Lee", NoSlip.ELSEWHERE, "", GroupName(name))
    pdf = render_covers([replace(group(("Eva Ende",)), unserved=(away,))], look(languages=("ar",)))
    assert name.replace(" ", "") in "".join(words_from_left(pdf)).replace(" ", "")


def letters(text: str) -> Counter[str]:
    """Return the letters of a text as they are typed, without marks."""
    return Counter(one for one in unicodedata.normalize("NFKC", text) if unicodedata.category(one) == "Lo")


@pytest.mark.parametrize(
    ("code", "language", "told"),
    [
        (RowErrorCode.USER_MALFORMED, "de", "Der Anmeldename ist ungültig"),
        (RowErrorCode.USER_NOT_FOUND, "fr", "Ce compte n’existe pas"),
        (RowErrorCode.CELL_ERROR, "es", "Un dato de la lista es erróneo"),
        (RowErrorCode.DIFFERENT_PEOPLE, "nl", "Gegevens in de lijst spreken elkaar tegen"),
        (RowErrorCode.NEVER_LISTED, "pl", "Kod nie przysługuje"),
        (RowErrorCode.USER_EXTERNAL_GUEST, "tr", "Başka bir kuruluşun konuğu"),
        (RowErrorCode.LIFETIME_OUTSIDE_POLICY, "en", "An entry in the list is wrong"),
    ],
)
def test_who_is_refused_reads_why_in_the_language_of_the_cover(
    build: ModuleType, code: RowErrorCode, language: str, told: str
) -> None:
    """From the row error to the sheet that is signed."""
    row = build.plan_row(1, "ann", action=Action.REFUSE, problems=(build.fault(code),))
    sheets = sheets_for(build, row, language=language)
    assert told in read(render_covers(sheets, look(languages=(language, "ar"))))


@pytest.mark.parametrize("how", PassState)
def test_whatever_a_revocation_found_of_a_pass_is_a_reason(build: ModuleType, how: PassState) -> None:
    """Of a code that is over none is printed."""
    plan = build.make_plan(build.plan_row(1, "ann"))
    state = build.make_state(plan, build.sent(1), Settled(1, Issued(build.issued_pass(1))))
    (person,) = people_of(build.run_view(plan, state, AsOf(build.LATER)), {"pass-1": how.value})
    of_passes = {NoSlip.WITHDRAWN, NoSlip.REPLACED, NoSlip.USED, NoSlip.OVER, NoSlip.DOES_NOT_WORK}
    assert person.held is None
    assert person.why in of_passes


@pytest.mark.parametrize("before", [RowErrorCode.USER_DISABLED, RowErrorCode.NOT_IN_SCOPE, RowErrorCode.START_PASSED])
def test_who_was_passed_by_for_a_pass_is_not_called_blocked_by_a_warning(
    build: ModuleType, before: RowErrorCode
) -> None:
    """The reason is what the plan skipped the row for, not what else it says of it."""
    problems = [replace(build.fault(code), severity=Severity.WARNING) for code in (before, RowErrorCode.HAS_LIVE_PASS)]
    plan = build.make_plan(build.plan_row(1, "ann", action=Action.SKIP, problems=tuple(problems)))
    (person,) = people_of(build.run_view(plan, build.make_state(plan), AsOf(build.LATER)), {})
    assert (person.why, person.reason) == (NoSlip.HAS_CODE, "Has a pass that works")


@pytest.mark.parametrize(
    ("language", "named"), [("de", "Zeile 2"), ("fr", "Ligne 2"), ("es", "Fila 2"), ("pl", "Wiersz 2"), ("en", "Row 2")]
)
def test_somebody_without_any_name_is_named_by_the_row(build: ModuleType, language: str, named: str) -> None:
    """In the language of the sheet; the screen is English."""
    row = build.plan_row(1, "", action=Action.REFUSE, problems=(build.fault(RowErrorCode.USER_MISSING),))
    row = replace(row, request=None, upn=None, display_name=None)
    plan = build.make_plan(replace(row, source=replace(row.source, cells=tuple(None for _ in row.source.cells))))
    (person,) = people_of(build.run_view(plan, build.make_state(plan), AsOf(build.LATER)), {})
    (sheet,) = sheets_for(build, *plan.rows, language=language)
    assert person.name == "Row 2"
    assert sheet.unserved[0].name == named
