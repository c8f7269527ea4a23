"""The letters that tell people what became of what they sent (texts.md 39)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from deliberate.accounts.models import Person
from deliberate.answers import positions
from deliberate.answers.links import own_link
from deliberate.answers.models import AnswerChange
from deliberate.answers.positions import Position
from deliberate.answers.queries import Item
from deliberate.kernel.i18n import LANGUAGES, say, speaking
from deliberate.kernel.texts import N_
from deliberate.notifications.actions import must_tell, tell
from deliberate.tenancy.models import Municipality

SUBJECTS: Mapping[str, str] = MappingProxyType(
    {
        Position.ACCEPTED: N_("Urząd odpowiedział na Twoją propozycję: przyjęta"),
        Position.PARTLY: N_("Urząd odpowiedział na Twoją propozycję: przyjęta częściowo"),
        Position.NOT_ACCEPTED: N_("Urząd odpowiedział na Twoją propozycję: nieprzyjęta"),
        Position.OUT_OF_SCOPE: N_("Urząd odpowiedział na Twoją propozycję: poza zakresem"),
        Position.ANSWERED: N_("Urząd odpowiedział na Twoje pytanie"),
    }
)
REMARK_SUBJECTS: Mapping[str, str] = MappingProxyType(
    {
        Position.ACCEPTED: N_("Urząd odpowiedział na Twoją uwagę: uwzględniona"),
        Position.PARTLY: N_("Urząd odpowiedział na Twoją uwagę: uwzględniona częściowo"),
        Position.NOT_ACCEPTED: N_("Urząd odpowiedział na Twoją uwagę: nieuwzględniona"),
        Position.OUT_OF_SCOPE: N_("Urząd odpowiedział na Twoją uwagę: poza zakresem"),
        Position.ANSWERED: N_("Urząd odpowiedział na Twoje pytanie"),
    }
)
SUBJECTS_OF = MappingProxyType({"remark": REMARK_SUBJECTS})
MANY = N_("Urząd odpowiedział na to, co od Ciebie przyszło: %(count)s")
CHANGED = N_("Urząd zmienił odpowiedź na Twoją propozycję: %(title)s")
REMARK_CHANGED = N_("Urząd zmienił odpowiedź na Twoją uwagę: %(title)s")
CHANGED_OF = MappingProxyType({"remark": REMARK_CHANGED})

KIND = "answered"  # of letters, with a switch of its own


def tell_answered(tenant: Municipality, items: Sequence[Item], author: Person) -> None:
    """Write one letter, however many things of this author were answered at once."""
    template, subject = _template(items)
    with speaking(author.locale):
        values = _values(tenant, items)
    tell(
        author,
        KIND,
        tenant=tenant,
        subject=subject,
        template=template,
        values=values,
        dedupe=_dedupe(items),
    )


def tell_sender(tenant: Municipality, items: Sequence[Item], address: str) -> None:
    """Write to somebody who has no account: their address came with what they sent."""
    template, subject = _template(items)
    locale = _language(items[0])
    with speaking(locale):
        values = _values(tenant, items)
    must_tell(
        address,
        tenant=tenant,
        locale=locale,
        kind=KIND,
        subject=subject,
        template=template,
        values={**values, "by_paper": True},
        dedupe=_dedupe(items),
    )


def tell_changed(tenant: Municipality, item: Item, author: Person, change: AnswerChange) -> None:
    tell(
        author,
        KIND,
        tenant=tenant,
        subject=CHANGED_OF.get(item.card.kind, CHANGED),
        template="answers/changed",
        values=_change(tenant, item, change),
        dedupe=f"answer_change:{change.id}",
    )


def tell_sender_of_change(
    tenant: Municipality, item: Item, address: str, change: AnswerChange
) -> None:
    must_tell(
        address,
        tenant=tenant,
        locale=_language(item),
        kind=KIND,
        subject=CHANGED_OF.get(item.card.kind, CHANGED),
        template="answers/changed",
        values={**_change(tenant, item, change), "by_paper": True},
        dedupe=f"answer_change:{change.id}",
    )


def _template(items: Sequence[Item]) -> tuple[str, str]:
    if len(items) > 1:
        return "answers/answered_many", MANY
    card, answer = items[0].card, items[0].answer
    assert answer is not None  # noqa: S101 - only what is answered is told
    return "answers/answered", SUBJECTS_OF.get(card.kind, SUBJECTS)[answer.position]


def _values(tenant: Municipality, items: Sequence[Item]) -> dict[str, object]:
    """Return what a letter says, in the language that is spoken now."""
    lines = [
        {
            "number": item.number,
            "title": item.card.title,
            "position": say(positions.label(item.card.kind, item.answer.position)),
            "url": own_link(tenant, item.card.kind, item.card.id),
        }
        for item in items
        if item.answer is not None
    ]
    return {**lines[0], "count": len(lines), "lines": lines}


def _change(tenant: Municipality, item: Item, change: AnswerChange) -> dict[str, object]:
    return {
        "title": item.card.title,
        "reason": change.reason,
        "url": own_link(tenant, item.card.kind, item.card.id),
    }


def _language(item: Item) -> str:
    """Return the language to write in: of what they sent, where we speak it."""
    return item.card.language if item.card.language in LANGUAGES else "pl"


def _dedupe(items: Sequence[Item]) -> str:
    first = min(item.answer.id for item in items if item.answer is not None)
    return f"answer:{first}"
