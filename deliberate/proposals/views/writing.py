"""What people write: a new proposal, its changes, its picture, its withdrawal."""

from __future__ import annotations

from collections.abc import Sequence

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from deliberate.access.decorators import never_cached, public, signed_in
from deliberate.accounts.current import current_person, get_person
from deliberate.accounts.models import Person
from deliberate.authorship import drafts
from deliberate.authorship.capacities import Voice
from deliberate.authorship.labels import in_words
from deliberate.consultations.current import open_published
from deliberate.consultations.models import Consultation
from deliberate.consultations.tiles import tile
from deliberate.kernel import clock, files, htmx, i18n, ids
from deliberate.kernel.db import transaction
from deliberate.kernel.filetypes import BadFile
from deliberate.kernel.models import StoredFile
from deliberate.kernel.refusals import Refusal, Refused
from deliberate.kernel.texts import N_
from deliberate.proposals import actions, cost, public_list, queries, rules
from deliberate.proposals.content import Content, content_of
from deliberate.proposals.forms import (
    NO_ALT,
    ChangeForm,
    DetailsForm,
    NewProposalForm,
    WithdrawalForm,
    select_choices,
)
from deliberate.proposals.models import Proposal
from deliberate.proposals.queries import KIND
from deliberate.proposals.rules import ChangeFacts, ProposeFacts
from deliberate.proposals.views.common import ALL, ONE, bp, load, page_of
from deliberate.tenancy import queries as tenancy
from deliberate.tenancy.current import current_tenant

DRAFT_FIELDS = ("title", "place", "reason")
LONGEST_DRAFT_FIELD = 4000

# A new proposal.


@bp.get(ALL + "/nowa")
@never_cached
@public
def new(slug: str) -> ResponseReturnValue:
    consultation, person = open_published(slug), current_person()
    kept = _find_draft(consultation, person) if person else None
    form = NewProposalForm(
        formdata=None,
        data={"language": i18n.locale(), "form_key": ids.new_token(), **(kept or {})},
    )
    return _new_page(consultation, person, form, has_draft=kept is not None)


@bp.post(ALL + "/nowa")
@public
def publish(slug: str) -> ResponseReturnValue:
    consultation, person = open_published(slug), current_person()
    if person is None:  # the browser keeps what was typed and offers it afterwards
        here = url_for("proposals.new", slug=slug)
        return redirect(url_for("accounts.sign_in", wroc=here), code=303)
    form = NewProposalForm()
    if form.draft.data:
        return _save_draft(consultation, person, form)
    _, voices, refusal = _voices(consultation, person)
    form.voice.choices = select_choices((voice.key, in_words(voice.label)) for voice in voices)
    if refusal is not None:
        return _new_page(consultation, person, form, refused=refusal), 409
    if not form.validate_on_submit():
        return _new_page(consultation, person, form), 422
    similar = public_list.list_similar(consultation, form.title.data)
    if similar and not form.mine.data:
        return render_template(
            "proposals/similar.html", consultation=consultation, form=form, similar=similar
        )
    return _publish(consultation, person, form, voices)


def _publish(
    consultation: Consultation, person: Person, form: NewProposalForm, voices: Sequence[Voice]
) -> ResponseReturnValue:
    voice = next(voice for voice in voices if voice.key == form.voice.data)
    content = Content(
        title=form.title.data,
        place=form.place.data,
        reason=form.reason.data,
        language=form.language.data,
    )
    try:
        with transaction():
            proposal = actions.publish(
                current_tenant(), consultation, person, voice, content, form_key=form.form_key.data
            )
    except Refused as refused:  # between the look at the clock above and the lock
        return _new_page(consultation, person, form, refused=refused.refusal), 409
    page = url_for("proposals.show", slug=consultation.slug, number=proposal.number, opublikowana=1)
    if content_of(proposal) != content:  # the same form again, from the browser's history
        return htmx.done(
            N_("Ta propozycja jest już opublikowana. Możesz ją zmienić na jej stronie."), to=page
        )
    return htmx.done(
        N_("Propozycja jest opublikowana. Ma numer %(number)d."), to=page, number=proposal.number
    )


def _new_page(
    consultation: Consultation,
    person: Person | None,
    form: NewProposalForm,
    *,
    refused: Refusal | None = None,
    has_draft: bool = False,
) -> str:
    facts, voices, refusal = _voices(consultation, person)
    form.voice.choices = select_choices((voice.key, in_words(voice.label)) for voice in voices)
    return render_template(
        "proposals/new.html",
        consultation=consultation,
        tile=tile(consultation, clock.now()),
        form=form,
        voices=voices,
        refusal=refused or refusal,
        too_late=(refused or refusal) == rules.TOO_LATE,
        gate=facts.gate,
        has_draft=has_draft,
    )


def _voices(
    consultation: Consultation, person: Person | None
) -> tuple[ProposeFacts, list[Voice], Refusal | None]:
    """Return in which names the person may propose here now, and why not when in none."""
    tenant, now = current_tenant(), clock.now()
    facts = queries.propose_facts(tenant, consultation, person, None, now=now)
    if person is None:
        return facts, [], rules.closed_refusal(facts)
    voices = queries.list_proposing_voices(tenant, consultation, person, facts)
    refusal = rules.closed_refusal(facts) or (None if voices else facts.lacks)
    return facts, voices, refusal


def _find_draft(consultation: Consultation, person: Person) -> dict[str, str] | None:
    place = actions.place_of(consultation)
    return drafts.find(consultation.tenant_id, person.id, KIND, place)


def _save_draft(
    consultation: Consultation, person: Person, form: NewProposalForm
) -> ResponseReturnValue:
    typed = {name: (form[name].data or "")[:LONGEST_DRAFT_FIELD] for name in DRAFT_FIELDS}
    place, now = actions.place_of(consultation), clock.now()
    with transaction():
        drafts.save(consultation.tenant_id, person.id, KIND, place, typed, at=now)
    return htmx.done(
        N_("Szkic jest zapisany. Widzisz go tylko Ty."),
        to=url_for("proposals.new", slug=consultation.slug),
    )


# Changes.


@bp.get(ONE + "/zmiana")
@signed_in
def edit(slug: str, number: int) -> ResponseReturnValue:
    consultation, proposal = load(slug, number)
    facts = _change_facts(proposal)
    form = ChangeForm(
        formdata=None,
        obj=proposal,
        data={"version": proposal.version_no, "note": ""},
    )
    return _edit_page(consultation, proposal, form, facts)


@bp.post(ONE + "/zmiana")
@signed_in
def save(slug: str, number: int) -> ResponseReturnValue:
    consultation, proposal = load(slug, number)
    facts, form = _change_facts(proposal), ChangeForm()
    if not form.validate_on_submit():
        return _edit_page(consultation, proposal, form, facts), 422
    content = Content(
        title=form.title.data,
        place=form.place.data,
        reason=form.reason.data,
        details=proposal.details,
        cost=proposal.cost,
        area_id=proposal.area_id,
        language=form.language.data,
    )
    try:
        with transaction():
            was_changed = actions.change(
                current_tenant(),
                proposal,
                get_person(),
                content,
                based_on=form.version.data,
                note=form.note.data,
            )
    except Refused as refused:
        return _edit_page(consultation, proposal, form, facts, refused=refused.refusal), 409
    return _saved(consultation, proposal, was_changed=was_changed)


def _edit_page(
    consultation: Consultation,
    proposal: Proposal,
    form: ChangeForm,
    facts: ChangeFacts,
    *,
    refused: Refusal | None = None,
) -> str:
    if refused == rules.CHANGED_MEANWHILE:  # saved once more, it changes what stands there now
        form.version.data, form.version.raw_data = proposal.version_no, None
    return render_template(
        "proposals/edit.html",
        consultation=consultation,
        proposal=proposal,
        form=form,
        needs_note=rules.needs_note(facts),
        refusal=refused or rules.change_refusal(facts),
    )


@bp.get(ONE + "/szczegoly")
@signed_in
def details(slug: str, number: int) -> ResponseReturnValue:
    consultation, proposal = load(slug, number)
    picture = _picture(proposal)
    form = DetailsForm(
        formdata=None,
        data={
            "details": proposal.details,
            "cost": cost.write(proposal.cost),
            "area": str(proposal.area_id or ""),
            "alt": picture.alt if picture else "",
            "version": proposal.version_no,
        },
    )
    return _details_page(consultation, proposal, form, picture)


@bp.post(ONE + "/szczegoly")
@signed_in
def save_details(slug: str, number: int) -> ResponseReturnValue:
    consultation, proposal = load(slug, number)
    facts, form, person = _change_facts(proposal), DetailsForm(), get_person()
    _offer_areas(form)
    if refusal := rules.change_refusal(facts):
        raise Refused(refusal)
    is_valid, file = form.validate_on_submit(), None
    try:
        file = files.receive(
            form.picture.data,
            form.picture_token.data,
            tenant_id=proposal.tenant_id,
            by=person.id,
            only_pictures=True,
        )
    except BadFile as bad:
        form.picture.errors = [*form.picture.errors, bad.message]
        is_valid = False
    if file is not None and not form.alt.data:
        form.alt.errors = [*form.alt.errors, NO_ALT]
        is_valid = False
    if not is_valid:
        return _details_page(consultation, proposal, form, file or _picture(proposal)), 422
    return _save_details(consultation, proposal, form, file)


def _save_details(
    consultation: Consultation, proposal: Proposal, form: DetailsForm, file: StoredFile | None
) -> ResponseReturnValue:
    tenant, person = current_tenant(), get_person()
    try:
        with transaction():
            content = Content(
                title=proposal.title,
                place=proposal.place,
                reason=proposal.reason,
                details=form.details.data,
                cost=form.grosze,
                area_id=form.area_id,
                language=proposal.language,
            )
            was_changed = actions.change(
                tenant,
                proposal,
                person,
                content,
                based_on=form.version.data,
                note=form.note.data,
            )
            picture = file or _picture(proposal)
            is_other = file is not None or (picture is not None and picture.alt != form.alt.data)
            if picture is not None and form.alt.data and is_other:
                actions.set_picture(tenant, proposal, person, picture, alt=form.alt.data)
                was_changed = True
    except Refused as refused:
        kept = file or _picture(proposal)
        return _details_page(consultation, proposal, form, kept, refused=refused.refusal), 409
    return _saved(consultation, proposal, was_changed=was_changed)


def _details_page(
    consultation: Consultation,
    proposal: Proposal,
    form: DetailsForm,
    picture: StoredFile | None,
    *,
    refused: Refusal | None = None,
) -> str:
    _offer_areas(form)
    if refused == rules.CHANGED_MEANWHILE:
        form.version.data, form.version.raw_data = proposal.version_no, None
    if picture is not None and picture.subject_kind is None:  # came with this form: not lost
        form.picture_token.data = picture.token
    facts = _change_facts(proposal)
    return render_template(
        "proposals/details.html",
        consultation=consultation,
        proposal=proposal,
        form=form,
        picture=picture,
        file_name=files.url_name,
        endings=files.PICTURE_ENDINGS,
        needs_note=rules.needs_note(facts),
        refusal=refused or rules.change_refusal(facts),
        picture_refusal=rules.picture_refusal(facts),
    )


@bp.post(ONE + "/zdjecie/usuniecie")
@signed_in
def remove_picture(slug: str, number: int) -> ResponseReturnValue:
    consultation, proposal = load(slug, number)
    with transaction():
        actions.set_picture(current_tenant(), proposal, get_person(), None, alt="")
    return htmx.done(N_("Zdjęcie zostało usunięte."), to=page_of(consultation, proposal))


def _picture(proposal: Proposal) -> StoredFile | None:
    kept = files.list_files(proposal.tenant_id, KIND, proposal.id)
    return kept[-1] if kept else None


def _offer_areas(form: DetailsForm) -> None:
    whole = i18n.say(N_("Cała gmina albo trudno powiedzieć"))
    areas = tenancy.list_areas(current_tenant())
    form.area.choices = select_choices(
        [("", whole), *((str(area.id), area.name) for area in areas)]
    )


def _change_facts(proposal: Proposal) -> ChangeFacts:
    return queries.change_facts(
        current_tenant(),
        proposal,
        get_person(),
        signers=queries.list_signers(proposal),
        now=clock.now(),
    )


def _saved(
    consultation: Consultation, proposal: Proposal, *, was_changed: bool
) -> ResponseReturnValue:
    status = N_("Zmiany są zapisane.") if was_changed else N_("Nic się nie zmieniło.")
    return htmx.done(status, to=page_of(consultation, proposal))


# Withdrawal.


@bp.get(ONE + "/wycofanie")
@signed_in
def withdrawal(slug: str, number: int) -> ResponseReturnValue:
    consultation, proposal = load(slug, number)
    return _withdrawal_page(consultation, proposal, WithdrawalForm(formdata=None))


@bp.post(ONE + "/wycofanie")
@signed_in
def withdraw(slug: str, number: int) -> ResponseReturnValue:
    consultation, proposal = load(slug, number)
    form = WithdrawalForm()
    if not form.validate_on_submit():
        return _withdrawal_page(consultation, proposal, form), 422
    with transaction():
        actions.withdraw(current_tenant(), proposal, get_person(), reason=form.reason.data)
    return htmx.done(N_("Propozycja jest wycofana."), to=page_of(consultation, proposal))


def _withdrawal_page(consultation: Consultation, proposal: Proposal, form: WithdrawalForm) -> str:
    return render_template(
        "proposals/withdrawal.html",
        consultation=consultation,
        proposal=proposal,
        form=form,
        refusal=rules.withdrawal_refusal(_change_facts(proposal)),
    )
