"""The tables of linking: what a document is linked with, the ends of its targets, what persons settled.

``Link``, ``Linking`` and ``LinkChange`` are no folds: they follow from the documents, their facts and the settlements in force, and are made
again from these (``ledger.linking``). ``Settlement`` is a fold of entries.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import BigIntegerField, BooleanField, CharField, FloatField, IntegerField, TextField


class Settlement(models.Model):
    """What a person said once: that two names are one thing or not (``identity``), or which verdict a doubtful target has (``verdict``).

    ``first`` and ``second`` are names as linking compares them; ``target`` the fact of the target, ``basis`` the fact that it was judged by then.
    """

    id = CharField(max_length=64, primary_key=True)
    kind = CharField(max_length=12, default="")
    first = CharField(max_length=300, default="")
    second = CharField(max_length=300, default="")
    same = BooleanField(default=False)
    target = CharField(max_length=64, default="", db_index=True)
    verdict = CharField(max_length=16, default="")
    basis = CharField(max_length=64, default="")
    note = TextField(default="")
    region_code = CharField(max_length=64, default="")
    by = CharField(max_length=64, default="")
    at = CharField(max_length=27, default="")
    live = BooleanField(default=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["kind", "first", "second"], name="settlement_names")]


class LinkChange(models.Model):
    """A document whose text, facts or settlements changed with the entry ``seq``, and whose links were not looked at since."""

    id = CharField(max_length=64, primary_key=True)
    seq = BigIntegerField(default=0)


class Linking(models.Model):
    """A document as linking knows it: whose it is, ``first`` to ``last`` the years that it speaks of, ``earliest`` to ``latest`` those of the
    documents that its targets may end in. Its links are to be made again while ``done`` is less than ``wanted``."""

    id = CharField(max_length=64, primary_key=True)
    place = CharField(max_length=120, default="")
    region_code = CharField(max_length=64, default="", db_index=True)
    level = CharField(max_length=12, default="")
    kind = CharField(max_length=12, default="")
    first = IntegerField(default=0)
    last = IntegerField(default=0)
    earliest = IntegerField(default=0)
    latest = IntegerField(default=0)
    looks_up = BooleanField(default=False)
    wanted = IntegerField(default=0)
    done = IntegerField(default=0)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["place", "first"], name="linking_place"),
            models.Index(fields=["looks_up"], name="linking_up"),
        ]


class Link(models.Model):
    """The end of one target. ``core`` is its name as linking compares it, ``judged`` the verdict by the rules, ``verdict`` the one in force;
    ``doubtful`` where others may be defended, ``data`` the whole outcome."""

    id = CharField(max_length=64, primary_key=True)
    document = CharField(max_length=64, default="")
    ordinal = IntegerField(default=0)
    fact = CharField(max_length=64, default="", db_index=True)
    place = CharField(max_length=120, default="")
    region_code = CharField(max_length=64, default="")
    level = CharField(max_length=12, default="")
    kind = CharField(max_length=8, default="")
    name = CharField(max_length=300, default="")
    core = CharField(max_length=300, default="", db_index=True)
    answer = CharField(max_length=300, default="")
    indicator_id = CharField(max_length=80, default="", db_index=True)
    field = CharField(max_length=20, default="")
    year = IntegerField(null=True)
    verdict = CharField(max_length=16, default="")
    judged = CharField(max_length=16, default="")
    why = CharField(max_length=24, default="")
    likely = BooleanField(default=False)
    doubtful = BooleanField(default=False)
    settled = BooleanField(default=False)
    distance = FloatField(null=True)
    result_document = CharField(max_length=64, default="", db_index=True)
    result_fact = CharField(max_length=64, default="", db_index=True)
    data = TextField(default="{}")

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["document", "ordinal"], name="link_document"),
            models.Index(fields=["region_code", "year", "verdict"], name="link_record"),
            models.Index(fields=["indicator_id", "year"], name="link_indicator"),
            models.Index(fields=["likely", "settled"], name="link_likely"),
        ]
