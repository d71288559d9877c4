"""Doctor names cause and remedy: the program against the pretend tenant, and stand-ins of what is in the way."""

from __future__ import annotations

import json
import threading
import zipfile
from dataclasses import replace
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

import pytest
from sign_in_world import NOW, Keypair, serving
from terminal_talk import talk
from whole_run import USERS, Program

from bulktap.cli.wrapping import width_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from bulktap.simulator.embedded import EmbeddedSimulator
    from bulktap.simulator.tenant import Tenant

pytestmark = pytest.mark.long  # whole runs, a process for each command

PASSES, POLICY = "627169a8-8c15-451c-861a-5b80e383de5c", "8e3bc81b-d2f3-4b7b-838c-32c88218d2f0"


def grant(tenant: Tenant, *permissions: str) -> None:
    """Grant the app just these."""
    tenant.registration = replace(tenant.registration, permissions=frozenset(permissions))


def no_consent(tenant: Tenant, _folder: Path) -> dict[str, str]:
    """The app is registered, and nobody has consented to anything."""
    grant(tenant)
    return {}


def wrong_secret(_tenant: Tenant, _folder: Path) -> dict[str, str]:
    """The secret's id was pasted in place of its value."""
    return {"AZURE_CLIENT_SECRET": "0f3b9a52-1d77-4a53-8a1e-6c1f9d0b2e44"}


def expired_secret(tenant: Tenant, _folder: Path) -> dict[str, str]:
    """The secret of two years ago."""
    tenant.registration = replace(tenant.registration, secret_ends=NOW - timedelta(days=3))
    return {}


def wrong_tenant(_tenant: Tenant, _folder: Path) -> dict[str, str]:
    """A domain of somebody else's."""
    return {"AZURE_TENANT_ID": "fabrikam.com"}


def wrong_app(_tenant: Tenant, _folder: Path) -> dict[str, str]:
    """The object id of the app was pasted in place of its application id."""
    return {"AZURE_CLIENT_ID": "0f3b9a52-1d77-4a53-8a1e-6c1f9d0b2e44"}


def app_disabled(tenant: Tenant, _folder: Path) -> dict[str, str]:
    """Somebody has switched the app off in the tenant."""
    tenant.registration = replace(tenant.registration, refuses={"application": 7000112})
    return {}


def reports_in_onedrive(_tenant: Tenant, folder: Path) -> dict[str, str]:
    """Documents are moved into OneDrive, as Windows does by itself."""
    place = folder / "OneDrive - Contoso" / "Documents"
    place.mkdir(parents=True)
    return {"BULKTAP_REPORTS": str(place / "reports")}


def reports_in_a_library(_tenant: Tenant, folder: Path) -> dict[str, str]:
    """A library of a team, which OneDrive keeps in a folder that has the organisation's name alone."""
    (folder / "Contoso").mkdir(parents=True)
    return {"BULKTAP_REPORTS": str(folder / "Contoso" / "reports"), "OneDriveCommercial": str(folder / "Contoso")}


def reports_in_a_cloud(_tenant: Tenant, folder: Path) -> dict[str, str]:
    """Where a Mac keeps the folders of all such programs."""
    place = folder / "Library" / "CloudStorage" / "SomeDrive-ann"
    place.mkdir(parents=True)
    return {"BULKTAP_REPORTS": str(place)}


def reports_in_git(_tenant: Tenant, folder: Path) -> dict[str, str]:
    """The folder of scripts is a work tree."""
    (folder / "scripts" / ".git").mkdir(parents=True)
    return {"BULKTAP_REPORTS": str(folder / "scripts" / "reports")}


def reports_below_a_file(_tenant: Tenant, folder: Path) -> dict[str, str]:
    """A file has the name of the folder above."""
    (folder / "taken").write_text("x")
    return {"BULKTAP_REPORTS": str(folder / "taken" / "reports")}


def reports_is_a_file(_tenant: Tenant, folder: Path) -> dict[str, str]:
    """Somebody named the roster in place of the folder."""
    (folder / "students.csv").write_text("User\n")
    return {"BULKTAP_REPORTS": str(folder / "students.csv")}


def china(_tenant: Tenant, _folder: Path) -> dict[str, str]:
    """A cloud without passes."""
    return {"BULKTAP_CLOUD": "china", **_NO_ADDRESSES}


def clouds_mixed(_tenant: Tenant, _folder: Path) -> dict[str, str]:
    """Addresses of two clouds."""
    mixed = {"BULKTAP_GRAPH_URL": "graph.microsoft.us", "AZURE_AUTHORITY_HOST": "login.microsoftonline.com"}
    return {**_NO_ADDRESSES, **mixed}


def expired_certificate(_tenant: Tenant, folder: Path) -> dict[str, str]:
    """Last year's certificate."""
    file = folder / "old.pem"
    old = Keypair(begins=timedelta(days=-400), ends=timedelta(days=-30))
    file.write_text(old.private() + old.public)
    return {"AZURE_CLIENT_SECRET": "", "AZURE_CLIENT_CERTIFICATE_PATH": str(file)}


def policy_off(tenant: Tenant, _folder: Path) -> dict[str, str]:
    """A new tenant: nobody has switched passes on."""
    tenant.policy = replace(tenant.policy, enabled=False)
    return {}


def optional_missing(tenant: Tenant, _folder: Path) -> dict[str, str]:
    """The policy may not be read."""
    grant(tenant, "UserAuthMethod-TAP.ReadWrite.All", "User.Read.All", "Organization.Read.All")
    return {}


def reads_only(tenant: Tenant, _folder: Path) -> dict[str, str]:
    """Somebody took the permission that the beta page names."""
    grant(tenant, "UserAuthMethod-TAP.Read.All", "User.Read.All")
    return {}


def clock_off(tenant: Tenant, _folder: Path) -> dict[str, str]:
    """This computer's clock is an hour slow."""
    tenant.clock_off = timedelta(hours=1)
    return {}


def clock_refuses_certificate(tenant: Tenant, folder: Path) -> dict[str, str]:
    """The clock is an hour slow, and the proof that a certificate signs is over before it arrives."""
    file, own = folder / "app.pem", Keypair(ends=timedelta(days=12, hours=1))
    file.write_text(own.private() + own.public)
    tenant.registration = replace(tenant.registration, certificates=(own.public,))
    tenant.clock_off = timedelta(hours=1)
    return {"AZURE_CLIENT_SECRET": "", "AZURE_CLIENT_CERTIFICATE_PATH": str(file)}


def nothing_set(_tenant: Tenant, _folder: Path) -> dict[str, str]:
    """No setting at all."""
    return {"AZURE_TENANT_ID": "", "AZURE_CLIENT_ID": "", "AZURE_CLIENT_SECRET": ""}


def secret_in_profile(_tenant: Tenant, folder: Path) -> dict[str, str]:
    """A profile with the secret in it."""
    own = folder / "config" / "bulktap"
    own.mkdir(parents=True)
    (own / "bulktap.toml").write_text('[profiles.default]\nclient-secret = "Zq8~wrongplace"\n')
    return {"XDG_CONFIG_HOME": str(folder / "config"), "APPDATA": str(folder / "config")}


def authorities_missing(_tenant: Tenant, folder: Path) -> dict[str, str]:
    """The file of authorities was taken away."""
    return {"BULKTAP_CA_BUNDLE": str(folder / "gone.pem")}


def authorities_of_nobody(_tenant: Tenant, folder: Path) -> dict[str, str]:
    """A page was saved in the place of the file, and all programs are told of it."""
    (folder / "page.pem").write_text("<html>Sign in to download</html>")
    return {
        "BULKTAP_CA_BUNDLE": "",
        "REQUESTS_CA_BUNDLE": "",
        "CURL_CA_BUNDLE": "",
        "SSL_CERT_FILE": str(folder / "page.pem"),
    }


def proxy_of_another_kind(_tenant: Tenant, _folder: Path) -> dict[str, str]:
    """A tunnel of SSH in place of a proxy."""
    return {"HTTPS_PROXY": "socks5://127.0.0.1:1", **_NO_ADDRESSES}


def proxy_without_a_host(_tenant: Tenant, _folder: Path) -> dict[str, str]:
    """A variable that was put together of an empty one."""
    return {"HTTPS_PROXY": "http://:8080", **_NO_ADDRESSES}


_NO_ADDRESSES = {"BULKTAP_GRAPH_URL": "", "BULKTAP_AUTHORITY_URL": "", "AZURE_AUTHORITY_HOST": "", "NO_PROXY": ""}
BROKEN_NETWORKS = [
    (authorities_missing, "trust", "BULKTAP_CA_BUNDLE"),
    (authorities_of_nobody, "trust", "SSL_CERT_FILE"),
    (proxy_of_another_kind, "proxy", "HTTPS_PROXY"),
    (proxy_without_a_host, "proxy", "HTTPS_PROXY"),
]

SITUATIONS: list[tuple[Callable[[Tenant, Path], dict[str, str]], int, str, str, tuple[str, ...]]] = [
    (no_consent, 5, "token", "wrong", ("no roles", "admin consent", PASSES, "/adminconsent?client_id=")),
    (wrong_secret, 5, "sign-in", "wrong", ("client secret is wrong", "7000215", "Use the secret's value")),
    (expired_secret, 5, "sign-in", "wrong", ("client secret has expired", "7000222", "Make a new client secret")),
    (wrong_tenant, 5, "sign-in", "wrong", ("does not know the tenant fabrikam.com", "AZURE_TENANT_ID")),
    (wrong_app, 5, "sign-in", "wrong", ("700016", "AZURE_CLIENT_ID", "Application (client) ID", "/adminconsent?")),
    (app_disabled, 5, "sign-in", "wrong", ("7000112", "Enabled for users to sign in?")),
    (reports_in_onedrive, 0, "reports-synchronised", "warn", ("OneDrive", "--reports")),
    (reports_in_a_library, 0, "reports-synchronised", "warn", ("OneDrive", "--reports")),
    (reports_in_a_cloud, 0, "reports-synchronised", "warn", ("a cloud service", "--reports")),
    (reports_in_git, 0, "reports-git", "warn", ("git work tree", ".gitignore")),
    (reports_below_a_file, 7, "reports", "wrong", ("is no folder", "--reports")),
    (reports_is_a_file, 7, "reports", "wrong", ("students.csv is no folder", "--reports")),
    (china, 2, "sign-in-way", "wrong", ("China", "2026-08-20")),
    (clouds_mixed, 2, "sign-in-way", "wrong", ("graph.microsoft.us", "login.microsoftonline.com")),
    (expired_certificate, 2, "sign-in-way", "wrong", ("old.pem", "expired on", "upload it")),
    (policy_off, 6, "policy", "wrong", ("switched off", "Authentication Policy Administrator")),
    (optional_missing, 0, "permission", "warn", ("Policy.Read.AuthenticationMethod", POLICY, "plan, apply", "Role")),
    (reads_only, 5, "permission", "wrong", ("UserAuthMethod-TAP.ReadWrite.All", PASSES, "makes none", "Privileged")),
    (clock_off, 0, "clock", "warn", ("60 minutes behind", "Set it")),
    (clock_refuses_certificate, 5, "sign-in", "wrong", ("700024", "clock of this computer")),
    (clock_refuses_certificate, 5, "clock", "warn", ("60 minutes behind", "Set it")),
    (clock_refuses_certificate, 5, "sign-in-expires", "warn", ("ends in 12 days", "Upload a new one")),
    (nothing_set, 2, "sign-in-way", "wrong", ("AZURE_TENANT_ID, AZURE_CLIENT_ID, AZURE_CLIENT_SECRET", "simulate")),
    (secret_in_profile, 2, "settings", "wrong", ("holds client-secret", "Take it out")),
]


def checks_of(members: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Return the checks by what they are about; of several about one thing, the first."""
    found: dict[str, dict[str, Any]] = {}
    for one in members["checks"]:
        found.setdefault(one["check"], one)
    return found


def said(check: dict[str, Any]) -> str:
    """Return all that a check says."""
    return " ".join([check["found"], check["to_do"], *check["details"]])


@pytest.mark.parametrize(
    ("make", "code", "about", "state", "words"), SITUATIONS, ids=lambda one: getattr(one, "__name__", "")
)
def test_each_situation_has_its_cause_and_remedy(
    connected: Program,
    tenant: Tenant,
    tmp_path: Path,
    make: Callable[[Tenant, Path], dict[str, str]],
    code: int,
    about: str,
    state: str,
    words: tuple[str, ...],
) -> None:
    """One check is not in order, with what people need; what this computer is like is told all the same."""
    done = connected("doctor", "--json", code=code, **make(tenant, tmp_path)).json

    checks = checks_of(done)
    assert checks[about]["state"] == state
    assert [word for word in words if word not in said(checks[about])] == []
    assert {"settings", "trust", "reports", "versions"} <= checks.keys()
    assert ("error" in done) == (code != 0)
    assert "Zq8~wrongplace" not in json.dumps(done)


@pytest.mark.parametrize(("make", "about", "setting"), BROKEN_NETWORKS, ids=lambda one: getattr(one, "__name__", ""))
def test_a_network_that_is_set_wrongly_stops_no_other_check(
    connected: Program,
    tenant: Tenant,
    tmp_path: Path,
    make: Callable[[Tenant, Path], dict[str, str]],
    about: str,
    setting: str,
) -> None:
    """All checks are made, one sentence says what they come to, and the file for support is written."""
    file = tmp_path / "support.zip"

    done = connected("doctor", "--bundle", file, "--json", code=2, **make(tenant, tmp_path)).json

    checks = checks_of(done)
    assert setting in said(checks[about])
    assert "_ssl.c" not in json.dumps(done)
    assert {"sign-in", "graph", "clock", "versions"} <= checks.keys()
    assert "in the way of issuing passes" in done["error"]["message"]
    assert file.is_file()


class _Refuses(BaseHTTPRequestHandler):
    """A proxy that wants a password."""

    status = 407

    def do_CONNECT(self) -> None:
        self.send_response(self.status)
        self.send_header("Proxy-Authenticate", "Basic")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_args: object) -> None:
        """Say nothing."""


class _Forbids(_Refuses):
    """A proxy that lets nobody through to these addresses."""

    status = 403


@pytest.mark.parametrize(
    ("kind", "words", "remedy"),
    [
        (_Refuses, "HTTP 407", "HTTPS_PROXY: http://user:password@proxy:port"),
        (_Forbids, "HTTP 403", "Have the proxy let this address through"),
    ],
)
def test_a_proxy_that_refuses_is_named(
    connected: Program, kind: type[BaseHTTPRequestHandler], words: str, remedy: str
) -> None:
    """One that wants a password and one that forbids have remedies of their own; the proxy's address is told."""
    with serving(kind) as proxy:
        hosts = {"BULKTAP_GRAPH_URL": "https://graph.example.com", "BULKTAP_AUTHORITY_URL": "https://login.example.com"}
        done = connected("doctor", "--json", code=7, HTTPS_PROXY=proxy, NO_PROXY="", no_proxy="", **hosts).json

    checks = checks_of(done)
    assert words in checks["sign-in"]["found"]
    assert remedy in checks["sign-in"]["to_do"]
    assert proxy in checks["proxy"]["found"]
    assert checks["graph"]["state"] == "wrong"


@pytest.mark.parametrize(
    ("status", "headers", "words"),
    [
        (200, {"Content-Type": "text/html"}, "a web page"),
        (302, {"Location": "https://portal.example.com/"}, "a redirect"),
        (401, {"WWW-Authenticate": 'Basic realm="proxy"'}, "in place of Microsoft Graph"),
        (401, {"WWW-Authenticate": "Negotiate"}, "in place of Microsoft Graph"),
        (403, {"Content-Type": "text/html"}, "in place of Microsoft Graph"),
        (503, {"Content-Type": "text/html"}, "nothing in the answer shows"),
        (511, {"Content-Type": "text/html"}, "wants somebody to sign in"),
    ],
)
def test_a_page_that_is_not_graphs_is_named(
    connected: Program, service: EmbeddedSimulator, tmp_path: Path, status: int, headers: dict[str, str], words: str
) -> None:
    """Sign-in works, and a portal or a proxy of the network's answers in place of Microsoft Graph."""
    from bulktap.simulator.certificate import make_certificate

    certificate = make_certificate()

    class Portal(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = b"<html>Please sign in to the guest network</html>"
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_args: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Portal)
    server.socket = certificate.context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    bundle = tmp_path / "both.pem"
    bundle.write_text(certificate.ca_pem + service.ca_pem)
    try:
        portal = f"https://127.0.0.1:{server.server_address[1]}"
        more = {"BULKTAP_GRAPH_URL": portal, "BULKTAP_CA_BUNDLE": str(bundle)}
        done = connected("doctor", "--json", code=7, **more).json
    finally:
        server.shutdown()
        server.server_close()
        thread.join()

    checks = checks_of(done)
    assert checks["sign-in"]["state"] == "ok"
    assert checks["graph"]["state"] == "wrong"
    assert words in checks["graph"]["found"]
    assert "in place of Microsoft" in said(checks["graph"])
    assert "BULKTAP_GRAPH_URL" in checks["graph"]["to_do"]


def test_inspection_of_microsoft_graph_alone_is_named_and_its_remedy_mends_it(
    connected: Program, service: EmbeddedSimulator, tmp_path: Path
) -> None:
    """Sign-in passes by the inspecting proxy: what is trusted is added to, so that both work afterwards."""
    from bulktap.simulator.certificate import make_certificate

    certificate = make_certificate()

    class Inspected(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.send_response(401)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_args: object) -> None:
            """Say nothing."""

    bundle = tmp_path / "mine.pem"
    bundle.write_text(service.ca_pem)
    with serving(Inspected, certificate.context) as graph:
        more = {"BULKTAP_GRAPH_URL": graph, "BULKTAP_CA_BUNDLE": str(bundle)}
        before = checks_of(connected("doctor", "--json", code=7, **more).json)
        bundle.write_text(service.ca_pem + certificate.ca_pem)
        after = checks_of(connected("doctor", "--json", code=None, **more).json)

    assert before["sign-in"]["state"] == "ok"
    assert "certificate is not trusted" in before["graph"]["found"]
    assert f"Only the authorities in {bundle}, which BULKTAP_CA_BUNDLE names" in before["graph"]["to_do"]
    assert "SSL_CERT_FILE" in before["graph"]["to_do"]
    assert after["sign-in"]["state"] == "ok"
    assert "not trusted" not in said(after["graph"])


def test_all_is_told_where_all_is_well(connected: Program, service: EmbeddedSimulator) -> None:
    """Tenant, domains, policy, what is granted, and that everything is in place; nothing is left behind."""
    before, users = sorted(connected.cwd.rglob("*")), service.truth()["users"]
    done = connected("doctor")

    words = " ".join(done.out.split())
    assert "Everything is in place." in words
    for told in (service.tenant_id, "contoso.com", "60 to 480 minutes", "UserAuthMethod-TAP.ReadWrite.All", "aiohttp"):
        assert told in words
    assert service.client_secret not in done.out + done.err
    assert sorted(connected.cwd.rglob("*")) == before
    assert service.truth()["users"] == users


def test_each_value_is_told_with_where_it_comes_from(connected: Program, tmp_path: Path) -> None:
    """Flag, variable, profile and its file, default; of secrets only that they are set."""
    own = tmp_path / "config" / "bulktap"
    own.mkdir(parents=True)
    (own / "bulktap.toml").write_text('[profiles.default]\nlifetime = "8h"\ncloud = "global"\ntimezone = "UTC"\n')
    done = connected(
        "doctor", "--json", "--reports", "passes", code=None,
        XDG_CONFIG_HOME=str(tmp_path / "config"), APPDATA=str(tmp_path / "config"),
        BULKTAP_CLIENT_SECRET_COMMAND="print-it --key hunter2",
    ).json  # fmt: skip

    lines = checks_of(done)["settings"]["details"]
    assert "reports = passes (--reports)" in lines
    assert any(line.startswith("tenant = ") and line.endswith("(variable AZURE_TENANT_ID)") for line in lines)
    assert any(line.startswith("lifetime = 8h ([profiles.default] in ") for line in lines)
    assert "timezone = Europe/Berlin (variable BULKTAP_TIMEZONE)" in lines
    assert "sign-in = not set (default)" in lines
    assert "AZURE_CLIENT_SECRET = set (variable AZURE_CLIENT_SECRET)" in lines
    assert "hunter2" not in json.dumps(done)


@pytest.mark.parametrize(
    ("place", "text", "words"),
    [
        ("own", "[guards]\nmax-row = 5\n", "max-row is no guard"),
        ("own", "[profiles.default]\n[profiles.default.guards]\nmax-rows = 'many'\n", "max-rows is not a number"),
        ("own", "[guards]\nconfirm = 'never'\n", "confirm is neither"),
        ("roster", "[guards]\ndeny = 5\n", "deny is neither"),
        ("roster", "[guards]\nstop-after-failures = 'often'\n", "stop-after-failures"),
        ("own", "[guards]\nmax-rows = 5\n", ""),
        ("roster", "[guards]\nmax-rows = 5\n", ""),
    ],
)
def test_a_guard_that_would_stop_every_run_is_told(
    connected: Program, tmp_path: Path, place: str, text: str, words: str
) -> None:
    """It counts for plan and apply alone, which would refuse it; the rest is looked at all the same."""
    roster = connected.roster([["User"], [USERS[0]]])
    folder = tmp_path / "config" / "bulktap" if place == "own" else roster.parent
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "bulktap.toml").write_text(text, "utf-8")
    config = {"XDG_CONFIG_HOME": str(tmp_path / "config"), "APPDATA": str(tmp_path / "config")}

    done = connected("doctor", roster, "--json", code=2 if words else 0, **config).json

    checks = checks_of(done)
    assert checks["settings"]["state"] == ("wrong" if words else "ok")
    assert words in said(checks["settings"])
    assert checks["policy"]["state"] == "ok"
    code = 0 if not words else 2 if place == "own" else 4
    connected("plan", roster, "--json", code=code, **config)


@pytest.mark.parametrize("named", ["roster", "folder"])
def test_the_settings_are_those_of_a_run_of_the_roster(connected: Program, tmp_path: Path, named: str) -> None:
    """The file that lies beside a roster, or in the folder that is one, counts as it does for plan."""
    folder = tmp_path / "class lists"
    folder.mkdir()
    (folder / "7a.csv").write_text("User\n", "utf-8")
    (folder / "bulktap.toml").write_text('[profiles.default]\ncloud = "usgov"\n', "utf-8")

    done = connected("doctor", folder if named == "folder" else folder / "7a.csv", "--json", code=None).json

    assert any(line.startswith("cloud = usgov") for line in checks_of(done)["settings"]["details"])


def test_the_passes_of_one_user_are_listed(connected: Program) -> None:
    """With their times and whether they work; a user whom nobody knows is a warning."""
    connected("apply", connected.roster([["User"], [USERS[0]]]), "--yes")

    done = connected("doctor", "--probe", USERS[0], "--json").json
    (one,) = done["passes"]
    assert one["usable"] is True
    assert USERS[0] in checks_of(done)["probe"]["found"]
    copied = connected("doctor", "--probe", f" {USERS[0]}\u200b\r", "--json").json
    assert [one["pass_id"] for one in copied["passes"]] == [one["pass_id"]]
    unknown = connected("doctor", "--probe", "nobody@contoso.com", "--json").json
    assert checks_of(unknown)["probe"]["state"] == "warn"


def test_a_bundle_names_nobody(connected: Program, service: EmbeddedSimulator, tmp_path: Path) -> None:
    """Checks, versions and the last run's log, with request ids, and without people, passes and secrets."""
    connected(
        "apply", connected.roster([["User"], *([user] for user in USERS[:3]), ["nobody@contoso.com"]]), "--yes", code=3
    )
    file = tmp_path / "support.zip"
    done = connected("doctor", "--probe", USERS[0], "--bundle", file, "--json").json

    with zipfile.ZipFile(file) as bundle:
        parts = {name: bundle.read(name).decode() for name in bundle.namelist()}
    whole = "\n".join(parts.values())
    assert set(parts) == {"checks.json", "versions.json", "log.jsonl", "about.txt"}
    events = [json.loads(line) for line in parts["log.jsonl"].splitlines()]
    assert any("client_request_id" in event for event in events)
    assert json.loads(parts["versions.json"])["bulktap"]
    people = [*USERS, "nobody@contoso.com", *(user.partition("@")[0] for user in USERS), done["passes"][0]["pass_id"]]
    assert [name for name in (*people, service.client_secret, str(tmp_path / "home")) if name in whole] == []
    assert service.tenant_id in whole


def test_a_roster_is_not_written_over(connected: Program) -> None:
    """Its name was given to the wrong option: nothing is asked, and it stays."""
    roster = connected.roster([["User"], [USERS[0]]])
    before = roster.read_bytes()

    done = connected("doctor", "--bundle", roster, "--json", code=2).json

    assert "not overwritten" in done["error"]["message"]
    assert done["checks"] == []
    assert roster.read_bytes() == before


@pytest.mark.parametrize("columns", [60, 80])
def test_every_line_fits_the_terminal(connected: Program, tenant: Tenant, columns: int) -> None:
    """The terminal breaks nothing by itself."""
    optional_missing(tenant, connected.cwd)
    _, shown = talk(connected, ["doctor"], [], columns=columns)

    lines = shown.replace("\r\n", "\n").split("\n")
    wide = [line for line in lines if width_of(line) > columns and " " in line.strip()]
    assert wide == []
