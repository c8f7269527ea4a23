"""A letter as mail programs show it: HTML made of its plain text when it leaves.

The text is what was written and what is kept; the letterhead only arranges it.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from flask import current_app

from deliberate.accounts.letters import CODE_KIND
from deliberate.config import Settings
from deliberate.kernel.db import db
from deliberate.kernel.i18n import say, speaking
from deliberate.kernel.models import Outbox
from deliberate.kernel.texts import N_
from deliberate.notifications.notices import LABELS
from deliberate.notifications.sheet import read
from deliberate.tenancy.colours import at_night
from deliberate.tenancy.models import Municipality

BRAND, BRAND_AT_NIGHT = "#0f5257", "#7fd0cd"  # where a municipality keeps ours; 20-tokens.css

# What the one button says, by the kind of letter.
ACTS: Mapping[str, str] = MappingProxyType(
    {
        "answered": N_("Zobacz decyzję"),
        "approval": N_("Otwórz podgląd"),
        "coauthor": N_("Przeczytaj propozycję"),
        "one_letter": N_("Zobacz konsultacje"),
        "published": N_("Zobacz konsultacje"),
        "result": N_("Zobacz wynik"),
        "voting": N_("Przejdź do głosowania"),
    }
)
OTHER_ACT = N_("Otwórz stronę")


def html(letter: Outbox, *, host: str | None = None) -> str:
    """Return the letter as HTML; ``host`` takes the place of ours before the paths of our pages."""
    tenant = None if letter.tenant_id is None else db.session.get(Municipality, letter.tenant_id)
    ours, brand = home(tenant), tenant.brand if tenant else None
    with speaking(letter.locale):
        # Without the context of a page: the worker sends. Fetched inside, as in ``compose``.
        page = current_app.jinja_env.get_template("emails/layout.html")
        return page.render(
            locale=letter.locale,
            subject=letter.subject,
            sheet=read(letter.body, ours, has_code=letter.kind == CODE_KIND),
            act_label=say(ACTS.get(letter.kind, OTHER_ACT)),
            reason=say(LABELS[letter.kind]) if letter.kind in LABELS else None,
            host=ours if host is None else host,
            tenant=tenant,
            brand=brand or BRAND,
            brand_at_night=at_night(brand) if brand else BRAND_AT_NIGHT,
        )


def home(tenant: Municipality | None) -> str:
    """Return the scheme and name under which a municipality's pages are, without any path."""
    settings: Settings = current_app.extensions["deliberate.settings"]
    if settings.by_path or tenant is None:
        return settings.public_url
    return settings.origin(host=tenant.host, slug=tenant.slug)
