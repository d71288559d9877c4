"""What a hand-out is made of: the people of a group with their passes, and how the sheets are to look."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from bulktap.model.secret import Secret
    from bulktap.results.handout.reasons import NoSlip


class Style(StrEnum):
    """How passes are put on paper."""

    SLIPS = "slips"
    """Eight slips a page to cut apart; fewer where a code or two languages need the room."""
    LIST = "list"
    """One list of the group, with a line to sign for each person."""
    LETTER = "letter"
    """One page a person."""
    LABELS = "labels"
    """Adhesive labels on a standard sheet, see `label_sheets.LABEL_SHEETS`."""


class Paper(StrEnum):
    """The size of a sheet."""

    A4 = "A4"
    LETTER = "Letter"


class Purpose(StrEnum):
    """What the passes are for; it decides where people type the code, and what happens then."""

    SIGN_IN = "sign-in"
    """The first sign-in in a browser, where a passkey is registered."""
    WINDOWS = "windows"
    """The first start of a Windows device."""
    PHONE = "phone"
    """Setting up Microsoft Authenticator on a phone."""


@dataclass(frozen=True, slots=True)
class Slip:
    """One person's pass as it is handed out."""

    name: str
    sign_in_name: str
    group: str
    code: Secret
    starts: datetime
    """Aware; the first moment at which the pass works."""
    ends: datetime
    once: bool
    """True if the pass works for one sign-in only."""
    row_label: str = ""
    """Where the person stands in the roster, printed small: "28"."""
    listed_as: str = ""
    """The name on lists without codes, with more where two people have the same; empty if it is the name alone."""


@dataclass(frozen=True, slots=True)
class GroupName:
    """What a group is called, in whichever language."""

    name: str
    """In English, where it is not the roster's own text."""
    parts: tuple[tuple[str, str], ...] = ()
    """What the name is made of: a text of the roster, or nothing, and its heading; empty if it is no such name."""


@dataclass(frozen=True, slots=True)
class Unserved:
    """Somebody who is asked for and has no slip here."""

    name: str
    why: NoSlip
    """What sheets say, each in its language."""
    detail: str
    """The same in English, with particulars, for the screen and for workbooks."""
    elsewhere: GroupName | None = None
    """The group with which the slip is, where there is one."""


@dataclass(frozen=True, slots=True)
class HandoutGroup:
    """The people whose slips one person hands out."""

    name: str
    handed_to: str
    slips: tuple[Slip, ...]
    unserved: tuple[Unserved, ...] = ()
    """Who gets no pass, and why."""
    parts: tuple[tuple[str, str], ...] = ()
    """As in `GroupName`."""

    @property
    def called(self) -> GroupName:
        """What the group is called."""
        return GroupName(self.name, self.parts)


@dataclass(frozen=True, slots=True)
class OwnTemplate:
    """A layout of the user's own, read into memory by `own_template.read_template`."""

    main: str
    """The name of the file that is typeset."""
    files: Mapping[str, bytes] = field(repr=False)
    """That file and every other text beside it, by relative path with slashes."""
    folder: str
    """Where they were; its pictures are read from there, and nothing that is elsewhere."""
    fonts: tuple[str, ...] = ()
    """Folders with fonts of the template."""


@dataclass(frozen=True, slots=True)
class HandoutLook:
    """How the sheets of a hand-out look and what they say beside names and codes."""

    style: Style
    paper: Paper
    languages: tuple[str, ...]
    """One or two codes of `texts.LANGUAGES`."""
    logo: bytes | None
    """A PNG, JPEG or SVG picture, checked by `logos.check_logo`."""
    template: OwnTemplate | None
    zone: ZoneInfo
    """The zone in which dates and times are printed."""
    call: str
    """Whom to call when a code does not work; empty if nobody is named."""
    purpose: Purpose
    organisation: str = ""
    """The school or company, as a heading of lists, letters and covers."""
    reference: str = ""
    """A short name of the run, printed small for the helpdesk: "a3f9"."""
    page: str | None = None
    """The address at which the code is typed in, where it is not the one of `purpose_pages`."""
    rehearsal: bool = False
    """True if the passes are of a pretend tenant and open nothing."""
