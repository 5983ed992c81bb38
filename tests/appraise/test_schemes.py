"""Every scheme file: it is read, it fits together, it has sources, its cases hold."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from luoshi.appraise.casing import run
from luoshi.appraise.forbidden import forbidden
from luoshi.appraise.how import How
from luoshi.appraise.points import known
from luoshi.appraise.reading import read_scheme
from luoshi.appraise.rules import scheme_of, scheme_text, schemes
from luoshi.appraise.scheme import Case, Scheme
from luoshi.errors import BadTable

_CASES = [pytest.param(one, case, id=f"{one.id}-{case.title}") for one in schemes() for case in one.cases]


@pytest.mark.parametrize(("scheme", "case"), _CASES)
def test_case(scheme: Scheme, case: Case) -> None:
    assert list(run(case, scheme)) == []


@pytest.mark.parametrize("scheme", schemes(), ids=lambda one: one.id)
def test_has_cases_and_sources(scheme: Scheme) -> None:
    """Nothing is scored without a sentence and a source, and nothing that must not be scored."""
    assert scheme.cases
    assert scheme.sources
    assert all(line.rule and line.source for line in scheme.lines)
    assert scheme.rounding.source
    assert scheme.ranking.source
    assert forbidden(scheme) == ()


def test_ids_are_its_own() -> None:
    assert len({one.id for one in schemes()}) == len(schemes()) == len({one.key for one in schemes()})
    assert scheme_of("A12") is scheme_of("quarter")
    assert scheme_of("nothing") is None
    assert read_scheme(scheme_text("A12"), "quarter") == scheme_of("A12")


def test_every_word_of_how_is_worked_and_used() -> None:
    """A word of the vocabulary that no function works out would be a hole; one that no scheme uses would have no case."""
    declared = set(How.__args__)
    assert set(known()) == declared
    assert declared == {type(line.how) for scheme in schemes() for line in scheme.lines}


@dataclass(frozen=True)
class _Wrong:
    """A change to a good file, and a word of what is said of it."""

    old: str
    new: str
    said: str


_GOOD = """
id: X01
key: try
version: 1
for: M04
subject: unit
period: quarter
title: {zh: 试, en: try}
about: {zh: 试, en: try}
sources: [{title: 试行办法}]
groups: [{key: all, title: {zh: 全部, en: all}}]
inputs:
  - {key: due, title: {zh: 到期, en: due}, type: count, by: ledger, drawn: {figure: due}, least: 0}
  - {key: done, title: {zh: 办结, en: done}, type: count, by: ledger, drawn: {figure: done}, least: 0}
  - {key: kind, title: {zh: 类别, en: kind}, type: choice, choices: {a: {zh: 甲, en: a}, b: {zh: 乙, en: b}}}
  - {key: head, title: {zh: 评议, en: mark}, type: mark, by: rater}
  - {key: peers, title: {zh: 互评, en: peers}, type: mark, by: rater}
measures: [{kind: share, key: rate, title: {zh: 办结率, en: rate}, top: done, under: due}]
coefficients: [{key: load, title: {zh: 系数, en: factor}, by: kind, table: {a: 1, b: 1.2}, source: 试行办法}]
lines:
  - {key: rate, title: {zh: 办结, en: done}, rule: 办结率乘八十分, source: 试行办法, how: {kind: ratio, of: rate}, points: 80, times: load}
  - {key: marks, title: {zh: 评议, en: marks}, rule: 两方各半, source: 试行办法, how: {kind: raters, of: [{of: head, weight: 50}, {of: peers, weight: 50}]}, points: 20}
vetoes: [{key: b, title: {zh: 乙类降等, en: b}, when: {kind: [b]}, effect: lower, source: 试行办法}]
grades: {by: score, source: 试行办法, grades: [{key: A, title: {zh: A, en: A}, low: 80}, {key: B, title: {zh: B, en: B}}]}
rounding: {source: 试行办法}
ranking: {source: 试行办法}
"""
_WRONG = [
    _Wrong("of: rate}", "of: rat}", "rat"),
    _Wrong("under: due", "under: dew", "dew"),
    _Wrong("kind: ratio", "kind: ration", "$.lines[0].how.kind"),
    _Wrong("points: 80", "points: 80, colour: blue", "colour"),
    _Wrong("weight: 50}, {of: peers", "weight: 40}, {of: peers", "权重"),
    _Wrong("points: 20", "points: 20, missing: full", "missing_rule"),
    _Wrong("rule: 两方各半", "rule: ''", "rule"),
    _Wrong("times: load", "times: loads", "loads"),
    _Wrong("table: {a: 1, b: 1.2}", "table: {a: 1, c: 1.2}", "c"),
    _Wrong("when: {kind: [b]}", "when: {kind: {ge: 1}}", "选项"),
    _Wrong("low: 80}", "share: 80}", "low"),
    _Wrong("drawn: {figure: done}", "drawn: {figure: steps_due}", "clocks"),
    _Wrong("drawn: {figure: done}", "drawn: {figure: instructions}", "figure"),
    _Wrong("version: 1", "version: one", "version"),
    _Wrong("key: done,", "key: due,", "2 次"),
    _Wrong("sources: [{title: 试行办法}]", "sources: []", "sources"),
    _Wrong("title: {zh: 试, en: try}", "title: [试", "YAML"),
]


def test_a_good_file_is_read() -> None:
    assert read_scheme(_GOOD, "try.yaml").measure("rate") is not None


@pytest.mark.parametrize("wrong", _WRONG, ids=lambda wrong: wrong.new[:24])
def test_a_wrong_file_says_what_and_where(wrong: _Wrong) -> None:
    assert wrong.old in _GOOD
    with pytest.raises(BadTable) as caught:
        read_scheme(_GOOD.replace(wrong.old, wrong.new, 1), "try.yaml")
    assert wrong.said in str(caught.value)
    assert caught.value.where == "try.yaml"
