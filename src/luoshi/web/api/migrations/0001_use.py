"""How often tokens are used."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Use",
            fields=[
                ("token", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("minute", models.CharField(default="", max_length=16)),
                ("count", models.IntegerField(default=0)),
                ("last_at", models.CharField(default="", max_length=27)),
            ],
        ),
    ]
