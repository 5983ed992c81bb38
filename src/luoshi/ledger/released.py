"""The table of releases: what was drawn up for the public, who looked at it, what is published now."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import BigIntegerField, CharField, IntegerField, TextField


class Release(models.Model):
    """A release. ``content`` and ``report`` are keys of the store: what leaves, what was held back; ``digest`` the SHA-256 of the content.

    ``state`` drawn, approved, published, superseded, withdrawn or dropped; ``chosen`` what was asked for; ``by`` who drew it up last.
    """

    id = CharField(max_length=64, primary_key=True)
    title = CharField(max_length=200, default="")
    about = TextField(default="")
    region_code = CharField(max_length=64, default="", db_index=True)
    version = CharField(max_length=20, default="")
    licence = CharField(max_length=40, default="")
    state = CharField(max_length=12, default="drawn", db_index=True)
    as_of = BigIntegerField(default=0)
    day = CharField(max_length=10, default="")
    chosen = TextField(default="{}")
    regions = TextField(default="[]")
    content = CharField(max_length=64, default="")
    report = CharField(max_length=64, default="")
    digest = CharField(max_length=64, default="")
    counts = TextField(default="{}")
    held = IntegerField(default=0)
    drawers = TextField(default="[]")
    by = CharField(max_length=64, default="")
    drawn_at = CharField(max_length=27, default="")
    approved_by = CharField(max_length=64, default="")
    approved_at = CharField(max_length=27, default="")
    published_by = CharField(max_length=64, default="")
    published_at = CharField(max_length=27, default="")
    withdrawn_at = CharField(max_length=27, default="")
    why = TextField(default="")
    seq = BigIntegerField(default=0)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["state", "region_code"], name="release_live")]
