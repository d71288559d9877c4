"""Native charts beside the facts of a sheet: what is drawn, and where; XlsxWriter's objects come from `writing`.

A chart refers to the cells of its section, so that whoever corrects a number sees it drawn.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bulktap.results.sheets.cells import cell_text
from bulktap.results.sheets.layout import ChartKind, Tone

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bulktap.results.sheets.layout import FactSheet, Section

_WIDTH, _HEIGHT, _GAP = 460, 270, 16  # pixels, all three
_ACROSS = 2
_KINDS = {ChartKind.BARS: "bar", ChartKind.COLUMNS: "column"}


def add_charts(book: Any, worksheet: Any, sheet: FactSheet, places: Mapping[int, int]) -> bool:
    """Draw the sections that ask for it, two across on the right of the facts; return whether there are any.

    Args:
        book: XlsxWriter's workbook.
        worksheet: its sheet that holds the facts.
        sheet: the facts.
        places: the row of each section's first fact, by the section's position.
    """
    drawn = [number for number, section in enumerate(sheet.sections) if section.chart is not None and section.facts]
    for position, number in enumerate(drawn):
        chart = _chart(book, sheet.name, sheet.sections[number], places[number])
        down, across = divmod(position, _ACROSS)
        offsets = {"x_offset": across * (_WIDTH + _GAP), "y_offset": down * (_HEIGHT + _GAP)}
        # Text for those who do not see the chart; it moves with the cells but keeps its size.
        described = {"description": cell_text(_words(sheet.sections[number])), "object_position": 2}
        worksheet.insert_chart(2, 3, chart, offsets | described)
    return bool(drawn)


def _chart(book: Any, sheet_name: str, section: Section, first: int) -> Any:
    last = first + len(section.facts) - 1
    bars = section.chart is ChartKind.BARS
    chart = book.add_chart({"type": _KINDS[section.chart or ChartKind.BARS]})
    # The title too is the cell's: as text, XlsxWriter would take one that begins with = for a reference.
    heading = [sheet_name, first - 1, 0]
    chart.add_series({
        "name": heading,
        "categories": [sheet_name, first, 0, last, 0],
        "values": [sheet_name, first, 1, last, 1],
        "fill": {"color": Tone.OURS.value},
        "gap": 60,
        "data_labels": {"value": True, "num_format": "#,##0"},
    })  # fmt: skip
    chart.set_title({"name": heading, "overlay": False, "name_font": {"size": 12}})
    chart.set_legend({"none": True})
    kinds: dict[str, Any] = {"text_axis": True, "num_font": {"size": 9, "rotation": 0 if bars else -45}}
    counts: dict[str, Any] = {"visible": False, "major_gridlines": {"visible": False}, "min": 0}
    if bars:
        # XlsxWriter names a bar chart's axes by where they lie, and bars begin at the bottom unless turned round.
        chart.set_y_axis(kinds | {"reverse": True})
        chart.set_x_axis(counts)
    else:
        chart.set_x_axis(kinds)
        chart.set_y_axis(counts)
    chart.set_size({"width": _WIDTH, "height": _HEIGHT})
    return chart


def _words(section: Section) -> str:
    return f"{section.heading}: " + "; ".join(f"{label} {value}" for label, value in section.facts)
