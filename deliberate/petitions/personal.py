"""What the registers keep about people: for them to read, and for how long."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, delete, func, select, update

from deliberate.accounts.models import Person
from deliberate.accounts.rules import CLOSED_NAME
from deliberate.kernel.db import db
from deliberate.kernel.models import StoredFile
from deliberate.kernel.retention import RetentionRule
from deliberate.kernel.texts import N_
from deliberate.petitions.kinds import SEALED, Register, State
from deliberate.petitions.models import Entry, EntrySupport, Original

KEPT = timedelta(days=90)  # after the matter is closed; the number of supporters stays
DRAFTS_KEPT = timedelta(days=180)


def my_entries(person: Person) -> list[dict[str, object]]:
    rows = db.session.execute(
        select(Entry, Original)
        .outerjoin(Original, Original.entry_id == Entry.id)
        .where(Entry.author_id == person.id)
        .order_by(Entry.id)
    )
    return [
        {
            "register": entry.register,
            "number": entry.number,
            "year": entry.year,
            "title": original.title if original else entry.title,
            "text": original.text if original else entry.text,
            "form": entry.form,
            "reason": entry.reason,
            "contact": original.contact if original else "",
            "name": original.name if original else entry.author_name,
            "state": entry.state,
            "created_at": entry.created_at,
        }
        for entry, original in rows
    ]


def my_supports(person: Person) -> list[dict[str, object]]:
    rows = db.session.scalars(
        select(EntrySupport)
        .where(EntrySupport.person_id == person.id)
        .order_by(EntrySupport.given_at, EntrySupport.entry_id)
    )
    return [{"entry": row.entry_id, "given_at": row.given_at} for row in rows]


def forget(person_id: int) -> None:
    """Part a person from what they asked for; take back what they support, while it is gathered."""
    _withdraw_supports(person_id)
    own = Entry.author_id == person_id
    drafts = select(Entry.id).where(
        own, Entry.register == Register.REQUEST, Entry.state == State.DRAFT
    )
    db.session.execute(delete(Original).where(Original.entry_id.in_(drafts)))
    db.session.execute(
        update(Original)
        .where(Original.entry_id.in_(select(Entry.id).where(own)))
        .values(name="", contact="", name_is_public=False)
    )
    for tenant_id in db.session.scalars(select(Entry.tenant_id).where(own).distinct()).all():
        db.session.execute(
            delete(Entry)
            .where(
                own,
                Entry.tenant_id == tenant_id,
                Entry.register == Register.REQUEST,
                Entry.state == State.DRAFT,
            )
            .execution_options(touches=tenant_id, synchronize_session="fetch")
        )
        db.session.execute(
            update(Entry)
            .where(own, Entry.tenant_id == tenant_id, Entry.author_name != "")
            .values(author_name=CLOSED_NAME)
            .execution_options(touches=tenant_id, synchronize_session="fetch")
        )


def _withdraw_supports(person_id: int) -> None:
    gathered = (
        select(Entry)
        .join(EntrySupport, EntrySupport.entry_id == Entry.id)
        .where(EntrySupport.person_id == person_id, Entry.state == State.GATHERING)
        .order_by(Entry.id)  # in one order for everybody: two who close at once do not wait
        .with_for_update(of=Entry)
    )
    for entry in db.session.scalars(gathered).all():
        entry.supports -= 1
        db.session.delete(db.session.get_one(EntrySupport, (entry.id, person_id)))
    db.session.flush()


# For how long.


def _long_closed(now: datetime) -> Select[int]:
    return select(Entry.id).where(Entry.closed_at < now - KEPT)


def _originals(now: datetime) -> ColumnElement[bool]:
    return Original.entry_id.in_(_long_closed(now))


def _count_originals(now: datetime) -> int:
    wanted = select(func.count()).select_from(Original).where(_originals(now))
    return db.session.scalars(wanted).one()


def _remove_originals(now: datetime) -> int:
    """Remove texts, names, contacts; files go with the next removal of what is nobody's."""
    ids = db.session.scalars(select(Original.entry_id).where(_originals(now))).all()
    for file in db.session.scalars(
        select(StoredFile).where(
            StoredFile.subject_kind == SEALED, StoredFile.subject_id.in_(_long_closed(now))
        )
    ):
        file.subject_kind = file.subject_id = None
    db.session.execute(delete(Original).where(Original.entry_id.in_(ids)))
    return len(ids)


def _old_drafts(now: datetime) -> Select[int]:
    return select(Entry.id).where(
        Entry.register == Register.REQUEST,
        Entry.state == State.DRAFT,
        Entry.created_at < now - DRAFTS_KEPT,
    )


def _count_drafts(now: datetime) -> int:
    return db.session.scalars(select(func.count()).select_from(_old_drafts(now).subquery())).one()


def _remove_drafts(now: datetime) -> int:
    ids = db.session.scalars(_old_drafts(now)).all()
    db.session.execute(delete(Original).where(Original.entry_id.in_(ids)))
    for entry in db.session.scalars(select(Entry).where(Entry.id.in_(ids))).all():
        db.session.delete(entry)
    return len(ids)


def _old_supports(now: datetime) -> ColumnElement[bool]:
    return EntrySupport.entry_id.in_(_long_closed(now))


def _count_supports(now: datetime) -> int:
    wanted = select(func.count()).select_from(EntrySupport).where(_old_supports(now))
    return db.session.scalars(wanted).one()


def _remove_supports(now: datetime) -> int:
    rows = db.session.scalars(select(EntrySupport).where(_old_supports(now))).all()
    for row in rows:
        db.session.delete(row)
    return len(rows)


RULES = (
    RetentionRule(
        key="petitions.originals",
        label=N_("Oryginały petycji i inicjatyw: treść przed zakryciem, nazwisko, kontakt, skan"),
        keeps=N_("90 dni po zamknięciu sprawy"),
        count=_count_originals,
        remove=_remove_originals,
    ),
    RetentionRule(
        key="petitions.drafts",
        label=N_("Szkice wniosków o konsultacje"),
        keeps=N_("180 dni od napisania"),
        count=_count_drafts,
        remove=_remove_drafts,
    ),
    RetentionRule(
        key="petitions.supports",
        label=N_("Kto poparł wniosek albo pomysł inicjatywy; liczba zostaje"),
        keeps=N_("90 dni po zamknięciu sprawy"),
        count=_count_supports,
        remove=_remove_supports,
    ),
)
