"""The tables of a vote, in the shape of ballot-box.md.

Options are frozen copies; participation and ballot lie apart; one participation a person is a key.
"""

from datetime import date, datetime

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from deliberate.kernel.tables import Base, OfTenant, one_of, pair, same_tenant
from deliberate.voting.states import Channel, Effect, Electorate, PollState, Publication


class Poll(OfTenant, Base):
    """One vote. Rules, options and electorate are frozen when sealed; ``ends_at`` may only grow."""

    __tablename__ = "poll"
    __table_args__ = (
        pair(),
        UniqueConstraint("tenant_id", "subject_kind", "subject_id"),
        one_of("state", PollState),
        one_of("electorate", Electorate),
        one_of("publication", Publication),
        one_of("effect", Effect),
        CheckConstraint("opens_at < ends_at", name="dates"),
        CheckConstraint("state = 'draft' OR rules_hash IS NOT NULL", name="sealed_has_hash"),
    )
    public = False  # no public byte changes by a vote; actions touch() what they mean to publish

    id: Mapped[int] = mapped_column(primary_key=True)
    subject_kind: Mapped[str]
    subject_id: Mapped[int]
    consultation_id: Mapped[int]
    title: Mapped[str]
    state: Mapped[str] = mapped_column(default=PollState.DRAFT)
    electorate: Mapped[str] = mapped_column(default=Electorate.RESIDENTS)
    needs: Mapped[str]  # key of accounts.standing.Needs: declared, confirmed
    method: Mapped[str]  # key in algorithms.counting.METHODS
    publication: Mapped[str] = mapped_column(default=Publication.TOTALS)
    effect: Mapped[str]
    decided_by: Mapped[str] = mapped_column(default="")  # "Rada Miasta"
    decision_due: Mapped[date | None]
    result_due: Mapped[date]  # the promised day of the result
    order_seed: Mapped[str]  # of the drawn numbers; drawn once, published
    rules: Mapped[str] = mapped_column(default="")  # canonical JSON, written at sealing
    rules_hash: Mapped[str | None]
    opens_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    sealed_at: Mapped[datetime | None]
    counted_at: Mapped[datetime | None]
    published_at: Mapped[datetime | None]

    @property
    def consultation_scope(self) -> int:
        return self.consultation_id


class Section(OfTenant, Base):
    """A part of a ballot with its own kind and limits."""

    __tablename__ = "section"
    __table_args__ = (
        same_tenant("poll_id", "poll"),
        UniqueConstraint("tenant_id", "poll_id", "no"),
        CheckConstraint("0 <= least AND least <= most AND 1 <= most", name="limits"),
    )
    public = False

    poll_id: Mapped[int] = mapped_column(primary_key=True)
    no: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str]
    kind: Mapped[str]  # algorithms.counting.method.BallotKind
    least: Mapped[int]  # options to choose, at least
    most: Mapped[int]  # and at most


class Option(OfTenant, Base):
    """A frozen copy of what is voted on; never a row of a living proposal.

    Names of people are not copied: who put it forward is shown through its card, so that a closed
    account is nameless here too.
    """

    __tablename__ = "poll_option"
    __table_args__ = (
        ForeignKeyConstraint(["poll_id", "section_no"], ["section.poll_id", "section.no"]),
        UniqueConstraint("poll_id", "no"),
    )
    public = False

    poll_id: Mapped[int] = mapped_column(primary_key=True)
    section_no: Mapped[int] = mapped_column(primary_key=True)
    no: Mapped[int] = mapped_column(primary_key=True)  # drawn number, the key in ballots
    title: Mapped[str]
    text: Mapped[str] = mapped_column(default="")
    cost: Mapped[int | None] = mapped_column(BigInteger)  # grosze
    subject_kind: Mapped[str]
    subject_id: Mapped[int]


class Eligibility(OfTenant, Base):
    """A line of an electorate: this person key may take part."""

    __tablename__ = "eligibility"
    __table_args__ = (
        same_tenant("poll_id", "poll"),
        UniqueConstraint("tenant_id", "poll_id", "person_key"),
    )
    public = False

    poll_id: Mapped[int] = mapped_column(primary_key=True)
    person_key: Mapped[str] = mapped_column(primary_key=True)  # HMAC under the municipality's key
    area_id: Mapped[int | None]
    source: Mapped[str]  # account


class Participation(OfTenant, Base):
    """That someone took part, never how. The key is the rule "one person, one vote"."""

    __tablename__ = "participation"
    __table_args__ = (
        ForeignKeyConstraint(
            ["tenant_id", "poll_id", "person_key"],
            ["eligibility.tenant_id", "eligibility.poll_id", "eligibility.person_key"],
        ),
        one_of("channel", Channel),
    )
    public = False

    tenant_id: Mapped[int] = mapped_column(ForeignKey("municipality.id"), primary_key=True)
    poll_id: Mapped[int] = mapped_column(primary_key=True)
    person_key: Mapped[str] = mapped_column(primary_key=True)
    channel: Mapped[str]
    day: Mapped[date]
    idem_hash: Mapped[str]  # of the form's key: a repeated sending is the same vote


class Ballot(Base):
    """What was chosen in one section. No person, no time, no address."""

    __tablename__ = "ballot"
    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "poll_id"], ["poll.tenant_id", "poll.id"]),
        Index("ix_ballot_poll", "poll_id"),
        {"sqlite_with_rowid": False},
    )
    public = False

    id: Mapped[str] = mapped_column(primary_key=True)  # 128 random bits: order tells nothing
    tenant_id: Mapped[int]
    poll_id: Mapped[int]
    section_no: Mapped[int]
    choices: Mapped[str]  # canonical JSON: sorted option numbers
    link_tag: Mapped[str]  # HMAC under the poll's link key; gone with the row at counting


class FinalBallot(Base):
    """An accepted ballot after the count, rewritten in the order of a random key."""

    __tablename__ = "ballot_final"
    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "poll_id"], ["poll.tenant_id", "poll.id"]),
        Index("ix_ballot_final_poll", "poll_id"),
        {"sqlite_with_rowid": False},
    )
    public = False

    id: Mapped[str] = mapped_column(primary_key=True)  # a new random key
    tenant_id: Mapped[int]
    poll_id: Mapped[int]
    section_no: Mapped[int]
    choices: Mapped[str]


class PollResult(OfTenant, Base):
    """The count of a poll: enough for anyone to count again."""

    __tablename__ = "poll_result"
    __table_args__ = (same_tenant("poll_id", "poll"),)
    public = False

    poll_id: Mapped[int] = mapped_column(primary_key=True)
    method: Mapped[str]
    version: Mapped[int]
    ballots_hash: Mapped[str]
    outcome: Mapped[str]  # JSON: per section, option → score, winners
    participations: Mapped[int]
    counted_at: Mapped[datetime]


class PollStep(OfTenant, Base):
    """A restartable step after the count: the poll's key destroyed, space reclaimed."""

    __tablename__ = "poll_step"
    __table_args__ = (same_tenant("poll_id", "poll"),)
    public = False

    poll_id: Mapped[int] = mapped_column(primary_key=True)
    step: Mapped[str] = mapped_column(primary_key=True)
    done_at: Mapped[datetime]
