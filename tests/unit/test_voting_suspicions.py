"""Groups of votes that a person should look at: worked by hand, and what always holds."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deliberate.voting.suspicions import HINTS, Group, Kind, Row, Thresholds, find

ENDS = datetime(2027, 6, 8, tzinfo=UTC)
NOON = datetime(2027, 6, 3, 12, tzinfo=UTC)
USUAL = Thresholds()


def hours(number: int) -> timedelta:
    return timedelta(hours=number)


def votes(number: int, *, start: int = 0, hour: datetime = NOON, **shared: str) -> list[Row]:
    """Make votes that share only what is said."""
    return [
        Row(
            person_key=f"osoba-{no:04}",
            hour=hour,
            **{
                "surname": f"nazwisko {no}",
                "contact": f"telefon {no}",
                "home": f"dom {no}",
                "network": f"siec {no}",
                **shared,
            },
        )
        for no in range(start, start + number)
    ]


def kinds(rows: list[Row], thresholds: Thresholds = USUAL) -> list[Kind]:
    return [group.kind for group in find(rows, thresholds, ends_at=ENDS)]


def only(rows: list[Row]) -> Group:
    [group] = find(rows, USUAL, ends_at=ENDS)
    return group


def test_votes_that_share_nothing_are_no_group() -> None:
    assert kinds(votes(200)) == []


@pytest.mark.parametrize(
    ("shared", "least"),
    [
        ({"home": "Rynek 5"}, USUAL.persons_a_home),
        ({"contact": "+48600100200"}, USUAL.persons_a_contact),
        ({"network": "192.0.2.1"}, USUAL.network_an_hour),
        ({"surname": "nowak"}, USUAL.surname_an_hour),
    ],
)
def test_a_group_begins_at_its_threshold(shared: dict[str, str], least: int) -> None:
    assert kinds(votes(least - 1, **shared)) == []
    group = only(votes(least, **shared))
    assert group.kind == next(iter(shared))
    assert group.members == tuple(f"osoba-{no:04}" for no in range(least))


def test_a_home_that_votes_together_is_a_home_and_no_run_of_a_surname() -> None:
    assert kinds(votes(5, home="Rynek 5", surname="nowak")) == []
    assert kinds(votes(6, home="Rynek 5", surname="nowak")) == [Kind.HOME]


def test_a_surname_that_is_everywhere_is_no_run() -> None:
    """Ten of a hundred votes are Nowak's in each hour: five times ten is what one expects."""
    rows = [
        row
        for no in range(5)
        for row in (
            *votes(10, start=no * 100, hour=NOON + hours(no), surname="nowak"),
            *votes(90, start=no * 100 + 10, hour=NOON + hours(no)),
        )
    ]
    assert kinds(rows) == []
    # In the last hour 30 of 120, where 40 of 400 came before: 12 expected, 30 is less than three
    # times; 40 of 130 is more (13 expected, 39 the border).
    more = votes(20, start=1000, hour=NOON + hours(4), surname="nowak")
    assert kinds([*rows, *more]) == []
    assert kinds([*rows, *votes(30, start=1000, hour=NOON + hours(4), surname="nowak")]) == [
        Kind.SURNAME
    ]


def test_a_run_of_a_surname_has_its_hour() -> None:
    group = only(votes(5, surname="nowak"))

    assert (group.since, group.until) == (NOON, NOON + hours(1))
    assert (
        kinds(
            [*votes(4, surname="nowak"), *votes(4, start=4, hour=NOON + hours(1), surname="nowak")]
        )
        == []
    )


def steady(each: list[int], *, network: str = "192.0.2.1") -> list[Row]:
    """Make so many votes in each hour after noon, from one network."""
    rows: list[Row] = []
    for no, number in enumerate(each):
        rows += votes(number, start=len(rows), hour=NOON + hours(no), network=network)
    return rows


@pytest.mark.parametrize(
    ("each", "found"),
    [
        ([2] * 6, [Kind.RHYTHM]),
        ([2] * 5, []),
        ([1] * 12, []),
        ([2, 2, 2, 3, 2, 2, 2], []),
        ([2, 2, 2, 0, 2, 2, 2], []),
        ([7, 2, 2, 2, 2, 2, 2, 5], [Kind.RHYTHM]),
        ([3] * 6 + [4] * 6, [Kind.RHYTHM, Kind.RHYTHM]),
    ],
)
def test_the_same_number_hour_after_hour_is_a_rhythm(each: list[int], found: list[Kind]) -> None:
    assert kinds(steady(each)) == found


def test_a_rhythm_is_of_one_network() -> None:
    rows = [replace(row, network=f"siec {no % 2}") for no, row in enumerate(steady([2] * 6))]

    assert kinds(rows) == []


def test_a_rhythm_names_only_its_votes() -> None:
    group = only(steady([7, 2, 2, 2, 2, 2, 2, 5]))

    assert len(group.members) == 12
    assert (group.since, group.until) == (NOON + hours(1), NOON + hours(7))


def test_one_network_is_a_hint() -> None:
    group = only(votes(20, network="biblioteka"))

    assert group.is_hint
    assert group.same_network == 20
    assert (
        kinds(votes(19, network="a") + votes(19, start=19, hour=NOON + hours(1), network="a")) == []
    )


def test_another_group_says_how_many_share_a_network() -> None:
    """Four of six in one home came from one network, two from another."""
    rows = votes(4, home="Rynek 5", network="a") + votes(2, start=4, home="Rynek 5", network="b")
    group = only(rows)

    assert group.kind is Kind.HOME
    assert group.same_network == 4
    assert not group.is_hint


def test_a_surge_is_three_times_what_came_before() -> None:
    """Ten votes in 96 hours before the last 48 are five in 48: three times five is the border."""
    early = votes(10, hour=ENDS - hours(48 + 96))
    late = ENDS - hours(2)

    assert kinds(early + votes(19, start=10, hour=late)) == []  # too few to speak of
    assert kinds(early + votes(20, start=10, hour=late)) == [Kind.SURGE]
    many = votes(20, hour=ENDS - hours(48 + 96))  # ten in 48: thirty is the border
    assert kinds(many + votes(29, start=20, hour=late)) == []
    assert kinds(many + votes(30, start=20, hour=late)) == [Kind.SURGE]
    assert kinds(votes(500, hour=late)) == []  # a vote of two days has no before


def test_codes_share_only_a_network() -> None:
    rows = [
        Row(person_key=f"kod-{no}", hour=NOON, network="a" if no < 20 else "b") for no in range(39)
    ]

    assert kinds(rows) == [Kind.NETWORK]


@pytest.mark.parametrize(
    ("limit", "least"), [(1, 2), (2, 2), (3, 2), (4, 3), (5, 4), (6, 5), (20, 5)]
)
def test_a_contact_is_shown_one_short_of_the_limit(limit: int, least: int) -> None:
    assert Thresholds.for_limit(limit).persons_a_contact == least


# What always holds.

FEW = st.sampled_from(["", "a", "b", "c"])
ROWS = st.lists(
    st.builds(
        Row,
        person_key=st.uuids().map(str),
        hour=st.integers(0, 120).map(lambda n: ENDS - hours(n)),
        surname=FEW,
        contact=FEW,
        home=FEW,
        network=FEW,
    ),
    unique_by=lambda row: row.person_key,
    max_size=60,
)
LOW = Thresholds(
    persons_a_home=3,
    persons_a_contact=2,
    surname_an_hour=2,
    surname_times=1,
    network_an_hour=2,
    rhythm_hours=2,
    rhythm_votes=1,
    surge_votes=3,
    surge_times=1,
)


@given(rows=ROWS, order=st.randoms())
def test_the_order_of_rows_decides_nothing(rows: list[Row], order: object) -> None:
    shuffled = list(rows)
    order.shuffle(shuffled)  # type: ignore[attr-defined]

    assert find(shuffled, LOW, ends_at=ENDS) == find(rows, LOW, ends_at=ENDS)


@given(rows=ROWS)
def test_groups_hold_votes_that_are_there_each_once(rows: list[Row]) -> None:
    there = {row.person_key: row for row in rows}
    groups = find(rows, LOW, ends_at=ENDS)

    assert len({group.id for group in groups}) == len(groups)
    for group in groups:
        assert len(set(group.members)) == len(group.members) >= 2
        assert set(group.members) <= set(there)
        assert group.same_network <= len(group.members)
        if group.kind in {Kind.HOME, Kind.CONTACT, Kind.SURNAME, Kind.NETWORK}:
            assert len({getattr(there[key], group.kind) for key in group.members}) == 1
        if group.since and group.until:
            assert all(group.since <= there[key].hour <= group.until for key in group.members)


@given(rows=ROWS)
def test_a_shared_network_alone_is_never_more_than_a_hint(rows: list[Row]) -> None:
    """Whoever shares nothing else, and comes as people come, is in no group that can be held."""
    bare = [replace(row, surname="", contact="", home="", network="biblioteka") for row in rows]
    groups = find(bare, replace(LOW, rhythm_hours=1000), ends_at=ENDS)

    assert {group.kind for group in groups} <= HINTS


@given(rows=ROWS, extra=ROWS)
def test_more_votes_never_hide_a_home_or_a_contact(rows: list[Row], extra: list[Row]) -> None:
    def shared(some: list[Row]) -> set[str]:
        groups = find(some, LOW, ends_at=ENDS)
        return {group.id for group in groups if group.kind in {Kind.HOME, Kind.CONTACT}}

    known = {row.person_key for row in rows}
    more = [row for row in extra if row.person_key not in known]
    assert shared(rows) <= shared(rows + more)
