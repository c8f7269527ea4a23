"""The tables of municipalities, their areas and units."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from deliberate.kernel.tables import Base, OfTenant, one_of, pair, same_tenant


class MunicipalityKind(StrEnum):
    """What a tenant is."""

    GMINA = "gmina"
    CITY_WITH_COUNTY_RIGHTS = "city_with_county_rights"
    COUNTY = "county"
    ORGANISER = "organiser"  # a foundation that runs congresses: no residents, no votes


class SilenceMode(StrEnum):
    """What election silence changes in conversations. Votes, support and remarks go on."""

    BANNER = "banner"  # nothing: it is said on each page
    PRE_MODERATION = "pre_moderation"  # what is said is shown after somebody has read it
    READ_ONLY = "read_only"


class Municipality(Base):
    """A tenant. Names come in the cases that pages need; Polish has seven."""

    __tablename__ = "municipality"
    __table_args__ = (
        one_of("kind", MunicipalityKind),
        CheckConstraint("population >= 0", name="population"),
        CheckConstraint("teryt IS NULL OR length(teryt) IN (4, 7)", name="teryt"),
        one_of("silence_mode", SilenceMode),
        CheckConstraint("silence_from < silence_until", name="silence"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    host: Mapped[str] = mapped_column(unique=True)  # exact, lower case, no port
    slug: Mapped[str] = mapped_column(unique=True)
    teryt: Mapped[str | None]  # 7 digits of a gmina, 4 of a county; none for an organiser
    population: Mapped[int] = mapped_column(default=0)
    name: Mapped[str]  # Lubowierz
    official_name: Mapped[str]  # Miasto Lubowierz
    genitive: Mapped[str]  # Lubowierza
    locative: Mapped[str]  # "w Lubowierzu", "we Wrzosowianach": with its preposition
    adjective: Mapped[str]  # lubowierski
    residents_name: Mapped[str]  # lubowierzanki i lubowierzanie
    name_en: Mapped[str]
    name_uk: Mapped[str]
    executive: Mapped[str]  # Prezydentka Miasta Lubowierza
    executive_genitive: Mapped[str]  # prezydentki miasta
    executive_instrumental: Mapped[str]  # prezydentką miasta
    council: Mapped[str] = mapped_column(default="Rada")  # Rada Miasta
    office_name: Mapped[str]
    office_address: Mapped[str]
    office_phone: Mapped[str]
    office_email: Mapped[str]
    office_hours: Mapped[str] = mapped_column(default="")
    lead_unit: Mapped[str] = mapped_column(default="")  # Biuro Partycypacji, pokój 12
    portal_name: Mapped[str] = mapped_column(default="Rozmowa")
    languages: Mapped[str] = mapped_column(default="pl,en,uk")
    brand: Mapped[str | None]  # "#0f5257"; checked for contrast before it is stored
    accent: Mapped[str | None]
    legal_basis: Mapped[str] = mapped_column(default="")  # standing basis of consultations
    dpo_contact: Mapped[str] = mapped_column(default="")  # inspektor ochrony danych
    paper_places: Mapped[str] = mapped_column(default="")  # where it can be done without a screen
    accepts_late_letters: Mapped[bool] = mapped_column(default=False)
    silence_from: Mapped[datetime | None]  # election silence; both whole hours, or neither is set
    silence_until: Mapped[datetime | None]
    silence_mode: Mapped[str] = mapped_column(default=SilenceMode.BANNER)
    version: Mapped[int] = mapped_column(default=1)  # rises when any public page may have changed
    created_at: Mapped[datetime]

    @property
    def language_list(self) -> list[str]:
        return self.languages.split(",")

    def name_in(self, locale: str) -> str:
        return {"en": self.name_en, "uk": self.name_uk}.get(locale, self.name)

    def where_in(self, locale: str) -> str:
        """Return "w Lubowierzu", "in Lubowierz"; in Ukrainian the bare name, for brackets."""
        return {"en": f"in {self.name_en}", "uk": self.name_uk}.get(locale, self.locative)


class Area(OfTenant, Base):
    """A part: osiedle, sołectwo, gmina of a county. A tree; ``residents`` may be unknown (None)."""

    __tablename__ = "area"
    __table_args__ = (
        pair(),
        UniqueConstraint("tenant_id", "slug"),
        same_tenant("parent_id", "area"),
        CheckConstraint("residents >= 0", name="residents"),
        CheckConstraint("parent_id <> id", name="parent"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    parent_id: Mapped[int | None]
    slug: Mapped[str]
    kind: Mapped[str]  # osiedle, sołectwo, gmina: the municipality's own word
    name: Mapped[str]
    residents: Mapped[int | None]
    position: Mapped[int] = mapped_column(default=0)


class OrgUnit(OfTenant, Base):
    """A department of the office, in whose name answers are given."""

    __tablename__ = "org_unit"
    __table_args__ = (pair(), UniqueConstraint("tenant_id", "name"))

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    email: Mapped[str] = mapped_column(default="")
    position: Mapped[int] = mapped_column(default=0)


class LegalRule(Base):
    """A number the law or a resolution sets, with its source and dates; never a constant in code.

    ``tenant_id`` None: the country's law. ``valid_to`` None: in force.
    """

    __tablename__ = "legal_rule"
    __table_args__ = (CheckConstraint("valid_to IS NULL OR valid_from < valid_to", name="dates"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    tenant_id: Mapped[int | None] = mapped_column(ForeignKey("municipality.id"))
    key: Mapped[str] = mapped_column(index=True)
    value: Mapped[str]
    unit: Mapped[str]
    source: Mapped[str]
    verified: Mapped[bool] = mapped_column(default=False)  # unverified is never shown as certain
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]


class DiscussionRules(OfTenant, Base):
    """A version of the rules of discussion; decisions name the version they rest on."""

    __tablename__ = "discussion_rules"
    __table_args__ = (UniqueConstraint("tenant_id", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    version: Mapped[int]
    text: Mapped[str]  # one rule a line, in order; rule 4 is line 4
    valid_from: Mapped[datetime]


class Declaration(OfTenant, Base):
    """A version of the accessibility declaration: the fields from which its page is rendered."""

    __tablename__ = "accessibility_declaration"

    id: Mapped[int] = mapped_column(primary_key=True)
    fields: Mapped[str]  # JSON of the prescribed fields
    published_at: Mapped[datetime]
    published_by: Mapped[int] = mapped_column(ForeignKey("person.id"))


class BarrierReport(OfTenant, Base):
    """Someone met a barrier. Personal data: the contact, kept until answered and 12 months more."""

    __tablename__ = "barrier_report"
    public = False

    id: Mapped[int] = mapped_column(primary_key=True)
    page: Mapped[str]
    text: Mapped[str]
    contact: Mapped[str]
    reported_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
