"""What is voted on and by which rules."""

from datetime import date, datetime

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from deliberate.algorithms.counting import BallotKind
from deliberate.kernel.tables import Base, OfTenant, one_of, pair, same_tenant
from deliberate.voting import electorates
from deliberate.voting.states import (
    AgeRule,
    AreaLock,
    Effect,
    Electorate,
    PollState,
    Publication,
)


class Poll(OfTenant, Base):
    """One vote. Rules, options and electorate are frozen when sealed; ``ends_at`` may only grow."""

    __tablename__ = "poll"
    __table_args__ = (
        pair(),
        UniqueConstraint("tenant_id", "subject_kind", "subject_id", "repeat_no"),
        same_tenant("repeats_id", "poll"),
        one_of("state", PollState),
        one_of("electorate", Electorate),
        one_of("publication", Publication),
        one_of("effect", Effect),
        one_of("age_rule", AgeRule),
        one_of("area_lock", AreaLock),
        CheckConstraint("opens_at < ends_at", name="dates"),
        CheckConstraint("state = 'draft' OR rules_hash IS NOT NULL", name="sealed_has_hash"),
        CheckConstraint("(age_rule = 'none') = (age IS NULL)", name="age"),
        CheckConstraint("1 <= areas_most", name="areas"),
        CheckConstraint("(repeat_no = 0) = (repeats_id IS NULL)", name="repeats"),
        CheckConstraint(
            "state NOT IN ('paused', 'cancelled', 'annulled') OR length(stop_reason) >= 10",
            name="stopped_has_reason",
        ),
    )
    public = False  # no public byte changes by a vote; actions touch() what they mean to publish

    id: Mapped[int] = mapped_column(primary_key=True)
    subject_kind: Mapped[str]
    subject_id: Mapped[int]
    consultation_id: Mapped[int]
    repeat_no: Mapped[int] = mapped_column(default=0)  # 1 for the first repeat of an annulled vote
    repeats_id: Mapped[int | None]
    title: Mapped[str]
    state: Mapped[str] = mapped_column(default=PollState.DRAFT)
    stop_reason: Mapped[str] = mapped_column(default="")  # of a pause, a cancellation, an annulment
    electorate: Mapped[str] = mapped_column(default=Electorate.RESIDENTS)
    needs: Mapped[str]  # of residents with an account: a key of accounts.standing.Needs
    electorate_terms: Mapped[str] = mapped_column(default="{}")  # canonical JSON (electorates)
    age_rule: Mapped[str] = mapped_column(default=AgeRule.NONE)
    age: Mapped[int | None]  # years
    area_lock: Mapped[str] = mapped_column(default=AreaLock.HOME)  # for sections that have an area
    areas_most: Mapped[int] = mapped_column(default=1)  # how many a voter may choose
    revote: Mapped[bool] = mapped_column(default=False)  # until the end; the last vote counts
    publication: Mapped[str] = mapped_column(default=Publication.TOTALS)
    effect: Mapped[str]
    decided_by: Mapped[str] = mapped_column(default="")  # "Rada Miasta"
    decision_due: Mapped[date | None]
    result_due: Mapped[date]  # the promised day of the result
    order_seed: Mapped[str]  # of the drawn numbers; drawn once, published
    # Where the seed of lots will come from, said before anyone votes: "Lotto, losowanie 16 czerwca,
    # 22:00", and in which shape it is typed (voting.randomness). Empty: a tie stays a tie.
    randomness_source: Mapped[str] = mapped_column(default="")
    randomness_shape: Mapped[str] = mapped_column(default="")
    randomness_at: Mapped[datetime | None]
    seed: Mapped[str | None]  # as two persons typed it, in canonical form
    signing_key: Mapped[str] = mapped_column(
        default=""
    )  # public half, under which heads are signed
    rules: Mapped[str] = mapped_column(default="")  # canonical JSON, written at sealing
    rules_hash: Mapped[str | None]
    opens_at: Mapped[datetime]
    ends_at: Mapped[datetime]  # the one date outside the hash
    sealed_at: Mapped[datetime | None]
    counted_at: Mapped[datetime | None]
    published_at: Mapped[datetime | None]

    @property
    def consultation_scope(self) -> int:
        return self.consultation_id

    @property
    def places(self) -> str:
        """Return where people also vote on paper or with help; empty: nowhere."""
        return electorates.read(self.electorate_terms).places


class Section(OfTenant, Base):
    """A part of a ballot with its own kind of choice, limits and way of counting."""

    __tablename__ = "section"
    __table_args__ = (
        same_tenant("poll_id", "poll"),
        same_tenant("area_id", "area"),
        UniqueConstraint("tenant_id", "poll_id", "no"),
        one_of("kind", BallotKind),
        CheckConstraint("0 <= least AND least <= most AND 1 <= most", name="limits"),
        CheckConstraint("(kind = 'score') = (lowest IS NOT NULL)", name="scale_of_scores"),
        CheckConstraint("(lowest IS NULL) = (highest IS NULL)", name="whole_scale"),
        CheckConstraint("lowest IS NULL OR (0 <= lowest AND lowest < highest)", name="scale"),
        CheckConstraint("(kind = 'points') = (points IS NOT NULL)", name="points_of_points"),
        CheckConstraint("points IS NULL OR 1 <= points", name="points"),
        CheckConstraint("each_most IS NULL OR 1 <= each_most", name="each_most"),
        CheckConstraint("(kind = 'knapsack') = (budget IS NOT NULL)", name="budget_of_knapsack"),
        CheckConstraint("budget IS NULL OR 0 < budget", name="budget"),
    )
    public = False

    poll_id: Mapped[int] = mapped_column(primary_key=True)
    no: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str]
    area_id: Mapped[int | None]  # None: the whole municipality
    kind: Mapped[str]
    method: Mapped[str]  # key in algorithms.counting.METHODS
    # How many options a ballot names, at least and at most: marks, places of a ranking, options
    # that get points or a score, questions that are answered.
    least: Mapped[int]
    most: Mapped[int]
    lowest: Mapped[int | None]  # of the scale of scores
    highest: Mapped[int | None]
    points: Mapped[int | None]  # to hand out, together
    each_most: Mapped[int | None]  # points for one option, at most
    spend_all: Mapped[bool] = mapped_column(default=False)  # no point may be left over
    budget: Mapped[int | None] = mapped_column(BigInteger)  # grosze, of a knapsack
    terms: Mapped[str] = mapped_column(default="{}")  # canonical JSON of the rest (voting.terms)


class Option(OfTenant, Base):
    """A frozen copy of what is voted on; never a row of a living proposal.

    Names of people are not copied: who put it forward is shown through its card, so that a closed
    account is nameless here too. Without a subject it is a question, or an answer, of the poll's
    own.
    """

    __tablename__ = "poll_option"
    __table_args__ = (
        ForeignKeyConstraint(["poll_id", "section_no"], ["section.poll_id", "section.no"]),
        UniqueConstraint("poll_id", "no"),
        CheckConstraint("(subject_kind IS NULL) = (subject_id IS NULL)", name="subject"),
    )
    public = False

    poll_id: Mapped[int] = mapped_column(primary_key=True)
    section_no: Mapped[int] = mapped_column(primary_key=True)
    no: Mapped[int] = mapped_column(primary_key=True)  # drawn number, the key in ballots
    title: Mapped[str]
    text: Mapped[str] = mapped_column(default="")
    cost: Mapped[int | None] = mapped_column(BigInteger)  # grosze
    subject_kind: Mapped[str | None]
    subject_id: Mapped[int | None]


class Pause(OfTenant, Base):
    """One person stopped the vote; a second confirms within a day, or it goes on by itself."""

    __tablename__ = "poll_pause"
    __table_args__ = (
        same_tenant("poll_id", "poll"),
        CheckConstraint("confirmed_by <> paused_by", name="two_persons"),
        CheckConstraint("(confirmed_by IS NULL) = (confirmed_at IS NULL)", name="confirmed"),
        CheckConstraint("length(reason) >= 10", name="reason"),
    )
    public = False

    poll_id: Mapped[int] = mapped_column(primary_key=True)
    no: Mapped[int] = mapped_column(primary_key=True)
    reason: Mapped[str]  # public
    paused_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    paused_at: Mapped[datetime]
    confirmed_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    confirmed_at: Mapped[datetime | None]
    lifted_at: Mapped[datetime | None]  # the end moved by as long as it lasted
