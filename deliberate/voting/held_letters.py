"""Letters to people whose vote is held: that it is, how to explain it, and until when.

They never say what was chosen, nor what the vote has in common with others: that concerns other
people too, and is told at the office. A message to a telephone has no link with a code in it, so
that nobody learns to press such links; the code is typed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from deliberate.kernel import clock, i18n, mail, paper, sms, texts
from deliberate.kernel.i18n import say
from deliberate.kernel.texts import N_
from deliberate.notifications import links
from deliberate.notifications.actions import must_tell
from deliberate.subjects import registry
from deliberate.tenancy.models import Municipality
from deliberate.voting import codes
from deliberate.voting.code_letters import MOST_SECONDS, qr
from deliberate.voting.contacts import Contact, ContactKind
from deliberate.voting.models import Poll
from deliberate.voting.quarantine import Addressee

KIND = "voting.held"
ENDPOINT, CODE = "voting.explanation", "kod"
OTHER_LANGUAGES = ("en", "uk")
SHORT = N_(
    "Twój głos jest zapisany. Zanim go policzymy, musimy coś sprawdzić. Wyjaśnij to do %(day)s: "
    "na stronie %(address)s, pod numerem %(phone)s albo w urzędzie."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """What one letter says."""

    number: str  # of the case
    code: str
    until: datetime


def send(
    tenant: Municipality, poll: Poll, contact: Contact, notice: Notice, *, locale: str
) -> None:
    """Write to a telephone or an e-mail, in the caller's transaction."""
    if contact.kind is ContactKind.SMS:
        _send_message(tenant, poll, contact, notice, locale=locale)
        return
    url = _address(tenant, poll)
    must_tell(
        contact.address,
        tenant=tenant,
        locale=locale,
        kind=KIND,
        subject=N_("Twój głos czeka na wyjaśnienie"),
        template="voting/held",
        values={
            "title": poll.title,
            "number": notice.number,
            "last_day": clock.last_day(notice.until),
            "code": codes.in_groups(notice.code),
            "url": f"{url}?{CODE}={codes.in_groups(notice.code)}",
        },
        dedupe=f"{KIND}:{notice.number}",
    )


def print_all(
    tenant: Municipality,
    poll: Poll,
    addressees: Sequence[Addressee],
    made: Sequence[str],
    *,
    written_at: datetime,
    until: datetime,
) -> bytes:
    """Return letters for the post as a PDF, a sheet each. Slow; never inside a transaction.

    Polish, with a sentence in the other languages: whose language is which is not known of all.
    """
    url = _address(tenant, poll)
    last_day = clock.last_day(until)
    with i18n.speaking("pl"):
        data = {
            "title": say(N_("Głosy do wyjaśnienia: %(title)s"), title=poll.title),
            "heading": say(N_("Twój głos czeka na wyjaśnienie")),
            "office": tenant.office_name,
            "office_address": tenant.office_address,
            "lead": say(
                N_(
                    "Twój głos w głosowaniu „%(title)s” jest zapisany. Zanim go policzymy, musimy "
                    "coś sprawdzić."
                ),
                title=poll.title,
            ),
            "steps": [
                say(N_("Wejdź na stronę %(address)s albo zeskanuj znak obok."), address=_bare(url)),
                say(N_("Wpisz kod i napisz kilka zdań, które pomogą to wyjaśnić.")),
                say(
                    N_("Zrób to najpóźniej: %(day)s. Możesz też zadzwonić albo przyjść."),
                    day=_day(last_day, "pl"),
                ),
            ],
            "code_label": say(N_("Kod do wyjaśnienia")),
            "decision": say(
                N_(
                    "Decyzję podejmą dwie osoby i dostaniesz o niej list. Pytania: %(phone)s, "
                    "podaj numer sprawy. Nikt nie wie i nie zapyta, na co padł głos."
                ),
                phone=tenant.office_phone,
            ),
            "qr": qr(url),
            "qr_alt": say(N_("Kod QR z adresem %(address)s"), address=_bare(url)),
            "letters": [
                {"to": address_of(tenant, each), **_letter(each, code)}
                for each, code in zip(addressees, made, strict=True)
            ],
        }
    data["others"] = [_in(language, tenant, url, last_day) for language in OTHER_LANGUAGES]
    return paper.typeset("held_letters", data, language="pl", at=written_at, seconds=MOST_SECONDS)


def address_of(tenant: Municipality, addressee: Addressee) -> list[str]:
    """Return the lines of an address; of a code's holder, whom nobody knows, a number."""
    voter = addressee.voter
    if voter is None:
        return [say(N_("Miejsce na adres")), say(N_("List z kodem nr %(no)s"), no=addressee.code)]
    house = f"{voter.house_no}/{voter.flat}" if voter.flat else voter.house_no
    return [f"{voter.given_name} {voter.surname}", f"{voter.street} {house}", tenant.name]


def _letter(addressee: Addressee, code: str) -> dict[str, str]:
    number = say(N_("Numer sprawy: %(number)s"), number=addressee.number)
    return {"number": number, "code": codes.in_groups(code)}


def _in(language: str, tenant: Municipality, url: str, last_day: date) -> dict[str, str]:
    with i18n.speaking(language):
        text = say(
            SHORT, day=_day(last_day, language), address=_bare(url), phone=tenant.office_phone
        )
    return {"lang": language, "text": text}


def _send_message(
    tenant: Municipality, poll: Poll, contact: Contact, notice: Notice, *, locale: str
) -> None:
    with i18n.speaking(locale):
        body = say(
            N_(
                "Głosowanie %(place)s: Twój głos czeka na wyjaśnienie, sprawa %(number)s. "
                "Do %(day)s wejdź na %(address)s i wpisz kod %(code)s albo zadzwoń: %(phone)s."
            ),
            place=tenant.where_in(locale),
            number=notice.number,
            day=_day(clock.last_day(notice.until), locale),
            address=_bare(_address(tenant, poll)),
            code=codes.in_groups(notice.code),
            phone=tenant.office_phone,
        )
        subject = say(N_("Twój głos czeka na wyjaśnienie"))
    mail.write(
        kind=KIND,
        address=sms.address(contact.address),
        subject=subject,
        body=body,
        locale=locale,
        tenant_id=tenant.id,
        dedupe=f"{KIND}:{notice.number}",
    )


def _address(tenant: Municipality, poll: Poll) -> str:
    card = registry.get_card(tenant.id, poll.subject_kind, poll.subject_id)
    return links.absolute(tenant, ENDPOINT, slug=card.name)


def _bare(url: str) -> str:
    return url.partition("://")[2]


def _day(day: date, locale: str) -> str:
    return texts.day_text(day, locale, today=day)
