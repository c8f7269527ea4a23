"""One person in many tabs, by rules that let votes be changed: one vote stands, each leaf stays."""

import pytest
from flask import Flask
from sqlalchemy import func, select

from deliberate.config import Settings
from deliberate.kernel.db import db
from deliberate.subjects.activities import Activity
from deliberate.voting import wholeness
from deliberate.voting.models import Poll, ReplacedReceipt
from tests import make
from tests.integration.test_voting_trials import drop_keys
from tests.trials.box import OPTIONS, Box, browsers
from tests.trials.test_double_votes import kept, rush

DOORS, MOST = 20, 11  # the first vote, and ten changes a day


@pytest.fixture
def changing(app: Flask) -> Box:
    tenant = make.municipality(app)
    consultation = make.consultation(app, tenant, opens=[Activity.VOTE])
    poll = make.poll(app, tenant, consultation, options=OPTIONS, most=2, revote=True)
    settings: Settings = app.extensions["deliberate.settings"]
    return Box(app=app, tenant=tenant, poll=poll, settings=settings)


def test_many_tabs_of_one_person_leave_one_vote(changing: Box) -> None:
    doors = browsers(changing, DOORS)

    with changing.served(threads=8):
        answers = rush(changing, doors)

    assert set(answers) <= {303, 409, 503}
    assert 1 <= answers.count(303) <= MOST
    assert kept(changing) == (1, 1, 1)
    with changing.app.app_context():
        replaced = db.session.scalars(select(func.count()).select_from(ReplacedReceipt)).one()
        assert replaced == answers.count(303) - 1
        assert list(wholeness.list_faults(db.session.get_one(Poll, changing.poll))) == []


@pytest.mark.postgres
def test_control_without_the_keys_tabs_leave_several(changing: Box) -> None:
    doors = browsers(changing, DOORS)
    drop_keys(changing.app)

    with changing.served(threads=8):
        rush(changing, doors)

    assert kept(changing)[1] > 1
