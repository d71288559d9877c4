"""bulktap simulator: serve the pretend tenant, for rehearsals and tests."""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn

import click

from bulktap.cli import options
from bulktap.cli.console import Console, ScreenSettings
from bulktap.cli.help import GroupedCommand, write_definitions
from bulktap.cli.running import run_command
from bulktap.cli.wrapping import wrapped
from bulktap.model.errors import UsageError
from bulktap.settings import server_declarations as declared

if TYPE_CHECKING:
    from pathlib import Path

    from bulktap.cli.outcome import CommandOutcome
    from bulktap.settings.values import Values
    from bulktap.simulator.server import Simulator, SimulatorOptions
    from bulktap.simulator.tenant import Tenant


class CommandWithWeather(GroupedCommand):
    """A command whose help ends with the options that a weather has."""

    def format_more(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the weathers and their options."""
        from bulktap.simulator.weather import WEATHERS, weather_options

        del ctx
        words = (
            f"Weathers: {', '.join(WEATHERS)}. Options follow the name, separated by commas, as in "
            "`--weather 'storm,late-503=0.05,list-lag=60'`; `bulktap apply --simulate-weather` takes the same."
        )
        formatter.write(f"\n{wrapped(words, formatter.width)}\n")
        for heading, lines in weather_options().items():
            write_definitions(formatter, wrapped(heading, formatter.width), lines)


EXAMPLES = """\b
Examples:
  bulktap simulator --tenant-file samples/tenant.json --ca-file ca.pem
  bulktap simulator --tenant-file tenant.json --ca-file ca.pem --limits 20/s
"""


@click.command(cls=CommandWithWeather, epilog=EXAMPLES)
@options.settings(
    declared.TENANT_FILE,
    declared.STATE_FILE,
    declared.LIMITS,
    declared.WEATHER,
    declared.SEED,
    declared.LATENCY,
    declared.CALL_LATENCY,
    declared.TOKEN_LIFETIME,
    declared.PORT,
    declared.CA_FILE,
)
def simulator(chosen: Values) -> NoReturn:
    """Serve a pretend tenant over HTTPS on this computer until Ctrl-C, and print how to reach it.

    The lines on standard output are the environment for other commands, in the form NAME=value.
    """
    console = Console(ScreenSettings())
    state_file = chosen.of(declared.STATE_FILE)

    def action(outcome: CommandOutcome) -> None:
        del outcome
        from bulktap.simulator.server import SimulatorOptions

        simulated = SimulatorOptions(
            limits=chosen.sure(declared.LIMITS),
            weather=chosen.sure(declared.WEATHER),
            seed=chosen.sure(declared.SEED),
            latency=chosen.sure(declared.LATENCY),
            call_latency=chosen.sure(declared.CALL_LATENCY),
            token_lifetime=chosen.sure(declared.TOKEN_LIFETIME),
            state_file=state_file,
        )
        tenant = _tenant(chosen.of(declared.TENANT_FILE), state_file)
        _serve(console, tenant, simulated, chosen.sure(declared.PORT), chosen.sure(declared.CA_FILE))

    run_command(console, action)


def _tenant(tenant_file: Path | None, state_file: Path | None) -> Tenant:
    from bulktap.cli.rehearsal import reason_of
    from bulktap.simulator.state_file import reopen_state
    from bulktap.simulator.tenant_file import load_tenant

    try:
        if state_file is not None and state_file.exists():
            return reopen_state(state_file)
        if tenant_file is not None:
            return load_tenant(tenant_file)
    except (OSError, ValueError) as error:
        raise UsageError(
            f"The pretend tenant cannot be read: {reason_of(error)}.",
            hint="samples/tenant.json shows what such a file looks like.",
        ) from None
    raise UsageError("There is no tenant to serve.", hint="Name one with --tenant-file, e.g. samples/tenant.json.")


def _environment(server: Simulator, ca_file: Path) -> dict[str, str]:
    return {
        "BULKTAP_GRAPH_URL": server.graph_url,
        "BULKTAP_AUTHORITY_URL": server.authority_url,
        "BULKTAP_CA_BUNDLE": str(ca_file),
        "AZURE_TENANT_ID": server.tenant_id,
        "AZURE_CLIENT_ID": server.client_id,
        "AZURE_CLIENT_SECRET": server.client_secret,
    }


def _serve(console: Console, tenant: Tenant, simulated: SimulatorOptions, port: int, ca_file: Path) -> None:
    import asyncio

    from bulktap.cli.rehearsal import reason_of
    from bulktap.simulator.server import Simulator

    async def serve(server: Simulator) -> None:
        await server.start(port)
        try:
            for name, value in _environment(server, ca_file).items():
                console.variable(name, value)
            console.say("Serving the simulated tenant until Ctrl-C.")
            await asyncio.Event().wait()
        finally:
            await server.stop()

    try:
        server = Simulator(tenant, simulated)
        ca_file.write_text(server.ca_pem, "ascii")
        asyncio.run(serve(server))
    except KeyboardInterrupt:
        console.say("Stopped.")
    except (ValueError, OSError) as error:
        raise UsageError(
            f"The simulator cannot serve: {reason_of(error)}.", hint="Check --limits, --weather, --port and --ca-file."
        ) from None
