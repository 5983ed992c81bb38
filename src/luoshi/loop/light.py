"""The lights of a matter: what a rule says of a reading, and the moments at which time alone may change that.

``judge`` looks at nothing but its arguments. ``instants`` is what lets the clock sleep: between two of them the lights stay as they are.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta, tzinfo
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from itertools import takewhile
from pathlib import Path
from typing import Any, Final

import msgspec

from luoshi.errors import BadTable
from luoshi.loop.calendar import Calendar, china
from luoshi.loop.clock import SHANGHAI, end_of_day, start_of_day
from luoshi.loop.light_rule import COLOURS, LIGHT_RULES, NONE, Bound, Case, Light, LightRule, Line, rule_in, shipped_rule, with_settings
from luoshi.loop.matter import Lights
from luoshi.loop.mechanism import Words
from luoshi.loop.quantity import BY_DAY, BY_MONTH, COUNTS, FALLING, OVER, Reading, Seen, Value, planned_by_months, quantity, seen_in

__all__ = [
    "LIGHT_RULES", "LightRule", "Reading", "Told", "failures", "instants", "judge", "load_rule", "planned_by_months", "rule_of", "told",
    "with_settings",
]  # fmt: skip

_Values = Mapping[str, int | float | str]
_NAME: Final = re.compile("[a-z0-9_-]{1,60}")
_TICK: Final = timedelta(microseconds=1)
_SIDES: Final[Mapping[str, Callable[[Any, Any], bool]]] = {
    "lt": operator.lt, "le": operator.le, "gt": operator.gt, "ge": operator.ge, "eq": operator.eq,
}  # fmt: skip
#: how bad a colour is; nothing compared counts as nothing bad
_RANK: Final = {NONE: -1} | {colour: rank for rank, colour in enumerate(COLOURS)}
#: what is due later than this never falls due: the calendar ends soon after
_NEVER: Final = datetime(9900, 1, 1, tzinfo=UTC)
#: month-ends ahead that instants name at most, as many as a long plan has; and where months in a row are counted at least
_MONTHS: Final = 240
_ROW: Final = 24


class Told(msgspec.Struct, frozen=True):
    """A light of the place as a page shows it: what it is called, its colour, and why."""

    title: Words
    colour: str
    why: Words


def rule_of(key: str, folder: Path | None = None) -> LightRule:
    """The light rule of this name: the office's own where ``folder``, the ``lights`` of its data, has it, else the one of the program."""
    if folder is not None and _NAME.fullmatch(key) and (path := folder / f"{key}.yaml").is_file():
        return load_rule(path)
    return shipped_rule(key)


def load_rule(path: Path) -> LightRule:
    """The rule in an office's own file. ``BadTable`` where it does not fit its declaration or one of its cases does not come out."""
    rule = rule_in(path)
    wrong = failures(rule)
    if wrong:
        raise BadTable(wrong[0], where=path.name, remedy="请改规则，或改例子")
    return rule


def judge(rule: LightRule, reading: Reading, before: Lights, calendar: Calendar, zone: tzinfo) -> Lights:
    """The lights of this reading, each with the key of the line that it comes from. A hung matter keeps those it had.

    ``before`` gives the worst so far, for rules with a memory.
    """
    if reading.hung:
        return before
    late = reading.done is not None and reading.due is not None and reading.done > reading.due
    seen = seen_in(msgspec.structs.replace(reading, now=reading.done) if reading.done else reading, calendar, zone)
    values: dict[str, Value] = {}
    found = {light.key: _colour(light, seen, values) for light in _ready(rule)}
    three = {of: [found[light.key] for light in rule.lights if light.of == of] for of in ("time", "progress", "quality")}
    counted = [found[key] for key in rule.whole.of]
    if late and _chosen(rule, rule.late.if_):
        three["time"].append((rule.late.light, "late"))
        counted.append((rule.late.light, "late"))
    shown = {of: _worst(those) for of, those in three.items()}
    shown["whole"] = _remembered(rule, *_worst(counted), before)
    whole = shown["whole"][0]
    worst = max(before.worst, whole, key=_rank)
    return Lights(
        time=shown["time"][0], progress=shown["progress"][0], quality=shown["quality"][0], whole=whole, worst=worst,
        why={name: key for name, (_, key) in sorted({**found, **shown}.items()) if key},
    )  # fmt: skip


def instants(rule: LightRule, reading: Reading, calendar: Calendar, zone: tzinfo, *, until: datetime | None = None) -> tuple[datetime, ...]:
    """The moments after ``reading.now``, ascending, at which time alone may change a light; a few of them change none.

    Those up to ``until``, where later ones do not matter.

    What should be reached by now is the reading's: where the rule compares it, the beginnings of the last days of months are among them.
    None for what is hung or done.
    """
    if reading.hung or reading.done is not None:
        return ()
    seen = seen_in(reading, calendar, zone)
    asked = {(test.name, test.end if test.how else None) for light in _ready(rule) for line in light.lines for test in line.tests}
    last = min(until + _TICK, _NEVER) if until is not None else _NEVER
    found = {at for name, end in asked for at in _turns(name, end, seen, last)}
    return tuple(sorted(at for at in found if reading.now < at < last))


def told(rule: LightRule, lights: Lights) -> tuple[Told, ...]:
    """The lights that the place has, in its order, of those that are not dark; a light that another rule had judged is not among them."""
    shown = []
    for light in rule.lights:
        key = lights.why.get(light.key, "")
        colours = {line.key: line.light for line in light.lines} | {
            light.otherwise.key: rule.best,
            "done": rule.best,
            "late": rule.late.light,
        }
        if key in colours:
            shown.append(Told(light.title, colours[key], rule.reason(key)))
    return tuple(shown)


def failures(rule: LightRule, calendar: Calendar | None = None) -> tuple[str, ...]:
    """What the rule's own cases say that does not come out: each with its title, what was expected and what came."""
    return tuple(wrong for case in rule.cases for wrong in _failures(rule, case, calendar or china()))


# --- a light


class _Test(msgspec.Struct, frozen=True):
    """One condition: a quantity, and either how it lies to a number or what it equals."""

    name: str
    end: Decimal | bool | str
    how: str = ""


class _Line(msgspec.Struct, frozen=True):
    key: str
    colour: str
    tests: tuple[_Test, ...]


class _Light(msgspec.Struct, frozen=True):
    """A light with its settings put in: its lines, the worst first, and the quantities of which one must be there."""

    key: str
    of: str
    lines: tuple[_Line, ...]
    compared: tuple[str, ...]
    always: bool
    best: tuple[str, str]
    done: tuple[str, str]


#: by the identity of the rule, which is kept with it: a rule is frozen but has mappings in it, so it has no hash
_READY: Final[dict[int, tuple[LightRule, tuple[_Light, ...]]]] = {}
_KEPT: Final = 64


def _ready(rule: LightRule) -> tuple[_Light, ...]:
    """The lights of a rule, ready to be looked at; made once."""
    kept = _READY.get(id(rule))
    if kept is None:
        if len(_READY) >= _KEPT:
            _READY.clear()
        kept = _READY[id(rule)] = rule, tuple(_made(rule, light) for light in rule.lights)
    return kept[1]


def _made(rule: LightRule, light: Light) -> _Light:
    values = rule.values
    chosen = sorted((line for line in light.lines if _chosen(rule, line.if_)), key=lambda line: -_rank(line.light))
    lines = tuple(_Line(line.key, line.light, tuple(_tests(line, values))) for line in chosen)
    return _Light(
        key=light.key, of=light.of, lines=lines, compared=tuple({name for line in chosen for name in line.when} - COUNTS),
        always=light.always, best=(rule.best, light.otherwise.key),
        done=(rule.best, light.otherwise.key if light.of == "quality" else "done"),
    )  # fmt: skip


def _tests(line: Line, values: _Values) -> Iterator[_Test]:
    for name, wanted in line.when.items():
        if isinstance(wanted, Bound):
            for how, end in wanted.ends:
                yield _Test(name, Decimal(str(values[end] if isinstance(end, str) else end)), how)
        else:
            yield _Test(name, wanted)


def _chosen(rule: LightRule, wanted: Mapping[str, str]) -> bool:
    """Whether the settings are as an ``if`` wants them."""
    return not wanted or all(rule.values[key] == value for key, value in wanted.items())


def _colour(light: _Light, seen: Seen, values: dict[str, Value]) -> tuple[str, str]:
    """The colour and the line: the worst of the lines that hold, the first of equals. ``values``: what was counted so far."""
    for line in light.lines:
        if all(_holds(test, seen, values) for test in line.tests):
            return line.colour, line.key
    if light.always or any(_counted(name, seen, values) is not None for name in light.compared):
        return light.best if seen.reading.done is None else light.done
    return NONE, ""


def _holds(test: _Test, seen: Seen, values: dict[str, Value]) -> bool:
    """Of what is done, what is over with it can hold no light back."""
    if seen.reading.done is not None and test.name in OVER:
        return False
    value = _counted(test.name, seen, values)
    if not test.how:
        return value == test.end
    return value is not None and _SIDES[test.how](value, test.end)


def _counted(name: str, seen: Seen, values: dict[str, Value]) -> Value:
    if name not in values:
        values[name] = quantity(name, seen)
    return values[name]


def _worst(lights: list[tuple[str, str]]) -> tuple[str, str]:
    return max(lights, key=lambda one: _rank(one[0]), default=(NONE, ""))


def _rank(colour: str) -> int:
    return _RANK.get(colour, -1)


def _remembered(rule: LightRule, whole: str, key: str, before: Lights) -> tuple[str, str]:
    memory = rule.memory
    if memory is None or not _chosen(rule, memory.if_):
        return whole, key
    if _rank(before.worst) >= _rank(memory.after) and _rank(whole) < _rank(memory.becomes):
        return memory.becomes, "memory"
    return whole, key


# --- when they change


def _turns(name: str, end: Any, seen: Seen, last: datetime) -> Iterator[datetime]:
    """The moments at which the quantity passes this number; later ones than the last of them change nothing."""
    reading = seen.reading
    if name == "overdue" and reading.due is not None:
        yield reading.due + _TICK
    elif name == "overdue_original" and reading.original is not None:
        yield reading.original + _TICK
    elif name == "time_gone" and end is not None:
        yield from _part_of_time(reading, end)
    elif name in BY_DAY and quantity(name, seen) is not None:
        yield from _turning_days(name, end, seen)
    elif name in BY_MONTH and all(getattr(reading, field) is not None for field in BY_MONTH[name]):
        yield from takewhile(lambda at: at < last, _month_ends(seen, in_a_row=name == "months_behind"))
        if seen.due_day is not None:
            yield start_of_day(seen.due_day, seen.zone)


def _part_of_time(reading: Reading, end: Decimal) -> Iterator[datetime]:
    if reading.started is None or reading.due is None or reading.due <= reading.started:
        return
    part = Decimal((reading.due - reading.started) // _TICK) * end / 100
    yield reading.started + int(part.to_integral_value(ROUND_CEILING)) * _TICK
    yield reading.started + int(part.to_integral_value(ROUND_FLOOR)) * _TICK + _TICK


def _turning_days(name: str, end: Decimal, seen: Seen) -> Iterator[datetime]:
    """The beginnings of the days on which the quantity reaches the number and on which it passes it."""
    bad = -end if name in FALLING else end
    for count in {int(bad.to_integral_value(ROUND_CEILING)), int(bad.to_integral_value(ROUND_FLOOR)) + 1}:
        try:
            yield start_of_day(BY_DAY[name](seen, count), seen.zone)
        except (OverflowError, ValueError):
            # the calendar ends before
            continue


def _month_ends(seen: Seen, *, in_a_row: bool) -> Iterator[datetime]:
    """The beginnings of the last days of the months to come, in order: then more should be reached.

    Up to the end of the year of the due day, after which no more is expected; months in a row are counted on for a while.
    """
    day, end = seen.day, seen.due_day or seen.day
    months = (min(max(day.year, end.year), _NEVER.year) - day.year) * 12 + 13 - day.month
    for ahead in range(min(max(months, _ROW if in_a_row else 0), _MONTHS)):
        month = day.year * 12 + day.month + ahead
        yield start_of_day(date(month // 12, month % 12 + 1, 1) - timedelta(days=1), seen.zone)


# --- cases


def _failures(rule: LightRule, case: Case, calendar: Calendar) -> Iterator[str]:
    rule = with_settings(rule, case.settings)
    try:
        reading = _given(case)
        before = msgspec.convert(case.before, Lights)
    except (msgspec.ValidationError, ValueError) as error:
        yield f"例子“{case.title}”：{error}"
        return
    lights = judge(rule, reading, before, calendar, SHANGHAI)
    for key, wanted in case.then.items():
        light, _, of = key.partition(".")
        came = lights.why.get(of, "") if light == "why" else getattr(lights, key, None)
        if came != wanted:
            yield f"例子“{case.title}”：{key} 应为 {wanted}，算出 {came}"


def _given(case: Case) -> Reading:
    """The reading of a case."""
    moments = {"due", "original", "started", "done"}
    given = {key: _moment(str(value), key) if key in moments else value for key, value in case.given.items()}
    return msgspec.convert({"now": _moment(case.now, "now"), **given}, Reading, strict=False)


def _moment(text: str, name: str) -> datetime:
    """The instant of a day or a moment of Beijing; of a day alone its end where something is due, else its beginning."""
    if len(text) > len("2026-03-05"):
        return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)
    day = date.fromisoformat(text)
    return end_of_day(day) if name in {"due", "original"} else start_of_day(day)
