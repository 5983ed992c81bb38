"""What signing in needs beside the account's password, and the access log. Ids and moments are text, as in the ledger."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import BigIntegerField, BooleanField, CharField, IntegerField, TextField


class Credential(models.Model):
    """What is known of an account's password; ``id`` is the account's. No row: never set here."""

    id = CharField(max_length=64, primary_key=True)
    changed_at = CharField(max_length=27, default="")
    must_change = BooleanField(default=False)
    #: hashes of the last passwords, the one in use included, newest first; JSON
    history = TextField(default="[]")


class Failure(models.Model):
    """Attempts on one user name (whether or not there is such a user) or from one address since the last success."""

    id = CharField(max_length=80, primary_key=True)
    count = IntegerField(default=0)
    last_at = CharField(max_length=27, default="", db_index=True)
    until = CharField(max_length=27, default="")


class Identity(models.Model):
    """Which account somebody has who is known elsewhere; ``id`` follows from issuer and subject."""

    id = CharField(max_length=64, primary_key=True)
    account = CharField(max_length=64, db_index=True)
    issuer = CharField(max_length=300)
    subject = CharField(max_length=300)
    linked_at = CharField(max_length=27)


class Access(models.Model):
    """Somebody saw a page, did something there, signed in, or was refused. Never changed; removed with its batch after ``log_days``."""

    batch = BigIntegerField(db_index=True)
    place = IntegerField()
    at = CharField(max_length=27, db_index=True)
    account = CharField(max_length=64, default="")
    kind = CharField(max_length=20)
    page = CharField(max_length=60, default="")
    method = CharField(max_length=8, default="")
    subject = CharField(max_length=80, default="")
    detail = CharField(max_length=300, default="")
    status = IntegerField(default=0)
    address = CharField(max_length=64, default="")

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["account", "id"], name="access_account"),
            models.Index(fields=["subject", "id"], name="access_subject"),
            models.Index(fields=["kind", "id"], name="access_kind"),
        ]


class Batch(models.Model):
    """Rows of the access log that were written together, sealed with the batch before."""

    seq = BigIntegerField(primary_key=True)
    at = CharField(max_length=27)
    count = IntegerField()
    hash = CharField(max_length=64)


class Mark(models.Model):
    """An end of the access log's chain: ``head`` the last batch written, ``anchor`` the last one removed."""

    id = CharField(max_length=8, primary_key=True)
    seq = BigIntegerField(default=0)
    hash = CharField(max_length=64)
    at = CharField(max_length=27, default="")
