"""Chains: what documents of one place say of one thing over the years."""

from __future__ import annotations

from itertools import permutations

import msgspec
import pytest

from luoshi.ledger.linkable import source_of
from luoshi.ledger.reading import stored
from luoshi.link import Source
from luoshi.link.chain import Chain
from luoshi.link.chains import chains
from luoshi.pipeline import extract_facts
from tests.link.documents import report

CITY = "云川省澜州市"


def breakdown(year: int, *items: str) -> Source:
    """A breakdown of the city's tasks for ``year``."""
    lines = "\n".join(f"{number}.{item}（牵头单位：市发改委）" for number, item in enumerate(items, 1))
    return _document(
        f"{CITY}{year}年政府工作报告重点工作任务分解", f"{CITY}{year}年政府工作报告重点工作任务分解\n\n一、主要任务\n{lines}\n"
    )


def five_year_plan(first: int, goals: str) -> Source:
    title = f"{CITY}国民经济和社会发展第十四个五年规划纲要"
    found = _document(title, f"{title}\n（{first}—{first + 4}年）\n\n一、发展目标\n到{first + 4}年，{goals}\n")
    return msgspec.structs.replace(found, region=CITY)  # a plan of a fictional city: the reader knows no such place


def _document(name: str, text: str) -> Source:
    found = stored(extract_facts(text, name=f"{name}.txt"))
    assert len(found) == 1
    return source_of(found[0], file=f"{name}.txt")


def chain(found: tuple[Chain, ...], kind: str, name: str, measure: str = "") -> Chain:
    held = [one for one in found if one.kind == kind and one.name == name and one.measure == measure]
    assert len(held) == 1, [(one.kind, one.name, one.measure, one.state) for one in found]
    return held[0]


def line(one: Chain) -> list[tuple[int | None, str, str]]:
    return [(step.year, step.role, step.value) for step in one.steps]


def states(*sources: Source) -> dict[str, tuple[str, tuple[str, ...]]]:
    return {one.name: (one.state, one.reasons) for one in chains(sources) if one.kind == "project"}


# --- one indicator over the years


def test_targets_and_results_stand_in_the_order_of_years() -> None:
    found = chains(
        [
            report(2024, review="地区生产总值增长6.4%。", plan="地区生产总值增长6.5%左右。"),
            report(2025, review="全年生产总值增长6.1%。", plan="GDP增长6%以上。"),
        ]
    )
    one = chain(found, "measure", "地区生产总值", "growth")
    assert line(one) == [(2023, "result", "6.4"), (2024, "target", "6.5"), (2024, "result", "6.1"), (2025, "target", "6")]
    assert [step.comparator for step in one.steps] == ["eq", "approx", "eq", "ge"]
    assert {step.reason for step in one.steps} == {"catalogue"}


def test_growth_and_level_are_two_chains() -> None:
    told = "一般公共预算收入{}亿元，增长{}%。"
    found = chains([report(2024, review=told.format(22.4, 6.2)), report(2025, review=told.format(23.6, 5.4))])
    assert [one.measure for one in found if one.name == "一般公共预算收入"] == ["growth", "level"]


def test_a_goal_of_a_plan_stands_at_its_last_year() -> None:
    found = chains(
        [
            five_year_plan(2021, "城镇调查失业率控制在5.5%以内，常住人口城镇化率达到68%。"),
            report(2025, review="常住人口城镇化率达到66.2%。"),
        ]
    )
    one = chain(found, "measure", "常住人口城镇化率", "level")
    assert line(one) == [(2024, "result", "66.2"), (2025, "goal", "68")]
    assert one.steps[-1].said_year == 2021


@pytest.mark.parametrize(
    "review",
    ["前三季度地区生产总值增长6.1%。", "栖山高新区生产总值增长6.1%。", "五年来累计完成地区生产总值4600亿元。"],
    ids=["part of the year", "part of the place", "several years"],
)
def test_another_scope_is_no_step(review: str) -> None:
    found = chains([report(2024, plan="地区生产总值增长6.5%左右。"), report(2025, review=review)])
    assert [one for one in found if one.kind == "measure"] == []


def test_a_figure_alone_is_no_chain() -> None:
    assert chains([report(2025, review="新建公园4个。")]) == ()


def test_of_two_copies_of_a_report_one_counts() -> None:
    copy = report(2024, plan="地区生产总值增长6.5%左右。")
    copy = msgspec.structs.replace(copy, key=copy.key + "-copy")
    found = chains([report(2024, plan="地区生产总值增长6.5%左右。"), copy, report(2025, review="地区生产总值增长6.1%。")])
    assert len(chain(found, "measure", "地区生产总值", "growth").steps) == 2


# --- projects


def test_a_project_goes_through_its_stages() -> None:
    found = chains(
        [
            report(2023, plan="谋划澜湾大桥项目。"),
            report(2024, review="澜湾大桥开工建设。", plan="加快建设澜湾大桥。"),
            report(2025, review="澜湾大桥建成通车。"),
        ]
    )
    one = chain(found, "project", "澜湾大桥")
    assert [(step.year, step.role_of_stage) for step in one.steps] == [
        (2023, "target"),
        (2023, "result"),
        (2024, "target"),
        (2024, "result"),
    ]
    assert one.state == "done"
    assert one.reasons == ()


def test_a_project_that_stands_a_year_late_slipped() -> None:
    late = states(
        report(2023, plan="建成澜湾大桥。"),
        report(2024, review="澜湾大桥加快建设。", plan="建成澜湾大桥。"),
        report(2025, review="澜湾大桥建成通车。"),
    )
    assert late["澜湾大桥"] == ("done", ("slipped",))


def test_a_project_promised_again_slipped() -> None:
    assert states(report(2023, plan="建成澜湾大桥。"), report(2024, plan="建成澜湾大桥。"))["澜湾大桥"] == ("slipped", ("promised-again",))


def test_a_project_named_nowhere_vanished() -> None:
    state, reasons = states(report(2023, plan="建成澜湾大桥。"), report(2024, review="社会大局稳定，新建公园3个。"))["澜湾大桥"]
    assert state == "vanished"
    assert reasons[0] == "named-nowhere"


def test_a_project_named_in_passing_has_not_vanished() -> None:
    told = report(2024, review="围绕澜湾大桥征地难题现场办公，新建公园3个。")
    assert states(report(2023, plan="建成澜湾大桥。"), told) == {}


def test_a_project_named_in_part_is_not_told_to_have_vanished() -> None:
    told = report(2024, review="澜湾大桥、听松大桥征地完成，新建公园3个。", plan="建成澜湾大桥北引桥工程。")
    again = report(2025, review="澜湾大桥通车。")
    assert states(report(2023, plan="建成澜湾大桥北引桥工程。"), told, again)["澜湾大桥北引桥"] == ("not_accounted", ("named-in-part",))


def test_an_outlook_names_no_year_to_slip_from() -> None:
    """The outlook beyond the year is made here from the plan part: what it promises is due some day."""
    first = report(2023, plan="建成澜湾大桥。")
    outlook = msgspec.structs.replace(first, parts=tuple(msgspec.structs.replace(one, part="outlook") for one in first.parts))
    assert states(outlook, report(2024, plan="加快建设澜湾大桥。"))["澜湾大桥"] == ("not_yet", ("no-report-yet",))
    assert states(outlook, report(2024, review="新建公园3个。")) == {}


def test_two_phases_are_two_projects() -> None:
    found = states(
        report(2023, plan="建成松涛学校一期。"),
        report(2024, review="松涛学校一期建成。", plan="开工建设松涛学校二期。"),
        report(2025, review="松涛学校二期开工建设。"),
    )
    assert found["松涛学校一期"][0] == "done"
    assert found["松涛学校二期"][0] == "under_way"


# --- tasks

PLAN = "实施储能产业倍增攻坚，支持链主企业开放配套清单。新建公共停车泊位1600个。推进信访工作法治化，依法化解矛盾纠纷。"
REVIEW = "支持链主企业开放配套清单，产业链更加完整。公共停车泊位新增1600个，群众停车更方便。"


def test_a_task_has_its_order_and_its_account() -> None:
    orders, tasks, accounts = (
        report(2025, plan=PLAN),
        breakdown(2025, "支持链主企业开放配套清单，提高本地配套率。", "推进信访工作法治化，依法化解矛盾纠纷。", "办好中小学课间延长试点。"),
        report(2026, review=REVIEW),
    )
    found = [one for one in chains([orders, tasks, accounts]) if one.kind == "task"]
    assert [(one.state, [step.role for step in one.steps], one.reasons) for one in sorted(found, key=lambda one: one.name)] == [
        ("accounted", ["order", "task", "account"], ()),
        ("not_accounted", ["order", "task"], ()),
        ("not_accounted", ["task"], ("no-order-found",)),
    ]
    first = min(found, key=lambda one: one.name)
    assert first.steps[0].quoted.text == "实施储能产业倍增攻坚，支持链主企业开放配套清单。"
    assert {step.quoted.document for step in first.steps} == {orders.key, tasks.key, accounts.key}


def test_general_words_are_no_order() -> None:
    plan = report(2025, plan="深入实施专项行动，进一步建立健全工作机制，不断完善体制机制。")
    found = chains([plan, breakdown(2025, "深入实施专项行动，进一步建立健全工作机制。")])
    assert [one.reasons for one in found if one.kind == "task"] == [("no-order-found",)]


def test_a_breakdown_without_its_report_has_no_chains() -> None:
    assert chains([breakdown(2025, "支持链主企业开放配套清单。")]) == ()


# --- all


def everything() -> list[Source]:
    return [
        report(2024, review="地区生产总值增长6.4%。澜湾大桥开工建设。", plan=PLAN + "建成澜湾大桥。"),
        report(2025, review=REVIEW + "地区生产总值增长6.1%。", plan=PLAN + "建成澜湾大桥。"),
        breakdown(2025, "支持链主企业开放配套清单。"),
        five_year_plan(2021, "常住人口城镇化率达到68%。"),
    ]


def test_the_order_of_documents_changes_nothing() -> None:
    assert len({chains(order) for order in permutations(everything())}) == 1


def test_one_document_more_leaves_other_places_alone() -> None:
    others = [report(2024, plan=PLAN, place="云川省岚州市"), report(2025, review=REVIEW, place="云川省岚州市")]
    before, after = set(chains(others)), set(chains([*others, *everything()]))
    assert before <= after


def test_quotations_are_the_words_of_the_documents() -> None:
    texts = {one.key: one.text for one in everything()}
    for one in chains(everything()):
        assert one.steps
        for step in one.steps:
            text = texts[step.quoted.document]
            assert text[step.quoted.start : step.quoted.end] == step.quoted.text
            assert text[slice(*step.quoted.sentence)].strip() == step.quoted.said


def test_keys_tell_chains_apart() -> None:
    found = chains(everything())
    assert len({one.key for one in found}) == len(found)
