"""People who sign in, by browser or by device code, and stay signed in; the tenant's operator answers for them."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from html import escape
from typing import TYPE_CHECKING
from urllib.parse import urlencode, urlsplit

from bulktap.simulator import sign_in_errors
from bulktap.simulator.scopes import DEFAULT, Asked, read_scope
from bulktap.simulator.sign_in_errors import SignInError
from bulktap.simulator.tenant_rules import SignInKind, rule_refusal

if TYPE_CHECKING:
    from datetime import datetime

    from bulktap.simulator.tenant import Tenant
    from bulktap.simulator.users import User

Form = Mapping[str, str]

DEVICE_SECONDS = 900
"""How long a device code may be entered."""
CODE_SECONDS = 600
"""How long an authorization code may be redeemed."""
UNUSED_DAYS = 90
"""After how many days without use a refresh token is no longer taken."""


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Somebody for whom tokens are to be issued."""

    user: User
    client_id: str
    asked: Asked
    takes_challenges: bool
    nonce: str = ""


@dataclass(frozen=True, slots=True)
class Landing:
    """Where the browser goes from the sign-in page: by itself, or by a page that sends a form."""

    location: str = ""
    page: str = ""


@dataclass(slots=True)
class _Device:
    """A sign-in that waits for its code to be entered."""

    asked: Asked
    client_id: str
    pending: int
    begun_at: datetime
    takes_challenges: bool
    done: bool = False


@dataclass(slots=True)
class _Code:
    """An authorization code."""

    signed_in: SignedIn
    redirect_uri: str
    challenge: str
    method: str
    issued_at: datetime
    redeemed: bool = False


@dataclass(slots=True)
class _Refresh:
    """A refresh token."""

    signed_in: SignedIn
    issued_at: datetime
    used_at: datetime


@dataclass(slots=True)
class PeopleSignIns:
    """The sign-ins of one tenant that are under way, or that last."""

    tenant: Tenant
    _devices: dict[str, _Device] = field(default_factory=dict, repr=False)
    _codes: dict[str, _Code] = field(default_factory=dict, repr=False)
    _refresh_tokens: dict[str, _Refresh] = field(default_factory=dict, repr=False)

    def landing(self, query: Form) -> Landing | SignInError:
        """Return where the browser goes from the address that it opened, or a refusal that has nowhere to go."""
        redirect_uri = query.get("redirect_uri", "")
        if not any(_same_place(redirect_uri, one) for one in self.tenant.registration.redirects):
            return sign_in_errors.UNKNOWN_REDIRECT
        told = {"state": query["state"]} if "state" in query else {}
        found = self._in_browser(query)
        if isinstance(found, SignInError):
            told |= {"error": found.error, "error_description": f"AADSTS{found.number}: {found.words}"}
        else:
            told |= {"code": found, "session_state": secrets.token_hex(16)}
        return _landing(redirect_uri, query.get("response_mode", "query"), told)

    def begin_device(self, form: Form, pending: int) -> str | SignInError:
        """Return a new device code."""
        asked = self._asked(form.get("scope", ""))
        if isinstance(asked, SignInError):
            return asked
        made = secrets.token_urlsafe(24)
        now = self.tenant.clock()
        self._devices[made] = _Device(asked, form.get("client_id", "").lower(), pending, now, takes_challenges(form))
        return made

    def by_device(self, form: Form) -> SignedIn | SignInError:
        """Answer a question after a device code."""
        device = self._devices.get(form.get("device_code", ""))
        if device is None or device.client_id != form.get("client_id", "").lower():
            return sign_in_errors.UNKNOWN_DEVICE
        if device.done:
            return sign_in_errors.CODE_REDEEMED
        if self.tenant.clock() >= device.begun_at + timedelta(seconds=DEVICE_SECONDS):
            return sign_in_errors.DEVICE_EXPIRED
        if device.pending > 0:
            device.pending -= 1
            return sign_in_errors.PENDING
        user = self._operator(SignInKind.DEVICE_CODE)
        if isinstance(user, SignInError):
            return user
        device.done = True
        return SignedIn(user, device.client_id, device.asked, device.takes_challenges)

    def by_code(self, form: Form) -> SignedIn | SignInError:
        """Return the sign-in that an authorization code stands for, once; the verifier has to fit (RFC 7636)."""
        code = self._codes.get(form.get("code", ""))
        if code is None:
            return sign_in_errors.INVALID_GRANT
        if code.signed_in.client_id != form.get("client_id", "").lower():
            return sign_in_errors.OTHER_CLIENT
        if code.redeemed:
            return sign_in_errors.CODE_REDEEMED
        if self.tenant.clock() >= code.issued_at + timedelta(seconds=CODE_SECONDS):
            return sign_in_errors.CODE_EXPIRED
        if form.get("redirect_uri", "") != code.redirect_uri:
            return sign_in_errors.OTHER_REDIRECT
        # A wrong verifier uses the code up: it is not for guessing.
        code.redeemed = True
        return code.signed_in if _fits(code, form.get("code_verifier", "")) else sign_in_errors.WRONG_VERIFIER

    def by_refresh(self, form: Form) -> SignedIn | SignInError:
        """Return who stays signed in, for what is asked now: another resource, or other permissions, than before."""
        known = self._refresh_tokens.get(form.get("refresh_token", ""))
        if known is None:
            return sign_in_errors.INVALID_GRANT
        if known.signed_in.client_id != form.get("client_id", "").lower():
            return sign_in_errors.OTHER_CLIENT
        now = self.tenant.clock()
        if now >= known.used_at + timedelta(days=UNUSED_DAYS):
            return sign_in_errors.unused_token(known.issued_at, UNUSED_DAYS)
        asked = self._asked(form["scope"]) if form.get("scope") else known.signed_in.asked
        if isinstance(asked, SignInError):
            return asked
        user = self._still(known.signed_in.user, SignInKind.REFRESH)
        if isinstance(user, SignInError):
            return user
        known.used_at = now
        return replace(known.signed_in, user=user, asked=asked, takes_challenges=takes_challenges(form), nonce="")

    def refresh_token(self, signed_in: SignedIn) -> str:
        """Return a new one; the earlier ones stay good, as the platform's do."""
        made, now = f"1.{secrets.token_urlsafe(48)}", self.tenant.clock()
        self._refresh_tokens[made] = _Refresh(signed_in, now, now)
        return made

    def _in_browser(self, query: Form) -> str | SignInError:
        if query.get("response_type") != "code":
            return sign_in_errors.wrong_response_type(query.get("response_type", ""))
        asked = self._asked(query.get("scope", ""))
        if isinstance(asked, SignInError):
            return asked
        user = self._operator(SignInKind.BROWSER)
        if isinstance(user, SignInError):
            return user
        made = secrets.token_urlsafe(48)
        self._codes[made] = _Code(
            SignedIn(user, query.get("client_id", "").lower(), asked, takes_challenges(query), query.get("nonce", "")),
            query.get("redirect_uri", ""),
            query.get("code_challenge", ""),
            query.get("code_challenge_method", "plain"),
            self.tenant.clock(),
        )
        return made

    def _asked(self, scope: str) -> Asked | SignInError:
        """Return what is asked for, if somebody has consented to all of it."""
        registration = self.tenant.registration
        asked = read_scope(scope, registration)
        if isinstance(asked, SignInError):
            return asked
        if not asked.names - {DEFAULT} <= registration.consented or not registration.consented:
            return sign_in_errors.no_consent(registration.client_id, registration.app_name)
        return asked

    def _operator(self, kind: SignInKind) -> User | SignInError:
        name = self.tenant.registration.operator
        return self._still(self.tenant.find(name) if name else None, kind)

    def _still(self, user: User | None, kind: SignInKind) -> User | SignInError:
        """Return the account as it is now, if it may sign in."""
        found = self.tenant.users.get(user.object_id) if user else None
        if found is None:
            return sign_in_errors.NOBODY
        if not found.enabled:
            return sign_in_errors.DISABLED
        return rule_refusal(self.tenant.registration, kind) or found


def takes_challenges(form: Form) -> bool:
    """Return true if the client says that it understands claims challenges.

    MSAL sends the declared capabilities in the `claims` parameter: {"access_token":{"xms_cc":{"values":["CP1"]}}}.
    """
    try:
        values = json.loads(form.get("claims", "{}"))["access_token"]["xms_cc"]["values"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return False
    told = values if isinstance(values, list) else [values]
    return any(isinstance(one, str) and one.lower() == "cp1" for one in told)


def _fits(code: _Code, verifier: str) -> bool:
    if not code.challenge:
        return not verifier
    told = verifier
    if code.method.upper() == "S256":
        told = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    return hmac.compare_digest(told.encode(), code.challenge.encode())


def _same_place(address: str, registered: str) -> bool:
    """Tell whether a browser may be sent there; on this computer any port will do (RFC 8252, 7.3)."""
    try:
        one, other = urlsplit(address), urlsplit(registered)
        ports = one.port == other.port or one.hostname in {"localhost", "127.0.0.1"}
    except ValueError:
        return False
    places = [(place.scheme, place.hostname, place.path.rstrip("/"), place.query) for place in (one, other)]
    return ports and places[0] == places[1] and not one.username and not one.fragment


def _landing(redirect_uri: str, mode: str, told: Mapping[str, str]) -> Landing:
    if mode in {"query", "fragment"}:
        mark = "#" if mode == "fragment" else "&" if "?" in redirect_uri else "?"
        return Landing(f"{redirect_uri}{mark}{urlencode(told)}")
    fields = "".join(
        f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">' for name, value in told.items()
    )
    return Landing(
        page='<!doctype html><title>Sign in</title><body onload="document.forms[0].submit()">'
        f'<form method="post" action="{escape(redirect_uri)}">{fields}'
        "<noscript><button>Continue</button></noscript></form></body>"
    )
