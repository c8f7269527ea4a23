"""States of content and the one rule of who sees what (trust.md §5.1)."""

from __future__ import annotations

from enum import StrEnum


class ContentState(StrEnum):
    """What has become of something people wrote. The column is ``content_state`` everywhere."""

    VISIBLE = "visible"
    HELD = "held"
    COLLAPSED = "collapsed"
    HIDDEN = "hidden"
    REMOVED = "removed"
    ERASED = "erased"
    ARCHIVED = "archived"


# Text is shown; everywhere else stands a tombstone, or nothing at all.
SHOWN = frozenset({ContentState.VISIBLE, ContentState.COLLAPSED, ContentState.ARCHIVED})
# A tombstone stands where the thing was, so that answers to it keep their place.
TOMBSTONE = frozenset({ContentState.HIDDEN, ContentState.REMOVED, ContentState.ERASED})

STEPS: dict[str, tuple[str, ...]] = {
    ContentState.HELD: (ContentState.VISIBLE, ContentState.HIDDEN, ContentState.ERASED),
    ContentState.VISIBLE: (
        ContentState.HELD,
        ContentState.COLLAPSED,
        ContentState.HIDDEN,
        ContentState.ERASED,
        ContentState.ARCHIVED,
    ),
    ContentState.COLLAPSED: (ContentState.VISIBLE, ContentState.HIDDEN, ContentState.ERASED),
    ContentState.HIDDEN: (
        ContentState.VISIBLE,
        ContentState.COLLAPSED,
        ContentState.REMOVED,
        ContentState.ERASED,
    ),
    ContentState.REMOVED: (ContentState.VISIBLE, ContentState.HIDDEN, ContentState.ERASED),
    ContentState.ARCHIVED: (ContentState.VISIBLE, ContentState.HIDDEN, ContentState.ERASED),
    ContentState.ERASED: (),
}


def is_shown(state: str) -> bool:
    """Tell whether the text may appear on any surface: page, list, search, mail, export, file."""
    return state in SHOWN
