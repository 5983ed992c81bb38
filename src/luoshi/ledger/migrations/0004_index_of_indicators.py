"""The counts of all indicators from an index alone: it has all that says whether a fact counts."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("ledger", "0003_indexes_of_facts")]

    operations: ClassVar = [
        migrations.RemoveIndex("fact", "fact_indicator"),
        migrations.AddIndex("fact", models.Index(fields=["indicator_id", "year", "role", "state", "document"], name="fact_followed")),
    ]
