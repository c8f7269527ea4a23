"""What a consultation needs before it is published, and what would help it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from deliberate.consultations.procedures import Form
from deliberate.consultations.rules import legal
from deliberate.consultations.rules.corrections import ALREADY_PUBLISHED
from deliberate.consultations.rules.legal import Plan, Requirements
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


@dataclass(frozen=True, slots=True)
class Gap:
    """One line of a list before publication: ``field`` is where to mend it.

    ``unverified``: it rests on a number that nobody compared with its ``source``.
    """

    field: str
    text: str
    source: str = ""
    values: tuple[tuple[str, object], ...] = ()
    unverified: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicationFacts:
    """What a consultation has when somebody wants to publish it.

    ``requirements`` are those of its procedure, ``plan`` is what they are compared with.
    """

    today: date
    title: str
    summary: str
    can_change: str
    cannot_change: str
    contact: str
    answer_due: date | None
    has_appeal_person: bool
    easy_text: str
    sign_video_url: str
    has_topics: bool
    missing_languages: tuple[str, ...]
    requirements: Requirements
    plan: Plan
    form_names: Mapping[Form, str]  # in the reader's language
    last_day: date | None  # of taking part
    first_day: date | None
    phases: tuple[PhaseTimes, ...]
    lacking: tuple[Gap, ...] = ()  # what its components miss
    not_entered: tuple[Form, ...] = ()  # planned, without a day and a place


def musts(facts: PublicationFacts) -> list[Gap]:
    """Return what stops publication, the most basic first."""
    found: list[Gap] = []
    for field, present, text in (
        ("title", facts.title, N_("Brakuje tytułu.")),
        ("summary", facts.summary, N_("Napisz, o co chodzi.")),
        ("can_change", facts.can_change, N_("Napisz, na co ludzie mają wpływ.")),
        ("cannot_change", facts.cannot_change, N_("Napisz, czego nie zmienicie.")),
        ("contact", facts.contact, N_("Podaj, z kim się skontaktować.")),
    ):
        if not present.strip():
            found.append(Gap(field, text))
    found += _must_dates(facts)
    if facts.answer_due is None:
        found.append(Gap("answer_due", N_("Obiecaj dzień, do którego urząd odpowie.")))
    opened = frozenset(activity for phase in facts.phases for activity in phase.opens)
    if Activity.DISCUSS in opened and not facts.has_appeal_person:
        found.append(
            Gap("appeal_person_id", N_("Wskaż osobę, która rozpatrzy odwołania od ukrycia wpisu."))
        )
    return [*found, *_of_law(facts, verified=True), *facts.lacking]


def _must_dates(facts: PublicationFacts) -> list[Gap]:
    refusal = phases_refusal(facts.phases)
    if refusal is not None:
        return [Gap("phases", refusal.message, values=tuple(refusal.values.items()))]
    found: list[Gap] = []
    if facts.last_day is not None and facts.last_day < facts.today:
        found.append(Gap("phases", N_("Wszystkie etapy już minęły. Ustaw nowe daty.")))
    elif facts.first_day is not None and facts.first_day < facts.today:
        found.append(Gap("phases", N_("Pierwszy etap zaczął się przed ogłoszeniem. Przesuń go.")))
    if facts.answer_due and facts.last_day and facts.answer_due <= facts.last_day:
        found.append(
            Gap("answer_due", N_("Dzień odpowiedzi musi być po ostatnim etapie z głosami ludzi."))
        )
    return found


def _of_law(facts: PublicationFacts, *, verified: bool) -> list[Gap]:
    """Return what the law lacks. A number that nobody has checked is advice, not a bar."""
    found = legal.breaches(facts.requirements, facts.plan, say_form=facts.form_names)
    return [_gap(each) for each in found if each.rule.verified == verified]


def _gap(breach: legal.Breach) -> Gap:
    return Gap(
        breach.field,
        breach.text,
        source=breach.rule.source,
        values=breach.values,
        unverified=not breach.rule.verified,
    )


def mays(facts: PublicationFacts) -> list[Gap]:
    """Return what would help people and stops nothing."""
    found: list[Gap] = []
    found += _of_law(facts, verified=False)
    found += [_gap(each) for each in legal.advice(facts.requirements, facts.plan)]
    if facts.not_entered:
        named = ", ".join(facts.form_names[form] for form in facts.not_entered)
        text = N_("Planowane formy, które nie mają jeszcze dnia ani miejsca: %(forms)s")
        found.append(Gap("forms", text, values=(("forms", named),)))
    if len(facts.summary) > LONG_SUMMARY:
        found.append(Gap("summary", N_("Opis jest długi. Trzy zdania przeczyta więcej osób.")))
    if not facts.easy_text.strip():
        found.append(Gap("easy_text", N_("Tekst łatwy do czytania (ETR)")))
    if not facts.sign_video_url:
        found.append(Gap("sign_video_url", N_("Nagranie w polskim języku migowym")))
    if not facts.has_topics:
        found.append(Gap("topics", N_("Tematy, pod którymi ludzie znajdą konsultacje")))
    found += [
        Gap("translations", N_("Tłumaczenie: %(language)s"), values=(("language", language),))
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
