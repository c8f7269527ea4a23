"""The tables of consultations. Whether one runs follows from dates, not from a column."""

import hashlib
import json
from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from deliberate.accounts.standing import Needs
from deliberate.consultations.procedures import Channel, Procedure
from deliberate.consultations.states import ChangeKind, Effect, State, Template
from deliberate.kernel.tables import Base, OfTenant, one_of, pair, same_tenant
from deliberate.subjects.activities import Activity

__all__ = [
    "Announcement",
    "ChangeKind",
    "ChangeNotice",
    "Consultation",
    "Effect",
    "ExtraPhase",
    "Phase",
    "SlugRedirect",
    "State",
    "Template",
]


class Consultation(OfTenant, Base):
    """One question put to people. Texts are Polish; other languages lie in ``translation``."""

    __tablename__ = "consultation"
    __table_args__ = (
        pair(),
        UniqueConstraint("tenant_id", "slug"),
        one_of("state", State),
        one_of("effect", Effect),
        one_of("template", Template),
        one_of("procedure", Procedure),
        one_of("propose_needs", Needs),
        one_of("support_needs", Needs),
        one_of("discuss_needs", Needs),
        one_of("vote_needs", Needs),
        same_tenant("area_id", "area"),
        same_tenant("unit_id", "org_unit"),
        same_tenant("organisation_id", "organisation"),
        same_tenant("repeats_id", "consultation"),
        CheckConstraint("last_number >= 0", name="last_number"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str]
    template: Mapped[str]
    state: Mapped[str]
    title: Mapped[str]
    summary: Mapped[str]  # O co chodzi
    can_change: Mapped[str]  # Na co ludzie mają wpływ
    cannot_change: Mapped[str]  # Czego nie zmienimy
    easy_text: Mapped[str] = mapped_column(default="")  # ETR
    sign_video_url: Mapped[str] = mapped_column(default="")  # PJM
    area_id: Mapped[int | None]  # None: the whole municipality
    effect: Mapped[str]
    decided_by: Mapped[str] = mapped_column(default="")  # "Rada Miasta"
    decision_due: Mapped[date | None]
    answer_due: Mapped[date | None]  # the promised day of the office's answer
    unit_id: Mapped[int | None]  # who leads
    organisation_id: Mapped[int | None]  # whose facilitators lead the discussion
    contact: Mapped[str] = mapped_column(default="")
    legal_basis: Mapped[str] = mapped_column(default="")
    appeal_person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    propose_needs: Mapped[str] = mapped_column(default=Needs.DECLARED)
    support_needs: Mapped[str] = mapped_column(default=Needs.DECLARED)
    discuss_needs: Mapped[str] = mapped_column(default=Needs.EMAIL)
    vote_needs: Mapped[str] = mapped_column(default=Needs.DECLARED)
    picture: Mapped[str] = mapped_column(default="")  # token of a file, or name of a drawn picture
    picture_alt: Mapped[str] = mapped_column(default="")
    created_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime]
    published_at: Mapped[datetime | None]
    closing_reason: Mapped[str] = mapped_column(default="")  # of cancelling, suspending
    answered_at: Mapped[datetime | None]
    repeats_id: Mapped[int | None]
    last_number: Mapped[int] = mapped_column(default=0)  # of proposals; locked while one is given
    revision: Mapped[int] = mapped_column(default=1)  # rises with each saving: two tabs meet here
    procedure: Mapped[str] = mapped_column(
        default=Procedure.GENERAL
    )  # by what law people are asked
    case_number: Mapped[str] = mapped_column(default="")  # znak sprawy
    responsible_person: Mapped[str] = mapped_column(default="")  # named in BIP, as the law asks
    planned_forms: Mapped[str] = mapped_column(default="")  # comma-separated Form values
    contents: Mapped[str] = mapped_column(default="")  # comma-separated Content values: ticked

    phases: Mapped[list["Phase"]] = relationship(
        order_by="Phase.position, Phase.id", cascade="all, delete-orphan"
    )

    @property
    def consultation_scope(self) -> int:
        """What a role must reach to act here (access.decorators)."""
        return self.id


class Phase(OfTenant, Base):
    """A stretch of time that opens a set of activities. ``ends_at`` is the first moment outside."""

    __tablename__ = "phase"
    __table_args__ = (
        pair(),
        same_tenant("consultation_id", "consultation"),
        CheckConstraint("starts_at < ends_at", name="dates"),
        Index("ix_phase_when", "tenant_id", "consultation_id", "starts_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    consultation_id: Mapped[int]
    position: Mapped[int]
    title: Mapped[str]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    activities: Mapped[str]  # comma-separated Activity values, in their order

    @property
    def opens(self) -> frozenset[Activity]:
        return frozenset(Activity(name) for name in self.activities.split(",") if name)


class ExtraPhase(OfTenant, Base):
    """Days that one person wants to add for a vote done again; a second one makes them a phase."""

    __tablename__ = "extra_phase"
    __table_args__ = (
        same_tenant("consultation_id", "consultation"),
        CheckConstraint("starts_at < ends_at", name="dates"),
    )
    public = False

    id: Mapped[int] = mapped_column(primary_key=True)
    consultation_id: Mapped[int]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    reason: Mapped[str]  # public

    @property
    def digest(self) -> str:
        """Return SHA-256 of all that is approved."""
        whole = (self.id, self.starts_at.isoformat(), self.ends_at.isoformat(), self.reason)
        return hashlib.sha256(json.dumps(whole).encode()).hexdigest()


class ChangeNotice(OfTenant, Base):
    """A public line about a change: what, from, to, why, when. Never removed."""

    __tablename__ = "change_notice"
    __table_args__ = (same_tenant("consultation_id", "consultation"), one_of("kind", ChangeKind))

    id: Mapped[int] = mapped_column(primary_key=True)
    consultation_id: Mapped[int]
    kind: Mapped[str]
    field: Mapped[str]
    old: Mapped[str]
    new: Mapped[str]
    reason: Mapped[str]
    changed_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]


class Announcement(OfTenant, Base):
    """Where a consultation is announced: planned, then done with its evidence, seen by all.

    The evidence is an address, a file of this row, or words ("nr 12, s. 5"); ``ticked_by`` is a
    person of the office and never shown.
    """

    __tablename__ = "announcement"
    __table_args__ = (
        pair(),
        UniqueConstraint("tenant_id", "consultation_id", "channel"),
        same_tenant("consultation_id", "consultation"),
        one_of("channel", Channel),
        CheckConstraint("planned_on IS NOT NULL OR done_on IS NOT NULL", name="day"),
        CheckConstraint("(done_on IS NULL) = (ticked_at IS NULL)", name="ticked"),
        CheckConstraint(
            "done_on IS NULL OR length(words) > 0 OR length(url) > 0 OR has_file", name="evidence"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    consultation_id: Mapped[int]
    channel: Mapped[str]
    planned_on: Mapped[date | None]
    done_on: Mapped[date | None]
    words: Mapped[str] = mapped_column(default="")  # "Gazeta Lubowierska nr 12, s. 5"
    url: Mapped[str] = mapped_column(default="")
    has_file: Mapped[bool] = mapped_column(default=False)
    ticked_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    ticked_at: Mapped[datetime | None]


class SlugRedirect(OfTenant, Base):
    """A former address of a consultation: posters live longer than titles."""

    __tablename__ = "slug_redirect"
    __table_args__ = (same_tenant("consultation_id", "consultation"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(index=True)
    consultation_id: Mapped[int]
