"""The acts of a vote that need two persons, as the second one sees them.

Sealing is registered by whoever wants the vote, because something follows it there.
"""

from __future__ import annotations

from datetime import datetime

from flask import url_for

from deliberate.approvals.models import Approval
from deliberate.approvals.registry import ApprovalAct, ApprovalPage
from deliberate.kernel.actor import Actor
from deliberate.kernel.i18n import say
from deliberate.kernel.texts import N_
from deliberate.subjects import registry
from deliberate.tenancy.models import Municipality
from deliberate.voting import canonical, electorates, preview, queries, underway
from deliberate.voting.actions import counting, publishing
from deliberate.voting.models import Poll

SEAL, COUNT, PUBLISH = "poll.seal", underway.ACT, "poll.publish"
KIND = underway.KIND


def describe_sealing(tenant: Municipality, approval: Approval) -> ApprovalPage:
    poll = queries.get_poll(tenant.id, approval.subject_id)
    return ApprovalPage(
        title=poll.title,
        lead=say(
            N_(
                "Po zapieczętowaniu nikt nie zmieni projektów, zasad ani początku głosowania. "
                "Koniec będzie można tylko odsunąć."
            )
        ),
        url=_card_url(tenant, poll),
        template="voting/_sealing.html",
        context=ballot_context(poll),
    )


def sealing_payload(tenant: Municipality, approval: Approval) -> str:
    """Return the hash of the rules as the draft has them now."""
    poll = queries.get_poll(tenant.id, approval.subject_id)
    return poll.rules_hash or canonical.digest(queries.rules_text(poll))


def ballot_context(poll: Poll) -> dict[str, object]:
    """Return what a look at a ballot needs, before it is sealed or after."""
    sections, options = queries.list_sections(poll), queries.list_options(poll)
    return {
        "poll": poll,
        "electorate_terms": electorates.read(poll.electorate_terms),
        "parts": preview.parts_of(poll, sections, options),
        "rules_hash": poll.rules_hash or canonical.digest(canonical.rules(poll, sections, options)),
    }


def _describe_count(tenant: Municipality, approval: Approval) -> ApprovalPage:
    poll = queries.get_poll(tenant.id, approval.subject_id)
    return ApprovalPage(
        title=poll.title,
        lead=say(
            N_(
                "Policzenie głosów jest nieodwracalne: wymaga go jedna osoba, zatwierdza druga. "
                "Wyniku nie zobaczysz tu ani przedtem, ani teraz."
            )
        ),
        url=_card_url(tenant, poll),
        template="voting/_count.html",
        context={"poll": poll, "counting_url": _counting_url(tenant, poll, approval)},
    )


def _counting_url(tenant: Municipality, poll: Poll, approval: Approval) -> str | None:
    """Return where it is seen how far a count is that was agreed on."""
    if not approval.approved:
        return None
    card = registry.get_card(tenant.id, poll.subject_kind, poll.subject_id)
    return url_for("voting_office.counting", slug=card.name)


def _count_payload(tenant: Municipality, approval: Approval) -> str:
    return queries.get_poll(tenant.id, approval.subject_id).rules_hash or ""


def _count(tenant: Municipality, approval: Approval, actor: Actor, _now: datetime) -> None:
    counting.begin(tenant, approval, actor=actor)


def _card_url(tenant: Municipality, poll: Poll) -> str:
    return registry.get_card(tenant.id, poll.subject_kind, poll.subject_id).url


COUNTING = ApprovalAct(
    key=COUNT,
    label=N_("Policzenie głosów"),
    describe=_describe_count,
    payload=_count_payload,
    perform=_count,
    needs_fresh=True,
)


def _describe_publishing(tenant: Municipality, approval: Approval) -> ApprovalPage:
    poll = queries.get_poll(tenant.id, approval.subject_id)
    return ApprovalPage(
        title=poll.title,
        lead=say(
            N_(
                "Ogłoszony wynik zobaczą wszyscy naraz i nie da się go po cichu wycofać. Ogłasza "
                "jedna osoba, zatwierdza druga."
            )
        ),
        url=_card_url(tenant, poll),
        template="voting/_count.html",
        context={"poll": poll},
    )


def _publish(tenant: Municipality, approval: Approval, actor: Actor, _now: datetime) -> None:
    publishing.publish(tenant, approval.subject_id, actor=actor)


PUBLISHING = ApprovalAct(
    key=PUBLISH,
    label=N_("Ogłoszenie wyniku głosowania"),
    describe=_describe_publishing,
    payload=_count_payload,
    perform=_publish,
    needs_fresh=True,
)
