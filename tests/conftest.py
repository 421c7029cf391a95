"""What every test stands on: one private PostgreSQL and Valkey per run, one database of each per worker."""

from __future__ import annotations

import gc
import os
from typing import TYPE_CHECKING, Any

import django
import pytest
from hypothesis import HealthCheck, settings

from syncapp.local import browser, postgres, processes, surroundings, testing, valkey
from tests import thrift, turns

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytest_django import DjangoDbBlocker

SERVERS: list[postgres.Postgres | valkey.Valkey] = []
READY = "TIEOUT_TEST_READY"
NO_TRANSACTION = (
    "django_db(transaction=True) cannot work here: its flush truncates, which triggers and rights forbid. "
    "Use the fixture real_db."
)
# How long a machine takes proves nothing: a law has no deadline, and its examples may come slowly.
settings.register_profile(
    "unhurried", settings(), deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("unhurried")


def _start() -> None:
    """Complete the environment before Django's settings are read; xdist's workers inherit it."""
    if not os.environ.get(READY):
        if os.environ.get("TIEOUT_TIED"):
            processes.tie_self()
        os.environ["TIEOUT_MODE"] = "test"
        os.environ["DJANGO_SETTINGS_MODULE"] = "syncapp.settings"
        if not surroundings.given(os.environ, "DATABASE_URL"):
            server = postgres.start(surroundings.LOCAL / "test", slots=16)
            SERVERS.append(server)
            os.environ["DATABASE_URL"] = server.url("app")
            os.environ["DATABASE_OWNER_URL"] = server.url("owner")
        if not surroundings.given(os.environ, "REDIS_URL"):
            broker = valkey.start(surroundings.LOCAL / "test")
            SERVERS.append(broker)
            os.environ["REDIS_URL"] = broker.url
        surroundings.fill(os.environ, surroundings.placeholders())
        os.environ[READY] = "1"
    django.setup()
    thrift.save()


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_setupnodes(specs: list[Any]) -> None:
    """Give each worker a database of the broker, so that one's wake-ups are not another's."""
    for number, spec in enumerate(specs, 1):
        if any(isinstance(server, valkey.Valkey) for server in SERVERS):
            spec.env["REDIS_URL"] = f"{os.environ['REDIS_URL']}?db={number}"


def pytest_collection_finish() -> None:
    """Leave what stands for the whole run, the product and the tests themselves, out of every collection.

    The rest is collected seldom: it was a quarter of the time of a test that opens a page.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


def pytest_unconfigure() -> None:
    """Stop what this process started, the last one first."""
    while SERVERS:
        SERVERS.pop().stop()


_start()


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> turns.Turns:
    """Give each worker whole files."""
    return turns.Turns(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Refuse what would truncate, and let what takes long begin first: no worker is left alone at the end."""
    items.sort(key=lambda item: turns.turn(item.nodeid))
    for item in items:
        marker = item.get_closest_marker("django_db")
        if marker and (marker.kwargs.get("transaction") or True in marker.args[:1]):
            raise pytest.UsageError(f"{item.nodeid}: {NO_TRANSACTION}")


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Clone the migrated template for this worker."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    with django_db_blocker.unblock(), testing.clone(f"{worker}_{os.getpid()}"):
        yield


@pytest.fixture
def real_db(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[dict[str, str]]:
    """Give one test a database of its own where commits are real; it is dropped afterwards.

    Its value is the environment (DATABASE_URL, DATABASE_OWNER_URL) of a child that shall work in it.
    """
    with django_db_blocker.unblock(), testing.clone(f"real_{os.getpid()}") as environment:
        yield environment


@pytest.fixture(scope="session")
def chromium() -> Path:
    """Return a Chromium, installing one as root; without one skip, which in CI is a failure."""
    found = browser.find()
    if found is None:
        missing = f"Browser tests need Chromium. Set CHROMIUM to one, or run: {browser.COMMAND}"
        if os.environ.get("CI"):
            pytest.fail(missing)
        pytest.skip(missing)
    return found


@pytest.fixture
def transactional_db() -> Any:
    """Refuse pytest-django's own fixture of real commits."""
    pytest.fail(NO_TRANSACTION)
