"""What if: an appraisal as it was recorded beside what the same period gives under another scheme, or another year's."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import msgspec
from django.conf import settings

from luoshi.appraise.compare import Compared, what_if
from luoshi.appraise.given import Given, Subject
from luoshi.appraise.scheme import Input, Scheme
from luoshi.desk.appraisal.counting import Counting, count
from luoshi.desk.appraisal.period import period_of
from luoshi.desk.appraisal.ruling import all_schemes, scheme_for
from luoshi.desk.appraisal.scoring import outcome_of, rows_of, subject_of
from luoshi.ledger.appraised import Appraisal
from luoshi.ledger.store import Clock, now


def others(appraisal: Appraisal) -> list[Scheme]:
    """The schemes under which the appraisal may be looked at: for the same kind of subject, its own left out."""
    own = scheme_for(appraisal.scheme)
    return [one for one in all_schemes() if one.subject == own.subject and one.id != own.id]


def what_if_under(appraisal: Appraisal, key: str, *, clock: Clock = now) -> Compared:
    """The appraisal under another scheme. Values that were recorded are used as they are; what the other scheme counts besides is counted now."""
    own, other = scheme_for(appraisal.scheme), scheme_for(key)
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
