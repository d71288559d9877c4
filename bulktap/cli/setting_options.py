"""What settings are called on the command line, in every sentence that leaves the program here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bulktap.model.setting_names import spelled

if TYPE_CHECKING:
    from bulktap.model.setting_names import Setting


def as_option(setting: Setting, value: str | None) -> str:
    """Spell a setting as an option: `--sheet "7A"`, `--header-row 4`."""
    option = f"--{setting.stem}"
    if value is None:
        return option
    return f'{option} "{value}"' if setting.is_free else f"{option} {value}"


def with_options(text: str) -> str:
    """Return a sentence in which settings are named by their options."""
    return spelled(text, as_option)
