"""What the portal says of itself: rules of discussion, privacy, contact, how to check it."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from deliberate.access.decorators import never_cached, public
from deliberate.audit.entries import INSTALLATION, chain_of
from deliberate.audit.models import AuditHead
from deliberate.consultations import queries as consultations
from deliberate.kernel import retention
from deliberate.kernel.db import db
from deliberate.pages.blueprint import bp
from deliberate.tenancy import queries as tenancy
from deliberate.tenancy.current import current_tenant
from deliberate.voting import log


@bp.get("/zasady-rozmowy")
@public
def rules() -> ResponseReturnValue:
    return render_template("pages/rules.html", rules=tenancy.current_rules(current_tenant()))


@bp.get("/prywatnosc")
@public
def privacy() -> ResponseReturnValue:
    current_tenant()
    return render_template("pages/privacy.html", kept=retention.list_rules())


@bp.get("/kontakt")
@public
def contact() -> ResponseReturnValue:
    current_tenant()
    return render_template("pages/contact.html")


@bp.get("/dla-sprawdzajacych")
@never_cached  # the chain grows by acts that change no public page
@public
def verify() -> ResponseReturnValue:
    tenant = current_tenant()
    heads = {
        head.chain: head
        for head in db.session.scalars(
            select(AuditHead)
            .where(AuditHead.chain.in_((chain_of(tenant.id), INSTALLATION)))
            .order_by(AuditHead.chain)
        )
    }
    listed, voted_on = consultations.list_public(tenant), log.list_consultations(tenant.id)
    return render_template(
        "pages/verify.html",
        head=heads.get(chain_of(tenant.id)),
        installation_head=heads.get(INSTALLATION),
        consultations=listed,
        votes=[consultation for consultation in listed if consultation.id in voted_on],
    )
