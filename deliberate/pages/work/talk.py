"""What waits in conversations, and what was reported to the office."""

from __future__ import annotations

from flask import url_for

from deliberate.access.decorators import may
from deliberate.kernel.actor import Actor
from deliberate.kernel.i18n import say
from deliberate.kernel.texts import N_
from deliberate.moderation import cases
from deliberate.moderation.conversation import conversation
from deliberate.pages.work.rows import Work, counted
from deliberate.tenancy.models import Municipality


def list_reported(tenant: Municipality, actor: Actor) -> list[Work]:
    if not may("moderation:decide"):
        return []
    scope = cases.scope_of(actor)
    reported = cases.list_reported(tenant.id, actor)
    unread = conversation().count_unread(tenant.id, scope, actor.person_id or 0)
    urgent = sum(each.is_urgent for each in reported)
    found = []
    if reported:
        words = (N_("zgłoszony wpis"), N_("zgłoszone wpisy"), N_("zgłoszonych wpisów"))
        sub = say(N_("w tym pilne: %(n)s"), n=urgent) if urgent else say(N_("żaden nie jest pilny"))
        found.append(_queue(counted(len(reported), *words), sub, later=False))
    if unread:
        words = (N_("nowa wypowiedź"), N_("nowe wypowiedzi"), N_("nowych wypowiedzi"))
        sub = say(N_("nikt ich jeszcze nie przeczytał"))
        found.append(_queue(counted(unread, *words), sub, later=True))
    return found


def list_reported_to_office(tenant: Municipality, actor: Actor) -> list[Work]:
    if not may("moderation:answer_for_office"):
        return []
    reported = cases.list_for_office(tenant.id, actor)
    if not reported:
        return []
    words = (
        N_("zgłoszony tekst urzędu"),
        N_("zgłoszone teksty urzędu"),
        N_("zgłoszonych tekstów urzędu"),
    )
    return [
        Work(
            kind=say(N_("Zgłoszenia")),
            icon="flag",
            title=counted(len(reported), *words),
            sub=say(N_("ktoś czeka na odpowiedź")),
            verb=say(N_("Odpowiedz")),
            url=url_for("moderation.office_queue"),
        )
    ]


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
