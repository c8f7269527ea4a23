"""What is published after the count, chosen at the office while the ballot is a draft."""

from __future__ import annotations

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms import BooleanField, RadioField, SelectChoice
from wtforms.validators import InputRequired, ValidationError

from deliberate.access.decorators import requires
from deliberate.kernel import htmx
from deliberate.kernel.db import transaction
from deliberate.kernel.forms import REQUIRED, Form
from deliberate.kernel.refusals import Refusal, Refused
from deliberate.kernel.texts import N_
from deliberate.subjects import registry
from deliberate.subjects.registry import Card
from deliberate.tenancy.current import current_tenant
from deliberate.voting.actions import preparing
from deliberate.voting.models import Poll
from deliberate.voting.permissions import Permission
from deliberate.voting.states import PollState, Publication
from deliberate.voting.views.office import load

bp = Blueprint(
    "voting_publication", __name__, url_prefix="/urzad/konsultacje/<slug>/glosowanie/publikacja"
)
KINDS = {
    Publication.TOTALS: N_("Tylko sumy"),
    Publication.APART: N_("Lista kodów i karty, osobno"),
    Publication.LINKED: N_("Karty razem z kodami"),
}


class PublicationForm(Form):
    """What comes out, and that the warning about the most open way was read."""

    publication = RadioField(
        N_("Co ogłosimy po policzeniu"),
        choices=[SelectChoice(kind, label) for kind, label in KINDS.items()],
        validators=[InputRequired(REQUIRED)],
    )
    may_be_demanded = BooleanField(
        N_("Rozumiem, że każdy może zażądać od innej osoby kodu i zobaczyć, jak zagłosowała")
    )

    def validate_may_be_demanded(self, field: BooleanField) -> None:
        if self.publication.data == Publication.LINKED and not field.data:
            raise ValidationError(N_("Potwierdź to osobno albo wybierz inny sposób."))


@bp.get("")
@requires(Permission.PREPARE, on=load)
def show(poll: Poll) -> ResponseReturnValue:
    return _page(poll, PublicationForm(formdata=None, publication=poll.publication))


@bp.post("")
@requires(Permission.PREPARE, on=load)
def save(poll: Poll) -> ResponseReturnValue:
    form = PublicationForm()
    if not form.validate_on_submit():
        return _page(poll, form, code=422)
    try:
        with transaction():
            chosen = Publication(form.publication.data)
            preparing.publish_as(current_tenant(), poll.id, chosen)
    except Refused as refused:
        return _page(poll, form, refusal=refused.refusal, code=409)
    return htmx.done(N_("Zapisane."), to=url_for(".show", slug=_card(poll).name))


def _page(
    poll: Poll, form: PublicationForm, *, refusal: Refusal | None = None, code: int = 200
) -> ResponseReturnValue:
    rendered = render_template(
        "voting/publication.html",
        card=_card(poll),
        poll=poll,
        form=form,
        refusal=refusal,
        is_draft=poll.state == PollState.DRAFT,
        kinds=KINDS,
    )
    return rendered, code


def _card(poll: Poll) -> Card:
    return registry.get_card(poll.tenant_id, poll.subject_kind, poll.subject_id)
