"""The sections of a ballot that is still a draft: put, removed, moved; and what holds for all."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import date, datetime

from deliberate.consultations.models import Consultation
from deliberate.kernel.refusals import Refusal, Refused
from deliberate.kernel.texts import N_
from deliberate.proposals import admission
from deliberate.tenancy.models import Municipality
from deliberate.voting import queries as voting
from deliberate.voting.actions import preparing
from deliberate.voting.actions.preparing import SectionDraft
from deliberate.voting.models import Poll
from deliberate.voting.states import AreaLock

LAST_ONE = Refusal(
    "sections.last_one", N_("Karta musi mieć co najmniej jedną część. Zmień tę, zamiast ją usuwać.")
)

DRAWN = Refusal(
    "sections.drawn",
    N_("Propozycje stoją na karcie w wylosowanej kolejności. Tej nie zmienia nikt."),
)


def list_drafts(tenant: Municipality, consultation: Consultation) -> list[SectionDraft]:
    poll = voting.find_poll(tenant.id, consultation.id)
    return preparing.list_drafts(poll) if poll is not None else []


def put(
    tenant: Municipality,
    consultation: Consultation,
    place: int,
    section: SectionDraft,
    numbers: Collection[int] | None,
) -> Poll:
    """Put a section into a place, or after the last one.

    numbers: of the proposals that stand in it; None where its options are its own.
    """
    seed = admission.seed_of(tenant, consultation)
    if numbers is not None:
        section = replace(section, options=admission.admitted(consultation, numbers, seed))
    sections = list_drafts(tenant, consultation)
    sections[place - 1 : place] = [section]
    return _keep(tenant, consultation, sections, seed)


def remove(tenant: Municipality, consultation: Consultation, place: int) -> Poll:
    """Take a section off the ballot; the last one stays."""
    sections = list_drafts(tenant, consultation)
    if len(sections) < 2:
        raise Refused(LAST_ONE)
    del sections[place - 1]
    return _keep(tenant, consultation, sections, admission.seed_of(tenant, consultation))


def move_up(tenant: Municipality, consultation: Consultation, place: int) -> Poll:
    """Let a section change places with the one before it; the first stays where it is."""
    sections = list_drafts(tenant, consultation)
    if place > 1:
        sections[place - 2 : place] = reversed(sections[place - 2 : place])
    return _keep(tenant, consultation, sections, admission.seed_of(tenant, consultation))


def move_option(
    tenant: Municipality, consultation: Consultation, place: int, position: int, by: int
) -> int:
    """Move an option of a section's own by so many places, and number all anew; its new position.

    Beyond an end it stays at the end. Proposals stand in the order that was drawn: those nobody
    moves.
    """
    sections = list_drafts(tenant, consultation)
    section = sections[place - 1]
    options = list(section.options)
    if any(option.subject_id is not None for option in options):
        raise Refused(DRAWN)
    moved = min(max(position + by, 1), len(options))
    options.insert(moved - 1, options.pop(position - 1))
    sections[place - 1] = replace(section, options=options)
    _keep(tenant, consultation, sections, admission.seed_of(tenant, consultation))
    return moved


def say_rules(
    tenant: Municipality,
    consultation: Consultation,
    *,
    result_due: date,
    area_lock: AreaLock,
    areas_most: int,
    randomness_source: str,
    randomness_shape: str,
    randomness_at: datetime | None,
) -> Poll:
    """Say what holds for the whole vote: the promised day, areas, what settles a tie."""
    draft = admission.whole(
        tenant,
        consultation,
        list_drafts(tenant, consultation),
        result_due=result_due,
        area_lock=area_lock,
        areas_most=areas_most,
        randomness_source=randomness_source,
        randomness_shape=randomness_shape,
        randomness_at=randomness_at,
    )
    return preparing.prepare(tenant, draft)


def _keep(
    tenant: Municipality, consultation: Consultation, sections: list[SectionDraft], seed: str
) -> Poll:
    draft = admission.whole(tenant, consultation, preparing.numbered(sections), order_seed=seed)
    return preparing.prepare(tenant, draft)
