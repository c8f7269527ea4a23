"""What components of a consultation – documents, surveys, meetings, reports – put on its pages.

Components lie above this package, so they register what they add; the pages here ask for it and
know none of them by name.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import Flask, current_app

from deliberate.consultations.models import Consultation
from deliberate.consultations.procedures import Form
from deliberate.consultations.rules.publication import Gap
from deliberate.kernel.actor import Actor
from deliberate.subjects.activities import Activity

NAME = "deliberate.components"  # in app.extensions


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """A way on from here.

    ``label`` is said in the reader's language already; ``icon`` is a name that icon() knows.
    ``activity``: what can be done there now, None for what can only be read.
    """

    icon: str
    url: str
    label: str
    activity: Activity | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """Something that the office set up wrongly: a row of the desk.

    ``text`` is said in the reader's language already; ``url`` is where it is mended.
    """

    consultation_id: int
    text: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Enclosure:
    """What becomes public together with a consultation, so that the second person approves it too.

    ``content`` is exactly what is approved, of things that JSON knows. ``label`` and ``facts`` are
    said in the reader's language already; ``lines`` are the office's own words, in ``language``;
    ``url`` is where the whole of it is read, drafts too.
    """

    icon: str
    url: str
    label: str
    facts: str
    content: object
    lines: Sequence[str] = ()
    language: str = "pl"


def _no_ways(
    _consultation: Consultation, _opened: frozenset[Activity], _now: datetime
) -> list[Way]:
    return []


def _no_links(_consultation: Consultation) -> list[Way]:
    return []


def _nothing_lacks(_consultation: Consultation) -> list[Gap]:
    return []


def _no_forms(_consultation: Consultation) -> frozenset[Form]:
    return frozenset()


def _no_troubles(_consultations: Sequence[Consultation], _now: datetime) -> list[Trouble]:
    return []


def _copies_nothing(
    _former: Consultation, _made: Consultation, _actor: Actor, _now: datetime
) -> None:
    pass


def _encloses_nothing(_consultation: Consultation) -> list[Enclosure]:
    return []


def _calls_nothing_off(
    _consultation: Consultation, _reason: str, _actor: Actor, _now: datetime
) -> None:
    pass


def _depends_on_no_date(_consultation: Consultation) -> None:
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class Component:
    """One component. Each function asks at most one or two statements.

    ``ways(consultation, opened, now)``: links of the public page's panel, doors first.
    ``section``: a template shown on the public page, and ``context(consultation, now)`` for it;
    an empty context shows nothing. ``desk``: links of the officer's page of a consultation, in
    any state. ``lacking``: what stops publication. ``forms``: in which forms people are asked by
    what is entered already. ``troubles(consultations, now)``: what is set up wrongly in those that
    are prepared or run, for all of them at once. ``copy(former, made, actor, now)``: put into a new
    draft what a former consultation had, nothing personal. ``encloses``: what is approved with it
    (a statement more for each thing it reads whole: only the second person's page asks).
    ``call_off(consultation, reason, actor, now)``: it has just been cancelled.
    ``follow_dates``: its phases have just moved.
    """

    key: str
    ways: Callable[[Consultation, frozenset[Activity], datetime], Sequence[Way]] = _no_ways
    section: str | None = None
    context: Callable[[Consultation, datetime], Mapping[str, object]] | None = None
    desk: Callable[[Consultation], Sequence[Way]] = _no_links
    lacking: Callable[[Consultation], Sequence[Gap]] = _nothing_lacks
    forms: Callable[[Consultation], frozenset[Form]] = _no_forms
    troubles: Callable[[Sequence[Consultation], datetime], Sequence[Trouble]] = _no_troubles
    copy: Callable[[Consultation, Consultation, Actor, datetime], None] = _copies_nothing
    encloses: Callable[[Consultation], Sequence[Enclosure]] = _encloses_nothing
    call_off: Callable[[Consultation, str, Actor, datetime], None] = _calls_nothing_off
    follow_dates: Callable[[Consultation], None] = _depends_on_no_date


def register(app: Flask, component: Component) -> None:
    known: dict[str, Component] = app.extensions.setdefault(NAME, {})
    if component.key in known:
        raise RuntimeError(f"Two components are called {component.key!r}.")
    known[component.key] = component


def components() -> Sequence[Component]:
    """Return the components in the order of app.FEATURES."""
    known: Mapping[str, Component] = current_app.extensions.get(NAME, {})
    return tuple(known.values())
