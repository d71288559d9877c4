"""Pages for people that come where a program expects Graph: a gateway's, and those of a proxy in between."""

from __future__ import annotations

from dataclasses import dataclass, field

from bulktap.simulator.faults import BatchFault


@dataclass(frozen=True, slots=True)
class Page:
    """One answer that is not Graph's."""

    status: int
    payload: bytes
    headers: dict[str, str] = field(default_factory=dict)


def _html(title: str, words: str) -> bytes:
    return (
        f"<!DOCTYPE html>\n<html><head><title>{title}</title></head><body><center><h1>{title}</h1></center>{words}"
        "</body></html>\n"
    ).encode()


_GATEWAY = Page(502, _html("502 Bad Gateway", "<hr><center>gateway</center>"))
_LOGIN_FORM = (
    '<form method="post" action="https://login.proxy.example/"><input name="user"><button>Sign in</button></form>'
)
_BLOCKED = "<p>Access to this site is not allowed by your organisation. Category: cloud services.</p>"

PAGES = {
    BatchFault.HTML_PAGE: _GATEWAY,
    BatchFault.LATE_HTML_PAGE: _GATEWAY,
    BatchFault.PROXY_FORBIDDEN: Page(403, _html("Access Denied", _BLOCKED)),
    BatchFault.PROXY_NOT_FOUND: Page(404, _html("404 Not Found", "<p>The proxy knows no such host.</p>")),
    BatchFault.PROXY_LOGIN: Page(200, _html("Sign in to the network", _LOGIN_FORM)),
    BatchFault.PROXY_REDIRECT: Page(302, b"", {"Location": "https://login.proxy.example/?from=graph"}),
    BatchFault.PROXY_CREDENTIALS: Page(
        407, _html("Proxy Authentication Required", ""), {"Proxy-Authenticate": 'Basic realm="proxy"'}
    ),
}
"""What stands in Graph's place, by fault."""
