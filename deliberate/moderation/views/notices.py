"""Anybody says that something breaks the rules."""

from __future__ import annotations

from datetime import timedelta

from flask import abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from deliberate.access.decorators import never_cached, public
from deliberate.accounts.current import current_person
from deliberate.kernel import i18n, ratelimit
from deliberate.kernel.db import transaction
from deliberate.kernel.ratelimit import Limit, TooMany
from deliberate.moderation import actions, offices, queries
from deliberate.moderation.forms import NoticeForm
from deliberate.moderation.reasons import Reason
from deliberate.moderation.views import bp
from deliberate.subjects import registry
from deliberate.subjects.states import is_shown
from deliberate.tenancy.current import current_tenant

NOTICES = Limit(bucket="notice", most=20, per=timedelta(hours=1))


@bp.route("/zgloszenie/<kind>/<int(max=2147483647):id>", methods=["GET", "POST"])
@never_cached
@public
def notice_new(kind: str, id: int) -> ResponseReturnValue:  # noqa: A002 - the name in the address
    tenant, person = current_tenant(), current_person()
    card = registry.get_card(tenant.id, kind, id)
    if not is_shown(card.state):
        abort(404)
    form, status = NoticeForm(), 200
    too_many: TooMany | None = None
    if form.is_submitted():
        status = 422
        if form.validate():
            try:
                with transaction():
                    ratelimit.check(NOTICES, ratelimit.address())
                    ratelimit.count(NOTICES, ratelimit.address())
                    notice = actions.give_notice(
                        tenant,
                        card,
                        reason=Reason(form.reason.data),
                        text=form.text.data or "",
                        email=form.email.data or "",
                        reporter_id=person.id if person else None,
                        locale=i18n.locale(),
                    )
                return redirect(url_for("moderation.receipt", number=notice.number), code=303)
            except TooMany as error:
                too_many, status = error, 429
    page = render_template(
        "moderation/notice.html",
        card=card,
        form=form,
        too_many=too_many,
        by_office=offices.answers_for(kind),
    )
    return page, status


@bp.get("/zgloszenie/<int(max=2147483647):number>/potwierdzenie")
@never_cached
@public
def receipt(number: int) -> ResponseReturnValue:
    """Whoever has the number reads that it came and who reads it; nothing of what it says."""
    notice = queries.get_notice(current_tenant(), number)
    return render_template(
        "moderation/receipt.html",
        number=notice.number,
        by_office=offices.answers_for(notice.subject_kind),
    )
