"""Suspicions at the office: what votes have in common, votes held for it, and letters to print.

Only between the end and the count: before it, not a byte of this page tells of a vote.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from deliberate.access.decorators import requires
from deliberate.approvals import rules as approvals
from deliberate.kernel import htmx
from deliberate.kernel.actor import current_actor
from deliberate.kernel.db import transaction
from deliberate.kernel.forms import Form, text
from deliberate.kernel.pagination import PER_PAGE, PageOf, page_number
from deliberate.kernel.refusals import Refusal, Refused
from deliberate.kernel.texts import N_
from deliberate.subjects import registry
from deliberate.tenancy.current import current_tenant
from deliberate.voting import (
    cases,
    decision_letters,
    held_letters,
    quarantine,
    quarantine_rules,
    queries,
)
from deliberate.voting.actions import answering, coding, holding
from deliberate.voting.clock import db_now
from deliberate.voting.models import Poll, Voter
from deliberate.voting.permissions import Permission
from deliberate.voting.suspicions import Group, Kind
from deliberate.voting.views.office import load

bp = Blueprint(
    "voting_suspicions", __name__, url_prefix="/urzad/konsultacje/<slug>/glosowanie/podejrzenia"
)
SHORTEST_REASON, LONGEST_REASON = 10, 500
MOST_NAMED = 12  # of a group; the rest are a number

# What the votes of a group have in common.
GROUNDS: Mapping[str, str] = MappingProxyType(
    {
        Kind.HOME: N_("Wiele osób pod jednym adresem"),
        Kind.CONTACT: N_("Wiele osób z jednym telefonem albo e-mailem"),
        Kind.SURNAME: N_("Jedno nazwisko wiele razy w jednej godzinie"),
        Kind.RHYTHM: N_("Z jednej sieci po tyle samo głosów godzina po godzinie"),
        Kind.NETWORK: N_("Wiele głosów z jednej sieci w jednej godzinie"),
        Kind.SURGE: N_("Dużo więcej głosów w ostatnich 48 godzinach niż przedtem"),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A group on the page: the first people in it, and how many of its votes are held."""

    group: Group
    voters: list[Voter]
    codes: list[str]
    held: int

    @property
    def more(self) -> int:
        return max(0, len(self.group.members) - MOST_NAMED)

    @property
    def is_held(self) -> bool:
        return self.held == len(self.group.members)


class HoldForm(Form):
    """Why the votes of a group are held."""

    reason = text(
        N_("Dlaczego – przeczytają to osoby, które zdecydują"),
        shortest=SHORTEST_REASON,
        longest=LONGEST_REASON,
    )


def load_part(slug: str, **_part: object) -> Poll:
    """Load for @requires; what else the address names is read under its poll."""
    return load(slug)


@bp.get("")
@requires(Permission.WITNESS, on=load)
def show(poll: Poll) -> ResponseReturnValue:
    return _page(poll)


@bp.post("/<string(length=16):group>/wstrzymanie")
@requires(Permission.PREPARE, on=load_part)
def hold(poll: Poll) -> ResponseReturnValue:
    group_id, form = _part("group"), HoldForm(prefix=_part("group"))
    if not form.validate_on_submit():
        return _page(poll, form=form, at=group_id, code=422)
    tenant = current_tenant()
    return _do(
        poll,
        lambda here: holding.hold(tenant, here, group_id, form.reason.data, actor=current_actor()),
        N_("Głosy wstrzymane. Osoby, które je oddały, mają pięć dni na wyjaśnienie."),
        form=form,
        at=group_id,
    )


@bp.post("/listy")
@requires(Permission.PREPARE, on=load)
def print_letters(poll: Poll) -> ResponseReturnValue:
    """Print the letters that wait, once: whoever prints sees their codes."""
    return _print(poll, None)


@bp.post("/listy/<int(max=2147483647):case_id>")
@requires(Permission.PREPARE, on=load_part)
def print_anew(poll: Poll) -> ResponseReturnValue:
    """Print one letter in place of one that did not come, with a new code and five new days."""
    return _print(poll, int(_part("case_id")))


@bp.post("/decyzje")
@requires(Permission.PREPARE, on=load)
def print_decisions(poll: Poll) -> ResponseReturnValue:
    """Print the letters of decision that wait; when none does, all of them again."""
    if refusal := quarantine_rules.hold_refusal(queries.present_state(poll)):
        return _page(poll, refusal=refusal, code=409)
    decided = quarantine.list_decided(poll)
    if not decided:
        return _page(poll, refusal=quarantine_rules.NO_LETTERS, code=409)
    letters = [
        (addressee, cases.decision_of(cases.get_case(poll, addressee.case_id), verdict))
        for addressee, verdict in decided
    ]
    pdf = decision_letters.print_all(current_tenant(), poll, letters)
    try:
        with transaction():
            answering.note_printed(
                queries.get_poll(poll.tenant_id, poll.id),
                [addressee.case_id for addressee, _ in letters],
                actor=current_actor(),
            )
    except Refused as refused:
        return _page(poll, refusal=refused.refusal, code=409)
    return _file(pdf, "decyzje.pdf")


def _file(pdf: bytes, name: str) -> ResponseReturnValue:
    headers = {
        "Content-Type": "application/pdf",
        "Content-Disposition": f'attachment; filename="{name}"',
        "Cache-Control": "no-store",
    }
    return pdf, 200, headers


def _print(poll: Poll, case_id: int | None) -> ResponseReturnValue:
    """Typeset first: a code whose letter was not made is worth nothing, five days are."""
    if refusal := quarantine_rules.hold_refusal(queries.present_state(poll)):
        return _page(poll, refusal=refusal, code=409)
    addressees = quarantine.list_addressees(poll, case_id)
    if not addressees:
        return _page(poll, refusal=quarantine_rules.NO_LETTERS, code=409)
    made, written_at = coding.draw(len(addressees)), db_now()
    pdf = held_letters.print_all(
        current_tenant(),
        poll,
        addressees,
        made,
        written_at=written_at,
        until=quarantine_rules.answer_until(written_at),
    )
    by_case = {each.case_id: code for each, code in zip(addressees, made, strict=True)}
    try:
        with transaction():
            holding.note_printed(
                queries.get_poll(poll.tenant_id, poll.id),
                by_case,
                anew=case_id is not None,
                written_at=written_at,
                actor=current_actor(),
            )
    except Refused as refused:
        return _page(poll, refusal=refused.refusal, code=409)
    return _file(pdf, "listy.pdf")


def _part(name: str) -> str:
    """Return what else the address names: the view itself gets the poll."""
    return str((request.view_args or {})[name])


def _do(
    poll: Poll, act: Callable[[Poll], object], status: str, *, form: HoldForm, at: str
) -> ResponseReturnValue:
    try:
        with transaction():
            act(queries.get_poll(poll.tenant_id, poll.id))
    except Refused as refused:
        return _page(poll, form=form, at=at, refusal=refused.refusal, code=409)
    return htmx.done(status, to=url_for(".show", slug=_slug(poll)))


def _page(
    poll: Poll,
    *,
    form: HoldForm | None = None,
    at: str | None = None,
    refusal: Refusal | None = None,
    code: int = 200,
) -> ResponseReturnValue:
    """Show the groups; after a refusal only the one that it is about, so that its words stay."""
    tenant, actor = current_tenant(), current_actor()
    poll = queries.get_poll(tenant.id, poll.id)  # read again: a refusal has rolled back
    closed = quarantine_rules.hold_refusal(queries.present_state(poll))
    groups = quarantine.find_groups(poll) if closed is None else []
    wanted = [group for group in groups if group.id == at] if at is not None else groups
    number = page_number(request.args.get("strona"))
    page = PageOf(
        items=_shown(poll, wanted[(number - 1) * PER_PAGE : number * PER_PAGE]),
        number=number,
        total=len(wanted),
    )
    rendered = render_template(
        "voting/suspicions.html",
        card=registry.get_card(poll.tenant_id, poll.subject_kind, poll.subject_id),
        poll=poll,
        closed=closed,
        page=page,
        is_whole=at is None,
        grounds=GROUNDS,
        untold=quarantine.count_untold(poll) if closed is None else (0, 0),
        unprinted=quarantine.count_unprinted(poll) if closed is None else 0,
        forms_of={each.group.id: _form_of(each.group.id, form, at) for each in page.items},
        form=form,
        refusal=refusal,
        proof=approvals.proof_refusal(
            lacks_factor=not actor.has_second_factor, is_stale=not actor.is_fresh
        ),
        back=url_for(".show", slug=_slug(poll)),
    )
    return rendered, code


def _form_of(group_id: str, form: HoldForm | None, at: str | None) -> HoldForm:
    """Return a form whose fields have names of their own: the page has one a group."""
    return form if form is not None and at == group_id else HoldForm(formdata=None, prefix=group_id)


def _shown(poll: Poll, groups: list[Group]) -> list[Shown]:
    named = quarantine.first_of(groups, MOST_NAMED)
    voters, used = quarantine.list_voters(poll, named), quarantine.list_codes(poll, named)
    held = quarantine.list_held_keys(poll)
    return [
        Shown(
            group=group,
            voters=[voters[key] for key in group.members[:MOST_NAMED] if key in voters],
            codes=sorted(used[key] for key in group.members[:MOST_NAMED] if key in used),
            held=sum(key in held for key in group.members),
        )
        for group in groups
    ]


def _slug(poll: Poll) -> str:
    return registry.get_card(poll.tenant_id, poll.subject_kind, poll.subject_id).name
