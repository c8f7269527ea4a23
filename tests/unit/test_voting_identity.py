"""Who somebody says they are: addresses taken apart, and when two sayings are one person."""

import pytest

from deliberate.voting import electorates
from deliberate.voting.contacts import Contact, ContactKind, read_contact
from deliberate.voting.electorates import ElectorateTerms
from deliberate.voting.identity import Address, Identity, read_address

ANNA = Identity(given_name="Anna", surname="Kos", street="ul. Długa", house_no="5", flat="3")


@pytest.mark.parametrize(
    ("line", "flat", "street", "house_no", "of_flat"),
    [
        ("Rynek 5", "", "Rynek", "5", ""),
        ("Rynek 5/3", "", "Rynek", "5", "3"),
        ("Rynek 5 m. 3", "", "Rynek", "5", "3"),
        ("Rynek 5 m 3", "", "Rynek", "5", "3"),
        ("Rynek 5A lok. 12", "", "Rynek", "5A", "12"),
        ("Rynek 5 A", "", "Rynek", "5 A", ""),
        ("ul. 3 Maja 12", "", "ul. 3 Maja", "12", ""),
        ("11 Listopada 5/7", "", "11 Listopada", "5", "7"),
        ("Wola, nr 12", "", "Wola", "12", ""),
        ("Osiedle Zielone 2 5", "", "Osiedle Zielone 2", "5", ""),
        ("Rynek 5/3", "4", "Rynek", "5", "4"),
        ("вул. Довга 7", "", "вул. Довга", "7", ""),
    ],
)
def test_an_address_is_taken_apart(
    line: str, flat: str, street: str, house_no: str, of_flat: str
) -> None:
    assert read_address(line, flat) == Address(street=street, house_no=house_no, flat=of_flat)


@pytest.mark.parametrize("line", ["", "Rynek", "12", "Rynek numer"])
def test_an_address_without_street_or_number_is_none(line: str) -> None:
    assert read_address(line) is None


@pytest.mark.parametrize(
    "same",
    [
        {"given_name": "ANNA "},
        {"given_name": "Kos", "surname": "Anna"},
        {"street": "Długa"},
        {"street": "ulica dluga"},
        {"house_no": "nr 5"},
        {"flat": "m. 3"},
        {"flat": "03"},
    ],
)
def test_the_way_of_writing_makes_no_second_person(same: dict[str, str]) -> None:
    assert _with(**same).parts == ANNA.parts


@pytest.mark.parametrize(
    "other",
    [
        {"given_name": "Hanna"},
        {"surname": "Kos-Nowak"},
        {"street": "Krótka"},
        {"house_no": "5A"},
        {"flat": ""},
        {"house_no": "53", "flat": ""},
    ],
)
def test_another_name_or_home_is_another_person(other: dict[str, str]) -> None:
    assert _with(**other).parts != ANNA.parts


def _with(**changed: str) -> Identity:
    said = {name: getattr(ANNA, name) for name in ANNA.__slots__}
    return Identity(**(said | changed))


@pytest.mark.parametrize(
    ("typed", "kind", "address"),
    [
        (" Ewa@Poczta.PL ", ContactKind.EMAIL, "ewa@poczta.pl"),
        ("600 100 200", ContactKind.SMS, "+48600100200"),
        ("+48 600-100-200", ContactKind.SMS, "+48600100200"),
        ("0048600100200", ContactKind.SMS, "+48600100200"),
        ("48600100200", ContactKind.SMS, "+48600100200"),
        ("+380 44 123 45 67", ContactKind.SMS, "+380441234567"),
    ],
)
def test_a_contact_has_one_way_of_writing(typed: str, kind: ContactKind, address: str) -> None:
    assert read_contact(typed) == Contact(kind=kind, address=address)


@pytest.mark.parametrize(
    "typed", ["", "ewa", "ewa@poczta", "a b@c.pl", "12345", "000100200", "+12", "١٢٣٤٥٦٧٨٩"]
)
def test_what_is_no_contact_is_none(typed: str) -> None:
    assert read_contact(typed) is None


@pytest.mark.parametrize(
    "terms",
    [
        ElectorateTerms(),
        ElectorateTerms(persons_a_contact=2),
        ElectorateTerms(roll_lines=21, roll_hash="ab" * 32),
    ],
)
def test_terms_of_an_electorate_are_read_as_they_were_written(terms: ElectorateTerms) -> None:
    assert electorates.read(electorates.write(terms)) == terms
