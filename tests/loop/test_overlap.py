"""Inspections that overlap: object, content, days; and the same kind more than once a year."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from luoshi.loop.overlap import Inspection, overlaps, shared_content, too_often

_GROUPS = {"g-towns": {"u-qishan", "u-heyan"}, "g-all": {"g-towns", "u-eco"}, "g-turning": {"g-turning", "u-eco"}}


def plan(
    name: str, who: str = "府办督查室", what: str = "安全生产责任制落实情况", where: str = "u-qishan", days: str = "03-01 03-10", kind: str = "special",
    sections: tuple[str, ...] = (),
) -> Inspection:  # fmt: skip
    start, end = (date.fromisoformat(f"2026-{day}") for day in days.split())
    return Inspection(name, who, kind, what, frozenset(where.split()), start, end, sections)


def test_many_headed() -> None:
    found = overlaps([plan("a"), plan("b", who="区应急管理局", what="化工企业安全生产责任", days="03-10 03-20")], _GROUPS)
    assert [(one.one, one.other, one.kind, one.objects) for one in found] == [("a", "b", "many-headed", ("u-qishan",))]
    assert found[0].reason == "多头督查：对象相同（1个单位），内容都有“安全生产责任”，时间都有2026年3月10日"


def test_twice_by_one() -> None:
    found = overlaps([plan("a"), plan("b", days="03-05 03-07")])
    assert [one.kind for one in found] == ["repeated"]
    assert (found[0].start, found[0].end) == (date(2026, 3, 5), date(2026, 3, 7))
    assert "2026年3月5日至2026年3月7日" in found[0].reason


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(plan("b", who="区应急管理局", days="03-11 03-20"), id="the day after"),
        pytest.param(plan("b", who="区应急管理局", where="u-eco"), id="another object"),
        pytest.param(plan("b", who="区市场监管局", what="校园食品安全"), id="another matter, two characters alike"),
        pytest.param(plan("b", who="区应急管理局", what="专项督查工作开展情况"), id="nothing but hollow words"),
    ],
)
def test_no_overlap(other: Inspection) -> None:
    assert overlaps([plan("a"), other], _GROUPS) == []


@pytest.mark.parametrize(("where", "objects"), [("g-towns", ("u-qishan",)), ("g-all", ("u-qishan",)), ("g-turning", ())])
def test_groups_are_their_members(where: str, objects: tuple[str, ...]) -> None:
    found = overlaps([plan("a"), plan("b", who="区应急管理局", where=where)], _GROUPS)
    assert tuple(one for overlap in found for one in overlap.objects) == objects


def test_two_groups_share_a_member_of_a_member() -> None:
    found = overlaps([plan("a", where="g-towns"), plan("b", who="区应急管理局", where="g-all")], _GROUPS)
    assert found[0].objects == ("u-heyan", "u-qishan")


def test_sections_named_are_enough() -> None:
    one, other = (
        plan("a", what="甲", sections=("工作报告第三部分",)),
        plan("b", what="乙", who="区委办", sections=("工作报告第三部分", "第四部分")),
    )
    assert shared_content(one, other) == ("工作报告第三部分",)
    assert len(overlaps([one, other])) == 1


@pytest.mark.parametrize(
    ("left", "right", "shared"),
    [
        ("农村人居环境整治", "农村人居环境、厕所改造", ("农村人居环境",)),
        ("食品安全", "安全生产", ()),
        ("信访", "信访和稳定", ("信访",)),
        ("营商环境与政务服务", "政务服务、营商环境", ("政务服务", "营商环境")),
    ],
)
def test_shared_words(left: str, right: str, shared: tuple[str, ...]) -> None:
    assert shared_content(plan("a", what=left), plan("b", what=right)) == shared


def test_more_than_once_a_year() -> None:
    plans = [
        plan("b", kind="comprehensive", what="政务公开", days="09-01 09-05"),
        plan("a", kind="comprehensive", where="g-towns"),
        plan("c", kind="clue", what="安全生产线索"),
        plan("d", kind="special", what="秸秆焚烧", days="05-01 05-02"),
        plan("e", kind="special", what="禁毒宣传", days="06-01 06-02"),
    ]
    found = too_often(plans, _GROUPS)
    assert [(one.object, one.kind, one.year, one.plans) for one in found] == [("u-qishan", "comprehensive", 2026, ("a", "b"))]
    assert "2026年同类督查2次" in found[0].reason


def test_special_ones_of_the_same_content() -> None:
    found = too_often([plan("a"), plan("b", days="09-01 09-05"), plan("c", what="秸秆焚烧")])
    assert [one.plans for one in found] == [("a", "b")]


def test_once_a_year_is_not_too_often() -> None:
    later = Inspection("b", "府办督查室", "comprehensive", "政务公开", frozenset({"u-qishan"}), date(2027, 1, 1), date(2027, 1, 5))
    assert too_often([plan("a", kind="comprehensive", days="12-30 12-31"), later]) == []


_DAYS = st.integers(0, 60).map(lambda day: date(2026, 3, 1) + timedelta(days=day))


@given(_DAYS, _DAYS, _DAYS, _DAYS)
def test_days_overlap_where_one_day_is_in_both(a: date, b: date, c: date, d: date) -> None:
    one = Inspection("a", "x", "special", "禁毒宣传", frozenset({"o"}), min(a, b), max(a, b))
    other = Inspection("b", "y", "special", "禁毒宣传", frozenset({"o"}), min(c, d), max(c, d))
    both = {day for day in (date(2026, 3, 1) + timedelta(days=at) for at in range(61)) if one.start <= day <= one.end} & {
        day for day in (date(2026, 3, 1) + timedelta(days=at) for at in range(61)) if other.start <= day <= other.end
    }
    found = overlaps([one, other])
    assert [(each.start, each.end) for each in found] == ([(min(both), max(both))] if both else [])
    assert [(each.start, each.end) for each in overlaps([other, one])] == [(each.start, each.end) for each in found]
