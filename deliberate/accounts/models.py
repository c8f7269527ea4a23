"""The tables of people. A person is global; what they are in a municipality belongs to it."""

from datetime import date, datetime
from enum import StrEnum

from flask_login import UserMixin
from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, validates

from deliberate.algorithms.folding import fold
from deliberate.kernel.actor import Role
from deliberate.kernel.tables import Base, OfTenant, one_of, pair, same_tenant


class Form(StrEnum):
    """How a person wishes to be named in Polish: mieszkanka, mieszkaniec, or neither."""

    FEMININE = "f"
    MASCULINE = "m"
    NEUTRAL = "n"


class Person(UserMixin, Base):
    """One account for all municipalities.

    Personal data: address and name, kept until the account is closed; then both are emptied and
    what was written stays as "konto usunięte".
    """

    __tablename__ = "person"
    __table_args__ = (
        one_of("form", Form),
        CheckConstraint("(closed_at IS NULL) = (email_folded IS NOT NULL)", name="closed_is_empty"),
    )
    public = False

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str | None]  # as typed, for letters
    email_folded: Mapped[str | None] = mapped_column(unique=True)
    password_hash: Mapped[str | None]  # argon2; optional
    display_name: Mapped[str]  # "Halina K.", what pages show
    name_folded: Mapped[str] = mapped_column(default="")  # the same for searching, never set alone
    form: Mapped[str] = mapped_column(default=Form.NEUTRAL)
    locale: Mapped[str] = mapped_column(default="pl")
    aged_13_at: Mapped[datetime | None]  # when the person said they are at least 13
    created_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]

    @property
    def is_active(self) -> bool:
        return self.closed_at is None

    @validates("display_name")
    def _fold_name(self, _column: str, name: str) -> str:
        self.name_folded = fold(name)
        return name


class Purpose(StrEnum):
    """What a code, once typed, lets its browser do."""

    SIGN_IN = "sign_in"
    INTRODUCE = "introduce"  # the address is proven, the account is not made yet; has no code
    SECOND_STEP = "second_step"  # the first factor is proven, the second is not yet; has no code
    CHANGE_EMAIL = "change_email"


class EmailToken(Base):
    """A code sent to an address. Deleted a day after it ends."""

    __tablename__ = "email_token"
    __table_args__ = (one_of("purpose", Purpose),)
    public = False

    id: Mapped[str] = mapped_column(primary_key=True)  # random; the browser holds it in its cookie
    code_hash: Mapped[str]  # HMAC of id and code
    purpose: Mapped[str]
    email: Mapped[str]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    tenant_id: Mapped[int | None] = mapped_column(ForeignKey("municipality.id"))
    tries: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class SignInSession(Base):
    """A signed-in browser.

    Personal data: a rough name of the browser; deleted 30 days after the end.
    """

    __tablename__ = "sign_in_session"
    public = False

    token_hash: Mapped[str] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    tenant_id: Mapped[int | None] = mapped_column(ForeignKey("municipality.id"))
    browser: Mapped[str] = mapped_column(default="")  # "Firefox, Android", for the list
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    fresh_until: Mapped[datetime]
    second_factor_at: Mapped[datetime | None]  # when the second factor was proven, if there is one
    ended_at: Mapped[datetime | None]


class SecondFactor(Base):
    """An app that shows codes, asked for beside the e-mail or the password (RFC 6238).

    Personal data: the app's secret, sealed (accounts.seals). Kept until the person switches the
    factor off or sets another, two administrators or the operator take it away, or the account is
    closed; then the row goes.
    """

    __tablename__ = "second_factor"
    public = False

    person_id: Mapped[int] = mapped_column(
        ForeignKey("person.id"), primary_key=True, autoincrement=False
    )
    secret: Mapped[str]  # sealed anew whenever it is used
    confirmed_at: Mapped[datetime]  # the first code was right; names this secret among later ones
    last_step: Mapped[int]  # of the code last accepted: neither it nor an older one works again


class RecoveryCode(Base):
    """A code from paper that works once in the app's place.

    Only a keyed hash; kept, used or not, as long as the second factor it stands in for.
    """

    __tablename__ = "recovery_code"
    public = False

    hash: Mapped[str] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    used_at: Mapped[datetime | None]


class ScopeKind(StrEnum):
    """How far a membership reaches."""

    MUNICIPALITY = "municipality"
    CONSULTATION = "consultation"


class Membership(OfTenant, Base):
    """A role of a person in a municipality, given by another person, from and until."""

    __tablename__ = "membership"
    __table_args__ = (
        pair(),
        one_of("role", Role),
        one_of("scope_kind", ScopeKind),
        same_tenant("unit_id", "org_unit"),
        same_tenant("organisation_id", "organisation"),
        same_tenant("consultation_id", "consultation"),
        CheckConstraint("granted_by <> person_id", name="granted_by_another"),
        CheckConstraint(
            "(scope_kind = 'consultation') = (consultation_id IS NOT NULL)", name="scope"
        ),
        CheckConstraint("ends_at IS NULL OR starts_at < ends_at", name="dates"),
        CheckConstraint("absent_from <= absent_until", name="absence"),
        Index("ix_membership_person", "person_id", "tenant_id"),
    )
    public = False

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    role: Mapped[str]
    scope_kind: Mapped[str]
    consultation_id: Mapped[int | None]
    unit_id: Mapped[int | None]
    organisation_id: Mapped[int | None]
    job_title: Mapped[str] = mapped_column(default="")  # "główna specjalistka", shown with answers
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime | None]
    granted_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))  # None: installation
    substitute_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    # The first and the last day on which the substitute stands in; no days, no standing in.
    absent_from: Mapped[date | None]
    absent_until: Mapped[date | None]
    # When a facilitator agreed to handle data for the municipality (art. 28 RODO).
    agreed_at: Mapped[datetime | None]

    @property
    def consultation_scope(self) -> int | None:
        """What a role must reach to change this one (access.decorators)."""
        return self.consultation_id


class Invitation(OfTenant, Base):
    """An offer of a membership, by e-mail; single use, expiring."""

    __tablename__ = "invitation"
    __table_args__ = (one_of("role", Role), one_of("scope_kind", ScopeKind))
    public = False

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(unique=True)
    email: Mapped[str]
    role: Mapped[str]
    scope_kind: Mapped[str]
    consultation_id: Mapped[int | None]
    unit_id: Mapped[int | None]
    organisation_id: Mapped[int | None]
    job_title: Mapped[str] = mapped_column(default="")
    invited_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    invited_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    used_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    revoked_at: Mapped[datetime | None]

    @property
    def consultation_scope(self) -> int | None:
        return self.consultation_id


class ResidenceState(StrEnum):
    """How sure the municipality is that a person lives there."""

    DECLARED = "declared"
    CONFIRMED = "confirmed"
    REFUSED = "refused"


class ResidenceMethod(StrEnum):
    """How it became sure."""

    DECLARATION = "declaration"
    LETTER = "letter"
    DESK = "desk"


class Residence(OfTenant, Base):
    """That a person lives in the municipality.

    Personal data: the address, if a letter was asked for; emptied when the letter's code is used
    or has expired.
    """

    __tablename__ = "residence"
    __table_args__ = (
        UniqueConstraint("tenant_id", "person_id"),
        one_of("state", ResidenceState),
        one_of("method", ResidenceMethod),
        same_tenant("area_id", "area"),
        CheckConstraint("decided_by <> person_id", name="decided_by_another"),
        CheckConstraint("state <> 'refused' OR reason IS NOT NULL", name="refusal_has_reason"),
    )
    public = False

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    area_id: Mapped[int | None]
    state: Mapped[str]
    method: Mapped[str]
    declared_at: Mapped[datetime]
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime | None]
    reason: Mapped[str | None]
    letter_name: Mapped[str | None]
    letter_address: Mapped[str | None]
    letter_asked_at: Mapped[datetime | None]
    letter_code_hash: Mapped[str | None]
    letter_sent_at: Mapped[datetime | None]
    letter_tries: Mapped[int] = mapped_column(default=0)

    @property
    def consultation_scope(self) -> None:
        """Residence is a matter of the whole municipality, of no single consultation."""


class FormerRefusal(OfTenant, Base):
    """That the office refused residence to an account which has been closed since.

    Personal data: a keyed hash of the address, kept two years so that closing an account and
    making it anew is no way round the decision (accounts.former_refusals).
    """

    __tablename__ = "former_refusal"
    public = False

    tenant_id: Mapped[int] = mapped_column(ForeignKey("municipality.id"), primary_key=True)
    address_hash: Mapped[str] = mapped_column(primary_key=True)
    reason: Mapped[str]
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime]
    kept_since: Mapped[date]  # the day alone: the moment would name the account that was closed


class RulesAcceptance(OfTenant, Base):
    """A person has read the rules of discussion, in this version."""

    __tablename__ = "rules_acceptance"
    public = False

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    rules_id: Mapped[int] = mapped_column(ForeignKey("discussion_rules.id"), primary_key=True)
    accepted_at: Mapped[datetime]
