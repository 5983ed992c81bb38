"""Parts: which stretch looks back, which plans, and where a paragraph turns without a heading."""

from __future__ import annotations

import pytest

from tests.outline.paper import CLOSING, PLAN, REVIEW, headings, parts, report

TROUBLE = "同时，我们也清醒地看到，发展中还存在不少困难和问题，财政收支矛盾突出，民生短板仍然较多。"


def test_trailing_problems_are_a_stretch_of_their_own() -> None:
    outline = report("一、2022年工作回顾", REVIEW, "（一）产业提质", REVIEW, TROUBLE, "二、2023年工作安排", PLAN)
    found = [(stretch.part, stretch.section) for stretch in outline.stretches]
    assert found == [("other", -1), ("review", 0), ("review", 1), ("problems", 0), ("plan", 2)] + [("plan", 2)] * (len(found) - 5)


def test_problems_that_begin_in_mid_paragraph() -> None:
    outline = report("一、2022年工作回顾", REVIEW + TROUBLE, "二、2023年工作安排", PLAN)
    assert ("problems", TROUBLE[:8].replace("，", ",")) in parts(outline)


def test_review_without_a_later_heading_turns_to_plan() -> None:
    outline = report("一、2022年工作回顾", REVIEW, "2023年是全面深化改革的关键之年，做好工作意义重大。" + PLAN, "（一）壮大产业", PLAN)
    assert headings(outline)[1].endswith(" plan")


def test_report_without_headings() -> None:
    outline = report(REVIEW, "刚刚过去的2022年，" + REVIEW, TROUBLE, "2023年全区经济社会发展的主要目标是：地区生产总值增长百分之六。", PLAN)
    assert [part for part, _ in parts(outline)] == ["review", "problems", "plan"]


def test_self_government_in_a_review_stays_review() -> None:
    outline = report(
        "一、2022年工作回顾",
        REVIEW,
        "（一）政府自身建设持续加强",
        REVIEW,
        "二、2023年工作安排",
        PLAN,
        "（一）壮大产业",
        PLAN,
        "三、加强政府自身建设",
        PLAN,
    )
    assert [heading.split()[-1] for heading in headings(outline)] == ["review", "review", "plan", "plan", "self"]


def test_headings_after_a_plan_go_on_with_it() -> None:
    outline = report(
        "一、2022年工作回顾", REVIEW, "二、2023年工作总体安排", PLAN, "三、千方百计扩大就业", PLAN, "四、着力改善人居环境", PLAN
    )
    assert [heading.split()[-1] for heading in headings(outline)] == ["review", "plan", "plan", "plan"]


@pytest.mark.parametrize(
    ("title", "part"),
    [
        ("过去五年工作回顾", "review"),
        ("“十三五”时期发展成就", "review"),
        ("今后五年的奋斗目标", "outlook"),
        ("“十五五”时期发展思路", "outlook"),
        ("存在的困难和问题", "problems"),
        ("着力解决群众急难愁盼问题", "plan"),
        ("今年重点工作", "plan"),
        ("2023年重点任务", "plan"),
        ("2022年的工作", "review"),
        ("名词解释", "glossary"),
        ("切实加强政府自身建设", "self"),
    ],
)
def test_titles(title: str, part: str) -> None:
    outline = report("一、2022年工作回顾", REVIEW, "二、2023年工作安排", PLAN, f"三、{title}", PLAN)
    assert headings(outline)[2].split()[-1] == part


def test_years_of_a_look_back_and_an_outlook() -> None:
    outline = report("一、过去五年工作回顾", REVIEW, "二、今后五年目标任务", PLAN, "（一）做大总量", PLAN, "三、2023年重点工作", PLAN)
    assert [section.span_years for section in outline.sections] == [(2018, 2022), (2023, 2027), (2023, 2027), None]
    assert [stretch.years for stretch in outline.stretches if stretch.section >= 0][:4] == [(2018, 2022), (2023, 2027), (2023, 2027), None]


def test_outlook_paragraph_inside_a_plan() -> None:
    outline = report(
        "一、2022年工作回顾",
        REVIEW,
        "二、2023年工作安排",
        "今后五年，全区要实现经济总量翻一番，建成现代化新城区。",
        "2023年经济工作的主要目标是稳中有进。" + PLAN,
    )
    found = [(stretch.part, stretch.years) for stretch in outline.stretches if stretch.section == 1]
    assert found[:3] == [("plan", None), ("outlook", (2023, 2027)), ("plan", None)]


def test_stretches_tile_the_document() -> None:
    outline = report("一、2022年工作回顾", REVIEW, "（一）产业提质。" + REVIEW, TROUBLE, "二、2023年工作安排", PLAN, "——做强产业。" + PLAN)
    document = outline.documents[0]
    at = document.start
    for stretch in outline.stretches:
        assert stretch.start == at
        assert stretch.start <= stretch.body <= stretch.end
        at = stretch.end
    assert at == document.end
    assert outline.text.clean[:at].rstrip().endswith(CLOSING[-6:].replace("！", "!"))
