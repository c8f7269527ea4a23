"""What may happen to a consultation, and when: phases, stages, steps, corrections. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from itertools import combinations

from deliberate.consultations.states import STEPS, UNPUBLISHED, State
from deliberate.kernel.refusals import Refusal
from deliberate.kernel.texts import N_
from deliberate.subjects.activities import Activity

# In these people take part; the others tell them something.
TAKING_PART = frozenset(
    {Activity.PROPOSE, Activity.SUPPORT, Activity.DISCUSS, Activity.REMARK, Activity.VOTE}
)
SLIP_WITHIN = timedelta(hours=2)
SHORTEST_REASON = 20
SHOWN_MUSTS = 3
LONG_SUMMARY = 600  # characters; three sentences are about half of it


@dataclass(frozen=True, slots=True, kw_only=True)
class PhaseTimes:
    """A phase as rules see it; ``ends_at`` is the first moment outside."""

    title: str
    starts_at: datetime
    ends_at: datetime
    opens: frozenset[Activity]

    def holds(self, now: datetime) -> bool:
        return self.starts_at <= now < self.ends_at

    @property
    def takes_part(self) -> bool:
        return bool(self.opens & TAKING_PART)


# Which activities are open.


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """One activity at one moment: see subjects.gate.Gate, which is made of it."""

    is_open: bool
    opens_at: datetime | None
    ends_at: datetime | None


def open_activities(phases: Sequence[PhaseTimes], now: datetime) -> frozenset[Activity]:
    """Return what the phases open at a moment."""
    return frozenset(activity for phase in phases if phase.holds(now) for activity in phase.opens)


def opening(phases: Sequence[PhaseTimes], activity: Activity, now: datetime) -> Opening:
    """Tell whether an activity is open, when it opens next and when it ends or ended.

    Phases that follow each other without a gap are one stretch.
    """
    stretches = _stretches([phase for phase in phases if activity in phase.opens])
    present = [(start, end) for start, end in stretches if start <= now < end]
    ahead = [start for start, _ in stretches if start > now]
    behind = [end for _, end in stretches if end <= now]
    ends_at = present[0][1] if present else behind[-1] if behind else None
    return Opening(is_open=bool(present), opens_at=ahead[0] if ahead else None, ends_at=ends_at)


def _stretches(phases: Sequence[PhaseTimes]) -> list[tuple[datetime, datetime]]:
    """Join phases that touch or overlap; in the order of time."""
    joined: list[tuple[datetime, datetime]] = []
    for phase in sorted(phases, key=lambda phase: phase.starts_at):
        if joined and phase.starts_at <= joined[-1][1]:
            start, end = joined.pop()
            joined.append((start, max(end, phase.ends_at)))
        else:
            joined.append((phase.starts_at, phase.ends_at))
    return joined


# Where a consultation stands.


class Stage(StrEnum):
    """What people see of a consultation: its state and its dates together."""

    DRAFT = "draft"
    ANNOUNCED = "announced"
    RUNNING = "running"
    WAITING = "waiting"  # closed; the office works on its answer
    SUSPENDED = "suspended"
    CANCELLED = "cancelled"
    ANSWERED = "answered"
    ARCHIVED = "archived"


_STAGES = {
    State.DRAFT: Stage.DRAFT,
    State.AWAITING_APPROVAL: Stage.DRAFT,
    State.SUSPENDED: Stage.SUSPENDED,
    State.CANCELLED: Stage.CANCELLED,
    State.ANSWERED: Stage.ANSWERED,
    State.ARCHIVED: Stage.ARCHIVED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where a consultation stands at a moment.

    ``phase``: the phase of the moment, one in which people take part if there is one; ``next``:
    the next to begin. ``began_at`` and ``ended_at`` span all phases in which people take part.
    """

    stage: Stage
    phase: PhaseTimes | None
    next: PhaseTimes | None
    began_at: datetime | None
    ended_at: datetime | None


def stage(state: str, phases: Sequence[PhaseTimes], now: datetime) -> Stage:
    """Return the stage of a consultation.

    Without any phase in which people take part, a published one is announced until its last
    phase begins, and then waits for its answer.
    """
    decided = _STAGES.get(State(state))
    if decided is not None:
        return decided
    counted = [phase for phase in phases if phase.takes_part] or list(phases)
    if not counted or now < min(phase.starts_at for phase in counted):
        return Stage.ANNOUNCED
    if now < max(phase.ends_at for phase in counted):
        return Stage.RUNNING
    return Stage.WAITING


def standing(state: str, phases: Sequence[PhaseTimes], now: datetime) -> Standing:
    in_order = sorted(phases, key=lambda phase: phase.starts_at)
    present = [phase for phase in in_order if phase.holds(now)]
    present.sort(key=lambda phase: not phase.takes_part)
    ahead = [phase for phase in in_order if phase.starts_at > now]
    counted = [phase for phase in in_order if phase.takes_part] or in_order
    return Standing(
        stage=stage(state, phases, now),
        phase=present[0] if present else None,
        next=ahead[0] if ahead else None,
        began_at=counted[0].starts_at if counted else None,
        ended_at=max(phase.ends_at for phase in counted) if counted else None,
    )


def days_late(due: date | None, today: date, stage: Stage) -> int:
    """Return by how many days the promised answer is late; 0 when it is not, or none was due."""
    if due is None or stage is not Stage.WAITING:
        return 0
    return max(0, (today - due).days)


# Phases as they are written.

NO_PHASES = Refusal("phases.none", N_("Dodaj co najmniej jeden etap."))
PHASE_BACKWARDS = Refusal(
    "phases.backwards", N_("Etap „%(title)s” kończy się, zanim się zacznie. Popraw daty.")
)
PHASES_OVERLAP = Refusal(
    "phases.overlap",
    N_(
        "Etapy „%(first)s” i „%(second)s” nakładają się, a otwierają to samo. "
        "Jeden musi się skończyć, zanim zacznie się drugi."
    ),
)
PHASE_OPENS_NOTHING = Refusal(
    "phases.opens_nothing", N_("Zaznacz, co otwiera etap „%(title)s”, albo go usuń.")
)


def phases_refusal(phases: Sequence[PhaseTimes]) -> Refusal | None:
    """Return why these phases cannot stand together."""
    if not phases:
        return NO_PHASES
    for phase in phases:
        if phase.starts_at >= phase.ends_at:
            return PHASE_BACKWARDS.with_values(title=phase.title)
        if not phase.opens:
            return PHASE_OPENS_NOTHING.with_values(title=phase.title)
    in_order = sorted(phases, key=lambda phase: phase.starts_at)
    for first, second in combinations(in_order, 2):
        if first.opens & second.opens and second.starts_at < first.ends_at:
            return PHASES_OVERLAP.with_values(first=first.title, second=second.title)
    return None


# Dates of what is published.

DATES_ONLY_GROW = Refusal(
    "dates.only_grow",
    N_(
        "Po ogłoszeniu etap można tylko wydłużyć. Pomyłkę w dacie poprawisz w ciągu dwóch godzin "
        "od ogłoszenia, dopóki nikt nie zabrał głosu."
    ),
)
PHASE_OVER = Refusal("dates.over", N_("Etap „%(title)s” już się skończył. Nie można go zmienić."))
PHASE_BEGAN = Refusal(
    "dates.began", N_("Etap „%(title)s” już się zaczął. Można przesunąć tylko jego koniec.")
)
NOTHING_CHANGED = Refusal("dates.same", N_("Daty są takie same jak były."))
SHORT_REASON = Refusal(
    "reason.short", N_("Napisz powód, co najmniej 20 znaków. Zobaczą go wszyscy.")
)
NOT_PUBLISHED = Refusal("state.not_published", N_("Te konsultacje nie są ogłoszone."))


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectionFacts:
    """``contributions``: how many proposals, voices and votes there are already."""

    now: datetime
    state: str
    published_at: datetime | None
    contributions: int


NOTHING_CORRECTED = Refusal(
    "correction.same", N_("Nic się nie zmieniło, więc nie ma czego zapisać.")
)
SLUG_TAKEN = Refusal("slug.taken", N_("Ten adres jest zajęty, teraz albo dawniej. Wybierz inny."))
DUE_ONLY_LATER = Refusal(
    "due.only_later",
    N_("Obiecany dzień odpowiedzi można przesunąć tylko na później, z podaniem powodu."),
)


def may_correct_slip(facts: CorrectionFacts) -> bool:
    """Tell whether a date may still be corrected freely: two hours, and nobody relied on it."""
    return (
        facts.state == State.PUBLISHED
        and facts.published_at is not None
        and facts.now < facts.published_at + SLIP_WITHIN
        and facts.contributions == 0
    )


def dates_refusal(
    old: Sequence[PhaseTimes], new: Sequence[PhaseTimes], reason: str, facts: CorrectionFacts
) -> Refusal | None:
    """Return why the dates of a published consultation cannot become these.

    ``old`` and ``new`` are the same phases in the same order.
    """
    if facts.state not in (State.PUBLISHED, State.SUSPENDED):
        return NOT_PUBLISHED
    if all(_same_times(before, after) for before, after in zip(old, new, strict=True)):
        return NOTHING_CHANGED
    if refusal := reason_refusal(reason):
        return refusal
    if refusal := phases_refusal(new):
        return refusal
    if may_correct_slip(facts):
        return None
    for before, after in zip(old, new, strict=True):
        if refusal := _growth_refusal(before, after, facts.now):
            return refusal
    return None


def due_refusal(old: date | None, new: date | None, reason: str) -> Refusal | None:
    """Return why the promised day of the answer cannot become this one."""
    if new is None or (old is not None and new < old):
        return DUE_ONLY_LATER
    return reason_refusal(reason)


def typing_refusal(state: str, reason: str) -> Refusal | None:
    """Return why typing in a published text cannot be corrected."""
    if state in UNPUBLISHED or state == State.ARCHIVED:
        return NOT_PUBLISHED
    return reason_refusal(reason)


def _growth_refusal(before: PhaseTimes, after: PhaseTimes, now: datetime) -> Refusal | None:
    if _same_times(before, after):
        return None
    if before.ends_at <= now:
        return PHASE_OVER.with_values(title=before.title)
    if before.starts_at <= now and after.starts_at != before.starts_at:
        return PHASE_BEGAN.with_values(title=before.title)
    # What has not begun may move to later as a whole; it never gets shorter.
    sooner = after.starts_at < before.starts_at or after.ends_at < before.ends_at
    return DATES_ONLY_GROW if sooner or _days_fell(before, after) else None


def _days_fell(before: PhaseTimes, after: PhaseTimes) -> bool:
    """Tell whether a phase lost a day; an hour lost to the change of clocks is none."""
    hour = timedelta(hours=1)
    lost = (before.ends_at - before.starts_at) - (after.ends_at - after.starts_at)
    return lost > hour


def _same_times(before: PhaseTimes, after: PhaseTimes) -> bool:
    return (before.starts_at, before.ends_at) == (after.starts_at, after.ends_at)


def reason_refusal(reason: str) -> Refusal | None:
    return SHORT_REASON if len(reason.strip()) < SHORTEST_REASON else None


# Steps between states.

NO_SUCH_STEP = Refusal("state.step", N_("W tym stanie konsultacji nie można tego zrobić."))
STILL_RUNNING = Refusal(
    "state.running", N_("Konsultacje jeszcze trwają. Odpowiedzi ogłosisz po ich zakończeniu.")
)
UNANSWERED = Refusal(
    "answers.missing", N_("Brakuje stanowiska urzędu do części głosów. Brakuje: %(count)s")
)


def step_refusal(state: str, target: State, reason: str) -> Refusal | None:
    """Return why a consultation cannot be suspended, resumed, cancelled or put away."""
    if target not in STEPS[state]:
        return NO_SUCH_STEP
    return reason_refusal(reason)


def finish_refusal(state: str, stage: Stage, unanswered: int) -> Refusal | None:
    """Return why a consultation cannot be marked as answered."""
    if State.ANSWERED not in STEPS[state]:
        return NO_SUCH_STEP
    if stage is not Stage.WAITING:
        return STILL_RUNNING
    if unanswered:
        return UNANSWERED.with_values(count=unanswered)
    return None


EDITED_MEANWHILE = Refusal(
    "edit.meanwhile",
    N_(
        "Ktoś zmienił te konsultacje w międzyczasie, może Ty w innej karcie. "
        "Twój tekst jest poniżej. Otwórz konsultacje jeszcze raz i przenieś do nich zmiany."
    ),
)
ALREADY_PUBLISHED = Refusal(
    "edit.published", N_("Te konsultacje są już ogłoszone. Zmieniasz je przez sprostowanie.")
)


def edit_refusal(state: str, revision: int, stamp: int) -> Refusal | None:
    """Return why a draft cannot be saved; ``stamp``: the revision that the form was filled from."""
    if state not in UNPUBLISHED:
        return ALREADY_PUBLISHED
    return EDITED_MEANWHILE if stamp != revision else None


# Before publication.


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


PUBLICATION_MUSTS = Refusal(
    "publication.musts", N_("Zanim wyślesz do zatwierdzenia, uzupełnij: %(what)s")
)
ASK_SOMEONE_ELSE = Refusal(
    "publication.same_person",
    N_("Własnych konsultacji nie możesz zatwierdzić. Wybierz kogoś innego."),
)


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
