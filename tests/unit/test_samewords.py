"""One letter sent by forty people is one letter; a letter with one word more is another."""

import pytest

from deliberate.algorithms.samewords import key

LETTER = "Wnoszę o wpisanie do § 7 nauki pływania dla wszystkich klas trzecich."


@pytest.mark.parametrize(
    "sent",
    [
        LETTER.upper(),
        "Wnosze o wpisanie do § 7 nauki plywania dla wszystkich klas trzecich",
        "Wnoszę o wpisanie\r\ndo § 7 nauki pływania\r\n\r\ndla wszystkich klas trzecich.",
        f"Szanowni Państwo,\n\n{LETTER}\n\nZ poważaniem\nAnna Kowalska\nul. Lipowa 5 m. 3",
        f"Szanowna Pani Prezydent, {LETTER}",
        f"Dzień dobry!\n{LETTER}\nPozdrawiam serdecznie,\nJan N.",
        f"Lubowierz, 3 czerwca 2026 r.\nSzanowny Panie Burmistrzu\n{LETTER}\nZ wyrazami szacunku",
        f"Lubowierz, dnia 03.06.2026\n{LETTER}",
        f"Dear Madam,\n{LETTER}\nKind regards\nJohn Smith",
        f"Шановні пані та панове!\n{LETTER}\nЗ повагою\nОлена",
    ],
)
def test_a_mass_letter_is_one(sent: str) -> None:
    assert key(sent) == key(LETTER)


@pytest.mark.parametrize(
    "sent",
    [
        f"{LETTER} Także dla czwartych.",
        LETTER.replace("§ 7", "§ 8"),
        LETTER.replace("Wnoszę", "Nie wnoszę"),
        f"{LETTER}\nZ poważaniem\nAnna Kowalska\nPS Proszę też o ławki.",
        f"{LETTER}\nZ poważaniem\nA proszę jeszcze o trzy nowe ławki przy szkole na Lipowej.",
        f"Witam z radością ten program.\n{LETTER}",
        f"Szanowni Państwo, to za mało. {LETTER}",
    ],
)
def test_a_letter_that_says_something_else_is_another(sent: str) -> None:
    assert key(sent) != key(LETTER)


def test_a_letter_of_courtesies_keeps_its_words() -> None:
    assert key("Szanowni Państwo,\nZ poważaniem\nAnna") == "szanowni panstwo z powazaniem anna"
    assert key("Dzień dobry") == "dzien dobry"
    assert key("…") == key("") == ""


def test_a_very_long_letter_takes_no_longer_than_it_is() -> None:
    assert len(key("słowo, " * 200_000).split()) == 200_000
