"""The settings of commands that set bulktap up and look after it, declared as the others are (`declarations`)."""

from __future__ import annotations

from dataclasses import replace

from bulktap.settings.declaration import Declaration
from bulktap.settings.declarations import REPORTS, YES
from bulktap.settings.help_groups import Group
from bulktap.settings.kinds import Choice, Place, Text
from bulktap.settings.roster_declarations import TIMEZONE
from bulktap.settings.sign_in_declarations import CERTIFICATE, CLIENT_ID, CLOUD, PROFILE, SIGN_IN, TENANT

PROBE = Declaration(
    "probe", Text(), "List this user's passes too; no passcode is shown.", metavar="USER", group=Group.WHO, common=True
)
BUNDLE = Declaration(
    "bundle",
    Place(folder=False),
    "Write what support needs into this zip, without secrets and people.",
    group=Group.OUTPUT,
    common=True,
)
REPORTS_LOOKED_AT = replace(REPORTS, kind=Place(readable=False))
"""For `doctor`: that it is a file, or closed, is a finding beside the others."""
LIKE = Declaration(
    "like",
    Choice(("entra", "intune", "sds")),
    "Headings as in Entra's bulk templates, Intune's devices, School Data Sync.",
    group=Group.ROSTER,
)
TEMPLATE_LANGUAGE = Declaration(
    "language",
    Choice(("en", "de", "fr", "es", "nl", "pt", "it", "ja")),
    "Of headings and notes.",
    default="en",
    default_told=True,
    group=Group.ROSTER,
)
NEW_PROFILE = replace(
    PROFILE, help="Write this profile (default: default, which is used where none is named).", common=True
)
NEW_TENANT = replace(TENANT, common=True)
NEW_CLIENT_ID = replace(
    CLIENT_ID, help="Application ID of the app, once it is registered (default: AZURE_CLIENT_ID).", common=True
)
NEW_CLOUD = replace(CLOUD, help="The cloud that the tenant is in (default: global).", common=True)
NEW_SIGN_IN = replace(SIGN_IN, help="How to sign in (default: certificate, which is made).", common=True)
NEW_TIMEZONE = replace(TIMEZONE, help="Zone of the rosters' times.", group=Group.WHO, common=True)
OWN_CERTIFICATE = replace(
    CERTIFICATE, help="Use this certificate (PEM or PFX with its key); none is made.", common=True
)
INIT_YES = replace(YES, help="Ask nothing, and change a profile that is there.", group=Group.WHO)
SETTING_UP = (
    NEW_PROFILE, NEW_TENANT, NEW_CLOUD, NEW_CLIENT_ID, NEW_SIGN_IN, OWN_CERTIFICATE, NEW_TIMEZONE, INIT_YES,
)  # fmt: skip
"""What `init` asks for."""
