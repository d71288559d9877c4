"""The parts of a workbook file: a checked copy for calamine, and which part holds which sheet.

The copy has the parts that are read, unpacked, under ordinary names, and nothing else: no pictures, no macros, no links
to other files. So what calamine reads is what was measured, whatever the original's directory claims.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple
from xml.parsers import expat

from bulktap.model.errors import RosterError
from bulktap.roster.files.archives import open_archive, part_names
from bulktap.roster.files.size_limits import MAX_TAGS, refuse_beyond, refuse_many
from bulktap.roster.formats.sheet_marks import shown_zeros
from bulktap.roster.formats.xlsx_references import (
    BeyondSheetError,
    DamagedSheetError,
    PlainSheet,
    Reach,
    plain_sheet,
    plain_texts,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

_NEEDED = re.compile(
    r"\[content_types\]\.xml|_rels/\.rels|mimetype|content\.xml|styles\.xml|meta-inf/manifest\.xml"
    r"|xl/(?:workbook|sharedstrings|styles)\.(?:xml|bin)|xl/_rels/workbook\.(?:xml|bin)\.rels"
    r"|xl/(?:worksheets|chartsheets|dialogsheets|macrosheets|tables)/.*\.(?:xml|bin|rels)"
)
_SPELLED = {
    "[content_types].xml": "[Content_Types].xml",
    "xl/sharedstrings.xml": "xl/sharedStrings.xml",
    "xl/sharedstrings.bin": "xl/sharedStrings.bin",
    "meta-inf/manifest.xml": "META-INF/manifest.xml",
}
_OPEN_DOCUMENT = "application/vnd.oasis.opendocument.spreadsheet"
_LAYOUT = re.compile(rb">[ \t\r\n]+(?=</?table:|<text:p[\s/>])")
"""Line breaks and indentation between cells of an open document, which mean nothing and calamine stumbles over."""


class _NoXmlError(ValueError):
    """A part is not XML, or has a document type, which no workbook needs."""


class Element(NamedTuple):
    """The start of an XML element; names are without prefixes, but for `id`, which relationships share."""

    parent: str
    name: str
    attributes: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Link:
    """A relationship of a part."""

    target: str
    """A part of the workbook by its name in small letters, or an outside address as it stands."""
    outside: bool


@dataclass(frozen=True)
class WorkbookCopy:
    """A workbook's parts, in memory."""

    file: io.BytesIO
    """A zip archive without compression."""
    names: Mapping[str, str] = field(default_factory=dict)
    """Part's name in small letters → as the copy spells it."""
    reaches: Mapping[str, Reach] = field(default_factory=dict)
    """The parts that hold a sheet's cells → what their references say about how far they lie apart."""

    def read(self, part: str) -> bytes:
        """Return the content of a part; empty if there is none."""
        if part not in self.names:
            return b""
        with zipfile.ZipFile(self.file) as archive:
            return archive.read(self.names[part])

    def links(self, part: str) -> dict[str, Link]:
        """Return the relationships of a part by their ids."""
        folder, _, name = part.rpartition("/")
        found: dict[str, Link] = {}
        for element in elements_of(self.read(f"{folder}/_rels/{name}.rels".lstrip("/"))):
            target = element.attributes.get("Target", "")
            outside = element.attributes.get("TargetMode") == "External"
            path = posixpath.normpath(posixpath.join("/" + folder, target.replace("\\", "/"))).lstrip("/").lower()
            found[element.attributes.get("Id", "")] = Link(target if outside else path, outside)
        return found

    @cached_property
    def sheets(self) -> dict[str, str]:
        """The parts of the sheets of an .xlsx file by the names on their tabs."""
        return dict(self.tabs)

    @cached_property
    def tabs(self) -> list[tuple[str, str]]:
        """The tabs of an .xlsx file in their order: what stands on each, and the part of its sheet."""
        links = self.links("xl/workbook.xml")
        return [
            (element.attributes.get("name", ""), links[link].target)
            for element in elements_of(self.read("xl/workbook.xml"))
            if element.name == "sheet" and (link := element.attributes.get(":id", "")) in links
        ]

    @cached_property
    def zero_styles(self) -> dict[int, int]:
        """Cell styles whose number format is nothing but zeros → how many digits it shows at least."""
        digits: dict[str, int] = {}
        styles: dict[int, int] = {}
        count = 0
        for element in elements_of(self.read("xl/styles.xml")):
            told = element.attributes
            if element.name == "numFmt":
                if (least := shown_zeros(told.get("formatCode", ""))) is not None:
                    digits[told.get("numFmtId", "")] = least
            elif element.name == "xf" and element.parent == "cellXfs":
                if (shown := digits.get(told.get("numFmtId", ""))) is not None:
                    styles[count] = shown
                count += 1
        return styles


def copy_parts(data: bytes, name: str) -> WorkbookCopy:
    """Return a copy of a workbook with nothing in it but what is read, its references written plainly.

    Raises:
        RosterError: the file is damaged, too large once it is unpacked, or has cells outside of any sheet.
    """
    buffer = io.BytesIO()
    names: dict[str, str] = {}
    reaches: dict[str, Reach] = {}
    with open_archive(data, name) as archive, zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as copy:
        for folded, original in part_names(archive).items():
            if _NEEDED.fullmatch(folded):
                names[folded] = _SPELLED.get(folded) or original.replace("\\", "/").lstrip("/")
                content = archive.read(original)
                if folded == "content.xml":
                    content = _LAYOUT.sub(b">", content)
                elif folded == "xl/sharedstrings.xml" or b"sheetData" in content:
                    content, reach = _plain_part(folded, content, name)
                    reaches |= {folded: reach} if b"sheetData" in content else {}
                elif (tags := content.count(b"<")) > MAX_TAGS and folded.endswith((".xml", ".rels")):
                    refuse_many(f"{name}, {posixpath.basename(folded)}", f"{tags:,} tags")
                copy.writestr(names[folded], content)
        if "content.xml" in names and "mimetype" not in names:  # without it calamine does not know the file
            copy.writestr("mimetype", _OPEN_DOCUMENT)
    return WorkbookCopy(buffer, names, reaches)


def _plain_part(part: str, content: bytes, name: str) -> PlainSheet:
    try:
        return plain_sheet(plain_texts(content) if part == "xl/sharedstrings.xml" else content)
    except BeyondSheetError as error:
        refuse_beyond(f"{name}, {posixpath.basename(part)}", str(error))
    except DamagedSheetError as error:
        message = f"{name} is not a complete workbook: its part {posixpath.basename(part)} cannot be read."
        raise RosterError(message, hint="Copy or download it again.") from error


def elements_of(xml: bytes) -> list[Element]:
    """Return every element of a small part in the order of their starts; none if the part is empty or damaged.

    Entities cannot be declared: a document type ends the reading.
    """
    found: list[Element] = []
    parents = [""]

    def start(name: str, attributes: dict[str, str]) -> None:
        local = name.rpartition(":")[2]
        found.append(Element(parents[-1], local, {_attribute(key): value for key, value in attributes.items()}))
        parents.append(local)

    def refuse(*_: object) -> None:
        raise _NoXmlError

    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    parser.EndElementHandler = lambda _: parents.pop()
    parser.StartDoctypeDeclHandler = refuse
    try:
        parser.Parse(xml, True)
    except (expat.ExpatError, _NoXmlError, LookupError, ValueError):  # also encodings that do not exist
        return []
    return found


def _attribute(key: str) -> str:
    prefix, colon, local = key.rpartition(":")
    return f":{local}" if colon and prefix != "xmlns" and local == "id" else local
