"""Posters (A4, A3) and leaflets (A5, two sides) of consultations and of meetings.

A sheet hangs in a shop for weeks: it says days with their year, an address short enough to be
typed off, and a telephone. It carries no code of a person.
"""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import lru_cache

import segno

from deliberate.consultations import queries as consultations
from deliberate.consultations.models import Consultation
from deliberate.consultations.tiles import Words, tile
from deliberate.kernel import clock, i18n, paper, prose, texts
from deliberate.kernel.i18n import LANGUAGES, say
from deliberate.kernel.texts import N_
from deliberate.meetings import queries as meetings
from deliberate.meetings import words as meeting_words
from deliberate.meetings.kinds import ACCESS
from deliberate.meetings.models import Meeting
from deliberate.reports.days import YEAR_ZERO
from deliberate.subjects.activities import Activity
from deliberate.tenancy.links import absolute
from deliberate.tenancy.models import Municipality

LONG_TITLE, SHORT_TITLE = 80, 45  # characters
REMEMBERED = 64  # sheets, of about 25 KB
MOST_SECONDS = 10
LONGEST_BACK = 600  # of each text on the back of a leaflet

# In the order of their weight.
WAYS = (
    (Activity.REMARK, N_("Przeczytaj projekt i zgłoś uwagę")),
    (Activity.VOTE, N_("Zagłosuj")),
    (Activity.PROPOSE, N_("Zgłoś propozycję")),
    (Activity.SUPPORT, N_("Przeczytaj i poprzyj propozycje")),
    (Activity.DISCUSS, N_("Zabierz głos w rozmowie")),
)
# Each in its own language, on every sheet but the one in that language.
READ_IT = {
    "pl": "Po polsku: {address}?jezyk=pl",
    "en": "In English: {address}?jezyk=en",
    "uk": "Українською: {address}?jezyk=uk",
}


class Paper(StrEnum):
    """Sizes; the value is what Typst calls it."""

    A3 = "a3"
    A4 = "a4"
    A5 = "a5"  # the leaflet


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """What stands on a sheet, in the language of the moment. ``url``: where its code leads."""

    eyebrow: str
    title: str
    question: str
    lead: str
    when: Sequence[tuple[str, str]]
    ways: Sequence[str]
    access: Sequence[str]
    back: Sequence[tuple[str, str]]  # of a leaflet: title and text
    url: str


def of_consultation(
    tenant: Municipality, consultation: Consultation, size: Paper, *, now: datetime
) -> bytes:
    shown = tile(consultation, now)
    opens = {activity for phase in consultation.phases for activity in phase.opens}
    times = consultations.phase_times(consultation)
    where = consultations.around(consultation).area or tenant.name_in(i18n.locale())
    return _typeset(
        tenant,
        Sheet(
            eyebrow=f"{say(N_('Konsultacje'))} · {where}",
            title=shown.words.title,
            question=_question(shown.words.title),
            lead=prose.excerpt(shown.words.summary, 600 if size is Paper.A5 else 420),
            when=[(say(each.title), _span(each.first_day, each.last_day)) for each in times],
            ways=[say(label) for activity, label in WAYS if activity in opens],
            access=(),
            back=_scope(shown.words) if size is Paper.A5 else (),
            url=absolute(tenant, "posters.short", number=consultation.id),
        ),
        size,
        now=now,
    )


def of_meeting(tenant: Municipality, meeting: Meeting, size: Paper, *, now: datetime) -> bytes:
    facts = meetings.poster_facts(meeting)
    place = ", ".join(text for text in (facts.place, facts.address) if text)
    day = texts.long_date(clock.local(facts.starts_at).date(), i18n.locale(), today=YEAR_ZERO)
    last = clock.last_day(facts.ends_at)
    if last != clock.local(facts.starts_at).date():
        day = _span(clock.local(facts.starts_at).date(), last)
    hours = facts.hours or (
        f"{meeting_words.hour(facts.starts_at)}–{meeting_words.hour(facts.ends_at)}"
    )
    access = [say(ACCESS[column]) for column in facts.access]
    back = [
        (say(N_("Co zabrać")), facts.bring),
        (say(N_("O czym")), prose.excerpt(meeting.about, LONGEST_BACK)),
    ]
    rows = [
        (say(N_("Dzień")), day),
        (say(N_("Godziny")), hours),
        (say(N_("Miejsce")), place),
        (say(N_("Dojazd")), facts.directions),
        (say(N_("Prowadzi")), facts.leader),
        (say(N_("Zapisy do")), _last_sign_up(facts.sign_up_until)),
    ]
    return _typeset(
        tenant,
        Sheet(
            eyebrow=meeting_words.kind_name(facts.kind),
            title=facts.title,
            question=say(N_("Odwołane")) if facts.is_cancelled else "",
            lead=facts.consultation_title or "",
            when=[row for row in rows if row[1]],
            ways=(),
            access=[*access, *([facts.access_contact] if facts.access_contact else [])],
            back=[part for part in back if part[1]] if size is Paper.A5 else (),
            url=absolute(tenant, "meetings.show", meeting_id=meeting.id),
        ),
        size,
        now=now,
    )


def _typeset(tenant: Municipality, sheet: Sheet, size: Paper, *, now: datetime) -> bytes:
    locale = i18n.locale()
    address = sheet.url.partition("://")[2]
    data = {
        "paper": str(size),
        "title": texts.no_orphans(sheet.title),
        "title_size": _title_size(sheet.title),
        "question": sheet.question,
        "eyebrow": sheet.eyebrow,
        "lead": sheet.lead,
        "facts_label": say(N_("Kiedy")),
        "facts": [list(row) for row in sheet.when],
        "ways_label": say(N_("Co możesz zrobić")),
        "ways": list(sheet.ways),
        "access_label": say(N_("Dostępność")),
        "access": list(sheet.access),
        "back": [{"title": title, "text": text} for title, text in sheet.back],
        "qr": _code(sheet.url),
        "qr_alt": say(N_("Kod QR z adresem %(address)s"), address=address),
        "address_label": say(N_("Wejdź na stronę")),
        "address": address,
        "phone_label": say(N_("albo zadzwoń:")),
        "phone": tenant.office_phone,
        "offline_label": say(N_("Bez internetu")),
        "offline": [line for line in tenant.paper_places.splitlines() if line.strip()],
        "languages": [
            [language, READ_IT[language].format(address=address)]
            for language in LANGUAGES
            if language != locale and language in tenant.language_list
        ],
        "office": f"{tenant.office_name}, {tenant.office_address}",
    }
    today = clock.start_of_day(clock.local(now).date())
    return _made(json.dumps(data, ensure_ascii=False), locale, today)


@lru_cache(REMEMBERED)
def _made(data: str, language: str, at: datetime) -> bytes:
    """Return the PDF; what a hundred people open on one day is typeset once a process."""
    return paper.typeset("poster", json.loads(data), language=language, at=at, seconds=MOST_SECONDS)


def _question(title: str) -> str:
    """Return what makes a title that asks nothing into a question."""
    return "" if title.rstrip().endswith("?") else say(N_("Co o tym myślisz?"))


def _scope(words: Words) -> list[tuple[str, str]]:
    return [
        (say(N_("Na co masz wpływ")), prose.excerpt(words.can_change, LONGEST_BACK)),
        (say(N_("Czego nie zmienimy")), prose.excerpt(words.cannot_change, LONGEST_BACK)),
    ]


def _span(first: date, last: date) -> str:
    end = texts.day_text(last, i18n.locale(), today=YEAR_ZERO)
    if first == last:
        return end
    start = texts.day_text(first, i18n.locale(), today=last)
    return f"{start} – {end}"


def _last_sign_up(until: datetime | None) -> str:
    if until is None:
        return ""
    return texts.day_text(clock.last_day(until), i18n.locale(), today=YEAR_ZERO)


def _title_size(title: str) -> int:
    """Return points of an A4: the longer, the smaller, and never small."""
    if len(title) > LONG_TITLE:
        return 28
    return 34 if len(title) > SHORT_TITLE else 40


def _code(url: str) -> str:
    out = io.BytesIO()
    segno.make(url, error="m", micro=False).save(out, kind="svg", border=2, xmldecl=False)
    return out.getvalue().decode()
