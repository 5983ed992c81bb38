"""What every test stands on: Django set up with the settings of the tests, and a database where a test asks for one.

``db``         a database in which all that the test wrote is rolled back; quick
``real_db``    a database in which what is written is committed and cleared afterwards: for threads, processes, a real server

Both mark a test ``database``: such tests run on SQLite, and once more on PostgreSQL where there is one (``tests/postgres.py``).
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import cache
from typing import Any

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
    from django.db import connections

    yield
    _clear()
    connections.close_all()


def _clear() -> None:
    """Empties every table but those that a new ledger is laid with: the regions, which are laid again only where a test touched them."""
    from django.core.management.color import no_style
    from django.db import connection

    from luoshi.ledger import search
    from luoshi.ledger.models import Region

    kept = {"ledger_region", "django_content_type", "auth_permission"}
    tables = [table for table in connection.introspection.django_table_names(only_existing=True) if table not in kept]
    search.clear(connection)
    connection.ops.execute_sql_flush(connection.ops.sql_flush(no_style(), tables, reset_sequences=True, allow_cascade=True))
    if set(Region.objects.values_list()) != _laid_regions():
        from luoshi.ledger.seeding import seed_regions

        Region.objects.all().delete()
        seed_regions()


@cache
def _laid_regions() -> frozenset[tuple[Any, ...]]:
    """The rows of the regions as a new ledger has them."""
    from django.db import connection, transaction

    from luoshi.ledger.models import Region
    from luoshi.ledger.seeding import seed_regions

    with transaction.atomic():
        Region.objects.all().delete()
        seed_regions()
        laid = frozenset(Region.objects.values_list())
    connection.close()
    return laid
