"""Azure's command line, `az rest`, signed in with a client secret and with a certificate."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
from contract.clients.by_hand import POLICY, POLICY_TYPE, ROOT_POLICY
from contract.world import GROUP, PUPILS, UNIT

if TYPE_CHECKING:
    from pathlib import Path

    from contract.world import World

AZ = shutil.which(os.environ.get("BULKTAP_AZ", ""))
"""Only where it is asked for: its two dozen commands take a minute and more."""
_GRAPH = "https://graph.microsoft.com"
_PASSES = f"/users/{PUPILS[0]}/authentication/temporaryAccessPassMethods"


def why_not() -> str | None:
    """Return why it cannot be tried; None where it can."""
    return None if AZ else "it was not asked for: .ci/azure-cli installs and tries it, or BULKTAP_AZ names it"


def version() -> str:
    """Return the program's version."""
    done = subprocess.run([str(AZ), "version", "--output", "json"], capture_output=True, text=True, check=True)
    return str(json.loads(done.stdout)["azure-cli"])


@dataclass(frozen=True)
class AzureCli:
    """The program with a configuration of its own, in which the pretend tenant is a cloud."""

    world: World
    folder: Path

    def __call__(self, *words: str) -> Any:
        """Run it and return what it prints; None for nothing.

        Raises:
            subprocess.CalledProcessError: it failed.
        """
        environment = {
            **os.environ,
            "AZURE_CONFIG_DIR": str(self.folder),
            "AZURE_CORE_COLLECT_TELEMETRY": "false",
            "AZURE_CORE_INSTANCE_DISCOVERY": "false",  # asks Microsoft's own sign-in about the tenant's
            "REQUESTS_CA_BUNDLE": str(self.world.ca_file),
        }
        done = subprocess.run(
            [str(AZ), *words, "--output", "json", "--only-show-errors"],
            env=environment,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        if done.returncode != 0:
            raise subprocess.CalledProcessError(done.returncode, words, done.stdout, done.stderr)
        return json.loads(done.stdout) if done.stdout.strip() else None

    def rest(self, method: str, url: str, body: object = None, *, advanced: bool = False) -> Any:
        """Send a request to a URL below the version root; `advanced` is what counts need."""
        told = () if body is None else ("--body", json.dumps(body))
        headers = ("--headers", "ConsistencyLevel=eventual") if advanced else ()
        whole = f"{self.world.graph_url}{url}"
        return self("rest", "--method", method, "--url", whole, "--resource", _GRAPH, *headers, *told)


def _signed_in(world: World, folder: Path, *credential: str) -> AzureCli:
    """Make the pretend tenant's sign-in known, use it, and sign the application in; there are no subscriptions."""
    az, root = AzureCli(world, folder), world.simulator.authority_url
    az(
        *("cloud", "register", "--name", "Pretend", "--skip-endpoint-discovery"),
        *("--endpoint-active-directory", root, "--endpoint-resource-manager", root),
        *("--endpoint-active-directory-resource-id", _GRAPH, "--endpoint-microsoft-graph-resource-id", _GRAPH),
    )
    az("cloud", "set", "--name", "Pretend")
    az(
        *("login", "--service-principal", "--username", world.simulator.client_id, *credential),
        *("--tenant", world.simulator.tenant_id, "--skip-subscription-discovery"),
    )
    return az


def drive(world: World, folder: Path, certificate: Path) -> dict[str, Any]:
    """Carry out every operation, and return what it found; `certificate` is PEM, with its key."""
    az = _signed_in(world, folder / "by secret", "--password", world.simulator.client_secret)
    user = f"/users/{PUPILS[0]}"
    (organization,) = az.rest("get", "/organization")["value"]
    names = ",".join(f"'{name}'" for name in PUPILS[:2])
    found = {
        "organization": organization["displayName"],
        "organizationById": az.rest("get", f"/organization/{organization['id']}")["displayName"],
        "user": az.rest("get", f"{user}?$select=id,displayName")["displayName"],
        "unknown": _code(az, "get", "/users/nobody@contoso.com"),
        "users": len(az.rest("get", "/users")["value"]),
        "filtered": len(az.rest("get", f"/users?$filter=userPrincipalName in ({names})")["value"]),
        "methods": len(az.rest("get", f"{user}/authentication/methods")["value"]),
        "userCount": az.rest("get", "/users/$count", advanced=True),
        "memberOf": len(az.rest("get", f"{user}/memberOf")["value"]),
        "memberships": len(az.rest("get", f"{user}/transitiveMemberOf")["value"]),
        "groups": len(az.rest("get", "/groups?$filter=displayName eq 'Class 7A'")["value"]),
        "group": az.rest("get", f"/groups/{GROUP}")["displayName"],
        "groupCount": az.rest("get", "/groups/$count", advanced=True),
        "directMembers": len(az.rest("get", f"/groups/{GROUP}/members")["value"]),
        "members": len(az.rest("get", f"/groups/{GROUP}/transitiveMembers")["value"]),
        "units": len(az.rest("get", "/directory/administrativeUnits")["value"]),
        "unit": az.rest("get", f"/directory/administrativeUnits/{UNIT}")["displayName"],
        "unitMembers": len(az.rest("get", f"/directory/administrativeUnits/{UNIT}/members")["value"]),
    }
    az = _signed_in(world, folder / "by certificate", "--certificate", str(certificate))
    return found | {"passes": _passes(az), "batch": _batch(az), **_policy(az)}


def _passes(az: AzureCli) -> dict[str, Any]:
    created = az.rest("post", _PASSES, {"lifetimeInMinutes": 60, "isUsableOnce": False})
    listed = az.rest("get", _PASSES)["value"]
    usability = az.rest("get", f"{_PASSES}/{created['id']}")["methodUsabilityReason"]
    az.rest("delete", f"{_PASSES}/{created['id']}")
    return {
        "passcode": len(created["temporaryAccessPass"]),
        "listed": len(listed),
        "usability": usability,
        "afterwards": len(az.rest("get", _PASSES)["value"]),
        "refused": _code(az, "post", _PASSES, {"lifetimeInMinutes": 1440}),
    }


def _policy(az: AzureCli) -> dict[str, Any]:
    maxima = [az.rest("get", POLICY)["maximumLifetimeInMinutes"]]
    az.rest("patch", POLICY, {"@odata.type": POLICY_TYPE, "maximumLifetimeInMinutes": 600})
    maxima.append(az.rest("get", POLICY)["maximumLifetimeInMinutes"])
    az.rest("delete", POLICY)
    maxima.append(az.rest("get", POLICY)["maximumLifetimeInMinutes"])
    az.rest("patch", ROOT_POLICY, {"reconfirmationInDays": 30})
    return {
        "policy": maxima,
        "methodPolicies": len(az.rest("get", f"{ROOT_POLICY}/authenticationMethodConfigurations")["value"]),
        "allMethodPolicies": len(az.rest("get", ROOT_POLICY)["authenticationMethodConfigurations"]),
    }


def _batch(az: AzureCli) -> list[int]:
    steps = [
        {"id": "1", "method": "GET", "url": f"/users/{PUPILS[1]}"},
        {"id": "2", "method": "GET", "url": "/users/nobody@contoso.com"},
        {
            "id": "3",
            "method": "POST",
            "url": f"/users/{PUPILS[1]}/authentication/temporaryAccessPassMethods",
            "headers": {"Content-Type": "application/json"},
            "body": {"isUsableOnce": True},
        },
    ]
    replies = {one["id"]: one["status"] for one in az.rest("post", "/$batch", {"requests": steps})["responses"]}
    return [replies[step["id"]] for step in steps]


def _code(az: AzureCli, method: str, url: str, body: object = None) -> str:
    """Return what it says of a request that the service refuses."""
    with pytest.raises(subprocess.CalledProcessError) as refused:
        az.rest(method, url, body)
    reply = az.world.recorder.exchanges[-1]
    assert isinstance(reply.reply_body, dict)
    told = reply.reply_body["error"]
    assert told["message"] in refused.value.stderr
    return f"{reply.status} {told['code']}"
