"""Linking many documents: order, years that are missing, acts, references, decisions of persons."""

from __future__ import annotations

from itertools import permutations

import pytest

from luoshi.link import link
from luoshi.link.fitting import name_pair
from tests.link.documents import report

PLAN = "新建公园3个。地区生产总值增长6%以上。建成澜湾大道二期、听松医院新院区。"
REVIEW = "新建公园4个。地区生产总值增长6.2%。澜湾大道二期建成通车，听松医院新院区加快建设。"


def verdicts(*sources, kind="measure", settled=None):
    return {one.name: one.verdict for one in link(sources, settled) if one.kind == kind and one.verdict != "not_yet"}


def test_the_order_of_documents_changes_nothing():
    documents = [report(2024, plan=PLAN), report(2025, review=REVIEW, plan=PLAN), report(2026, review=REVIEW)]
    assert len({link(order) for order in permutations(documents)}) == 1


def test_one_document_more_changes_only_what_it_touches():
    others = [report(2025, plan=PLAN, place="云川省岚州市"), report(2026, review=REVIEW, place="云川省岚州市")]
    mine = report(2025, plan=PLAN)
    before = set(link([*others, mine]))
    after = set(link([*others, mine, report(2026, review=REVIEW)]))
    assert {one.target.document for one in before - after} == {mine.key}


def test_a_report_alone_leaves_its_targets_open():
    assert {one.verdict for one in link([report(2025, plan=PLAN)])} == {"not_yet"}


def test_the_year_over_without_its_report_cannot_be_told():
    ends = link([report(2025, plan="新建公园3个。"), report(2027, review="新建公园9个。")])
    assert [(one.verdict, one.why, one.reasons) for one in ends] == [("cannot_tell", "no_result", ("report-missing",))]


def test_another_place_answers_nothing():
    assert verdicts(report(2025, plan=PLAN), report(2026, review=REVIEW, place="云川省岚州市")) == {}


def test_a_new_plan_is_no_result():
    ends = link([report(2025, plan="新建公园3个。"), report(2026, review="社会大局稳定。", plan="新建公园3个。")])
    assert [(one.verdict, one.why) for one in ends if one.due == 2025] == [("cannot_tell", "no_result")]


def test_projects_end_by_their_stage():
    ends = verdicts(report(2025, plan=PLAN), report(2026, review=REVIEW), kind="project")
    assert ends["澜湾大道二期"] == "met"
    assert ends["听松医院新院区"] == "missed"


def test_a_project_promised_again_is_carried_over():
    again = report(2026, review=REVIEW, plan="建成听松医院新院区。")
    assert verdicts(report(2025, plan=PLAN), again, kind="project")["听松医院新院区"] == "carried_over"


def test_another_phase_is_another_project():
    ends = verdicts(report(2025, plan="建成澜湾大道二期。"), report(2026, review="澜湾大道一期建成通车。"), kind="project")
    assert ends == {"澜湾大道二期": "dropped"}


def test_the_place_above_is_the_reference():
    plan = report(2025, plan="城镇居民人均可支配收入增速高于全省平均水平。")
    own = report(2026, review="城镇居民人均可支配收入增长7%。")
    province = report(2026, review="城镇居民人均可支配收入增长6.4%。", place="云川省")
    end = next(one for one in link([plan, own, province]) if one.target.document == plan.key)
    if not plan.region_code:  # a fictional city has no code, so that no province is known to lie above it
        assert (end.verdict, end.why) == ("cannot_tell", "reference_missing")
    else:
        assert (end.verdict, end.distance) == ("met", "0.6")


def test_a_person_decides_on_two_names():
    pair = report(2025, plan="新增文体小场地20个。"), report(2026, review="新增健身小广场24个。")
    assert set(verdicts(*pair).values()) == {"dropped"}
    same = {name_pair("文体小场地", "健身小广场"): True}
    assert set(verdicts(*pair, settled=same).values()) == {"met"}
    apart = {name_pair("新建公园", "公园"): False}
    assert "met" not in verdicts(report(2025, plan="新建公园3个。"), report(2026, review="公园建成4个。"), settled=apart).values()


def test_a_goal_said_anew_before_it_is_due():
    first = report(2024, plan="到2027年，森林覆盖率达到36%。")
    second = report(2025, plan="到2027年，森林覆盖率达到35%。")
    end = next(one for one in link([first, second]) if one.target.document == first.key)
    assert (end.verdict, end.distance, end.result and end.result.document) == ("weakened", "-1", second.key)


@pytest.mark.parametrize(
    "heading",
    ["2025年及“十四五”时期工作回顾", "“十四五”时期和2025年工作回顾", "2025年和过去五年工作回顾", "过去一年和五年来的工作"],
)
def test_a_heading_of_one_year_and_a_span_is_of_the_year(heading):
    told = report(2026, heading=heading, review="新建公园4个。")
    assert verdicts(report(2025, plan="新建公园3个。"), told) == {"公园": "met"}
    sums = report(2026, heading=heading, review="“十四五”时期，经济总量稳步扩大，新建公园4个。")
    assert verdicts(report(2025, plan="新建公园3个。"), sums) == {"公园": "cannot_tell"}


def test_a_heading_of_a_span_alone_is_of_the_span():
    told = report(2026, heading="“十四五”时期工作回顾", review="新建公园4个。")
    assert verdicts(report(2025, plan="新建公园3个。"), told) == {"公园": "cannot_tell"}


def test_a_glossary_answers_nothing():
    told = report(2026, review="社会大局稳定。", glossary="\n名词解释\n\n1.口袋公园：指规模较小的绿地，2025年全市已新建口袋公园30个。\n")
    assert "met" not in verdicts(report(2025, plan="新建口袋公园3个。"), told).values()


@pytest.mark.parametrize(
    ("plan", "told", "verdict"),
    [
        ("建成澜湾大桥。", "澜湾大桥完成投资3亿元。", "missed"),
        ("建成澜湾大桥。", "澜湾大桥完成桩基施工。", "cannot_tell"),
        ("建成澜湾大桥。", "澜湾大桥建成通车。", "met"),
        ("推动栖山科学城建设，建成松涛镇文化中心。", "松涛镇文化中心建成。", "met"),
    ],
)
def test_a_part_of_the_work_is_no_end_of_it(plan, told, verdict):
    assert verdict in verdicts(report(2025, plan=plan), report(2026, review=told), kind="project").values()


@pytest.mark.parametrize(
    ("plan", "told", "verdict"),
    [
        ("澜湾大道二期建成通车。", "澜湾大道二期主体建成。", "cannot_tell"),
        ("听松医院新院区建成投用。", "听松医院新院区基本建成。", "cannot_tell"),
        ("听松医院新院区建成投用。", "听松医院新院区建成。", "cannot_tell"),
        ("听松书院建成开放。", "听松书院主体建成，正在布展。", "cannot_tell"),
        ("听松书院建成。", "听松书院主体建成。", "cannot_tell"),
        ("加快听松书院建设。", "听松书院主体建成。", "met"),
        ("听松书院建成。", "听松书院基本建成。", "met"),
        ("听松书院建成。", "听松书院建成。", "met"),
        ("听松医院新院区建成投用。", "听松医院新院区建成投用。", "met"),
        ("澜湾大道二期通车。", "澜湾大道二期建成通车。", "met"),
    ],
)
def test_what_stands_does_not_run_yet(plan, told, verdict):
    [end] = [
        one for one in link([report(2025, plan=plan), report(2026, review=told)]) if one.kind == "project" and one.verdict != "not_yet"
    ]
    assert end.verdict == verdict
    assert verdict == "met" or (end.others == ("met", "missed") and end.result is not None)


def test_a_section_is_not_the_whole_line():
    ends = verdicts(report(2025, plan="建成澜湾快速路。"), report(2026, review="澜湾快速路北段建成通车。"), kind="project")
    assert "met" not in ends.values()


def test_one_figure_answers_one_goal():
    plan = report(2025, plan="改造提升公园24个，建成开放公园8个。")
    ends = [one for one in link([plan, report(2026, review="改造提升公园30个。")]) if one.target.document == plan.key]
    assert {one.target.text: one.verdict for one in ends if one.kind == "measure"} == {"24个": "met", "8个": "cannot_tell"}
    again = report(2025, plan="地区生产总值增长6%以上。要说明的是，地区生产总值增长6%以上，考虑了需要和可能。")
    ends = link([again, report(2026, review="地区生产总值增长6.2%。")])
    assert [one.verdict for one in ends if one.kind == "measure"] == ["met", "met"]


def test_all_of_a_municipality_is_the_municipality():
    district = report(2025, plan="城镇居民人均可支配收入增速高于全市平均水平。", place="北京市朝阳区")
    own = report(2026, review="城镇居民人均可支配收入增长7%。", place="北京市朝阳区")
    whole = report(2026, review="城镇居民人均可支配收入增长6.4%。", place="北京市")
    end = next(one for one in link([district, own, whole]) if one.target.document == district.key)
    assert (end.verdict, end.distance) == ("met", "0.6")


def test_what_is_to_be_added_by_a_later_year_is_a_sum():
    first = report(2024, plan="到2026年，新增养老床位1.5万张。")
    ends = link([first, report(2027, review="新增养老床位6400张。")])
    assert [(one.verdict, one.reasons) for one in ends if one.target.document == first.key] == [("cannot_tell", ("named",))]
