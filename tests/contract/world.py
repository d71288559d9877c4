"""A small school as the tenant that every client is let loose on, behind a recorder."""

from __future__ import annotations

import copy
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import requests
from contract.recorder import Recorder
from whole_run import environment_of

from bulktap.simulator.embedded import EmbeddedSimulator
from bulktap.simulator.registration import DEFAULT_PERMISSIONS
from bulktap.simulator.server import SimulatorOptions
from bulktap.simulator.tenant_file import system_clock, tenant_from_json

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bulktap.simulator.tenant import Clock

PUPILS = tuple(f"{name}@contoso.com" for name in ("ann", "ben", "cleo", "dora"))
GUEST = "erin_fabrikam.com#EXT#@contoso.com"
GROUP, UNIT = "5f3c1f2e-70a4-4d0e-9d4e-0a2b7f6c1a01", "5f3c1f2e-70a4-4d0e-9d4e-0a2b7f6c1a02"
SCHOOL: dict[str, Any] = {
    "tenant": {
        "permissions": sorted(
            DEFAULT_PERMISSIONS | {"UserAuthenticationMethod.Read.All", "Policy.ReadWrite.AuthenticationMethod"}
        )
    },
    "policy": {"includeTargets": [{"id": GROUP, "targetType": "group"}]},
    "users": [
        *(
            {
                "userPrincipalName": upn,
                "displayName": upn.partition("@")[0].capitalize(),
                "givenName": upn.partition("@")[0].capitalize(),
                "surname": "Weil",
                "department": "Year 7",
                "createdDateTime": "2026-09-01T08:00:00+00:00",
                "groups": [GROUP],
                "methods": [{"kind": "passkey", "registeredMinutesAgo": 5}],
            }
            for upn in PUPILS
        ),
        {"userPrincipalName": GUEST},
        {"userPrincipalName": "head@contoso.com", "protected": True},
        {"userPrincipalName": "rita@contoso.com", "oddities": ["restricted"]},
    ],
    "groups": [{"id": GROUP, "displayName": "Class 7A", "members": list(PUPILS)}],
    "administrativeUnits": [{"id": UNIT, "displayName": "North campus", "members": list(PUPILS)}],
}


@dataclass(frozen=True)
class World:
    """The tenant, the recorder in front of it, and what clients need to know of both."""

    simulator: EmbeddedSimulator
    recorder: Recorder
    ca_file: Path
    """The certificates of both."""

    @property
    def graph_url(self) -> str:
        """The version root, by way of the recorder."""
        return f"{self.recorder.url}/v1.0"

    @property
    def token_url(self) -> str:
        """Where tokens are issued."""
        return f"{self.simulator.authority_url}/{self.simulator.tenant_id}/oauth2/v2.0/token"

    @property
    def environment(self) -> dict[str, str]:
        """The variables by which bulktap finds the tenant."""
        found = environment_of(self.simulator)
        return found | {"BULKTAP_GRAPH_URL": self.recorder.url, "BULKTAP_CA_BUNDLE": str(self.ca_file)}

    def token(self, scope: str = "https://graph.microsoft.com/.default") -> str:
        """Return a fresh token of the application's."""
        form = {
            "grant_type": "client_credentials",
            "client_id": self.simulator.client_id,
            "client_secret": self.simulator.client_secret,
            "scope": scope,
        }
        with self.session() as session:
            return str(session.post(self.token_url, data=form, timeout=60).json()["access_token"])

    def session(self) -> requests.Session:
        """Return a plain client that trusts both certificates."""
        session = requests.Session()
        session.trust_env = False  # the environment's certificate bundle would win over ours
        session.verify = str(self.ca_file)
        return session


@contextmanager
def open_world(limits: str = "none", *, clock: Clock = system_clock, **changes: Any) -> Iterator[World]:
    """Open the tenant; changes replace parts of `SCHOOL`."""
    tenant = tenant_from_json(copy.deepcopy(SCHOOL) | changes, clock=clock, random=None)
    options = SimulatorOptions(limits=limits)
    with (
        tempfile.TemporaryDirectory() as folder,
        EmbeddedSimulator(tenant, options) as simulator,
        Recorder(simulator) as recorder,
    ):
        ca_file = Path(folder, "both.pem")
        ca_file.write_text(simulator.ca_pem + recorder.ca_pem, "ascii")
        yield World(simulator, recorder, ca_file)
