"""``deliberate verify``: check the published files of a vote, and count every method again."""

from __future__ import annotations

import io
import re
import tempfile
import zipfile
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

import click

from deliberate.algorithms.counting import METHODS, BallotKind
from deliberate.algorithms.counting.ballots import read
from deliberate.cli.application import Refusal
from deliberate.kernel.refusals import Refusal as NotAllowed
from deliberate.voting import ballot_rules, canonical, tallying
from deliberate.voting import verify as program
from deliberate.voting.ballot_rules import SectionRules
from deliberate.voting.models import Section

ARCHIVE = "pliki.zip"
PAGE = re.compile(r"https?://[^?#]*/glosowanie(?=[/?#]|$)")
LARGEST = 500_000_000  # bytes, of what is unpacked
SECONDS = 60
UNREADABLE = (OSError, ValueError, LookupError, TypeError, AttributeError)


@click.command()
@click.argument("place")
@click.argument("known", nargs=-1)
def verify(*, place: str, known: tuple[str, ...]) -> None:
    """Sprawdź pliki głosowania: PLACE to folder albo adres strony głosowania.

    KNOWN: klucz publiczny albo skrót wpisu, który masz z innego źródła. Kod wyjścia 1: coś się nie
    zgadza.
    """
    if place.startswith(("http://", "https://")):
        with tempfile.TemporaryDirectory() as name:
            _download(place, Path(name))
            _verify(Path(name), known)
    else:
        _verify(Path(place), known)


def _verify(folder: Path, known: tuple[str, ...]) -> None:
    try:
        vote = program.Vote(folder)
        vote.check(*known)
        for section in vote.rules["sections"]:
            if section["no"] in vote.ballots:
                _recount(vote, section)
    except UNREADABLE as error:
        raise Refusal(f"Plików w {folder} nie da się odczytać: {error!r}") from error
    for state, what in vote.found:
        click.echo(f"{program.STATES[state]:>14}  {what}")
    if wrong := sum(state is False for state, _ in vote.found):
        raise Refusal(f"Nie zgadza się: {wrong}.")


def _recount(vote: program.Vote, described: dict[str, Any]) -> None:
    """Judge each ballot by the rules, and count the section by its own method, lots included."""
    no, name = described["no"], f"część {described['no']}, metoda {described['method']}"
    if described["method"] not in METHODS:
        vote.note(None, f"{name}: nie znamy jej")
        return
    section, texts = _section(described), vote.ballots[no]
    numbers = [option["no"] for option in described["options"]]
    limits = _limits(described)
    bad = sorted(text for text in set(texts) if not _is_allowed(limits, text))
    vote.note(not bad, f"{name}: każda karta według zasad{f', nie: {bad[0]}' if bad else ''}")
    published = vote.result["outcome"][str(no)]
    if published["version"] != METHODS[described["method"]].version:
        vote.note(None, f"{name}: policzona w wersji {published['version']}, ta jest inna")
        return
    try:
        counted = tallying.tally(section, numbers, texts, seed=vote.result["seed"])
    except ValueError as error:
        vote.note(False, f"{name}: policzona od nowa ({error})")
        return
    same = canonical.canonical(counted) == canonical.canonical(published)
    vote.note(same, f"{name}: policzona od nowa, runda po rundzie")


def _is_allowed(limits: SectionRules, text: str) -> bool:
    try:
        ballot = read(limits.kind, text)
    except ValueError:
        return False
    judged = ballot_rules.judge(limits, ballot_rules.written(limits.kind, ballot))
    return not isinstance(judged, NotAllowed)


def _section(described: dict[str, Any]) -> Section:
    """Return a section as its row would be: of no database."""
    limits = described["limits"]
    return Section(
        no=described["no"],
        kind=described["kind"],
        method=described["method"],
        lowest=limits.get("lowest"),
        highest=limits.get("highest"),
        terms=canonical.canonical(described["terms"]),
    )


def _limits(described: dict[str, Any]) -> SectionRules:
    limits, options = described["limits"], described["options"]
    return SectionRules(
        no=described["no"],
        kind=BallotKind(described["kind"]),
        options=frozenset(option["no"] for option in options),
        costs={option["no"]: option["cost"] for option in options if option["cost"] is not None},
        **limits,
    )


def _download(address: str, folder: Path) -> None:
    """Take all files of a vote from its pages; any page of the vote will do."""
    page = PAGE.match(address)
    if page is None:
        raise Refusal("Podaj adres strony głosowania: https://…/konsultacje/…/glosowanie")
    query = f"?{address.partition('?')[2]}" if "?" in address else ""
    try:
        with urlopen(f"{page.group()}/{ARCHIVE}{query}", timeout=SECONDS) as answer:  # noqa: S310 - http(s) by PAGE
            content = answer.read(LARGEST + 1)
        archive = zipfile.ZipFile(io.BytesIO(content))
    except (URLError, OSError, zipfile.BadZipFile) as error:
        raise Refusal(f"Nie ma tam plików głosowania ({error}).") from error
    with archive:
        entries = archive.infolist()
        if len(content) > LARGEST or sum(entry.file_size for entry in entries) > LARGEST:
            raise Refusal("Pliki są większe, niż powinny.")
        for entry in entries:
            # The last part alone: whatever an archive says, nothing lands outside the folder.
            (folder / PurePosixPath(entry.filename).name).write_bytes(archive.read(entry))
