"""Every mechanism file: it is read, it fits together, its cases hold."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from luoshi.errors import BadTable
from luoshi.loop.casing import run
from luoshi.loop.mechanism import Case, Mechanism
from luoshi.loop.reading import read_mechanism
from luoshi.loop.rules import mechanism_of, mechanisms

_CASES = [pytest.param(one, case, id=f"{one.id}-{case.title}") for one in mechanisms() for case in one.cases]


@pytest.mark.parametrize(("mechanism", "case"), _CASES)
def test_case(mechanism: Mechanism, case: Case) -> None:
    assert list(run(case, mechanism)) == []


@pytest.mark.parametrize("mechanism", mechanisms(), ids=lambda one: one.id)
def test_has_cases_and_sources(mechanism: Mechanism) -> None:
    """A mechanism without a case that refuses something could let everything through unseen."""
    assert mechanism.sources
    assert len(mechanism.cases) >= 3
    assert any(event.get("refused") for case in mechanism.cases for event in case.events)
    assert all(clock.source for clock in mechanism.clocks), "every time limit says where it comes from"
    assert all(rhythm.source for rhythm in mechanism.rhythms)


def test_ids_are_its_own() -> None:
    assert len({one.id for one in mechanisms()}) == len(mechanisms()) == len({one.key for one in mechanisms()})
    assert mechanism_of("M01") is mechanism_of("key-tasks")
    assert mechanism_of("nothing") is None


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
number: 试
title: {zh: 试, en: try}
about: {zh: 试, en: try}
sources: [{title: 试}]
parts: [{key: office, title: {zh: 办, en: office}, role: supervisor}, {key: lead, title: {zh: 牵头, en: lead}, held: duty}]
stages:
  - {key: new, title: {zh: 新, en: new}}
  - {key: gone, title: {zh: 完, en: gone}, kind: closed}
acts:
  - {key: end, title: {zh: 办结, en: end}, by: [office], at: [new], to: gone, effect: close}
clocks:
  - {key: handle, title: {zh: 限, en: limit}, start: [file], stop: [end], limit: 5 workdays, owner: lead, main: true, source: 试}
"""
_WRONG = [
    _Wrong("by: [office]", "by: [offices]", "offices"),
    _Wrong("to: gone", "to: nowhere", "nowhere"),
    _Wrong("limit: 5 workdays", "limit: 5 worldays", "时限"),
    _Wrong("limit: 5 workdays", "limit: field:due", "field:due"),
    _Wrong("effect: close", "effect: vanish", "effect"),
    _Wrong("stop: [end]", "stop: [stop]", "stop"),
    _Wrong("to: gone, ", "", "走不"),
    _Wrong("version: 1", "version: one", "version"),
    _Wrong("key: try", "key: try\ncolour: blue", "colour"),
    _Wrong("main: true", "main: true, then: end2", "end2"),
    _Wrong("number: 试", "number: [试", "YAML"),
]


def test_a_good_file_is_read() -> None:
    assert read_mechanism(_GOOD, "try.yaml").clock("handle") is not None


@pytest.mark.parametrize("wrong", _WRONG, ids=lambda wrong: wrong.new[:20])
def test_a_wrong_file_says_what_and_where(wrong: _Wrong) -> None:
    assert wrong.old in _GOOD
    with pytest.raises(BadTable) as caught:
        read_mechanism(_GOOD.replace(wrong.old, wrong.new), "try.yaml")
    assert wrong.said in str(caught.value)
    assert caught.value.where == "try.yaml"
