"""A consultation as pages show it: its words in the reader's language, its route, its clock."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from flask import url_for

from deliberate.consultations import queries, translations
from deliberate.consultations.models import ChangeNotice, Consultation
from deliberate.consultations.procedures import CHANNEL_NAMES, Channel
from deliberate.consultations.rules.phases import PhaseTimes
from deliberate.consultations.rules.standing import Stage, Standing, days_late, stage
from deliberate.consultations.states import ChangeKind, Effect, State
from deliberate.kernel import clock, files, i18n, texts
from deliberate.kernel.models import StoredFile
from deliberate.kernel.texts import N_
from deliberate.subjects.activities import Activity

STAGE_NAMES = {
    Stage.DRAFT: N_("Szkic"),
    Stage.ANNOUNCED: N_("Zapowiedziane"),
    Stage.RUNNING: N_("Trwają"),
    Stage.WAITING: N_("Urząd przygotowuje odpowiedź"),
    Stage.SUSPENDED: N_("Wstrzymane"),
    Stage.CANCELLED: N_("Odwołane"),
    Stage.ANSWERED: N_("Jest odpowiedź urzędu"),
    Stage.ARCHIVED: N_("Archiwalne"),
}
STATE_NAMES = {
    State.DRAFT: N_("szkic"),
    State.AWAITING_APPROVAL: N_("czeka na zatwierdzenie"),
    State.PUBLISHED: N_("ogłoszone"),
    State.SUSPENDED: N_("wstrzymane"),
    State.CANCELLED: N_("odwołane"),
    State.ANSWERED: N_("z odpowiedzią urzędu"),
    State.ARCHIVED: N_("archiwalne"),
}
STAGE_TONES = {
    Stage.RUNNING: "now",
    Stage.WAITING: "wait",
    Stage.SUSPENDED: "no",
    Stage.CANCELLED: "no",
    Stage.ANSWERED: "go",
}

# Pictures that are drawn by us: names of templates/pictures/_<name>.html.
DRAWN = frozenset(
    {"ballot", "common_room", "door", "library_bus", "river", "square", "table", "tram_stop"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step of the route, as ui.stage and ui.phase_line want it."""

    title: str
    state: str  # done, now, next
    when: str
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """The texts in the reader's language; ``missing``: some are still in Polish."""

    title: str
    summary: str
    can_change: str
    cannot_change: str
    missing: bool
    lang: str | None  # of what is missing: the language in which it stands


@dataclass(frozen=True, slots=True, kw_only=True)
class Tile:
    """A consultation with all that a list or its page says of it at this moment."""

    consultation: Consultation
    words: Words
    standing: Standing
    steps: tuple[Step, ...]
    stage_name: str
    stage_tone: str
    now_title: str  # "zbieramy propozycje", in a sentence
    next_title: str
    until_hour: str  # "23:59"
    late: int  # days after the promised answer

    @property
    def stage(self) -> Stage:
        return self.standing.stage

    @property
    def ends_at(self) -> datetime | None:
        """When the present phase ends, or all of it where there is a pause."""
        phase = self.standing.phase
        return phase.ends_at if phase else self.standing.ended_at


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """What people may see, by stage: what runs by its end, what is announced by its beginning."""

    running: list[Tile]
    announced: list[Tile]
    waiting: list[Tile]
    stopped: list[Tile]  # suspended, cancelled
    answered: list[Tile]  # and archived; the newest first

    @property
    def total(self) -> int:
        groups = (self.running, self.announced, self.waiting, self.stopped, self.answered)
        return sum(len(group) for group in groups)


def overview(listed: Iterable[Tile], now: datetime) -> Overview:
    """Part tiles by stage, each group in its order."""
    by_stage: dict[Stage, list[Tile]] = {stage: [] for stage in Stage}
    for each in listed:
        by_stage[each.stage].append(each)
    return Overview(
        running=sorted(by_stage[Stage.RUNNING], key=lambda each: each.ends_at or now),
        announced=sorted(by_stage[Stage.ANNOUNCED], key=lambda each: each.standing.began_at or now),
        waiting=sorted(by_stage[Stage.WAITING], key=lambda each: each.standing.ended_at or now),
        stopped=by_stage[Stage.SUSPENDED] + by_stage[Stage.CANCELLED],
        answered=by_stage[Stage.ANSWERED] + by_stage[Stage.ARCHIVED],
    )


def tiles(consultations: Iterable[Consultation], now: datetime) -> list[Tile]:
    """Return tiles in the same order; one query more where the reader does not read Polish."""
    listed = list(consultations)
    if not listed:
        return []
    found = translations.texts_in(listed[0].tenant_id, [each.id for each in listed], i18n.locale())
    return [tile(each, now, found.get(each.id, {})) for each in listed]


def tile(
    consultation: Consultation, now: datetime, translation: Mapping[str, str] | None = None
) -> Tile:
    if translation is None:
        ids = [consultation.id]
        found = translations.texts_in(consultation.tenant_id, ids, i18n.locale())
        translation = found.get(consultation.id, {})
    standing = queries.standing(consultation, now)
    today = clock.local(now).date()
    return Tile(
        consultation=consultation,
        words=_words(consultation, translation),
        standing=standing,
        steps=_steps(consultation, now, today),
        stage_name=i18n.say(STAGE_NAMES[standing.stage]),
        stage_tone=STAGE_TONES.get(standing.stage, ""),
        now_title=_in_sentence(standing.phase),
        next_title=_in_sentence(standing.next),
        until_hour=_hour(standing.phase.ends_at) if standing.phase else "",
        late=days_late(consultation.answer_due, today, standing.stage),
    )


def _words(consultation: Consultation, translation: Mapping[str, str]) -> Words:
    stands = {field: getattr(consultation, field) for field in translations.TRANSLATED}
    wanted = i18n.locale() != "pl"
    missing = wanted and any(text and not translation.get(field) for field, text in stands.items())
    return Words(
        **{field: translation.get(field) or text for field, text in stands.items()},
        missing=missing,
        lang="pl" if missing else None,
    )


def _steps(consultation: Consultation, now: datetime, today: date) -> tuple[Step, ...]:
    phases = sorted(queries.phase_times(consultation), key=lambda phase: phase.starts_at)
    steps = [
        Step(title=i18n.say(phase.title), state=_state(phase, now), when=_when(phase, today))
        for phase in phases
    ]
    answers = any(Activity.ANSWER in phase.opens for phase in phases)
    if consultation.answer_due is not None and not answers:
        steps.append(_answer_step(consultation, consultation.answer_due, phases, now, today))
    return tuple(steps)


def _answer_step(
    consultation: Consultation,
    due: date,
    phases: list[PhaseTimes],
    now: datetime,
    today: date,
) -> Step:
    closed = stage(consultation.state, phases, now)
    if closed is Stage.ANSWERED and consultation.answered_at is not None:
        day = texts.day_text(
            clock.local(consultation.answered_at).date(), i18n.locale(), today=today
        )
        return Step(title=i18n.say(N_("Odpowiedź urzędu")), state="done", when=day)
    state = "now" if closed is Stage.WAITING else "next"
    day = texts.day_text(due, i18n.locale(), today=today)
    when = i18n.say(N_("do %(day)s"), day=day)
    return Step(title=i18n.say(N_("Odpowiedź urzędu")), state=state, when=when)


def _state(phase: PhaseTimes, now: datetime) -> str:
    if phase.ends_at <= now:
        return "done"
    return "now" if phase.holds(now) else "next"


def _when(phase: PhaseTimes, today: date) -> str:
    first, last = phase.first_day, phase.last_day
    end = texts.day_text(last, i18n.locale(), today=today)
    if first == last:
        return end
    start = texts.day_text(first, i18n.locale(), today=today)
    if (first.year, first.month) == (last.year, last.month):
        start = str(first.day)
        return f"{start}–{end}"
    return f"{start} – {end}"


def _in_sentence(phase: PhaseTimes | None) -> str:
    if phase is None:
        return ""
    title = i18n.say(phase.title)
    return title[:1].lower() + title[1:]


def _hour(until: datetime) -> str:
    end = clock.closing_time(until)
    return f"{end:%H:%M}" if i18n.locale() == "en" else f"{end.hour}:{end:%M}"


def effect_sentence(consultation: Consultation) -> str:
    """Say what the result does, and never more than is true (texts.md 1)."""
    due = consultation.decision_due
    today = clock.local(clock.now()).date()
    who = consultation.decided_by
    if consultation.effect == Effect.INFORMS:
        return i18n.say(N_("To jest informacja i rozmowa. Niczego się tu nie rozstrzyga."))
    if consultation.effect == Effect.DECIDES:
        return i18n.say(N_("Wynik wiąże: urząd zrobi to, co wybiorą mieszkanki i mieszkańcy."))
    if who and due is not None:
        day = texts.day_text(due, i18n.locale(), today=today)
        text = N_("Wynik jest opinią. Decyzję podejmie %(who)s do %(day)s i ją uzasadni.")
        return i18n.say(text, who=who, day=day)
    if who:
        return i18n.say(N_("Wynik jest opinią. Decyzję podejmie %(who)s i ją uzasadni."), who=who)
    return i18n.say(N_("Wynik jest opinią."))


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicChange:
    """A change notice in words."""

    what: str
    old: str
    new: str
    reason: str
    at: datetime


FIELD_NAMES = {
    "title": N_("Tytuł"),
    "summary": N_("O co chodzi"),
    "can_change": N_("Na co masz wpływ"),
    "cannot_change": N_("Czego nie zmienimy"),
    "easy_text": N_("Tekst łatwy do czytania"),
    "contact": N_("Kontakt"),
    "answer_due": N_("Dzień odpowiedzi urzędu"),
    "slug": N_("Adres strony"),
    "state": N_("Stan konsultacji"),
    "file": N_("Dokumenty i zdjęcia"),
    "related": N_("Powiązane konsultacje"),
}
CHANGE_NAMES = {
    ChangeKind.EXTENSION: N_("%(what)s – wydłużenie"),
    ChangeKind.SLIP: N_("%(what)s – poprawiona pomyłka w dacie"),
    ChangeKind.TYPING: N_("%(what)s – poprawka pisowni"),
    ChangeKind.STATE: N_("%(what)s"),
    ChangeKind.CONTENT: N_("%(what)s – zmiana"),
}
VOTE_FIELD = "vote:"  # and what of the vote: old and new are source texts, or moments
PHASE_FIELD = "phase:"  # and the phase's title: what a notice of dates names


def public_change(change: ChangeNotice) -> PublicChange:
    if change.field.startswith(PHASE_FIELD):
        title = i18n.say(change.field.removeprefix(PHASE_FIELD))
        what = i18n.say(N_("Etap „%(title)s”"), title=title)
    elif change.field.startswith(VOTE_FIELD):
        what = i18n.say(change.field.removeprefix(VOTE_FIELD))
    else:
        what = i18n.say(FIELD_NAMES[change.field])
    old, new = change.old, change.new
    if change.field.startswith(VOTE_FIELD):
        old, new = i18n.say(old), i18n.say(new)
    elif change.field == "state":
        old, new = i18n.say(STATE_NAMES[State(old)]), i18n.say(STATE_NAMES[State(new)])
    elif change.field == "answer_due":  # stored as ISO; shown as the days of phases are
        old, new = (f"{date.fromisoformat(day):%d.%m.%Y}" if day else "" for day in (old, new))
    return PublicChange(
        what=i18n.say(CHANGE_NAMES[ChangeKind(change.kind)], what=what),
        old=old,
        new=new,
        reason=change.reason,
        at=change.at,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Announced:
    """Where it was announced; ``url`` leads to what shows it, "" where only words do."""

    place: str
    day: date
    words: str
    url: str


def announced(around: queries.Around) -> list[Announced]:
    """Return the announcements made, as pages and the report say them; one a place and file."""
    return [
        Announced(
            place=i18n.say(CHANNEL_NAMES[Channel(row.channel)]),
            day=row.done_on,
            words=row.words,
            url=row.url or (_file_url(file) if file is not None else ""),
        )
        for row, file in around.announcements
        if row.done_on is not None
    ]


def _file_url(file: StoredFile) -> str:
    return url_for("files.show", token=file.token, name=files.url_name(file))
