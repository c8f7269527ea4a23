"""Reading consultations. ``get_`` answers 404 for what is not there; all begin with the tenant."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import cast

from flask import abort
from sqlalchemy import Select, and_, bindparam, func, or_, select
from sqlalchemy.orm import aliased, joinedload, selectinload

from deliberate.accounts.models import Membership, Person, ScopeKind
from deliberate.accounts.standing import Needs
from deliberate.authorship.models import Translation
from deliberate.consultations.components import components
from deliberate.consultations.models import (
    Announcement,
    ChangeNotice,
    Consultation,
    Phase,
    SlugRedirect,
)
from deliberate.consultations.procedures import (
    FORM_NAMES,
    PLANNED,
    Channel,
    Content,
    Demand,
    Form,
    Procedure,
    rule_prefix,
    split,
)
from deliberate.consultations.rules import standing as standings
from deliberate.consultations.rules.dates import CorrectionFacts
from deliberate.consultations.rules.legal import Plan, Requirements, Rule, of_rows
from deliberate.consultations.rules.phases import PhaseTimes
from deliberate.consultations.rules.publication import PublicationFacts
from deliberate.consultations.rules.standing import Standing
from deliberate.consultations.states import PUBLIC
from deliberate.discussion.models import Contribution
from deliberate.kernel import clock, files
from deliberate.kernel.actor import Role
from deliberate.kernel.db import db
from deliberate.kernel.i18n import say
from deliberate.kernel.models import StoredFile
from deliberate.organisations.models import Organisation
from deliberate.subjects.activities import Activity
from deliberate.tenancy import kept
from deliberate.tenancy import queries as tenancy
from deliberate.tenancy.current import find_tenant
from deliberate.tenancy.models import Area, Municipality, OrgUnit
from deliberate.topics import queries as topics
from deliberate.topics.models import SubjectTopic, Topic
from deliberate.voting.models import Participation, Poll

KIND = "consultation"
ANNOUNCEMENT = "announcement"  # whose evidence a file is
REMARK_DAYS = "consultation.remarks.days"  # key of a legal_rule: days for remarks to a document
TRANSLATED = ("title", "summary", "can_change", "cannot_change")


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
    tenant = find_tenant()
    if tenant is not None and tenant.id == tenant_id:
        known = kept.recall(tenant, (KIND, consultation_id))
        if known is not None:
            return cast("Consultation", known)
    found = db.session.get(Consultation, consultation_id)
    return found if found is not None and found.tenant_id == tenant_id else None


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
                evidence.subject_kind == ANNOUNCEMENT,
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


def translations(
    tenant_id: int, consultation_ids: Iterable[int], lang: str
) -> Mapping[int, Mapping[str, str]]:
    """Return the texts in another language: id → field → text. None is asked for Polish."""
    if lang == "pl":
        return {}
    rows = db.session.scalars(
        select(Translation)
        .where(
            Translation.tenant_id == tenant_id,
            Translation.kind == KIND,
            Translation.subject_id.in_(list(consultation_ids)),
            Translation.lang == lang,
        )
        .order_by(Translation.subject_id, Translation.field)
    )
    found: dict[int, dict[str, str]] = {}
    for row in rows:
        found.setdefault(row.subject_id, {})[row.field] = row.text
    return found


def find_translation(consultation: Consultation, field: str, lang: str) -> Translation | None:
    return db.session.get(Translation, (KIND, consultation.id, field, lang))


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


def list_translations(consultation: Consultation) -> Sequence[Translation]:
    """Return every text in every other language."""
    return db.session.scalars(
        select(Translation)
        .where(
            Translation.tenant_id == consultation.tenant_id,
            Translation.kind == KIND,
            Translation.subject_id == consultation.id,
        )
        .order_by(Translation.lang, Translation.field)
    ).all()


def missing_languages(tenant: Municipality, consultation: Consultation) -> tuple[str, ...]:
    """Return the municipality's languages in which some public text is still missing."""
    there = {(row.lang, row.field) for row in list_translations(consultation)}
    return tuple(
        lang
        for lang in tenant.language_list
        if lang != "pl"
        and any(getattr(consultation, field) and (lang, field) not in there for field in TRANSLATED)
    )


def requirements(tenant: Municipality, on: date) -> Mapping[Procedure, Requirements]:
    """Return what each procedure demands on a day, in one or two queries."""
    rows = [
        (row.key, Rule(value=row.value, source=row.source, verified=row.verified))
        for row in tenancy.list_legal_rules(tenant, "procedure.", on)
    ]
    found = {each: of_rows(each, rows, rule_prefix(each)) for each in Procedure}
    general = found[Procedure.GENERAL]
    if Demand.REMARK_DAYS not in general.rules:
        # The older key of the same: the municipality's own resolution on consultations.
        own = tenancy.find_legal_rule(tenant, REMARK_DAYS, on)
        if own is not None:
            rule = Rule(value=own.value, source=own.source, verified=own.verified)
            rules = {**general.rules, Demand.REMARK_DAYS: rule}
            found[Procedure.GENERAL] = Requirements(procedure=Procedure.GENERAL, rules=rules)
    return found


def plan_of(consultation: Consultation, entered: frozenset[Form], now: datetime) -> Plan:
    """Return what is planned, as the law looks at it; an announced one by the day it was.

    ``entered``: the forms that components know of already (real_forms).
    """
    phases = phase_times(consultation)
    taking_part = [phase for phase in phases if phase.takes_part]
    remarks = [phase for phase in phases if Activity.REMARK in phase.opens]
    announced = clock.local(consultation.published_at or now).date()
    return Plan(
        announced=announced,
        first_day=min((phase.first_day for phase in taking_part), default=None),
        first_remark=min((phase.first_day for phase in remarks), default=None),
        remark_days=sum(phase.days for phase in remarks),
        forms=planned_forms(consultation) | phase_forms(phases) | entered,
        is_open_to_anyone=consultation.propose_needs in (Needs.ANYONE, Needs.EMAIL),
        contents=frozenset(Content(name) for name in split(consultation.contents)),
        decision_due=consultation.decision_due,
    )


def planned_forms(consultation: Consultation) -> frozenset[Form]:
    return frozenset(Form(name) for name in split(consultation.planned_forms))


def phase_forms(phases: Iterable[PhaseTimes]) -> frozenset[Form]:
    """Return the forms that phases are by themselves."""
    opens = {activity for phase in phases for activity in phase.opens}
    found = {Activity.REMARK: Form.REMARKS, Activity.DISCUSS: Form.DISCUSSION}
    return frozenset(form for activity, form in found.items() if activity in opens)


def real_forms(consultation: Consultation) -> frozenset[Form]:
    """Return the forms of what components have entered already: meetings, surveys."""
    return frozenset(form for each in components() for form in each.forms(consultation))


def list_announcements(consultation: Consultation) -> Sequence[Announcement]:
    """Return where it is or was announced, in the order of the channels."""
    rows = db.session.scalars(
        select(Announcement).where(
            Announcement.tenant_id == consultation.tenant_id,
            Announcement.consultation_id == consultation.id,
        )
    )
    return sorted(rows, key=lambda row: list(Channel).index(Channel(row.channel)))


def find_announcement(consultation: Consultation, channel: Channel) -> Announcement | None:
    return db.session.scalar(
        select(Announcement).where(
            Announcement.tenant_id == consultation.tenant_id,
            Announcement.consultation_id == consultation.id,
            Announcement.channel == channel,
        )
    )


def announcement_files(consultation: Consultation) -> Mapping[int, list[StoredFile]]:
    """Return the files that show announcements, by the announcement's id."""
    rows = db.session.execute(
        select(Announcement.id, StoredFile)
        .join(
            StoredFile,
            and_(
                StoredFile.tenant_id == Announcement.tenant_id,
                StoredFile.subject_kind == ANNOUNCEMENT,
                StoredFile.subject_id == Announcement.id,
            ),
        )
        .where(
            Announcement.tenant_id == consultation.tenant_id,
            Announcement.consultation_id == consultation.id,
        )
        .order_by(StoredFile.id)
    )
    found: dict[int, list[StoredFile]] = {}
    for announcement_id, file in rows:
        found.setdefault(announcement_id, []).append(file)
    return found


def announced_channels(
    tenant: Municipality, consultation_ids: Collection[int]
) -> Mapping[int, frozenset[Channel]]:
    """Return where each of these was announced, with evidence."""
    rows = db.session.execute(
        select(Announcement.consultation_id, Announcement.channel).where(
            Announcement.tenant_id == tenant.id,
            Announcement.consultation_id.in_(sorted(consultation_ids)),
            Announcement.done_on.is_not(None),
        )
    )
    found: dict[int, frozenset[Channel]] = {}
    for consultation_id, channel in rows:
        found[consultation_id] = found.get(consultation_id, frozenset()) | {Channel(channel)}
    return found


def publication_facts(
    tenant: Municipality, consultation: Consultation, now: datetime
) -> PublicationFacts:
    """Gather what the lists before publication look at."""
    phases = phase_times(consultation)
    taking_part = [phase for phase in phases if phase.takes_part]
    today = clock.local(now).date()
    entered = real_forms(consultation)
    return PublicationFacts(
        today=today,
        title=consultation.title,
        summary=consultation.summary,
        can_change=consultation.can_change,
        cannot_change=consultation.cannot_change,
        contact=consultation.contact,
        answer_due=consultation.answer_due,
        has_appeal_person=consultation.appeal_person_id is not None,
        easy_text=consultation.easy_text,
        sign_video_url=consultation.sign_video_url,
        has_topics=bool(topics.list_of(tenant, KIND, consultation.id)),
        missing_languages=missing_languages(tenant, consultation),
        requirements=requirements(tenant, today)[Procedure(consultation.procedure)],
        plan=plan_of(consultation, entered, now),
        not_entered=tuple(
            form for form in PLANNED if form in planned_forms(consultation) - entered
        ),
        form_names={form: say(name) for form, name in FORM_NAMES.items()},
        last_day=max((phase.last_day for phase in taking_part), default=None),
        first_day=min((phase.first_day for phase in taking_part), default=None),
        phases=phases,
        lacking=tuple(gap for each in components() for gap in each.lacking(consultation)),
    )


def correction_facts(consultation: Consultation, now: datetime) -> CorrectionFacts:
    """Gather whether anybody relied on the dates already."""
    voices = db.session.scalar(
        select(func.count()).where(
            Contribution.tenant_id == consultation.tenant_id,
            Contribution.consultation_id == consultation.id,
        )
    )
    votes = db.session.scalar(
        select(func.count())
        .select_from(Participation)
        .join(Poll, Poll.id == Participation.poll_id)
        .where(Poll.tenant_id == consultation.tenant_id, Poll.consultation_id == consultation.id)
    )
    return CorrectionFacts(
        now=now,
        state=consultation.state,
        published_at=consultation.published_at,
        contributions=consultation.last_number + (voices or 0) + (votes or 0),
    )


def payload(tenant: Municipality, consultation: Consultation) -> str:
    """Return SHA-256 of all that is approved: texts, settings, dates, files, translations."""
    columns = {
        column.key: getattr(consultation, column.key)
        for column in Consultation.__table__.columns
        if column.key not in NOT_APPROVED
    }
    kept = files.list_files(consultation.tenant_id, KIND, consultation.id)
    whole = {
        "columns": columns,
        "phases": [
            (phase.title, phase.starts_at, phase.ends_at, phase.activities)
            for phase in consultation.phases
        ],
        "topics": [topic.key for topic in topics.list_of(tenant, KIND, consultation.id)],
        "files": [(file.sha256, file.name, file.alt) for file in kept],
        "translations": [
            (row.lang, row.field, row.text) for row in list_translations(consultation)
        ],
    }
    text = json.dumps(whole, ensure_ascii=False, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


# Columns that say where the consultation stands, not what it is.
NOT_APPROVED = frozenset(
    {
        "id",
        "state",
        "revision",
        "published_at",
        "answered_at",
        "closing_reason",
        "last_number",
        "created_at",
    }
)
