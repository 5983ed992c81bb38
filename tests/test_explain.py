"""What ``--explain`` tells of a measure, a task, a heading and a place without facts."""

from __future__ import annotations

import pytest

import luoshi
from luoshi.explain import Line, explain
from luoshi.messages import Speaker

REPORT = """云岭市青禾区人民政府工作报告
——2031年1月8日在青禾区第三届人民代表大会第二次会议上

一、2030年工作回顾
过去一年，地区生产总值完成186.5亿元，增长6.2%；社区食堂实现全覆盖。天气晴好。

二、2031年工作安排
（一）做强产业。力争工业投资增长9%以上。开工建设松风湖大桥。
"""
TASKS = """青禾区2031年重点工作任务分解
1.新建幼儿园3所。（牵头单位：区教育局；配合单位：区财政局、区住建局）
2.改造老旧小区5个。（牵头单位：区住建局；配合单位：区财政局）
"""


def told(text: str, words: str, lang: str = "zh") -> list[Line]:
    return explain(luoshi.extract_facts(text), text.index(words), Speaker("en" if lang == "en" else "zh"))


def by_label(lines: list[Line]) -> dict[str, str]:
    return {line.label: line.words for line in lines}


def test_every_attribute_of_a_measure_has_its_ground() -> None:
    found = by_label(told(REPORT, "186.5亿元", "en"))
    assert found["value = 18650000000"].endswith("“186.5亿元”")
    assert found["unit = 元"].startswith("the unit written")
    assert found["indicator id = gdp"] == "the catalogue's “地区生产总值”  ← “地区生产总值”"
    assert found["indicator"].endswith("“地区生产总值”")
    assert {"role = result", "year = 2030", "measure = level"} <= set(found)
    assert any(label == "measure = growth up" and "“增长”" in words for label, words in by_label(told(REPORT, "6.2%", "en")).items())


def test_a_word_stands_for_its_number() -> None:
    found = by_label(told(REPORT, "全覆盖"))
    assert found["数值 = 100"].startswith("这个词所指的数")
    assert found["单位 = %"].startswith("数量里没有照写")


def test_a_heading_is_a_section() -> None:
    lines = told(REPORT, "做强产业")
    assert not any("没有" in line.label for line in lines)
    assert ("章节", "二、2031年工作安排（安排）") in {(line.label, line.words) for line in lines}
    assert any(line.label == "章节" and "做强产业  [" in line.words for line in lines)
    assert any(line.label == "规则" and line.words == "<numbered heading>" for line in lines)


def test_a_place_without_facts_still_has_its_document() -> None:
    lines = told(REPORT, "天气")
    assert lines[-1].label.startswith("这个位置上没有")
    assert by_label(lines)["规则"].startswith("<report")


def test_units_of_a_task_have_their_place() -> None:
    words = [(line.label, line.words) for line in told(TASKS, "新建幼儿园", "en")]
    at = TASKS.index("区教育局")
    assert ("lead units", f"区教育局  [{at}, {at + 4})") in words
    assert [name.split("  ")[0] for label, name in words if label == "supporting units"] == ["区财政局", "区住建局"]


@pytest.mark.parametrize("words", ["186.5亿元", "做强产业", "天气", "6.2%"])
def test_english_has_no_chinese_signs(words: str) -> None:
    assert not any(sign in line.label for line in told(REPORT, words, "en") for sign in "（）：")
    assert (
        any(line.words.endswith((" (review)", " (plan)")) for line in told(REPORT, words, "en") if line.label == "section")
        or words == "天气"
    )
