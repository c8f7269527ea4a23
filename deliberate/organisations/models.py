"""Organisations are known per municipality: each verifies for itself."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from deliberate.kernel.tables import Base, OfTenant, one_of, pair, same_tenant


class OrganisationKind(StrEnum):
    """Legal form, as people of the third sector say it."""

    ASSOCIATION = "association"
    ORDINARY_ASSOCIATION = "ordinary_association"
    FOUNDATION = "foundation"
    FIRE_BRIGADE = "fire_brigade"
    RURAL_WOMEN = "rural_women"
    SPORTS_CLUB = "sports_club"
    CITY_COUNCIL = "city_council"  # rada miasta, gminy: its people speak as councillors
    VILLAGE = "village"  # sołectwo: its sołtyska or sołtys
    NEIGHBOURHOOD_COUNCIL = "neighbourhood_council"  # rada osiedla
    YOUTH_COUNCIL = "youth_council"  # młodzieżowa rada
    INFORMAL = "informal"
    OTHER = "other"


class Register(StrEnum):
    """Where it is registered, if anywhere."""

    KRS = "krs"
    COUNTY = "county"  # ewidencja starosty
    RURAL_WOMEN = "rural_women"  # krajowy rejestr kół gospodyń wiejskich
    NONE = "none"


class Organisation(OfTenant, Base):
    """An organisation or an informal group."""

    __tablename__ = "organisation"
    __table_args__ = (
        pair(),
        UniqueConstraint("tenant_id", "slug"),
        one_of("kind", OrganisationKind),
        one_of("register", Register),
        CheckConstraint(
            "register <> 'krs' OR (register_number IS NOT NULL AND length(register_number) = 10)",
            name="krs",
        ),
        CheckConstraint("verified_at IS NULL OR refused_reason IS NULL", name="one_verdict"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str]
    name: Mapped[str]
    kind: Mapped[str]
    register: Mapped[str]
    register_number: Mapped[str | None]
    seat: Mapped[str]
    about: Mapped[str] = mapped_column(default="")
    created_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime]
    verified_at: Mapped[datetime | None]
    verified_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    refused_reason: Mapped[str | None]

    @property
    def consultation_scope(self) -> None:
        """Belong to the whole municipality: a role for one consultation does not reach here."""
        return


class OrganisationMember(OfTenant, Base):
    """A person who may speak for an organisation, from and until."""

    __tablename__ = "organisation_member"
    __table_args__ = (same_tenant("organisation_id", "organisation"),)
    public = False

    organisation_id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    function: Mapped[str]  # prezeska, wolontariusz
    since: Mapped[datetime]
    until: Mapped[datetime | None]
