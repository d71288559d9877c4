"""What this computer is like: proxy, trust and reports folder, told with what helps."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from bulktap.graph.trust import Network
from bulktap.model.checks import CheckState
from bulktap.operations.machine_checks import folder_checks, proxy_check, trust_check
from bulktap.settings.environment import pac_file_in

if TYPE_CHECKING:
    from pathlib import Path

URLS = ("https://login.microsoftonline.com", "https://graph.microsoft.com")
PAC = "http://wpad.contoso.com/proxy.pac"


@pytest.mark.parametrize(
    ("network", "automatic", "state", "words"),
    [
        (Network(), "", "ok", "None is set"),
        (Network(), PAC, "warn", PAC),
        (Network(), "http://ann:s3cret@wpad.contoso.com/proxy.pac", "warn", PAC),
        (Network(), f"{PAC}?token=s3cret", "warn", PAC),
        (Network(), f" {PAC}#s3cret", "warn", PAC),
        (Network(), "http://[s3cret/proxy.pac", "warn", "cannot be read"),
        (Network(proxy="http://proxy:8080"), PAC, "ok", "through http://proxy:8080"),
        (Network(proxy="http://ann:s3cret@proxy:8080"), "", "ok", "with user name and password"),
        (Network(proxy="socks5://proxy:1080"), "", "wrong", "socks5"),
        (
            Network(proxy="http://proxy:8080", is_reached_directly=lambda host: host.startswith("graph.")),
            "",
            "ok",
            "graph.microsoft.com: directly",
        ),
    ],
)
def test_how_the_services_are_reached_is_told(network: Network, automatic: str, state: str, words: str) -> None:
    """A PAC file only where it would be needed, and no password."""
    check = proxy_check(URLS, network, automatic)

    told = " ".join([check.found, *check.details])
    assert check.state == state
    assert words in told
    assert "s3cret" not in told


@pytest.mark.parametrize(
    ("told", "address"),
    [
        (f"  ProxyAutoConfigEnable : 1\n  ProxyAutoConfigURLString : {PAC}\n", PAC),
        (f"  ProxyAutoConfigEnable : 0\n  ProxyAutoConfigURLString : {PAC}\n", ""),
        ("  HTTPSEnable : 1\n", ""),
        ("  ProxyAutoConfigEnable : 1\n", ""),
        ("", ""),
    ],
)
def test_a_macs_pac_file_counts_while_it_is_switched_on(told: str, address: str) -> None:
    """The address stays in the settings after it is switched off."""
    assert pac_file_in(told) == address


def test_a_bundle_without_certificates_is_wrong(tmp_path: Path) -> None:
    """With the setting that names it; a file that is there only by name is a warning."""
    empty = tmp_path / "empty.pem"
    empty.write_text("")

    check = trust_check(Network(ca_bundle=empty, bundle_setting="REQUESTS_CA_BUNDLE"))
    assert check.state is CheckState.WRONG
    assert "REQUESTS_CA_BUNDLE" in check.remedy
    assert trust_check(Network(extra_authorities=tmp_path / "gone.pem")).state is CheckState.WARN
    assert trust_check(Network()).state is CheckState.OK


def codes(reports: Path) -> dict[str, CheckState]:
    """Return how each check about the folder ended."""
    return {one.code: one.state for one in folder_checks(reports)}


def test_a_reports_folder_is_looked_at_and_not_made(tmp_path: Path) -> None:
    """Synchronised, in a git tree, no folder at all: told; and nothing is there afterwards."""
    synchronised = tmp_path / "OneDrive - Contoso" / "reports"
    assert codes(tmp_path / "reports") == {"reports": CheckState.OK}
    assert codes(synchronised) == {"reports": CheckState.OK, "reports-synchronised": CheckState.WARN}
    assert not synchronised.exists()

    (tmp_path / ".git").mkdir()
    assert codes(tmp_path / "reports") == {"reports": CheckState.OK, "reports-git": CheckState.WARN}
    (tmp_path / ".gitignore").write_text("reports/\n")
    assert codes(tmp_path / "reports") == {"reports": CheckState.OK}
    (tmp_path / "file").write_text("")
    assert codes(tmp_path / "file" / "reports") == {"reports": CheckState.WRONG}


@pytest.mark.skipif(sys.platform == "win32", reason="permissions are access lists on Windows")
def test_a_folder_that_everybody_may_write_to_is_told(tmp_path: Path) -> None:
    """Unless, as in /tmp, nobody may take away what is another's."""
    folder = tmp_path / "reports"
    folder.mkdir()
    folder.chmod(0o777)
    assert codes(folder)["reports-open"] is CheckState.WARN
    folder.chmod(0o1777)
    assert "reports-open" not in codes(folder)
