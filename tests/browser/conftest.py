"""A browser, and the application on a port of its own.

Each test that takes ``page`` runs twice, with and without JavaScript. One that is about JavaScript
says ``@pytest.mark.parametrize("context", [True], indirect=True, ids=["javascript"])``.
"""

import os
import shutil
import threading
from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from werkzeug.serving import WSGIRequestHandler, make_server

from deliberate import paths
from deliberate.kernel import clock
from tests.browser.people import Calendar

PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
# Only what is wrong crosses from the browser: what passes is most of a result, and slow to carry.
# Style sheets are not fetched once more, for a rule about orientation that axe leaves out anyway.
FIND_VIOLATIONS = """() => axe.run(
    document, {resultTypes: ["violations"], preload: {assets: ["media"]}}
).then(
    result => result.violations.map(found => [found.id, found.nodes.map(node => node.html)])
)"""
SWITCHES = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "/browser/" in item.nodeid:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    program = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, PROGRAMS)), None)
    if program is None:
        raise RuntimeError("No Chromium was found: install it, or name it in CHROMIUM.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, headless=True, args=SWITCHES)
        yield browser
        browser.close()


class PatientHandler(WSGIRequestHandler):
    timeout = 2  # seconds; a browser opens connections ahead and may never use them


@pytest.fixture
def site(app: Flask) -> Iterator[str]:
    """Serve the application with its form tokens checked, and return its address."""
    app.config["WTF_CSRF_ENABLED"] = True
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=PatientHandler)
    server.daemon_threads = False  # so that closing waits for requests that still use the database
    thread = threading.Thread(
        target=server.serve_forever, args=(0.05,)
    )  # seconds to notice the end
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()
    app.config["WTF_CSRF_ENABLED"] = False


@pytest.fixture(params=[True, False], ids=["javascript", "no-javascript"])
def context(
    browser: Browser, site: str, request: pytest.FixtureRequest
) -> Iterator[BrowserContext]:
    context = browser.new_context(
        base_url=site,
        java_script_enabled=request.param,
        locale="pl-PL",
        timezone_id="Europe/Warsaw",
    )
    context.set_default_timeout(15_000)
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    return context.new_page()


@pytest.fixture(scope="session")
def axe() -> Callable[[Page], None]:
    """Give a check that axe finds nothing on a page as it is now. It needs JavaScript itself."""
    source = (paths.STATIC / "vendor" / "axe.min.js").read_text()

    def check(page: Page) -> None:
        assert page.evaluate("matchMedia('(scripting: enabled)').matches"), "or axe waits for ever"
        if page.evaluate("typeof axe") == "undefined":  # a page that is looked at twice has it
            page.evaluate(source)  # not a script element: our own policy forbids it
        assert page.evaluate(FIND_VIOLATIONS) == []

    return check


@pytest.fixture
def calendar(monkeypatch: pytest.MonkeyPatch) -> Calendar:
    """Set the clock of the application by a calendar of the test's own."""
    calendar = Calendar()
    monkeypatch.setattr(clock, "now", calendar.now)
    monkeypatch.setattr(clock, "set_moment", calendar.now)  # the ballot box reads it
    return calendar
