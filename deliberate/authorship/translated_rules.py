"""The rules of discussion in the reader's language.

A translation belongs to the words of a rule, not to its place in one version: what stays the same
in the next version stays translated, and a decision that rests on an old version reads as it did.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from deliberate.audit import entries
from deliberate.authorship.models import Translation
from deliberate.kernel.actor import Actor
from deliberate.kernel.db import db
from deliberate.kernel.i18n import locale, say, speaking
from deliberate.tenancy.models import DiscussionRules, Municipality
from deliberate.tenancy.rules import USUAL_RULES

KIND = "discussion_rules"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A rule as it is shown. ``language`` is "pl" where nobody has translated it yet."""

    text: str
    language: str


def said(lines: Sequence[str], tenant: Municipality) -> list[Rule]:
    """Return rules as this reader understands them: the office's words, ours, else Polish."""
    language = locale()
    if language == "pl":
        return [Rule(text=line, language="pl") for line in lines]
    own: Mapping[str, str] = {}
    if any(line not in USUAL_RULES for line in lines):
        own = translations(tenant, language)
    return [_said(line, own, language) for line in lines]


def said_one(line: str, tenant: Municipality) -> str:
    """Return the words of one rule alone: for a letter, and for a list to choose from."""
    return said([line], tenant)[0].text


def ours(line: str, language: str) -> str:
    """Return what we say for one of our own rules; empty where a rule is the office's."""
    if line not in USUAL_RULES:
        return ""
    with speaking(language):
        return say(line)


def translations(tenant: Municipality, language: str) -> dict[str, str]:
    """Return every translation by the words of its rule, the newest version's where two differ."""
    found = {}
    for row, line in _rows(tenant, language):
        found[line] = row.text
    return found


def translate(
    tenant: Municipality,
    rules: DiscussionRules,
    language: str,
    texts: Mapping[str, str],
    *,
    actor: Actor,
    now: datetime,
) -> None:
    """Keep translations by the words of the rules; an emptied one is missing again."""
    for row, line in _rows(tenant, language):
        if line in texts:
            db.session.delete(row)
    db.session.flush()
    for number, line in enumerate(rules.text.splitlines(), start=1):
        if text := texts.get(line):
            row = Translation(
                tenant_id=tenant.id,
                kind=KIND,
                subject_id=rules.id,
                field=str(number),
                lang=language,
                text=text,
                translated_by=actor.person_id,
                at=now,
            )
            db.session.add(row)
    entries.record(
        "rules.translated",
        f"discussion_rules:{rules.id}",
        actor=actor,
        at=now,
        tenant_id=tenant.id,
        language=language,
    )


def _said(line: str, own: Mapping[str, str], language: str) -> Rule:
    if text := own.get(line) or ours(line, language):
        return Rule(text=text, language=language)
    return Rule(text=line, language="pl")


def _rows(tenant: Municipality, language: str) -> list[tuple[Translation, str]]:
    """Return each translation with the rule it is of, in the order of the versions."""
    found = db.session.execute(
        select(Translation, DiscussionRules.text)
        .join(DiscussionRules, DiscussionRules.id == Translation.subject_id)
        .where(
            Translation.tenant_id == tenant.id,
            DiscussionRules.tenant_id == tenant.id,
            Translation.kind == KIND,
            Translation.lang == language,
        )
        .order_by(DiscussionRules.version, Translation.field)
    )
    return [(row, text.splitlines()[int(row.field) - 1]) for row, text in found]
