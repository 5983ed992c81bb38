"""Gaps: what is missing and can be proved, and what only looks so."""

from __future__ import annotations

import pytest

from luoshi.outline import outline_text
from luoshi.outline.outline import Gap, Outline
from luoshi.read import read_string
from tests.outline.paper import CLOSING, PLAN, REVIEW, report


def gaps(outline: Outline, kind: str) -> list[Gap]:
    return [gap for document in outline.documents for gap in document.gaps if gap.kind == kind]


def test_whole_report_has_no_gap() -> None:
    outline = report("一、2022年工作回顾", REVIEW, "二、2023年工作安排", PLAN)
    assert outline.documents[0].gaps == ()
    assert outline.documents[0].complete


@pytest.mark.parametrize("end", ["加快推进重点项目建设，全面提升", "加快推进重点项目建设。", "加快推进。\n阅读全文\n（登录后可继续）"])
def test_cut_end(end: str) -> None:
    text = (
        "各位代表：\n我代表岳西县人民政府向大会报告工作。\n一、2022年工作回顾\n"
        + REVIEW
        + "\n二、2023年工作安排\n"
        + PLAN
        + "\n"
        + "完善机制，" * 8
        + end
    )
    outline = outline_text(read_string(text, "x"))
    assert len(gaps(outline, "cut_end")) == 1
    assert not outline.documents[0].complete


def test_glossary_behind_the_closing_is_no_cut() -> None:
    outline = outline_text(
        read_string(
            report("一、2022年工作回顾", REVIEW, "二、2023年工作安排", PLAN).text.source + "\n名词解释\n1.链长制：一种工作方法\n", "x"
        )
    )
    assert outline.documents[0].complete


def test_missing_number() -> None:
    items = [f"{number}.完善服务体系。{PLAN}" for number in (1, 2, 4, 5)]
    outline = report("一、2022年工作回顾", REVIEW, "二、2023年工作安排", *items)
    found = gaps(outline, "missing_number")
    assert [gap.what for gap in found] == ["编号缺 3"]
    assert outline.text.clean[found[0].start :].startswith("4.")


@pytest.mark.parametrize(
    "lines",
    [
        ["（一）兴产业", PLAN, "（二）抓投资。" + PLAN + "（三）促消费。" + PLAN, "（四）惠民生", PLAN],  # the third stands in a paragraph
        ["1.修路。" + PLAN, "2.治水。" + PLAN, "（一）兴产业", PLAN, "3.植树。" + PLAN],  # numbers run on through sections
    ],
)
def test_no_missing_number(lines: list[str]) -> None:
    assert gaps(report("一、2022年工作回顾", REVIEW, "二、2023年工作安排", *lines), "missing_number") == []


@pytest.mark.parametrize(
    "words",
    [
        "推进电 建设，新增变电站两座，雨污管 配套跟上。",
        "落实 格化管理，压实街道责任，完善互联 应用。",
        "加快土地 批进度，做好信息 送工作，用好举 平台。",
    ],
)
def test_character_lost_at_a_blank(words: str) -> None:
    outline = report(
        "一、2022年工作回顾", REVIEW, "二、2023年工作安排", PLAN + words + "推进一张 覆盖，办好门户 站。", PLAN + "开展棚户 改造。"
    )
    assert len(gaps(outline, "lost_character")) >= 3


@pytest.mark.parametrize(
    "words", ["完成固定产投资八百亿元。", "持续推进户区改造。", "大力推进态文明建设。", "城镇居民人均可支收入增长百分之六。"]
)
def test_character_lost_without_a_trace(words: str) -> None:
    assert len(gaps(report("一、2022年工作回顾", REVIEW, "二、2023年工作安排", PLAN + words), "lost_character")) == 1


@pytest.mark.parametrize(
    "words",
    [
        "开展标准化规格化管理。",
        "事故亡人数下降。",
        "完成固定资产投资八百亿元。",
        "培 育 一 批 网 红 企 业。",
        "区  长   某某某",
        "实施业态环境提升。",
    ],
)
def test_no_character_lost(words: str) -> None:
    assert gaps(report("一、2022年工作回顾", REVIEW, "二、2023年工作安排", PLAN + words), "lost_character") == []


@pytest.mark.parametrize(
    ("words", "count"),
    [
        ("2乘23年开工", 1),
        ("20二3年底建成", 1),
        ("3022年完成", 1),
        ("2O23年竣工", 1),
        ("2023年开工", 0),
        ("到2060年实现碳中和", 0),
        ("1921年以来", 0),
        ("五千年文明", 0),
        ("5000年文明史", 0),
        ("二0二三年", 0),
        ("共12023年", 0),
    ],
)
def test_broken_years(words: str, count: int) -> None:
    assert len(gaps(report("一、2022年工作回顾", REVIEW, "二、2023年工作安排", PLAN + words + "。"), "broken_year")) == count


def test_repeated_paragraph() -> None:
    outline = report(
        "一、2022年工作回顾", "修建道路三十公里。" + REVIEW, "二、2023年工作安排", PLAN + PLAN[:-1] + "一。", "修建道路三十公里。" + REVIEW
    )
    assert len(gaps(outline, "repeated")) == 1


def test_template_has_no_stretches() -> None:
    text = "政府工作报告范文\n各位代表：\n我代表××市人民政府向大会报告工作。\n××市全年生产总值达到××亿元，增长××%，新建学校××所。\n××县××区要加快建设。\n"
    outline = outline_text(read_string(text, "x"))
    assert [(document.kind, document.complete) for document in outline.documents] == [("other", False)]
    assert outline.stretches == ()
    assert [gap.kind for gap in outline.documents[0].gaps] == ["template"]


def test_navigation_only_has_no_stretches() -> None:
    outline = outline_text(read_string("\n".join(["首页", "政务公开", "领导之窗", "互动交流", "走进我们", "办事服务"] * 3), "x"))
    assert outline.stretches == ()
    assert [document.complete for document in outline.documents] in ([], [False])


def test_sentence_alone_has_a_stretch() -> None:
    assert len(outline_text(read_string("全年新建公园3个。", "x")).stretches) == 1


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n\n",
        "（" * 10_000,
        "一、" * 5_000,
        "各位代表：\n" * 3_000,
        "1.\n" * 3_000,
        "各" * 300_000,
        "2022年工作回顾\n" * 2_000,
        REVIEW + "\n" + "一、2022年工作回顾\n" * 20_000,
        REVIEW + "\n" + "附件1\n" * 20_000,
    ],
)
def test_hostile_text(text: str) -> None:
    outline = outline_text(read_string(text, "x"))
    for document in outline.documents:
        assert 0 <= document.start <= document.end <= len(outline.text.clean)
    assert CLOSING
