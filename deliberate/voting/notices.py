"""Letters about a vote: that it has begun, that it ends (texts.md 40), that its result is there.

They go to all who may vote. Who has voted is looked at for none of them: the reminder thanks those
who have, and no letter differs by whether a vote is there.
"""

from __future__ import annotations

from datetime import datetime

from flask import current_app
from sqlalchemy import Select, exists

from deliberate.accounts.codes import in_groups
from deliberate.accounts.letters import CODE_KIND
from deliberate.accounts.standing import Needs
from deliberate.kernel import clock, i18n, mail, sms, texts
from deliberate.kernel.texts import N_
from deliberate.notifications import links, mailings
from deliberate.notifications.mailings import Mailing, Wording
from deliberate.notifications.readers import select_residents
from deliberate.subjects import gate, registry
from deliberate.subjects.activities import Activity
from deliberate.tenancy.models import Municipality
from deliberate.voting import moments, queries
from deliberate.voting.clock import db_now
from deliberate.voting.contacts import Contact, ContactKind
from deliberate.voting.models import Poll
from deliberate.voting.states import OPEN, PollState


def plan_letters(poll: Poll, *, now: datetime) -> None:
    """Have people told of the beginning and of the end of a vote that has just been sealed."""
    begins_at = moments.announcement(poll.opens_at)
    mailings.plan(BEGINS, poll.tenant_id, poll.id, at=max(begins_at, now))
    plan_reminder(poll, now=now)


def plan_reminder(poll: Poll, *, now: datetime) -> None:
    """Have people reminded of the end as it is now; of no former one."""
    mailings.take_back(ENDS, poll.id, now=now)
    moment = moments.reminder(poll.opens_at, poll.ends_at)
    if moment is not None:
        at = max(moment, moments.by_day(now))
        mailings.plan(ENDS, poll.tenant_id, poll.id, edition=poll.ends_at.isoformat(), at=at)


def write_code(tenant: Municipality, contact: Contact, code: str, *, locale: str) -> None:
    """Send the six digits that prove a telephone or an address. No link stands in it."""
    said = in_groups(code, 3)
    with i18n.speaking(locale):
        place = tenant.where_in(locale)
        subject = i18n.say(N_("Kod do głosowania: %(code)s"), code=said)
        if contact.kind is ContactKind.SMS:
            body = i18n.say(
                N_("%(code)s – kod do głosowania %(place)s. Ważny 10 minut."),
                code=said,
                place=place,
            )
        else:
            letter = current_app.jinja_env.get_template("emails/voting/code.txt")
            body = letter.render(tenant=tenant, place=place, locale=locale, code=said)
    mail.write(
        kind=CODE_KIND,
        address=sms.address(contact.address)
        if contact.kind is ContactKind.SMS
        else contact.address,
        subject=subject,
        body=body,
        locale=locale,
        tenant_id=tenant.id,
    )


def stop_letters(tenant_id: int, consultation_id: int, *, now: datetime) -> None:
    """Keep back what is still here, when a consultation is stopped. What is planned finds out."""
    if poll := queries.find_poll(tenant_id, consultation_id):
        mailings.take_back(BEGINS, poll.id, now=now)
        mailings.take_back(ENDS, poll.id, now=now)


def resume_letters(tenant_id: int, consultation_id: int, *, now: datetime) -> None:
    """Tell those who were not told because the consultation was stopped."""
    poll = queries.find_poll(tenant_id, consultation_id)
    if poll is None or poll.state not in OPEN or now >= poll.ends_at:
        return
    begins_at = moments.announcement(poll.opens_at)
    mailings.resume(BEGINS, poll.tenant_id, poll.id, at=begins_at, now=moments.by_day(now))
    plan_reminder(poll, now=now)


def tell_result(poll: Poll, *, now: datetime) -> None:
    mailings.plan(RESULT, poll.tenant_id, poll.id, at=now)


def take_back_result(poll: Poll, *, now: datetime) -> None:
    mailings.take_back(RESULT, poll.id, now=now)


def select_voters(tenant_id: int, consultation_id: int) -> Select[int]:
    """Select who takes part in a vote while it runs: all who may, whether they have or not."""
    now = db_now()
    runs = exists().where(
        Poll.tenant_id == tenant_id,
        Poll.consultation_id == consultation_id,
        Poll.state.in_(sorted(OPEN)),
        Poll.opens_at <= now,
        Poll.ends_at > now,
    )
    return select_residents(tenant_id).where(runs)


# What they say, while it is true.


def _begins(tenant: Municipality, poll_id: int, _edition: str) -> Wording | None:
    poll = queries.get_poll(tenant.id, poll_id)
    if not _receives(poll):
        return None
    return Wording(
        subject=N_("Głosowanie się zaczęło: %(title)s"),
        template="voting/begins",
        values=_values(tenant, poll),
    )


def _ends(tenant: Municipality, poll_id: int, edition: str) -> Wording | None:
    poll = queries.get_poll(tenant.id, poll_id)
    if not _receives(poll) or poll.ends_at != datetime.fromisoformat(edition):
        return None
    return Wording(
        subject=N_("Głosowanie kończy się %(end)s"),
        template="voting/ends",
        values=_values(tenant, poll),
    )


def _result(tenant: Municipality, poll_id: int, _edition: str) -> Wording | None:
    poll = queries.get_poll(tenant.id, poll_id)
    if poll.state != PollState.PUBLISHED:
        return None
    return Wording(
        subject=N_("Jest wynik głosowania"),
        template="voting/result",
        values={"title": poll.title, "url": _address(tenant, poll, "voting.result")},
    )


def _receives(poll: Poll) -> bool:
    now = db_now()
    stopped = gate.gate(poll.tenant_id, poll.consultation_id, Activity.VOTE, now=now).stopped
    return queries.present_state(poll, now=now) is PollState.RECEIVING and not stopped


def _values(tenant: Municipality, poll: Poll) -> dict[str, object]:
    today = clock.local(clock.now()).date()
    return {
        "title": poll.title,
        "end": texts.end_in_sentence(poll.ends_at, i18n.locale(), today=today),
        "needs_confirmed": poll.needs == Needs.CONFIRMED,
        "url": _address(tenant, poll, "voting.ballot"),
    }


def _address(tenant: Municipality, poll: Poll, endpoint: str) -> str:
    card = registry.get_card(tenant.id, poll.subject_kind, poll.subject_id)
    return links.absolute(tenant, endpoint, slug=card.name)


def _residents(tenant_id: int, _poll_id: int) -> Select[int]:
    return select_residents(tenant_id)


BEGINS = Mailing(name="voting.begins", kind="voting", wording=_begins, readers=_residents)
ENDS = Mailing(name="voting.ends", kind="voting", wording=_ends, readers=_residents)
RESULT = Mailing(name="voting.result", kind="result", wording=_result, readers=_residents)
