"""A plain HTTPS client that asks for everything the pretend tenant serves, by itself and in batches."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from contract.world import GROUP, GUEST, PUPILS, UNIT

if TYPE_CHECKING:
    from collections.abc import Mapping

    import requests
    from contract.world import World

ROOT_POLICY = "/policies/authenticationMethodsPolicy"
POLICY = f"{ROOT_POLICY}/authenticationMethodConfigurations/TemporaryAccessPass"
ADVANCED = {"ConsistencyLevel": "eventual"}
"""What counts need, and searches."""
POLICY_TYPE = "#microsoft.graph.temporaryAccessPassAuthenticationMethodConfiguration"
READS = (
    "/organization",
    "/organization?$select=id,displayName,verifiedDomains",
    "/users?$top=2",
    "/users?$filter=startswith(displayName,'A')&$select=id,displayName,accountEnabled,identities,userType,creationType",
    f"/users?$filter=userPrincipalName%20in%20('{PUPILS[0]}','{PUPILS[1]}')&$top=15",
    f"/users/{PUPILS[0]}",
    f"/users/{GUEST.replace('#', '%23')}?$select=id,userPrincipalName,userType,externalUserState,identities",
    f"/users/{PUPILS[0]}/authentication/temporaryAccessPassMethods",
    f"/users/{PUPILS[0]}/authentication/methods",
    f"/users/{PUPILS[0]}/memberOf",
    f"/users/{PUPILS[0]}/transitiveMemberOf",
    POLICY,
    ROOT_POLICY,
    f"{ROOT_POLICY}/authenticationMethodConfigurations",
    f"{ROOT_POLICY}/authenticationMethodConfigurations/Fido2",
    "/users/$count",
    "/groups/$count",
    "/groups?$filter=displayName%20eq%20'Class%207A'",
    f"/groups/{GROUP}",
    f"/groups/{GROUP}/members",
    f"/groups/{GROUP}/transitiveMembers?$select=id,displayName&$top=2",
    "/directory/administrativeUnits",
    f"/directory/administrativeUnits/{UNIT}",
    f"/directory/administrativeUnits/{UNIT}/members",
)
"""Every resource, with the query options that clients use."""


class PlainClient:
    """Requests with a token, and nothing that a library would make of the replies."""

    def __init__(self, world: World, session: requests.Session) -> None:
        self._world = world
        self._session = session
        self._token = world.token()

    def send(self, method: str, url: str, body: object = None, **headers: str) -> requests.Response:
        """Send a request to a URL below the version root."""
        return self.send_to(f"{self._world.graph_url}{url}", method, body, headers)

    def send_to(self, url: str, method: str, body: object, headers: Mapping[str, str]) -> requests.Response:
        """Send a request to a whole URL."""
        told = {"Authorization": f"Bearer {self._token}", **headers}
        return self._session.request(method, url, json=body, headers=told, timeout=60)

    def batch(self, *steps: dict[str, Any]) -> dict[str, dict[str, Any]]:
        """Send a batch of steps whose ids are their numbers, and return the answers by id."""
        numbered = [{"id": str(number), **step} for number, step in enumerate(steps, 1)]
        reply = self.send("POST", "/$batch", {"requests": numbered}).json()
        return {one["id"]: one for one in reply["responses"]}


def create_step(user: str, **order: object) -> dict[str, Any]:
    """Return the step that creates a pass."""
    url = f"/users/{user}/authentication/temporaryAccessPassMethods"
    return {"method": "POST", "url": url, "headers": {"Content-Type": "application/json"}, "body": order}


def drive(client: PlainClient, graph_url: str) -> None:
    """Ask for everything, follow a page's link, and create, read and delete passes."""
    _passes(client, PUPILS[0])
    organization = client.send("GET", "/organization").json()["value"][0]
    for url in (*READS, f"/organization/{organization['id']}"):
        client.send("GET", url, **ADVANCED)
    page = client.send("GET", READS[2]).json()
    client.send("GET", page["@odata.nextLink"].removeprefix(graph_url))
    client.batch(
        *({"method": "GET", "url": url, "headers": ADVANCED} for url in READS[:10]),
        create_step(PUPILS[1], lifetimeInMinutes=60),
    )
    client.batch(*({"method": "GET", "url": url, "headers": ADVANCED} for url in READS[10:]))
    (held,) = client.send("GET", f"{_passes_of(PUPILS[1])}").json()["value"]
    one = f"{_passes_of(PUPILS[1])}/{held['id']}"
    client.batch({"method": "GET", "url": one}, {"method": "DELETE", "url": one})
    client.send("PATCH", ROOT_POLICY, {"reconfirmationInDays": 30})
    longer = {"@odata.type": POLICY_TYPE, "maximumLifetimeInMinutes": 600}
    client.send("PATCH", POLICY, longer)
    client.send("DELETE", POLICY)
    patch = {"method": "PATCH", "url": POLICY, "headers": {"Content-Type": "application/json"}, "body": longer}
    client.batch(patch, {"method": "DELETE", "url": POLICY})


def _passes(client: PlainClient, user: str) -> None:
    for order in ({}, {"isUsableOnce": True}, {"startDateTime": "2099-01-01T08:00:00Z", "lifetimeInMinutes": 480}):
        created = client.send("POST", _passes_of(user), order).json()
        client.send("GET", f"{_passes_of(user)}/{created['id']}")
    client.send("DELETE", f"{_passes_of(user)}/{created['id']}")


def _passes_of(user: str) -> str:
    return f"/users/{user}/authentication/temporaryAccessPassMethods"
