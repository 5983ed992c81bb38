"""The order of the board's list, so that a page of it is found in the index alone."""

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("ledger", "0012_appraisals")]

    operations: ClassVar = [
        migrations.AddIndex(model_name="matter", index=models.Index(fields=["state", "next_due", "id"], name="matter_due_in_order")),
        migrations.RemoveIndex(model_name="matter", name="matter_due"),
    ]
