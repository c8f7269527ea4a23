"""What comes of reading a file: its paragraphs, or a sentence that says why not and what to do."""

import re
from dataclasses import dataclass

from deliberate.algorithms.units import Line
from deliberate.kernel.texts import N_

MOST_CHARACTERS = 2_000_000  # a book of a thousand pages
MOST_PARAGRAPHS = 20_000

NOT_READ = N_(
    "Z takiego pliku nie odczytujemy tekstu. Zapisz go jako DOCX, ODT, HTML, TXT albo PDF "
    "i dodaj ponownie."
)
OLD_WORD = N_(
    "To starszy format Worda albo RTF. Otwórz plik, wybierz „Zapisz jako” i DOCX, a potem dodaj "
    "go ponownie. Możesz też wkleić sam tekst."
)
EMPTY = N_("W tym pliku nie ma tekstu. Sprawdź, czy to właściwy plik, albo wklej tekst.")
SCAN = N_(
    "W tym pliku są same obrazy, zapewne skan, więc nie da się z niego odczytać tekstu. "
    "Poproś o plik z programu, w którym powstał dokument, albo wklej tekst. Możesz też udostępnić "
    "plik w całości, bez podziału na części: uwagi będą wtedy dotyczyć całego dokumentu."
)
PASSWORD = N_(
    "Ten plik jest zabezpieczony hasłem, więc nikt go u nas nie otworzy. Zapisz go bez hasła "
    "i dodaj ponownie albo wklej tekst."
)
BROKEN = N_(
    "Tego pliku nie da się odczytać: jest uszkodzony albo zapisany niezgodnie z formatem. "
    "Otwórz go u siebie, zapisz jeszcze raz i dodaj ponownie albo wklej tekst."
)
TOO_HARD = N_(
    "Odczytywanie tego pliku trwa za długo albo wymaga za dużo pamięci. Zapisz go jako DOCX, "
    "podziel na mniejsze albo wklej tekst. Możesz też udostępnić plik w całości, bez podziału na "
    "części: uwagi będą wtedy dotyczyć całego dokumentu."
)
TOO_LONG = N_(
    "Ten tekst jest za długi. Może mieć najwyżej 20 000 akapitów i 2 000 000 znaków. "
    "Podziel dokument na części i dodaj każdą osobno."
)
NO_TEXT = N_(
    "W tym pliku litery są zapisane tak, że da się je wydrukować, ale nie odczytać. Poproś o plik "
    "z programu, w którym powstał dokument, albo wklej tekst."
)

NOTES_LEFT_OUT = N_("Przypisów nie odczytujemy. Jeśli są ważne, dopisz je w tekście.")
PICTURES_LEFT_OUT = N_(
    "Obrazów i rysunków tu nie ma. Jeśli są ważne, udostępnij obok plik, w którym je widać."
)
CONTENTS_LEFT_OUT = N_("Spis treści pomijamy: powstanie nowy, z odnośnikami.")
CHANGES_TAKEN = N_(
    "W pliku są śledzone zmiany. Tekst jest taki, jakby wszystkie przyjęto: sprawdź go."
)
SOME_PAGES_EMPTY = N_(
    "Na niektórych stronach nie ma tekstu, są tylko obrazy. Ich treści tu brakuje: dopisz ją."
)
PAGES_JOINED = N_(
    "Plik PDF nie mówi, gdzie kończą się akapity, a kolumny i tabele mogą się w nim pomieszać. "
    "Przejrzyj podział. Plik DOCX odczytujemy dokładniej."
)


class BadDocument(Exception):
    """A file whose text we cannot have; ``message`` is for the officer, a source text."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """The text of a file in reading order; ``warnings`` are source texts on what is not in it."""

    paragraphs: tuple[Line, ...]
    warnings: tuple[str, ...] = ()


def checked(reading: Reading) -> Reading:
    """Return the text fit to be kept: without empty paragraphs and signs that nobody sees."""
    lines = [
        Line(text, line.heading, line.is_row)
        for line in reading.paragraphs
        if (text := " ".join(_UNKEPT.sub("", line.text).split()))
    ]
    if not lines:
        raise BadDocument(EMPTY)
    if len(lines) > MOST_PARAGRAPHS or sum(len(line.text) for line in lines) > MOST_CHARACTERS:
        raise BadDocument(TOO_LONG)
    return Reading(paragraphs=tuple(lines), warnings=reading.warnings)


# Control signs, halves of letters and the soft hyphen; no database keeps NUL, no page the rest.
_UNKEPT = re.compile(r"[\x00-\x08\x0e-\x1b\x7f\u00ad\u200b\ud800-\udfff\ufeff\ufffe\uffff]")
