"""Texts that the office answers for: consultations, its answers, pages of organisations.

Facilitators come from outside of the office and hide none of these: what the office has said
stays said, and is corrected in public. A notice about one reaches the office, which answers it.
"""

from __future__ import annotations

from deliberate.subjects import registry


def answers_for(kind: str) -> bool:
    """Tell whether the office answers notices about a kind: nobody hides things of it."""
    return registry.get_kind(kind).restrict is None


def kinds_of_office() -> frozenset[str]:
    return frozenset(key for key in registry.kinds() if answers_for(key))


def kinds_of_people() -> frozenset[str]:
    """Return the kinds of what people write and facilitators may hide."""
    return frozenset(registry.kinds()) - kinds_of_office()
