"""People who sign in, by browser or by device code; the tenant's operator answers for them."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from html import escape
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from bulktap.simulator import sign_in_errors

if TYPE_CHECKING:
    from bulktap.simulator.sign_in_errors import SignInError

Form = Mapping[str, str]


@dataclass(slots=True)
class DeviceSignIn:
    """One that waits for its code to be entered."""

    pending: int
    takes_challenges: bool


@dataclass(frozen=True, slots=True)
class BrowserSignIn:
    """One whose page was opened, and whose code has not been redeemed."""

    redirect_uri: str
    challenge: str
    nonce: str
    takes_challenges: bool


@dataclass(slots=True)
class PeopleSignIns:
    """The sign-ins that are under way."""

    devices: dict[str, DeviceSignIn] = field(default_factory=dict, repr=False)
    browsers: dict[str, BrowserSignIn] = field(default_factory=dict, repr=False)
    refresh_tokens: set[str] = field(default_factory=set, repr=False)

    def page(self, query: Form, refusal: SignInError | None) -> str | None:
        """Return the page that the browser shows; it sends its answer to the program by itself. None: nowhere to.

        Args:
            query: of the address that was opened.
            refusal: why nobody is signed in; None where the operator is.
        """
        redirect_uri = query.get("redirect_uri", "")
        if urlsplit(redirect_uri).scheme != "http" or urlsplit(redirect_uri).hostname != "localhost":
            return None
        answer = {"state": query.get("state", "")}
        if refusal is not None:
            answer |= {"error": refusal.error, "error_description": f"AADSTS{refusal.number}: {refusal.words}"}
        else:
            code = secrets.token_urlsafe(24)
            self.browsers[code] = BrowserSignIn(
                redirect_uri, query.get("code_challenge", ""), query.get("nonce", ""), takes_challenges(query)
            )
            answer["code"] = code
        fields = "".join(
            f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">' for name, value in answer.items()
        )
        return (
            '<!doctype html><title>Sign in</title><body onload="document.forms[0].submit()">'
            f'<form method="post" action="{escape(redirect_uri)}">{fields}'
            "<noscript><button>Continue</button></noscript></form></body>"
        )

    def redeemed(self, form: Form) -> BrowserSignIn | SignInError:
        """Return the sign-in that a code stands for, once; the verifier has to fit (RFC 7636)."""
        found = self.browsers.pop(form.get("code", ""), None)
        if found is None or form.get("redirect_uri", "") != found.redirect_uri:
            return sign_in_errors.INVALID_GRANT
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        told = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        return found if hmac.compare_digest(told, found.challenge) else sign_in_errors.WRONG_VERIFIER

    def refresh_token(self) -> str:
        """Return a new one."""
        made = secrets.token_urlsafe(32)
        self.refresh_tokens.add(made)
        return made


def takes_challenges(form: Form) -> bool:
    """Return true if the client says that it understands claims challenges.

    MSAL sends the declared capabilities in the `claims` parameter: {"access_token":{"xms_cc":{"values":["CP1"]}}}.
    """
    return "xms_cc" in form.get("claims", "")
