"""Keys outside the database: made once, read by their owner only, refused if they are none."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from deliberate.voting import keys


@pytest.fixture
def folder(app: Flask) -> Iterator[Path]:
    with app.app_context():
        yield app.extensions["deliberate.settings"].folder / "keys"


def replace(path: Path, content: bytes) -> None:
    path.chmod(0o600)
    path.write_bytes(content)


def test_keys_are_made_once_and_read_by_their_owner_only(folder: Path) -> None:
    keys.make(1, 7, is_first=True)
    first = keys.person_key(1, 7, 3), keys.link_tag(7, "osoba")
    keys.make(1, 7, is_first=True)

    assert (keys.person_key(1, 7, 3), keys.link_tag(7, "osoba")) == first
    assert folder.stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o400}


def test_a_person_has_another_key_in_each_poll_and_each_municipality(folder: Path) -> None:
    for tenant, poll in ((1, 7), (1, 8), (2, 9)):
        keys.make(tenant, poll, is_first=True)

    found = {keys.person_key(1, 7, 3), keys.person_key(1, 8, 3), keys.person_key(2, 7, 3)}
    assert len(found | {keys.person_key(1, 7, 4)}) == 4


@pytest.mark.first_on_both
@pytest.mark.parametrize("content", [b"", b"short", b"x" * 31, b"x" * 32, b"\0" * 32, b"x" * 64])
def test_what_cannot_be_a_key_is_refused(folder: Path, content: bytes) -> None:
    keys.make(1, 7, is_first=True)
    replace(folder / "municipality-1-person.key", content)

    with pytest.raises(keys.KeyMissing):
        keys.person_key(1, 7, 3)


def test_a_lost_key_of_a_municipality_is_not_made_anew_while_votes_hang_on_it(
    folder: Path,
) -> None:
    keys.make(1, 7, is_first=True)
    (folder / "municipality-1-person.key").unlink()

    with pytest.raises(keys.KeyMissing):
        keys.make(1, 8, is_first=False)


def test_a_contact_opens_for_its_person_under_its_poll_only(folder: Path) -> None:
    for poll in (7, 8):
        keys.make(1, poll, is_first=True)
    sealed = keys.seal_contact(7, "+48600100200", person="osoba")

    assert keys.open_contact(7, sealed, person="osoba") == "+48600100200"
    assert keys.open_contact(7, sealed, person="inna") is None
    assert keys.open_contact(8, sealed, person="osoba") is None
    assert keys.open_contact(7, "", person="osoba") is None
    assert keys.seal_contact(7, "+48600100200", person="osoba") != sealed
    keys.destroy(7)
    assert keys.open_contact(7, sealed, person="osoba") is None
    assert keys.seal_contact(7, "+48600100200", person="osoba") == ""


def test_a_destroyed_key_is_gone_and_destroying_again_is_no_trouble(folder: Path) -> None:
    keys.make(1, 7, is_first=True)
    keys.destroy(7)
    keys.destroy(7)

    with pytest.raises(keys.KeyMissing):
        keys.link_tag(7, "osoba")
    left = sorted(path.name for path in folder.iterdir())
    assert left == ["municipality-1-person.key", "poll-7-backup.key"]


def test_the_key_of_copies_goes_by_itself(folder: Path) -> None:
    keys.make(1, 7, is_first=True)
    assert keys.has_backup_key(7)
    keys.destroy_backup_key(7)
    keys.destroy_backup_key(7)

    assert not keys.has_backup_key(7)
    assert keys.link_tag(7, "osoba")
