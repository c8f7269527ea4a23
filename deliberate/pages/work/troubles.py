"""What is set up wrongly and would hurt people, or the office, if nobody mended it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from flask import url_for
from sqlalchemy import select

from deliberate.access.decorators import admits, may
from deliberate.consultations import announcements, requirements
from deliberate.consultations.components import Trouble, components
from deliberate.consultations.models import Consultation
from deliberate.consultations.procedures import Demand, Procedure
from deliberate.consultations.rules import announcing, legal
from deliberate.consultations.rules.standing import Stage
from deliberate.consultations.tiles import Tile
from deliberate.kernel import clock
from deliberate.kernel.db import db
from deliberate.kernel.i18n import say
from deliberate.kernel.texts import N_
from deliberate.pages.work.rows import Work
from deliberate.subjects.activities import Activity
from deliberate.tenancy.models import Municipality
from deliberate.voting.models import Poll
from deliberate.voting.states import PollState

PUBLIC = frozenset({Stage.ANNOUNCED, Stage.RUNNING})
VOTE_AHEAD = timedelta(days=14)  # the ballot needs a second person, and time for that
YEARLY_AHEAD = timedelta(days=30)
NOT_SEALED = frozenset({PollState.DRAFT})


def list_troubles(tenant: Municipality, tiles: Sequence[Tile], now: datetime) -> list[Work]:
    """Return what to mend in what people can see; drafts have their own list before publication."""
    listed = [
        tile.consultation
        for tile in tiles
        if tile.stage in PUBLIC and may("consultations:edit", tile.consultation)
    ]
    found = _of_municipality(tenant)
    if not listed:
        return found
    troubles = [
        *_without_appeals(listed),
        *_without_announcements(tenant, listed, now),
        *_without_ballot(tenant, listed, now),
        *(each for part in components() for each in part.troubles(listed, now)),
    ]
    by_id = {consultation.id: consultation for consultation in listed}
    return [
        *found,
        *(_work(each, by_id[each.consultation_id]) for each in troubles),
    ]


def _work(trouble: Trouble, consultation: Consultation) -> Work:
    return Work(
        kind=say(N_("Do naprawy")),
        icon="circle-alert",
        title=trouble.text,
        sub=consultation.title,
        verb=say(N_("Napraw")),
        url=trouble.url,
        later=True,
    )


def _of_municipality(tenant: Municipality) -> list[Work]:
    if tenant.dpo_contact or not admits("tenancy.settings"):
        return []
    return [
        Work(
            kind=say(N_("Do naprawy")),
            icon="circle-alert",
            title=say(N_("Brakuje kontaktu w sprawie danych osobowych")),
            sub=say(N_("stoi w każdej informacji o danych")),
            verb=say(N_("Uzupełnij")),
            url=url_for("tenancy.section", key="kontakt"),
            later=True,
        )
    ]


def _without_appeals(consultations: Sequence[Consultation]) -> list[Trouble]:
    return [
        Trouble(
            consultation_id=each.id,
            text=say(N_("Nikt nie rozpatruje odwołań od ukrycia wpisu")),
            url=url_for("consultations.desk_manage", slug=each.slug),
        )
        for each in consultations
        if each.appeal_person_id is None and _opens(each, Activity.DISCUSS)
    ]


def _without_announcements(
    tenant: Municipality, consultations: Sequence[Consultation], now: datetime
) -> list[Trouble]:
    statutory = [each for each in consultations if each.procedure != Procedure.GENERAL]
    if not statutory:
        return []
    demanded = requirements.by_procedure(tenant, clock.local(now).date())
    done = announcements.announced_channels(tenant, [each.id for each in statutory])
    return [
        Trouble(
            consultation_id=each.id,
            text=say(N_("Ogłoszenia bez dnia i dowodu: %(n)s"), n=len(lacking)),
            url=url_for("consultations.desk_announcements", slug=each.slug),
        )
        for each in statutory
        if (
            lacking := announcing.lacking(
                demanded[Procedure(each.procedure)], done.get(each.id, frozenset())
            )
        )
    ]


def _without_ballot(
    tenant: Municipality, consultations: Sequence[Consultation], now: datetime
) -> list[Trouble]:
    """Return phases of voting near by without a sealed ballot."""
    near = [
        each
        for each in consultations
        if any(
            Activity.VOTE in phase.opens and now - VOTE_AHEAD < phase.starts_at < now + VOTE_AHEAD
            for phase in each.phases
            if phase.ends_at > now
        )
    ]
    if not near:
        return []
    sealed = set(
        db.session.scalars(
            select(Poll.consultation_id).where(
                Poll.tenant_id == tenant.id,
                Poll.consultation_id.in_([each.id for each in near]),
                Poll.state.not_in(sorted(NOT_SEALED)),
            )
        )
    )
    return [
        Trouble(
            consultation_id=each.id,
            text=say(N_("Etap głosowania bez zapieczętowanej karty")),
            url=url_for("proposals.admission_desk", slug=each.slug),
        )
        for each in near
        if each.id not in sealed
    ]


def _opens(consultation: Consultation, activity: Activity) -> bool:
    return any(activity in phase.opens for phase in consultation.phases)


# Days that a law sets for each year.


def list_yearly(tenant: Municipality, tiles: Sequence[Tile], today: date) -> list[Work]:
    """Return reports that the law wants by a day of the year after a programme was consulted."""
    programmes = [
        tile.consultation
        for tile in tiles
        if tile.consultation.procedure == Procedure.NGO_PROGRAMME
        and tile.stage in (Stage.WAITING, Stage.ANSWERED, Stage.ARCHIVED)
        and may("consultations:edit", tile.consultation)
    ]
    if not programmes:
        return []
    rule = requirements.by_procedure(tenant, today)[Procedure.NGO_PROGRAMME].rules.get(
        Demand.REPORTED_BY
    )
    if rule is None:
        return []
    due = legal.next_day(rule.value, after=today - timedelta(days=1))
    if due is None or due - today > YEARLY_AHEAD:
        return []
    # The report is of the programme that ran last year, which was consulted the year before.
    return [
        Work(
            kind=say(N_("Termin z ustawy")),
            icon="scale",
            title=say(N_("Sprawozdanie z programu współpracy")),
            sub=_year_and_source(rule, due.year - 1),
            verb=say(N_("Zobacz")),
            url=url_for("consultations.show", slug=each.slug),
            due=due,
        )
        for each in programmes
        if _consulted_in(each) == due.year - 2
    ]


def _consulted_in(consultation: Consultation) -> int | None:
    return consultation.published_at.year if consultation.published_at is not None else None


def _year_and_source(rule: legal.Rule, year: int) -> str:
    return f"{year}: {rule.source}"
