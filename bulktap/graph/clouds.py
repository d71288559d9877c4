"""National clouds: where to sign in, where Microsoft Graph answers, and whether passes exist there.

Roots and authorities are those of Microsoft's deployment pages (graph/deployments, national clouds). Tokens of one
cloud are worthless in another, so the scope is always made from the cloud's own Graph root.
"""

from __future__ import annotations

from enum import StrEnum


class Cloud(StrEnum):
    """A national cloud; GCC uses GLOBAL, GCC High is US_GOV."""

    GLOBAL = "global"
    US_GOV = "us-gov"
    US_DOD = "us-dod"
    CHINA = "china"

    @property
    def authority(self) -> str:
        """Root of the sign-in endpoints, without the tenant."""
        match self:
            case Cloud.GLOBAL:
                return "https://login.microsoftonline.com"
            case Cloud.US_GOV | Cloud.US_DOD:
                return "https://login.microsoftonline.us"
            case Cloud.CHINA:
                return "https://login.partner.microsoftonline.cn"

    @property
    def graph_root(self) -> str:
        """Root of Microsoft Graph, without the version."""
        match self:
            case Cloud.GLOBAL:
                return "https://graph.microsoft.com"
            case Cloud.US_GOV:
                return "https://graph.microsoft.us"
            case Cloud.US_DOD:
                return "https://dod-graph.microsoft.us"
            case Cloud.CHINA:
                return "https://microsoftgraph.chinacloudapi.cn"

    @property
    def scope(self) -> str:
        """What a token is asked for."""
        return default_scope(self.graph_root)

    @property
    def supports_passes(self) -> bool:
        """Whether the cloud's v1.0 schema knows Temporary Access Passes; the one operated by 21Vianet does not."""
        return self is not Cloud.CHINA


def default_scope(graph_root: str) -> str:
    """Return the scope that stands for everything the app was granted on this Graph root."""
    return f"{graph_root.rstrip('/')}/.default"
