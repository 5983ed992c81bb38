"""The list of documents and the page of one: what is seen, filtered, corrected, withdrawn, compared, and how it was."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import pytest

from tests.ledger.making import enter, facts_of, report
from tests.web.looking import assert_accessible, assert_fits, assert_small, screenshot

Client = Callable[..., Any]
PLACES = ("安徽省合肥市庐阳区", "安徽省合肥市", "云川省澜州市栖山区")


@pytest.fixture(autouse=True)
def regions(request: pytest.FixtureRequest) -> None:
    """The table of regions, which a test with a real server clears."""
    from luoshi.ledger.models import Region
    from luoshi.ledger.seeding import seed_regions

    request.getfixturevalue("real_db" if "site" in request.fixturenames else "db")
    if not Region.objects.exists():
        seed_regions()


@pytest.fixture
def three(db: None) -> list[str]:
    """Reports of a district, of the city above it, and of a place that no table has."""
    return [enter(report(place=place), f"{place}.txt")[1][0] for place in PLACES]


def titles(answer: Any) -> list[str]:
    rows = re.findall(r'<th scope="row" class="words"><a href="[^"]*">([^<]*)</a>', answer.content.decode())
    return [row.strip() for row in rows]


# --- the list


def test_an_empty_ledger_says_what_to_do(client_as: Client) -> None:
    page = client_as("supervisor").get("/documents").content.decode()
    assert "还没有文件" in page
    assert 'href="/intake"' in page
    assert 'href="/intake"' not in client_as("reader").get("/documents").content.decode()


def test_every_document_with_its_progress(client_as: Client, three: list[str]) -> None:
    client = client_as("supervisor")
    client.post(f"/documents/{three[0]}/room/accept", {"fact": facts_of(three[0])[:2]})
    page = client.get("/documents").content.decode()
    total = sum(len(facts_of(three[0], kind)) for kind in ("measure", "task", "project", "term"))
    assert f"2/{total}" in page
    assert f"已核对 2，共 {total} 条" in page


@pytest.mark.parametrize(
    ("query", "many"),
    [
        ("", 3), ("region=340100", 2), ("region=340103", 1), ("region=340000", 2), ("region=999999", 0), ("kind=report", 3), ("kind=plan", 0),
        ("kind=nonsense", 3), ("year=2025", 3), ("year=1999", 0), ("year=x", 3), ("q=庐阳", 1), ("q=合肥 报告", 2), ("q=没有", 0), ("state=open", 3),
        ("state=confirmed", 0), ("state=withdrawn", 0), ("checking=none", 3), ("checking=some", 0), ("checking=all", 0), ("checking=disputed", 0),
        ("versions=1", 3), ("sort=title", 3), ("sort=-facts", 3), ("sort=nonsense", 3), ("page=99", 3), ("page=x", 3),
    ],
)  # fmt: skip
def test_filters(client_as: Client, three: list[str], query: str, many: int) -> None:
    found = client_as("supervisor").get(f"/documents?{query}")
    assert len(titles(found)) == many
    if not many:
        assert "没有符合条件的文件" in found.content.decode()


def test_documents_by_how_far_they_are_checked(client_as: Client, three: list[str]) -> None:
    client = client_as("supervisor")
    every = [fact for kind in ("measure", "task", "project", "term") for fact in facts_of(three[1], kind)]
    client.post(f"/documents/{three[0]}/room/accept", {"fact": facts_of(three[0])[:1]})
    client.post(f"/documents/{three[1]}/room/accept", {"fact": every})
    client_as("appraiser").post(f"/documents/{three[0]}/room/reject", {"fact": facts_of(three[0])[:1]})
    many = {name: len(titles(client.get(f"/documents?checking={name}"))) for name in ("none", "some", "all", "disputed")}
    assert many == {"none": 1, "some": 1, "all": 1, "disputed": 1}


def test_order(client_as: Client, three: list[str]) -> None:
    client = client_as("supervisor")
    assert titles(client.get("/documents?sort=title")) == sorted(titles(client.get("/documents?sort=title")))
    assert titles(client.get("/documents?sort=-title")) == titles(client.get("/documents?sort=title"))[::-1]
    assert titles(client.get("/documents"))[0].startswith("云川省"), "the last that came in is the first"


def test_a_reader_of_a_region_sees_that_and_what_lies_above(client_as: Client, three: list[str]) -> None:
    assert len(titles(client_as("reader", region="340103").get("/documents"))) == 2
    assert len(titles(client_as("leader", region="340104").get("/documents"))) == 1
    assert client_as("leader", region="340104").get(f"/documents/{three[0]}").status_code == 404
    assert client_as("system_admin").get("/documents").status_code == 403


def test_older_versions_and_withdrawn_ones_stay_out(client_as: Client, db: None) -> None:
    first, second = (enter(report(growth=growth))[1][0] for growth in ("6", "7"))
    client = client_as("supervisor")
    assert len(titles(client.get("/documents"))) == 1
    assert len(titles(client.get("/documents?versions=1"))) == 2
    client.post(f"/documents/{second}/withdraw", {"why": "收错了"})
    assert len(titles(client.get("/documents?state=withdrawn"))) == 1
    assert f"/documents/{first}" in client.get("/documents").content.decode()


# --- one document


def test_the_page_tells_what_it_is(client_as: Client, three: list[str]) -> None:
    page = client_as("supervisor").get(f"/documents/{three[0]}").content.decode()
    for words in (
        "庐阳区",
        "340103",
        "政府工作报告",
        "2024",
        "2025",
        "待确认",
        "确认无误",
        "安徽省合肥市庐阳区.txt",
        "读入文件",
        "只有这一版",
    ):
        assert words in page
    reader = client_as("reader").get(f"/documents/{three[0]}").content.decode()
    assert "确认无误" not in reader
    assert 'name="why"' not in reader


def test_confirming_and_correcting(client_as: Client, three: list[str]) -> None:
    from luoshi.ledger.models import Document

    client = client_as("supervisor")
    client.post(f"/documents/{three[2]}/confirm")
    assert Document.objects.get(pk=three[2]).state == "confirmed"
    form = {
        "title": "栖山区报告",
        "kind": "report",
        "region": "安徽省合肥市瑶海区",
        "level": "",
        "review_year": "2024",
        "plan_year": "2026",
        "date": "2025-01-08",
    }
    page = client.post(f"/documents/{three[2]}/correct", form, follow=True).content.decode()
    row = Document.objects.get(pk=three[2])
    assert (row.title, row.region_code, row.plan_year) == ("栖山区报告", "340102", 2026)
    assert "规则识别为：云川省澜州市栖山区" in page
    assert "规则识别为：2025" in page


def test_a_wrong_year_is_one_clear_error(client_as: Client, three: list[str]) -> None:
    answer = client_as("supervisor").post(f"/documents/{three[0]}/correct", {"plan_year": "明年"})
    assert answer.status_code == 400
    assert "“明年”不是年份" in answer.content.decode()


def test_withdrawing_and_putting_back(client_as: Client, three: list[str]) -> None:
    client = client_as("supervisor")
    assert client.post(f"/documents/{three[0]}/withdraw", {"why": ""}).status_code == 400
    page = client.post(f"/documents/{three[0]}/withdraw", {"why": "收错了"}, follow=True).content.decode()
    assert "已撤回，不在台账和搜索中" in page
    assert "理由：收错了" in page
    assert client.get(f"/documents/{three[0]}/room").status_code == 404
    undo = re.search(r'action="(/undo/[^"]+)"', page)
    assert undo
    client.post(undo[1])
    assert client.get(f"/documents/{three[0]}/room").status_code == 200
    client.post(f"/documents/{three[0]}/withdraw", {"why": "收错了"})
    assert "待确认" in client.post(f"/documents/{three[0]}/restore", follow=True).content.decode()


@pytest.mark.parametrize("act", ["confirm", "correct", "withdraw", "restore"])
def test_only_who_may_acts(client_as: Client, three: list[str], act: str) -> None:
    assert client_as("reader").post(f"/documents/{three[0]}/{act}", {"why": "x"}).status_code == 403
    assert client_as("supervisor").get(f"/documents/{three[0]}/{act}").status_code == 405


def test_the_original_is_saved_and_never_shown(client_as: Client, db: None) -> None:
    data = (report() + "<script>alert(1)</script>").encode()
    key = enter(data, "夹/报告<b>.html")[1][0]
    answer = client_as("reader").get(f"/documents/{key}/original")
    assert b"".join(answer.streaming_content) == data
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]


def test_a_file_with_documents_of_others_is_not_given_away(client_as: Client, db: None) -> None:
    from luoshi.ledger.enter import receive, take_in
    from tests.ledger.making import readings

    file = receive([("汇编.txt", b"two")], "system")[0].file
    both = [reading for place in PLACES[:2] for reading in readings(report(place=place))]
    keys = take_in(file, both, "system", form="txt")
    assert b"".join(client_as("reader", region="340100").get(f"/documents/{keys[0]}/original").streaming_content) == b"two"
    assert client_as("leader", region="340104").get(f"/documents/{keys[1]}/original").status_code == 403
    page = client_as("supervisor").get(f"/documents/{keys[0]}").content.decode()
    assert "第 1 份，共 2 份" in page
    assert f"/documents/{keys[1]}" in page


def test_the_history_is_told_in_words(client_as: Client, three: list[str]) -> None:
    client = client_as("supervisor", name="陈栖")
    client.post(f"/documents/{three[0]}/confirm")
    client.post(f"/documents/{three[0]}/room/accept", {"fact": facts_of(three[0])[:3]})
    page = client.get(f"/documents/{three[0]}").content.decode()
    lines = re.findall(r"</time>([^<]*)(?:<span[^>]*>([^<]*))?", page)
    assert ("陈栖 采纳事实 ", "3 条") in lines or any("陈栖" in words and many == "3 条" for words, many in lines)


def test_as_it_was_on_a_day(client_as: Client, three: list[str]) -> None:
    from datetime import datetime
    from zoneinfo import ZoneInfo

    client = client_as("supervisor")
    client.post(f"/documents/{three[0]}/room/accept", {"fact": facts_of(three[0])[:1]})
    today = datetime.now(ZoneInfo("Asia/Shanghai")).date().isoformat()
    page = client.get(f"/documents/{three[0]}?at={today}").content.decode()
    assert "结束时的样子" in page
    assert "已采纳 1" in page
    assert "还没有这份文件" in client.get(f"/documents/{three[0]}?at=2001-01-01").content.decode()
    for day in ("昨天", "2026-02-30", "99999-01-01"):
        assert client.get(f"/documents/{three[0]}", {"at": day}).status_code == 400


def test_what_changed_between_versions(client_as: Client, db: None) -> None:
    first, second = (
        enter(text)[1][0] for text in (report(growth="6"), report(growth="7").replace("加快推进石砚大桥建设。\n", "新建幼儿园5所。\n"))
    )
    client = client_as("supervisor")
    page = client.get(f"/documents/{second}/changes").content.decode()
    assert "从第 1 版到第 2 版" in page
    assert "<del>6</del>" in page
    assert "<ins>7</ins>" in page
    assert "石砚大桥" in page
    assert "这是旧版本" in client.get(f"/documents/{first}").content.decode()
    assert client.get(f"/documents/{first}/changes").status_code == 404
    assert 'id="unchanged"' in client.get(f"/documents/{second}/changes?all=1").content.decode()


def test_versions_with_the_same_facts_say_so(client_as: Client, db: None) -> None:
    enter(report())
    second = enter(report().replace("各位", "各位") + "谢谢大家！\n")[1][0]
    assert "两版的事实相同" in client_as("supervisor").get(f"/documents/{second}/changes").content.decode()


def test_regions_are_offered(client_as: Client, db: None) -> None:
    found = json.loads(client_as("supervisor").get("/regions-named?q=庐阳").content)["found"]
    assert found[0]["name"].endswith("庐阳区")
    assert json.loads(client_as("supervisor").get("/regions-named?q=").content) == {"found": []}


def test_an_unknown_document_is_one_clear_error(client_as: Client, db: None) -> None:
    for path in ("dnone", "dnone/room", "dnone/original", "dnone/changes", "x'--"):
        answer = client_as("supervisor").get(f"/documents/{path}")
        assert answer.status_code == 404
        assert "没有这份文件" in answer.content.decode()


# --- in a browser


@pytest.fixture
def published(site: str) -> list[str]:
    """The three documents and two versions of one, for a real server."""
    made = [enter(report(place=place), f"{place}.txt")[1][0] for place in PLACES]
    return [*made, enter(report(growth="7", place=PLACES[0]), "新.txt")[1][0]]


@pytest.mark.parametrize("options", [{}, {"phone": True}, {"dark": True}, {"lang": "en"}])
def test_pages_are_open_to_everyone(browse: Callable[..., Any], published: list[str], options: dict[str, Any]) -> None:
    names = "-".join(options) or "wide"
    for name, path in (
        ("documents", "/documents?versions=1"),
        ("document", f"/documents/{published[3]}"),
        ("changes", f"/documents/{published[3]}/changes"),
    ):
        page = browse("supervisor", path, **options)
        assert_accessible(page)
        assert_fits(page)
        screenshot(page, f"{name}-{names}")
        assert_small(page, page.url)


def test_a_correction_in_the_browser(browse: Callable[..., Any], published: list[str]) -> None:
    page = browse("supervisor", f"/documents/{published[2]}#correct")
    page.fill("#d-region", "庐阳")
    page.locator(".suggestions [role=option]").first.wait_for()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    assert page.input_value("#d-region") == "安徽省合肥市庐阳区"
    page.fill("#d-plan_year", "2026")
    page.locator(".fix button.main").click()
    page.locator(".chip.corrected").first.wait_for()
    assert "安徽省合肥市庐阳区" in page.inner_text(".told")


def test_filters_work_without_scripts(browse: Callable[..., Any], published: list[str]) -> None:
    page = browse("reader", "/documents", script=False)
    page.select_option("#region", "340100")
    page.locator(".filters button").click()
    assert page.locator("table.documents tbody tr").count() == 2
