"""Ten thousand requests that nobody should send: never a 500, never half a thing.

Every route is asked, by everyone, with what forms do not expect: wrong types, missing, extra and
overlong fields, control characters, foreign ids, junk cookies. The seed is the number of the
part, so that a failure can be repeated.
"""

from __future__ import annotations

import random
from io import BytesIO

import pytest
from flask import Flask
from werkzeug.routing import BuildError, Rule

from deliberate.kernel.actor import Role
from tests import make

PARTS, REQUESTS = 10, 1000

JUNK = (
    "",
    " ",
    "0",
    "-1",
    "1",
    "2",
    "99999999999999999999",
    "1e309",
    "NaN",
    "null",
    "true",
    "rynek",
    "proposal",
    "consultation",
    "contribution",
    "1,2,3",
    "2026-02-30",
    "2026-11-21",
    "0000-00-00",
    "<script>alert(1)</script>",
    '"><b hx-post=/x hx-trigger=load>',
    "' OR 1=1 --",
    "%00",
    "\x00\x01\x1b",
    "\u202e\u200b\ufeff",
    "Zażółć gęślą jaźń",
    "Україна",
    "a\r\nBcc: x@y.example",
    "=HYPERLINK(1)",
    "../../etc/passwd",
    "//evil.example",
    "javascript:alert(1)",
    "halina@poczta.example",
    "x" * 300,
    "ą" * 5_000,
    "{{7*7}}",
    "😀" * 50,
    "\ud800".encode("utf-8", "surrogatepass").decode("latin-1"),
)
FIELDS = """
title place reason details cost area area_id text body kind capacity voice language email code
name display_name form password state position justification unit unit_id explanation passage
rule choices option csrf_token wroc strona sort q szukaj starts ends activities note token key
no number most least summary agreed disputed covers accept confirm role scope organisation alt
file picture next until days page topic kolejnosc obszar stan
""".split()  # noqa: SIM905 - a list of words is read as words
QUERY_VALUES = ("1", "x", "%00", "%C5%82", "%FF", "-5", "9" * 30)
JUNK_COOKIES = ("x", "a.b.c", "%00")


@pytest.fixture
def clients(app: Flask) -> list[object]:
    tenant = make.municipality(app)
    make.municipality(app, slug="wrzosowiany", name="Wrzosowiany")
    resident = make.person(app, resident_of=tenant)
    consultation = make.consultation(app, tenant)
    make.proposal(app, tenant, consultation, author=resident)
    everyone = [None, resident, *(make.staff(app, tenant, role) for role in Role)]
    return [make.client(app, signed_in=person) for person in everyone]


def address(app: Flask, rule: Rule, chance: random.Random) -> str | None:
    values: dict[str, object] = {}
    for name in rule.arguments:
        converter = type(rule._converters[name]).__name__
        junk = chance.choice(JUNK).replace("/", "") or "x"
        values[name] = chance.choice((0, 1, 2, 10**12)) if converter == "IntegerConverter" else junk
    try:
        path = rule.build(values)
    except (BuildError, ValueError):
        return None
    if path is None:
        return None
    query = "&".join(
        f"{chance.choice(FIELDS)}={chance.choice(QUERY_VALUES)}" for _ in range(chance.randrange(3))
    )
    return f"{path[1]}?{query}" if query else path[1]


def form(chance: random.Random) -> dict[str, object]:
    fields: dict[str, object] = {
        chance.choice(FIELDS): chance.choice(JUNK) for _ in range(chance.randrange(12))
    }
    if chance.random() < 0.1:
        content = chance.choice((b"", b"%PDF-1.7", b"\x89PNG\r\n", b"PK\x03\x04" + b"\0" * 40))
        fields["file"] = (BytesIO(content), chance.choice(("a.pdf", "<svg>.png", "x" * 300)))
    return fields


@pytest.mark.parametrize(
    "part",
    [  # all of them on SQLite, half on PostgreSQL as well
        pytest.param(part, marks=[] if part % 2 == 0 else pytest.mark.one_database)
        for part in range(PARTS)
    ],
)
def test_no_request_breaks_a_promise(app: Flask, clients: list, part: int) -> None:
    chance = random.Random(part)  # noqa: S311 - a repeatable sequence is what is wanted
    rules = sorted(app.url_map.iter_rules(), key=lambda rule: (rule.rule, rule.endpoint))
    sent = 0
    broken: list[tuple[str, str, int]] = []
    while sent < REQUESTS:
        rule = chance.choice(rules)
        method = chance.choice(sorted(rule.methods or {"GET"}))
        path = address(app, rule, chance)
        if path is None or rule.endpoint == "static":
            continue
        client = chance.choice(clients)
        headers = {"HX-Request": "true"} if chance.random() < 0.3 else {}
        if chance.random() < 0.1:
            headers["Cookie"] = (
                f"deliberate={chance.choice(('x', 'a.b.c', '%00'))}; jezyk=xx; motyw=1"
            )
        answer = client.open(
            path,
            method=method,
            data=form(chance) if method == "POST" else None,
            headers=headers,
        )
        answer.close()
        sent += 1
        if answer.status_code >= 500 and not path.startswith("/health/ready"):
            broken.append((method, path, answer.status_code))

    assert broken == []
