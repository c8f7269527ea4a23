"""Cards for voting on paper: one sheet a card, numbered, with all that the sealed ballot has."""

from __future__ import annotations

from deliberate.algorithms.counting import BallotKind
from deliberate.kernel import clock, i18n, paper, texts
from deliberate.kernel.i18n import say
from deliberate.kernel.texts import N_
from deliberate.tenancy.models import Municipality
from deliberate.voting import queries
from deliberate.voting.models import CardBatch, Poll, Section

MOST_SECONDS = 300
# How one fills in a card of each kind: a box to tick, or a place to write in.
HOW = {
    BallotKind.SINGLE: N_("Postaw znak X przy jednej pozycji."),
    BallotKind.APPROVAL: N_("Postaw znak X przy wybranych pozycjach, najwyżej: %(most)s."),
    BallotKind.KNAPSACK: N_(
        "Postaw znak X przy wybranych pozycjach, razem za nie więcej niż %(budget)s."
    ),
    BallotKind.RANKED: N_(
        "Wpisz miejsca: 1 przy tej, której chcesz najbardziej, dalej 2, 3 i kolejne."
    ),
    BallotKind.SCORE: N_("Przy każdej pozycji wpisz ocenę od %(lowest)s do %(highest)s."),
    BallotKind.POINTS: N_("Rozdaj punkty, razem: %(points)s. Wpisz je przy pozycjach."),
    BallotKind.QUESTIONS: N_("Przy każdym pytaniu wpisz: Z – za, P – przeciw, W – wstrzymuję się."),
}


def cards(tenant: Municipality, poll: Poll, batch: CardBatch) -> bytes:
    """Return the PDF of a batch, by serial. Slow; never inside a transaction."""
    sections, options = queries.list_sections(poll), queries.list_options(poll)
    last_day = clock.last_day(poll.ends_at)
    data = {
        "title": say(N_("Karta do głosowania: %(title)s"), title=poll.title),
        "heading": poll.title,
        "office": f"{tenant.office_name} · {tenant.office_phone}",
        "lead": say(
            N_("Jedna osoba, jeden głos. Nie podpisuj karty. Ostatni dzień: %(day)s."),
            day=texts.day_text(last_day, i18n.locale(), today=last_day),
        ),
        "serial": say(N_("Karta nr")),
        "serials": list(range(batch.first, batch.last + 1)),
        "place": batch.place,
        "sections": [
            {
                "title": section.title,
                "how": _how(section),
                "writes": section.kind
                not in {BallotKind.SINGLE, BallotKind.APPROVAL, BallotKind.KNAPSACK},
                "options": [
                    {
                        "no": option.no,
                        "title": option.title,
                        "cost": texts.money(option.cost, i18n.locale())
                        if option.cost is not None
                        else "",
                    }
                    for option in options
                    if option.section_no == section.no
                ],
            }
            for section in sections
        ],
    }
    return paper.typeset(
        "cards", data, language=i18n.locale(), at=clock.now(), seconds=MOST_SECONDS
    )


def _how(section: Section) -> str:
    values = {
        "most": section.most,
        "lowest": section.lowest,
        "highest": section.highest,
        "points": section.points,
        "budget": texts.money(section.budget, i18n.locale()) if section.budget else "",
    }
    return say(HOW[BallotKind(section.kind)], **values)
