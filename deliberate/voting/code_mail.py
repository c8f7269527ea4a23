"""Codes that go by e-mail or telephone. Of such a letter nothing is kept once it has left."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from deliberate.kernel import clock, i18n, mail, sms, texts
from deliberate.kernel.i18n import say
from deliberate.kernel.mail import SecretLetter
from deliberate.kernel.texts import N_
from deliberate.notifications import links
from deliberate.notifications.letters import compose
from deliberate.subjects import registry
from deliberate.tenancy.models import Municipality
from deliberate.voting import addressees, codes
from deliberate.voting.addressee_rules import Addressee
from deliberate.voting.contacts import Contact, ContactKind
from deliberate.voting.models import Poll

SUBJECT = N_("Twój kod do głosowania")
MESSAGE = N_(
    "Głosowanie %(place)s. Twój kod: %(code)s, list nr %(number)s. Do %(day)s wejdź na %(address)s "
    "i wpisz kod. Nie podawaj go nikomu. Pytania: %(phone)s."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A code with its number in the batch, and to whom it goes."""

    serial: int
    code: str
    to: Addressee


def prepare(
    tenant: Municipality, poll: Poll, batch_no: int, letters: Sequence[Letter]
) -> list[SecretLetter]:
    """Make what goes by e-mail or telephone; who has only a postal address is left out. Slow."""
    card = registry.get_card(tenant.id, poll.subject_kind, poll.subject_id)
    url = links.absolute(tenant, "voting.ballot", slug=card.name)
    return [
        _prepare(tenant, poll, letter, contact, number=f"{batch_no}/{letter.serial}", url=url)
        for letter in letters
        if (contact := letter.to.contact) is not None
    ]


def _prepare(
    tenant: Municipality, poll: Poll, letter: Letter, contact: Contact, *, number: str, url: str
) -> SecretLetter:
    locale, code = letter.to.locale, codes.in_groups(letter.code)
    last = clock.last_day(poll.ends_at)
    if contact.kind is ContactKind.EMAIL:
        values = {
            "title": poll.title,
            "code": code,
            "number": number,
            "last_day": last,
            "url": url,
        }
        made = compose(tenant, locale, subject=SUBJECT, template="voting/sent_code", values=values)
        address, subject, body = contact.address, made.subject, made.body
    else:
        with i18n.speaking(locale):
            subject = say(SUBJECT)
            body = say(
                MESSAGE,
                place=tenant.where_in(locale),
                code=code,
                number=number,
                day=texts.day_text(last, locale, today=last),
                address=url.partition("://")[2],
                phone=tenant.office_phone,
            )
        address = sms.address(contact.address)
    return SecretLetter(
        kind=addressees.SENT,
        address=address,
        subject=subject,
        body=body,
        locale=locale,
        tenant_id=tenant.id,
        dedupe=addressees.mark_of(poll, number),
    )


def take_back(poll: Poll, batch_no: int, serial: int) -> None:
    """Keep a letter here whose code has just been made void, if it has not left."""
    mail.take_back(addressees.mark_of(poll, f"{batch_no}/{serial}"))
