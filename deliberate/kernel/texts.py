"""How we write dates, numbers and money in Polish, English and Ukrainian. Pure: no request here.

``locale`` is "pl", "en" or "uk" everywhere; anything else is a KeyError.
"""

from datetime import date, datetime
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

from deliberate.kernel.clock import closing_time, last_day, local

NO_BREAK = "\N{NO-BREAK SPACE}"


def N_(text: str) -> str:  # noqa: N802 - the gettext tools look for this name
    """Mark a text for extraction and return it as it is; templates translate it when shown."""
    return text


class _Names(NamedTuple):
    """Words of a calendar. Months are as they stand after a day's number."""

    months: tuple[str, ...]
    weekdays: tuple[str, ...]  # from Monday
    weekdays_of: tuple[str, ...]  # after "do" and "od"
    weekdays_on: tuple[str, ...]  # when something happens


_NAMES = {
    "pl": _Names(
        (
            "stycznia", "lutego", "marca", "kwietnia", "maja", "czerwca", "lipca", "sierpnia",
            "września", "października", "listopada", "grudnia",
        ),
        ("poniedziałek", "wtorek", "środa", "czwartek", "piątek", "sobota", "niedziela"),
        ("poniedziałku", "wtorku", "środy", "czwartku", "piątku", "soboty", "niedzieli"),
        (
            "w poniedziałek", "we wtorek", "w środę", "w czwartek", "w piątek", "w sobotę",
            "w niedzielę",
        ),
    ),
    "en": _Names(
        (
            "January", "February", "March", "April", "May", "June", "July", "August", "September",
            "October", "November", "December",
        ),
        ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
        ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
        (
            "on Monday", "on Tuesday", "on Wednesday", "on Thursday", "on Friday", "on Saturday",
            "on Sunday",
        ),
    ),
    "uk": _Names(
        (
            "січня", "лютого", "березня", "квітня", "травня", "червня", "липня", "серпня",
            "вересня", "жовтня", "листопада", "грудня",
        ),
        ("понеділок", "вівторок", "середа", "четвер", "п’ятниця", "субота", "неділя"),
        ("понеділка", "вівторка", "середи", "четверга", "п’ятниці", "суботи", "неділі"),
        (
            "в понеділок", "у вівторок", "в середу", "в четвер", "в п’ятницю", "в суботу",
            "в неділю",
        ),
    ),
}  # fmt: skip


def long_date(day: date, locale: str, *, today: date) -> str:
    """Return "niedziela 7 czerwca", with the year when it is not this one."""
    return f"{_NAMES[locale].weekdays[_day(day).weekday()]} {day_text(day, locale, today=today)}"


def day_in_sentence(day: date, locale: str, *, today: date) -> str:
    """Return "niedzieli 7 czerwca", to stand after "do" or "od"."""
    weekday = _NAMES[locale].weekdays_of[_day(day).weekday()]
    return f"{weekday} {day_text(day, locale, today=today)}"


def day_when(day: date, locale: str, *, today: date) -> str:
    """Return "w niedzielę 7 czerwca", to stand where a sentence says when."""
    weekday = _NAMES[locale].weekdays_on[_day(day).weekday()]
    return f"{weekday} {day_text(day, locale, today=today)}"


def day_text(day: date, locale: str, *, today: date) -> str:
    """Return "7 czerwca", with the year when it is not this one."""
    day = _day(day)
    year = "" if day.year == _day(today).year else f" {day.year}"
    return f"{day.day}{NO_BREAK}{_NAMES[locale].months[day.month - 1]}{year}"


def moment_text(moment: datetime, locale: str) -> str:
    """Return "7 czerwca 2026, 23:59" in the time of Warsaw.

    For the end of an interval give ``closing_time(until)``, so that midnight is 23:59.
    """
    there = local(moment)
    month = _NAMES[locale].months[there.month - 1]
    return f"{there.day}{NO_BREAK}{month} {there.year}, {_hour(there, locale)}"


def time_left(now: datetime, until: datetime, locale: str) -> str:
    """Return "zostało 6 dni", counted in days of the calendar, or the hour on the last day."""
    if now >= until:
        return {"pl": "czas minął", "en": "time is up", "uk": "час минув"}[locale]
    days = (last_day(until) - local(now).date()).days
    if days == 0:
        end = closing_time(until)
        at = {
            "pl": "kończy się dziś o",
            "en": "ends today at",
            # Before the vowel of "одинадцята" the preposition is another.
            "uk": "закінчується сьогодні об" if end.hour == 11 else "закінчується сьогодні о",
        }
        return f"{at[locale]} {_hour(end, locale)}"
    sentence = {
        "pl": ("został {} dzień", "zostały {} dni", "zostało {} dni"),
        "en": ("{} day left", "{} days left", "{} days left"),
        "uk": ("залишився {} день", "залишилося {} дні", "залишилося {} днів"),
    }
    one, few, many = sentence[locale]
    form = plural(days, one, few, many, locale)
    return form.replace("{} ", number(days, locale) + NO_BREAK)


def end_in_sentence(until: datetime, locale: str, *, today: date) -> str:
    """Return "w niedzielę 7 czerwca o 23:59", to stand after "kończy się"."""
    end = closing_time(until)
    at = {"pl": "o", "en": "at", "uk": "об" if end.hour == 11 else "о"}[locale]
    return f"{day_when(end.date(), locale, today=today)} {at} {_hour(end, locale)}"


def plural(n: int, one: str, few: str, many: str, locale: str) -> str:
    """Return the form that goes with ``n``; the number itself is not added.

    Polish: 1 głos, 2 głosy, 5 głosów, 21 głosów, 22 głosy. Ukrainian differs at 21, 31, …:
    21 голос. English takes ``many`` for all but one. As in the plural rules of CLDR.
    """
    n = abs(n)
    ends_few = n % 10 in {2, 3, 4} and n % 100 not in {12, 13, 14}
    match locale:
        case "pl":
            return one if n == 1 else few if ends_few else many
        case "uk":
            return one if n % 10 == 1 and n % 100 != 11 else few if ends_few else many
        case "en":
            return one if n == 1 else many
    raise KeyError(locale)


def number(n: int, locale: str) -> str:
    """Return "8 412" with a space that does not break; "8,412" in English, "8412" in Ukrainian."""
    if locale == "uk" and abs(n) < 10_000:  # as the reference texts have it, and CLDR
        return str(n)
    return f"{n:,}".replace(",", _THOUSANDS[locale])


def money(grosze: int, locale: str) -> str:
    """Return "1 700 000 zł", and "4 211 582,54 zł" when there are grosze."""
    zloty, rest = divmod(abs(grosze), 100)
    sign = "-" if grosze < 0 else ""
    decimals = f"{_DECIMAL[locale]}{rest:02}" if rest else ""
    return f"{sign}{number(zloty, locale)}{decimals}{NO_BREAK}zł"


def percent(share: Fraction, locale: str) -> str:
    """Return "87,5%": one decimal, rounded half up, the decimal left out when it is zero.

    100% is shown only when it is true, and 0% too: in between stand "99,9%" and "<0,1%".
    """
    if share < 0:
        raise ValueError(f"Not a share: {share}")
    if 0 < share < Fraction(1, 1000):
        return f"<0{_DECIMAL[locale]}1%"
    tenths = int(share * 1000 + Fraction(1, 2))
    if share < 1:
        tenths = min(tenths, 999)
    whole, tenth = divmod(tenths, 10)
    decimals = f"{_DECIMAL[locale]}{tenth}" if tenth else ""
    return f"{number(whole, locale)}{decimals}%"


@lru_cache(4_000, typed=True)  # texts, in each process; Markup is not the text it equals
def no_orphans(text: str) -> str:
    """Keep one-letter words, parts of a number, units and dashes from standing alone on a line.

    Such are "w domu", "1 700 000", "24 m²" and "tak – nie". Word by word: a list has forty texts,
    and regular expressions that look back at every character take five times as long.
    """
    words = text.split(" ")
    glued = before = words[0]
    for place, word in enumerate(words[1:], start=1):
        # Nearly all words are long, so they are not looked at any closer.
        short = len(before) < 5 or before[-1].isdigit() or word in _DASHES
        glued += (NO_BREAK if short and _belong(words, place) else " ") + word
        before = word
    return glued


def _belong(words: list[str], place: int) -> bool:
    """Tell whether a word must stay on the line of the one before it."""
    before, word = words[place - 1], words[place]
    if not before or not word:
        return False  # several spaces: somebody meant them
    last = before[-1]
    if last.isalpha() and before not in _COUNTS:
        alone = len(before) == 1 or not (before[-2].isalnum() or before[-2] in "_'’")
        return alone or _is_dash(words, place)
    if last.isdigit() and word[:3].isdigit() and len(word) >= 3 and not word[3:4].isdigit():
        return True
    if (last.isdigit() or before in _COUNTS) and word.rstrip(".,;:!?)") in _UNITS:
        return True
    return _is_dash(words, place)


def _is_dash(words: list[str], place: int) -> bool:
    return words[place] in _DASHES and place + 1 < len(words)


_THOUSANDS = {"pl": NO_BREAK, "en": ",", "uk": NO_BREAK}
_DECIMAL = {"pl": ",", "en": ".", "uk": ","}

_DASHES = frozenset("–—")
_COUNTS = frozenset(("tys.", "mln", "mld", "тис.", "млн", "млрд"))
_UNITS = frozenset(("zł", "gr", "tys", "mln", "mld", "r", "%", "m", "m²", "m2", "km", "ha", "cm"))
_UNITS |= frozenset(("грн", "тис", "млн", "млрд", "м", "м²", "км", "га", "kg", "km²"))


def _day(day: date) -> date:
    """Return the day in Warsaw when a moment was given."""
    return local(day).date() if isinstance(day, datetime) else day


def _hour(moment: datetime, locale: str) -> str:
    """Return "0:00", as Poles and Ukrainians write it, or "00:00"."""
    hour = f"{moment.hour:02}" if locale == "en" else str(moment.hour)
    return f"{hour}:{moment.minute:02}"
