"""Numbers of the identity platform that newcomers meet: what each means, and what to do.

They are Microsoft's list of AADSTS error codes, with the names that its portals have for what is to be changed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bulktap.model.setting_names import Setting

if TYPE_CHECKING:
    from collections.abc import Mapping

_LATER = "This passes: bulktap asks again for a minute. If it stays, run the command again in some minutes."
TRANSIENT_NUMBERS: Mapping[int, tuple[str, str]] = {
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

_OWN_CLOUD = f"Set {Setting.CLOUD} to the tenant's own cloud: usgov or usgov-dod for one of the US Government."
_CERTIFICATES = "Certificates & secrets of the app registration"
CONSENT_PAGE = (
    "https://login.microsoftonline.com/TENANT/adminconsent?client_id=APP (with the tenant's and the app's id)"
)
"""Stands for the page of the tenant, the app and the cloud, in whose place it is put as soon as they are known."""
_ADMIN_CONSENT = f"Have a Privileged Role Administrator open {CONSENT_PAGE} once."
_BROWSER = f"with {Setting.SIGN_IN.to('browser')}"
_BLOCKED = (
    "Have the policy changed for the app, or run from a place that it allows; the tenant's sign-in log names the "
    f"policy. If it blocks device codes alone, as Microsoft's own policies do since 2025, sign in {_BROWSER}."
)
_BOUND = (
    f"Sign in {_BROWSER}. If that is refused too, have the app, or whoever signs in, left out of the tenant's token "
    "protection policy: bulktap's tokens are not bound to a device."
)
_DEVICE = f"Sign in {_BROWSER} on a device that the tenant manages, or have the app left out of the policy."
_UNKNOWN_APP = (
    f"Check {Setting.TENANT_ID}, and {Setting.CLIENT_ID}: the Application (client) ID on the overview page of the app "
    "registration, and neither its object id nor the id of its secret. An app of another tenant needs consent here "
    f"first: {_ADMIN_CONSENT}"
)
_FACTOR = f"Sign in {_BROWSER}, which can ask for it."
_OF_THIS_TENANT = (
    f"Sign in with an account of the tenant, in a window where no other is signed in; or check {Setting.TENANT_ID}."
)
_REGISTER = "Register one at https://aka.ms/mfasetup, then sign in again."
_REDIRECT = (
    "Under Authentication of the app registration, add the platform Mobile and desktop applications with "
    "http://localhost."
)
_NO_REDIRECT = (
    f"Where people sign in: {_REDIRECT} On the page of consent of an app that signs in by itself, this comes after "
    "consent was given, and means nothing: API permissions of the app registration shows whether it was."
)
_SIGN_IN_AGAIN = "Run the command again and sign in."
_FEDERATED = "Compare issuer, subject and audience of the token with the federated credential of the app registration."
ABOUT_TOKEN = frozenset({70021, 700211, 700212, 700213, 7002138, 70025, 7000272, 700024, 700021, 50027})
"""Numbers of a proof that is not taken: what a federated token says of itself is told with them."""
REFUSALS: Mapping[int, tuple[str, str]] = {
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
    700022: ("What is asked for is of several services", f"Leave {Setting.GRAPH_URL} as its cloud has it."),
    700023: (
        "The app's proof is for another sign-in address",
        f"Check {Setting.AUTHORITY_HOST} and {Setting.CLOUD}; something on the way may lead to another tenant.",
    ),
    700030: (
        "The certificate's subject or issuer is not one that the app registration allows",
        f"Upload the certificate itself under {_CERTIFICATES}, or have its subject and issuer added there.",
    ),
    # App and tenant
    7000112: (
        "The app is disabled in this tenant",
        'Under Enterprise applications, the app, Properties, answer "Enabled for users to sign in?" with Yes.',
    ),
    700016: (
        "The tenant does not know this app",
        _UNKNOWN_APP,
    ),
    7000229: (
        "The app is registered, but has no enterprise application in this tenant",
        f"{_ADMIN_CONSENT} That makes it.",
    ),
    90002: ("There is no such tenant", f"Check {Setting.TENANT_ID} and that the cloud is the right one."),
    900023: ("The tenant's id is not a GUID or a domain name", f"Check {Setting.TENANT_ID}."),
    50059: ("The request names no tenant", f"Check {Setting.TENANT_ID}."),
    90019: ("The request names no tenant", f"Check {Setting.TENANT_ID}."),
    50128: ("No tenant has this domain", f"Check {Setting.TENANT_ID}; a tenant's id is on its overview page."),
    700054: ("The app registration does not allow this kind of answer", _REDIRECT),
    50011: ("The address to which the browser is to return is none of the app registration's", _REDIRECT),
    500113: (
        "The app registration has no address to return to",
        _NO_REDIRECT,
    ),
    900971: ("The app registration has no address to return to", _REDIRECT),
    900382: ("The tenant belongs to another cloud", _OWN_CLOUD),
    900384: ("The tenant belongs to another cloud", _OWN_CLOUD),
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
    650052: (
        "The tenant has no subscription to a service that the app asks for",
        "Have the app ask for permissions of Microsoft Graph alone, under API permissions.",
    ),
    650056: (
        "The app registration is not complete, or nobody has consented to it",
        f"Add the permissions of Microsoft Graph under API permissions. {_ADMIN_CONSENT}",
    ),
    65005: (
        "The app asks for a permission of a service that this tenant does not know",
        "Have the app ask for permissions of Microsoft Graph alone, under API permissions.",
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
    65004: ("Whoever was asked has not consented to the app's permissions", _ADMIN_CONSENT),
    90095: (
        "An administrator has to agree to the app's permissions, and has been asked",
        f"Wait for the answer, or: {_ADMIN_CONSENT}",
    ),
    90008: (
        "The app registration asks for no permission of Microsoft Graph",
        f"Add the permissions under API permissions. {_ADMIN_CONSENT}",
    ),
    # Conditional access, device, second factor
    53003: ("A conditional access policy blocks this sign-in", _BLOCKED),
    530003: (
        "A conditional access policy wants a managed device, and this sign-in cannot show one",
        f"Sign in on this computer's browser ({Setting.SIGN_IN.to('browser')}) if it is managed.",
    ),
    53000: ("A conditional access policy wants a compliant device, and this one is not", _DEVICE),
    53001: ("A conditional access policy wants a device that is joined to the domain", _DEVICE),
    530002: ("A conditional access policy wants a compliant device", _DEVICE),
    53002: (
        "A conditional access policy allows approved apps only",
        "Have the app, or whoever signs in, left out of that policy; the tenant's sign-in log names it.",
    ),
    53004: (
        "Whoever signs in may not register a second factor here, because the sign-in looks risky",
        "Register it in a place and on a device that the tenant trusts, then sign in again.",
    ),
    53011: (
        "Whoever signs in is blocked because the account is at risk",
        "Have a Security Administrator look at the person under Identity Protection.",
    ),
    530032: ("A security policy of the tenant blocks this sign-in", _BLOCKED),
    50072: ("Whoever signs in has to register a second factor first", _REGISTER),
    50074: ("A second factor is needed", _FACTOR),
    500121: (
        "The second factor was refused, or not shown in time",
        "Run the command again, and approve the request on your telephone.",
    ),
    50131: ("A conditional access policy does not allow this device, place or risk", _BLOCKED),
    50155: ("The device could not prove itself", f"Sign in {_BROWSER} on a device that can."),
    700003: ("The tenant does not know this device any more", "Have the device joined again, or use another one."),
    135011: ("The device is disabled in the tenant", "Have an administrator enable it, or use another one."),
    530035: ("Access is blocked by security defaults", "Have the tenant's administrator look at the sign-in log."),
    530084: (
        "A conditional access policy blocks the device code, or wants tokens that are bound to a device",
        _BOUND,
    ),
    50076: ("A second factor is needed", _FACTOR),
    50079: ("Whoever signs in has to register a second factor first", _REGISTER),
    50097: (
        "A conditional access policy wants to know the device, and a device code cannot show it",
        f"Sign in {_BROWSER}.",
    ),
    50158: (
        "A conditional access policy asks for something more in the browser",
        f"Sign in {_BROWSER}.",
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
    50020: ("Whoever signed in has an account of another tenant", _OF_THIS_TENANT),
    90072: ("Whoever signed in has an account of another tenant, and is no guest of this one", _OF_THIS_TENANT),
    50053: (
        "The account is locked after too many attempts, or the address it signs in from is blocked",
        "Wait some minutes, then sign in again; an administrator can unlock it.",
    ),
    50055: ("The password has expired", "Change it at https://aka.ms/sspr, then sign in again."),
    50144: ("The password has expired", "Change it in your organisation's directory, then sign in again."),
    50057: ("The account is disabled", "Have an administrator enable it, or sign in with another one."),
    50105: (
        "Whoever signed in is not assigned to the app",
        "Assign the person, or a group, to it under Enterprise applications, Users and groups.",
    ),
    50034: ("The tenant has no such user", "Check the name, and that the tenant is the right one."),
    50126: ("User name or password is wrong", "Sign in again."),
    50058: ("Nobody is signed in any more", _SIGN_IN_AGAIN),
    50173: ("The password was changed, or the sign-in withdrawn, since", _SIGN_IN_AGAIN),
    700082: ("The last sign-in is too long ago", _SIGN_IN_AGAIN),
    70008: ("The last sign-in is too long ago", _SIGN_IN_AGAIN),
    70043: ("The tenant wants people to sign in more often than that", _SIGN_IN_AGAIN),
    70044: ("The tenant wants people to sign in more often than that", _SIGN_IN_AGAIN),
    70018: (
        "The code that was entered is not the one that was shown",
        "Run the command again, and enter the new code.",
    ),
    70016: ("Nobody has entered the code yet", "Run the command again, and enter the new code."),
    70020: ("The code was not entered in time", "Run the command again, and enter the new code."),
}
"""Numbers that newcomers meet: what each means, and what to do (Microsoft's list of AADSTS error codes)."""
