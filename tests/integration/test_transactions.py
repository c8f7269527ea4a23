"""Reading by default, and the one way to write."""

import pytest
from flask import Flask
from sqlalchemy import func, select, text, update
from sqlalchemy.exc import DBAPIError, StatementError

from deliberate.accounts.models import Person
from deliberate.audit import entries
from deliberate.audit.models import AuditEntry
from deliberate.kernel import clock
from deliberate.kernel.actor import SYSTEM
from deliberate.kernel.db import db, transaction
from deliberate.tenancy.models import Area, Municipality
from tests import make


def version(app: Flask, tenant: int) -> int:
    with app.app_context():
        return db.session.get_one(Municipality, tenant).version


def areas(app: Flask) -> int:
    with app.app_context():
        return db.session.scalars(select(func.count()).select_from(Area)).one()


def test_a_reader_cannot_write_even_by_hand(app: Flask) -> None:
    tenant = make.municipality(app)
    with app.app_context():
        db.session.scalars(select(Municipality)).all()
        with pytest.raises(DBAPIError, match=r"read-?only"):
            db.session.execute(text("UPDATE municipality SET name = 'x'"))
        db.session.rollback()
        assert db.session.get_one(Municipality, tenant).name == "Lubowierz"


def test_what_breaks_inside_leaves_nothing(app: Flask) -> None:
    tenant = make.municipality(app)
    before = version(app, tenant)
    with app.app_context():
        with pytest.raises(ZeroDivisionError), transaction():
            db.session.add(Area(tenant_id=tenant, slug="a", kind="osiedle", name="A"))
            db.session.flush()
            entries.record("a.b", "area:1", actor=SYSTEM, at=clock.now(), tenant_id=tenant)
            _ = 1 / 0
        with transaction():  # what was recorded above does not join the next one
            db.session.add(Area(tenant_id=tenant, slug="b", kind="osiedle", name="B"))

        assert db.session.scalars(select(Area.slug)).all() == ["b"]
        assert db.session.scalars(select(AuditEntry)).all() == []
    assert version(app, tenant) == before + 1


def test_transactions_are_joined_never_nested(app: Flask) -> None:
    with (
        app.app_context(),
        transaction(),
        pytest.raises(RuntimeError, match="joined, not nested"),
        transaction(),
    ):
        pass


def test_a_reader_sees_one_moment(app: Flask) -> None:
    tenant = make.municipality(app)
    with app.app_context():
        before = db.session.scalars(select(func.count()).select_from(Area)).one()
        make.area(app, tenant)
        if (
            db.engine.dialect.name == "sqlite"
        ):  # PostgreSQL reads committed rows: each statement anew
            assert db.session.scalars(select(func.count()).select_from(Area)).one() == before
    assert areas(app) == 1


def test_public_rows_raise_the_version_and_private_ones_do_not(app: Flask) -> None:
    tenant = make.municipality(app)
    before = version(app, tenant)
    make.person(app, resident_of=tenant)
    assert version(app, tenant) == before

    make.area(app, tenant)
    assert version(app, tenant) == before + 1


def test_a_bulk_change_says_whose_pages_it_changes(app: Flask) -> None:
    tenant = make.municipality(app)
    make.area(app, tenant)
    before = version(app, tenant)
    change = update(Area).where(Area.tenant_id == tenant).values(residents=1)
    with app.app_context():
        with pytest.raises(RuntimeError, match="touches"), transaction():
            db.session.execute(change)
        with transaction():
            db.session.execute(change.execution_options(touches=tenant))
    assert version(app, tenant) == before + 1


def test_a_reference_cannot_leave_the_municipality(app: Flask) -> None:
    here, there = make.municipality(app), make.municipality(app, slug="wrzosowiany")
    foreign = make.area(app, there)
    with app.app_context(), pytest.raises(DBAPIError), transaction():
        db.session.add(Area(tenant_id=here, slug="x", kind="osiedle", name="X", parent_id=foreign))
        db.session.flush()


def test_a_naive_moment_is_refused(app: Flask) -> None:
    with app.app_context(), pytest.raises(StatementError, match="naive"), transaction():
        db.session.add(
            Person(
                email="a@b.example",
                email_folded="a@b.example",
                display_name="A",
                created_at=clock.now().replace(tzinfo=None),
            )
        )
        db.session.flush()
