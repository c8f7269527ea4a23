"""Letters about proposals: to who signs one, and to who is asked to; and who takes part in them."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Select, select

from deliberate.accounts.models import Person
from deliberate.authorship.models import Coauthor
from deliberate.consultations.models import Consultation
from deliberate.kernel.texts import N_
from deliberate.notifications import links
from deliberate.notifications.actions import must_tell, tell
from deliberate.proposals.models import Proposal, Support
from deliberate.proposals.queries import KIND
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


# Who takes part, for letters about the dates of a consultation.


def select_authors(tenant_id: int, consultation_id: int) -> Select[int | None]:
    return select(Proposal.author_id).where(
        *_in(tenant_id, consultation_id), Proposal.author_id.is_not(None)
    )


def select_coauthors(tenant_id: int, consultation_id: int) -> Select[int | None]:
    return (
        select(Coauthor.person_id)
        .join(Proposal, Proposal.id == Coauthor.subject_id)
        .where(
            *_in(tenant_id, consultation_id),
            Coauthor.tenant_id == tenant_id,
            Coauthor.kind == KIND,
            Coauthor.accepted_at.is_not(None),
        )
    )


def select_supporters(tenant_id: int, consultation_id: int) -> Select[int]:
    return (
        select(Support.person_id)
        .join(Proposal, Proposal.id == Support.proposal_id)
        .where(*_in(tenant_id, consultation_id))
    )


def _in(tenant_id: int, consultation_id: int) -> tuple[ColumnElement[bool], ...]:
    return Proposal.tenant_id == tenant_id, Proposal.consultation_id == consultation_id


def _address(tenant: Municipality, consultation: Consultation, proposal: Proposal) -> str:
    return links.absolute(tenant, "proposals.show", slug=consultation.slug, number=proposal.number)
