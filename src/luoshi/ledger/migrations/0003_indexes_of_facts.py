"""Progress by document from an index alone; two indexes less to keep: one that another begins with, one in which nearly all rows are alike."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("ledger", "0002_regions_and_search")]

    operations: ClassVar = [
        migrations.AlterField("fact", "document", models.CharField(default="", max_length=64)),
        migrations.AlterField("fact", "item", models.CharField(default="", max_length=64)),
        migrations.AddIndex("fact", models.Index(fields=["document", "state", "kind"], name="fact_progress")),
    ]
