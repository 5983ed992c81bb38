"""The indicator catalogue: its lines hold together, and names as written find their id."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from luoshi.errors import BadTable
from luoshi.extract import catalogue
from luoshi.extract.catalogue import indicator, indicator_id, indicators

LEAST = 120


def test_ids_are_unique_and_plain() -> None:
    ids = [entry.id for entry in indicators()]
    assert len(ids) >= LEAST
    assert [id_ for id_, times in Counter(ids).items() if times > 1] == []
    assert all(id_.isascii() and id_.islower() and id_.isidentifier() for id_ in ids)


def test_every_line_says_its_source_unit_and_kind() -> None:
    assert [entry.id for entry in indicators() if not entry.source or not entry.kind] == []
    # a ratio or an index has no unit; all else has
    assert [entry.id for entry in indicators() if not entry.unit and set(entry.kind) - set("SL")] == []


def test_a_name_belongs_to_one_id() -> None:
    owners: dict[str, set[str]] = {}
    for entry in indicators():
        for name in (entry.name, *entry.aliases):
            owners.setdefault(catalogue.spelled(name), set()).add(entry.id)
    assert {name: ids for name, ids in owners.items() if len(ids) > 1} == {}


def test_every_name_finds_its_id() -> None:
    lost = [(entry.id, name) for entry in indicators() for name in (entry.name, *entry.aliases) if indicator_id(name) != entry.id]
    assert lost == []


def test_external_codes_say_whose_they_are() -> None:
    codes = [code for entry in indicators() for code in entry.same_as]
    assert codes
    assert all(code.split()[0] in {"IMF", "WB", "NBS"} for code in codes)
    # the World Bank's definitions were compared with none of ours
    assert all("unverified" in code for code in codes if code.startswith("WB"))


def test_indicator_by_id() -> None:
    gdp = indicator("gdp")
    assert (gdp.name, gdp.direction, gdp.attribute) == ("地区生产总值", "+", "expected")
    assert "IMF NGDP" in gdp.same_as
    with pytest.raises(KeyError):
        indicator("no_such_thing")


@pytest.mark.parametrize(
    ("words", "id_"),
    [
        ("地区生产总值", "gdp"),
        ("预计全年实现地区生产总值", "gdp"),
        ("2031年云溪县生产总值", "gdp"),
        ("地区生产总值(GDP)增速", "gdp"),
        ("“十六五”末县域生产总值", "gdp"),
        ("国民生产总值", "gdp"),
        ("经济增长预期目标", "gdp"),
        ("经济增长预期目标确定", "gdp"),
        ("今年地区生产总值增长目标设定", "gdp"),
        ("其中一般公共预算收入完成", "fiscal_revenue"),
        ("地方一般预算收入", "fiscal_revenue"),
        ("公共财政预算收入", "fiscal_revenue"),
        ("全部财政收入", "fiscal_revenue_total"),
        ("我省规模以上工业增加值", "industry_scale_value_added"),
        ("规上工业增加值增幅", "industry_scale_value_added"),
        ("社会消费品零售总额要", "retail_sales"),
        ("社会商品零售总额", "retail_sales_old"),
        ("工农业总产值", "agri_industrial_output"),
        ("物价涨幅", "cpi"),
        ("服务业增加值占全省生产总值的比重", "services_share"),
        ("三产占比", "services_share"),
        ("研究与试验发展(R&D)经费支出占地区生产总值比重", "rd_intensity"),
        ("每万元生产总值能耗", "energy_intensity"),
        ("单位国内生产总值能耗由上年", "energy_intensity"),
        ("细颗粒物(PM2.5)平均浓度", "pm25"),
        ("细颗粒物\uff08PM2.5\uff09平均浓度", "pm25"),
        ("专精特新“小巨人”企业", "little_giants"),
        ("三.城镇登记失业率", ""),
        ("3.城镇登记失业率", "registered_unemployment"),
        ("农牧民人均可支配收入", "rural_income"),
        ("云溪港集装箱吞吐量", "containers"),
    ],
)
def test_names_as_written(words: str, id_: str) -> None:
    assert indicator_id(words) == id_


@pytest.mark.parametrize(
    "names",
    [
        (
            "全体居民人均可支配收入",
            "城镇居民人均可支配收入",
            "农村居民人均可支配收入",
            "城乡居民人均可支配收入",
            "贫困地区农村居民人均可支配收入",
        ),
        ("城镇登记失业率", "城镇调查失业率", "失业率"),
        ("规模以上工业增加值", "工业增加值", "制造业增加值", "工业总产值", "规模以上工业总产值"),
        ("存款余额", "贷款余额", "存贷款余额", "城乡居民储蓄存款余额"),
        ("上市企业", "“新三板”挂牌企业"),
        ("生猪存栏", "生猪出栏"),
        ("一般公共预算收入", "财政总收入", "税收收入", "一般公共预算支出"),
        ("高技术制造业增加值", "高新技术产业增加值", "战略性新兴产业增加值", "先进制造业增加值"),
        ("固定资产投资", "城镇固定资产投资", "基本建设投资", "基础设施投资", "项目总投资"),
        ("空气质量优良天数", "空气质量优良天数比例"),
        ("地区生产总值", "人均地区生产总值", "国民收入", "工农业总产值", "社会总产值"),
        ("数字经济增加值", "数字经济核心产业增加值"),
        ("森林覆盖率", "林木覆盖率", "建成区绿化覆盖率"),
        ("常住人口城镇化率", "户籍人口城镇化率"),
        ("实际使用外资", "合同利用外资", "招商引资到位资金"),
    ],
)
def test_look_alikes_are_kept_apart(names: tuple[str, ...]) -> None:
    ids = [indicator_id(name) for name in names]
    assert "" not in ids
    assert len(set(ids)) == len(ids)


@pytest.mark.parametrize(
    "words",
    [
        "",
        "增长",
        "全市",
        "比重",
        "占全市比重",
        "总值",
        "增加值",
        "收入",
        "投资",
        "天气",
        "项目",
        "化学需氧量、二氧化硫排放量",
        "地均生产总值税收",
        "东盟进出口",
        "电子信息产业规模",
        "城市居民人均",
        "一二三产增加值",
        "长" * 100,
    ],
)
def test_unknown_words_stay_unknown(words: str) -> None:
    assert indicator_id(words) == ""


@given(st.text(max_size=80) | st.text(alphabet="全市县预计增长收入生产总值的占比重(、)2年3%", max_size=80))
def test_any_words_are_answered(words: str) -> None:
    assert indicator_id(words) in {"", *(entry.id for entry in indicators())}


@pytest.mark.parametrize(
    "line",
    [
        "x | 名 | - | 元 | L | + | none | - | 没有的来源",
        "x | 名 | - | 元 | Q | + | none | - | 年鉴",
        "x | 名 | - | 元 | L | up | none | - | 年鉴",
        "x | 名 | - | 元 | L | + | sometimes | - | 年鉴",
        " | 名 | - | 元 | L | + | none | - | 年鉴",
        "x | 名 | - | 元 | L | + | none | - | 年鉴 | 一 | 二",
    ],
)
def test_a_wrong_line_is_refused(line: str) -> None:
    with pytest.raises(BadTable):
        catalogue._read(line, {"年鉴": "《中国统计年鉴》"})


def test_indicators_are_values() -> None:
    assert msgspec.json.decode(msgspec.json.encode(indicator("cpi")), type=catalogue.Indicator) == indicator("cpi")


def test_importing_reads_no_table() -> None:
    """The table is read at the first look-up, so that a run without measures does not pay for it."""
    code = "from luoshi.extract import catalogue as c; print(c._table.cache_info().currsize, c._names.cache_info().currsize)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["0", "0"]
