"""Every line of ``contradictions.yaml``: what reports say, and the contradictions that follow, all of them."""

from __future__ import annotations

from itertools import permutations
from pathlib import Path
from typing import Any

import pytest
import yaml

from luoshi.link import Source
from luoshi.link.contradiction import KINDS, harmless_name, kind_name, sentence, table
from luoshi.link.contradictions import contradictions
from tests.link.documents import report

CITY = "云川省澜州市"
CASES: list[dict[str, Any]] = yaml.safe_load((Path(__file__).parent / "contradictions.yaml").read_text(encoding="utf-8"))


def documents(case: dict[str, Any]) -> list[Source]:
    own = [report(year, review=told) for year, told in case["told"].items()]
    last = max(case["told"])
    return own + [report(last, review=told, place=place) for place, told in case.get("below", {}).items()]


def found_in(case: dict[str, Any]):
    sources = documents(case)
    parts = {sources[0].place: tuple(one.place for one in sources if one.place != CITY)} if "below" in case else None
    return contradictions(sources, parts=parts)


@pytest.mark.parametrize("case", CASES, ids=lambda case: "；".join(case["told"].values())[:70])
def test_the_contradictions_of_the_case_are_found_and_no_others(case: dict[str, Any]) -> None:
    assert set(case) <= {"told", "below", "found"}
    found = found_in(case)
    assert [one.kind for one in found] == [kind for kind, _ in case["found"]], [one.said for one in found]
    for one, (_, words) in zip(found, case["found"], strict=True):
        assert words in one.worked


@pytest.mark.parametrize("case", [case for case in CASES if case["found"]], ids=lambda case: "；".join(case["told"].values())[:70])
def test_quotations_are_the_words_of_the_documents(case: dict[str, Any]) -> None:
    texts = {one.key: one.text for one in documents(case)}
    for one in found_in(case):
        for quoted in (one.first, one.second, *one.more):
            text = texts[quoted.document]
            assert text[quoted.start : quoted.end] == quoted.text
            assert text[slice(*quoted.sentence)].strip() == quoted.said
        assert float(one.gap) > float(one.allowance)
        assert one.others


def test_the_order_of_documents_changes_nothing() -> None:
    sources = [report(2024, review="一般公共预算收入1200亿元。"), report(2025, review="一般公共预算收入1250亿元，增长6.5%。"), report(2026)]
    assert len({contradictions(order) for order in permutations(sources)}) == 1


def test_a_sentence_explains_it_in_two_languages() -> None:
    one = found_in(CASES[0])[0]
    assert one.said == sentence(one, "zh")
    assert one.said == (
        "云川省澜州市2024年“一般公共预算收入”的增速与前后水平不符：1250亿元 ÷ 1200亿元 − 1 = 4.17%，原文增长6.5%，相差2.33个百分点，"
        "超出四舍五入容许的0.14个百分点。"
    )
    assert "does not follow" in sentence(one, "en")


def test_every_kind_has_its_words() -> None:
    assert set(table().names) == set(table().sentences) == set(KINDS)
    for kind in KINDS:
        assert kind_name(kind)
        assert kind_name(kind, "en")
    for slug in table().harmless:
        assert harmless_name(slug)
        assert harmless_name(slug, "en")
