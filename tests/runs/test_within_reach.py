"""Secrets that other programs could get at: environment, children, memory, and what services write back."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from chosen_sign_in import settings_of
from whole_run import PASSPHRASE, REPOSITORY, USERS, Program, live_digests

from bulktap.graph.error_detail import read_error
from bulktap.graph.sign_in import ClientSecretCredentials
from bulktap.graph.sign_in.sign_in_errors import explain_refusal
from bulktap.model.errors import UsageError
from bulktap.model.secret import PROXY_VARIABLES, Secret, struck
from bulktap.settings.environment import take_secrets

if TYPE_CHECKING:
    from bulktap.simulator.embedded import EmbeddedSimulator

ROWS = [["User"], *([user] for user in USERS)]
PROXY_PASSWORD = "pr0xy-w0rd-77"
PROXY = f"http://operator:{PROXY_PASSWORD}@proxy.contoso.com:8080"
linux = pytest.mark.skipif(sys.platform != "linux", reason="Linux keeps the environment of a process in /proc")


@linux
def test_the_environment_of_a_running_process_shows_no_secret(connected: Program, service: EmbeddedSimulator) -> None:
    """Client secret, passphrases and a proxy's password are gone from /proc/PID/environ; what is no secret stays."""
    process = subprocess.Popen(
        [sys.executable, "-m", "bulktap", "apply", connected.roster(ROWS), "--yes", "--max-rate", "3"],
        cwd=connected.cwd,
        env={**connected.environment, "HTTPS_PROXY": PROXY, "BULKTAP_WORKBOOK_PASSPHRASE": "another good one"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    try:
        deadline = time.monotonic() + 600
        while not live_digests(service):
            assert time.monotonic() < deadline
            assert process.poll() is None
        environment = Path(f"/proc/{process.pid}/environ").read_bytes()
        limits = Path(f"/proc/{process.pid}/limits").read_text()
    finally:
        process.kill()
        process.communicate()

    for secret in (service.client_secret, PASSPHRASE, PROXY_PASSWORD, "another good one"):
        assert secret.encode() not in environment
    assert f"AZURE_TENANT_ID={service.tenant_id}".encode() in environment
    (core,) = (line.split() for line in limits.splitlines() if line.startswith("Max core file size"))
    assert core[4] == "0"


@linux
@pytest.mark.parametrize(
    "words", [["--help"], ["runs"], ["plan", "nothing.csv"], ["simulator", "--help"], ["nonsense"]]
)
def test_the_secrets_are_gone_before_the_program_is_loaded(tmp_path: Path, words: list[str]) -> None:
    """The first that `bulktap` loads besides what takes them away already finds the environment clean."""
    watch = (
        "import pathlib, runpy, sys\n"
        "class Watch:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        "        if name in {'click', 'bulktap.settings', 'bulktap.cli.console'}:\n"
        "            pathlib.Path('seen').write_bytes(pathlib.Path('/proc/self/environ').read_bytes())\n"
        "            sys.meta_path.remove(self)\n"
        "sys.meta_path.insert(0, Watch())\n"
        f"sys.argv = ['bulktap', *{words!r}]\n"
        "runpy.run_module('bulktap', run_name='__main__', alter_sys=False)\n"
    )
    secrets = {"AZURE_CLIENT_SECRET": "s3cret-value", "BULKTAP_PASSPHRASE": PASSPHRASE, "HTTPS_PROXY": PROXY}
    variables = {**os.environ, **secrets, "PYTHONPATH": str(REPOSITORY), "AZURE_TENANT_ID": "contoso.com"}

    subprocess.run([sys.executable, "-c", watch], cwd=tmp_path, env=variables, capture_output=True, check=False)

    seen = (tmp_path / "seen").read_bytes()
    assert b"AZURE_TENANT_ID=contoso.com" in seen
    for secret in ("s3cret-value", PASSPHRASE, PROXY_PASSWORD):
        assert secret.encode() not in seen


PROXIES = {
    "with a scheme": "http://operator:{}@proxy.contoso.com:8080",
    "without one": "operator:{}@proxy.contoso.com:8080",
    "of another kind": "socks5://operator:{}@proxy.contoso.com",
    "without a user": "http://:{}@proxy.contoso.com:8080",
    "with a path": "https://operator:{}@proxy.contoso.com:8080/",
}


@pytest.mark.parametrize("how", PROXIES)
def test_the_password_of_a_proxy_is_known_in_both_spellings(monkeypatch: pytest.MonkeyPatch, how: str) -> None:
    """As it stands in the address and as it is meant: a page of the proxy may quote either."""
    for name in PROXY_VARIABLES:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HTTPS_PROXY", PROXIES[how].format("p%40ss-w%3ard-77"))

    take_secrets()

    assert struck("refused: p%40ss-w%3ard-77, p@ss-w:rd-77") == "refused: [secret], [secret]"


@linux
def test_a_process_with_secrets_cannot_be_attached_to() -> None:
    """Not dumpable (PR_GET_DUMPABLE, 3), and its environment is as it was for what it starts itself."""
    script = (
        "import ctypes, os, subprocess, sys\n"
        "from bulktap.settings.environment import take_secrets\n"
        "from bulktap.cli.private_process import keep_to_itself\n"
        "take_secrets(); keep_to_itself()\n"
        "print(ctypes.CDLL(None).prctl(3), flush=True)\n"
        "subprocess.run([sys.executable, '-c', 'import os; print(os.environ[\"HTTPS_PROXY\"])'])\n"
        "print(os.environ['HTTPS_PROXY'], os.environ.get('AZURE_CLIENT_SECRET'))\n"
    )
    variables = {"HTTPS_PROXY": PROXY, "AZURE_CLIENT_SECRET": "s3cret-value", "PYTHONPATH": str(REPOSITORY)}

    done = subprocess.run(
        [sys.executable, "-c", script], env={**os.environ, **variables}, capture_output=True, text=True, check=True
    )

    assert done.stdout.split() == ["0", PROXY, PROXY, "None"]


@pytest.mark.parametrize("command", ["apply", "resume", "results"])
def test_a_command_that_is_started_inherits_no_secret(connected: Program, command: str) -> None:
    """A password manager's helper does not learn the client secret, whichever command starts it."""
    finished = connected("apply", connected.roster(ROWS[:2]), "--yes", "--json").folder
    spy = connected.cwd / "spy.py"
    spy.write_text(f"import os\nopen('seen.txt', 'w').write(repr(dict(os.environ)))\nprint({PASSPHRASE!r})\n")
    what = connected.roster(ROWS[:2]) if command == "apply" else finished
    words = ["--yes", "--existing", "replace"] if command == "apply" else []

    connected(
        command,
        what,
        *words,
        "--passphrase-command",
        f'"{sys.executable}" spy.py',
        AZURE_CLIENT_CERTIFICATE_PASSWORD="certificate-word",
        BULKTAP_WORKBOOK_PASSPHRASE="another good one",
    )

    seen = (connected.cwd / "seen.txt").read_text()
    assert "AZURE_TENANT_ID" in seen
    for name in ("AZURE_CLIENT_SECRET", "BULKTAP_PASSPHRASE", "AZURE_CLIENT_CERTIFICATE_PASSWORD", "WORKBOOK"):
        assert name not in seen
    assert connected.environment["AZURE_CLIENT_SECRET"] not in seen


ECHOES = {
    "sign-in, as a form": lambda text: (
        explain_refusal({"error_description": f"bad: client_secret={text}&x"}, "a").message
    ),
    "sign-in, unknown number": lambda text: explain_refusal({"error_description": f"AADSTS1: {text}"}, "a").message,
    "sign-in, in the error": lambda text: explain_refusal({"error": text}, "a").message,
    "sign-in, cut off": lambda text: explain_refusal({"error_description": "x" * 290 + text}, "a").message,
    "Graph's message": lambda text: read_error({"error": {"code": "c", "message": f"Bearer {text}"}}).message,
    "Graph's code": lambda text: read_error({"error": {"code": text}}).code,
    "Graph, inside": lambda text: read_error({"error": {"innerError": {"message": text}}}).message,
}


@pytest.mark.parametrize("way", ECHOES)
def test_a_service_that_echoes_the_request_gives_no_secret_away(way: str) -> None:
    """Client secret or token: struck out where the text comes in, before it is cut to length, kept or logged."""
    secret = Secret("q8Q~abcDEF.123-xyz")

    told = ECHOES[way](secret.reveal())

    assert "q8Q" not in told
    assert "xyz" not in told


PASTED = {
    "as they are": ("{id}", "{secret}"),
    "line ends": ("{id}\n", "{secret}\r\n"),
    "blanks": ("  {id} ", "\t{secret} "),
    "braces": ("{{{id}}}", "{secret}"),
    "quotes": ('"{id}"', "'{secret}'"),
    "typographic quotes": ("\u201c{id}\u201d", "\u201c{secret}\u201d"),
    "invisible": ("\ufeff{id}\u200b", "\u00a0{secret}\ufeff"),
}


@pytest.mark.parametrize("how", PASTED)
def test_what_copying_brings_along_is_left_out(monkeypatch: pytest.MonkeyPatch, how: str) -> None:
    """Ids and secrets come from web pages, mails and Windows tools."""
    one, other = PASTED[how]
    guid, secret = "7d1c5a9e-3b52-4c68-9f0a-6e2b8d4f1a37", "q8Q~abc.DEF-1_2"
    monkeypatch.setenv("AZURE_CLIENT_SECRET", other.format(secret=secret))

    found = settings_of(tenant=one.format(id=guid), client_id=one.format(id=guid)).credentials

    assert isinstance(found, ClientSecretCredentials)
    assert found.tenant_id == found.client_id == guid
    assert found.client_secret.reveal() == secret
    assert "AZURE_CLIENT_SECRET" not in os.environ


@pytest.mark.parametrize("name", ["common", "organizations", "Consumers"])
def test_what_names_no_tenant_is_refused(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """An app would get a token of the tenant that it was registered in, whichever that is."""
    monkeypatch.setenv("AZURE_CLIENT_SECRET", "secret")

    with pytest.raises(UsageError, match="names no tenant"):
        settings_of(tenant=name, client_id="app")


@pytest.mark.parametrize("name", ["AZURE_TENANT_ID", "AZURE_CLIENT_ID", "AZURE_CLIENT_SECRET"])
@pytest.mark.parametrize("spoilt", ["two\nlines", "non\u00a0breaking", "a\x1bescape", "tab\there", "zero\u200bwidth"])
def test_what_cannot_be_an_id_or_a_secret_is_a_sentence(
    monkeypatch: pytest.MonkeyPatch, name: str, spoilt: str
) -> None:
    """Rather than a request with a header that nobody meant; the value is not repeated."""
    monkeypatch.setenv("AZURE_CLIENT_SECRET", spoilt if name == "AZURE_CLIENT_SECRET" else "secret")
    tenant, app = (spoilt if name == own else "contoso.com" for own in ("AZURE_TENANT_ID", "AZURE_CLIENT_ID"))

    with pytest.raises(UsageError) as caught:
        settings_of(tenant=tenant, client_id=app)

    assert name in caught.value.message
    assert spoilt not in caught.value.message
