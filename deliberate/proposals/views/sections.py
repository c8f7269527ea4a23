"""Another way of voting than the usual one: sections of a ballot, each with its kind and count."""

from __future__ import annotations

from dataclasses import dataclass

from flask import abort, render_template, request, url_for
from flask.typing import ResponseReturnValue

from deliberate.access.decorators import requires
from deliberate.algorithms.counting import BallotKind
from deliberate.consultations.models import Consultation
from deliberate.kernel import htmx
from deliberate.kernel.db import transaction
from deliberate.kernel.refusals import Refusal, Refused
from deliberate.kernel.texts import N_
from deliberate.proposals import admission, sections
from deliberate.proposals.models import State
from deliberate.proposals.views.ballot import DESK, load, ticked_numbers
from deliberate.proposals.views.common import bp
from deliberate.tenancy import queries as tenancy
from deliberate.tenancy.current import current_tenant
from deliberate.voting import queries as voting
from deliberate.voting import rules as voting_rules
from deliberate.voting import section_forms, wording
from deliberate.voting.actions.preparing import SectionDraft
from deliberate.voting.models import Poll
from deliberate.voting.permissions import Permission
from deliberate.voting.section_forms import RulesForm, SectionForm
from deliberate.voting.states import PollState

SECTION = DESK + "/czesci/<int(max=99):place>"
WAYS = {"wyzej": -1, "nizej": 1}


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A place on the ballot: one of its sections, or the next one."""

    consultation: Consultation
    number: int
    drafts: list[SectionDraft]

    @property
    def draft(self) -> SectionDraft | None:
        return self.drafts[self.number - 1] if self.number <= len(self.drafts) else None

    @property
    def consultation_scope(self) -> int:
        return self.consultation.id


def load_place(slug: str, place: int) -> Place:
    """Load for @requires: any section, or the one after the last."""
    consultation = load(slug)
    drafts = sections.list_drafts(current_tenant(), consultation)
    if not 1 <= place <= len(drafts) + 1:
        abort(404)
    return Place(consultation=consultation, number=place, drafts=drafts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """An option in its section, and which way it goes."""

    place: Place
    position: int  # from 1
    way: str

    @property
    def consultation_scope(self) -> int:
        return self.place.consultation_scope


def load_position(slug: str, place: int, position: int, way: str) -> Position:
    """Load for @requires: an option that is there."""
    found = load_place(slug, place)
    if found.draft is None or not 1 <= position <= len(found.draft.options):
        abort(404)
    return Position(place=found, position=position, way=way)


@bp.get(SECTION)
@requires(Permission.PREPARE, on=load_place)
def section_form(place: Place) -> ResponseReturnValue:
    kind = _kind(request.args.get("rodzaj"), place.draft)
    tenant = current_tenant()
    form = section_forms.section_form(kind, tenancy.list_areas(tenant), place.draft, tenant.name)
    return _section_page(place, form)


@bp.post(SECTION)
@requires(Permission.PREPARE, on=load_place)
def section_save(place: Place) -> ResponseReturnValue:
    tenant = current_tenant()
    form = SectionForm(_kind(request.form.get("kind"), None), tenancy.list_areas(tenant))
    ticked = ticked_numbers()
    if not form.validate_on_submit():
        return _section_page(place, form, ticked=ticked, code=422)
    has_own = form.source.data == section_forms.OWN
    try:
        with transaction():
            sections.put(
                tenant,
                place.consultation,
                place.number,
                form.draft(len(ticked)),
                None if has_own else ticked,
            )
    except Refused as refused:
        return _section_page(place, form, ticked=ticked, refusal=refused.refusal, code=409)
    return _done(place.consultation, N_("Część karty zapisana."))


@bp.post(SECTION + "/usuniecie")
@requires(Permission.PREPARE, on=load_place)
def section_remove(place: Place) -> ResponseReturnValue:
    if place.draft is None:
        abort(404)
    with transaction():
        sections.remove(current_tenant(), place.consultation, place.number)
    return _done(place.consultation, N_("Część karty usunięta."))


@bp.post(SECTION + "/wyzej")
@requires(Permission.PREPARE, on=load_place)
def section_up(place: Place) -> ResponseReturnValue:
    if place.draft is None:
        abort(404)
    with transaction():
        sections.move_up(current_tenant(), place.consultation, place.number)
    return _done(place.consultation, N_("Kolejność części zapisana."))


@bp.post(SECTION + "/pozycje/<int(max=999):position>/<any(wyzej, nizej):way>")
@requires(Permission.PREPARE, on=load_position)
def option_move(where: Position) -> ResponseReturnValue:
    """Move an option of one's own; the page comes back where the option is now."""
    place = where.place
    with transaction():
        moved = sections.move_option(
            current_tenant(), place.consultation, place.number, where.position, WAYS[where.way]
        )
    desk = url_for("proposals.admission_desk", slug=place.consultation.slug)
    return htmx.done(
        N_("Pozycja stoi teraz na miejscu %(place)s."),
        to=f"{desk}#pozycja-{place.number}-{moved}",
        place=moved,
    )


@bp.get(DESK + "/zasady")
@requires(Permission.PREPARE, on=load)
def ballot_rules(consultation: Consultation) -> ResponseReturnValue:
    return _rules_page(consultation, section_forms.rules_form(_draft(consultation)))


@bp.post(DESK + "/zasady")
@requires(Permission.PREPARE, on=load)
def ballot_rules_save(consultation: Consultation) -> ResponseReturnValue:
    form = RulesForm()
    _draft(consultation)
    if not form.validate_on_submit():
        return _rules_page(consultation, form, code=422)
    with transaction():
        sections.say_rules(current_tenant(), consultation, **form.rules())
    return _done(consultation, N_("Zasady głosowania zapisane."))


def _draft(consultation: Consultation) -> Poll:
    """Return the ballot that can still change; 404 where there is none."""
    poll = voting.find_poll(consultation.tenant_id, consultation.id) or abort(404)
    if poll.state != PollState.DRAFT:
        raise Refused(voting_rules.NOT_DRAFT)
    return poll


def _kind(text: str | None, draft: SectionDraft | None) -> BallotKind:
    if text is None:
        return draft.kind if draft is not None else BallotKind.APPROVAL
    try:
        return BallotKind(text)
    except ValueError:
        abort(404)


def _section_page(
    place: Place,
    form: SectionForm,
    *,
    ticked: set[int] | None = None,
    refusal: Refusal | None = None,
    code: int = 200,
) -> ResponseReturnValue:
    proposals = [
        proposal
        for proposal in admission.list_proposals(place.consultation)
        if proposal.state != State.NOT_ADMITTED
    ]
    if ticked is None:
        chosen = {each.subject_id for each in place.draft.options} if place.draft else set()
        ticked = {proposal.number for proposal in proposals if proposal.id in chosen}
    rendered = render_template(
        "voting/section_form.html",
        consultation=place.consultation,
        place=place.number,
        form=form,
        kinds=wording.KINDS,
        kind=form.of_kind,
        method_hints={key: wording.METHOD_WORDS[key][1] for key in wording.METHOD_WORDS},
        proposals=proposals,
        ticked=ticked,
        refusal=refusal,
    )
    return rendered, code


def _rules_page(
    consultation: Consultation, form: RulesForm, *, code: int = 200
) -> ResponseReturnValue:
    return render_template("voting/rules_form.html", consultation=consultation, form=form), code


def _done(consultation: Consultation, status: str) -> ResponseReturnValue:
    return htmx.done(status, to=url_for("proposals.admission_desk", slug=consultation.slug))
