"""What the layout shows around every page: navigation, the desk's links, the foot. No query."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from flask import Flask, request, url_for

from deliberate.access.decorators import admits
from deliberate.access.roles import NAMES
from deliberate.accounts.current import current_memberships, current_person
from deliberate.kernel.actor import Role
from deliberate.kernel.i18n import say
from deliberate.kernel.texts import N_
from deliberate.tenancy.current import find_tenant


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A place in the frame; ``query`` narrows it."""

    endpoint: str
    label: str
    query: tuple[tuple[str, str], ...] = ()


NAV = (
    Link(endpoint="consultations.index", label=N_("Konsultacje")),
    Link(
        endpoint="consultations.index",
        label=N_("Wyniki"),
        query=(("etap", "z-odpowiedzia"),),
    ),
    Link(endpoint="topics.index", label=N_("Tematy")),
    Link(endpoint="organisations.index", label=N_("Organizacje")),
    Link(endpoint="pages.search", label=N_("Szukaj")),
)
MINE = Link(endpoint="pages.my", label=N_("Moje"))
FOOT = (
    Link(endpoint="meetings.calendar", label=N_("Kalendarz")),
    Link(endpoint="petitions.requests", label=N_("Wnioski i petycje")),
    Link(endpoint="pages.declaration", label=N_("Deklaracja dostępności")),
    Link(endpoint="pages.barrier", label=N_("Zgłoś barierę")),
    Link(endpoint="pages.appearance", label=N_("Wygląd i język")),
    Link(endpoint="pages.rules", label=N_("Zasady rozmowy")),
    Link(endpoint="pages.privacy", label=N_("Prywatność")),
    Link(endpoint="pages.contact", label=N_("Kontakt")),
    Link(endpoint="pages.verify", label=N_("Dla sprawdzających")),
)
DESK = (
    Link(endpoint="pages.desk", label=N_("Biurko")),
    Link(endpoint="consultations.desk_index", label=N_("Konsultacje")),
    Link(endpoint="meetings.desk", label=N_("Spotkania")),
    Link(endpoint="petitions.desk", label=N_("Rejestry")),
    Link(endpoint="moderation.queue", label=N_("Moderacja")),
    Link(endpoint="moderation.office_queue", label=N_("Zgłoszenia")),
    Link(endpoint="moderation.reviews", label=N_("Ukryte treści")),
    Link(endpoint="approvals.inbox", label=N_("Zatwierdzenia")),
    Link(endpoint="accounts.desk", label=N_("Zamieszkanie")),
    Link(endpoint="organisations.desk", label=N_("Organizacje")),
    Link(endpoint="people.index", label=N_("Osoby")),
    Link(endpoint="tenancy.settings", label=N_("Ustawienia")),
    Link(endpoint="pages.edit_declaration", label=N_("Dostępność")),
    Link(endpoint="accounts.retention", label=N_("Przechowywanie")),
    Link(endpoint="pages.journal", label=N_("Dziennik")),
)

# Where there is no municipality there is nothing to go to, and nobody can sign in.
NOWHERE: dict[str, object] = {
    "nav": [],
    "foot_links": [],
    "desk_links": [],
    "working_as": None,
    "account_url": None,
    "sign_in_url": None,
    "colours_url": None,
}


def install(app: Flask) -> None:
    app.context_processor(_around)


def _around() -> dict[str, object]:
    home_url = url_for("pages.home")
    if find_tenant() is None:
        return {"home_url": home_url, **NOWHERE}
    return {
        "nav": _nav(),
        "foot_links": [(_url(link), say(link.label)) for link in FOOT],
        "desk_links": _desk_links(),
        "working_as": _working_as(),
        "home_url": home_url,
        "account_url": url_for("accounts.account"),
        "sign_in_url": sign_in_url(),
        "colours_url": _colours_url(),
    }


def sign_in_url() -> str:
    """Return where to sign in, with the way back to a page that was read, not to a form's act."""
    if request.method != "GET" or request.blueprint == "accounts":
        return url_for("accounts.sign_in")
    here = request.full_path if request.query_string else request.path
    return url_for("accounts.sign_in", wroc=request.script_root + here)


def _desk_links() -> list[tuple[str, str]]:
    if current_person() is None:
        return []
    return [(link.endpoint, say(link.label)) for link in DESK if admits(link.endpoint)]


def _nav() -> list[tuple[str, str, bool]]:
    listed = NAV if current_person() is None else (*NAV, MINE)
    return [(_url(link), say(link.label), _is_here(link)) for link in listed]


def _url(link: Link) -> str:
    return _address(request.script_root, link)


@lru_cache(maxsize=4096)  # a dozen a municipality, the same on all its pages
def _address(_root: str, link: Link) -> str:
    query: dict[str, Any] = dict(link.query)
    return url_for(link.endpoint, **query)


def _is_here(link: Link) -> bool:
    """Tell whether the link leads to where the reader is: the narrowed page before the whole."""
    if request.endpoint != link.endpoint:
        return False
    narrowed = [other for other in NAV if other.endpoint == link.endpoint and other.query]
    if link.query:
        return _narrows(link)
    return not any(_narrows(other) for other in narrowed)


def _narrows(link: Link) -> bool:
    return all(request.args.get(name) == value for name, value in link.query)


def _working_as() -> str | None:
    """Return in what role somebody of the office or of a facilitators' organisation is here."""
    memberships = current_memberships() if current_person() is not None else []
    if not memberships:
        return None
    first = memberships[0]
    return first.job_title or say(NAMES[Role(first.role)])


def _colours_url() -> str | None:
    """Return the municipality's own colours; their values in it, so a browser may keep it."""
    tenant = find_tenant()
    if tenant is None or (tenant.brand is None and tenant.accent is None):
        return None
    return url_for("tenancy.colours", v=f"{tenant.brand}{tenant.accent}".replace("#", ""))
