"""The table of one indicator: targets and results by year, and why a cell is empty."""

from __future__ import annotations

from pathlib import Path

import pytest

from luoshi.ledger.linkable import source_of
from luoshi.ledger.reading import stored
from luoshi.link.source import NATION
from luoshi.link.yearly import said_of, table
from luoshi.pipeline import read_document
from tests.link.documents import report

CITY = "云川省澜州市"
NATIONAL = Path(__file__).resolve().parents[3] / "shared" / "corpus" / "national"


def rows(*documents):
    return table(documents, "gdp", CITY)


def test_a_row_has_the_target_and_the_result() -> None:
    found = rows(report(2024, plan="地区生产总值增长6.5%左右。"), report(2025, review="地区生产总值增长6.1%。"))
    assert [(row.year, [one.quoted.text for one in row.targets], [one.quoted.text for one in row.results], row.said) for row in found] == [
        (2024, ["6.5%"], ["6.1%"], "目标6.5%左右，结果6.1%，低0.4个百分点。")
    ]


@pytest.mark.parametrize(
    ("target", "result", "said"),
    [
        ("增长6%以上", "增长6.1%", "目标6%以上，结果6.1%，高0.1个百分点。"),
        ("增长6%—6.5%", "增长6.1%", "目标6%—6.5%，结果6.1%，在区间内。"),
        ("增长6%—6.5%", "增长6.8%", "目标6%—6.5%，结果6.8%，高0.3个百分点。"),
        ("增长6%", "增长6%", "目标6%，结果6%，相同。"),
        ("增长6%", "下降1.2%", "目标6%，结果下降1.2%，低7.2个百分点。"),
    ],
)
def test_how_the_result_stands_to_the_target(target: str, result: str, said: str) -> None:
    found = rows(report(2024, plan=f"地区生产总值{target}。"), report(2025, review=f"地区生产总值{result}。"))
    assert [row.said for row in found] == [said]


def test_other_names_of_the_target_count() -> None:
    found = rows(report(2024, plan="今年经济增长预期目标为6.5%左右。"), report(2025, review="地区生产总值增长6.1%。"))
    assert [one.value for one in found[0].targets] == ["6.5"]


def test_what_is_missing_is_said() -> None:
    found = rows(report(2023, plan="新建公园3个。"), report(2025, review="地区生产总值增长6.1%。", plan="地区生产总值增长6%。"))
    assert [(row.year, row.target_gap, row.result_gap) for row in found] == [
        (2024, "target_document_missing", ""),
        (2025, "", "result_document_missing"),
    ]
    assert found[0].said == "没有2024年的报告，目标不详。"
    assert found[1].said == "没有2026年的报告，2025年的结果不详。"
    early = table([report(2023, plan="新建公园3个。"), report(2024, review="社会大局稳定。")], "gdp", CITY, years=(2023, 2023))
    assert (early[0].target_gap, early[0].result_gap) == ("no_target", "no_result")


def test_a_level_is_told_in_its_unit() -> None:
    found = table(
        [report(2024, plan="城镇新增就业6500人以上。"), report(2025, review="城镇新增就业6710人。")],
        "urban_new_jobs",
        CITY,
        measure="change",
    )
    assert [row.said for row in found] == ["目标6500人以上，结果6710人，高210人。"]
    assert said_of(found[0], "en") == "Target 6500人 or more, result 6710人: 210 人 above."


def test_growth_over_several_years_is_of_no_year() -> None:
    found = rows(report(2025, review="地区生产总值比2019年增长36%，年均增长6.4%。地区生产总值增长6.1%。"))
    assert [[one.value for one in row.results] for row in found] == [["6.1"]]


@pytest.mark.skipif(not NATIONAL.is_dir(), reason="no ../shared beside the project")
def test_the_nation_from_1990_to_2025() -> None:
    """Checked by hand against the reports: their target for GDP growth and what the next report says."""
    documents = [
        source_of(one, file=path.name)
        for path in sorted(NATIONAL.glob("*.txt"))
        if _year(path) >= 1988
        for one in stored(read_document(path))
    ]
    found = {row.year: row for row in table(documents, "gdp", NATION, years=(1990, 2025))}
    targets = {year: (row.targets[0].value, row.targets[0].comparator) for year, row in found.items() if not row.target_gap}
    results = {year: row.results[0].value for year, row in found.items() if not row.result_gap}
    held = {_year(path) for path in NATIONAL.glob("*.txt")}
    for year, target in _TARGETS.items():
        if year in held:
            assert targets.get(year) == target, year
    for year, result in _RESULTS.items():
        if year + 1 in held:
            assert results.get(year) == result, year
    assert {year for year, row in found.items() if row.target_gap == "target_document_missing"} == set(range(1990, 2026)) - held
    assert {year for year, row in found.items() if row.result_gap == "result_document_missing"} == {
        year - 1 for year in range(1991, 2027)
    } - {year - 1 for year in held}


def _year(path: Path) -> int:
    return int(path.name.split("_")[2])


_TARGETS = {
    1992: ("6", "eq"), 1993: ("8", "eq"), 1994: ("9", "eq"), 1995: ("8", "range"), 1997: ("8", "eq"), 1998: ("8", "eq"), 1999: ("7", "approx"),
    2004: ("7", "approx"), 2005: ("8", "approx"), 2006: ("8", "approx"), 2007: ("8", "approx"), 2008: ("8", "approx"), 2009: ("8", "approx"),
    2010: ("8", "approx"), 2011: ("8", "approx"), 2012: ("7.5", "eq"), 2013: ("7.5", "approx"), 2014: ("7.5", "approx"), 2015: ("7", "approx"),
    2016: ("6.5", "range"), 2018: ("6.5", "approx"), 2019: ("6", "range"), 2021: ("6", "ge"), 2022: ("5.5", "approx"), 2023: ("5", "approx"),
    2024: ("5", "approx"), 2025: ("5", "approx"),
}  # fmt: skip
_RESULTS = {
    1991: "7", 1992: "12.8", 1993: "13.4", 1994: "11.8", 1996: "9.7", 1997: "8.8", 1998: "7.8", 2001: "7.3", 2003: "9.1", 2004: "9.5", 2005: "9.9",
    2006: "10.7", 2008: "9", 2009: "8.7", 2010: "10.3", 2011: "9.2", 2012: "7.8", 2013: "7.7", 2014: "7.4", 2015: "6.9", 2017: "6.9", 2018: "6.6",
    2020: "2.3", 2021: "8.1", 2022: "3", 2023: "5.2", 2024: "5",
}  # fmt: skip
