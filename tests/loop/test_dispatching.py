"""Dispatch by what it is about and where: the cases of the shipped table, precedence, doubts, overlaps, wrong tables."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from luoshi.errors import BadTable
from luoshi.loop.dispatching import (
    LOCAL,
    Assigned,
    Case,
    Duty,
    Place,
    Table,
    Unclear,
    dispatch,
    failing,
    level_of,
    overlapping,
    read_table,
    shipped,
)
from luoshi.loop.rules import mechanisms

SOURCE = "本单位核定"
PLACES = (
    Place("349901", "栖山区"),
    Place("349901001", "柳溪街道", unit="柳溪街道办事处"),
    Place("349901001001", "柳溪社区"),
    Place("349901002", "青石镇", unit="青石镇人民政府"),
)


def table(*duties: Duty, places: tuple[Place, ...] = PLACES) -> Table:
    return Table("试", SOURCE, places, duties)


def duty(category: str, *units: str, places: tuple[str, ...] = ()) -> Duty:
    return Duty(category, units, SOURCE, places)


@pytest.mark.parametrize("number", range(1, len(shipped().cases) + 1))
def test_shipped_case(number: int) -> None:
    assert list(failing(msgspec.structs.replace(shipped(), cases=shipped().cases[number - 1 : number]))) == []


def test_a_case_that_fails_is_told() -> None:
    one = table(duty("教育", "区教育局"))
    cases = (
        Case("教育", units=("区教育局",)),
        Case("教育", units=("区卫健委",)),
        Case("其他", units=("区教育局",)),
        Case("教育", doubt="不"),
    )
    assert list(failing(msgspec.structs.replace(one, cases=cases))) == [
        "第 2 例（教育，没有地点）：区教育局", "第 3 例（其他，没有地点）：没有“其他”的职责，也不知道在哪个镇街", "第 4 例（教育，没有地点）：区教育局",
    ]  # fmt: skip


def test_the_reason_says_which_line_and_who_coordinates() -> None:
    found = dispatch(
        table(duty("教育", "区教育局"), duty("教育/校车", "区教育局", LOCAL, places=("349901002",))), "教育/校车", location="青石镇"
    )
    assert found == Assigned(
        "区教育局", ("青石镇人民政府",), "349901002",
        "“教育/校车”在青石镇由区教育局主办（第 2 条：本单位核定）；青石镇人民政府协办，区教育局首接负责、牵头协调",
    )  # fmt: skip


def test_category_comes_before_place() -> None:
    one = table(duty("教育", "青石镇人民政府", places=("349901002",)), duty("教育/校车", "区教育局"))
    found = dispatch(one, "教育/校车", area="349901002")
    assert isinstance(found, Assigned)
    assert found.lead == "区教育局"
    near = dispatch(one, "教育/食堂", area="349901002")
    assert isinstance(near, Assigned)
    assert near.lead == "青石镇人民政府"


def test_a_category_is_no_beginning_of_a_word() -> None:
    assert isinstance(dispatch(table(duty("教育", "区教育局")), "教育费", location=""), Unclear)


def test_any_category_gives_way_to_all_others() -> None:
    one = table(duty("*", "栖山经开区管委会", places=("349901001",)), duty("教育", "区教育局"))
    leads = [found.lead for category in ("教育", "水电气热") if isinstance(found := dispatch(one, category, area="349901001001"), Assigned)]
    assert leads == ["区教育局", "栖山经开区管委会"]


def test_the_same_leader_twice_is_no_doubt() -> None:
    found = dispatch(table(duty("教育", "区教育局", "区卫健委"), duty("教育", "区教育局", "区财政局")), "教育")
    assert isinstance(found, Assigned)
    assert (found.lead, found.support) == ("区教育局", ("区卫健委", "区财政局"))


def test_doubt_names_the_candidates() -> None:
    found = dispatch(table(duty("教育", "区教育局"), duty("教育", "区卫健委")), "教育")
    assert isinstance(found, Unclear)
    assert found.candidates == ("区教育局", "区卫健委")


def test_overlaps_of_the_shipped_table() -> None:
    assert [one.reason for one in overlapping(shipped())] == ["第 14 条与第 15 条都管“生态环境/油烟”，主办不同：区生态环境分局、区城管局"]


def test_places_apart_do_not_overlap() -> None:
    near, far = duty("教育", "甲", places=("349901001",)), duty("教育", "乙", places=("349901002",))
    assert overlapping(table(near, far, duty("教育", "丙"))) == ()
    (one,) = overlapping(table(near, duty("教育", "乙", places=("349901001", "349901002"))))
    assert "（柳溪街道）" in one.reason


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (table(places=(Place("3499", "栖山区"),)), "不是 6、9、12 或 15 位"),
        (table(places=(Place("349901", "栖山区"), Place("349901", "澜州"))), "重复"),
        (table(places=(Place("349901", " "),)), "空的名称"),
        (table(duty("教 育", "区教育局")), "应当像"),
        (table(duty("教育/", "区教育局")), "应当像"),
        (table(duty("教育")), "单位是空的或重复"),
        (table(duty("教育", "甲", "甲")), "单位是空的或重复"),
        (table(Duty("教育", ("甲",), "")), "没有依据"),
        (table(duty("教育", "甲", places=("349901009",))), "不在 places 里"),
    ],
)
def test_wrong_tables_are_refused(wrong: Table, said: str) -> None:
    with pytest.raises(BadTable, match=said) as error:
        read_table(msgspec.yaml.encode(wrong), where="派单.yaml")
    assert error.value.where == "派单.yaml"


@pytest.mark.parametrize(
    "raw", [b"", b"[1]", b"title: a", b"\xff\xfe", b"title: [", b"title: a\nsource: b\nplaces: []\nduties: []\nmore: 1"]
)
def test_what_is_no_table_is_refused(raw: bytes) -> None:
    with pytest.raises(BadTable):
        read_table(raw, where="派单.yaml")


def test_a_table_is_read_back() -> None:
    assert read_table(msgspec.yaml.encode(shipped()), where="x") == shipped()


def test_levels() -> None:
    assert [level_of(place.code) for place in shipped().places[:3]] == ["区县", "镇街", "村社"]


def test_every_category_of_complaints_is_covered() -> None:
    """The shipped table knows each category of the mechanism but 其他, which goes to the place."""
    (complaints,) = [one for one in mechanisms() if one.id == "M08"]
    (field,) = [one for one in complaints.fields if one.key == "category"]
    assert {choice.title.zh for choice in field.choices} - {one.category for one in shipped().duties} == {"其他"}


_CATEGORIES = sorted({one.category for one in shipped().duties} | {"其他", "教育/收费/书本"})
_SPOTS = ["", *(name for place in shipped().places for name in (place.name, *place.also)), "无名路"]


@given(
    st.sampled_from(_CATEGORIES),
    st.lists(st.sampled_from(_SPOTS), max_size=3).map("".join),
    st.sampled_from(["", *(one.code for one in shipped().places)]),
)
def test_a_decision_is_always_one_of_the_table(category: str, location: str, area: str) -> None:
    found = dispatch(shipped(), category, location=location, area=area)
    known = {unit for one in shipped().duties for unit in one.units} | {place.unit for place in shipped().places}
    assert found.reason
    if isinstance(found, Assigned):
        assert {found.lead, *found.support} <= known - {LOCAL, ""}
        assert found.lead not in found.support
        assert not area or found.place.startswith(area) or area.startswith(found.place)
    else:
        assert LOCAL not in found.candidates
