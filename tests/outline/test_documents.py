"""Documents: title, date, speaker, kind, region, years, several in one file."""

from __future__ import annotations

import pytest

from luoshi.outline import outline_text
from luoshi.read import read_string
from tests.outline.paper import CLOSING, PLAN, REVIEW, outlined, report


def opened(*head: str, review: str = "一、2022年工作回顾", plan: str = "二、2023年工作安排") -> object:
    return outlined(*head, review, REVIEW, plan, PLAN, CLOSING).documents[0]


def test_letterhead() -> None:
    outline = outlined(
        "首页 > 政务公开 > 规划计划",
        "资阳区政府工作报告",
        "——2022年12月28日在益阳市资阳区第九届人民代表大会第二次会议上",
        "区  长   某某某",
        "各位代表：",
        "现在，我代表区人民政府，向大会报告工作，请予审议。",
        "一、2022年工作回顾",
        REVIEW,
        "二、2023年工作安排",
        PLAN,
        CLOSING,
    )
    document = outline.documents[0]
    assert (document.title, document.kind, document.date, document.speaker) == ("资阳区政府工作报告", "report", "2022-12-28", "某某某")
    assert (document.region, document.region_code, document.level) == ("湖南省益阳市资阳区", "430902", "county")
    assert (document.review_year, document.plan_year, document.complete) == (2022, 2023, True)
    assert outline.text.clean[document.start :].startswith("资阳区政府工作报告")


def test_december_and_january_mean_the_same_years() -> None:
    for date in ("2022年12月28日", "2023年1月9日"):
        document = outlined(
            "岳西县政府工作报告",
            f"——{date}在岳西县第十八届人民代表大会第二次会议上",
            "各位代表：",
            "现在，我代表县人民政府向大会报告工作，请予审议。",
            "过去一年工作回顾",
            REVIEW,
            "明年工作安排",
            PLAN,
            CLOSING,
        ).documents[0]
        assert (document.review_year, document.plan_year) == (2022, 2023)


@pytest.mark.parametrize(
    ("speaker", "name", "code", "level"),
    [
        ("我代表资溪县人民政府", "江西省抚州市资溪县", "361028", "county"),
        ("我代表怀化市人民政府", "湖南省怀化市", "431200", "city"),
        ("我代表贵州省人民政府", "贵州省", "520000", "province"),
        ("我代表天津市人民政府", "天津市", "120000", "province"),
        ("我代表平谷区人民政府", "北京市平谷区", "110117", "county"),
        ("我代表国务院", "全国", "", "national"),
        ("我代表延边州人民政府", "吉林省延边朝鲜族自治州", "222400", "city"),
        ("我受市人民政府委托，代表义乌市人民政府", "浙江省金华市义乌市", "330782", "county"),
    ],
)
def test_region_of_the_speaker(speaker: str, name: str, code: str, level: str) -> None:
    document = report("一、2022年工作回顾", REVIEW, "二、2023年工作安排", PLAN, speaker=speaker).documents[0]
    assert (document.region, document.region_code, document.level) == (name, code, level)


def test_region_of_a_zone_lies_under_its_city() -> None:
    document = report(
        "一、2022年工作回顾", "珠海市委市政府高度重视，" + REVIEW, "二、2023年工作安排", "珠海" + PLAN, speaker="我代表珠海高新区管委会"
    ).documents[0]
    assert (document.region, document.region_code, document.level) == ("广东省珠海市高新技术产业开发区", "440400", "zone")


def test_region_by_the_places_named_most() -> None:
    text = ["泸州城市能级不断提升。" + REVIEW, "在泸州市委的坚强领导下，泸州港吞吐量稳步增长。", "全市上下、泸州人民团结一心。"]
    document = report("一、2022年工作回顾", *text, "二、2023年工作安排", "全市" + PLAN, speaker="我代表市人民政府").documents[0]
    assert (document.region, document.level) == ("四川省泸州市", "city")


def test_region_that_is_not_told_stays_empty() -> None:
    document = report("一、2022年工作回顾", REVIEW, "二、2023年工作安排", PLAN).documents[0]
    assert (document.region, document.region_code, document.level) == ("", "", "county")


def test_same_name_in_several_provinces_needs_its_city() -> None:
    unsaid = report("一、2022年工作回顾", REVIEW, "二、2023年工作安排", PLAN, speaker="我代表鼓楼区人民政府").documents[0]
    assert unsaid.region == ""
    said = report(
        "一、2022年工作回顾",
        "徐州市委、市政府的正确领导，徐州都市圈，" + REVIEW,
        "二、2023年工作安排",
        PLAN,
        speaker="我代表鼓楼区人民政府",
    )
    assert said.documents[0].region == "江苏省徐州市鼓楼区"


def test_region_at_the_time_of_the_text() -> None:
    document = report("一、2008年工作回顾", REVIEW, "二、2009年工作安排", PLAN, speaker="我代表襄樊市人民政府").documents[0]
    assert (document.region, document.region_code, document.plan_year) == ("湖北省襄樊市", "420600", 2009)


def test_file_name_does_not_count() -> None:
    text = "各位代表：\n我代表岳西县人民政府向大会报告工作。\n一、2018年工作回顾\n" + REVIEW + "\n二、2019年工作安排\n" + PLAN
    one, other = (outline_text(read_string(text, name)).documents[0] for name in ("city_某市_2022_政府工作报告.txt", "x"))
    assert one == other
    assert (one.review_year, one.region) == (2018, "安徽省安庆市岳西县")


def test_years_of_a_look_back_over_a_term() -> None:
    document = report(
        "一、过去五年工作回顾",
        "与2017年相比，经济总量翻了一番。2022年，" + REVIEW,
        "二、今后五年目标任务",
        PLAN,
        "三、2023年重点工作",
        PLAN,
    ).documents[0]
    assert (document.review_year, document.plan_year, document.review_years) == (2022, 2023, (2018, 2022))


def test_plan() -> None:
    document = outlined("中共岳西县委关于制定岳西县“十四五”发展规划的建议", "一、总体要求", PLAN, "二、主要任务", PLAN).documents[0]
    assert (document.kind, document.plan_years, document.plan_year, document.review_year) == ("plan", (2021, 2025), None, None)
    assert document.region == "安徽省安庆市岳西县"


@pytest.mark.parametrize(
    ("title", "year", "years"),
    [
        ("2023年岳西县政府工作报告重点任务分解", 2023, None),
        ("岳西县智能制造三年行动计划（2023—2025年）", 2025, (2023, 2025)),
    ],
)
def test_breakdown(title: str, year: int, years: tuple[int, int] | None) -> None:
    items = [f"{number}.完善服务体系。{PLAN}（牵头单位：县发展改革委；责任单位：县财政局）" for number in range(1, 5)]
    document = outlined(title, "一、总体要求", PLAN, *items).documents[0]
    assert (document.kind, document.plan_year, document.plan_years) == ("breakdown", year, years)


def test_several_reports_in_one_file() -> None:
    def one(place: str) -> list[str]:
        return [
            "各位代表：",
            f"现在，我代表{place}人民政府向大会报告工作，请予审议。",
            "一、2022年工作回顾",
            *[f"{place}第{n}项。" + REVIEW for n in range(20)],
            "各位代表！过去一年成绩来之不易。",
            "二、2023年工作安排",
            *[f"{place}第{n}条。" + PLAN for n in range(20)],
            CLOSING,
        ]

    outline = outlined("2023年政府工作报告汇编（6篇）", *one("岳西县"), *one("怀化市"), *one("贵州省"))
    assert [document.region for document in outline.documents] == ["安徽省安庆市岳西县", "湖南省怀化市", "贵州省"]
    assert [(gap.kind, gap.what[-5:]) for gap in outline.documents[0].gaps] == [("missing_documents", "缺 3 篇")]
    assert all(document.complete for document in outline.documents)


def test_copy_of_a_document_is_a_gap_and_no_document() -> None:
    lines = [
        "各位代表：",
        "现在，我代表岳西县人民政府向大会报告工作，请予审议。",
        "一、2022年工作回顾",
        *[f"第{n}项。" + REVIEW * 2 for n in range(30)],
        "二、2023年工作安排",
        *[f"第{n}条。" + PLAN * 2 for n in range(30)],
        CLOSING,
    ]
    outline = outlined(*lines, *lines)
    assert len(outline.documents) == 1
    assert [gap.kind for gap in outline.documents[0].gaps] == ["repeated"]
    assert outline.stretches[-1].end == outline.documents[0].end
