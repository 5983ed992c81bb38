"""Lays the regions and makes the index of the search."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import migrations

from luoshi.ledger import search


def _make(apps: Any, schema_editor: Any) -> None:
    from luoshi.ledger.seeding import seed_regions

    seed_regions(schema_editor.connection.alias)
    search.create(schema_editor.connection)


def _drop(apps: Any, schema_editor: Any) -> None:
    search.drop(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies: ClassVar = [("ledger", "0001_tables")]
    operations: ClassVar = [migrations.RunPython(_make, _drop)]
