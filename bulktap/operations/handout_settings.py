"""What a hand-out is asked to be: who, by what, in which form; and what of it would have no effect."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from bulktap.model.errors import UsageError
from bulktap.model.setting_names import Setting
from bulktap.results.handout.logos import MOST_BYTES, check_logo
from bulktap.results.handout.own_template import read_template
from bulktap.results.handout.purpose_pages import page_in_cloud
from bulktap.results.handout.sheets_model import HandoutLook, Paper, Purpose, Style

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from bulktap.model.plan import Plan
    from bulktap.results.handout.sheets_model import OwnTemplate


@dataclass(frozen=True, slots=True)
class HandOutSettings:
    """What is handed out, to whom, and how it looks."""

    reports: Path
    by: tuple[str, ...] = ()
    """Headings of the columns that make a group; none takes the plan's group."""
    to: str | None = None
    """Heading of the column that names who hands out."""
    sort: str | None = None
    """Heading of the column by which the people of a group stand; None for the roster's order."""
    only: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    style: Style = Style.SLIPS
    as_workbooks: bool = False
    """Workbooks in the place of sheets to print."""
    paper: Paper = Paper.A4
    languages: tuple[str, ...] = ("en",)
    seal_alike: bool = False
    """Everything opens with the run's passphrase, instead of each file with words of its own."""
    logo: Path | None = None
    template: Path | None = None
    call: str = ""
    """Whom to call when a code does not work."""
    purpose: Purpose = Purpose.SIGN_IN
    asked: Mapping[str, str] = field(default_factory=dict)
    """The settings that this very command or call asks for, and how it writes them."""

    def require_sense(self) -> None:
        """Refuse what would have no effect.

        Raises:
            UsageError: something would not.
        """
        clashes = (
            (Setting.STYLE, Setting.FORMAT, self.as_workbooks and "style" in self.asked),
            (Setting.TEMPLATE, Setting.FORMAT, self.as_workbooks and self.template is not None),
            (Setting.STYLE, Setting.TEMPLATE, self.template is not None and "style" in self.asked),
        )
        for one, other, clash in clashes:
            if clash:
                instead = other.to("xlsx") if other is Setting.FORMAT else str(other)
                raise UsageError(f"{one} has no effect beside {instead}.", hint="Leave one of the two out.")


@dataclass(frozen=True, slots=True)
class LookFiles:
    """What the sheets take from files, read before anything else is done."""

    logo: bytes | None
    template: OwnTemplate | None

    def look(self, settings: HandOutSettings, plan: Plan) -> HandoutLook:
        """Return how the sheets of a run look."""
        return HandoutLook(
            style=settings.style,
            paper=settings.paper,
            languages=settings.languages,
            logo=self.logo,
            template=self.template,
            zone=ZoneInfo(plan.settings.timezone),
            call=settings.call,
            purpose=settings.purpose,
            organisation=plan.tenant.name or "",
            reference=plan.run.rpartition("-")[2],
            rehearsal=plan.tenant.simulated,
            page=page_in_cloud(settings.purpose, plan.tenant.cloud),
        )


def look_files(settings: HandOutSettings) -> LookFiles:
    """Read the logo and the template.

    Raises:
        UsageError: one of them cannot be read, or is not what it should be.
    """
    logo = None if settings.logo is None else _picture(settings.logo)
    return LookFiles(logo, None if settings.template is None else read_template(settings.template))


def _picture(path: Path) -> bytes:
    try:
        # A byte more than there may be, so that a device or a film is not read to its end.
        with path.open("rb") as file:
            picture = file.read(MOST_BYTES + 1)
    except OSError as trouble:
        raise UsageError(f"The logo {path} cannot be read: {trouble.strerror}.", hint="Check its path.") from None
    check_logo(picture, path.name)
    return picture
