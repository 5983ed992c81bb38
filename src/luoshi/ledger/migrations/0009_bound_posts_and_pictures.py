"""Whose account a post is held by, the category of a matter as a column, and small pictures of evidence."""

from __future__ import annotations

from typing import Any

import msgspec
from django.db import migrations, models


def _categories(apps: Any, schema_editor: Any) -> None:
    """Fills the column from the states of the matters that are there."""
    matters = apps.get_model("ledger", "Matter").objects.using(schema_editor.connection.alias)
    batch: list[Any] = []
    for row in matters.filter(life__contains='"category":').only("id", "life").iterator(chunk_size=500):
        row.category = str(msgspec.json.decode(row.life).get("fields", {}).get("category") or "")[:40]
        batch.append(row)
        if len(batch) == 500:
            matters.bulk_update(batch, ["category"])
            batch = []
    matters.bulk_update(batch, ["category"])


class Migration(migrations.Migration):
    dependencies = [
        ("ledger", "0008_opened"),
    ]

    operations = [
        migrations.AddField(
            model_name="holding",
            name="account",
            field=models.CharField(db_index=True, default="", max_length=64),
        ),
        migrations.AddField(
            model_name="evidence",
            name="thumb",
            field=models.CharField(default="", max_length=64),
        ),
        migrations.AddField(
            model_name="matter",
            name="category",
            field=models.CharField(default="", max_length=40),
        ),
        migrations.RunPython(_categories, migrations.RunPython.noop),
        migrations.AddIndex(
            model_name="matter",
            index=models.Index(fields=["mechanism", "category", "opened_at"], name="matter_category"),
        ),
    ]
