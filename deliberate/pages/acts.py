"""The audit's acts in words: what ``audit.record`` names, as the reading room says it.

A test compares this table with what is recorded anywhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from deliberate.kernel.texts import N_

SYSTEM = N_("program, sam")

ACTS: Mapping[str, str] = MappingProxyType(
    {
        "account.closed": N_("zamknięcie konta"),
        "answers.published": N_("ogłoszenie odpowiedzi urzędu"),
        "answers.saved": N_("zapis stanowisk urzędu"),
        "approval.asked": N_("prośba o zatwierdzenie"),
        "approval.closed": N_("wycofanie prośby o zatwierdzenie"),
        "approval.given": N_("zatwierdzenie przez drugą osobę"),
        "approval.refused": N_("odesłanie do poprawy przez drugą osobę"),
        "area.added": N_("dodanie części gminy"),
        "area.changed": N_("zmiana części gminy"),
        "barrier.answered": N_("załatwienie zgłoszenia bariery"),
        "consultation.answered": N_("zakończenie konsultacji odpowiedzią"),
        "consultation.content": N_("zmiana treści konsultacji"),
        "consultation.drafted": N_("nowy szkic konsultacji"),
        "consultation.extension": N_("przedłużenie terminu"),
        "consultation.published": N_("ogłoszenie konsultacji"),
        "consultation.saved": N_("zapis szkicu konsultacji"),
        "consultation.slip": N_("poprawka pomyłki w terminie"),
        "consultation.state": N_("wstrzymanie, wznowienie albo odwołanie konsultacji"),
        "consultation.translated": N_("zapis tłumaczenia konsultacji"),
        "consultation.typing": N_("poprawka literówki"),
        "declaration.published": N_("publikacja deklaracji dostępności"),
        "discussion.pinned": N_("przypięcie wypowiedzi"),
        "discussion.said_in_role": N_("wypowiedź w imieniu urzędu albo facylitacji"),
        "discussion.summarised": N_("podsumowanie rozmowy"),
        "discussion.unpinned": N_("odpięcie wypowiedzi"),
        "membership.granted": N_("nadanie roli w wierszu poleceń"),
        "moderation.answered": N_("odpowiedź na zgłoszenie o tekście urzędu"),
        "moderation.conflict_refused": N_("odmowa decyzji z powodu konfliktu interesów"),
        "moderation.hidden": N_("ukrycie wpisu"),
        "moderation.left": N_("pozostawienie zgłoszonego wpisu"),
        "moderation.undone": N_("cofnięcie decyzji w 30 sekund"),
        "moderation.visible": N_("przywrócenie wpisu"),
        "municipality.added": N_("dodanie samorządu"),
        "municipality.changed": N_("zmiana ustawień samorządu"),
        "org_unit.changed": N_("zmiana komórki urzędu"),
        "organisation.refused": N_("odmowa potwierdzenia organizacji"),
        "organisation.verified": N_("potwierdzenie organizacji"),
        "poll.counted": N_("policzenie głosów"),
        "poll.extended": N_("przedłużenie głosowania"),
        "poll.published": N_("ogłoszenie wyniku głosowania"),
        "poll.sealed": N_("zapieczętowanie karty do głosowania"),
        "proposal.not_admitted": N_("niedopuszczenie propozycji do głosowania"),
        "proposal.reconsidered": N_("ponowne rozpatrzenie propozycji"),
        "residence.confirmed": N_("potwierdzenie zamieszkania"),
        "residence.letter_printed": N_("wydruk listu z kodem"),
        "residence.refused": N_("odmowa potwierdzenia zamieszkania"),
        "residence.refusal_returned": N_("odmowa zamieszkania obejmuje nowe konto z tym adresem"),
        "retention.removed": N_("usunięcie danych po terminie"),
        "role.ended": N_("zakończenie roli"),
        "role.granted": N_("przyjęcie roli"),
        "role.invitation_revoked": N_("wycofanie zaproszenia do roli"),
        "role.invited": N_("zaproszenie do roli"),
        "role.substitute": N_("wyznaczenie zastępstwa"),
        "rules.published": N_("nowe zasady rozmowy"),
        "unit.added": N_("dodanie komórki urzędu"),
    }
)

# What an entry is about, before its number; where there is a page of it, its title stands instead.
THINGS: Mapping[str, str] = MappingProxyType(
    {
        "answer": N_("odpowiedź urzędu nr"),
        "area": N_("część gminy nr"),
        "barrier": N_("zgłoszenie bariery nr"),
        "consultation": N_("konsultacje nr"),
        "contribution": N_("wypowiedź nr"),
        "declaration": N_("deklaracja dostępności, wersja nr"),
        "discussion_rules": N_("zasady rozmowy, wersja nr"),
        "invitation": N_("zaproszenie nr"),
        "membership": N_("rola nr"),
        "municipality": N_("samorząd nr"),
        "org_unit": N_("komórka urzędu nr"),
        "organisation": N_("organizacja nr"),
        "person": N_("osoba nr"),
        "poll": N_("głosowanie nr"),
        "proposal": N_("propozycja nr"),
        "residence": N_("oświadczenie o zamieszkaniu nr"),
        "retention": N_("usuwanie danych:"),
        "summary": N_("podsumowanie nr"),
    }
)
