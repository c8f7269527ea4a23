"""Labels of capacity for those who do not read Polish.

A label is stored in Polish, as it stood when somebody spoke, and stays so. Its fixed words are
said in the reader's language when it is shown; names of places, offices and groups are names.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from deliberate.kernel.i18n import locale, say
from deliberate.kernel.texts import N_
from deliberate.tenancy.current import find_tenant

FIXED = frozenset(
    {
        N_("mieszkanka"),
        N_("mieszkaniec"),
        N_("gościni"),
        N_("gość"),
        N_("gościnnie"),
        N_("facylitatorka"),
        N_("facylitator"),
        N_("osoba prowadząca rozmowę"),
        N_("osoba rozpatrująca odwołania"),
        N_("radna"),
        N_("radny"),
        N_("sołtyska"),
        N_("sołtys"),
    }
)
# Polish says where in the case of the name: "mieszkanka Lubowierza", "mieszka w Lubowierzu".
SOMEWHERE: Mapping[str, str] = MappingProxyType(
    {
        "mieszkanka": N_("mieszkanka, %(place)s"),
        "mieszkaniec": N_("mieszkaniec, %(place)s"),
        "mieszka": N_("mieszka tu, %(place)s"),
    }
)
OFFICE = N_("urząd (%(name)s)")


def in_words(label: str) -> str:
    """Return a stored label as this reader understands it; in Polish as it is stored."""
    if locale() == "pl":
        return label
    head, comma, rest = label.partition(", ")
    return f"{_head(head)}{comma}{rest}"


def signed(line: str) -> str:
    """Return the same of a whole signature: "Halina K., mieszkanka Lubowierza"."""
    name, comma, label = line.partition(", ")
    return f"{name}{comma}{in_words(label)}"


def _head(head: str) -> str:
    if head in FIXED:
        return say(head)
    tenant = find_tenant()
    if tenant is not None and head == tenant.office_name:
        return say(OFFICE, name=head)
    word, _, place = head.partition(" ")
    if word not in SOMEWHERE:
        return head
    if tenant is not None and place in (tenant.genitive, tenant.locative):
        place = tenant.name
    return say(SOMEWHERE[word], place=place)
