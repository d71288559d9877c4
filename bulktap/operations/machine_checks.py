"""What this computer is like: proxy, trust, reports folder, versions; looked at, and nothing is written or sent."""

from __future__ import annotations

import platform
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from bulktap.graph.trust import proxy_for, tls_context
from bulktap.model.checks import Check, fine, warning, wrong
from bulktap.model.errors import UsageError
from bulktap.model.exit_codes import ExitCode
from bulktap.model.secret import without_credentials
from bulktap.model.setting_names import Setting
from bulktap.storage import folder_places as places
from bulktap.version import __version__

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from bulktap.graph.trust import Network

_ELSEWHERE = f"Name a folder on a disk of this computer with {Setting.REPORTS}."
_LIBRARIES = (
    "aiohttp",
    "cryptography",
    "msal",
    "msal-extensions",
    "openpyxl",
    "pandas",
    "python-calamine",
    "truststore",
)


def proxy_check(urls: Sequence[str], network: Network, automatic: str) -> Check:
    """Return how the services are reached.

    Args:
        urls: their addresses.
        network: what this computer says of proxies.
        automatic: the address of a PAC file that the system is set to; empty if there is none.
    """
    try:
        proxies = {urlsplit(url).hostname or url: proxy_for(url, network) for url in urls}
    except UsageError as error:
        return wrong("proxy", "Proxy", error.message, error.hint, error.exit_code)
    through = {host: proxy for host, proxy in proxies.items() if proxy is not None}
    details = [
        f"{host}: through {proxy.url}{', with user name and password' if proxy.authorization else ''}"
        if proxy is not None
        else f"{host}: directly"
        for host, proxy in proxies.items()
    ]
    if through:
        found = f"Through {next(iter(through.values())).url}."
        return fine("proxy", "Proxy", found, details if len(through) < len(proxies) else details[:1])
    if automatic:
        return warning(
            "proxy",
            "Proxy",
            "The system finds its proxy by a PAC file, which bulktap does not read; it connects directly.",
            "If signing in does not work, ask for the proxy's address, and set HTTPS_PROXY to it.",
            [f"PAC file: {without_credentials(automatic)}"],
        )
    return fine("proxy", "Proxy", "None is set; bulktap connects directly.")


def trust_check(network: Network) -> Check:
    """Return whom this computer trusts."""
    try:
        tls_context(network)
    except UsageError as error:
        return wrong("trust", "Trust", error.message, error.hint, error.exit_code)
    if network.ca_bundle is not None:
        return fine("trust", "Trust", f"Exactly the authorities in {network.trusted_alone}.")
    extra = network.extra_authorities
    if extra is not None and not extra.is_file():
        return warning(
            "trust",
            "Trust",
            f"The system's store; SSL_CERT_FILE names {extra}, which is not there.",
            f"Correct it, or unset it; for a certificate authority of your own set {Setting.CA_BUNDLE}.",
        )
    return fine("trust", "Trust", "The system's store." if extra is None else f"The system's store, and {extra}.")


def folder_checks(reports: Path, synchronised: Sequence[str] = ()) -> Iterator[Check]:
    """Yield what there is to know of the reports folder, which is not made.

    Args:
        reports: where it is, or will be.
        synchronised: folders that OneDrive says it synchronises.
    """
    try:
        yield from _folder_checks(reports.absolute(), synchronised)
    except OSError as error:
        yield wrong(
            "reports", "Reports", f"{reports} cannot be looked at: {error.strerror}.", _ELSEWHERE, ExitCode.GAVE_UP
        )


def _folder_checks(reports: Path, synchronised: Sequence[str]) -> Iterator[Check]:
    there = places.nearest(reports)
    if not there.is_dir():
        yield wrong("reports", "Reports", f"{there} is no folder.", _ELSEWHERE, ExitCode.GAVE_UP)
        return
    if not places.may_write(there):
        found = f"{there} cannot be written by you."
        yield wrong(
            "reports",
            "Reports",
            found,
            f"Have it opened to you, or name another folder with {Setting.REPORTS}.",
            ExitCode.GAVE_UP,
        )
        return
    state = "is there" if there == reports else "will be made with the first run"
    yield fine("reports", "Reports", f"{reports} {state}.")
    real = reports.resolve()
    in_onedrive = any(one.is_relative_to(folder) for folder in synchronised for one in (real, reports))
    if (
        program := places.synchronised_by(real)
        or places.synchronised_by(reports)
        or ("OneDrive" if in_onedrive else "")
    ):
        found = (
            f"{reports} is in a folder that {program} synchronises: copies of passcodes, sealed, would lie there too."
        )
        yield warning("reports-synchronised", "Reports", found, _ELSEWHERE)
    if places.is_elsewhere(real):
        found = f"{reports} is on another computer: slower, and locks work only as well as that share has them."
        yield warning("reports-network", "Reports", found, _ELSEWHERE)
    if (tree := places.git_tree(real)) is not None and not places.is_ignored(real, tree):
        found = f"{reports} is in the git work tree {tree}."
        remedy = f"Add it to the file .gitignore there, or name a folder elsewhere with {Setting.REPORTS}."
        yield warning("reports-git", "Reports", found, remedy)
    if there == reports and places.is_open_to_others(reports):
        found = f"Everybody on this computer may write to {reports}, and so take runs away."
        yield warning("reports-open", "Reports", found, f"Take that right away: `chmod o-w {reports}`.")


def versions() -> dict[str, str]:
    """Return the versions of bulktap, of Python, of the system, and of the libraries that matter."""
    found = {
        "bulktap": __version__,
        "Python": f"{platform.python_version()} ({platform.python_implementation()}, {platform.architecture()[0]})",
        "System": platform.platform(terse=True),
        "Machine": platform.machine(),
    }
    for name in _LIBRARIES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:  # put beside the program without its metadata
            found[name] = "unknown"
    return found


def version_check() -> Check:
    """Return the versions of what runs here."""
    found = versions()
    libraries = ", ".join(f"{name} {found[name]}" for name in _LIBRARIES)
    told = f"bulktap {found['bulktap']}, Python {found['Python'].split()[0]}, {found['System']}."
    return fine("versions", "Versions", told, [f"Libraries: {libraries}"])
