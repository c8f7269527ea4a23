"""A published answer put differently: the page of the two persons, and the former texts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import abort, render_template
from flask.typing import ResponseReturnValue

from deliberate.access.decorators import may, public, requires
from deliberate.answers import changes, queries
from deliberate.answers.forms import WHOLE_OFFICE, ChangeForm, Press, SeenForm
from deliberate.answers.models import Answer, AnswerChange
from deliberate.answers.outcomes import address
from deliberate.answers.permissions import Permission
from deliberate.answers.positions import label
from deliberate.answers.rules.changes import PublishingFacts, publishing_refusal
from deliberate.answers.views import bp
from deliberate.answers.views.common import DESK, KIND, OnDesk, done, load_one
from deliberate.authorship.versions import FieldChange, compare
from deliberate.kernel import clock
from deliberate.kernel.actor import current_actor
from deliberate.kernel.db import transaction
from deliberate.kernel.i18n import say
from deliberate.kernel.texts import N_
from deliberate.subjects import registry
from deliberate.subjects.states import is_shown
from deliberate.tenancy import queries as tenancy
from deliberate.tenancy.current import current_tenant

ONE = DESK + "/<kind>/<int(max=2147483647):subject_id>/zmiana"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One change as it is read: what went and what came, field by field."""

    change: AnswerChange
    fields: Sequence[FieldChange]


@bp.get(ONE)
@requires(Permission.SEE, on=load_one)
def change(on_desk: OnDesk) -> ResponseReturnValue:
    answer = _published(on_desk)
    waiting = changes.find_waiting(answer)
    text: Answer | AnswerChange = waiting or answer
    form = ChangeForm(
        formdata=None,
        position=text.position,
        reason=text.justification,
        unit=text.unit_id or WHOLE_OFFICE,
        why=waiting.reason if waiting else "",
    )
    return _page(on_desk, answer, form)


@bp.post(ONE)
@requires(Permission.EDIT, on=load_one)
def write_change(on_desk: OnDesk) -> ResponseReturnValue:
    tenant, answer = current_tenant(), _published(on_desk)
    form = ChangeForm()
    form.offer(tenant.office_name, tenancy.list_units(tenant), [on_desk.item.card.kind])
    if not form.validate_on_submit():
        return _page(on_desk, answer, form, code=422)
    with transaction():
        changes.write(
            tenant,
            answer,
            position=form.chosen,
            justification=form.reason.data,
            unit_id=form.unit_id,
            reason=form.why.data,
            actor=current_actor(),
            now=clock.now(),
        )
    return done(on_desk.desk, N_("Zmiana zapisana. Ogłasza ją druga osoba."))


@bp.post(ONE + "/porzucenie")
@requires(Permission.EDIT, on=load_one)
def drop_change(on_desk: OnDesk) -> ResponseReturnValue:
    if not Press().validate_on_submit():
        abort(400)
    with transaction():
        changes.drop(_published(on_desk), current_actor(), now=clock.now())
    return done(on_desk.desk, N_("Zmiana porzucona. Odpowiedź zostaje taka, jaka jest."))


@bp.post(ONE + "/ogloszenie")
@requires(Permission.PUBLISH, on=load_one)
def publish_change(on_desk: OnDesk) -> ResponseReturnValue:
    form = SeenForm()
    if not form.validate_on_submit():
        abort(400)
    with transaction():
        changes.publish(
            current_tenant(),
            on_desk.item,
            read=form.seen.data or "",
            actor=current_actor(),
            now=clock.now(),
        )
    return done(on_desk.desk, N_("Zmiana ogłoszona. Poprzedni tekst zostaje do przeczytania."))


@bp.get("/konsultacje/<slug>/wynik/<kind>/<int(max=2147483647):subject_id>/zmiany")
@public
def history(slug: str, kind: str, subject_id: int) -> ResponseReturnValue:
    """What a published answer said before, for as long as its thing may be read."""
    tenant = current_tenant()
    card = registry.get_named(tenant.id, KIND, slug)
    thing = registry.find_card(tenant.id, kind, subject_id) if kind in registry.kinds() else None
    answer = queries.find_published(tenant.id, kind, subject_id)
    if answer is None or thing is None or answer.consultation_id != card.id:
        abort(404)
    if not is_shown(card.state) or not is_shown(thing.state):
        abort(404)
    return render_template(
        "answers/history.html",
        card=card,
        thing=thing,
        answer=answer,
        outcome_url=address(slug, kind, subject_id),
        steps=[_step(each, kind) for each in changes.list_published(answer)],
    )


def _published(on_desk: OnDesk) -> Answer:
    return on_desk.item.published or abort(404)


def _page(
    on_desk: OnDesk, answer: Answer, form: ChangeForm, *, code: int = 200
) -> ResponseReturnValue:
    tenant, waiting = current_tenant(), changes.find_waiting(answer)
    kind = on_desk.item.card.kind
    form.offer(tenant.office_name, tenancy.list_units(tenant), [kind])
    refusal = publishing_refusal(
        PublishingFacts(
            waits=waiting is not None,
            is_writer=waiting is not None and waiting.written_by == current_actor().person_id,
            is_as_read=True,
        )
    )
    rendered = render_template(
        "answers/change.html",
        desk=on_desk.desk,
        item=on_desk.item,
        answer=answer,
        form=form,
        step=_step(waiting, kind) if waiting else None,
        seen=changes.seal(waiting) if waiting else "",
        refusal=refusal,
        may_edit=may(Permission.EDIT, on_desk),
        may_publish=may(Permission.PUBLISH, on_desk),
    )
    return rendered, code


def _step(change: AnswerChange, kind: str) -> Step:
    return Step(change=change, fields=compare(_former(change, kind), _words(change, kind)))


def _former(change: AnswerChange, kind: str) -> Mapping[str, str]:
    return {
        "position": say(label(kind, change.former_position)),
        "justification": change.former_justification,
        "signed_as": change.former_signed_as,
    }


def _words(change: AnswerChange, kind: str) -> Mapping[str, str]:
    return {
        "position": say(label(kind, change.position)),
        "justification": change.justification,
        "signed_as": change.signed_as,
    }
