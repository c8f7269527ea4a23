"""The statutory procedures an officer chooses among: pure, without one number of the law.

What a procedure demands is in dated ``legal_rule`` rows, under keys made here; a row says where
the number comes from and whether anybody compared it with its source.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from deliberate.kernel.texts import N_


class Procedure(StrEnum):
    """By what law people are asked."""

    GENERAL = "general"
    SPATIAL_PLAN = "spatial_plan"
    REVITALISATION = "revitalisation"
    DEVELOPMENT_STRATEGY = "development_strategy"
    NGO_PROGRAMME = "ngo_programme"
    NGO_LOCAL_LAW = "ngo_local_law"


class Form(StrEnum):
    """How people are asked. The keys of meetings and surveys are those of their packages."""

    REMARKS = "remarks"
    OPEN_MEETING = "open_meeting"
    EXPERT_PANEL = "expert_panel"
    WORKSHOP = "workshop"
    OUTDOOR_MEETING = "outdoor_meeting"
    STUDY_WALK = "study_walk"
    SURVEY = "survey"
    GEO_SURVEY = "geo_survey"
    INTERVIEW = "interview"
    CONSULTATION_POINT = "consultation_point"
    DESIGNER_HOURS = "designer_hours"
    PUBLIC_HEARING = "public_hearing"
    DISCUSSION = "discussion"


FORM_NAMES: Mapping[Form, str] = MappingProxyType(
    {
        Form.REMARKS: N_("zbieranie uwag"),
        Form.OPEN_MEETING: N_("spotkanie otwarte"),
        Form.EXPERT_PANEL: N_("panel ekspercki"),
        Form.WORKSHOP: N_("warsztat"),
        Form.OUTDOOR_MEETING: N_("spotkanie plenerowe"),
        Form.STUDY_WALK: N_("spacer studyjny"),
        Form.SURVEY: N_("ankieta"),
        Form.GEO_SURVEY: N_("geoankieta"),
        Form.INTERVIEW: N_("wywiad"),
        Form.CONSULTATION_POINT: N_("punkt konsultacyjny"),
        Form.DESIGNER_HOURS: N_("dyżur projektanta"),
        Form.PUBLIC_HEARING: N_("wysłuchanie publiczne"),
        Form.DISCUSSION: N_("rozmowa w portalu"),
    }
)
# What is planned beforehand; the other two follow from the phases.
PLANNED = tuple(form for form in Form if form not in (Form.REMARKS, Form.DISCUSSION))


class Channel(StrEnum):
    """Where a consultation is announced."""

    PRESS = "press"
    BOARD = "board"
    WEBSITE_BIP = "website_bip"
    CUSTOMARY = "customary"
    SOCIAL = "social"
    LEAFLET = "leaflet"


CHANNEL_NAMES: Mapping[Channel, str] = MappingProxyType(
    {
        Channel.PRESS: N_("prasa miejscowa"),
        Channel.BOARD: N_("tablica ogłoszeń w urzędzie albo na miejscu"),
        Channel.WEBSITE_BIP: N_("strona internetowa i BIP"),
        Channel.CUSTOMARY: N_("sposób zwyczajowo przyjęty"),
        Channel.SOCIAL: N_("media społecznościowe"),
        Channel.LEAFLET: N_("plakaty i ulotki"),
    }
)


class Content(StrEnum):
    """What a programme of cooperation must hold (art. 5a ust. 4 u.d.p.p.), in the law's order."""

    AIMS = "aims"
    PRINCIPLES = "principles"
    SCOPE = "scope"
    FORMS = "forms"
    PRIORITIES = "priorities"
    PERIOD = "period"
    MANNER = "manner"
    MONEY = "money"
    EVALUATION = "evaluation"
    MAKING = "making"
    COMMISSIONS = "commissions"


CONTENT_NAMES: Mapping[Content, str] = MappingProxyType(
    {
        Content.AIMS: N_("Cel główny i cele szczegółowe programu"),
        Content.PRINCIPLES: N_("Zasady współpracy"),
        Content.SCOPE: N_("Zakres przedmiotowy"),
        Content.FORMS: N_("Formy współpracy"),
        Content.PRIORITIES: N_("Priorytetowe zadania publiczne"),
        Content.PERIOD: N_("Okres realizacji programu"),
        Content.MANNER: N_("Sposób realizacji programu"),
        Content.MONEY: N_("Wysokość środków planowanych na realizację programu"),
        Content.EVALUATION: N_("Sposób oceny realizacji programu"),
        Content.MAKING: N_("Informacja o sposobie tworzenia programu i o przebiegu konsultacji"),
        Content.COMMISSIONS: N_(
            "Tryb powoływania i zasady działania komisji konkursowych opiniujących oferty"
        ),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Definition:
    """What does not change with the law. ``address`` is the name in the officer's addresses."""

    address: str
    name: str
    about: str
    basis: str  # put in the field of the legal basis
    council_by: str = ""  # the article by which the council adopts it; empty: the law names nobody
    for_anyone: bool = False  # also who lives elsewhere, and legal persons
    position_per_organisation: bool = False  # one official position of each organisation


DEFINITIONS: Mapping[Procedure, Definition] = MappingProxyType(
    {
        Procedure.GENERAL: Definition(
            address="dokument",
            name=N_("Konsultacje ogólne"),
            about=N_("Projekt uchwały albo regulaminu. Zasady są w uchwale rady o konsultacjach."),
            basis="art. 5a ustawy o samorządzie gminnym",
        ),
        Procedure.SPATIAL_PLAN: Definition(
            address="plan",
            name=N_("Plan ogólny albo plan miejscowy"),
            about=N_("Uwagi, spotkanie i jeszcze jedna forma; ogłoszenie w kilku miejscach."),
            basis="art. 8e–8m ustawy o planowaniu i zagospodarowaniu przestrzennym",
            council_by="art. 18 ust. 2 pkt 5 ustawy o samorządzie gminnym",
            for_anyone=True,
        ),
        Procedure.REVITALISATION: Definition(
            address="rewitalizacja",
            name=N_("Rewitalizacja"),
            about=N_("Uwagi i inne formy, zapowiedziane wcześniej."),
            basis="art. 6 ustawy o rewitalizacji",
            council_by="art. 14 ust. 1 ustawy o rewitalizacji",
        ),
        Procedure.DEVELOPMENT_STRATEGY: Definition(
            address="strategia",
            name=N_("Strategia rozwoju"),
            about=N_("Uwagi do projektu i sprawozdanie po konsultacjach."),
            basis="art. 6 ustawy o zasadach prowadzenia polityki rozwoju",
            council_by="art. 10f ust. 4 ustawy o samorządzie gminnym",
        ),
        Procedure.NGO_PROGRAMME: Definition(
            address="program-wspolpracy",
            name=N_("Program współpracy z organizacjami"),
            about=N_(
                "Program roczny z obowiązkowymi częściami. Każda organizacja składa jedno "
                "stanowisko, mieszkanki i mieszkańcy osobno."
            ),
            basis="art. 5a w związku z art. 5 ust. 5 ustawy o działalności pożytku publicznego "
            "i o wolontariacie",
            council_by="art. 5a ust. 1 ustawy o działalności pożytku publicznego i o wolontariacie",
            for_anyone=True,
            position_per_organisation=True,
        ),
        Procedure.NGO_LOCAL_LAW: Definition(
            address="prawo-dla-organizacji",
            name=N_("Akt prawa miejscowego dotyczący organizacji"),
            about=N_("Projekt uchwały w sprawach, którymi zajmują się organizacje pozarządowe."),
            basis="art. 5 ust. 5 ustawy o działalności pożytku publicznego i o wolontariacie",
            council_by="art. 41 ust. 1 ustawy o samorządzie gminnym",
            for_anyone=True,
        ),
    }
)
BY_ADDRESS = MappingProxyType({each.address: key for key, each in DEFINITIONS.items()})


class Demand(StrEnum):
    """What a legal rule may set for a procedure; a rule's key is ``procedure.<name>.<demand>``."""

    REMARK_DAYS = "remarks.days"
    NOTICE_DAYS = "notice.days"  # from the announcement to the first remark
    FORMS = "forms"  # groups parted by "+", each of alternatives parted by "|"
    OTHER_FORMS = "forms.other"  # how many besides remarks
    CHANNELS = "channels"  # parted by "+"
    WHO = "who"  # "anyone"
    CONTENTS = "contents"  # how many parts the document has
    REPORT_DAYS = "report.days"  # after the end
    ADOPTED_BY = "adopted_by"  # "11-30"
    REPORTED_BY = "reported_by"  # "05-31"
    RESOLUTION = "resolution"  # the council's resolution says how


def rule_prefix(procedure: Procedure) -> str:
    return f"procedure.{procedure}."


def split(stored: str) -> tuple[str, ...]:
    """Return the parts of a comma-separated column."""
    return tuple(part for part in stored.split(",") if part)
