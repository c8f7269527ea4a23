"""Reading consultations. ``get_`` answers 404 for what is not there; all begin with the tenant."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import cast

from flask import abort
from sqlalchemy import Select, and_, bindparam, func, or_, select
from sqlalchemy.orm import aliased, joinedload, selectinload

from deliberate.accounts.models import Membership, Person, ScopeKind
from deliberate.consultations import announcements
from deliberate.consultations.models import (
    Announcement,
    ChangeNotice,
    Consultation,
    Phase,
    SlugRedirect,
)
from deliberate.consultations.rules import standing as standings
from deliberate.consultations.rules.phases import PhaseTimes
from deliberate.consultations.rules.standing import Standing
from deliberate.consultations.states import PUBLIC
from deliberate.kernel.actor import Role
from deliberate.kernel.db import db
from deliberate.kernel.models import StoredFile
from deliberate.organisations.models import Organisation
from deliberate.tenancy import kept
from deliberate.tenancy.current import find_tenant
from deliberate.tenancy.models import Area, Municipality, OrgUnit
from deliberate.topics.models import SubjectTopic, Topic

KIND = "consultation"


def select_consultations(tenant: Municipality) -> Select[Consultation]:
    """Return all of a municipality, drafts too, with their phases."""
    return (
        select(Consultation)
        .where(Consultation.tenant_id == tenant.id)
        .options(selectinload(Consultation.phases))
    )


def get_consultation(tenant: Municipality, slug: str) -> Consultation:
    """Return one that people may see; 404 for a draft."""
    found = find_consultation(tenant, slug)
    return found if found is not None and found.state in PUBLIC else abort(404)


def get_any(tenant: Municipality, slug: str) -> Consultation:
    """Return one whatever its state: for the desk, where the role is checked."""
    return find_consultation(tenant, slug) or abort(404)


def find_consultation(tenant: Municipality, slug: str) -> Consultation | None:
    """Return one in any state with its phases, in one query; a page that only reads: in none."""
    known = kept.recall(tenant, (KIND, slug))
    if known is not None:
        return cast("Consultation", known)
    rows = db.session.scalars(_select_by_slug(), {"tenant_id": tenant.id, "slug": slug})
    found = rows.unique().one_or_none()
    if found is not None:
        kept.keep(tenant, (KIND, slug), (KIND, found.id), row=found)
    return found


@cache  # every page below a consultation asks it; making it takes as long as asking
def _select_by_slug() -> Select[Consultation]:
    return (
        select(Consultation)
        .where(
            Consultation.tenant_id == bindparam("tenant_id"),
            Consultation.slug == bindparam("slug"),
        )
        .options(joinedload(Consultation.phases))
    )


def find_by_id(tenant_id: int, consultation_id: int) -> Consultation | None:
    """Return one of this municipality, in any state; free of cost when it is loaded already."""
    known = recall(tenant_id, consultation_id)
    if known is not None:
        return known
    found = db.session.get(Consultation, consultation_id)
    return found if found is not None and found.tenant_id == tenant_id else None


def recall(tenant_id: int, consultation_id: int) -> Consultation | None:
    """Return one that is kept with the request's municipality; None where none is."""
    tenant = find_tenant()
    known = kept.recall(tenant, (KIND, consultation_id)) if tenant is not None else None
    if known is None or tenant is None or tenant.id != tenant_id:
        return None
    return cast("Consultation", known)


def get_by_id(tenant: Municipality, consultation_id: int) -> Consultation:
    return find_by_id(tenant.id, consultation_id) or abort(404)


def find_moved(tenant: Municipality, slug: str) -> str | None:
    """Return where a consultation with this former address is now."""
    return db.session.scalar(
        select(Consultation.slug)
        .join(SlugRedirect, SlugRedirect.consultation_id == Consultation.id)
        .where(
            SlugRedirect.tenant_id == tenant.id,
            SlugRedirect.slug == slug,
            Consultation.state.in_(sorted(PUBLIC)),
        )
        .order_by(SlugRedirect.id.desc())
        .limit(1)
    )


def list_public(tenant: Municipality) -> Sequence[Consultation]:
    """Return what people may see, the newest first."""
    wanted = select_consultations(tenant).where(Consultation.state.in_(sorted(PUBLIC)))
    return db.session.scalars(
        wanted.order_by(Consultation.published_at.desc(), Consultation.id.desc())
    ).all()


def list_all(tenant: Municipality) -> Sequence[Consultation]:
    """Return everything for the desk, the newest first."""
    wanted = select_consultations(tenant)
    return db.session.scalars(
        wanted.order_by(Consultation.created_at.desc(), Consultation.id.desc())
    ).all()


def list_earlier(consultation: Consultation) -> list[tuple[int, str]]:
    """Return id and title of what people may see and began before, the newest first."""
    rows = db.session.execute(
        select(Consultation.id, Consultation.title)
        .where(
            Consultation.tenant_id == consultation.tenant_id,
            Consultation.state.in_(sorted(PUBLIC)),
            Consultation.published_at < consultation.published_at,
        )
        .order_by(Consultation.published_at.desc(), Consultation.id.desc())
    )
    return [(row[0], row[1]) for row in rows]


def phase_times(consultation: Consultation) -> tuple[PhaseTimes, ...]:
    """Return the phases as the rules take them, in the officer's order."""
    return tuple(times(phase) for phase in consultation.phases)


def times(phase: Phase) -> PhaseTimes:
    return PhaseTimes(
        title=phase.title, starts_at=phase.starts_at, ends_at=phase.ends_at, opens=phase.opens
    )


def standing(consultation: Consultation, now: datetime) -> Standing:
    """Return where a consultation stands at a moment."""
    return standings.standing(consultation.state, phase_times(consultation), now)


# What a page shows beside the consultation itself.


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """Names of what a consultation refers to, and the topics it lies under."""

    area: str | None
    unit: str | None
    organisation: str | None
    appeal_person: str | None
    repeats: tuple[str, str] | None  # slug and title
    changes: int
    topics: tuple[Topic, ...]
    files: tuple[StoredFile, ...]
    announcements: tuple[tuple[Announcement, StoredFile | None], ...]  # made, with evidence


def around(consultation: Consultation) -> Around:
    """Return all of it in one query: a row a topic, file and announcement, or one of none."""
    former = select(Consultation).where(Consultation.state.in_(sorted(PUBLIC))).subquery()
    evidence = aliased(StoredFile)
    changes = (
        select(func.count())
        .where(
            ChangeNotice.tenant_id == Consultation.tenant_id,
            ChangeNotice.consultation_id == Consultation.id,
        )
        .correlate(Consultation)
        .scalar_subquery()
    )
    rows = db.session.execute(
        select(
            Area.name,
            OrgUnit.name,
            Organisation.name,
            Person.display_name,
            former.c.slug,
            former.c.title,
            changes,
            Topic,
            StoredFile,
            Announcement,
            evidence,
        )
        .select_from(Consultation)
        .outerjoin(Area, Area.id == Consultation.area_id)
        .outerjoin(OrgUnit, OrgUnit.id == Consultation.unit_id)
        .outerjoin(Organisation, Organisation.id == Consultation.organisation_id)
        .outerjoin(Person, Person.id == Consultation.appeal_person_id)
        .outerjoin(former, former.c.id == Consultation.repeats_id)
        .outerjoin(
            SubjectTopic,
            and_(
                SubjectTopic.tenant_id == Consultation.tenant_id,
                SubjectTopic.kind == KIND,
                SubjectTopic.subject_id == Consultation.id,
            ),
        )
        .outerjoin(Topic, Topic.key == SubjectTopic.topic_key)
        .outerjoin(
            StoredFile,
            and_(
                StoredFile.tenant_id == Consultation.tenant_id,
                StoredFile.subject_kind == KIND,
                StoredFile.subject_id == Consultation.id,
            ),
        )
        .outerjoin(
            Announcement,
            and_(
                Announcement.tenant_id == Consultation.tenant_id,
                Announcement.consultation_id == Consultation.id,
                Announcement.done_on.is_not(None),
            ),
        )
        .outerjoin(
            evidence,
            and_(
                evidence.tenant_id == Announcement.tenant_id,
                evidence.subject_kind == announcements.KIND,
                evidence.subject_id == Announcement.id,
            ),
        )
        .where(Consultation.id == consultation.id)
        .order_by(Topic.position, Topic.key, StoredFile.id, Announcement.done_on, Announcement.id)
    ).all()
    row = rows[0]
    return Around(
        area=row[0],
        unit=row[1],
        organisation=row[2],
        appeal_person=row[3],
        repeats=(row[4], row[5]) if row[4] is not None else None,
        changes=row[6],
        topics=tuple(dict.fromkeys(each[7] for each in rows if each[7] is not None)),
        files=tuple(dict.fromkeys(each[8] for each in rows if each[8] is not None)),
        announcements=tuple(
            dict.fromkeys((each[9], each[10]) for each in rows if each[9] is not None)
        ),
    )


def list_changes(consultation: Consultation) -> Sequence[ChangeNotice]:
    """Return every public change, the newest first."""
    return db.session.scalars(
        select(ChangeNotice)
        .where(
            ChangeNotice.tenant_id == consultation.tenant_id,
            ChangeNotice.consultation_id == consultation.id,
        )
        .order_by(ChangeNotice.at.desc(), ChangeNotice.id.desc())
    ).all()


def list_used_topics(tenant: Municipality) -> Sequence[Topic]:
    """Return the topics under which something of ours lies, for the filter."""
    used = select(SubjectTopic.topic_key).where(
        SubjectTopic.tenant_id == tenant.id, SubjectTopic.kind == KIND
    )
    return db.session.scalars(
        select(Topic).where(Topic.key.in_(used)).order_by(Topic.position, Topic.key)
    ).all()


def topics_by_consultation(tenant: Municipality) -> Mapping[int, frozenset[str]]:
    """Return which topics each consultation lies under."""
    rows = db.session.execute(
        select(SubjectTopic.subject_id, SubjectTopic.topic_key)
        .where(SubjectTopic.tenant_id == tenant.id, SubjectTopic.kind == KIND)
        .order_by(SubjectTopic.subject_id, SubjectTopic.topic_key)
    )
    found: dict[int, frozenset[str]] = {}
    for subject_id, key in rows:
        found[subject_id] = found.get(subject_id, frozenset()) | {key}
    return found


# What the office needs.


def taken_slugs(tenant: Municipality, beginning: str, *, but: int | None) -> set[str]:
    """Return addresses like this one that are in use, or lead somewhere since a move."""
    now_used = select(Consultation.slug).where(
        Consultation.tenant_id == tenant.id,
        Consultation.slug.startswith(beginning[:50], autoescape=True),
    )
    if but is not None:
        now_used = now_used.where(Consultation.id != but)
    formerly = select(SlugRedirect.slug).where(
        SlugRedirect.tenant_id == tenant.id,
        SlugRedirect.slug.startswith(beginning[:50], autoescape=True),
    )
    return {*db.session.scalars(now_used), *db.session.scalars(formerly)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Colleague:
    """Somebody with a role in the municipality, for a list to choose from."""

    person_id: int
    name: str
    job_title: str


def list_colleagues(tenant: Municipality, role: Role, now: datetime) -> list[Colleague]:
    """Return who holds a role in the whole municipality now, by name."""
    rows = db.session.execute(
        select(Person.id, Person.display_name, func.max(Membership.job_title))
        .join(Membership, Membership.person_id == Person.id)
        .where(
            Membership.tenant_id == tenant.id,
            Membership.role == role,
            Membership.scope_kind == ScopeKind.MUNICIPALITY,
            Membership.starts_at <= now,
            or_(Membership.ends_at.is_(None), Membership.ends_at > now),
            Person.closed_at.is_(None),
        )
        .group_by(Person.id, Person.display_name)
        .order_by(Person.display_name, Person.id)
    )
    return [Colleague(person_id=row[0], name=row[1], job_title=row[2]) for row in rows]


def list_organisations(tenant: Municipality) -> Sequence[Organisation]:
    """Return the verified ones, by name."""
    return db.session.scalars(
        select(Organisation)
        .where(Organisation.tenant_id == tenant.id, Organisation.verified_at.is_not(None))
        .order_by(Organisation.name, Organisation.id)
    ).all()
