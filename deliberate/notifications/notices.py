"""The kinds of letters, each with a switch of its own at /konto/listy."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from deliberate.kernel.feature import NoticeKind
from deliberate.kernel.texts import N_

KINDS = (
    NoticeKind(key="received", label=N_("Potwierdzenia i odpowiedzi na to, co piszę")),
    NoticeKind(key="published", label=N_("Nowe konsultacje i zmiany terminów")),
    NoticeKind(key="answered", label=N_("Odpowiedzi urzędu na moje propozycje i uwagi")),
    NoticeKind(
        key="moderated", label=N_("Decyzje osób prowadzących rozmowę o moich wypowiedziach")
    ),
    NoticeKind(key="voting", label=N_("Początek i koniec głosowania")),
    NoticeKind(key="result", label=N_("Wyniki i decyzje")),
)
# What goes to a list of readers. The others answer to what one person did.
TO_MANY = frozenset({"published", "voting", "result"})
LABELS: Mapping[str, str] = MappingProxyType({kind.key: kind.label for kind in KINDS})
