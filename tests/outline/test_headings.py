"""Headings: numberings, levels, titles, and what is none."""

from __future__ import annotations

import pytest

from luoshi.outline import outline_text
from luoshi.read import read_string
from tests.outline.paper import PLAN, REVIEW, headings, outlined, report


def test_usual_numberings_nest() -> None:
    outline = report(
        "一、2022年工作回顾",
        "（一）着力稳增长。" + REVIEW,
        "（二）着力促转型",
        REVIEW,
        "二、2023年工作安排",
        "（一）聚力兴产业",
        "1.壮大主导产业。" + PLAN,
        "2、做强县域经济",
        PLAN,
        "（1）建好园区。" + PLAN,
        "①" + "完善路网。" + PLAN,
        "——打造活力之城。" + PLAN,
    )
    assert headings(outline) == [
        "1 一、 2022年工作回顾 review",
        "2 （一） 着力稳增长 review",
        "2 （二） 着力促转型 review",
        "1 二、 2023年工作安排 plan",
        "2 （一） 聚力兴产业 plan",
        "3 1. 壮大主导产业 plan",
        "3 2、 做强县域经济 plan",
        "4 （1） 建好园区 plan",
        "5 ① 完善路网 plan",
        "4 —— 打造活力之城 plan",
    ]
    assert [section.parent for section in outline.sections] == [-1, 0, 0, -1, 3, 4, 4, 6, 7, 6]
    assert all(section.index == at for at, section in enumerate(outline.sections))


def test_chapters_and_articles_stand_above() -> None:
    outline = outlined(
        "蓝田县国民经济和社会发展第十四个五年规划纲要",
        "第一章 发展环境",
        REVIEW,
        "第一节 发展基础",
        REVIEW,
        "一、综合实力",
        REVIEW,
        "（一）经济总量",
        REVIEW,
        "第二章 总体要求",
        PLAN,
        "第一节 指导思想",
        PLAN,
    )
    assert [heading.rsplit(" ", 1)[0] for heading in headings(outline)] == [
        "1 第一章 发展环境",
        "2 第一节 发展基础",
        "3 一、 综合实力",
        "4 （一） 经济总量",
        "1 第二章 总体要求",
        "2 第一节 指导思想",
    ]


def test_part_heading_without_number() -> None:
    above = report("2022年工作回顾", REVIEW, "一、稳住经济大盘", REVIEW, "2023年工作安排", PLAN, "一、扩大有效投资", PLAN)
    assert headings(above) == [
        "0 - 2022年工作回顾 review",
        "1 一、 稳住经济大盘 review",
        "0 - 2023年工作安排 plan",
        "1 一、 扩大有效投资 plan",
    ]
    alone = report("2022年工作回顾", REVIEW, "（一）稳住经济大盘", REVIEW, "2023年工作安排", PLAN)
    assert headings(alone) == ["1 - 2022年工作回顾 review", "2 （一） 稳住经济大盘 review", "1 - 2023年工作安排 plan"]


def test_lead_line() -> None:
    outline = report("一、2022年工作回顾", REVIEW, "经济运行稳中向好", REVIEW, "城乡面貌焕然一新", REVIEW, "二、2023年工作安排", PLAN)
    assert headings(outline)[1:3] == ["3 - 经济运行稳中向好 review", "3 - 城乡面貌焕然一新 review"]


def test_repeated_short_sentences_over_numbered_runs_are_headings() -> None:
    lines = []
    for theme in ("创新驱动", "协调发展", "绿色低碳"):
        lines += [f"五年来，我们坚持{theme}，成效持续显现。", "1.抓项目。" + REVIEW, "2.抓服务。" + REVIEW]
    assert headings(report("过去五年工作回顾", REVIEW, *lines))[1:4] == [
        "2 - 五年来,我们坚持创新驱动,成效持续显现 review",
        "3 1. 抓项目 review",
        "3 2. 抓服务 review",
    ]


def test_one_is_opens_a_paragraph() -> None:
    outline = report(
        "一、2023年工作安排",
        PLAN,
        "一是推进产业升级。" + PLAN,
        "二是推进城市更新。" + PLAN,
        "重点抓好三件事。一是修路。二是治水。三是植树。" + PLAN,
    )
    assert headings(outline)[1:] == ["4 一是 推进产业升级 plan", "4 二是 推进城市更新 plan"]


@pytest.mark.parametrize(
    "line",
    [
        "二、三产业增加值分别增长百分之五和百分之六，" + REVIEW,  # goes on with a sentence, 第 is above
        "——地区生产总值增长百分之六点五以上；",  # an item of a list of targets
        "——2022年12月28日在柳林县第十八届人民代表大会第二次会议上",
        "3.5公里长的滨河步道建成开放，" + REVIEW,
        "附件：1.名词解释.docx",
        "重点做好以下工作：",
    ],
)
def test_no_heading(line: str) -> None:
    assert headings(report("一、2022年工作回顾", REVIEW, line, REVIEW)) == ["1 一、 2022年工作回顾 review"]


@pytest.mark.parametrize(
    ("line", "title"),
    [
        (
            "（一）强化要素保障，优化营商环境坚持刀刃向内、自我革新，出台惠企措施二十六条，办理时限压缩六成以上，群众满意度持续提升。",
            "强化要素保障,优化营商环境",
        ),
        (
            "（一）深入实施教育提升行动把教育摆在优先发展的位置，改建学校四所，新增学位两千个，让孩子们在家门口就能上好学校。",
            "深入实施教育提升行动",
        ),
        ("（一）守住安全底线 从解决突出隐患入手，开展专项检查一千二百次，整改问题三千余个，事故起数和受伤人数双双下降。", "守住安全底线"),
    ],
)
def test_stop_between_heading_and_body_is_lost(line: str, title: str) -> None:
    outline = report("一、2022年工作回顾", REVIEW, line, REVIEW)
    section = outline.sections[1]
    assert outline.text.clean[section.title_start : section.title_end] == title


def test_number_alone_on_its_line() -> None:
    outline = report("一、2022年工作回顾", "（一）", "改革开放不断深化", REVIEW, "二、2023年工作安排", PLAN)
    assert headings(outline)[1] == "2 （一） 改革开放不断深化 review"


def test_ascii_punctuation_and_space_after_the_number() -> None:
    outline = report("一,2022年工作回顾", REVIEW, "(一) 稳增长有力有效", REVIEW, "二. 2023年工作安排", PLAN)
    assert headings(outline) == ["1 一, 2022年工作回顾 review", "2 (一) 稳增长有力有效 review", "1 二. 2023年工作安排 plan"]


def test_run_begins_anew_inside_a_part() -> None:
    outline = report(
        "一、2022年工作回顾", REVIEW, "二、2023年工作安排", PLAN, "一、壮大产业", PLAN, "二、建好乡村", PLAN, "三、加强政府自身建设", PLAN
    )
    assert [(section.level, section.parent) for section in outline.sections] == [(1, -1), (1, -1), (1, 1), (1, 1), (1, 1)]


def test_annex_takes_its_title_from_the_next_line() -> None:
    outline = report("一、2022年工作回顾", REVIEW, "二、2023年工作安排", PLAN)
    with_annex = outline_text(
        read_string(outline.text.source + "\n附件1\n名 词 解 释\n1.链长制：由负责人牵头服务一条产业链的做法。\n", "x")
    )
    section = with_annex.sections[-1]
    assert (section.number, section.part) == ("附件1", "glossary")
    assert with_annex.text.clean[section.title_start : section.title_end].replace(" ", "") == "名词解释"
    assert with_annex.stretches[-1].part == "glossary"


def test_numbers_over_999_go_on_and_a_year_is_none() -> None:
    lines = [line for number in range(1, 1102) for line in (f"{number}.第{number}号渠道", PLAN)]
    found = headings(report("一、2022年工作回顾", REVIEW, "二、2023年工作安排", *lines, "2031.再上台阶", PLAN))
    assert len(found) == 1103
    assert "1101." in found[-1]
    outline = report("一、2022年工作回顾", REVIEW, "二、2023年工作安排", "2031、各项工作平稳推进", PLAN)
    assert len(headings(outline)) == 2
