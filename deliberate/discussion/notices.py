"""Who takes part in conversations, for letters about the dates of their consultation."""

from __future__ import annotations

from sqlalchemy import Select, select

from deliberate.discussion.models import Contribution


def select_speakers(tenant_id: int, consultation_id: int) -> Select[int | None]:
    """Select who has said anything in a consultation and has not taken it back."""
    return select(Contribution.author_id).where(
        Contribution.tenant_id == tenant_id,
        Contribution.consultation_id == consultation_id,
        Contribution.author_id.is_not(None),
        Contribution.withdrawn_at.is_(None),
    )
