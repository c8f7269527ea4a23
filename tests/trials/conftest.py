"""Trials of the ballot box. Short here; ``make trials`` runs them long, and notes figures."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from deliberate.config import Settings
from deliberate.subjects.activities import Activity
from deliberate.voting import electorates
from deliberate.voting.electorates import ElectorateTerms
from tests import make
from tests.trials.box import OPTIONS, Box, Ledger
from tests.trials.figures import Note, noting

LONG = "TRIALS_LONG" in os.environ


@pytest.fixture
def box(app: Flask) -> Box:
    tenant = make.municipality(app)
    consultation = make.consultation(app, tenant, opens=[Activity.VOTE])
    places = electorates.write(ElectorateTerms(places="Punkt obsługi, plac Ratuszowy 1"))
    poll = make.poll(app, tenant, consultation, options=OPTIONS, most=2, electorate_terms=places)
    settings: Settings = app.extensions["deliberate.settings"]
    return Box(app=app, tenant=tenant, poll=poll, settings=settings)


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    ledger = Ledger(path=tmp_path / "ledger.jsonl")
    yield ledger
    ledger.close()


@pytest.fixture
def length() -> int:
    """How many times longer than in the checks of every day."""
    return 40 if LONG else 1


@pytest.fixture
def note(request: pytest.FixtureRequest) -> Note:
    return noting(request)
