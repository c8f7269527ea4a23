"""The tables of proposals and of their supporters."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from deliberate.authorship.models import Authored
from deliberate.kernel.tables import Base, OfTenant, one_of, pair, same_tenant
from deliberate.subjects.states import ContentState


class State(StrEnum):
    """What has become of a proposal in its consultation."""

    OPEN = "open"
    WITHDRAWN = "withdrawn"
    ADMITTED = "admitted"  # stands on the ballot
    NOT_ADMITTED = "not_admitted"


# Held by a trigger as well. What was withdrawn stays so; admitting is looked at again until the
# ballot is sealed.
STEPS: dict[str, tuple[str, ...]] = {
    State.OPEN: (State.WITHDRAWN, State.ADMITTED, State.NOT_ADMITTED),
    State.ADMITTED: (State.OPEN, State.NOT_ADMITTED),
    State.NOT_ADMITTED: (State.OPEN, State.ADMITTED),
    State.WITHDRAWN: (),
}


# The rows of a public list; said as subjects.states.shown() says it, so that the indexes serve it.
LISTED = text("content_state IN ('archived', 'collapsed', 'visible')")


def _list_order(*columns: str) -> Index:
    """Cover one order of the public list: ids come from the index alone, in order."""
    return Index(
        f"ix_proposal_list_{columns[0]}",
        "consultation_id",
        *columns,
        "id",
        sqlite_where=LISTED,
        postgresql_where=LISTED,
    )


class Proposal(OfTenant, Authored, Base):
    """Three questions – what, where, why – and the rest later. Numbered per consultation.

    ``supports`` and ``voices`` are counters kept in the transactions that change them, so that a
    list of twenty needs no counting; a test compares them with the rows.
    """

    __tablename__ = "proposal"
    __table_args__ = (
        pair(),
        UniqueConstraint("tenant_id", "consultation_id", "number"),
        one_of("state", State),
        one_of("content_state", ContentState),
        same_tenant("consultation_id", "consultation"),
        same_tenant("area_id", "area"),
        same_tenant("thread_id", "thread"),
        CheckConstraint("cost >= 0", name="cost"),
        CheckConstraint("supports >= 0", name="supports"),
        CheckConstraint("state <> 'withdrawn' OR withdrawn_at IS NOT NULL", name="withdrawn"),
        UniqueConstraint("tenant_id", "author_id", "form_key"),
        _list_order("shuffle"),
        _list_order("number"),
        # Those with as many supports stand in random order, not the earliest first.
        _list_order("supports", "shuffle"),
        _list_order("voices", "shuffle"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    consultation_id: Mapped[int]
    number: Mapped[int]
    shuffle: Mapped[int]  # random, 0 … 2^31: fair, stable order
    title: Mapped[str]  # what
    place: Mapped[str]  # where, in words
    reason: Mapped[str]  # why
    details: Mapped[str] = mapped_column(default="")
    cost: Mapped[int | None] = mapped_column(BigInteger)  # grosze, as the author reckons
    area_id: Mapped[int | None]
    state: Mapped[str] = mapped_column(default=State.OPEN)
    state_reason: Mapped[str] = mapped_column(default="")  # of withdrawing, of not admitting
    withdrawn_at: Mapped[datetime | None]
    content_state: Mapped[str] = mapped_column(default=ContentState.VISIBLE)
    folded: Mapped[str]  # folded words of title, place, reason, details; for search
    supports: Mapped[int] = mapped_column(default=0)
    voices: Mapped[int] = mapped_column(default=0)
    thread_id: Mapped[int | None]
    form_key: Mapped[str | None]  # of the form it came from: sent twice, it is kept once

    @property
    def consultation_scope(self) -> int:
        return self.consultation_id


class Support(OfTenant, Base):
    """One person's support. The primary key is the rule "once per person"."""

    __tablename__ = "support"
    __table_args__ = (
        same_tenant("proposal_id", "proposal"),
        Index("ix_support_person", "person_id", "given_at"),
    )

    proposal_id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    given_at: Mapped[datetime]
