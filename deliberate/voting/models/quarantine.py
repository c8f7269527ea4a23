"""Hearing somebody whose vote is held before two persons decide, and telling them what they did."""

from datetime import datetime

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from deliberate.kernel.tables import Base, OfTenant, one_of, same_tenant
from deliberate.voting.states import LetterWay


class CaseLetter(OfTenant, Base):
    """The letter to somebody whose vote is held, with a code to explain by.

    One on paper has no code until it is printed: whoever prints it sees the code, and nobody
    again. Written anew, it has a new code and five new days. Goes with the voters
    (voting.retention).
    """

    __tablename__ = "case_letter"
    __table_args__ = (
        same_tenant("case_id", "vote_case"),
        one_of("way", LetterWay),
        CheckConstraint(
            "(written_at IS NULL) = (code_hash IS NULL) "
            "AND (written_at IS NULL) = (answer_until IS NULL)",
            name="written",
        ),
        CheckConstraint("way = 'paper' OR written_at IS NOT NULL", name="sent_at_once"),
    )
    public = False

    case_id: Mapped[int] = mapped_column(primary_key=True)
    way: Mapped[str]
    code_hash: Mapped[str | None] = mapped_column(unique=True)  # under the municipality's key
    written_at: Mapped[datetime | None]
    answer_until: Mapped[datetime | None]


class CaseExplanation(OfTenant, Base):
    """What a voter said of a vote that is held. One a case: its row is that the code was used.

    Personal data, for the two persons who decide and for protests; goes with the voters.
    """

    __tablename__ = "case_explanation"
    __table_args__ = (
        same_tenant("case_id", "vote_case"),
        CheckConstraint("1 <= length(text) AND length(text) <= 2000", name="text"),
    )
    public = False

    case_id: Mapped[int] = mapped_column(primary_key=True)
    text: Mapped[str]
    explained_at: Mapped[datetime]


class DecisionLetter(OfTenant, Base):
    """That somebody whose vote was held is told what two persons decided, and by which way.

    One on paper has no moment until it is printed. Goes with the voters.
    """

    __tablename__ = "decision_letter"
    __table_args__ = (
        same_tenant("case_id", "vote_case"),
        one_of("way", LetterWay),
        CheckConstraint("way = 'paper' OR written_at IS NOT NULL", name="sent_at_once"),
    )
    public = False

    case_id: Mapped[int] = mapped_column(primary_key=True)
    way: Mapped[str]
    written_at: Mapped[datetime | None]
