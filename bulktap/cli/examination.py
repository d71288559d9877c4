"""The examination that `bulktap doctor` is: this computer's settings first, then the tenant, check by check."""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING, Any

from bulktap.cli import options
from bulktap.cli.check_list import check_lines, check_members, summary_of
from bulktap.cli.client_secrets import ClientSecrets
from bulktap.cli.command_context import command_context
from bulktap.graph.clouds import endpoints_for
from bulktap.model.checks import Check, exit_code_of, wrong
from bulktap.model.clock import SystemClock
from bulktap.model.errors import (
    BulktapError,
    NotPermitted,
    PolicyForbids,
    RosterError,
    ServiceUnreachable,
    UsageError,
)
from bulktap.model.exit_codes import ExitCode
from bulktap.operations import machine_checks
from bulktap.operations.check_tenant import Examiner, check_tenant
from bulktap.operations.checked_roster import guards_beside
from bulktap.operations.support_bundle import Spared, require_place, write_bundle
from bulktap.operations.tenant_access import open_access
from bulktap.settings import declarations as declared
from bulktap.settings import setup_declarations
from bulktap.settings import sign_in_declarations as sign_in_declared
from bulktap.settings.environment import automatic_proxy, network, onedrive_folders, pasted
from bulktap.settings.sign_in_settings import access_settings
from bulktap.settings.slices import guards_said
from bulktap.settings.told_settings import settings_check, told_settings, variable_checks, way_checks

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from bulktap.cli.console import Console
    from bulktap.cli.outcome import CommandOutcome
    from bulktap.graph.clouds import CloudEndpoints
    from bulktap.model.passes import AccessPass
    from bulktap.operations.run_settings import AccessSettings
    from bulktap.settings.declaration import Declaration
    from bulktap.settings.profiles import Profiled
    from bulktap.settings.values import Values

_OPTIONS: tuple[Declaration[Any], ...] = (
    setup_declarations.PROBE, setup_declarations.BUNDLE, setup_declarations.REPORTS_LOOKED_AT,
    *sign_in_declared.SIGNING_IN, *declared.SCREEN,
)  # fmt: skip
_ERRORS: dict[ExitCode, type[BulktapError]] = {
    ExitCode.USAGE: UsageError,
    ExitCode.ACCESS: NotPermitted,
    ExitCode.STOPPED: PolicyForbids,
    ExitCode.GAVE_UP: ServiceUnreachable,
}


class _Checks:
    """The checks so far; each is shown as it ends."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self.all: list[Check] = []

    def found(self, check: Check) -> None:
        """Take one."""
        self.all.append(check)
        self._console.data(*check_lines(check, details=not self._console.screen.quiet))


def examine(console: Console, outcome: CommandOutcome, chosen: Values, roster: Path | None) -> None:
    """Look at everything, show it, and write the bundle that is asked for.

    Raises:
        BulktapError: something is in the way.
    """
    checks = _Checks(console)
    bundle = chosen.of(setup_declarations.BUNDLE)
    try:
        if bundle:
            require_place(bundle)
        settled, access, endpoints = _settings(checks, chosen, roster, console)
        _machine(checks, settled, endpoints)
        if access is not None and endpoints is not None:
            _tenant(console, outcome, checks, settled, (access, endpoints))
    finally:
        outcome.more["checks"] = [check_members(one) for one in checks.all]
    if bundle:
        spared = _spared(settled, access, outcome)
        parts = [check_members(one) for one in checks.all]
        write_bundle(
            bundle, parts, machine_checks.versions(), settled.sure(setup_declarations.REPORTS_LOOKED_AT), spared
        )
        outcome.files = [bundle]
        console.say(f"For support: {bundle}. Look into it before you send it.")
    _conclude(console, checks.all)


def _settings(
    checks: _Checks, chosen: Values, roster: Path | None, console: Console
) -> tuple[Values, AccessSettings | None, CloudEndpoints | None]:
    """Check what is set, and how one would sign in."""
    profile: Profiled | None = None
    broken: UsageError | None = None
    try:
        profile = options.profiles_for(chosen, None if roster is None else options.folder_beside(roster))
        settled = options.settled_by(chosen, _OPTIONS, profile)
    except UsageError as error:
        broken, settled = error, chosen
    checks.found(settings_check(told_settings(chosen, profile), profile, broken or _wrong_guard(settled, roster)))
    for check in variable_checks():
        checks.found(check)
    access, endpoints = None, None
    if broken is None:
        try:
            access = access_settings(settled, ClientSecrets(console), SystemClock())
            endpoints = endpoints_for(access.graph_url, access.authority_url, access.cloud)
        except UsageError as error:
            broken = error
        for check in way_checks(access if endpoints is not None else None, broken, SystemClock().now()):
            checks.found(check)
    return settled, access, endpoints


def _wrong_guard(settled: Values, roster: Path | None) -> UsageError | None:
    """Return what is wrong with the guards: commands that issue passes would stop at it."""
    try:
        guards_said(settled)
        if roster is not None:
            guards_beside(roster)
    except (UsageError, RosterError) as error:  # the latter of a file beside the roster
        return UsageError(error.message, hint=error.hint)
    return None


def _machine(checks: _Checks, settled: Values, endpoints: CloudEndpoints | None) -> None:
    reached = network(settled.of(sign_in_declared.CA_BUNDLE))
    if endpoints is not None:
        urls = (endpoints.authority_url, endpoints.graph_url)
        checks.found(machine_checks.proxy_check(urls, reached, automatic_proxy()))
    checks.found(machine_checks.trust_check(reached))
    for check in machine_checks.folder_checks(settled.sure(setup_declarations.REPORTS_LOOKED_AT), onedrive_folders()):
        checks.found(check)
    checks.found(machine_checks.version_check())


def _tenant(
    console: Console,
    outcome: CommandOutcome,
    checks: _Checks,
    settled: Values,
    found: tuple[AccessSettings, CloudEndpoints],
) -> None:
    settings, endpoints = found
    try:
        access = open_access(settings)
    except BulktapError as error:
        checks.found(wrong("sign-in", "Sign-in", error.message, error.hint, error.exit_code))
        return
    with command_context(console, outcome, settled) as at:
        examiner = Examiner(checks.found, console.always, _probed(settled) or None, at.terminal.stoppable)
        examined = check_tenant(access, endpoints.authority_url, examiner)
    outcome.tenant = examined.tenant
    if examined.passes is not None:
        outcome.more["passes"] = [_pass_members(one) for one in examined.passes]


def _conclude(console: Console, checks: list[Check]) -> None:
    """Say what it comes to.

    Raises:
        BulktapError: something is in the way.
    """
    code = exit_code_of(checks)
    if code is ExitCode.DONE:
        console.data("", summary_of(checks))
        return
    error = _ERRORS.get(code, UsageError)
    raise error(
        summary_of(checks), hint="Do what stands below each of them, from the top; then run `bulktap doctor` again."
    )


def _spared(settled: Values, access: AccessSettings | None, outcome: CommandOutcome) -> Spared:
    """Return whom the bundle must not name, and whose ids may stay in it."""
    ids = [access.credentials.tenant_id, access.credentials.client_id] if access is not None else []
    if outcome.tenant is not None:
        ids.append(outcome.tenant.tenant_id)
    return Spared(people=[_probed(settled)], ids=ids)


def _probed(settled: Values) -> str:
    """Return the user whose passes are asked for, without what came along when the name was copied."""
    return pasted(settled.of(setup_declarations.PROBE) or "")


def _pass_members(one: AccessPass) -> dict[str, object]:
    """Return what `--json` says of a pass of the user who was asked about."""
    return {
        "pass_id": one.pass_id,
        "created": _utc(one.created_at),
        "starts": _utc(one.starts_at),
        "expires": _utc(one.expires_at),
        "one_time": one.usable_once,
        "usable": one.is_usable,
        "reason": one.usability,
    }


def _utc(moment: datetime | None) -> str | None:
    return None if moment is None else f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
