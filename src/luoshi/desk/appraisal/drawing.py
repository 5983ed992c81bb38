"""Drawing up an appraisal: who is scored in which peer group, values from the ledger and from earlier appraisals, scores, all kept whole."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any, Final
from zoneinfo import ZoneInfo

import msgspec
from django.conf import settings

from luoshi.appraise.forbidden import refuse
from luoshi.appraise.given import Given, Ref, Subject
from luoshi.appraise.peers import peers_of
from luoshi.appraise.scheme import Scheme
from luoshi.appraise.scoring import appraise
from luoshi.desk.actor import Actor
from luoshi.desk.appraisal.counting import Counting, count, units_with_matters
from luoshi.desk.appraisal.keeping import units_among, with_brought
from luoshi.desk.appraisal.period import Period, period_of
from luoshi.desk.appraisal.ruling import kept, scheme_for
from luoshi.desk.appraisal.scoring import put, rows_of, scored
from luoshi.desk.done import Conflict, Done, NotFound, WrongValue
from luoshi.desk.rights import require
from luoshi.ledger import models
from luoshi.ledger.appraised import Appraisal, Score
from luoshi.ledger.called import names_of
from luoshi.ledger.entry import Draft
from luoshi.ledger.ids import ident
from luoshi.ledger.scope import Scope
from luoshi.ledger.store import Clock, Writer, now, writing

_LONGEST: Final = 200
#: so many subjects at most; a city's enterprises are fewer
MOST: Final = 20_000
#: so many days an announced appraisal may be objected to, as it is proposed. Luoshi's own default: 本系统缺省，请本单位核定
DAYS: Final = 5


class Wanted(msgspec.Struct, frozen=True):
    """What is to be drawn up: the scheme (``A12``), the period (``2026-Q1``), the region, the peer group of each unit, and a title."""

    scheme: str
    period: str
    region: str
    groups: Mapping[str, str] = {}
    title: str = ""


class Candidate(msgspec.Struct, frozen=True):
    """A unit that may be scored: its id, its name, the group that it had last time or that its name suggests."""

    id: str
    name: str
    group: str


def seen_region(region: str, scope: Scope) -> bool:
    """Whether appraisals of this region are for whoever has this scope."""
    return scope.item_regions is None or region in scope.item_regions


def candidates(scheme: Scheme, period: str, region: str, scope: Scope, *, clock: Clock = now) -> list[Candidate]:
    """The units with matters in the period, with their groups; none where the subjects come with a table."""
    if scheme.subject != "unit" or not seen_region(region, scope):
        return []
    counting = Counting(_fitting(scheme, period), ZoneInfo(settings.TIME_ZONE), clock())
    units = units_with_matters(region, counting)
    names, last = names_of(units), _last_groups(scheme, region)
    return sorted(
        (Candidate(unit, names.get(unit, unit), last.get(unit) or peers_of(scheme, names.get(unit, ""))) for unit in units), key=_by_group
    )


def _by_group(one: Candidate) -> tuple[str, str]:
    return one.group, one.name


def _last_groups(scheme: Scheme, region: str) -> dict[str, str]:
    """The groups that units had in the last appraisal of the region under a scheme with the same groups."""
    keys = {group.key for group in scheme.groups}
    for row in Appraisal.objects.filter(region_code=region).exclude(state="withdrawn").order_by("-seq")[:10]:
        found = dict(Score.objects.filter(appraisal=row.id).exclude(unit="").values_list("unit", "peers"))
        if found and set(found.values()) <= keys | {""}:
            return found
    return {}


def _fitting(scheme: Scheme, key: str) -> Period:
    """The period; raises ``WrongValue`` where the scheme is for another kind."""
    period = period_of(key)
    if period.kind != scheme.period:
        said = {"month": "月", "quarter": "季度", "half": "半年", "year": "年度"}[scheme.period]
        raise WrongValue(f"{scheme.title.zh}按{said}考核，“{key}”不是", where="period", remedy=f"请填{said}，或换一个方案")
    return period


def draw_up(actor: Actor, wanted: Wanted, scope: Scope, *, clock: Clock = now) -> Done:
    """Draws up an appraisal. Units come from the ledger; places and enterprises come with a table afterwards (``bringing.bring``).

    Raises ``ForbiddenScheme`` where the scheme scores what must not be scored.
    """
    require(actor, "score.draw")
    scheme = scheme_for(wanted.scheme)
    refuse(scheme)
    period = _fitting(scheme, wanted.period)
    if not seen_region(wanted.region, scope) or not wanted.region:
        raise NotFound("没有这个地区，或不在您能看的范围内", where="region", remedy="请选本单位所在的地区")
    zone, at = ZoneInfo(settings.TIME_ZONE), clock()
    counting = Counting(period, zone, at)
    if counting.until <= counting.since:
        raise WrongValue("这个期间还没有开始", where="period", remedy="请填已经开始的期间")
    subjects = _subjects(scheme, wanted, counting)
    units = frozenset(one.id for one in subjects)
    title = " ".join(wanted.title.split())[:_LONGEST] or titled(period.said, scheme.title.zh)
    with writing(clock=clock) as writer:
        key, before = _key(writer, ("ap", wanted.region, scheme.id, str(scheme.version), period.key, title))
        if before is not None and before["state"] in {"announced", "final"}:
            raise Conflict("这次考核已经公示，不能重新拟定", where=title, remedy="有差错的请先撤销，或通过异议更正")
        # read when nobody else can write: a table may have come a moment ago
        subjects = with_brought(scheme, subjects, rows_of(key) if before is not None else (), wanted.region, counting)
        head = {
            "title": title, "scheme": kept(writer, actor, scheme), "kind": scheme.for_, "region_code": wanted.region, "period": period.key,
            "first": period.first.isoformat(), "last": period.last.isoformat(), "about": about_of(scheme, subjects),
        }  # fmt: skip
        made = [writer.append(actor.id, Draft("score.draw", key, head))]
        put(writer, actor.id, key, scored(scheme, subjects, units if scheme.subject == "unit" else units_among(subjects)))
        return Done.of(made)


def titled(period: str, scheme: str) -> str:
    """The title of an appraisal: the period and the scheme, with what both say said once.

    >>> titled("2026年度", "年度考核"), titled("2026年一季度", "季度考核"), titled("2026年3月", "月度评估")
    ('2026年度考核', '2026年一季度考核', '2026年3月月度评估')
    """
    shared = next((size for size in range(min(len(period), len(scheme)), 1, -1) if period[-size:] == scheme[:size]), 0)
    return period + scheme[shared:]


def _key(writer: Writer, parts: tuple[str, ...]) -> tuple[str, dict[str, Any] | None]:
    """The id under which it is drawn up, and what stands there: what was withdrawn stays on record as it was, objections and all."""
    key, count = ident(*parts), 1
    while (before := writer.get("appraisal", key)) is not None and before["state"] == "withdrawn":
        count += 1
        key = ident(*parts, str(count))
    return key, before


def about_of(scheme: Scheme, subjects: Sequence[Subject]) -> dict[str, Any]:
    """What holds for the whole appraisal, in words, so that a page needs no scheme for it."""
    outcome = appraise(scheme, subjects)
    return {
        "rounding": outcome.rounding, "rounding_source": scheme.rounding.source, "ties": outcome.ties, "ties_source": scheme.ranking.source,
        "scheme": msgspec.to_builtins(scheme.title), "groups": {one.key: msgspec.to_builtins(one.title) for one in scheme.groups},
        "full": {one.key: None if one.full is None else str(one.full) for one in scheme.groups},
        "grades": [one.key for one in scheme.grades.grades] if scheme.grades else [], "grades_source": scheme.grades.source if scheme.grades else "",
    }  # fmt: skip


def _subjects(scheme: Scheme, wanted: Wanted, counting: Counting) -> list[Subject]:
    """The units that are to be scored, with what the ledger and earlier appraisals say of them."""
    if scheme.subject != "unit":
        return []
    keys = {group.key for group in scheme.groups}
    wrong = sorted({group for group in wanted.groups.values() if group and group not in keys})
    if wrong:
        raise WrongValue(f"方案里没有这一组：{'、'.join(wrong)}", where="groups", remedy=f"请选：{'、'.join(sorted(keys))}")
    units = [unit for unit, group in wanted.groups.items() if group or not keys]
    names = names_of(units)
    known = dict(models.Organisation.objects.filter(pk__in=units).values_list("id", "region_code"))
    unknown = [unit for unit in units if unit not in names or unit not in known]
    if unknown:
        raise WrongValue("没有这个单位", where=unknown[0][:40], remedy="请从一览里选")
    # a unit of another place is scored only for what it leads here, as those that are run from above do
    foreign = {unit for unit in units if known[unit] != wanted.region}
    if strange := sorted(foreign - set(units_with_matters(wanted.region, counting) if foreign else ())):
        raise WrongValue("不是本地区的单位，这个期间也没有牵头本地区的事项", where=names[strange[0]][:40], remedy="请从一览里选")
    if not units:
        raise WrongValue("没有要考核的单位", where="groups", remedy="请给每个单位选一组；不考核的留空")
    values = count(scheme.inputs, units, wanted.region, counting)
    for unit, given in earlier(scheme, wanted.region, counting.period, units).items():
        values[unit] |= given
    return [Subject(unit, names[unit], wanted.groups.get(unit, ""), values[unit]) for unit in sorted(units)]


def earlier(scheme: Scheme, region: str, period: Period, units: Sequence[str]) -> dict[str, dict[str, Given]]:
    """The final scores of the shorter periods of the year, for a scheme that makes one of them: the inputs in order stand for the quarters."""
    inputs = [one for one in scheme.inputs if one.by == "appraisal"]
    found: dict[str, dict[str, Given]] = {unit: {} for unit in units}
    for at, one in enumerate(inputs, 1):
        titles = _finals(region, scheme.for_, f"{period.first.year}-Q{at}")
        # by the number of the entry, so that of two from times when two could be final the later counts
        scores = {score.unit: score for score in Score.objects.filter(appraisal__in=list(titles), unit__in=list(units)).order_by("seq")}
        for unit in units:
            score = scores.get(unit)
            if score is None or not score.points:
                found[unit][one.key] = Given(why="这个季度没有得分" if titles else "没有这个季度的最终结果")
            else:
                found[unit][one.key] = Given(Decimal(score.points), refs=(Ref("appraisal", score.appraisal, titles[score.appraisal]),))
    return found


def _finals(region: str, kind: str, period: str) -> dict[str, str]:
    """The titles of the final appraisals of a period by id: of one unit there is one, but an office may score its units in several."""
    found = Appraisal.objects.filter(region_code=region, kind=kind, period=period, state="final")
    return dict(found.values_list("id", "title"))


def until_of(clock: Clock, days: int = DAYS) -> str:
    """The last day of objections that is proposed."""
    return (clock().astimezone(ZoneInfo(settings.TIME_ZONE)).date() + timedelta(days=days)).isoformat()
