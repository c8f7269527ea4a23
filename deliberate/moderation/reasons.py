"""The closed list of reasons and what each says. No database, no request."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from deliberate.kernel.texts import N_


class Reason(StrEnum):
    """Why something may be reported or restricted, in the order in which the list is shown."""

    THREAT = "threat"
    HATE = "hate"
    INSULT = "insult"
    PERSONAL_DATA = "personal_data"
    UNLAWFUL = "unlawful"
    SPAM = "spam"
    CAMPAIGN = "campaign"
    OFF_TOPIC = "off_topic"  # moves, never hides
    DUPLICATE = "duplicate"  # merges, never hides
    IMPERSONATION = "impersonation"
    VOTING_UNTRUTH = "voting_untruth"
    NOT_FOR_CHILDREN = "not_for_children"
    COPYRIGHT = "copyright"
    OTHER = "other"


LABELS: Mapping[str, str] = MappingProxyType(
    {
        Reason.THREAT: N_("Groźba albo wzywanie do przemocy"),
        Reason.HATE: N_("Poniżanie ludzi ze względu na to, kim są"),
        Reason.INSULT: N_("Obrażanie konkretnej osoby"),
        Reason.PERSONAL_DATA: N_("Dane innej osoby"),
        Reason.UNLAWFUL: N_("Treść niezgodna z prawem (podaj przepis)"),
        Reason.SPAM: N_("Reklama albo spam"),
        Reason.CAMPAIGN: N_("Agitacja wyborcza"),
        Reason.OFF_TOPIC: N_("Należy do innego wątku"),
        Reason.DUPLICATE: N_("Powtarza inny wpis"),
        Reason.IMPERSONATION: N_("Podszywanie się pod kogoś"),
        Reason.VOTING_UNTRUTH: N_("Nieprawda o tym, jak i kiedy się głosuje"),
        Reason.NOT_FOR_CHILDREN: N_("Treść nieodpowiednia dla dzieci"),
        Reason.COPYRIGHT: N_("Cudze prawa autorskie"),
        Reason.OTHER: N_("Inny powód (opisz)"),
    }
)

# What stands after "Dlaczego:" when the marked passage says the rest. The three that are not here
# need the decider's own words: which provision, whose rights, what else.
READY: Mapping[str, str] = MappingProxyType(
    {
        Reason.THREAT: N_("Ten fragment grozi albo wzywa do przemocy."),
        Reason.HATE: N_("Ten fragment poniża ludzi ze względu na to, kim są."),
        Reason.INSULT: N_("Ten fragment obraża konkretną osobę."),
        Reason.PERSONAL_DATA: N_("Ten fragment podaje dane osoby prywatnej."),
        Reason.SPAM: N_("Ten fragment jest reklamą albo spamem."),
        Reason.CAMPAIGN: N_("Ten fragment jest agitacją wyborczą."),
        Reason.IMPERSONATION: N_("Ten wpis udaje, że mówi ktoś inny."),
        Reason.VOTING_UNTRUTH: N_("Ten fragment podaje nieprawdę o tym, jak i kiedy się głosuje."),
        Reason.NOT_FOR_CHILDREN: N_("Ten fragment nie jest odpowiedni dla dzieci."),
    }
)

NEVER_HIDE = frozenset({Reason.OFF_TOPIC, Reason.DUPLICATE})
HIDING = tuple(reason for reason in Reason if reason not in NEVER_HIDE)
# Read first; the one that says 112.
URGENT = frozenset({Reason.THREAT, Reason.UNLAWFUL, Reason.NOT_FOR_CHILDREN})

# Which line of the rules a reason usually rests on; the decider sees the rule and may change it.
USUAL_RULE: Mapping[str, int] = MappingProxyType(
    {Reason.INSULT: 1, Reason.THREAT: 3, Reason.HATE: 3, Reason.PERSONAL_DATA: 4}
)


def short(label: str) -> str:
    """Return a reason as it stands inside a sentence: "dane innej osoby"."""
    return label[:1].lower() + label[1:]
