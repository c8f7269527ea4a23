"""The catalogues hold every text that the code shows, and say it with the same values and marks."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.pofile import read_po

from deliberate.kernel.i18n import LANGUAGES

ROOT = Path(__file__).parents[2]
SOURCE = "pl"  # the texts themselves are Polish, so it has no catalogue
TRANSLATED = [language for language in LANGUAGES if language != SOURCE]

VALUE = re.compile(r"%\(\w+\)\w|%%")
TAG = re.compile(r"</?\w[^>]*>")


@pytest.fixture(scope="module")
def texts() -> frozenset[str]:
    """Every text in the code and the templates, found as `make messages` finds them."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())
    mappings = settings["tool"]["babel"]["mappings"]
    found = extract_from_dir(
        ROOT,
        method_map=[(mapping["pattern"], mapping["method"]) for mapping in mappings],
        options_map={mapping["pattern"]: mapping.get("options", {}) for mapping in mappings},
        keywords={**DEFAULT_KEYWORDS, "N_": None},
    )
    return frozenset(message for _, _, message, _, _ in found if isinstance(message, str))


@pytest.fixture(scope="module", params=TRANSLATED)
def catalogue(request: pytest.FixtureRequest) -> Catalog:
    path = ROOT / "deliberate/translations" / request.param / "LC_MESSAGES/messages.po"
    with path.open("rb") as file:
        return read_po(file, locale=request.param)


def test_every_text_is_in_the_catalogue_and_no_other(
    texts: frozenset[str], catalogue: Catalog
) -> None:
    known = {source for source, _ in _pairs(catalogue)}

    assert sorted(texts - known) == []
    assert sorted(known - texts) == []


def test_every_text_is_translated(catalogue: Catalog) -> None:
    assert [source for source, target in _pairs(catalogue) if not target] == []


def test_no_translation_is_a_guess(catalogue: Catalog) -> None:
    assert [message.id for message in catalogue if message.id and message.fuzzy] == []


@pytest.mark.parametrize("part", [VALUE, TAG], ids=["values", "tags"])
def test_a_translation_keeps_what_is_filled_in_and_marked(
    catalogue: Catalog, part: re.Pattern[str]
) -> None:
    differing = [
        (source, target)
        for source, target in _pairs(catalogue)
        if sorted(part.findall(source)) != sorted(part.findall(target))
    ]

    assert differing == []


def test_a_translation_keeps_the_space_at_its_ends(catalogue: Catalog) -> None:
    differing = [
        (source, target)
        for source, target in _pairs(catalogue)
        if (source[0].isspace(), source[-1].isspace())
        != (target[:1].isspace(), target[-1:].isspace())
    ]

    assert differing == []


def _pairs(catalogue: Catalog) -> Iterator[tuple[str, str]]:
    """Yield each text with its translation; the first entry is the header."""
    for message in catalogue:
        if message.id:
            yield str(message.id), str(message.string)
