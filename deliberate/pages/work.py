"""Work that waits at the desk: one row a thing, with its clock and where it is done.

Each part asks whether the person may do it at all, so that a desk costs what its person's roles
cost. Counts only: the things themselves are on the pages where they are done.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from flask import url_for
from sqlalchemy import func, select

from deliberate.access.decorators import may
from deliberate.accounts.models import Residence, ResidenceState
from deliberate.answers.models import Answer
from deliberate.approvals import queries as approvals
from deliberate.approvals.models import Approval
from deliberate.approvals.registry import get_act
from deliberate.consultations.models import Consultation
from deliberate.consultations.rules import Stage
from deliberate.consultations.states import State
from deliberate.consultations.tiles import Tile
from deliberate.kernel import clock
from deliberate.kernel.actor import Actor
from deliberate.kernel.db import db
from deliberate.kernel.i18n import locale, say
from deliberate.kernel.texts import N_, plural
from deliberate.moderation import cases
from deliberate.moderation import queries as notices
from deliberate.moderation.conversation import conversation
from deliberate.organisations import queries as organisations
from deliberate.pages.barriers import ANSWER_WITHIN
from deliberate.proposals.models import Proposal
from deliberate.proposals.models import State as ProposalState
from deliberate.proposals.queries import KIND as PROPOSAL
from deliberate.subjects.registry import kinds
from deliberate.subjects.visibility import shown
from deliberate.tenancy.models import BarrierReport, Declaration, Municipality
from deliberate.voting.models import Poll
from deliberate.voting.states import PollState

SOON = timedelta(days=7)
ANSWERS_AHEAD = timedelta(days=21)  # lacking answers are shown so long before the promised day


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """One row. ``due``: its last day; None: nobody has promised one, and it waits from now on."""

    kind: str
    icon: str
    title: str
    sub: str
    verb: str
    url: str
    due: date | None = None
    later: bool = False  # without a day, and not for today either


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """What waits: for today (or late), for the next days, and with other people."""

    today: Sequence[Work]
    soon: Sequence[Work]
    with_others: Sequence[Work]


def gather(tenant: Municipality, actor: Actor, tiles: Sequence[Tile], now: datetime) -> Desk:
    """Return the work of a person; ``tiles`` are all consultations, drafts too."""
    today = clock.local(now).date()
    asked = _approvals(tenant, actor, now)
    found = [
        *asked[0],
        *_moderation(tenant, actor),
        *_answers(tenant, tiles, today),
        *_polls(tenant, tiles, now),
        *_residence(tenant),
        *_organisations(tenant),
        *_accessibility(tenant),
        *_drafts(tiles),
    ]
    is_now = [_is_for_today(each, today) for each in found]
    rest = [each for each, now_ in zip(found, is_now, strict=True) if not now_]
    return Desk(
        today=sorted((each for each, now_ in zip(found, is_now, strict=True) if now_), key=_by_day),
        soon=sorted(rest, key=_by_day),
        with_others=asked[1],
    )


def list_days(tiles: Sequence[Tile], now: datetime) -> list[tuple[date, str, Tile]]:
    """Return what begins and ends within a week, in order."""
    days: list[tuple[date, str, Tile]] = []
    for tile in tiles:
        if tile.stage not in (Stage.RUNNING, Stage.ANNOUNCED):
            continue
        for phase in tile.consultation.phases:
            if now <= phase.starts_at < now + SOON:
                day = clock.local(phase.starts_at).date()
                days.append((day, say(N_("zaczyna się: %(what)s"), what=say(phase.title)), tile))
            if now < phase.ends_at <= now + SOON:
                day = clock.last_day(phase.ends_at)
                days.append((day, say(N_("kończy się: %(what)s"), what=say(phase.title)), tile))
    return sorted(days, key=lambda each: (each[0], each[2].consultation.id))


def _is_for_today(work: Work, today: date) -> bool:
    return work.due <= today if work.due is not None else not work.later


def _by_day(work: Work) -> tuple[bool, date]:
    return (work.due is None, work.due or date.max)


def _approvals(tenant: Municipality, actor: Actor, now: datetime) -> tuple[list[Work], list[Work]]:
    """Return what the person may decide, and what they asked of others."""
    if not (may("approvals:decide") or may("consultations:ask_approval")):
        return [], []
    listed = approvals.list_open(tenant.id, now)
    titles = _titles(tenant, listed)
    rows = [(each, _approval(each, titles)) for each in listed]
    mine = [work for each, work in rows if each.asked_by == actor.person_id]
    others = [work for each, work in rows if each.asked_by != actor.person_id]
    return others if may("approvals:decide") else [], mine


def _approval(row: Approval, titles: Mapping[tuple[str, int], str]) -> Work:
    return Work(
        kind=say(N_("Zatwierdzenie")),
        icon="stamp",
        title=titles.get((row.subject_kind, row.subject_id), say(get_act(row.act).label)),
        sub=say(get_act(row.act).label),
        verb=say(N_("Sprawdź")),
        url=url_for("approvals.show", token=row.token),
    )


def _titles(tenant: Municipality, rows: Sequence[Approval]) -> dict[tuple[str, int], str]:
    by_kind: dict[str, list[int]] = {}
    for row in rows:
        if row.subject_kind in kinds():
            by_kind.setdefault(row.subject_kind, []).append(row.subject_id)
    return {
        (kind, card.id): card.title
        for kind, ids in sorted(by_kind.items())
        for card in kinds()[kind].load_many(tenant.id, ids)
    }


def _moderation(tenant: Municipality, actor: Actor) -> list[Work]:
    if not may("moderation:decide"):
        return []
    scope = cases.scope_of(actor)
    reported = notices.list_reported(tenant.id, scope)
    unread = conversation().count_unread(tenant.id, scope, actor.person_id or 0)
    urgent = sum(each.is_urgent for each in reported)
    found = []
    if reported:
        words = (N_("zgłoszony wpis"), N_("zgłoszone wpisy"), N_("zgłoszonych wpisów"))
        sub = say(N_("w tym pilne: %(n)s"), n=urgent) if urgent else say(N_("żaden nie jest pilny"))
        found.append(_queue(_counted(len(reported), *words), sub, later=False))
    if unread:
        words = (N_("nowa wypowiedź"), N_("nowe wypowiedzi"), N_("nowych wypowiedzi"))
        sub = say(N_("nikt ich jeszcze nie przeczytał"))
        found.append(_queue(_counted(unread, *words), sub, later=True))
    return found


def _queue(title: str, sub: str, *, later: bool) -> Work:
    return Work(
        kind=say(N_("Rozmowa")),
        icon="messages-square",
        title=title,
        sub=sub,
        verb=say(N_("Otwórz")),
        url=url_for("moderation.queue"),
        later=later,
    )


def _answers(tenant: Municipality, tiles: Sequence[Tile], today: date) -> list[Work]:
    """Return the consultations that lack answers, and those that lack only their publication."""
    near = [tile for tile in tiles if _wants_answers(tile, today)]
    if not near:
        return []
    lacking = _count_lacking(tenant, [tile.consultation.id for tile in near])
    found = []
    for tile in near:
        row, n = tile.consultation, lacking.get(tile.consultation.id, 0)
        if n and may("answers:edit", row):
            words = (
                N_("propozycja bez stanowiska"),
                N_("propozycje bez stanowiska"),
                N_("propozycji bez stanowiska"),
            )
            found.append(_answer_work(tile, _counted(n, *words), say(N_("Uzupełnij"))))
        elif not n and tile.stage is Stage.WAITING and may("answers:publish", row):
            title = say(N_("Stanowiska gotowe do ogłoszenia"))
            found.append(_answer_work(tile, title, say(N_("Zobacz"))))
    return found


def _wants_answers(tile: Tile, today: date) -> bool:
    due = tile.consultation.answer_due
    is_near = due is not None and due - today <= ANSWERS_AHEAD
    return tile.stage is Stage.WAITING or (tile.stage is Stage.RUNNING and is_near)


def _answer_work(tile: Tile, title: str, verb: str) -> Work:
    return Work(
        kind=say(N_("Odpowiedzi")),
        icon="landmark",
        title=title,
        sub=tile.consultation.title,
        verb=verb,
        url=url_for("answers.desk", slug=tile.consultation.slug),
        due=tile.consultation.answer_due,
        later=True,
    )


def _count_lacking(tenant: Municipality, ids: Sequence[int]) -> Mapping[int, int]:
    """Return how many shown proposals of each consultation have no answer, not even a draft."""
    answered = (Answer.subject_kind == PROPOSAL) & (Answer.subject_id == Proposal.id)
    rows = db.session.execute(
        select(Proposal.consultation_id, func.count())
        .outerjoin(Answer, answered & (Answer.tenant_id == Proposal.tenant_id))
        .where(
            Proposal.tenant_id == tenant.id,
            Proposal.consultation_id.in_(ids),
            Proposal.state != ProposalState.WITHDRAWN,
            shown(Proposal),
            Answer.id.is_(None),
        )
        .group_by(Proposal.consultation_id)
    )
    return {row[0]: row[1] for row in rows}


def _polls(tenant: Municipality, tiles: Sequence[Tile], now: datetime) -> list[Work]:
    """Return the votes that are over and not counted, or counted and not published."""
    if not may("voting:prepare"):
        return []
    by_id = {tile.consultation.id: tile.consultation for tile in tiles}
    polls = db.session.scalars(
        select(Poll)
        .where(
            Poll.tenant_id == tenant.id,
            Poll.ends_at <= now,
            Poll.state.in_(
                [PollState.SEALED, PollState.RECEIVING, PollState.WORKING_UP, PollState.COUNTED]
            ),
        )
        .order_by(Poll.ends_at, Poll.id)
    )
    return [
        Work(
            kind=say(N_("Głosowanie")),
            icon="vote",
            title=say(N_("Ogłoś wynik"))
            if poll.state == PollState.COUNTED
            else say(N_("Policz głosy")),
            sub=by_id[poll.consultation_id].title,
            verb=say(N_("Otwórz")),
            url=url_for("proposals.admission_desk", slug=by_id[poll.consultation_id].slug),
            due=clock.local(poll.ends_at).date(),
        )
        for poll in polls
        if poll.consultation_id in by_id and may("voting:prepare", by_id[poll.consultation_id])
    ]


def _residence(tenant: Municipality) -> list[Work]:
    if not may("residence:decide"):
        return []
    n = db.session.scalars(
        select(func.count()).where(
            Residence.tenant_id == tenant.id,
            Residence.letter_asked_at.is_not(None),
            Residence.letter_sent_at.is_(None),
            Residence.state == ResidenceState.DECLARED,
        )
    ).one()
    words = (
        N_("list z kodem do wydruku"),
        N_("listy z kodem do wydruku"),
        N_("listów z kodem do wydruku"),
    )
    if not n:
        return []
    return [
        Work(
            kind=say(N_("Zamieszkanie")),
            icon="mail",
            title=_counted(n, *words),
            sub=say(N_("osoby czekają na potwierdzenie zamieszkania")),
            verb=say(N_("Otwórz")),
            url=url_for("accounts.desk"),
        )
    ]


def _organisations(tenant: Municipality) -> list[Work]:
    if not may("organisations:verify"):
        return []
    n = len(organisations.list_undecided(tenant))
    words = (
        N_("organizacja do sprawdzenia"),
        N_("organizacje do sprawdzenia"),
        N_("organizacji do sprawdzenia"),
    )
    if not n:
        return []
    return [
        Work(
            kind=say(N_("Organizacje")),
            icon="users",
            title=_counted(n, *words),
            sub=say(N_("dopóki czekają, nie mogą zabierać głosu")),
            verb=say(N_("Sprawdź")),
            url=url_for("organisations.desk"),
            later=True,
        )
    ]


def _accessibility(tenant: Municipality) -> list[Work]:
    if not may("tenancy:edit"):
        return []
    found = []
    waiting = db.session.execute(
        select(func.count(), func.min(BarrierReport.reported_at)).where(
            BarrierReport.tenant_id == tenant.id, BarrierReport.answered_at.is_(None)
        )
    ).one()
    declared = db.session.scalar(
        select(Declaration.id).where(Declaration.tenant_id == tenant.id).limit(1)
    )
    if waiting[0]:
        words = (N_("zgłoszona bariera"), N_("zgłoszone bariery"), N_("zgłoszonych barier"))
        found.append(
            Work(
                kind=say(N_("Dostępność")),
                icon="accessibility",
                title=_counted(waiting[0], *words),
                sub=say(N_("odpowiedź należy się w 7 dni")),
                verb=say(N_("Odpowiedz")),
                url=url_for("pages.barriers"),
                due=clock.local(waiting[1] + ANSWER_WITHIN).date(),
            )
        )
    if declared is None:
        found.append(
            Work(
                kind=say(N_("Dostępność")),
                icon="accessibility",
                title=say(N_("Nie ma deklaracji dostępności")),
                sub=say(N_("wymaga jej ustawa; na stronie jest napisane, że jej brakuje")),
                verb=say(N_("Uzupełnij")),
                url=url_for("pages.edit_declaration"),
                later=True,
            )
        )
    return found


def _drafts(tiles: Sequence[Tile]) -> list[Work]:
    return [
        Work(
            kind=say(N_("Szkic")),
            icon="pencil",
            title=tile.consultation.title,
            sub=say(N_("konsultacje jeszcze nieogłoszone")),
            verb=say(N_("Dokończ")),
            url=url_for("consultations.desk_edit", slug=tile.consultation.slug),
            later=True,
        )
        for tile in tiles
        if tile.consultation.state == State.DRAFT and may("consultations:edit", tile.consultation)
    ]


def _counted(n: int, one: str, few: str, many: str) -> str:
    return f"{n}\N{NO-BREAK SPACE}{plural(n, say(one), say(few), say(many), locale())}"


def may_see(consultation: Consultation) -> bool:
    """Tell whether a consultation belongs on the desk of this person."""
    return any(
        may(permission, consultation)
        for permission in ("consultations:edit", "consultations:see_drafts", "moderation:decide")
    )
