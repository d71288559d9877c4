"""Why signing in failed, in plain words; pure.

The identity platform's texts begin with a number (`AADSTS…`) that its documentation lists but does not promise to
keep. The numbers only choose better words: whatever is not in the table is passed on as the platform put it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bulktap.model.errors import ServiceUnreachable, SignInFailed
from bulktap.model.plain_text import one_line
from bulktap.model.secret import struck
from bulktap.model.setting_names import Setting

if TYPE_CHECKING:
    from collections.abc import Mapping

_NUMBER = re.compile(r"AADSTS(\d{1,9})", re.ASCII)
_DIGITS = re.compile(r"\d{1,9}", re.ASCII)

_TRANSIENT_ERRORS = frozenset({"temporarilyunavailable", "servererror", "serviceunavailable"})
"""Words for a failure that passes (RFC 6749, 4.1.2.1), without regard to how they are spelt.

`slow_down` (RFC 8628, 3.5) is none of them: it is about a code that a person has yet to enter, and MSAL obeys it.
"""
_LATER = "This passes: bulktap asks again for a minute. If it stays, run the command again in some minutes."
_TRANSIENT_NUMBERS: Mapping[int, tuple[str, str]] = {
    50196: (
        "The app has asked for tokens too often in a short time",
        f"{_LATER} Find out whether a script signs in over and over with the same app.",
    ),
    90006: ("A server of the sign-in service has failed", _LATER),
    90012: ("The sign-in service took too long", _LATER),
    90024: ("The sign-in service has too much to do for this tenant", _LATER),
    90033: ("The sign-in service is unavailable for a moment", _LATER),
    90055: ("The sign-in service throttles the tenant", _LATER),
}
"""AADSTS numbers of failures that pass: what each means, and what to do."""

_CONSENT = "the app must be registered, or have admin consent, in the tenant."
_CERTIFICATES = "Certificates & secrets of the app registration"
_CONSENT_PAGE = (
    "https://login.microsoftonline.com/TENANT/adminconsent?client_id=APP (with the tenant's and the app's id)"
)
"""Stands for the page of the tenant, the app and the cloud, in whose place it is put as soon as they are known."""
_ADMIN_CONSENT = f"Have a Privileged Role Administrator open {_CONSENT_PAGE} once."
_BLOCKED = (
    "Have the policy changed for the app, or run from a place that it allows. If it blocks device codes alone, as "
    f"Microsoft's own policies do since 2025, sign in with {Setting.SIGN_IN.to('browser')}."
)
_FEDERATED = "Compare issuer, subject and audience of the token with the federated credential of the app registration."
_ABOUT_TOKEN = frozenset({70021, 700211, 700212, 700213, 7002138, 70025, 7000272, 700024, 700021, 50027})
"""Numbers of a proof that is not taken: what a federated token says of itself is told with them."""
_KNOWN: Mapping[int, tuple[str, str]] = {
    # What proves the app
    7000215: (
        "The client secret is wrong",
        "Use the secret's value, not its id; it is shown only once, so make a new one under Certificates & secrets.",
    ),
    7000222: ("The client secret has expired", "Make a new client secret for the app under Certificates & secrets."),
    7000216: (
        "The app has to prove itself, and sent nothing that does",
        f"Set {Setting.CLIENT_SECRET} or {Setting.CERTIFICATE}.",
    ),
    7000218: (
        "The app registration does not let people sign in without a secret",
        'Switch "Allow public client flows" on under Authentication, with http://localhost as redirect address.',
    ),
    700027: (
        "The certificate is not one that was uploaded for this app",
        f"Upload its public part under {_CERTIFICATES}; it counts after a few minutes. Or name the right file.",
    ),
    700024: (
        "The app's proof is not valid at this time",
        "Set the clock of this computer right. Of a federated token: it is too old, and has to be fetched anew.",
    ),
    700021: (
        "The app's proof is for another app or another sign-in address",
        f"Check {Setting.CLIENT_ID} and {Setting.AUTHORITY_HOST}.",
    ),
    7000213: (
        "The chain of the certificate is not one that the tenant trusts",
        "Put the certificates of whoever issued it behind it in the file, or have its issuer added to the tenant.",
    ),
    7000214: ("The certificate has been revoked", f"Make a new one, and upload it under {_CERTIFICATES}."),
    # App and tenant
    7000112: ("The app is disabled in this tenant", "Enable it under Enterprise applications."),
    700016: (
        "The tenant does not know this app",
        f"Check {Setting.CLIENT_ID} and {Setting.TENANT_ID}; {_CONSENT}",
    ),
    7000229: (
        "The app is registered, but has no enterprise application in this tenant",
        f"{_ADMIN_CONSENT} That makes it.",
    ),
    90002: ("There is no such tenant", f"Check {Setting.TENANT_ID} and that the cloud is the right one."),
    900023: ("The tenant's id is not a GUID or a domain name", f"Check {Setting.TENANT_ID}."),
    900382: ("The tenant belongs to another cloud", f"Set {Setting.CLOUD} to the tenant's own cloud."),
    900384: ("The tenant belongs to another cloud", f"Set {Setting.CLOUD} to the tenant's own cloud."),
    500014: (
        "Microsoft Graph is switched off in this tenant",
        "Have an administrator enable the enterprise application named Microsoft Graph in this tenant.",
    ),
    500011: (
        "The tenant does not know this Microsoft Graph",
        "Check that the addresses of sign-in and Microsoft Graph belong to the same cloud.",
    ),
    1002012: (
        "The permission that is asked for does not fit the way of signing in",
        "Leave the address of Microsoft Graph as its cloud has it; please report this with the log file otherwise.",
    ),
    650057: (
        "The app registration does not list Microsoft Graph among what it may ask for",
        "Add the permissions under API permissions, then have them consented to.",
    ),
    65002: (
        "This app of Microsoft's own may not ask for these permissions",
        f"Register an app of your own, and set {Setting.CLIENT_ID} to its id.",
    ),
    # Consent and assignment
    65001: ("Nobody has consented to the app's permissions", _ADMIN_CONSENT),
    90094: ("Only an administrator can consent to the app's permissions", _ADMIN_CONSENT),
    90099: ("The tenant has not consented to the app", _ADMIN_CONSENT),
    501051: ("The app is not assigned to Microsoft Graph in this tenant", _ADMIN_CONSENT),
    50105: (
        "Whoever signed in is not assigned to the app",
        "Assign the person, or a group, to it under Enterprise applications, Users and groups.",
    ),
    # Conditional access, device, second factor
    53003: ("A conditional access policy blocks this sign-in", _BLOCKED),
    530003: (
        "A conditional access policy wants a managed device, and this sign-in cannot show one",
        f"Sign in on this computer's browser ({Setting.SIGN_IN.to('browser')}) if it is managed.",
    ),
    530035: ("Access is blocked by security defaults", "Have the tenant's administrator look at the sign-in log."),
    530084: (
        "A conditional access policy wants tokens that are bound to a device, which bulktap's are not",
        "Have the app, or whoever signs in, left out of the tenant's token protection policy.",
    ),
    50076: (
        "A second factor is needed",
        f"Sign in with {Setting.SIGN_IN.to('browser')}, which can ask for it.",
    ),
    50079: (
        "Whoever signs in has to register a second factor first",
        "Register one at https://aka.ms/mfasetup, then sign in again.",
    ),
    50097: (
        "A conditional access policy wants to know the device, and a device code cannot show it",
        f"Sign in with {Setting.SIGN_IN.to('browser')}.",
    ),
    50158: (
        "A conditional access policy asks for something more in the browser",
        f"Sign in with {Setting.SIGN_IN.to('browser')}.",
    ),
    # Federation
    70021: ("No federated credential of the app fits the token", _FEDERATED),
    700211: ("No federated credential of the app has the issuer of the token", _FEDERATED),
    700212: (
        "No federated credential of the app has the audience of the token",
        f"Have the token issued for api://AzureADTokenExchange. {_FEDERATED}",
    ),
    700213: ("No federated credential of the app has the subject of the token", _FEDERATED),
    7002138: (
        "The subject of the token and that of the app's federated credential differ in capital and small letters",
        f"They have to be the same to the letter. {_FEDERATED}",
    ),
    50027: (
        "The token that vouches for the app is none that can be read",
        "Have it issued anew; the file, or the address that gives it, may hold something else.",
    ),
    70025: (
        "The app has no federated credential",
        f"Add one under {_CERTIFICATES}, with the token's issuer, subject and audience.",
    ),
    7000272: (
        "None of the keys that the token's issuer publishes signed the token",
        "Have the token issued anew; if that does not help, whoever runs the issuer has to publish its new keys.",
    ),
    # People
    50034: ("The tenant has no such user", "Check the name, and that the tenant is the right one."),
    50126: ("User name or password is wrong", "Sign in again."),
    50058: ("Nobody is signed in any more", "Run the command again and sign in."),
    50173: ("The password was changed, or the sign-in withdrawn, since", "Run the command again and sign in."),
    700082: ("The last sign-in is too long ago", "Run the command again and sign in."),
    70016: ("Nobody has entered the code yet", "Run the command again, and enter the new code."),
    70020: ("The code was not entered in time", "Run the command again, and enter the new code."),
}
"""Numbers that newcomers meet: what each means, and what to do (Microsoft's list of AADSTS error codes)."""
_WORDS: Mapping[str, tuple[str, str]] = {
    "interaction_required": ("A person has to sign in again", "Run the command again and sign in."),
    "access_denied": ("Whoever was asked has said no, or closed the page", "Run the command again and sign in."),
    "expired_token": ("The code was not entered in time", "Run the command again, and enter the new code."),
    "code_expired": ("The code was not entered in time", "Run the command again, and enter the new code."),
    "authorization_declined": ("Whoever was asked has said no", "Run the command again and sign in."),
}
"""Errors that have a meaning without a number (RFC 6749, 4.1.2.1; RFC 8628, 3.5)."""


class SignInUnreachable(ServiceUnreachable, SignInFailed):
    """The identity platform gave no usable answer: the network or the platform failed, which is no refusal."""

    code = "sign-in-unreachable"

    def __init__(self, message: str, *, hint: str = "", permanent: bool = False) -> None:
        """Take message and hint; `permanent` if asking again cannot help."""
        super().__init__(message, hint=hint)
        self.permanent = permanent


def explained_numbers() -> Mapping[int, tuple[str, str]]:
    """Return the platform's numbers that are told in plain words, each with what it means and what to do."""
    return {**_KNOWN, **_TRANSIENT_NUMBERS}


def explain_refusal(answer: Mapping[str, object], who: str, consent_page: str = "", vouched: str = "") -> SignInFailed:
    """Return the exception for an answer without a token.

    Args:
        answer: what the platform, or MSAL in its place, answered.
        who: who signs in, such as `app 1234`.
        consent_page: where an administrator consents to what this app asks for in this tenant.
        vouched: what the token says of itself with which somebody else vouches for the app.
    """
    description = answer.get("error_description")
    text = struck(description) if isinstance(description, str) else ""
    number = next((number for number in _numbers(answer) if number in _KNOWN), None)
    if number is not None:
        message, hint = _KNOWN[number]
        if consent_page:
            hint = hint.replace(_CONSENT_PAGE, consent_page)
        if vouched and number in _ABOUT_TOKEN:
            hint = f"{hint} {vouched}"
        return SignInFailed(f"Signing in as {who} failed: {message} (AADSTS{number}).", hint=hint)
    error = answer.get("error")
    if isinstance(error, str) and error in _WORDS and not _numbers(answer):
        message, hint = _WORDS[error]
        return SignInFailed(f"Signing in as {who} failed: {message}.", hint=hint)
    words = _first_line(text) or (
        struck(error) if isinstance(error, str) and error else "no token and no reason came back"
    )
    return SignInFailed(
        f"Signing in as {who} failed: {words}",
        hint="Look the AADSTS number up at https://login.microsoftonline.com/error, or see the app's sign-in log.",
    )


def transient_error(answer: object) -> str | None:
    """Return in a few words which failure that passes an error answer means; None when it is a refusal."""
    if not isinstance(answer, dict):
        return None
    number = next((number for number in _numbers(answer) if number in _TRANSIENT_NUMBERS), None)
    if number is not None:
        meaning, _ = _TRANSIENT_NUMBERS[number]
        return f"{meaning[0].lower()}{meaning[1:]} (AADSTS{number})"
    words = (answer.get(name) for name in ("error", "suberror"))
    return next((word for word in words if isinstance(word, str) and _spelt_alike(word) in _TRANSIENT_ERRORS), None)


def _numbers(answer: Mapping[str, object]) -> list[int]:
    """Return the platform's numbers: they stand in `error_codes` too, and there alone where the text is another's."""
    codes, text = answer.get("error_codes"), answer.get("error_description")
    listed = codes if isinstance(codes, list) else [codes]
    told = [str(code) for code in listed if isinstance(code, int | str) and not isinstance(code, bool)]
    numbers = [int(code) for code in told if _DIGITS.fullmatch(code)]
    return numbers + [int(found) for found in _NUMBER.findall(text if isinstance(text, str) else "")]


def _spelt_alike(word: str) -> str:
    return word.strip().casefold().replace("_", "").replace("-", "").replace(" ", "")


def explain_unknown_tenant(tenant_id: str, host: str) -> SignInFailed:
    """Return the exception for a tenant whose discovery document is refused."""
    return SignInFailed(
        f"{host} does not know the tenant {tenant_id}.",
        hint=f"Check {Setting.TENANT_ID}, and {Setting.AUTHORITY_HOST} if the tenant is in a national cloud.",
    )


def _first_line(text: str) -> str:
    """Return the sentence before trace id, correlation id and time stamp."""
    line = text.strip().splitlines()[0] if text.strip() else ""
    return one_line(line.split(" Trace ID:")[0])
