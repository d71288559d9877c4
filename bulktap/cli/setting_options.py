"""What settings and commands are called on the command line, in every sentence that leaves the program here."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from bulktap.model.setting_names import FLAGS, Command, Setting, spelled

if TYPE_CHECKING:
    from bulktap.model.setting_names import Named

VARIABLES = {
    Setting.AUTHORITY: ("BULKTAP_AUTHORITY_URL", "AZURE_AUTHORITY_HOST"),
    Setting.AUTHORITY_HOST: ("AZURE_AUTHORITY_HOST",),
    Setting.AUTHORITY_URL: ("BULKTAP_AUTHORITY_URL",),
    Setting.CA_BUNDLE: ("BULKTAP_CA_BUNDLE",),
    Setting.CERTIFICATE: ("AZURE_CLIENT_CERTIFICATE_PATH",),
    Setting.CERTIFICATE_PASSWORD: ("AZURE_CLIENT_CERTIFICATE_PASSWORD",),
    Setting.CLIENT_ID: ("AZURE_CLIENT_ID",),
    Setting.CLIENT_SECRET: ("AZURE_CLIENT_SECRET",),
    Setting.FEDERATED_TOKEN_FILE: ("AZURE_FEDERATED_TOKEN_FILE",),
    Setting.GRAPH_URL: ("BULKTAP_GRAPH_URL",),
    Setting.TENANT_ID: ("AZURE_TENANT_ID",),
}
"""Settings that are no option, with the variables that set them."""


def as_option(named: Named, value: str | None) -> str:
    """Spell a setting as an option, `--sheet "7A"`, `--header-row 4`, and a command as it is typed."""
    if isinstance(named, Command):
        return _as_typed(named, value)
    setting = named
    if setting in VARIABLES:
        return " or ".join(VARIABLES[setting])
    if setting is Setting.TENANT:
        return f"{VARIABLES[Setting.TENANT_ID][0]} (or --{setting.stem})"
    option = f"--{setting.stem}"
    if value is None or (setting in FLAGS and value == "yes"):
        return option
    return f'{option} "{value}"' if setting.is_free else f"{option} {value}"


def with_options(text: str) -> str:
    """Return a sentence in which settings are named by their options, and commands as they are typed."""
    return spelled(text, as_option)


def _as_typed(command: Command, folder: str | None) -> str:
    from bulktap.storage.run_folder import RunFolder, as_typed

    if folder is None:
        return f"`bulktap {command.value}`"
    about = f"--reports {as_typed(Path(folder))}" if command is Command.RUNS else RunFolder(Path(folder)).to_type
    return f"`bulktap {command.value} {about}`"
