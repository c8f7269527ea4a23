"""The tables of surveys, in the shape of the ballot box: who took part and what they said apart."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from deliberate.kernel.tables import Base, OfTenant, one_of, pair, same_tenant
from deliberate.surveys import definition
from deliberate.surveys.definition import Definition
from deliberate.surveys.kinds import Channel, State, TextState


class Survey(OfTenant, Base):
    """One survey of a consultation. Its content is frozen by the first sheet (guards)."""

    __tablename__ = "survey"
    __table_args__ = (
        pair(),
        UniqueConstraint("tenant_id", "consultation_id", "number"),
        same_tenant("consultation_id", "consultation"),
        one_of("state", State),
        CheckConstraint("number > 0", name="number"),
        CheckConstraint("(state = 'published') = (published_at IS NOT NULL)", name="published"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    consultation_id: Mapped[int]
    number: Mapped[int]  # in its consultation, from 1; addresses name it
    content: Mapped[str]  # canonical JSON of a Definition, Polish
    is_anonymous: Mapped[bool]
    state: Mapped[str] = mapped_column(default=State.DRAFT)
    revision: Mapped[int] = mapped_column(default=1)  # rises with each change of what is asked
    created_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime]
    published_at: Mapped[datetime | None]  # its results

    @property
    def definition(self) -> Definition:
        return definition.read(self.content)

    @property
    def title(self) -> str:
        return self.definition.title

    @property
    def consultation_scope(self) -> int:
        return self.consultation_id


class SurveyParticipation(OfTenant, Base):
    """That a person answered, never what. The primary key is the rule "once per person".

    Personal data: removed when the results are published, at the latest a year after the end.
    ``former_address``: of a closed account, a keyed hash of its address, so that who comes back
    with it does not answer twice.
    """

    __tablename__ = "survey_participation"
    __table_args__ = (same_tenant("survey_id", "survey"),)
    public = False

    survey_id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    day: Mapped[date]  # Warsaw's calendar
    idem_hash: Mapped[str]  # of the form's key: the same form sent twice is one sheet
    former_address: Mapped[str | None]


class SurveySheet(Base):
    """One filled-in survey. Of an anonymous one: no person, no moment (guards).

    Where the survey is not anonymous the person may change the sheet until the end; name and
    moment are removed from it together with their participation. On paper: batch, number, who
    entered it and when.
    """

    __tablename__ = "survey_sheet"
    __table_args__ = (
        UniqueConstraint("tenant_id", "id"),
        same_tenant("survey_id", "survey"),
        UniqueConstraint("survey_id", "person_id"),
        UniqueConstraint("survey_id", "batch", "paper_no"),
        UniqueConstraint("survey_id", "idem_hash"),
        one_of("channel", Channel),
        CheckConstraint(
            "(channel = 'paper') = (batch IS NOT NULL) AND (batch IS NULL) = (paper_no IS NULL)"
            " AND (batch IS NULL) = (entered_by IS NULL) AND (batch IS NULL) = (entered_on IS NULL)"
            " AND (batch IS NULL) = (idem_hash IS NULL)",
            name="paper",
        ),
        CheckConstraint("channel = 'web' OR person_id IS NULL", name="person"),
        Index("ix_survey_sheet_survey", "tenant_id", "survey_id", "channel"),
        {"sqlite_with_rowid": False},
    )
    public = False

    id: Mapped[str] = mapped_column(primary_key=True)  # 128 random bits: order tells nothing
    tenant_id: Mapped[int] = mapped_column(ForeignKey("municipality.id"))
    survey_id: Mapped[int]
    channel: Mapped[str]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    given_at: Mapped[datetime | None]
    batch: Mapped[int | None]
    paper_no: Mapped[int | None]  # within the batch; clerks write it on the paper
    entered_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    entered_on: Mapped[date | None]
    idem_hash: Mapped[str | None]  # on paper only: on the web the participation holds it


class SurveyReply(Base):
    """The answer to one question. ``chosen`` is canonical JSON, ``body`` a free text."""

    __tablename__ = "survey_reply"
    __table_args__ = (
        same_tenant("sheet_id", "survey_sheet"),
        same_tenant("survey_id", "survey"),
        one_of("text_state", TextState),
        CheckConstraint("(body = '') = (text_state IS NULL)", name="text_has_state"),
        CheckConstraint("(body = '') <> (chosen = '')", name="said"),
        Index("ix_survey_reply_question", "survey_id", "question_no", "text_state"),
        {"sqlite_with_rowid": False},
    )
    public = False

    sheet_id: Mapped[str] = mapped_column(primary_key=True)
    question_no: Mapped[int] = mapped_column(primary_key=True)
    tenant_id: Mapped[int] = mapped_column(ForeignKey("municipality.id"))
    survey_id: Mapped[int]
    chosen: Mapped[str] = mapped_column(default="")
    body: Mapped[str] = mapped_column(default="")
    text_state: Mapped[str | None]


class SurveyCorrection(OfTenant, Base):
    """A correction of typing after the first sheet, in public: what stood, what stands, why."""

    __tablename__ = "survey_correction"
    __table_args__ = (
        same_tenant("survey_id", "survey"),
        CheckConstraint("length(reason) >= 10", name="reasoned"),
        Index("ix_survey_correction_survey", "tenant_id", "survey_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    survey_id: Mapped[int]
    former: Mapped[str]  # the whole content before
    present: Mapped[str]  # and after
    reason: Mapped[str]
    corrected_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]
