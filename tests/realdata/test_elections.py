"""Counting real elections: each project gets the votes that its city published.

The totals beside the names are those of the collection's own list, so that a file cut short in
the same places as its sums would be noticed too.
"""

import os
from functools import cache
from pathlib import Path

import pytest

from deliberate.algorithms.counting import METHODS, Terms
from tests import pabulib
from tests.pabulib import Election

pytestmark = pytest.mark.realdata

APPROVAL = METHODS["approval"]
# Every file of the folder in which voters marked what they approve of: voters, projects. Where one
# mark was allowed, it is the same ballot.
TOTALS = {
    "Hungary_Budapest_District_8_2024": (864, 40),
    "canada_stanford-dataset_pb-dieppe-2018_vote-approvals": (378, 16),
    "netherlands_assen_2024_": (84, 14),
    "poland_gdansk_2020_": (30_237, 28),
    "poland_lodz_2022_teofilow-wielkopolska": (16_771, 24),
    "poland_lodz_2024_": (66_045, 163),
    "poland_swiecie_2023_": (2_553, 22),
    "poland_warszawa_2019_ursynow": (7_683, 58),
    "poland_warszawa_2021_bielany": (8_172, 132),
    "poland_wieliczka_2023_green-budget": (6_586, 64),
    "poland_zabrze_2021_": (7_784, 5),
    "switzerland_zurich_s5_": (180, 24),
    "us_stanford-dataset_pb-cambridge-2019_vote-approvals": (6_447, 20),
    "us_stanford-dataset_pb-chicago-39th-ward-2021_vote-knapsacks": (407, 22),
}
MARKS = {"approval", "choose-1"}


def folder() -> Path:
    return Path(os.environ["DELIBERATE_REAL_DATA"]) / "pabulib"


@cache  # the largest is three megabytes, and three tests look at each
def election_of(name: str) -> Election:
    return pabulib.read(folder() / f"{name}.pb")


@pytest.mark.parametrize("name", TOTALS)
def test_every_project_gets_the_votes_that_were_published(name: str) -> None:
    election = election_of(name)

    outcome = APPROVAL.count(list(election.projects), election.ballots, Terms())

    published = election.published_votes
    assert dict(outcome.score) == published
    most = max(published.values())
    assert outcome.winners == {key for key, votes in published.items() if votes == most}


@pytest.mark.parametrize("name", TOTALS)
def test_every_voter_and_every_project_is_there(name: str) -> None:
    election = election_of(name)

    counted = (len(election.ballots), len(election.projects))

    assert counted == TOTALS[name]
    assert counted == (int(election.meta["num_votes"]), int(election.meta["num_projects"]))


@pytest.mark.parametrize("name", TOTALS)
def test_one_ballot_lost_or_cast_twice_would_show(name: str) -> None:
    election = election_of(name)
    options, ballots = list(election.projects), election.ballots
    marked = next(number for number, ballot in enumerate(ballots) if ballot)

    lost = APPROVAL.count(options, ballots[:marked] + ballots[marked + 1 :], Terms())
    twice = APPROVAL.count(options, [*ballots, ballots[marked]], Terms())

    assert dict(lost.score) != election.published_votes
    assert dict(twice.score) != election.published_votes


def test_no_such_election_of_the_folder_is_left_out() -> None:
    there = {
        path.stem for path in folder().glob("*.pb") if pabulib.read(path).meta["vote_type"] in MARKS
    }

    assert there == set(TOTALS)
