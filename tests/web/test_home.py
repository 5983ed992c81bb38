"""The first page: what came in, what waits for whom, what others did, where to begin."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.desk.making import ONE, TWO
from tests.desk.tasks import ALL, breakdown, region_of
from tests.ledger.making import enter, facts_of, report
from tests.web.looking import assert_accessible, assert_fits, assert_small, screenshot


def text(response: Any) -> str:
    assert response.status_code == 200
    found: str = response.content.decode()
    return found


def section(page: str, name: str) -> str:
    """What stands under the heading of this id."""
    return page.split(f'id="{name}"')[1].split("</section>", maxsplit=1)[0]


def figures(page: str) -> dict[str, str]:
    """The counted lines."""
    parts = section(page, "waits").split("<b>")[1:]
    return {part.split("<span>")[1].split("</span>")[0]: part.split("</b>")[0] for part in parts if "<span>" in part}


@pytest.fixture
def filled(db: None) -> dict[str, str]:
    return fill()


def fill() -> dict[str, str]:
    from luoshi.desk import items

    key = breakdown(ONE)
    fact = next(one.fact for one in items.plan(key, ALL) if one.number == "2")
    items.create(ONE, key, [fact], ALL)
    return {"breakdown": key, "report": enter(report())[1][0]}


def test_an_empty_ledger_shows_three_steps(db: None, client_as: Any) -> None:
    page = text(client_as("supervisor").get("/"))
    assert page.count("<li><b aria-hidden") == 3
    assert 'href="/intake"' in page.split("<main")[1]
    other = text(client_as("reader").get("/"))
    assert 'href="/intake"' not in other
    assert "督查员导入以后" in other


def test_what_came_in_with_what_is_left(filled: dict[str, str], client_as: Any) -> None:
    page = section(text(client_as("supervisor").get("/")), "arrived")
    assert page.index(f"/documents/{filled['report']}") < page.index(f"/documents/{filled['breakdown']}")
    assert f"/documents/{filled['breakdown']}/items" in page
    assert "生成事项 3 项" in page
    assert f"/documents/{filled['report']}/items" not in page
    assert page.count("待确认") == 1


def test_what_waits_for_a_supervisor(filled: dict[str, str], client_as: Any) -> None:
    found = figures(text(client_as("supervisor").get("/")))
    assert found == {"待确认的文件信息": "1", "存疑的事项": "1", "名称存疑的单位": "1"}


def test_files_that_could_not_be_read(filled: dict[str, str], client_as: Any) -> None:
    from luoshi.errors import LuoshiError
    from luoshi.ledger.enter import receive, refuse

    file = receive([("坏.pdf", b"%PDF-broken")], ONE.id)[0].file
    assert figures(text(client_as("supervisor").get("/")))["排队读取的文件"] == "1"
    refuse(file, LuoshiError("文件已损坏", slug="damaged"), ONE.id)
    assert figures(text(client_as("supervisor").get("/")))["上次来后读不了的文件"] == "1"


def test_disputes_wait_for_those_who_may_decide_and_took_no_part(filled: dict[str, str], client_as: Any, make_account: Any) -> None:
    from luoshi.desk import facts
    from luoshi.desk.actor import Actor, Role

    fact = facts_of(filled["report"])[0]
    party = make_account("supervisor", username="party")
    facts.accept(Actor(party.id, "party", "甲", (Role.SUPERVISOR,)), [fact], ALL)
    facts.reject(TWO, [fact], ALL)
    assert f"room#{fact}" in text(client_as("leader").get("/"))
    assert f"room#{fact}" not in text(client_as("supervisor", username="party").get("/"))
    assert f"room#{fact}" not in text(client_as("appraiser").get("/"))


def test_the_items_of_a_liaisons_unit_by_their_date(filled: dict[str, str], client_as: Any) -> None:
    from luoshi.desk import items
    from luoshi.ledger.models import Organisation

    items.create(ONE, filled["breakdown"], [one.fact for one in items.plan(filled["breakdown"], ALL) if not one.item], ALL)
    finance = Organisation.objects.get(name="财政局").id
    page = section(text(client_as("liaison", unit=finance, region=region_of(filled["breakdown"])).get("/")), "waits")
    assert page.index("2025年11月30日") < page.index("2025年12月31日")
    assert "石砚大桥" not in page
    assert "已过期限" in page
    assert page.count("配合") == 2


def test_the_items_of_a_leaders_posts(filled: dict[str, str], client_as: Any) -> None:
    from luoshi.desk import organisations

    client = client_as("leader", name="竹知节")
    assert "我牵头" not in text(client.get("/"))
    post = organisations.add_post(ONE, region_of(filled["breakdown"]), "副区长").subjects[0]
    organisations.hold(ONE, post, "竹知节", valid_from="2023-01-10")
    assert "我牵头" in section(text(client.get("/")), "waits")


def test_what_others_did_is_told_in_lines(filled: dict[str, str], client_as: Any, make_account: Any) -> None:
    from luoshi.desk import facts
    from luoshi.desk.actor import Actor, Role

    other = make_account("appraiser", username="other", name="纪南枝")
    facts.accept(Actor(other.id, "other", "纪南枝", (Role.APPRAISER,)), facts_of(filled["report"])[:3], ALL)
    page = section(text(client_as("supervisor").get("/")), "news")
    line = next(part for part in page.split("<li>") if "纪南枝" in part)
    assert "采纳事实" in line
    assert "3 次" in line
    assert f"/documents/{filled['report']}" in line
    assert "纪南枝" not in section(text(client_as("appraiser", username="other").get("/")), "news")


def test_news_begin_where_one_was_last(filled: dict[str, str], client_as: Any, make_account: Any) -> None:
    from luoshi.ledger.entry import moment
    from luoshi.web.pages.home.changes import last_visit
    from luoshi.web.signin.access import SIGNIN
    from luoshi.web.signin.models import Access

    account = make_account("reader", username="often")
    from luoshi.desk.actor import Actor, Role

    actor, now = Actor(account.id, "often", "", (Role.READER,)), datetime.now(UTC)
    assert last_visit(actor, now) == moment(now - timedelta(days=7))
    for place, (days, kind) in enumerate(((50, SIGNIN), (2, "page"), (0, SIGNIN), (0, "page"))):
        Access.objects.create(batch=1, place=place, at=moment(now - timedelta(days=days)), account=account.id, kind=kind, status=200)
    assert last_visit(actor, now) == moment(now - timedelta(days=2))
    Access.objects.filter(place=1).delete()
    assert last_visit(actor, now) == moment(now - timedelta(days=30))


def test_nobody_is_told_of_what_they_may_not_see(filled: dict[str, str], client_as: Any) -> None:
    page = text(client_as("reader", region="340103").get("/"))
    assert filled["report"] not in page
    assert filled["breakdown"] not in page
    liaison = text(client_as("liaison", unit="oother", region=region_of(filled["breakdown"])).get("/"))
    assert "改造老旧小区" not in liaison
    assert "生成事项" not in liaison.split("<main")[1]


def test_what_is_new_elsewhere_does_not_hide_what_is_ones_own(
    filled: dict[str, str], client_as: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of both kinds the one that is looked at first is of another region."""
    from luoshi.desk import facts
    from luoshi.web.pages.home import changes, waiting

    monkeypatch.setattr(waiting, "_DISPUTES", 1)
    monkeypatch.setattr(waiting, "MOST", 1)
    monkeypatch.setattr(changes, "_LOOKED_AT", 1)
    here = enter(report(place="萧县", year=2024), "here.txt")[1][0]
    first, own = facts_of(filled["report"])[0], facts_of(here)[0]
    for one in (own, first):
        facts.accept(ONE, [one], ALL)
        facts.reject(TWO, [one], ALL)
    page = text(client_as("leader", region=region_of(here)).get("/"))
    assert f"room#{own}" in page
    assert f"room#{first}" not in page
    assert f"/documents/{here}" in section(page, "news")


def test_files_elsewhere_are_neither_counted_nor_named(filled: dict[str, str], client_as: Any) -> None:
    from luoshi.errors import LuoshiError
    from luoshi.ledger.enter import receive, refuse

    waiting, broken = (receive([(f"{at}.pdf", at.encode())], ONE.id)[0].file for at in ("甲", "乙"))
    refuse(broken, LuoshiError("文件已损坏", slug="damaged"), ONE.id)
    assert {"排队读取的文件", "上次来后读不了的文件"} <= set(figures(text(client_as("supervisor").get("/"))))
    elsewhere = client_as("supervisor", region="340103", username="elsewhere").get("/")
    assert not {"排队读取的文件", "上次来后读不了的文件"} & set(figures(text(elsewhere)))
    assert waiting


def test_administrators_find_what_is_theirs(filled: dict[str, str], client_as: Any) -> None:
    for role, expected in (("system_admin", "账号和角色"), ("audit_admin", "审计记录"), ("security_admin", "账号和角色")):
        page = text(client_as(role).get("/"))
        assert filled["report"] not in page
        assert expected in page.split('id="shortcuts"')[1]
        assert "任务分解" not in page


def test_few_queries_however_much_there_is(filled: dict[str, str], client_as: Any) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client = client_as("supervisor")
    client.get("/")
    with CaptureQueriesContext(connection) as before:
        client.get("/")
    for year in range(2015, 2024):
        enter(report(year=year), f"{year}.txt")
    with CaptureQueriesContext(connection) as after:
        client.get("/")
    assert len(after) <= len(before)


@pytest.fixture
def live(real_db: None) -> dict[str, str]:
    return fill()


@pytest.mark.parametrize("role", ["supervisor", "reader", "system_admin"])
def test_in_a_browser(live: dict[str, str], browse: Any, role: str) -> None:
    page = browse(role, "/")
    assert_accessible(page)
    assert_fits(page)
    assert_small(page, page.url)
    screenshot(page, f"home-{role}")


def test_on_a_phone_and_in_the_dark(live: dict[str, str], browse: Any) -> None:
    page = browse("supervisor", "/", phone=True, dark=True)
    assert_accessible(page)
    assert_fits(page)
    screenshot(page, "home-phone")


def test_empty_in_a_browser(real_db: None, browse: Any) -> None:
    page = browse("supervisor", "/", lang="en")
    assert "Three steps" in page.inner_text("main")
    assert_accessible(page)
    screenshot(page, "home-empty")


def test_matters_that_wait_by_role(db: None) -> None:
    from luoshi.desk import matters
    from tests.web.living import OTHER_POST, POST, District
    from tests.web.test_desk import client_of

    district = District()
    enter(report())
    district.handling("新建幼儿园 3 所", due=-4, leader=POST)
    district.checking("建成城市书房 5 个", leader=OTHER_POST)
    district.file("农贸市场改造", leader=POST)
    matters.tick()
    liaison = figures(text(client_of("fagai").get("/")))
    assert liaison["本单位已逾期的"] == "1"
    assert "本单位已逾期的" not in figures(text(client_of("caizheng").get("/")))
    leader = figures(text(client_of("lingdao").get("/")))
    assert (leader["等我决定的事项"], leader["我分管的红灯事项"]) == ("1", "1")
    assert "我分管的红灯事项" not in figures(text(client_of("lingdao2").get("/")))
    clerk = figures(text(client_of("ducha").get("/")))
    assert (clerk["等督查室办的事项"], clerk["红灯事项"]) == ("1", "1")
