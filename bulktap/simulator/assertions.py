"""Client assertions: proof of being the application, by a certificate's key or by another service (RFC 7523)."""

from __future__ import annotations

import base64
import hashlib
import hmac
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from bulktap.simulator import sign_in_errors
from bulktap.simulator.web_tokens import WebToken, decode_segment, read_web_token

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from cryptography.x509 import Certificate

    from bulktap.simulator.registration import Registration
    from bulktap.simulator.sign_in_errors import SignInError

ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
CLOCK_SKEW = 300
"""Seconds by which a client's clock may differ."""


@dataclass(frozen=True, slots=True)
class AssertionCheck:
    """What the platform holds an assertion against."""

    registration: Registration
    now: datetime
    audiences: frozenset[str]
    """What an assertion of the application's own has to be for: the addresses of this sign-in."""

    def problem(self, form: Mapping[str, str]) -> SignInError | None:
        """Return why a form's assertion does not prove the application; None if it does."""
        token = read_web_token(form["client_assertion"])
        if token is None or form.get("client_assertion_type") != ASSERTION_TYPE:
            return sign_in_errors.MALFORMED_ASSERTION
        # The platform takes an issuer with an address for another identity service.
        if "://" in token.text_of("iss"):
            return self._of_another_service(token)
        return self._of_its_own(token)

    def _of_its_own(self, token: WebToken) -> SignInError | None:
        problem = (
            self._by_chain(token) if self.registration.trusted and token.header.get("x5c") else self._by_key(token)
        )
        if problem is not None:
            return problem
        told = token.claims.get("aud")
        if not isinstance(told, str) or told not in self.audiences:
            return sign_in_errors.WRONG_AUDIENCE
        ours = self.registration.client_id.lower()
        if not token.text_of("iss").lower() == token.text_of("sub").lower() == ours:
            return sign_in_errors.WRONG_SUBJECT
        return self._time_problem(token)

    def _by_key(self, token: WebToken) -> SignInError | None:
        """Look for an uploaded certificate that the assertion names by its thumbprint."""
        from cryptography import x509

        known = [x509.load_pem_x509_certificate(pem.encode()) for pem in self.registration.certificates]
        certificate = next((one for one in known if _is_named(one, token)), None)
        if certificate is None:
            return sign_in_errors.certificate_refused("The key was not found.", _thumbprint_told(token))
        return self._signature_problem(certificate, token)

    def _by_chain(self, token: WebToken) -> SignInError | None:
        """Follow the certificates that came along to one that is trusted.

        Once an application trusts subjects, a chain that came along has to hold; its own thumbprint does not help.
        """
        from cryptography import x509

        chain = _chain_of(token)
        if not chain or not _is_named(chain[0], token):
            return sign_in_errors.WRONG_CHAIN
        for trusted in self.registration.trusted:
            authority = x509.load_pem_x509_certificate(trusted.authority.encode())
            if chain[0].subject.rfc4514_string() == trusted.subject and _leads_to(chain, authority, self.now):
                return self._signature_problem(chain[0], token)
        return sign_in_errors.WRONG_CHAIN

    def _signature_problem(self, certificate: Certificate, token: WebToken) -> SignInError | None:
        if not _is_valid(certificate, self.now):
            return sign_in_errors.certificate_refused("The key used is expired.", _thumbprint_told(token))
        if not token.is_signed_by(certificate.public_key()):
            return sign_in_errors.wrong_signature(_thumbprint_told(token))
        return None

    def _of_another_service(self, token: WebToken) -> SignInError | None:
        """Hold another service's token against the federated credentials; capital letters are told from small ones."""
        from cryptography.hazmat.primitives.serialization import load_pem_public_key

        issuer, subject = token.text_of("iss"), token.text_of("sub")
        if not self.registration.federated:
            return sign_in_errors.no_federation(self.registration.app_name)
        known = [one for one in self.registration.federated if one.issuer == issuer]
        if not known:
            return sign_in_errors.no_issuer(issuer)
        if not any(token.is_signed_by(load_pem_public_key(one.public_key.encode())) for one in known):
            return sign_in_errors.unknown_key(str(token.header.get("kid", "")), issuer)
        told = token.claims.get("aud")
        audiences = told if isinstance(told, list) else [told]
        known = [one for one in known if one.audience in audiences]
        if not known:
            return sign_in_errors.no_audience(" ".join(str(one) for one in audiences))
        if all(one.subject != subject for one in known):
            but_for_case = any(one.subject.lower() == subject.lower() for one in known)
            return sign_in_errors.no_subject(subject, but_for_case=but_for_case)
        return self._time_problem(token)

    def _time_problem(self, token: WebToken) -> SignInError | None:
        begins, ends = _seconds(token, "nbf" if "nbf" in token.claims else "iat"), _seconds(token, "exp")
        now = self.now.timestamp()
        if ends is not None and (begins or 0) - CLOCK_SKEW <= now < ends + CLOCK_SKEW:
            return None
        return sign_in_errors.wrong_time(self.now, begins, ends)


def _seconds(token: WebToken, claim: str) -> float | None:
    told = token.claims.get(claim)
    try:
        return float(told) if isinstance(told, int | float) and not isinstance(told, bool) else None
    except OverflowError:
        return None


def _is_named(certificate: Certificate, token: WebToken) -> bool:
    """Tell whether the assertion's header names a certificate, by either of its thumbprints."""
    from cryptography.hazmat.primitives.serialization import Encoding

    der = certificate.public_bytes(Encoding.DER)
    # SHA-1 is how the older form of the header names a certificate; nothing rests on its strength.
    for name, digest in (("x5t#S256", hashlib.sha256(der)), ("x5t", hashlib.sha1(der, usedforsecurity=False))):
        told = token.header.get(name)
        if isinstance(told, str) and hmac.compare_digest(_bytes_of(told), digest.digest()):
            return True
    return False


def _thumbprint_told(token: WebToken) -> str:
    told = token.header.get("x5t") or token.header.get("x5t#S256")
    return _bytes_of(told).hex().upper() if isinstance(told, str) else ""


def _bytes_of(segment: str) -> bytes:
    try:
        return decode_segment(segment)
    except ValueError:
        return b""


def _is_valid(certificate: Certificate, now: datetime) -> bool:
    return certificate.not_valid_before_utc <= now < certificate.not_valid_after_utc


def _chain_of(token: WebToken) -> list[Certificate]:
    """Return the certificates that came along, the application's own first; empty where they cannot be read."""
    from cryptography import x509

    told = token.header["x5c"]
    try:
        items = told if isinstance(told, list) else [told]
        return [x509.load_der_x509_certificate(base64.b64decode(one)) for one in items]
    except (ValueError, TypeError):
        return []


def _leads_to(chain: list[Certificate], authority: Certificate, now: datetime) -> bool:
    """Tell whether each certificate is the next one's, and the last of them the authority's or the authority itself."""
    from cryptography.exceptions import InvalidSignature

    links = chain if chain[-1] == authority else [*chain, authority]
    try:
        for one, issuer in pairwise(links):
            one.verify_directly_issued_by(issuer)
    except (InvalidSignature, ValueError, TypeError):
        return False
    return len(links) > 1 and all(_is_valid(one, now) for one in links)
