"""Reading the registers. All begin with the municipality, or with an entry loaded through it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import date, datetime

from flask import abort
from sqlalchemy import ColumnElement, Select, and_, func, or_, select

from deliberate.accounts import queries as accounts
from deliberate.accounts.models import Person, ResidenceState
from deliberate.accounts.standing import Needs, standing_refusal
from deliberate.consultations.models import Consultation
from deliberate.kernel import clock
from deliberate.kernel.db import db
from deliberate.kernel.pagination import PER_PAGE, PageOf
from deliberate.kernel.refusals import Refusal
from deliberate.petitions import figures, redaction, rules
from deliberate.petitions.figures import Figure, Figures
from deliberate.petitions.kinds import ANSWERED, CLOSED, Register, State
from deliberate.petitions.models import Entry, EntrySupport, Original, PaperCount
from deliberate.subjects.states import is_shown
from deliberate.subjects.visibility import shown
from deliberate.tenancy import queries as tenancy
from deliberate.tenancy.models import Area, Municipality

MOST_MINE = 50
# Who may support: a request by who lives here, an idea of an initiative by anyone with an account.
NEEDS = {Register.REQUEST: Needs.DECLARED, Register.INITIATIVE: Needs.EMAIL}


def is_public() -> ColumnElement[bool]:
    return and_(Entry.published_at.is_not(None), shown(Entry))


def find_entry(tenant_id: int, entry_id: int) -> Entry | None:
    """Return an entry whatever its state."""
    return db.session.scalar(
        select(Entry).where(Entry.tenant_id == tenant_id, Entry.id == entry_id)
    )


def get_any(tenant: Municipality, entry_id: int) -> Entry:
    return find_entry(tenant.id, entry_id) or abort(404)


def get_entry(tenant: Municipality, register: Register, entry_id: int) -> Entry:
    """Return what stands in a register, hidden or not; 404 for what was never published."""
    found = find_entry(tenant.id, entry_id)
    if found is None or found.register != register or found.published_at is None:
        abort(404)
    return found


def get_own(tenant: Municipality, entry_id: int, person: Person) -> Entry:
    found = find_entry(tenant.id, entry_id)
    return found if found is not None and found.author_id == person.id else abort(404)


def find_sent(tenant: Municipality, person: Person, form_key: str) -> Entry | None:
    return db.session.scalar(
        select(Entry).where(
            Entry.tenant_id == tenant.id,
            Entry.author_id == person.id,
            Entry.form_key == form_key,
        )
    )


def find_original(entry: Entry) -> Original | None:
    return db.session.get(Original, entry.id)


def find_support(entry: Entry, person: Person) -> EntrySupport | None:
    return db.session.get(EntrySupport, (entry.id, person.id))


def next_number(tenant: Municipality, register: str, year: int) -> int:
    """Return the next number of the year; the caller holds the municipality's row."""
    last = db.session.scalar(
        select(func.max(Entry.number)).where(
            Entry.tenant_id == tenant.id, Entry.register == register, Entry.year == year
        )
    )
    return (last or 0) + 1


def list_public(tenant: Municipality, register: Register, *, part: str, page: int) -> PageOf[Entry]:
    """Return a page of a register, the newest first; ``part``: "otwarte", "zamkniete" or all."""
    closed = sorted(CLOSED)
    conditions = [Entry.tenant_id == tenant.id, Entry.register == register, is_public()]
    if part == "otwarte":
        conditions.append(Entry.state.not_in(closed))
    elif part == "zamkniete":
        conditions.append(Entry.state.in_(closed))
    total = db.session.scalars(select(func.count()).select_from(Entry).where(*conditions)).one()
    rows = db.session.scalars(
        select(Entry)
        .where(*conditions)
        .order_by(Entry.published_at.desc(), Entry.id.desc())
        .offset((page - 1) * PER_PAGE)
        .limit(PER_PAGE)
    ).all()
    return PageOf(items=rows, number=page, total=total)


def list_desk(tenant: Municipality) -> Sequence[Entry]:
    """Return what the office has to do with: drafts of people are theirs alone.

    What waits for the office by its date, then what waits for supporters.
    """
    of_office = or_(Entry.register != Register.REQUEST, Entry.state != State.DRAFT)
    return db.session.scalars(
        select(Entry)
        .where(Entry.tenant_id == tenant.id, Entry.state.not_in(sorted(CLOSED)), of_office)
        .order_by(Entry.due_on.is_(None), Entry.due_on, Entry.id)
    ).all()


def list_closed(tenant: Municipality, most: int = 50) -> Sequence[Entry]:
    return db.session.scalars(
        select(Entry)
        .where(
            Entry.tenant_id == tenant.id,
            Entry.state.in_(sorted(CLOSED)),
            or_(Entry.register != Register.REQUEST, Entry.number.is_not(None)),
        )
        .order_by(Entry.closed_at.desc(), Entry.id.desc())
        .limit(most)
    ).all()


def list_joined(entry: Entry) -> Sequence[Entry]:
    """Return the petitions examined together with this one, the main one."""
    return db.session.scalars(
        select(Entry)
        .where(Entry.tenant_id == entry.tenant_id, Entry.joined_id == entry.id)
        .order_by(Entry.id)
    ).all()


def list_mains(entry: Entry) -> Sequence[Entry]:
    """Return the petitions that this one could be examined with."""
    return db.session.scalars(
        select(Entry)
        .where(
            Entry.tenant_id == entry.tenant_id,
            Entry.register == Register.PETITION,
            Entry.state == State.SUBMITTED,
            Entry.joined_id.is_(None),
            Entry.id != entry.id,
        )
        .order_by(Entry.id)
    ).all()


def list_counts(entry: Entry) -> Sequence[PaperCount]:
    """Return the counts of paper, the last first."""
    return db.session.scalars(
        select(PaperCount)
        .where(PaperCount.tenant_id == entry.tenant_id, PaperCount.entry_id == entry.id)
        .order_by(PaperCount.id.desc())
    ).all()


def list_consultations(tenant: Municipality) -> Sequence[tuple[int, str]]:
    """Return what a request may have led to, the newest first."""
    rows = db.session.execute(
        select(Consultation.id, Consultation.title)
        .where(Consultation.tenant_id == tenant.id)
        .order_by(Consultation.id.desc())
    )
    return [(row[0], row[1]) for row in rows]


def find_led_to(entry: Entry) -> Consultation | None:
    return db.session.scalar(
        select(Consultation).where(
            Consultation.tenant_id == entry.tenant_id, Consultation.id == entry.consultation_id
        )
    )


def find_area(entry: Entry) -> Area | None:
    return db.session.scalar(
        select(Area).where(Area.tenant_id == entry.tenant_id, Area.id == entry.area_id)
    )


def list_due_to_lapse(today: date) -> Sequence[Entry]:
    """Return, in all municipalities, requests that gather no longer and were not submitted.

    Initiatives wait for the office: what was handed in on the last day is counted afterwards.
    """
    return db.session.scalars(
        select(Entry)
        .where(
            Entry.register == Register.REQUEST,
            Entry.state == State.GATHERING,
            Entry.gathering_until < today,
        )
        .order_by(Entry.id)
    ).all()


# A person's own.


def list_mine(tenant: Municipality, person: Person) -> Sequence[tuple[Entry, bool]]:
    """Return what a person asked for here, and what they support: with whether it is theirs."""
    supported = select(EntrySupport.entry_id).where(
        EntrySupport.tenant_id == tenant.id, EntrySupport.person_id == person.id
    )
    rows = db.session.scalars(
        select(Entry)
        .where(
            Entry.tenant_id == tenant.id,
            or_(Entry.author_id == person.id, and_(Entry.id.in_(supported), is_public())),
        )
        .order_by(Entry.id.desc())
        .limit(MOST_MINE)
    )
    return [(row, row.author_id == person.id) for row in rows]


def search(tenant: Municipality, words: Sequence[str], most: int) -> Sequence[Entry]:
    """Return what stands in the registers and holds each of the folded words, the newest first."""
    return db.session.scalars(
        select(Entry)
        .where(
            Entry.tenant_id == tenant.id,
            is_public(),
            *(Entry.folded.contains(word, autoescape=True) for word in words),
        )
        .order_by(Entry.id.desc())
        .limit(most)
    ).all()


def list_petitions_of(tenant: Municipality, year: int) -> Sequence[Entry]:
    """Return the published petitions that came in a year, or were answered in it, by number."""
    first, last = clock.start_of_day(date(year, 1, 1)), clock.end_of_day(date(year, 12, 31))
    return db.session.scalars(
        select(Entry)
        .where(
            Entry.tenant_id == tenant.id,
            Entry.register == Register.PETITION,
            is_public(),
            or_(Entry.year == year, and_(Entry.closed_at >= first, Entry.closed_at < last)),
        )
        .order_by(Entry.year, Entry.number, Entry.id)
    ).all()


# What waits at the desk.


def select_waiting(tenant_id: int, today: date) -> Select[int, int, date | None]:
    """Select, of what the office has to do: how many, how many of them unpublished, the first date.

    That is what was submitted, and initiatives whose time for signatures is over.
    """
    gathered = and_(
        Entry.register == Register.INITIATIVE,
        Entry.state == State.GATHERING,
        Entry.gathering_until < today,
    )
    return select(
        func.count(),
        func.count().filter(Entry.published_at.is_(None)),
        func.min(Entry.due_on),
    ).where(
        Entry.tenant_id == tenant_id,
        or_(Entry.state == State.SUBMITTED, gathered),
        Entry.joined_id.is_(None),
    )


# Numbers of the law and of the municipality.


def list_figures(tenant: Municipality, on: date) -> Figures:
    found: dict[str, Figure] = {}
    for row in tenancy.list_legal_rules(tenant, figures.PREFIX, on):
        key = row.key.removeprefix(figures.PREFIX)
        if key not in found:
            found[key] = Figure(value=row.value, source=row.source, verified=row.verified)
    return found


# Facts for the rules.


def lacks(tenant: Municipality, person: Person | None, needs: Needs) -> Refusal | None:
    """Return what a person lacks for what asks for ``needs``."""
    residence = accounts.find_residence(tenant, person) if person else None
    standing = Needs.ANYONE if person is None else accounts.standing_of(residence)
    refused = residence is not None and residence.state == ResidenceState.REFUSED
    return standing_refusal(standing, needs, refused=refused)


def asking_refusal(
    tenant: Municipality, person: Person | None, known: Mapping[str, Figure]
) -> Refusal | None:
    """Return why a consultation cannot be asked for here now."""
    if not figures.request_needs(known, in_area=False):
        return rules.NO_TERMS
    return lacks(tenant, person, Needs.DECLARED)


def support_facts(
    tenant: Municipality, entry: Entry, person: Person | None, *, now: datetime
) -> rules.SupportFacts:
    needs = NEEDS.get(Register(entry.register), Needs.EMAIL)
    area = _area_asked(tenant, entry)
    return rules.SupportFacts(
        register=entry.register,
        state=entry.state,
        is_shown=is_shown(entry.content_state),
        until=entry.gathering_until,
        today=clock.local(now).date(),
        lacks=lacks(tenant, person, needs),
        is_author=person is not None and entry.author_id == person.id,
        has_supported=person is not None and find_support(entry, person) is not None,
        area=area.name if area is not None else "",
        lives_there=_lives_in(tenant, person, area),
    )


def _area_asked(tenant: Municipality, entry: Entry) -> Area | None:
    """Return the part whose residents alone support an entry: that of a request which names one."""
    if entry.register != Register.REQUEST or entry.area_id is None:
        return None
    return next((row for row in tenancy.list_areas(tenant) if row.id == entry.area_id), None)


def _lives_in(tenant: Municipality, person: Person | None, area: Area | None) -> bool | None:
    residence = accounts.find_residence(tenant, person) if person and area else None
    if residence is None or area is None:
        return None
    parents = {row.id: row.parent_id for row in tenancy.list_areas(tenant)}
    return rules.lives_in(area.id, residence.area_id, parents)


def redacted(entry: Entry, original: Original, *, title: str | None = None) -> tuple[str, str]:
    """Return title and text as they would be published."""
    passages = (original.passages or "").splitlines()
    named = entry.title if title is None else title
    return redaction.blacken(named, passages), redaction.blacken(original.text, passages)


def seen(title: str, text: str) -> str:
    """Return what tells whether an officer has read this very redaction."""
    return hashlib.sha256(f"{title}\n{text}".encode()).hexdigest()[:32]


def is_answered(entry: Entry) -> bool:
    return entry.state in ANSWERED


def get_for_office(tenant: Municipality, entry_id: int) -> Entry:
    """Return an entry that the office has to do with; a person's draft is not there for it."""
    found = get_any(tenant, entry_id)
    if found.register == Register.REQUEST and found.state == State.DRAFT:
        abort(404)
    return found
