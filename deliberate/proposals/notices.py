"""Letters about proposals: to who signs one, and to who is asked to."""

from __future__ import annotations

from deliberate.accounts.models import Person
from deliberate.consultations.models import Consultation
from deliberate.kernel.texts import N_
from deliberate.notifications import links
from deliberate.notifications.actions import must_tell, tell
from deliberate.proposals.models import Proposal
from deliberate.tenancy.models import Municipality


def tell_received(
    tenant: Municipality, consultation: Consultation, proposal: Proposal, person: Person
) -> None:
    """Tell an author, or a co-author who accepted, that the proposal stands under their name."""
    tell(
        person,
        "received",
        tenant=tenant,
        subject=N_("Propozycja nr %(number)d jest na stronie"),
        template="proposals/received",
        values={
            "number": proposal.number,
            "title": proposal.title,
            "consultation": consultation.title,
            "url": _address(tenant, consultation, proposal),
        },
        dedupe=f"proposal:{proposal.id}:received:{person.id}",
    )


def tell_signed(
    tenant: Municipality,
    consultation: Consultation,
    proposal: Proposal,
    *,
    author: Person,
    signer: Person,
) -> None:
    """Tell the author that somebody whom they asked signs the proposal too."""
    tell(
        author,
        "received",
        tenant=tenant,
        subject=N_("Propozycja nr %(number)d ma nowy podpis"),
        template="proposals/signed",
        values={
            "number": proposal.number,
            "title": proposal.title,
            "name": signer.display_name,
            "url": _address(tenant, consultation, proposal),
        },
        dedupe=f"proposal:{proposal.id}:signed:{signer.id}",
    )


def ask_to_sign(
    tenant: Municipality,
    consultation: Consultation,
    proposal: Proposal,
    *,
    author: Person,
    address: str,
    token: str,
) -> None:
    """Ask an address to sign too. It has no switch, goes once, and says who asks."""
    must_tell(
        address,
        tenant=tenant,
        locale=author.locale,  # of the reader nothing is known
        kind="coauthor",
        subject=N_("%(name)s prosi o podpis pod propozycją"),
        template="proposals/coauthor",
        values={
            "name": author.display_name,
            "number": proposal.number,
            "title": proposal.title,
            "url": links.absolute(
                tenant,
                "proposals.signature",
                slug=consultation.slug,
                number=proposal.number,
                token=token,
            ),
        },
    )


def _address(tenant: Municipality, consultation: Consultation, proposal: Proposal) -> str:
    return links.absolute(tenant, "proposals.show", slug=consultation.slug, number=proposal.number)
