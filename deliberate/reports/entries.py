"""The rows of the table of everything: remarks and proposals of a consultation, by number.

Read as rows of columns: five thousand objects would take several times as long. Without names of
people: of a person the report says in whose name they spoke, as they chose it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import Row, Select, and_, select
from sqlalchemy.orm import aliased

from deliberate.answers import positions
from deliberate.answers.models import Answer, Assignment
from deliberate.consultations.models import Consultation
from deliberate.documents import kinds as remarks
from deliberate.documents.models import Document, Remark, Unit, UnitText
from deliberate.kernel.db import fetch_rows
from deliberate.proposals import queries as proposals
from deliberate.proposals.models import Proposal
from deliberate.proposals.models import State as ProposalState
from deliberate.reports.days import day_of, day_text
from deliberate.subjects.states import is_shown

HIDDEN_TEXT = "Treść ukryta decyzją osób prowadzących rozmowę."
WITHDRAWN = "wycofana"
REMARK, PROPOSAL = "uwaga", "propozycja"
WORDING = "Proponowane brzmienie:"
WHOLE = "całość"
LATE = "po terminie"
UNNAMED = "bez podpisu"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One row. ``position`` "" and ``reason`` "": what was withdrawn or hidden needs none."""

    kind: str  # of the subject
    subject_id: int
    number: int
    what: str
    date: str
    channel: str  # said in words
    author: str
    place: str
    text: str
    theme: str
    position: str
    reason: str
    signed_as: str
    changed: str  # which unit reads otherwise now; "" for none
    changed_url: str
    url: str
    is_late: bool
    is_withdrawn: bool
    is_hidden: bool
    same: int  # how many letters of the very same words, this one among them

    @property
    def data(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedUnit:
    """A unit that read otherwise in some versions than it reads now."""

    document_id: int
    number: int
    versions: set[int]


def list_entries(consultation: Consultation, origin: str) -> list[Entry]:
    """Return everything that was put forward, by number; ``origin``: the consultation's address."""
    found = [*_remarks(consultation, origin), *_proposals(consultation, origin)]
    return sorted(found, key=lambda entry: (entry.number, entry.kind, entry.subject_id))


def _remarks(consultation: Consultation, origin: str) -> Iterator[Entry]:
    changed = _changed_units(consultation)
    rows = fetch_rows(_select_remarks(consultation))
    alike: dict[str, int] = {}
    for row in rows:
        if is_shown(row.content_state):
            alike[row.same_as] = alike.get(row.same_as, 0) + 1
    for row in rows:
        shown = is_shown(row.content_state)
        withdrawn = row.state == remarks.RemarkState.WITHDRAWN
        place = row.place or WHOLE
        unit = changed.get(row.on_unit_id)
        if unit is not None and row.document_version not in unit.versions:
            unit = None
        yield Entry(
            kind=remarks.KIND,
            subject_id=row.id,
            number=row.number,
            what=REMARK,
            date=day_text(row.received_on),
            channel=remarks.CHANNEL_LABELS[remarks.Channel(row.channel)],
            author=_remark_author(row) if shown else "",
            place=place,
            text=_remark_text(row) if shown else HIDDEN_TEXT,
            theme=row.theme or "",
            position=_position(remarks.KIND, row, withdrawn=withdrawn) if shown else "",
            reason=_reason(row, withdrawn=withdrawn) if shown else "",
            signed_as=(row.signed_as or "") if shown else "",
            changed=place if unit else "",
            changed_url=_unit_url(origin, unit) if unit else "",
            url=f"{origin}/uwagi/{row.number}",
            is_late=row.is_late,
            is_withdrawn=withdrawn,
            is_hidden=not shown,
            same=alike.get(row.same_as, 1) if shown else 1,
        )


def _proposals(consultation: Consultation, origin: str) -> Iterator[Entry]:
    for row in fetch_rows(_select_proposals(consultation)):
        shown = is_shown(row.content_state)
        withdrawn = row.state == ProposalState.WITHDRAWN
        texts = (row.title, row.reason, row.details)
        yield Entry(
            kind=proposals.KIND,
            subject_id=row.id,
            number=row.number,
            what=PROPOSAL,
            date=day_of(row.created_at),
            channel=remarks.CHANNEL_LABELS[remarks.Channel.WEB],
            author=row.capacity_label if shown else "",
            place=row.place if shown else "",
            text="\n\n".join(text for text in texts if text) if shown else HIDDEN_TEXT,
            theme=row.theme or "",
            position=_position(proposals.KIND, row, withdrawn=withdrawn) if shown else "",
            reason=_reason(row, withdrawn=withdrawn) if shown else "",
            signed_as=(row.signed_as or "") if shown else "",
            changed="",
            changed_url="",
            url=f"{origin}/propozycje/{row.number}",
            is_late=False,
            is_withdrawn=withdrawn,
            is_hidden=not shown,
            same=1,
        )


def _position(kind: str, row: Row[*tuple[Any, ...]], *, withdrawn: bool) -> str:
    if withdrawn:
        return WITHDRAWN
    return positions.label(kind, row.position) if row.position else ""


def _reason(row: Row[*tuple[Any, ...]], *, withdrawn: bool) -> str:
    if withdrawn:
        return f"{WITHDRAWN} {day_of(row.withdrawn_at)}"
    return row.justification or ""


def _remark_author(row: Row[*tuple[Any, ...]]) -> str:
    # What came on paper has the label that the officer chose in the place of a name.
    label = row.author_name if row.entered_by is not None else row.capacity_label
    return label or UNNAMED


def _remark_text(row: Row[*tuple[Any, ...]]) -> str:
    kind = remarks.KIND_LABELS[remarks.RemarkKind(row.kind)]
    wording = f"{WORDING}\n{row.wording}" if row.wording else ""
    return "\n\n".join(text for text in (f"({kind})", wording, row.body) if text)


def _unit_url(origin: str, unit: ChangedUnit) -> str:
    place = f"?jednostka={unit.number}#jednostka-{unit.number}"
    return f"{origin}/dokumenty/{unit.document_id}{place}"


def _select_remarks(consultation: Consultation) -> Select[*tuple[Any, ...]]:
    return _with_answer(
        select(
            Remark.id,
            Remark.number,
            Remark.on_unit_id,
            Remark.document_version,
            Remark.place,
            Remark.kind,
            Remark.wording,
            Remark.body,
            Remark.channel,
            Remark.received_on,
            Remark.is_late,
            Remark.entered_by,
            Remark.same_as,
            Remark.state,
            Remark.withdrawn_at,
            Remark.content_state,
            Remark.author_name,
            Remark.capacity_label,
        ),
        Remark,
        remarks.KIND,
        consultation,
    )


def _select_proposals(consultation: Consultation) -> Select[*tuple[Any, ...]]:
    return _with_answer(
        select(
            Proposal.id,
            Proposal.number,
            Proposal.title,
            Proposal.place,
            Proposal.reason,
            Proposal.details,
            Proposal.state,
            Proposal.withdrawn_at,
            Proposal.content_state,
            Proposal.capacity_label,
            Proposal.created_at,
        ),
        Proposal,
        proposals.KIND,
        consultation,
    )


def _with_answer(
    wanted: Select[*tuple[Any, ...]],
    model: type[Remark] | type[Proposal],
    kind: str,
    consultation: Consultation,
) -> Select[*tuple[Any, ...]]:
    of_it = and_(
        Answer.tenant_id == model.tenant_id,
        Answer.subject_kind == kind,
        Answer.subject_id == model.id,
        Answer.published_at.is_not(None),
    )
    its_theme = and_(
        Assignment.tenant_id == model.tenant_id,
        Assignment.subject_kind == kind,
        Assignment.subject_id == model.id,
    )
    return (
        wanted.add_columns(
            Answer.position, Answer.justification, Answer.signed_as, Assignment.theme
        )
        .outerjoin(Answer, of_it)
        .outerjoin(Assignment, its_theme)
        .where(
            model.tenant_id == consultation.tenant_id,
            model.consultation_id == consultation.id,
        )
        .order_by(model.number)
    )


def _changed_units(consultation: Consultation) -> Mapping[int | None, ChangedUnit]:
    """Return by id the units that do not read as they did; gone ones among them."""
    then, now = aliased(UnitText), aliased(UnitText)
    rows = fetch_rows(
        select(Unit.id, Unit.number, Unit.document_id, then.version_no)
        .join(Document, Document.id == Unit.document_id)
        .join(then, then.unit_id == Unit.id)
        .outerjoin(now, and_(now.unit_id == Unit.id, now.version_no == Document.version_no))
        .where(
            Document.tenant_id == consultation.tenant_id,
            Document.consultation_id == consultation.id,
            then.version_no < Document.version_no,  # above it lies what is only prepared
            now.unit_id.is_(None) | (now.text != then.text),
        )
        .order_by(Unit.id, then.version_no)
    )
    found: dict[int | None, ChangedUnit] = {}
    for row in rows:
        unit = found.setdefault(
            row.id, ChangedUnit(document_id=row.document_id, number=row.number, versions=set())
        )
        unit.versions.add(row.version_no)
    return found
