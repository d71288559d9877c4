"""Profiles: what each source says wins in the order that is promised, and what a profile may not hold is refused."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bulktap.cli.main import cli
from bulktap.cli.setting_options import with_options
from bulktap.model.errors import UsageError
from bulktap.roster.columns.toml_name import FILE_NAME
from bulktap.settings import sign_in_declarations as sign_in_declared
from bulktap.settings.profile_files import keepable
from bulktap.settings.profiles import profiled

if TYPE_CHECKING:
    from collections.abc import Sequence


def folder(root: Path, name: str, text: str) -> Path:
    """Return a folder with such a file."""
    made = root / name
    made.mkdir()
    (made / FILE_NAME).write_text(text, "utf-8")
    return made


def test_a_file_beside_the_roster_wins_over_the_users(tmp_path: Path) -> None:
    """Setting by setting; what only one of them says counts, and paths are beside their file."""
    beside = folder(tmp_path, "rosters", '[profiles.default]\ntenant = "fabrikam.com"\n[roster]\ntimezone = "UTC"\n')
    users = folder(
        tmp_path,
        "own",
        '[profiles.default]\ntenant = "contoso.com"\ncertificate = "app.pfx"\ntimezone = "Europe/Berlin"\n',
    )

    found = profiled(None, (beside, users), users)

    assert found.given["tenant"].value == "fabrikam.com"
    assert found.given["certificate"].value == users / "app.pfx"
    assert "timezone" not in found.given  # the roster's own [roster] says it
    assert found.name == "default"


NO_TOML = (
    "tenant = contoso.com",
    "timezone = Europe/Berlin",
    "lifetime = 8h",
    "client-id = 7d1c5a9e-3b52-4c68-9f0a-6e2b8d4f1a37",
    "tenant = \u201ccontoso.com\u201d",
    'tenant: "contoso.com"',
    "quiet = Yes",
    'tenant = "contoso.com',
)
"""Lines as people write them who have not seen such a file before."""


@pytest.mark.parametrize(
    ("text", "key", "value"),
    [
        ("concurrency = 3", "concurrency", 3),
        ('lifetime = "8h"', "lifetime", "8h"),
        ("one-time = true", "one_time", True),
        ('sign-in = "browser"', "sign_in", "browser"),
        ('max-rate = "20/s"', "max_rate", 20.0),
        ('reports = "passes"', "reports", None),
        ('sheet = ["7A", "7B"]', "sheet", ("7A", "7B")),
        ('graph-url = "https://graph.microsoft.us"', "graph_url", "https://graph.microsoft.us"),
        ('settle-wait = "40s"', "settle_wait", 40.0),
        ('\n[profiles.x.columns]\nuser = "Login name"', "column", ("user=Login name",)),
    ],
)
def test_settings_are_named_as_options_are(tmp_path: Path, text: str, key: str, value: object) -> None:
    """Each kind of value as it is written in such a file."""
    own = folder(tmp_path, "own", f"[profiles.x]\n{text}\n")

    found = profiled("x", (own,), own)

    expected = own / "passes" if key == "reports" else value
    assert found.given[key].value == expected
    assert str(own / FILE_NAME) in found.given[key].spelled


SECRETS = (
    "client-secret", "AZURE_CLIENT_SECRET", "passphrase", "certificate-password", "api_key", "BULKTAP_PASSPHRASE",
    "client-credential", "pwd", "azure.client_secret", "tenant-options.sas.token",
)  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        *(f'[profiles.default]\n{name} = "s3cret-value"' for name in SECRETS),
        "[profiles.other]\nclient-secret = 's3cret-value'",
        "[profiles.default.guards]\nclient-secret = 's3cret-value'",
        "[profiles.default.columns]\npassword = 's3cret-value'",
        "[[profiles.default.extra]]\npassphrase = 's3cret-value'",
        "[profiles.default]\nsign-in = {way = 'secret', client_secret = 's3cret-value'}",
        "[profiles.default]\ntenant = [{token = 's3cret-value'}]",
        "[guards]\nAZURE_CLIENT_SECRET = 's3cret-value'",
        "[roster]\nroster-password = 's3cret-value'",
        "[columns]\npin = 's3cret-value'",
    ],
)
def test_a_secret_in_a_profile_is_refused_wherever_it_stands(tmp_path: Path, text: str) -> None:
    """Such a file lies about, is copied and is committed, also where nobody reads that part; no value is repeated."""
    own = folder(tmp_path, "own", f"{text}\n")

    with pytest.raises(UsageError) as caught:
        profiled(None, (own,), own)

    assert "no secrets" in caught.value.message
    assert "s3cret-value" not in caught.value.message + caught.value.hint


@pytest.mark.parametrize(
    "text",
    [
        "[profiles.pinewood]\ntenant = 'contoso.com'",
        "[profiles.key-stage-3]\ntenant = 'contoso.com'",
        "[profiles.default]\ngenerate-passphrase = true",
        "[profiles.default]\nclient-secret-file = 'secret.txt'\nfederated-token-file = 'token'",
        "[profiles.default]\npassphrase-command = 'vault read'",
        "[columns]\nuser = 'Password manager name'",
    ],
)
def test_what_only_sounds_like_a_secret_is_none(tmp_path: Path, text: str) -> None:
    """A school's name, a heading, and settings that say where a secret is."""
    own = folder(tmp_path, "own", f"{text}\n")
    assert profiled(None, (own,), own).guards == ()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("tenent = 'x'", "Did you mean tenant"),
        ("yes = true", "anew"),
        ("max-rows = 5", "guard"),
        ("concurrency = 'many'", "concurrency"),
        ("sign-in = 'magic'", "sign-in"),
        ("columns = 5", "columns"),
        ("column = 'user=Login'", "[profiles.NAME.columns]"),
        ("column = ['user=Login', 'start=From']", "[profiles.NAME.columns]"),
        ("Column = 'user=Login'", 'user = "Login name"'),
        ("[profiles.default.columns]\nwho = 'x'", "who"),
        ("tenant = ", "cannot be read"),
        *((line, "between straight quotes") for line in NO_TOML),
        ('certificate = "C:\\\\Users\\ann\\app.pfx"', "single quotes"),
        ('reports = "D:\\passes"', "single quotes"),
        ('certificate = "C:\\U+00e9.pfx"', "single quotes"),
        ("certificate = ['a.pfx']", "a list"),
        ("reports = true", "yes or no"),
        ("timezone = ['Europe/Berlin']", "a list"),
        ("tenant = 5", "in quotes"),
        ("tenant = 2035-09-01", "in quotes"),
        ("client-id = 1.5", "in quotes"),
        ("cloud = 1", "in quotes"),
        ("reports = 2035", "in quotes"),
        ("AZURE_TENANT_ID = 'contoso.com'", "Did you mean tenant?"),
        ("azure_client_certificate_path = 'a.pfx'", "Did you mean certificate?"),
        ("BULKTAP_CLOUD = 'usgov'", "Did you mean cloud?"),
        ("[profiles.default.tenant]\nid = 'x'", "a table"),
        pytest.param(
            "certificate = '~nobody-of-that-name/a.pfx'",
            "certificate",
            marks=pytest.mark.skipif(os.name == "nt", reason="Windows takes it for a folder beside the user's own"),
        ),
    ],
)
def test_what_a_profile_cannot_say_is_told_with_its_place(tmp_path: Path, text: str, words: str) -> None:
    """With what is meant, or what there is."""
    own = folder(tmp_path, "own", f"[profiles.default]\n{text}\n")

    with pytest.raises(UsageError) as caught:
        profiled(None, (own,), own)

    assert str(own / FILE_NAME) in caught.value.message
    assert words in with_options(f"{caught.value.message} {caught.value.hint}")


@pytest.mark.parametrize(
    ("there", "named", "words"),
    [
        (["School-B"], "school-b", "Did you mean School-B? There is School-B."),
        (["default"], "Default", "Did you mean default? There is default."),
        (["school-a", "school-b"], "shool-b", "Did you mean school-b? There are school-a, school-b."),
        (["default"], "zoo", "There is default."),
        ([], "zoo", "has profiles"),
    ],
)
def test_a_slip_in_a_profiles_name_is_told(tmp_path: Path, there: list[str], named: str, words: str) -> None:
    """Capital and small letters are told apart, as TOML does."""
    own = folder(tmp_path, "own", "".join(f"[profiles.{one}]\ntenant = 'x'\n" for one in there))

    with pytest.raises(UsageError) as caught:
        profiled(named, (own,), own)

    assert words in caught.value.hint
    assert ("Did you mean" in caught.value.hint) == ("Did you mean" in words)


@pytest.mark.parametrize("places", [(), ("own",)])
def test_a_profile_that_is_nowhere_is_told_with_those_there_are(tmp_path: Path, places: Sequence[str]) -> None:
    """And where they are looked for."""
    own = folder(tmp_path, "own", "[profiles.school-b]\ntenant = 'x'\n")

    with pytest.raises(UsageError) as caught:
        profiled("school-a", tuple(tmp_path / place for place in places), own)

    assert "school-a" in caught.value.message
    assert ("school-b" in caught.value.hint) == bool(places)


COMES_WITH_A_ROSTER = [
    ("client-secret-command", '"curl https://elsewhere.example.com"'),
    ("passphrase-command", '"calc.exe"'),
    ("new-passphrase-command", '"calc.exe"'),
    ("authority-url", '"https://login.elsewhere.example.com"'),
    ("graph-url", '"https://graph.elsewhere.example.com"'),
    ("ca-bundle", '"ca.pem"'),
]


@pytest.mark.parametrize(("name", "value"), COMES_WITH_A_ROSTER)
def test_a_file_that_came_with_a_roster_runs_nothing_and_leads_nowhere(tmp_path: Path, name: str, value: str) -> None:
    """Whoever unpacks a roster and plans it has agreed to neither; their own file may say it."""
    text = f"[profiles.default]\n{name} = {value}\n"
    beside, own = folder(tmp_path, "rosters", text), folder(tmp_path, "own", "")

    with pytest.raises(UsageError) as caught:
        profiled(None, (beside, own), own)

    assert name in caught.value.message
    assert str(beside / FILE_NAME) in caught.value.message
    assert str(own / FILE_NAME) in caught.value.hint
    (own / FILE_NAME).write_text(text, "utf-8")
    (beside / FILE_NAME).write_text("[profiles.default]\ntenant = 'contoso.com'\n", "utf-8")
    assert name.replace("-", "_") in profiled(None, (beside, own), own).given


def test_a_roster_in_the_users_own_folder_is_read_with_its_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody else's, however its folder is written."""
    own = folder(tmp_path, "own", '[profiles.default]\nclient-secret-command = "vault read"\n')
    monkeypatch.chdir(own)
    assert "client_secret_command" in profiled(None, (Path(), own), own).given


def test_guards_of_the_user_and_of_the_profile_add_up(tmp_path: Path) -> None:
    """Those beside a roster are read with it, and are not counted twice."""
    text = "[guards]\nmax-rows = 500\n[profiles.x]\n[profiles.x.guards]\ndeny = '*@admins.contoso.com'\n"
    own, beside = folder(tmp_path, "own", text), folder(tmp_path, "beside", "[guards]\nmax-rows = 5\n")

    found = profiled("x", (beside, own), own)

    assert [dict(table) for _, table in found.guards] == [{"max-rows": 500}, {"deny": "*@admins.contoso.com"}]


def test_no_setting_that_holds_a_decision_is_kept() -> None:
    """What is agreed to, or chosen, is so each time."""
    assert not {"yes", "only", "except", "accept", "limit", "dry-run", "start", "names"} & set(keepable())
    assert {"tenant", "lifetime", "reports", "timezone", "concurrency"} <= set(keepable())
    assert sign_in_declared.TENANT in keepable().values()


def test_every_command_that_looks_for_runs_takes_a_profile() -> None:
    """A profile that names the reports folder names it for the commands after `apply` too."""
    looking = {name for name, command in cli.commands.items() for one in command.params if "--reports" in one.opts}
    taking = {name for name, command in cli.commands.items() for one in command.params if "--profile" in one.opts}
    assert looking <= taking


def test_a_language_of_a_profile_is_that_of_hand_outs(tmp_path: Path) -> None:
    """Settings of one name have the kind that most commands give them."""
    own = folder(tmp_path, "own", '[profiles.default]\nlanguage = ["tr", "ar"]\n')
    assert profiled(None, (own,), own).given["language"].value == ("tr", "ar")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("tenant = 'contoso.com'", "[profiles.default]"),
        ("max-rows = 500", "[guards]"),
        ("client-secret = 's3cret-value'\n[profiles.default]\ntenant = 'a'", "no secrets"),
        ("[azure]\nclient_secret = 's3cret-value'", "no secrets"),
        ("[profile.default]\ntenant = 'a'", "Did you mean [profiles]"),
        ("[default]\ntenant = 'a'", "Did you mean [profiles.default]"),
        ("[guard]\nmax-rows = 5", "Did you mean [guards]"),
        ("[tool.bulktap]\ntenant = 'a'", "Its tables are"),
        ("guards = 3", "guards is not a table"),
        ("roster = 5", "roster is not a table"),
        ("columns = 'user'", "columns is not a table"),
    ],
)
def test_what_would_not_count_is_told(tmp_path: Path, text: str, words: str) -> None:
    """A setting above the tables, or a guard in a table of a wrong name, would silently not be obeyed."""
    own = folder(tmp_path, "own", f"{text}\n")

    with pytest.raises(UsageError) as caught:
        profiled(None, (own,), own)

    assert str(own / FILE_NAME) in caught.value.message
    assert words in f"{caught.value.message} {caught.value.hint}"
    assert "s3cret-value" not in caught.value.message + caught.value.hint


@pytest.mark.parametrize(
    ("text", "key", "value"),
    [
        ("lifetime = 480", "lifetime", "480"),
        ("assume = 20", "assume", "20"),
        ("assume = 2.5", "assume", "2.5"),
        ("max-rate = 5", "max_rate", 5.0),
        ("reply-timeout = 100", "reply_timeout", 100.0),
    ],
)
def test_what_may_be_a_bare_number_needs_no_quotes(tmp_path: Path, text: str, key: str, value: object) -> None:
    """Minutes, creates a second, seconds: the same as with the option."""
    own = folder(tmp_path, "own", f"[profiles.default]\n{text}\n")
    assert profiled(None, (own,), own).given[key].value == value


@pytest.mark.skipif(os.name == "nt", reason="Windows says of such names that there is no such file")
@pytest.mark.parametrize("name", ["x" * 300, "/".join(["x" * 200] * 30), "x" * 5000])
def test_a_folder_that_cannot_be_looked_into_is_said(tmp_path: Path, name: str) -> None:
    """Guards may be in it; so it is of a HOME that is another user's, as containers have it."""
    place = tmp_path / name

    with pytest.raises(UsageError) as caught:
        profiled(None, (place,), place)

    assert str(place / FILE_NAME) in caught.value.message
    assert "HOME" in caught.value.hint


@pytest.mark.skipif(
    sys.platform == "win32" or os.geteuid() == 0, reason="neither Windows nor root obeys the mode of a folder"
)
def test_a_folder_of_another_user_is_said(tmp_path: Path) -> None:
    """Likewise."""
    place = folder(tmp_path, "own", "")
    place.chmod(0)
    try:
        with pytest.raises(UsageError, match="cannot be looked at: Permission denied"):
            profiled(None, (place,), place)
    finally:
        place.chmod(0o700)


@pytest.mark.parametrize("name", ["bulktap.toml.txt", "Bulktap.toml.txt", "bulktap.TOML.txt"])
def test_a_file_of_almost_the_name_is_told(tmp_path: Path, name: str) -> None:
    """Windows hides `.txt`, and the guards in it would not count."""
    (tmp_path / name).write_text("[guards]\nmax-rows = 5\n", "utf-8")

    with pytest.raises(UsageError, match="another name"):
        profiled(None, (tmp_path,), tmp_path)
