"""The command group."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, NoReturn

import click

from bulktap.cli.command_list import CommandList
from bulktap.cli.help_all import WIDTH, help_all_option, wants_all
from bulktap.cli.streams import replace_letters_that_are_missing
from bulktap.model.errors import UsageError
from bulktap.model.exit_codes import ExitCode
from bulktap.settings.environment import take_secrets, variable, wants_json

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

    from bulktap.cli.console import Console

EXAMPLES = """\b
Examples:
  bulktap init                               set a tenant up
  bulktap doctor                             say what is in place
  bulktap plan students.xlsx --simulate      rehearse, without a tenant
  bulktap plan students.xlsx                 say what would happen, no more
  bulktap apply students.xlsx --lifetime 8h  issue the passes, after asking
  bulktap resume                             finish a run that was stopped
  bulktap results RUN                        write its workbook again
  bulktap handout RUN                        make slips, a sealed file a group
  bulktap show RUN USER                      one passcode, for a moment
  bulktap reissue RUN --only 7               a new pass in place of one
  bulktap verify RUN                         look for them in the tenant
  bulktap revoke RUN                         delete those that still work
  bulktap forget RUN                         destroy its passcodes
"""

COMMANDS = {
    "plan": "Say what would happen; nothing is issued.",
    "apply": "Issue passes: plan a roster and ask, or carry out a saved plan.",
    "resume": "Finish a run that was stopped.",
    "results": "Write the results of a run again.",
    "handout": "Make slips to hand out, a sealed file a group.",
    "show": "Show one person's passcode for a moment.",
    "reissue": "Issue new passes in the place of a run's own.",
    "verify": "Ask the tenant about each pass of a run.",
    "revoke": "Delete the passes of a run that still work.",
    "forget": "Destroy the passcodes of a run, and keep its counts.",
    "runs": "List the runs there are.",
    "template": "Write an empty roster workbook.",
    "init": "Write a profile, and print how to register the app.",
    "doctor": "Say what is in place, and what is missing.",
    "logout": "Drop the tokens that are kept of people.",
    "schema": "Print the schema of a JSON object or file.",
    "completion": "Print the script for completion in a shell.",
    "help": "Explain a topic, such as exit-codes or troubleshooting.",
    "simulator": "Serve the pretend tenant to other programs.",
}
"""Every command, with what help says of it; it stands in the module of its name in `commands`."""


class GroupWithExamples(click.Group):
    """The group of commands, whose help begins with examples and ends, if all of it is wanted, with every command's."""

    def get_params(self, ctx: click.Context) -> list[click.Parameter]:
        """Return the parameters, with the one that shows all help."""
        return [*super().get_params(ctx), help_all_option()]

    def format_help(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the help."""
        self.format_usage(ctx, formatter)
        self.format_help_text(ctx, formatter)
        self.format_epilog(ctx, formatter)
        self.format_options(ctx, formatter)
        if not wants_all(ctx):
            return
        for name in self.list_commands(ctx):
            command = self.commands[name]
            with click.Context(command, ctx, name) as inner:
                formatter.write("\n")
                command.format_help(inner, formatter)

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem[str]]:
        """Return commands, without loading any; options where one begins."""
        from click.shell_completion import CompletionItem

        names = [name for name in self.list_commands(ctx) if name.startswith(incomplete)]
        offered = [CompletionItem(name, help=COMMANDS.get(name)) for name in names]
        return [*offered, *click.Command.shell_complete(self, ctx, incomplete)]

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the commands, without loading any."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, COMMANDS[name]) for name in self.list_commands(ctx)])


def _show_version(context: click.Context, parameter: click.Parameter, wanted: bool) -> None:
    if wanted:  # click calls this for every command
        from bulktap.cli.version_line import show_version

        show_version(context, parameter, wanted)


@click.group(
    cls=GroupWithExamples,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": WIDTH},
    epilog=EXAMPLES,
    commands=CommandList(COMMANDS),
)
@click.option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_show_version,
    help="Show the version.",
)
def cli() -> None:
    """Issue Microsoft Entra Temporary Access Passes for a whole spreadsheet of people.

    bulktap reads the roster (Excel or CSV), shows what would happen, issues the passes as fast as the service allows,
    and hands back an encrypted workbook with the passcodes and a report of the rows that need fixing.
    """
    from bulktap.cli.private_process import keep_to_itself

    keep_to_itself()


def main() -> NoReturn:
    """Run the program; every way out has an exit code of the contract."""
    replace_letters_that_are_missing()
    take_secrets()
    if variable("_BULKTAP_COMPLETE"):
        from bulktap.cli.completion import register

        register()
    try:
        # Click would expand every word on Windows, quoted or not: `--deny "*admin*"` into names of files that lie here.
        cli.main(prog_name="bulktap", standalone_mode=False, windows_expand_args=False)
    except click.exceptions.NoArgsIsHelpError as help_instead:
        help_instead.show()
        sys.exit(ExitCode.USAGE)
    except click.exceptions.Abort:  # Ctrl-C outside a command, which has words of its own for it
        click.echo("Stopped.", err=True)
        sys.exit(ExitCode.INTERRUPTED)
    except click.ClickException as error:
        from bulktap.cli.running import refuse_arguments

        refuse_arguments(_console(as_json=_wants_json()), error)
    except UsageError as error:  # of a profile, before the command has begun
        from bulktap.cli.running import refuse

        refuse(_console(as_json=_wants_json()), error)
    except OSError as trouble:  # of help or version on a full disk; a command has answers of its own
        from bulktap.cli.running import refuse_output

        refuse_output(_console(as_json=False), trouble)
    sys.exit(ExitCode.DONE)


def _console(*, as_json: bool) -> Console:
    from bulktap.cli.console import Console, ScreenSettings

    return Console(ScreenSettings(as_json=as_json))


def _wants_json() -> bool:
    """Whether JSON is wanted, as far as that can be told of words that were not understood."""
    return "--json" in sys.argv or wants_json()
