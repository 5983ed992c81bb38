"""Regions: every code has its place in one tree, every full name leads back to its code, any other name gets a code of its own."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from luoshi.ledger.regions import (
    NATION,
    Region,
    ancestors,
    children,
    find_region,
    history,
    lies_in,
    normal_name,
    region_chain,
    region_of,
    regions,
)

_STEMS = st.text("栖澜云溪棠梧岫桐芷蘅", min_size=2, max_size=3)


def code_of(name: str, year: int | None = None) -> str:
    region = find_region(name, year)
    assert region is not None
    return region.code


def test_codes_are_keys() -> None:
    codes = [region.code for region in regions()]
    assert len(codes) == len(set(codes))
    assert codes == sorted(codes)
    assert len(codes) > 7000


def test_tree_has_one_root() -> None:
    known = {region.code for region in regions()}
    assert all(region.parent in known for region in regions() if region.code != NATION)
    assert all(ancestors(region.code)[-1] == NATION for region in regions() if region.code != NATION)


def test_levels_go_down() -> None:
    order = ["national", "province", "city", "county", "zone"]
    for region in regions():
        above = region_of(region.parent) if region.parent else None
        if above is not None:
            assert order.index(region.level) > order.index(above.level), region.full_name


def test_full_names_lead_back() -> None:
    for region in regions():
        if not region.valid_to:
            assert code_of(region.full_name) == region.code, region.full_name


def test_national_zones_are_found_by_their_names() -> None:
    national = [region for region in regions() if region.national]
    assert len(national) > 400
    for zone in national:
        assert code_of(zone.name) == zone.code, zone.name


def test_successors_are_in_force() -> None:
    for region in regions():
        if region.successor:
            heir = region_of(region.successor)
            assert heir is not None
            assert not heir.valid_to, region.full_name


@pytest.mark.parametrize(
    ("name", "year", "code"),
    [
        ("全国", None, "000000"),
        ("国务院", 2024, "000000"),
        ("安徽省合肥市庐阳区", 2023, "340103"),
        ("安徽合肥市", None, "340100"),
        ("北京市怀柔区", 2022, "110116"),
        ("北京市怀柔县", 1990, "110227"),
        ("河南省济源市", None, "419001"),
        ("广东省东莞市", None, "441900"),
        ("海南省文昌市", None, "469005"),
        ("吉林市", None, "220200"),
        ("上海市浦东新区", None, "310115"),
        ("滨海新区", None, "120116"),
        ("中国安徽省", None, "340000"),
    ],
)
def test_known_names(name: str, year: int | None, code: str) -> None:
    assert code_of(name, year) == code


@pytest.mark.parametrize(
    ("code", "above"),
    [
        ("340103", ("340100", "340000", NATION)),
        ("110116", ("110000", NATION)),
        ("500231", ("500000", NATION)),
        ("419001", ("410000", NATION)),
        ("441900", ("440000", NATION)),
        ("110000", (NATION,)),
        (NATION, ()),
        ("999999", ()),
    ],
)
def test_ancestors(code: str, above: tuple[str, ...]) -> None:
    assert ancestors(code) == above


def test_a_code_keeps_its_names() -> None:
    names = [region.name for region in history("340103")]
    assert names[-1] == "庐阳区"
    assert len(names) >= 2
    assert region_of("340103", 1990) == history("340103")[0]
    assert region_of("340103", 2022) == history("340103")[-1]


def test_children_are_those_in_force() -> None:
    names = {region.name for region in children("340100")}
    assert {"庐阳区", "瑶海区", "巢湖市", "合肥高新技术产业开发区"} <= names
    assert not names & {"郊区", "东市区"}


def test_zone_under_its_city() -> None:
    names = ["安徽省合肥市新站高新技术产业开发区", "合肥新站高新区", "安徽省合肥市新站高新区", "合肥新站高新技术产业开发区"]
    assert len({code_of(name) for name in names}) == 1
    zone = find_region(names[0])
    assert zone is not None
    assert (zone.level, zone.kind, zone.parent) == ("zone", "high-tech", "340100")
    assert lies_in(zone.code, "340000")
    assert not lies_in("340000", zone.code)


def test_bare_kind_of_zone_needs_a_place() -> None:
    told = find_region("安徽省合肥市高新区")
    bare = find_region("高新区")
    assert told is not None
    assert bare is not None
    assert (told.name, told.approved, told.national) == ("合肥高新技术产业开发区", 1991, True)
    assert (bare.kind, bare.parent) == ("zone", NATION)
    assert bare.code not in {region.code for region in regions()}


def test_new_places_have_a_chain() -> None:
    chain = region_chain("云川省澜州市栖山区云溪镇")
    assert [(region.name, region.level) for region in chain] == [
        ("全国", "national"),
        ("云川省", "province"),
        ("澜州市", "city"),
        ("栖山区", "county"),
        ("云溪镇", "township"),
    ]
    assert all(low.parent == high.code for high, low in pairwise(chain))
    places = {region.code: region for region in chain}
    assert ancestors(chain[-1].code, places) == tuple(region.code for region in reversed(chain[:-1]))
    assert [region.name for region in children(chain[2].code, places)] == ["栖山区"]


def test_new_place_under_a_known_one() -> None:
    town, zone = find_region("安徽省合肥市庐阳区云溪镇"), find_region("安徽省合肥市栖山经开区")
    assert town is not None
    assert zone is not None
    assert (town.parent, town.level) == ("340103", "township")
    assert (zone.parent, zone.level, zone.name) == ("340100", "zone", "栖山经济技术开发区")


def test_level_is_kept_where_the_name_does_not_tell() -> None:
    place = find_region("栖山", level="county")
    assert place is not None
    assert place.level == "county"


def test_empty_name_is_no_region() -> None:
    assert find_region("") is None
    assert find_region(" 　") is None


@given(_STEMS, _STEMS, _STEMS, st.sampled_from(["区", "县", "经济开发区", "新区", "镇"]))
def test_any_name_has_one_code(province: str, city: str, place: str, ending: str) -> None:
    name = f"{province}省{city}市{place}{ending}"
    chain = region_chain(name)
    assert chain == region_chain(" " + "　".join(name))
    assert "".join(region.name for region in chain[1:]) == name
    assert chain[-1].full_name == name
    assert chain[-1].code.startswith("z")
    assert len({region.code for region in chain}) == len(chain)


@given(st.text(max_size=30), st.sampled_from([None, 1985, 2023]))
def test_no_name_breaks_it(name: str, year: int | None) -> None:
    region = find_region(name, year)
    assert (region is None) == (not normal_name(name))
    if region is not None:
        assert isinstance(region, Region)
        assert region.parent or region.code == NATION


@given(st.sampled_from([region for region in regions() if region.kind == "division"]), st.integers(1980, 2026))
def test_a_name_of_its_year_leads_to_its_line(region: Region, year: int) -> None:
    """What a code was called in a year finds the same place: that code, or another one that the place had under this very name."""
    then = region_of(region.code, year)
    assert then is not None
    found = find_region(then.full_name, year)
    assert found is not None
    assert found.full_name == then.full_name or found.code == then.code
