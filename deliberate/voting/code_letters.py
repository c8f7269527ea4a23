"""Letters with codes for paper: one sheet a code, seen by whoever prints it and by nobody else."""

from __future__ import annotations

import io
from collections.abc import Sequence

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


def letters(tenant: Municipality, poll: Poll, batch_no: int, made: Sequence[str]) -> bytes:
    """Return the PDF, in the order of the serials. Slow; never inside a transaction."""
    card = registry.get_card(tenant.id, poll.subject_kind, poll.subject_id)
    url = links.absolute(tenant, "voting.ballot", slug=card.name)
    address = url.partition("://")[2]
    locale = i18n.locale()
    last_day = texts.day_text(
        clock.last_day(poll.ends_at), locale, today=clock.last_day(poll.ends_at)
    )
    data = {
        "title": say(N_("Kod do głosowania: %(title)s"), title=poll.title),
        "heading": poll.title,
        "office": f"{tenant.office_name}, {tenant.office_address}",
        "place": say(N_("Miejsce na adres")),
        "lead": say(N_("To Twój kod do głosowania przez internet. Działa jeden raz.")),
        "code_label": say(N_("Kod")),
        "codes": [codes.in_groups(code) for code in made],
        "serial": say(N_("List nr %(batch)s/"), batch=batch_no),
        "steps": [
            say(N_("Wejdź na stronę %(address)s albo zeskanuj znak obok."), address=address),
            say(N_("Wybierz i naciśnij „Dalej”.")),
            say(N_("Wpisz kod i oddaj głos. Zrób to najpóźniej: %(day)s."), day=last_day),
        ],
        "secret": say(
            N_(
                "Nie dawaj kodu nikomu: kto go ma, ten głosuje. W znaku obok jest tylko adres "
                "strony, nie ma w nim kodu. List zgubiony albo otwarty? Zadzwoń: %(phone)s."
            ),
            phone=tenant.office_phone,
        ),
        "qr": qr(url),
        "qr_alt": say(N_("Kod QR z adresem %(address)s"), address=address),
    }
    return paper.typeset(
        "code_letters", data, language=locale, at=clock.now(), seconds=MOST_SECONDS
    )


def qr(url: str) -> str:
    """Return a picture of an address, as SVG for paper."""
    out = io.BytesIO()
    segno.make(url, error="m", micro=False).save(out, kind="svg", border=2, xmldecl=False)
    return out.getvalue().decode()
