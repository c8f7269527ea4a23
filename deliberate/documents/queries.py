"""Reading remarks. All begin with the municipality, or with a consultation loaded through it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import abort
from sqlalchemy import ColumnElement, Select, and_, func, select

from deliberate.accounts import queries as accounts
from deliberate.accounts.models import Person, ResidenceState
from deliberate.accounts.standing import Needs, standing_refusal
from deliberate.answers.models import Answer
from deliberate.authorship.capacities import Voice, list_voices
from deliberate.authorship.models import Capacity
from deliberate.consultations.models import Consultation
from deliberate.consultations.states import PUBLIC
from deliberate.documents.kinds import KIND, RemarkState
from deliberate.documents.models import Document, Remark, Unit
from deliberate.documents.rules import GiveFacts, WithdrawalFacts
from deliberate.kernel.db import db
from deliberate.kernel.models import StoredFile
from deliberate.kernel.refusals import Refusal
from deliberate.subjects.activities import Activity
from deliberate.subjects.gate import gate
from deliberate.subjects.states import is_shown
from deliberate.subjects.visibility import shown
from deliberate.tenancy.models import Municipality

A_SITTING = timedelta(hours=1)  # remarks of one person that are shown beside the form

# In these names one speaks for oneself, so living here matters; in others an institution speaks.
PERSONAL = frozenset({Capacity.RESIDENT, Capacity.GUEST})


def find_remark(consultation: Consultation, number: int) -> Remark | None:
    """Return a remark whatever its state."""
    return db.session.scalar(
        select(Remark).where(
            Remark.tenant_id == consultation.tenant_id,
            Remark.consultation_id == consultation.id,
            Remark.number == number,
        )
    )


def get_remark(consultation: Consultation, number: int) -> Remark:
    """Return a remark whose text may be shown; 404 for one that is hidden and for none."""
    remark = find_remark(consultation, number)
    return remark if remark and is_shown(remark.content_state) else abort(404)


def find_sent(consultation: Consultation, author: Person, form_key: str) -> Remark | None:
    """Return what this very form has already become."""
    return db.session.scalar(
        select(Remark).where(
            Remark.tenant_id == consultation.tenant_id,
            Remark.author_id == author.id,
            Remark.form_key == form_key,
        )
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Whole:
    """A remark with all that its page shows beside it; ``answer`` only once published.

    ``alike``: how many remarks that may be shown say the same, with this one.
    """

    remark: Remark
    document: Document | None
    unit: Unit | None
    answer: Answer | None
    alike: int


def get_whole(consultation: Consultation, number: int) -> Whole:
    """Return a remark in any state and what belongs to it; or 404."""
    of_it = (Answer.tenant_id == Remark.tenant_id) & (Answer.subject_id == Remark.id)
    row = db.session.execute(
        select(Remark, Document, Unit, Answer)
        .outerjoin(Document, Document.id == Remark.document_id)
        .outerjoin(Unit, Unit.id == Remark.on_unit_id)
        .outerjoin(Answer, of_it & (Answer.subject_kind == KIND) & Answer.published_at.is_not(None))
        .where(
            Remark.tenant_id == consultation.tenant_id,
            Remark.consultation_id == consultation.id,
            Remark.number == number,
        )
    ).first()
    if row is None:
        abort(404)
    remark, document, unit, answer = row
    return Whole(
        remark=remark, document=document, unit=unit, answer=answer, alike=count_alike(remark)
    )


def count_alike(remark: Remark) -> int:
    """Return how many remarks that may be shown say the same of the same place."""
    counted = db.session.scalar(
        select(func.count()).where(
            Remark.tenant_id == remark.tenant_id,
            Remark.consultation_id == remark.consultation_id,
            Remark.same_as == remark.same_as,
            shown(Remark),
        )
    )
    return counted or 0


# Lists.


def list_latest_of(consultation: Consultation, person: Person, now: datetime) -> Sequence[Remark]:
    """Return what a person has remarked here within the last hour, by number."""
    return db.session.scalars(
        select(Remark)
        .where(
            Remark.tenant_id == consultation.tenant_id,
            Remark.consultation_id == consultation.id,
            Remark.author_id == person.id,
            Remark.created_at > now - A_SITTING,
        )
        .order_by(Remark.number)
    ).all()


def list_by_author(
    tenant: Municipality, person: Person, most: int
) -> Sequence[tuple[Remark, str, str | None]]:
    """Return what a person remarked, the newest first, whatever its state.

    With each the slug of its consultation, and the office's position once it is published.
    """
    return _with_slugs(
        _with_answers().where(Remark.tenant_id == tenant.id, Remark.author_id == person.id), most
    )


def search(
    tenant: Municipality, words: Sequence[str], most: int
) -> Sequence[tuple[Remark, str, str | None]]:
    """Return remarks of published consultations that contain each word, the newest first."""
    return _with_slugs(
        _with_answers().where(
            Remark.tenant_id == tenant.id,
            Consultation.state.in_(sorted(PUBLIC)),
            shown(Remark),
            *(Remark.folded.contains(word, autoescape=True) for word in words),
        ),
        most,
    )


def _with_answers() -> Select[Remark, str, str | None]:
    its_answer = and_(
        Answer.tenant_id == Remark.tenant_id,
        Answer.subject_kind == KIND,
        Answer.subject_id == Remark.id,
        Answer.published_at.is_not(None),
    )
    return (
        select(Remark, Consultation.slug, Answer.position)
        .join(Consultation, Consultation.id == Remark.consultation_id)
        .outerjoin(Answer, its_answer)
    )


def _with_slugs(
    wanted: Select[Remark, str, str | None], most: int
) -> Sequence[tuple[Remark, str, str | None]]:
    rows = db.session.execute(wanted.order_by(Remark.id.desc()).limit(most))
    return [(row[0], row[1], row[2]) for row in rows]


def list_everywhere(person: Person) -> Sequence[Remark]:
    """Return what a person remarked in every municipality, for their own data."""
    return db.session.scalars(
        select(Remark).where(Remark.author_id == person.id).order_by(Remark.id)
    ).all()


def select_tenants(condition: ColumnElement[bool]) -> Select[int]:
    """Return the municipalities that have such remarks."""
    return select(Remark.tenant_id).where(condition).distinct()


# Facts for the rules.


def lacks(tenant: Municipality, person: Person | None, needs: str) -> Refusal | None:
    """Return what a person lacks for an activity that asks for ``needs``."""
    residence = accounts.find_residence(tenant, person) if person else None
    standing = Needs.ANYONE if person is None else accounts.standing_of(residence)
    refused = residence is not None and residence.state == ResidenceState.REFUSED
    return standing_refusal(standing, Needs(needs), refused=refused)


def give_facts(
    tenant: Municipality,
    consultation: Consultation,
    person: Person | None,
    voice: Voice | None,
    *,
    now: datetime,
) -> GiveFacts:
    """Gather what the rules ask of a remark in this name; None: in one's own."""
    opening = gate(tenant.id, consultation.id, Activity.REMARK, now=now)
    # An account at least: who remarks gets a receipt and an answer.
    needs = Needs.EMAIL if opening.needs == Needs.ANYONE else opening.needs
    own = voice is None or voice.capacity in PERSONAL
    return GiveFacts(gate=opening, lacks=lacks(tenant, person, needs) if own else None)


def list_remarking_voices(
    tenant: Municipality, consultation: Consultation, person: Person, facts: GiveFacts
) -> list[Voice]:
    """Return the names in which a person may remark: in their own, if they lack nothing for it."""
    voices = list_voices(tenant, person, consultation_id=consultation.id)
    return [voice for voice in voices if facts.lacks is None or voice.capacity not in PERSONAL]


def withdrawal_facts(
    consultation: Consultation, remark: Remark, person: Person | None, *, now: datetime
) -> WithdrawalFacts:
    answered = db.session.scalar(
        select(Answer.id).where(
            Answer.tenant_id == remark.tenant_id,
            Answer.subject_kind == KIND,
            Answer.subject_id == remark.id,
            Answer.published_at.is_not(None),
        )
    )
    opening = gate(remark.tenant_id, consultation.id, Activity.REMARK, now=now)
    return WithdrawalFacts(
        is_stopped=opening.stopped,
        is_shown=is_shown(remark.content_state),
        is_author=person is not None and remark.author_id == person.id,
        is_withdrawn=remark.state == RemarkState.WITHDRAWN,
        is_answered=answered is not None,
    )


def list_attachments(tenant_id: int, ids: Sequence[int]) -> Mapping[int, StoredFile]:
    """Return the attachment of each remark that has one."""
    rows = db.session.scalars(
        select(StoredFile).where(
            StoredFile.tenant_id == tenant_id,
            StoredFile.subject_kind == KIND,
            StoredFile.subject_id.in_(ids),
        )
    )
    return {row.subject_id: row for row in rows if row.subject_id is not None}
