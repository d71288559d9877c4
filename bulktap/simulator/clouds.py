"""The clouds that a pretend tenant can be in: what their Microsoft Graph is called, and what their tokens say."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

GRAPH_APP_ID = "00000003-0000-0000-c000-000000000000"
"""Microsoft Graph's own application id, the same in every cloud."""


@dataclass(frozen=True, slots=True)
class Cloud:
    """One national cloud."""

    graph_root: str
    """Without a slash at its end."""
    authority: str
    issuer_root: str
    """What the issuer of a version 1.0 token begins with."""
    region: str
    """The `tenant_region_scope` of a tenant there."""

    @property
    def graph_host(self) -> str:
        """The name of Microsoft Graph's host."""
        return self.graph_root.removeprefix("https://")

    def issuer(self, tenant_id: str) -> str:
        """Return who issues a tenant's tokens of version 1.0, which Microsoft Graph's are."""
        return f"{self.issuer_root}/{tenant_id}/"

    def issuer_2(self, tenant_id: str) -> str:
        """Return who issues its tokens of version 2.0."""
        return f"{self.authority}/{tenant_id}/v2.0"


_STS = "https://sts.windows.net"
_US = "https://login.microsoftonline.us"
CLOUDS: Mapping[str, Cloud] = {
    "global": Cloud("https://graph.microsoft.com", "https://login.microsoftonline.com", _STS, "EU"),
    "usgov": Cloud("https://graph.microsoft.us", _US, _STS, "USGov"),
    "usgov-dod": Cloud("https://dod-graph.microsoft.us", _US, _STS, "USGov"),
    "china": Cloud(
        "https://microsoftgraph.chinacloudapi.cn",
        "https://login.partner.microsoftonline.cn",
        "https://sts.chinacloudapi.cn",
        "AS",
    ),
}
"""By the names that tenant files use."""
