"""Links between things: tied by an officer, shown at both ends, never where an end is not shown."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError
from werkzeug.exceptions import NotFound

from deliberate.audit.models import AuditDetail, AuditEntry
from deliberate.consultations.models import ChangeNotice
from deliberate.consultations.states import State
from deliberate.kernel import clock
from deliberate.kernel.actor import SYSTEM, Role
from deliberate.kernel.db import db, transaction
from deliberate.kernel.models import StoredFile
from deliberate.kernel.refusals import Refused
from deliberate.subjects import actions, queries, rules
from deliberate.subjects.models import Link
from deliberate.subjects.relations import BACKWARD, FORWARD, Relation
from tests import make
from tests.sql import counted

DESK = "/urzad/konsultacje/rynek-2/powiazania"
REASON = "Wracamy do tej samej sprawy po roku."


@pytest.fixture
def former(app: Flask, tenant: int) -> int:
    with clock.at(clock.now() - timedelta(days=200)):
        return make.consultation(
            app, tenant, slug="rynek", title="Rynek: co zmienić?", days_left=300
        )


@pytest.fixture
def later(app: Flask, tenant: int, former: int) -> int:
    return make.consultation(app, tenant, slug="rynek-2", title="Rynek: jak to zrobić?")


@pytest.fixture
def officer(app: Flask, tenant: int) -> FlaskClient:
    return make.client(app, signed_in=make.staff(app, tenant, Role.OFFICER))


def tie(
    app: Flask,
    tenant: int,
    this: tuple[str, int],
    other: tuple[str, int],
    relation: Relation = Relation.CONTINUES,
) -> int:
    with app.test_request_context("/"), transaction():
        return actions.tie(tenant, this, relation, other, SYSTEM, now=clock.now()).id


def count_links(app: Flask) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(Link)) or 0


# The officer's way.


def test_an_officer_names_the_consultation_that_this_one_continues(
    app: Flask, officer: FlaskClient, former: int, later: int
) -> None:
    page = officer.get(DESK).text
    assert f'<option value="{former}">Rynek: co zmienić?</option>' in page

    answer = officer.post(DESK, data={"former": former, "reason": REASON})

    assert answer.status_code == 303
    public = make.client(app)
    this, that = public.get("/konsultacje/rynek-2").text, public.get("/konsultacje/rynek").text
    assert FORWARD[Relation.CONTINUES] in this
    assert 'href="/konsultacje/rynek"' in this
    assert BACKWARD[Relation.CONTINUES] in that
    assert 'href="/konsultacje/rynek-2"' in that
    changes = public.get("/konsultacje/rynek-2/zmiany").text
    assert "Powiązane konsultacje" in changes
    assert REASON in changes


def test_tying_and_untying_are_in_the_record(
    app: Flask, tenant: int, officer: FlaskClient, former: int, later: int
) -> None:
    officer.post(DESK, data={"former": former, "reason": REASON})
    with app.app_context():
        link = db.session.scalars(select(Link.id)).one()
    officer.post(
        f"{DESK}/{link}/usuniecie", data={f"untie-{link}-reason": "Wskazaliśmy to przez pomyłkę."}
    )

    with app.app_context():
        rows = db.session.execute(
            select(AuditEntry.action, AuditEntry.subject, AuditDetail.body)
            .join(AuditDetail)
            .where(AuditEntry.chain == f"m:{tenant}")
            .order_by(AuditEntry.seq)
        ).all()
        notices = db.session.scalars(select(ChangeNotice.reason).order_by(ChangeNotice.id)).all()
    assert [row[:2] for row in rows] == [("consultation.content", f"consultation:{later}")] * 2
    assert all('"field":"related"' in row[2] and "Rynek: co zmienić?" in row[2] for row in rows)
    assert list(notices) == [REASON, "Wskazaliśmy to przez pomyłkę."]
    assert count_links(app) == 0
    assert "Powiązane" not in make.client(app).get("/konsultacje/rynek-2").text


def test_a_link_is_removed_only_where_it_begins(
    app: Flask, tenant: int, officer: FlaskClient, former: int, later: int
) -> None:
    link = tie(app, tenant, ("consultation", later), ("consultation", former))
    other_page = "/urzad/konsultacje/rynek/powiazania"

    assert "Usuń powiązanie" not in officer.get(other_page).text
    answer = officer.post(
        f"{other_page}/{link}/usuniecie", data={f"untie-{link}-reason": "Nie chcę tego tutaj."}
    )

    assert answer.status_code == 404
    assert count_links(app) == 1


def test_both_need_a_reason(
    app: Flask, tenant: int, officer: FlaskClient, former: int, later: int
) -> None:
    refused = officer.post(DESK, data={"former": former, "reason": ""})
    link = tie(app, tenant, ("consultation", later), ("consultation", former))
    kept = officer.post(f"{DESK}/{link}/usuniecie", data={})

    assert (refused.status_code, kept.status_code) == (422, 422)
    assert f'id="untie-{link}-reason-error"' in kept.text
    assert count_links(app) == 1


def test_saying_it_twice_is_refused_in_words(
    app: Flask, officer: FlaskClient, former: int, later: int
) -> None:
    officer.post(DESK, data={"former": former, "reason": REASON})

    again = officer.post(DESK, data={"former": former, "reason": REASON})

    assert again.status_code == 409
    assert rules.THERE.message in again.text
    assert count_links(app) == 1


def test_only_earlier_public_consultations_are_offered(
    app: Flask, tenant: int, officer: FlaskClient, former: int, later: int
) -> None:
    draft = make.consultation(app, tenant, slug="szkic", title="Szkic", state=State.DRAFT)
    newer = make.consultation(app, tenant, slug="nowsze", title="Nowsze")
    elsewhere = make.municipality(app, slug="wrzosowiany", name="Wrzosowiany")
    with clock.at(clock.now() - timedelta(days=300)):
        foreign = make.consultation(app, elsewhere, title="Cudze")

    page = officer.get(DESK).text

    assert "Rynek: co zmienić?" in page
    for chosen, title in ((draft, "Szkic"), (newer, "Nowsze"), (foreign, "Cudze"), (0, "x" * 9)):
        assert f">{title}</option>" not in page
        answer = officer.post(DESK, data={"former": chosen, "reason": REASON})
        assert answer.status_code == 422
        assert "Wybierz z listy." in answer.text
    assert count_links(app) == 0


def test_the_first_consultation_has_nothing_to_continue(
    officer: FlaskClient, former: int, later: int
) -> None:
    page = officer.get("/urzad/konsultacje/rynek/powiazania").text

    assert "Nie ma wcześniejszych konsultacji" in page


# What holds below the page.


def test_the_other_end_is_of_the_same_municipality(app: Flask, tenant: int, later: int) -> None:
    elsewhere = make.municipality(app, slug="wrzosowiany", name="Wrzosowiany")
    foreign = make.consultation(app, elsewhere, title="Cudze")

    for other in (("consultation", foreign), ("consultation", 999_999), ("nonsense", later)):
        with pytest.raises(NotFound):
            tie(app, tenant, ("consultation", later), other)
        with pytest.raises(NotFound):
            tie(app, tenant, other, ("consultation", later))
    assert count_links(app) == 0


def test_a_circle_is_refused(app: Flask, tenant: int, former: int, later: int) -> None:
    this, that = ("consultation", later), ("consultation", former)
    tie(app, tenant, this, that)

    for ends, refusal in (
        ((that, this), rules.BACKWARDS),
        ((this, that), rules.THERE),
        ((this, this), rules.ITSELF),
    ):
        with pytest.raises(Refused) as refused:
            tie(app, tenant, *ends)
        assert refused.value.refusal == refusal
    assert count_links(app) == 1


@pytest.mark.parametrize("wrong", [{"to_kind": "consultation"}, {"relation": "likes"}, {}])
def test_the_database_refuses_what_the_rule_would(
    app: Flask, tenant: int, wrong: dict[str, object]
) -> None:
    row = {
        "tenant_id": tenant,
        "from_kind": "consultation",
        "from_id": 1,
        "relation": "concerns",
        "to_kind": "proposal",
        "to_id": 1,
        "made_at": clock.now(),
    }
    make.add(app, Link(**row))

    with pytest.raises(IntegrityError):
        make.add(app, Link(**(row | wrong)))


def test_a_link_is_never_changed(app: Flask, tenant: int, former: int, later: int) -> None:
    tie(app, tenant, ("consultation", later), ("consultation", former))

    with (
        app.app_context(),
        pytest.raises(DBAPIError, match="append_only: a link is made and removed"),
        transaction(),
    ):
        db.session.execute(text("UPDATE link SET to_id = to_id + 1"))


# What is seen.


@pytest.mark.parametrize("relation", Relation)
def test_a_proposal_shows_what_it_is_tied_to(
    app: Flask, tenant: int, former: int, later: int, relation: Relation
) -> None:
    first = make.proposal(app, tenant, former, title="Drzewa na rynku")
    second = make.proposal(app, tenant, later, title="Drzewa w gruncie")
    tie(app, tenant, ("proposal", second), ("proposal", first), relation)
    client = make.client(app)

    forward = client.get("/konsultacje/rynek-2/propozycje/1").text
    backward = client.get("/konsultacje/rynek/propozycje/1").text

    assert FORWARD[relation] in forward
    assert 'href="/konsultacje/rynek/propozycje/1"' in forward
    assert BACKWARD[relation] in backward
    assert 'href="/konsultacje/rynek-2/propozycje/1"' in backward


def test_what_is_not_shown_is_not_linked_to(
    app: Flask, tenant: int, former: int, later: int
) -> None:
    proposal = make.proposal(app, tenant, later, title="Drzewa na rynku")
    draft = make.consultation(app, tenant, slug="szkic", title="Tajny szkic", state=State.DRAFT)
    tie(app, tenant, ("proposal", proposal), ("consultation", former), Relation.GREW_FROM)
    tie(app, tenant, ("consultation", draft), ("consultation", former))
    client = make.client(app)
    assert "Drzewa na rynku" in client.get("/konsultacje/rynek").text

    make.hidden(app, "proposal", proposal)
    page = client.get("/konsultacje/rynek").text

    assert "Drzewa na rynku" not in page
    assert "Tajny szkic" not in page
    assert 'id="related"' not in page


def test_a_row_that_points_into_another_municipality_shows_nothing(
    app: Flask, tenant: int, former: int
) -> None:
    """No action makes one; the page would not leak it all the same."""
    elsewhere = make.municipality(app, slug="wrzosowiany", name="Wrzosowiany")
    foreign = make.consultation(app, elsewhere, title="Cudze")
    row = Link(
        tenant_id=tenant,
        from_kind="consultation",
        from_id=former,
        relation=Relation.CONTINUES,
        to_kind="consultation",
        to_id=foreign,
        made_at=clock.now(),
    )
    make.add(app, row)

    assert "Cudze" not in make.client(app).get("/konsultacje/rynek").text


def test_a_visitor_who_saw_the_page_sees_the_new_link(
    app: Flask, tenant: int, former: int, later: int
) -> None:
    client = make.client(app)
    etag = client.get("/konsultacje/rynek").headers["ETag"]

    tie(app, tenant, ("consultation", later), ("consultation", former))
    again = client.get("/konsultacje/rynek", headers={"If-None-Match": etag})

    assert again.status_code == 200
    assert "Rynek: jak to zrobić?" in again.text


def test_links_cost_one_statement_however_many_and_of_whatever_kinds(
    app: Flask, tenant: int, former: int, later: int
) -> None:
    def cost() -> int:
        with app.test_request_context("/"), counted(app) as statements:
            queries.list_related(tenant, "consultation", former)
        return len(statements)

    costs = [cost()]
    for _ in range(2):
        for _ in range(10):
            proposal = make.proposal(app, tenant, later)
            tie(app, tenant, ("proposal", proposal), ("consultation", former), Relation.CONCERNS)
        costs.append(cost())

    assert costs == [1, 1, 1]


@pytest.mark.parametrize("language", ["pl", "uk"])
def test_a_page_with_all_that_may_stand_on_it_costs_what_it_may(
    app: Flask, tenant: int, former: int, later: int, language: str
) -> None:
    proposal = make.proposal(app, tenant, former)
    reader = make.person(app, resident_of=tenant)
    for kind, subject in (("consultation", former), ("proposal", proposal)):
        make.contribution(app, tenant, make.thread_of(app, tenant, kind, subject))
        tie(app, tenant, ("consultation", later), (kind, subject), Relation.CONCERNS)
    file_of(app, tenant, former)
    for client, most in ((make.client(app), 8), (make.client(app, signed_in=reader), 12)):
        client.set_cookie("jezyk", language)
        for path in ("/konsultacje/rynek", "/konsultacje/rynek/propozycje/1"):
            client.get(path)  # what is kept is read once after a change
            with counted(app) as statements:
                page = client.get(path).text

            assert 'id="related"' in page
            assert len(statements) <= most, "\n".join(statements)


def file_of(app: Flask, tenant: int, consultation: int) -> int:
    return make.add(
        app,
        StoredFile(
            tenant_id=tenant,
            token="B" * 43,
            sha256="0" * 64,
            name="mapa.txt",
            media_type="text/plain",
            size=4,
            subject_kind="consultation",
            subject_id=consultation,
            uploaded_at=clock.now(),
        ),
    )
