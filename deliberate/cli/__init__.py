"""The command ``deliberate``: one file a group of commands. One-line errors, honest exit codes.

0: done · 1: refused or failed, with a sentence on the error stream · 2: called wrongly.
"""

from __future__ import annotations

import sys

import click

from deliberate.cli.audit import audit
from deliberate.cli.backup import backup, drill, restore
from deliberate.cli.database import database
from deliberate.cli.demo import demo
from deliberate.cli.keys import keys
from deliberate.cli.load import load
from deliberate.cli.municipality import municipality
from deliberate.cli.people import people
from deliberate.cli.retention import retention
from deliberate.cli.server import serve, worker
from deliberate.cli.tally import tally
from deliberate.cli.verify import verify
from deliberate.config import BadSetting
from deliberate.kernel.refusals import Refused


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="deliberate")
def commands() -> None:
    """Rozmowa mieszkanek i mieszkańców z samorządem: serwer i narzędzia operatora."""


for command in (
    serve,
    worker,
    database,
    demo,
    people,
    municipality,
    audit,
    retention,
    backup,
    restore,
    drill,
    keys,
    load,
    tally,
    verify,
):
    commands.add_command(command)


def main() -> None:
    """Run the command; what it refuses becomes one line and exit code 1."""
    try:
        commands.main(standalone_mode=False)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except click.exceptions.Exit as end:
        sys.exit(end.exit_code)
    except click.Abort:
        sys.exit("Przerwano.")
    except BadSetting as error:
        sys.exit(str(error))
    except Refused as refused:
        sys.exit(refused.refusal.message % dict(refused.refusal.values))
