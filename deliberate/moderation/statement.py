"""The statement of reasons (texts.md no. 35): for its preview, its page and its letter alike."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import column, select, table

from deliberate.accounts.models import Person
from deliberate.kernel.db import db
from deliberate.moderation.models import Decision
from deliberate.moderation.reasons import READY
from deliberate.subjects import registry
from deliberate.subjects.registry import Card
from deliberate.subjects.states import is_shown
from deliberate.tenancy.models import DiscussionRules, Municipality

# The package of consultations is above this one; only who hears appeals is read from its table.
_consultation = table("consultation", column("tenant_id"), column("id"), column("appeal_person_id"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Redress:
    """To whom to write against a decision. ``name`` is empty where nobody is named: the office."""

    name: str
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """All that an author is told: ``ready`` is a source text (N_), ``words`` the decider's own."""

    restricts: bool
    hides_talk: bool  # and the conversation under it
    place: str
    said_at: datetime
    passage: str
    ready: str
    words: str
    rule: int | None
    rule_text: str
    from_notice: bool
    who: str
    redress: Redress


def of_decision(tenant: Municipality, decision: Decision, card: Card) -> Statement:
    return write(
        tenant,
        card,
        restricts=not is_shown(decision.to_state),
        passage=decision.passage,
        reason=decision.reason,
        explanation=decision.explanation,
        rule=decision.rule,
        rules_version=decision.rules_version,
        from_notice=decision.notice_id is not None,
        who=decision.decider_label,
        decided_by=decision.decided_by,
    )


def write(
    tenant: Municipality,
    card: Card,
    *,
    restricts: bool,
    passage: str,
    reason: str | None,
    explanation: str,
    rule: int | None,
    rules_version: int | None,
    from_notice: bool,
    who: str,
    decided_by: int | None,
) -> Statement:
    ready = READY.get(reason or "", "")
    lines = list_rules(tenant, rules_version)
    return Statement(
        restricts=restricts,
        hides_talk=registry.get_kind(card.kind).is_shown is not None,
        place=_place(card),
        said_at=card.at,
        passage=passage,
        ready=ready,
        words=explanation.removeprefix(ready).strip(),
        rule=rule,
        rule_text=lines[rule - 1] if rule and rule <= len(lines) else "",
        from_notice=from_notice,
        who=who,
        redress=find_redress(tenant, card.consultation_id, but=decided_by),
    )


def list_rules(tenant: Municipality, version: int | None) -> Sequence[str]:
    """Return the rules of discussion in one version, a rule a line."""
    if version is None:
        return []
    text = db.session.scalar(
        select(DiscussionRules.text).where(
            DiscussionRules.tenant_id == tenant.id, DiscussionRules.version == version
        )
    )
    return (text or "").splitlines()


def find_redress(
    tenant: Municipality, consultation_id: int | None, *, but: int | None = None
) -> Redress:
    """Return who hears appeals about a consultation; letters reach them through the office.

    Whoever decided (``but``) is not named: it would be the same person twice.
    """
    name = db.session.scalar(
        select(Person.display_name)
        .join(_consultation, _consultation.c.appeal_person_id == Person.id)
        .where(
            _consultation.c.tenant_id == tenant.id,
            _consultation.c.id == consultation_id,
            Person.closed_at.is_(None),
            Person.id != (but or 0),
        )
    )
    return Redress(name=name or "", address=tenant.office_email)


def _place(card: Card) -> str:
    if card.consultation_id is None:
        return card.title
    place = registry.find_card(card.tenant_id, "consultation", card.consultation_id)
    return place.title if place is not None else card.title
