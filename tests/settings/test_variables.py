"""Variables of the environment as shells, files of Windows and web pages leave them: what is meant is what counts."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import click
import pytest

from bulktap.cli import options
from bulktap.cli.main import cli
from bulktap.cli.setting_options import with_options
from bulktap.model.checks import CheckState
from bulktap.model.errors import UsageError
from bulktap.settings import sign_in_declarations as declared
from bulktap.settings.environment import network, take_secrets, wants_json
from bulktap.settings.every_declaration import every_declaration
from bulktap.settings.sign_in_settings import certificate_password
from bulktap.settings.told_settings import told_settings, variable_checks
from bulktap.settings.values import Values

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(autouse=True)
def nothing_stays_taken() -> Iterator[None]:
    """Let go of what a test made secrets of: it would be struck out of what later tests print."""
    yield
    take_secrets()


BROUGHT_ALONG = {
    "a line end of Windows": "{}\r",
    "a line end": "{}\n",
    "blanks": "  {} ",
    "quotes that cmd.exe keeps": '"{}"',
    "single quotes": "'{}'",
    "quotes and a line end": '"{}"\r\n',
    "a blank of a web page": "{}\u00a0",
    "an invisible sign of a web page": "\u200b{}",
}


@pytest.mark.parametrize("around", BROUGHT_ALONG.values(), ids=BROUGHT_ALONG)
@pytest.mark.parametrize(
    ("variable", "text", "key", "value"),
    [
        ("BULKTAP_SIGN_IN", "secret", "sign_in", "secret"),
        ("BULKTAP_CLOUD", "usgov", "cloud", "usgov"),
        ("BULKTAP_CLOUD", "USGov-DoD", "cloud", "usgov-dod"),
        ("AZURE_TENANT_ID", "contoso.com", "tenant", "contoso.com"),
        ("AZURE_CLIENT_CERTIFICATE_PATH", "app.pfx", "certificate", "app.pfx"),
        ("AZURE_FEDERATED_TOKEN_FILE", "token", "federated_token_file", "token"),
        ("BULKTAP_TIMEZONE", "Europe/Berlin", "timezone", "Europe/Berlin"),
        ("BULKTAP_LIMIT", "5", "limit", 5),
        ("BULKTAP_ONE_TIME", "1", "one_time", True),
        ("BULKTAP_MULTI_USE", "yes", "one_time", False),
        ("BULKTAP_SETTLE_WAIT", "2m", "settle_wait", 120.0),
    ],
)
def test_what_came_along_with_a_variable_is_no_part_of_it(
    monkeypatch: pytest.MonkeyPatch, around: str, variable: str, text: str, key: str, value: object
) -> None:
    """Whatever the setting's kind is, and as capital letters have it where it is one of a few words."""
    monkeypatch.setenv(variable, around.format(text))

    found = cli.commands["apply"].make_context("apply", ["roster.csv"]).params[key]

    assert (found if isinstance(value, bool | int | float) else str(found)) == value


@pytest.mark.parametrize("around", BROUGHT_ALONG.values(), ids=BROUGHT_ALONG)
def test_the_addresses_of_the_services_are_read_likewise(monkeypatch: pytest.MonkeyPatch, around: str) -> None:
    """They are variables, and no options."""
    monkeypatch.setenv("AZURE_AUTHORITY_HOST", around.format("login.microsoftonline.us"))

    given = options.variable_of(declared.AUTHORITY_URL)

    assert given is not None
    assert (given.value, given.spelled) == ("login.microsoftonline.us", "AZURE_AUTHORITY_HOST")


@pytest.mark.parametrize("around", BROUGHT_ALONG.values(), ids=BROUGHT_ALONG)
@pytest.mark.parametrize(("text", "wanted"), [("1", True), ("Yes", True), ("on", True), ("0", False), ("no", False)])
def test_json_is_wanted_before_the_command_is_understood_as_afterwards(
    monkeypatch: pytest.MonkeyPatch, around: str, text: str, wanted: bool
) -> None:
    """An error in the arguments is told as an object then, as all others are."""
    monkeypatch.setenv("BULKTAP_JSON", around.format(text))

    assert wants_json() is wanted
    assert cli.commands["runs"].make_context("runs", []).params["as_json"] is wanted


@pytest.mark.parametrize("nothing", ["", " ", "\r", '""', "''", "\t\r\n", "\u00a0"])
def test_a_variable_with_nothing_in_it_is_not_set(monkeypatch: pytest.MonkeyPatch, nothing: str) -> None:
    """Another name of the same setting counts then."""
    monkeypatch.setenv("BULKTAP_CLOUD", nothing)
    monkeypatch.setenv("BULKTAP_TENANT", nothing)
    monkeypatch.setenv("AZURE_TENANT_ID", "contoso.com")

    found = cli.commands["apply"].make_context("apply", ["roster.csv"]).params

    assert found["cloud"] is None
    assert found["tenant"] == "contoso.com"


@pytest.mark.parametrize(
    ("variable", "key"),
    [
        ("AZURE_CLIENT_CERTIFICATE_PATH", "certificate"),
        ("AZURE_FEDERATED_TOKEN_FILE", "federated_token_file"),
        ("BULKTAP_CLIENT_SECRET_FILE", "client_secret_file"),
        ("BULKTAP_REPORTS", "reports"),
        ("BULKTAP_PASSPHRASE_FILE", "passphrase_file"),
    ],
)
def test_the_users_folder_may_be_written_short(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, variable: str, key: str
) -> None:
    """A shell leaves it as it is within quotes, and files of variables are read by no shell."""
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    monkeypatch.setenv(variable, "~/kept/here")

    found = cli.commands["apply"].make_context("apply", ["roster.csv"]).params[key]

    assert found == tmp_path / "kept" / "here"


def test_quotes_within_a_command_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    """They tell its words apart, though one stands first and one last."""
    command = '"C:\\Program Files\\vault.exe" read "bulktap secret"'
    monkeypatch.setenv("BULKTAP_CLIENT_SECRET_COMMAND", f"{command}\r")

    found = cli.commands["apply"].make_context("apply", ["roster.csv"]).params

    assert found["client_secret_command"] == command


@pytest.mark.parametrize(
    ("variable", "text"),
    [
        ("BULKTAP_CLOUD", "mars"),
        ("BULKTAP_SIGN_IN", "magic"),
        ("BULKTAP_LIMIT", "many"),
        ("AZURE_CLIENT_CERTIFICATE_PATH", "x" * 5000),
        ("BULKTAP_SETTLE_WAIT", "soon"),
    ],
)
def test_a_value_that_cannot_be_is_told_with_the_variable_that_has_it(
    monkeypatch: pytest.MonkeyPatch, variable: str, text: str
) -> None:
    """Nobody typed the option, so that its name alone leads nowhere."""
    monkeypatch.setenv(variable, text)

    with pytest.raises(click.UsageError) as caught:
        cli.commands["apply"].make_context("apply", ["roster.csv"])

    assert variable in caught.value.format_message()


@pytest.mark.parametrize(
    "name",
    [
        "x" * 5000,
        f"{'y' * 300}.pem",
        pytest.param(
            "loop/ca.pem", marks=pytest.mark.skipif(os.name == "nt", reason="Windows lets few users make links")
        ),
    ],
)
def test_a_file_of_authorities_that_cannot_be_looked_at_is_no_bug(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str
) -> None:
    """It is named by no option, which click would refuse by itself."""
    if name.startswith("loop"):
        (tmp_path / "loop").symlink_to(tmp_path / "loop")
    monkeypatch.setenv("BULKTAP_CA_BUNDLE", str(tmp_path / name))

    with pytest.raises(UsageError) as caught:
        options.variable_of(declared.CA_BUNDLE)

    assert "BULKTAP_CA_BUNDLE" in caught.value.message
    assert caught.value.hint


@pytest.mark.parametrize("around", BROUGHT_ALONG.values(), ids=BROUGHT_ALONG)
def test_what_all_programs_share_is_read_likewise(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, around: str) -> None:
    """Proxy, and whom to trust."""
    monkeypatch.setenv("HTTPS_PROXY", around.format("http://proxy:8080"))
    monkeypatch.setenv("https_proxy", around.format("http://proxy:8080"))
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", around.format(tmp_path / "ca.pem"))

    bundle = network(None)
    monkeypatch.delenv("REQUESTS_CA_BUNDLE")
    monkeypatch.delenv("CURL_CA_BUNDLE", raising=False)
    monkeypatch.setenv("SSL_CERT_FILE", around.format(tmp_path / "more.pem"))

    assert (bundle.proxy, bundle.ca_bundle) == ("http://proxy:8080", tmp_path / "ca.pem")
    assert network(None).extra_authorities == tmp_path / "more.pem"


@pytest.mark.parametrize("text", ["a pass", "a pass\r", "a pass\n", "a pass\r\n", '"a pass"', " a pass "])
def test_of_a_certificates_password_only_line_ends_are_taken(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    """Blanks and quotes may be a part of it; a line end never is."""
    monkeypatch.setenv("AZURE_CLIENT_CERTIFICATE_PASSWORD", text)
    take_secrets()

    found = certificate_password()

    assert found is not None
    assert found.reveal() == text.strip("\r\n")


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("BULKTAP_TENNANT", "BULKTAP_TENANT"),
        ("BULKTAP_MAXROWS", "BULKTAP_MAX_ROWS"),
        ("BULKTAP_SIGNIN", "BULKTAP_SIGN_IN"),
        ("BULKTAP_PASSPHRASES", "BULKTAP_PASSPHRASE"),
        pytest.param(
            "bulktap_cloud", "BULKTAP_CLOUD", marks=pytest.mark.skipif(os.name == "nt", reason="Windows has no case")
        ),
        ("BULKTAP_ZZZZZZZZZZ", ""),
    ],
)
def test_a_variable_that_nobody_reads_is_told(monkeypatch: pytest.MonkeyPatch, name: str, meant: str) -> None:
    """A guard with a slip in its name would silently not be obeyed; the value may be a secret and is not shown."""
    for one in [one for one in os.environ if one.startswith("BULKTAP_")]:
        monkeypatch.delenv(one)
    monkeypatch.setenv(name, "s3cret-value")

    (check,) = variable_checks()

    assert check.state is CheckState.WARN
    assert [line for line in check.details if name in line and meant in line] == list(check.details)
    assert "s3cret" not in " ".join([check.found, check.remedy, *check.details])


def test_every_variable_that_is_read_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of settings, of their opposites, of secrets; and one with nothing in it says nothing."""
    for one in [one for one in os.environ if one.startswith("BULKTAP_")]:
        monkeypatch.delenv(one)
    for one in every_declaration():
        for name in one.variables:
            monkeypatch.setenv(name, "x")
    for name in ("BULKTAP_MULTI_USE", "BULKTAP_UNPACK_IN"):
        monkeypatch.setenv(name, "x")
    monkeypatch.setenv("BULKTAP_TENNANT", " ")

    assert list(variable_checks()) == []


def test_doctor_tells_what_is_meant(monkeypatch: pytest.MonkeyPatch) -> None:
    """And of a variable with nothing in it, nothing."""
    monkeypatch.setenv("BULKTAP_CLOUD", "global\r")
    monkeypatch.setenv("BULKTAP_TIMEZONE", " ")

    told = {one.name: one for one in told_settings(Values({}), None)}

    assert with_options(told["cloud"].line) == "cloud = global (variable BULKTAP_CLOUD)"
    assert "timezone" not in told
