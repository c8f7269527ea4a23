"""What looks odd about votes that came without an account. Pure: rows in, groups out.

A group is a reason for a person to look, never a verdict: families share a home and a telephone,
libraries share a network, and most people vote in the last days. What was chosen is not known
here. The cases are those of domain.md 7.3; ages are not among them, because nobody's age is kept.
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

HOUR = timedelta(hours=1)
LAST = timedelta(hours=48)


class Kind(StrEnum):
    """Why a group is shown."""

    HOME = "home"
    CONTACT = "contact"
    SURNAME = "surname"
    RHYTHM = "rhythm"
    NETWORK = "network"
    SURGE = "surge"


# Shown, and said of other groups, but no reason to hold anybody's vote.
HINTS = frozenset({Kind.NETWORK, Kind.SURGE})


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One vote, by what is kept of it: hashes that can be compared, and the hour.

    Empty: not known, as of everything but the network where people vote with a code.
    """

    person_key: str
    hour: datetime
    surname: str = ""  # folded
    contact: str = ""
    home: str = ""
    network: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Thresholds:
    """From how many on a group is shown.

    domain.md 7.3 names the cases and no figures; these are ours. Low enough for the known
    frauds (Wrocław 2025: 320 votes from 65 telephones and one network), high enough that a usual
    family is not on the page.
    """

    persons_a_home: int = 6
    persons_a_contact: int = 3
    surname_an_hour: int = 5
    surname_times: int = 3  # as many as the other hours of the vote let expect
    network_an_hour: int = 20
    rhythm_hours: int = 6  # in a row, from one network
    rhythm_votes: int = 2  # in each of them
    surge_votes: int = 20
    surge_times: int = 3  # as many as came in 48 hours before

    @classmethod
    def for_limit(cls, persons_a_contact: int) -> Thresholds:
        """Return those of a vote whose rules let so many persons confirm with one contact.

        One short of the limit, but never a single person, and never more than five: a wide limit
        is no reason to look away.
        """
        return cls(persons_a_contact=min(5, max(2, persons_a_contact - 1)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Votes that have something in common. ``id`` names it for as long as the rows stay."""

    id: str
    kind: Kind
    members: tuple[str, ...]  # person keys, sorted
    since: datetime | None  # the first hour, where hours matter
    until: datetime | None  # the moment after the last one
    same_network: int  # the most of them that came from one network; a hint beside the rest

    @property
    def is_hint(self) -> bool:
        return self.kind in HINTS


def find(rows: Sequence[Row], thresholds: Thresholds, *, ends_at: datetime) -> list[Group]:
    """Return the groups, reasons before hints, larger ones first; equal ones by their name.

    ends_at: when the vote ended, from which the last 48 hours are counted.
    """
    networks = {row.person_key: row.network for row in rows}
    found = [
        *_shared(rows, thresholds),
        *_surnames(rows, thresholds),
        *_rhythms(rows, thresholds),
        *_networks(rows, thresholds),
        *_surge(rows, thresholds, ends_at),
    ]
    groups = [_group(networks, each) for each in found]
    return sorted(groups, key=lambda group: (group.is_hint, -len(group.members), group.id))


# What each case finds: kind, what the group has in common, its votes, from when till when.
_Found = tuple[Kind, str, Collection[Row], datetime | None, datetime | None]


def _shared(rows: Sequence[Row], thresholds: Thresholds) -> Iterator[_Found]:
    for kind, least in (
        (Kind.HOME, thresholds.persons_a_home),
        (Kind.CONTACT, thresholds.persons_a_contact),
    ):
        for value, own in _by(rows, kind).items():
            if len(own) >= least:
                yield kind, value, own, None, None


def _surnames(rows: Sequence[Row], thresholds: Thresholds) -> Iterator[_Found]:
    """Find hours in which one surname came far more often than in the rest of the vote.

    Expected is its share of all other hours. A home that votes together is no such run.
    """
    of_surname = Counter(row.surname for row in rows if row.surname)
    of_hour = Counter(row.hour for row in rows if row.surname)
    known = sum(of_hour.values())
    for surname, all_of_it in _by(rows, Kind.SURNAME).items():
        for hour, own in _by_hour(all_of_it).items():
            elsewhere = of_surname[surname] - len(own)
            others = known - of_hour[hour]
            # n ≥ times · elsewhere/others · votes of the hour, without a division.
            is_many = len(own) * others >= thresholds.surname_times * elsewhere * of_hour[hour]
            if (
                len(own) >= thresholds.surname_an_hour
                and is_many
                and len({row.home for row in own}) > 1
            ):
                yield Kind.SURNAME, f"{surname} {hour.isoformat()}", own, hour, hour + HOUR


def _rhythms(rows: Sequence[Row], thresholds: Thresholds) -> Iterator[_Found]:
    """Find networks from which the same number came hour after hour, as people do not vote.

    Regular gaps, as far as hours show them: minutes are not kept.
    """
    for network, own in _by(rows, Kind.NETWORK).items():
        hours = _by_hour(own)
        for run in _even_runs({hour: len(votes) for hour, votes in hours.items()}):
            if len(run) < thresholds.rhythm_hours:
                continue
            if len(hours[run[0]]) >= thresholds.rhythm_votes:
                inside = [row for hour in run for row in hours[hour]]
                name = f"{network} {run[0].isoformat()}"
                yield Kind.RHYTHM, name, inside, run[0], run[-1] + HOUR


def _networks(rows: Sequence[Row], thresholds: Thresholds) -> Iterator[_Found]:
    for network, own in _by(rows, Kind.NETWORK).items():
        for hour, votes in _by_hour(own).items():
            if len(votes) >= thresholds.network_an_hour:
                yield Kind.NETWORK, f"{network} {hour.isoformat()}", votes, hour, hour + HOUR


def _surge(rows: Sequence[Row], thresholds: Thresholds, ends_at: datetime) -> Iterator[_Found]:
    """Compare the last 48 hours with 48 hours of what was before; a short vote has no before."""
    since = ends_at - LAST
    late = [row for row in rows if row.hour >= since]
    before = [row for row in rows if row.hour < since]
    if len(late) < thresholds.surge_votes or not before:
        return
    lasted = since - min(row.hour for row in before)
    # late ≥ times · before/lasted · 48 h, without a division.
    if len(late) * lasted >= thresholds.surge_times * len(before) * LAST:
        yield Kind.SURGE, "", late, since, ends_at


def _by(rows: Sequence[Row], kind: Kind) -> Mapping[str, list[Row]]:
    """Return the votes by what they share; those of which it is not known share nothing."""
    found: defaultdict[str, list[Row]] = defaultdict(list)
    for row in rows:
        value: str = getattr(row, kind)
        if value:
            found[value].append(row)
    return found


def _by_hour(rows: Collection[Row]) -> Mapping[datetime, list[Row]]:
    found: defaultdict[datetime, list[Row]] = defaultdict(list)
    for row in rows:
        found[row.hour].append(row)
    return found


def _even_runs(counts: Mapping[datetime, int]) -> Iterator[list[datetime]]:
    """Return the longest runs of hours that follow each other with equal counts."""
    run: list[datetime] = []
    for hour in sorted(counts):
        if run and (hour - run[-1] != HOUR or counts[hour] != counts[run[-1]]):
            yield run
            run = []
        run.append(hour)
    if run:
        yield run


def _group(networks: Mapping[str, str], found: _Found) -> Group:
    kind, name, rows, since, until = found
    members = tuple(sorted(row.person_key for row in rows))
    of_network = Counter(networks[key] for key in members if networks[key])
    return Group(
        id=hashlib.sha256(f"{kind}\n{name}".encode()).hexdigest()[:16],
        kind=kind,
        members=members,
        since=since,
        until=until,
        same_network=max(of_network.values(), default=0),
    )
