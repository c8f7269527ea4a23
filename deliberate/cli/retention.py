"""``deliberate retention``: what has had its time."""

import click

from deliberate.accounts.jobs import remove_what_has_had_its_time
from deliberate.cli.application import application
from deliberate.kernel import clock
from deliberate.kernel import retention as rules


@click.group("retention")
def retention() -> None:
    """Terminy przechowywania danych."""


@retention.command()
def preview() -> None:
    """Pokaż, co zostałoby dziś usunięte."""
    with application():
        for due in rules.preview(clock.now()):
            click.echo(f"{due.count:6d}  {due.rule.label} ({due.rule.keeps})")


@retention.command()
def run() -> None:
    """Usuń to, co przechowano już wystarczająco długo; to samo robi codziennie worker."""
    with application():
        for rule, removed in remove_what_has_had_its_time():
            click.echo(f"{removed:6d}  {rule.label}")
