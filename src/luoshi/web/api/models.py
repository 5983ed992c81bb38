"""How often each token was used in the minute that runs, and when last."""

from __future__ import annotations

from django.db import models
from django.db.models import CharField, IntegerField


class Use(models.Model):
    """``token`` is its id; ``minute`` the one that is counted (``2026-03-05T01:02``), ``last_at`` a moment; text as in the ledger."""

    token = CharField(max_length=64, primary_key=True)
    minute = CharField(max_length=16, default="")
    count = IntegerField(default=0)
    last_at = CharField(max_length=27, default="")
