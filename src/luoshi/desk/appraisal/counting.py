"""What the ledger counts for units in a period: due and done, reports, steps, lights at month-ends, work sent back, orders. Each with its entries."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final
from zoneinfo import ZoneInfo

import msgspec

from luoshi.appraise.given import Given, Ref
from luoshi.appraise.scheme import Drawn, Input
from luoshi.desk.appraisal.period import Period
from luoshi.desk.matters.ruling import rules_for
from luoshi.ledger import models
from luoshi.ledger.acts.matters import life_of
from luoshi.ledger.belonging import lineage
from luoshi.ledger.entry import moment
from luoshi.loop import clock as clocks
from luoshi.loop.matter import Matter
from luoshi.loop.rates import Order, order_of
from luoshi.loop.rules import Rules
from luoshi.loop.timing import planned

_AT_ONCE: Final = 900
_COLOURS: Final = ("green", "blue", "yellow", "orange", "red")


class _Held(msgspec.Struct):
    """What a unit had in hand in the period: its matters with their lives, and the clocks that were due."""

    matters: list[tuple[models.Matter, Matter]] = []
    clocks: list[models.Clock] = []


class Counting(msgspec.Struct, frozen=True):
    """A period to be counted, up to a moment: what is due later than now is not yet due."""

    period: Period
    zone: ZoneInfo
    now: datetime

    @property
    def since(self) -> str:
        return self.period.since(self.zone)

    @property
    def until(self) -> str:
        return min(self.period.until(self.zone), moment(self.now))

    @property
    def end(self) -> datetime:
        """The last moment that counts."""
        return min(self.period.end(self.zone), self.now)


def units_with_matters(region: str, counting: Counting) -> list[str]:
    """The units that lead a matter of the region in the period, by id. What stays inside the offices is not counted."""
    found = models.Matter.objects.filter(region_code=region, internal=False, opened_at__lt=counting.until).exclude(unit="")
    return sorted(set(_alive(found, counting).values_list("unit", flat=True)))


def _alive(found: Any, counting: Counting) -> Any:
    from django.db.models import Q

    return found.filter(Q(closed_at="") | Q(closed_at__gte=counting.since))


def count(inputs: Sequence[Input], units: Sequence[str], region: str, counting: Counting) -> dict[str, dict[str, Given]]:
    """The values of the inputs that are drawn from the ledger, by unit and key; a unit without matters has zeros, not nothing."""
    wanted = [one for one in inputs if one.drawn is not None]
    if not wanted or not units:
        return {unit: {} for unit in units}
    held = _held(units, region, counting)
    work = _Work(counting)
    return {unit: {one.key: work.given(one.drawn, held[unit]) for one in wanted if one.drawn is not None} for unit in units}


def _held(units: Sequence[str], region: str, counting: Counting) -> dict[str, _Held]:
    owner = {own: unit for unit in units for own in lineage([unit])}
    found: dict[str, _Held] = {unit: _Held() for unit in units}
    rows = models.Matter.objects.filter(region_code=region, internal=False, opened_at__lt=counting.until, unit__in=list(owner)).order_by(
        "id"
    )
    kept: dict[str, models.Matter] = {}
    for row in _alive(rows, counting):
        found[owner[row.unit]].matters.append((row, life_of(row.life)))
        kept[row.id] = row
    # a clock may be of a unit that does not lead the matter
    due = models.Clock.objects.filter(due_at__gte=counting.since, due_at__lt=counting.until, unit__in=list(owner)).exclude(state="void")
    every = list(due.order_by("due_at", "id"))
    inside = _inside({clock.item for clock in every} - set(kept), region)
    for clock in every:
        if clock.item in kept or clock.item in inside:
            found[owner[clock.unit]].clocks.append(clock)
    return found


def _inside(items: set[str], region: str) -> set[str]:
    """Those of the matters that are of the region and do not stay inside the offices."""
    found, keys = set[str](), sorted(items)
    for at in range(0, len(keys), _AT_ONCE):
        some = models.Matter.objects.filter(pk__in=keys[at : at + _AT_ONCE], region_code=region, internal=False)
        found.update(some.values_list("id", flat=True))
    return found


class _Work:
    """Works out figures; keeps the rules of the mechanisms and what was found in entries."""

    def __init__(self, counting: Counting) -> None:
        self._counting = counting
        self._rules: dict[tuple[str, int], Rules] = {}

    def rules(self, mechanism: str, version: int) -> Rules:
        key = (mechanism, version)
        if key not in self._rules:
            self._rules[key] = rules_for(mechanism, version)
        return self._rules[key]

    def current(self, mechanism: str) -> Rules:
        if (mechanism, 0) not in self._rules:
            self._rules[mechanism, 0] = rules_for(mechanism)
        return self._rules[mechanism, 0]

    def given(self, drawn: Drawn, held: _Held) -> Given:
        """The figure of a unit, with the entries that it counts."""
        if drawn.mechanisms:
            held = _Held(
                [one for one in held.matters if one[0].mechanism in drawn.mechanisms],
                [clock for clock in held.clocks if clock.mechanism in drawn.mechanisms],
            )
        figure = drawn.figure
        if figure.startswith("lights_"):
            return self._lights(held, figure.removeprefix("lights_"))
        if figure in {"progress", "planned"}:
            return self._progress(held, figure)
        if figure in {"returned", "chased"}:
            return self._acts(held, {"returned": "return", "chased": "chase"}[figure])
        if figure in _ORDERS:
            return self._orders(held, _ORDERS[figure])
        if figure == "load":
            return _counted(Ref("matter", row.id, item=row.id) for row, _ in held.matters)
        if figure in {"due", "done", "done_on_time", "overdue"}:
            return self._main(held, figure)
        return self._clocks(held, drawn)

    def _clocks(self, held: _Held, drawn: Drawn) -> Given:
        """Steps and reports that were due: all of them, those in time, those that were not."""
        rows = held.clocks
        if drawn.figure.startswith("reports"):
            rows = [clock for clock in rows if clock.period]
        elif drawn.clocks:
            rows = [clock for clock in rows if clock.key in drawn.clocks]
        else:
            # reports that are due again and again have figures of their own
            rows = [clock for clock in rows if not clock.period]
        if drawn.figure.endswith(("on_time", "met")):
            rows = [clock for clock in rows if clock.state == "met"]
        elif drawn.figure.endswith(("missed", "late")):
            rows = [clock for clock in rows if _is_late(clock)]
        return _counted(self._told(clock) for clock in rows)

    def _told(self, clock: models.Clock) -> Ref:
        mechanism = self.current(clock.mechanism).mechanism
        declared = mechanism.clock(clock.key) or next((one for one in mechanism.rhythms if one.key == clock.key), None)
        title = declared.title.zh if declared else clock.key
        due, zone = _day(clock.due_at, self._counting.zone), self._counting.zone
        told = f"{_day(clock.stopped_at, zone)} 完成" if clock.stopped_at else "没有完成"
        return Ref("clock", clock.id, f"{title}，应于 {due}，{told}", clock.item)

    def _main(self, held: _Held, figure: str) -> Given:
        """Matters by their main clock: due in the period, closed, closed in time, or over their date and not closed."""
        rows = [clock for clock in held.clocks if self._is_main(clock)]
        if figure == "done":
            rows = [clock for clock in rows if clock.stopped_at]
        elif figure == "done_on_time":
            rows = [clock for clock in rows if clock.state == "met"]
        elif figure == "overdue":
            rows = [clock for clock in rows if _is_late(clock) and not clock.stopped_at]
        return _counted(self._told(clock) for clock in rows)

    def _is_main(self, clock: models.Clock) -> bool:
        main = self.current(clock.mechanism).mechanism.main
        return main is not None and main.key == clock.key

    def _lights(self, held: _Held, colour: str) -> Given:
        """Month-ends of the period at which a matter had this light; of the best light no entry is made, so it is what is left."""
        refs = []
        for row, life in held.matters:
            told = dict(end.split(" ", 1) for end in life.ends)
            for month in self._counting.period.months:
                at = _month_end(month, self._counting.zone)
                if moment(at) > self._counting.until or moment(at) < row.opened_at or (row.closed_at and moment(at) >= row.closed_at):
                    continue
                if told.get(month, "green") == colour:
                    refs.append(Ref("matter", row.id, f"{_month(month)}末", row.id))
        return _counted(refs)

    def _progress(self, held: _Held, figure: str) -> Given:
        """The mean progress, or schedule, at the end of the period, of matters that have both."""
        values, refs = [], []
        for row, life in held.matters:
            should = planned(life, self.rules(row.mechanism, row.version), self._counting.end)
            done = self._done(row, life)
            if should is None or done is None:
                continue
            shown = done if figure == "progress" else should
            values.append(Decimal(str(shown)))
            refs.append(Ref("matter", row.id, f"{shown:g}%", row.id))
        if not values:
            return Given(why="没有可比进度的事项")
        return Given((sum(values, Decimal(0)) / len(values)).quantize(Decimal("0.01")), refs=tuple(refs))

    def _done(self, row: models.Matter, life: Matter) -> float | None:
        """How far the matter was at the end: as it stands, or as its entries up to then say."""
        end = self._counting.end
        if life.progress_at is None or life.progress_at <= end:
            return 100.0 if life.state == "closed" and life.closed and life.closed <= end else life.progress or 0.0
        entries = models.Entry.objects.filter(subject=row.id, act__in=("loop.act", "loop.tick"), at__lte=moment(end)).order_by("-seq")
        for data in entries.values_list("data", flat=True):
            change = msgspec.json.decode(data)["move"].get("change", {})
            if change.get("progress") is not None:
                return float(change["progress"])
        return 0.0

    def _acts(self, held: _Held, act: str) -> Given:
        """How often an act was done to the matters in the period."""
        keys = [row.id for row, life in held.matters if life.done.get(act)]
        refs = []
        for at in range(0, len(keys), _AT_ONCE):
            entries = models.Entry.objects.filter(
                act="loop.act", subject__in=keys[at : at + _AT_ONCE], at__gte=self._counting.since, at__lt=self._counting.until
            ).order_by("seq")
            for seq, subject, day, data in entries.values_list("seq", "subject", "at", "data"):
                if msgspec.json.decode(data)["move"]["act"] == act:
                    refs.append(Ref("entry", str(seq), _day(day, self._counting.zone), subject))
        return _counted(refs)

    def _orders(self, held: _Held, wanted: Callable[[Order], bool]) -> Given:
        """Orders that came in in the period and of which this holds."""
        rows = [(row, life) for row, life in held.matters if row.opened_at >= self._counting.since]
        return _counted(Ref("matter", row.id, item=row.id) for row, life in rows if wanted(order_of(life)))


_ORDERS: Final[Mapping[str, Callable[[Order], bool]]] = {
    "orders": lambda order: True, "excluded": lambda order: order.excluded,
    "contacted_due": lambda order: order.contacted is not None and not order.excluded,
    "contacted": lambda order: bool(order.contacted) and not order.excluded,
    "called": lambda order: bool(order.reached) and not order.excluded,
    "solved": lambda order: bool(order.reached) and bool(order.solved) and not order.excluded,
    "satisfied": lambda order: bool(order.reached) and order.satisfied in {"satisfied", "basically"} and not order.excluded,
}  # fmt: skip


def _is_late(clock: models.Clock) -> bool:
    """Whether a clock that was due was not kept; one that hung when its time came is nobody's fault."""
    return clock.state in {"late", "running"} or bool(clock.state == "paused" and clock.lapsed_at)


def _counted(refs: Iterable[Ref]) -> Given:
    found = tuple(refs)
    return Given(Decimal(len(found)), refs=found)


def _day(at: str, zone: ZoneInfo) -> str:
    if not at:
        return ""
    day = datetime.fromisoformat(at).astimezone(zone).date()
    return f"{day.year}年{day.month}月{day.day}日"


def _month(month: str) -> str:
    year, number = month.split("-")
    return f"{year}年{int(number)}月"


def _month_end(month: str, zone: ZoneInfo) -> datetime:
    year, number = (int(part) for part in month.split("-"))
    first = date(year + number // 12, number % 12 + 1, 1)
    return clocks.end_of_day(date.fromordinal(first.toordinal() - 1), zone)
