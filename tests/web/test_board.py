"""The board: grouped and filtered counts with links, what each role sees of it, chasing one and many with the draft of the paper."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from luoshi.desk import matters
from luoshi.desk.actor import Role
from luoshi.ledger.models import Account, Matter
from luoshi.ledger.store import history
from tests.web.living import OTHER_POST, POST, REGION, District, account, person, row, unit
from tests.web.looking import assert_accessible, assert_fits, assert_small, screenshot
from tests.web.test_desk import client_of, text


@pytest.fixture
def district(db: None) -> District:
    return District()


def some(district: District) -> dict[str, str]:
    found = {
        "late": district.handling("新建幼儿园 3 所", due=-4, leader=POST),
        "fine": district.handling("修缮老旧管网", due=200, ago=1, leader=OTHER_POST),
        "other": district.handling("财源建设", due=-9, lead="财政局", leader=POST),
        "proposed": district.file("还没有批准的事"),
    }
    matters.tick()
    return found


def body(page: str, cut: str) -> str:
    return page.split(cut)[1].split("</tbody>", maxsplit=1)[0]


@pytest.mark.parametrize(
    ("by", "names"),
    [
        ("light", ["红灯", "绿灯"]), ("unit", ["发展和改革局", "财政局"]), ("leader", ["常务副区长 松问渠", "副区长 竹知节", "没有指明领导"]),
        ("mechanism", ["重点任务督办"]), ("stage", ["重点任务督办 · 办理中", "重点任务督办 · 待审批"]), ("region", []),
    ],
)  # fmt: skip
def test_groups(district: District, by: str, names: list[str]) -> None:
    some(district)
    page = text(client_of("ducha").get(f"/board?by={by}"))
    groups = body(page, 'class="table-box groups"')
    assert all(name in groups for name in names)
    assert "共 4 条" in page


def test_the_worst_light_stands_first_however_few_they_are(district: District) -> None:
    some(district)
    for number in range(3):
        district.handling(f"正常的任务{number}", ago=2)
    groups = body(text(client_of("ducha").get("/board")), 'class="table-box groups"')
    assert "红灯" in groups
    assert groups.index("红灯") < groups.index("绿灯")


def test_filters_count_and_list_alike(district: District) -> None:
    found = some(district)
    client = client_of("ducha")
    for query, keys in {
        "light=red": {"late", "other"}, "overdue=1": {"late", "other"}, f"unit={unit('财政局')}": {"other"}, f"leader={OTHER_POST}": {"fine"},
        "mechanism=M01&stage=proposed": {"proposed"}, "leader=-": {"proposed"}, "state=closed": set(), f"region={REGION}": set(found),
        "unreported=1": set(),
    }.items():  # fmt: skip
        page = text(client.get(f"/board?{query}"))
        assert f"共 {len(keys)} 条" in page, query
        assert {key for key, item in found.items() if f"/item/{item}" in page} == keys, query


def test_why_it_is_red_is_told(district: District) -> None:
    some(district)
    assert "已逾期" in text(client_of("ducha").get("/board?light=red"))


def test_what_stays_inside_is_not_shown_to_readers(district: District) -> None:
    item = district.handling("老旧信访件化解", due=30)
    Matter.objects.filter(pk=item).update(internal=True)
    for username, role, seen in (("du", Role.READER, False), ("kao", Role.APPRAISER, False), ("ducha", Role.SUPERVISOR, True)):
        person(username, role)
        page = text(client_of(username).get("/board"))
        assert ("老旧信访件化解" in page) == seen
        assert ("共 1 条" in page) == seen
        assert ('value="M14"' in page) <= seen


def test_only_the_own_region(district: District) -> None:
    district.handling("新建幼儿园 3 所")
    other = person("waiqu", Role.SUPERVISOR)
    Account.objects.filter(pk=other.id).update(region="990103")
    assert "新建幼儿园" not in text(client_of("waiqu").get("/board"))


def test_chasing_shows_the_paper_and_is_on_record(district: District) -> None:
    found = some(district)
    client = client_of("ducha")
    draft = text(client.post("/board/chase", {"id": [found["late"], found["proposed"]], "next": "/board?light=red"}))
    assert "你单位牵头的“新建幼儿园 3 所”" in draft
    assert "现在不能催办（待审批）" in draft
    assert "催办 1 件" in draft
    assert 'href="/board?light=red"' in draft
    sent = {
        "go": "1",
        "id": found["late"],
        f"{found['late']}.seen": str(row(found["late"]).acts),
        f"{found['late']}.text": "请于周五前报来。",
    }
    assert "已催办 1 件" in text(client.post("/board/chase", sent, follow=True))
    assert row(found["late"]).chased == 1
    move = next(entry.values["move"] for entry in history(found["late"]) if entry.act == "loop.act")
    assert (move["act"], move["inputs"]["text"], move["paper"]) == ("chase", "请于周五前报来。", "chase")


def test_many_are_chased_and_what_cannot_be_is_told(district: District) -> None:
    found = some(district)
    client = client_of("ducha")
    sent = {"go": "1", "id": [found["late"], found["other"]], f"{found['other']}.seen": "1"}
    page = text(client.post("/board/chase", sent, follow=True))
    assert "已催办 1 件" in page
    assert "别人已办了别的" in page
    assert "没有选中" in client.post("/board/chase", {}).content.decode()
    assert client_of("lingdao").post("/board/chase", {"id": found["late"]}).status_code == 403


def test_an_address_elsewhere_is_no_way_back(district: District) -> None:
    found = some(district)
    page = text(client_of("ducha").post("/board/chase", {"id": found["late"], "next": "https://example.org/"}))
    assert "example.org" not in page


@pytest.mark.parametrize("phone", [False, True], ids=["wide", "phone"])
def test_the_board_in_a_browser(browse: Callable[..., Any], site: str, phone: bool) -> None:
    district = District()
    found = some(district)
    page = browse("supervisor", "/board?by=unit", phone=phone, account=account("ducha"))
    assert_accessible(page)
    assert_fits(page)
    assert_small(page, f"{site}/board")
    screenshot(page, f"board-{'phone' if phone else 'wide'}")
    assert page.locator(".groups tbody th").all_inner_texts() == ["发展和改革局", "财政局"]
    assert page.locator("[data-row]").count() == len(found)
    page.locator("[data-row]").first.focus()
    page.keyboard.press("Space")
    page.locator("[data-bulk] button").click()
    page.wait_for_selector("h1:has-text('催办通知')")
    assert_accessible(page)
    assert_fits(page)
    screenshot(page, f"chase-{'phone' if phone else 'wide'}")
    page.get_by_role("button", name="催办 1 件").click()
    page.wait_for_selector(".toast:has-text('已催办 1 件')")
    # the first is the one that is late longest, and it alone was chased
    assert {key: row(item).chased for key, item in found.items()} == {"late": 0, "fine": 0, "other": 1, "proposed": 0}
