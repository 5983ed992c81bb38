"""Organisations: every case beside the rules, and what must hold for any name."""

from __future__ import annotations

from importlib.resources import files
from itertools import combinations

import msgspec
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from luoshi.ledger.lineage import Lineage, current
from luoshi.ledger.naming import Naming, forms, names, parse_unit, standing_of
from luoshi.ledger.organisations import Known, canonical_name, identify, organisation_id, proposed_lineages
from luoshi.ledger.regions import find_region, region_chain, region_of
from luoshi.messages import Speaker

DISTRICT = "云川省澜州市栖山区"


class Case(msgspec.Struct, forbid_unknown_fields=True):
    region: str
    same: list[str] = []
    canonical: str = ""
    owner: str = ""
    apart: list[str] = []
    doubt: dict[str, str] = {}
    groups: dict[str, str] = {}
    plates: dict[str, str] = {}


CASES = msgspec.convert(yaml.safe_load(files("luoshi.ledger").joinpath("organisations.cases.yaml").read_text(encoding="utf-8")), list[Case])


def known(region: str) -> Known:
    return Known(places={place.code: place for place in region_chain(region)})


def code_of(region: str) -> str:
    found = find_region(region)
    assert found is not None
    return found.code


def label(case: Case) -> str:
    return f"{case.region}-{[*case.same, *case.apart, *case.doubt, *case.groups, *case.plates][0]}"


@pytest.mark.parametrize("case", [case for case in CASES if case.same], ids=label)
def test_same(case: Case) -> None:
    found = {name: identify(name, code_of(case.region), known(case.region)) for name in case.same}
    owner = code_of(case.owner or case.region)
    assert {name: (one.canonical, one.region_code) for name, one in found.items()} == dict.fromkeys(case.same, (case.canonical, owner))
    assert {one.id for one in found.values()} == {organisation_id(owner, case.canonical)}
    assert all(one.reason and not one.doubt and one.group is None for one in found.values())


@pytest.mark.parametrize("case", [case for case in CASES if case.apart], ids=label)
def test_apart(case: Case) -> None:
    ids = {name: identify(name, code_of(case.region), known(case.region)).id for name in case.apart}
    assert [pair for pair in combinations(case.apart, 2) if ids[pair[0]] == ids[pair[1]]] == []


@pytest.mark.parametrize("case", [case for case in CASES if case.doubt], ids=label)
def test_doubt(case: Case) -> None:
    assert {name: identify(name, code_of(case.region), known(case.region)).doubt for name in case.doubt} == case.doubt


@pytest.mark.parametrize("case", [case for case in CASES if case.groups], ids=label)
def test_groups(case: Case) -> None:
    found = {name: identify(name, code_of(case.region), known(case.region)) for name in case.groups}
    assert {name: f"{one.group.kind} {one.group.body}".strip() if one.group else "" for name, one in found.items()} == case.groups
    for one in found.values():
        if one.group and one.group.kind == "members":
            assert one.group.body_id == organisation_id(code_of(case.region), one.group.body)


@pytest.mark.parametrize("case", [case for case in CASES if case.plates], ids=label)
def test_plates(case: Case) -> None:
    for name, plate in case.plates.items():
        one = identify(name, code_of(case.region), known(case.region), day="2026-03-05")
        assert one.lineages == ((Lineage(organisation_id(one.region_code, plate), one.id, "plate", "2026-03-05"),) if plate else ())
        assert plate in (*one.aliases, "")


def test_every_reason_and_doubt_has_words() -> None:
    said = Speaker("zh")
    for case in CASES:
        for name in [*case.same, *case.apart, *case.doubt, *case.groups, *case.plates]:
            one = identify(name, code_of(case.region), known(case.region))
            assert all(said.word("unit-rule", rule) != rule for rule in one.reason.split())
            assert not one.doubt or said.word("unit-doubt", one.doubt) != one.doubt
            assert one.group is None or said.word("unit-group", one.group.kind) != one.group.kind


def test_parts_of_a_name() -> None:
    assert parse_unit("区财政局（国资局）") == Naming("区财政局", ("国资局",))
    assert parse_unit("区 教育局（教育督导室、招生办公室）").plates == ("教育督导室", "招生办公室")
    assert parse_unit("区水务局（配合）") == Naming("区水务局", (), ("配合",))
    assert parse_unit("（区水务局）").main == "(区水务局)"


def test_no_form_means_two_departments() -> None:
    stems: dict[str, str] = {}
    for department in names().departments:
        first, *_ = department.names.split()
        for stem in department.names.split():
            assert stems.setdefault(stem, first) == first
    assert len(forms()) > 500


def test_a_person_decides() -> None:
    region = code_of(DISTRICT)
    decided = Known(places=known(DISTRICT).places, aliases={(region, "党办"): (region, "党政办公室")})
    one = identify("党办", region, decided)
    assert (one.canonical, one.reason, one.aliases) == ("党政办公室", "decided", ("党办",))
    assert one.id != identify("党办", region, known(DISTRICT)).id


def test_names_without_a_known_region() -> None:
    one = identify("区财政局", "z-unknown")
    assert (one.region_code, one.doubt) == ("z-unknown", "no-region")


def test_real_regions_beside() -> None:
    """Names of places that GB/T 2260 and the list of zones hold lead to the bodies of those places."""
    zone, city = code_of("安徽省合肥市新站高新技术产业开发区"), code_of("安徽省合肥市")
    assert identify("瑶海法院", zone).region_code == code_of("安徽省合肥市瑶海区")
    assert identify("合肥新站高新区管委会", city).id == identify("管委会", zone).id
    assert identify("庐阳区政府", city).id == identify("区政府", code_of("安徽省合肥市庐阳区")).id
    assert identify("北京市财政局", code_of("北京市怀柔区")).id == identify("市财政局", code_of("北京市怀柔区")).id
    assert identify("市水利局", code_of("江苏省苏州市昆山市")).region_code == code_of("江苏省苏州市昆山市")


def test_reforms_are_proposed_not_done() -> None:
    region = code_of(DISTRICT)
    before, after = identify("区卫计委", region, known(DISTRICT)), identify("区卫健委", region, known(DISTRICT))
    assert before.id != after.id
    ((lineage, source),) = proposed_lineages(region, [before.canonical, after.canonical, "财政局"])
    assert (lineage.from_id, lineage.to_id, lineage.kind, lineage.day) == (before.id, after.id, "renamed", "2018")
    assert "2018" in source
    assert all(reform.source and 1980 < reform.year < 2027 for reform in names().renamings)


def test_current_follows_the_day() -> None:
    lineages = [Lineage("oa", "ob", "renamed", "2013"), Lineage("ob", "oc", "merged", "2019-01-28"), Lineage("op", "oc", "plate")]
    assert [current("oa", day, lineages) for day in ("2012-05-01", "2015-05-01", "2019-01-28", "")] == ["oa", "ob", "oc", "oc"]
    assert current("op", "2001-01-01", lineages) == "oc"
    assert current("oc", "2026-01-01", [*lineages, Lineage("oc", "ox", "split", "2024"), Lineage("oc", "oy", "split", "2024")]) == "oc"
    assert current("op", "2026-01-01", [Lineage("op", "oc", "plate", "2019", "2024-05-01")]) == "op"
    assert current("op", "2020-01-01", [Lineage("op", "oc", "plate", "2019", "2024-05-01")]) == "oc"


_IDS = st.sampled_from(["oa", "ob", "oc", "od"])
_LINEAGES = st.lists(
    st.builds(Lineage, _IDS, _IDS, st.sampled_from(["renamed", "merged", "plate", "split"]), st.sampled_from(["", "2018", "2020"]))
)


@given(_IDS, _LINEAGES, st.sampled_from(["", "2019-01-01", "2021-01-01"]))
def test_current_ends_and_stays(id_: str, lineages: list[Lineage], day: str) -> None:
    end = current(id_, day, lineages)
    assert end in {"oa", "ob", "oc", "od"}
    assert current(end, day, lineages) == end
    assert current(id_, day, reversed(lineages)) == end


@given(st.sampled_from(sorted(forms())), st.sampled_from(["", "区", "栖山区", DISTRICT]))
def test_level_and_place_in_front_make_no_difference(form: str, front: str) -> None:
    region, ledger = code_of(DISTRICT), known(DISTRICT)
    one = identify(front + form, region, ledger)
    assert one.id == identify(form, region, ledger).id
    assert one.region_code == region


@given(st.sampled_from(sorted(forms())))
def test_the_city_above_has_its_own(form: str) -> None:
    region, ledger = code_of(DISTRICT), known(DISTRICT)
    one = identify("市" + form, region, ledger)
    if standing_of("市" + form) is None:
        assert one.region_code == code_of("云川省澜州市")
        assert one.id == identify(form, code_of("云川省澜州市"), ledger).id


@given(st.sampled_from(sorted(forms())), st.sampled_from(["county", "city", "province", "zone", ""]))
def test_a_canonical_name_is_its_own(form: str, level: str) -> None:
    canonical, _, _ = canonical_name(form, level)
    assert canonical_name(canonical, level)[0] == canonical


@given(st.text(max_size=24) | st.text("区市省县局委办（）、各镇街道社分财政栖山成员单位 ", max_size=16))
def test_no_name_breaks_it(name: str) -> None:
    region, ledger = code_of(DISTRICT), known(DISTRICT)
    one = identify(name, region, ledger)
    assert one == identify(name, region, ledger)
    assert one.id == organisation_id(one.region_code, one.canonical)
    assert one.reason
    assert region_of(one.region_code, places=ledger.places) is not None or one.region_code.startswith("z")
