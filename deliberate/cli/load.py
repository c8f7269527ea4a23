"""``deliberate load``: many rows for measuring, in a municipality of their own.

Rows are written as actions would leave them (counters equal rows, numbers follow each other), but
many at a time. The same numbers and seed give the same texts.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import datetime

import click
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from deliberate.accounts.models import Person, Residence, ResidenceMethod, ResidenceState
from deliberate.algorithms.folding import fold
from deliberate.cli import words
from deliberate.cli.application import Refusal, application, settings
from deliberate.cli.demo.places import LUBOWIERZ
from deliberate.cli.load_document import load_document
from deliberate.cli.load_rows import Row, insert_rows, open_consultation, signed
from deliberate.config import Mode
from deliberate.consultations.models import Consultation, Template
from deliberate.discussion.models import Contribution, Thread
from deliberate.kernel import clock
from deliberate.kernel.db import db, touch, transaction
from deliberate.proposals.listing import SEEDS
from deliberate.proposals.models import Proposal, Support
from deliberate.tenancy.models import DiscussionRules, Municipality
from deliberate.tenancy.rules import USUAL_RULES

REPLIES = 2  # under each root
FIRST_ROOTS = 20  # in the discussion of proposal 1, whatever the numbers: pages are compared by it
MOST_SUPPORTS = 10  # of one proposal


@click.command()
@click.option("--slug", default="proba", show_default=True, help="Skrót nowego samorządu.")
@click.option("--people", default=1_000, show_default=True, type=click.IntRange(10))
@click.option("--proposals", default=200, show_default=True, type=click.IntRange(1))
@click.option("--contributions", default=2_000, show_default=True, type=click.IntRange(0))
@click.option("--units", default=0, show_default=True, type=click.IntRange(0))
@click.option("--remarks", default=0, show_default=True, type=click.IntRange(0))
@click.option("--seed", default=1, show_default=True, help="Ta sama liczba: te same teksty.")
def load(
    *,
    slug: str,
    people: int,
    proposals: int,
    contributions: int,
    units: int,
    remarks: int,
    seed: int,
) -> None:
    """Wczytaj wiele wierszy do nowego samorządu, żeby zmierzyć szybkość.

    Z --units drugie konsultacje, o adresie z dopiskiem -dokument, mają dokument i uwagi do niego.
    """
    if settings().mode is Mode.PRODUCTION:
        raise Refusal("To prawdziwa instalacja; wiersze do pomiarów wczytujemy tylko do próbnej.")
    chance, now = random.Random(seed), clock.now()  # noqa: S311 - guards nothing
    with application():
        consultation = _open(slug, now)
        person_ids = _insert_people(consultation.tenant_id, people, now)
        talks = _share_out(contributions, proposals)
        numbered = _insert_proposals(consultation, person_ids, proposals, talks, chance, now)
        threads = _insert_threads(consultation, numbered, talks)
        _insert_contributions(consultation, person_ids, threads, talks, chance, now)
        _insert_supports(consultation.tenant_id, person_ids, numbered, chance, now)
        if units:
            load_document(consultation, person_ids, units, remarks, chance, now)
    click.echo(f"Wczytano: /g/{slug}/konsultacje/{slug}")


def _open(slug: str, now: datetime) -> Consultation:
    tenant = Municipality(
        slug=slug, created_at=now, **LUBOWIERZ.names | {"host": f"{slug}.example", "teryt": None}
    )
    try:
        with transaction():
            db.session.add(tenant)
            db.session.flush()
            rules = "\n".join(USUAL_RULES)
            db.session.add(
                DiscussionRules(tenant_id=tenant.id, version=1, text=rules, valid_from=now)
            )
            consultation = open_consultation(
                tenant.id,
                slug,
                template=Template.IDEAS,
                title="Co zmienić w naszej okolicy?",
                phase="Zbieramy propozycje",
                activities="propose,support,discuss",
                now=now,
            )
            db.session.add(_thread(consultation, "consultation", consultation.id, 0))
    except IntegrityError as error:
        raise Refusal(f"Samorząd {slug} już jest; podaj inny skrót.") from error
    return consultation


def _insert_people(tenant_id: int, count: int, now: datetime) -> list[int]:
    ids = insert_rows(
        Person,
        (
            {
                "email": f"osoba{number}@proba{tenant_id}.example",
                "email_folded": f"osoba{number}@proba{tenant_id}.example",
                "display_name": f"Osoba {number}",
                "aged_13_at": now,
                "created_at": now,
            }
            for number in range(1, count + 1)
        ),
        count,
        "osoby",
    )
    insert_rows(
        Residence,
        (
            {
                "tenant_id": tenant_id,
                "person_id": person_id,
                "state": ResidenceState.DECLARED,
                "method": ResidenceMethod.DECLARATION,
                "declared_at": now,
            }
            for person_id in ids
        ),
        count,
        "oświadczenia",
    )
    return ids


def _share_out(contributions: int, proposals: int) -> list[int]:
    """Return how many voices each proposal gets: the first its fixed number, the rest alike."""
    first = min(contributions, FIRST_ROOTS * (1 + REPLIES))
    others = proposals - 1
    if not others:
        return [contributions]
    each, more = divmod(contributions - first, others)
    return [first, *(each + (number < more) for number in range(others))]


def _insert_proposals(  # noqa: PLR0917 - as they follow from each other
    consultation: Consultation,
    person_ids: Sequence[int],
    count: int,
    talks: Sequence[int],
    chance: random.Random,
    now: datetime,
) -> list[tuple[int, int]]:
    """Add proposals 1 … count; returns (id, number of supporters)."""
    supports = [chance.randint(0, min(MOST_SUPPORTS, len(person_ids))) for _ in range(count)]

    def row(number: int) -> Row:
        title = f"{chance.choice(words.THINGS)} {chance.choice(words.PLACES)}"
        place = chance.choice(words.PLACES).capitalize()
        reason = " ".join(chance.sample(words.REASONS, 3))
        return {
            "tenant_id": consultation.tenant_id,
            "consultation_id": consultation.id,
            "number": number,
            "shuffle": chance.randrange(SEEDS),
            "title": title,
            "place": place,
            "reason": reason,
            "cost": chance.randint(5, 900) * 100_000,
            "folded": fold(f"{title} {place} {reason}"),
            "supports": supports[number - 1],
            "voices": talks[number - 1],
            **signed(person_ids, chance, now),
        }

    ids = insert_rows(
        Proposal, (row(number) for number in range(1, count + 1)), count, "propozycje"
    )
    with transaction():
        last = update(Consultation).where(Consultation.id == consultation.id)
        db.session.execute(
            last.values(last_number=count).execution_options(touches=consultation.tenant_id)
        )
    return list(zip(ids, supports, strict=True))


def _insert_threads(
    consultation: Consultation, numbered: Sequence[tuple[int, int]], talks: Sequence[int]
) -> list[int]:
    rows = (
        _as_row(_thread(consultation, "proposal", proposal_id, talk))
        for (proposal_id, _), talk in zip(numbered, talks, strict=True)
    )
    ids = insert_rows(Thread, rows, len(numbered), "wątki")
    with transaction():
        own = select(Thread.id).where(
            Thread.tenant_id == Proposal.tenant_id,
            Thread.subject_kind == "proposal",
            Thread.subject_id == Proposal.id,
        )
        db.session.execute(
            update(Proposal)
            .where(Proposal.consultation_id == consultation.id)
            .values(thread_id=own.scalar_subquery())
            .execution_options(touches=consultation.tenant_id, synchronize_session=False)
        )
    return ids


def _insert_contributions(  # noqa: PLR0917 - as above
    consultation: Consultation,
    person_ids: Sequence[int],
    threads: Sequence[int],
    talks: Sequence[int],
    chance: random.Random,
    now: datetime,
) -> None:
    """Add the roots first, then what stands under them: replies name the id of their root."""

    def row(thread_id: int, number: int, parent_id: int | None) -> Row:
        body = " ".join(chance.sample(words.VOICES, 2))
        return {
            "tenant_id": consultation.tenant_id,
            "consultation_id": consultation.id,
            "thread_id": thread_id,
            "number": number,
            "parent_id": parent_id,
            "body": body,
            "folded": fold(body),
            **signed(person_ids, chance, now),
        }

    step = 1 + REPLIES
    placed = [
        (thread_id, number)
        for thread_id, talk in zip(threads, talks, strict=True)
        for number in range(1, talk + 1)
    ]
    roots = [(thread_id, number) for thread_id, number in placed if number % step == 1]
    rows = (row(thread_id, number, None) for thread_id, number in roots)
    root_ids = dict(
        zip(roots, insert_rows(Contribution, rows, len(roots), "wypowiedzi"), strict=True)
    )
    replies = [(thread_id, number) for thread_id, number in placed if number % step != 1]
    rows = (
        row(thread_id, number, root_ids[thread_id, (number - 1) // step * step + 1])
        for thread_id, number in replies
    )
    insert_rows(Contribution, rows, len(replies), "odpowiedzi")


def _insert_supports(
    tenant_id: int,
    person_ids: Sequence[int],
    numbered: Sequence[tuple[int, int]],
    chance: random.Random,
    now: datetime,
) -> None:
    rows = (
        {
            "tenant_id": tenant_id,
            "proposal_id": proposal_id,
            "person_id": person_id,
            "given_at": now,
        }
        for proposal_id, count in numbered
        for person_id in chance.sample(person_ids, count)
    )
    insert_rows(Support, rows, sum(count for _, count in numbered), "poparcia", keyed=False)
    with transaction():
        touch(tenant_id)


# Parts of rows.


def _thread(consultation: Consultation, kind: str, subject_id: int, voices: int) -> Thread:
    return Thread(
        tenant_id=consultation.tenant_id,
        consultation_id=consultation.id,
        subject_kind=kind,
        subject_id=subject_id,
        last_number=voices,
    )


def _as_row(thread: Thread) -> Row:
    return {
        "tenant_id": thread.tenant_id,
        "consultation_id": thread.consultation_id,
        "subject_kind": thread.subject_kind,
        "subject_id": thread.subject_id,
        "last_number": thread.last_number,
    }
