"""What a published consultation is tied to: the officer names the earlier one it continues."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms.fields import SelectChoice

from deliberate.access.decorators import requires
from deliberate.consultations import queries
from deliberate.consultations.actions import related
from deliberate.consultations.forms import ContinuationForm, UntieForm
from deliberate.consultations.models import Consultation
from deliberate.consultations.permissions import Permission
from deliberate.consultations.views import bp
from deliberate.consultations.views.common import load_published
from deliberate.kernel import clock, htmx
from deliberate.kernel.actor import current_actor
from deliberate.kernel.db import transaction
from deliberate.kernel.refusals import Refusal, Refused
from deliberate.kernel.texts import N_
from deliberate.subjects import queries as links
from deliberate.subjects.models import Link

ALL = "/urzad/konsultacje/<slug>/powiazania"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tied:
    """A link that begins at a consultation, with it: what is removed, and whose page it is on."""

    consultation: Consultation
    link: Link

    @property
    def consultation_scope(self) -> int:
        """What a role must reach to act here (access.decorators)."""
        return self.consultation.id


def load_tied(slug: str, link_id: int) -> Tied:
    consultation = load_published(slug)
    link = links.get_link(consultation.tenant_id, queries.KIND, consultation.id, link_id)
    return Tied(consultation=consultation, link=link)


@bp.get(ALL)
@requires(Permission.EDIT, on=load_published)
def desk_related(consultation: Consultation) -> ResponseReturnValue:
    return _page(consultation)


@bp.post(ALL)
@requires(Permission.EDIT, on=load_published)
def desk_tie(consultation: Consultation) -> ResponseReturnValue:
    form = _offer(ContinuationForm(), consultation)
    if not form.validate_on_submit():
        return _page(consultation, form=form, code=422)
    try:
        with transaction():
            related.continue_from(
                consultation,
                form.former.data,
                reason=form.reason.data,
                actor=current_actor(),
                now=clock.now(),
            )
    except Refused as refused:
        return _page(consultation, form=form, refusal=refused.refusal, code=409)
    return _done(consultation, N_("Powiązane. Widać to na obu stronach."))


@bp.post(f"{ALL}/<int(max=2147483647):link_id>/usuniecie")
@requires(Permission.EDIT, on=load_tied)
def desk_untie(tied: Tied) -> ResponseReturnValue:
    consultation, link = tied.consultation, tied.link
    form = UntieForm(prefix=_prefix(link.id))
    if not form.validate_on_submit():
        return _page(consultation, untie=(link.id, form), code=422)
    with transaction():
        related.untie(
            consultation, link, reason=form.reason.data, actor=current_actor(), now=clock.now()
        )
    return _done(consultation, N_("Powiązanie usunięte."))


def _page(
    consultation: Consultation,
    *,
    form: ContinuationForm | None = None,
    untie: tuple[int, UntieForm] | None = None,
    refusal: Refusal | None = None,
    code: int = 200,
) -> ResponseReturnValue:
    there = links.list_related(consultation.tenant_id, queries.KIND, consultation.id)
    removals: dict[int, UntieForm] = {
        each.link_id: UntieForm(formdata=None, prefix=_prefix(each.link_id))
        for each in there
        if each.begins_here
    }
    if form is None:
        named = {each.id for each in there if each.kind == queries.KIND}
        form = _offer(ContinuationForm(formdata=None), consultation, besides=named)
    if untie is not None:
        removals[untie[0]] = untie[1]
    rendered = render_template(
        "consultations/desk/related.html",
        consultation=consultation,
        tied=[(each, removals.get(each.link_id)) for each in there],
        form=form,
        wrong=untie[1] if untie else form,
        refusal=refusal,
    )
    return rendered, code


def _offer(
    form: ContinuationForm, consultation: Consultation, *, besides: Collection[int] = ()
) -> ContinuationForm:
    form.former.choices = [
        SelectChoice(each, title)
        for each, title in queries.list_earlier(consultation)
        if each not in besides
    ]
    return form


def _prefix(link_id: int) -> str:
    return f"untie-{link_id}-"


def _done(consultation: Consultation, status: str) -> ResponseReturnValue:
    return htmx.done(status, to=url_for("consultations.desk_related", slug=consultation.slug))
