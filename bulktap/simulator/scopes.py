"""What a token is asked for: the resource that it is to open, and what there.

Scopes of version 2.0 are a resource's address and a name behind the last slash; a name alone is Microsoft Graph's.
"""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from bulktap.simulator import sign_in_errors
from bulktap.simulator.clouds import CLOUDS, GRAPH_APP_ID, Cloud

if TYPE_CHECKING:
    from bulktap.simulator.registration import Registration
    from bulktap.simulator.sign_in_errors import SignInError

DEFAULT = ".default"
"""Stands for everything that was granted."""
OPENID_SCOPES = frozenset({"openid", "profile", "email", "offline_access"})
"""What is asked of the sign-in itself."""
_OTHERS = frozenset(
    {
        "https://graph.windows.net",
        "https://management.azure.com",
        "https://management.core.windows.net",
        "https://vault.azure.net",
        "https://outlook.office365.com",
        "https://storage.azure.com",
        "https://api.spaces.skype.com",
        *(cloud.graph_root for cloud in CLOUDS.values()),
    }
)
"""Resources that every tenant knows, none of which is served here."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a token is asked for."""

    audience: str
    """The `aud` of the token."""
    prefix: str
    """The resource as the client spelt it, with a slash; empty where it named none."""
    names: frozenset[str]
    """What is asked for there."""
    openid: frozenset[str] = frozenset()


def read_scope(text: str, registration: Registration) -> Asked | SignInError:
    """Read a `scope`, or say what the platform says to it."""
    openid, resources, names = set[str](), dict[str, str](), set[str]()
    for scope in text.split():
        if scope.lower() in OPENID_SCOPES:
            openid.add(scope.lower())
            continue
        resource, _slash, name = scope.rpartition("/")
        audience = _audience(resource, registration) if resource else registration.cloud.graph_root
        if audience is None:
            return sign_in_errors.unknown_resource(resource, registration.name)
        resources[audience] = f"{resource}/" if resource else ""
        names.add(name)
    if len(resources) > 1:
        return sign_in_errors.MORE_RESOURCES
    audience, prefix = next(iter(resources.items()), (registration.cloud.graph_root, ""))
    return Asked(audience, prefix, frozenset(names), frozenset(openid))


def is_graph(audience: str, cloud: Cloud) -> bool:
    """Tell whether a token for this audience is one for a cloud's Microsoft Graph."""
    return audience.rstrip("/") == cloud.graph_root or audience == GRAPH_APP_ID


def _audience(resource: str, registration: Registration) -> str | None:
    """Return the audience that a resource's tokens are for; None if the tenant does not have it."""
    plain, cloud = resource.rstrip("/").lower(), registration.cloud
    if plain in {GRAPH_APP_ID, cloud.graph_root} or plain in _OTHERS:
        return resource if resource == f"{plain}/" else plain
    if plain in {registration.client_id.lower(), f"api://{registration.client_id.lower()}"}:
        return registration.client_id
    # Graph has no name of its own on loopback, and a gateway in front of it has a port of its own.
    return cloud.graph_root if _is_loopback(plain) else None


def _is_loopback(resource: str) -> bool:
    try:
        parts = urlsplit(resource)
        host = parts.hostname or ""
        known = host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
    return known and parts.scheme == "https" and not parts.path
