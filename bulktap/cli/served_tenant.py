"""The tenant that `bulktap simulator` serves: of a tenant file, of a roster's people, of a state file, or made up."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bulktap.cli.passphrase import asks_for_password, roster_password
from bulktap.cli.rehearsal import reason_of, seeds_of, strangers
from bulktap.model.clock import SystemClock
from bulktap.model.errors import UsageError
from bulktap.settings import roster_declarations as roster_declared
from bulktap.settings import server_declarations as declared

if TYPE_CHECKING:
    from bulktap.cli.console import Console
    from bulktap.cli.outcome import CommandOutcome
    from bulktap.roster.model import CheckedRoster
    from bulktap.settings.values import Values
    from bulktap.simulator.tenant import Tenant

_MADE_UP = (
    "Adele Vance",
    "Alex Wilber",
    "Diego Siciliani",
    "Grady Archie",
    "Henrietta Mueller",
    "Isaiah Langer",
    "Joni Sherman",
    "Lynne Robbins",
    "Megan Bowen",
    "Pradeep Gupta",
)
"""Who is in the tenant where nothing says who is."""
_DOMAIN = "contoso.com"


@dataclass(frozen=True, slots=True)
class ServedTenant:
    """A tenant, and what is said of it."""

    tenant: Tenant
    told: str
    """Whose people they are, to follow their number."""


def served_tenant(chosen: Values, console: Console, outcome: CommandOutcome) -> ServedTenant:
    """Return the tenant that the settings ask for.

    Raises:
        UsageError: two settings say who is in it, or a file cannot be read.
        RosterError: the roster cannot be used as it is.
        QuestionOpen: something about the roster must be settled first.
    """
    tenant_file, roster = chosen.of(declared.TENANT_FILE), chosen.of(declared.USERS_FROM)
    state_file = chosen.of(declared.STATE_FILE)
    if tenant_file is not None and roster is not None:
        raise UsageError(
            "Both --tenant-file and --users-from say who is in the tenant.",
            hint="Leave one of them out: a roster's people are enough for a rehearsal.",
        )
    made = None
    if roster is not None:
        made = _of_roster(roster, _checked(roster, chosen, console, outcome))
    if state_file is not None and state_file.exists():
        return _kept(state_file, made)
    if made is not None:
        return made
    if tenant_file is not None:
        return _of_file(tenant_file)
    return _made_up()


def _checked(roster: Path, chosen: Values, console: Console, outcome: CommandOutcome) -> CheckedRoster:
    from bulktap.cli.front_end import Terminal
    from bulktap.cli.progress import Progress
    from bulktap.operations.checked_roster import with_saved_mapping
    from bulktap.operations.reading_questions import read_with_answers
    from bulktap.operations.run_settings import RunSettings
    from bulktap.results.wording import counted
    from bulktap.roster.files.input_bytes import RosterInput
    from bulktap.settings.slices import reading_settings

    password = roster_password(chosen.of(roster_declared.ROSTER_PASSWORD_FILE))
    reading = reading_settings(chosen, password, asks_for_password(console))
    settings = with_saved_mapping(roster, RunSettings(Path(), reading))
    clock = SystemClock()
    with Progress(console, clock) as progress:
        checked, _ = read_with_answers(RosterInput(roster), settings, clock.now(), Terminal(console, progress, outcome))
    nobody = sum(row.user is None for row in checked.rows)
    if nobody:
        console.say(f"Left out: {counted(nobody, 'row')} without a usable name (bulktap plan --offline says why).")
    return checked


def _of_roster(roster: Path, checked: CheckedRoster) -> ServedTenant:
    from bulktap.simulator.tenant_file import seed_tenant

    seeds = seeds_of(checked)
    if not seeds:
        raise UsageError(
            f"{roster.name} names nobody who could be in a tenant.",
            hint="`bulktap plan --offline` says why, row by row.",
        )
    domains = Counter(seed.upn.rpartition("@")[2].lower() for seed in seeds if seed.upn)
    domain = next((name for name, _count in domains.most_common(1)), "") or _DOMAIN
    # Ids follow from the name: the same roster is the same tenant tomorrow.
    return ServedTenant(seed_tenant(seeds, name=f"Tenant of {roster.stem}", domain=domain), f"of {roster.name}")


def _of_file(tenant_file: Path) -> ServedTenant:
    from bulktap.simulator.tenant_file import load_tenant

    try:
        return ServedTenant(load_tenant(tenant_file), f"of {tenant_file.name}")
    except (OSError, ValueError) as error:
        raise _unreadable(error) from None


def _kept(state_file: Path, made: ServedTenant | None) -> ServedTenant:
    """Return the tenant of a state file; whoever is new in the roster comes to it."""
    from bulktap.simulator.state_file import admit_users, reopen_state

    try:
        kept = reopen_state(state_file)
        if made is not None and (new := strangers(made.tenant, kept)):
            admit_users(state_file, new)
            kept = reopen_state(state_file)
    except (OSError, ValueError) as error:
        raise _unreadable(error) from None
    return ServedTenant(kept, f"of {state_file.name}")


def _made_up() -> ServedTenant:
    from bulktap.simulator.tenant_file import SeedUser, seed_tenant

    seeds = []
    for name in _MADE_UP:
        given, _blank, surname = name.partition(" ")
        upn = f"{given}.{surname}@{_DOMAIN}".lower()
        seeds.append(SeedUser(upn, display_name=name, given_name=given, surname=surname))
    return ServedTenant(seed_tenant(seeds, domain=_DOMAIN), "who are made up; --users-from ROSTER serves your own")


def _unreadable(error: OSError | ValueError) -> UsageError:
    return UsageError(
        f"The pretend tenant cannot be read: {reason_of(error)}.",
        hint="samples/tenant.json shows what such a file looks like.",
    )
