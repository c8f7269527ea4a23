"""Topics and what is filed under them."""

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from deliberate.kernel.tables import Base, OfTenant


class Topic(Base):
    """One of the congress topics; the same list for every municipality."""

    __tablename__ = "topic"

    key: Mapped[str] = mapped_column(primary_key=True)  # also the slug of its page
    name_pl: Mapped[str]
    name_en: Mapped[str]
    name_uk: Mapped[str]
    position: Mapped[int]

    def name_in(self, locale: str) -> str:
        return {"en": self.name_en, "uk": self.name_uk}.get(locale, self.name_pl)


class SubjectTopic(OfTenant, Base):
    """A thing of any kind lies under a topic."""

    __tablename__ = "subject_topic"

    kind: Mapped[str] = mapped_column(primary_key=True)
    subject_id: Mapped[int] = mapped_column(primary_key=True)
    topic_key: Mapped[str] = mapped_column(ForeignKey("topic.key"), primary_key=True)
