"""The three rates by unit and street with what is left out beside them, as files too; and the theme of the month."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from openpyxl import load_workbook

from luoshi.desk import settings as desk_settings
from luoshi.desk.actor import Actor, Role
from luoshi.desk.done import WrongValue
from luoshi.ledger import models
from luoshi.ledger.acts.matters import life_of
from tests.web.hotline import SECRETS, Hotline, row, table
from tests.web.living import PNG, account
from tests.web.looking import assert_accessible, assert_fits, assert_small, screenshot
from tests.web.test_desk import client_of, text

__all__ = ["table"]

ADMIN = Actor("aadmin", "admin", "管理", (Role.SYSTEM_ADMIN,))
TODAY = datetime.now(UTC).astimezone(ZoneInfo("Asia/Shanghai")).date()
PERIOD = f"first={TODAY - timedelta(days=30)}&last={TODAY}"
MONTH = (TODAY - timedelta(days=0)).strftime("%Y-%m")


@pytest.fixture
def hotline(db: None, table: Any) -> Hotline:
    return Hotline()


def called_back(hotline: Hotline, title: str, solved: str, satisfied: str, **more: Any) -> str:
    item = hotline.replied(title, **more)
    act = "call-solved" if solved == "yes" else "return"
    reason = {} if solved == "yes" else {"reason": "没有修好"}
    hotline.do(hotline.clerk, item, act, 0.1, ratings={"contacted": "yes", "solved": solved, "satisfied": satisfied}, **reason)
    return item


def three(hotline: Hotline) -> list[str]:
    """Two of a unit, one not solved; one of another that is excluded; one that waits for dispatch; one found before a complaint."""
    made = [
        called_back(hotline, "路灯不亮", "yes", "satisfied"),
        called_back(hotline, "井盖松动", "no", "dissatisfied", location="青石镇"),
        called_back(hotline, "夜里施工", "yes", "silent", lead="财政局"),
    ]
    hotline.do(hotline.zhao, made[2], "ask-exclude", 0.08, reason="重复", fields={"excluded_why": "repeated"}, evidence=[("说明.png", PNG)])
    hotline.do(hotline.leader, made[2], "grant-exclude", 0.07, text="同意")
    made.append(hotline.accepted("新来的"))
    hotline.order("巡查发现", channel="proactive")
    return made


def test_the_rates_with_what_is_left_out(hotline: Hotline) -> None:
    from luoshi.web.pages.rates.counting import rates_of
    from tests.web.living import ALL

    three(hotline)
    told = rates_of(TODAY - timedelta(days=30), TODAY, ALL)
    whole = told.whole.counted
    assert (whole.orders, whole.excluded, told.proactive) == (4, 1, 1)
    assert (whole.solved.numerator, whole.solved.denominator, whole.solved.excluded, str(whole.solved.value)) == (1, 2, 1, "50.00")
    assert (whole.responded.numerator, whole.responded.denominator) == (2, 2)
    assert (whole.satisfied.numerator, whole.satisfied.denominator) == (1, 2)
    assert {line.name: line.counted.orders for line in told.units} == {"": 1, "发展和改革局": 2, "财政局": 1}
    assert {line.name: line.counted.orders for line in told.towns} == {"柳溪街道": 3, "青石镇": 1}
    assert told.whole.points is None


def test_weights_and_words_are_the_offices_own(hotline: Hotline) -> None:
    three(hotline)
    client = client_of("ducha")
    assert "本单位还没有核定权重" in text(client.get(f"/rates?{PERIOD}"))
    for wrong in ("0.5 0.5", "0.5 0.5 0.1", "a b c", "1 1 -1", "NaN 0 1"):
        with pytest.raises(WrongValue, match="权重"):
            desk_settings.change(ADMIN, {"rate_weights": wrong})
    desk_settings.change(ADMIN, {"rate_weights": "0.1，0.5，0.4", "rate_words": "按区政府办2026年的口径"})
    page = text(client.get(f"/rates?{PERIOD}"))
    assert "按区政府办2026年的口径" in page
    assert "55.00" in page
    assert "各地口径不同" in page


def test_as_files(hotline: Hotline) -> None:
    three(hotline)
    client = client_of("ducha")
    rows = list(csv.reader(io.StringIO(b"".join(client.get(f"/rates/export.csv?{PERIOD}").streaming_content).decode("utf-8-sig"))))
    assert rows[0][:5] == ["范围", "名称", "工单", "剔除", "挂账"]
    whole = dict(zip(rows[0], rows[1], strict=True))
    assert (whole["解决率（分子）"], whole["解决率（分母）"], whole["解决率（剔除）"], whole["解决率（%）"]) == ("1", "2", "1", "50.0")
    assert any("回访接通的工单" in cell for line in rows for cell in line)
    book = load_workbook(io.BytesIO(b"".join(client.get(f"/rates/export.xlsx?{PERIOD}").streaming_content)))
    assert [cell.value for cell in next(iter(book.active.rows))] == rows[0]
    assert client.get("/rates/export.pdf").status_code == 400


@pytest.mark.parametrize(
    "query", ["first=2026-13-01", "first=0001-01-01", "first=2026-03-02&last=2026-03-01", "first=2020-01-01&last=2026-01-01"]
)
def test_a_period_that_cannot_be(hotline: Hotline, query: str) -> None:
    assert client_of("ducha").get(f"/rates?{query}").status_code == 400


def test_the_theme_of_the_month(hotline: Hotline) -> None:
    made = [hotline.accepted(f"路灯不亮{at}", location="柳溪街道锦园小区3号楼2单元501室", ago=0) for at in range(3)]
    other = hotline.accepted("乱停车", category="traffic", sub="", ago=0)
    client = client_of("ducha")
    page = text(client.get("/rates"))
    assert "柳溪街道锦园小区＊＊＊ <b>3</b>" in page
    assert "501" not in page.partition('class="places"')[2].partition("</ol>")[0]
    for secret in SECRETS:
        assert secret not in page
    assert client.post("/rates/theme", {"month": "2026-13", "category": "city", "title": "路灯"}).status_code == 400
    assert client.post("/rates/theme", {"month": MONTH, "category": "none", "title": "路灯"}).status_code == 400
    assert client.post("/rates/theme", {"month": MONTH, "category": "education", "title": "路灯"}).status_code == 400
    assert client.post("/rates/theme", {"month": MONTH, "category": "city", "title": " "}).status_code == 400
    answer = client.post("/rates/theme", {"month": MONTH, "category": "city", "title": "老旧路灯整治"})
    theme = row(answer["Location"].removeprefix("/item/"))
    assert [life_of(row(item).life).fields.get("theme") for item in made] == [theme.number] * 3
    assert "theme" not in life_of(row(other).life).fields
    assert life_of(theme.life).fields["channel"] == "proactive"
    assert client.post("/rates/theme", {"month": MONTH, "category": "city", "title": "再来一次"}).status_code == 400
    assert models.Matter.objects.count() == 5
    assert client_of("lingdao").post("/rates/theme", {"month": MONTH, "category": "traffic", "title": "甲"}).status_code == 403


def test_a_liaison_sees_the_rates_of_the_own_orders(hotline: Hotline) -> None:
    three(hotline)
    page = text(client_of("caizheng").get(f"/rates?{PERIOD}"))
    assert "财政局" in page
    assert '<th scope="row">发展和改革局</th>' not in page


@pytest.mark.parametrize("phone", [False, True], ids=["wide", "phone"])
def test_the_rates_in_a_browser(browse: Callable[..., Any], site: str, table: Any, phone: bool) -> None:
    hotline = Hotline()
    three(hotline)
    desk_settings.change(ADMIN, {"rate_weights": "0.1 0.5 0.4", "rate_words": "按区政府办2026年的口径"})
    page = browse(None, f"/rates?{PERIOD}", account=account("ducha"), phone=phone)
    assert_accessible(page)
    assert_fits(page)
    assert_small(page, f"{site}/rates?{PERIOD}")
    screenshot(page, f"rates-{'phone' if phone else 'wide'}")
    page.locator("#category").select_option("city")
    page.fill("#title", "老旧路灯整治")
    page.get_by_role("button", name="立为专题").click()
    page.wait_for_selector("text=已立")
    theme = models.Item.objects.get(title__contains="老旧路灯整治")
    assert page.url == f"{site}/item/{theme.id}"
    assert "老旧路灯整治" in page.locator("h1").inner_text()
