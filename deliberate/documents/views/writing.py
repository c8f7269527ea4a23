"""Writing a remark: on a unit or on the whole, several in one sitting."""

from __future__ import annotations

from collections.abc import Sequence

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import SelectChoice

from deliberate.access.decorators import never_cached, public
from deliberate.accounts.current import current_person
from deliberate.accounts.models import Person
from deliberate.accounts.standing import Needs
from deliberate.authorship import drafts
from deliberate.authorship.capacities import Voice, list_voices
from deliberate.authorship.labels import in_words
from deliberate.consultations.current import open_published
from deliberate.consultations.models import Consultation
from deliberate.consultations.tiles import tile
from deliberate.documents import actions, listing, public_list, queries, rules
from deliberate.documents.content import Content, Place
from deliberate.documents.forms import RemarkForm, select_choices
from deliberate.documents.kinds import KIND, RemarkKind
from deliberate.documents.models import Remark
from deliberate.documents.rules import GiveFacts
from deliberate.documents.views import places
from deliberate.documents.views.common import REMARKS, bp
from deliberate.kernel import clock, files, htmx, i18n, ids
from deliberate.kernel.db import transaction
from deliberate.kernel.filetypes import BadFile
from deliberate.kernel.i18n import say
from deliberate.kernel.models import StoredFile
from deliberate.kernel.refusals import Refusal, Refused
from deliberate.kernel.texts import N_
from deliberate.tenancy.current import current_tenant

DRAFT_FIELDS = ("place", "kind", "wording", "body", "on_behalf")
LONGEST_DRAFT_FIELD = 8000
OPEN_TO_ALL = frozenset({Needs.ANYONE, Needs.EMAIL})


@bp.get(REMARKS + "/nowa")
@never_cached
@public
def new(slug: str) -> ResponseReturnValue:
    consultation, person = open_published(slug), current_person()
    place = places.asked(consultation)
    kept = _find_draft(consultation, person) if person else None
    is_kept = kept is not None and ("szkic" in request.args or place is None)
    form = RemarkForm(
        formdata=None,
        data={
            "language": i18n.locale(),
            "form_key": ids.new_token(),
            **_first_words(place),
            **_last_signature(consultation, person),
            **((kept or {}) if is_kept else {}),
        },
    )
    return _page(
        consultation,
        person,
        form,
        has_draft=is_kept,
        other_draft=kept is not None and not is_kept,
        prefilled=not is_kept and bool(form.wording.data),
    )


@bp.post(REMARKS + "/nowa")
@public
def publish(slug: str) -> ResponseReturnValue:
    consultation, person = open_published(slug), current_person()
    form = RemarkForm()
    if form.fill.data:
        return _filled(consultation, person, form)
    if person is None:  # the browser keeps what was typed and offers it afterwards
        here = url_for("documents.new", slug=slug, **places.args_of(request.form.get("place", "")))
        return redirect(url_for("accounts.sign_in", wroc=here), code=303)
    if form.draft.data:
        return _save_draft(consultation, person, form)
    place = places.find(consultation, form.place.data)
    _, voices, refusal = _voices(consultation, person)
    form.voice.choices = _voice_choices(voices)
    if refusal is None and place is None:
        refusal = rules.NO_PLACE
    if refusal is not None:
        return _page(consultation, person, form, refused=refusal), 409
    assert place is not None  # noqa: S101 - refused above
    is_valid, content = form.validate_on_submit(), _content(form, place)
    file, is_good = _receive(consultation, person, form)
    if not is_valid or not is_good:
        return _page(consultation, person, form, file=file), 422
    if not content.wording and not content.body:
        form.body.errors = [*form.body.errors, say(N_("Zmień brzmienie albo napisz, dlaczego."))]
        return _page(consultation, person, form, file=file), 422
    similar = public_list.list_similar(consultation, content)
    if similar and not form.mine.data:
        return render_template(
            "documents/similar.html",
            consultation=consultation,
            form=form,
            content=content,
            similar=similar,
            file=file,
        )
    return _publish(consultation, person, form, voices, content, file)


def _publish(  # noqa: PLR0917 - what the view has gathered
    consultation: Consultation,
    person: Person,
    form: RemarkForm,
    voices: Sequence[Voice],
    content: Content,
    file: StoredFile | None,
) -> ResponseReturnValue:
    voice = next(voice for voice in voices if voice.key == form.voice.data)
    try:
        with transaction():
            remark = actions.give_remark(
                current_tenant(),
                consultation,
                person,
                voice,
                content,
                form_key=form.form_key.data,
                on_behalf=(form.on_behalf.data or "") if _is_open_to_all(consultation) else "",
                attachment=file,
            )
    except Refused as refused:  # between the look at the clock above and the lock
        return _page(consultation, person, form, refused=refused.refusal, file=file), 409
    # On with the next one, from where this one was: several are written in one sitting.
    to = url_for(
        "documents.new",
        slug=consultation.slug,
        przyjeta=remark.number,
        **places.args_of(form.place.data, unit=False),
    )
    return htmx.done(N_("Uwaga nr %(number)d przyjęta."), to=to, number=remark.number)


def _filled(
    consultation: Consultation, person: Person | None, form: RemarkForm
) -> ResponseReturnValue:
    """Put the words that stand there now into the field, to be changed."""
    place = places.find(consultation, form.place.data)
    if place is not None and place.text:
        form.wording.data = place.text
    return _page(consultation, person, form)


def _page(
    consultation: Consultation,
    person: Person | None,
    form: RemarkForm,
    *,
    refused: Refusal | None = None,
    file: StoredFile | None = None,
    has_draft: bool = False,
    other_draft: bool = False,
    prefilled: bool = False,
) -> str:
    facts, voices, refusal = _voices(consultation, person)
    form.voice.choices = _voice_choices(voices)
    form.place.choices = places.list_choices(consultation)
    form.place.data = places.nearest(form.place.data, form.place.choices)
    refusal = refused or refusal
    too_late = refusal in (rules.TOO_LATE, rules.STOPPED)
    if too_late and (place := places.find(consultation, form.place.data)):
        form.wording.data = _own_wording(form, place)
    given = queries.list_latest_of(consultation, person, clock.now()) if person else []
    return render_template(
        "documents/new.html",
        consultation=consultation,
        tile=tile(consultation, clock.now()),
        form=form,
        voices=voices,
        refusal=refusal,
        keeps_form=refusal == rules.NO_PLACE,
        too_late=too_late,
        gate=facts.gate,
        file=file,
        endings=files.ENDINGS,
        given=given,
        accepted=_accepted(given),
        open_to_all=_is_open_to_all(consultation, facts),
        has_draft=has_draft,
        other_draft=other_draft,
        prefilled=prefilled,
        draft_key=f"remark-{consultation.id}-{form.place.data}",
    )


def _accepted(given: Sequence[Remark]) -> Remark | None:
    """Return the person's own remark that has just been accepted."""
    number = listing.number(request.args.get("przyjeta"))
    return next((remark for remark in given if remark.number == number), None)


def _voices(
    consultation: Consultation, person: Person | None
) -> tuple[GiveFacts, list[Voice], Refusal | None]:
    """Return in which names the person may remark here now, and why not when in none."""
    tenant, now = current_tenant(), clock.now()
    facts = queries.give_facts(tenant, consultation, person, None, now=now)
    if person is None:
        return facts, [], rules.closed_refusal(facts.gate)
    voices = queries.list_remarking_voices(tenant, consultation, person, facts)
    refusal = rules.closed_refusal(facts.gate) or (None if voices else facts.lacks)
    return facts, voices, refusal


def _voice_choices(voices: Sequence[Voice]) -> list[SelectChoice]:
    return select_choices([(voice.key, in_words(voice.label)) for voice in voices])


def _is_open_to_all(consultation: Consultation, facts: GiveFacts | None = None) -> bool:
    """Tell whether people who live elsewhere, and institutions, take part here too."""
    needs = facts.gate.needs if facts is not None else consultation.propose_needs
    return needs in OPEN_TO_ALL


def _receive(
    consultation: Consultation, person: Person, form: RemarkForm
) -> tuple[StoredFile | None, bool]:
    """Keep the attachment, whatever else is wrong; tell whether it is a good one."""
    try:
        file = files.receive(
            form.attachment.data,
            form.attachment_token.data,
            tenant_id=consultation.tenant_id,
            by=person.id,
        )
    except BadFile as bad:
        form.attachment.errors = [bad.message]
        return None, False
    if file is not None:
        form.attachment_token.data = file.token
    return file, True


def _content(form: RemarkForm, place: Place) -> Content:
    kinds = set(RemarkKind)
    return Content(
        place=place,
        kind=RemarkKind(form.kind.data) if form.kind.data in kinds else RemarkKind.GENERAL,
        wording=_own_wording(form, place),
        body=form.body.data or "",
        language=form.language.data or "pl",
    )


def _own_wording(form: RemarkForm, place: Place) -> str:
    """Return the wording that the person proposes: not what we put there, if nobody touched it."""
    wording = form.wording.data or ""
    return "" if wording.split() == place.text.split() else wording


# What a form begins with.


def _first_words(place: Place | None) -> dict[str, str]:
    """Return what the form begins with on a place: its own words, to be changed."""
    if place is None or place.document_id is None:
        return {"kind": RemarkKind.GENERAL}
    key = places.key_of(place.document_id, place.version or 0, place.number or 0)
    if place.unit_id is None:
        return {"place": key, "kind": RemarkKind.GENERAL}
    return {"place": key, "kind": RemarkKind.CHANGE, "wording": place.text}


def _last_signature(consultation: Consultation, person: Person | None) -> dict[str, str]:
    """Return in whose name the person wrote here last, so that nobody types it twice."""
    if person is None:
        return {}
    given = queries.list_latest_of(consultation, person, clock.now())
    if not given:
        return {}
    last = given[-1]
    found = {"on_behalf": actions.read_on_behalf(last.capacity_label), "language": last.language}
    voices = list_voices(current_tenant(), person, consultation_id=consultation.id)
    for voice in voices:
        signed = (voice.capacity, voice.organisation_id, voice.unit_id)
        if signed == (last.capacity, last.organisation_id, last.unit_id):
            return {**found, "voice": voice.key}
    return found


# Drafts.


def _find_draft(consultation: Consultation, person: Person) -> dict[str, str] | None:
    place = actions.place_of(consultation)
    return drafts.find(consultation.tenant_id, person.id, KIND, place)


def _save_draft(
    consultation: Consultation, person: Person, form: RemarkForm
) -> ResponseReturnValue:
    typed = {name: (form[name].data or "")[:LONGEST_DRAFT_FIELD] for name in DRAFT_FIELDS}
    place, now = actions.place_of(consultation), clock.now()
    with transaction():
        drafts.save(consultation.tenant_id, person.id, KIND, place, typed, at=now)
    return htmx.done(
        N_("Szkic jest zapisany. Widzisz go tylko Ty."),
        to=url_for("documents.new", slug=consultation.slug, szkic=1),
    )
