"""Documents cut into the units that letters name, and found again after they were changed."""

import time

import pytest

from deliberate.algorithms.units import (
    Level,
    Line,
    Piece,
    body,
    match,
    merge,
    parse,
    placed,
    recut,
    split,
)
from deliberate.documents import kinds

PROGRAMME = """\
Załącznik do uchwały Nr XXI/184/2026 Rady Miejskiej w Lubowierzu
PROGRAM WSPÓŁPRACY
Z ORGANIZACJAMI POZARZĄDOWYMI NA ROK 2027
Rozdział 1
Postanowienia ogólne
§ 1. Ilekroć w programie jest mowa o:
1) ustawie – rozumie się przez to ustawę o działalności pożytku publicznego;
2) organizacjach – rozumie się przez to:
a) organizacje pozarządowe,
b) podmioty, o których mowa w art. 3
ust. 3 ustawy:
– parafie,
– spółdzielnie socjalne;
3) gminie – rozumie się przez to Gminę Lubowierz.
Rozdział 2. Zadania
§ 2. 1. Zadaniami priorytetowymi są:
1) nauka pływania;
2) wsparcie sąsiedzkie
– w formie dotacji albo użyczenia lokalu.
1a. Zleca się je w konkursie, zgodnie z ust.
1. Oferty składa się przez 21 dni.
2. Na realizację programu przeznacza się 300 000 zł.
§ 2a
Program ogłasza się w BIP.
§ 3. Uchwała wchodzi w życie z dniem podjęcia.
Uzasadnienie
Program jest obowiązkowy.
Konsultacje trwały 21 dni."""

STRATEGY = [
    Line("Strategia rozwoju gminy Wierzbogóra", 1),
    Line("Wprowadzenie", 2),
    Line("Strategia powstała z mieszkankami i mieszkańcami."),
    Line("Odbyło się dwanaście spotkań."),
    Line("1. Diagnoza", 2),
    Line("1.1. Ludność", 3),
    Line("W gminie mieszka 9 412 osób:"),
    Line("• 4 880 kobiet"),
    Line("• 4 532 mężczyzn"),
    Line("Rok | Osoby", is_row=True),
    Line("2025. | 9 412", is_row=True),
    Line("2. Cele", 2),
    Line("Cel strategiczny 1. Zielona gmina"),
    Line("1. Nowe drzewa:"),
    Line("1) przy szkołach,"),
    Line("a) podstawowych,"),
    Line("2. Czysta rzeka."),
    Line("Podsumowanie rozdziału."),
]

PLAN = """\
Dział I
Przepisy ogólne
Art. 1. 1. Plan określa przeznaczenie terenów.
2. Granice wyznacza rysunek planu.
Art. 2. § 1. Ustala się strefy.
§ 2. W strefach obowiązuje art. 1.
DZIAŁ II
Przepisy szczegółowe
Art. 2a. Zakazuje się reklam."""


def named(document: str | list[Line]) -> list[tuple[str, str, str]]:
    lines = document.splitlines() if isinstance(document, str) else document
    return [(str(piece.level), piece.path, piece.text) for piece in parse(lines)]


def cut(document: str) -> list[Piece]:
    return parse(document.splitlines())


def paths(*lines: str | Line) -> list[str]:
    return [piece.path for piece in parse(lines)]


def test_levels_are_called_as_the_tables_call_them() -> None:
    assert [str(level) for level in Level] == [str(level) for level in kinds.Level]


def test_a_cooperation_programme() -> None:
    assert named(PROGRAMME) == [
        (
            "heading",
            "Załącznik",
            "Załącznik do uchwały Nr XXI/184/2026 Rady Miejskiej w Lubowierzu",
        ),
        (
            "heading",
            "„PROGRAM WSPÓŁPRACY Z ORGANIZACJAMI POZARZĄDOWYMI NA ROK 2027”",
            "PROGRAM WSPÓŁPRACY\nZ ORGANIZACJAMI POZARZĄDOWYMI NA ROK 2027",
        ),
        ("heading", "Rozdział 1", "Rozdział 1\nPostanowienia ogólne"),
        ("paragraph", "§ 1", "§ 1. Ilekroć w programie jest mowa o:"),
        (
            "point",
            "§ 1 pkt 1",
            "1) ustawie – rozumie się przez to ustawę o działalności pożytku publicznego;",
        ),
        ("point", "§ 1 pkt 2", "2) organizacjach – rozumie się przez to:"),
        ("letter", "§ 1 pkt 2 lit. a", "a) organizacje pozarządowe,"),
        ("letter", "§ 1 pkt 2 lit. b", "b) podmioty, o których mowa w art. 3\nust. 3 ustawy:"),
        ("text", "§ 1 pkt 2 lit. b tiret 1", "– parafie,"),
        ("text", "§ 1 pkt 2 lit. b tiret 2", "– spółdzielnie socjalne;"),
        ("point", "§ 1 pkt 3", "3) gminie – rozumie się przez to Gminę Lubowierz."),
        ("heading", "Rozdział 2", "Rozdział 2. Zadania"),
        ("paragraph", "§ 2", "§ 2."),
        ("section", "§ 2 ust. 1", "1. Zadaniami priorytetowymi są:"),
        ("point", "§ 2 ust. 1 pkt 1", "1) nauka pływania;"),
        ("point", "§ 2 ust. 1 pkt 2", "2) wsparcie sąsiedzkie"),
        ("text", "§ 2 ust. 1 część wspólna", "– w formie dotacji albo użyczenia lokalu."),
        (
            "section",
            "§ 2 ust. 1a",
            "1a. Zleca się je w konkursie, zgodnie z ust.\n1. Oferty składa się przez 21 dni.",
        ),
        ("section", "§ 2 ust. 2", "2. Na realizację programu przeznacza się 300 000 zł."),
        ("paragraph", "§ 2a", "§ 2a\nProgram ogłasza się w BIP."),
        ("paragraph", "§ 3", "§ 3. Uchwała wchodzi w życie z dniem podjęcia."),
        ("heading", "Uzasadnienie", "Uzasadnienie"),
        ("text", "Uzasadnienie akapit 1", "Program jest obowiązkowy."),
        ("text", "Uzasadnienie akapit 2", "Konsultacje trwały 21 dni."),
    ]


def test_a_strategy_of_headings_and_akapity() -> None:
    assert [(level, path) for level, path, _ in named(STRATEGY)] == [
        ("heading", "„Strategia rozwoju gminy Wierzbogóra”"),
        ("heading", "„Wprowadzenie”"),
        ("text", "„Wprowadzenie” akapit 1"),
        ("text", "„Wprowadzenie” akapit 2"),
        ("heading", "1"),
        ("heading", "1.1"),
        ("text", "1.1 akapit 1"),
        ("text", "1.1 akapit 2"),
        ("text", "1.1 akapit 3"),
        ("text", "1.1 akapit 4"),
        ("text", "1.1 akapit 5"),
        ("heading", "2"),
        ("heading", "Cel strategiczny 1"),
        ("section", "Cel strategiczny 1 pkt 1"),
        ("point", "Cel strategiczny 1 pkt 1 ppkt 1"),
        ("letter", "Cel strategiczny 1 pkt 1 ppkt 1 lit. a"),
        ("section", "Cel strategiczny 1 pkt 2"),
        ("text", "Cel strategiczny 1 akapit 1"),
    ]


def test_an_act_of_articles() -> None:
    assert [(level, path) for level, path, _ in named(PLAN)] == [
        ("heading", "Dział I"),
        ("paragraph", "art. 1"),
        ("section", "art. 1 ust. 1"),
        ("section", "art. 1 ust. 2"),
        ("paragraph", "art. 2"),
        ("section", "art. 2 § 1"),
        ("section", "art. 2 § 2"),
        ("heading", "Dział II"),
        ("paragraph", "art. 2a"),
    ]


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["§ 6. 1. 1) a) od razu"], "§ 6|§ 6 ust. 1|§ 6 ust. 1 pkt 1|§ 6 ust. 1 pkt 1 lit. a"),
        (["§6", "1. Raz.", "2. Dwa."], "§ 6|§ 6 ust. 1|§ 6 ust. 2"),
        (["§ 6a. Raz.", "§ 6b. Dwa."], "§ 6a|§ 6b"),
        (["§ 1 Cele programu", "Tekst."], "§ 1"),
        (["§ 1. Jak w", "§ 5. Nadto tak."], "§ 1"),
        (["§ 1. Jak w", "§ 2 Programu, czyli"], "§ 1"),
        (["§ 1. Są:", "1. a", "2. b", "2a. c"], "§ 1|§ 1 ust. 1|§ 1 ust. 2|§ 1 ust. 2a"),
        # Points with a full stop, as careless acts have them.
        (
            ["§ 1.", "1. Są:", "1. raz;", "2. dwa.", "2. Inne."],
            "§ 1|§ 1 ust. 1|§ 1 ust. 1 pkt 1|§ 1 ust. 1 pkt 2|§ 1 ust. 2",
        ),
        (["§ 1. Kwota wynosi", "1.5 mln zł i", "12.05.2026 r. też"], "§ 1"),
        (["§ 1. W roku", "2027. Potem nie."], "§ 1"),
        (["§ 1. Są:", "z) nie wiadomo co"], "§ 1"),
        (["§ 6.", "Program trwa rok", "§ 7.", "Wchodzi w życie"], "§ 6|§ 7"),
        (["§ 6. Raz.", "Cele programu", "§ 7. Dwa."], "§ 6|„Cele programu”|§ 7"),
        (["1)", "tekst w następnym wierszu"], "pkt 1"),
        (["I. Cele", "1. Raz.", "II. Środki", "1. Dwa."], "I|I pkt 1|II|II pkt 1"),
        (["I. Kowalska pisze", "C. Nowak też"], "I|I akapit 1"),
        (["1. Wstęp", "1.1. Cel pracy", "Pierwszy akapit."], "1|1.1|1.1 akapit 1"),
        (["1. Raz;", "1.1. a;", "1.2. b;", "2. Dwa."], "pkt 1|pkt 1.1|pkt 1.2|pkt 2"),
        # The numbers of paragraphs begin anew, so the part must be named.
        (
            ["Rozdział 1", "§ 1. Raz.", "Rozdział 2", "§ 1. Dwa."],
            "Rozdział 1|Rozdział 1 § 1|Rozdział 2|Rozdział 2 § 1",
        ),
        (
            ["§ 1. Przyjmuje się program.", "Załącznik nr 1 do uchwały", "§ 1. Cele."],
            "§ 1|Załącznik nr 1|Załącznik nr 1 § 1",
        ),
        (["Rozdział 2 ustawy stosuje się odpowiednio."], "akapit 1"),
        (
            ["Dział I", "Rozdział 1", "Tekst pierwszy."],
            "Dział I|Dział I Rozdział 1|Dział I Rozdział 1 akapit 1",
        ),
        (["Raz", "Raz"], "akapit 1|akapit 2"),
        ([Line("Cel", 1), Line("Cel", 1)], "„Cel”|„Cel” (2)"),
        (["§ 1. Raz.", "§ 1. Znowu raz."], "§ 1|§ 1 (2)"),
        (["", "  ", "\t"], ""),
    ],
)  # fmt: skip
def test_what_opens_a_unit(lines: list[str | Line], expected: str) -> None:
    assert "|".join(paths(*lines)) == expected


def test_a_sign_is_no_part_of_the_body() -> None:
    pieces = cut("Rozdział 1. Cele\n§ 6. 1. Gmina\nwspiera:\n1) pływanie:\n– w szkole,")

    assert [body(piece) for piece in pieces] == [
        "Cele",
        "",
        "Gmina\nwspiera:",
        "pływanie:",
        "w szkole,",
    ]


def test_twenty_thousand_lines_take_seconds() -> None:
    lines = [
        line
        for number in range(1, 2_001)
        for line in (
            f"§ {number}. 1. Gmina wspiera organizacje:",
            "1) sportowe;",
            "2) kulturalne:",
            "a) teatry,",
            "b) chóry",
            "i orkiestry;",
            "3) inne",
            "– w konkursie.",
            "2. Wspiera też inicjatywy.",
            "Rada ocenia program co roku.",
        )
    ]

    began = time.process_time()
    pieces = parse(lines)

    assert len(pieces) == 18_000
    assert time.process_time() - began < 5


OLD = """\
§ 1. Program trwa rok i obejmuje całą gminę.
§ 2. 1. Zadania są następujące:
1) nauka pływania dla klas trzecich;
2) utrzymanie ścieżek nad rzeką;
3) pomoc osobom starszym w domu.
2. Na program przeznacza się 300 000 zł.
§ 3. Uchwała wchodzi w życie z dniem podjęcia."""


def goes_on(old: str, new: str) -> dict[str, str | None]:
    """Return where in the new version each place of the old one is now."""
    before, after = cut(old), cut(new)
    found = match(before, after)
    now = {before[n].path: after[place].path for place, n in enumerate(found) if n is not None}
    return {piece.path: now.get(piece.path) for piece in before}


def test_an_inserted_point_shifts_the_others_and_takes_no_number_of_theirs() -> None:
    new = OLD.replace("2) utrzymanie", "2) nauka gry w szachy;\n3) utrzymanie").replace(
        "3) pomoc", "4) pomoc"
    )

    assert goes_on(OLD, new) == {
        "§ 1": "§ 1",
        "§ 2": "§ 2",
        "§ 2 ust. 1": "§ 2 ust. 1",
        "§ 2 ust. 1 pkt 1": "§ 2 ust. 1 pkt 1",
        "§ 2 ust. 1 pkt 2": "§ 2 ust. 1 pkt 3",
        "§ 2 ust. 1 pkt 3": "§ 2 ust. 1 pkt 4",
        "§ 2 ust. 2": "§ 2 ust. 2",
        "§ 3": "§ 3",
    }


def test_a_new_paragraph_before_all_moves_all_of_them() -> None:
    new = "§ 1. Podstawą programu jest ustawa.\n" + OLD.replace("§ 3.", "§ 4.").replace(
        "§ 2.", "§ 3."
    ).replace("§ 1.", "§ 2.", 1)

    found = goes_on(OLD, new)

    assert found["§ 1"] == "§ 2"
    assert found["§ 2"] == "§ 3"
    assert found["§ 2 ust. 1 pkt 3"] == "§ 3 ust. 1 pkt 3"
    assert found["§ 3"] == "§ 4"
    assert match(cut(OLD), cut(new))[0] is None


def test_changed_words_in_the_same_place_are_the_same_unit() -> None:
    new = OLD.replace("klas trzecich", "wszystkich klas trzecich i czwartych").replace(
        "300 000", "450 000"
    )

    assert all(path == now for path, now in goes_on(OLD, new).items())


def test_changed_and_shifted_at_once() -> None:
    new = OLD.replace(
        "2) utrzymanie ścieżek nad rzeką;",
        "2) dwie tablice przy szkole;\n3) utrzymanie i oświetlenie ścieżek nad rzeką;",
    ).replace("3) pomoc", "4) pomoc")

    found = goes_on(OLD, new)

    assert found["§ 2 ust. 1 pkt 2"] == "§ 2 ust. 1 pkt 3"
    assert found["§ 2 ust. 1 pkt 3"] == "§ 2 ust. 1 pkt 4"


def test_a_unit_struck_out_is_gone_and_the_next_keeps_its_own() -> None:
    new = OLD.replace("2) utrzymanie ścieżek nad rzeką;\n", "").replace("3) pomoc", "2) pomoc")

    found = goes_on(OLD, new)

    assert found["§ 2 ust. 1 pkt 2"] is None
    assert found["§ 2 ust. 1 pkt 3"] == "§ 2 ust. 1 pkt 2"


def test_a_unit_moved_to_another_paragraph_is_found() -> None:
    line = "3) pomoc osobom starszym w domu."
    new = OLD.replace(f"\n{line}", "").replace(
        "2. Na program", f"2. Nadto:\n1) {line[3:]}\n3. Na program"
    )

    assert goes_on(OLD, new)["§ 2 ust. 1 pkt 3"] == "§ 2 ust. 2 pkt 1"


def test_short_phrases_are_not_taken_for_moved() -> None:
    found = match(
        cut("§ 1. (uchylony)\n§ 2. Coś."), cut("§ 1. Nowa treść paragrafu.\n§ 5. (uchylony)")
    )

    assert found == [None, None]


def test_two_versions_of_six_hundred_units_are_compared_in_a_moment() -> None:
    old = cut(
        "\n".join(
            f"§ {n}. Gmina wspiera zadanie {n * 7919} w sołectwie {n * 104729}."
            for n in range(1, 601)
        )
    )
    new = cut(
        "\n".join(
            f"§ {n}. Rada ocenia sprawę {n * 6101} oraz plan {n * 86028}, co {n} dni."
            for n in range(1, 601)
        )
    )

    began = time.process_time()
    found = match(old, new)

    assert found == match(old, new)
    assert time.process_time() - began < 4


def test_cutting_by_hand_names_what_it_can() -> None:
    piece = cut("§ 2. Są: 1) pływanie; 2) szachy. Termin mija w maju.")[0]

    first, second = split(piece, piece.text.index("1)"))
    second, third = split(second, second.text.index("2)"))
    third, fourth = split(third, third.text.index("Termin"))

    assert [(part.path, part.text) for part in placed([first, second, third, fourth])] == [
        ("§ 2", "§ 2. Są:"),
        ("§ 2 pkt 1", "1) pływanie;"),
        ("§ 2 pkt 2", "2) szachy."),
        ("§ 2 pkt 2 akapit 2", "Termin mija w maju."),
    ]


@pytest.mark.parametrize(("path", "label"), [("§ 2", "ust. 3"), ("„Cele”", "pkt 3")])
def test_an_ustep_is_cut_off_in_acts_alone(path: str, label: str) -> None:
    piece = Piece(level=Level.TEXT, label="", path=path, text="Raz. 3. Dwa.")

    assert split(piece, 5)[1].label == label


@pytest.mark.parametrize("at", [-1, 0, 4, 9])
def test_nothing_is_cut_off_at_the_edges(at: int) -> None:
    with pytest.raises(ValueError, match="cut off"):
        split(Piece(level=Level.TEXT, label="", path="akapit 1", text="Tak."), at)


def test_joined_units_keep_the_first_name_and_all_words() -> None:
    pieces = cut("§ 1. Raz.\n§ 2. Dwa.\n§ 3. Trzy.")

    joined = merge(pieces[:2])

    assert (joined.path, joined.text) == ("§ 1", "§ 1. Raz.\n§ 2. Dwa.")
    assert [piece.path for piece in placed([joined, pieces[2]])] == ["§ 1", "§ 3"]
    with pytest.raises(ValueError, match="join"):
        merge([])


def test_what_was_cut_by_hand_is_cut_again_wherever_it_went() -> None:
    whole, other = cut(
        "§ 1. Zabudowa jest niska. Ogrody działkowe zostają.\n§ 2. Plan obejmuje miasto."
    )
    at_hand = placed([*split(whole, whole.text.index("Ogrody")), other])
    new = cut(
        "§ 1. Ten paragraf jest nowy i stoi przed innymi.\n"
        "§ 2. Zabudowa jest bardzo niska. Ogrody działkowe zostają.\n"
        "§ 3. Plan obejmuje miasto."
    )

    found = placed(recut(at_hand, new))

    assert [(piece.path, piece.text) for piece in found[1:3]] == [
        ("§ 2", "§ 2. Zabudowa jest bardzo niska."),
        ("§ 2 akapit 2", "Ogrody działkowe zostają."),
    ]
    assert match(at_hand, found) == [None, 0, 1, 2]


def test_what_is_not_there_word_for_word_is_not_cut_again() -> None:
    whole, other = cut(
        "§ 1. Zabudowa jest niska. Ogrody działkowe zostają.\n§ 2. Plan obejmuje miasto."
    )
    at_hand = placed([*split(whole, whole.text.index("Ogrody")), other])
    new = cut("§ 1. Zabudowa jest niska. Ogrody znikają.\n§ 2. Plan obejmuje miasto.")

    assert recut(at_hand, new) == new
    assert recut(at_hand, at_hand) == at_hand
