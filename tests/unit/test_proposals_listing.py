"""Reading what list somebody wants, from whatever stands in an address."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deliberate.proposals import listing
from deliberate.proposals.listing import Order, Who, Wish
from deliberate.proposals.models import State

NOW = datetime(2027, 5, 4, 12, 0, tzinfo=UTC)
AREAS = {"nadrzecze": 5}


def test_each_parameter_is_read() -> None:
    wish = listing.read(
        {
            "szukaj": "  ławki \n na rynku ",
            "miejsce": "nadrzecze",
            "stan": "wycofane",
            "kto": "organizacje",
            "kolejnosc": "poparcie",
            "los": "77",
        },
        AREAS,
        now=NOW,
    )

    assert wish == Wish(
        search="ławki na rynku",
        area_id=5,
        state=State.WITHDRAWN,
        who=Who.ORGANISATIONS,
        order=Order.SUPPORTS,
        seed=77,
    )


@pytest.mark.parametrize("name", ["miejsce", "stan", "kto", "kolejnosc", "los"])
@pytest.mark.parametrize(
    "value", ["", "x", "<b>", "1 OR 1=1", "-1", "٣", "9" * 30, "2147483648", "open"]
)
def test_anything_else_is_the_default(name: str, value: str) -> None:
    assert listing.read({name: value}, AREAS, now=NOW) == listing.read({}, AREAS, now=NOW)


def test_a_search_is_cut_to_a_hundred_characters_and_eight_words() -> None:
    wish = listing.read({"szukaj": "ab " * 500}, AREAS, now=NOW)

    assert len(wish.search) <= 100
    assert len(wish.words) == 8


@given(st.dictionaries(st.sampled_from(["szukaj", "stan", "kto", "los"]), st.text()))
def test_no_address_breaks_the_list(args: dict[str, str]) -> None:
    wish = listing.read(args, AREAS, now=NOW)

    assert 0 <= wish.seed < listing.SEEDS
    assert all(word.isalnum() for word in wish.words)


def test_the_order_of_an_hour_is_the_same_for_everyone_and_another_an_hour_later() -> None:
    assert listing.seed_of(NOW) == listing.seed_of(NOW + timedelta(minutes=59))
    assert listing.seed_of(NOW) != listing.seed_of(NOW + timedelta(hours=1))


def test_seeds_of_a_week_are_spread_over_the_whole_circle() -> None:
    seeds = [listing.seed_of(NOW + timedelta(hours=n)) for n in range(168)]
    eighths = {seed * 8 // listing.SEEDS for seed in seeds}

    assert eighths == set(range(8))


def test_an_address_made_of_a_wish_gives_the_wish_again() -> None:
    wish = Wish(search="drzewa", state=State.ADMITTED, who=Who.OFFICE, order=Order.TALK, seed=3)
    address = {name: value for name, value in wish.address.items() if value is not None}

    assert listing.read({**address, "los": "3"}, AREAS, now=NOW) == wish
