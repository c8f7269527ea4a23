"""For everybody: what became of what people put forward."""

from __future__ import annotations

from flask import abort, render_template, request, url_for
from flask.typing import ResponseReturnValue

from deliberate.access.decorators import public
from deliberate.answers import outcomes
from deliberate.answers.outcomes import POSITIONS, WAITING, Outcome
from deliberate.answers.positions import labels_of
from deliberate.answers.rules.answers import days_late
from deliberate.answers.views import bp
from deliberate.answers.views.common import KIND
from deliberate.kernel import clock
from deliberate.kernel.i18n import say
from deliberate.kernel.texts import N_
from deliberate.subjects import registry
from deliberate.subjects.states import is_shown
from deliberate.tenancy.current import current_tenant


@bp.get("/konsultacje/<slug>/wynik")
@public
def outcome(slug: str) -> ResponseReturnValue:
    tenant = current_tenant()
    card = registry.get_named(tenant.id, KIND, slug)
    if not is_shown(card.state):
        abort(404)
    found = outcomes.outcome(tenant.id, card.id, outcomes.read(request.args))
    today = clock.local(clock.now()).date()
    return render_template(
        "answers/outcome.html",
        card=card,
        outcome=found,
        anchor=outcomes.anchor,
        tabs=_tabs(slug, found),
        due=card.answer_due,
        late=days_late(card.answer_due, today, is_complete=found.is_complete),
    )


def _tabs(slug: str, found: Outcome) -> list[tuple[str, str, bool, int]]:
    """Return the positions that were taken: address, words, whether it is shown, how many."""
    labels = labels_of(found.kinds)
    words = {"": N_("wszystkie"), WAITING: N_("czeka na odpowiedź")}
    words |= {word: labels[position] for word, position in POSITIONS.items()}
    parts = {"": found.total, **found.parts}
    return [
        (
            url_for("answers.outcome", slug=slug, stanowisko=word or None),
            say(words[word]),
            word == found.position,
            number,
        )
        for word, number in parts.items()
    ]
