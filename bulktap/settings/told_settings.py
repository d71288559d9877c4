"""What is set, and where: each value that somebody gave, with the flag, variable or file that it comes from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from bulktap.model.checks import Check, fine, warning, wrong
from bulktap.model.plain_text import in_number, one_line
from bulktap.model.secret import SECRET_VARIABLES, without_credentials
from bulktap.settings import declarations as declared
from bulktap.settings import sign_in_declarations as sign_in_declared
from bulktap.settings.environment import own_variables, secrets_set, variable_text
from bulktap.settings.every_declaration import every_declaration
from bulktap.settings.profile_files import keepable
from bulktap.settings.values import Given, Origin

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from bulktap.model.errors import UsageError
    from bulktap.operations.run_settings import AccessSettings
    from bulktap.settings.declaration import Declaration
    from bulktap.settings.profiles import Profiled
    from bulktap.settings.values import Values

_ALWAYS: tuple[Declaration[Any], ...] = (
    sign_in_declared.TENANT,
    sign_in_declared.CLOUD,
    sign_in_declared.SIGN_IN,
    declared.REPORTS,
)
"""What is told even if nobody has set it."""
_SOON = timedelta(days=30)
"""So long before its end a certificate is worth a word."""
_OTHER_VARIABLES = frozenset({"BULKTAP_UNPACK_IN"})
"""Variables that are read before bulktap itself runs."""
_SET = "set"
"""Stands for a value that is not shown."""


@dataclass(frozen=True, slots=True)
class ToldSetting:
    """One setting as doctor tells it."""

    name: str
    value: str
    origin: Origin
    where: str
    """The flag, the variable, or the profile with its file; empty for a default."""

    @property
    def line(self) -> str:
        """The setting on one line."""
        source = {Origin.DEFAULT: "default", Origin.FLAG: self.where, Origin.ENVIRONMENT: f"variable {self.where}"}
        return f"{self.name} = {self.value} ({source.get(self.origin, self.where)})"


def told_settings(chosen: Values, profile: Profiled | None) -> list[ToldSetting]:
    """Return each setting that somebody has given, and a few that nobody has.

    Args:
        chosen: the command's own settings.
        profile: what profiles say; None where they could not be read.
    """
    told = [one for name, found in keepable().items() if (one := _told(name, found, chosen, profile)) is not None]
    secrets = [ToldSetting(name, _SET, Origin.ENVIRONMENT, name) for name in secrets_set()]
    return [*told, *secrets]


def _told(name: str, declaration: Declaration[Any], chosen: Values, profile: Profiled | None) -> ToldSetting | None:
    """Return the setting with the source that wins; None for one that nobody set and that says nothing."""
    given = chosen.given(declaration)
    if given is not None and given.origin is Origin.FLAG:
        return ToldSetting(name, _shown(declaration, given.value), Origin.FLAG, given.spelled)
    if (found := variable_text(declaration)) is not None:
        named, text = found
        return ToldSetting(name, _shown(declaration, text), Origin.ENVIRONMENT, named)
    kept: Given | None = profile.given.get(declaration.key) if profile is not None else None
    if kept is not None:
        return ToldSetting(name, _shown(declaration, kept.value), Origin.PROFILE, kept.spelled)
    if declaration not in _ALWAYS:
        return None
    usual = "not set" if declaration.default is None else str(declaration.default)
    return ToldSetting(name, usual, Origin.DEFAULT, "")


def _shown(declaration: Declaration[Any], value: object) -> str:
    """Return a value as it may be seen: of a program that prints a secret only that it is set."""
    if declaration.name.endswith("-command"):
        return _SET
    if declaration.name.endswith("-url"):
        return without_credentials(str(value))
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)


def settings_check(told: list[ToldSetting], profile: Profiled | None, broken: UsageError | None) -> Check:
    """Return the check about settings."""
    lines = [one.line for one in told]
    if broken is not None:
        return wrong("settings", "Settings", broken.message, broken.hint, broken.exit_code, lines)
    count = sum(one.origin is not Origin.DEFAULT for one in told)
    used = f"profile {profile.name}" if profile is not None and profile.name else "no profile"
    return fine("settings", "Settings", f"{count} {'is' if count == 1 else 'are'} set; {used} is used.", lines)


def variable_checks() -> Iterator[Check]:
    """Yield a check about variables that look like bulktap's and are none: what they are to say does not count."""
    declared_here = every_declaration()
    known = {name for one in declared_here for name in one.variables} | _OTHER_VARIABLES | set(SECRET_VARIABLES)
    known |= {f"BULKTAP_{one.opposite.replace('-', '_').upper()}" for one in declared_here if one.opposite}
    unknown = sorted(set(own_variables()) - known)
    if not unknown:
        return
    details = []
    for name in unknown:
        near = get_close_matches(name.upper(), known, 1)
        details.append(f"{one_line(name)}{f': did you mean {near[0]}?' if near else ''}")
    count = in_number(len(unknown), "variable is", "variables are")
    found = f"{count} set that bulktap does not read; what it says does not count."
    if len(unknown) > 1:
        found = found.replace("it says does", "they say does")
    yield warning("variables", "Variables", found, "Correct the name; `bulktap help environment` lists them.", details)


def way_checks(access: AccessSettings | None, broken: UsageError | None, now: datetime) -> Iterator[Check]:
    """Yield the checks about the way of signing in.

    Args:
        access: how one signs in; None where that cannot be.
        broken: why not.
        now: a certificate that ends soon is told.
    """
    from bulktap.graph.sign_in.credentials import who_signs_in

    code, title = "sign-in-way", "Way to sign in"
    if access is None:
        if broken is not None:
            yield wrong(code, title, broken.message, broken.hint, broken.exit_code)
        return
    credentials = access.credentials
    found = f"{who_signs_in(credentials)}, with {credentials.way.label}."
    yield fine(code, title, found[0].upper() + found[1:], _certificate_lines(access))
    ends = _certificate_ends(access)
    if ends is not None and ends - now < _SOON:
        days = (ends - now).days
        left = in_number(days, "day", "days") if days else "less than a day"
        remedy = "Upload a new one to the app registration before that; both work side by side until then."
        yield warning("sign-in-expires", title, f"The certificate ends in {left}.", remedy)
    if access.notes:
        remedy = "Unset what is not meant, so that nobody takes the one for the other."
        yield warning("sign-in-others", title, " ".join(access.notes), remedy)


def _certificate_ends(access: AccessSettings) -> datetime | None:
    from bulktap.graph.sign_in.credentials import CertificateCredentials

    credentials = access.credentials
    return credentials.certificate.expires_at if isinstance(credentials, CertificateCredentials) else None


def _certificate_lines(access: AccessSettings) -> Iterator[str]:
    from bulktap.graph.sign_in.credentials import CertificateCredentials

    if isinstance(access.credentials, CertificateCredentials):
        certificate = access.credentials.certificate
        yield f"Certificate {certificate.subject}, thumbprint {certificate.thumbprint}"
        yield f"Valid until {certificate.expires_at:%Y-%m-%d}"
