"""What the application needs to know of this package."""

import json

from flask import Flask

from deliberate.accounts import closing, mydata
from deliberate.accounts.models import Person
from deliberate.authorship import (
    coauthors,
    drafts,
    labels,
    translated_rules,
    versions,
    views,
    voices,
)
from deliberate.authorship.capacities import register_provider
from deliberate.kernel import files, retention
from deliberate.kernel.feature import Feature
from deliberate.kernel.retention import RetentionRule
from deliberate.kernel.texts import N_

RETENTION = (
    RetentionRule(
        key="drafts",
        label=N_("Szkice, do których nikt nie wrócił"),
        keeps=N_("180 dni od ostatniej zmiany"),
        count=drafts.count_old,
        remove=drafts.forget_old,
    ),
    RetentionRule(
        key="coauthors",
        label=N_("Zaproszenia do współautorstwa bez odpowiedzi"),
        keeps=N_("14 dni od wysłania"),
        count=coauthors.count_old,
        remove=coauthors.forget_old,
    ),
)


def _setup(app: Flask) -> None:
    app.jinja_env.filters.update(capacity=labels.in_words, signed=labels.signed)
    app.jinja_env.filters.update(rules=translated_rules.said, rule=translated_rules.said_one)
    register_provider(app, voices.personal)
    register_provider(app, voices.official)
    retention.register(app, *RETENTION)
    mydata.register(app, "drafts", _my_drafts)
    for forget in (versions.forget_author, coauthors.forget_author, drafts.forget_author):
        closing.register(app, forget)


def _my_drafts(person: Person) -> list[dict[str, object]]:
    return [
        {"place": row.place, "fields": json.loads(row.fields), "updated_at": row.updated_at}
        for row in drafts.list_of(person.id)
    ]


FEATURE = Feature(
    name="authorship",
    blueprints=(views.bp,),
    jobs=(files.REMOVE_UNATTACHED,),
    setup=_setup,
)
