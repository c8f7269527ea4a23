"""What is kept for how long, and what today's cleaning would remove."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from deliberate.access.decorators import requires
from deliberate.accounts.permissions import Permission
from deliberate.accounts.views.common import bp
from deliberate.kernel import clock
from deliberate.kernel import retention as kept
from deliberate.tenancy.current import current_tenant


@bp.get("/urzad/przechowywanie")
@requires(Permission.SEE_RETENTION)
def retention() -> ResponseReturnValue:
    current_tenant()
    return render_template("accounts/retention.html", due=kept.preview(clock.now()))
