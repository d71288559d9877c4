"""Addresses as doctor tells them: nothing of a password that somebody put into one, whatever else is wrong with it."""

from __future__ import annotations

import pytest

from bulktap.model.secret import without_credentials
from bulktap.settings.told_settings import told_settings
from bulktap.settings.values import Values

CASES = [
    ("https://graph.microsoft.com", "https://graph.microsoft.com"),
    (" https://graph.microsoft.com/v1.0 ", "https://graph.microsoft.com/v1.0"),
    ("graph.microsoft.us", "graph.microsoft.us"),
    ("https://ann:s3cret@graph.microsoft.com:443", "https://graph.microsoft.com:443"),
    ("ann:s3cret@graph.microsoft.com", "graph.microsoft.com"),
    ("https://ann:s3#cret@graph.microsoft.com", "https://graph.microsoft.com"),
    ("https://ann:s3/cret@graph.microsoft.com", "https://graph.microsoft.com"),
    ("https://ann:s3?cret@graph.microsoft.com", "https://graph.microsoft.com"),
    ("https://ann:s3@cret@graph.microsoft.com", "https://graph.microsoft.com"),
    ("https://ann:s3://cret@graph.microsoft.com", "https://graph.microsoft.com"),
    ("https://graph.microsoft.com/?sig=s3cret", "https://graph.microsoft.com/"),
    ("https://graph.microsoft.com#s3cret", "https://graph.microsoft.com"),
    ("https://[s3cret", "an address that cannot be read"),
    ("https://s3cret]/v1.0", "an address that cannot be read"),
]


@pytest.mark.parametrize(("address", "shown"), CASES)
def test_an_address_is_shown_without_what_may_be_secret(address: str, shown: str) -> None:
    """User name, password, query and fragment; passwords hold the signs that end a host as they are."""
    assert without_credentials(address) == shown


@pytest.mark.parametrize("name", ["BULKTAP_GRAPH_URL", "BULKTAP_AUTHORITY_URL", "AZURE_AUTHORITY_HOST"])
@pytest.mark.parametrize(("address", "shown"), CASES)
def test_doctor_shows_addresses_so(monkeypatch: pytest.MonkeyPatch, name: str, address: str, shown: str) -> None:
    """Of every variable that holds one; an address that cannot be read ends nothing."""
    for other in ("BULKTAP_GRAPH_URL", "BULKTAP_AUTHORITY_URL", "AZURE_AUTHORITY_HOST"):
        monkeypatch.delenv(other, raising=False)
    monkeypatch.setenv(name, address)

    assert [one.value for one in told_settings(Values({}), None) if one.where == name] == [shown]
