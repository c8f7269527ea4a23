"""Which language a request speaks, and the templates' words for dates, numbers and money.

The order: the cookie that the language switch set, the signed-in person's own, what the browser
asks for, Polish. The switch is a link, ``?jezyk=uk``: it answers with the cookie and returns to
the same page, so it needs neither a form nor a script (docs/decisions/0005).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar, Token
from datetime import date, datetime
from fractions import Fraction
from typing import Any
from urllib.parse import urlencode

from flask import Flask, Response, g, has_request_context, redirect, render_template, request
from flask_babel import Babel, force_locale, get_translations
from markupsafe import Markup

from deliberate.kernel import clock, prose, texts

LANGUAGES = {"pl": "Polski", "en": "English", "uk": "Українська"}
COOKIE, PARAMETER = "jezyk", "jezyk"
THEMES = ("auto", "light", "dark", "contrast")
THEME_COOKIE, TEXT_COOKIE = "motyw", "tekst"
YEAR = 365 * 24 * 3600

_catalogues: dict[str, Any] = {}  # by language, for the life of the process
_spoken: ContextVar[str | None] = ContextVar("spoken", default=None)


def init_app(app: Flask, *, translations: str) -> None:
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = translations
    Babel(app, default_locale="pl", locale_selector=locale)
    app.jinja_env.add_extension("jinja2.ext.i18n")
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]
        _translate, _translate_number, newstyle=True
    )
    app.before_request(_switch_language)
    app.teardown_request(_fall_silent)
    app.context_processor(_context)
    app.jinja_env.filters.update(FILTERS)


def choose_locale() -> str:
    cookie = request.cookies.get(COOKIE)
    if cookie in LANGUAGES:
        return cookie
    person = g.get("person")
    if person is not None:
        return str(person.locale)
    return request.accept_languages.best_match(list(LANGUAGES), default="pl") or "pl"


def locale() -> str:
    """Return "pl", "en" or "uk"; Polish outside a request. Chosen once a request."""
    spoken = _spoken.get()
    if spoken is not None:
        return spoken
    if not has_request_context():  # a command or the worker
        return "pl"
    chosen = choose_locale()
    g.spoken = _spoken.set(chosen)  # a page asks two hundred times
    return chosen


def _fall_silent(_error: BaseException | None) -> None:
    token: Token[str | None] | None = g.pop("spoken", None)
    if token is not None:
        _spoken.reset(token)


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Speak another language than the request's: in a letter, which has a reader of its own.

    Templates are compiled for a language, so they have to be fetched inside as well.
    """
    token = _spoken.set(language)
    try:
        with force_locale(language):
            yield
    finally:
        _spoken.reset(token)


def _translate(text: str) -> str:
    # Flask-Babel looks its catalogue up anew for each text, which costs more than the text: a
    # page has a hundred. Polish, the language of the sources, has no catalogue at all.
    code = locale()
    if code == "pl":
        return text
    if code not in _catalogues:
        _catalogues[code] = get_translations()
    return str(_catalogues[code].ugettext(text))


def _translate_number(one: str, many: str, n: int) -> str:
    return str(get_translations().ungettext(one, many, n))


def theme() -> str:
    chosen = request.cookies.get(THEME_COOKIE, "auto")
    return chosen if chosen in THEMES else "auto"


def text_size() -> str:
    return "large" if request.cookies.get(TEXT_COOKIE) == "large" else "normal"


def say(text: str, **values: object) -> str:
    """Translate a text marked with N_ now, where there is a request or a chosen language."""
    said = _translate(text)
    return said % values if values else said


def render_in(language: str, template: str, **context: object) -> Markup:
    """Return a part of a page in another language than the request's: a letter before it leaves.

    The template escapes what it is given, as every template does.
    """
    with speaking(language):
        return Markup(render_template(template, locale=language, **context))  # noqa: S704 - ours


def _switch_language() -> Response | None:
    chosen = request.args.get(PARAMETER)
    if request.method != "GET" or chosen not in LANGUAGES:
        return None
    response: Response = redirect(_address_without_switch(), code=302)  # type: ignore[assignment]
    response.set_cookie(
        COOKIE, chosen, max_age=YEAR, httponly=True, samesite="Lax", secure=request.is_secure
    )
    return response


def _address_without_switch() -> str:
    kept = [pair for pair in request.args.items(multi=True) if pair[0] != PARAMETER]
    path = request.script_root + request.path
    # A path of two slashes would lead a browser to another host.
    path = "/" + path.lstrip("/\\")
    return f"{path}?{urlencode(kept)}" if kept else path


def _language_links() -> list[tuple[str, str, str, bool]]:
    here = _address_without_switch()
    glue = "&" if "?" in here else "?"
    now = locale()
    return [
        (code, name, f"{here}{glue}{PARAMETER}={code}", code == now)
        for code, name in LANGUAGES.items()
    ]


def _context() -> dict[str, object]:
    return {
        "locale": locale(),
        "language_links": _language_links(),
        "theme": "" if theme() == "auto" else theme(),
        "text_size": "" if text_size() == "normal" else text_size(),
        "now": clock.now(),
    }


def _long_date(value: date | datetime) -> str:
    return texts.long_date(_day(value), locale(), today=_today())


def _day_text(value: date | datetime) -> str:
    return texts.day_text(_day(value), locale(), today=_today())


def _day_in_sentence(value: date | datetime) -> str:
    return texts.day_in_sentence(_day(value), locale(), today=_today())


def _day_when(value: date | datetime) -> str:
    return texts.day_when(_day(value), locale(), today=_today())


def _last_day(until: datetime) -> str:
    """The day on which an interval ends, in a sentence: "niedzieli 7 czerwca"."""
    return texts.day_in_sentence(clock.last_day(until), locale(), today=_today())


def _moment(value: datetime) -> str:
    return texts.moment_text(value, locale())


def _time_left(until: datetime) -> str:
    return texts.time_left(clock.now(), until, locale())


def _plural(n: int, one: str, few: str, many: str) -> str:
    return texts.plural(n, one, few, many, locale())


def _number(n: int) -> str:
    return texts.number(n, locale())


def _money(grosze: int) -> str:
    return texts.money(grosze, locale())


def _percent(share: Fraction) -> str:
    return texts.percent(share, locale())


def _day(value: date | datetime) -> date:
    return clock.local(value).date() if isinstance(value, datetime) else value


def _today() -> date:
    return clock.local(clock.now()).date()


FILTERS = {
    "long_date": _long_date,
    "day": _day_text,
    "day_in_sentence": _day_in_sentence,
    "day_when": _day_when,
    "last_day": _last_day,
    "moment": _moment,
    "time_left": _time_left,
    "plural": _plural,
    "number": _number,
    "money": _money,
    "percent": _percent,
    "no_orphans": texts.no_orphans,
    "prose": prose.render,
    "plain": prose.plain,
    "excerpt": prose.excerpt,
}
