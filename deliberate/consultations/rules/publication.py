"""What a consultation needs before it is published, and what would help it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from deliberate.consultations.rules.corrections import ALREADY_PUBLISHED
from deliberate.consultations.rules.phases import PhaseTimes, phases_refusal
from deliberate.consultations.rules.steps import NO_SUCH_STEP
from deliberate.consultations.states import UNPUBLISHED, State
from deliberate.kernel.refusals import Refusal
from deliberate.kernel.texts import N_
from deliberate.subjects.activities import Activity

SHOWN_MUSTS = 3
LONG_SUMMARY = 600  # characters; three sentences are about half of it
PUBLICATION_MUSTS = Refusal(
    "publication.musts", N_("Zanim wyślesz do zatwierdzenia, uzupełnij: %(what)s")
)
ASK_SOMEONE_ELSE = Refusal(
    "publication.same_person",
    N_("Własnych konsultacji nie możesz zatwierdzić. Wybierz kogoś innego."),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class LegalMinimum:
    """How long people must have for remarks, by law or resolution; never a constant here."""

    days: int
    source: str
    verified: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicationFacts:
    """What a consultation has when somebody wants to publish it; ``minimum``: of a document."""

    today: date
    title: str
    summary: str
    can_change: str
    cannot_change: str
    contact: str
    answer_due: date | None
    has_appeal_person: bool
    has_document: bool
    easy_text: str
    sign_video_url: str
    has_topics: bool
    missing_languages: tuple[str, ...]
    needs_document: bool
    minimum: LegalMinimum | None
    remark_days: int
    last_day: date | None  # of taking part
    first_day: date | None
    phases: tuple[PhaseTimes, ...]


@dataclass(frozen=True, slots=True)
class Remark:
    """One line of a list before publication: ``field`` is where to mend it."""

    field: str
    text: str
    source: str = ""
    values: tuple[tuple[str, object], ...] = ()


def musts(facts: PublicationFacts) -> list[Remark]:
    """Return what stops publication, the most basic first."""
    found: list[Remark] = []
    for field, present, text in (
        ("title", facts.title, N_("Brakuje tytułu.")),
        ("summary", facts.summary, N_("Napisz, o co chodzi.")),
        ("can_change", facts.can_change, N_("Napisz, na co ludzie mają wpływ.")),
        ("cannot_change", facts.cannot_change, N_("Napisz, czego nie zmienicie.")),
        ("contact", facts.contact, N_("Podaj, z kim się skontaktować.")),
    ):
        if not present.strip():
            found.append(Remark(field, text))
    found += _must_dates(facts)
    if facts.answer_due is None:
        found.append(Remark("answer_due", N_("Obiecaj dzień, do którego urząd odpowie.")))
    opened = frozenset(activity for phase in facts.phases for activity in phase.opens)
    if Activity.DISCUSS in opened and not facts.has_appeal_person:
        found.append(
            Remark(
                "appeal_person_id", N_("Wskaż osobę, która rozpatrzy odwołania od ukrycia wpisu.")
            )
        )
    if facts.needs_document and not facts.has_document:
        found.append(Remark("upload", N_("Dodaj dokument, którego dotyczą uwagi.")))
    return found


def _must_dates(facts: PublicationFacts) -> list[Remark]:
    refusal = phases_refusal(facts.phases)
    if refusal is not None:
        return [Remark("phases", refusal.message, values=tuple(refusal.values.items()))]
    found: list[Remark] = []
    if facts.last_day is not None and facts.last_day < facts.today:
        found.append(Remark("phases", N_("Wszystkie etapy już minęły. Ustaw nowe daty.")))
    elif facts.first_day is not None and facts.first_day < facts.today:
        found.append(
            Remark("phases", N_("Pierwszy etap zaczął się przed ogłoszeniem. Przesuń go."))
        )
    if facts.answer_due and facts.last_day and facts.answer_due <= facts.last_day:
        found.append(
            Remark(
                "answer_due", N_("Dzień odpowiedzi musi być po ostatnim etapie z głosami ludzi.")
            )
        )
    minimum = facts.minimum
    if minimum is not None and minimum.verified and facts.remark_days < minimum.days:
        found.append(
            Remark(
                "phases",
                N_("Zbieranie uwag trwa za krótko. Dni: %(has)s, wymagane co najmniej: %(needs)s."),
                source=minimum.source,
                values=(("has", facts.remark_days), ("needs", minimum.days)),
            )
        )
    return found


def mays(facts: PublicationFacts) -> list[Remark]:
    """Return what would help people and stops nothing."""
    found: list[Remark] = []
    minimum = facts.minimum
    if minimum is not None and not minimum.verified and facts.remark_days < minimum.days:
        # A number that nobody has checked against its source is advice, not a bar.
        found.append(
            Remark(
                "phases",
                N_(
                    "Sprawdź, ile dni muszą trwać uwagi. Dni: %(has)s; "
                    "przepis, jeszcze niesprawdzony, mówi: %(needs)s."
                ),
                source=minimum.source,
                values=(("has", facts.remark_days), ("needs", minimum.days)),
            )
        )
    if len(facts.summary) > LONG_SUMMARY:
        found.append(Remark("summary", N_("Opis jest długi. Trzy zdania przeczyta więcej osób.")))
    if not facts.easy_text.strip():
        found.append(Remark("easy_text", N_("Tekst łatwy do czytania (ETR)")))
    if not facts.sign_video_url:
        found.append(Remark("sign_video_url", N_("Nagranie w polskim języku migowym")))
    if not facts.has_topics:
        found.append(Remark("topics", N_("Tematy, pod którymi ludzie znajdą konsultacje")))
    found += [
        Remark("translations", N_("Tłumaczenie: %(language)s"), values=(("language", language),))
        for language in facts.missing_languages
    ]
    return found


def ask_refusal(
    facts: PublicationFacts, state: str, *, asked_by: int, asked_of: int | None
) -> Refusal | None:
    """Return why publication cannot be asked for."""
    if state not in UNPUBLISHED:
        return ALREADY_PUBLISHED
    if found := musts(facts):
        return PUBLICATION_MUSTS.with_values(what=found[0].text % dict(found[0].values))
    if asked_of == asked_by:
        return ASK_SOMEONE_ELSE
    return None


def publish_refusal(facts: PublicationFacts, state: str) -> Refusal | None:
    """Return why what was approved cannot be published now: days have passed since it was asked."""
    if state != State.AWAITING_APPROVAL:
        return NO_SUCH_STEP
    if found := musts(facts):
        return PUBLICATION_MUSTS.with_values(what=found[0].text % dict(found[0].values))
    return None
