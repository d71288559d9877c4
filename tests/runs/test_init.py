"""Setting up: a profile, a certificate that signs in, steps to copy; from a terminal and without one."""

from __future__ import annotations

import stat
import sys
import tomllib
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from sign_in_world import Keypair
from terminal_talk import talk
from whole_run import Program, environment_of

from bulktap.graph.permissions import NEEDS

if TYPE_CHECKING:
    from pathlib import Path

    from bulktap.simulator.embedded import EmbeddedSimulator
    from bulktap.simulator.tenant import Tenant

APP = "7d1c5a9e-3b52-4c68-9f0a-6e2b8d4f1a37"
NO_ZONE = {"BULKTAP_TIMEZONE": ""}


def own_folder(program: Program) -> Path:
    """Return the user's configuration folder."""
    from pathlib import Path

    place = program.environment["APPDATA" if sys.platform == "win32" else "XDG_CONFIG_HOME"]
    return Path(place) / "bulktap"


def profiles(program: Program) -> dict[str, Any]:
    """Return what the user's own file holds."""
    return tomllib.loads((own_folder(program) / "bulktap.toml").read_text("utf-8"))


def test_a_profile_and_a_certificate_are_made_without_a_terminal(program: Program) -> None:
    """RSA of 3072 bits, for a year; the key is this user's alone; nothing else is in the folder."""
    done = program("init", "--tenant", "contoso.com", "--yes", "--json", **NO_ZONE).json

    assert profiles(program) == {
        "profiles": {
            "default": {
                "tenant": "contoso.com",
                "sign-in": "certificate",
                "certificate": done["certificate"]["file"].replace("\\", "/").rpartition("/")[2],
            }
        }
    }
    folder = own_folder(program)
    public = x509.load_pem_x509_certificate((folder / "default.cer").read_bytes())
    key = public.public_key()
    assert isinstance(key, RSAPublicKey)
    assert key.key_size == 3072
    assert 364 <= (public.not_valid_after_utc - public.not_valid_before_utc).days <= 366
    assert b"PRIVATE" not in (folder / "default.cer").read_bytes()
    if sys.platform != "win32":
        assert stat.S_IMODE((folder / "default.pem").stat().st_mode) == 0o600
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        assert {one.name for one in folder.iterdir()} == {"bulktap.toml", "default.pem", "default.cer"}


def test_the_certificate_signs_in_once_it_is_uploaded(
    program: Program, service: EmbeddedSimulator, tenant: Tenant
) -> None:
    """The profile alone is enough: doctor and plan take it."""
    addresses = environment_of(service)
    program("init", "--tenant", service.tenant_id, "--client-id", service.client_id, "--yes", **NO_ZONE)
    public = (own_folder(program) / "default.cer").read_text()
    service.ask(lambda: setattr(tenant, "registration", replace(tenant.registration, certificates=(public,))))
    there = {name: addresses[name] for name in ("BULKTAP_GRAPH_URL", "BULKTAP_AUTHORITY_URL", "BULKTAP_CA_BUNDLE")}

    done = program("doctor", "--json", **there).json
    assert [one["state"] for one in done["checks"] if one["check"] == "sign-in"] == ["ok"]
    assert (
        "with a certificate"
        in program("plan", program.roster([["User"], ["student01@contoso.com"]]), code=None, **there).err
    )


def test_other_lines_and_other_profiles_stay(program: Program) -> None:
    """Comments and line ends too; a second run adds the app's id to what is there, and keeps the certificate."""
    folder = own_folder(program)
    folder.mkdir(parents=True)
    text = '# mine\r\n[guards]\r\nmax-rows = 500\r\n\r\n[profiles.other]\r\ntenant = "fabrikam.com" # keep\r\n'
    (folder / "bulktap.toml").write_bytes(text.encode())
    program("init", "--tenant", "contoso.com", "--timezone", "Europe/Berlin", "--yes")
    before = (folder / "default.cer").read_bytes()
    program("init", "--client-id", APP.upper(), "--yes", **NO_ZONE)

    after = (folder / "bulktap.toml").read_bytes().decode()
    assert after.startswith(text)
    assert "\n" not in after.replace("\r\n", "")
    assert profiles(program)["profiles"]["default"]["client-id"] == APP
    assert profiles(program)["profiles"]["default"]["timezone"] == "Europe/Berlin"
    assert (folder / "default.cer").read_bytes() == before


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ('sign-in = "windows"', "sign-in"),
        ("sign-in = 5", "in quotes"),
        ('cloud = "mars"', "cloud"),
        ('tennant = "x"', "Did you mean tenant?"),
        ('client-secret = "s3cret-value"', "no secrets"),
        ("certificate = ['a.pfx']", "a list"),
    ],
)
def test_a_profile_that_would_be_refused_is_not_added_to(program: Program, line: str, words: str) -> None:
    """The next command would not take it, so that it is told now, and the file stays as it is."""
    file = own_folder(program) / "bulktap.toml"
    file.parent.mkdir(parents=True)
    file.write_text(f"[profiles.default]\n{line}\n", "utf-8")

    done = program("init", "--tenant", "contoso.com", "--yes", "--json", code=2, **NO_ZONE)

    error = done.json["error"]
    assert words in f"{error['message']} {error['hint']}"
    assert [one.name for one in file.parent.iterdir()] == ["bulktap.toml"]
    assert file.read_text("utf-8") == f"[profiles.default]\n{line}\n"


def test_words_of_a_profile_may_have_capital_letters(program: Program) -> None:
    """They mean the same."""
    file = own_folder(program) / "bulktap.toml"
    file.parent.mkdir(parents=True)
    file.write_text('[profiles.default]\nsign-in = "Browser"\ncloud = "USGov"\n', "utf-8")

    done = program("init", "--tenant", "contoso.com", "--yes", "--json", **NO_ZONE).json

    assert done["profile"]["settings"]["sign-in"] == "browser"
    assert "login.microsoftonline.us" in done["consent_link"]


def test_a_profile_that_is_there_is_changed_only_by_a_yes(program: Program) -> None:
    """Without a terminal it is refused; to say the same once more changes nothing and needs none."""
    program("init", "--tenant", "contoso.com", "--yes", **NO_ZONE)
    before = (own_folder(program) / "bulktap.toml").read_bytes()

    refused = program("init", "--tenant", "fabrikam.com", code=2, **NO_ZONE)
    assert "--yes" in refused.err
    assert (own_folder(program) / "bulktap.toml").read_bytes() == before
    program("init", "--tenant", "contoso.com", **NO_ZONE)
    assert (own_folder(program) / "bulktap.toml").read_bytes() == before


@pytest.mark.skipif(sys.platform == "win32", reason="pseudo-terminals are Unix's")
def test_the_questions_are_asked_in_a_terminal(program: Program) -> None:
    """What is none is asked again; Enter takes what is proposed; a profile that is there is asked about."""
    answers = [
        ("1-6", ""), ("Tenant", "common"), ("Tenant", "contoso.com"), ("Cloud", "usgov"),
        ("Application ID", "not an id"), ("Application ID", APP), ("Time zone", "Europe/Vienna"),
    ]  # fmt: skip
    code, shown = talk(Program(program.cwd, program.environment | NO_ZONE), ["init"], answers)

    assert code == 0, shown
    made = profiles(program)["profiles"]["default"]
    assert made["cloud"] == "usgov"
    assert made["client-id"] == APP
    assert made["timezone"] == "Europe/Vienna"
    assert "https://entra.microsoft.us" in shown
    assert "login.microsoftonline.us/contoso.com/adminconsent" in shown

    again = Program(program.cwd, program.environment | NO_ZONE)
    code, shown = talk(again, ["init", "--tenant", "fabrikam.com"], [("Change it?", "no")])
    assert code == 6
    assert "was contoso.com" in shown
    assert profiles(program)["profiles"]["default"] == made


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--tenant", "common"), "names no tenant"),
        (("--tenant", "contoso com"), "character"),
        (("--tenant", "contoso"), "no domain"),
        (("--tenant", "c16b1ab5-8b24-5e6f-88a2"), "no domain"),
        (("--tenant", "contoso.com", "--client-id", "bulktap"), "no application id"),
        (("--tenant", "contoso.com", "--timezone", "Europe/Atlantis"), "no time zone"),
        (("--tenant", "contoso.com", "--profile", "../x"), "cannot be called"),
        (("--tenant", "contoso.com", "--profile", "con"), "cannot be called"),
        (("--tenant", "contoso.com", "--cloud", "china"), "do not exist"),
        ((), "not known"),
    ],
)
def test_what_cannot_be_meant_is_refused_and_nothing_is_written(
    program: Program, words: tuple[str, ...], told: str
) -> None:
    """Before a certificate is made."""
    done = program("init", *words, "--yes", code=2)

    assert told in " ".join(done.err.split())
    assert not own_folder(program).exists()


@pytest.mark.parametrize(
    ("way", "words"),
    [
        ("certificate", ("AsymmetricX509Cert", "default.cer", "=Role", "--cert")),
        ("secret", ("Add-MgApplicationPassword", "credential reset", "=Role")),
        ("federation", ("token.actions.githubusercontent.com", "api://AzureADTokenExchange", "federated-credential")),
        ("browser", ("-IsFallbackPublicClient", "http://localhost", "=Scope", "Authentication Administrator")),
        ("device-code", ("New-MgOauth2PermissionGrant", "public client", "=Scope")),
        ("managed-identity", ("New-MgServicePrincipalAppRoleAssignment", "appRoleAssignments")),
    ],
)
def test_the_steps_name_everything_by_name_and_id(program: Program, way: str, words: tuple[str, ...]) -> None:
    """For each way to sign in, in three forms; with a link for consent where somebody consents."""
    done = program("init", "--tenant", "contoso.com", "--sign-in", way, "--yes", "--json", **NO_ZONE).json

    steps = {name: "\n".join(lines) for name, lines in done["steps"].items()}
    assert [word for word in words if word not in "\n".join(steps.values())] == []
    person = way in {"browser", "device-code"}
    ids = [one.permission.delegated_id if person else one.permission.application_id for one in NEEDS if not one.seldom]
    for form in ("powershell", "az"):
        assert [one for one in ids if one not in steps[form]] == []
    if way == "certificate":
        shown = program("init", "--tenant", "contoso.com", "--sign-in", way, "--yes", **NO_ZONE).out
        assert f"Send default.cer along: {own_folder(program) / 'default.cer'}" in " ".join(shown.split())
    if way != "managed-identity":
        assert done["consent_link"] in steps["portal"]
        assert done["consent_link"] == "https://login.microsoftonline.com/contoso.com/adminconsent?client_id=APP"
    assert ("certificate" in done) == (way == "certificate")


def test_a_certificate_of_ones_own_is_taken(program: Program, tmp_path: Path) -> None:
    """With its password from the environment; only its public part is written."""
    file = tmp_path / "own.pfx"
    file.write_bytes(Keypair().pfx("pa55"))
    done = program(
        "init", "--tenant", "contoso.com", "--certificate", file, "--yes", "--json",
        AZURE_CLIENT_CERTIFICATE_PASSWORD="pa55", **NO_ZONE,
    ).json  # fmt: skip

    assert done["certificate"]["new"] is False
    assert profiles(program)["profiles"]["default"]["certificate"] == str(file)
    assert {one.name for one in own_folder(program).iterdir()} == {"bulktap.toml", "own.cer"}


@pytest.mark.parametrize("kept", ["~/certificates/app.pem", "certificates/app.pem", "../../certificates/app.pem"])
def test_a_certificate_that_a_profile_names_is_kept_however_its_place_is_written(
    program: Program, tmp_path: Path, kept: str
) -> None:
    """As commands read it; the app's id is added, and no other certificate is made."""
    pair, folder = Keypair(), own_folder(program)
    home = folder.parent.parent if kept.startswith("..") else folder if kept.startswith("c") else tmp_path
    (home / "certificates").mkdir(parents=True)
    (home / "certificates" / "app.pem").write_text(pair.private() + pair.public)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "bulktap.toml").write_text(
        f"[profiles.default]\ntenant = 'contoso.com'\nsign-in = 'certificate'\ncertificate = '{kept}'\n"
    )

    variables = {"HOME": str(tmp_path), "USERPROFILE": str(tmp_path), **NO_ZONE}
    done = program("init", "--client-id", APP, "--yes", "--json", **variables).json

    assert done["certificate"]["new"] is False
    now = profiles(program)["profiles"]["default"]
    assert now["client-id"] == APP
    assert (folder / now["certificate"]).samefile(home / "certificates" / "app.pem")


@pytest.mark.parametrize("there", ["another's", "its own", "a folder"])
def test_the_public_part_of_another_certificate_stays(program: Program, tmp_path: Path, there: str) -> None:
    """A file of one's own may have the name of another profile's, whose public part is still to be uploaded."""
    pair, folder = Keypair(), own_folder(program)
    file = tmp_path / "default.pem"
    file.write_text(pair.private() + pair.public)
    folder.mkdir(parents=True)
    if there == "a folder":
        (folder / "default.cer").mkdir()
    else:
        (folder / "default.cer").write_text(pair.public if there == "its own" else Keypair().public)
    before = None if there == "a folder" else (folder / "default.cer").read_text()

    done = program("init", "--tenant", "contoso.com", "--certificate", file, "--yes", "--json", **NO_ZONE).json

    public = folder / ("default.cer" if there == "its own" else "default-2.cer")
    assert done["certificate"]["public_file"] == str(public)
    assert public.read_text() == pair.public
    assert before is None or (folder / "default.cer").read_text() == before


def test_a_file_that_cannot_be_changed_line_by_line_stays(program: Program) -> None:
    """Profiles as one inline table are valid, and nobody's to rewrite."""
    folder = own_folder(program)
    folder.mkdir(parents=True)
    text = 'profiles = { default = { tenant = "fabrikam.com" } }\n'
    (folder / "bulktap.toml").write_text(text)

    done = program("init", "--tenant", "contoso.com", "--sign-in", "browser", "--yes", code=2, **NO_ZONE)
    assert "line by line" in " ".join(done.err.split())
    assert (folder / "bulktap.toml").read_text() == text
