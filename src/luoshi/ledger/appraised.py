"""The tables of appraisals: schemes as they were used, appraisals, the score of each unit whole, marks and values brought in, objections."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import BigIntegerField, BooleanField, CharField, IntegerField, TextField


def _ref() -> CharField[str, str]:
    return CharField(max_length=64, default="", db_index=True)


def _word(length: int = 64) -> CharField[str, str]:
    return CharField(max_length=length, default="")


class SchemeFile(models.Model):
    """A version of a scheme as it stands in the ledger; ``id`` is ``A12@1``. ``current``: new appraisals are drawn up under it."""

    id = CharField(max_length=64, primary_key=True)
    key = CharField(max_length=20, default="", db_index=True)
    version = IntegerField(default=1)
    text = TextField(default="")
    own = BooleanField(default=False)
    current = BooleanField(default=True)
    at = _word(27)
    by = _ref()


class Appraisal(models.Model):
    """An appraisal of units, places or enterprises under a scheme for a period. ``state`` drawn, announced, final or withdrawn.

    ``scheme`` the id of the scheme's version; ``kind`` the mechanism (M04 …); ``until`` the last day of objections; ``scorers`` the accounts
    that drew it up, brought values or gave marks, who decide no objection; ``about`` what holds for the whole (rounding, ties, group titles).
    """

    id = CharField(max_length=64, primary_key=True)
    title = _word(200)
    scheme = _ref()
    kind = _word(12)
    region_code = _ref()
    period = _word(12)
    first = _word(10)
    last = _word(10)
    state = CharField(max_length=12, default="drawn", db_index=True)
    until = _word(10)
    scorers = TextField(default="[]")
    about = TextField(default="{}")
    subjects = IntegerField(default=0)
    scored = IntegerField(default=0)
    drawn_at = _word(27)
    by = _ref()
    announced_at = _word(27)
    announced_by = _ref()
    final_at = _word(27)
    final_by = _ref()
    why = TextField(default="")
    seq = BigIntegerField(default=0)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["region_code", "kind", "last"], name="appraisal_list")]


class Score(models.Model):
    """The score of a subject, whole: ``given`` the values with their entries, ``score`` the lines with rules and arithmetic (both JSON).

    ``points`` as text so that no digit is lost, empty where there is none and ``why`` says why; ``place`` among ``among`` in the group
    ``peers``; ``unit`` the organisation, where it is one; ``changed``: corrected after it was announced.
    """

    id = CharField(max_length=64, primary_key=True)
    appraisal = _ref()
    subject = _ref()
    unit = _ref()
    name = _word(300)
    peers = _word(40)
    points = _word(40)
    place = IntegerField(null=True)
    among = IntegerField(default=0)
    grade = _word(20)
    why = TextField(default="")
    given = TextField(default="{}")
    score = TextField(default="{}")
    changed = BooleanField(default=False)
    seq = BigIntegerField(default=0)


class Objection(models.Model):
    """An objection to a score. ``state`` open, upheld, rejected; ``change`` what was corrected: input, before, after, points before and after."""

    id = CharField(max_length=64, primary_key=True)
    appraisal = _ref()
    subject = _ref()
    line = _word(40)
    text = TextField(default="")
    kept = TextField(default="[]")
    state = CharField(max_length=12, default="open", db_index=True)
    by = _ref()
    at = _word(27)
    decided_by = _ref()
    decided_at = _word(27)
    words = TextField(default="")
    change = TextField(default="{}")
    seq = BigIntegerField(default=0)
