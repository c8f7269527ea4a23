"""What stays of an address when an account is closed while a survey runs.

A keyed hash, in the participation alone: whoever makes an account anew with the same address has
answered already. Gone with the participation.
"""

from __future__ import annotations

from flask import current_app

from deliberate.accounts.models import Person
from deliberate.kernel import ids


def hashes(person: Person) -> list[str]:
    """Return the hash under the present key, then under the former ones; none without address."""
    if person.email_folded is None:
        return []
    config = current_app.config
    keys = (config["SECRET_KEY"], *config["SECRET_KEY_FALLBACKS"])
    return [ids.keyed_hash(key.encode(), "survey", person.email_folded) for key in keys]
