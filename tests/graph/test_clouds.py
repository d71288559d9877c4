from __future__ import annotations

import pytest

from bulktap.graph.clouds import default_scope
from bulktap.model.cloud import Cloud


@pytest.mark.parametrize("cloud", list(Cloud))
def test_every_cloud_asks_for_its_own_graph(cloud: Cloud) -> None:
    """Tokens of one cloud are worthless in another."""
    assert default_scope(cloud.graph_root) == f"{cloud.graph_root}/.default"
    assert cloud.authority.startswith("https://login.")


def test_the_roots_are_those_of_the_documentation() -> None:
    """GCC High and DoD share an authority, not a Graph."""
    assert Cloud.GLOBAL.graph_root == "https://graph.microsoft.com"
    assert Cloud.US_GOV.authority == Cloud.US_DOD.authority == "https://login.microsoftonline.us"
    assert Cloud.US_GOV.graph_root != Cloud.US_DOD.graph_root


def test_passes_exist_everywhere_but_in_china() -> None:
    """The schema of the cloud operated by 21Vianet does not know them."""
    assert [cloud for cloud in Cloud if not cloud.supports_passes] == [Cloud.CHINA]


def test_a_trailing_slash_does_not_double() -> None:
    """Addresses given by hand have one at times."""
    assert default_scope("https://localhost:8443/") == "https://localhost:8443/.default"
