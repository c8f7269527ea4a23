"""``deliberate audit``: the record of acts."""

import click
from sqlalchemy import select

from deliberate.audit import entries
from deliberate.audit.models import AuditHead
from deliberate.cli.application import Refusal, application
from deliberate.kernel.db import db


@click.group("audit")
def audit() -> None:
    """Dziennik zdarzeń."""


@audit.command()
@click.option("--chain", help="Jeden łańcuch, na przykład m:3; bez tego wszystkie.")
def verify(chain: str | None) -> None:
    """Sprawdź łańcuchy wpisów; każda usterka to wiersz, a kod wyjścia to 1."""
    with application():
        faults = list(entries.verify(chain))
        for fault in faults:
            click.echo(f"{fault.chain} wpis {fault.seq}: {fault.what}", err=True)
        if faults:
            raise Refusal(f"Usterki: {len(faults)}.")
        heads = db.session.scalars(select(AuditHead).order_by(AuditHead.chain)).all()
        for head in heads:
            if chain in (None, head.chain):
                click.echo(f"{head.chain}: {head.seq} {head.hash}")
        click.echo("Dziennik jest cały.")
