"""Certificates: every form that people have is read, what is wrong with one is said, and the tenant lets it in."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PrivateFormat
from sign_in_world import NOW, Keypair, tenant_with, tokens_of

from bulktap.cli.setting_options import with_options
from bulktap.graph.sign_in import CertificateCredentials
from bulktap.graph.sign_in.certificates import read_certificate
from bulktap.model.errors import SignInFailed, UsageError
from bulktap.model.secret import Secret

if TYPE_CHECKING:
    from pathlib import Path

OURS, ISSUER, OTHER = Keypair(), Keypair("Contoso CA"), Keypair("other")
ISSUED = Keypair("bulktap", ISSUER)
PASSWORD = "pa55 word"
FORMS = {
    "PEM, key first": (OURS, (OURS.private() + OURS.public).encode(), ""),
    "PEM, certificate first, with text around": (OURS, f"Bag Attributes\n{OURS.public}\n{OURS.private()}".encode(), ""),
    "PEM with CRLF": (OURS, (OURS.private() + OURS.public).replace("\n", "\r\n").encode(), ""),
    "PEM of PowerShell 5.1": (OURS, (OURS.private() + OURS.public).replace("\n", "\r\n").encode("utf-16"), ""),
    "PEM with a mark": (OURS, (OURS.private() + OURS.public).encode("utf-8-sig"), ""),
    "PEM, key protected": (OURS, (OURS.private(PASSWORD) + OURS.public).encode(), PASSWORD),
    "PEM, RSA PRIVATE KEY": (
        OURS,
        (OURS.public + OURS.private(form=PrivateFormat.TraditionalOpenSSL)).encode(),
        "",
    ),
    "PEM, password not needed": (OURS, (OURS.private() + OURS.public).encode(), PASSWORD),
    "PEM with its issuer": (ISSUED, (ISSUED.private() + ISSUER.public + ISSUED.public).encode(), ""),
    "PFX": (OURS, OURS.pfx(), ""),
    "PFX, protected": (OURS, OURS.pfx(PASSWORD), PASSWORD),
    "PFX, password not needed": (OURS, OURS.pfx(), PASSWORD),
    "PFX, password of other letters": (OURS, OURS.pfx("pässwörd ✓"), "pässwörd ✓"),
    "PFX with its issuer": (ISSUED, ISSUED.pfx(PASSWORD, ISSUER), PASSWORD),
}


@pytest.mark.parametrize("form", FORMS)
def test_the_tenant_lets_a_certificate_in_that_was_uploaded(tmp_path: Path, form: str) -> None:
    """Whatever form its file has; the real MSAL signs, and the pretend tenant verifies what was signed."""
    pair, data, password = FORMS[form]
    file = tmp_path / "app.pem"
    file.write_bytes(data)
    certificate = read_certificate(file, Secret(password) if password else None, NOW)

    with tenant_with(certificates=(pair.public,)) as service:
        tokens = tokens_of(CertificateCredentials(service.tenant_id, service.client_id, certificate), service)
        tokens.sign_in()
        assert tokens.token().reveal().count(".") == 2


def test_a_certificate_that_was_not_uploaded_is_said_with_the_remedy(tmp_path: Path) -> None:
    """The tenant does not know it: exit 5, and what to do."""
    file = tmp_path / "app.pem"
    file.write_text(OURS.private() + OURS.public)
    certificate = read_certificate(file, None, NOW)
    with tenant_with(certificates=(OTHER.public,)) as service:
        tokens = tokens_of(CertificateCredentials(service.tenant_id, service.client_id, certificate), service)
        with pytest.raises(SignInFailed) as caught:
            tokens.sign_in()

    assert "not one that was uploaded" in caught.value.message
    assert "Upload" in caught.value.hint


WRONG = {
    "no such file": (None, "", "cannot be read"),
    "wrong password": (OURS.pfx(PASSWORD), "other", "password does not open"),
    "PFX password missing": (OURS.pfx(PASSWORD), "", "password on"),
    "PEM password missing": ((OURS.private(PASSWORD) + OURS.public).encode(), "", "password on"),
    "wrong PEM password": ((OURS.private(PASSWORD) + OURS.public).encode(), "nope", "password does not open"),
    "no key": (OURS.public.encode(), "", "no private key"),
    "no key, DER": (OURS.certificate.public_bytes(Encoding.DER), "", "no private key"),
    "no key, DER, and a password": (OURS.certificate.public_bytes(Encoding.DER), "other", "no private key"),
    "no certificate": (OURS.private().encode(), "", "not its certificate"),
    "key of another": ((OTHER.private() + OURS.public).encode(), "", "does not belong"),
    "garbage": (b"PK\x03\x04 certainly not", "", "neither a PEM nor a PFX"),
    "damaged PEM": (OURS.private().replace("\n", "\nA", 2).encode() + OURS.public.encode(), "", "neither a PEM"),
    "PEM cut at its beginning": ((OURS.public + OURS.private().partition("\n")[2]).encode(), "", "neither a PEM"),
    "PEM of which the end is left": (f"{OURS.public}-----END PRIVATE KEY-----\n".encode(), "", "neither a PEM"),
    "PEM cut, and a password": (f"{OURS.public}PRIVATE KEY-----\n".encode(), "other", "neither a PEM"),
    "PEM cut at its end": ((OURS.public + OURS.private()[:200]).encode(), "", "neither a PEM"),
    "empty": (b"", "", "neither a PEM nor a PFX"),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_is_wrong_with_a_certificate_is_said_before_anything_is_sent(tmp_path: Path, case: str) -> None:
    """A sentence with the file's name, and what to do; never the password."""
    data, password, words = WRONG[case]
    file = tmp_path / "app.pfx"
    if data is not None:
        file.write_bytes(data)

    with pytest.raises(UsageError) as caught:
        read_certificate(file, Secret(password) if password else None, NOW)

    assert words in caught.value.message
    assert str(file) in caught.value.message
    assert with_options(caught.value.hint)
    assert not password or password not in caught.value.message + caught.value.hint


@pytest.mark.parametrize("form", [PrivateFormat.PKCS8, PrivateFormat.TraditionalOpenSSL])
def test_no_wrong_password_is_taken_for_damage(tmp_path: Path, form: PrivateFormat) -> None:
    """Of a few hundred one makes of the key's text something that is not told from a damaged key."""
    file = tmp_path / "app.pem"
    file.write_text(OURS.private(PASSWORD, form) + OURS.public)

    for number in range(600):
        with pytest.raises(UsageError) as caught:
            read_certificate(file, Secret(f"wrong{number}"), NOW)
        assert "password does not open" in caught.value.message


@pytest.mark.parametrize(
    ("pair", "words"),
    [
        (Keypair(ends=timedelta(hours=-1)), "expired on"),
        (Keypair(begins=timedelta(days=2)), "not valid before"),
        (Keypair(elliptic=True), "not an RSA key"),
    ],
)
def test_a_certificate_that_cannot_be_used_is_refused(tmp_path: Path, pair: Keypair, words: str) -> None:
    """Expired, not valid yet, or of a kind that Microsoft Entra does not take."""
    file = tmp_path / "app.pem"
    file.write_text(pair.private() + pair.public)

    with pytest.raises(UsageError) as caught:
        read_certificate(file, None, NOW)

    assert words in caught.value.message
