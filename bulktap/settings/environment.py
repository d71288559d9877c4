"""The environment: secrets are taken out of it, the rest is read where it is needed; nothing else reads `os.environ`.

Variables that are the other half of an option are read with it (`declarations`). What is here has no option: secrets,
endpoints, and what the system keeps there.
"""

from __future__ import annotations

import contextlib
import os
import re
import sys
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from bulktap.model.secret import PROXY_VARIABLES, SECRET_VARIABLES, Secret
from bulktap.settings import kinds
from bulktap.settings.declaration import VARIABLES_BEGIN
from bulktap.settings.windows_console import obeys_sequences

if TYPE_CHECKING:
    from typing import TextIO

    from bulktap.graph.trust import Network
    from bulktap.settings.declaration import Declaration

_AROUND = " \t\r\n\v\f\u00a0\u200b\u200e\u200f\u2060\ufeff\u2028\u2029"
_QUOTES = ('""', "''", "\u201c\u201d", "\u2018\u2019", "\u201e\u201c")
_OF_GNOME = "auto_proxy"
"""Under this name, in small letters, GNOME's terminals hand on where the desktop has its PAC file."""

_taken: dict[str, Secret] = {}


def take_secrets() -> None:
    """Take the secrets out of the environment; call it before anything else is done."""
    _taken.clear()
    for name in SECRET_VARIABLES:
        if text := os.environ.pop(name, ""):
            _taken[name] = Secret(text)
    for name in PROXY_VARIABLES:
        # Only so that it is known as a secret, and struck out of what others write.
        user, _, _ = os.environ.get(name, "").rpartition("@")
        if password := user.rpartition("://")[2].partition(":")[2]:
            _taken[name], _taken[f"{name}, decoded"] = Secret(password), Secret(unquote(password))


def secret_variable(name: str) -> Secret | None:
    """Return a secret that the environment held, or holds; it is not in the environment afterwards."""
    if text := os.environ.pop(name, ""):
        _taken[name] = Secret(text)
    return _taken.get(name)


def network(ca_bundle: Path | None) -> Network:
    """Return how this machine's programs reach others: what is set for all of them, under the names they share.

    Trust, first match wins: the bundle given to bulktap, exactly that; `REQUESTS_CA_BUNDLE`, then `CURL_CA_BUNDLE`,
    because an administrator behind an inspecting proxy has usually set one of them; the system's own store, together
    with `SSL_CERT_FILE`. The proxy is that of `HTTPS_PROXY`, `ALL_PROXY`, `NO_PROXY` or the system's settings.

    Args:
        ca_bundle: the bundle given to bulktap.
    """
    import urllib.request

    from bulktap.graph.trust import Network

    proxies = urllib.request.getproxies()
    proxy = pasted(proxies.get("https") or proxies.get("all") or "")
    named = Network(proxy=proxy, is_reached_directly=_bypasses_proxy)
    if ca_bundle is not None:
        return replace(named, ca_bundle=ca_bundle)
    for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        if path := pasted(os.environ.get(name, "")):
            return replace(named, ca_bundle=Path(path), bundle_setting=name)
    extra = pasted(os.environ.get("SSL_CERT_FILE", ""))
    return replace(named, extra_authorities=Path(extra) if extra else None)


def _bypasses_proxy(host: str) -> bool:
    import urllib.request

    return bool(urllib.request.proxy_bypass(host))


def onedrive_folders() -> tuple[str, ...]:
    """Return the folders that OneDrive says it synchronises, whatever they are called."""
    found = [os.environ.get(name, "") for name in ("OneDrive", "OneDriveCommercial", "OneDriveConsumer")]
    if sys.platform == "win32":
        import winreg

        # A library of SharePoint lies outside of OneDrive's own folder, and is named here alone.
        place = r"Software\SyncEngines\Providers\OneDrive"
        with contextlib.suppress(OSError), winreg.OpenKey(winreg.HKEY_CURRENT_USER, place) as key:
            for number in range(winreg.QueryInfoKey(key)[0]):
                with contextlib.suppress(OSError), winreg.OpenKey(key, winreg.EnumKey(key, number)) as one:
                    found.append(str(winreg.QueryValueEx(one, "MountPoint")[0]))
    return tuple(folder for folder in found if folder)


def automatic_proxy() -> str:
    """Return the address of the PAC file that this system finds its proxy by; empty where there is none.

    Python's own reading of the system's settings (`urllib.request.getproxies`) leaves it out.
    """
    if sys.platform == "win32":
        import winreg

        place = r"Software\Microsoft\Windows\CurrentVersion\Internet Settings"
        try:
            with winreg.OpenKey(winreg.HKEY_CURRENT_USER, place) as key:
                return str(winreg.QueryValueEx(key, "AutoConfigURL")[0])
        except OSError:
            return ""
    if sys.platform == "darwin":
        return pac_file_in(_told_by_scutil("show State:/Network/Global/Proxies\n"))
    return os.environ.get(_OF_GNOME, "")


def pac_file_in(told: str) -> str:
    """Return the PAC file that macOS names in what scutil prints of its proxies; empty if it uses none."""
    if not re.search(r"^\s*ProxyAutoConfigEnable : 1\s*$", told, re.MULTILINE):
        return ""
    found = re.search(r"^\s*ProxyAutoConfigURLString : (\S+)", told, re.MULTILINE)
    return found[1] if found else ""


def _told_by_scutil(asked: str) -> str:
    import subprocess

    try:
        done = subprocess.run(
            ["/usr/sbin/scutil"], input=asked, capture_output=True, text=True, errors="replace", check=False, timeout=10
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout


def secrets_set() -> tuple[str, ...]:
    """Return the names of the variables with secrets that were set, without what is in them."""
    for name in SECRET_VARIABLES:
        secret_variable(name)
    return tuple(name for name in SECRET_VARIABLES if name in _taken and pasted(_taken[name].reveal()))


def wants_json() -> bool:
    """Return true if `BULKTAP_JSON` asks for JSON, as far as that can be told before the command is understood."""
    return pasted(os.environ.get("BULKTAP_JSON", "")).casefold() in {"1", "true", "t", "yes", "y", "on"}


def wants_multi_use() -> str:
    """Return what `BULKTAP_MULTI_USE` says; empty where it says nothing."""
    return pasted(os.environ.get("BULKTAP_MULTI_USE", ""))


def takes_colour(stream: TextIO) -> bool:
    """Return true if colour is wanted on a stream (no-color.org, force-color.org), and understood there."""
    if os.environ.get("NO_COLOR"):
        return False
    # What calls itself dumb, such as a shell inside an editor, shows the sequences as they are.
    if os.environ.get("FORCE_COLOR"):
        return True
    return stream.isatty() and not is_dumb_terminal() and obeys_sequences(stream)


def is_dumb_terminal() -> bool:
    """Return true if the terminal says of itself that it obeys no sequences; those of Windows say nothing."""
    return os.environ.get("TERM") == "dumb"


def variable(name: str) -> str:
    """Return a variable that is no secret and no option; empty where it is not set."""
    return os.environ.get(name, "")


def variable_text(declaration: Declaration[Any]) -> tuple[str, str] | None:
    """Return the variable that says something of a setting, and what; None where none does.

    Files of Windows leave a carriage return behind a value, cmd.exe keeps the quotes around it, and pages add blanks
    that cannot be seen. In a command, quotes tell its words apart.
    """
    several = isinstance(declaration.kind, kinds.Words | kinds.Codes | kinds.UserPatterns)
    for name in declaration.variables:
        text = os.environ.get(name, "")
        if several:  # on a line each
            meant = text if text.strip() else ""
        elif declaration.name.endswith("-command"):
            meant = text.strip(_AROUND)
        else:
            meant = pasted(text)
            if isinstance(declaration.kind, kinds.Place) and meant.startswith("~/"):
                with suppress(RuntimeError):  # no HOME, and a user whom the system does not know
                    meant = str(Path(meant).expanduser())
        if meant:
            return name, meant
    return None


def own_variables() -> tuple[str, ...]:
    """Return the names of the variables that are set for bulktap, as far as their names tell."""
    return tuple(name for name, text in os.environ.items() if name.upper().startswith(VARIABLES_BEGIN) and pasted(text))


def github_token_url() -> str:
    """Return where GitHub Actions gives its jobs tokens of their own; empty elsewhere."""
    return pasted(os.environ.get("ACTIONS_ID_TOKEN_REQUEST_URL", ""))


def is_github_job() -> bool:
    """Return true if it is a job of GitHub Actions that runs here."""
    return os.environ.get("GITHUB_ACTIONS", "").strip().casefold() == "true"


def pasted(text: str) -> str:
    """Return text without the blanks, invisible characters and quotes around it that copying brings along."""
    plain = text.strip(_AROUND)
    for pair in _QUOTES:
        begin, end = pair[0], pair[1]
        if len(plain) > 1 and plain.startswith(begin) and plain.endswith(end):
            return plain[1:-1].strip(_AROUND)
    return plain


def user_configuration_folder() -> Path | None:
    """Return where this user keeps on this machine what they set up themselves; None where nobody says."""
    if sys.platform == "win32":
        roaming = os.environ.get("APPDATA")
        return Path(roaming) / "bulktap" if roaming else None
    try:
        home = Path.home()
    except RuntimeError:  # no HOME, and a user whom the system does not know
        return None
    if sys.platform == "darwin":
        return home / "Library" / "Application Support" / "bulktap"
    # The XDG Base Directory Specification wants relative paths ignored.
    named = Path(os.environ.get("XDG_CONFIG_HOME") or ".")
    return (named if named.is_absolute() else home / ".config") / "bulktap"


def user_state_folder() -> Path | None:
    """Return where this user's programs keep on this machine what outlives a command; None where nobody says."""
    if sys.platform == "win32":
        local = os.environ.get("LOCALAPPDATA")
        return Path(local) / "bulktap" if local else None
    try:
        home = Path.home()
    except RuntimeError:  # no HOME, and a user whom the system does not know
        return None
    if sys.platform == "darwin":
        return home / "Library" / "Application Support" / "bulktap"
    # The XDG Base Directory Specification wants relative paths ignored.
    named = Path(os.environ.get("XDG_STATE_HOME") or ".")
    return (named if named.is_absolute() else home / ".local" / "state") / "bulktap"


def user_locale() -> tuple[str, str]:
    """Return this user's language and country as codes, `de` and `CH`; empty texts where the system does not say."""
    if sys.platform == "win32":
        import ctypes

        # GetUserDefaultLocaleName (winnls.h): `de-CH`; 85 characters at most, and 0 where there is none.
        buffer = ctypes.create_unicode_buffer(85)
        named = buffer.value if ctypes.windll.kernel32.GetUserDefaultLocaleName(buffer, len(buffer)) else ""
    else:
        # POSIX, "Internationalization Variables": the first that is set wins.
        named = next((text for name in ("LC_ALL", "LC_PAPER", "LANG") if (text := os.environ.get(name))), "")
    found = re.match(r"([A-Za-z]{2,3})(?:[-_](?:[A-Za-z]{4}[-_])?([A-Za-z]{2}))?(?![A-Za-z])", named)
    return ((found[1] or "").lower(), (found[2] or "").upper()) if found else ("", "")
