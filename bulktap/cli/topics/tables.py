"""The tables of help topics, each made of what the program itself goes by."""

from __future__ import annotations

import inspect
import re
import textwrap
from itertools import groupby
from typing import TYPE_CHECKING, Any, Final

from bulktap.model.exit_codes import ExitCode

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from bulktap.settings.declaration import Declaration

WIDTH: Final = 80
_INDENT: Final = 2
_WIDEST: Final = 22
"""Columns of a name beside which its meaning stands; that of a longer one stands below it."""

SECRETS: Mapping[str, str] = {
    "AZURE_CLIENT_SECRET": "The app's client secret.",
    "AZURE_CLIENT_CERTIFICATE_PASSWORD": "Opens the certificate's file.",
    "ACTIONS_ID_TOKEN_REQUEST_TOKEN": "Set by GitHub Actions for a job with `id-token: write`.",
    "BULKTAP_PASSPHRASE": "The passphrase of the run.",
    "BULKTAP_NEW_PASSPHRASE": "What --new-passphrase sets.",
    "BULKTAP_WORKBOOK_PASSPHRASE": "Encrypts the workbook, where it is to be another than the run's.",
}
"""Variables that hold a secret."""
SHARED: Mapping[str, str] = {
    "HTTPS_PROXY": "Address of the proxy; ALL_PROXY counts where it is not set. A user and a password may stand in it.",
    "NO_PROXY": "Hosts that are reached without the proxy.",
    "REQUESTS_CA_BUNDLE": "Certificate authorities to trust, unless BULKTAP_CA_BUNDLE names some.",
    "CURL_CA_BUNDLE": "Likewise, unless REQUESTS_CA_BUNDLE is set.",
    "SSL_CERT_FILE": "Authorities to trust beside those of the system.",
    "GITHUB_ACTIONS": "Set by GitHub Actions: what its jobs need is told.",
    "ACTIONS_ID_TOKEN_REQUEST_URL": "Set by GitHub Actions: where a job gets its federated token.",
    "NO_COLOR": "No colours.",
    "FORCE_COLOR": "Colours, even where no terminal is seen.",
    "TERM": "`dumb`: no colours, and no line that is drawn over.",
    "LC_ALL": "Your language and country, where --language or --paper is not given (then LC_PAPER, LANG).",
    "APPDATA": "Windows: your own bulktap.toml and never.txt are in its folder bulktap.",
    "LOCALAPPDATA": "Windows: what bulktap itself keeps for you is in its folder bulktap.",
    "XDG_CONFIG_HOME": "Linux: in place of ~/.config, for your own bulktap.toml and never.txt.",
    "XDG_STATE_HOME": "Linux: in place of ~/.local/state, for what bulktap itself keeps for you.",
}
"""Variables that other programs read too."""


def exit_codes() -> str:
    """Return the exit codes with their meanings."""
    return definitions((str(code.value), code.meaning) for code in ExitCode)


def error_codes() -> str:
    """Return the codes of what stops a command, below their exit codes."""
    from bulktap.cli.topics.stops import stop_classes

    told = sorted({(one.exit_code, one.code, inspect.getdoc(one) or "") for one in stop_classes().values()})
    return "\n\n".join(
        f"{' ' * _INDENT}{code.value}\n" + definitions(((name, text) for _, name, text in same), 2 * _INDENT)
        for code, same in groupby(told, key=lambda one: one[0])
    )


def secret_variables() -> str:
    """Return the variables that hold a secret."""
    return definitions(SECRETS.items())


def setting_variables() -> str:
    """Return the variables of settings, by name."""
    told: dict[str, str] = {}
    for one in declared():
        for variable in (name for name in one.variables if name not in SECRETS):
            # That it is read from the variable goes without saying here.
            told.setdefault(variable, re.sub(r" \(default: [A-Z_]+\)", "", one.help))
        if one.opposite:
            told.setdefault("BULKTAP_" + one.opposite.replace("-", "_").upper(), f"The opposite of --{one.name}.")
    return definitions(sorted(told.items()))


def declared() -> list[Declaration[Any]]:
    """Return every setting that is declared; those of the program before those of the pretend tenant."""
    from bulktap.settings.every_declaration import every_declaration

    return every_declaration()


def shared_variables() -> str:
    """Return the variables that other programs read too."""
    return definitions(SHARED.items())


def sign_in_numbers() -> str:
    """Return the numbers of the sign-in service with what they mean, and what to do."""
    from bulktap.cli.setting_options import with_options
    from bulktap.graph.sign_in.sign_in_errors import explained_numbers

    return "\n\n".join(
        entry(f"AADSTS{number}", with_options(message) + ".", with_options(hint))
        for number, (message, hint) in sorted(explained_numbers().items())
    )


def row_problems() -> str:
    """Return what can be wrong with a row, and how to put it right, by code."""
    from bulktap.cli.topics import row_problems as catalogue

    return "\n\n".join(
        entry(f"{code.value}: {code.short_name}", *[line for one in same for line in (one.message, one.hint) if line])
        for code, same in groupby(catalogue.row_problems(), key=lambda one: one.code)
    )


def stops() -> str:
    """Return what stops a command, and what to do then, by exit code."""
    from bulktap.cli.topics import stops as gathered

    return "\n\n".join(
        entry(f"Exit code {code.value}: {code.meaning}")
        + "\n\n"
        + "\n\n".join(entry(one.message, one.hint) for one in same)
        for code, same in groupby(gathered.stops(), key=lambda one: one.exit_code)
    )


def network_causes() -> str:
    """Return what keeps this computer from the services, and what helps."""
    from bulktap.cli.setting_options import with_options
    from bulktap.cli.topics import network_causes as causes

    return "\n\n".join(entry(with_options(cause), with_options(hint)) for cause, hint in causes.network_causes())


def findings() -> str:
    """Return what `bulktap doctor` finds that is not in order, and what to do about it."""
    from bulktap.cli.topics import stops as gathered

    return "\n\n".join(entry(found, remedy) for found, remedy in gathered.findings())


def permission_ids() -> str:
    """Return the permissions with their ids."""
    from bulktap.graph.permissions import NEEDS

    return "\n\n".join(
        f"{' ' * _INDENT}{one.name}\n"
        + definitions([("application", one.application_id), ("delegated", one.delegated_id)], 2 * _INDENT)
        for one in (need.permission for need in NEEDS)
    )


def fields() -> str:
    """Return the fields of a roster."""
    from bulktap.model.plan import Field

    return definitions((field.value, _FIELDS[field.value]) for field in Field)


_FIELDS: Mapping[str, str] = {
    "user": "Whose pass it is; the only one that is needed.",
    "start": "When the pass begins to work; at once where there is none.",
    "end": "When it ends: the lifetime counts from the start.",
    "lifetime": "How long it works: 8h, 90m, 480; the tenant's default where there is none.",
    "one-time": "Whether it works once or many times: yes, no.",
    "display-name": "The person's name, which is compared with the directory's.",
    "group": "The class or department; hand-outs are made by it.",
    "device": "The person's device; several of one person need a pass that works many times.",
}


def hosts() -> str:
    """Return the hosts that are talked to, cloud by cloud."""
    from bulktap.model.cloud import Cloud

    clouds = [cloud for cloud in Cloud if cloud.supports_passes]
    return definitions((cloud.value, f"{cloud.authority}  {cloud.graph_root}") for cloud in clouds)


def definitions(told: Iterable[tuple[str, str]], indent: int = _INDENT) -> str:
    """Return names, each with its meaning beside it, or below it where the name is long."""
    pairs = list(told)
    column = indent + 2 + min(_WIDEST, max(len(name) for name, _ in pairs))
    lines = []
    for name, text in pairs:
        filled = plain(text, column).split("\n" + " " * column)
        first = f"{' ' * indent}{name}".ljust(column)
        beside = len(first) == column and first.endswith("  ")
        lines += [first + filled.pop(0)] if beside else [first.rstrip()]
        lines += [" " * column + line for line in filled]
    return "\n".join(lines)


def entry(head: str, *told: str) -> str:
    """Return a paragraph: what it is about, and below it what is said of it, sentence and remedy by turns."""
    lines = [" " * _INDENT + plain(head, _INDENT)]
    lines += [" " * 2 * _INDENT + plain(text, 2 * _INDENT) for text in told]
    return "\n".join(lines)


def plain(text: str, indent: int) -> str:
    """Return a text on lines that end at the eightieth column, all but the first indented."""
    filled = textwrap.wrap(text, WIDTH - indent, break_long_words=False, break_on_hyphens=False)
    return ("\n" + " " * indent).join(filled)


TABLES: Mapping[str, Callable[[], str]] = {
    made.__name__.replace("_", "-"): made
    for made in (
        exit_codes, error_codes, secret_variables, setting_variables, shared_variables, sign_in_numbers, row_problems,
        stops, network_causes, findings, permission_ids, fields, hosts,
    )
}  # fmt: skip
"""The tables by the names under which texts ask for them."""
