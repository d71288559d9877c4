"""The settings that say which tenant, and how to sign in to it, declared as the others are (`declarations`)."""

from __future__ import annotations

from typing import Any

from bulktap.model.cloud import Cloud
from bulktap.model.sign_in_ways import SignInWay
from bulktap.settings.declaration import Declaration
from bulktap.settings.help_groups import Group
from bulktap.settings.kinds import Choice, Place, Text

_FILE = Place(folder=False)

TENANT = Declaration(
    "tenant", Text(), "Tenant ID (default: AZURE_TENANT_ID).", more_variables=("AZURE_TENANT_ID",), group=Group.WHO
)  # fmt: skip
PROFILE = Declaration(
    "profile", Text(), "Take settings from this profile of a bulktap.toml.", metavar="NAME", group=Group.WHO
)
GRAPH_URL = Declaration("graph-url", Text(), "Address of Microsoft Graph.", group=Group.WHO)
AUTHORITY_URL = Declaration(
    "authority-url", Text(), "Address to sign in at.", more_variables=("AZURE_AUTHORITY_HOST",), group=Group.WHO
)
CA_BUNDLE = Declaration("ca-bundle", Place(), "Trust exactly the authorities in this file.", group=Group.WHO)
ENDPOINTS: tuple[Declaration[Any], ...] = (GRAPH_URL, AUTHORITY_URL, CA_BUNDLE)
"""Settings that are variables, or stand in a profile, and are no options."""
CLOUD = Declaration(
    "cloud",
    Choice(tuple(one.value for one in Cloud)),
    "The cloud that the tenant is in (default: global, or that of the addresses set).",
    group=Group.WHO,
)
SIGN_IN = Declaration(
    "sign-in",
    Choice(tuple(one.value for one in SignInWay)),
    "How to sign in (default: what is set, a client secret first).",
    group=Group.WHO,
)
CLIENT_ID = Declaration(
    "client-id",
    Text(),
    "Application ID of the app (default: AZURE_CLIENT_ID).",
    metavar="ID",
    more_variables=("AZURE_CLIENT_ID",),
    group=Group.WHO,
)
CLIENT_SECRET_FILE = Declaration(
    "client-secret-file", _FILE, "Read the app's client secret from this file.", group=Group.WHO
)
CLIENT_SECRET_COMMAND = Declaration(
    "client-secret-command",
    Text(),
    "Run this program, which prints the app's client secret.",
    metavar="COMMAND",
    group=Group.WHO,
)
CERTIFICATE = Declaration(
    "certificate",
    _FILE,
    "Sign in with this certificate and its key (PEM or PFX).",
    more_variables=("AZURE_CLIENT_CERTIFICATE_PATH",),
    group=Group.WHO,
)
FEDERATED_TOKEN_FILE = Declaration(
    "federated-token-file",
    _FILE,
    "Sign in with the token that another identity service keeps in this file.",
    more_variables=("AZURE_FEDERATED_TOKEN_FILE",),
    group=Group.WHO,
)
SIGNING_IN = (
    PROFILE,
    TENANT,
    CLOUD,
    SIGN_IN,
    CLIENT_ID,
    CLIENT_SECRET_FILE,
    CLIENT_SECRET_COMMAND,
    CERTIFICATE,
    FEDERATED_TOKEN_FILE,
)
"""What says which tenant, and how to sign in to it."""
