"""Documents on the pages of their consultation: the way to remark, the list, what is lacking."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from flask import url_for

from deliberate.consultations.components import Component, Enclosure, Trouble, Way
from deliberate.consultations.models import Consultation
from deliberate.consultations.rules.publication import Gap
from deliberate.documents import preparing, texts
from deliberate.documents.texts import Put
from deliberate.kernel import files
from deliberate.kernel.actor import Actor
from deliberate.kernel.i18n import say
from deliberate.kernel.texts import N_
from deliberate.subjects.activities import Activity
from deliberate.tenancy import kept

SOON = timedelta(days=7)
NO_DOCUMENT = Gap("documents", N_("Dodaj dokument, którego dotyczą uwagi."))


def _collects(consultation: Consultation) -> bool:
    """Tell whether people remark here at some time."""
    return any(Activity.REMARK in phase.opens for phase in consultation.phases)


def _ways(consultation: Consultation, opened: frozenset[Activity], now: datetime) -> Sequence[Way]:
    if not _collects(consultation):
        return []
    slug, found = consultation.slug, []
    if Activity.REMARK in opened:
        found.append(
            Way(
                icon="pen-line",
                url=url_for("documents.new", slug=slug),
                label=say(N_("Zgłoś uwagę")),
                activity=Activity.REMARK,
            )
        )
    if any(
        Activity.REMARK in phase.opens and phase.starts_at <= now for phase in consultation.phases
    ):
        remarks = url_for("documents.remarks", slug=slug)
        found.append(Way(icon="list", url=remarks, label=say(N_("Uwagi"))))
    return found


def _section(consultation: Consultation, now: datetime) -> Mapping[str, object]:
    puts = kept.look_unless_empty(
        ("documents", consultation.id), lambda: texts.list_standing(consultation)
    )
    if not puts:
        return {}
    is_open = any(
        Activity.REMARK in phase.opens and phase.ends_at > now for phase in consultation.phases
    )
    return {"puts": puts, "file_name": files.url_name, "is_open": is_open}


def _desk(consultation: Consultation) -> Sequence[Way]:
    label = say(N_("Dokumenty do uwag"))
    url = url_for("documents.desk", slug=consultation.slug)
    return [Way(icon="file-text", url=url, label=label)]


def _lacking(consultation: Consultation) -> Sequence[Gap]:
    if not _collects(consultation) or texts.has_document(consultation):
        return []
    return [NO_DOCUMENT]


def _troubles(consultations: Sequence[Consultation], now: datetime) -> list[Trouble]:
    """Return those that take remarks, or soon will, on nothing."""
    near = [
        each
        for each in consultations
        if any(
            Activity.REMARK in phase.opens and phase.starts_at < now + SOON and phase.ends_at > now
            for phase in each.phases
        )
    ]
    there = texts.with_document(near) if near else frozenset()
    return [
        Trouble(
            consultation_id=each.id,
            text=say(N_("Zbieranie uwag bez dokumentu")),
            url=url_for("documents.desk", slug=each.slug),
        )
        for each in near
        if each.id not in there
    ]


def _copy(former: Consultation, made: Consultation, actor: Actor, now: datetime) -> None:
    """Put up the titles of last time; this time's texts are read in anew."""
    for put in texts.list_documents(former):
        title, language = put.document.title, put.document.language
        preparing.start(made, title=title, language=language, actor=actor, now=now)


def _encloses(consultation: Consultation) -> Sequence[Enclosure]:
    """Return the documents that people will remark on: their texts, and the files they come in."""
    return [_enclosure(consultation, put) for put in texts.list_standing(consultation)]


def _enclosure(consultation: Consultation, put: Put) -> Enclosure:
    document, file = put.document, put.file
    units = texts.list_units(document, document.version_no)
    facts = [say(N_("Części: %(count)s."), count=len(units))]
    if file is not None:
        facts.append(say(N_("Plik: %(name)s"), name=file.name))
    return Enclosure(
        icon="file-text",
        url=url_for("documents.show", slug=consultation.slug, document_id=document.id),
        label=say(N_("Dokument: %(title)s"), title=document.title),
        facts=" ".join(facts),
        content=[
            document.position,
            document.title,
            document.language,
            file.sha256 if file is not None else None,
            [(row.number, row.level, row.label, row.path, row.text) for row in units],
        ],
    )


COMPONENT = Component(
    key="documents",
    ways=_ways,
    section="documents/_section.html",
    context=_section,
    desk=_desk,
    lacking=_lacking,
    troubles=_troubles,
    copy=_copy,
    encloses=_encloses,
)
