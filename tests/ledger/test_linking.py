"""Links follow from documents, facts and settlements alone: in whatever order things come, they are those of linking all anew."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from luoshi.ledger.entry import Draft
from tests.ledger.making import CLERK, enter, facts_of, report

COUNTY, CITY = "岳西县", "安庆市"


def year_report(place: str, year: int, *, growth: float, target: str, estates: int, plan: int) -> str:
    """A report that tells the year before ``year`` (growth, estates) and sets targets for ``year``."""
    return (
        f"{place}政府工作报告\n\n——{year}年1月8日在{place}人民代表大会会议上\n\n各位代表：\n\n现在，我代表{place}人民政府，向大会报告工作，请予审议。\n\n"
        f"一、{year - 1}年工作回顾\n\n全年地区生产总值增长{growth}%。居民人均可支配收入增长{growth}%。改造老旧小区{estates}个。\n\n"
        f"二、{year}年工作安排\n\n今年主要预期目标为：地区生产总值增长{target}，居民人均可支配收入增速高于全市平均水平。\n改造老旧小区{plan}个。\n\n谢谢大家！\n"
    )


REPORTS = {
    "2022": year_report(COUNTY, 2022, growth=5, target="6%左右", estates=4, plan=12),
    "2023": year_report(COUNTY, 2023, growth=6.2, target="7%以上", estates=10, plan=9),
    "2024": year_report(COUNTY, 2024, growth=6.5, target="6%左右", estates=9, plan=5),
    "2023-city": year_report(CITY, 2023, growth=5.8, target="6%左右", estates=40, plan=50),
    "2024-city": year_report(CITY, 2024, growth=7.2, target="6%左右", estates=49, plan=50),
}
#: a report after a gap: no report accounts for 2024
LATER = {"2026": year_report(COUNTY, 2026, growth=5.1, target="5%左右", estates=3, plan=2)}


def links() -> list[dict[str, Any]]:
    from luoshi.ledger.linked import Link

    return list(Link.objects.order_by("id").values())


def anew() -> list[dict[str, Any]]:
    """The links when all are made again from nothing."""
    from luoshi.ledger.linking import forget_links, link_waiting

    forget_links()
    link_waiting()
    return links()


def ends(place: str, year: int) -> dict[str, str]:
    from luoshi.ledger.linked import Link

    rows = Link.objects.filter(place__contains=place, year=year) if place else Link.objects.filter(year=year)
    return {row.name: row.verdict for row in rows}


def test_a_second_report_ends_the_targets_of_the_first(db: None) -> None:
    from luoshi.ledger.linked import Link
    from luoshi.ledger.linking import link_waiting, waiting

    _, [first] = enter(REPORTS["2022"], "2022.txt")
    assert waiting() == 1
    assert link_waiting() == 1
    assert waiting() == 0
    assert set(Link.objects.filter(document=first, year=2022).values_list("verdict", flat=True)) == {"not_yet"}
    _, [second] = enter(REPORTS["2023"], "2023.txt")
    assert link_waiting() == 2
    found = {row.name: row for row in Link.objects.filter(document=first, kind="measure")}
    assert found["地区生产总值"].verdict == "met"
    assert found["老旧小区"].verdict == "missed"
    assert found["老旧小区"].distance == -2
    assert {row.result_document for row in found.values() if row.result_document} == {second}


def test_what_a_person_says_of_a_fact_counts(db: None) -> None:
    from luoshi.ledger.linked import Link
    from luoshi.ledger.linking import link_waiting, waiting
    from luoshi.ledger.models import Fact
    from luoshi.ledger.store import append

    _, [first] = enter(REPORTS["2022"], "2022.txt")
    _, [second] = enter(REPORTS["2023"], "2023.txt")
    link_waiting()
    told = Fact.objects.get(document=second, kind="measure", role="result", name__contains="小区")
    append(CLERK, [Draft("fact.accept", told.id, {}, second)])
    assert waiting() == 0, "an accepted fact says what it said"
    append(CLERK, [Draft("fact.correct", told.id, {"fields": {"value": 12}}, second)])
    link_waiting()
    assert Link.objects.get(document=first, name="老旧小区").verdict == "met"
    append(CLERK, [Draft("fact.reject", told.id, {}, second)])
    link_waiting()
    assert Link.objects.get(document=first, name="老旧小区").result_fact != told.id
    assert links() == anew()


def test_a_withdrawn_report_answers_nothing_until_it_is_restored(db: None) -> None:
    from luoshi.ledger.linked import Link
    from luoshi.ledger.linking import link_waiting
    from luoshi.ledger.store import append

    _, [first] = enter(REPORTS["2022"], "2022.txt")
    _, [second] = enter(REPORTS["2023"], "2023.txt")
    link_waiting()
    before = links()
    append(CLERK, [Draft("document.withdraw", second, {"why": "收错了", "newest": {}})])
    link_waiting()
    assert set(Link.objects.filter(document=first, year=2022).values_list("verdict", flat=True)) == {"not_yet"}
    assert not Link.objects.filter(document=second).exists()
    append(CLERK, [Draft("document.restore", second, {"newest": {}})])
    link_waiting()
    assert links() == before


@settings(
    max_examples=12, deadline=None, derandomize=True, phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip
@given(
    order=st.permutations(sorted(REPORTS)), between=st.lists(st.booleans(), min_size=5, max_size=5), gone=st.sampled_from(sorted(REPORTS))
)
def test_the_order_of_arrival_makes_no_difference(db: None, order: list[str], between: list[bool], gone: str) -> None:
    from django.db import transaction

    from luoshi.ledger.linking import link_waiting
    from luoshi.ledger.models import Fact
    from luoshi.ledger.store import append

    point = transaction.savepoint()
    try:
        documents = {}
        for name, at_once in zip(order, between, strict=True):
            documents[name] = enter({**REPORTS, **LATER}[name], f"{name}.txt")[1][0]
            if at_once:
                link_waiting()
        append(CLERK, [Draft("document.withdraw", documents[gone], {"why": "收错了", "newest": {}})])
        if between[0]:
            link_waiting()
        other = documents[next(name for name in order if name != gone)]
        told = Fact.objects.filter(document=other, kind="measure").order_by("ordinal")[0]
        append(CLERK, [Draft("fact.correct", told.id, {"fields": {"value": 9, "year": told.year}}, other)])
        link_waiting()
        found = links()
        assert found
        assert found == anew()
    finally:
        transaction.savepoint_rollback(point)


def test_a_county_waits_for_the_report_of_its_city(db: None) -> None:
    from luoshi.ledger.linked import Link
    from luoshi.ledger.linking import link_waiting

    _, [county] = enter(REPORTS["2023"], "2023.txt")
    enter(REPORTS["2024"], "2024.txt")
    link_waiting()
    before = Link.objects.get(document=county, name__contains="可支配收入")
    assert before.verdict == "cannot_tell"
    assert before.why == "reference_missing"
    enter(REPORTS["2024-city"], "2024-city.txt")
    link_waiting()
    after = Link.objects.get(document=county, name__contains="可支配收入")
    assert after.verdict == "missed"
    assert after.distance == pytest.approx(6.5 - 7.2)


def test_a_settlement_is_remembered_and_can_be_taken_back(db: None) -> None:
    from luoshi.ledger.linked import Link
    from luoshi.ledger.linking import link_waiting, outcome_of, waiting
    from luoshi.ledger.settling import verdict_id
    from luoshi.ledger.store import append

    _, [first] = enter(REPORTS["2022"], "2022.txt")
    enter(REPORTS["2023"], "2023.txt")
    link_waiting()
    row = Link.objects.get(document=first, name="老旧小区")
    key = verdict_id(row.fact)
    data = {"kind": "verdict", "target": row.fact, "verdict": "carried_over", "basis": row.result_fact, "note": "下年续建"}
    append(CLERK, [Draft("link.settle", key, data, context=first)])
    assert waiting() == 1
    link_waiting()
    row.refresh_from_db()
    assert (row.verdict, row.judged, row.settled) == ("carried_over", "missed", True)
    assert "settled-verdict" in outcome_of(row).reasons
    assert links() == anew()
    append(CLERK, [Draft("link.unsettle", key, {}, context=first)])
    link_waiting()
    row.refresh_from_db()
    assert (row.verdict, row.settled) == ("missed", False)


def test_names_that_are_two_things_part_a_target_from_its_result(db: None) -> None:
    from luoshi.ledger.linked import Link
    from luoshi.ledger.linking import link_waiting
    from luoshi.ledger.settling import identity_id
    from luoshi.ledger.store import append

    houses = report(place=COUNTY, year=2022).replace("新建公园3个", "改造12179户D级房")
    _, [first] = enter(houses, "2022.txt")
    enter(report(place=COUNTY, year=2023).replace("新增企业62家", "改造12179户农房"), "2023.txt")
    link_waiting()
    row = Link.objects.get(document=first, name__contains="D级房")
    assert row.likely
    assert row.verdict == "met"
    key = identity_id(row.core, row.answer, row.region_code)
    data = {
        "kind": "identity",
        "first": min(row.core, row.answer),
        "second": max(row.core, row.answer),
        "same": False,
        "region_code": row.region_code,
    }
    append(CLERK, [Draft("link.settle", key, data, context=first)])
    link_waiting()
    row.refresh_from_db()
    assert (row.likely, row.settled, row.verdict) == (False, True, "dropped")
    append(CLERK, [Draft("link.settle", key, {**data, "same": True}, context=first)])
    link_waiting()
    row.refresh_from_db()
    assert (row.likely, row.settled, row.verdict) == (False, True, "met")
    assert links() == anew()


def test_what_is_settled_of_names_counts_in_its_region_and_under_it(db: None) -> None:
    """岳西县 lies in 安庆市, 长丰县 in another city."""
    from luoshi.ledger.linked import Link
    from luoshi.ledger.linking import link_waiting, outcome_of
    from luoshi.ledger.settling import identity_id
    from luoshi.ledger.store import append

    documents = {}
    for place in (COUNTY, CITY, "合肥市长丰县"):
        houses = report(place=place, year=2022).replace("新建公园3个", "改造12179户D级房")
        documents[place] = enter(houses, f"{place}-2022.txt")[1][0]
        enter(report(place=place, year=2023).replace("新增企业62家", "改造12179户农房"), f"{place}-2023.txt")
    link_waiting()

    def verdicts() -> list[str]:
        return [Link.objects.get(document=one, name__contains="D级房").verdict for one in documents.values()]

    assert verdicts() == ["met"] * 3
    rows = {place: Link.objects.get(document=one, name__contains="D级房") for place, one in documents.items()}
    first, second = sorted((rows[CITY].core, rows[CITY].answer))

    def settle(place: str, *, same: bool) -> str:
        region = rows[place].region_code
        key = identity_id(first, second, region)
        data = {"kind": "identity", "first": first, "second": second, "same": same, "region_code": region}
        append(CLERK, [Draft("link.settle", key, data, context=documents[place])])
        link_waiting()
        return key

    city = settle(CITY, same=False)
    assert verdicts() == ["dropped", "dropped", "met"]
    county = settle(COUNTY, same=True)
    assert county != city
    assert verdicts() == ["met", "dropped", "met"], "what was settled nearer goes before"
    assert links() == anew()
    append(CLERK, [Draft("link.unsettle", county, {}, context=documents[COUNTY])])
    link_waiting()
    assert verdicts() == ["dropped", "dropped", "met"]
    told = Link.objects.get(document=documents["合肥市长丰县"], name__contains="D级房")
    assert told.likely
    assert "settled" not in outcome_of(told).reasons


def test_a_rebuild_links_all_again(db: None) -> None:
    from luoshi.ledger import store
    from luoshi.ledger.linking import link_waiting, waiting

    enter(REPORTS["2022"], "2022.txt")
    enter(REPORTS["2023"], "2023.txt")
    link_waiting()
    before = links()
    store.rebuild()
    assert waiting() == 2
    link_waiting()
    assert links() == before


def test_a_document_of_nobody_knows_where_waits_for_a_person(db: None) -> None:
    from luoshi.ledger.linking import link_waiting, waiting

    _, documents = enter(report(place=""), "nowhere.txt")
    assert facts_of(documents[0])
    link_waiting()
    assert waiting() == 0


def test_what_was_withdrawn_replaced_or_moved_is_not_shown_though_its_links_stand(db: None) -> None:
    from luoshi.ledger.linked import Link
    from luoshi.ledger.linking import link_waiting
    from luoshi.ledger.models import Document
    from luoshi.ledger.promises import visible
    from luoshi.ledger.scope import Scope
    from luoshi.ledger.store import append

    _, [first] = enter(REPORTS["2022"], "2022.txt")
    _, [second] = enter(REPORTS["2023"], "2023.txt")
    link_waiting()
    county, whole = Document.objects.get(pk=first).region_code, Scope.whole()

    def shown(scope: Scope = whole) -> set[str]:
        return set(visible(scope).values_list("document", flat=True))

    assert shown() == {first, second}
    assert visible(whole).count() == Link.objects.count()
    append(CLERK, [Draft("document.withdraw", second, {"why": "收错了", "newest": {}})])
    # nothing was linked since
    assert Link.objects.filter(document=second).exists()
    assert Link.objects.filter(result_document=second).exists()
    assert shown() == set(), "all targets of the first end in the second"
    append(CLERK, [Draft("document.restore", second, {"newest": {}})])
    assert shown() == {first, second}
    link_waiting()
    row = Document.objects.get(pk=first)
    there = {"region": CITY, "region_code": "340800", "level": "city"}
    append(
        CLERK, [Draft("document.correct", first, {"fields": there, "family": row.family, "version": row.version, "previous": row.previous})]
    )
    assert Document.objects.get(pk=first).region_code == "340800"
    here = Scope(regions=frozenset({county}))
    assert first in set(Link.objects.filter(region_code=county).values_list("document", flat=True))
    assert first not in shown(here)
    link_waiting()
    assert first not in shown(here)
    assert first in shown(Scope(regions=frozenset({"340800"})))


def test_a_page_links_what_is_little_and_leaves_the_rest(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    from luoshi.ledger import promises
    from luoshi.ledger.linking import link_waiting, waiting

    enter(REPORTS["2022"], "2022.txt")
    enter(REPORTS["2023"], "2023.txt")
    monkeypatch.setattr(promises, "_FIGURES", 3)
    assert promises.refresh() == 2
    assert waiting() == 2
    monkeypatch.setattr(promises, "_FIGURES", 4000)
    assert promises.refresh() == 0
    assert link_waiting() == 0


def test_contradictions_are_found_anew_when_anything_changed(db: None) -> None:
    from luoshi.ledger import contradicting, store
    from luoshi.ledger.contradicting import contradictions_of
    from luoshi.ledger.linking import link_waiting
    from luoshi.ledger.models import Document, Fact
    from luoshi.ledger.scope import Scope
    from luoshi.ledger.store import append

    for year, level in (("2022", 1200), ("2023", 1250)):
        money = f"全年一般公共预算收入达到{level}亿元，增长6.5%。地区生产总值增长"
        documents = enter(REPORTS[year].replace("全年地区生产总值增长", money), f"{year}.txt")[1]
    link_waiting()
    region = Document.objects.get(pk=documents[0]).region_code
    found = contradictions_of(region, Scope.whole())
    assert [one.kind for one in found] == ["growth_off"]
    told = Fact.objects.get(
        document=documents[0], text="6.5%", name__contains="收入", role="result", measure="growth", value=6.5, clause__contains="一般公共"
    )
    append(CLERK, [Draft("fact.correct", told.id, {"fields": {"value": 4.2}}, documents[0])])
    assert contradictions_of(region, Scope.whole()) == (), "what a person corrected counts at once"
    store.rebuild()
    link_waiting()
    assert contradictions_of(region, Scope.whole()) == ()
    append(CLERK, [Draft("fact.reopen", told.id, {}, documents[0])])
    link_waiting()
    assert contradictions_of(region, Scope.whole()) == found
    before = contradicting._found.cache_info().misses
    store.rebuild()
    link_waiting()
    assert contradictions_of(region, Scope.whole()) == found
    assert contradicting._found.cache_info().misses == before, "what did not change is not reckoned again"


def test_a_growth_and_a_level_of_one_indicator_are_two_chains(db: None) -> None:
    from luoshi.ledger.linked import Link
    from luoshi.ledger.linking import link_waiting
    from luoshi.ledger.promises import about
    from luoshi.ledger.scope import Scope

    both = REPORTS["2022"].replace("今年主要预期目标为：", "今年主要预期目标为：地区生产总值达到420亿元，")
    enter(both, "2022.txt")
    enter(REPORTS["2023"], "2023.txt")
    link_waiting()
    rows = Link.objects.filter(indicator_id="gdp").order_by("year", "ordinal")
    level, *growths = sorted(rows, key=lambda one: one.data.count("420亿元") == 0)
    assert len(growths) == 2
    assert [one.id for one in about(level, Scope.whole())] == [level.id]
    assert {one.id for one in about(growths[0], Scope.whole())} == {one.id for one in growths}


def test_where_a_chain_is_too_long_the_newest_years_stay_and_the_target_itself(db: None) -> None:
    from luoshi.ledger.linked import Link
    from luoshi.ledger.promises import about
    from luoshi.ledger.scope import Scope

    enter(REPORTS["2022"], "2022.txt")
    anew()
    plain = Link.objects.filter(indicator_id="gdp").order_by("year", "ordinal").first()
    assert plain is not None
    fields = {field.name: getattr(plain, field.name) for field in Link._meta.fields}
    years = range(1600, 1600 + 320)
    Link.objects.all().delete()
    Link.objects.bulk_create([Link(**{**fields, "id": f"l{year}", "year": year}) for year in years])
    Link.objects.create(**{**fields, "id": "l-none", "year": None})
    newest = [f"l{year}" for year in years][-60:]
    assert [one.id for one in about(Link.objects.get(pk="l1919"), Scope.whole())] == newest
    assert [one.id for one in about(Link.objects.get(pk="l1600"), Scope.whole())] == ["l1600", *newest[1:]]
    assert [one.id for one in about(Link.objects.get(pk="l-none"), Scope.whole())] == ["l-none", *newest[1:]]
