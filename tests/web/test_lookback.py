"""Look backs: drawn by a rule and seed that are shown and kept, drawn again alike, with what was found."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest

from luoshi.desk import matters
from luoshi.desk.actor import Role
from luoshi.desk.done import Conflict, NotFound, WrongValue
from luoshi.desk.matters import Form
from luoshi.desk.matters.lookback import Wanted, draw, latest
from luoshi.desk.matters.ruling import rules_for
from luoshi.ledger import models
from luoshi.ledger.acts.matters import life_of
from luoshi.ledger.entry import Draft, moment
from luoshi.ledger.models import LookBack
from luoshi.ledger.store import append, rebuild, verify_chain
from luoshi.loop.sampling import BadSample
from luoshi.loop.sampling import draw as drawn_of
from luoshi.web.pages.lookback.view import results
from tests.web.living import ALL, REGION, District, account, person, row
from tests.web.looking import assert_accessible, assert_fits, assert_small, screenshot
from tests.web.test_desk import client_of, text


def days(first: int, last: int) -> dict[str, str]:
    today = datetime.now(UTC).date()
    return {"first": (today - timedelta(days=first)).isoformat(), "last": (today - timedelta(days=last)).isoformat()}


@pytest.fixture
def district(db: None) -> District:
    return District()


def test_drawn_by_the_rule_and_kept(district: District) -> None:
    closed = sorted(district.closed(f"任务{number}") for number in range(5))
    district.closed("才办结", closed=3)
    key = draw(district.clerk, Wanted("M01", **days(60, 40), seed="2026 秋", share=30), ALL).subjects[0]
    kept = LookBack.objects.get(pk=key)
    drawn = msgspec.json.decode(kept.drawn)
    assert msgspec.json.decode(kept.candidates) == closed
    assert len(drawn) == 2
    assert drawn == drawn_of(reversed(closed), 30, 1, "2026 秋")
    before = LookBack.objects.values()[0]
    rebuild()
    assert LookBack.objects.values()[0] == before
    assert verify_chain()


def test_what_cannot_be_drawn(district: District) -> None:
    district.closed("任务")
    with pytest.raises(WrongValue, match="办结满 1 个月"):
        draw(district.clerk, Wanted("M01", **days(60, 0), seed="s", share=10), ALL)
    with pytest.raises(WrongValue, match="不是日期"):
        draw(district.clerk, Wanted("M01", "2026-02-30", "2026-03-01", seed="s", share=10), ALL)
    with pytest.raises(NotFound):
        draw(district.clerk, Wanted("M01", **days(300, 200), seed="s", share=10), ALL)
    with pytest.raises(BadSample):
        draw(district.clerk, Wanted("M01", **days(60, 40), seed="s", share=0), ALL)
    with pytest.raises(BadSample):
        draw(district.clerk, Wanted("M01", **days(60, 40), seed=" ", share=10), ALL)
    draw(district.clerk, Wanted("M01", **days(60, 40), seed="s", share=10), ALL)
    with pytest.raises(Conflict, match="已经抽过"):
        draw(district.clerk, Wanted("M01", **days(60, 40), seed="s", share=10), ALL)


def test_the_latest_day_is_a_month_ago(db: None) -> None:
    at = moment(datetime(2026, 3, 31, 4, tzinfo=UTC))
    assert latest(rules_for("M01"), at) == "2026-02-28"


def test_the_page_shows_rule_seed_and_proof_and_takes_the_result(district: District) -> None:
    items = [district.closed(f"任务{number}") for number in range(3)]
    client = client_of("ducha")
    sent = {"mechanism": "M01", **days(60, 40), "share": "100", "least": "1", "seed": "立冬"}
    page = text(client.post("/lookback/draw", sent, follow=True))
    assert "立冬" in page
    assert "结果一致" in page
    assert page.count("待看") == 3
    client.post(f"/lookback/{items[0]}/look-back", {f"{items[0]}-look-back.text": "设施完好"})
    client.post(f"/lookback/{items[1]}/reopen", {f"{items[1]}-reopen.reason": "又停用了"})
    page = text(client.get(f"/lookback/draws/{LookBack.objects.get().id}"))
    assert "设施完好" in page
    assert "有反弹，已重新办理" in page
    assert page.count("待看") == 1
    assert row(items[1]).state == "live"


def test_a_record_that_does_not_fit_its_rule_is_told(district: District) -> None:
    for number in range(3):
        district.closed(f"任务{number}")
    draw(district.clerk, Wanted("M01", **days(60, 40), seed="立冬", share=10), ALL)
    kept = LookBack.objects.get()
    other = next(key for key in msgspec.json.decode(kept.candidates) if key not in msgspec.json.decode(kept.drawn))
    LookBack.objects.update(drawn=msgspec.json.encode([other]).decode())
    assert "不一致" in text(client_of("ducha").get(f"/lookback/draws/{kept.id}"))


def test_who_may_draw(district: District) -> None:
    person("kao", Role.APPRAISER)
    assert "抽取" not in text(client_of("kao").get("/lookback")).split("</header>")[-1].replace("抽取时间", "")
    assert client_of("kao").post("/lookback/draw").status_code == 403
    assert client_of("fagai").get("/lookback").status_code == 403


def test_nothing_of_a_matter_elsewhere_is_shown(district: District) -> None:
    """A draw of one region is nobody's elsewhere; of one over both only the own matters are told of."""
    _, theirs = (district.closed(title) for title in ("本区的书房", "别区的书房"))
    models.Matter.objects.filter(pk=theirs).update(region_code="990103")
    draw(district.clerk, Wanted("M01", **days(60, 40), seed="两区", share=100), ALL)
    both = LookBack.objects.get()
    only = LookBack.objects.create(
        id="ltheirs", mechanism="M01", first=both.first, last=both.last, share=100, seed="别区", candidates=f'["{theirs}"]',
        drawn=f'["{theirs}"]', seq=both.seq, at=both.at, by=both.by,
    )  # fmt: skip
    district.do(district.clerk, theirs, "look-back", 0, text="又停用了一半")
    client = client_of("lingdao")
    page = text(client.get("/lookback"))
    assert "两区" in page
    assert "别区" not in page
    page = text(client.get(f"/lookback/draws/{both.id}"))
    assert "本区的书房" in page
    assert page.count("待看") == 1
    for theirs_alone in ("别区的书房", "又停用了一半"):
        assert theirs_alone not in page
    assert client.get(f"/lookback/draws/{only.id}").status_code == 404


def test_what_was_found_is_masked_where_people_are_known(district: District) -> None:
    form = Form("路灯不亮", text="门口路灯不亮", region_code=REGION, fields={"channel": "phone", "category": "city", "caller": "陆远山"})
    item = matters.file_form(district.clerk, "M08", form, ALL).subjects[0]
    made = LookBack.objects.create(id="lone", mechanism="M08", share=100, seed="s", candidates=f'["{item}"]', drawn=f'["{item}"]')
    entry = {"move": {"act": "look-back", "inputs": {"text": "陆远山说已修好，电话13900001207"}}}
    assert results(made, [item]) == {}
    last = models.Entry.objects.filter(subject=item).order_by("-seq")[0]
    values = msgspec.json.decode(last.data)
    values["move"] |= entry["move"]
    append("aducha", [Draft("loop.act", item, values)])
    assert results(made, [item])[item][0] == "look-back"
    page = text(client_of("lingdao").get("/lookback/draws/lone"))
    assert "已修好" in page
    for secret in ("陆远山", "13900001207"):
        assert secret not in page


@pytest.mark.parametrize("phone", [False, True], ids=["wide", "phone"])
def test_look_backs_in_a_browser(browse: Callable[..., Any], site: str, phone: bool) -> None:
    district = District()
    for number in range(4):
        district.closed(f"新建城市书房 {number + 1} 个")
    page = browse("supervisor", "/lookback", phone=phone, account=account("ducha"))
    page.get_by_label("比例（%）").fill("50")
    page.get_by_role("button", name="抽取").click()
    page.wait_for_selector(".toast:has-text('抽出 2 件')")
    assert_accessible(page)
    assert_fits(page)
    screenshot(page, f"lookback-one-{'phone' if phone else 'wide'}")
    first = page.locator("tbody tr").first
    first.locator("summary", has_text="未反弹").click()
    first.locator("textarea").first.fill("设施完好，正常开放")
    first.locator("form[action$='look-back'] button").press("Enter")
    page.wait_for_selector("text=设施完好")
    draw = LookBack.objects.get()
    drawn = msgspec.json.decode(draw.drawn)
    assert len(drawn) == page.locator("tbody tr").count() == 2
    assert sorted(life_of(row(item).life).done.get("look-back", 0) for item in drawn) == [0, 1]
    page.goto(f"{site}/lookback")
    assert_accessible(page)
    assert_fits(page)
    assert_small(page, f"{site}/lookback")
    screenshot(page, f"lookback-{'phone' if phone else 'wide'}")
