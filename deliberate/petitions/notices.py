"""Letters to who asked for something, whenever its state changes."""

from __future__ import annotations

from deliberate.accounts import queries as people
from deliberate.kernel.i18n import say, speaking
from deliberate.kernel.texts import N_
from deliberate.notifications import links
from deliberate.notifications.actions import tell
from deliberate.petitions import words
from deliberate.petitions.kinds import ANSWERED, CLOSED, SLUGS
from deliberate.petitions.models import Entry
from deliberate.tenancy.models import Municipality


def tell_author(tenant: Municipality, entry: Entry, what: str) -> None:
    """Tell the author, if they have an account: ``what`` names the change, once each.

    "received", "published", "state" or "extended".
    """
    author = people.find_person(entry.author_id)
    if author is None or not author.is_active:
        return
    with speaking(author.locale):
        state = say(words.state(entry.register, entry.state)[0])
        name = say(words.NAMES[entry.register].numbered, number=words.reference(entry))
    is_answer = what == "state" and entry.state in ANSWERED
    public = entry.published_at is not None
    tell(
        author,
        "answered" if is_answer else "received",
        tenant=tenant,
        subject=N_("%(name)s: %(state)s"),
        template="petitions/state",
        values={
            "name": name,
            "state": state,
            "title": entry.title,
            "what": what,
            "answer": entry.answer if is_answer else "",
            "reason": entry.extension_reason if what == "extended" else "",
            "due_on": entry.due_on,
            "due_verified": entry.due_verified,
            "is_closed": entry.state in CLOSED,
            "url": links.absolute(
                tenant, "petitions.show", register=SLUGS[entry.register], entry_id=entry.id
            )
            if public
            else links.absolute(tenant, "pages.my"),
        },
        dedupe=f"register:{entry.id}:{what}:{entry.state}",
    )
