"""A computer that Azure Arc connects: whoever wants a token reads the key file that the agent names."""

from __future__ import annotations

import json
import os
import sys
import uuid
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

import pytest
from sign_in_world import Keypair, serving, tenant_with, tokens_of

from bulktap.cli.setting_options import with_options
from bulktap.graph.sign_in import ManagedIdentityCredentials
from bulktap.model.errors import SignInFailed

if TYPE_CHECKING:
    from collections.abc import Iterator

CLIENT = "11111111-2222-3333-4444-555555555555"
# MSAL (1.39, managed_identity.py) takes no key file from elsewhere.
if sys.platform == "win32":
    PLACE = Path(os.path.expandvars(r"%ProgramData%\AzureConnectedMachineAgent\Tokens"))
else:
    PLACE = Path("/var/opt/azcmagent/tokens")


@dataclass
class Agent:
    """The agent, what it gives, and what it was asked."""

    key_file: Path
    root: str = ""
    token: str = field(default_factory=lambda: Keypair().token({"tid": "t"}))
    asked: list[dict[str, list[str]]] = field(default_factory=list)


@pytest.fixture
def agent(monkeypatch: pytest.MonkeyPatch) -> Iterator[Agent]:
    """An agent on this machine, with a key file where agents have theirs."""
    made = [one for one in (PLACE, PLACE.parent) if not one.exists()]
    try:
        PLACE.mkdir(parents=True, exist_ok=True)
        here = Agent(PLACE / f"{uuid.uuid4()}.key")
        here.key_file.write_text("what only members of the group may read")
    except OSError as error:
        pytest.skip(f"a key file in {PLACE} takes an administrator: {error.strerror}")

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            here.asked.append(parse_qs(urlsplit(self.path).query))
            proven = self.headers["Authorization"] == f"Basic {here.key_file.read_text()}"
            body = {"access_token": here.token, "expires_in": "3600", "token_type": "Bearer", "resource": "r"}
            data = json.dumps(body).encode() if proven else b""
            self.send_response(200 if proven else 401)
            self.send_header("Content-Type", "application/json")
            self.send_header("WWW-Authenticate", f"Basic realm={here.key_file}")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_args: object) -> None:
            """Say nothing."""

    try:
        with serving(Handler) as here.root:
            for name in ("IDENTITY_HEADER", "MSI_ENDPOINT", "AZURE_POD_IDENTITY_AUTHORITY_HOST"):
                monkeypatch.delenv(name, raising=False)
            monkeypatch.setenv("IDENTITY_ENDPOINT", f"{here.root}/token")
            monkeypatch.setenv("IMDS_ENDPOINT", here.root)
            yield here
    finally:
        here.key_file.unlink()
        for one in made:
            one.rmdir()


def test_whoever_reads_the_key_file_is_given_a_token_of_the_one_identity(agent: Agent) -> None:
    """Asked for the name of the file, and with what is in it; for any other identity the agent gives this one.

    MSAL does not let that through. One test, since two at once would remove each other's folder.
    """
    with tenant_with() as service:
        tokens = tokens_of(ManagedIdentityCredentials(), service)
        tokens.sign_in()
        assert tokens.token().reveal() == agent.token
        assert [request["resource"] for request in agent.asked] == [[service.graph_url]] * 2

        with pytest.raises(SignInFailed) as caught:
            tokens_of(ManagedIdentityCredentials("", CLIENT), service).sign_in()

    assert agent.asked[-1]["client_id"] == [CLIENT]
    assert "has one identity" in caught.value.message
    assert "AZURE_CLIENT_ID" in with_options(caught.value.hint)
    assert "client-id" in with_options(caught.value.hint)
