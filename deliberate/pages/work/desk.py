"""All that waits for one person, parted by when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from deliberate.consultations.rules.standing import Stage
from deliberate.consultations.tiles import Tile
from deliberate.kernel import clock
from deliberate.kernel.actor import Actor
from deliberate.kernel.i18n import say
from deliberate.kernel.texts import N_
from deliberate.pages.work.accessibility import list_accessibility
from deliberate.pages.work.answers import list_answers
from deliberate.pages.work.approvals import list_approvals
from deliberate.pages.work.consultations import list_drafts
from deliberate.pages.work.counts import count_waiting
from deliberate.pages.work.people import list_letters, list_organisations
from deliberate.pages.work.registers import list_registers
from deliberate.pages.work.rows import Work
from deliberate.pages.work.talk import list_reported, list_reported_to_office
from deliberate.pages.work.troubles import list_troubles, list_yearly
from deliberate.pages.work.votes import list_polls
from deliberate.tenancy.models import Municipality

SOON = timedelta(days=7)
ANSWER_DUE = N_("obiecana odpowiedź urzędu")
DECISION_DUE = N_("zapowiedziana decyzja")


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """What waits: for today (or late), for the next days, and with other people."""

    today: Sequence[Work]
    soon: Sequence[Work]
    with_others: Sequence[Work]


def gather(tenant: Municipality, actor: Actor, tiles: Sequence[Tile], now: datetime) -> Desk:
    """Return the work of a person; ``tiles`` are all consultations, drafts too."""
    today = clock.local(now).date()
    asked, counts = list_approvals(tenant, actor, now), count_waiting(tenant)
    found = [
        *asked[0],
        *list_reported(tenant, actor),
        *list_reported_to_office(tenant, actor),
        *list_answers(tenant, tiles, today),
        *list_polls(tenant, tiles, now),
        *list_letters(counts.letters),
        *list_organisations(tenant),
        *list_registers(counts),
        *list_accessibility(tenant),
        *list_yearly(tenant, tiles, today),
        *list_troubles(tenant, tiles, now),
        *list_drafts(tiles),
    ]
    is_now = [_is_for_today(each, today) for each in found]
    rest = [each for each, now_ in zip(found, is_now, strict=True) if not now_]
    return Desk(
        today=sorted((each for each, now_ in zip(found, is_now, strict=True) if now_), key=_by_day),
        soon=sorted(rest, key=_by_day),
        with_others=asked[1],
    )


def list_days(tiles: Sequence[Tile], now: datetime) -> list[tuple[date, str, Tile]]:
    """Return what begins and ends within a week, and what was promised for it, in order."""
    days: list[tuple[date, str, Tile]] = []
    today = clock.local(now).date()
    for tile in tiles:
        row = tile.consultation
        if tile.stage in (Stage.RUNNING, Stage.WAITING):
            for due, what in ((row.answer_due, ANSWER_DUE), (row.decision_due, DECISION_DUE)):
                if due is not None and today <= due <= today + SOON:
                    days.append((due, say(what), tile))
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
