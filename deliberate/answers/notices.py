"""The letter that tells an author what became of a thing (texts.md 39)."""

from __future__ import annotations

from deliberate.accounts.models import Person
from deliberate.answers.positions import Position
from deliberate.answers.queries import Item
from deliberate.kernel.texts import N_
from deliberate.notifications import links
from deliberate.notifications.actions import tell
from deliberate.subjects.registry import get_card
from deliberate.tenancy.models import Municipality

SUBJECTS = {
    Position.ACCEPTED: N_("Urząd odpowiedział na Twoją propozycję: przyjęta"),
    Position.PARTLY: N_("Urząd odpowiedział na Twoją propozycję: przyjęta częściowo"),
    Position.NOT_ACCEPTED: N_("Urząd odpowiedział na Twoją propozycję: nieprzyjęta"),
    Position.OUT_OF_SCOPE: N_("Urząd odpowiedział na Twoją propozycję: poza zakresem"),
}


def anchor(kind: str, subject_id: int) -> str:
    """Return where on the page of outcomes a thing's answer stands."""
    return f"odpowiedz-{kind}-{subject_id}"


def tell_answered(tenant: Municipality, item: Item, author: Person) -> None:
    answer = item.answer
    assert answer is not None  # noqa: S101 - only what is answered is told
    consultation = get_card(tenant.id, "consultation", answer.consultation_id)
    page = links.absolute(tenant, "answers.outcome", slug=consultation.name)
    tell(
        author,
        "answered",
        tenant=tenant,
        subject=SUBJECTS[Position(answer.position)],
        template="answers/answered",
        values={"title": item.card.title, "url": f"{page}#{anchor(item.card.kind, item.card.id)}"},
        dedupe=f"answer:{answer.id}",
    )
