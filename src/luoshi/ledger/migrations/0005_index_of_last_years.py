"""Facts about several years, of which there are few, are found by an index."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("ledger", "0004_index_of_indicators")]

    operations: ClassVar = [migrations.AddIndex("fact", models.Index(fields=["year_last"], name="fact_year_last"))]
