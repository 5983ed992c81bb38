"""Measures: what holds of every text, what each rule is shown by, reasons, and texts made to hurt."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from types import FrameType
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from luoshi.extract.fact import MeasureFact
from luoshi.extract.kinds.measure import explain_measure, find, find_measures, rules
from luoshi.extract.kinds.measure.lexicon import WORDS, alternation
from luoshi.extract.kinds.measure.patterns import WORD_RULES
from luoshi.extract.kinds.measure.tense import Tense, Turned
from luoshi.extract.kinds.measure.years import five_years
from luoshi.outline import outline_text
from luoshi.outline.outline import Outline
from luoshi.read import read_string
from tests.cases import Case, load_cases, scene

CASES = load_cases("measure")
PARTS = ["review", "plan", "outlook", "problems", "self", "other"]
COMPARATORS = {
    "eq",
    "ge",
    "le",
    "approx",
    "range",
    "above",
    "below",
    "with",
    "all",
    "zero",
    "both_up",
    "both_down",
    "assigned",
    "unchanged",
}

clauses = st.sampled_from(sorted({clause for case in CASES for clause in re.split(r"[,;。]", case.text) if clause}))
links = st.sampled_from(
    [",", ";", "。", "、", "", "和", ":", "(", ")", "“", "”", "《", "》", "\n", "分别", "从", "到", "其中", "2021年", "五年来", "力争"]
)
#: clauses of the cases and their halves, joined by anything
mixtures = st.lists(st.tuples(clauses, st.integers(0, 12), links), min_size=1, max_size=12).map(
    lambda parts: "".join(clause[cut if cut < 6 else 0 :] + link for clause, cut, link in parts)
)
scenes = st.builds(
    lambda text, part, kind, span: scene(Case(text=text, facts=[], part=part, kind=kind, span_years=span)),
    mixtures,
    st.sampled_from(PARTS),
    st.sampled_from(["report", "plan", "breakdown"]),
    st.sampled_from([None, (2018, 2022)]),
)


def check(fact: MeasureFact, source: str) -> None:
    """What the contract promises of one measure."""
    assert fact.text == source[fact.start : fact.end] != ""
    for quote in (fact.indicator, fact.reference):
        assert quote is None or quote.text == source[quote.start : quote.end] != ""
    assert fact.role in ("target", "result", "attribute")
    assert fact.measure in ("level", "growth", "change", "rank")
    assert fact.comparator in COMPARATORS
    assert (fact.direction is not None) <= (fact.measure in ("growth", "change"))
    assert (fact.value_max is not None) == (fact.comparator == "range")
    assert (fact.value is None) <= (fact.comparator in COMPARATORS - {"eq", "ge", "le", "approx", "range"})
    assert fact.year is None or fact.years is None
    assert fact.rule


@given(scenes)
@settings(max_examples=300, deadline=None)
def test_every_measure_holds(outline: Outline) -> None:
    facts = find_measures(outline)
    over = 0
    for fact in facts:
        assert fact.start >= over, "in order, none over another"
        check(fact, outline.text.source)
        over = fact.end


@given(scenes)
@settings(max_examples=60, deadline=None)
def test_every_measure_has_reasons(outline: Outline) -> None:
    for fact in find_measures(outline):
        reasons = explain_measure(outline, fact.start)
        assert {"indicator", "measure", "role", "year"} <= {reason.key for reason in reasons}
        assert (fact.strength != "plain") == ("strength" in {reason.key for reason in reasons})
        for reason in reasons:
            assert reason.rule
            assert 0 <= reason.start <= reason.end <= len(outline.text.source)


def test_no_reasons_without_measure() -> None:
    assert explain_measure(scene(Case(text="建成公园3个。", facts=[])), 0) == ()


def test_reasons_name_their_words() -> None:
    text = "到2025年,力争建成公园30个以上。"
    outline = scene(Case(text=text, facts=[]))
    reasons = {reason.key: (reason.rule, text[reason.start : reason.end]) for reason in explain_measure(outline, text.index("30"))}
    assert reasons == {
        "indicator": ("<noun> <amount>", "公园"),
        "measure": ("level", ""),
        "comparator": ("ge", "以上"),
        "role": ("part plan", ""),
        "year": ("a word of time (year)", "2025年"),
        "strength": ("strive", "力争"),
    }


def test_cases_show_every_rule() -> None:
    """A rule without a case could change unseen."""
    documented = set(re.findall(r'^    "([^"]*<[^"]+)"  ', rules.__doc__ or "", flags=re.MULTILINE)) | {
        f"<noun> {name}" for name in WORD_RULES.values()
    }
    assert len(documented) > 20
    shown = {fact.rule for case in CASES for fact in find_measures(scene(case))}
    assert shown == documented


def test_cases_show_every_part_and_comparator() -> None:
    assert {case.part for case in CASES} >= {"review", "plan", "outlook", "problems", "self"}
    assert {fact.comparator for case in CASES for fact in find_measures(scene(case))} == COMPARATORS


def test_offsets_are_of_the_source() -> None:
    """The words of a fact are the source's own, full-width forms, spaces and broken lines included."""
    source = "政府工作报告\n一、２０２３年工作安排\n新建公园 ３ 个，确保规上工业增\n加值增长８％以上。\n"
    outline = outline_text(read_string(source, "made.txt"))
    facts = find_measures(outline)
    assert [(fact.text, fact.value) for fact in facts] == [("３ 个", 3), ("８％", 8)]
    for fact in facts:
        check(fact, source)


def test_one_year_of_five() -> None:
    assert [five_years(number) for number in ("一", "三", "十四", "十六")] == [(1953, 1957), (1966, 1970), (2021, 2025), (2031, 2035)]


def test_paragraphs_tell_their_time() -> None:
    """A paragraph of a plan that opens with last year tells of results, the next one of targets again."""
    text = "过去的一年,建成公园3个。新增绿地5公顷。\n今年建成公园4个。工作要点如下。过去的一年修路6公里。铺管7公里。今年修路8公里。\n"
    outline = scene(Case(text=text, facts=[]))
    assert [fact.role for fact in find_measures(outline)] == ["result", "result", "target", "target", "result", "target"]
    tense = Tense(outline, outline.stretches[0], Turned())
    assert [tense.at(at)[0] for at in (0, text.index("\n") + 1)] == ["review", "plan"]


@pytest.mark.parametrize("words", [["个", "个百分点", "家"], ["a+b", "a", "ab"], ["全市", "全省", "全"]])
def test_alternation_takes_the_longest(words: list[str]) -> None:
    pattern = re.compile(alternation(words))
    for word in words:
        match = pattern.match(word + "x")
        assert match
        assert match.group() == word


def test_words_are_told_once() -> None:
    """A unit has one class, and no list of words holds a word twice where that would hide one."""
    written = [unit for units in WORDS.units.values() for unit in units]
    assert len(written) == len(set(written))


HOSTILE: dict[str, Callable[[int], str]] = {
    "rates": lambda n: "增长5%、" * n,
    "counts": lambda n: "建成道路5条" * n,
    "digits": lambda n: "7" * n + "个",
    "thousands": lambda n: "1,234" + ",234" * n,
    "numerals": lambda n: "一" * n + "元",
    "quotes": lambda n: "“5个" * n,
    "titles": lambda n: "《5个" * n,
    "brackets": lambda n: "(5个" * n + ")" * n,
    "years": lambda n: "2020年5个" * n,
    "plans": lambda n: "十四五" * n + "期间",
    "changes": lambda n: "从5个到" * n,
    "strength": lambda n: "力争5%、" * n,
    "rows": lambda n: "甲、乙分别增长5%、6%、" * n,
    "nouns": lambda n: "建成5个" + "项目建设" * n,
    "references": lambda n: "高于全市平均" * n,
    "sentences": lambda n: "今年建成公园5个。" * n,
    "lines": lambda n: "今年建成公园5个\n" * n,
}


def work(call: Callable[[], Any]) -> int:
    """How many calls of functions, Python's and C's, a call makes."""
    count = 0

    def note(_frame: FrameType, event: str, _argument: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    sys.setprofile(note)
    try:
        call()
    finally:
        sys.setprofile(None)
    return count


@pytest.mark.parametrize("name", HOSTILE)
def test_work_grows_with_size(name: str) -> None:
    """Twice the text is twice the work, and no sentence is read over more than a bounded stretch."""
    small, large = (scene(Case(text=HOSTILE[name](size), facts=[], part="review")) for size in (1000, 2000))
    assert work(lambda: find_measures(large)) < 2.4 * work(lambda: find_measures(small)) + 2000
    for one, _drafts in find._scenes(large):
        assert one.sentence.end - one.sentence.start <= 3 * find._LONGEST


@pytest.mark.slow
@pytest.mark.parametrize("name", HOSTILE)
def test_large(name: str) -> None:
    """A long text without an end of a sentence is read, and what is found stays in order."""
    make = HOSTILE[name]
    outline = scene(Case(text=make(100_000 // len(make(1))), facts=[], part="plan"))
    over = 0
    for fact in find_measures(outline):
        assert fact.start >= over
        over = fact.end
