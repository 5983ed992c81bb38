"""Whether an address is known to be its owner's. Those that are there already are taken as they are."""

from typing import ClassVar

from django.db import migrations
from django.db.models import BooleanField, CharField, IntegerField


class Migration(migrations.Migration):
    dependencies: ClassVar = [("notify", "0002_mark")]

    operations: ClassVar = [
        migrations.AddField("contact", "confirmed", BooleanField(default=True)),
        migrations.AlterField("contact", "confirmed", BooleanField(default=False)),
        migrations.AddField("contact", "code", CharField(max_length=64, default="")),
        migrations.AddField("contact", "code_at", CharField(max_length=27, default="")),
        migrations.AddField("contact", "tries", IntegerField(default=0)),
    ]
