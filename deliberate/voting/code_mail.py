"""Codes that go by e-mail or telephone. Of such a letter nothing is kept once it has left."""

from __future__ import annotations

from dataclasses import dataclass

from deliberate.kernel import clock, i18n, mail, sms, texts
from deliberate.kernel.i18n import say
from deliberate.kernel.texts import N_
from deliberate.notifications import links
from deliberate.notifications.actions import must_tell
from deliberate.subjects import registry
from deliberate.tenancy.models import Municipality
from deliberate.voting import addressees, codes
from deliberate.voting.addressee_rules import Addressee
from deliberate.voting.contacts import ContactKind
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


def send(tenant: Municipality, poll: Poll, batch_no: int, letter: Letter) -> None:
    """Write to somebody's e-mail or telephone, in the caller's transaction."""
    to, contact = letter.to, letter.to.contact
    assert contact is not None  # noqa: S101 - the others get a letter on paper
    card = registry.get_card(tenant.id, poll.subject_kind, poll.subject_id)
    url = links.absolute(tenant, "voting.ballot", slug=card.name)
    number, grouped = f"{batch_no}/{letter.serial}", codes.in_groups(letter.code)
    dedupe = addressees.mark_of(poll, number)
    last = clock.last_day(poll.ends_at)
    if contact.kind is ContactKind.EMAIL:
        must_tell(
            contact.address,
            tenant=tenant,
            locale=to.locale,
            kind=addressees.SENT,
            subject=SUBJECT,
            template="voting/sent_code",
            values={
                "title": poll.title,
                "code": grouped,
                "number": number,
                "last_day": last,
                "url": url,
            },
            dedupe=dedupe,
            is_secret=True,
        )
        return
    with i18n.speaking(to.locale):
        body = say(
            MESSAGE,
            place=tenant.where_in(to.locale),
            code=grouped,
            number=number,
            day=texts.day_text(last, to.locale, today=last),
            address=url.partition("://")[2],
            phone=tenant.office_phone,
        )
        subject = say(SUBJECT)
    mail.write(
        kind=addressees.SENT,
        address=sms.address(contact.address),
        subject=subject,
        body=body,
        locale=to.locale,
        tenant_id=tenant.id,
        dedupe=dedupe,
        is_secret=True,
    )


def take_back(poll: Poll, batch_no: int, serial: int) -> None:
    """Keep a letter here whose code has just been made void, if it has not left."""
    mail.take_back(addressees.mark_of(poll, f"{batch_no}/{serial}"))
