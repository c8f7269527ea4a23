"""The desk of whoever works for the municipality: today, soon, the week's dates, what runs."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from deliberate.access.decorators import requires
from deliberate.consultations import queries as consultations
from deliberate.consultations.rules.standing import Stage
from deliberate.consultations.tiles import tiles
from deliberate.kernel import clock
from deliberate.kernel.actor import current_actor
from deliberate.pages.blueprint import bp
from deliberate.pages.permissions import Permission
from deliberate.pages.work.consultations import may_see
from deliberate.pages.work.desk import gather, list_days
from deliberate.tenancy.current import current_tenant

GOING_ON = frozenset({Stage.ANNOUNCED, Stage.RUNNING, Stage.WAITING, Stage.SUSPENDED})


@bp.get("/urzad")
@requires(Permission.SEE_DESK, anywhere=True)
def desk() -> ResponseReturnValue:
    tenant, actor, now = current_tenant(), current_actor(), clock.now()
    listed = [
        tile for tile in tiles(consultations.list_all(tenant), now) if may_see(tile.consultation)
    ]
    waiting = gather(tenant, actor, listed, now)
    today = clock.local(now).date()
    return render_template(
        "pages/desk.html",
        waiting=waiting,
        late=sum(each.due is not None and each.due < today for each in waiting.today),
        today=today,
        days=list_days(listed, now),
        lacks_factor=not actor.has_second_factor,
        going_on=[tile for tile in listed if tile.stage in GOING_ON],
    )
