"""Tables of linking; every document that is there is noted, so that it is linked."""

from typing import Any

from django.db import migrations, models


def _note(apps: Any, schema_editor: Any) -> None:
    using = schema_editor.connection.alias
    documents = apps.get_model("ledger", "Document").objects.using(using).exclude(state="withdrawn").filter(newest=True)
    change = apps.get_model("ledger", "LinkChange")
    keys = documents.order_by("id").values_list("id", flat=True)
    change.objects.using(using).bulk_create([change(id=key) for key in keys], batch_size=400)


class Migration(migrations.Migration):
    dependencies = [
        ("ledger", "0010_releases"),
    ]

    operations = [
        migrations.CreateModel(
            name="LinkChange",
            fields=[
                ("id", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("seq", models.BigIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name="Link",
            fields=[
                ("id", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("document", models.CharField(default="", max_length=64)),
                ("ordinal", models.IntegerField(default=0)),
                ("fact", models.CharField(db_index=True, default="", max_length=64)),
                ("place", models.CharField(default="", max_length=120)),
                ("region_code", models.CharField(default="", max_length=64)),
                ("level", models.CharField(default="", max_length=12)),
                ("kind", models.CharField(default="", max_length=8)),
                ("name", models.CharField(default="", max_length=300)),
                ("core", models.CharField(db_index=True, default="", max_length=300)),
                ("answer", models.CharField(default="", max_length=300)),
                ("indicator_id", models.CharField(db_index=True, default="", max_length=80)),
                ("field", models.CharField(default="", max_length=20)),
                ("year", models.IntegerField(null=True)),
                ("verdict", models.CharField(default="", max_length=16)),
                ("judged", models.CharField(default="", max_length=16)),
                ("why", models.CharField(default="", max_length=24)),
                ("likely", models.BooleanField(default=False)),
                ("doubtful", models.BooleanField(default=False)),
                ("settled", models.BooleanField(default=False)),
                ("distance", models.FloatField(null=True)),
                ("result_document", models.CharField(db_index=True, default="", max_length=64)),
                ("result_fact", models.CharField(db_index=True, default="", max_length=64)),
                ("data", models.TextField(default="{}")),
            ],
            options={
                "indexes": [
                    models.Index(fields=["document", "ordinal"], name="link_document"),
                    models.Index(fields=["region_code", "year", "verdict"], name="link_record"),
                    models.Index(fields=["indicator_id", "year"], name="link_indicator"),
                    models.Index(fields=["likely", "settled"], name="link_likely"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Linking",
            fields=[
                ("id", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("place", models.CharField(default="", max_length=120)),
                ("region_code", models.CharField(db_index=True, default="", max_length=64)),
                ("level", models.CharField(default="", max_length=12)),
                ("kind", models.CharField(default="", max_length=12)),
                ("first", models.IntegerField(default=0)),
                ("last", models.IntegerField(default=0)),
                ("earliest", models.IntegerField(default=0)),
                ("latest", models.IntegerField(default=0)),
                ("looks_up", models.BooleanField(default=False)),
                ("wanted", models.IntegerField(default=0)),
                ("done", models.IntegerField(default=0)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["place", "first"], name="linking_place"),
                    models.Index(fields=["looks_up"], name="linking_up"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Settlement",
            fields=[
                ("id", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("kind", models.CharField(default="", max_length=12)),
                ("first", models.CharField(default="", max_length=300)),
                ("second", models.CharField(default="", max_length=300)),
                ("same", models.BooleanField(default=False)),
                ("target", models.CharField(db_index=True, default="", max_length=64)),
                ("verdict", models.CharField(default="", max_length=16)),
                ("basis", models.CharField(default="", max_length=64)),
                ("note", models.TextField(default="")),
                ("region_code", models.CharField(default="", max_length=64)),
                ("by", models.CharField(default="", max_length=64)),
                ("at", models.CharField(default="", max_length=27)),
                ("live", models.BooleanField(default=True)),
            ],
            options={
                "indexes": [models.Index(fields=["kind", "first", "second"], name="settlement_names")],
            },
        ),
        migrations.RunPython(_note, migrations.RunPython.noop),
    ]
