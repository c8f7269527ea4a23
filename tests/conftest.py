"""What every test may ask for: the application on a database of its own, and a mailbox.

``--database`` names the databases under which tests/integration and tests/migrations run:
``sqlite`` (the default), ``postgresql`` or ``both``. Other tests that need the application get
SQLite. Tests commit for real, so that races are real; each begins with a fresh copy.

With both databases every case runs on both unless its test is marked ``first_on_both``: what a new
module forgets costs seconds, not a fault that only PostgreSQL shows. The mark is for cases that
differ in words, roles or addresses alone, never for what the database decides.
"""

import gc
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient

from tests.cluster import Cluster, new_folder, start_cluster
from tests.databases import Databases, PostgreSQL, SQLite
from tests.mailbox import Mailbox

KINDS = {"sqlite": ["sqlite"], "postgresql": ["postgresql"], "both": ["sqlite", "postgresql"]}
ON_EVERY_DATABASE = frozenset({"integration", "migrations", "trials"})
LONG = frozenset({"browser", "trials"})  # they begin first: at the end, one would be waited for
REAL_DATA = "DELIBERATE_REAL_DATA"

CLUSTER = pytest.StashKey[Cluster]()
SERVER = pytest.StashKey[str | None]()
WITHOUT_REAL_DATA = pytest.StashKey[int]()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--database", choices=sorted(KINDS), default="sqlite")


# One PostgreSQL for all processes: the one that hands out the tests starts it, the others are told.


def pytest_configure(config: pytest.Config) -> None:
    config.stash[WITHOUT_REAL_DATA] = 0
    if _is_worker(config):
        config.stash[SERVER] = _workerinput(config)["server"]
    elif "postgresql" in KINDS[config.getoption("database")]:
        config.stash[CLUSTER] = start_cluster()
        config.stash[SERVER] = config.stash[CLUSTER].url


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    node.workerinput["server"] = node.config.stash.get(SERVER, None)


def pytest_unconfigure(config: pytest.Config) -> None:
    if cluster := config.stash.get(CLUSTER, None):
        cluster.stop()


def _is_worker(config: pytest.Config) -> bool:
    return hasattr(config, "workerinput")


def _workerinput(config: Any) -> dict[str, Any]:
    return config.workerinput  # xdist's own attribute, unknown to pytest's types


# What is left out, and that it is said.


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    out: list[pytest.Item] = []
    if REAL_DATA not in os.environ:
        out = [item for item in items if item.get_closest_marker("realdata")]
        config.stash[WITHOUT_REAL_DATA] = len(out)
    kinds = KINDS[config.getoption("database")]
    if "postgresql" not in kinds:
        out += [item for item in items if item.get_closest_marker("postgres") and item not in out]
    elif "sqlite" in kinds:
        out += _list_repeating(items)
    if out:
        gone = set(out)
        items[:] = [item for item in items if item not in gone]
        config.hook.pytest_deselected(items=out)
    items.sort(key=lambda item: _folder(item) not in LONG)


def pytest_collection_finish() -> None:
    # Up to a seventh of the time went into looking for garbage among what lives to the end.
    gc.collect()
    gc.freeze()


def _list_repeating(items: list[pytest.Item]) -> list[pytest.Item]:
    """Return what asks PostgreSQL the same as another case of the same test asks it already."""
    repeating, asked = [], set()
    for item in items:
        callspec = getattr(item, "callspec", None)
        if callspec is None or callspec.params.get("database_kind") != "postgresql":
            continue
        test = item.nodeid.partition("[")[0]
        if item.get_closest_marker("one_database") or (
            item.get_closest_marker("first_on_both") and test in asked
        ):
            repeating.append(item)
        asked.add(test)
    return repeating


def _folder(item: pytest.Item) -> str:
    return item.path.relative_to(Path(__file__).parent).parts[0]


def pytest_sessionfinish(session: pytest.Session) -> None:
    if _is_worker(session.config):
        output: Any = session.config
        output.workeroutput["without_real_data"] = session.config.stash[WITHOUT_REAL_DATA]


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    # Every worker collects every test, so one worker's number is the number.
    output = getattr(node, "workeroutput", {})
    node.config.stash[WITHOUT_REAL_DATA] = output.get("without_real_data", 0)


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    if number := config.stash[WITHOUT_REAL_DATA]:
        terminalreporter.line(f"{number} realdata tests left out: {REAL_DATA} is not set.")


# The application.


@pytest.fixture(scope="session", autouse=True)
def real_passwords() -> Iterator[tuple[PasswordHasher, str]]:
    """Make passwords cheap to check; a fifth of a second each is for strangers who guess.

    Give the two that the application has: its hasher, and the hash for unknown addresses.
    """
    from deliberate.accounts import passwords

    real = passwords._HASHER, passwords.NOBODY
    quick = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    passwords._HASHER, passwords.NOBODY = quick, quick.hash("thrown away")
    yield real
    passwords._HASHER, passwords.NOBODY = real


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "database_kind" not in metafunc.fixturenames:
        return
    folder = metafunc.definition.path.relative_to(Path(__file__).parent).parts[0]
    kinds = KINDS[metafunc.config.getoption("database")]
    if metafunc.definition.get_closest_marker("postgres"):
        kinds = KINDS["postgresql"]
    elif metafunc.definition.get_closest_marker("sqlite") or folder not in ON_EVERY_DATABASE:
        kinds = KINDS["sqlite"]
    metafunc.parametrize("database_kind", kinds, scope="session")


@pytest.fixture(scope="session")
def every_databases() -> dict[str, Databases]:
    return {}


@pytest.fixture(scope="session")
def memory_folder() -> Iterator[Path]:
    folder = new_folder("sqlite")
    yield folder
    shutil.rmtree(folder)


@pytest.fixture(scope="session")
def databases(
    database_kind: str,
    every_databases: dict[str, Databases],
    memory_folder: Path,
    pytestconfig: pytest.Config,
) -> Databases:
    """Give the databases of the kind under test, the same ones for the whole process."""
    if database_kind not in every_databases:
        if database_kind == "sqlite":
            every_databases[database_kind] = SQLite(memory_folder)
        else:
            server = pytestconfig.stash[SERVER]
            assert server is not None
            worker = os.environ.get("PYTEST_XDIST_WORKER", "alone")
            every_databases[database_kind] = PostgreSQL(server, worker=worker)
    return every_databases[database_kind]


@pytest.fixture
def empty_url(databases: Databases) -> str:
    """Name a database without any table, apart from the one that other tests use."""
    return databases.new_empty("empty")


@pytest.fixture(scope="session")
def every_app() -> dict[str, Flask]:
    return {}


@pytest.fixture(scope="session")
def migrated_app(
    databases: Databases,
    every_app: dict[str, Flask],
    tmp_path_factory: pytest.TempPathFactory,
) -> Flask:
    """Give the application on migrated tables, for tests that do not look at data."""
    from deliberate.app import create_app
    from deliberate.config import Settings

    if databases.url not in every_app:
        databases.restore()
        folder = tmp_path_factory.mktemp("folder")
        settings = Settings.for_tests(database_url=databases.url, folder=folder)
        app = create_app(settings)
        app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)  # browser tests have it on
        every_app[databases.url] = app
    return every_app[databases.url]


@pytest.fixture
def app(migrated_app: Flask, databases: Databases) -> Iterator[Flask]:
    """Give the application with no data and no files but what migrations put there."""
    from deliberate.kernel.db import db
    from deliberate.tenancy import kept

    migrated_app.extensions.pop(kept.NAME, None)  # another database has the same versions
    folder: Path = migrated_app.extensions["deliberate.settings"].folder
    shutil.rmtree(folder)
    folder.mkdir()
    databases.restore()
    yield migrated_app
    with migrated_app.app_context():
        for engine in db.engines.values():
            engine.dispose()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """Give the browser of somebody who has not signed in."""
    return app.test_client()


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    mailbox = Mailbox()
    mailbox.start()
    yield mailbox
    mailbox.stop()
