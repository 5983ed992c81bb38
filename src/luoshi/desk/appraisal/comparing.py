"""What if: an appraisal as it was recorded beside what the same period gives under another scheme, or another year's."""

from __future__ import annotations

from contextlib import suppress
from zoneinfo import ZoneInfo

import msgspec
from django.conf import settings

from luoshi.appraise.compare import Compared, what_if
from luoshi.appraise.given import Given, Subject
from luoshi.appraise.rules import schemes
from luoshi.appraise.scheme import Input, Scheme
from luoshi.desk.appraisal.counting import Counting, count
from luoshi.desk.appraisal.period import period_of
from luoshi.desk.appraisal.ruling import all_schemes, scheme_for, scheme_id
from luoshi.desk.appraisal.scoring import outcome_of, rows_of, subject_of
from luoshi.desk.done import WrongValue
from luoshi.errors import BadTable
from luoshi.ledger.appraised import Appraisal, SchemeFile
from luoshi.ledger.store import Clock, now


def others(appraisal: Appraisal) -> list[tuple[str, Scheme]]:
    """The schemes under which the appraisal may be looked at, by id: for the same kind of subject, and the other versions of its own.

    A version that is in force has the plain id (``A12``), one of another year the whole (``A12@1``).
    """
    own, current = scheme_for(appraisal.scheme), all_schemes()
    found = {scheme_id(one): (one.id, one) for one in current}
    for key in SchemeFile.objects.order_by("key", "version").values_list("id", flat=True):
        with suppress(BadTable):  # one of years ago may say what is no longer understood
            found.setdefault(key, (key, scheme_for(key)))
    for one in schemes():
        found.setdefault(scheme_id(one), (scheme_id(one), one))
    found.pop(appraisal.scheme, None)
    return sorted((one for one in found.values() if one[1].subject == own.subject), key=_by_scheme)


def _by_scheme(one: tuple[str, Scheme]) -> tuple[str, int]:
    return one[1].id, -one[1].version


def what_if_under(appraisal: Appraisal, key: str, *, clock: Clock = now) -> Compared:
    """The appraisal under another scheme. Values that were recorded are used as they are; what the other scheme counts besides is counted now."""
    own, other = scheme_for(appraisal.scheme), scheme_for(key)
    if other.subject != own.subject:
        raise WrongValue(f"“{other.title.zh}”考核的不是同一类对象", where="under", remedy="请从列出的方案里选")
    rows = rows_of(appraisal.id)
    subjects = [_as_the_other(subject_of(row), own, other) for row in rows]
    units = [row.subject for row in rows if row.unit]
    if units:
        counting = Counting(period_of(appraisal.period), ZoneInfo(settings.TIME_ZONE), clock())
        values = count(other.inputs, units, appraisal.region_code, counting)
        subjects = [msgspec.structs.replace(one, given={**values.get(one.id, {}), **one.given}) for one in subjects]
    return what_if(outcome_of(appraisal, own, rows), other, subjects)


def _as_the_other(subject: Subject, own: Scheme, other: Scheme) -> Subject:
    """The subject's values under the other scheme's keys: a value stays only where both schemes mean the same by it."""
    kept: dict[str, Given] = {}
    for wanted in other.inputs:
        same = next((one for one in own.inputs if _means(one, wanted)), None)
        if same is not None and same.key in subject.given:
            kept[wanted.key] = subject.given[same.key]
    return msgspec.structs.replace(subject, given=kept)


def _means(one: Input, other: Input) -> bool:
    """Whether two inputs mean the same: they are counted alike, or neither is counted and both have one title."""
    if one.drawn is not None or other.drawn is not None:
        return one.drawn == other.drawn
    return "".join(one.title.zh.split()) == "".join(other.title.zh.split())
