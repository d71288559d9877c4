"""Signing in through MSAL: what wins, what fails, and what is said then."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING

import pytest
from hurried_clock import HurriedClock
from scripted.stand_ins import Listener
from whole_run import USERS, Program

from bulktap.cli.setting_options import with_options
from bulktap.dispatch.look_ups import look_up
from bulktap.graph.sign_in import ClientSecretCredentials
from bulktap.graph.trust import Network
from bulktap.model.errors import ServiceUnreachable
from bulktap.model.passes import PassRequest, UserRef
from bulktap.model.plan import RosterRow
from bulktap.model.secret import Secret
from bulktap.operations.run_settings import AccessSettings, SendingSettings
from bulktap.operations.tenant_access import open_access
from bulktap.operations.tenant_questions import ask
from bulktap.roster.model import CheckedRow

if TYPE_CHECKING:
    from pathlib import Path

    from bulktap.simulator.embedded import EmbeddedSimulator

ROWS = [["User"], [USERS[0]]]


def test_our_ca_bundle_wins_over_those_of_other_programs(connected: Program, tmp_path: Path) -> None:
    """`requests` would let its own variables override the bundle that it is told to use; here they do not."""
    elsewhere = tmp_path / "other.pem"
    elsewhere.write_text("", "ascii")
    others = dict.fromkeys(("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE"), str(elsewhere))

    done = connected("apply", connected.roster(ROWS), "--yes", "--json", **others)

    assert done.json["counts"]["issued"] == 1


def test_a_server_that_the_bundle_does_not_vouch_for_gets_no_secret(
    connected: Program, service: EmbeddedSimulator, tmp_path: Path
) -> None:
    """Without the pretend tenant's certificate nothing reaches it."""
    import shutil

    import certifi

    bundle = tmp_path / "public.pem"
    shutil.copy(certifi.where(), bundle)

    done = connected("apply", connected.roster(ROWS), "--yes", "--json", code=7, BULKTAP_CA_BUNDLE=str(bundle))

    assert done.json["error"]["code"] == "sign-in-unreachable"
    assert "certificate is not trusted" in done.json["error"]["message"]
    assert "BULKTAP_CA_BUNDLE" in done.json["error"]["hint"]
    assert service.statistics()["token_requests"] == 0


def test_a_wrong_client_secret_is_exit_5_and_is_not_repeated_on_the_screen(connected: Program) -> None:
    """The message says what is wrong with it, and the secret itself appears nowhere."""
    done = connected("apply", connected.roster(ROWS), "--yes", code=5, AZURE_CLIENT_SECRET="no-such-secret-7")

    assert "secret" in done.err
    assert "no-such-secret-7" not in done.err + done.out


def test_a_tenant_named_by_its_domain_is_the_one_with_its_id(connected: Program, service: EmbeddedSimulator) -> None:
    """Lock, plan and journal are bound to the tenant, however it was named; the sign-in service tells its id."""
    planned = connected("plan", connected.roster(ROWS), "--json", AZURE_TENANT_ID="contoso.com")
    assert planned.json["tenant"]["id"] == service.tenant_id

    done = connected("apply", planned.json["run"], "--yes", "--json")

    assert done.json["counts"]["issued"] == 1


def test_what_is_missing_to_sign_in_is_named_all_at_once(program: Program) -> None:
    """The operator need not run the program three times to learn three names."""
    done = program("apply", program.roster(ROWS), "--yes", code=2)

    assert "AZURE_TENANT_ID, AZURE_CLIENT_ID, AZURE_CLIENT_SECRET" in done.err
    assert "--simulate" in done.err


@pytest.mark.parametrize("asked", [(), ("--sign-in", "secret")])
def test_where_the_secret_may_come_from_is_told_where_it_alone_is_missing(
    connected: Program, asked: tuple[str, ...]
) -> None:
    """Tenant and app are known, so that nothing is to be done about them."""
    done = connected("doctor", *asked, "--json", code=2, AZURE_CLIENT_SECRET="")

    hint = next(one["to_do"] for one in done.json["checks"] if one["check"] == "sign-in-way")
    for place in ("--client-secret-file", "--client-secret-command", "asked for", "certificate", "--simulate"):
        assert place in hint
    assert "asks for tenant and app" not in hint


def test_an_endpoint_without_https_is_refused(connected: Program) -> None:
    """Tokens travel over TLS only, on loopback too."""
    done = connected("apply", connected.roster(ROWS), "--yes", code=2, BULKTAP_GRAPH_URL="http://127.0.0.1:1")

    assert "https" in done.err


def test_an_expired_token_is_refreshed_once_on_the_way(connected: Program, service: EmbeddedSimulator) -> None:
    """The service turns an old token down (401): the batch goes out again with a fresh one."""
    connected("apply", connected.roster(ROWS), "--yes", "--json")
    service.revoke_tokens()

    done = connected("apply", connected.roster(ROWS), "--yes", "--existing", "replace", "--json")

    assert done.json["counts"]["replaced"] == 1


def test_a_sign_in_service_that_cannot_be_reached_is_exit_7(connected: Program) -> None:
    """Whoever runs a script can tell a network from a wrong secret; the address and the cause are named."""
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
    url = f"https://localhost:{port}"

    done = connected("plan", connected.roster(ROWS), "--json", code=7, BULKTAP_AUTHORITY_URL=url)

    error = done.json["error"]
    assert error["code"] == "sign-in-unreachable"
    assert f"localhost:{port}" in error["message"]
    assert "port closed" in error["message"]
    assert "BULKTAP_AUTHORITY_URL" in error["hint"]


@pytest.fixture
def closed_port() -> str:
    """The address of a port at which nobody listens."""
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        return f"https://localhost:{unused.getsockname()[1]}"


def test_a_closed_port_in_place_of_graph_is_said_within_a_minute(service: EmbeddedSimulator, closed_port: str) -> None:
    """Signing in works; then half a minute of trying, and the address, the cause and the setting are said."""
    credentials = ClientSecretCredentials(service.tenant_id, service.client_id, Secret(service.client_secret))
    settings = AccessSettings(credentials, Network(service.ca_file), closed_port, service.authority_url)
    access, clock, listener = open_access(settings), HurriedClock(), Listener()
    access.sign_in(listener.warn, listener.warn)
    source = RosterRow("roster.csv", None, 2, (USERS[0],))
    row = CheckedRow(source, UserRef(USERS[0]), PassRequest(UserRef(USERS[0])), None, None, None, ())

    with pytest.raises(ServiceUnreachable) as caught:
        ask(look_up, [row], access, SendingSettings(), clock, listener)

    assert clock.monotonic() < 60
    assert closed_port.removeprefix("https://") in caught.value.message
    assert "BULKTAP_GRAPH_URL" in with_options(caught.value.hint)
    assert any("Trying again" in warning for warning in listener.warnings)


@pytest.mark.long
def test_a_closed_port_in_place_of_graph_is_exit_7(connected: Program, closed_port: str) -> None:
    """The whole command tries for half a minute by the computer's clock, and says so meanwhile."""
    done = connected("plan", connected.roster(ROWS), "--json", code=7, BULKTAP_GRAPH_URL=closed_port)

    error = done.json["error"]
    assert error["code"] == "unreachable"
    assert closed_port.removeprefix("https://") in error["message"]
    assert "BULKTAP_GRAPH_URL" in error["hint"]
    assert "Trying again" in done.err
