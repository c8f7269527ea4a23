"""The ten parts of a report (what the report of a consultation must hold), from the data.

Gathered at one moment, in Polish: it is an official document. Numbers are counted here and never
typed; what an officer writes comes as ``texts``. No name of a person who took part.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import case, func, select

from deliberate.authorship.models import Capacity
from deliberate.consultations import announcements, procedures, requirements
from deliberate.consultations import queries as consultations
from deliberate.consultations.models import Consultation
from deliberate.consultations.tiles import effect_sentence, public_change
from deliberate.discussion.models import Contribution
from deliberate.documents.actions import ON_BEHALF
from deliberate.documents.kinds import KIND as REMARK_KIND
from deliberate.documents.models import Document, Remark
from deliberate.kernel import texts
from deliberate.kernel.db import db, fetch_rows
from deliberate.meetings import words as meeting_words
from deliberate.meetings.outcome import Held
from deliberate.proposals.models import Proposal
from deliberate.reports import blocks, differences, surveyed
from deliberate.reports.blocks import Block, Part
from deliberate.reports.days import day_of, day_text
from deliberate.reports.entries import Entry
from deliberate.reports.kinds import Text
from deliberate.subjects.states import SHOWN, TOMBSTONE
from deliberate.subjects.visibility import shown
from deliberate.tenancy.models import Municipality
from deliberate.voting.models import Participation, Poll
from deliberate.voting.states import PollState

UNTHEMED = "bez tematu"
WAITS = "bez stanowiska"
SPEAKERS = (
    ("mieszkanki, mieszkańcy, goście", frozenset({Capacity.RESIDENT, Capacity.GUEST})),
    ("organizacje", frozenset({Capacity.ORGANISATION})),
    ("instytucje, firmy i grupy, w których imieniu ktoś pisał", frozenset({ON_BEHALF})),
    (
        "radni, sołtysi, rady",
        frozenset(
            {
                Capacity.COUNCILLOR,
                Capacity.VILLAGE_HEAD,
                Capacity.NEIGHBOURHOOD_COUNCIL,
                Capacity.YOUTH_COUNCIL,
            }
        ),
    ),
    ("urząd i osoby prowadzące rozmowę", frozenset({Capacity.OFFICE, Capacity.FACILITATOR})),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """What the parts are made from."""

    tenant: Municipality
    consultation: Consultation
    around: consultations.Around
    entries: Sequence[Entry]
    texts: Mapping[str, str]
    held: Sequence[Held]  # meetings that took place, or were called off
    responsible: str
    case_number: str


def parts(source: Source) -> list[Part]:
    """Return the ten parts in their order; asks the database about twenty times, however many."""
    return [
        _subject(source),
        _dates(source),
        _numbers(source),
        _meetings(source),
        blocks.part("table", "Wszystkie uwagi i propozycje ze stanowiskami", blocks.ENTRIES),
        _summary(source),
        _conclusions(source),
        _next_steps(source),
        _evaluation(source),
        _annexes(source),
    ]


def _subject(source: Source) -> Part:
    consultation, tenant = source.consultation, source.tenant
    name = procedures.DEFINITIONS[procedures.Procedure(consultation.procedure)].name
    return blocks.part(
        "subject",
        "Przedmiot konsultacji, podstawa, kto prowadzi",
        blocks.facts(
            [
                ("Tytuł", consultation.title),
                ("Obszar", source.around.area or tenant.official_name),
                ("Tryb", name),
                ("Podstawa prawna", consultation.legal_basis or tenant.legal_basis),
                ("Kto zainicjował", source.texts[Text.INITIATOR]),
                ("Komórka prowadząca", source.around.unit or tenant.lead_unit),
                ("Osoba odpowiedzialna", source.responsible),
                ("Znak sprawy", source.case_number),
                ("Kontakt", consultation.contact),
                ("Urząd", f"{tenant.office_name}, {tenant.office_address}"),
                ("Skutek", effect_sentence(consultation)),
            ]
        ),
        blocks.prose(consultation.summary, "O co chodziło"),
        blocks.prose(consultation.can_change, "Na co był wpływ"),
        blocks.prose(consultation.cannot_change, "Co nie podlegało zmianie"),
    )


def _dates(source: Source) -> Part:
    phases = [
        [phase.title, day_text(times.first_day), day_text(times.last_day)]
        for phase, times in zip(
            source.consultation.phases, consultations.phase_times(source.consultation), strict=True
        )
    ]
    announced = [
        [
            procedures.CHANNEL_NAMES[procedures.Channel(row.channel)],
            day_text(row.done_on) if row.done_on else "nie ogłoszono",
            " ".join(text for text in (row.words, row.url) if text),
        ]
        for row in announcements.list_announcements(source.consultation)
    ]
    forms = requirements.phase_forms(consultations.phase_times(source.consultation))
    forms |= requirements.real_forms(source.consultation)
    names = [procedures.FORM_NAMES[form] for form in procedures.Form if form in forms]
    published = source.consultation.published_at
    return blocks.part(
        "dates",
        "Terminy, formy i ogłoszenia",
        blocks.facts([("Ogłoszono w portalu", day_of(published) if published else "")]),
        blocks.table("Etapy", ["Etap", "Pierwszy dzień", "Ostatni dzień"], phases),
        blocks.listing(names, "Formy konsultacji"),
        blocks.table(
            "Gdzie ogłoszono",
            ["Kanał", "Dzień", "Potwierdzenie"],
            announced,
        ),
    )


def _numbers(source: Source) -> Part:
    remarks = [entry for entry in source.entries if entry.kind == REMARK_KIND]
    by_channel = Counter(entry.channel for entry in remarks)
    late = Counter(entry.channel for entry in remarks if entry.is_late)
    withdrawn = Counter(entry.channel for entry in remarks if entry.is_withdrawn)
    channels = [
        [channel, str(by_channel[channel]), str(late[channel]), str(withdrawn[channel])]
        for channel in sorted(by_channel, key=lambda name: (-by_channel[name], name))
    ]
    positions = Counter(entry.position or WAITS for entry in source.entries if not entry.is_hidden)
    shares = [[name, str(count)] for name, count in _most_first(positions)]
    return blocks.part(
        "numbers",
        "Ile osób i w jaki sposób",
        blocks.facts(_taking_part(source, remarks)),
        blocks.table(
            "Uwagi według sposobu złożenia",
            ["Sposób", "Razem", "W tym po terminie", "W tym wycofane"],
            channels,
        ),
        _speakers(source),
        blocks.table("Stanowiska", ["Stanowisko", "Ile"], shares),
        *surveyed.blocks_in(source.consultation),
    )


def _taking_part(source: Source, remarks: Sequence[Entry]) -> list[tuple[str, str]]:
    consultation = source.consultation
    alike = [entry for entry in remarks if entry.same > 1]
    # Each letter of a group says how large it is, so each counts for its share of one group.
    groups = round(sum(1 / entry.same for entry in alike))
    found = [
        ("Uwagi", _count(len(remarks))),
        ("Jednakowe pisma", f"{len(alike)} (grupy: {groups})" if alike else ""),
        ("Propozycje", _count(len(source.entries) - len(remarks))),
        ("Poparcia propozycji", _count(_supports(consultation))),
        ("Wypowiedzi w rozmowie", _count(_voices(consultation))),
        ("Uczestnicy spotkań", _count(sum(held.attendance or 0 for held in source.held))),
        ("Udział w głosowaniu", _count(_votes(consultation))),
    ]
    return [(label, value) for label, value in found if value]


def _speakers(source: Source) -> Block | None:
    counted: Counter[str] = Counter()
    for model in (Remark, Proposal):
        on_behalf = func.count(case((model.capacity_label.startswith(ON_BEHALF), 1)))
        found = fetch_rows(
            select(model.capacity, func.count() - on_behalf, on_behalf)
            .where(
                model.tenant_id == source.consultation.tenant_id,
                model.consultation_id == source.consultation.id,
            )
            .group_by(model.capacity)
        )
        for capacity, own, others in found:
            counted.update({capacity: own, ON_BEHALF: others})
    rows = [
        [label, str(total)]
        for label, capacities in SPEAKERS
        if (total := sum(counted[capacity] for capacity in capacities))
    ]
    return blocks.table("W czyim imieniu składano uwagi i propozycje", ["Kto", "Ile"], rows)


def _meetings(source: Source) -> Part:
    found = [block for held in source.held for block in _meeting(held)]
    return blocks.part(
        "meetings",
        "Przebieg spotkań",
        *(found or [blocks.prose("Spotkań nie było.")]),
    )


def _meeting(held: Held) -> list[Block | None]:
    meeting = held.meeting
    questions = [[row.question, row.asked_by, row.answer] for row in held.questions]
    return [
        blocks.facts(
            [
                ("Spotkanie", meeting.title),
                ("Forma", meeting_words.kind_name(meeting.kind)),
                ("Kiedy", meeting_words.when(meeting)),
                ("Gdzie", meeting_words.place(meeting)),
                ("Stan", meeting_words.state_name(meeting)),
                ("Powód", meeting.state_reason),
                ("Kto prowadził", meeting.leader),
                ("Liczba osób", _count(held.attendance or 0)),
                ("Załączniki", ", ".join(file.alt or file.name for file in held.files)),
            ]
        ),
        blocks.listing(held.topics, "Tematy"),
        blocks.prose(held.note, "Notatka"),
        blocks.table(
            f"{meeting.title} – pytania i odpowiedzi",
            ["Pytanie", "Kto pytał", "Odpowiedź"],
            questions,
        ),
    ]


def _summary(source: Source) -> Part:
    themes: dict[str, Counter[str]] = {}
    for entry in source.entries:
        if not entry.is_hidden:
            counted = themes.setdefault(entry.theme or UNTHEMED, Counter())
            counted[entry.position or WAITS] += 1
    rows = [
        [
            theme,
            str(counted.total()),
            ", ".join(f"{name}: {count}" for name, count in _most_first(counted)),
        ]
        for theme, counted in sorted(
            themes.items(), key=lambda pair: (pair[0] == UNTHEMED, -pair[1].total(), pair[0])
        )
    ]
    return blocks.part(
        "summary",
        "Podsumowanie według tematów",
        blocks.prose(source.texts[Text.SUMMARY]),
        blocks.table("Tematy", ["Temat", "Uwagi i propozycje", "Stanowiska"], rows)
        if themes.keys() - {UNTHEMED}
        else None,
        blocks.prose(source.texts[Text.MINORITY], "Zdania mniejszości"),
    )


def _conclusions(source: Source) -> Part:
    return blocks.part(
        "conclusions",
        "Wnioski i co się zmienia",
        blocks.prose(source.texts[Text.CONCLUSIONS]),
        *(
            block
            for document in _documents(source.consultation)
            for block in differences.blocks_of(source.consultation, document)
        ),
    )


def _next_steps(source: Source) -> Part:
    due = source.consultation.decision_due
    return blocks.part(
        "next_steps",
        "Następne kroki",
        blocks.prose(source.texts[Text.NEXT_STEPS]),
        blocks.facts(
            [
                ("Kto podejmie decyzję", source.consultation.decided_by),
                ("Do kiedy", day_text(due) if due else ""),
            ]
        ),
    )


def _evaluation(source: Source) -> Part:
    changes = [
        [
            change.what,
            change.old or "–",
            change.new or "–",
            change.reason or "–",
            day_of(change.at),
        ]
        for change in map(public_change, consultations.list_changes(source.consultation))
    ]
    hidden = sum(entry.is_hidden for entry in source.entries) + _hidden_voices(source.consultation)
    return blocks.part(
        "evaluation",
        "Ocena przebiegu, skargi, ograniczenia",
        blocks.prose(source.texts[Text.EVALUATION]),
        blocks.facts([("Wpisy ukryte po zgłoszeniu", _count(hidden))]),
        blocks.table(
            "Zmiany ogłoszone w trakcie",
            ["Co", "Było", "Jest", "Dlaczego", "Kiedy"],
            changes,
        ),
    )


def _annexes(source: Source) -> Part:
    titles = [document.title for document in _documents(source.consultation)]
    names = [file.alt or file.name for file in source.around.files]
    return blocks.part(
        "annexes",
        "Załączniki",
        blocks.prose(source.texts[Text.ANNEXES]),
        blocks.listing([*titles, *names], "Dokumenty konsultacji"),
        blocks.listing(
            [
                "Tabela wszystkich uwag i propozycji (CSV)",
                "Dane raportu dla programów (JSON)",
            ],
            "Pliki raportu",
        ),
    )


# What is counted.


def _documents(consultation: Consultation) -> Sequence[Document]:
    return db.session.scalars(
        select(Document)
        .where(
            Document.tenant_id == consultation.tenant_id,
            Document.consultation_id == consultation.id,
            Document.version_no > 0,  # what is only prepared is nobody's to read yet
        )
        .order_by(Document.position, Document.id)
    ).all()


def _supports(consultation: Consultation) -> int:
    return int(
        db.session.scalar(
            select(func.coalesce(func.sum(Proposal.supports), 0)).where(
                Proposal.tenant_id == consultation.tenant_id,
                Proposal.consultation_id == consultation.id,
                shown(Proposal),
            )
        )
        or 0
    )


def _voices(consultation: Consultation) -> int:
    return _contributions(consultation, [str(state) for state in SHOWN])


def _hidden_voices(consultation: Consultation) -> int:
    return _contributions(consultation, [str(state) for state in TOMBSTONE])


def _contributions(consultation: Consultation, states: Sequence[str]) -> int:
    return (
        db.session.scalar(
            select(func.count()).where(
                Contribution.tenant_id == consultation.tenant_id,
                Contribution.consultation_id == consultation.id,
                Contribution.content_state.in_(sorted(states)),
                Contribution.withdrawn_at.is_(None),
            )
        )
        or 0
    )


def _votes(consultation: Consultation) -> int:
    """Return how many voted, once the result is published; before it nobody may know."""
    return (
        db.session.scalar(
            select(func.count())
            .select_from(Participation)
            .join(Poll, Poll.id == Participation.poll_id)
            .where(
                Poll.tenant_id == consultation.tenant_id,
                Poll.consultation_id == consultation.id,
                Poll.state == PollState.PUBLISHED,
            )
        )
        or 0
    )


# How it is said.


def _most_first(counted: Counter[str]) -> list[tuple[str, int]]:
    return sorted(counted.items(), key=lambda pair: (-pair[1], pair[0]))


def _count(number: int) -> str:
    return texts.number(number, "pl") if number else ""
