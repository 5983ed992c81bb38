"""The bulletin of a month or quarter, and a leader's page: counted from the matters as they stood, each number by the same rule as its parts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

import msgspec
from django.conf import settings

from luoshi.desk.actor import Actor
from luoshi.desk.done import NotFound
from luoshi.desk.papers.appraised import race_of
from luoshi.desk.papers.past import Period, Then, period_of, stood
from luoshi.desk.papers.templates import Paper, checked_number, made, made_book, named_office
from luoshi.desk.rights import require
from luoshi.errors import NotDrawn
from luoshi.ledger import models
from luoshi.ledger.called import names_of
from luoshi.ledger.matters import seen
from luoshi.ledger.places import tree
from luoshi.ledger.scope import Scope
from luoshi.ledger.store import Clock, now
from luoshi.ledger.veiling import tells_of_persons, titles_of
from luoshi.loop import timing
from luoshi.loop.clock import day_of, end_of_day, overdue_days
from luoshi.loop.matter import Ticking
from luoshi.publish.chart import draw_png
from luoshi.publish.chart.loop import UnitLights, lights_chart
from luoshi.publish.papers import Picture, Values, day_words, ordinal

#: so many that fall due next are listed; all are counted
MOST_DUE: Final = 20
#: so many units are drawn in a paper, those with most first
_DRAWN: Final = 15
_NOBODY: Final = "未明确牵头单位"
#: what a leader's page has room for
_BRIEF: Final = 4
_BRIEF_TITLE: Final = 22
_BRIEF_WHY: Final = 26
_SOON: Final = 14


class Counted(msgspec.Struct):
    """Counts of some matters: by state, and of those that live by light."""

    total: int = 0
    live: int = 0
    hung: int = 0
    closed: int = 0
    ended: int = 0
    green: int = 0
    middle: int = 0
    red: int = 0
    dark: int = 0
    overdue: int = 0

    def add(self, state: str, light: str, *, late: bool) -> None:
        self.total += 1
        setattr(self, state, getattr(self, state) + 1)
        if state == "live":
            setattr(self, light, getattr(self, light) + 1)
        self.overdue += late

    def told(self) -> dict[str, int]:
        return msgspec.structs.asdict(self)


class Asked(msgspec.Struct, frozen=True):
    """What bulletin is wanted: of a month (``2026-03``) or quarter (``2026-Q1``), of a region with all below it, with which number and words.

    ``race``: the places of the horse race and by which ``scheme``, where they are not those that the appraisal has announced.
    """

    period: str
    region: str = ""
    number: str = ""
    text: str = ""
    race: tuple[Mapping[str, Any], ...] = ()
    scheme: str = ""


def bulletin(actor: Actor, asked: Asked, scope: Scope, *, clock: Clock = now) -> Paper:
    """The bulletin of a month or a quarter. Raises ``DoesNotAdd`` where its numbers do not add up."""
    values, found = bulletin_values(actor, asked, scope, clock=clock)
    return made("bulletin", values, _name(asked, found))


def bulletin_book(actor: Actor, asked: Asked, scope: Scope, *, clock: Clock = now) -> Paper:
    """The bulletin's tables as a workbook."""
    values, found = bulletin_values(actor, asked, scope, clock=clock, drawn=False)
    return made_book("bulletin", values, _name(asked, found))


def _name(asked: Asked, found: Period) -> str:
    return "-".join(("督查通报", *([tree().short(asked.region)] if asked.region else []), found.title))


def bulletin_values(actor: Actor, asked: Asked, scope: Scope, *, clock: Clock = now, drawn: bool = True) -> tuple[Values, Period]:
    """What the bulletin says, and of which period. Who reads it is told nothing of matters that stay inside."""
    require(actor, "papers")
    zone, at = ZoneInfo(settings.TIME_ZONE), clock()
    found = period_of(asked.period, day_of(at, zone))
    if asked.region and asked.region not in {code for code, _ in regions(scope)}:
        raise NotFound("没有这个地区的督办事项", where=asked.region[:40], remedy="请从列出的地区里选")
    thens = stood(scope, found.until, regions=tree().subtree(asked.region) if asked.region else None, now=at)
    end = min(end_of_day(found.until, zone), at)
    office = named_office()
    whole, units, mechanisms = _counted(thens, end)
    dues = _dues(thens, found, end, zone)
    race, scheme = (asked.race, asked.scheme) if asked.race else race_of(actor, found.key, asked.region or actor.region, scope)
    values: dict[str, Any] = {
        "office": office, "mark": f"{office}文件" if office else "", "number": checked_number(asked.number), "text": asked.text,
        "day": day_words(day_of(at, zone).isoformat()), "period": found.title, "until": day_words(found.until.isoformat()), **whole.told(),
        "newly_closed": _within(thens, found, zone, "closed"), "newly_filed": _within(thens, found, zone, "opened"), "units": units,
        "mechanisms": mechanisms, "reds": _reds(thens, end), "race": list(race), "scheme": scheme, "dues": dues[:MOST_DUE],
        "dues_total": len(dues), "dues_shown": min(len(dues), MOST_DUE), "dues_head": f"{'五' if race else '四'}、下期到期事项",
        "chart": _picture(found, units) if drawn else None,
    }  # fmt: skip
    return values, found


def _light_of(then: Then) -> str:
    """The light of a matter as bulletins count it: the best, the worst, those between, or none."""
    light, colours = then.matter.lights.whole, then.rules.lights.colours
    if light == "none":
        return "dark"
    return "green" if light == colours[0].key else "red" if light == colours[-1].key else "middle"


def _late(then: Then, end: datetime) -> list[Ticking]:
    """The clocks of a live matter whose time was out, the one that is out longest first."""
    if then.matter.state != "live":
        return []
    return sorted(
        (clock for clock in then.matter.clocks if clock.runs and clock.paused is None and clock.due < end), key=lambda clock: clock.due
    )


def _counted(thens: Sequence[Then], end: datetime) -> tuple[Counted, list[dict[str, Any]], list[dict[str, Any]]]:
    whole, units, mechanisms = Counted(), dict[str, Counted](), dict[str, Counted]()
    for one in thens:
        told = (one.matter.state, _light_of(one))
        for counted in (whole, units.setdefault(_unit(one), Counted()), mechanisms.setdefault(one.matter.mechanism, Counted())):
            counted.add(*told, late=bool(_late(one, end)))
    names = names_of(units)
    order = sorted(units, key=lambda key: (-units[key].total, names.get(key, _NOBODY)))
    rows = [{"n": n, "name": names.get(key, _NOBODY), **units[key].told()} for n, key in enumerate(order, 1)]
    titles = {one.matter.mechanism: one.rules.mechanism.title.zh for one in thens}
    return whole, rows, [{"n": n, "name": titles[key], **mechanisms[key].told()} for n, key in enumerate(sorted(mechanisms), 1)]


def _unit(then: Then) -> str:
    """The first unit that led it then."""
    parts = then.matter.parts
    return next(iter(parts.get("lead", ())), "") or next((held[0] for part, held in parts.items() if part != "leader" and held), "")


def _within(thens: Sequence[Then], period: Period, zone: ZoneInfo, moment: str) -> int:
    """How many were filed, or closed, in the period."""
    days = [getattr(one.matter, moment) for one in thens if moment == "opened" or one.matter.state == "closed"]
    return sum(1 for at in days if at is not None and period.first <= day_of(at, zone) <= period.last)


def _reds(thens: Sequence[Then], end: datetime, *, inside: bool = False) -> list[dict[str, Any]]:
    """The matters with the worst light then, the latest first, each with its reason in the words of the rule."""
    red = [one for one in thens if one.matter.state == "live" and _light_of(one) == "red"]
    red.sort(key=lambda one: (_late(one, end)[0].due if _late(one, end) else end, one.row.number))
    titles, units = _titles(red, inside=inside), names_of({_unit(one) for one in red})
    return [
        {
            "n": n, "matter": one.row.number, "title": titles.get(one.row.id, ""), "unit": units.get(_unit(one), _NOBODY), "why": _why(one, end),
            "late": _days(one, end) or None,
        } for n, one in enumerate(red, 1)
    ]  # fmt: skip


def _titles(thens: Sequence[Then], *, inside: bool = False) -> dict[str, str]:
    """Titles as they may leave the office: of what somebody complained of no more than under which mechanism it runs.

    ``inside``: they do not leave it, and what is personal is masked.
    """
    titles = titles_of([one.row.id for one in thens])
    if inside:
        return titles
    return titles | {one.row.id: f"{one.rules.mechanism.title.zh}事项" for one in thens if tells_of_persons(one.rules.mechanism)}


def _days(then: Then, end: datetime) -> int:
    late = _late(then, end)
    return max(overdue_days(late[0].due, end, then.rules.zone), 0) if late else 0


def _why(then: Then, end: datetime) -> str:
    rule, lights = then.rules.lights, then.matter.lights
    lit = [key for name, key in sorted(lights.why.items()) if name != "whole" and getattr(lights, name, "") not in (rule.best, "none")]
    lit = lit or [key for name, key in lights.why.items() if name == "whole"]
    told = "；".join(dict.fromkeys(rule.reason(key).zh for key in lit))
    late = _late(then, end)
    days = _days(then, end)
    return f"{told}（{_step(then, late[0])}逾期{days}天）" if late and days else told


def _step(then: Then, clock: Ticking) -> str:
    declared = then.rules.mechanism.clock(clock.key) or timing.rhythm_of(then.rules, clock.key)
    return declared.title.zh if declared else ""


def _dues(thens: Sequence[Then], period: Period, end: datetime, zone: ZoneInfo) -> list[dict[str, Any]]:
    """What falls due until the period after is over (of a period that runs: in what is left of it too), each matter once, by its first date."""
    return _falling(thens, end, end_of_day(period.next_last, zone), zone)


def _falling(thens: Sequence[Then], begin: datetime, until: datetime, zone: ZoneInfo, *, inside: bool = False) -> list[dict[str, Any]]:
    found = []
    for one in thens:
        duty = {part.key for part in one.rules.mechanism.parts if part.held == "duty"}
        clocks = [
            clock
            for clock in one.matter.clocks
            if clock.runs and clock.paused is None and clock.owner in duty and begin < clock.due <= until
        ]
        if one.matter.state == "live" and clocks:
            found.append((min(clocks, key=lambda clock: (clock.due, clock.key)), one))
    found.sort(key=lambda pair: (pair[0].due, pair[1].row.number))
    titles, units = _titles([one for _, one in found], inside=inside), names_of({_unit(one) for _, one in found})
    return [
        {
            "n": n, "day": day_words(day_of(clock.due, zone).isoformat()), "matter": one.row.number, "title": titles.get(one.row.id, ""),
            "unit": units.get(_unit(one), _NOBODY), "step": _step(one, clock),
        } for n, (clock, one) in enumerate(found, 1)
    ]  # fmt: skip


def _picture(period: Period, units: Sequence[Mapping[str, Any]]) -> Picture | None:
    """The lights by unit as a picture; none where this machine cannot draw Chinese."""
    lit = [one for one in units if one["live"]][:_DRAWN]
    if not lit:
        return None
    chart = lights_chart(f"{period.title}各单位亮灯", unit_lights(lit))
    try:
        return Picture(draw_png(chart, 2.0, fonts=settings.LUOSHI.data / "fonts"), f"{period.title}各单位亮灯")
    except NotDrawn:
        return None


def unit_lights(units: Sequence[Mapping[str, Any]]) -> list[UnitLights]:
    """Units for a chart of lights."""
    return [UnitLights(one["name"], {key: one[key] for key in ("green", "middle", "red", "dark")}) for one in units]


# --- a leader's page


def brief(actor: Actor, scope: Scope, *, posts: frozenset[str] = frozenset(), who: str = "", clock: Clock = now) -> Paper:
    """One page for a leader: of the matters that these posts lead, or of all that the scope sees where none is given."""
    require(actor, "papers")
    zone, at = ZoneInfo(settings.TIME_ZONE), clock()
    day = day_of(at, zone)
    thens = [one for one in stood(scope, day, now=at) if one.matter.state == "live" and _led(one, posts)]
    whole, _, _ = _counted(thens, at)
    reds, waits = _brief_reds(thens, at), _waits(thens)
    dues = _falling(thens, at, end_of_day(day + timedelta(days=_SOON), zone), zone, inside=True)
    values: dict[str, Any] = {
        "office": named_office(), "day": day_words(day.isoformat()), "leader": who, "total": whole.live, "green": whole.green,
        "dark": whole.dark, "middle": whole.middle, "red": whole.red, "overdue": whole.overdue, "waiting": len(waits), "reds": _short(reds),
        "reds_left": max(len(reds) - _BRIEF, 0), "waits": _short(waits), "waits_left": max(len(waits) - _BRIEF, 0), "dues": _short(dues),
        "dues_left": max(len(dues) - _BRIEF, 0), "waits_head": f"{ordinal(1 + bool(reds))}、等您决定",
        "dues_head": f"{ordinal(1 + bool(reds) + bool(waits))}、两周内到期",
    }  # fmt: skip
    return made("brief", values, f"一页简报-{day.isoformat()}")


def _short(rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The first of the rows as they fit one page."""
    return [
        {
            **row,
            "title": _cut(row["title"], _BRIEF_TITLE),
            "why": _cut(row.get("why", ""), _BRIEF_WHY),
            "day": str(row.get("day", "")).partition("年")[2],
        }
        for row in rows[:_BRIEF]
    ]


def _cut(words: str, most: int) -> str:
    return words if len(words) <= most else f"{words[: most - 1]}…"


def _led(then: Then, posts: frozenset[str]) -> bool:
    return not posts or not posts.isdisjoint(then.matter.parts.get("leader", ()))


def _brief_reds(thens: Sequence[Then], at: datetime) -> list[dict[str, Any]]:
    by_number = {one.row.number: one for one in thens}
    return [{**row, "turn": _turn(by_number[row["matter"]])} for row in _reds(thens, at, inside=True)]


def _turn(then: Then) -> str:
    part = then.rules.mechanism.part(then.rules.mechanism.stage(then.matter.stage).turn)
    return part.title.zh if part else ""


def _waits(thens: Sequence[Then]) -> list[dict[str, Any]]:
    """Those in which it is a leader's turn."""
    waiting = [one for one in thens if _leads(one)]
    titles, units = _titles(waiting, inside=True), names_of({_unit(one) for one in waiting})
    return [
        {
            "title": titles.get(one.row.id, ""),
            "unit": units.get(_unit(one), _NOBODY),
            "stage": one.rules.mechanism.stage(one.matter.stage).title.zh,
        }
        for one in waiting
    ]


def _leads(then: Then) -> bool:
    mechanism = then.rules.mechanism
    part = mechanism.part(mechanism.stage(then.matter.stage).turn)
    return part is not None and part.role == "leader"


def regions(scope: Scope) -> list[tuple[str, str]]:
    """The regions of which there may be a bulletin, by code with their names: those with matters that the scope sees, and those above several."""
    known = tree()
    codes = set(seen(models.Matter.objects.exclude(region_code=""), scope).values_list("region_code", flat=True).distinct())
    within = scope.item_regions
    above = Counter(one for code in codes for one in known.ancestors(code) if within is None or one in within)
    codes |= {code for code, count in above.items() if count > 1}
    return [(code, known.name(code) or code) for code in sorted(codes)]


def first_filed(scope: Scope) -> date | None:
    """The day on which the first matter was filed that the scope sees; from then on there are bulletins."""
    at = seen(models.Matter.objects.exclude(opened_at=""), scope).order_by("opened_at").values_list("opened_at", flat=True).first()
    return day_of(datetime.fromisoformat(at), ZoneInfo(settings.TIME_ZONE)) if at else None
