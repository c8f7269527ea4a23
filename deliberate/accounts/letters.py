"""Letters of accounts. They follow what a person just asked for, so none can be switched off.

They are rows of the outbox in the caller's transaction; kinds: "account.code" (removed after a
day, see retention), "account.notice", "account.residence", "account.invitation".
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType

from flask import current_app

from deliberate.access.roles import NAMES
from deliberate.accounts import codes, limits
from deliberate.accounts.models import Person, Residence, ResidenceState
from deliberate.kernel import mail
from deliberate.kernel.actor import Role
from deliberate.kernel.i18n import say, speaking
from deliberate.kernel.texts import N_
from deliberate.tenancy.models import Municipality

CODE_KIND = "account.code"
NOTICE_KIND = "account.notice"
RESIDENCE_KIND = "account.residence"
INVITATION_KIND = "account.invitation"
INSTALLATION = "Deliberate"  # in the place of a municipality, for a person who is in none


class FactorChange(StrEnum):
    """What happened to a second factor; the letter's text says each in its own words."""

    SET = "set"
    REPLACED = "replaced"
    OFF = "off"
    NEW_CODES = "new_codes"
    CODE_USED = "code_used"
    RESET = "reset"  # by two administrators
    RESET_BY_OPERATOR = "reset_by_operator"


FACTOR_SUBJECTS: Mapping[FactorChange, str] = MappingProxyType(
    {
        FactorChange.SET: N_("Drugi składnik logowania jest ustawiony – %(place)s"),
        FactorChange.REPLACED: N_("Drugi składnik logowania jest zmieniony – %(place)s"),
        FactorChange.OFF: N_("Drugi składnik logowania jest wyłączony – %(place)s"),
        FactorChange.NEW_CODES: N_("Nowe kody zapasowe do logowania – %(place)s"),
        FactorChange.CODE_USED: N_("Użyto kodu zapasowego do logowania – %(place)s"),
        FactorChange.RESET: N_("Urząd usunął drugi składnik logowania – %(place)s"),
        FactorChange.RESET_BY_OPERATOR: N_("Drugi składnik logowania został usunięty – %(place)s"),
    }
)


def write_code(address: str, code: str, *, tenant: Municipality, locale: str) -> None:
    """Send six digits. The same letter goes to a known address and to an unknown one."""
    _write(
        CODE_KIND,
        address,
        N_("Kod: %(code)s – %(place)s"),
        "code",
        tenant=tenant,
        locale=locale,
        code=codes.in_groups(code, 3),
    )


def write_taken(address: str, *, tenant: Municipality, locale: str) -> None:
    """Tell the owner of an address that another account asked for it; there is no code in it."""
    _write(
        NOTICE_KIND,
        address,
        N_("Ktoś podał ten adres przy swoim koncie – %(place)s"),
        "taken",
        tenant=tenant,
        locale=locale,
    )


def write_email_changed(old: str, *, tenant: Municipality, locale: str) -> None:
    """Tell the former address, in case it was not its owner who changed it."""
    _write(
        NOTICE_KIND,
        old,
        N_("Konto ma nowy adres e-mail – %(place)s"),
        "email_changed",
        tenant=tenant,
        locale=locale,
    )


def write_closed(old: str, *, tenant: Municipality, locale: str) -> None:
    _write(
        NOTICE_KIND,
        old,
        N_("Konto zostało zamknięte – %(place)s"),
        "closed",
        tenant=tenant,
        locale=locale,
    )


def write_failures(person: Person, *, tenant: Municipality, at: datetime) -> None:
    """Tell the owner that somebody tries to get in; once a day, by the day of the tries."""
    if person.email is None:
        return
    _write(
        NOTICE_KIND,
        person.email,
        N_("Nieudane próby zalogowania na Twoje konto – %(place)s"),
        "failures",
        tenant=tenant,
        locale=person.locale,
        person_id=person.id,
        dedupe=f"account.failures:{person.id}:{at.date().isoformat()}",
        times=limits.FAILURES_TOLD.most,
        at=at,
    )


def write_factor(person: Person, change: FactorChange, *, tenant: Municipality | None) -> None:
    """Tell the owner that the second factor of their account changed, in case it was not they."""
    if person.email is None:
        return
    _write(
        NOTICE_KIND,
        person.email,
        FACTOR_SUBJECTS[change],
        "second_factor",
        tenant=tenant,
        locale=person.locale,
        person_id=person.id,
        change=change,
    )


def write_residence_decided(person: Person, residence: Residence, *, tenant: Municipality) -> None:
    """Tell what the office decided, and why if it did not confirm."""
    if person.email is None:
        return
    confirmed = residence.state == ResidenceState.CONFIRMED
    _write(
        RESIDENCE_KIND,
        person.email,
        N_("Zamieszkanie potwierdzone – %(place)s")
        if confirmed
        else N_("Urząd nie potwierdził zamieszkania – %(place)s"),
        "residence_decided",
        tenant=tenant,
        locale=person.locale,
        person_id=person.id,
        confirmed=confirmed,
        reason=residence.reason,
    )


def write_invitation(
    address: str,
    *,
    tenant: Municipality,
    locale: str,
    inviter: str,
    role: Role,
    expires_at: datetime,
    url: str,
) -> None:
    """Invite an address to a role. The link is nowhere else; whoever has it still must sign in."""
    _write(
        INVITATION_KIND,
        address,
        N_("Zaproszenie do współpracy – %(place)s"),
        "invitation",
        tenant=tenant,
        locale=locale,
        inviter=inviter,
        role=NAMES[role],
        expires_at=expires_at,
        link=url,
    )


def _write(
    kind: str,
    address: str,
    subject: str,
    template: str,
    *,
    tenant: Municipality | None,
    locale: str,
    person_id: int | None = None,
    dedupe: str | None = None,
    **values: object,
) -> None:
    with speaking(locale):
        place = tenant.name_in(locale) if tenant is not None else INSTALLATION
        title = say(subject, place=place, **values)
        # Without the context of a page: commands write letters too.
        letter = current_app.jinja_env.get_template(f"emails/accounts/{template}.txt")
        body = letter.render(tenant=tenant, place=place, locale=locale, **values)
    mail.write(
        kind=kind,
        address=address,
        subject=title,
        body=body,
        locale=locale,
        tenant_id=tenant.id if tenant is not None else None,
        person_id=person_id,
        dedupe=dedupe,
    )
