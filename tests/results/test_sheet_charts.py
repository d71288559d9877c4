"""Charts beside the facts of a sheet."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import UTC, datetime

import openpyxl

from bulktap.results.sheets import ChartKind, FactSheet, Section, workbook_bytes

CREATED = datetime(2035, 8, 30, 14, 0, tzinfo=UTC)


def book(*sections: Section) -> bytes:
    """Return a workbook with one sheet of these sections."""
    return workbook_bytes([FactSheet("It's here", "Title", sections)], title="T", created=CREATED)


def charts(data: bytes) -> list[str]:
    """Return the charts of a workbook as XML."""
    archive = zipfile.ZipFile(io.BytesIO(data))
    return [archive.read(name).decode() for name in sorted(archive.namelist()) if name.startswith("xl/charts/chart")]


def test_a_section_is_drawn_from_its_cells() -> None:
    """The chart is native and points at the section's labels and values, wherever they stand."""
    data = book(Section("Plain", [("a", 1)]), Section("Drawn", [("x", 3), ("y", 5)], ChartKind.BARS))
    sheet = openpyxl.load_workbook(io.BytesIO(data)).active
    (chart,) = charts(data)

    place = "'It''s here'!"
    assert set(re.findall(r"<c:f>(.*?)</c:f>", chart)) == {place + "$A$6", place + "$A$7:$A$8", place + "$B$7:$B$8"}
    assert sheet is not None
    assert [cell.value for row in sheet["A6:B8"] for cell in row] == ["Drawn", None, "x", 3, "y", 5]
    assert '<c:barDir val="bar"/>' in chart


def test_columns_and_bars_are_told_apart() -> None:
    """What follows in time stands side by side."""
    (chart,) = charts(book(Section("Drawn", [("x", 3)], ChartKind.COLUMNS)))

    assert '<c:barDir val="col"/>' in chart


def test_nothing_to_draw_is_not_drawn() -> None:
    """A section without facts, or that does not ask, makes no chart."""
    assert charts(book(Section("Empty", [], ChartKind.BARS), Section("Plain", [("a", 1)]))) == []


def test_a_heading_that_looks_like_a_formula_is_text() -> None:
    """A chart's title is taken from the roster at times; it refers to no cell and breaks no XML."""
    for heading in ("=Sheet!$A$1", "<b>&", "bell\x07"):
        data = book(Section(heading, [("=1+1", 3)], ChartKind.BARS))

        assert set(re.findall(r"<c:f>'It''s here'!(.*?)</c:f>", charts(data)[0])) == {"$A$3", "$A$4", "$B$4"}
        assert openpyxl.load_workbook(io.BytesIO(data)).worksheets[0]["A3"].data_type == "s"


def test_a_chart_says_in_words_what_it_shows() -> None:
    """The drawing has a description for those who do not see it."""
    data = book(Section("Passes", [("x", 3), ("y", 5)], ChartKind.BARS))

    assert 'descr="Passes: x 3; y 5"' in zipfile.ZipFile(io.BytesIO(data)).read("xl/drawings/drawing1.xml").decode()
