"""What waits to be sent, what was told, by which channels and to whom. Work and addresses, not record: nothing here is folded from entries.

Ids and moments are text, as in the ledger.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import BigIntegerField, BooleanField, CharField, IntegerField, TextField


class Notice(models.Model):
    """A notice on somebody's page. ``message`` is the message as JSON."""

    account = CharField(max_length=64)
    key = CharField(max_length=120)
    kind = CharField(max_length=12)
    message = TextField()
    at = CharField(max_length=27, db_index=True)
    read_at = CharField(max_length=27, default="")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["account", "key"], name="notice_once")]
        indexes: ClassVar = [models.Index(fields=["account", "read_at"], name="notice_unread")]


class Letter(models.Model):
    """A message on its way out by one channel. ``id`` follows from channel, reader and key, so that none is written twice.

    ``state``: waiting, sending (by ``holder``, until ``until``), sent, merged (into another), given-up. ``doubts``: how often it may have
    arrived without our knowing. What was sent keeps no text.
    """

    id = CharField(max_length=64, primary_key=True)
    channel = CharField(max_length=64)
    account = CharField(max_length=64, default="")
    kind = CharField(max_length=12)
    urgent = BooleanField(default=False)
    due = CharField(max_length=10, default="")
    message = TextField(default="")
    made_at = CharField(max_length=27, db_index=True)
    after = CharField(max_length=27, default="")
    state = CharField(max_length=12, default="waiting")
    holder = CharField(max_length=64, default="")
    until = CharField(max_length=27, default="")
    attempts = IntegerField(default=0)
    doubts = IntegerField(default=0)
    tried_at = CharField(max_length=27, default="")
    reason = CharField(max_length=40, default="")
    said = CharField(max_length=300, default="")
    #: the letter that this one went into
    into = CharField(max_length=64, default="", db_index=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["state", "channel", "made_at"], name="letter_waiting"),
            models.Index(fields=["channel", "tried_at"], name="letter_tried"),
            models.Index(fields=["account", "state"], name="letter_account"),
        ]


class Turn(models.Model):
    """Who sends by a channel just now, and until when nobody may, because the remote asked for it."""

    channel = CharField(max_length=64, primary_key=True)
    holder = CharField(max_length=64, default="")
    until = CharField(max_length=27, default="")
    shut_until = CharField(max_length=27, default="")


class Mark(models.Model):
    """How far something has come in the entries of the ledger: ``seq`` is the number of the last one that was told."""

    id = CharField(max_length=40, primary_key=True)
    seq = BigIntegerField(default=0)


class Channel(models.Model):
    """A robot that an administrator has entered; address and secret are sealed."""

    id = CharField(max_length=64, primary_key=True)
    kind = CharField(max_length=12)
    name = CharField(max_length=100)
    on = BooleanField(default=True)
    url = TextField(default="")
    secret = TextField(default="")
    options = TextField(default="{}")
    changed_at = CharField(max_length=27, default="")


class Contact(models.Model):
    """Where somebody may be written to, and how they want it; ``id`` is the account's.

    Nothing is sent to an address before it is ``confirmed``, but the letter with the ``code`` (its SHA-256 with the account) that confirms it;
    ``tries`` counts wrong ones.
    """

    id = CharField(max_length=64, primary_key=True)
    email = CharField(max_length=320, default="")
    mail = BooleanField(default=True)
    digest = BooleanField(default=True)
    confirmed = BooleanField(default=False)
    code = CharField(max_length=64, default="")
    code_at = CharField(max_length=27, default="")
    tries = IntegerField(default=0)
