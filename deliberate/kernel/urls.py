"""Addresses: where a person may be sent back to, what may be linked, and names made for paths."""

import re
from urllib.parse import unquote, urlsplit

from deliberate.algorithms.folding import fold

LONGEST_URL = 2_000
LONGEST_SLUG = 60
NAMELESS = "bez-nazwy"


def safe_next(target: str | None) -> str | None:
    r"""Return the target if it is a path on this very host, else None.

    Browsers, proxies and frameworks disagree about what ``//x``, ``/\x``, ``/%2f/x`` or a tab
    means; nobody needs them, so all are refused rather than understood. What follows "?" or "#"
    cannot change the host and is only kept free of control characters.
    """
    if not target or len(target) > LONGEST_URL or not target.startswith("/"):
        return None
    if _UNSAFE.search(target):
        return None
    path = re.split("[?#]", target, maxsplit=1)[0]
    while (decoded := unquote(path)) != path:
        path = decoded
    if _UNSAFE.search(path) or "//" in path or {".", ".."} & set(path.split("/")):
        return None
    return target


def web_url(text: str | None) -> str | None:
    """Return the address without outer spaces if it leads to the web, else None.

    Only http and https, only with a host that has a dot, never with a name and a password before
    it: ``https://bank.pl@example.com`` looks like somebody else's.
    """
    address = (text or "").strip()
    if len(address) > LONGEST_URL or _UNSAFE.search(address):
        return None
    try:
        parts = urlsplit(address)
        _ = parts.port  # read, so that a port that is no number is noticed
    except ValueError:
        return None
    if parts.scheme not in {"http", "https"} or "@" in parts.netloc:
        return None
    return address if _HOST.fullmatch(parts.hostname or "") else None


def slugify(title: str) -> str:
    """Make a name for a path: ``Łąka nad Wisłą`` gives ``laka-nad-wisla``.

    ASCII letters, digits and single hyphens, at most 60 characters, cut between words where there
    is one; never empty. Ukrainian letters are written in Latin as the Cabinet of Ministers of
    Ukraine has them (resolution 55 of 2010), without its special cases at the start of a word.
    """
    latin = fold(title).translate(_LATIN)
    slug = re.sub(r"[^a-z0-9]+", "-", latin.replace("'", "")).strip("-")
    if len(slug) > LONGEST_SLUG:
        head = slug[: LONGEST_SLUG + 1]
        slug = head.rsplit("-", 1)[0] if "-" in head else head[:LONGEST_SLUG]
    return slug.strip("-") or NAMELESS


_UNSAFE = re.compile(r"[\s\\\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")
_HOST = re.compile(r"(?:[^\W_](?:[\w-]*[^\W_])?\.)+[^\W\d_](?:[\w-]*[^\W_])?\.?|(?:\d+\.){3}\d+")
_LATIN = str.maketrans(
    {
        "а": "a", "б": "b", "в": "v", "г": "h", "ґ": "g", "д": "d", "е": "e", "є": "ie",
        "ж": "zh", "з": "z", "и": "y", "і": "i", "ї": "i", "й": "i", "к": "k", "л": "l",
        "м": "m", "н": "n", "о": "o", "п": "p", "р": "r", "с": "s", "т": "t", "у": "u",
        "ф": "f", "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch", "ь": "", "ю": "iu",
        "я": "ia",
    }
)  # fmt: skip
