"""bulktap simulator: serve the pretend tenant, for rehearsals and tests."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NoReturn

import click

from bulktap.cli import options
from bulktap.cli.console import Console, ScreenSettings
from bulktap.cli.option_types import Rate
from bulktap.cli.rehearsal import reason_of
from bulktap.cli.running import run_command
from bulktap.model.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path

    from bulktap.cli.outcome import CommandOutcome
    from bulktap.simulator.server import Simulator, SimulatorOptions
    from bulktap.simulator.tenant import Tenant


class CommandWithWeather(click.Command):
    """A command whose help ends with the options that a weather has."""

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the examples, then the weathers and their options."""
        from bulktap.simulator.weather import WEATHERS, weather_options

        super().format_epilog(ctx, formatter)
        formatter.write_paragraph()
        formatter.write_text(
            f"Weathers: {', '.join(WEATHERS)}. Options follow the name, separated by commas, as in "
            "--weather storm,late-503=0.05,list-lag=60; bulktap apply --simulate-weather takes the same."
        )
        for heading, lines in weather_options().items():
            with formatter.section(heading):
                formatter.write_dl(lines)


EXAMPLES = """\b
Examples:
  bulktap simulator --tenant-file samples/tenant.json --ca-file ca.pem
  bulktap simulator --tenant-file tenant.json --ca-file ca.pem --limits directory --weather showers --port 8443
"""


@click.command(cls=CommandWithWeather, epilog=EXAMPLES, short_help="Serve the pretend tenant to other programs.")
@options.option("--tenant-file", type=options.FILE, help="Users, policy and passes (see samples/tenant.json).")
@options.option("--state-file", type=options.FILE, help="Keep the tenant's state here, and go on from it.")
@options.option("--limits", default="none", metavar="PROFILE", help="How it throttles, e.g. none, directory, reports.")
@options.option("--weather", default="fair", metavar="NAME", help="How it misbehaves, see below.")
@options.option("--seed", default=0, help="Makes the weather repeatable.")
@options.option("--latency", type=Rate(0, 600), default=0.15, show_default=True, help="Seconds that a batch takes.")
@options.option(
    "--call-latency", type=Rate(0, 600), default=0.08, show_default=True, help="Seconds that a single call takes."
)
@options.option(
    "--token-lifetime",
    type=click.IntRange(1, 86_400),
    default=3599,
    show_default=True,
    help="Seconds that an access token is good for.",
)
@options.option("--port", type=click.IntRange(0, 65_535), default=0, help="Port on 127.0.0.1 (default: any free one).")
@options.option(
    "--ca-file", type=options.FILE, required=True, help="Where to write its certificate, for clients to trust."
)
def simulator(tenant_file: Path | None, state_file: Path | None, port: int, ca_file: Path, **given: Any) -> NoReturn:
    """Serve a pretend tenant over HTTPS on this computer until Ctrl-C, and print how to reach it.

    The lines on standard output are the environment for other commands, in the form NAME=value.
    """
    console = Console(ScreenSettings())

    def action(outcome: CommandOutcome) -> None:
        del outcome
        from bulktap.simulator.server import SimulatorOptions

        simulated = SimulatorOptions(
            limits=given["limits"],
            weather=given["weather"],
            seed=given["seed"],
            latency=given["latency"],
            call_latency=given["call_latency"],
            token_lifetime=given["token_lifetime"],
            state_file=state_file,
        )
        _serve(console, _tenant(tenant_file, state_file), simulated, port, ca_file)

    run_command(console, action)


def _tenant(tenant_file: Path | None, state_file: Path | None) -> Tenant:
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
