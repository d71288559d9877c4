"""The addresses of national clouds, and of whatever stands in their place.

A client secret must not reach another cloud's sign-in because of how an address is spelt. So addresses are parsed:
`endpoints_for` recognises a cloud by its host, whatever stands around it, and refuses what does not belong together.
"""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from bulktap.graph.trust import is_loopback, require_https
from bulktap.model.cloud import Cloud
from bulktap.model.errors import UsageError
from bulktap.model.setting_names import Setting

if TYPE_CHECKING:
    from collections.abc import Mapping

_Fact = TypeVar("_Fact")


def default_scope(graph_root: str) -> str:
    """Return the scope that stands for everything the app was granted on this Graph root."""
    return f"{graph_root.rstrip('/')}/.default"


_GRAPH_HOSTS: Mapping[str, Cloud] = {cloud.graph_root.removeprefix("https://"): cloud for cloud in Cloud}
_AUTHORITY_HOSTS: Mapping[str, frozenset[Cloud]] = {
    # The aliases are those that MSAL knows (authority.py, WELL_KNOWN_AUTHORITY_HOSTS).
    "login.microsoftonline.com": frozenset({Cloud.GLOBAL}),
    "login.microsoft.com": frozenset({Cloud.GLOBAL}),
    "login.windows.net": frozenset({Cloud.GLOBAL}),
    "sts.windows.net": frozenset({Cloud.GLOBAL}),
    "login.microsoftonline.us": frozenset({Cloud.US_GOV, Cloud.US_DOD}),
    "login.usgovcloudapi.net": frozenset({Cloud.US_GOV, Cloud.US_DOD}),
    "login.partner.microsoftonline.cn": frozenset({Cloud.CHINA}),
    "login.chinacloudapi.cn": frozenset({Cloud.CHINA}),
    # Clouds whose Graph has no public address, or that have closed.
    "login-us.microsoftonline.com": frozenset(),
    "login.microsoftonline.de": frozenset(),
    "login.sovcloud-identity.fr": frozenset(),
    "login.sovcloud-identity.de": frozenset(),
    "login.sovcloud-identity.sg": frozenset(),
}
_DOMAINS: Mapping[str, frozenset[Cloud]] = {
    # What else has a name in these belongs to the cloud all the same: regional hosts, Graph's canary, single tenants'.
    "microsoft.com": frozenset({Cloud.GLOBAL}),
    "microsoftonline.com": frozenset({Cloud.GLOBAL}),
    "windows.net": frozenset({Cloud.GLOBAL}),
    "ciamlogin.com": frozenset({Cloud.GLOBAL}),
    "microsoft.us": frozenset({Cloud.US_GOV, Cloud.US_DOD}),
    "microsoftonline.us": frozenset({Cloud.US_GOV, Cloud.US_DOD}),
    "usgovcloudapi.net": frozenset({Cloud.US_GOV, Cloud.US_DOD}),
    "azure.us": frozenset({Cloud.US_GOV, Cloud.US_DOD}),
    "microsoftonline.cn": frozenset({Cloud.CHINA}),
    "chinacloudapi.cn": frozenset({Cloud.CHINA}),
    "azure.cn": frozenset({Cloud.CHINA}),
    "microsoft.de": frozenset(),
    "microsoftonline.de": frozenset(),
    "cloudapi.de": frozenset(),
    "sovcloud-identity.fr": frozenset(),
    "sovcloud-identity.de": frozenset(),
    "sovcloud-identity.sg": frozenset(),
    "ic.gov": frozenset(),
    "microsoft.scloud": frozenset(),
}
"""Domains of Microsoft's, and the clouds whose hosts have names in them; none of those that bulktap knows, if empty."""
_NEWER = "Its schema of Microsoft Graph v1.0 did not know them on 2026-08-20"
_WITHOUT_PASSES: Mapping[str, tuple[str, str]] = {
    # msgraph-metadata, v1.0-Bleu, -Delos and -GovSG.csdl: no pass in any. The German cloud was closed with its data.
    "sovcloud-identity.fr": ("the cloud of France, operated by Bleu", _NEWER),
    "sovcloud-identity.de": ("the cloud of Germany, operated by Delos", _NEWER),
    "sovcloud-identity.sg": ("the cloud of Singapore's government", _NEWER),
    **dict.fromkeys(
        ("microsoft.de", "microsoftonline.de", "cloudapi.de"),
        ("Microsoft Cloud Germany", "It was closed on 2021-10-29"),
    ),
}
"""Domains of clouds without passes: what people call the cloud, and what says so."""
_NUMBER = re.compile(r"(?:[^.]*\.)*(?:\d+|0x[0-9a-f]*)\.?", re.ASCII)
"""A host whose last part is a number is an IPv4 address to resolvers (WHATWG URL, "ends in a number")."""
_HOST = re.compile(r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*\.?|[0-9a-f:.]+", re.ASCII)
_BOTH = f"Set {Setting.GRAPH_URL} and {Setting.AUTHORITY_URL} to addresses of the same cloud, or unset both."
_BY_NAME = f"{Setting.CLOUD} names a cloud without addresses."


@dataclass(frozen=True, slots=True)
class CloudEndpoints:
    """Where to sign in and where Microsoft Graph answers, of one cloud."""

    cloud: Cloud | None
    """None where the addresses are nobody's that is known: a gateway, or a pretend tenant."""
    graph_url: str
    """Root of Microsoft Graph, without slash and version."""
    authority_url: str
    """Root of the sign-in endpoints, without slash and tenant."""


def endpoints_for(graph: str | None, authority: str | None, named: Cloud | None = None) -> CloudEndpoints:
    """Return where to go, given what the settings name of it.

    Args:
        named: the cloud, where the settings name one; the addresses have to be that cloud's then.
        graph: address of Microsoft Graph; None takes that of the authority's cloud.
        authority: address to sign in at, with or without `https://`; None takes that of the Graph's cloud.

    Raises:
        UsageError: an address cannot be used, the two belong to different clouds, or passes do not exist there.
    """
    there = _address(graph, "address of Microsoft Graph", str(Setting.GRAPH_URL)) if graph else None
    sign_in = _address(authority, "address to sign in at", str(Setting.AUTHORITY)) if authority else None
    if named is not None:
        _require_of(named, there, sign_in)
    cloud = named if there is None and named is not None else _cloud_of(there, sign_in)
    _require_passes(cloud, there, sign_in)
    if cloud is None:
        if there is None or sign_in is None:
            missing = "Graph's is not set" if there is None else "that to sign in at is not set"
            raise UsageError(f"One address is of no cloud that is known, and {missing}.", hint=f"{_BOTH} {_BY_NAME}")
        _require_same_side(there, sign_in)
        return CloudEndpoints(None, there.url, sign_in.url)
    if there is not None:
        there.require_plain()
    if sign_in is None or sign_in.host in _AUTHORITY_HOSTS:
        if sign_in is not None:
            sign_in.require_plain()
        return CloudEndpoints(cloud, cloud.graph_root, cloud.authority)
    if there is not None:
        _require_same_side(there, sign_in)
    return CloudEndpoints(cloud, cloud.graph_root, sign_in.url)


def _require_of(named: Cloud, there: _Address | None, sign_in: _Address | None) -> None:
    """Refuse an address of another cloud than the one that is named.

    Raises:
        UsageError: there is one.
    """
    for address, clouds in (
        (there, None if there is None else _graph_clouds(there.host)),
        (sign_in, None if sign_in is None else _clouds_with(sign_in.host)),
    ):
        if address is not None and clouds is not None and named not in clouds:
            raise UsageError(
                f"{Setting.CLOUD} names {named.label}, and the {address.what} is {address.host}, of {_label(clouds)}.",
                hint=f"Leave {Setting.GRAPH_URL} and {Setting.AUTHORITY_URL} unset, or name their own cloud.",
            )


def _require_passes(cloud: Cloud | None, *addresses: _Address | None) -> None:
    """Refuse a cloud without passes, also where only one of two addresses is known to be its own.

    Raises:
        UsageError: it is one.
    """
    if cloud is not None:
        found = [_without_passes(cloud)]
    else:
        hosts = [address.host for address in addresses if address is not None]
        found = [_at(_WITHOUT_PASSES, host) for host in hosts]
        found += [_without_passes(one) for host in hosts for one in _graph_clouds(host) or ()]
    without = next((one for one in found if one is not None), None)
    if without is not None:
        label, source = without
        raise UsageError(f"Temporary Access Passes do not exist in {label}.", hint=f"{source}; nothing was sent.")


def _without_passes(cloud: Cloud) -> tuple[str, str] | None:
    return None if cloud.supports_passes else (cloud.label, _NEWER)


def _graph_clouds(host: str) -> frozenset[Cloud] | None:
    cloud = _GRAPH_HOSTS.get(host)
    return _clouds_with(host) if cloud is None else frozenset({cloud})


def _cloud_of(there: _Address | None, sign_in: _Address | None) -> Cloud | None:
    """Return the cloud that the addresses belong to; None where Graph's is nobody's that is known.

    Raises:
        UsageError: they belong to two, or to one without passes.
    """
    if there is None and sign_in is None:
        return Cloud.GLOBAL
    clouds = _AUTHORITY_HOSTS.get(sign_in.host) if sign_in else None
    if there is None:
        # The Department of Defense signs in where the rest of the US Government does; its Graph has to be named.
        return min(clouds, key=list(Cloud).index) if clouds else None
    cloud = _GRAPH_HOSTS.get(there.host)
    here, other = _clouds_with(there.host), _clouds_with(sign_in.host) if sign_in else None
    if cloud is not None:
        here = frozenset({cloud})
    if sign_in is not None and here is not None and other is not None and not here & other:
        if not here | other:
            _require_passes(None, there, sign_in)
        raise UsageError(
            f"{there.host} is Microsoft Graph of {_label(here)}, and {sign_in.host} signs in to {_label(other)}.",
            hint=_BOTH,
        )
    return cloud


def _clouds_with(host: str) -> frozenset[Cloud] | None:
    """Return which clouds have this host, by its name or its domain; None if it is nobody's that is known."""
    named = _AUTHORITY_HOSTS.get(host)
    return named if named is not None else _at(_DOMAINS, host)


def _at(domains: Mapping[str, _Fact], host: str) -> _Fact | None:
    """Return what is known of the domain that a host has its name in."""
    return next((domains[one] for one in domains if f".{host}".endswith(f".{one}")), None)


def _label(clouds: frozenset[Cloud]) -> str:
    return min(clouds, key=list(Cloud).index).label if clouds else "another cloud"


def _require_same_side(there: _Address, sign_in: _Address) -> None:
    """Refuse a pretend tenant on one side and the network on the other.

    Raises:
        UsageError: one address is this computer, and the other is not.
    """
    if is_loopback(there.host) != is_loopback(sign_in.host):
        raise UsageError("One of Graph and sign-in is on this computer, and the other is not.", hint=_BOTH)


@dataclass(frozen=True, slots=True)
class _Address:
    """An https address, taken apart."""

    what: str
    setting: str
    """What sets it."""
    host: str
    """In small letters, without the dot that a full name may end with."""
    port: int
    path: str
    """Without the slash at its end and the version of Graph."""

    @property
    def url(self) -> str:
        """The address put together again."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"https://{host}{'' if self.port == 443 else f':{self.port}'}{self.path}"

    def require_plain(self) -> None:
        """Refuse a port or a path on a host of Microsoft's, where neither has a meaning for bulktap.

        Raises:
            UsageError: there is one.
        """
        if self.path or self.port != 443:
            raise UsageError(
                f"The {self.what} has a path or a port that {self.host} does not need.",
                hint=f"Set {self.setting} to https://{self.host}, without a tenant; bulktap adds what follows.",
            )


def _is_ip_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _address(text: str, what: str, setting: str) -> _Address:
    plain = text.strip()
    parts = require_https(plain if "://" in plain else f"https://{plain}", what, setting)
    host = parts.hostname or ""
    if not plain.isascii() or not plain.isprintable() or set(" @\\") & set(plain) or not _HOST.fullmatch(host):
        raise UsageError(
            f"The {what} holds a character that no address has.",
            hint=f"Set {setting} to https://host or https://host:port, in ASCII letters.",
        )
    if host in {"http", "https"} or (_NUMBER.fullmatch(host) and not _is_ip_address(host.rstrip("."))):
        # `https:/host` would ask a computer named https, and 127.1 is this one, though it does not look like it.
        raise UsageError(f"The {what} names no host.", hint=f"Set {setting} to https://host or https://host:port.")
    path = re.sub(r"/v1\.0$", "", parts.path.rstrip("/"), flags=re.IGNORECASE)
    return _Address(what, setting, host.rstrip("."), parts.port or 443, path)
