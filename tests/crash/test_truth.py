"""The truth of a tenant that goes on acting after its answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msal
import pytest
import requests
from harness.tenants import TenantProcess

if TYPE_CHECKING:
    from pathlib import Path


def try_to_create(tenant: TenantProcess, user: str) -> None:
    """Sign in and ask for a pass, whatever is answered."""
    access = tenant.access
    with requests.Session() as session:
        session.trust_env, session.verify = False, access["BULKTAP_CA_BUNDLE"]
        application = msal.ConfidentialClientApplication(
            access["AZURE_CLIENT_ID"],
            client_credential=access["AZURE_CLIENT_SECRET"],
            authority=f"{access['BULKTAP_AUTHORITY_URL']}/{access['AZURE_TENANT_ID']}",
            instance_discovery=False,
            http_client=session,
        )
        token = application.acquire_token_for_client(["https://graph.microsoft.com/.default"])["access_token"]
        url = f"{access['BULKTAP_GRAPH_URL']}/v1.0/users/{user}/authentication/temporaryAccessPassMethods"
        headers = {"Authorization": f"Bearer {token}", "client-request-id": "run-1/7"}
        assert session.post(url, json={}, headers=headers, timeout=60).status_code >= 400


@pytest.mark.parametrize("fault", ["late-429", "late-503", "late-504", "late-html", "late-outer-503"])
def test_the_settled_truth_has_what_landed_last(tmp_path: Path, fault: str) -> None:
    """Before it lands the truth says that it will; the settled truth knows whose it is and what it killed."""
    users = [{"userPrincipalName": "adele@contoso.com", "accessPass": {"lifetimeInMinutes": 480}}]
    weather = f"fair,{fault}=1,late-low=0.3,late-high=0.3"
    with TenantProcess(tmp_path, users, "--weather", weather, "--latency", "0") as tenant:
        try_to_create(tenant, "adele@contoso.com")
        settled = tenant.settled_truth()

    [user] = settled.users.values()
    killed, landed = user.history
    [attempt] = settled.attempts
    assert (landed.late, landed.client_request_id, landed.creator) == (True, "run-1/7", settled.client_id)
    assert attempt.finished is not None
    assert attempt.lands == landed.created > attempt.finished
    assert (killed.died, killed.ended_by) == (landed.created, f"replaced by {landed.pass_id}")
    assert (settled.lands_by, user.current_pass_id) == (None, landed.pass_id)


pytestmark = pytest.mark.long
