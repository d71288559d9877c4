"""Why a machine gives no token of its managed identity, in plain words; pure.

Each kind of machine (a virtual machine, App Service, Azure Arc) has an identity service of its own, whose texts its
documentation shows but does not promise. They choose better words only.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bulktap.graph.sign_in.sign_in_errors import explain_refusal
from bulktap.model.errors import SignInFailed
from bulktap.model.plain_text import one_line
from bulktap.model.secret import struck
from bulktap.model.setting_names import Setting

if TYPE_CHECKING:
    from collections.abc import Mapping

_SEVERAL = re.compile(r"multiple user.assigned", re.IGNORECASE)
_NONE = re.compile(r"identity.{0,30}not found|\bno (?:user.assigned|.{0,40}managed identity)", re.IGNORECASE)
_OWN_ONLY = re.compile(r"not confirm the requested user.assigned", re.IGNORECASE)  # MSAL (1.39, managed_identity.py)
_NO_KEY_FILE = re.compile(r"unrecognizable www-authenticate", re.IGNORECASE)  # MSAL (1.39, managed_identity.py)
_AADSTS = re.compile(r"AADSTS\d", re.ASCII)
_ARC_AGENT = "Check that the agent is running: azcmagent show."
_ARC_NEWER = "If that one was assigned to it, its agent is too old: bring it up to date."
_ASSIGN = (
    "Assign an identity to the machine (Identity, in its page of the Azure portal), and give it the permissions; "
    "both may take some minutes."
)


def explain_machine_refusal(answer: Mapping[str, object], who: str, *, is_named: bool) -> SignInFailed:
    """Return the exception for an answer of the machine's identity service without a token.

    Args:
        answer: what the service, or MSAL in its place, answered.
        who: who signs in.
        is_named: whether a user-assigned identity was named.
    """
    said = answer.get("error_description")
    text = one_line(struck(said)) if isinstance(said, str) else ""
    if _SEVERAL.search(text):
        message = "the machine has several user-assigned identities"
        return _failed(who, message, text, f"Set {Setting.CLIENT_ID} to the client id of the one that is meant.")
    if _NONE.search(text):
        named = f"Check {Setting.CLIENT_ID}: it is the client id of an identity that is assigned to this machine. "
        message = "the machine has no such identity" if is_named else "the machine has no identity of its own"
        other = f"{_ASSIGN} Of a user-assigned one, set {Setting.CLIENT_ID} to its client id."
        return _failed(who, message, text, f"{named}{_ASSIGN}" if is_named else other)
    if _OWN_ONLY.search(text):
        message = "a computer that Azure Arc connects has one identity of its own, and another was named"
        return _failed(who, message, "", f"Leave {Setting.CLIENT_ID} out, and client-id in a profile. {_ARC_NEWER}")
    if _NO_KEY_FILE.search(text):
        return _failed(who, "the agent of Azure Arc named no key file", "", _ARC_AGENT)
    if _AADSTS.search(text):
        return explain_refusal(answer, who)
    # MSAL (1.39) makes a text of whatever an answer without a token holds, and "None, None" where that is nothing.
    told = text if text.strip("{}[]\"' ") and text != "None, None" else ""
    hint = f"Look at the machine's page in the Azure portal, under Identity. Of Azure Arc: {_ARC_AGENT}"
    return _failed(
        who, "the machine's identity service refuses" + ("" if told else ", and does not say why"), told, hint
    )


def explain_machine_file(error: OSError, who: str) -> SignInFailed:
    """Return the exception for a file that Azure Arc proves by that a program may use the machine's identity."""
    reason = error.strerror or type(error).__name__
    return SignInFailed(
        f"Signing in as {who} failed: the key file of Azure Arc cannot be read ({reason}).",
        hint="Run as a member of the group himds (Linux) or Hybrid agent extension applications (Windows), or as an "
        f"administrator. {_ARC_AGENT}",
    )


def _failed(who: str, message: str, text: str, hint: str) -> SignInFailed:
    quoted = f" ({text.rstrip('.')})" if text else ""
    return SignInFailed(f"Signing in as {who} failed: {message}{quoted}.", hint=hint)
