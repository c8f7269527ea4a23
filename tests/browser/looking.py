"""What is wrong with how a page stands, wide and light, narrow and dark."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from playwright.sync_api import Page


def looks(page: Page) -> Iterator[tuple[int, str]]:
    """Set the width and the colours of a page one after another, without colours that glide."""
    page.emulate_media(reduced_motion="reduce")
    page.set_viewport_size({"width": 1280, "height": 900})
    page.emulate_media(color_scheme="light")
    yield 1280, "light"
    page.set_viewport_size({"width": 320, "height": 900})
    page.emulate_media(color_scheme="dark")
    yield 320, "dark"


def find_faults(page: Page, axe: Callable[[Page], None]) -> list[str]:
    """Return what axe finds, and whether people would have to scroll sideways."""
    found = []
    try:
        axe(page)
    except AssertionError as error:
        found.append(str(error)[:300])
    wider = page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )
    if wider > 0:
        found.append(f"{wider} px too wide")
    return found
