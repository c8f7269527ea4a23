"""The address of a page: free when it is given, and kept when it is given up."""

from __future__ import annotations

from sqlalchemy.exc import IntegrityError

from deliberate.consultations import queries
from deliberate.consultations.actions.changes import note_change
from deliberate.consultations.models import Consultation, SlugRedirect
from deliberate.consultations.rules import corrections
from deliberate.consultations.states import ChangeKind
from deliberate.kernel import clock
from deliberate.kernel.actor import Actor
from deliberate.kernel.db import db, lock
from deliberate.kernel.refusals import Refused
from deliberate.kernel.texts import N_
from deliberate.kernel.urls import LONGEST_SLUG, slugify
from deliberate.tenancy.models import Municipality

NOT_SLUGS = frozenset({"nowe"})  # addresses below /urzad/konsultacje that are ours


def move(tenant: Municipality, consultation: Consultation, slug: str, *, actor: Actor) -> None:
    """Give the page another address; the former one leads to it for good."""
    lock(Consultation, consultation.id)
    now, former = clock.now(), consultation.slug
    wanted = slugify(slug)
    if wanted == former:
        raise Refused(corrections.NOTHING_CORRECTED)
    if wanted != free_slug(tenant, wanted, but=consultation.id):
        raise Refused(corrections.SLUG_TAKEN)
    db.session.add(SlugRedirect(tenant_id=tenant.id, slug=former, consultation_id=consultation.id))
    consultation.slug = wanted
    note_change(
        consultation,
        ChangeKind.CONTENT,
        "slug",
        former,
        wanted,
        reason=N_("Nowy adres strony. Dawny prowadzi tutaj."),
        actor=actor,
        now=now,
    )


def insert_under_free_slug(tenant: Municipality, consultation: Consultation) -> None:
    """Insert; another officer may take the same address in the same moment."""
    for _ in range(3):
        consultation.slug = free_slug(tenant, consultation.title)
        try:
            with db.session.begin_nested():
                db.session.add(consultation)
            return
        except IntegrityError:
            continue
    raise Refused(corrections.SLUG_TAKEN)


def free_slug(tenant: Municipality, title: str, *, but: int | None = None) -> str:
    """Return the address made of a title, with a number where it is taken, now or formerly."""
    wanted = slugify(title)
    taken = queries.taken_slugs(tenant, wanted, but=but) | NOT_SLUGS
    if wanted not in taken:
        return wanted
    number = 2
    while (numbered := f"{wanted[: LONGEST_SLUG - 4]}-{number}") in taken:
        number += 1
    return numbered
