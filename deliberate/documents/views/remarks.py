"""All remarks of a consultation, one remark, open data; and withdrawing one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Response, abort, render_template, request
from flask.typing import ResponseReturnValue

from deliberate.access.decorators import public, signed_in
from deliberate.accounts.current import current_person, get_person
from deliberate.accounts.models import Person
from deliberate.algorithms.worddiff import Kind, word_diff
from deliberate.authorship import versions as authorship
from deliberate.consultations.current import open_published
from deliberate.consultations.models import Consultation
from deliberate.consultations.tiles import tile
from deliberate.documents import actions, exports, listing, public_list, queries, rules, texts
from deliberate.documents.content import FIELD_LABELS
from deliberate.documents.forms import WithdrawalForm
from deliberate.documents.kinds import KIND, KIND_LABELS
from deliberate.documents.listing import Wish
from deliberate.documents.models import Remark
from deliberate.documents.queries import Whole
from deliberate.documents.views.common import (
    REMARK,
    REMARKS,
    bp,
    load_remark,
    page_of,
)
from deliberate.kernel import clock, files, htmx
from deliberate.kernel.db import transaction
from deliberate.kernel.i18n import say
from deliberate.kernel.pagination import page_number
from deliberate.kernel.refusals import Refusal
from deliberate.kernel.texts import N_
from deliberate.moderation.queries import list_traces
from deliberate.subjects.activities import Activity
from deliberate.subjects.gate import gate
from deliberate.subjects.states import TOMBSTONE, is_shown


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One select of the list's form: its parameter, its words, the value that holds now."""

    name: str
    label: str
    options: Sequence[tuple[str, str]]
    chosen: str


@bp.get(REMARKS)
@public
def remarks(slug: str) -> ResponseReturnValue:
    consultation, now = open_published(slug), clock.now()
    wish = listing.read(request.args)
    page = public_list.list_page(consultation, wish, page_number(request.args.get("strona")))
    documents = texts.list_standing(consultation)
    template = "documents/list.hx.html" if htmx.is_htmx() else "documents/remarks.html"
    return render_template(
        template,
        consultation=consultation,
        tile=tile(consultation, now),
        gate=gate(consultation.tenant_id, consultation.id, Activity.REMARK, now=now),
        wish=wish,
        page=page,
        documents=[put.document for put in documents],
        unit=_unit(consultation, wish),
        choices=_choices(wish, documents),
        listing=listing,
    )


def _unit(consultation: Consultation, wish: Wish) -> texts.UnitRow | None:
    """Return the unit that the list is narrowed to, as it was last called."""
    if wish.unit is None or wish.document_id is None:
        return None
    document = texts.find_document(consultation, wish.document_id)
    if document is None:
        return None
    return texts.find_last_place(consultation, document, wish.unit)


def _choices(wish: Wish, documents: Sequence[texts.Put]) -> list[Choice]:
    chosen = {name: str(value or "") for name, value in wish.address.items()}
    names = [(str(put.document.id), put.document.title) for put in documents]
    kinds = [(word, say(KIND_LABELS[kind])) for word, kind in listing.KINDS.items()]
    positions = [(word, say(label)) for word, label in listing.POSITION_NAMES.items()]
    channels = [(word, say(label)) for word, label in listing.CHANNEL_NAMES.items()]
    selects = (
        (listing.DOCUMENT, N_("Dokument"), [("", say(N_("Każdy"))), *names]),
        (listing.KIND, N_("Rodzaj"), [("", say(N_("Każdy"))), *kinds]),
        (listing.POSITION, N_("Stanowisko urzędu"), [("", say(N_("Wszystko jedno"))), *positions]),
        (listing.CHANNEL, N_("Jak zgłoszona"), [("", say(N_("Wszystko jedno"))), *channels]),
    )
    return [
        Choice(name=name, label=say(label), options=options, chosen=chosen[name])
        for name, label, options in selects
        if name != listing.DOCUMENT or len(names) > 1
    ]


@bp.get(REMARKS + ".csv")
@public
def csv(slug: str) -> ResponseReturnValue:
    return _file(exports.as_csv(open_published(slug)), "text/csv", f"{slug}.csv")


@bp.get(REMARKS + ".json")
@public
def json(slug: str) -> ResponseReturnValue:
    return _file(exports.as_json(open_published(slug)), "application/json", f"{slug}.json")


def _file(content: bytes, media_type: str, name: str) -> Response:
    response = Response(content, mimetype=media_type)
    response.headers["Content-Disposition"] = f'attachment; filename="uwagi-{name}"'
    return response


@bp.get(REMARK)
@public
def remark(slug: str, number: int) -> ResponseReturnValue:
    consultation = open_published(slug)
    whole, person = queries.get_whole(consultation, number), current_person()
    state = whole.remark.content_state
    is_own = _is_own(whole.remark, person)
    if state in TOMBSTONE:
        return _tombstone(consultation, whole.remark, is_own=is_own)
    if not is_shown(state) and not is_own:
        abort(404)  # held: it was never public, so nothing marks its place
    return render_template("documents/remark.html", **_context(consultation, whole, is_own=is_own))


def _is_own(remark: Remark, person: Person | None) -> bool:
    return person is not None and remark.author_id == person.id


def _tombstone(consultation: Consultation, remark: Remark, *, is_own: bool) -> ResponseReturnValue:
    traces = list_traces(remark.tenant_id, KIND, [remark.id])
    return render_template(
        "documents/tombstone.html",
        consultation=consultation,
        number=remark.number,
        is_own=is_own,
        trace=traces.get(remark.id),
    )


def _context(consultation: Consultation, whole: Whole, *, is_own: bool) -> dict[str, object]:
    remark = whole.remark
    return {
        "consultation": consultation,
        "tile": tile(consultation, clock.now()),
        "whole": whole,
        "remark": remark,
        "is_own": is_own,
        "file": queries.list_attachments(remark.tenant_id, [remark.id]).get(remark.id),
        "file_name": files.url_name,
        "diff": _diff(whole),
        "withdrawal_refusal": _withdrawal_refusal(consultation, remark) if is_own else None,
    }


def _diff(whole: Whole) -> list[tuple[Kind, str]] | None:
    """Return the proposed wording beside what its author read, word by word."""
    remark, document, unit = whole.remark, whole.document, whole.unit
    if not remark.wording or document is None or unit is None or remark.document_version is None:
        return None
    read = texts.find_unit(document, remark.document_version, unit.number)
    return word_diff(read.text, remark.wording) if read is not None else None


@bp.get(REMARK + "/wersje")
@public
def history(slug: str, number: int) -> ResponseReturnValue:
    """Show every version with what it changed: the whole way of an entry on one page."""
    consultation, remark = load_remark(slug, number)
    return render_template(
        "documents/remark_versions.html",
        consultation=consultation,
        remark=remark,
        versions=authorship.list_steps(remark.tenant_id, KIND, remark.id),
        field_labels=FIELD_LABELS,
    )


# Withdrawal.


@bp.get(REMARK + "/wycofanie")
@signed_in
def withdrawal(slug: str, number: int) -> ResponseReturnValue:
    consultation, remark = load_remark(slug, number)
    return _withdrawal_page(consultation, remark, WithdrawalForm(formdata=None))


@bp.post(REMARK + "/wycofanie")
@signed_in
def withdraw(slug: str, number: int) -> ResponseReturnValue:
    consultation, remark = load_remark(slug, number)
    form = WithdrawalForm()
    if not form.validate_on_submit():
        return _withdrawal_page(consultation, remark, form), 422
    with transaction():
        actions.withdraw(consultation, remark, get_person(), reason=form.reason.data or "")
    return htmx.done(
        N_("Uwaga jest wycofana. Zostaje na liście z dopiskiem."), to=page_of(consultation, remark)
    )


def _withdrawal_page(consultation: Consultation, remark: Remark, form: WithdrawalForm) -> str:
    return render_template(
        "documents/withdrawal.html",
        consultation=consultation,
        remark=remark,
        form=form,
        refusal=_withdrawal_refusal(consultation, remark),
    )


def _withdrawal_refusal(consultation: Consultation, remark: Remark) -> Refusal | None:
    facts = queries.withdrawal_facts(consultation, remark, current_person(), now=clock.now())
    return rules.withdrawal_refusal(facts)
