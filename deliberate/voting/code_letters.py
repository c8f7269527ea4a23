"""Letters with codes for paper: one sheet a code, seen by whoever prints it and by nobody else.

Polish, with a sentence in the other languages: whose language is which is not known of all.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import segno

from deliberate.kernel import clock, i18n, paper, texts
from deliberate.kernel.i18n import say
from deliberate.kernel.texts import N_
from deliberate.notifications import links
from deliberate.subjects import registry
from deliberate.tenancy.models import Municipality
from deliberate.voting import codes
from deliberate.voting.models import Poll

MOST_SECONDS = 120
OTHER_LANGUAGES = ("en", "uk")
SHORT = N_(
    "W ramce jest Twój kod do głosowania. Do %(day)s wejdź na %(address)s, wybierz i wpisz kod. "
    "Działa jeden raz. Nie dawaj go nikomu. Pytania: %(phone)s."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """One letter: its number in the batch, its code, the lines of the address if there is one."""

    serial: int
    code: str
    to: Sequence[str] = ()


def letters(tenant: Municipality, poll: Poll, batch_no: int, sheets: Sequence[Sheet]) -> bytes:
    """Return the PDF. Slow; never inside a transaction."""
    card = registry.get_card(tenant.id, poll.subject_kind, poll.subject_id)
    url = links.absolute(tenant, "voting.ballot", slug=card.name)
    address = url.partition("://")[2]
    last_day = clock.last_day(poll.ends_at)
    with i18n.speaking("pl"):
        data = {
            "title": say(N_("Kod do głosowania: %(title)s"), title=poll.title),
            "heading": poll.title,
            "office": tenant.office_name,
            "office_address": tenant.office_address,
            "place": say(N_("Miejsce na adres")),
            "lead": say(N_("To Twój kod do głosowania przez internet. Działa jeden raz.")),
            "code_label": say(N_("Kod")),
            "letters": [
                {
                    "to": list(sheet.to),
                    "code": codes.in_groups(sheet.code),
                    "number": say(
                        N_("Numer listu: %(number)s"),
                        number=f"{batch_no}/{sheet.serial}",
                    ),
                }
                for sheet in sheets
            ],
            "steps": [
                say(N_("Wejdź na stronę %(address)s albo zeskanuj znak obok."), address=address),
                say(N_("Wybierz i naciśnij „Dalej”.")),
                say(
                    N_("Wpisz kod i oddaj głos. Zrób to najpóźniej: %(day)s."),
                    day=_day(last_day, "pl"),
                ),
            ],
            "secret": say(
                N_(
                    "Nie dawaj kodu nikomu: kto go ma, ten głosuje. W znaku QR jest tylko adres "
                    "strony, bez kodu. List przyszedł otwarty? Zadzwoń: %(phone)s."
                ),
                phone=tenant.office_phone,
            ),
            "unknown": say(
                N_(
                    "Nie zapisujemy, kto dostał który kod. Zgubionego listu nie da się więc "
                    "wydrukować drugi raz, chyba że znasz jego numer: wtedy urząd unieważni ten "
                    "kod i wyśle inny."
                )
            ),
            "qr": qr(url),
            "qr_alt": say(N_("Kod QR z adresem %(address)s"), address=address),
        }
    data["others"] = [_in(language, tenant, address, last_day) for language in OTHER_LANGUAGES]
    return paper.typeset("code_letters", data, language="pl", at=clock.now(), seconds=MOST_SECONDS)


def _in(language: str, tenant: Municipality, address: str, last_day: date) -> dict[str, str]:
    with i18n.speaking(language):
        text = say(SHORT, day=_day(last_day, language), address=address, phone=tenant.office_phone)
    return {"lang": language, "text": text}


def _day(day: date, locale: str) -> str:
    return texts.day_text(day, locale, today=day)


def qr(url: str) -> str:
    """Return a picture of an address, as SVG for paper."""
    out = io.BytesIO()
    segno.make(url, error="m", micro=False).save(out, kind="svg", border=2, xmldecl=False)
    return out.getvalue().decode()
