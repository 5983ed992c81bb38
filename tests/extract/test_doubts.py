"""What the rules could not tell carries a doubt; nothing else differs."""

from __future__ import annotations

import msgspec

import luoshi
from luoshi.extract import KINDS
from luoshi.extract.doubts import NO_INDICATOR, NO_ROLE, NO_UNIT, NO_YEAR, with_doubts
from luoshi.extract.fact import MeasureFact, TaskFact
from luoshi.outline import outline_text
from luoshi.read import read_string

LOOSE = "云岭情况\n建成公园3个，投资12亿元。\n达到30%。\n"
DATED = """云岭市青禾区人民政府工作报告
——2031年1月8日在青禾区第三届人民代表大会第二次会议上
一、2030年工作回顾
过去一年，地区生产总值完成186.5亿元，增长6.2%；新改建口袋公园12个。
二、2031年工作安排
新建幼儿园3所，开工建设松风湖大桥。
"""


def _measures(text: str) -> dict[str, str]:
    return {fact.text: fact.doubt for fact in luoshi.extract_facts(text).facts if isinstance(fact, MeasureFact)}


def test_nothing_says_year_or_role() -> None:
    assert _measures(LOOSE) == {
        "3个": f"{NO_YEAR}；{NO_ROLE}",
        "12亿元": f"{NO_YEAR}；{NO_ROLE}",
        "30%": f"{NO_INDICATOR}；{NO_YEAR}；{NO_ROLE}",
    }


def test_a_report_with_its_date_leaves_no_doubt() -> None:
    facts = luoshi.extract_facts(DATED).facts
    assert len(facts) > 6
    assert {getattr(fact, "doubt", "") for fact in facts} == {""}


def test_an_item_without_a_unit() -> None:
    outline = outline_text(read_string(DATED, "text"))
    bare = TaskFact(0, 9, DATED[:9], body_end=5)
    [fact] = with_doubts(outline, [bare])
    assert isinstance(fact, TaskFact)
    assert fact.doubt == NO_UNIT
    assert list(with_doubts(outline, [msgspec.structs.replace(bare, body_end=None)])) == [msgspec.structs.replace(bare, body_end=None)]


def test_only_the_doubt_differs() -> None:
    outline = outline_text(read_string(LOOSE, "text"))
    plain = [fact for find in KINDS.values() for fact in find(outline)]
    marked = list(with_doubts(outline, plain))
    assert marked != plain
    bare = [msgspec.structs.replace(fact, doubt="") if hasattr(fact, "doubt") else fact for fact in marked]
    assert bare == plain
