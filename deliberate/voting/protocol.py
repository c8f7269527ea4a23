"""The protocol of a vote: all that a committee signs and a stranger checks, in one order.

Official, so in Polish. A part has a title and blocks; a block is facts, a text, a list or a table,
as documents for paper take them (templates/paper/_blocks.typ).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from sqlalchemy import func, select

from deliberate.access.roles import NAMES
from deliberate.accounts.current import list_memberships
from deliberate.accounts.staff import list_names
from deliberate.approvals.models import Approval
from deliberate.kernel import paper
from deliberate.kernel.actor import Role
from deliberate.kernel.db import db
from deliberate.tenancy.models import Municipality
from deliberate.voting import (
    acts,
    addressees,
    cards,
    cases,
    codes,
    course,
    queries,
    wording,
)
from deliberate.voting import protocol_blocks as blocks
from deliberate.voting.actions import stopping
from deliberate.voting.models import (
    FinalBallot,
    FinalParticipation,
    FinalReceipt,
    Option,
    Poll,
    PollTotals,
    Section,
)
from deliberate.voting.outcomes import SectionOutcome
from deliberate.voting.protocol_blocks import Block, Part
from deliberate.voting.states import CodeState

SIGNATURES = 5
CHANNELS = {
    "web": "przez stronę, z kontem",
    "code": "przez stronę, z kodem",
    "paper": "na papierze",
    "assisted": "z pomocą w punkcie",
}
REST = "inne części i nieznane"
CASES = {
    "household": "drugi głos z tymi samymi danymi: ktoś o tym samym nazwisku",
    "not_mine": "drugi głos z tymi samymi danymi: pierwszy ma nie być tej osoby",
    "disputed": "pierwszy głos z tymi danymi: ktoś mówi, że to nie jego",
    "suspicion": "wstrzymane przez urząd po końcu głosowania",
}
STEPS = {
    "destroy_key": "zniszczono klucze powiązań, kodów i kontaktów tego głosowania",
    "reclaim_space": "usunięto z dysku bazy miejsce po kartach",
    "touch_pages": "odświeżono strony publiczne",
}
ACTS = (
    (acts.SEAL, "Zapieczętowanie karty i zasad"),
    (acts.COUNT, "Policzenie głosów"),
    (acts.PUBLISH, "Ogłoszenie wyniku"),
    (stopping.ANNUL, "Unieważnienie"),
)


def gather(tenant: Municipality, poll: Poll) -> list[Part]:
    """Read all parts of a published vote's protocol."""
    tally = queries.get_tally(poll)
    sections, options = queries.list_sections(poll), queries.list_options(poll)
    return [
        blocks.part("Głosowanie", blocks.facts(_about(tenant, poll))),
        blocks.part("Kto i kiedy", *_persons(poll)),
        blocks.part("Przerwy", *_pauses(poll)),
        blocks.part("Ile osób i kart", *_numbers(poll, sections, tally)),
        blocks.part("Głosy do wyjaśnienia", *_decided(poll)),
        *_codes(poll),
        *_paper(poll, sections, tally),
        blocks.part("Losy", *_lots(poll)),
        *(_tally(section, options, tally.sections[section.no]) for section in sections),
        blocks.part("Lista kontrolna", *_heads(poll)),
        blocks.part("Zniszczenie kluczy", *_steps(poll)),
    ]


def as_pdf(tenant: Municipality, poll: Poll, parts: Sequence[Part]) -> dict[str, object]:
    """Return the data of the printed protocol; typesetting is slow and needs no database."""
    return {
        "title": f"Protokół głosowania: {poll.title}",
        "municipality": tenant.official_name,
        "parts": list(parts),
        "signatures": {
            "title": "Podpisy komisji",
            "lines": SIGNATURES,
            "label": "imię, nazwisko, podpis",
        },
        "footer": f"Protokół głosowania · skrót zasad {(poll.rules_hash or '')[:16]}",
        "entries": [],
        "entries_note": "",
        "labels": {"head": []},
    }


def typeset(data: dict[str, object], *, at: datetime) -> bytes:
    return paper.typeset("protocol", data, language="pl", at=at)


# The parts.


def _about(tenant: Municipality, poll: Poll) -> list[tuple[str, str]]:
    former = queries.find_former(poll)
    is_drawn = any(option.subject_id is not None for option in queries.list_options(poll))
    return [
        ("Gmina", tenant.official_name),
        ("Nazwa", poll.title),
        ("Stan", "unieważnione" if poll.state == "annulled" else "wynik ogłoszony"),
        ("Powód unieważnienia", poll.stop_reason if poll.state == "annulled" else ""),
        ("Powtarza głosowanie", f"{former.title} ({former.stop_reason})" if former else ""),
        ("Początek", blocks.moment(poll.opens_at)),
        ("Koniec", blocks.end(poll.ends_at)),
        ("Zapieczętowano", blocks.moment(poll.sealed_at)),
        ("Policzono", blocks.moment(poll.counted_at)),
        ("Ogłoszono", blocks.moment(poll.published_at)),
        ("Skrót zapieczętowanych zasad (SHA-256)", poll.rules_hash or ""),
        ("Ziarno kolejności na karcie", poll.order_seed if is_drawn else ""),
    ]


def _persons(poll: Poll) -> Iterator[Block | None]:
    approvals = {
        row.act: row
        for row in db.session.scalars(
            select(Approval)
            .where(
                Approval.tenant_id == poll.tenant_id,
                Approval.subject_kind == acts.KIND,
                Approval.subject_id == poll.id,
                Approval.approved.is_(True),
                Approval.closed_at.is_(None),
            )
            .order_by(Approval.id)
        )
    }
    names = list_names({p for row in approvals.values() for p in (row.asked_by, row.decided_by)})
    rows = [
        (
            label,
            _person(poll, names, approvals[act].asked_by),
            _person(poll, names, approvals[act].decided_by),
            blocks.moment(approvals[act].decided_at),
        )
        for act, label in ACTS
        if act in approvals
    ]
    yield blocks.table(
        "Czynności dwóch osób", ("Czynność", "Na żądanie", "Zatwierdzenie", "Kiedy"), rows
    )


def _person(poll: Poll, names: dict[int, str], person_id: int | None) -> str:
    """Return a name with the function it acts in, as far as it still holds one."""
    if person_id is None:
        return ""
    held = list_memberships(person_id, poll.tenant_id)
    functions = [each.job_title or NAMES[Role(each.role)] for each in held]
    return ", ".join([names.get(person_id, "konto zamknięte"), *functions[:1]])


def _pauses(poll: Poll) -> Iterator[Block | None]:
    rows = [
        (
            str(pause.no),
            pause.reason,
            blocks.moment(pause.paused_at),
            blocks.moment(pause.confirmed_at) or "bez potwierdzenia",
            blocks.moment(pause.lifted_at),
        )
        for pause in queries.list_pauses(poll)
    ]
    head = ("Nr", "Powód", "Od", "Potwierdzona", "Do")
    yield blocks.table("Przerwy w głosowaniu", head, rows) or blocks.text(
        "Głosowania nie wstrzymywano."
    )


def _numbers(
    poll: Poll, sections: Sequence[Section], tally: queries.Tally
) -> Iterator[Block | None]:
    yield blocks.table(
        "Osoby według sposobu głosowania",
        ("Sposób", "Osoby"),
        [(CHANNELS.get(key, key), str(n)) for key, n in sorted(tally.channels.items())],
    )
    yield blocks.table(
        "Osoby według części gminy (mniejsze razem)",
        ("Część gminy", "Osoby"),
        [(name or REST, str(people)) for name, people in tally.areas],
    )
    ballots = dict(
        db.session.execute(
            select(FinalBallot.section_no, func.count())
            .where(FinalBallot.poll_id == poll.id)
            .group_by(FinalBallot.section_no)
        ).all()
    )
    codes = _count(FinalReceipt, poll)
    rows = [
        ("Osoby, które wzięły udział", str(tally.participations)),
        ("Zapisy udziału", str(_count_persons(poll))),
        *([("Kody na liście kontrolnej", str(codes))] if codes or poll.signing_key else []),
        *([("W tym kody głosów zmienionych", str(tally.replaced))] if poll.revote else []),
        *((f"Karty: {section.title}", str(ballots.get(section.no, 0))) for section in sections),
    ]
    yield blocks.table("Porównane liczby", ("Co", "Ile"), rows)


def _paper(poll: Poll, sections: Sequence[Section], tally: queries.Tally) -> Iterator[Part]:
    """Say what became of the cards, batch by batch; nothing where nobody printed any."""
    batches = cards.list_batches(poll)
    if not batches:
        return
    names = list_names({p for row in batches for p in (row.said_by, row.confirmed_by)})
    rows = [
        (
            str(row.no),
            row.place,
            f"{row.first}–{row.last}",
            *(str(n) for n in (row.issued, row.in_box, row.spoiled, row.missing, row.unused)),
            ", ".join(
                names.get(p, "konto zamknięte") for p in (row.said_by, row.confirmed_by) if p
            ),
        )
        for row in batches
    ]
    head = ("Partia", "Miejsce", "Numery", "Kart", "W urnie", "Zepsute", "Bez powrotu")
    void = [(s.title, str(tally.invalid_on_paper.get(s.no, 0))) for s in sections]
    yield blocks.part(
        "Karty na papierze",
        blocks.table("Karty według partii", (*head, "Niewydane", "Kto policzył"), rows),
        blocks.table("Karty nieważne", ("Część", "Ile"), void),
    )


def _codes(poll: Poll) -> Iterator[Part]:
    """Say what became of the codes, batch by batch; nothing where nobody ordered any."""
    rows = [
        (
            str(issue.batch.no),
            "dla osób z listy" if issue.batch.list_hash else "bez adresów",
            str(issue.batch.instead_of or "–"),
            str(issue.issued),
            *(
                str(issue.states.get(state, 0))
                for state in (CodeState.USED, CodeState.VOID, CodeState.UNUSED)
            ),
        )
        for issue in codes.list_issues(poll)
        if issue.batch.printed_at is not None
    ]
    if not rows:
        return
    head = ("Partia", "Dla kogo", "Zamiast kodów z partii", "Wydane", "Użyte", "Nieważne")
    yield blocks.part(
        "Kody do głosowania",
        blocks.table("Kody według partii", (*head, "Niewykorzystane"), rows),
        blocks.facts(
            [("Osoby, którym wydano kod przy okienku", str(addressees.count_handed(poll)))]
        ),
    )


def _count_persons(poll: Poll) -> int:
    if (totals := db.session.get(PollTotals, poll.id)) is not None:
        return totals.persons
    return _count(FinalParticipation, poll)


def _count(model: type[FinalParticipation] | type[FinalReceipt], poll: Poll) -> int:
    counted = select(func.count()).select_from(model).where(model.poll_id == poll.id)
    return db.session.scalars(counted).one()


def _decided(poll: Poll) -> Iterator[Block | None]:
    """Say how many votes two persons looked at. A vote with two cases is in both lines."""
    rows = [
        (CASES[kind], str(kept + out), str(kept), str(out))
        for kind, (kept, out) in sorted(cases.count_decided(poll).items())
    ]
    head = ("Dlaczego", "Sprawy", "Głos się liczy", "Głos wyłączono")
    yield blocks.table("Głosy, o których zdecydowały dwie osoby", head, rows) or blocks.text(
        "Żadnego głosu nie trzeba było wyjaśniać."
    )


def _lots(poll: Poll) -> Iterator[Block | None]:
    if not poll.randomness_source:
        yield blocks.text("Zasady nie przewidywały losowania: remis zostaje remisem.")
        return
    typings = course.list_typings(poll)
    names = list_names({row.person_id for row in typings})
    yield blocks.facts(
        [
            ("Źródło", poll.randomness_source),
            ("Zapowiedziany moment", blocks.moment(poll.randomness_at)),
            ("Wartość", poll.seed or "nie wpisano"),
            (
                "Wpisane przez",
                ", ".join(names[r.person_id] for r in typings if r.value == poll.seed),
            ),
        ]
    )


def _tally(section: Section, options: Sequence[Option], outcome: SectionOutcome) -> Part:
    mine = {option.no: option for option in options if option.section_no == section.no}
    places = {no: place for place, group in _places(outcome) for no in group}
    ordered = sorted(mine, key=lambda no: (places.get(no, len(mine) + 1), no))
    rows = [(str(no), mine[no].title, *_figures(outcome, no, places)) for no in ordered]
    is_questions = bool(outcome.verdicts)
    head = (
        ("Nr", "Treść", "Za", "Przeciw", "Wstrzymuję się")
        if is_questions
        else (
            "Nr",
            "Treść",
            "Wynik",
            "Miejsce",
        )
    )
    return blocks.part(
        f"Wynik: {section.title}",
        blocks.facts(
            [
                ("Sposób liczenia", f"{_name(outcome.method)}, wersja {outcome.version}"),
                ("Karty", str(outcome.ballots) if outcome.ballots is not None else ""),
                ("Warunki", section.terms if section.terms != "{}" else ""),
                ("Wybrano numery", ", ".join(map(str, outcome.elected))),
                ("Los rozstrzygnął między", ", ".join(map(str, sorted(outcome.drawn)))),
            ]
        ),
        blocks.table(f"Liczby: {section.title}", head, rows),
    )


def _name(method: str) -> str:
    return wording.METHOD_WORDS[method][0] if method in wording.METHOD_WORDS else method


def _places(outcome: SectionOutcome) -> Iterator[tuple[int, frozenset[int]]]:
    place = 1
    for group in outcome.places:
        yield place, group
        place += len(group)


def _figures(outcome: SectionOutcome, no: int, places: dict[int, int]) -> tuple[str, ...]:
    if verdict := outcome.verdicts.get(no):
        return str(verdict["yes"]), str(verdict["no"]), str(verdict["abstain"])
    return str(outcome.score.get(no, "–")), str(places.get(no, "–"))


def _heads(poll: Poll) -> Iterator[Block | None]:
    rows = [
        (str(head.no), f"{head.day:%d.%m.%Y}", str(head.leaves), head.hash)
        for head in queries.list_heads(poll)
    ]
    yield blocks.facts([("Klucz publiczny podpisu", poll.signing_key)])
    yield blocks.table("Wpisy listy kontrolnej", ("Nr", "Dzień", "Kody", "Skrót (SHA-256)"), rows)


def _steps(poll: Poll) -> Iterator[Block | None]:
    rows = [
        (STEPS.get(row.step, row.step), blocks.moment(row.done_at))
        for row in course.list_steps(poll)
    ]
    yield blocks.table("Zrobione po policzeniu", ("Co", "Kiedy"), rows) or blocks.text(
        "Kluczy jeszcze nie zniszczono."
    )
