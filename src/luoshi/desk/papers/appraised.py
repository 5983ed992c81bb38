"""The notice of an appraisal, and the places of the horse race for a bulletin: out of scores that were announced or are final."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final
from zoneinfo import ZoneInfo

import msgspec
from django.conf import settings

from luoshi.desk.actor import Actor
from luoshi.desk.appraisal.period import period_of
from luoshi.desk.appraisal.ruling import scheme_for
from luoshi.desk.appraisal.scoring import rows_of, score_of
from luoshi.desk.appraisal.seeing import appraisal_for, appraisals
from luoshi.desk.done import Conflict
from luoshi.desk.papers.templates import Paper, checked_number, made, made_book, named_office
from luoshi.desk.rights import require
from luoshi.ledger.appraised import Appraisal
from luoshi.ledger.appraised import Score as Row
from luoshi.ledger.scope import Scope
from luoshi.ledger.store import Clock, now
from luoshi.loop.clock import day_of
from luoshi.publish.papers import Values, day_words

#: states in which scores may leave the office that made them
OUT: Final = ("announced", "final")
_RACE: Final = "M05"


def shown_appraisals(scope: Scope, actor: Actor) -> list[Appraisal]:
    """The appraisals of which a notice can be written: announced or final, the newest first."""
    return list(appraisals(scope, actor).filter(state__in=OUT)[:100])


def appraisal_notice(actor: Actor, key: str, scope: Scope, *, number: str = "", clock: Clock = now) -> Paper:
    """The notice of an appraisal. ``Conflict`` before it was announced; ``DoesNotAdd`` where its counts do not."""
    values, row = appraisal_values(actor, key, scope, number=number, clock=clock)
    return made("appraisal", values, f"考核通报-{row.title or row.period}")


def appraisal_book(actor: Actor, key: str, scope: Scope, *, clock: Clock = now) -> Paper:
    """Its table as a workbook."""
    values, row = appraisal_values(actor, key, scope, clock=clock)
    return made_book("appraisal", values, f"考核通报-{row.title or row.period}")


def appraisal_values(actor: Actor, key: str, scope: Scope, *, number: str = "", clock: Clock = now) -> tuple[Values, Appraisal]:
    """What the notice says, and the appraisal."""
    require(actor, "papers")
    row = appraisal_for(key, scope, actor)
    if row.state not in OUT:
        raise Conflict("这次考核还没有公示", where=row.title or key[:40], remedy="先公示，再出通报")
    scores, about = rows_of(row.id), msgspec.json.decode(row.about)
    office, day = named_office(), day_of(clock(), ZoneInfo(settings.TIME_ZONE)).isoformat()
    values: dict[str, Any] = {
        "office": office, "mark": f"{office}文件" if office else "", "number": checked_number(number), "day": day_words(day),
        "period": period_of(row.period).said, "scheme": _scheme(row, about), "total": row.subjects or len(scores), "scored": row.scored,
        "unscored": (row.subjects or len(scores)) - row.scored or None, "rule": str(about.get("ties", "")).rstrip("。"), "objection": day_words(row.until) if row.state == "announced" else "",
        "places": [_place(one, about) for one in scores],
    }  # fmt: skip
    return values, row


def _place(one: Row, about: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "group": _group(one, about), "place": one.place if one.place is not None else "", "name": one.name,
        "score": one.points or "—", "grade": one.grade, "load": _load(one), "note": "" if one.points else one.why,
    }  # fmt: skip


def _group(one: Row, about: Mapping[str, Any]) -> str:
    """The title of the group of peers, as the appraisal recorded it."""
    groups = about.get("groups", {})
    found = groups.get(one.peers) if isinstance(groups, Mapping) else None
    if isinstance(found, Mapping):
        found = found.get("zh")
    return str(found or one.peers)


def _scheme(row: Appraisal, about: Mapping[str, Any]) -> str:
    """The title of the scheme, as the appraisal recorded it."""
    return str(about.get("scheme", {}).get("zh") or scheme_for(row.scheme).title.zh)


def _load(one: Row) -> str:
    """What the subject carries, as the scheme shows it beside the score."""
    return "、".join(f"{use.value:f}" for use in score_of(one).load if use.value is not None)


def race_of(actor: Actor, period: str, region: str, scope: Scope) -> tuple[Sequence[Mapping[str, Any]], str]:
    """The places of the horse race of this region in a period, and by which scheme; nothing where none was announced.

    Without a region only where there is but one: which of several is meant nobody could tell.
    """
    found = appraisals(scope, actor).filter(kind=_RACE, period=period, state__in=OUT)
    if region:
        found = found.filter(region_code=region)
    rows = list(found[:2])
    if not rows or (len(rows) > 1 and not region):
        return (), ""
    row = rows[0]
    about = msgspec.json.decode(row.about)
    keys = ("place", "group", "name", "score", "load")
    return [{key: value for key, value in _place(one, about).items() if key in keys} for one in rows_of(row.id)], _scheme(row, about)
