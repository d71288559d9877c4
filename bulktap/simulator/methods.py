"""Sign-in methods that users have registered, as `GET /users/{id}/authentication/methods` shows them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

KINDS = {
    "passkey": "fido2AuthenticationMethod",
    "phone": "phoneAuthenticationMethod",
    "authenticator": "microsoftAuthenticatorAuthenticationMethod",
    "hello": "windowsHelloForBusinessAuthenticationMethod",
}
"""What a tenant's file calls a kind of method, and the name of its type on the wire."""
_PASSWORD_ID = "28c10230-6103-485e-b985-444c60001490"
"""Every password has this id in the documentation."""


@dataclass(frozen=True, slots=True)
class RegisteredMethod:
    """One method of a user."""

    method_id: str
    kind: str
    """One of `KINDS`."""
    registered_at: datetime | None
    """None where the service does not say when, as of many that are old."""

    def wire(self) -> dict[str, object]:
        """Return the method as Microsoft Graph shows it."""
        return {
            "@odata.type": f"#microsoft.graph.{KINDS[self.kind]}",
            "id": self.method_id,
            "createdDateTime": self.registered_at and f"{self.registered_at:%Y-%m-%dT%H:%M:%SZ}",
        }


def password_wire(changed_at: datetime) -> dict[str, object]:
    """Return the password that everybody has; one that was just set is no method that somebody registered."""
    return {
        "@odata.type": "#microsoft.graph.passwordAuthenticationMethod",
        "id": _PASSWORD_ID,
        "password": None,
        "createdDateTime": f"{changed_at:%Y-%m-%dT%H:%M:%SZ}",
    }
