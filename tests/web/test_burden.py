"""The burden meter: how often units were asked, what was asked twice, what looks like one; as a table and as files."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from luoshi.desk import matters
from luoshi.desk.matters import Form
from luoshi.desk.matters.ruling import all_current
from luoshi.ledger.burden import Period, burdens, near_titles, overlaps
from luoshi.ledger.models import Clock, Item, Matter
from luoshi.ledger.scope import Scope
from luoshi.web.pages.burden.view import reporting
from tests.web.living import ALL, District, account, days_ago, unit
from tests.web.looking import assert_accessible, assert_fits, assert_small, screenshot
from tests.web.test_desk import client_of, text

EVER = Period("2000", "2100")


@pytest.fixture
def district(db: None) -> District:
    return District()


def measured(scope: Scope = ALL) -> dict[str, Any]:
    return {one.unit: one for one in burdens(EVER, scope, reporting(all_current()), duties={"lead"})}


def test_how_often_a_unit_was_asked(district: District) -> None:
    district.handling("新建幼儿园 3 所", ago=70, due=-20)
    district.handling("财源建设", lead="财政局", ago=3)
    matters.tick()
    found = measured()
    ours = found[unit("发展和改革局")]
    assert ours.asked == Clock.objects.filter(unit=unit("发展和改革局"), owner="lead").count()
    assert ours.reports == Clock.objects.filter(unit=unit("发展和改革局"), key="monthly").count()
    assert ours.matters == 1
    assert ours.late >= 2
    assert ours.papers >= 2
    assert ours.by == {"M01": ours.asked}
    assert found[unit("财政局")].papers == 0


def test_papers_on_matters_elsewhere_are_not_counted(district: District) -> None:
    district.handling("新建幼儿园 3 所", ago=3)
    elsewhere = district.handling("新建书房", ago=70, due=-20)
    matters.tick()
    assert measured()[unit("发展和改革局")].papers >= 2
    Matter.objects.filter(pk=elsewhere).update(internal=True)
    assert measured(msgspec.structs.replace(ALL, internal=False))[unit("发展和改革局")].papers == 0


def test_only_what_began_in_the_period(district: District) -> None:
    district.handling("新建幼儿园 3 所", ago=10)
    assert burdens(Period("2000", "2001"), ALL, reporting(all_current()), duties={"lead"}) == []


def test_a_report_that_two_ask_for_is_asked_twice(district: District) -> None:
    item = district.handling("新建幼儿园 3 所", ago=2, due=300)
    assert measured()[unit("发展和改革局")].twice == 0
    district.do(district.leader, item, "instruct", 1, text="请报进度。")
    due = Clock.objects.get(item=item, key="monthly").due_at
    Clock.objects.filter(item=item, key="instruction").update(due_at=due)
    assert measured()[unit("发展和改革局")].twice == 1
    page = text(client_of("ducha").get(f"/burden?unit={unit('发展和改革局')}"))
    assert "月报" in page.split('id="twice"')[1]
    assert "批示回复期限" in page.split('id="twice"')[1]


def test_matters_of_two_mechanisms_that_look_like_one(district: District) -> None:
    one, other = district.handling("新建幼儿园 3 所"), district.handling("完成新建幼儿园3所")
    assert overlaps(ALL, unit("发展和改革局")) == []
    Matter.objects.filter(pk=other).update(mechanism="M13")
    found = overlaps(ALL, unit("发展和改革局"))
    assert [{pair.one, pair.other} for pair in found] == [{one, other}]
    assert found[0].why == "words"
    Item.objects.filter(pk__in=[one, other]).update(fact="f1")
    assert [pair.why for pair in overlaps(ALL, unit("发展和改革局"))] == ["fact"]


def test_words_that_everybody_uses_say_nothing() -> None:
    titles = {f"i{number}": f"推进项目建设{chr(0x4E00 + number)}{chr(0x5000 + number)}" for number in range(80)}
    assert near_titles(titles) == []


def test_a_liaison_sees_the_own_unit_alone(district: District) -> None:
    district.handling("新建幼儿园 3 所")
    district.handling("财源建设", lead="财政局")
    page = text(client_of("caizheng").get("/burden"))
    assert "财政局" in page
    assert "发展和改革局" not in page
    other = text(client_of("caizheng").get(f"/burden?unit={unit('发展和改革局')}"))
    assert "新建幼儿园" not in other
    assert client_of("caizheng").get(f"/burden/export.csv?unit={unit('发展和改革局')}").getvalue().decode().count("\n") <= 1


def test_what_stays_inside_is_not_counted_for_readers(district: District, client_as: Callable[..., Any]) -> None:
    item = district.handling("新建幼儿园 3 所")
    Matter.objects.filter(pk=item).update(internal=True)
    assert "发展和改革局" not in text(client_as("appraiser").get("/burden"))
    assert "发展和改革局" in text(client_of("ducha").get("/burden"))


def test_files_say_what_the_page_says(district: District) -> None:
    from openpyxl import load_workbook

    district.handling("新建幼儿园 3 所")
    client = client_of("ducha")
    csv = client.get("/burden/export.csv").getvalue().decode("utf-8-sig")
    asked = measured()[unit("发展和改革局")].asked
    assert csv.splitlines()[1].startswith(f"发展和改革局,{asked},1,")
    sheet = load_workbook(io.BytesIO(client.get("/burden/export.xlsx").getvalue())).active
    assert sheet is not None
    assert [cell.value for cell in sheet[2]][:3] == ["发展和改革局", asked, 1]


def test_bad_periods(district: District) -> None:
    client = client_of("ducha")
    for query, words in (
        ("first=x", "不是日期"),
        ("first=2026-03-02&last=2026-03-01", "之后"),
        ("first=2020-01-01&last=2026-01-01", "400 天"),
    ):
        answer = client.get(f"/burden?{query}")
        assert answer.status_code == 400
        assert words in answer.content.decode()


@pytest.mark.parametrize("phone", [False, True], ids=["wide", "phone"])
def test_the_meter_in_a_browser(browse: Callable[..., Any], site: str, phone: bool) -> None:
    district = District()
    district.handling("新建幼儿园 3 所", ago=40, due=-3)
    district.handling("财源建设", lead="财政局")
    form = Form("完成新建幼儿园3所", region_code="990102", fields={"due": "2099-12-31"}, units={"lead": [unit("发展和改革局")]})
    matters.file_form(district.clerk, "M01", form, ALL, clock=days_ago(3))
    matters.tick()
    page = browse("supervisor", "/burden", phone=phone, account=account("ducha"))
    assert_accessible(page)
    assert_fits(page)
    assert_small(page, f"{site}/burden")
    screenshot(page, f"burden-{'phone' if phone else 'wide'}")
    assert sorted(page.locator("tbody th").all_inner_texts()) == ["发展和改革局", "财政局"]
    mine = page.locator("tbody tr", has_text="发展和改革局").locator("td").first.inner_text()
    assert int(mine) > 0
    page.get_by_role("link", name="发展和改革局").press("Enter")
    page.wait_for_selector("#twice")
    assert page.locator("tbody th").all_inner_texts() == ["发展和改革局"]
    assert page.locator("tbody td").first.inner_text() == mine
    assert_accessible(page)
    assert_fits(page)
    screenshot(page, f"burden-unit-{'phone' if phone else 'wide'}")
