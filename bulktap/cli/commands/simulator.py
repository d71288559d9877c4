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
from bulktap.settings import roster_declarations as roster_declared
from bulktap.settings import server_declarations as declared

if TYPE_CHECKING:
    from pathlib import Path

    from bulktap.cli.outcome import CommandOutcome
    from bulktap.cli.served_tenant import ServedTenant
    from bulktap.settings.values import Values
    from bulktap.simulator.server import Simulator, SimulatorOptions


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
  bulktap simulator
  bulktap simulator --users-from students.xlsx
  bulktap simulator --tenant-file samples/tenant.json --limits 20/s
  bulktap simulator --as-proxy         for programs that know real names only
"""


@click.command(cls=CommandWithWeather, epilog=EXAMPLES)
@options.settings(
    declared.USERS_FROM,
    declared.TENANT_FILE,
    declared.STATE_FILE,
    declared.LIMITS,
    declared.WEATHER,
    declared.SEED,
    declared.LATENCY,
    declared.CALL_LATENCY,
    declared.TOKEN_LIFETIME,
    declared.PORT,
    declared.AS_PROXY,
    declared.PROXY_PORT,
    declared.CA_FILE,
    *roster_declared.READING,
)
def simulator(chosen: Values) -> NoReturn:
    """Serve a pretend tenant over HTTPS on this computer until Ctrl-C, and print how to reach it.

    Without options it has ten made-up people. The lines on standard output are the environment for other commands, in
    the form NAME=value; with --as-proxy, for programs that know the real services' names only.
    """
    console = Console(ScreenSettings())

    def action(outcome: CommandOutcome) -> None:
        from bulktap.cli.served_tenant import served_tenant
        from bulktap.simulator.server import SimulatorOptions

        proxy_port = chosen.of(declared.PROXY_PORT)
        simulated = SimulatorOptions(
            limits=chosen.sure(declared.LIMITS),
            weather=chosen.sure(declared.WEATHER),
            seed=chosen.sure(declared.SEED),
            latency=chosen.sure(declared.LATENCY),
            call_latency=chosen.sure(declared.CALL_LATENCY),
            token_lifetime=chosen.sure(declared.TOKEN_LIFETIME),
            state_file=chosen.of(declared.STATE_FILE),
            proxy_port=0 if proxy_port is None and chosen.is_set(declared.AS_PROXY) else proxy_port,
        )
        served = served_tenant(chosen, console, outcome)
        _serve(console, served, simulated, chosen.sure(declared.PORT), chosen.sure(declared.CA_FILE).absolute())

    run_command(console, action)


def _environment(server: Simulator, ca_file: Path) -> dict[str, str]:
    if server.proxy_url:
        # What requests, curl, Node and OpenSSL (.NET outside of Windows, Go) each call it.
        trusting = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "NODE_EXTRA_CA_CERTS", "SSL_CERT_FILE")
        reached = {"HTTPS_PROXY": server.proxy_url, **dict.fromkeys(trusting, str(ca_file))}
    else:
        reached = {
            "BULKTAP_GRAPH_URL": server.graph_url,
            "BULKTAP_AUTHORITY_URL": server.authority_url,
            "BULKTAP_CA_BUNDLE": str(ca_file),
        }
    return {
        **reached,
        "BULKTAP_SIGN_IN": "secret",  # a profile may name a certificate, which only the tenant it was made for knows
        "AZURE_TENANT_ID": server.tenant_id,
        "AZURE_CLIENT_ID": server.client_id,
        "AZURE_CLIENT_SECRET": server.client_secret,
    }


def _serve(console: Console, served: ServedTenant, simulated: SimulatorOptions, port: int, ca_file: Path) -> None:
    import asyncio

    from bulktap.cli.rehearsal import reason_of
    from bulktap.results.wording import counted
    from bulktap.simulator.server import Simulator

    async def serve(server: Simulator) -> None:
        await server.start(port)
        try:
            for name, value in _environment(server, ca_file).items():
                console.variable(name, value)
            people = counted(len(served.tenant.users), "person", "people")
            console.say(f"Serving the simulated tenant until Ctrl-C: {people} {served.told}.")
            await asyncio.Event().wait()
        finally:
            await server.stop()

    try:
        server = Simulator(served.tenant, simulated)
        ca_file.write_text(server.ca_pem, "ascii")
        asyncio.run(serve(server))
    except KeyboardInterrupt:
        console.say("Stopped.")
    except (ValueError, OSError) as error:
        raise UsageError(
            f"The simulator cannot serve: {reason_of(error)}.", hint="Check --limits, --weather, --port and --ca-file."
        ) from None
