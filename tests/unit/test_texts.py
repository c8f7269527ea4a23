"""Dates, numbers and money as people read them, in three languages."""

from datetime import UTC, date, datetime
from fractions import Fraction

import pytest

from deliberate.kernel import clock, texts

SUNDAY = date(2026, 6, 7)
THIS_YEAR = date(2026, 1, 15)
NEXT_YEAR = date(2027, 1, 15)


def spaced(text: str) -> str:
    """Show spaces that do not break as "_", so that a test says which ones they are."""
    return text.replace(texts.NO_BREAK, "_")


@pytest.mark.parametrize(
    ("locale", "long", "in_sentence", "short"),
    [
        ("pl", "niedziela 7_czerwca", "niedzieli 7_czerwca", "7_czerwca"),
        ("en", "Sunday 7_June", "Sunday 7_June", "7_June"),
        ("uk", "неділя 7_червня", "неділі 7_червня", "7_червня"),
    ],
)
def test_a_day_has_its_year_only_when_it_is_not_this_one(
    locale: str, long: str, in_sentence: str, short: str
) -> None:
    assert spaced(texts.long_date(SUNDAY, locale, today=THIS_YEAR)) == long
    assert spaced(texts.day_in_sentence(SUNDAY, locale, today=THIS_YEAR)) == in_sentence
    assert spaced(texts.day_text(SUNDAY, locale, today=THIS_YEAR)) == short
    assert spaced(texts.long_date(SUNDAY, locale, today=NEXT_YEAR)) == f"{long} 2026"
    assert spaced(texts.day_in_sentence(SUNDAY, locale, today=NEXT_YEAR)) == f"{in_sentence} 2026"
    assert spaced(texts.day_text(SUNDAY, locale, today=NEXT_YEAR)) == f"{short} 2026"


@pytest.mark.parametrize(
    ("day", "text"),
    [
        (date(2026, 6, 1), "do poniedziałku 1_czerwca"),
        (date(2026, 9, 2), "do środy 2_września"),
        (date(2026, 10, 10), "do soboty 10_października"),
        (date(2026, 12, 31), "do czwartku 31_grudnia"),
    ],
)
def test_weekdays_and_months_are_inflected_in_a_sentence(day: date, text: str) -> None:
    assert spaced("do " + texts.day_in_sentence(day, "pl", today=THIS_YEAR)) == text


@pytest.mark.parametrize(
    ("locale", "texts_of"),
    [
        ("pl", ("we wtorek 2_czerwca", "w czwartek 4_czerwca", "w sobotę 6_czerwca")),
        ("en", ("on Tuesday 2_June", "on Thursday 4_June", "on Saturday 6_June")),
        ("uk", ("у вівторок 2_червня", "в четвер 4_червня", "в суботу 6_червня")),
    ],
)
def test_a_weekday_says_when_with_its_preposition(locale: str, texts_of: tuple[str, ...]) -> None:
    days = (date(2026, 6, 2), date(2026, 6, 4), date(2026, 6, 6))

    said = tuple(spaced(texts.day_when(day, locale, today=THIS_YEAR)) for day in days)

    assert said == texts_of


@pytest.mark.parametrize(
    ("locale", "text"),
    [
        ("pl", "w niedzielę 7_czerwca o 23:59"),
        ("en", "on Sunday 7_June at 23:59"),
        ("uk", "в неділю 7_червня о 23:59"),
    ],
)
def test_an_end_is_said_with_its_day_and_hour(locale: str, text: str) -> None:
    midnight, noon = clock.end_of_day(SUNDAY), datetime(2026, 6, 9, 9, 30, tzinfo=UTC)

    assert spaced(texts.end_in_sentence(midnight, locale, today=THIS_YEAR)) == text
    tuesday = {
        "pl": "we wtorek 9_czerwca 2026 o 11:30",
        "en": "on Tuesday 9_June 2026 at 11:30",
        "uk": "у вівторок 9_червня 2026 об 11:30",
    }
    assert spaced(texts.end_in_sentence(noon, locale, today=NEXT_YEAR)) == tuesday[locale]


def test_a_moment_is_written_by_the_day_it_is_in_warsaw() -> None:
    moment = datetime(2026, 6, 6, 22, 30, tzinfo=UTC)

    assert spaced(texts.long_date(moment, "pl", today=THIS_YEAR)) == "niedziela 7_czerwca"


@pytest.mark.parametrize(
    ("moment", "locale", "text"),
    [
        (clock.closing_time(clock.end_of_day(SUNDAY)), "pl", "7_czerwca 2026, 23:59"),
        (clock.closing_time(clock.end_of_day(SUNDAY)), "en", "7_June 2026, 23:59"),
        (clock.closing_time(clock.end_of_day(SUNDAY)), "uk", "7_червня 2026, 23:59"),
        (clock.start_of_day(SUNDAY), "pl", "7_czerwca 2026, 0:00"),
        (clock.start_of_day(SUNDAY), "en", "7_June 2026, 00:00"),
        (datetime(2026, 1, 7, 8, 5, tzinfo=UTC), "pl", "7_stycznia 2026, 9:05"),
    ],
)
def test_a_moment_has_its_day_year_and_hour(moment: datetime, locale: str, text: str) -> None:
    assert spaced(texts.moment_text(moment, locale)) == text


@pytest.mark.parametrize(
    ("days", "polish", "english", "ukrainian"),
    [
        (1, "został 1_dzień", "1_day left", "залишився 1_день"),
        (2, "zostały 2_dni", "2_days left", "залишилося 2_дні"),
        (4, "zostały 4_dni", "4_days left", "залишилося 4_дні"),
        (5, "zostało 5_dni", "5_days left", "залишилося 5_днів"),
        (6, "zostało 6_dni", "6_days left", "залишилося 6_днів"),
        (12, "zostało 12_dni", "12_days left", "залишилося 12_днів"),
        (21, "zostało 21_dni", "21_days left", "залишився 21_день"),
        (22, "zostały 22_dni", "22_days left", "залишилося 22_дні"),
    ],
)
def test_time_left_is_counted_in_days_of_the_calendar(
    days: int, polish: str, english: str, ukrainian: str
) -> None:
    until = clock.end_of_day(SUNDAY)
    now = datetime.combine(
        date.fromordinal(SUNDAY.toordinal() - days), datetime.max.time(), clock.WARSAW
    )

    assert spaced(texts.time_left(now, until, "pl")) == polish
    assert spaced(texts.time_left(now, until, "en")) == english
    assert spaced(texts.time_left(now, until, "uk")) == ukrainian


@pytest.mark.parametrize(
    ("now", "until", "text"),
    [
        ("2026-06-07T00:00", "2026-06-08T00:00", "kończy się dziś o 23:59"),
        ("2026-06-07T23:59", "2026-06-08T00:00", "kończy się dziś o 23:59"),
        ("2026-06-07T10:00", "2026-06-07T16:00", "kończy się dziś o 16:00"),
        ("2026-06-06T23:59", "2026-06-07T16:00", "został 1_dzień"),
        ("2026-06-08T00:00", "2026-06-08T00:00", "czas minął"),
        # The night between is 23 and 25 hours long, and is one day all the same.
        ("2026-03-28T12:00", "2026-03-30T00:00", "został 1_dzień"),
        ("2026-03-29T01:59", "2026-03-30T00:00", "kończy się dziś o 23:59"),
        ("2026-10-24T12:00", "2026-10-26T00:00", "został 1_dzień"),
        ("2026-10-25T00:00", "2026-10-26T00:00", "kończy się dziś o 23:59"),
    ],
)
def test_the_last_day_and_nights_of_moved_clocks(now: str, until: str, text: str) -> None:
    def moment(there: str) -> datetime:
        return datetime.fromisoformat(there).replace(tzinfo=clock.WARSAW).astimezone(UTC)

    assert spaced(texts.time_left(moment(now), moment(until), "pl")) == text


@pytest.mark.parametrize(("hour", "preposition"), [(10, "о 10:00"), (11, "об 11:00")])
def test_ukrainian_preposition_before_eleven(hour: int, preposition: str) -> None:
    until = datetime(2026, 6, 7, hour, tzinfo=clock.WARSAW)

    text = texts.time_left(clock.start_of_day(SUNDAY), until, "uk")

    assert text == f"закінчується сьогодні {preposition}"


@pytest.mark.parametrize(
    ("n", "polish", "ukrainian", "english"),
    [
        (0, "głosów", "голосів", "votes"),
        (1, "głos", "голос", "vote"),
        (2, "głosy", "голоси", "votes"),
        (4, "głosy", "голоси", "votes"),
        (5, "głosów", "голосів", "votes"),
        (11, "głosów", "голосів", "votes"),
        (12, "głosów", "голосів", "votes"),
        (14, "głosów", "голосів", "votes"),
        (21, "głosów", "голос", "votes"),
        (22, "głosy", "голоси", "votes"),
        (101, "głosów", "голос", "votes"),
        (111, "głosów", "голосів", "votes"),
        (112, "głosów", "голосів", "votes"),
        (122, "głosy", "голоси", "votes"),
    ],
)
def test_plural_forms(n: int, polish: str, ukrainian: str, english: str) -> None:
    assert texts.plural(n, "głos", "głosy", "głosów", "pl") == polish
    assert texts.plural(n, "голос", "голоси", "голосів", "uk") == ukrainian
    assert texts.plural(n, "vote", "votes", "votes", "en") == english


def test_an_unknown_language_is_not_guessed() -> None:
    with pytest.raises(KeyError):
        texts.plural(1, "a", "b", "c", "de")


@pytest.mark.parametrize(
    ("n", "polish", "english", "ukrainian"),
    [
        (999, "999", "999", "999"),
        (8_412, "8_412", "8,412", "8412"),
        (84_120, "84_120", "84,120", "84_120"),
        (1_700_000, "1_700_000", "1,700,000", "1_700_000"),
    ],
)
def test_thousands(n: int, polish: str, english: str, ukrainian: str) -> None:
    assert spaced(texts.number(n, "pl")) == polish
    assert spaced(texts.number(n, "en")) == english
    assert spaced(texts.number(n, "uk")) == ukrainian


@pytest.mark.parametrize(
    ("grosze", "locale", "text"),
    [
        (170_000_000, "pl", "1_700_000_zł"),
        (421_158_254, "pl", "4_211_582,54_zł"),
        (421_158_254, "en", "4,211,582.54_zł"),
        (421_158_254, "uk", "4_211_582,54_zł"),
        (5, "pl", "0,05_zł"),
        (0, "pl", "0_zł"),
        (-150, "pl", "-1,50_zł"),
    ],
)
def test_money(grosze: int, locale: str, text: str) -> None:
    assert spaced(texts.money(grosze, locale)) == text


@pytest.mark.parametrize(
    ("share", "text"),
    [
        (Fraction(7, 8), "87,5%"),
        (Fraction(1, 2), "50%"),
        (Fraction(2, 3), "66,7%"),
        (Fraction(0), "0%"),
        (Fraction(1), "100%"),
        (Fraction(99_999, 100_000), "99,9%"),
        (Fraction(1, 100_000), "<0,1%"),
        (Fraction(1, 1000), "0,1%"),
        (Fraction(21, 20), "105%"),
    ],
)
def test_percent_says_all_and_nothing_only_when_it_is_true(share: Fraction, text: str) -> None:
    assert texts.percent(share, "pl") == text
    assert texts.percent(share, "en") == text.replace(",", ".")


def test_a_share_below_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="-1/2"):
        texts.percent(Fraction(-1, 2), "pl")


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("Drzewa w cieniu i o zmroku", "Drzewa w_cieniu i_o_zmroku"),
        ("(a w domu) Z okna", "(a_w_domu) Z_okna"),
        ("koszt 1 700 000 zł", "koszt 1_700_000_zł"),
        ("rocznie 61 000 zł, czyli", "rocznie 61_000_zł, czyli"),
        ("najwyżej 6,2 mln zł.", "najwyżej 6,2_mln_zł."),
        ("około 60 % placu, 24 m² (kuchnia)", "około 60_% placu, 24_m² (kuchnia)"),
        ("za 40 tys. zł w 2026 r.", "za 40_tys._zł w_2026_r."),
        ("w 2026 100 osób", "w_2026_100 osób"),
        ("numer 5 12 345", "numer 5 12_345"),
        ("nr 5 2026", "nr 5 2026"),
        ("rynek – serce", "rynek_– serce"),
        ("don't do it", "don't do it"),
        ("koniec i ", "koniec i "),
    ],
)
def test_nothing_is_left_alone_at_the_end_of_a_line(text: str, kept: str) -> None:
    assert spaced(texts.no_orphans(text)) == kept


def test_marking_for_translation_changes_nothing() -> None:
    assert texts.N_("Zgłoś propozycję") == "Zgłoś propozycję"
