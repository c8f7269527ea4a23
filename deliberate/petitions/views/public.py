"""What everyone may read: the three registers, an entry; and supporting it."""

from __future__ import annotations

from flask import Response, abort, render_template, request, url_for
from flask.typing import ResponseReturnValue

from deliberate.access.decorators import public, signed_in
from deliberate.accounts.current import current_person, get_person
from deliberate.kernel import clock, files, htmx
from deliberate.kernel.db import transaction
from deliberate.kernel.i18n import say
from deliberate.kernel.pagination import page_number
from deliberate.kernel.texts import N_
from deliberate.moderation.queries import list_traces
from deliberate.petitions import exports, figures, queries, rules, summary, words
from deliberate.petitions.actions import supporting
from deliberate.petitions.kinds import BY_SLUG, Register
from deliberate.petitions.models import Entry
from deliberate.petitions.views import bp
from deliberate.petitions.views.common import INDEXES, ONE, page_of
from deliberate.subjects.states import TOMBSTONE, is_shown
from deliberate.tenancy.current import current_tenant

PARTS = ("", "otwarte", "zamkniete")
FIRST_YEAR = 2015  # the law on petitions is in force since September of that year


@bp.get("/wnioski")
@public
def requests() -> ResponseReturnValue:
    return _index(Register.REQUEST)


@bp.get("/inicjatywy")
@public
def initiatives() -> ResponseReturnValue:
    return _index(Register.INITIATIVE)


@bp.get("/petycje")
@public
def petitions() -> ResponseReturnValue:
    return _index(Register.PETITION)


def _index(register: Register) -> ResponseReturnValue:
    tenant, today = current_tenant(), clock.local(clock.now()).date()
    part = request.args.get("stan", "")
    part = part if part in PARTS else ""
    known = queries.list_figures(tenant, today)
    return render_template(
        "petitions/index.html",
        register=register,
        names=words.NAMES[register],
        here=INDEXES[register],
        tabs=[
            (url_for(endpoint), say(words.NAMES[each].title), each == register, None)
            for each, endpoint in INDEXES.items()
        ],
        page=queries.list_public(
            tenant, register, part=part, page=page_number(request.args.get("strona"))
        ),
        part=part,
        words=words,
        known=known,
        needed=figures.signatures(known, tenant.kind, tenant.population),
        gathering=known.get(figures.INITIATIVE_GATHERING_DAYS),
        terms_missing=not figures.request_needs(known, in_area=False),
        today=today,
    )


@bp.get(ONE)
@public
def show(register: str, entry_id: int) -> ResponseReturnValue:
    tenant, person = current_tenant(), current_person()
    entry = queries.get_entry(tenant, BY_SLUG[register], entry_id)
    is_own = person is not None and entry.author_id == person.id
    if entry.content_state in TOMBSTONE:
        traces = list_traces(tenant.id, entry.register, [entry.id])
        return render_template(
            "petitions/tombstone.html",
            entry=entry,
            is_own=is_own,
            trace=traces.get(entry.id),
            index=INDEXES[Register(entry.register)],
            names=words.NAMES[entry.register],
            words=words,
        )
    if not is_shown(entry.content_state) and not is_own:
        abort(404)
    is_petition = entry.register == Register.PETITION
    main = queries.find_entry(tenant.id, entry.joined_id) if entry.joined_id else None
    area = queries.find_area(entry) if entry.area_id else None
    led_to = queries.find_led_to(entry) if entry.consultation_id else None
    return render_template(
        "petitions/show.html",
        is_own=is_own,
        names=words.NAMES[entry.register],
        index=INDEXES[Register(entry.register)],
        files=files.list_files(tenant.id, entry.register, entry.id),
        file_name=files.url_name,
        area=area,
        main=main if main and main.published_at and is_shown(main.content_state) else None,
        joined=[
            row
            for row in queries.list_joined(entry)
            if row.published_at and is_shown(row.content_state)
        ]
        if is_petition
        else [],
        counts=queries.list_counts(entry) if not is_petition else [],
        led_to=led_to,
        due_at=clock.end_of_day(entry.due_on) if entry.due_on else None,
        page_of=page_of,
        today=clock.local(clock.now()).date(),
        **_support_context(entry),
    )


@bp.post(ONE + "/poparcie")
@signed_in
def support(register: str, entry_id: int) -> ResponseReturnValue:
    entry = _shown(register, entry_id)
    with transaction():
        supporting.give(current_tenant(), entry, get_person(), now=clock.now())
    return _support_changed(entry, N_("Twoje poparcie jest zapisane. Dziękujemy."))


@bp.post(ONE + "/poparcie/wycofanie")
@signed_in
def withdraw_support(register: str, entry_id: int) -> ResponseReturnValue:
    entry = _shown(register, entry_id)
    with transaction():
        supporting.withdraw(current_tenant(), entry, get_person(), now=clock.now())
    return _support_changed(entry, N_("Twoje poparcie zostało wycofane."))


def _shown(register: str, entry_id: int) -> Entry:
    entry = queries.get_entry(current_tenant(), BY_SLUG[register], entry_id)
    return entry if is_shown(entry.content_state) else abort(404)


def _support_changed(entry: Entry, status: str) -> ResponseReturnValue:
    return htmx.changed(
        "petitions/support.hx.html", status, to=page_of(entry), **_support_context(entry)
    )


def _support_context(entry: Entry) -> dict[str, object]:
    facts = queries.support_facts(current_tenant(), entry, current_person(), now=clock.now())
    have = rules.supporters(entry.register, supports=entry.supports, paper=entry.paper)
    too_few = rules.submission_refusal(state=entry.state, have=have, needed=entry.needed)
    return {
        "entry": entry,
        "words": words,
        "have": have,
        "refusal": rules.support_refusal(facts),
        "area_asked": facts.area,
        "is_over": rules.is_over(facts.until, facts.today),
        "can_withdraw": rules.support_withdrawal_refusal(facts) is None,
        "too_few": too_few,
        "until_at": clock.end_of_day(entry.gathering_until) if entry.gathering_until else None,
    }


@bp.get("/petycje/zestawienie")
@public
def yearly() -> ResponseReturnValue:
    tenant, year = current_tenant(), _year()
    rows = queries.list_petitions_of(tenant, year)
    today = clock.local(clock.now()).date()
    return render_template(
        "petitions/yearly.html",
        summary=summary.summarise(year, [_line(row) for row in rows]),
        rows=rows,
        words=words,
        page_of=page_of,
        years=range(today.year, max(FIRST_YEAR, today.year - 10) - 1, -1),
        rule=queries.list_figures(tenant, today).get(figures.SUMMARY_BY),
    )


@bp.get("/petycje/zestawienie.csv")
@public
def yearly_csv() -> ResponseReturnValue:
    year = _year()
    rows = queries.list_petitions_of(current_tenant(), year)
    response = Response(exports.as_csv(rows), mimetype="text/csv")
    response.headers["Content-Disposition"] = f'attachment; filename="petycje-{year}.csv"'
    return response


def _year() -> int:
    """Return the year that the address asks for; last year's is the one that is published."""
    today = clock.local(clock.now()).date()
    typed = request.args.get("rok", "")
    is_year = len(typed) == 4 and typed.isascii() and typed.isdigit()
    return int(typed) if is_year and FIRST_YEAR <= int(typed) <= today.year else today.year


def _line(entry: Entry) -> summary.Line:
    return summary.Line(
        came_in=entry.year or 0,
        state=entry.state,
        closed_on=clock.local(entry.closed_at).date() if entry.closed_at else None,
        due_on=entry.due_on,
        is_extended=entry.extended_from is not None,
        is_joined=entry.joined_id is not None,
    )
