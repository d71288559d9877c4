"""The ways to sign in: an app proves itself, a machine in Azure vouches for it, or a person does in a browser."""

from __future__ import annotations

from enum import StrEnum


class SignInWay(StrEnum):
    """How access tokens are got."""

    SECRET = "secret"
    CERTIFICATE = "certificate"
    FEDERATION = "federation"
    MANAGED_IDENTITY = "managed-identity"
    BROWSER = "browser"
    DEVICE_CODE = "device-code"

    @property
    def label(self) -> str:
        """How the screen names it, after "signing in with"."""
        return {
            SignInWay.SECRET: "a client secret",
            SignInWay.CERTIFICATE: "a certificate",
            SignInWay.FEDERATION: "a federated token",
            SignInWay.MANAGED_IDENTITY: "this machine's managed identity",
            SignInWay.BROWSER: "a person in the browser",
            SignInWay.DEVICE_CODE: "a person and a device code",
        }[self]

    @property
    def by_person(self) -> bool:
        """True if a person signs in, whose own roles then count besides the app's permissions."""
        return self in {SignInWay.BROWSER, SignInWay.DEVICE_CODE}
