"""Which addresses belong to which cloud, however they are spelt; and that no secret goes to another's."""

from __future__ import annotations

import pytest

from bulktap.cli.setting_options import with_options
from bulktap.graph.clouds import endpoints_for
from bulktap.model.cloud import Cloud
from bulktap.model.errors import UsageError

GOVERNMENT_GRAPHS = (
    "https://graph.microsoft.us",
    "https://graph.microsoft.us/",
    "https://GRAPH.Microsoft.US",
    "HTTPS://graph.microsoft.us",
    "https://graph.microsoft.us:443",
    "https://graph.microsoft.us./",
    "https://graph.microsoft.us/v1.0",
    "https://graph.microsoft.us/V1.0/",
    "graph.microsoft.us",
    "  https://graph.microsoft.us\n",
)
GOVERNMENT_AUTHORITIES = (
    "https://login.microsoftonline.us",
    "https://login.microsoftonline.us/",
    "login.microsoftonline.us",
    "https://LOGIN.microsoftonline.us:443/",
    "https://login.microsoftonline.us.",
    "https://login.usgovcloudapi.net",
)


@pytest.mark.parametrize("graph", GOVERNMENT_GRAPHS)
def test_a_graph_however_it_is_spelt_signs_in_at_its_own_cloud(graph: str) -> None:
    """Slash, capitals, version, port, trailing dot: it is the US Government cloud, and nowhere else is asked."""
    found = endpoints_for(graph, None)

    assert found.cloud is Cloud.US_GOV
    assert (found.graph_url, found.authority_url) == ("https://graph.microsoft.us", "https://login.microsoftonline.us")


@pytest.mark.parametrize("authority", GOVERNMENT_AUTHORITIES)
def test_an_authority_takes_its_tokens_to_its_own_graph(authority: str) -> None:
    """`AZURE_AUTHORITY_HOST` of a national cloud never sends a token to the global one."""
    found = endpoints_for(None, authority)

    assert (found.graph_url, found.authority_url) == ("https://graph.microsoft.us", "https://login.microsoftonline.us")


@pytest.mark.parametrize(
    ("graph", "authority", "cloud"),
    [
        (None, None, Cloud.GLOBAL),
        ("", "", Cloud.GLOBAL),
        ("https://graph.microsoft.com/v1.0/", "https://login.windows.net/", Cloud.GLOBAL),
        ("https://dod-graph.microsoft.us", None, Cloud.US_DOD),
        ("https://DoD-Graph.microsoft.us/", "https://login.microsoftonline.us/", Cloud.US_DOD),
        ("https://graph.microsoft.us/", "login.microsoftonline.us", Cloud.US_GOV),
    ],
)
def test_what_belongs_together_is_taken(graph: str | None, authority: str | None, cloud: Cloud) -> None:
    """Both may be named, or one, or neither; what is used is the cloud's own spelling."""
    found = endpoints_for(graph, authority)

    assert (found.cloud, found.graph_url, found.authority_url) == (cloud, cloud.graph_root, cloud.authority)


@pytest.mark.parametrize(
    ("graph", "authority"),
    [
        ("https://graph.microsoft.us/", "https://login.microsoftonline.com"),
        ("https://graph.microsoft.com", "https://LOGIN.microsoftonline.us/"),
        ("https://dod-graph.microsoft.us", "https://login.windows.net"),
        ("https://graph.microsoft.com", "https://login.partner.microsoftonline.cn"),
        ("https://microsoftgraph.chinacloudapi.cn", "https://login.microsoftonline.com"),
        ("https://graph.microsoft.com", "https://login.sovcloud-identity.de"),
        ("https://graph.microsoft.com", "https://login.microsoftonline.de"),
        ("https://canary.graph.microsoft.us", "https://login.microsoftonline.com"),
        ("https://graph.microsoft.de", "https://login.microsoftonline.com"),
        ("https://graph.azure.us", "https://login.windows.net"),
        ("https://graph.microsoft.com", "https://eastus.login.microsoftonline.us"),
        ("https://graph.microsoft.us", "https://contoso.ciamlogin.com"),
        ("https://graph.microsoft.eaglex.ic.gov", "https://login.microsoftonline.us"),
    ],
)
def test_two_clouds_are_not_mixed(graph: str, authority: str) -> None:
    """The secret of one has no business in the other."""
    with pytest.raises(UsageError, match="signs in to"):
        endpoints_for(graph, authority)


@pytest.mark.parametrize(
    ("graph", "authority"),
    [
        ("https://graph.contoso.com", None),
        (None, "https://login.contoso.com"),
        (None, "https://login.sovcloud-identity.fr"),
        ("https://graph.microsoft.us.contoso.com", None),
        ("https://graph.microsoft.com:8443", None),
        ("https://graph.microsoft.com/beta", None),
        ("https://graph.microsoft.com", "https://login.microsoftonline.com/contoso.com"),
        ("https://127.0.0.1:8443", None),
        ("https://127.0.0.1:8443", "https://login.microsoftonline.com"),
        ("https://graph.microsoft.com", "https://localhost:8443"),
        ("https://[::1]:8443", "https://login.contoso.com"),
    ],
)
def test_where_a_host_belongs_is_not_guessed(graph: str | None, authority: str | None) -> None:
    """An unknown host beside none, a pretend tenant beside a real cloud, a port or path where none belongs."""
    with pytest.raises(UsageError):
        endpoints_for(graph, authority)


@pytest.mark.parametrize(
    "address",
    [
        "https://graph\u3002microsoft.us",
        "https://graph.microsoft.\uff55\uff53",
        "https://graph%2Emicrosoft.us",
        "https://graph.microsoft.us\\@login.contoso.com",
        "https://user@graph.microsoft.us",
        "https://graph.microsoft.us?x=1",
        "https://graph.microsoft.us#x",
        "http://graph.microsoft.us",
        "https://graph.microsoft.us:0",
        "https://graph.microsoft.us:99999",
        "https://graph. microsoft.us",
        "https://graph.\nmicrosoft.us",
        "https://",
        "://",
        "https://graph..microsoft.us",
        "https:/graph.microsoft.us",
        "https:///graph.microsoft.us",
        "https:graph.microsoft.us",
        "https://graph.contoso.com/@graph.microsoft.us",
        "https://127.1",
        "https://2130706433",
        "https://0x7f.1",
        "https://graph.microsoft.1",
    ],
)
def test_an_address_that_is_read_in_two_ways_is_none(address: str) -> None:
    """Letters that a resolver folds, escapes, credentials, line breaks: a sentence, in both places."""
    with pytest.raises(UsageError):
        endpoints_for(address, "https://login.microsoftonline.us")
    with pytest.raises(UsageError):
        endpoints_for("https://graph.microsoft.us", address)


@pytest.mark.parametrize(
    ("graph", "authority"),
    [
        ("https://microsoftgraph.chinacloudapi.cn/", None),
        (None, "https://login.chinacloudapi.cn"),
        (None, "https://login.partner.microsoftonline.cn/"),
        ("https://microsoftgraph.chinacloudapi.cn", "https://login.partner.microsoftonline.cn"),
        ("MicrosoftGraph.ChinaCloudAPI.cn", None),
    ],
)
def test_where_passes_do_not_exist_nobody_is_asked(graph: str | None, authority: str | None) -> None:
    """China, with the date of what says so."""
    with pytest.raises(UsageError) as caught:
        endpoints_for(graph, authority)

    assert "China" in caught.value.message
    assert "2026-08-20" in caught.value.hint


@pytest.mark.parametrize(
    ("graph", "authority", "words", "date"),
    [
        (None, "login.sovcloud-identity.fr", "Bleu", "2026-08-20"),
        (None, "HTTPS://Login.SovCloud-Identity.DE/", "Delos", "2026-08-20"),
        (None, "https://login.sovcloud-identity.sg/", "Singapore", "2026-08-20"),
        ("https://graph.sovcloud-identity.fr/v1.0", "https://login.sovcloud-identity.fr", "Bleu", "2026-08-20"),
        (None, "https://login.microsoftonline.de", "Germany", "2021-10-29"),
        ("https://graph.microsoft.de", None, "Germany", "2021-10-29"),
        ("https://graph.microsoft.de/", "https://login.microsoftonline.de/", "Germany", "2021-10-29"),
        ("https://gateway.contoso.com", "https://login.sovcloud-identity.sg", "Singapore", "2026-08-20"),
        ("https://gateway.contoso.com", "https://login.chinacloudapi.cn", "China", "2026-08-20"),
        ("https://canary.microsoftgraph.chinacloudapi.cn", None, "China", "2026-08-20"),
        (None, "https://login.azure.cn", "China", "2026-08-20"),
    ],
)
def test_other_clouds_without_passes_are_named_with_the_date_of_what_says_so(
    graph: str | None, authority: str | None, words: str, date: str
) -> None:
    """Not as a slip in an address, whose remedy would be another address."""
    with pytest.raises(UsageError) as caught:
        endpoints_for(graph, authority)

    assert words in caught.value.message
    assert date in caught.value.hint
    assert "nothing was sent" in caught.value.hint


def test_addresses_of_ones_own_are_kept_and_tidied() -> None:
    """A gateway with a path, and a pretend tenant: slash and version go, port and path stay."""
    gateway = endpoints_for("https://Gate.contoso.com/graph/v1.0/", "https://gate.contoso.com/login/")
    pretend = endpoints_for("https://127.0.0.1:8443/", "https://127.0.0.1:8443")
    sixth = endpoints_for("https://[::1]:8443/", "https://[::1]:8443")

    assert (gateway.graph_url, gateway.authority_url) == (
        "https://gate.contoso.com/graph",
        "https://gate.contoso.com/login",
    )
    assert pretend.graph_url == pretend.authority_url == "https://127.0.0.1:8443"
    assert sixth.graph_url == "https://[::1]:8443"
    assert gateway.cloud is pretend.cloud is sixth.cloud is None


@pytest.mark.parametrize(
    "here",
    ["localhost", "LOCALHOST.", "127.0.0.2", "[::1]", "0.0.0.0", "[::ffff:127.0.0.1]", "[::]"],  # noqa: S104 - nothing binds to it
)
def test_this_computer_is_known_in_every_spelling(here: str) -> None:
    """A token of a real tenant does not go to whatever listens here."""
    with pytest.raises(UsageError, match="on this computer"):
        endpoints_for(f"https://{here}:8443", "https://login.microsoftonline.com")


@pytest.mark.parametrize(
    "address",
    [
        "http://login.microsoftonline.com",
        "https:/login.microsoftonline.com",
        "https://ann@login.microsoftonline.com",
        "https://login.microsoftonline.com/contoso.com/oauth2/v2.0/token",
        "https://127.1",
        "https://l\u00f6gin.example.com",
        "AzureUSGovernment",
    ],
)
@pytest.mark.parametrize(("graph", "setting"), [(True, "BULKTAP_GRAPH_URL"), (False, "AUTHORITY")])
def test_an_address_that_cannot_be_used_leads_to_its_variable(address: str, graph: bool, setting: str) -> None:
    """It is set somewhere, and whoever reads the sentence may not know by whom."""
    text = address.replace("login.microsoftonline.com", "graph.microsoft.com") if graph else address

    with pytest.raises(UsageError) as caught:
        endpoints_for(text if graph else None, None if graph else text)

    assert setting in with_options(caught.value.hint)
