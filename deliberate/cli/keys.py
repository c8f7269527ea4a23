"""``deliberate keys``: the keys of votes, which lie outside the database and its backups."""

from __future__ import annotations

import click
from sqlalchemy import select

from deliberate.audit import entries
from deliberate.cli.application import Refusal, application
from deliberate.kernel import clock
from deliberate.kernel.actor import SYSTEM
from deliberate.kernel.db import db, transaction
from deliberate.tenancy.models import Municipality
from deliberate.voting import custody
from deliberate.voting.models import Poll
from deliberate.voting.states import PollState

STATES = {
    PollState.DRAFT: "szkic",
    PollState.SEALED: "zapieczętowane",
    PollState.RECEIVING: "trwa",
    PollState.PAUSED: "wstrzymane",
    PollState.WORKING_UP: "zamknięte, niepoliczone",
    PollState.COUNTED: "policzone",
    PollState.PUBLISHED: "ogłoszone",
    PollState.CANCELLED: "odwołane",
    PollState.ANNULLED: "unieważnione",
}
LOSS = {
    "person": """klucz osób gminy
  Nikt nie zagłosuje i nie sprawdzi, czy głosował. Nowego klucza nie wolno zrobić, dopóki trwa
  głosowanie: każdy mógłby zagłosować drugi raz. Przywróć plik z kopii kluczy albo odwołaj
  głosowania, które trwają.
  Ujawniony: kto ma też bazę, dowie się, kto głosował; nie dowie się, jak.""",
    "signing": """klucz podpisu gminy
  Nie powstanie następny wpis listy kontrolnej i nie da się policzyć głosów. Dawne podpisy zostają
  ważne. Przywróć plik z kopii kluczy.
  Ujawniony: ktoś mógłby podpisać fałszywy wpis.
  Wymień klucz (deliberate keys rotate) i ogłoś to.""",
    "link": """klucz powiązań głosowania
  Nikt nie zagłosuje w tym głosowaniu i nie da się wyłączyć głosu, o którym urząd zdecydował, że
  jest nieważny. Pozostałe głosy da się policzyć.
  Ujawniony przed policzeniem: kto ma też bazę, dowie się, jak kto głosował. Wstrzymaj głosowanie
  i je odwołaj. Po policzeniu klucz jest zniszczony i tak ma być.""",
    "nonce": """klucz kodów głosowania
  Nikt nie zagłosuje w tym głosowaniu. Oddane głosy da się policzyć, a wydane kody zostają ważne.
  Ujawniony: kto zna też klucz formularza, mógłby zgadywać, co kryje kod.""",
    "contact": """klucz kontaktów głosowania
  Głosowanie trwa dalej. Urząd nie napisze e-mailem ani SMS-em do osób, których głos wstrzyma do
  wyjaśnienia: listy do nich drukuje się i wysyła pocztą.
  Ujawniony przed policzeniem: kto ma też bazę, odczyta telefony i e-maile osób, które głosowały bez
  konta. Po policzeniu klucz jest zniszczony i tak ma być.""",
    "backup": """klucz kopii głosowania
  Kopii bazy z dni głosowania nikt nie odczyta. Głosowanie trwa dalej, a następna kopia
  (deliberate backup) zrobi nowy klucz. Jeśli dawne kopie są potrzebne, przywróć plik z odpisu.
  Ujawniony: kto ma kopię i klucze wszystkich głosowań z jej dni, odczyta całą bazę. Zniszcz te
  kopie. Trzydzieści dni po ogłoszeniu wyniku klucz jest niszczony i tak ma być.""",
}


@click.group("keys")
def keys() -> None:
    """Klucze głosowań."""


@keys.command("list")
def list_() -> None:
    """Pokaż pliki kluczy: rodzaj, czyj, stan głosowania, prawa, wiek; i klucze publiczne."""
    with application():
        polls = {poll.id: poll for poll in db.session.scalars(select(Poll))}
        today = clock.now()
        for file in custody.list_files():
            poll = polls.get(file.owner_id) if file.owner == "poll" else None
            state = STATES[PollState(poll.state)] if poll else "–"
            age = (today - file.made_at).days
            click.echo(f"{file.path.name}\t{file.kind or '?'}\t{state}\t{file.mode:04o}\t{age} dni")
        for tenant in db.session.scalars(select(Municipality).order_by(Municipality.id)):
            for public, numbers in custody.list_public(tenant.id):
                listed = ", ".join(map(str, numbers))
                click.echo(f"publiczny {public}\t{tenant.slug}\tgłosowania: {listed}")
        for name in custody.list_missing():
            click.echo(f"BRAKUJE {name}", err=True)
        if trouble := custody.find_trouble():
            raise Refusal(trouble)


@keys.command()
@click.argument("slug")
def rotate(slug: str) -> None:
    """Wymień klucz podpisu samorządu SLUG: nowy dostaną głosowania układane od teraz."""
    with application():
        tenant = db.session.scalar(select(Municipality).where(Municipality.slug == slug))
        if tenant is None:
            raise Refusal(f"Nie ma samorządu {slug}.")
        with transaction():
            public = custody.rotate(tenant.id)
            entries.record(
                "keys.rotated",
                f"municipality:{tenant.id}",
                actor=SYSTEM,
                at=clock.now(),
                tenant_id=tenant.id,
                public=public,
            )
        click.echo(f"Nowy klucz publiczny: {public}")


@keys.command()
def loss() -> None:
    """Powiedz, co znaczy utrata albo ujawnienie każdego klucza i co wtedy zrobić."""
    for kind, text in LOSS.items():
        click.echo(f"{kind}: {text}\n")
