"""National clouds: where to sign in, where Microsoft Graph answers, and whether passes exist there.

Roots and authorities are those of Microsoft's deployment pages (graph/deployments, national clouds). Tokens of one
cloud are worthless in another, so the scope is always made from the cloud's own Graph root.
"""

from __future__ import annotations

from enum import StrEnum


class Cloud(StrEnum):
    """A national cloud; GCC uses GLOBAL, GCC High is US_GOV."""

    GLOBAL = "global"
    US_GOV = "usgov"
    US_DOD = "usgov-dod"
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
    def label(self) -> str:
        """What people call it."""
        match self:
            case Cloud.GLOBAL:
                return "the global cloud"
            case Cloud.US_GOV:
                return "the US Government cloud"
            case Cloud.US_DOD:
                return "the US Department of Defense cloud"
            case Cloud.CHINA:
                return "the cloud of China, operated by 21Vianet"

    @property
    def supports_passes(self) -> bool:
        """True if the cloud's v1.0 schema knows Temporary Access Passes."""
        # msgraph-metadata, v1.0-Mooncake.csdl of 2026-08-20: authentication, but no pass. The beta pages say otherwise.
        return self is not Cloud.CHINA


def consent_link(authority_url: str, tenant: str, client_id: str) -> str:
    """Return the page on which an administrator consents to all that the app registration asks for."""
    return f"{authority_url.rstrip('/')}/{tenant}/adminconsent?client_id={client_id}"
