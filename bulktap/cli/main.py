"""The command group."""

from __future__ import annotations

import sys
from typing import NoReturn

import click

from bulktap import __version__
from bulktap.cli.apply import apply
from bulktap.cli.console import Console, ScreenSettings
from bulktap.cli.plan import plan
from bulktap.cli.results import results
from bulktap.cli.resume import resume
from bulktap.cli.running import refuse_arguments
from bulktap.cli.runs import runs
from bulktap.cli.simulator import simulator

EXAMPLES = """\b
Examples:
  bulktap plan students.xlsx --simulate       try the roster out, without a tenant
  bulktap plan students.xlsx                  what would happen, without issuing anything
  bulktap apply students.xlsx --lifetime 8h   issue a pass for each row, after asking
  bulktap resume                              finish a run that was stopped
  bulktap results RUN                         write the results workbook again
"""


@click.group(
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog=EXAMPLES,
    commands=[plan, apply, resume, results, runs, simulator],
)
@click.version_option(__version__, prog_name="bulktap", message="%(prog)s %(version)s")
def cli() -> None:
    """Issue Microsoft Entra Temporary Access Passes for a whole spreadsheet of people.

    bulktap reads the roster (Excel or CSV), shows what would happen, issues the passes as fast as the service allows,
    and hands back an encrypted workbook with the passcodes and a report of the rows that need mending.
    """


def main() -> NoReturn:
    """Run the program; every way out has an exit code of the contract."""
    _leave_no_core_dump()
    try:
        cli.main(prog_name="bulktap", standalone_mode=False)
    except click.exceptions.NoArgsIsHelpError as help_instead:
        help_instead.show()
        sys.exit(2)
    except click.ClickException as error:
        # What was typed could not be understood, so whether JSON is wanted is not known in any other way.
        refuse_arguments(Console(ScreenSettings(as_json="--json" in sys.argv)), error)
    sys.exit(0)


def _leave_no_core_dump() -> None:
    """Keep passcodes out of the memory image that a crash would leave behind."""
    if sys.platform != "win32":
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
