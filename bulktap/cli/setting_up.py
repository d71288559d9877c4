"""Setting a profile up: the questions, what is written, and the steps that are printed."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from bulktap.cli import registration_steps as steps
from bulktap.model.clock import SystemClock
from bulktap.model.cloud import Cloud
from bulktap.model.errors import NotConfirmed, UsageError
from bulktap.model.passes import is_guid
from bulktap.model.sign_in_ways import SignInWay
from bulktap.operations.own_certificate import OwnCertificate, certificate_in, certificate_of
from bulktap.settings import setup_declarations as declared
from bulktap.settings.environment import user_configuration_folder
from bulktap.settings.profile_writing import checked_profile, profile_in, write_profile
from bulktap.settings.profiles import USUAL
from bulktap.settings.sign_in_settings import NO_TENANTS, certificate_password, plain_id

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    from bulktap.cli.console import Console
    from bulktap.cli.outcome import CommandOutcome
    from bulktap.settings.declaration import Declaration
    from bulktap.settings.values import Values

_TRIES = 3
"""How often one question is asked."""
_WAYS = (
    (SignInWay.CERTIFICATE, "a certificate (recommended: made here, no secret leaves this computer)"),
    (SignInWay.BROWSER, "a person in the browser, with a role that may issue passes"),
    (SignInWay.SECRET, "a client secret"),
    (SignInWay.FEDERATION, "a token of another identity service, such as GitHub Actions"),
    (SignInWay.MANAGED_IDENTITY, "the identity of a machine in Azure"),
    (SignInWay.DEVICE_CODE, "a person with a device code, which many tenants block"),
)


def set_up(console: Console, outcome: CommandOutcome, chosen: Values) -> None:
    """Ask, write the profile, and print the steps.

    Raises:
        UsageError: something is missing and nobody can be asked, or cannot be meant.
        NotConfirmed: a profile that is there is to stay as it is.
        DiskRefuses: something cannot be written.
    """
    folder = user_configuration_folder()
    if folder is None:
        raise UsageError(
            "The system names no folder for your settings.", hint="Set HOME, or on Windows APPDATA, and try again."
        )
    name = checked_profile(chosen.of(declared.NEW_PROFILE) or USUAL)
    there = profile_in(folder, name)
    wanted = _Questions(console, chosen, there).answers()
    now = SystemClock().now()
    if there and any(there.get(key) != value for key, value in wanted.items()):
        _agree(console, chosen, name, there, wanted)
    certificate = None
    if wanted["sign-in"] == SignInWay.CERTIFICATE.value:
        certificate = _certificate(chosen, folder, there) or certificate_in(folder, name, now)
        inside = certificate.file.parent == folder
        wanted["certificate"] = certificate.file.name if inside else str(certificate.file.absolute())
    file = write_profile(folder, name, wanted)
    about = steps.Registration(
        wanted.get("tenant", ""),
        Cloud(wanted.get("cloud", Cloud.GLOBAL)),
        SignInWay(wanted["sign-in"]),
        wanted.get("client-id", ""),
        certificate.public_file if certificate is not None else None,
        name,
    )
    _tell(console, outcome, _Written(name, file, wanted, certificate, about))


@dataclass(frozen=True, slots=True)
class _Written:
    """What came of it."""

    name: str
    file: Path
    values: Mapping[str, str]
    certificate: OwnCertificate | None
    about: steps.Registration

    @property
    def next(self) -> str:
        """The command that is sensibly run next."""
        profile = "" if self.name == USUAL else f" --profile {self.name}"
        if self.about.client_id or self.about.by_machine:
            return f"bulktap doctor{profile}"
        return f"bulktap init{profile} --client-id ID"


class _Questions:
    """What has to be known: what was given, or else what the profile says already, or else what is answered."""

    def __init__(self, console: Console, chosen: Values, there: Mapping[str, object]) -> None:
        self._console = console
        self._chosen = chosen
        self._there = there
        self._asks = console.can_ask and not chosen.is_set(declared.INIT_YES)

    def answers(self) -> dict[str, str]:
        """Return the settings of the profile, by name."""
        way = SignInWay(self._known(declared.NEW_SIGN_IN) or self._way())
        found = {
            "tenant": self._of(declared.NEW_TENANT, "Tenant, its id or a domain of it:", _tenant),
            "cloud": self._cloud_meant(),
            "sign-in": way.value,
            "client-id": self._of(
                declared.NEW_CLIENT_ID, "Application ID of the app [not registered yet]:", _client_id, ""
            ),
        }
        if found["cloud"] == Cloud.GLOBAL.value and not self._known(declared.NEW_CLOUD):
            found["cloud"] = ""  # the usual one: addresses in the environment may still name another
        zone = _local_zone()
        if self._asks or self._known(declared.NEW_TIMEZONE):
            found["timezone"] = self._of(declared.NEW_TIMEZONE, f"Time zone of the rosters [{zone}]:", _timezone, zone)
        if not found["tenant"] and way is not SignInWay.MANAGED_IDENTITY:
            raise UsageError(
                "Which tenant is meant is not known, and nobody can be asked.", hint="Add --tenant contoso.com."
            )
        return {key: value for key, value in found.items() if value}

    def _cloud_meant(self) -> str:
        if self._there and not self._known(declared.NEW_CLOUD):
            return Cloud.GLOBAL.value  # a profile that names none was made for the usual one
        return self._of(declared.NEW_CLOUD, "Cloud (global, usgov, usgov-dod) [global]:", _cloud, Cloud.GLOBAL.value)

    def _known(self, declaration: Declaration[Any]) -> str:
        given = self._chosen.of(declaration)
        if given is None:
            given = self._there.get(declaration.name)
        return "" if given is None else str(declaration.kind.take(given))

    def _of(
        self, declaration: Declaration[Any], question: str, check: Callable[[str], str], usual: str | None = None
    ) -> str:
        known = self._known(declaration)
        if known:
            return check(known)
        if not self._asks:
            return usual or ""
        return self._asked(question, check, usual)

    def _asked(self, question: str, check: Callable[[str], str], usual: str | None) -> str:
        for _ in range(_TRIES):
            typed = self._console.ask(question)
            if typed is None:
                break
            if not typed and usual is not None:
                return usual
            try:
                return check(typed)
            except UsageError as wrong:
                self._console.error(wrong.message, wrong.hint)
        raise UsageError("No answer was given.", hint="Answer, or give it as an option: bulktap init --help.")

    def _way(self) -> str:
        if not self._asks:
            return SignInWay.CERTIFICATE.value
        self._console.always("How to sign in:", *(f"  {number}  {text}" for number, (_, text) in enumerate(_WAYS, 1)))
        return self._asked(f"Way [1-{len(_WAYS)}, 1]:", _way_meant, SignInWay.CERTIFICATE.value)


def _way_meant(typed: str) -> str:
    if typed.isdecimal() and 1 <= int(typed) <= len(_WAYS):
        return _WAYS[int(typed) - 1][0].value
    if typed.casefold() in set(SignInWay):
        return typed.casefold()
    raise UsageError(f"{typed} is none of them.", hint="Type its number.")


def _tenant(text: str) -> str:
    found = plain_id(text, "The tenant")
    if not found or found.casefold() in NO_TENANTS or not (is_guid(found) or "." in found):
        raise UsageError(
            f"{found or 'That'} names no tenant: it is no id and no domain.",
            hint="Type its id, or a domain of it such as contoso.com.",
        )
    return found


def _client_id(text: str) -> str:
    found = plain_id(text, "The application id")
    if not is_guid(found):
        raise UsageError(
            f"{found or 'Nothing'} is no application id.",
            hint="Copy it from the app registration's overview page: Application (client) ID.",
        )
    return found.lower()


def _cloud(text: str) -> str:
    found = text.strip().casefold()
    if found not in set(Cloud):
        raise UsageError(f"{text} is no cloud.", hint=f"There are {', '.join(Cloud)}.")
    if not Cloud(found).supports_passes:
        raise UsageError(
            f"Temporary Access Passes do not exist in {Cloud(found).label}.",
            hint="Its schema of Microsoft Graph v1.0 did not know them on 2026-08-20.",
        )
    return found


def _timezone(text: str) -> str:
    try:
        ZoneInfo(text)
    except (OSError, ValueError, KeyError):  # ZoneInfoNotFoundError is a KeyError
        raise UsageError(f"{text} is no time zone.", hint="Type a name such as Europe/Berlin.") from None
    return text


def _local_zone() -> str:
    import tzlocal

    return tzlocal.get_localzone_name() or "UTC"


def _agree(console: Console, chosen: Values, name: str, there: Mapping[str, object], wanted: Mapping[str, str]) -> None:
    """Ask whether a profile that is there may be changed.

    Raises:
        UsageError: nobody can be asked.
        NotConfirmed: it is to stay.
    """
    if chosen.is_set(declared.INIT_YES):
        return
    changes = [
        f"  {key} = {value}" + (f"  (was {there[key]})" if key in there else "")
        for key, value in wanted.items()
        if there.get(key) != value
    ]
    if not console.can_ask:
        raise UsageError(
            f"There is a profile {name} already, and nobody can be asked whether to change it.",
            hint="Add --yes, or choose another name with --profile.",
        )
    console.always(f"There is a profile {name} already. It would be changed:", *changes)
    if not console.confirm("Change it?"):
        raise NotConfirmed("The profile stays as it is.", hint="Another one is written with --profile NAME.")


def _certificate(chosen: Values, folder: Path, there: Mapping[str, object]) -> OwnCertificate | None:
    """Return the certificate that somebody names; None where one of this profile's own is wanted."""
    named = chosen.of(declared.OWN_CERTIFICATE)
    now, password = SystemClock().now(), certificate_password()
    if named is not None:
        return certificate_of(folder, named.absolute(), password, now)
    kept = there.get("certificate")
    file = folder / Path(kept).expanduser() if isinstance(kept, str) else folder
    if not file.is_file():
        return None
    try:
        return certificate_of(folder, file, password, now)
    except UsageError:  # it has expired, or cannot be read: the profile gets another
        return None


def _tell(console: Console, outcome: CommandOutcome, written: _Written) -> None:
    about, certificate = written.about, written.certificate
    parts = {
        "portal": list(steps.portal_steps(about)),
        "powershell": list(steps.powershell_steps(about)),
        "az": list(steps.az_steps(about)),
    }
    outcome.files = [written.file, *([certificate.file, certificate.public_file] if certificate else [])]
    outcome.more |= {
        "profile": {"name": written.name, "settings": dict(written.values)},
        "steps": parts,
        "next": written.next,
    }
    if not about.by_machine:
        outcome.more["consent_link"] = about.consent_link
    if certificate is not None:
        outcome.more["certificate"] = {
            "file": str(certificate.file),
            "public_file": str(certificate.public_file),
            "thumbprint": certificate.thumbprint,
            "expires": f"{certificate.expires_at:%Y-%m-%dT%H:%M:%SZ}",
            "new": certificate.is_new,
        }
        made = "made" if certificate.is_new else "taken as it is"
        console.say(
            f"The certificate {certificate.file} was {made}; it is good until {certificate.expires_at:%Y-%m-%d}."
        )
    console.say(f"The profile {written.name} is in {written.file}. Nothing was sent anywhere.")
    console.data(
        "For whoever may register the app (an Application Administrator; consent takes a Privileged Role "
        "Administrator). One of these three ways is enough.",
        *([f"Send {certificate.public_file.name} along: {certificate.public_file}"] if certificate else []),
        "",
        "In the portal:",
    )
    console.data(*(f"  {number}. {line}" for number, line in enumerate(parts["portal"], 1)))
    console.data("", "In PowerShell (Install-Module Microsoft.Graph):")
    console.as_it_is(*parts["powershell"])
    console.data("", "With the Azure CLI:")
    console.as_it_is(*parts["az"])
    console.data("", "Permissions of Microsoft Graph:")
    console.data(*steps.permission_lines(about))
    console.data("", f"Then: `{written.next}`")
