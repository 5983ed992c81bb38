"""What every test stands on: Django set up with the settings of the tests, and a database where a test asks for one.

``db``         a database in which all that the test wrote is rolled back; quick
``real_db``    a database in which what is written is committed and cleared afterwards: for threads, processes, a real server

Both mark a test ``database``: such tests run on SQLite, and once more on PostgreSQL where there is one (``tests/postgres.py``).
"""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"

import django

django.setup()

_FIXTURES = {"db", "real_db", "made_database"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if _FIXTURES & set(getattr(item, "fixturenames", ())):
            item.add_marker("database")


def pytest_report_header() -> str:
    from django.db import connection

    return f"database: {connection.vendor}"


@pytest.fixture(scope="session")
def made_database() -> Iterator[None]:
    """The migrated, empty database of this run."""
    from django.test.utils import setup_databases, setup_test_environment, teardown_databases, teardown_test_environment

    setup_test_environment()
    made = setup_databases(verbosity=0, interactive=False, serialized_aliases=())
    yield
    teardown_databases(made, verbosity=0)
    teardown_test_environment()


@pytest.fixture
def db(made_database: None) -> Iterator[None]:
    """A database; what the test writes is rolled back."""
    from django.db import connection, transaction

    outer = transaction.atomic()
    # lets durable blocks stand inside, as Django's own test case does
    outer._from_testcase = True  # type: ignore[attr-defined]  # noqa: SLF001
    with outer:
        yield
        transaction.set_rollback(True)
    connection.close()


@pytest.fixture
def real_db(made_database: None) -> Iterator[None]:
    """A database; what the test writes is committed, seen by other threads and processes, and cleared afterwards."""
    from django.core.management import call_command
    from django.db import connections

    yield
    call_command("flush", verbosity=0, interactive=False, allow_cascade=True)
    connections.close_all()
