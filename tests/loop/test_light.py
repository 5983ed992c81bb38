"""The light rules: every case of every file, what must hold of any rule, and how an office's own rule is read."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import product
from pathlib import Path
from typing import Any

import msgspec
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from luoshi.errors import BadTable
from luoshi.loop import clock
from luoshi.loop.calendar import china
from luoshi.loop.clock import SHANGHAI, day_of, end_of_day, start_of_day
from luoshi.loop.light import (
    LIGHT_RULES,
    LightRule,
    Reading,
    failures,
    instants,
    judge,
    load_rule,
    planned_by_months,
    rule_of,
    told,
    with_settings,
)
from luoshi.loop.light_rule import COLOURS, OFFICE, Bound, Case, Line, NoSuchRule, read_rule
from luoshi.loop.matter import Lights
from luoshi.loop.quantity import BY_DAY, FLAGS, QUANTITIES, WORDS, namings, quantity, seen_in
from luoshi.messages import messages
from luoshi.publish.lights import document

CHINA = china()
ROOT = Path(__file__).parents[2]
RULES = {key: rule_of(key) for key in LIGHT_RULES}
CASES = [(key, case) for key, rule in RULES.items() for case in rule.cases]
START = datetime(2026, 1, 1, tzinfo=UTC)


def rank(colour: str) -> int:
    return -1 if colour == "none" else COLOURS.index(colour)


def shine(rule: LightRule, reading: Reading, before: Lights = Lights()) -> Lights:  # noqa: B008 - frozen
    return judge(rule, reading, before, CHINA, SHANGHAI)


def at_noon(text: str) -> datetime:
    return start_of_day(date.fromisoformat(text)) + timedelta(hours=12)


# --- the files


@pytest.mark.parametrize(("key", "case"), CASES, ids=[f"{key}: {case.title}" for key, case in CASES])
def test_case(key: str, case: Case) -> None:
    assert failures(msgspec.structs.replace(RULES[key], cases=(case,))) == ()


@pytest.mark.parametrize("key", LIGHT_RULES)
def test_a_case_stands_on_each_side_of_every_bound(key: str) -> None:
    """A bound that took in its number instead of leaving it out, or the other way round, would break a case."""
    unguarded = {name for name, changed in _mutants(RULES[key]) if not failures(changed)}
    assert unguarded == SAME[key]


#: at this bound a line that goes before holds as well, so nothing can tell the two apart
SAME: dict[str, set[str]] = {key: set() for key in LIGHT_RULES} | {
    "yinchuan": {"behind-below-10-yellow.gap: lt 10", "behind-below-10.gap: lt 10"}
}


def _mutants(rule: LightRule) -> Iterator[tuple[str, LightRule]]:
    for at, light in enumerate(rule.lights):
        for place, line in enumerate(light.lines):
            for name, wanted in line.when.items():
                for side, change in _changes(wanted):
                    lines = _put(light.lines, place, msgspec.structs.replace(line, when={**line.when, name: change}))
                    lights = _put(rule.lights, at, msgspec.structs.replace(light, lines=lines))
                    yield f"{line.key}.{name}: {side}", msgspec.structs.replace(rule, lights=lights)


def _changes(wanted: Bound | bool | str) -> Iterator[tuple[str, Bound | bool]]:
    """The other side of each bound, and no for yes."""
    flip = {"lt": "le", "le": "lt", "gt": "ge", "ge": "gt"}
    if isinstance(wanted, bool):
        yield str(wanted), not wanted
    elif isinstance(wanted, Bound):
        for one, number in wanted.ends:
            if one in flip:
                yield f"{one} {number}", Bound(**{flip[how] if how == one else how: end for how, end in wanted.ends})


def _put(those: tuple[Any, ...], at: int, one: Any) -> tuple[Any, ...]:
    return (*those[:at], one, *those[at + 1 :])


@pytest.mark.parametrize("key", LIGHT_RULES)
def test_every_line_is_the_reason_in_some_case(key: str) -> None:
    rule = RULES[key]
    without = [
        line.key
        for line in _lines(rule)
        if not failures(
            msgspec.structs.replace(
                rule,
                lights=tuple(
                    msgspec.structs.replace(light, lines=tuple(one for one in light.lines if one.key != line.key)) for light in rule.lights
                ),
            )
        )
    ]
    assert without == []


def _lines(rule: LightRule) -> list[Line]:
    return [line for light in rule.lights for line in light.lines]


def test_a_case_that_does_not_come_out_is_told() -> None:
    wrong = Case(title="错的", now="2026-04-01", given={"due": "2026-03-31"}, then={"time": "green", "why.time": "overdue"})
    assert failures(msgspec.structs.replace(RULES["plain"], cases=(wrong,))) == ("例子“错的”：time 应为 green，算出 red",)
    odd = Case(title="怪的", now="2026-04-01", given={"colour": "red"}, then={"time": "none"})
    assert failures(msgspec.structs.replace(RULES["plain"], cases=(odd,)))[0].startswith("例子“怪的”：")


def test_every_file_is_a_rule_and_every_colour_has_its_word() -> None:
    folder = ROOT / "src/luoshi/loop/lights"
    assert {path.stem for path in folder.glob("*.yaml")} == set(LIGHT_RULES)
    assert all(RULES[key].key == key for key in LIGHT_RULES)
    assert {f"light.{colour}" for colour in (*COLOURS, "none")} <= set(messages())
    assert set(namings()) == set(QUANTITIES)


@pytest.mark.parametrize("key", LIGHT_RULES)
def test_what_the_place_did_not_publish_says_so(key: str) -> None:
    """The plain rule is all the office's; of a place's own rule the lines without its sentence are marked."""
    rule = RULES[key]
    marked = [line.key for line in _lines(rule) if line.set_by == "office"]
    assert all((line.source == OFFICE) == (line.set_by == "office") for line in _lines(rule))
    assert rule.sources
    if key == "plain":
        assert len(marked) == len(_lines(rule))
    else:
        assert len(marked) < len(_lines(rule))
        assert rule.unsaid


def test_the_page_says_what_the_files_say() -> None:
    assert (ROOT / "docs/lights.md").read_text(encoding="utf-8") == document(), "python -m luoshi.publish.lights > docs/lights.md"


# --- what must hold of any rule

_MOMENTS = st.integers(0, 500 * 24 * 60).map(lambda minutes: START + timedelta(minutes=minutes))
_DAYS = st.integers(0, 400).map(lambda days: date(2026, 1, 1) + timedelta(days=days))
_SHARES = st.one_of(st.none(), st.integers(0, 10000).map(lambda cents: cents / 100), st.decimals(0, 100, places=2))
_GROWTHS = st.one_of(st.none(), st.integers(-500, 1500).map(lambda cents: cents / 100))
_ENDS = st.lists(st.tuples(st.integers(1, 12), st.sampled_from(COLOURS)), max_size=6, unique_by=lambda end: end[0]).map(
    lambda ends: tuple(f"2026-{month:02} {colour}" for month, colour in sorted(ends))
)
LIVE = st.builds(
    Reading,
    now=_MOMENTS, due=st.one_of(st.none(), _MOMENTS, _DAYS.map(end_of_day)), original=st.one_of(st.none(), _MOMENTS),
    started=st.one_of(st.none(), _MOMENTS), progress=_SHARES, planned=_SHARES, start_planned=st.one_of(st.none(), _DAYS),
    start_real=st.one_of(st.none(), _DAYS), missed=st.integers(0, 3), missed_ever=st.integers(0, 3), lapsed=st.integers(0, 2),
    returned=st.integers(0, 3), quality=st.sampled_from(["", "pass", "fail"]), funds=_SHARES, funds_planned=_SHARES,
    library_planned=st.one_of(st.none(), _DAYS), library_real=st.one_of(st.none(), _DAYS), ends=_ENDS,
    level=st.sampled_from(["", "blue", "orange", "red"]), growth=_GROWTHS, growth_planned=_GROWTHS, growth_average=_GROWTHS,
)  # fmt: skip
DONE = st.builds(lambda reading, done: msgspec.structs.replace(reading, done=done), LIVE, _MOMENTS)
BEFORE = st.sampled_from(COLOURS).map(lambda colour: Lights(whole=colour, worst=colour))


def _variants() -> list[LightRule]:
    """Every rule with every choice of its settings."""
    found = []
    for rule in RULES.values():
        chosen = [[(one.key, option.key) for option in one.options] for one in rule.settings if one.options]
        found += [with_settings(rule, dict(choice)) for choice in product(*chosen)]
    return found


VARIANTS = _variants()
ANY_RULE = st.sampled_from(VARIANTS)


@given(ANY_RULE, st.one_of(LIVE, DONE), BEFORE)
def test_lights_follow_from_the_inputs_alone(rule: LightRule, reading: Reading, before: Lights) -> None:
    lights = shine(rule, reading, before)
    copies = msgspec.json.decode(msgspec.json.encode(rule), type=LightRule), msgspec.json.decode(msgspec.json.encode(before), type=Lights)
    elsewhere = msgspec.structs.replace(reading, now=reading.now.astimezone(SHANGHAI))
    assert shine(copies[0], elsewhere, copies[1]) == lights
    colours = {hue.key for hue in rule.colours} | {"none"}
    assert {lights.time, lights.progress, lights.quality, lights.whole} <= colours
    assert rank(lights.worst) == max(rank(before.worst), rank(lights.whole))
    assert all(rule.reason(key).zh != key for key in lights.why.values())
    for of in ("time", "progress", "quality"):
        assert (getattr(lights, of) == "none") == (of not in lights.why)


@given(ANY_RULE, LIVE, BEFORE, st.integers(1, 400 * 24 * 60))
def test_later_is_never_better(rule: LightRule, reading: Reading, before: Lights, minutes: int) -> None:
    later = msgspec.structs.replace(reading, now=reading.now + timedelta(minutes=minutes))
    assert rank(shine(rule, later, before).time) >= rank(shine(rule, reading, before).time)


@given(ANY_RULE, LIVE.filter(lambda reading: reading.due is not None), BEFORE, st.integers(1, 400 * 24 * 60))
def test_due_earlier_is_never_better(rule: LightRule, reading: Reading, before: Lights, minutes: int) -> None:
    assert reading.due is not None
    earlier = msgspec.structs.replace(reading, due=reading.due - timedelta(minutes=minutes))
    first, second = shine(rule, reading, before), shine(rule, earlier, before)
    assert rank(second.time) >= rank(first.time)
    if (first.progress, first.quality) == (second.progress, second.quality):
        assert rank(second.whole) >= rank(first.whole)


@given(ANY_RULE, LIVE.filter(lambda reading: reading.progress is not None), st.integers(1, 5000))
def test_less_progress_is_never_better(rule: LightRule, reading: Reading, cents: int) -> None:
    less = msgspec.structs.replace(reading, progress=Decimal(str(reading.progress)) - Decimal(cents) / 100)
    assert rank(shine(rule, less).progress) >= rank(shine(rule, reading).progress)


@given(ANY_RULE, LIVE, BEFORE)
def test_hung_stays_as_it_was(rule: LightRule, reading: Reading, before: Lights) -> None:
    hung = msgspec.structs.replace(reading, hung=True)
    assert shine(rule, hung, before) is before
    assert instants(rule, hung, CHINA, SHANGHAI) == ()


@given(ANY_RULE, DONE, st.integers(0, 400 * 24 * 60))
def test_done_is_judged_at_its_moment(rule: LightRule, reading: Reading, minutes: int) -> None:
    later = msgspec.structs.replace(reading, now=reading.now + timedelta(minutes=minutes))
    assert shine(rule, later) == shine(rule, reading)
    assert instants(rule, reading, CHINA, SHANGHAI) == ()
    if reading.due is not None and reading.done is not None and reading.done <= reading.due and not reading.missed_ever + reading.missed:
        assert shine(rule, reading).time in {rule.best, "none"}


def _settles(rule: LightRule, reading: Reading, moved: Callable[[datetime], Reading], days: list[int]) -> None:
    """Between two instants the lights stay: those at any moment are those at the last instant before it."""
    turns = instants(rule, reading, CHINA, SHANGHAI)
    assert list(turns) == sorted({at for at in turns if at > reading.now})
    for day in days:
        boundary = start_of_day(day_of(reading.now) + timedelta(days=day))
        for at in (boundary, boundary - timedelta(microseconds=1), boundary + timedelta(hours=11, microseconds=7)):
            if at > reading.now:
                last = max((turn for turn in turns if turn <= at), default=reading.now)
                assert shine(rule, moved(at)) == shine(rule, moved(last)), (at, last)


@settings(deadline=None)
@given(ANY_RULE, LIVE, st.lists(st.integers(0, 600), min_size=5, max_size=20))
def test_nothing_changes_between_two_instants(rule: LightRule, reading: Reading, days: list[int]) -> None:
    _settles(rule, reading, lambda at: msgspec.structs.replace(reading, now=at), days)


@settings(deadline=None)
@given(ANY_RULE, LIVE.filter(lambda reading: reading.due is not None), st.lists(st.integers(0, 600), min_size=5, max_size=20))
def test_nothing_changes_between_two_instants_while_more_should_be_reached(rule: LightRule, reading: Reading, days: list[int]) -> None:
    """What should be reached grows by the months until the due day."""

    def moved(at: datetime) -> Reading:
        assert reading.due is not None
        planned = planned_by_months(date(2026, 1, 1), day_of(reading.due), day_of(at))
        return msgspec.structs.replace(reading, now=at, planned=planned)

    _settles(rule, moved(reading.now), moved, days)


@settings(deadline=None)
@given(ANY_RULE, LIVE.filter(lambda reading: reading.due is not None), st.lists(st.integers(0, 800), min_size=5, max_size=20))
def test_nothing_changes_between_two_instants_of_a_yearly_plan(rule: LightRule, reading: Reading, days: list[int]) -> None:
    """What should be reached grows to the end of the year, whatever the due day."""
    assert reading.due is not None
    year = day_of(reading.due).year

    def moved(at: datetime) -> Reading:
        return msgspec.structs.replace(reading, now=at, planned=planned_by_months(date(year, 1, 1), date(year, 12, 31), day_of(at)))

    _settles(rule, moved(reading.now), moved, days)


def test_a_plan_of_five_years_is_watched_to_its_end() -> None:
    """Nothing happens for years, then more should be reached than is."""
    reading = Reading(now=START, due=end_of_day(date(2030, 12, 31)), started=START, progress=70, planned=0)

    def at(moment: datetime) -> str:
        planned = planned_by_months(date(2026, 1, 1), date(2030, 12, 31), day_of(moment))
        return shine(RULES["plain"], msgspec.structs.replace(reading, now=moment, planned=planned)).progress

    first = next(moment for moment in instants(RULES["plain"], reading, CHINA, SHANGHAI) if at(moment) != "green")
    assert (day_of(first), at(first)) == (date(2029, 12, 31), "yellow")


_BOUNDS = st.one_of(st.integers(-30, 60), st.integers(-60, 60).map(lambda half: half / 2), st.just(10_000_000))


@settings(deadline=None)
@given(
    st.sampled_from(sorted(BY_DAY)),
    st.sampled_from(["lt", "le", "gt", "ge", "eq"]),
    _BOUNDS,
    LIVE,
    st.lists(st.integers(0, 600), max_size=20),
)
def test_nothing_changes_between_two_instants_whatever_the_bound(
    name: str, how: str, end: float, reading: Reading, days: list[int]
) -> None:
    """Any bound that an office may write on what is counted by days."""
    line = {"key": "late", "light": "red", "when": {name: {how: end}}, "title": {"zh": "甲", "en": "a"}, "source": "第一条"}
    data = _plain()
    data["lights"][0]["lines"] = [line]
    _settles(read_rule(yaml.safe_dump(data), "own"), reading, lambda at: msgspec.structs.replace(reading, now=at), days)


def test_every_day_and_every_bound_of_one_matter() -> None:
    """Ten days each minute around the due date would be long; every day boundary and the due instant are enough to see all turns."""
    reading = Reading(now=at_noon("2026-03-02"), due=end_of_day(date(2026, 3, 31)), started=at_noon("2026-03-02"))
    found = [at.astimezone(SHANGHAI).isoformat(timespec="minutes") for at in instants(RULES["plain"], reading, CHINA, SHANGHAI)]
    assert "2026-04-01T00:00+08:00" in found
    assert "2026-03-24T00:00+08:00" in found
    colours = [shine(RULES["plain"], msgspec.structs.replace(reading, now=start_of_day(date(2026, 3, day)))).time for day in range(3, 32)]
    assert colours == ["green"] * 21 + ["yellow"] * 8


# --- quantities


def test_months_of_the_year() -> None:
    year = date(2025, 1, 1), date(2025, 12, 31)
    assert [round(planned_by_months(*year, date(2025, month, 15)), 2) for month in (1, 2, 12)] == [0, 8.33, 91.67]
    assert planned_by_months(*year, date(2025, 12, 31)) == 100
    assert planned_by_months(*year, date(2026, 2, 1)) == 100
    assert planned_by_months(date(2025, 3, 20), date(2025, 5, 10), date(2025, 4, 30)) == pytest.approx(66.67, abs=0.01)
    assert planned_by_months(date(2025, 3, 20), date(2025, 3, 25), date(2025, 3, 24)) == 0
    assert planned_by_months(date(2025, 3, 20), date(2025, 5, 10), date(2025, 1, 1)) == 0


@pytest.mark.parametrize(("progress", "day", "ahead"), [(97.2, date(2025, 10, 31), "13.87"), (42.13, date(2025, 3, 31), "17.13")])
def test_points_ahead_as_bulletins_print_them(progress: float, day: date, ahead: str) -> None:
    planned = planned_by_months(date(2025, 1, 1), date(2025, 12, 31), day)
    seen = seen_in(Reading(now=start_of_day(day), progress=progress, planned=planned), CHINA, SHANGHAI)
    assert quantity("ahead", seen) == Decimal(ahead)
    assert quantity("gap", seen) == -Decimal(ahead)


def test_counted_from_the_first_due_date_too() -> None:
    reading = Reading(now=at_noon("2026-04-02"), due=end_of_day(date(2026, 4, 30)), original=end_of_day(date(2026, 3, 31)))
    seen = seen_in(reading, CHINA, SHANGHAI)
    assert (quantity("overdue", seen), quantity("overdue_original", seen)) == (False, True)
    assert (quantity("overdue_days", seen), quantity("days_left", seen), quantity("overdue_workdays", seen)) == (0, 28, 0)


@given(_MOMENTS, _MOMENTS)
def test_days_are_counted_as_the_clock_counts_them(now: datetime, due: datetime) -> None:
    seen = seen_in(Reading(now=now, due=due), CHINA, SHANGHAI)
    assert quantity("overdue_days", seen) == clock.overdue_days(due, now)
    assert quantity("days_left", seen) == clock.days_left(due, now)
    assert quantity("overdue_workdays", seen) == clock.overdue_workdays(due, now, CHINA)
    assert quantity("workdays_left", seen) == clock.workdays_left(due, now, CHINA)


def test_months_in_a_row_need_to_follow_one_another() -> None:
    ends = ("2025-11 red", "2025-12 yellow", "2026-01 yellow", "2026-03 yellow")
    seen = seen_in(Reading(now=at_noon("2026-04-02"), ends=ends, progress=1, planned=2), CHINA, SHANGHAI)
    assert (quantity("months_yellow", seen), quantity("months_red", seen), quantity("months_behind", seen)) == (1, 0, 1)
    seen = seen_in(Reading(now=at_noon("2026-02-10"), ends=ends[:3], progress=1, planned=2), CHINA, SHANGHAI)
    assert (quantity("months_yellow", seen), quantity("months_behind", seen)) == (2, 3)


def test_a_light_can_be_won_back_only_as_far_as_the_memory_lets() -> None:
    red = shine(RULES["ouhai"], Reading(now=START, missed=1, missed_ever=1))
    again = shine(RULES["ouhai"], Reading(now=START, missed_ever=1, progress=50, planned=50), red)
    assert (red.whole, again.whole, again.worst) == ("red", "yellow", "red")
    assert shine(RULES["yinchuan"], Reading(now=START, progress=50, planned=50), red).whole == "green"


def test_figures_that_cannot_be_and_days_that_never_come() -> None:
    for progress in (float("nan"), float("inf"), 1e300, Decimal("NaN")):
        assert shine(RULES["plain"], Reading(now=START, progress=progress, planned=50)).progress in {"none", "green"}
    never = Reading(now=START, due=end_of_day(date(9999, 12, 31)), started=START, progress=1, planned=50, start_planned=date(9999, 1, 1))
    for rule in VARIANTS:
        found = instants(rule, never, CHINA, SHANGHAI)
        assert all(at.year < 9900 for at in found)
        assert "overdue" not in {shine(rule, msgspec.structs.replace(never, now=at)).why.get("time") for at in found}


def test_a_page_is_told_every_light_of_the_place() -> None:
    reading = Reading(
        now=at_noon("2026-06-02"),
        start_planned=date(2026, 3, 1),
        progress=40,
        planned=50,
        due=end_of_day(date(2026, 12, 31)),
        quality="pass",
    )
    lights = shine(RULES["yinchuan"], reading)
    assert [(one.title.zh, one.colour, one.why.zh) for one in told(RULES["yinchuan"], lights)] == [
        ("开工", "red", "连续 3 个月应开工未开工"), ("进度", "yellow", "低于序时 10 至 30 个百分点"), ("期限", "green", "在期限内"),
        ("质量", "green", "核查通过"),
    ]  # fmt: skip
    assert RULES["yinchuan"].reason(lights.why["whole"]).en == "not started for 3 months running"
    # judged by another rule: of what this one does not know nothing is said
    assert told(RULES["tianjin"], lights) == told(RULES["tianjin"], Lights(why={"deadline": "in-time", "quality": "good"}))


def test_another_rule_gives_other_lights_of_the_same_matter() -> None:
    reading = Reading(now=at_noon("2026-07-05"), progress=38, planned=50, started=START, due=end_of_day(date(2026, 12, 31)))
    assert {key: shine(RULES[key], reading).whole for key in LIGHT_RULES} == {
        "plain": "yellow", "yinchuan": "yellow", "sanya": "yellow", "tianjin": "green", "ouhai": "red", "sanming": "blue",
    }  # fmt: skip


# --- an office's own file


def _plain() -> dict[str, Any]:
    """A small whole rule, as data."""
    words = {"zh": "甲", "en": "a"}
    line = {"key": "late", "light": "red", "when": {"overdue_days": {"ge": "days"}}, "title": words, "source": "第一条"}
    light = {"key": "time", "of": "time", "title": words, "lines": [line], "otherwise": {"key": "fine", "title": words}}
    return {
        "key": "own", "title": words, "about": words, "sources": [{"title": "办法", "by": "栖山区"}],
        "colours": [{"key": "green", "title": words}, {"key": "red", "title": words}],
        "settings": [{"key": "days", "title": words, "value": 2, "source": "第一条"}], "lights": [light],
        "whole": {"of": ["time"], "source": "第二条"}, "late": {"light": "red", "title": words, "source": "第二条"},
    }  # fmt: skip


def _saved(folder: Path, data: Any, name: str = "own.yaml") -> Path:
    path = folder / name
    path.write_text(data if isinstance(data, str) else yaml.safe_dump(data, allow_unicode=True), encoding="utf-8")
    return path


def test_own_rule(tmp_path: Path) -> None:
    rule = load_rule(_saved(tmp_path, _plain()))
    due = end_of_day(date(2026, 3, 31))
    assert shine(rule, Reading(now=at_noon("2026-04-01"), due=due)).time == "green"
    assert shine(rule, Reading(now=at_noon("2026-04-02"), due=due)).time == "red"
    assert instants(rule, Reading(now=due, due=due), CHINA, SHANGHAI)[0] == start_of_day(date(2026, 4, 2))


def test_own_rule_based_on_another(tmp_path: Path) -> None:
    cases = [{"title": "剩 3 天", "now": "2026-03-26", "given": {"due": "2026-03-31"}, "then": {"time": "yellow"}}]
    own = {"based_on": "plain", "key": "own", "title": {"zh": "甲", "en": "a"}, "settings": {"near": 3}, "cases": cases}
    rule = load_rule(_saved(tmp_path, own))
    assert (rule.key, rule.values["near"], rule.values["gone"]) == ("own", 3, 50)
    due = end_of_day(date(2026, 3, 31))
    assert [shine(rule, Reading(now=at_noon(f"2026-03-{day}"), due=due)).time for day in (25, 26)] == ["green", "yellow"]


def test_an_office_s_file_goes_before_the_program_s(tmp_path: Path) -> None:
    own = {"based_on": "sanya", "key": "plain", "title": {"zh": "甲", "en": "a"}}
    _saved(tmp_path, own, "plain.yaml")
    assert rule_of("plain", tmp_path).title.zh == "甲"
    assert rule_of("ouhai", tmp_path) is RULES["ouhai"]
    _saved(tmp_path, own, "outside.yaml")
    with pytest.raises(NoSuchRule, match="outside"):
        rule_of("../outside", tmp_path / "lights")
    with pytest.raises(NoSuchRule, match="qishan"):
        rule_of("qishan", tmp_path)


def _with(change: Callable[[dict[str, Any]], None]) -> dict[str, Any]:
    data = _plain()
    change(data)
    return data


def _in_line(**values: Any) -> dict[str, Any]:
    return _with(lambda data: data["lights"][0]["lines"][0].update(values))


OWN = {"key": "own", "title": {"zh": "甲", "en": "a"}}
WRONG = {
    "yaml": ("key: [", "不是合格的 YAML"),
    "empty": ("", "object"),
    "unknown key": (_with(lambda data: data.update(lamp=1)), "lamp"),
    "unknown quantity": (_in_line(when={"mood": {"ge": 1}}), "mood"),
    "unknown comparison": (_in_line(when={"gap": {"above": 1}}), "above"),
    "no condition": (_in_line(when={}), "when 至少写一个条件"),
    "no bound": (_in_line(when={"gap": {}}), "没有写界限"),
    "number for yes or no": (_in_line(when={"overdue": {"ge": 1}}), r"late.when.overdue: 条件写法不对"),
    "yes or no for number": (_in_line(when={"gap": True}), r"late.when.gap: 条件写法不对"),
    "word of another": (_in_line(when={"quality": "blue"}), "fail、pass"),
    "unknown setting": (_in_line(when={"gap": {"ge": "far"}}), "没有名为“far”、值为数的设置项"),
    "unknown choice": (_in_line(**{"if": {"days": "two"}}), "没有设置项“days”"),
    "colour not listed": (_in_line(light="yellow"), "颜色 yellow 没有列在 colours 里"),
    "no source": (_in_line(source=OFFICE), "set_by: office"),
    "office with source": (_in_line(set_by="office"), "set_by: office"),
    "colours upside down": (_with(lambda data: data["colours"].reverse()), "从好到坏"),
    "light twice": (_with(lambda data: data["lights"].append(data["lights"][0])), "名字不能重复"),
    "line twice": (_with(lambda data: data["lights"][0]["lines"].append(data["lights"][0]["lines"][0])), "行名“late”重复"),
    "unknown light": (_with(lambda data: data["whole"].update(of=["time", "mood"])), "没有名为“mood”的灯"),
    "no light counts": (_with(lambda data: data["whole"].update(of=[])), "whole.of"),
    "setting is a word": (_with(lambda data: data["settings"][0].update(value="two")), "settings.days: “two”不是数"),
    "case that does not come out": (
        _with(lambda data: data.update(cases=[{"title": "子", "now": "2026-04-01", "given": {"due": "2026-03-31"}, "then": {"time": "red"}}])),
        "例子“子”：time 应为 red，算出 green",
    ),
    "based on nothing": ({**OWN, "based_on": "qishan"}, "based_on: 没有名为“qishan”的规则"),
    "based, unknown setting": ({**OWN, "based_on": "plain", "settings": {"nearly": 3}}, "没有设置项 nearly"),
    "based, word for number": ({**OWN, "based_on": "plain", "settings": {"near": "soon"}}, "不是数"),
    "based, unknown option": ({**OWN, "based_on": "yinchuan", "settings": {"small_gap": "blue"}}, "不在选项里"),
    "based, with lines": ({**OWN, "based_on": "plain", "lights": []}, "lights"),
    "not finite": (_in_line(when={"gap": {"ge": float("nan")}}), "不是数"),
    "setting not finite": (_with(lambda data: data["settings"][0].update(value=float("inf"))), "不是数"),
    "too deep": ("[" * 50_000, "括号套得太深"),
    "too large": ("# " + "长" * 200_000, "文件过大"),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_in_a_file_is_said(name: str, tmp_path: Path) -> None:
    data, words = WRONG[name]
    with pytest.raises(BadTable, match=words) as caught:
        load_rule(_saved(tmp_path, data))
    assert caught.value.where == "own.yaml"
    assert caught.value.remedy


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(BadTable, match="没有这个文件"):
        load_rule(tmp_path / "none.yaml")
    (tmp_path / "gbk.yaml").write_bytes("key: 甲".encode("gbk"))
    with pytest.raises(BadTable, match="UTF-8"):
        load_rule(tmp_path / "gbk.yaml")


def test_the_examples_of_the_documentation_load(tmp_path: Path) -> None:
    examples = re.findall(r"```yaml\n(.*?)```", (ROOT / "docs/own-lights.md").read_text(encoding="utf-8"), flags=re.DOTALL)
    assert [load_rule(_saved(tmp_path, example)).key for example in examples] == ["qishan", "patrol"]
    assert all(rule.cases for rule in (read_rule(example, "own") for example in examples))


def test_yes_or_no_and_words_are_quantities() -> None:
    assert set(QUANTITIES) >= FLAGS | set(WORDS)
