"""Tries that once got through: to vote twice, to support twice, to reach beyond one's role."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import func, select

from deliberate.kernel.actor import Role
from deliberate.kernel.db import db
from deliberate.proposals.models import Proposal, Support
from tests import make


def test_support_goes_with_the_account_that_could_give_it_again(app: Flask) -> None:
    tenant = make.municipality(app)
    consultation = make.consultation(app, tenant)
    proposal = make.proposal(app, tenant, consultation)
    browser = make.client(app, signed_in=make.person(app, resident_of=tenant))
    browser.post("/konsultacje/rynek/propozycje/1/poparcie")

    browser.post("/konto/zamkniecie", data={"understood": "y"})

    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Support)) == 0
        assert db.session.get_one(Proposal, proposal).supports == 0


@pytest.mark.parametrize(
    ("role", "page"),
    [
        (Role.ADMINISTRATOR, "/urzad/gmina"),
        (Role.ADMINISTRATOR, "/urzad/przechowywanie"),
        (Role.OFFICER, "/urzad/zamieszkanie"),
        (Role.OFFICER, "/urzad/konsultacje/nowe"),
        (Role.AUDITOR, "/urzad/dziennik"),
        (Role.APPROVER, "/urzad/zatwierdzenia"),
    ],
)
def test_a_role_for_one_consultation_does_not_reach_the_municipality(
    app: Flask, role: Role, page: str
) -> None:
    tenant = make.municipality(app)
    consultation = make.consultation(app, tenant)
    scoped = make.client(app, signed_in=make.staff(app, tenant, role, consultation=consultation))
    whole = make.client(app, signed_in=make.staff(app, tenant, role))

    assert scoped.get(page).status_code == 403
    assert whole.get(page).status_code == 200


def test_the_list_of_drafts_holds_only_ones_own(app: Flask) -> None:
    tenant = make.municipality(app)
    mine = make.consultation(app, tenant, slug="moje", title="Moje konsultacje?")
    make.consultation(app, tenant, slug="cudze", title="Cudze konsultacje?")
    officer = make.client(app, signed_in=make.staff(app, tenant, Role.OFFICER, consultation=mine))

    page = officer.get("/urzad/konsultacje").text

    assert "Moje konsultacje?" in page
    assert "Cudze konsultacje?" not in page
