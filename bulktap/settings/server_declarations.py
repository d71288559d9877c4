"""The settings of the pretend tenant as a server, declared as the others are (`declarations`)."""

from __future__ import annotations

from dataclasses import replace

from bulktap.settings.declaration import Declaration
from bulktap.settings.declarations import SIMULATE_LIMITS, SIMULATE_WEATHER
from bulktap.settings.help_groups import Group
from bulktap.settings.kinds import Flag, Number, Place, Whole

_FILE = Place(folder=False)

USERS_FROM = Declaration(
    "users-from",
    Place(),
    "Have exactly the people of this roster: a spreadsheet, a folder or a zip of them.",
    metavar="ROSTER",
    group=Group.REHEARSAL,
    common=True,
)
TENANT_FILE = Declaration(
    "tenant-file", _FILE, "Users, policy and passes (see samples/tenant.json).", group=Group.REHEARSAL, common=True
)
STATE_FILE = Declaration(
    "state-file", _FILE, "Keep the tenant's state here, and go on from it.", group=Group.REHEARSAL, common=True
)
LIMITS = replace(SIMULATE_LIMITS, name="limits", common=True)
WEATHER = replace(SIMULATE_WEATHER, name="weather", help="How it misbehaves, see below.", common=True)
SEED = Declaration(
    "seed", Whole(), "Makes the weather repeatable.", default=0, default_told=True, group=Group.REHEARSAL
)
LATENCY = Declaration(
    "latency", Number(0, 600), "Seconds that a batch takes.", default=0.15, default_told=True, group=Group.REHEARSAL
)
CALL_LATENCY = Declaration(
    "call-latency",
    Number(0, 600),
    "Seconds that a single call takes.",
    default=0.08,
    default_told=True,
    group=Group.REHEARSAL,
)
TOKEN_LIFETIME = Declaration(
    "token-lifetime",
    Whole(1, 86_400),
    "Seconds that an access token is good for.",
    default=3599,
    default_told=True,
    group=Group.REHEARSAL,
)
PORT = Declaration(
    "port",
    Whole(0, 65_535),
    "Port on 127.0.0.1 (default: any free one).",
    default=0,
    group=Group.REHEARSAL,
    common=True,
)
AS_PROXY = Declaration(
    "as-proxy",
    Flag(),
    "Also be a proxy that leads graph.microsoft.com and login.microsoftonline.com here.",
    group=Group.REHEARSAL,
    common=True,
)
PROXY_PORT = Declaration(
    "proxy-port", Whole(0, 65_535), "Likewise, on this port of 127.0.0.1 (0: any free one).", group=Group.REHEARSAL
)
CA_FILE = Declaration(
    "ca-file",
    _FILE,
    "Where to write its certificate, for clients to trust.",
    default="simulated-tenant-ca.pem",
    default_told=True,
    group=Group.OUTPUT,
    common=True,
)
