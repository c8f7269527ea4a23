"""The rule of who sees what (subjects.states.is_shown), as SQL for lists, counts and search."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, SQLColumnExpression, Text, and_, false, literal_column, or_

from deliberate.subjects.registry import kinds
from deliberate.subjects.states import SHOWN


def shown(model: Any) -> ColumnElement[bool]:
    """Return the same rule as SQL over ``model.content_state``.

    The states are written out, not bound: only so can a database see that a partial index
    ``WHERE content_state IN ('archived', 'collapsed', 'visible')`` holds the very rows.
    Any: each feature's model class, which this lower package cannot name.
    """
    states = [literal_column(f"'{state}'", Text) for state in sorted(SHOWN)]
    clause: ColumnElement[bool] = model.content_state.in_(states)
    return clause


def lies_open(
    kind: SQLColumnExpression[str], subject_id: SQLColumnExpression[int]
) -> ColumnElement[bool]:
    """Return as SQL that what lies under a thing may be read: the thing itself is shown.

    What hides a proposal hides its conversation and its answer, for as long as it is hidden.
    """
    return or_(
        false(),
        *(
            and_(kind == key, known.is_shown(subject_id))
            for key, known in sorted(kinds().items())
            if known.is_shown is not None
        ),
    )
