"""What everyone may read: the list, a consultation, its changes, its privacy notice, its dates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from flask import Response, render_template, request, url_for
from flask.typing import ResponseReturnValue

from deliberate.access.decorators import public
from deliberate.accounts.current import current_person
from deliberate.accounts.standing import Needs
from deliberate.algorithms.folding import fold
from deliberate.consultations import calendar, queries, subject
from deliberate.consultations.components import Way, components
from deliberate.consultations.current import open_consultation
from deliberate.consultations.models import Consultation
from deliberate.consultations.rules.phases import open_activities
from deliberate.consultations.rules.standing import Stage
from deliberate.consultations.states import UNPUBLISHED, State
from deliberate.consultations.tiles import (
    DRAWN,
    Tile,
    announced,
    effect_sentence,
    overview,
    public_change,
    tile,
    tiles,
)
from deliberate.consultations.views import bp
from deliberate.discussion import talk
from deliberate.kernel import clock, files
from deliberate.kernel.i18n import say
from deliberate.kernel.pagination import PER_PAGE, PageOf, page_number
from deliberate.kernel.texts import N_
from deliberate.notifications.links import absolute
from deliberate.subjects.activities import Activity
from deliberate.subjects.queries import list_related
from deliberate.tenancy import kept
from deliberate.tenancy import queries as tenancy
from deliberate.tenancy.current import current_tenant
from deliberate.tenancy.silence import find_silence, speaking_refusal
from deliberate.topics.models import Topic

STAGES = {
    "trwaja": (N_("Trwają"), Stage.RUNNING),
    "zapowiedziane": (N_("Zapowiedziane"), Stage.ANNOUNCED),
    "czekaja": (N_("Czekają na odpowiedź"), Stage.WAITING),
    "z-odpowiedzia": (N_("Z odpowiedzią"), Stage.ANSWERED),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What the list is narrowed to; an unknown value narrows nothing."""

    words: str
    stage: str
    area: int | None
    topic: str

    @property
    def any(self) -> bool:
        return bool(self.words or self.stage or self.area or self.topic)


@bp.get("/konsultacje")
@public
def index() -> ResponseReturnValue:
    tenant, now, filters = current_tenant(), clock.now(), _filters()
    listed = tiles(queries.list_public(tenant), now)
    if filters.any:
        topics = queries.topics_by_consultation(tenant)
        listed = [
            each
            for each in listed
            if _fits(each, filters, topics.get(each.consultation.id, frozenset()))
        ]
    view = overview(listed, now)
    return render_template(
        "consultations/index.html",
        filters=filters,
        stages=[(key, say(label)) for key, (label, _) in STAGES.items()],
        areas=tenancy.list_areas(tenant),
        topics=queries.list_used_topics(tenant),
        view=view,
        answered=_page(view.answered),
        drawn=DRAWN,
    )


def _filters() -> Filters:
    stage = request.args.get("etap", "")
    return Filters(
        words=" ".join(request.args.get("szukaj", "").split())[:100],
        stage=stage if stage in STAGES else "",
        area=request.args.get("miejsce", type=int),
        topic=request.args.get("temat", ""),
    )


def _fits(each: Tile, filters: Filters, topics: frozenset[str]) -> bool:
    if filters.stage and each.stage is not STAGES[filters.stage][1]:
        return False
    if filters.area is not None and each.consultation.area_id != filters.area:
        return False
    if filters.topic and filters.topic not in topics:
        return False
    text = fold(f"{each.consultation.title} {each.words.title} {each.words.summary}")
    return all(word in text for word in fold(filters.words).split())


def _page(answered: list[Tile]) -> PageOf[Tile]:
    last = max(1, -(-len(answered) // PER_PAGE))
    number = min(page_number(request.args.get("strona")), last)
    items = answered[(number - 1) * PER_PAGE : number * PER_PAGE]
    return PageOf(items=items, number=number, total=len(answered))


@bp.get("/konsultacje/<slug>")
@public
def show(slug: str) -> ResponseReturnValue:
    consultation, now = open_consultation(slug), clock.now()
    return render_template("consultations/show.html", **page(consultation, now))


def page(consultation: Consultation, now: datetime) -> dict[str, object]:
    """Return what the page of a consultation needs; its preview at the desk needs the same."""
    tenant = current_tenant()
    actions, ways = _ways(consultation, now)
    around = queries.around(consultation)
    return {
        "consultation": consultation,
        "tile": tile(consultation, now),
        "around": around,
        "announced": announced(around),
        "topics": [(each, _topic_url(each)) for each in around.topics],
        "drawn": DRAWN,
        "files": [file for file in around.files if file.token != consultation.picture],
        "file_name": files.url_name,
        "effect": effect_sentence(consultation),
        "actions": actions,
        "who": _who(consultation, actions),
        "ways": ways,
        "sections": _sections(consultation, now),
        "notice_url": _notice_url(consultation),
        "related": kept.look_unless_empty(
            ("links", consultation.id),
            lambda: list_related(tenant.id, queries.KIND, consultation.id),
        ),
        **talk.context(tenant, queries.KIND, consultation.id, current_person()),
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """A way to take part; the icon is named by its word, which is how the sprite finds it."""

    activity: Activity
    icon: str
    endpoint: str
    label: str


# In the order of their weight: what closes with the phase and cannot be made good goes first.
# Components add their own doors between these and the conversation.
DOORS = (
    Door(activity=Activity.VOTE, icon="vote", endpoint="voting.ballot", label=N_("Zagłosuj")),
    Door(
        activity=Activity.PROPOSE,
        icon="pen-line",
        endpoint="proposals.new",
        label=N_("Zgłoś propozycję"),
    ),
    Door(
        activity=Activity.SUPPORT,
        icon="thumbs-up",
        endpoint="proposals.index",
        label=N_("Przeczytaj i poprzyj propozycje"),
    ),
)

COLLECTING = frozenset({Activity.PROPOSE, Activity.SUPPORT})


def _ways(consultation: Consultation, now: datetime) -> tuple[list[Way], list[Way]]:
    """Return what can be done now, the main thing first, and what can be read on other pages."""
    live = consultation.state in subject.LIVE
    phases = queries.phase_times(consultation)
    opened = open_activities(phases, now) if live else frozenset()
    acts = [
        Way(
            icon=door.icon,
            url=_url(door.endpoint, consultation),
            label=say(door.label),
            activity=door.activity,
        )
        for door in DOORS
        if door.activity in opened
    ]
    added = [way for each in components() for way in each.ways(consultation, opened, now)]
    acts += [way for way in added if way.activity is not None]
    silent = speaking_refusal(find_silence(current_tenant(), now)) is not None
    if Activity.DISCUSS in opened and not silent:
        here = url_for("consultations.show", slug=consultation.slug, _anchor="rozmowa")
        talk_way = Way(
            icon="message-circle",
            url=here,
            label=say(N_("Zabierz głos")),
            activity=Activity.DISCUSS,
        )
        acts.append(talk_way)
    reads = [way for way in added if way.activity is None]
    return acts, [*_parts(consultation, opened, now), *reads]


WHO = {
    Needs.ANYONE: N_("Może to zrobić każda osoba, bez konta."),
    Needs.EMAIL: N_("Może to zrobić każda osoba. Wystarczy adres e-mail."),
    Needs.DECLARED: N_("Może to zrobić każda osoba, która tu mieszka. Wystarczy oświadczenie."),
    Needs.CONFIRMED: N_("Może to zrobić osoba, której zamieszkanie potwierdził urząd."),
}


def _who(consultation: Consultation, actions: list[Way]) -> str:
    """Say who may do the main thing."""
    if not actions:
        return ""
    first = actions[0].activity
    return say(WHO[Needs(subject.needs(consultation, first))]) if first else ""


def _sections(consultation: Consultation, now: datetime) -> list[tuple[str, Mapping[str, object]]]:
    """Return what components show on this page: a template and what it needs."""
    found = []
    for each in components():
        if each.section is not None and each.context is not None:
            needed = each.context(consultation, now)
            if needed:
                found.append((each.section, needed))
    return found


def _parts(consultation: Consultation, opened: frozenset[Activity], now: datetime) -> list[Way]:
    """Return the parts of a consultation that have pages of their own and something on them."""
    phases = queries.phase_times(consultation)
    began = {activity for phase in phases if phase.starts_at <= now for activity in phase.opens}
    parts = []
    # While support is given, the list of proposals stands among what can be done.
    if began & COLLECTING and Activity.SUPPORT not in opened:
        parts.append(("list", "proposals.index", N_("Propozycje")))
    if Activity.VOTE in began - opened:
        parts.append(("vote", "voting.ballot", N_("Głosowanie")))
    if consultation.state in (State.ANSWERED, State.ARCHIVED):
        parts.append(("landmark", "answers.outcome", N_("Co z tego wynikło")))
    return [
        Way(icon=icon, url=_url(endpoint, consultation), label=say(label))
        for icon, endpoint, label in parts
    ]


def _url(endpoint: str, consultation: Consultation) -> str:
    return url_for(endpoint, slug=consultation.slug)


def _topic_url(topic: Topic) -> str:
    return url_for("topics.show", key=topic.key)


def _notice_url(consultation: Consultation) -> str | None:
    if consultation.state in UNPUBLISHED:
        return None
    return url_for("moderation.notice_new", kind=queries.KIND, id=consultation.id)


@bp.get("/konsultacje/<slug>/zmiany")
@public
def changes(slug: str) -> ResponseReturnValue:
    consultation = open_consultation(slug)
    return render_template(
        "consultations/changes.html",
        consultation=consultation,
        tile=tile(consultation, clock.now()),
        changes=[public_change(each) for each in queries.list_changes(consultation)],
    )


@bp.get("/konsultacje/<slug>/prywatnosc")
@public
def privacy(slug: str) -> ResponseReturnValue:
    consultation = open_consultation(slug)
    opens = {activity for phase in consultation.phases for activity in phase.opens}
    return render_template(
        "consultations/privacy.html",
        consultation=consultation,
        tile=tile(consultation, clock.now()),
        around=queries.around(consultation),
        writes=bool(opens & {Activity.PROPOSE, Activity.REMARK, Activity.DISCUSS}),
        supports=Activity.SUPPORT in opens,
        surveyed=Activity.SURVEY in opens,
        votes=Activity.VOTE in opens,
        asks_residence=any(
            subject.needs(consultation, activity) in (Needs.DECLARED, Needs.CONFIRMED)
            for activity in opens
        ),
    )


@bp.get("/konsultacje/<slug>/terminy.ics")
@public
def dates(slug: str) -> ResponseReturnValue:
    consultation = open_consultation(slug)
    now, tenant = clock.now(), current_tenant()
    url = absolute(tenant, "consultations.show", slug=consultation.slug)
    entries = [
        calendar.Entry(
            uid=f"phase-{phase.id}@{tenant.host}",
            title=f"{consultation.title} – {say(phase.title)}",
            first=times.first_day,
            last=times.last_day,
            url=url,
        )
        for phase, times in zip(consultation.phases, queries.phase_times(consultation), strict=True)
    ]
    if consultation.answer_due is not None:
        entries.append(
            calendar.Entry(
                uid=f"answer-{consultation.id}@{tenant.host}",
                title=f"{consultation.title} – {say(N_('Odpowiedź urzędu'))}",
                first=consultation.answer_due,
                last=consultation.answer_due,
                url=url,
            )
        )
    text = calendar.calendar(consultation.title, entries, stamp=now)
    response = Response(text, mimetype="text/calendar")
    response.headers["Content-Disposition"] = f'attachment; filename="{consultation.slug}.ics"'
    return response
