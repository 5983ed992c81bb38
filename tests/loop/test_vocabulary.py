"""Words of mechanism files that more than one mechanism leans on: units one by one, requests, conditions, limits of variants, longest extensions."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from luoshi.errors import BadTable
from luoshi.loop import clock as clocks
from luoshi.loop import engine
from luoshi.loop.engine import Deed, Filing, Refused
from luoshi.loop.matter import Matter
from luoshi.loop.reading import read_mechanism
from luoshi.loop.rules import Rules, plain_rules

_ZONE = ZoneInfo("Asia/Shanghai")
_TEXT = """
id: X02
key: words
version: 1
number: 词
title: {zh: 词, en: words}
about: {zh: 词, en: words}
sources: [{title: 试}]
parts:
  - {key: office, title: {zh: 办公室, en: office}, role: supervisor}
  - {key: called, title: {zh: 被叫部门, en: called}, held: duty}
fields:
  - {key: kind, title: {zh: 类别, en: kind}, type: choice, choices: [{key: calm, title: {zh: 平常, en: calm}}, {key: hot, title: {zh: 紧急, en: hot}}]}
  - {key: code, title: {zh: 编码, en: code}, pattern: "[0-9]{15}"}
ratings:
  - {key: work, title: {zh: 办理, en: work}, choices: [{key: good, title: {zh: 好, en: good}}, {key: poor, title: {zh: 差, en: poor}}]}
  - {key: tone, title: {zh: 态度, en: tone}, choices: [{key: good, title: {zh: 好, en: good}}, {key: poor, title: {zh: 差, en: poor}}]}
classes: [{key: A, title: {zh: 已解决, en: solved}, means: done}]
stages:
  - {key: new, title: {zh: 新, en: new}}
  - {key: there, title: {zh: 到齐, en: there}}
  - {key: rated, title: {zh: 评完, en: rated}}
  - {key: gone, title: {zh: 完, en: gone}, kind: closed}
acts:
  - {key: call, title: {zh: 叫, en: call}, by: [office], at: [new, there], wants: [units], effect: assign}
  - {key: arrive, title: {zh: 到, en: arrive}, by: [called, office], at: [new], to: there, each: called}
  - {key: hurry, title: {zh: 加急, en: hurry}, by: [office], at: [new], when: {kind: [hot]}}
  - {key: code, title: {zh: 编码, en: code}, by: [office], at: [new], fields: [code]}
  - {key: object, title: {zh: 异议, en: object}, by: [called], at: [new], within: [object]}
  - {key: ask, title: {zh: 申请剔除, en: ask}, by: [called], at: [live, gone], needs: [reason], effect: ask}
  - {key: grant, title: {zh: 同意剔除, en: grant}, by: [office], at: [live, gone], pending: ask, not_by: [ask], effect: exclude}
  - {key: refuse, title: {zh: 不同意剔除, en: refuse}, by: [office], at: [live, gone], pending: ask}
  - {key: ask-more, title: {zh: 申请延期, en: ask for more}, by: [called], at: [there], needs: [date], effect: ask-extend, clock: handle, most: 10 workdays}
  - {key: more, title: {zh: 同意延期, en: more}, by: [office], at: [there], wants: [date], pending: ask-more, effect: extend, clock: handle, most: 10 workdays}
  - {key: rate, title: {zh: 评, en: rate}, by: [office], at: [there], to: rated, each: called, needs: [rating], rates: {work: [good]}, effect: rate}
  - {key: end, title: {zh: 办结, en: end}, by: [office], at: [rated], to: gone, needs: [class], effect: close}
  - {key: again, title: {zh: 重开, en: again}, by: [office], at: [gone], to: new, effect: reopen}
clocks:
  - {key: come, title: {zh: 到, en: come}, start: [call, again], stop: [arrive], limit: 30 minutes, owner: called, each: called, source: 试}
  - {key: object, title: {zh: 异议, en: object}, start: [file], stop: [end], limit: 2 workdays, right: true, source: 试}
  - {key: handle, title: {zh: 办, en: handle}, start: [file], stop: [end], limit: 5 workdays, by: {kind: {hot: 2 hours}}, owner: called, main: true, source: 试}
variants:
  - key: place
    title: {zh: 一地, en: a place}
    limits: {handle: 7 days}
    by: {handle: {kind: {calm: 15 days}}}
    most: {ask-more: 20 workdays}
    classes: [{key: 甲, title: {zh: 列入计划, en: planned}, means: planned}]
"""


def _rules() -> Rules:
    return plain_rules(read_mechanism(_TEXT, "words.yaml"))


def _at(text: str) -> datetime:
    return datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=_ZONE)


class _Life:
    """A matter and the way to go on with it."""

    def __init__(self, variant: str = "", **fields: Any) -> None:
        self.rules = _rules()
        filing = Filing("i-words", "chen", variant=variant, fields=fields, parts={"called": ("u-a", "u-b")})
        self.matter, move = engine.file(filing, self.rules, _at("2026-03-02 09:00"))
        self.matter = engine.fold(self.matter, [move])

    def do(self, at: str, act: str, part: str, speaks: frozenset[str] | None = None, by: str = "chen", **inputs: Any) -> Matter:
        self.matter = engine.fold(self.matter, engine.due(self.matter, self.rules, _at(at)))
        deed = Deed(act, by, frozenset({part}), inputs, units=speaks)
        self.matter = engine.fold(self.matter, [engine.perform(self.matter, self.rules, deed, _at(at))])
        return self.matter

    def refuse(
        self, at: str, act: str, part: str, said: str, speaks: frozenset[str] | None = None, by: str = "chen", **inputs: Any
    ) -> None:
        before = self.matter
        with pytest.raises(Refused) as caught:
            self.do(at, act, part, speaks, by, **inputs)
        assert said in str(caught.value)
        self.matter = engine.fold(before, engine.due(before, self.rules, _at(at)))


def _due(life: _Life, key: str) -> str:
    ticking = life.matter.last(key)
    assert ticking is not None
    return clocks.day_of(ticking.due, _ZONE).isoformat()


def test_each_unit_comes_by_its_own_clock_and_the_stage_waits_for_the_last() -> None:
    life = _Life()
    life.do("2026-03-02 09:00", "call", "office")
    assert {clock.unit for clock in life.matter.clocks if clock.key == "come"} == {"u-a", "u-b"}
    life.refuse("2026-03-02 09:10", "arrive", "called", "请指明是哪个单位")
    life.refuse("2026-03-02 09:10", "arrive", "called", "不是被叫部门", unit="u-c")
    life.refuse("2026-03-02 09:10", "arrive", "called", "只能替本单位办理", speaks=frozenset({"u-b"}), unit="u-a")
    life.refuse("2026-03-02 09:10", "hurry", "office", "只有类别为“紧急”时")
    life.do("2026-03-02 09:30", "arrive", "called", speaks=frozenset({"u-a"}), unit="u-a")
    assert life.matter.stage == "new"
    life.refuse("2026-03-02 09:30", "arrive", "called", "已办过", unit="u-a")
    life.refuse("2026-03-02 09:30", "code", "office", "不分单位", unit="u-a")
    life.do("2026-03-02 09:31", "arrive", "office", speaks=frozenset(), unit="u-b")
    assert life.matter.stage == "there"
    by_unit = {clock.unit: clock for clock in life.matter.clocks if clock.key == "come"}
    assert by_unit["u-a"].lapsed is None, "at 30 minutes sharp nobody is late"
    assert by_unit["u-b"].lapsed is not None
    assert all(clock.stopped for clock in by_unit.values())


def test_who_is_called_later_gets_a_clock_of_its_own_and_who_is_not_called_any_more_none() -> None:
    life = _Life()
    life.do("2026-03-02 09:00", "call", "office")
    life.do("2026-03-02 09:20", "call", "office", units={"called": ["u-b", "u-c"]})
    found = {clock.unit: (clock.runs, clocks.day_of(clock.due, _ZONE), clock.n) for clock in life.matter.clocks if clock.key == "come"}
    assert [found[unit][0] for unit in ("u-a", "u-b", "u-c")] == [False, True, True]
    assert len({n for _, _, n in found.values()}) == 3


def test_a_right_ends_without_a_word() -> None:
    life = _Life()
    life.do("2026-03-04 23:59", "object", "called")
    life.refuse("2026-03-05 00:00", "object", "called", "已过期限")
    clock = life.matter.last("object")
    assert clock is not None
    assert (clock.runs, clock.lapsed) == (False, None)
    assert life.matter.lights.time == "green"


def test_each_unit_is_rated_only_by_what_the_act_asks() -> None:
    life = _Life()
    life.do("2026-03-02 09:00", "call", "office")
    for unit in ("u-a", "u-b"):
        life.do("2026-03-02 09:05", "arrive", "called", unit=unit)
    life.refuse("2026-03-02 10:00", "rate", "office", "请选办理（好）", unit="u-a", ratings={"work": "poor"})
    life.refuse("2026-03-02 10:00", "rate", "office", "不评“tone”", unit="u-a", ratings={"work": "good", "tone": "good"})
    life.do("2026-03-02 10:00", "rate", "office", unit="u-a", ratings={"work": "good"})
    assert (life.matter.stage, life.matter.ratings) == ("there", {"work@u-a": "good"})
    life.do("2026-03-02 10:01", "rate", "office", unit="u-b", ratings={"work": "good"})
    answer: dict[str, Any] = {"class": "A"}
    life.do("2026-03-02 10:02", "end", "office", **answer)
    assert (life.matter.fields["class"], life.matter.fields["class_means"]) == ("A", "done")
    life.do("2026-03-03 09:00", "again", "office")
    assert (life.matter.units, life.matter.stage) == ({}, "new")
    assert [clock.runs for clock in life.matter.clocks if clock.key == "come"].count(True) == 2


def test_one_request_at_a_time_granted_by_another_person_even_after_the_end() -> None:
    life = _Life()
    life.do("2026-03-02 09:00", "call", "office")
    life.refuse("2026-03-02 09:10", "grant", "office", "没有待批的申请")
    life.do("2026-03-02 09:10", "ask", "called", by="wang", reason="不可抗力")
    life.refuse("2026-03-02 09:11", "ask", "called", "已有一件申请待批", by="wang", reason="不可抗力")
    life.refuse("2026-03-02 09:11", "grant", "office", "回避", by="wang")
    life.do("2026-03-02 09:12", "refuse", "office")
    assert life.matter.asked == {}
    assert not life.matter.excluded
    life.do("2026-03-02 09:13", "ask", "called", by="wang", reason="不可抗力，附证明")
    assert life.do("2026-03-02 09:14", "grant", "office", by="li").excluded


def test_an_extension_has_a_longest() -> None:
    life = _Life()
    life.do("2026-03-02 09:00", "call", "office")
    for unit in ("u-a", "u-b"):
        life.do("2026-03-02 09:05", "arrive", "called", unit=unit)
    assert _due(life, "handle") == "2026-03-09"
    life.refuse("2026-03-03 09:00", "ask-more", "called", "最多延到 2026-03-23", date="2026-03-24")
    life.do("2026-03-03 09:00", "ask-more", "called", date="2026-03-23")
    life.refuse("2026-03-03 10:00", "more", "office", "最多延到", date="2026-03-24")
    life.do("2026-03-03 10:00", "more", "office")
    assert _due(life, "handle") == "2026-03-23"


@pytest.mark.parametrize(
    ("variant", "kind", "day"),
    [("", "calm", "2026-03-09"), ("", "hot", "2026-03-02"), ("place", "calm", "2026-03-17"), ("place", "hot", "2026-03-09")],
)
def test_the_limits_of_a_variant(variant: str, kind: str, day: str) -> None:
    assert _due(_Life(variant, kind=kind), "handle") == day


def test_the_classes_of_a_variant_and_the_form_of_a_text() -> None:
    mechanism = _rules().mechanism
    assert [one.key for one in mechanism.classes_of("")] == ["A"]
    assert [one.means for one in mechanism.classes_of("place")] == ["planned"]
    life = _Life()
    life.refuse("2026-03-02 09:00", "code", "office", "编码的值不对", fields={"code": "5301020010010011"})
    assert life.do("2026-03-02 09:00", "code", "office", fields={"code": "530102001001001"}).fields["code"] == "530102001001001"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("right: true", "right: true, then: end", "then"),
        ("pending: ask,", "pending: nothing,", "nothing"),
        ("each: called}\n  - {key: hurry", "each: office}\n  - {key: hurry", "each"),
        ("when: {kind: [hot]}", "when: {colour: [hot]}", "colour"),
        ("rates: {work: [good]}", "rates: {smell: [good]}", "smell"),
        ("most: 10 workdays}\n  - {key: more", "most: ten}\n  - {key: more", "ten"),
        ('"[0-9]{15}"', '"[0-9"', "pattern"),
        ("{kind: {calm: 15 days}}", "{colour: {calm: 15 days}}", "colour"),
        ("most: {ask-more: 20 workdays}", "most: {ask-less: 20 workdays}", "ask-less"),
    ],
)
def test_a_wrong_word_is_named(old: str, new: str, said: str) -> None:
    assert old in _TEXT
    with pytest.raises(BadTable) as caught:
        read_mechanism(_TEXT.replace(old, new), "words.yaml")
    assert said in str(caught.value)
